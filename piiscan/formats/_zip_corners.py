"""What a zip archive holds besides its members: comments, extra fields, and bytes that belong to nothing."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from piiscan.encoding import decode_name
from piiscan.formats._binary_strings import eight_bit_strings, strings
from piiscan.model import Place, Text
from piiscan.zips.safe_zip import SafeZip, ZipMember

#: Extra fields of times, sizes, owners by number, encryption and padding. APPNOTE 4.5.2, Info-ZIP extrafld.txt.
_NUMBERS = frozenset({0x0001, 0x000A, 0x5455, 0x5855, 0x7855, 0x7875, 0x9901, 0xA220, 0xCAFE, 0xD935})
_UNICODE = (0x7075, 0x6375)
_SIGNATURE, _DESCRIPTOR = b"PK\x07\x08", 0x8
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL_BYTES, _END_BYTES = 46, 22
_ENDS = (b"PK\x05\x06", b"PK\x06\x06")
#: Bytes outside the members that are looked at.
_MOST = 16 * 1024 * 1024


def corner_texts(archive: SafeZip) -> Iterator[Text]:
    """Every text outside the members and their names."""
    for member in archive.members:
        if member.info.comment:
            yield _text(f"zip:comment {member.index + 1}", decode_name(member.info.comment))
        if found := extra_text(member):
            yield _text(f"zip:extra {member.index + 1}", found)
    if archive.comment.strip():
        yield _text("zip:comment", decode_name(archive.comment))
    if found := "\n".join(_words(raw) for raw in _unused(archive) if raw.strip(b"\0")).strip():
        yield _text("zip:unused", found)


def _text(location: str, text: str) -> Text:
    return Text(Place(location, "other", hidden=True), text)


def extra_text(member: ZipMember) -> str:
    """The words in the extra fields of a member, another name of it among them; "" when there are none."""
    extra, at, found = member.info.extra, 0, []
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + length]
        at += 4 + length
        if kind in _UNICODE and len(body) > 5:
            found.append(body[5:].decode("utf-8", "replace"))
        elif kind not in _NUMBERS:
            found.append(_words(body))
    return "\n".join(text for text in found if text and text != member.name)


def _words(raw: bytes) -> str:
    return "\n".join(dict.fromkeys((*eight_bit_strings(raw), *strings(raw))))


def _unused(archive: SafeZip) -> Iterator[bytes]:
    """The stretches before, between and behind members, directory and end record."""
    stream, at, budget = archive.stream, 0, _MOST
    if any(member.info.header_offset < 0 for member in archive.members):
        return  # a directory that was made up for a damaged archive
    for member in sorted(archive.members, key=lambda m: m.info.header_offset):
        if member.info.header_offset > at and budget > 0:
            raw = _at(stream, at, min(member.info.header_offset - at, budget))
            budget -= len(raw)
            yield raw
        at = max(at, _end_of(stream, member))
    if archive.start > at and budget > 0:
        yield _at(stream, at, min(archive.start - at, budget))
    size = sum(_CENTRAL_BYTES + len(_raw_name(m)) + len(m.info.extra) + len(m.info.comment) for m in archive.members)
    tail = _at(stream, archive.start + size, _MOST)
    begin = min((p for p in map(tail.find, _ENDS) if p >= 0), default=-1)
    last = tail.rfind(_ENDS[0])
    if begin >= 0 and last + _END_BYTES <= len(tail):
        length = int.from_bytes(tail[last + 20 : last + 22], "little")
        yield tail[:begin] + b"\0" + tail[last + _END_BYTES + length :]


def _raw_name(member: ZipMember) -> bytes:
    name = member.info.orig_filename
    return name.encode("utf-8", "surrogateescape") if member.info.flag_bits & 0x800 else name.encode("cp437", "replace")


def _end_of(stream: BinaryIO, member: ZipMember) -> int:
    """Where the data of a member end, its descriptor included. Other fields than the directory's are left in between."""
    info = member.info
    head = _at(stream, info.header_offset, _LOCAL.size)
    if len(head) < _LOCAL.size:
        return int(info.header_offset)
    fields = _LOCAL.unpack(head)
    end = int(info.header_offset) + _LOCAL.size + int(fields[9]) + int(fields[10]) + int(info.compress_size)
    if info.flag_bits & _DESCRIPTOR:
        behind = _at(stream, end, 4)
        wide = max(info.file_size, info.compress_size) > 0xFFFFFFFF
        end += (8 if wide else 0) + (16 if behind == _SIGNATURE else 12)
    return end


def _at(stream: BinaryIO, at: int, length: int) -> bytes:
    stream.seek(at)
    return stream.read(length)
