"""Makes small Excel files of the versions 2 to 8 for tests: records, shared strings with readings, sheets."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from outlook_files import compound

GLOBALS, SHEET, CHART = 0x05, 0x10, 0x20


def rec(kind: int, body: bytes = b"") -> bytes:
    """One record."""
    return struct.pack("<HH", kind, len(body)) + body


def bof(kind: int, version: int = 8) -> bytes:
    """The beginning of a substream in version 2, 3, 4, 5 or 8."""
    record = {2: 0x0009, 3: 0x0209, 4: 0x0409}.get(version, 0x0809)
    stated = {2: 0x0200, 3: 0x0300, 4: 0x0400, 5: 0x0500, 8: 0x0600}[version]
    return rec(record, struct.pack("<HHHHII", stated, kind, 0x0DBB, 0x07CC, 0, 6)[: 16 if version == 8 else 8])


def wide(text: str, size: int = 2) -> bytes:
    """A Unicode string of version 8 with its length in ``size`` bytes."""
    raw = text.encode("utf-16-le")
    return (len(raw) // 2).to_bytes(size, "little") + b"\1" + raw


def reading(text: str) -> bytes:
    """The ExtRst structure of a reading."""
    raw = text.encode("utf-16-le")
    count = len(raw) // 2
    body = struct.pack("<HHHHH", 0, 0x37, 1, count, count) + raw + struct.pack("<HHH", 0, 0, 1)
    return struct.pack("<HH", 1, len(body)) + body


def shared(strings: Sequence[tuple[str, str, int]]) -> bytes:
    """The body of an SST record: (text, furigana, number of formatting runs)."""
    body = struct.pack("<II", len(strings), len(strings))
    for text, kana, runs in strings:
        raw = text.encode("utf-16-le")
        body += struct.pack("<HB", len(raw) // 2, 1 | (4 if kana else 0) | (8 if runs else 0))
        body += struct.pack("<H", runs) if runs else b""
        body += struct.pack("<I", len(reading(kana))) if kana else b""
        body += raw + bytes(4 * runs) + (reading(kana) if kana else b"")
    return body


def cell(kind: int, row: int, column: int, body: bytes, style: int = 0) -> bytes:
    """A cell record."""
    return rec(kind, struct.pack("<HHH", row, column, style) + body)


def label(row: int, column: int, index: int) -> bytes:
    """A cell with a shared string."""
    return cell(0xFD, row, column, struct.pack("<I", index))


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    """A cell with a number."""
    return cell(0x203, row, column, struct.pack("<d", value), style)


def stream(
    sheets: Sequence[tuple[str, bytes]], extra: bytes = b"", *, hidden: Sequence[int] = (), version: int = 8
) -> bytes:
    """A workbook stream: sheets by name and records; ``extra`` goes into the globals; ``hidden``: their states."""
    bodies = [bof(SHEET, version) + body + rec(0x0A) for _, body in sheets]
    names = [
        wide(name, 1) if version == 8 else bytes([len(name.encode("cp932"))]) + name.encode("cp932")
        for name, _ in sheets
    ]
    start = len(bof(GLOBALS, version)) + len(extra) + sum(10 + len(n) for n in names) + 4
    listed = b""
    for position, (name, body) in enumerate(zip(names, bodies, strict=True)):
        state = hidden[position] if position < len(hidden) else 0
        listed += rec(0x85, struct.pack("<IBB", start, state, 0) + name)
        start += len(body)
    return bof(GLOBALS, version) + extra + listed + rec(0x0A) + b"".join(bodies)


def workbook(data: bytes, name: str = "Workbook", **others: bytes) -> bytes:
    """A compound file around a workbook stream and other streams."""
    return compound({name: data, **others})
