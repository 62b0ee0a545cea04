"""Binary Excel workbooks (xlsb). Reading only.

A package of parts like xlsx, but the parts that hold words are records ([MS-XLSB]) instead of XML. Every sheet is read
whole; other binary parts give their strings, the XML parts go the way of xlsx.
"""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.errors import PiiscanError
from piiscan.model import Format, Item, Limits, Source
from piiscan.zips.safe_zip import open_zip

_SUFFIXES = (".xlsb",)


def sniff(source: Source) -> int:
    """90 for a zip that declares a binary workbook, 20 for a damaged one that is called so, else 0."""
    if not source.head(4).startswith(b"PK"):
        return 0
    from piiscan.formats._ooxml_package import CONTENT_TYPES

    try:
        archive = open_zip(source.stream, Limits())
        listing = next((m for m in archive.members if m.key == CONTENT_TYPES), None)
        stated = archive.read(listing).replace(b"\0", b"").lower() if listing else b""
    except PiiscanError:
        return 21 if source.suffix in _SUFFIXES else 0
    finally:
        source.stream.seek(0)
    if b"ms-excel.sheet.binary" in stated:
        return 90
    return 21 if listing and source.suffix in _SUFFIXES else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Sheets, then other texts; raises ``UnreadableError``, ``LimitError``."""
    from piiscan.formats._xlsb_document import read as read_whole

    yield from read_whole(source, limits)


FORMAT = Format(id="xlsb", label="Excel バイナリ ブック", suffixes=_SUFFIXES, sniff=sniff, read=read)
