"""Reads and edits the content of a spreadsheet: cells, and what stands in rows and around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from piiscan.formats._document_pieces import Grid, GridCell, Passage, Thing, passages
from piiscan.formats._odf_cells import (
    CELL,
    COVERED,
    RowEdit,
    cell_paragraphs,
    cell_text,
    display,
    row_repeat,
    stored_cells,
)
from piiscan.formats._odf_places import Look, part_things
from piiscan.formats._odf_sheets import (
    ROW,
    SHEET,
    Copies,
    SheetFrame,
    batches,
    hidden_tables,
    is_plain,
    note_columns,
    note_row,
    parse_rows,
)
from piiscan.formats._odf_text import TABLE, H, P, read_paragraph, repeat
from piiscan.formats._ooxml_package import Package, Part
from piiscan.formats._xlsx_names import sheet_name
from piiscan.model import Item, Limits, Place, Sheet, Skipped, Text
from piiscan.text import cell_ref

if TYPE_CHECKING:
    from lxml import etree


def frame_of(table: etree._Element, taken: Mapping[str, object]) -> SheetFrame:
    """The frame of a sheet that begins here; sheets of the same name get different locations."""
    name = table.get(TABLE + "name") or ""
    location, number = name, 2
    while location in taken:
        location, number = f"{name} ({number})", number + 1
    return SheetFrame(name, location, table.get(TABLE + "style-name") or "")


# ---------------------------------------------------------------- rows


def row_things(row: etree._Element, at: int, location: str) -> Iterator[Passage]:
    """What stands in a row beside the cells' own texts: notes, links, readings, shapes, formulas."""
    column = 0
    for cell in row:
        if cell.tag != CELL and cell.tag != COVERED:
            continue
        if len(cell) or cell.attrib:
            yield from _cell_things(cell, f"{location}!{cell_ref(at, column)}")
        column += repeat(cell, "number-columns-repeated")


def _cell_things(cell: etree._Element, location: str) -> Iterator[Passage]:
    taken: set[etree._Element] = set()
    direct = [p for p in cell if p.tag in (P, H)]
    readings = [read_paragraph(p, frozenset(), taken).ruby for p in direct]
    yield from passages(Place(location, "furigana", hidden=True), [r for r in readings if r])
    if display(cell):
        yield from passages(Place(location, "cell"), cell_paragraphs(cell, frozenset()))
    text = cell_text(cell)
    look = Look(("other", True), lambda _: location, values=False)
    for thing in part_things(cell, "document-content", look, taken):
        # A value that is stored twice goes with its cell.
        if isinstance(thing, Passage) and not (thing.text == text and thing.place.where == "other"):
            yield thing


def outer_sheet(element: etree._Element) -> etree._Element | None:
    """The sheet an element is in, None for what is in none."""
    found = element if element.tag == SHEET else None
    for parent in element.iterancestors(SHEET):
        found = parent
    return found


def frame_things(root: etree._Element, part: Part, locations: Mapping[etree._Element, str]) -> Iterator[Thing]:
    """Everything of a spreadsheet's content from which the rows are gone; ``locations``: sheet elements → locations."""

    def location_of(element: etree._Element) -> str:
        sheet = outer_sheet(element)
        return part.name if sheet is None or element is sheet else locations.get(sheet, part.name)

    yield from part_things(root, "document-content", Look(("other", True), location_of, values=False))


# ---------------------------------------------------------------- reading


class _Rows:
    """The rows of all sheets as they are parsed, handed out sheet by sheet."""

    def __init__(self, package: Package, part: Part) -> None:
        self._events = parse_rows(package.pieces(part), [])
        self._waiting: tuple[int, etree._Element] | None = None

    def of(self, number: int) -> Iterator[etree._Element]:
        """The rows of one sheet; those of sheets before it that were not asked for are passed over."""
        while True:
            event = self._waiting or next(self._events, None)
            self._waiting = None
            if event is None:
                return
            if event[0] > number:
                self._waiting = event
                return
            if event[0] == number and event[1].tag == ROW:
                yield event[1]


