"""Texts of a BIFF workbook outside its cells: comments, text boxes, headers, names, links, caches, and unknown records."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence

from piiscan.formats import _biff_records as records
from piiscan.formats._biff_book import Book, with_continuations
from piiscan.formats._biff_cells import token_texts
from piiscan.formats._biff_records import Record
from piiscan.formats._biff_strings import Pages, byte_string
from piiscan.formats._binary_strings import strings
from piiscan.model import CellRange, Place, Text
from piiscan.text import cell_ref

FILTERMODE = 0x9B
NOTE, OBJ, TXO, NAME, HEADER, FOOTER, MERGECELLS, COLINFO, ROW, DV, HLINK = (
    0x1C, 0x5D, 0x1B6, 0x18, 0x14, 0x15, 0xE5, 0x7D, 0x208, 0x1BE, 0x1B8,
)  # fmt: skip
_LABEL, _SERIESTEXT, _SXSTRING, _SUPBOOK, _CRN, _WRITEACCESS, _FILESHARING = (
    0x204,
    0x100D,
    0xCD,
    0x1AE,
    0x5A,
    0x5C,
    0x5B,
)
_COMMENT_OBJECT = 0x19
_CODES = re.compile(r'&(?:"[^"]*"|K(?:[0-9A-Fa-f]{6}|[0-9]{2}[+-][0-9]{3})|[0-9]{1,3}|[A-Za-z])')
#: Records of numbers, switches, fonts, styles and pictures, and those read elsewhere; all others are searched.
_NO_TEXT = frozenset({
    0x08, 0x0A, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x16, 0x17, 0x19, 0x1A, 0x1B, 0x1D, 0x1E, 0x22, 0x24,
    0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x31, 0x32, 0x3C, 0x3D, 0x40, 0x41, 0x42, 0x43, 0x55, 0x59, 0x5E, 0x5F,
    0x60, 0x63, 0x7D, 0x7F, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x8C, 0x8D, 0x90, 0x92, 0x98, 0x99, 0x9B, 0x9C,
    0x9D, 0xA0, 0xA1, 0xA9, 0xAB, 0xB1, 0xC1, 0xD3, 0xD7, 0xD8, 0xDA, 0xDD, 0xE0, 0xE1, 0xE2, 0xE5, 0xEB, 0xEF, 0xFC,
    0xFF, 0x12F, 0x13D, 0x160, 0x161, 0x194, 0x1AF, 0x1B0, 0x1B2, 0x1B7, 0x1BC, 0x1BB, 0x1C0, 0x1C1, 0x200, 0x208, 0x218,
    0x225, 0x231, 0x236, 0x23E, 0x243, 0x293, 0x41E, 0x443, 0x809, 0x892, 0x896, 0x87D, 0x88D, 0x863, 0x867, 0x868,
    0x89B, 0x8A3, 0x88C, 0x88E, 0x850, 0x851, 0x852, 0x853, 0x854, 0x855, 0x856, 0x857, 0x858, 0x85A, 0x8A4, 0x8A5, 0x8A6,
    *range(0x1001, 0x100D), *range(0x100E, 0x1070),
})  # fmt: skip
Handler = Callable[[Book, bytes, int, int, str], Iterator[Text]]


def places(book: Book, data: bytes, sheet: records.Substream, location: str) -> Iterator[Text]:
    """Every text of a substream that is in no cell. ``location`` is the sheet's name, "" for the globals."""
    boxes: dict[int, str] = {}
    commented: set[int] = set()
    current, kind = -1, -1
    for position, (record, at, end) in enumerate(sheet.others):
        if record == OBJ and end - at >= 8 and book.version >= 8:
            kind, current = struct.unpack_from("<HH", data, at + 4)
        elif record == TXO and book.version >= 8:
            boxes[current] = text = _box(data, with_continuations(sheet.others, position))
            if kind != _COMMENT_OBJECT and text.strip():
                yield Text(Place(location, "drawing"), text)
        elif record == NOTE:
            yield from _note(book, data, sheet.others, position, location, boxes, commented)
        elif record in _HANDLERS:
            yield from _HANDLERS[record](book, data, at, end, location)
        elif record not in _NO_TEXT:
            for text in strings(data[at:end]):
                yield Text(Place(location, "other", hidden=True), text)
    yield from _chart_texts(book, data, sheet, location)


