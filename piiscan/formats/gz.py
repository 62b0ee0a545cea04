"""gzip: one compressed file, with its name and a comment in the header (RFC 1952)."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from piiscan.encoding import decode_name
from piiscan.formats._compressed import answer, copy, inner_name, items
from piiscan.formats._mail_names import clean_name
from piiscan.model import Editor, Format, Item, Limits, Place, Source, Text

_NAME, _COMMENT, _EXTRA = 8, 16, 4


def sniff(source: Source) -> int:
    """60 for the signature with the only method there is."""
    return 60 if source.head(3) == b"\x1f\x8b\x08" else 0


def _open(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", gzip.GzipFile(fileobj=stream, mode="rb"))


def _header(source: Source) -> list[tuple[Place, bytes]]:
    """Name and comment of the header as raw bytes; longer ones than 8 KiB are not believed."""
    head = source.head()
    if len(head) < 10:
        return []
    at, flags = 10, head[3]
    if flags & _EXTRA:
        at += 2 + struct.unpack_from("<H", head.ljust(at + 2, b"\0"), at)[0]
    found = []
    for flag, place in (
        (_NAME, Place("gzip:name", "member_name")),
        (_COMMENT, Place("gzip:comment", "other", hidden=True)),
    ):
        if flags & flag:
            end = head.find(b"\0", at)
            if end < 0:
                break
            found.append((place, head[at:end]))
            at = end + 1
    return found


def _member_name(header: list[tuple[Place, bytes]], source: Source) -> str:
    stored = next((decode_name(raw) for place, raw in header if place.where == "member_name"), "")
    return clean_name(stored.replace("\\", "/").rpartition("/")[2], inner_name(source))


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The header's words and the file."""
    header = _header(source)
    yield from (Text(place, decode_name(raw)) for place, raw in header if raw)
    yield from items(source, _member_name(header, source), _open, limits)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """Writes the edited copy; with nothing to change it is the same bytes."""
    header = _header(source)
    texts = {place: (raw, editor.text(place, decode_name(raw), 1)) for place, raw in header if raw}
    new = answer(source, _member_name(header, source), _open, editor, limits)
    if new is None and all(text is None for _, text in texts.values()):
        copy(source, out)
        return
    if new is None:
        source.stream.seek(0)
        with _open(source.stream) as stream:
            new = stream.read()
    head = source.head(10)
    flags = 0
    tail = b""
    for place, (raw, text) in texts.items():
        flags |= _NAME if place.where == "member_name" else _COMMENT
        tail += (raw if text is None else text.encode("utf-8", "replace")).replace(b"\0", b"") + b"\0"
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    out.write(head[:3] + bytes([flags]) + head[4:8] + b"\0" + head[9:10] + tail)
    for start in range(0, len(new), io.DEFAULT_BUFFER_SIZE * 128):
        out.write(packer.compress(new[start : start + io.DEFAULT_BUFFER_SIZE * 128]))
    out.write(packer.flush() + struct.pack("<II", zlib.crc32(new), len(new) & 0xFFFFFFFF))


FORMAT = Format(id="gz", label="gzip 圧縮", suffixes=(".gz", ".tgz"), sniff=sniff, read=read, rewrite=rewrite)
