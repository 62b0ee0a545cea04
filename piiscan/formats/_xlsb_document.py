"""What is read of a binary workbook: its sheets whole, then the strings of the other parts."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from piiscan.errors import LimitError, UnreadableError
from piiscan.formats._biff_book import Book
from piiscan.formats._biff_cells import Notes, grouped
from piiscan.formats._biff_places import header_texts
from piiscan.formats._ooxml_package import Package, Part, open_package
from piiscan.formats._xlsb_book import SHEET_TYPES, ListedSheet, part_kind, read_book
from piiscan.formats._xlsb_cells import Frame, cells, read_frame
from piiscan.formats._xlsb_records import Record, records, rich_string, strings, wide_string
from piiscan.formats._xlsx_book import Book as XmlBook
from piiscan.formats._xlsx_cells import Style
from piiscan.formats._xlsx_layout import Layout, head_of, root_of
from piiscan.formats._xlsx_read import part_items
from piiscan.formats._xlsx_strings import Strings
from piiscan.formats._zip_corners import corner_texts
from piiscan.model import Item, Limits, Place, Sheet, Skipped, Source, Text
from piiscan.text import cell_ref

_HEADER_FOOTER, _COMMENT, _COMMENT_TEXT, _COMMENT_AUTHOR, _HLINK, _NAME = 479, 635, 637, 632, 494, 39
_BUNDLE_SHEET, _FONT, _STYLE, _FILTER_COLUMN = 156, 43, 48, 163
#: Margins, page setup, views and dimensions of a sheet.
_NUMBERS = frozenset({129, 130, 133, 134, 137, 138, 145, 146, 147, 148, 150, 151, 152, 390, 391, 476, 477, 478, 485})
#: Parts of the package that are records, by the word in their content type, and what their strings are.
_WHERE = {
    "comments": "comment",
    "pivotcachedefinition": "pivot_cache",
    "pivotcacherecords": "pivot_cache",
    "pivottable": "pivot_cache",
    "externallink": "external_link",
    "connections": "external_link",
    "table": "header",
    "revisionlog": "revision",
    "usernames": "revision",
}
#: Parts without words of the user: the order of calculation, and an index of cells.
_NO_TEXT = frozenset({"calcchain", "binindexws", "printersettings", "vbaproject", "attachedtoolbars"})
#: What of the memory that is allowed one part may take, as it is read in one piece.
_MEMORY_PART = 6
_MOST_UNSORTED = 6_000_000


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Sheets, then other texts; raises ``UnreadableError``, ``LimitError``."""
    package = open_package(source, limits)
    most = limits.memory_bytes // _MEMORY_PART
    book, listed, done = read_book(package, most)
    yield from corner_texts(package.zip)
    for member in package.zip.ambiguous:
        yield Skipped(member.name, "ambiguous_members")
    owners: dict[str, str] = {}
    read_any = False
    for sheet, part in _sheet_parts(package, listed):
        done.add(part.key)
        owners[part.key] = sheet.name
        owners.update({r.part: sheet.name for r in package.relationships(part.key) if r.part})
        try:
            data = package.read(part, most)
        except UnreadableError as error:
            yield Skipped(sheet.name, error.reason)
            continue
        yield from _sheet_items(sheet, part, data, book, limits)
        read_any = True
    for sheet in listed:
        if sheet.key not in package.by_key:
            yield Skipped(sheet.name, "missing_part", partial=False)
        yield Text(Place(sheet.name, "sheet_name", sheet.hidden), sheet.name)
    yield from _orphans(book)
    yield from _other_parts(package, owners, done, most)
    if not read_any:
        yield Skipped("", "nothing_read")


def _sheet_parts(package: Package, listed: Sequence[ListedSheet]) -> Iterator[tuple[ListedSheet, Part]]:
    """The sheets of the workbook in their order, then sheet parts that it does not list."""
    keys = {sheet.key for sheet in listed}
    for sheet in listed:
        yield from ((sheet, part) for part in package.parts if part.key == sheet.key)
    for part in package.parts:
        if part.key not in keys and part_kind(part) in SHEET_TYPES:
            yield ListedSheet(part.name, part.key, hidden=True), part


