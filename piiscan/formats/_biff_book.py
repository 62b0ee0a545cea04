"""What the globals of a BIFF workbook say: sheets, shared strings, number formats, code page."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from piiscan.formats import _biff_records as records
from piiscan.formats._biff_strings import Pages, SharedStrings, byte_string, pages_for, shared_strings, unicode_string
from piiscan.formats._xlsx_numbers import Formatter, formatter_for, plain_number

CODEPAGE, DATE1904, SST = 0x42, 0x22, 0xFC
#: Records with byte strings up to version 7, and where the string begins.
_SAMPLED = {0x85: 7, 0x04: 8, 0x204: 8, 0xD6: 8, 0x07: 1, 0x207: 2}
_SAMPLE_BYTES = 256 * 1024
_FORMATS = {0x1E: 2, 0x41E: 4}
_XFS = {0x43: 2, 0x243: 3, 0x443: 4, 0xE0: 5}


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """A BOUNDSHEET record. ``offset`` is where its substream begins."""

    name: str
    offset: int
    hidden: bool
    very_hidden: bool = False


@dataclass(repr=False)
class Book:
    """What must be known before cells can be read."""

    version: int
    pages: Pages
    strings: SharedStrings = field(default_factory=SharedStrings)
    formatters: list[Formatter] = field(default_factory=list)
    sheets: list[ListedSheet] = field(default_factory=list)

    def text(self, data: bytes, at: int, end: int, size: int = 2) -> tuple[str, int]:
        """A string as this version writes it, with its length in ``size`` bytes, and where it ends."""
        if self.version >= 8:
            return unicode_string(data, at, end, size)
        return byte_string(data, at, end, size, self.pages)

    def number(self, style: int, value: float) -> str:
        """A number as the cell style ``style`` (an XF index) shows it."""
        formatter = self.formatters[style] if style < len(self.formatters) else plain_number
        if formatter is plain_number and value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return formatter(repr(value))


def read_book(stream: records.Stream) -> Book:
    """Reads the globals; in versions 2 to 4 the one sheet is its own globals."""
    data = stream.data
    found = [s for s in stream.substreams if s.kind in (records.GLOBALS, records.WORKSPACE)] or stream.substreams[:1]
    listed: Sequence[records.Record] = found[0].others if found else ()
    page = next((_short(data, a) for r, a, e in listed if r == CODEPAGE and e - a >= 2), None)
    book = Book(stream.version, pages_for(page, _samples(stream)) if stream.version < 8 else Pages(page))
    date1904 = any(r == DATE1904 and e - a >= 2 and _short(data, a) == 1 for r, a, e in listed)
    codes: dict[int, str] = {}
    styles: list[int] = []
    for position, (record, at, end) in enumerate(listed):
        if record in _FORMATS:
            number, code = _format(book, data, record, at, end, len(codes))
            codes[number] = code
        elif record in _XFS and end - at >= 4:
            styles.append(data[at + 2] & 0x3F if record == 0x43 else data[at + 1] if record < 0x444 and record != 0xE0
                          else _short(data, at + 2))  # fmt: skip
        elif record == records.BOUNDSHEET and end - at >= 7:
            (offset,) = struct.unpack_from("<I", data, at)
            state = data[at + 4] & 3
            book.sheets.append(ListedSheet(book.text(data, at + 6, end, 1)[0], offset, bool(state), state == 2))
        elif record == SST:
            book.strings = shared_strings(data, with_continuations(listed, position))
    cache = {n: formatter_for(n, codes.get(n), date1904=date1904) for n in set(styles)}
    book.formatters = [cache[n] for n in styles]
    return book


def _samples(stream: records.Stream) -> list[bytes]:
    """Some byte strings of the file: the names of its sheets and the texts of its cells."""
    data, found, size = stream.data, [], 0
    start = stream.substreams[0].inside if stream.substreams else 0
    for record, at, end in records.records(data, start, len(data)):
        skip = _SAMPLED.get(record)
        if skip is not None and not data[at + skip : end].isascii():
            found.append(data[at + skip : end])
            size += end - at
            if size > _SAMPLE_BYTES:
                break
    return found


def with_continuations(listed: Sequence[records.Record], position: int) -> list[tuple[int, int]]:
    """The stretches of a record and of the CONTINUE records after it."""
    parts = [listed[position][1:]]
    for record, at, end in listed[position + 1 :] if position + 1 < len(listed) else ():
        if record != records.CONTINUE:
            break
        parts.append((at, end))
    return parts


def _format(book: Book, data: bytes, record: int, at: int, end: int, position: int) -> tuple[int, str]:
    """Number and code of a FORMAT record; up to version 4 they count up."""
    if record == 0x1E:  # version 2 and 3
        return position, byte_string(data, at, end, 1, book.pages)[0]
    if book.version < 5:
        return position, byte_string(data, at + 2, end, 1, book.pages)[0]
    return _short(data, at) if end - at >= 2 else 0, book.text(data, at + 2, end, 1 if book.version < 8 else 2)[0]


def _short(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0]) if at + 2 <= len(data) else 0
