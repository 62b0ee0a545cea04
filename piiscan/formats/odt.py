"""OpenDocument texts: odt, ott.

Tables of at least two rows and columns are given as sheets (``table 1``), all other text by paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from piiscan.model import Editor, Format, Item, Limits, Source

_SUFFIXES = (".odt", ".ott")


def sniff(source: Source) -> int:
    """90 for a zip that says it is an OpenDocument text, 20 for a damaged one that is called so, else 0."""
    if not source.head(4).startswith(b"PK"):
        return 0
    from piiscan.formats._odf_package import sniff_kinds

    return sniff_kinds(source, ("text",), _SUFFIXES)


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The content first, then every other part."""
    from piiscan.formats._odt_document import read as read_whole

    yield from read_whole(source, limits)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """The edited copy: parts without a change keep their bytes, even the compressed ones."""
    from piiscan.formats._odt_document import rewrite as rewrite_whole

    rewrite_whole(source, out, editor, limits)


FORMAT = Format(
    id="odt",
    label="OpenDocument 文書",
    suffixes=_SUFFIXES,
    sniff=sniff,
    read=read,
    rewrite=rewrite,
)
