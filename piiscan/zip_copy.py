"""Writes a zip archive member by member: untouched ones keep their compressed bytes, others are packed anew.

Comments, extra fields and whatever stood between the members are left behind: they can hold text that nobody sees.
"""

from __future__ import annotations

import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from piiscan.errors import LimitError
from piiscan.safe_zip import SafeZip, ZipMember

_SPOOL = 32 * 1024 * 1024
_CHUNK = 1024 * 1024
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_MOST = 0xFFFFFFFF


@dataclass(frozen=True, repr=False)
class Packed:
    """Content that is already deflated, in memory while it is small. The holder closes it."""

    stream: BinaryIO
    crc: int
    size: int
    compressed_size: int

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


def pack(pieces: Iterable[bytes], level: int = 6) -> Packed:
    """Deflates ``pieces`` one after the other."""
    stream = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_SPOOL))  # noqa: SIM115 - handed over
    deflater = zlib.compressobj(level, zlib.DEFLATED, -15)
    crc = size = written = 0
    try:
        for piece in pieces:
            crc = zlib.crc32(piece, crc)
            size += len(piece)
            written += stream.write(deflater.compress(piece))
        written += stream.write(deflater.flush())
    except BaseException:
        stream.close()
        raise
    return Packed(stream, crc, size, written)


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
