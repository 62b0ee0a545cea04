"""Word documents in Office Open XML: docx, docm, dotx, dotm.

Read and rewritten part by part. Tables of at least two rows and columns are given as sheets (``table 1``), so that
their columns are judged; all other text by paragraphs, joined over the runs that formatting cuts them into.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from piiscan.model import Editor, Format, Item, Limits, Source

_SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")


def sniff(source: Source) -> int:
    """90 for a zip that declares a Word document, 20 for a damaged one that is called so, else 0."""
    if not source.head(4).startswith(b"PK"):
        return 0
    from piiscan.formats._document_package import stated_types

    stated = stated_types(source)
    if stated is None:
        return 20 if source.suffix in _SUFFIXES else 0
    if b"wordprocessingml.document.main" in stated or b"ms-word.document.macroenabled" in stated:
        return 90
    if b"wordprocessingml.template.main" in stated or b"ms-word.template.macroenabled" in stated:
        return 90
    return 20 if source.suffix in _SUFFIXES else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The body first, then every other part."""
    from piiscan.formats._docx_document import read as read_whole

    yield from read_whole(source, limits)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """The edited copy: parts without a change keep their bytes, even the compressed ones."""
    from piiscan.formats._docx_document import rewrite as rewrite_whole

    rewrite_whole(source, out, editor, limits)


FORMAT = Format(
    id="docx",
    label="Word 文書",
    suffixes=_SUFFIXES,
    sniff=sniff,
    read=read,
    rewrite=rewrite,
)
