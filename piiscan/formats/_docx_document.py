"""What is read and rewritten of a Word document, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING, BinaryIO

from piiscan.errors import UnreadableError
from piiscan.formats._document_copy import leave_out_of_package, rewrite_document
from piiscan.formats._document_package import (
    Walk,
    extras,
    main_parts,
    package_document,
    read_document,
)
from piiscan.formats._document_pieces import Thing
from piiscan.formats._docx_map import OWN_BOOKMARKS, STORIES, docx_kind
from piiscan.formats._docx_text import Story, child, story_things, switched_on, value_of
from piiscan.formats._ooxml_package import Package, Part
from piiscan.formats._ooxml_xml import local, parse
from piiscan.formats._xlsx_places import Field
from piiscan.model import Editor, Item, Limits, Place, Source

if TYPE_CHECKING:
    from lxml import etree


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The body first, then every other part."""
    yield from read_document(package_document(source, limits, _walk))


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """The edited copy: parts without a change keep their bytes, even the compressed ones."""
    document = package_document(source, limits, _walk)
    rewrite_document(document, source.stream, out, editor, leave_out_of_package)


def _walk(package: Package, roots: Mapping[str, str]) -> Walk:
    hidden_styles = _hidden_styles(package, roots)
    main = main_parts(package)

    def walk(part: Part, root: etree._Element, name: str) -> Iterator[Thing]:
        taken: set[etree._Element] = set()
        if name in STORIES:
            where, hidden = STORIES[name]
            tables = count(1) if part.key in main else None
            yield from story_things(root, Story(Place(part.name, where, hidden), hidden_styles, tables), taken)
        yield from extras(root, docx_kind(name), part.name, taken, lambda found: _place(part, found))

    return walk


def _place(part: Part, found: Field) -> Place | None:
    """Where a text beside the paragraphs stands; None for the marks that Word sets by itself."""
    if local(found.element) in ("bookmarkStart", "hyperlink") and found.get().startswith(OWN_BOOKMARKS):
        return None
    return Place(part.name, found.where, found.hidden)


def _hidden_styles(package: Package, roots: Mapping[str, str]) -> frozenset[str]:
    """Ids of the styles whose text is not shown, with those that are based on them."""
    hidden: set[str] = set()
    based: dict[str, str] = {}
    for part in package.parts:
        if roots[part.key] != "styles":
            continue
        try:
            root = parse(package.read(part))
        except UnreadableError as error:
            if error.reason == "dtd":
                raise
            continue
        for style in root.iter("{*}style"):
            name = value_of(style, "styleId")
            if switched_on(child(style, "rPr"), "vanish"):
                hidden.add(name)
            parent = child(style, "basedOn")
            if parent is not None:
                based[name] = value_of(parent, "val")
    if hidden:
        for _ in range(16):
            hidden.update(name for name, parent in based.items() if parent in hidden)
    return frozenset(hidden)
