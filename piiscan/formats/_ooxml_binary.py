"""Parts of a package that are not XML: what they are, and the words that pictures and printer settings hold."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from piiscan.formats._binary_strings import eight_bit_strings, strings
from piiscan.formats._macros import project_text
from piiscan.formats._ooxml_package import Part
from piiscan.formats._picture import picture_words
from piiscan.formats._picture_tags import reader_of

_PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"\0\0\1\0",
    b"RIFF",
    b"8BPS",
    b"\0\0\0\x0cJXL",
    b"\0\0\0\x0cjP",
    b"\xff\x0a",
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FILES = (b"PK\x03\x04", b"%PDF", b"{\\rtf")


@dataclass(frozen=True, slots=True)
class Binary:
    """What a binary part is: ``reason`` and ``partial`` as in ``Skipped``; ``file``: hand it on as a file of its own."""

    reason: str
    partial: bool
    file: bool = False


def classify(part: Part, head: bytes, *, thumbnail: bool) -> Binary | None:
    """What a part with these first bytes is; None when it is empty."""
    stated, key = part.content_type, part.key
    if not head:
        return None
    if "vbaproject" in stated or key.endswith("vbaproject.bin"):
        return Binary("macros", partial=True)
    if head.startswith((*_FILES, _OLE)):  # whatever the package calls it
        return Binary("embedded_object", partial=False, file=True)
    if "printersettings" in stated or "/printersettings/" in key:
        return Binary("printer_settings", partial=False)
    if "digital-signature" in stated or key.startswith("_xmlsignatures/"):
        return Binary("signature", partial=False)
    if "customproperty" in stated:
        return Binary("custom_property", partial=False)
    if "oleobject" in stated or "activex" in stated:
        return Binary("embedded_object", partial=True)
    if head.startswith(_PICTURES) or is_emf(head) or is_wmf(head) or stated.startswith(("image/", "audio/", "video/")):
        return Binary("thumbnail" if thumbnail else "image", partial=False)
    if "font" in stated:
        return Binary("font", partial=False)
    return Binary("unknown_part", partial=True)


def is_emf(head: bytes) -> bool:
    """Whether a file begins like an enhanced metafile ([MS-EMF] 2.3.4.2)."""
    return head[:4] == b"\1\0\0\0" and head[40:44] == b" EMF"


def is_wmf(head: bytes) -> bool:
    """Whether a file begins like a metafile, placeable or not ([MS-WMF] 2.3.2)."""
    return head[:4] == b"\xd7\xcd\xc6\x9a" or head[:4] in (b"\1\0\x09\0", b"\2\0\x09\0")


def words(data: bytes, reason: str) -> list[str]:
    """The words drawn by a metafile, those beside the pixels of a picture, the names in printer settings and custom
    properties, the source of macros, and whatever reads like words in a part that is not understood."""
    if reason in ("image", "thumbnail") and not is_emf(data) and not is_wmf(data):
        return [found.text for found in picture_words(reader_of(data), len(data)) if not found.machine]
    text = _text(data, reason)
    return [text] if text else []


def _text(data: bytes, reason: str) -> str:
    if reason == "macros":
        return project_text(data)
    if reason in ("unknown_part", "embedded_object"):
        return "\n".join(dict.fromkeys((*eight_bit_strings(data), *strings(data))))
    if reason == "printer_settings":
        return _printer(data)
    if reason == "custom_property":
        return _utf16(data)
    if is_emf(data):
        return "\n".join(_emf(data))
    if is_wmf(data):
        return "\n".join(_wmf(data))
    return ""


def where(data: bytes, reason: str) -> str:
    """Where such words are: drawn by a metafile, beside the pixels of another picture, or somewhere else."""
    if reason not in ("image", "thumbnail"):
        return "other"
    return "drawing" if is_emf(data) or is_wmf(data) else "property"


def _utf16(data: bytes) -> str:
    return data[: len(data) // 2 * 2].decode("utf-16-le", "replace").partition("\0")[0].strip()


def _printer(data: bytes) -> str:
    """Device and form name of a DEVMODE structure ([MS-RPRN] 2.2.2.1)."""
    return "\n".join(name for name in (_utf16(data[:64]), _utf16(data[102:166])) if name.isprintable() and name)


def _emf(data: bytes) -> Iterator[str]:
    at = 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if size < 8 or at + size > len(data):
            return
        record = data[at : at + size]
        if kind in (83, 84) and size >= 52:  # EMR_EXTTEXTOUTA, EMR_EXTTEXTOUTW
            count, offset = struct.unpack_from("<II", record, 44)
            width = 2 if kind == 84 else 1
            raw = record[offset : offset + min(count, size) * width]
            yield raw.decode("utf-16-le" if kind == 84 else "cp932", "replace").strip("\0")
        elif kind == 108 and size >= 36:  # EMR_SMALLTEXTOUT
            count, options = struct.unpack_from("<I4xI", record, 16)
            start = 36 if options & 0x100 else 52
            small = bool(options & 0x200)
            raw = record[start : start + min(count, size) * (1 if small else 2)]
            yield raw.decode("cp932" if small else "utf-16-le", "replace").strip("\0")
        at += size


def _wmf(data: bytes) -> Iterator[str]:
    at = 40 if data[:4] == b"\xd7\xcd\xc6\x9a" else 18
    while at + 6 <= len(data):
        size, kind = struct.unpack_from("<IH", data, at)
        if size < 3 or at + size * 2 > len(data):
            return
        record = data[at : at + size * 2]
        if kind == 0x0521 and len(record) >= 8:  # META_TEXTOUT
            (count,) = struct.unpack_from("<H", record, 6)
            yield record[8 : 8 + count].decode("cp932", "replace").strip("\0")
        elif kind == 0x0A32 and len(record) >= 14:  # META_EXTTEXTOUT
            count, options = struct.unpack_from("<HH", record, 10)
            start = 22 if options & 6 else 14
            yield record[start : start + count].decode("cp932", "replace").strip("\0")
        at += size * 2
