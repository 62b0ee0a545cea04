"""Writes a zip archive member by member: untouched ones keep their compressed bytes, others are packed anew.

Comments, extra fields and whatever stood between the members are left behind: they can hold text that nobody sees.
"""

from __future__ import annotations

import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO, cast

from piiscan.errors import LimitError
from piiscan.zips.safe_zip import SafeZip, ZipMember

_SPOOL = 32 * 1024 * 1024
_CHUNK = 1024 * 1024
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_MOST = 0xFFFFFFFF
#: That of CRC-32 (ISO 3309), the highest power in the lowest bit.
_POLYNOMIAL = 0xEDB88320


@dataclass(frozen=True, repr=False)
class Packed:
    """Content that is already deflated, in memory while it is small. The holder closes it.

    ``whole``: the deflated bytes come to an end; others may follow on those that do not."""

    stream: BinaryIO
    crc: int
    size: int
    compressed_size: int
    whole: bool = True

    def raw(self) -> Iterator[bytes]:
        """The deflated bytes."""
        self.stream.seek(0)
        while piece := self.stream.read(_CHUNK):
            yield piece

    def content(self) -> Iterator[bytes]:
        """The content itself."""
        inflater = zlib.decompressobj(-15)
        for piece in self.raw():
            rest = piece
            while rest:
                yield inflater.decompress(rest, _CHUNK)
                rest = inflater.unconsumed_tail
        yield inflater.flush()

    def close(self) -> None:
        """Forgets the content."""
        self.stream.close()


def pack(pieces: Iterable[bytes], level: int = 6, *, whole: bool = True) -> Packed:
    """Deflates ``pieces`` one after the other; much of it in a thread, while the next ones are made."""
    stream = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_SPOOL))  # noqa: SIM115 - handed over
    deflater = _Deflater(zlib.compressobj(level, zlib.DEFLATED, -15), stream)
    waiting: Future[None] | None = None
    pool: ThreadPoolExecutor | None = None
    try:
        for piece in pieces:
            if waiting is not None:
                waiting.result()
            if pool is None and deflater.size < _CHUNK:
                deflater.add(piece)
            else:
                pool = pool or ThreadPoolExecutor(1)
                waiting = pool.submit(deflater.add, piece)
        if waiting is not None:
            waiting.result()
        deflater.end(whole=whole)
    except BaseException:
        if pool is not None:
            pool.shutdown()
        stream.close()
        raise
    if pool is not None:
        pool.shutdown()
    return Packed(stream, deflater.crc, deflater.size, deflater.written, whole)


@dataclass(repr=False)
class _Deflater:
    """Deflates onto a stream; used by one thread at a time."""

    deflater: zlib._Compress
    stream: BinaryIO
    crc: int = 0
    size: int = 0
    written: int = 0

    def add(self, piece: bytes) -> None:
        """Takes in the next bytes."""
        self.crc = zlib.crc32(piece, self.crc)
        self.size += len(piece)
        self.written += self.stream.write(self.deflater.compress(piece))

    def end(self, *, whole: bool) -> None:
        """There are no more; others may follow unless it is the ``whole``."""
        self.written += self.stream.write(self.deflater.flush(zlib.Z_FINISH if whole else zlib.Z_FULL_FLUSH))


def packed_around(before: bytes, middle: Packed, after: bytes) -> Packed:
    """``middle``, which is not whole, with bytes before and behind it, and not deflated again."""
    stream = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_SPOOL))  # noqa: SIM115 - handed over
    try:
        first = _Deflater(zlib.compressobj(6, zlib.DEFLATED, -15), stream)
        first.add(before)
        first.end(whole=False)
        for piece in middle.raw():
            stream.write(piece)
        last = _Deflater(zlib.compressobj(6, zlib.DEFLATED, -15), stream)
        last.add(after)
        last.end(whole=True)
    except BaseException:
        stream.close()
        raise
    crc = crc_of_both(crc_of_both(first.crc, middle.crc, middle.size), last.crc, last.size)
    written = first.written + middle.compressed_size + last.written
    return Packed(stream, crc, len(before) + middle.size + len(after), written)


