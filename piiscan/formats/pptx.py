"""PowerPoint presentations in Office Open XML: pptx, pptm, potx, ppsx and the like.

A slide's shapes are one text (``slide 3``), its tables are sheets (``slide 3 table 1``); notes, comments, masters,
layouts, charts, properties and all other parts are read as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from piiscan.model import Editor, Format, Item, Limits, Source

_SUFFIXES = (".pptx", ".pptm", ".potx", ".potm", ".ppsx", ".ppsm")


def sniff(source: Source) -> int:
    """90 for a zip that declares a presentation, 20 for a damaged one that is called so, else 0."""
    if not source.head(4).startswith(b"PK"):
        return 0
    from piiscan.formats._document_package import stated_types

    stated = stated_types(source)
    if stated is None:
        return 20 if source.suffix in _SUFFIXES else 0
    kinds = (b"presentationml.presentation.main", b"presentationml.template.main", b"presentationml.slideshow.main")
    if any(kind in stated for kind in kinds) or (b"ms-powerpoint." in stated and b"macroenabled.main" in stated):
        return 90
    return 20 if source.suffix in _SUFFIXES else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The slides in their order, each with its notes, then every other part."""
    from piiscan.formats._pptx_document import read as read_whole

    yield from read_whole(source, limits)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """The edited copy: parts without a change keep their bytes, even the compressed ones."""
    from piiscan.formats._pptx_document import rewrite as rewrite_whole

    rewrite_whole(source, out, editor, limits)


FORMAT = Format(
    id="pptx",
    label="PowerPoint プレゼンテーション",
    suffixes=_SUFFIXES,
    sniff=sniff,
    read=read,
    rewrite=rewrite,
)
