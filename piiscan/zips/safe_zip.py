"""Zip archives read with suspicion: names decoded, overlaps refused, bytes counted as they inflate.

The stdlib parses the directory; everything that a hostile archive can lie about is checked here. Nothing is ever
extracted under a name from the archive. Format: PKWARE APPNOTE 6.3.10; bombs: D. Fifield, "A better zip bomb".
"""

from __future__ import annotations

import lzma
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

from piiscan.errors import EncryptedError, LimitError, UnreadableError

_CHUNK = 1024 * 1024
_SPOOL = 32 * _CHUNK
#: A directory entry is 46 bytes and a name; one that takes more than this on average is an attack on memory.
_ENTRY_BYTES = 1024
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_END = struct.Struct("<4s4H2IH")
_DEFLATED, _STORED = zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED
_FOREIGN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    UnicodeError,
)


class ZipLimits(Protocol):
    """The bounds that concern an archive; ``piiscan.model.Limits`` has them."""

    @property
    def members(self) -> int: ...
    @property
    def inflated_bytes(self) -> int: ...
    @property
    def ratio(self) -> int: ...
    @property
    def ratio_from_bytes(self) -> int: ...


@dataclass(frozen=True, slots=True)
class ZipMember:
    """One entry of the directory. ``name`` is decoded as it stands (backslashes too); ``index`` is its position."""

    index: int
    name: str
    info: zipfile.ZipInfo

    @property
    def key(self) -> str:
        """The name as other readers would compare it: ``/`` between folders, no leading one, case folded."""
        return self.name.replace("\\", "/").lstrip("/").casefold()

    @property
    def is_folder(self) -> bool:
        """Whether the entry only names a folder."""
        return self.name.endswith("/") and not self.info.file_size

    @property
    def encrypted(self) -> bool:
        """Whether the content needs a password (general purpose bit 0)."""
        return bool(self.info.flag_bits & 1)

    @property
    def compressed_size(self) -> int:
        """Bytes in the archive."""
        return self.info.compress_size


