"""Reads a package of XML parts: one walk over a part gives its texts, and how to replace each.

What docx, pptx and the OpenDocument formats have in common; the walk itself is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from piiscan.errors import PiiscanError, UnreadableError
from piiscan.formats import _ooxml_binary as binary
from piiscan.formats._document_pieces import Grid, GridCell, Passage, Thing
from piiscan.formats._ooxml_package import CONTENT_TYPES, Package, Part, open_package
from piiscan.formats._ooxml_xml import parse
from piiscan.formats._xlsx_layout import PICTURE_ROOTS, head_of, root_of
from piiscan.formats._xlsx_map import Kind
from piiscan.formats._xlsx_places import Field, fields, slots
from piiscan.formats._xlsx_read import picture_text, relationship_slots
from piiscan.formats._zip_corners import corner_texts
from piiscan.model import Batch, Item, Limits, Member, Place, Sheet, Skipped, Source, Text
from piiscan.zips.safe_zip import open_zip

if TYPE_CHECKING:
    from lxml import etree

#: Parts that are files of their own, known by content type because their first bytes say nothing.
_FILE_TYPES = ("text/html", "application/xhtml", "message/rfc822", "text/plain", "application/rtf")
_BATCH_ROWS = 10_000
_DOCTYPE = re.compile(rb"<!DOCTYPE[^<>\[]*>")
_QUOTED = re.compile(r"""(?<==)["']([^"'<>]*)["']""")
_SUSPECT = re.compile(r"[^\x00-\x7f]|@|[0-9]{4}")

#: Gives the things of a part from (part, root element, local name of the root).
Walk = Callable[["Part", "etree._Element", str], Iterable[Thing]]


@dataclass(frozen=True, repr=False)
class Document:
    """A package and how to walk it.

    ``parts``: in the order of reading. ``roots``: part key → root element. ``dropped``: keys that a changed copy does
    not carry, such as previews and signatures. ``thumbnails``: keys of previews. ``raw_roots``: root elements of parts
    that are searched as they stand and never edited.
    """

    package: Package
    parts: Sequence[Part]
    roots: Mapping[str, str]
    walk: Walk
    dropped: frozenset[str] = frozenset()
    thumbnails: frozenset[str] = frozenset()
    raw_roots: frozenset[str] = PICTURE_ROOTS


def stated_types(source: Source) -> bytes | None:
    """The content types of a package in lower case, nothing when it has none; None for what does not open as a zip."""
    try:
        archive = open_zip(source.stream, Limits())
        listing = next((m for m in archive.members if m.key == CONTENT_TYPES), None)
        return archive.read(listing).replace(b"\0", b"").lower() if listing else b""
    except PiiscanError:
        return None
    finally:
        source.stream.seek(0)


def package_document(source: Source, limits: Limits, walk: Callable[[Package, Mapping[str, str]], Walk]) -> Document:
    """An Office Open XML document, its main part first; ``walk`` makes the walk from the package and its roots."""
    package = open_package(source, limits)
    roots = roots_of(package)
    main = main_parts(package)
    thumbnails = frozenset(r.part for r in package.relationships("") if r.type.endswith("/thumbnail"))
    signatures = {p.key for p in package.parts if roots[p.key] == "Signature" or "digital-signature" in p.content_type}
    ordered = sorted(package.parts, key=lambda p: p.key not in main)
    return Document(package, ordered, roots, walk(package, roots), thumbnails | signatures, thumbnails)


def main_parts(package: Package) -> frozenset[str]:
    """The keys of the parts that the package calls its main document."""
    return frozenset(r.part for r in package.relationships("") if r.type.endswith("/officeDocument"))


def roots_of(package: Package, sources: tuple[str, ...] = ()) -> dict[str, str]:
    """Part key → local name of its root element, "" for what is no XML; ``UnreadableError`` for a DOCTYPE.

    ``sources``: beginnings of the keys of parts that have one by right.
    """
    found = {}
    for part in package.parts:
        head = head_of(package, part)
        found[part.key] = root_of(_DOCTYPE.sub(b"", head) if sources and part.key.startswith(sources) else head)
    return found


def extras(
    root: etree._Element,
    kind: Kind,
    location: str,
    taken: set[etree._Element],
    place_of: Callable[[Field], Place | None] | None = None,
) -> Iterator[Passage]:
    """What the map of a part knows beside its paragraphs: attributes, comments, stray text.

    ``taken``: elements whose text and tail have been read. ``place_of`` may give a place of its own, or None for what
    is to be left out.
    """
    for found in fields(root, kind):
        if not found.attribute and found.element in taken:
            continue
        place = Place(location, found.where, found.hidden) if place_of is None else place_of(found)
        if place is not None:
            for slot in slots(found, location):
                yield Passage(place, slot.text, slot.put)


# ---------------------------------------------------------------- reading


def read_document(document: Document, but: Part | None = None) -> Iterator[Item]:
    """All items of a document, part by part; ``but``: a part that was read otherwise."""
    package = document.package
    yield from corner_texts(package.zip)
    for member in package.zip.ambiguous:
        yield Skipped(member.name, "ambiguous_members")
    for part in document.parts:
        if part is not but:
            yield from part_items(document, part)


def part_items(document: Document, part: Part) -> Iterator[Item]:
    """What one part gives; a damaged one is said and passed over, one with a DTD refuses the file."""
    try:
        if is_file(document, part):
            stream, size = document.package.zip.open(part.member)
            yield Member(part.name, stream, size)
        elif document.roots[part.key] in document.raw_roots:
            if text := raw_text(document.package.read(part)):
                yield Text(Place(part.name, "drawing", hidden=True), text)
        elif document.roots[part.key]:
            yield from _items(things(document, part, parsed(document, part)))
        else:
            yield from _binary_items(document, part)
    except UnreadableError as error:
        if error.reason == "dtd":
            raise
        yield Skipped(part.name, error.reason)


def raw_text(data: bytes) -> str:
    """The words of a part that is not taken apart: its text, and what stands in its attributes."""
    attributes = "\n".join(v for v in _QUOTED.findall(data.decode("utf-8", "replace")) if _SUSPECT.search(v))
    return "\n".join(filter(None, (picture_text(data), attributes)))


def is_file(document: Document, part: Part) -> bool:
    """Whether a part is handed on as a file of its own."""
    if part.content_type.startswith(_FILE_TYPES):
        return True
    if document.roots[part.key]:
        return False
    found = binary.classify(part, head_of(document.package, part), thumbnail=False)
    return found is not None and found.file


def parsed(document: Document, part: Part) -> etree._Element:
    """The root of a part; ill-formed drawings are read as far as they go."""
    return parse(document.package.read(part), recover=document.roots[part.key] == "xml")


def things(document: Document, part: Part, root: etree._Element) -> Iterator[Thing]:
    """The texts and tables of a parsed part."""
    name = document.roots[part.key]
    if name == "Relationships":
        for slot in relationship_slots(root, part):
            yield Passage(slot.place, slot.text, slot.put)
    else:
        yield from document.walk(part, root, name)


def _items(found: Iterable[Thing]) -> Iterator[Item]:
    seen: set[tuple[Place, str]] = set()
    for thing in found:
        if isinstance(thing, Grid):
            yield Sheet(thing.location, batches(thing.cells), thing.hidden, thing.merged)
        elif not thing.repeats:
            yield Text(thing.place, thing.text, thing.first_line)
        elif (thing.place, thing.text) not in seen:
            seen.add((thing.place, thing.text))
            yield Text(thing.place, thing.text, thing.first_line)


def batches(cells: Iterable[GridCell]) -> Iterator[Batch]:
    """The cells of a table, which are given in rising order of rows, as batches."""
    rows: list[int] = []
    columns: dict[int, list[str]] = {}
    for cell in cells:
        if not cell.text:
            continue
        if not rows or rows[-1] != cell.row:
            if len(rows) >= _BATCH_ROWS:
                yield Batch(rows, _padded(columns, len(rows)))
                rows, columns = [], {}
            rows.append(cell.row)
        values = columns.setdefault(cell.column, [])
        values.extend([""] * (len(rows) - 1 - len(values)))
        if len(values) < len(rows):
            values.append(cell.text)
    if rows:
        yield Batch(rows, _padded(columns, len(rows)))


def _padded(columns: dict[int, list[str]], length: int) -> dict[int, list[str]]:
    for values in columns.values():
        values.extend([""] * (length - len(values)))
    return columns


def _binary_items(document: Document, part: Part) -> Iterator[Item]:
    found = _classified(document, part)
    if found is None:
        return
    data = document.package.read(part)
    for text in binary.words(data, found.reason):
        yield Text(Place(part.name, binary.where(data, found.reason), hidden=True), text)
    yield Skipped(part.name, found.reason, found.partial)


def _classified(document: Document, part: Part) -> binary.Binary | None:
    return binary.classify(part, head_of(document.package, part), thumbnail=part.key in document.thumbnails)