def _box(data: bytes, parts: Sequence[tuple[int, int]]) -> str:
    """The text of a TXO record: as many characters as it says, in the CONTINUE records after it."""
    at, end = parts[0]
    left = struct.unpack_from("<H", data, at + 10)[0] if end - at >= 12 else 0
    pieces = []
    for start, stop in parts[1:]:
        if left <= 0 or stop <= start:
            break
        wide = data[start] & 1
        raw = data[start + 1 : min(stop, start + 1 + left * (2 if wide else 1))]
        pieces.append(raw.decode("utf-16-le" if wide else "latin-1", "replace"))
        left -= len(pieces[-1])
    return "".join(pieces)


def _note(
    book: Book,
    data: bytes,
    listed: Sequence[Record],
    position: int,
    location: str,
    boxes: Mapping[int, str],
    commented: set[int],
) -> Iterator[Text]:
    _, at, end = listed[position]
    if end - at < 6:
        return
    row, column, third = struct.unpack_from("<HHH", data, at)
    if row == 0xFFFF and book.version < 8:
        return  # the rest of a long note, read with its beginning
    place = Place(f"{location}!{cell_ref(row, column)}" if location else cell_ref(row, column), "comment")
    if book.version >= 8 and end - at >= 8:
        (number,) = struct.unpack_from("<H", data, at + 6)
        texts = [boxes.get(number, ""), book.text(data, at + 8, end)[0]]
        commented.add(number)
    else:
        raw = data[at + 6 : end]
        for record, start, stop in listed[position + 1 :]:
            if record != NOTE or stop - start < 6 or len(raw) >= third or data[start : start + 2] != b"\xff\xff":
                break
            raw += data[start + 6 : stop]
        texts = [book.pages.decode(raw)]
    for text in texts:
        if text.strip():
            yield Text(place, text)


# ---------------------------------------------------------------- one record each


def _header(book: Book, data: bytes, at: int, end: int, location: str) -> Iterator[Text]:
    yield from header_texts(book.text(data, at, end, 2 if book.version >= 8 else 1)[0], location)


def header_texts(text: str, location: str) -> Iterator[Text]:
    """A page header or footer without its codes for fonts, page numbers and sections."""
    yield from _texts(location, "header_footer", [_CODES.sub("\n", text.replace("&&", "＆")).strip()], hidden=False)


def _name(book: Book, data: bytes, at: int, end: int, location: str) -> Iterator[Text]:
    if end - at < 15:
        return
    flags, length, size = struct.unpack_from("<HxBH", data, at)
    start = at + 14
    if book.version >= 8:
        wide = data[start] & 1
        stop = start + 1 + length * (2 if wide else 1)
        name = data[start + 1 : stop].decode("utf-16-le" if wide else "latin-1", "replace")
    else:
        stop = start + length
        name = book.pages.decode(data[start:stop])
    found = [] if flags & 0x20 else [name]  # built in: a number in place of a name
    found += token_texts(data, stop, min(end, stop + size), book)
    found += strings(data[min(end, stop + size) : end])
    yield from _texts(location, "defined_name", found)


def _validation(book: Book, data: bytes, at: int, end: int, location: str) -> Iterator[Text]:
    at += 4
    found = []
    for _ in range(4):
        text, at = book.text(data, at, end)
        found.append(text.strip("\0"))
    found += [text.replace("\0", "\n") for text in _raw_tokens(book, data, at, end)]
    yield from _texts(location, "validation", found)


def _raw_tokens(book: Book, data: bytes, at: int, end: int) -> list[str]:
    """The texts of a validation list, whose entries are parted by zero characters."""
    at = data.find(b"\x17", at, end)
    if at < 0:
        return []
    text, _ = book.text(data, at + 1, end, 1)
    return [text] if text.replace("\0", "").isprintable() else []


def _hyperlink(book: Book, data: bytes, at: int, end: int, location: str) -> Iterator[Text]:  # noqa: ARG001
    if end - at < 32:
        return
    row, _, column, _ = struct.unpack_from("<HHHH", data, at)
    yield from _texts(f"{location}!{cell_ref(row, column)}", "hyperlink", strings(data[at + 28 : end]), hidden=False)


def _external(book: Book, data: bytes, at: int, end: int, location: str) -> Iterator[Text]:
    """A SUPBOOK record: path and sheet names of another workbook; the path has control characters for its steps."""
    found = []
    count = struct.unpack_from("<H", data, at)[0] if end - at >= 2 else 0
    at += 2
    for _ in range(min(count, 10_000) + 1):
        text, following = book.text(data, at, end)
        if following <= at or at + 3 > end:
            break
        at = following
        found.append("/".join(p for p in re.split(r"[\x00-\x1f]", text) if p))
    yield from _texts(location, "external_link", found)


