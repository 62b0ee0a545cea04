"""Writes a zip archive next to another: members that stay are copied with their compressed bytes, headers and fields.

The standard library cannot copy a compressed member, so local headers, descriptors and the directory are written here.
Format: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.9, 4.3.12, 4.3.16.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from piiscan.errors import UnsafeCopyError
from piiscan.zips.safe_zip import SafeZip, ZipMember

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_TAIL = struct.Struct("<4s3I")
_UTF8, _DESCRIPTOR = 0x800, 0x8
_DEFLATED, _STORED = 8, 0
_LARGEST = 0xFFFFFFFF - 1


@dataclass(frozen=True, repr=False)
class _Entry:
    """What the directory says about a member that has been written."""

    flags: int
    method: int
    crc: int
    packed: int
    size: int
    name: bytes
    extra: bytes
    comment: bytes
    offset: int
    member: ZipMember


def write_archive(
    archive: SafeZip,
    members: Iterable[ZipMember],
    out: BinaryIO,
    content: Callable[[ZipMember], bytes | None],
    renamed: Callable[[ZipMember], str | None],
    comments: Mapping[int, bytes | None],
    comment: bytes | None,
    bare: frozenset[int] = frozenset(),
) -> None:
    """Copies ``members`` of ``archive`` to ``out``; ``content`` and ``renamed`` give what replaces a member's bytes and name, or None.

    ``bare``: members that lose their extra fields.

    Raises ``UnsafeCopyError`` above 4 GiB or 65,535 members.
    """
    entries = []
    at = 0
    for member in members:
        entry = _written(
            archive, out, member, content(member), renamed(member), comments.get(member.index), at, member.index in bare
        )
        entries.append(entry)
        at += _LOCAL.size + len(entry.name) + len(_local_extra(entry)) + entry.packed
        at += _TAIL.size if entry.flags & _DESCRIPTOR else 0
    start = at
    for entry in entries:
        at += out.write(_central(entry))
    if len(entries) >= 0xFFFF or at > _LARGEST:
        raise UnsafeCopyError("zip_too_large")
    last = archive.comment if comment is None else comment
    out.write(_END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), at - start, start, len(last)) + last)


def _written(
    archive: SafeZip,
    out: BinaryIO,
    member: ZipMember,
    new: bytes | None,
    name: str | None,
    comment: bytes | None,
    at: int,
    bare: bool,
) -> _Entry:
    info = member.info
    # Sizes stand in the header, so no descriptor follows the data. What is encrypted keeps it: with one, the byte by
    # which a wrong password is told is another.
    flags = info.flag_bits if member.encrypted else info.flag_bits & ~_DESCRIPTOR
    raw_name = _raw_name(member)
    extra = _fields(info.extra, drop=(0x0001,))
    if bare:
        extra = _fields(extra, keep=(0x9901,))  # without it an encrypted member could not be opened
    if name is not None:
        raw_name, flags = name.encode("utf-8", "replace"), flags | _UTF8
        extra = _fields(extra, drop=(0x7075,))
    said = info.comment if comment is None else comment
    if said != info.comment:
        extra = _fields(extra, drop=(0x6375,))
    method, crc, packed, size = info.compress_type, info.CRC, info.compress_size, info.file_size
    body: bytes | None = None
    if new is not None:
        method, crc, size = (_STORED if info.compress_type == _STORED else _DEFLATED), zlib.crc32(new), len(new)
        body = _deflated(new) if method == _DEFLATED else new
        packed = len(body)
    if max(packed, size, at) > _LARGEST:
        raise UnsafeCopyError("zip_too_large")
    entry = _Entry(flags, method, crc, packed, size, raw_name, extra, said, at, member)
    out.write(_local(entry))
    if body is not None:
        out.write(body)
    else:
        for piece in archive.raw(member):
            out.write(piece)
    if flags & _DESCRIPTOR:
        out.write(_TAIL.pack(b"PK\x07\x08", crc, packed, size))
    return entry


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _raw_name(member: ZipMember) -> bytes:
    info = member.info
    if info.flag_bits & _UTF8:
        return info.orig_filename.encode("utf-8", "surrogateescape")
    return info.orig_filename.encode("cp437")


def _fields(extra: bytes, drop: tuple[int, ...] = (), keep: tuple[int, ...] = ()) -> bytes:
    """The extra fields without some of them, or only some of them; a broken tail is dropped, because readers guess differently about it."""
    out = b""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        end = at + 4 + length
        if end > len(extra):
            break
        if kind not in drop and (not keep or kind in keep):
            out += extra[at:end]
        at = end
    return out


def _local_extra(entry: _Entry) -> bytes:
    # Time stamps and the Unicode name mean the same in both headers; other fields differ, so only these are copied.
    kept = b""
    at = 0
    while at + 4 <= len(entry.extra):
        kind, length = struct.unpack_from("<HH", entry.extra, at)
        if kind == 0x7075:
            kept += entry.extra[at : at + 4 + length]
        at += 4 + length
    return kept


def _when(member: ZipMember) -> tuple[int, int]:
    year, month, day, hour, minute, second = member.info.date_time
    return hour << 11 | minute << 5 | second // 2, max(0, year - 1980) << 9 | month << 5 | day


def _local(entry: _Entry) -> bytes:
    extra = _local_extra(entry)
    version = entry.member.info.extract_version
    return (
        _LOCAL.pack(b"PK\x03\x04", version, entry.flags, entry.method, *_when(entry.member), entry.crc, entry.packed,
                    entry.size, len(entry.name), len(extra))
        + entry.name + extra
    )  # fmt: skip


def _central(entry: _Entry) -> bytes:
    info = entry.member.info
    made_by = info.create_version | info.create_system << 8
    return (
        _CENTRAL.pack(b"PK\x01\x02", made_by, info.extract_version, entry.flags, entry.method, *_when(entry.member),
                      entry.crc, entry.packed, entry.size, len(entry.name), len(entry.extra), len(entry.comment), 0,
                      info.internal_attr, info.external_attr, entry.offset)
        + entry.name + entry.extra + entry.comment
    )  # fmt: skip
