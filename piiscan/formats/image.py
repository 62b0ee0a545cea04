"""Pictures: their titles, authors, captions and comments are read; what is to be seen in a picture is not.

A photographed licence or a scanned form is personal data, so a picture is never called clean: it is reported as skipped,
or as read in part where words stand beside its pixels, with the advice to look at it.
"""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.formats._picture import picture_words
from piiscan.model import Format, Item, Limits, Place, Skipped, Source, Text

_SIGNATURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x01\x00",
    b"8BPS",
    b"\0\0\0\x0cjP  ",
    b"\0\0\0\x0cJXL ",
)


def sniff(source: Source) -> int:
    """By signature alone; a suffix proves nothing about a picture."""
    head = source.head(16)
    web = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    phone = head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")
    bitmap = head[:2] == b"BM" and source.size == int.from_bytes(head[2:6], "little")
    return 80 if head.startswith(_SIGNATURES) or web or phone or bitmap else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:  # noqa: ARG001 -- what is read is bounded
    """The words beside the pixels, then the word that these were not looked into."""

    def at(start: int, count: int) -> bytes:
        if start < 0 or count <= 0:
            return b""
        source.stream.seek(start)
        return source.stream.read(count)

    somebody = False
    for found in picture_words(at, source.size):
        somebody |= not found.machine
        where = "identifier" if found.machine else "property"
        yield Text(Place(found.place, where, hidden=True), found.text)
    yield Skipped("", "image", partial=somebody)


FORMAT = Format(
    id="image",
    label="Picture",
    suffixes=(
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".bmp",
        ".tif",
        ".tiff",
        ".webp",
        ".heic",
        ".ico",
        ".psd",
        ".jp2",
        ".jxl",
    ),
    sniff=sniff,
    read=read,
)
