"""Words that stand beside the pixels of a picture: comments, captions, authors. PNG, JPEG, GIF, WebP, TIFF; XMP of others.

PNG: ISO/IEC 15948, 11.3.4 and eXIf; JPEG: ITU-T T.81 B.1, with Exif, XMP and Photoshop segments; GIF89a, 24; WebP container.
What is in the pixels is not read here or anywhere.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from piiscan.encoding import decode_name
from piiscan.formats._binary_strings import eight_bit_strings, strings
from piiscan.formats._picture_tags import Reader, Words, exif_words, reader_of, resource_words, xmp_packets, xmp_words

PNG, JPEG, GIF, TIFF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", (b"GIF87a", b"GIF89a"), (b"II*\0", b"MM\0*")
#: Chunks, segments and blocks that are walked over; bytes of one text; bytes behind the end and bytes searched for XMP.
_MOST_STEPS, _MOST_TEXT, _SEARCHED = 300_000, 4 * 1024 * 1024, 4 * 1024 * 1024
#: Exif segments of a picture whose structure is not followed.
_MOST_OPEN = 16
#: Key words of PNG that the specification gives; another may be somebody's own.
_KEYS = frozenset({
    "title", "author", "description", "copyright", "creation time", "software", "disclaimer", "warning", "source",
    "comment", "xml:com.adobe.xmp",
})  # fmt: skip
_MACHINE_KEYS = ("software", "creation time", "date:", "exif:", "png:", "tiff:", "thumb::", "icc:", "signature")
_EXIF, _XMP, _MORE_XMP, _PHOTOSHOP = (
    b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0", b"Photoshop 3.0\0",
)  # fmt: skip
#: What is left out of a JPEG with its words: Exif and XMP, Photoshop's resources, comments.
_WORDY = (0xE1, 0xED, 0xFE)
#: The end of a JPEG, and the beginning of its pixels.
_PIXELS = (0xD9, 0xDA)
_WORDY_CHUNKS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf")


def picture_words(at: Reader, size: int) -> Iterator[Words]:
    """The words of a picture; as far as they can be followed when it is damaged, and none for a picture of another kind."""
    head = at(0, 16)
    if head.startswith(PNG):
        found = _png(at, size)
    elif head.startswith(JPEG):
        found = _jpeg(at, size)
    elif head.startswith(GIF):
        found = _gif(at, size)
    elif head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        found = _webp(at, size)
    elif head.startswith(TIFF):
        found = exif_words(at)
    else:
        found = _open_words(at(0, _SEARCHED))
    seen: set[str] = set()
    for one in found:
        text = one.text.strip().strip("\0").strip()
        if text and text not in seen:
            seen.add(text)
            yield Words(one.place, text, one.machine)


def _open_words(data: bytes) -> Iterator[Words]:
    """Exif and XMP where they stand openly, as in the pictures of telephones (HEIF, ISO/IEC 23008-12 annex A)."""
    start = -1
    for _ in range(_MOST_OPEN):
        start = data.find(_EXIF, start + 1)
        if start < 0:
            break
        yield from exif_words(reader_of(data[start + len(_EXIF) :]))
    yield from xmp_packets(data)


# ---------------------------------------------------------------- PNG


def _chunks(at: Reader, size: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, start of its content, end of its content), and ("", …) for what follows the end of the picture."""
    place = len(PNG)
    for _ in range(_MOST_STEPS):
        head = at(place, 8)
        if len(head) < 8:
            return
        length, kind = struct.unpack(">I4s", head)
        yield kind, place + 8, min(place + 8 + length, size)
        place += 12 + length
        if kind == b"IEND":
            yield b"", place, size
            return


def _png(at: Reader, size: int) -> Iterator[Words]:
    for kind, start, end in _chunks(at, size):
        if kind == b"eXIf":
            yield from exif_words(reader_of(at(start, min(end - start, _MOST_TEXT))))
        elif kind in _WORDY_CHUNKS:
            yield from _png_text(kind.decode(), at(start, min(end - start, _MOST_TEXT)))
        elif not kind and end > start:
            left = at(start, min(end - start, _MOST_TEXT))
            yield Words("behind the end", "\n".join(dict.fromkeys((*eight_bit_strings(left), *strings(left)))))


def _png_text(kind: str, data: bytes) -> Iterator[Words]:
    raw_key, _, rest = data.partition(b"\0")
    key = decode_name(raw_key[:80])
    if kind == "tEXt":
        text = decode_name(rest)
    elif kind == "zTXt":
        text = decode_name(_inflated(rest[1:]))
    else:
        packed, rest = rest[:1] == b"\1", rest[2:]
        _, _, rest = rest.partition(b"\0")
        translated, _, rest = rest.partition(b"\0")
        yield Words(kind, decode_name(translated[:1000]))
        text = decode_name(_inflated(rest) if packed else rest)
    lower = key.casefold()
    if lower not in _KEYS and not lower.startswith("raw profile type"):
        yield Words(kind, key, machine=lower.startswith(_MACHINE_KEYS))
    if lower == "xml:com.adobe.xmp":
        yield from xmp_words(text)
    elif lower.startswith("raw profile type"):
        yield from _raw_profile(text)
    else:
        yield Words(kind, text, machine=lower.startswith(_MACHINE_KEYS))


def _raw_profile(text: str) -> Iterator[Words]:
    """A profile as ImageMagick writes it: its name, its length, and hexadecimal digits."""
    digits = "".join(text.split()[2:])
    try:
        data = bytes.fromhex(digits)
    except ValueError:
        return
    yield from _segment_words(data)


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _MOST_TEXT)
    except zlib.error:
        return b""


# ---------------------------------------------------------------- JPEG