def _sheet_items(sheet: ListedSheet, part: Part, data: bytes, book: Book, limits: Limits) -> Iterator[Item]:
    frame = read_frame(data)
    notes = Notes()
    found = cells(data, book, notes)
    if not frame.rising:
        if frame.cells > _MOST_UNSORTED:
            raise LimitError("too_large")
        found = iter(sorted(found, key=lambda cell: cell[0]))
    yield Sheet(
        location=sheet.name,
        batches=grouped(found, limits.cell_chars),
        hidden=sheet.hidden,
        merged=frame.merged,
        hidden_rows=frozenset(frame.hidden_rows),
        hidden_columns=frozenset(frame.hidden_columns),
        very_hidden=sheet.very_hidden,
        filtered=bool(frame.hidden_rows) and any(record == _FILTER_COLUMN for record, _, _ in frame.others),
    )
    for ref, reading in notes.readings:
        yield Text(Place(f"{sheet.name}!{ref}", "furigana", hidden=True), reading)
    for literal, ref in notes.literals.items():
        yield Text(Place(f"{sheet.name}!{ref}", "other", hidden=True), literal)
    yield from _frame_texts(data, frame, sheet.name)
    if notes.bad_index:
        yield Skipped(part.name, "bad_string_index", partial=not book.strings.texts)
    if not frame.whole:
        yield Skipped(sheet.name, "damaged")


def _frame_texts(data: bytes, frame: Frame, location: str) -> Iterator[Text]:
    seen: set[str] = set()
    for record, at, end in frame.others:
        if record == _HEADER_FOOTER:
            yield from _header(data, at + 2, end, location)
        elif record == _HLINK and end - at >= 16:
            row, _, column, _ = struct.unpack_from("<4I", data, at)
            place = Place(f"{location}!{cell_ref(row, column)}", "hyperlink")
            yield from (Text(place, text) for text in strings(data[at + 16 : end]))
        elif record not in _NUMBERS:
            for text in strings(data[at:end]):
                if text not in seen:
                    seen.add(text)
                    yield Text(Place(location, "other", hidden=True), text)


def _header(data: bytes, at: int, end: int, location: str) -> Iterator[Text]:
    for _ in range(6):
        text, at = wide_string(data, at, end)
        yield from header_texts(text, location)


def _orphans(book: Book) -> Iterator[Text]:
    for index, text in enumerate(book.strings.texts):
        if not book.strings.used[index] and text.strip():
            yield Text(Place("", "orphan_string", hidden=True), text)
            if index in book.strings.readings:
                yield Text(Place("", "furigana", hidden=True), book.strings.readings[index])


# ---------------------------------------------------------------- parts that are no sheets


def _other_parts(package: Package, owners: dict[str, str], done: set[str], most: int) -> Iterator[Item]:
    roots = {part.key: root_of(head_of(package, part)) for part in package.parts}
    layout = Layout(package, roots, owners, XmlBook((), Style(), Strings(), None, None), frozenset())
    for part in package.parts:
        kind = part_kind(part)
        if part.key in done:
            continue
        if not kind or roots[part.key] or kind in _NO_TEXT:
            if kind not in ("calcchain", "binindexws"):
                yield from part_items(layout, part, {})
            continue
        try:
            data = package.read(part, most)
        except UnreadableError as error:
            yield Skipped(part.name, error.reason)
            continue
        yield from _record_texts(data, kind, owners.get(part.key, part.name))


def _record_texts(data: bytes, kind: str, location: str) -> Iterator[Text]:
    """The strings of a part of records, each once; comments with their cell."""
    where = _WHERE.get(kind, "other")
    place = Place(location, where, where not in ("comment", "header"))
    seen: set[tuple[Place, str]] = set()
    for record, at, end in records(data):
        if kind == "comments" and record == _COMMENT and end - at >= 20:
            row, _, column, _ = struct.unpack_from("<4I", data, at + 4)
            place = Place(f"{location}!{cell_ref(row, column)}", "comment")
        for text in _strings_of((record, at, end), data, kind):
            if text.strip() and (place, text) not in seen:
                seen.add((place, text))
                yield Text(Place(place.location, "defined_name", hidden=True) if record == _NAME else place, text)


def _strings_of(found: Record, data: bytes, kind: str) -> Sequence[str]:
    record, at, end = found
    if record == _COMMENT_TEXT:
        return rich_string(data, at, end)
    if kind == "comments" and record == _COMMENT_AUTHOR:
        return (wide_string(data, at, end)[0],)
    if kind == "main" and record == _BUNDLE_SHEET:
        return ()
    if kind == "styles" and record in (_FONT, _STYLE):
        return ()
    return strings(data[at:end])
