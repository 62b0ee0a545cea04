"""Sheets of a spreadsheet's content, streamed row by row: what surrounds the cells first, then the cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from piiscan.errors import LimitError, UnreadableError
from piiscan.formats._odf_cells import CELL, COVERED, display, row_repeat, stored_cells
from piiscan.formats._odf_text import CALCEXT, OFFICE, STYLE, TABLE, TEXT, P, repeat
from piiscan.model import Batch, CellRange

if TYPE_CHECKING:
    from lxml import etree

ROW, SHEET = TABLE + "table-row", TABLE + "table"
_HIDDEN = frozenset({"collapse", "filter"})
_BATCH_ROWS, _BATCH_CELLS = 10_000, 400_000
#: No program has more; a count beyond is an attack or means "to the end".
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
#: Copies of a cell or row that are read, for each sheet: a whole column of one value, but not a whole sheet of it.
MOST_COPIES = 1_100_000
#: Elements and attributes that a row of plain cells has; a row with others is looked at more closely.
_PLAIN = frozenset({ROW, P, TEXT + "s", TEXT + "tab", TEXT + "line-break", TEXT + "span"})
_CELL_ATTRIBUTES = frozenset(
    {
        *(OFFICE + name for name in ("value-type", "value", "date-value", "time-value", "boolean-value", "currency")),
        *(TABLE + name for name in ("style-name", "number-columns-repeated", "content-validation-name", "protect")),
        CALCEXT + "value-type",
    }
)


@dataclass(repr=False)
class SheetFrame:
    """What is known of a sheet before its cells are read. ``location`` is unique in the file."""

    name: str
    location: str
    style: str
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    filtered: bool = False
    merged: list[CellRange] = field(default_factory=list)
    cut: bool = False


def parse_rows(pieces: Iterable[bytes], root: list[etree._Element]) -> Iterator[tuple[int, etree._Element]]:
    """(number of the sheet, element) for every sheet and every row of it while a part is parsed.

    A sheet comes when it begins, a row when it is complete; it is emptied when the next one is asked for. The root
    element, without rows, is put into ``root`` at the end.
    """
    from lxml import etree

    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=(ROW, SHEET),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    number, depth = -1, 0
    last: etree._Element | None = None
    try:
        for piece in pieces:
            parser.feed(piece)
            for event, found in parser.read_events():
                element = cast("etree._Element", found)
                if element.tag == SHEET:
                    depth += 1 if event == "start" else -1
                    if event == "start" and depth == 1:
                        number += 1
                        yield number, element
                elif event == "end" and depth == 1:
                    yield number, element
                    _empty(element)
                    if last is not None and (parent := last.getparent()) is not None:
                        parent.remove(last)
                    last = element
        root.append(parser.close())
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableError("damaged_xml") from None


def _empty(element: etree._Element) -> None:
    # Not ``clear``: that would take the text behind the element, which is not parsed yet.
    for child in list(element):
        element.remove(child)
    element.text = None
    element.attrib.clear()


def is_plain(row: etree._Element) -> bool:
    """Whether a row has nothing but cells with plain text and numbers in it, none of them merged."""
    for element in row.iter():
        tag = element.tag
        if tag in (CELL, COVERED):
            if not _CELL_ATTRIBUTES.issuperset(element.attrib) or display(element):
                return False
        elif tag not in _PLAIN:
            return False
    return True


def note_row(frame: SheetFrame, row: etree._Element, at: int, *, plain: bool) -> None:
    """Books what is hidden and what is merged in a row that begins at row number ``at``."""
    count = min(row_repeat(row), MOST_COPIES)
    if row.get(TABLE + "visibility") in _HIDDEN and any(True for _ in stored_cells(row)):
        frame.hidden_rows.update(range(at, at + count))
        frame.filtered = frame.filtered or row.get(TABLE + "visibility") == "filter"
    if plain:
        return
    column = 0
    for cell in row:
        wide, high = repeat(cell, "number-columns-spanned"), repeat(cell, "number-rows-spanned")
        if (wide > 1 or high > 1) and column < MOST_COLUMNS:
            last = (min(at + high, MOST_ROWS) - 1, min(column + wide, MOST_COLUMNS) - 1)
            frame.merged.append(CellRange(at, column, *last))
        column += repeat(cell, "number-columns-repeated")


def note_columns(frame: SheetFrame, table: etree._Element) -> None:
    """Books the hidden columns of a sheet whose element is complete."""
    column = 0
    for element in table.iter(TABLE + "table-column"):
        count = repeat(element, "number-columns-repeated")
        if element.get(TABLE + "visibility") in _HIDDEN:
            frame.hidden_columns.update(range(column, min(column + count, MOST_COLUMNS)))
        column += count


def hidden_tables(root: etree._Element) -> frozenset[str]:
    """The names of the table styles whose sheets are not shown."""
    found = set()
    for style in root.iter(STYLE + "style"):
        if any(e.get(TABLE + "display") == "false" for e in style.iter(STYLE + "table-properties")):
            found.add(style.get(STYLE + "name") or "")
    return frozenset(found - {""})


# ---------------------------------------------------------------- batches


@dataclass(repr=False)
class Copies:
    """How many copies of repeated cells may still be read one by one in a sheet."""

    left: int = MOST_COPIES
    cut: bool = False

    def take(self, wanted: int, size: int) -> int:
        """How many of ``wanted`` things of ``size`` cells each are read; at least one."""
        given = max(1, min(wanted, 1 + self.left // max(1, size)))
        self.left -= (given - 1) * size
        self.cut = self.cut or given < wanted
        return given

    def take_columns(self, wanted: int) -> int:
        """How many copies of one cell beside each other are read."""
        self.cut = self.cut or wanted > MOST_COLUMNS
        return self.take(min(wanted, MOST_COLUMNS), 1)


def batches(rows: Iterator[etree._Element], copies: Copies, cell_chars: int) -> Iterator[Batch]:
    """The cells of a sheet from its row elements."""
    numbers: list[int] = []
    columns: dict[int, list[str]] = {}
    at = 0
    for row in rows:
        values = row_values(row, copies, cell_chars)
        count = row_repeat(row)
        left = copies.take(count, len(values)) if values else 0
        following = at
        while left:
            if len(numbers) >= _BATCH_ROWS or len(numbers) * len(columns) > _BATCH_CELLS:
                yield _batch(numbers, columns)
                numbers, columns = [], {}
            filled = len(numbers)
            some = min(left, max(1, min(_BATCH_ROWS - filled, _BATCH_CELLS // len(values))))
            numbers.extend(range(following, following + some))
            for column, value in values:
                _append(columns, column, filled, value, some)
            following += some
            left -= some
        at += count
    if numbers:
        yield _batch(numbers, columns)


def _append(columns: dict[int, list[str]], column: int, filled: int, value: str, times: int) -> None:
    cells = columns.get(column)
    if cells is None:
        cells = columns[column] = [""] * filled
    elif len(cells) < filled:
        cells.extend([""] * (filled - len(cells)))
    if times == 1:
        cells.append(value)
    else:
        cells.extend([value] * times)


def row_values(row: etree._Element, copies: Copies, cell_chars: int) -> list[tuple[int, str]]:
    """(column, text) of every cell of a row with a text; raises ``LimitError`` for a monstrous one."""
    found: list[tuple[int, str]] = []
    for cell in stored_cells(row):
        if len(cell.text) > cell_chars:
            raise LimitError("cell_too_long", limit=cell_chars)
        if cell.columns == 1:
            found.append((cell.column, cell.text))
        else:
            found.extend((cell.column + i, cell.text) for i in range(copies.take_columns(cell.columns)))
    return found


def _batch(rows: list[int], columns: dict[int, list[str]]) -> Batch:
    for values in columns.values():
        values.extend([""] * (len(rows) - len(values)))
    return Batch(rows, columns)
