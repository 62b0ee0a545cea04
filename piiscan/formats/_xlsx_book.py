"""The workbook part: which sheets there are, what they are called, and how their numbers read."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from piiscan.errors import UnreadableError
from piiscan.formats._ooxml_package import Package, Part
from piiscan.formats._ooxml_xml import local, parse, parse_without, unescape_xstring
from piiscan.formats._xlsx_cells import Style
from piiscan.formats._xlsx_numbers import Formatter, formatter_for, plain_number
from piiscan.formats._xlsx_strings import Strings, read_strings

if TYPE_CHECKING:
    from lxml import etree

#: Root elements of the parts that hold cells or frame them.
SHEET_ROOTS = ("worksheet", "chartsheet", "dialogsheet", "macrosheet")
_RELATION_ID = "id"


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet as the workbook lists it. ``key`` is the key of its part, "" when it has none."""

    name: str
    key: str
    hidden: bool
    very_hidden: bool = False


@dataclass(frozen=True, repr=False)
class Book:
    """What must be known before cells can be read. ``keys``: parts that were read for it."""

    sheets: tuple[BookSheet, ...]
    style: Style
    strings: Strings
    strings_part: Part | None
    workbook: Part | None


def read_book(package: Package, roots: dict[str, str]) -> Book:
    """Reads workbook, styles and shared strings. ``roots``: part key → local name of its root element."""
    main = _find(package, roots, "workbook")
    styles = _find(package, roots, "styleSheet")
    shared = _find(package, roots, "sst")
    sheets: tuple[BookSheet, ...] = ()
    date1904 = False
    if main is not None:
        root = parse(package.read(main))
        targets = {r.id: r.part for r in package.relationships(main.key)}
        found = []
        for element in root.iter("{*}sheet"):
            name = unescape_xstring(element.get("name") or "")
            # r:id, in the namespace of the Transitional or the Strict form
            rid = next((str(v) for k, v in element.attrib.items() if str(k).endswith("}id")), "")
            state = element.get("state")
            key = targets.get(rid, "")
            found.append(BookSheet(name, key, state in ("hidden", "veryHidden"), state == "veryHidden"))
        sheets = tuple(found)
        date1904 = any(e.get("date1904") in ("1", "true") for e in root.iter("{*}workbookPr"))
    style = read_style(package, styles, date1904=date1904) if styles else Style((plain_number,))
    strings = read_strings(package, shared) if shared else Strings()
    return Book(sheets, style, strings, shared, main)


def _find(package: Package, roots: dict[str, str], root: str) -> Part | None:
    """The part with this root element: the one the relationships lead to, else the first."""
    candidates = [part for part in package.parts if roots.get(part.key) == root]
    if len(candidates) > 1:
        start = {r.part for r in package.relationships("")}
        linked = start | {r.part for key in start for r in package.relationships(key)}
        candidates.sort(key=lambda part: part.key not in linked)
    return candidates[0] if candidates else None


def read_style(package: Package, part: Part, *, date1904: bool) -> Style:
    """The number formats of the cell styles; a damaged part means plain numbers."""
    ids: list[str] = []

    def note(element: etree._Element) -> None:
        parent = element.getparent()
        if parent is not None and local(parent) == "cellXfs":
            ids.append(sys.intern(element.get("numFmtId") or "0"))

    try:
        root = parse_without(package.pieces(part), "xf", note)
    except UnreadableError as error:
        if error.reason == "dtd":
            raise
        return Style()
    codes = {e.get("numFmtId") or "": unescape_xstring(e.get("formatCode") or "") for e in root.iter("{*}numFmt")}
    formatters: dict[str, Formatter] = {}
    for stated in dict.fromkeys(ids):
        number = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 10 else 0
        formatters[stated] = formatter_for(number, codes.get(stated), date1904=date1904)
    return Style(tuple(formatters[stated] for stated in ids))


def unlinked_sheets(package: Package, roots: dict[str, str], sheets: Sequence[BookSheet]) -> list[Part]:
    """Sheet parts that the workbook does not list."""
    listed = {sheet.key for sheet in sheets}
    return [part for part in package.parts if roots.get(part.key) in SHEET_ROOTS and part.key not in listed]
