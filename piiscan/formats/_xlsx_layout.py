"""What each part of a spreadsheet package is, and its sheets, opened but not yet read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from piiscan.errors import EncryptedError, UnreadableError
from piiscan.formats._ooxml_package import Package, Part
from piiscan.formats._ooxml_xml import encoding_of
from piiscan.formats._xlsx_book import SHEET_ROOTS, Book, read_book
from piiscan.formats._xlsx_sheet import SheetFile, scan_sheet
from piiscan.model import Skipped

if TYPE_CHECKING:
    from lxml import etree

_ROOT = re.compile(r"<(?![!?])(?:[\w.-]+:)?([\w.-]+)[\s/>]")
_ASIDE = re.compile(r"<!--(?:[^<]|<(?!!--))*?-->|<\?(?:[^<]|<(?!\?))*?\?>", re.DOTALL)
_HEAD = 8192
#: Root elements of pictures that may have a DOCTYPE, as SVG files do; they are searched as they stand.
PICTURE_ROOTS = frozenset({"svg", "html"})


@dataclass(frozen=True, repr=False)
class Layout:
    """A package and what each part in it is. ``roots``: part key → root element; ``owners``: part key → sheet name."""

    package: Package
    roots: Mapping[str, str]
    owners: Mapping[str, str]
    book: Book
    thumbnails: frozenset[str]


def root_of(head: bytes) -> str:
    """The local name of the root element of a document that begins so; "" when it is no XML.

    Raises ``UnreadableError`` for a DOCTYPE, but not that of a picture or a web page.
    """
    try:
        text = head.decode(encoding_of(head), "replace").lstrip("\ufeff \t\r\n")
    except UnreadableError:
        return ""
    if not text.startswith("<"):
        return ""
    text = _ASIDE.sub("", text)
    match = _ROOT.search(text)
    root = match.group(1) if match else ""
    if "<!DOCTYPE" in text and root not in PICTURE_ROOTS:
        raise UnreadableError("dtd")
    return root


def head_of(package: Package, part: Part) -> bytes:
    """The first bytes of a part; nothing when it cannot be read."""
    head = b""
    try:
        for piece in package.zip.chunks(part.member, _HEAD):
            head += piece
            if len(head) >= _HEAD:
                break
    except (UnreadableError, EncryptedError):
        return head
    return head


def read_layout(package: Package) -> Layout:
    """Finds out what each part is and which sheet it belongs to, and reads workbook, styles and shared strings."""
    roots = {part.key: root_of(head_of(package, part)) for part in package.parts}
    book = read_book(package, roots)
    owners: dict[str, str] = {}
    for sheet in book.sheets:
        _own(package, sheet.key, sheet.name, owners, 4)
    thumbnails = frozenset(r.part for r in package.relationships("") if r.type.endswith("/thumbnail"))
    return Layout(package, roots, owners, book, thumbnails)


def _own(package: Package, key: str, name: str, owners: dict[str, str], depth: int) -> None:
    if not key or key in owners or not depth:
        return
    owners[key] = name
    for relation in package.relationships(key):
        _own(package, relation.part, name, owners, depth - 1)


# ---------------------------------------------------------------- sheets


@dataclass(frozen=True, repr=False)
class OpenSheet:
    """A sheet that was scanned. ``location`` names it in every place; ``root`` is its parsed frame."""

    location: str
    hidden: bool
    file: SheetFile
    root: etree._Element
    very_hidden: bool = False
    filtered: bool = False


def open_sheets(layout: Layout) -> Iterator[OpenSheet | Skipped]:
    """Every sheet part in the order of the workbook, doubles and parts that it does not list included."""
    package = layout.package
    listed = [(sheet.name, sheet.key, sheet.hidden, sheet.very_hidden) for sheet in layout.book.sheets]
    keys = {key for _, key, _, _ in listed}
    for part in package.parts:
        if layout.roots[part.key] in SHEET_ROOTS and part.key not in keys:
            keys.add(part.key)
            listed.append((part.name, part.key, True, True))
    for name, key, hidden, very_hidden in listed:
        if key not in package.by_key:
            yield Skipped(name, "missing_part", partial=False)
        for part in (p for p in package.parts if p.key == key):
            try:
                file = scan_sheet(package, part)
                root = file.root()
                yield OpenSheet(name, hidden, file, root, very_hidden, _is_filtered(layout, name, file, root))
            except UnreadableError as error:
                if error.reason == "dtd":
                    raise
                yield Skipped(name, error.reason)


def _is_filtered(layout: Layout, name: str, file: SheetFile, root: etree._Element) -> bool:
    """Whether rows are hidden and a filter of the sheet, or of a table on it, is in force."""
    if not file.hidden_rows:
        return False
    if next(root.iter("{*}filterColumn"), None) is not None:
        return True
    tables = (p for p in layout.package.parts if layout.roots[p.key] == "table" and layout.owners.get(p.key) == name)
    try:
        return any(b"filterColumn" in layout.package.read(part).replace(b"\0", b"") for part in tables)
    except UnreadableError:
        return False
