"""The workbook, styles and shared strings of a binary workbook (xlsb). [MS-XLSB] 2.1.7."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from piiscan.errors import UnreadableError
from piiscan.formats._biff_book import Book
from piiscan.formats._biff_strings import Pages, SharedStrings
from piiscan.formats._ooxml_package import Package, Part
from piiscan.formats._xlsb_records import records, rich_string, wide_string
from piiscan.formats._xlsx_numbers import formatter_for

_WB_PROP, _BUNDLE_SHEET, _FORMAT, _XF, _BEGIN_XFS, _END_XFS, _SST_ITEM = 153, 156, 44, 47, 617, 618, 19
SHEET_TYPES = ("worksheet", "chartsheet", "dialogsheet", "macrosheet", "intlmacrosheet")


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """A sheet as the workbook lists it; ``key`` is the key of its part."""

    name: str
    key: str
    hidden: bool
    very_hidden: bool = False


def part_kind(part: Part) -> str:
    """The last word of a binary part's content type: ``worksheet``, ``sharedstrings``, ``main`` …; "" for another."""
    stated = part.content_type
    if "ms-excel" not in stated or part.key.endswith((".xml", ".rels")):
        return ""
    return stated.rpartition("ms-excel.")[2].removesuffix(".main") if not stated.endswith(".main") else "main"


def read_book(package: Package, limit: int) -> tuple[Book, list[ListedSheet], set[str]]:
    """What must be known before cells can be read, the sheets, and the keys of the parts it was read from."""
    kinds = {part.key: part_kind(part) for part in package.parts}
    main = next((p for p in package.parts if kinds[p.key] == "main"), None)
    styles = next((p for p in package.parts if kinds[p.key] == "styles"), None)
    shared = next((p for p in package.parts if kinds[p.key] == "sharedstrings"), None)
    book = Book(12, Pages())
    sheets: list[ListedSheet] = []
    date1904 = False
    if main is not None:
        targets = {r.id: r.part for r in package.relationships(main.key)}
        data = package.read(main, limit)
        for record, at, end in records(data):
            if record == _WB_PROP and end > at:
                date1904 = bool(data[at] & 1)
            elif record == _BUNDLE_SHEET and end - at >= 12:
                relation, following = wide_string(data, at + 8, end)
                name, _ = wide_string(data, following, end)
                state = data[at] & 3
                sheets.append(ListedSheet(name, targets.get(relation, ""), bool(state), state == 2))
    if styles is not None:
        _read_styles(package.read(styles, limit), book, date1904=date1904)
    if shared is not None:
        book.strings = read_strings(package.read(shared, limit))
    return book, sheets, {p.key for p in (shared,) if p is not None}


def _read_styles(data: bytes, book: Book, *, date1904: bool) -> None:
    codes: dict[int, str] = {}
    styles: list[int] = []
    inside = False
    for record, at, end in records(data):
        if record == _FORMAT and end - at >= 6:
            codes[struct.unpack_from("<H", data, at)[0]] = wide_string(data, at + 2, end)[0]
        elif record in (_BEGIN_XFS, _END_XFS):
            inside = record == _BEGIN_XFS
        elif record == _XF and inside and end - at >= 4:
            styles.append(struct.unpack_from("<H", data, at + 2)[0])
    made = {n: formatter_for(n, codes.get(n), date1904=date1904) for n in set(styles)}
    book.formatters = [made[n] for n in styles]


def read_strings(data: bytes) -> SharedStrings:
    """The shared strings with their readings."""
    found = SharedStrings()
    for record, at, end in records(data):
        if record == _SST_ITEM:
            text, reading = rich_string(data, at, end)
            if reading:
                found.readings[len(found.texts)] = reading
            found.texts.append(text)
    found.used = bytearray(len(found.texts))
    return found


def read_part(package: Package, part: Part, limit: int) -> bytes:
    """A part's bytes, or nothing when it is damaged."""
    try:
        return package.read(part, limit)
    except UnreadableError:
        return b""
