"""Tables of dBASE, FoxPro and what followed them. Reading only.

Old member and customer lists often are such files. Records that were deleted stay in the file until it is packed: they are read
as a sheet of their own. Texts of memo fields stand in another file (.dbt, .fpt). Format: dBASE III and IV, "Table File Format".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from piiscan.encoding import decode_name
from piiscan.errors import LimitError, UnreadableError
from piiscan.model import Batch, Format, Item, Limits, Sheet, Skipped, Source

_HEAD = struct.Struct("<BBBBIHH")
#: dBASE II to 7, FoxPro, Visual FoxPro, with and without memo fields.
_VERSIONS = frozenset({0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x7B, 0x83, 0x8B, 0x8E, 0xCB, 0xF5, 0xFB})
#: Language drivers of Japan.
_JAPANESE = frozenset({0x13, 0x7B})
_FIELD, _MOST_FIELDS, _ROWS, _BLOCK = 32, 2048, 4096, 1024 * 1024
_END, _DELETED = 0x0D, 0x2A


@dataclass(frozen=True, slots=True)
class _Column:
    """A field: its name, its type, and where it stands in a record."""

    name: str
    kind: str
    start: int
    end: int


def sniff(source: Source) -> int:
    """70 for a header whose date, lengths and list of fields fit the size of the file, else 0."""
    try:
        columns, start, length, _ = _header(source)
    except (UnreadableError, LimitError):
        return 0
    count = _HEAD.unpack_from(source.head(_HEAD.size))[4]
    return 70 if columns[-1].end <= length and start + min(count, 1) * length <= source.size else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:  # noqa: ARG001 -- memory does not depend on the file
    """The records, then the deleted ones; raises ``UnreadableError`` for a broken header."""
    columns, start, length, japanese = _header(source)
    yield Sheet("", _batches(source, columns, start, length, japanese, deleted=False))
    if _any_deleted(source, start, length):
        yield Sheet("deleted", _batches(source, columns, start, length, japanese, deleted=True), hidden=True)
    if any(column.kind in "MGPB" for column in columns):
        yield Skipped("memo", "linked_attachment", partial=False)


def _header(source: Source) -> tuple[list[_Column], int, int, bool]:
    """The columns, where the records begin, how long each is, and whether it says that it is Japanese."""
    raw = source.head(32 + _FIELD * _MOST_FIELDS)
    if len(raw) < 65:
        raise UnreadableError("damaged")
    version, _, month, day, _, start, length = _HEAD.unpack_from(raw)
    dated = (1 <= month <= 12 and 1 <= day <= 31) or month == day == 0
    if version not in _VERSIONS or not dated or start < 65 or length < 2 or start > source.size:
        raise UnreadableError("damaged")
    columns: list[_Column] = []
    at, place = 32, 1
    while at + _FIELD <= min(start, len(raw)) and raw[at] != _END:
        name, kind, width = raw[at : at + 11].partition(b"\0")[0], chr(raw[at + 11]), raw[at + 16]
        if not name or not kind.isalnum() or not width:
            raise UnreadableError("damaged")
        columns.append(_Column(decode_name(name), kind, place, place + width))
        at, place = at + _FIELD, place + width
    if not columns or raw[at : at + 1] != bytes([_END]) or place > length:
        raise UnreadableError("damaged")
    return columns, start, length, raw[29] in _JAPANESE


def _records(source: Source, start: int, length: int) -> Iterator[tuple[int, bytes]]:
    """(number from 1, record) up to the mark of the end."""
    number, at, size = 0, start, max(1, _BLOCK // length) * length
    while True:
        source.stream.seek(at)
        block = source.stream.read(size)
        for place in range(0, len(block), length):
            record = block[place : place + length]
            if record[0] == 0x1A or len(record) < 2:
                return
            number += 1
            yield number, record
        if len(block) < size:
            return
        at += len(block)


def _any_deleted(source: Source, start: int, length: int) -> bool:
    return any(record[0] == _DELETED for _, record in _records(source, start, length))


def _batches(
    source: Source, columns: list[_Column], start: int, length: int, japanese: bool, *, deleted: bool
) -> Iterator[Batch]:
    rows, values = [0], [[column.name] for column in columns]
    for number, record in _records(source, start, length):
        if (record[0] == _DELETED) is not deleted:
            continue
        rows.append(number)
        for column, found in zip(columns, values, strict=True):
            found.append(_text(record[column.start : column.end], column.kind, japanese=japanese))
        if len(rows) >= _ROWS:
            yield Batch(rows, dict(enumerate(values)))
            rows, values = [], [[] for _ in columns]
    if rows:
        yield Batch(rows, dict(enumerate(values)))


def _text(raw: bytes, kind: str, *, japanese: bool) -> str:
    """A value as it is shown; dates as ISO, numbers of the binary types as numbers."""
    if kind == "I" and len(raw) == 4:
        return str(struct.unpack("<i", raw)[0])
    plain = raw.strip(b"\0 ")
    if not plain:
        return ""
    text = plain.decode("cp932", "replace") if japanese else decode_name(plain)
    if kind == "D" and len(text) == 8 and text.isdecimal():
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return text.strip()


FORMAT = Format(id="dbf", label="dBASE", suffixes=(".dbf",), sniff=sniff, read=read)
