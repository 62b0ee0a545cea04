"""What is read and rewritten of an OpenDocument spreadsheet: its cells as sheets, then every other text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from piiscan.formats._document_copy import rewrite_document
from piiscan.formats._document_package import Document, read_document
from piiscan.formats._document_pieces import Thing
from piiscan.formats._odf_package import CONTENT, leave_out_of_odf, odf_document, open_odf
from piiscan.formats._odf_places import Look, hidden_styles, part_things
from piiscan.formats._odf_read import read_sheets, sheet_things
from piiscan.formats._ooxml_package import Part
from piiscan.model import Editor, Item, Limits, Source

if TYPE_CHECKING:
    from lxml import etree


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Sheets, then all other texts, then what was not read."""
    document = _document(source, limits)
    content = document.package.by_key[CONTENT]
    yield from read_sheets(document.package, content, limits)
    yield from read_document(document, but=content)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """The edited copy: parts without a change keep their bytes, even the compressed ones."""
    rewrite_document(_document(source, limits), source.stream, out, editor, leave_out_of_odf)


def _document(source: Source, limits: Limits) -> Document:
    return odf_document(open_odf(source, limits), _walk)


def _walk(part: Part, root: etree._Element, name: str) -> Iterator[Thing]:
    if part.key == CONTENT:
        yield from sheet_things(root, part)
        return
    look = Look(("other", True), lambda _: part.name, hidden_styles(root))
    yield from part_things(root, name, look)
