"""Tags of pictures: Exif and other directories of TIFF, IPTC in Photoshop's resources, XMP.

TIFF 6.0, section 2; Exif 2.32 (CIPA DC-008); IPTC-IIM 4.2; Adobe Photoshop File Formats, "Image Resource Blocks";
ISO 16684-1 (XMP).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape

from piiscan.encoding import decode_name
from piiscan.formats._binary_strings import eight_bit_strings, strings

#: Bytes from an offset, fewer at the end.
Reader = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Words:
    """A text in a picture. ``place``: what holds it there. ``machine``: written by a camera or a program about itself."""

    place: str
    text: str
    machine: bool = False


def reader_of(data: bytes) -> Reader:
    """Reads from bytes."""
    return lambda start, count: data[start : start + count] if start >= 0 and count > 0 else b""


# ---------------------------------------------------------------- TIFF and Exif

_MOST_FOLDERS, _MOST_ENTRIES, _MOST_VALUE, _MOST_NOTE = 200, 2000, 1024 * 1024, 64 * 1024
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
#: Directories inside: pictures of a picture, Exif, places, interoperability.
_FOLDERS = frozenset({0x014A, 0x8769, 0x8825, 0xA005})
_XMP, _IPTC, _RESOURCES, _NOTE, _COMMENT = 0x02BC, 0x83BB, 0x8649, 0x927C, 0x9286
#: How the position was found, and the name of the place.
_PLACES = frozenset({0x001B, 0x001C})
#: Title, comment, author, key words, subject: UTF-16, as Windows writes them.
_WINDOWS = frozenset(range(0x9C9B, 0x9CA0))
#: Maker, model, program, times, serial numbers, lenses; versions and references of positions.
_MACHINE = frozenset({
    0x010F, 0x0110, 0x0131, 0x0132, 0x9003, 0x9004, *range(0x9010, 0x9013), *range(0x9290, 0x9293), 0xA004, 0xA420,
    0xA431, *range(0xA433, 0xA437), 0xC614, 0xC62F, *range(0x0001, 0x001B), 0x001D, _NOTE,
})  # fmt: skip
_CODES = {b"JIS\0\0\0\0\0": "jis", b"UNICODE\0": "utf-16"}


def exif_words(at: Reader) -> Iterator[Words]:
    """The texts in the directories of a TIFF file or an Exif segment, each directory once."""
    head = at(0, 8)
    if len(head) < 8 or head[:4] not in (b"II*\0", b"MM\0*"):
        return
    order = "<" if head[:2] == b"II" else ">"
    waiting, seen = [int(struct.unpack_from(f"{order}I", head, 4)[0])], set[int]()
    while waiting and len(seen) < _MOST_FOLDERS:
        folder = waiting.pop()
        if folder in seen or folder < 8:
            continue
        seen.add(folder)
        yield from _folder_words(at, folder, order, waiting)


def _folder_words(at: Reader, folder: int, order: str, waiting: list[int]) -> Iterator[Words]:
    """The texts of one directory; those inside and the next one are added to ``waiting``."""
    raw = at(folder, 2)
    if len(raw) < 2:
        return
    (count,) = struct.unpack(f"{order}H", raw)
    entries = at(folder + 2, 12 * min(count, _MOST_ENTRIES))
    for start in range(0, len(entries) - 11, 12):
        tag, kind, number = struct.unpack_from(f"{order}HHI", entries, start)
        length = _WIDTHS.get(kind, 0) * number
        if length <= 4:
            value = entries[start + 8 : start + 8 + length]
        else:
            (place,) = struct.unpack_from(f"{order}I", entries, start + 8)
            value = at(place, min(length, _MOST_VALUE))
        if tag in _FOLDERS and kind in (4, 13):
            waiting += struct.unpack(f"{order}{len(value) // 4}I", value[: len(value) // 4 * 4])[:_MOST_FOLDERS]
        elif value:
            yield from _tag_words(tag, kind, value, order)
    following = at(folder + 2 + 12 * count, 4)
    if len(following) == 4:
        waiting.append(int(struct.unpack(f"{order}I", following)[0]))


def _tag_words(tag: int, kind: int, value: bytes, order: str) -> Iterator[Words]:
    if tag in _WINDOWS:
        yield Words("Exif", value.decode("utf-16-le", "replace"))
    elif tag == _COMMENT or (tag in _PLACES and kind == 7):
        yield Words("Exif", _coded(value, order))
    elif tag == _XMP:
        yield from xmp_words(value.decode("utf-8", "replace"))
    elif tag == _IPTC:
        yield from iptc_words(value)
    elif tag == _RESOURCES:
        yield from resource_words(value)
    elif tag == _NOTE:
        note = value[:_MOST_NOTE]
        yield Words("Exif", "\n".join(dict.fromkeys((*eight_bit_strings(note), *strings(note)))), machine=True)
    elif kind in (2, 129):
        yield Words("Exif", decode_name(value.rstrip(b"\0")), machine=tag in _MACHINE)


def _coded(value: bytes, order: str) -> str:
    """A comment whose first eight bytes say how it is written, if it was written by the book."""
    code = _CODES.get(value[:8])
    raw = value[8:] if code or value[:8] in (b"ASCII\0\0\0", bytes(8)) else value
    if code == "utf-16":
        # In the order of the file by the book, in the other one by half of all cameras.
        texts = [raw.decode(name, "replace") for name in ("utf-16-le", "utf-16-be")]
        return max(texts if order == "<" else texts[::-1], key=_japanese_share)
    if code == "jis" and b"\x1b" not in raw:
        raw = b"\x1b$B" + raw + b"\x1b(B"
    return decode_name(raw.strip(b"\0 "))


def _japanese_share(text: str) -> float:
    return sum(" " <= c <= "~" or "\u3000" <= c <= "\u9fff" for c in text) / (len(text) or 1)


# ---------------------------------------------------------------- IPTC, Photoshop

_MOST_RECORDS = 20_000
_IPTC_RESOURCE, _EXIF_RESOURCE, _XMP_RESOURCE = 0x0404, 0x0422, 0x0424
#: Version, dates and times, program, orientation.
_IPTC_MACHINE = frozenset({0, 10, 30, 35, 37, 38, 47, 50, 55, 60, 62, 63, 65, 70, 75, 130, 131, 135, 200, 201, 202})


def resource_words(data: bytes) -> Iterator[Words]:
    """The texts in Photoshop's resources: IPTC records, and Exif and XMP once more."""
    at = 0
    for _ in range(_MOST_RECORDS):
        if data[at : at + 4] != b"8BIM" or at + 7 > len(data):
            return
        (kind,) = struct.unpack_from(">H", data, at + 4)
        at += 6 + (data[at + 6] // 2 + 1) * 2
        if at + 4 > len(data):
            return
        (size,) = struct.unpack_from(">I", data, at)
        value = data[at + 4 : at + 4 + size]
        at += 4 + size + size % 2
        if kind == _IPTC_RESOURCE:
            yield from iptc_words(value)
        elif kind == _EXIF_RESOURCE:
            yield from exif_words(reader_of(value))
        elif kind == _XMP_RESOURCE:
            yield from xmp_words(value.decode("utf-8", "replace"))


def iptc_words(data: bytes) -> Iterator[Words]:
    """The texts of the application record."""
    at, utf8 = 0, False
    for _ in range(_MOST_RECORDS):
        if data[at : at + 1] != b"\x1c" or at + 5 > len(data):
            return
        record, number, size = struct.unpack_from(">BBH", data, at + 1)
        at += 5
        if size & 0x8000:
            width = size & 0x7FFF
            if width > 4:
                return
            size, at = int.from_bytes(data[at : at + width]), at + width
        value = data[at : at + size]
        at += size
        if (record, number) == (1, 90):
            utf8 = value == b"\x1b%G"
        elif record == 2 and value:
            text = value.decode("utf-8", "replace") if utf8 else decode_name(value)
            yield Words("IPTC", text, machine=number in _IPTC_MACHINE)


# ---------------------------------------------------------------- XMP

_MOST_PACKETS = 100
#: How a packet begins and ends; the first is what programs write around the second.
_ENDS = ((b"<x:xmpmeta", b"</x:xmpmeta>"), (b"<rdf:RDF", b"</rdf:RDF>"))
_TAG = re.compile(r"<([A-Za-z_][^\s<>/=\"']*+)([^<>]*+)>([^<]*+)")
_ATTRIBUTE = re.compile(r"\s([A-Za-z_][^\s=\"'<>]*+)\s{0,9}=\s{0,9}(?:\"([^\"]*+)\"|'([^']*+)')")
#: Vocabularies of cameras and programs about themselves; the history of a file.
_OWN = (
    "exif:", "exifEX:", "tiff:", "xmpMM:", "stEvt:", "stRef:", "crs:", "crd:", "xmpG:", "stDim:", "xmpTPg:", "aux:", "GPano:",
    "pdfaid:", "xmp:CreatorTool", "xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate", "pdf:Producer", "illustrator:",
)  # fmt: skip
#: What these vocabularies take over from what a person wrote.
_PERSONAL = (
    "tiff:Artist",
    "tiff:Copyright",
    "tiff:ImageDescription",
    "exif:UserComment",
    "exifEX:CameraOwnerName",
    "aux:OwnerName",
)


def xmp_packets(data: bytes) -> Iterator[Words]:
    """The words of the packets that stand openly in any file."""
    begin, finish = next((ends for ends in _ENDS if ends[0] in data), _ENDS[0])
    at = 0
    for _ in range(_MOST_PACKETS):
        start = data.find(begin, at)
        at = data.find(finish, start)
        if start < 0 or at < 0:
            return
        yield from xmp_words(data[start:at].decode("utf-8", "replace"))


def xmp_words(text: str) -> Iterator[Words]:
    """Texts and attributes of a packet of XMP, without what only describes the packet."""
    name = ""
    for match in _TAG.finditer(text):
        if not match[1].startswith(("rdf:", "x:")):
            name = match[1]
        for found in _ATTRIBUTE.finditer(match[2]):
            if not found[1].startswith(("xmlns", "xml:", "rdf:", "x:")):
                yield _about(found[1], found[2] or found[3] or "")
        yield _about(name, match[3])


def _about(name: str, text: str) -> Words:
    machine = name.startswith(_OWN) and not name.startswith(_PERSONAL)
    return Words("XMP", unescape(text).strip(), machine)
