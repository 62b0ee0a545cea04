"""Signed, compressed and encrypted mail and files (S/MIME, .p7m, .p7s). Reading only. RFC 5652, RFC 3274, RFC 8551.

What was signed or compressed is a file inside, mostly a mail; of certificates the names and addresses are read. Nothing is
said about whether a signature is right. What is encrypted for a recipient can only be opened by that person's mail program.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zlib
from collections.abc import Iterator

from piiscan.errors import EncryptedError, LimitError, UnreadableError
from piiscan.formats._der import Value, values
from piiscan.formats._mail_names import clean_name
from piiscan.model import Format, Item, Limits, Member, Place, Skipped, Source, Text

_SUFFIXES = (".p7m", ".p7s", ".p7c", ".p7z")
_PKCS7 = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
_SMIME = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01"
_SIGNED, _COMPRESSED = _PKCS7 + b"\x02", _SMIME + b"\x09"
#: Enveloped, digested and encrypted data; authenticated, authenticated and enveloped data.
_LOCKED = (_PKCS7 + b"\x03", _PKCS7 + b"\x04", _PKCS7 + b"\x06", _SMIME + b"\x17")
_KINDS = (_SIGNED, _COMPRESSED, *_LOCKED)
_PEM = re.compile(rb"-----BEGIN (?:PKCS7|CMS)-----([A-Za-z0-9+/=\s]{1,200000000})-----END ")
#: The content: content info → data → encapsulated content → octets, in one piece or several.
_CONTENT = (1, 0, 2, 1, 0)
#: UTF8String, PrintableString, TeletexString, IA5String; BMPString.
_STRINGS, _WIDE = (0x0C, 0x13, 0x14, 0x16), 0x1E
_OCTETS = 0x04
_MEMORY_PART = 6
_FIELD = re.compile(rb"[!-9;-~]{1,100}[ \t]*:[^\r\n]*\r?\n")


def sniff(source: Source) -> int:
    """90 for the identifier of a kind of message in the first bytes, plain or as PEM; 0 without."""
    head = source.head(64)
    if head[:1] == b"0" and any(0 < head.find(kind, 0, 40) <= 16 for kind in _KINDS):
        return 90
    return 90 if head.lstrip().startswith((b"-----BEGIN PKCS7-----", b"-----BEGIN CMS-----")) else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The content as a file, then the words of the certificates; ``EncryptedError`` for what is encrypted."""
    if source.size * _MEMORY_PART > limits.memory_bytes:
        raise LimitError("too_large")
    source.stream.seek(0)
    data = _plain(source.stream.read())
    start = data[:64]
    if any(kind in start for kind in _LOCKED):
        raise EncryptedError("encrypted")
    pieces: list[Value] = []
    words: dict[str, None] = {}
    whole = True
    try:
        for value in values(data):
            if value.path[: len(_CONTENT)] == _CONTENT and value.tag in (_OCTETS, 0x80):
                pieces.append(value)
            elif word := _word(data, value):
                words[word] = None
    except UnreadableError:
        if not pieces and not words:
            raise
        whole = False
    content = b"".join(data[p.start : p.end] for p in pieces)
    if _COMPRESSED in start:
        content = _inflated(content, limits)
    if content:
        yield Member(_name(source, content), io.BytesIO(content), len(content))
    if words:
        yield Text(Place("certificates", "property", hidden=True), "\n".join(words))
    if not whole:
        yield Skipped("", "damaged")
    elif not content and not words:
        yield Skipped("", "signature", partial=False)


def _plain(data: bytes) -> bytes:
    """The message as bytes, out of PEM if need be."""
    found = _PEM.search(data[:200_000_100]) if data.lstrip()[:5] == b"-----" else None
    if found is None:
        return data
    try:
        return base64.b64decode(found[1])
    except binascii.Error:
        raise UnreadableError("damaged") from None


def _word(data: bytes, value: Value) -> str:
    raw = data[value.start : value.end]
    if value.tag in _STRINGS:
        return raw.decode("utf-8", "replace").strip()
    if value.tag == _WIDE:
        return raw.decode("utf-16-be", "replace").strip()
    return ""


def _inflated(data: bytes, limits: Limits) -> bytes:
    most = min(limits.memory_bytes // _MEMORY_PART, max(limits.ratio_from_bytes, limits.ratio * len(data)))
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(data, most + 1)
    except zlib.error:
        raise UnreadableError("damaged") from None
    if len(found) > most:
        raise LimitError("zip_ratio", limit=limits.ratio)
    return found


def _name(source: Source, content: bytes) -> str:
    """The name without the suffix of the signature; a mail, which begins with header fields, is called one."""
    stem = source.name[: -len(source.suffix)] if source.suffix in _SUFFIXES else source.name
    mail = "." not in stem and _FIELD.match(content)
    return clean_name(stem + (".eml" if mail else ""), "content.eml" if mail else "content")


FORMAT = Format(id="p7m", label="S/MIME（署名・暗号化）", suffixes=_SUFFIXES, sniff=sniff, read=read)
