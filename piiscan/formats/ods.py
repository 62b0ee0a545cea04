"""OpenDocument spreadsheets: ods, ots.

The content is streamed twice: once for what stands around the cells, once for the cells. Repeated empty cells are never
laid out, repeated filled ones up to a bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from piiscan.model import Editor, Format, Item, Limits, Source

_SUFFIXES = (".ods", ".ots")


def sniff(source: Source) -> int:
    """90 for a zip that says it is an OpenDocument spreadsheet, 20 for a damaged one that is called so, else 0."""
    if not source.head(4).startswith(b"PK"):
        return 0
    from piiscan.formats._odf_package import sniff_kinds

    return sniff_kinds(source, ("spreadsheet",), _SUFFIXES)


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Sheets, then all other texts, then what was not read."""
    from piiscan.formats._ods_document import read as read_whole

    yield from read_whole(source, limits)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """The edited copy: parts without a change keep their bytes, even the compressed ones."""
    from piiscan.formats._ods_document import rewrite as rewrite_whole

    rewrite_whole(source, out, editor, limits)


FORMAT = Format(
    id="ods",
    label="OpenDocument 表計算",
    suffixes=_SUFFIXES,
    sniff=sniff,
    read=read,
    rewrite=rewrite,
)
