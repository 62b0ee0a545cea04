"""All that a package holds as it stands in the file: names, extras, what members say, and the bytes between them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

MAX_DEPTH = 5
#: Bytes of a package that were not inflated, up to which they are taken for headers.
PLAIN = 64 * 1024
_RAW = 64 * 1024
_ZIP = b"PK\x03\x04"


def parts_of(stream: IO[bytes], name: str, depth: int) -> Iterator[tuple[str, IO[bytes], bool]]:
    """(name, stream, whether it may hold compressed bytes) of the stream and of all in it.

    Of a package everything is given but the very bytes that were inflated, which come as what they say.
    """
    stream.seek(0)
    is_package = depth < MAX_DEPTH and stream.read(4) == _ZIP
    stream.seek(0)
    if not is_package:
        yield name, stream, False
        return
    inflated: list[tuple[int, int]] = []
    with zipfile.ZipFile(stream) as package:
        for info in package.infolist():
            inner = f"{name}/{info.filename}" if name else info.filename
            told = b"\0".join((info.filename.encode("utf-8", "surrogateescape"), info.comment, info.extra))
            yield inner, io.BytesIO(told), False
            if info.flag_bits & 1 or info.is_dir():
                continue
            with _opened(package, stream, info) as member:
                head = member.read(4)
                member.unread(head) if isinstance(member, _Inflated) else member.seek(0)
                if head == _ZIP:
                    yield from parts_of(io.BytesIO(member.read()), inner, depth + 1)
                else:
                    yield inner, member, False
                if isinstance(member, _Inflated) and member.read(1) == b"":
                    inflated.append(member.extent)
    at = 0
    for start, end in [*sorted(inflated), (stream.seek(0, io.SEEK_END),) * 2]:
        if start > at:
            stretch = cast("IO[bytes]", _Stretch(stream, at, start))
            yield name, stretch, start - at > PLAIN
        at = max(at, end)


def _opened(package: zipfile.ZipFile, stream: IO[bytes], info: zipfile.ZipInfo) -> IO[bytes]:
    """A member as what it says; the library has looked at its header."""
    member = package.open(info)
    if info.compress_type != zipfile.ZIP_DEFLATED:
        return member
    member.close()
    return cast("IO[bytes]", _Inflated(stream, info))


class _Stretch(io.RawIOBase):
    """The bytes of a stream between two places."""

    def __init__(self, stream: IO[bytes], start: int, end: int) -> None:
        self._stream, self._start, self._end, self._at = stream, start, end, start

    def read(self, count: int = -1) -> bytes:
        """As many bytes, or what is left."""
        self._stream.seek(self._at)
        left = self._end - self._at
        data = self._stream.read(left if count < 0 else min(count, left))
        self._at += len(data)
        return data


class _Inflated(io.RawIOBase):
    """What a deflated member says, to its last byte whatever its header says, with its checksum proved."""

    def __init__(self, stream: IO[bytes], info: zipfile.ZipInfo) -> None:
        stream.seek(info.header_offset)
        name, extra = struct.unpack("<26x2H", stream.read(30))
        self._info, self._first = info, info.header_offset + 30 + name + extra
        self._raw = _Stretch(stream, self._first, self._first + info.compress_size)
        self._inflater, self._held, self._crc = zlib.decompressobj(-15), b"", 0
        self._rest, self._used = b"", 0

    def read(self, count: int = -1) -> bytes:
        """As many bytes, or what is left."""
        pieces, size = [self._held], len(self._held)
        while (count < 0 or size < count) and (piece := self._more()):
            pieces.append(piece)
            size += len(piece)
        data = b"".join(pieces)
        count = size if count < 0 else count
        self._held = data[count:]
        return data[:count]

    def unread(self, data: bytes) -> None:
        """Gives back what was read."""
        self._held = data + self._held

    @property
    def extent(self) -> tuple[int, int]:
        """Where the bytes stand that were inflated."""
        return self._first, self._first + self._used

    def _more(self) -> bytes:
        """The next bytes, none at the end."""
        inflater, piece = self._inflater, b""
        while not piece and not inflater.eof:
            given = self._rest or self._raw.read(_RAW)
            if not given:
                raise EOFError
            piece = inflater.decompress(given, _RAW * 16)
            self._rest = inflater.unconsumed_tail or inflater.unused_data
            self._used += len(given) - len(self._rest)
            self._crc = zlib.crc32(piece, self._crc)
        if not piece and self._crc != self._info.CRC:
            raise zipfile.BadZipFile
        return piece
