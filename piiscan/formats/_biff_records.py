"""The records of a BIFF stream (xls, versions 2 to 8), parted into its substreams. [MS-XLS] 2.1.4."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from piiscan.errors import LimitError

BOFS = {0x0009: 2, 0x0209: 3, 0x0409: 4, 0x0809: 5}
EOF, CONTINUE, BOUNDSHEET, SHEETHDR, FILEPASS = 0x0A, 0x3C, 0x85, 0x8F, 0x2F
GLOBALS, MODULE, SHEET, CHART, MACRO, WORKSPACE = 0x05, 0x06, 0x10, 0x20, 0x40, 0x100
KINDS = frozenset({GLOBALS, MODULE, SHEET, CHART, MACRO, WORKSPACE})
BLANK, MULBLANK, ROW, STRING = 0x201, 0xBE, 0x208, 0x207
#: Records that hold a cell, or belong to one.
CELLS = frozenset({
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x201, 0x203, 0x204, 0x205, 0x206, 0x207, 0x406, 0x27E, 0xBD, 0xBE, 0xD6,
    0xFD,
})  # fmt: skip
_HEAD = struct.Struct("<HH")
_ROW = struct.Struct("<H")
#: Records other than cells that are kept in mind; the most in a real workbook is some hundred thousand.
_MOST_OTHERS = 3_000_000
Record = tuple[int, int, int]


@dataclass(repr=False)
class Substream:
    """From a BOF to its EOF. ``kind``: one of the constants above; ``others``: (record, start, end) of what is no cell.

    ``start`` is where the BOF stands, ``inside`` where the records after it begin. ``rising``: cells come in the order of
    their rows. ``nested``: records of charts inside. ``whole``: its EOF was found.
    """

    kind: int
    start: int
    inside: int
    end: int = 0
    name: str = ""
    others: list[Record] = field(default_factory=list)
    nested: list[Record] = field(default_factory=list)
    cells: int = 0
    rising: bool = True
    last_row: int = -1
    whole: bool = False


@dataclass(repr=False)
class Stream:
    """A whole BIFF stream. ``version`` 2, 3, 4, 5 (which is 7 as well) or 8; ``encrypted``: has a FILEPASS record."""

    data: bytes
    version: int
    substreams: list[Substream]
    encrypted: bool
    whole: bool


def bof_version(data: bytes, at: int = 0) -> int:
    """The BIFF version of the BOF at ``at``; 0 when there is none."""
    if len(data) < at + 8:
        return 0
    record, length = _HEAD.unpack_from(data, at)
    version = BOFS.get(record, 0)
    if not version or not 4 <= length <= 32:
        return 0
    stated, kind = _HEAD.unpack_from(data, at + 4)
    if kind not in KINDS:
        return 0
    return 8 if version == 5 and stated >= 0x0600 else version


def records(data: bytes, start: int, end: int) -> Iterator[Record]:
    """(record, start of its content, end of its content); the last one may be cut by the end of the data."""
    unpack = _HEAD.unpack_from
    while start + 4 <= end:
        record, length = unpack(data, start)
        start += 4
        yield record, start, min(start + length, end)
        start += length


def read_stream(data: bytes) -> Stream:
    """Parts a stream into its substreams; what stands before the first BOF and after the last EOF is left out."""
    stream = Stream(data, bof_version(data), [], encrypted=False, whole=True)
    offsets: set[int] = set()
    current: Substream | None = None
    depth = others = at = 0
    while at + 4 <= len(data):
        record, length = _HEAD.unpack_from(data, at)
        inside = at + 4
        end = min(inside + length, len(data))
        stream.whole &= end == inside + length
        if record in BOFS and bof_version(data, at):
            if current is None or depth == 0 or at in offsets or current.kind == WORKSPACE:
                current, depth = Substream(_ROW.unpack_from(data, inside + 2)[0], at, end), 0
                stream.substreams.append(current)
            depth += 1
        elif current is None:
            break
        elif record == EOF:
            depth -= 1
            current.whole = depth <= 0
        elif record in CELLS and depth == 1:
            _count_cell(current, record, data, inside, end)
        else:
            others += 1
            (current.others if depth == 1 else current.nested).append((record, inside, end))
            stream.encrypted |= record == FILEPASS
            if record == BOUNDSHEET and end - inside >= 4:
                offsets.add(int(struct.unpack_from("<I", data, inside)[0]))
            if others > _MOST_OTHERS:
                raise LimitError("too_large")
        current.end = at = end
        if current.whole:
            current = None
            at = at if bof_version(data, at) else _next_bof(stream, at, offsets)
    stream.whole &= all(s.whole for s in stream.substreams if s.kind != WORKSPACE)
    return stream


def _count_cell(sheet: Substream, record: int, data: bytes, at: int, end: int) -> None:
    if end - at >= 4 and record not in (0x07, STRING):
        (row,) = _ROW.unpack_from(data, at)
        sheet.rising &= row >= sheet.last_row
        sheet.last_row = row
        sheet.cells += 1


def _next_bof(stream: Stream, at: int, offsets: set[int]) -> int:
    """Where the next substream begins; the end when there is none. Writers leave padding between them."""
    data = stream.data
    if stream.substreams[0].kind == WORKSPACE:
        following = [start - 4 for _, start, _ in records(data, at, len(data)) if bof_version(data, start - 4)][:1]
    else:
        following = [offset for offset in offsets if offset >= at and bof_version(data, offset)]
    return min(following, default=len(data))
