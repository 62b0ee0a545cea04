"""What is read and rewritten of a presentation: its slides in their order, then every other part."""

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
from piiscan.formats._docx_text import value_of
from piiscan.formats._ooxml_package import Package, Part
from piiscan.formats._ooxml_xml import parse
from piiscan.formats._pptx_text import Slide, slide_things
from piiscan.formats._xlsx_map import Kind, kind_of
from piiscan.model import Editor, Item, Limits, Place, Source

if TYPE_CHECKING:
    from lxml import etree

_MASTERS = frozenset({"sldMaster", "sldLayout", "notesMaster", "handoutMaster"})
_SHAPES = Kind(
    attributes={
        "cNvPr": "name descr title",
        "hlinkClick": "tooltip",
        "hlinkHover": "tooltip",
        "cSld": "name",
        "oleObj": "name progId",
        "control": "name",
        "tag": "name val",
    },
    wheres=dict.fromkeys(("cNvPr", "hlinkClick", "hlinkHover"), ("drawing", True)),
)
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("sld", "notes", *_MASTERS), _SHAPES),
    "cmLst": Kind(where="comment", hidden=False, texts={"text": "text"}),
    "cmAuthorLst": Kind(where="comment", attributes={"cmAuthor": "name initials"}),
    "authorLst": Kind(where="comment", attributes={"author": "name initials userId"}),
    "presentation": Kind(attributes={"section": "name", "custShow": "name", "modifyVerifier": ""}),
    "tagLst": Kind(attributes={"tag": "name val"}),
    **dict.fromkeys(("presentationPr", "viewPr", "tblStyleLst"), Kind()),
}


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The slides in their order, each with its notes, then every other part."""
    yield from read_document(package_document(source, limits, _walk))


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """The edited copy: parts without a change keep their bytes, even the compressed ones."""
    document = package_document(source, limits, _walk)
    rewrite_document(document, source.stream, out, editor, leave_out_of_package)


def _walk(package: Package, roots: Mapping[str, str]) -> Walk:
    numbers = _slide_numbers(package, roots)

    def walk(part: Part, root: etree._Element, name: str) -> Iterator[Thing]:
        taken: set[etree._Element] = set()
        slide = _slide(part, root, name, numbers)
        if slide is not None:
            yield from slide_things(root, slide, taken)
        yield from extras(root, _KINDS.get(name) or kind_of(name), numbers.get(part.key, part.name), taken)

    return walk


def _slide(part: Part, root: etree._Element, name: str, numbers: Mapping[str, str]) -> Slide | None:
    if name == "sld":
        hidden = value_of(root, "show").lower() in ("0", "false")
        return Slide(Place(numbers.get(part.key, part.name), "text", hidden), count(1))
    if name == "notes":
        return Slide(Place(numbers.get(part.key, part.name), "text"))
    if name in _MASTERS:
        return Slide(Place(part.name, "other", hidden=True))
    if name == "cmLst":
        return Slide(Place(numbers.get(part.key, part.name), "comment"))
    return None


def _slide_numbers(package: Package, roots: Mapping[str, str]) -> dict[str, str]:
    """Part key → ``slide 3``, ``slide 3 notes``, ``slide 3 comments`` in the order in which slides are shown."""
    found: dict[str, str] = {}
    for main in main_parts(package):
        part = package.by_key.get(main)
        if part is None or roots[main] != "presentation":
            continue
        try:
            root = parse(package.read(part))
        except UnreadableError as error:
            if error.reason == "dtd":
                raise
            continue
        targets = {r.id: r.part for r in package.relationships(main)}
        ids = [_relation_id(e) for e in root.iter("{*}sldId")]
        for number, key in enumerate((targets.get(i, "") for i in ids), 1):
            found.setdefault(key, f"slide {number}")
            for relation in package.relationships(key) if key else ():
                kind = roots.get(relation.part, "")
                if kind in ("notes", "cmLst"):
                    found.setdefault(relation.part, f"slide {number} {'notes' if kind == 'notes' else 'comments'}")
    return found


def _relation_id(element: etree._Element) -> str:
    """The relationship that a slide entry names: the ``id`` that is not the entry's own."""
    return next((str(v) for k, v in element.attrib.items() if str(k).endswith("}id")), "")