def _segments(at: Reader) -> Iterator[tuple[int, int, int]]:
    """(marker, start of its content, end of its content), the last one that of the pixels if the way there is sound."""
    place = 2
    for _ in range(_MOST_STEPS):
        head = at(place, 4)
        if len(head) < 4 or head[0] != 0xFF:
            return
        marker = head[1]
        if marker == 0xFF:  # filling
            place += 1
        elif marker in (0x01, *range(0xD0, 0xD9)):
            place += 2
        elif marker in _PIXELS:
            yield marker, place, place
            return
        else:
            (length,) = struct.unpack_from(">H", head, 2)
            if length < 2:
                return
            yield marker, place + 4, place + 2 + length
            place += 2 + length


def _jpeg(at: Reader, size: int) -> Iterator[Words]:
    more: list[bytes] = []
    resources: list[bytes] = []
    marker, end = 0, 2
    for marker, start, end in _segments(at):
        if marker not in _WORDY:
            continue
        data = at(start, min(end, size) - start)
        if marker == 0xFE:
            yield Words("comment", decode_name(data))
        elif data.startswith(_PHOTOSHOP):
            resources.append(data[len(_PHOTOSHOP) :])
        elif data.startswith(_MORE_XMP):
            more.append(data[len(_MORE_XMP) + 40 :])
        else:
            yield from _segment_words(data)
    if marker not in _PIXELS:
        yield from _open_words(at(end, _SEARCHED))
    yield from resource_words(b"".join(resources))
    yield from xmp_words(b"".join(more).decode("utf-8", "replace"))


def _segment_words(data: bytes) -> Iterator[Words]:
    """The content of a segment or a profile, which says itself what it is."""
    if data.startswith(_EXIF):
        yield from exif_words(reader_of(data[len(_EXIF) :]))
    elif data.startswith(TIFF):
        yield from exif_words(reader_of(data))
    elif data.startswith(_XMP):
        yield from xmp_words(data[len(_XMP) :].decode("utf-8", "replace"))
    elif data.startswith((_PHOTOSHOP, b"8BIM")):
        yield from resource_words(data.removeprefix(_PHOTOSHOP))
    elif data.lstrip()[:1] == b"<":
        yield from xmp_words(data.decode("utf-8", "replace"))


# ---------------------------------------------------------------- GIF, WebP


def _gif(at: Reader, size: int) -> Iterator[Words]:
    screen = at(6, 7)
    if len(screen) < 7:
        return
    place = 13 + _colours(screen[4])
    for _ in range(_MOST_STEPS):
        head = at(place, 10)
        if head[:1] == b"\x2c" and len(head) == 10:
            place = _end_of_blocks(at, place + 11 + _colours(head[9]), size)
        elif head[:1] == b"\x21":
            start, place = place + 2, _end_of_blocks(at, place + 2, size)
            if head[1:2] == b"\xfe":
                yield Words("comment", decode_name(_unblocked(at(start, min(place - start, _MOST_TEXT)))))
            elif head[1:2] == b"\xff":
                # XMP stands there as it is, without being cut into blocks.
                yield from xmp_packets(at(start, min(place - start, _MOST_TEXT)))
        else:
            return


def _colours(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _end_of_blocks(at: Reader, place: int, size: int) -> int:
    for _ in range(_MOST_STEPS):
        length = at(place, 1)
        place += 1
        if not length or not length[0]:
            return place
        place += length[0]
    return size


def _unblocked(data: bytes) -> bytes:
    out, place = bytearray(), 0
    while place < len(data) and data[place]:
        out += data[place + 1 : place + 1 + data[place]]
        place += 1 + data[place]
    return bytes(out)


def _webp(at: Reader, size: int) -> Iterator[Words]:
    place = 12
    for _ in range(_MOST_STEPS):
        head = at(place, 8)
        if len(head) < 8:
            return
        kind, length = struct.unpack("<4sI", head)
        if kind in (b"EXIF", b"XMP "):
            data = at(place + 8, min(length, _MOST_TEXT, size))
            if kind == b"EXIF":
                yield from _segment_words(data)
            else:
                yield from xmp_words(data.decode("utf-8", "replace"))
        place += 8 + length + length % 2


# ---------------------------------------------------------------- a picture without them


def without_words(data: bytes) -> bytes | None:
    """The same picture without any words; None for a kind of picture that cannot be written, or a damaged one."""
    if data.startswith(PNG):
        kept = [
            data[start - 8 : end + 4] for kind, start, end in _chunks(reader_of(data), len(data))
            if kind and kind not in _WORDY_CHUNKS
        ]  # fmt: skip
        return PNG + b"".join(kept)
    if data.startswith(JPEG):
        out, last, marker = bytearray(data[:2]), 2, 0
        turned = b""
        for marker, start, end in _segments(reader_of(data)):
            if marker in _PIXELS:
                last = start
                continue
            if marker in _WORDY:
                turned = turned or _orientation(data[start:end])
            else:
                out += data[start - 4 : end]
            last = end
        if marker not in _PIXELS:
            return None
        return bytes(out[:2]) + turned + bytes(out[2:]) + data[last:]
    return None


def _orientation(segment: bytes) -> bytes:
    """A segment that says how the picture is turned and nothing else, if this one says that it is."""
    if not segment.startswith(_EXIF):
        return b""
    tags = segment[len(_EXIF) :]
    order = "<" if tags[:2] == b"II" else ">"
    at = tags.find(struct.pack(f"{order}HHI", 0x0112, 3, 1))
    if at < 0 or len(tags) < at + 10:
        return b""
    (way,) = struct.unpack_from(f"{order}H", tags, at + 8)
    if not 2 <= way <= 8:
        return b""
    plain = _EXIF + b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, way, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(plain) + 2) + plain
