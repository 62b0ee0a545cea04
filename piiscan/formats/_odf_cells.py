"""Cells and rows of an OpenDocument sheet: what they say, how often they repeat, and how to write others.

OASIS OpenDocument 1.3 part 3, chapters 9.1 and 19.367 to 19.385 (values of cells).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from piiscan.formats._document_pieces import GridCell, Paragraph, joined, put_paragraphs
from piiscan.formats._odf_text import CALCEXT, OFFICE, TABLE, H, P, read_paragraph, repeat
from piiscan.formats._ooxml_xml import clean
from piiscan.formats._xlsx_numbers import plain_number

if TYPE_CHECKING:
    from lxml import etree

CELL, COVERED = TABLE + "table-cell", TABLE + "covered-table-cell"
_KIND = OFFICE + "value-type"
_REPEATED = TABLE + "number-columns-repeated"
_COLUMNS, _ROWS = "number-columns-repeated", "number-rows-repeated"
_VALUED = frozenset({_KIND, OFFICE + "string-value"})
#: What a cell that becomes words must lose.
_VALUES = (
    *(OFFICE + name for name in ("value", "date-value", "time-value", "boolean-value", "string-value", "currency")),
    TABLE + "formula",
    CALCEXT + "value-type",
)
_DURATION = re.compile(r"(-?)P(?:([0-9]{1,6})D)?T(?:([0-9]{1,7})H)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})(?:\.[0-9]+)?S)?\Z")
_ZEROS = re.compile(r"0[0-9()\-. ]*\Z")
_NOT_DIGITS = re.compile(r"[^0-9]")
#: Words that number formats put around a number; anything else in Japanese was written by a person.
_FORMAT_WORDS = re.compile(
    r"[\x00-\x7f　¥￥円年月日時分秒曜火水木金土昭和平成令明治大正元午前後億万千百十人名件個台回点歳才度％第号]*\Z"
)


@dataclass(frozen=True, repr=False, slots=True)
class StoredCell:
    """A cell as it is stored: ``columns`` copies of it from ``column`` on. ``at``: its position among its siblings."""

    element: etree._Element
    at: int
    column: int
    columns: int
    text: str


def stored_cells(row: etree._Element, column: int = 0) -> Iterator[StoredCell]:
    """The cells of a row that hold a text, those behind merged ones included."""
    for at, element in enumerate(row):
        tag = element.tag
        if tag != CELL and tag != COVERED:
            continue
        columns = repeat(element, _COLUMNS) if element.get(_REPEATED) is not None else 1
        if (len(element) or _VALUED.intersection(element.attrib)) and (text := cell_text(element)):
            yield StoredCell(element, at, column, columns, text)
        column += columns


def row_repeat(row: etree._Element) -> int:
    """How many rows a row element stands for."""
    return repeat(row, _ROWS)


def cell_text(cell: etree._Element) -> str:
    """The text of a cell as the model wants it: plain numbers, ISO dates, else what is shown."""
    # Some programs call a text a number and store it as a text all the same.
    return _typed(cell, cell.get(_KIND)) or shown_text(cell) or cell.get(OFFICE + "string-value") or ""


def _typed(cell: etree._Element, kind: str | None) -> str:
    """The text of a cell whose value has a type; "" for a text and for what lacks its value."""
    if kind in ("float", "currency", "percentage"):
        return _number(cell)
    if kind == "date":
        return _iso(cell.get(OFFICE + "date-value") or "")
    if kind == "time":
        return _time(cell.get(OFFICE + "time-value") or "")
    if kind == "boolean":
        value = cell.get(OFFICE + "boolean-value") or ""
        return {"true": "TRUE", "false": "FALSE"}.get(value, value)
    return ""


def _number(cell: etree._Element) -> str:
    value = cell.get(OFFICE + "value")
    if value is None:
        return ""
    number = plain_number(value)
    if len(number) > 5 and number.isdigit() and len(cell):
        shown = shown_text(cell)
        # The zeros that a number format puts in front belong to a telephone number or a code.
        if _ZEROS.match(shown) and _NOT_DIGITS.sub("", shown).lstrip("0") == number:
            return shown
    return number


def _iso(value: str) -> str:
    text = value.strip().rstrip("Z").replace("T", " ")
    return re.sub(r"\.[0-9]+\Z", "", text).removesuffix(" 00:00:00")


def _time(value: str) -> str:
    match = _DURATION.match(value.strip())
    if match is None:
        return ""
    sign, days, hours, minutes, seconds = match.groups()
    total = int(days or 0) * 24 + int(hours or 0)
    return f"{sign}{total:02d}:{int(minutes or 0):02d}:{int(seconds or 0):02d}"


def shown_text(cell: etree._Element) -> str:
    """The paragraphs of a cell, without notes and shapes in it."""
    if len(cell) == 1 and not len(cell[0]) and cell[0].tag == P:
        text = cell[0].text or ""
        return text if " " not in text and text.isprintable() else _joined(cell)
    return _joined(cell) if len(cell) else ""


def _joined(cell: etree._Element) -> str:
    return "\n".join(joined(p) for p in cell_paragraphs(cell, frozenset()))


def cell_paragraphs(cell: etree._Element, hidden_styles: frozenset[str]) -> list[Paragraph]:
    return [read_paragraph(p, hidden_styles, set()).shown for p in cell if p.tag == P or p.tag == H]


def display(cell: etree._Element) -> str:
    """What a number is shown as, when its format puts in words that it does not have itself; else ""."""
    if cell.get(_KIND) in (None, "string") or not len(cell):
        return ""
    shown = shown_text(cell)
    return "" if _FORMAT_WORDS.match(shown) or shown == cell_text(cell) else shown


# ---------------------------------------------------------------- writing


def put_text(cell: etree._Element, new: str) -> None:
    """Makes ``new`` the text of a cell: its value, formula and type go, its formatting stays."""
    paragraphs = cell_paragraphs(cell, frozenset())
    for name in _VALUES:
        if name in cell.attrib:
            del cell.attrib[name]
    cell.set(_KIND, "string")
    # What is shown of a number differs from its value; then everything shown is replaced.
    if paragraphs:
        put_paragraphs(paragraphs, new)
    if "\n".join(joined(p) for p in cell_paragraphs(cell, frozenset())) != new:
        for old in [p for p in cell if p.tag in (P, H)]:
            cell.remove(old)
        for number, line in enumerate(new.split("\n")):
            paragraph = cell.makeelement(P)
            paragraph.text = clean(line)
            cell.insert(_first(cell) + number, paragraph)


def _first(cell: etree._Element) -> int:
    """Where paragraphs begin: a note stands before them."""
    return 1 if len(cell) and cell[0].tag == OFFICE + "annotation" else 0


@dataclass(repr=False)
class RowEdit:
    """The answers for one stored row: (copy of the row, column) → new text. ``count``: copies that are asked about.

    ``touched`` gathers the edits with answers, by their order.
    """

    element: etree._Element
    cells: Sequence[StoredCell]
    count: int
    touched: dict[int, RowEdit]
    answers: dict[tuple[int, int], str] = field(default_factory=dict)

    def grid_cells(self, first_row: int, copies: Callable[[int], int]) -> Iterator[GridCell]:
        """Every copy of every cell; ``copies`` says how many of a repeated cell are asked about."""
        columns = [(cell, range(cell.column, cell.column + copies(cell.columns))) for cell in self.cells]
        for copy in range(self.count):
            for cell, asked in columns:
                for column in asked:
                    yield GridCell(first_row + copy, column, cell.text, _Putter(self, copy, column))

    def commit(self) -> None:
        """Writes the answers; copies that get different ones are parted."""
        if not self.answers:
            return
        texts: list[dict[int, str]] = [{} for _ in range(self.count)]
        for (copy, column), new in self.answers.items():
            texts[copy][column] = new
        groups = [(answers, sum(1 for _ in same)) for answers, same in groupby(texts)]
        # Copies beyond those that were asked about say the same as the last of them.
        rest = row_repeat(self.element) - self.count
        for number, (answers, count) in enumerate(groups):
            last = number == len(groups) - 1
            row = self.element if last else deepcopy(self.element)
            if not last:
                row.tail = None
                self.element.addprevious(row)
            _set_repeat(row, _ROWS, count + (rest if last else 0))
            _edit_row(row, self.cells, answers)


@dataclass(frozen=True, repr=False, slots=True)
class _Putter:
    edit: RowEdit
    copy: int
    column: int

    def __call__(self, new: str) -> None:
        self.edit.answers[self.copy, self.column] = new
        self.edit.touched[id(self.edit)] = self.edit


def _set_repeat(element: etree._Element, name: str, count: int) -> None:
    if count > 1:
        element.set(TABLE + name, str(count))
    elif TABLE + name in element.attrib:
        del element.attrib[TABLE + name]


def _edit_row(row: etree._Element, cells: Sequence[StoredCell], answers: dict[int, str]) -> None:
    elements = [(row[cell.at], cell) for cell in cells]
    for element, cell in elements:
        columns = range(cell.column, cell.column + cell.columns)
        asked = [c for c in answers if c in columns]
        if not asked:
            continue
        runs = [
            (new, sum(1 for _ in same)) for new, same in groupby(columns[: max(asked) - cell.column + 1], answers.get)
        ]
        rest = cell.columns - sum(count for _, count in runs)
        if rest:
            runs.append((None, rest))
        for number, (new, count) in enumerate(runs):
            last = number == len(runs) - 1
            target = element if last else deepcopy(element)
            if not last:
                target.tail = None
                element.addprevious(target)
            _set_repeat(target, _COLUMNS, count)
            if new is not None:
                put_text(target, new)