def _write_access(book: Book, data: bytes, at: int, end: int, location: str) -> Iterator[Text]:
    text, _ = book.text(data, at, end, 2 if book.version >= 8 else 1)
    yield from _texts(location, "property", [text.strip("\0 ")])


def _file_sharing(book: Book, data: bytes, at: int, end: int, location: str) -> Iterator[Text]:
    text, _ = book.text(data, at + 4, end, 2 if book.version >= 8 else 1)
    yield from _texts(location, "property", [text.strip("\0 ")])


def _pivot_string(book: Book, data: bytes, at: int, end: int, location: str) -> Iterator[Text]:
    yield from _texts(location, "pivot_cache", [book.text(data, at, end)[0]])


def _cached_row(book: Book, data: bytes, at: int, end: int, location: str) -> Iterator[Text]:
    """A CRN record: cached values of another workbook."""
    last, first = (data[at], data[at + 1]) if end - at >= 4 else (0, 1)
    at += 4
    found = []
    for _ in range(last - first + 1):
        if at >= end:
            break
        if data[at] == 2:
            text, at = book.text(data, at + 1, end, 2 if book.version >= 8 else 1)
            found.append(text)
        else:
            at += 9
    yield from _texts(location, "external_link", found)


def _texts(location: str, where: str, found: Sequence[str], *, hidden: bool = True) -> Iterator[Text]:
    for text in found:
        if text.strip("\0 \t\r\n"):
            yield Text(Place(location, where, hidden), text)


_HANDLERS: Mapping[int, Handler] = {
    HEADER: _header,
    FOOTER: _header,
    NAME: _name,
    0x218: _name,
    DV: _validation,
    HLINK: _hyperlink,
    _SUPBOOK: _external,
    _CRN: _cached_row,
    _WRITEACCESS: _write_access,
    _FILESHARING: _file_sharing,
    _SXSTRING: _pivot_string,
}


def _chart_texts(book: Book, data: bytes, sheet: records.Substream, location: str) -> Iterator[Text]:
    """Titles and cached cells of the charts in a sheet, or of a chart sheet."""
    seen: set[str] = set()
    for record, at, end in sheet.nested:
        found: list[str] = []
        if record == _LABEL:
            found = [book.text(data, at + 6, end)[0]]
        elif record == _SERIESTEXT:
            found = [book.text(data, at + 2, end, 1)[0]]
        elif record in (HEADER, FOOTER):
            yield from _header(book, data, at, end, location)
        elif record not in _NO_TEXT and record not in records.CELLS:
            found = strings(data[at:end])
        for text in found:
            if text.strip() and text not in seen:
                seen.add(text)
                yield Text(Place(location, "chart_cache"), text)


# ---------------------------------------------------------------- the frame of a sheet


def merged(data: bytes, sheet: records.Substream) -> list[CellRange]:
    """The merged ranges of a sheet."""
    found = []
    for record, at, end in sheet.others:
        if record == MERGECELLS and end - at >= 2:
            for start in range(at + 2, end - 7, 8):
                first, last, left, right = struct.unpack_from("<HHHH", data, start)
                if first <= last and left <= right:
                    found.append(CellRange(first, left, last, right))
    return found


def hidden_rows(data: bytes, sheet: records.Substream) -> frozenset[int]:
    """Rows whose record says that they are hidden, or have no height."""
    return frozenset(
        struct.unpack_from("<H", data, at)[0]
        for record, at, end in sheet.others
        if record == ROW and end - at >= 16 and data[at + 12] & 0x20
    )


def filtered(sheet: records.Substream) -> bool:
    """Whether the sheet says that a filter leaves out rows (FILTERMODE)."""
    return any(record == FILTERMODE for record, _, _ in sheet.others)


def hidden_columns(data: bytes, sheet: records.Substream) -> frozenset[int]:
    """Columns whose record says that they are hidden; at most 256 a record, as many as a sheet has."""
    found: set[int] = set()
    for record, at, end in sheet.others:
        if record == COLINFO and end - at >= 10 and data[at + 8] & 1:
            first, last = struct.unpack_from("<HH", data, at)
            found.update(range(first, min(last, first + 255) + 1))
    return frozenset(found)


def stream_texts(data: bytes, location: str, where: str, pages: Pages) -> Iterator[Text]:
    """Texts of a stream of records beside the workbook: pivot caches, revisions, names of users."""
    for record, at, end in records.records(data, 0, len(data)):
        if record == _SXSTRING:
            book = Book(8, pages)
            yield from _texts(location, where, [book.text(data, at, end)[0] or byte_string(data, at, end, 2, pages)[0]])
        else:
            yield from _texts(location, where, strings(data[at:end]))