class SafeZip:
    """An open archive. Not for sharing between threads; the stream stays the caller's."""

    def __init__(self, stream: BinaryIO, archive: zipfile.ZipFile, members: tuple[ZipMember, ...], limits: ZipLimits):
        self.members = members
        self.comment = archive.comment
        #: Where the directory begins.
        self.start: int = archive.start_dir
        self.stream = stream
        self._archive = archive
        self._limits = limits
        self._inflated: dict[int, int] = {}
        self._total = 0

    @property
    def ambiguous(self) -> tuple[ZipMember, ...]:
        """Members whose names are equal for some reader: the same name twice, or apart only in case or slashes."""
        seen = Counter(m.key for m in self.members if not m.is_folder)
        return tuple(m for m in self.members if seen[m.key] > 1 and not m.is_folder)

    def chunks(self, member: ZipMember, size: int = _CHUNK) -> Iterator[bytes]:
        """The content in pieces of about ``size`` bytes.

        Raises ``EncryptedError``, ``LimitError`` and, also after the last piece (checksum), ``UnreadableError``.
        """
        if member.encrypted:
            raise EncryptedError("encrypted")
        if member.info.compress_type in (_STORED, _DEFLATED):
            pieces = self._inflate(member, size)
        else:
            pieces = self._by_stdlib(member, size)
        done = checksum = 0
        try:
            for piece in pieces:
                done += len(piece)
                checksum = zlib.crc32(piece, checksum)
                self._count(member, done)
                yield piece
        except _FOREIGN as error:
            raise UnreadableError("zip_damaged", kind=type(error).__name__) from None
        if checksum != member.info.CRC:
            raise UnreadableError("zip_damaged", kind="checksum")

    def read(self, member: ZipMember) -> bytes:
        """The whole content; raises like :meth:`chunks`."""
        return b"".join(self.chunks(member))

    def open(self, member: ZipMember) -> tuple[BinaryIO, int]:
        """The content as a seekable stream, in memory while it is small, and its length; the caller closes it."""
        spool = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_SPOOL))  # noqa: SIM115 - handed over
        size = 0
        try:
            for piece in self.chunks(member):
                size += spool.write(piece)
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        return spool, size

    def raw(self, member: ZipMember, size: int = _CHUNK) -> Iterator[bytes]:
        """The bytes as they are stored, still compressed."""
        self.stream.seek(self._data_offset(member))
        left = member.info.compress_size
        position = self.stream.tell()
        while left:
            self.stream.seek(position)
            piece = self.stream.read(min(size, left))
            if not piece:
                raise UnreadableError("zip_damaged", kind="truncated")
            left -= len(piece)
            position += len(piece)
            yield piece

    def _data_offset(self, member: ZipMember) -> int:
        if member.info.header_offset < 0:  # what a directory claims that lies before the file
            raise UnreadableError("zip_damaged", kind="offset")
        self.stream.seek(member.info.header_offset)
        head = self.stream.read(_LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise UnreadableError("zip_damaged", kind="local_header")
        fields = _LOCAL.unpack(head)
        return member.info.header_offset + _LOCAL.size + int(fields[9]) + int(fields[10])

    def _inflate(self, member: ZipMember, size: int) -> Iterator[bytes]:
        raw = self.raw(member, 64 * 1024)
        if member.info.compress_type == _STORED:
            yield from raw
            return
        # By hand rather than through zipfile: it trusts the header's length and cuts what is longer.
        inflater = zlib.decompressobj(-15)
        for piece in raw:
            rest = piece
            while rest and not inflater.eof:
                out = inflater.decompress(rest, size)
                rest = inflater.unconsumed_tail
                if out:
                    yield out
        if out := inflater.flush():
            yield out
        if not inflater.eof:
            raise UnreadableError("zip_damaged", kind="truncated")

    def _by_stdlib(self, member: ZipMember, size: int) -> Iterator[bytes]:
        try:
            stream = self._archive.open(member.info)
        except _FOREIGN as error:
            raise UnreadableError("zip_method", kind=type(error).__name__) from None
        with stream:
            while piece := stream.read(size):
                yield piece

    def _count(self, member: ZipMember, done: int) -> None:
        # A part that is read twice counts once: the budget bounds what the archive holds, time is bounded elsewhere.
        before = self._inflated.get(member.index, 0)
        if done > before:
            self._total += done - before
            self._inflated[member.index] = done
        if self._total > self._limits.inflated_bytes:
            raise LimitError("zip_too_large", limit=self._limits.inflated_bytes)
        if done > self._limits.ratio_from_bytes and done > self._limits.ratio * max(1, member.compressed_size):
            raise LimitError("zip_ratio", limit=self._limits.ratio)


def open_zip(stream: BinaryIO, limits: ZipLimits) -> SafeZip:
    """Reads the directory of an archive and checks it.

    Raises ``UnreadableError`` for what is no zip or is damaged, ``LimitError`` for too many members and for members
    that share bytes (the trick of the overlapping zip bomb, CVE-2024-0450, whatever the Python version).
    """
    try:
        _check_directory_size(stream, limits)
        archive = zipfile.ZipFile(stream)
    except _FOREIGN as error:
        raise UnreadableError("zip_damaged", kind=type(error).__name__) from None
    infos = archive.infolist()
    if len(infos) > limits.members:
        raise LimitError("zip_too_many_members", limit=limits.members)
    _check_overlap(infos, archive.start_dir)
    return SafeZip(stream, archive, tuple(ZipMember(i, _name(info), info) for i, info in enumerate(infos)), limits)


def _check_directory_size(stream: BinaryIO, limits: ZipLimits) -> None:
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 65_536 - _END.size))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    stream.seek(0)
    if at < 0 or len(tail) - at < _END.size:
        return
    count, length = _END.unpack_from(tail, at)[4:6]
    if (count != 0xFFFF and count > limits.members) or (
        length != 0xFFFFFFFF and length > limits.members * _ENTRY_BYTES
    ):
        raise LimitError("zip_too_many_members", limit=limits.members)


def _check_overlap(infos: list[zipfile.ZipInfo], end: int) -> None:
    # What would lie outside the file shares no bytes with anything; it is found damaged when it is read.
    ordered = sorted((i for i in infos if 0 <= i.header_offset < end), key=lambda info: info.header_offset)
    starts = [*(info.header_offset for info in ordered[1:]), end]
    for info, following in zip(ordered, starts, strict=False):
        if info.header_offset + _LOCAL.size + info.compress_size > following:
            raise LimitError("zip_overlap")


def _name(info: zipfile.ZipInfo) -> str:
    name = info.orig_filename
    if info.flag_bits & 0x800 or (name.isascii() and not info.extra):
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    if stated := _unicode_path(info.extra, raw):
        return stated
    # macOS writes UTF-8 without saying so, Windows in Japan writes cp932; UTF-8 is the test that hardly ever errs.
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in the Info-ZIP Unicode Path field (0x7075), when it belongs to this name."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + length]
        if kind == 0x7075 and len(body) > 5 and body[0] == 1 and body[1:5] == struct.pack("<I", zlib.crc32(raw)):
            try:
                return body[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
        at += 4 + length
    return None
