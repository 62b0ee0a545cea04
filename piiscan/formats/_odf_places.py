"""Every text of an OpenDocument part that is no cell of a sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from piiscan.formats._document_package import extras
from piiscan.formats._document_pieces import Grid, GridCell, Paragraph, Passage, Thing, joined, passages, put_paragraphs
from piiscan.formats._odf_map import AROUND, around, left_out, odf_kind
from piiscan.formats._odf_text import OFFICE, STYLE, TABLE, TEXT, H, P, read_paragraph, repeat
from piiscan.formats._ooxml_xml import local
from piiscan.formats._xlsx_places import Field
from piiscan.model import CellRange, Place

if TYPE_CHECKING:
    from lxml import etree

CELLS = (TABLE + "table-cell", TABLE + "covered-table-cell")
_HIDING = TEXT + "display"
#: A table in a text document has no more columns than these; a repeat beyond is not a document's.
_MOST_COLUMNS = 256
_MOST_ROWS = 10_000
#: Shorter numbers are amounts and counts.
_FEWEST_DIGITS = 7


@dataclass(frozen=True, repr=False)
class Look:
    """How to look at a part. ``own``: where its plain paragraphs stand; ``location_of`` an element's location.

    ``tables``: numbers the tables to be given as grids, None for none. ``values``: whether cells have values that nobody
    else reads.
    """

    own: tuple[str, bool]
    location_of: Callable[[etree._Element], str]
    hidden_styles: frozenset[str] = frozenset()
    tables: Iterator[int] | None = None
    values: bool = True


@dataclass(repr=False)
class _Group:
    place: Place
    paragraphs: list[Paragraph] = field(default_factory=list)


def hidden_styles(root: etree._Element) -> frozenset[str]:
    """The names of the text styles whose text is not shown."""
    found = set()
    for style in root.iter(STYLE + "style"):
        if any(e.get(_HIDING) == "none" for e in style.iter(STYLE + "text-properties")):
            found.add(style.get(STYLE + "name") or "")
    return frozenset(found - {""})


def part_things(
    root: etree._Element, name: str, look: Look, read: set[etree._Element] | None = None
) -> Iterator[Thing]:
    """Tables as grids where that is wanted, paragraphs joined by place, then attributes and the rest.

    ``read``: elements whose text has been read already.
    """
    taken = set() if read is None else read
    groups: dict[object, _Group] = {}
    if look.tables is not None:
        for table in root.iter(TABLE + "table"):
            if around(table) is None and _is_grid(table) and not _in_grid(table):
                yield _grid(table, look, groups, taken)
    for paragraph in root.iter(P, H):
        if paragraph in taken:
            continue
        group = _group(paragraph, look, groups)
        group.paragraphs.append(_read(paragraph, look, groups, taken))
    for group in groups.values():
        yield from passages(group.place, group.paragraphs, repeats=group.place.where != "text")

    if look.values:
        yield from _values(root, look)

    def place_of(found: Field) -> Place | None:
        return None if left_out(found) else _field_place(found, look)

    yield from extras(root, odf_kind(name), "", taken, place_of)


def _values(root: etree._Element, look: Look) -> Iterator[Passage]:
    """Numbers and dates that stand behind what a table of a document or a chart shows."""
    for cell in root.iter(*CELLS):
        value = cell.get(OFFICE + "value") or cell.get(OFFICE + "date-value") or ""
        if sum(c.isdigit() for c in value) >= _FEWEST_DIGITS:
            where, _ = around(cell) or ("other", True)
            yield Passage(Place(look.location_of(cell), where, hidden=True), value, _value_putter(cell))


def _value_putter(cell: etree._Element) -> Callable[[str], None]:
    def put(_: str) -> None:
        for name in ("value", "date-value", "currency"):
            if OFFICE + name in cell.attrib:
                del cell.attrib[OFFICE + name]
        cell.set(OFFICE + "value-type", "string")

    return put


def _read(paragraph: etree._Element, look: Look, groups: dict[object, _Group], taken: set[etree._Element]) -> Paragraph:
    """What a paragraph shows; what it hides and how it is read aloud goes to the groups."""
    parts = read_paragraph(paragraph, look.hidden_styles, taken)
    if parts.hidden or parts.ruby:
        location = look.location_of(paragraph)
        where, _ = around(paragraph) or look.own
        hidden = Place(location, where, hidden=True)
        reading = Place(location, "furigana", hidden=True)
        for place, pieces in ((hidden, parts.hidden), (reading, parts.ruby)):
            if pieces:
                groups.setdefault((place, "aside"), _Group(place)).paragraphs.append(pieces)
    return parts.shown


def _group(paragraph: etree._Element, look: Look, groups: dict[object, _Group]) -> _Group:
    """The text a paragraph belongs to: all of the body is one, each note and each shape one of its own."""
    where, hidden = around(paragraph) or look.own
    place = Place(look.location_of(paragraph), where, hidden)
    anchor = next(paragraph.iterancestors(OFFICE + "annotation"), None) if where == "comment" else None
    return groups.setdefault((place, anchor), _Group(place))


def _field_place(found: Field, look: Look) -> Place:
    location = look.location_of(found.element)
    name = local(found.element)
    known = (AROUND.get(name) if found.attribute else None) or around(found.element)
    if name == "creator" and known is None:
        known = ("property", True)
    if known is None or found.where in ("hyperlink", "sheet_name"):
        hidden = found.hidden
        where = found.where
        if where == "sheet_name" and known is not None:
            where, hidden = known
        return Place(location, where, hidden)
    where, hidden = known
    # A name or a description is not seen even where the shape is.
    return Place(location, where, hidden or bool(found.attribute) or name in ("title", "desc"))


# ---------------------------------------------------------------- tables of text documents


def _rows(table: etree._Element) -> list[etree._Element]:
    return [row for row in table.iter(TABLE + "table-row") if next(row.iterancestors(TABLE + "table"), None) is table]


def _is_grid(table: etree._Element) -> bool:
    rows = _rows(table)
    return len(rows) > 1 and max(sum(1 for c in row if c.tag in CELLS) for row in rows) > 1


def _in_grid(table: etree._Element) -> bool:
    return any(_is_grid(t) for t in table.iterancestors(TABLE + "table"))


def _grid(table: etree._Element, look: Look, groups: dict[object, _Group], taken: set[etree._Element]) -> Grid:
    assert look.tables is not None
    cells: list[GridCell] = []
    merged: list[CellRange] = []
    number = 0
    for row in _rows(table)[:_MOST_ROWS]:
        column = 0
        for cell in row:
            if cell.tag not in CELLS or column >= _MOST_COLUMNS:
                continue
            paragraphs = [_read(p, look, groups, taken) for p in cell.iter(P, H) if not _is_aside(p, cell)]
            wide, high = repeat(cell, "number-columns-spanned"), repeat(cell, "number-rows-spanned")
            if wide > 1 or high > 1:
                last = (min(number + high, _MOST_ROWS) - 1, min(column + wide, _MOST_COLUMNS) - 1)
                merged.append(CellRange(number, column, *last))
            cells.append(_cell(number, column, paragraphs))
            column += repeat(cell, "number-columns-repeated")
        number += 1
    return Grid(f"table {next(look.tables)}", cells, merged=merged)


def _is_aside(paragraph: etree._Element, cell: etree._Element) -> bool:
    """Whether a paragraph in a cell belongs to a note or a shape in it."""
    parent = paragraph.getparent()
    while parent is not None and parent is not cell:
        if parent.tag == OFFICE + "annotation" or "drawing:" in str(parent.tag) or parent.tag == TEXT + "note":
            return True
        parent = parent.getparent()
    return False


def _cell(row: int, column: int, paragraphs: list[Paragraph]) -> GridCell:
    text = "\n".join(joined(p) for p in paragraphs)
    return GridCell(row, column, text if text.strip() else "", lambda new: put_paragraphs(paragraphs, new))
