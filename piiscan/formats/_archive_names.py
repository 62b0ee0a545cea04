"""The names of the files in archives that are not unpacked here: RAR, LZH and CAB keep them uncompressed.

RAR 4 and 5: technote of RARLAB ("RAR 5.0 archive format"), unrar's rawread; LZH: header levels 0 to 2 of LHA; CAB: [MS-CAB].
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from piiscan.encoding import decode_name
from piiscan.errors import EncryptedError

RAR4, RAR5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
CAB = b"MSCF"
_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """The name of a file in an archive, and whether its content needs a password."""

    name: str
    encrypted: bool = False


def is_lzh(head: bytes) -> bool:
    """Whether a file begins with the header of an LZH entry: the method stands behind two bytes."""
    return len(head) > 21 and head[2:4] == b"-l" and head[4:5] in b"hz" and head[6:7] == b"-" and head[20] < 4


def entries(stream: BinaryIO) -> Iterator[Entry]:
    """The entries as far as they can be followed; raises ``EncryptedError`` when the directory is encrypted."""
    stream.seek(0)
    head = stream.read(32)
    try:
        if head.startswith(RAR5):
            yield from _rar5(stream)
        elif head.startswith(RAR4):
            yield from _rar4(stream)
        elif head.startswith(CAB):
            yield from _cab(stream)
        elif is_lzh(head):
            yield from _lzh(stream)
    except (struct.error, IndexError):  # cut off
        return


def _block(stream: BinaryIO, at: int) -> bytes:
    # What a damaged length leads to may be further than any file goes.
    stream.seek(min(at, sys.maxsize))
    return stream.read(_BLOCK)


# ---------------------------------------------------------------- RAR


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = 0
    for shift in range(0, 70, 7):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return value, at


def _rar5(stream: BinaryIO) -> Iterator[Entry]:
    at = len(RAR5)
    while data := _block(stream, at):
        size, start = _number(data, 4)
        kind, inside = _number(data, start)
        flags, inside = _number(data, inside)
        extra, inside = _number(data, inside) if flags & 1 else (0, inside)
        packed, inside = _number(data, inside) if flags & 2 else (0, inside)
        end = start + size
        if kind == 4:
            raise EncryptedError("encrypted")
        if kind == 2:
            yield _rar5_file(data[:end], inside, end - extra)
        if kind == 5 or size == 0:
            return
        at += end + packed


def _rar5_file(data: bytes, at: int, extra: int) -> Entry:
    flags, at = _number(data, at)
    for _ in range(2):  # size, attributes
        _, at = _number(data, at)
    at += (4 if flags & 2 else 0) + (4 if flags & 4 else 0)
    for _ in range(2):  # method, system
        _, at = _number(data, at)
    length, at = _number(data, at)
    # A record of type 1 in the extra area holds the parameters of encryption.
    encrypted = at < extra < len(data) and _number(data, _number(data, extra)[1])[0] == 1
    return Entry(data[at : at + length].decode("utf-8", "replace"), encrypted)


def _rar4(stream: BinaryIO) -> Iterator[Entry]:
    at = len(RAR4)
    while data := _block(stream, at):
        _, kind, flags, size = struct.unpack_from("<HBHH", data)
        packed = struct.unpack_from("<I", data, 7)[0] if flags & 0x8000 or kind == 0x74 else 0
        if kind == 0x73 and flags & 0x80:
            raise EncryptedError("encrypted")
        if kind == 0x74:
            (length,) = struct.unpack_from("<H", data, 26)
            name = 32
            if flags & 0x100:
                packed |= struct.unpack_from("<I", data, 32)[0] << 32
                name = 40
            yield Entry(_rar4_name(data[name : name + length], wide=bool(flags & 0x200)), bool(flags & 4))
        if kind == 0x7B or size < 7:
            return
        at += size + packed


def _rar4_name(raw: bytes, *, wide: bool) -> str:
    narrow, nul, packed = raw.partition(b"\0")
    if not wide:
        return decode_name(raw)
    return _wide(narrow, packed) if nul else raw.decode("utf-8", "replace")


def _wide(narrow: bytes, packed: bytes) -> str:
    """A name in the old packed form: pairs of bits tell how each character is made."""
    out: list[int] = []
    try:
        high, at, flags, left = packed[0], 1, 0, 0
        while at < len(packed):
            if not left:
                flags, at, left = packed[at], at + 1, 8
            left -= 2
            kind = flags >> left & 3
            if kind < 2:
                out.append(packed[at] | (high << 8 if kind else 0))
                at += 1
            elif kind == 2:
                out.append(packed[at] | packed[at + 1] << 8)
                at += 2
            else:
                count, at = packed[at], at + 1
                added = packed[at] if count & 0x80 else 0
                at += bool(count & 0x80)
                for _ in range((count & 0x7F) + 2):
                    byte = narrow[len(out)]
                    out.append((byte + added & 0xFF) | high << 8 if count & 0x80 else byte)
    except IndexError:
        pass
    return struct.pack(f"<{len(out)}H", *out).decode("utf-16-le", "replace")


# ---------------------------------------------------------------- LZH and CAB


def _lzh(stream: BinaryIO) -> Iterator[Entry]:
    at = 0
    while is_lzh(data := _block(stream, at)):
        packed, level = struct.unpack_from("<I", data, 7)[0], data[20]
        name = folder = b""
        if level < 2:
            size = data[0] + 2
            name = data[22 : 22 + data[21]]
            more = size - 2 if level else 0
        else:
            size = struct.unpack_from("<H", data)[0]
            more = 24
        if level and level < 3:
            for kind, body in _lzh_extensions(data, more):
                name = body if kind == 1 else name
                folder = body.replace(b"\xff", b"/") if kind == 2 else folder
        yield Entry(decode_name(folder + name))
        if level == 3 or size < 21:
            return
        at += size + packed


def _lzh_extensions(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """(type, content) of the headers that follow; each tells the length of the next."""
    for _ in range(64):
        (size,) = struct.unpack_from("<H", data, at)
        if size < 3 or at + 2 + size > len(data):
            return
        yield data[at + 2], data[at + 3 : at + size]
        at += size


def _cab(stream: BinaryIO) -> Iterator[Entry]:
    head = _block(stream, 0)
    at, count = struct.unpack_from("<I", head, 16)[0], struct.unpack_from("<H", head, 28)[0]
    for _ in range(count):
        data = _block(stream, at)[:1024]
        end = data.index(b"\0", 16) if b"\0" in data[16:] else len(data)
        (attributes,) = struct.unpack_from("<H", data, 14)
        raw = data[16:end]
        yield Entry(raw.decode("utf-8", "replace") if attributes & 0x80 else decode_name(raw))
        at += end + 1