def read_sheets(package: Package, part: Part, limits: Limits) -> Iterator[Item]:
    """The sheets of the content, then its other texts. Raises ``UnreadableError`` when it is damaged."""
    frames: list[SheetFrame] = []
    taken: dict[str, SheetFrame] = {}
    texts: dict[tuple[Place, str], Text] = {}
    roots: list[etree._Element] = []
    at = 0
    for number, element in parse_rows(package.pieces(part), roots):
        if element.tag == SHEET:
            frames.append(frame_of(element, taken))
            taken[frames[-1].location] = frames[-1]
            at = 0
            continue
        plain = is_plain(element)
        note_row(frames[number], element, at, plain=plain)
        if not plain:
            for passage in row_things(element, at, frames[number].location):
                texts.setdefault((passage.place, passage.text), Text(passage.place, passage.text))
        at += row_repeat(element)
    root = roots[0]
    tables = [t for t in root.iter(SHEET) if outer_sheet(t) is t]
    hidden = hidden_tables(root)
    rows = _Rows(package, part)
    for number, (frame, table) in enumerate(zip(frames, tables, strict=True)):
        note_columns(frame, table)
        copies = Copies()
        yield Sheet(
            frame.location,
            batches(rows.of(number), copies, limits.cell_chars),
            frame.style in hidden or frame.name.startswith("'file:"),
            frame.merged,
            frozenset(frame.hidden_rows),
            frozenset(frame.hidden_columns),
            filtered=frame.filtered,
        )
        if copies.cut:
            yield Skipped(frame.location, "part_too_large")
    locations = {table: frame.location for frame, table in zip(frames, tables, strict=True)}
    for thing in frame_things(root, part, locations):
        if isinstance(thing, Passage):
            texts.setdefault((thing.place, thing.text), Text(thing.place, thing.text))
    yield from texts.values()


# ---------------------------------------------------------------- rewriting


def sheet_things(root: etree._Element, part: Part) -> Iterator[Thing]:
    """The same places in a parsed content: sheets as grids, then the other texts."""
    tables = [t for t in root.iter(SHEET) if outer_sheet(t) is t]
    frames: dict[str, SheetFrame] = {}
    locations: dict[etree._Element, str] = {}
    for table in tables:
        sheet = frame_of(table, frames)
        frames[sheet.location] = sheet
        locations[table] = sheet.location
    touched: dict[int, RowEdit] = {}
    for table in tables:
        yield Grid(locations[table], _grid_cells(table, touched))
    for table in tables:
        at = 0
        for row in _rows_of(table):
            if not is_plain(row):
                yield from row_things(row, at, locations[table])
            at += row_repeat(row)
    names = {table.get(TABLE + "name") or "" for table in tables}
    with _without_rows(tables):
        frame = list(frame_things(root, part, locations))
    for thing in frame:
        if isinstance(thing, Passage) and thing.place.where == "sheet_name":
            thing = replace(thing, put=_Renamer(root, thing.text, names))
        yield thing
    yield Grid("", (), commit=lambda: _commit(touched))


def _commit(touched: Mapping[int, RowEdit]) -> None:
    for edit in touched.values():
        edit.commit()


@contextmanager
def _without_rows(tables: list[etree._Element]) -> Iterator[None]:
    """Takes the rows out of a tree for a while, so that what is around them can be walked as in reading."""
    parents = {row.getparent() for table in tables for row in _rows_of(table)}
    saved = [(parent, list(parent)) for parent in parents if parent is not None]
    for parent, children in saved:
        parent[:] = [child for child in children if child.tag != ROW]
    try:
        yield
    finally:
        for parent, children in saved:
            parent[:] = children


def _rows_of(table: etree._Element) -> Iterator[etree._Element]:
    return (row for row in table.iter(ROW) if next(row.iterancestors(SHEET), None) is table)


def _grid_cells(table: etree._Element, touched: dict[int, RowEdit]) -> Iterator[GridCell]:
    copies = Copies()
    at = 0
    for row in list(_rows_of(table)):
        cells = list(stored_cells(row))
        count = row_repeat(row)
        if cells:
            size = sum(cell.columns for cell in cells)
            edit = RowEdit(row, cells, copies.take(count, size), touched)
            yield from edit.grid_cells(at, copies.take_columns)
        at += count


class _Renamer:
    """Gives a sheet another name, in its element and in every address that names it."""

    def __init__(self, root: etree._Element, old: str, names: set[str]) -> None:
        self._root, self._old, self._names = root, old, names

    def __call__(self, wanted: str) -> None:
        new = sheet_name(wanted, self._names)
        self._names.add(new)
        quoted = re.escape(self._old.replace("'", "''"))
        address = re.compile(rf"'{quoted}'\.|(?<![\w'.]){re.escape(self._old)}\.")
        into = "'" + new.replace("'", "''") + "'."
        for element in self._root.iter():
            for key, value in element.attrib.items():
                if self._old not in value:
                    continue
                if element.tag == SHEET and key == TABLE + "name" and value == self._old:
                    element.set(key, new)
                elif "." in value:
                    element.set(key, address.sub(lambda _: into, str(value)))
