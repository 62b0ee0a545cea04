"""Excel workbooks in Office Open XML: xlsx, xlsm, xltx, xltm.

Read and rewritten part by part, never through a spreadsheet library: loading and saving loses something in three of
four real workbooks, and values live on in caches, readings, comments and forty-odd other places.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from piiscan.errors import PiiscanError
from piiscan.model import Editor, Format, Item, Limits, Source
from piiscan.zips.safe_zip import open_zip

_SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm")


def sniff(source: Source) -> int:
    """90 for a zip that declares spreadsheet parts, 20 for a damaged one that is called so, else 0."""
    if not source.head(4).startswith(b"PK"):
        return 0
    from piiscan.formats._ooxml_package import CONTENT_TYPES

    try:
        archive = open_zip(source.stream, Limits())
        listing = next((m for m in archive.members if m.key == CONTENT_TYPES), None)
        stated = archive.read(listing).replace(b"\0", b"").lower() if listing else b""
    except PiiscanError:
        return 20 if source.suffix in _SUFFIXES else 0
    finally:
        source.stream.seek(0)
    if b"spreadsheetml" in stated and b"sheet.binary" not in stated:
        return 90
    return 20 if listing and source.suffix in _SUFFIXES else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Sheets, then all other texts, then what was not read."""
    from piiscan.formats._ooxml_package import open_package
    from piiscan.formats._xlsx_read import read_package

    yield from read_package(open_package(source, limits), limits)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """The edited copy: parts without a change keep their bytes, even the compressed ones."""
    from piiscan.formats._ooxml_package import open_package
    from piiscan.formats._xlsx_rewrite import rewrite_package

    rewrite_package(open_package(source, limits), source.stream, out, editor)


FORMAT = Format(
    id="xlsx",
    label="Excel ブック",
    suffixes=_SUFFIXES,
    sniff=sniff,
    read=read,
    rewrite=rewrite,
)