def crc_of_both(first: int, second: int, size: int) -> int:
    """The CRC-32 of two pieces of bytes of which those are known; ``size``: how long the second one is.

    That of the first is moved on by as many zero bytes: multiplied by x to the power of eight times ``size``, modulo the
    polynomial of CRC-32, whose coefficients stand in the bits in reverse."""
    factor, power = 1 << 23, 1 << 31  # x to the power of 8, and 1
    while size:
        if size & 1:
            power = _times(power, factor)
        factor = _times(factor, factor)
        size >>= 1
    return _times(first, power) ^ second


def _times(a: int, b: int) -> int:
    """The product of two polynomials, modulo that of CRC-32."""
    product = 0
    for bit in range(31, -1, -1):
        if a >> bit & 1:
            product ^= b
        b = b >> 1 ^ (_POLYNOMIAL if b & 1 else 0)
    return product


@dataclass(frozen=True, slots=True)
class _Entry:
    member: ZipMember
    flags: int
    method: int
    crc: int
    compressed_size: int
    size: int
    extra: bytes
    offset: int


class ZipCopy:
    """An archive being written to ``out``, which need not be seekable. Call :meth:`finish` at the end."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._at = 0
        self._entries: list[_Entry] = []

    def copy(self, archive: SafeZip, member: ZipMember) -> None:
        """Takes a member over with its compressed bytes."""
        info = member.info
        flags, extra = info.flag_bits & ~_DESCRIPTOR, b""
        if member.encrypted:
            # The descriptor bit decides which byte the password is checked against; AES keeps its method in the extra.
            flags, extra = info.flag_bits, info.extra
        entry = _Entry(member, flags, info.compress_type, info.CRC, info.compress_size, info.file_size, extra, self._at)
        self._member(entry, archive.raw(member))

    def write(self, member: ZipMember, content: bytes | Packed) -> None:
        """Writes new content under the name, date and attributes of ``member``."""
        packed = pack([content]) if isinstance(content, bytes) else content
        flags = member.info.flag_bits & _UTF8
        entry = _Entry(member, flags, 8, packed.crc, packed.compressed_size, packed.size, b"", self._at)
        try:
            self._member(entry, packed.raw())
        finally:
            if packed is not content:
                packed.close()

    def finish(self) -> None:
        """Writes the directory."""
        start = self._at
        for entry in self._entries:
            info = entry.member.info
            name = _raw_name(entry.member)
            self._put(
                _CENTRAL.pack(
                    b"PK\x01\x02",
                    info.create_version | info.create_system << 8,
                    max(20, info.extract_version),
                    entry.flags,
                    entry.method,
                    *_dos_time(info.date_time),
                    entry.crc,
                    entry.compressed_size,
                    entry.size,
                    len(name),
                    len(entry.extra),
                    0,
                    0,
                    info.internal_attr,
                    info.external_attr,
                    entry.offset,
                )
                + name
                + entry.extra
            )
        count = len(self._entries)
        self._put(_END.pack(b"PK\x05\x06", 0, 0, count, count, self._at - start, start, 0))

    def _member(self, entry: _Entry, raw: Iterable[bytes]) -> None:
        # ZIP64 is not written: the limits of reading stop before it would be needed.
        if max(self._at, entry.size) + entry.compressed_size > _MOST - 70_000 or len(self._entries) >= 0xFFFF:
            raise LimitError("zip_too_large", limit=_MOST)
        name = _raw_name(entry.member)
        info = entry.member.info
        self._put(
            _LOCAL.pack(
                b"PK\x03\x04",
                max(20, info.extract_version),
                entry.flags,
                entry.method,
                *_dos_time(info.date_time),
                entry.crc,
                entry.compressed_size,
                entry.size,
                len(name),
                len(entry.extra),
            )
            + name
            + entry.extra
        )
        for piece in raw:
            self._put(piece)
        if entry.flags & _DESCRIPTOR:
            self._put(b"PK\x07\x08" + struct.pack("<3I", entry.crc, entry.compressed_size, entry.size))
        self._entries.append(entry)

    def _put(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)


def _raw_name(member: ZipMember) -> bytes:
    """The name in the very bytes it had."""
    name = member.info.orig_filename
    return name.encode("utf-8" if member.info.flag_bits & _UTF8 else "cp437", "surrogateescape")


def _dos_time(when: tuple[int, ...]) -> tuple[int, int]:
    year, month, day, hour, minute, second = when
    return hour << 11 | minute << 5 | second // 2, max(0, year - 1980) << 9 | month << 5 | day
