"""Takes out of a part of an Office package whatever refers to parts that are left out, so that the file still opens.

A relationship that is gone must not be named any more: Office calls such a file damaged. What goes with a name is the
smallest thing that may be missing by the schema (ECMA-376 part 1): a picture with its anchor, an object with its frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from piiscan.formats._ooxml_xml import local, parse

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lxml import etree

    from piiscan.formats._ooxml_package import Package

_RELATIONSHIPS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
    "urn:schemas-microsoft-com:office:office",
)
#: What only wraps a picture and goes with it.
_WRAPS = frozenset(
    {"graphicData", "graphic", "inline", "anchor", "drawing", "twoCellAnchor", "oneCellAnchor", "absoluteAnchor"}
)
#: Objects of other programs → what around them goes with them, where it is there.
_OBJECTS = {"oleObject": "", "OLEObject": "object", "oleObj": "graphicFrame", "control": "object"}
#: May not be empty by the schema.
_LISTS = frozenset({"oleObjects", "controls", "legacyDrawings", "buBlip", "ext", "extLst"})
#: Where the name alone goes, because the thing means something without it.
_NAME_ALONE = frozenset({"objectPr", "controlPr", "pageSetup", "fill", "stroke", "sheetPr", "shape", "rect"})
_NO_FILL = "{http://schemas.openxmlformats.org/drawingml/2006/main}noFill"


def without_references(root: etree._Element, gone: Collection[str]) -> bool:
    """Removes from ``root`` what refers to the relationships with the ids ``gone``; whether anything did."""
    touched = False
    removed_shapes: set[str] = set()
    for element in list(root.iter("*")):
        names = [
            k
            for k, v in element.attrib.items()
            if v in gone and str(k).startswith(tuple(f"{{{n}}}" for n in _RELATIONSHIPS))
        ]
        if not names:
            continue
        touched = True
        if local(element) in _NAME_ALONE:
            for name in names:
                del element.attrib[name]
        else:
            _remove(element, removed_shapes)
    if removed_shapes:
        _forget_timing(root, removed_shapes)
    return touched


def _remove(element: etree._Element, removed_shapes: set[str]) -> None:
    name = local(element)
    if name == "blip":
        fill = element.getparent()
        owner = fill.getparent() if fill is not None else None
        if fill is None or owner is None:
            return
        if local(owner) == "pic":
            _take_out(_widest(owner), removed_shapes)
        elif local(fill) == "blipFill":
            # A shape that was filled with the picture is filled with nothing.
            tail = fill.tail
            fill.clear()
            fill.tag, fill.tail = _NO_FILL, tail
        else:
            _take_out(fill, removed_shapes)
    elif name in _OBJECTS:
        around = next(element.iterancestors(f"{{*}}{_OBJECTS[name] or '-'}"), element)
        _take_out(around, removed_shapes)
    elif name in ("svgBlip", "imgLayer", "media", "dataModel"):
        around = next(element.iterancestors("{*}ext"), element)
        _take_out(around, removed_shapes)
    else:
        _take_out(element, removed_shapes)


def _widest(element: etree._Element) -> etree._Element:
    """A picture with all that only wraps it."""
    while (parent := element.getparent()) is not None and local(parent) in _WRAPS:
        element = parent
    return element


def _take_out(element: etree._Element, removed_shapes: set[str]) -> None:
    removed_shapes.update(e.get("id", "") for e in element.iter("{*}cNvPr"))
    parent = element.getparent()
    while parent is not None:
        before = element.getprevious()
        if element.tail:
            if before is not None:
                before.tail = (before.tail or "") + element.tail
            else:
                parent.text = (parent.text or "") + element.tail
        parent.remove(element)
        if local(parent) in ("Choice", "Fallback") and (around := parent.getparent()) is not None:
            # One of several forms of the same thing; the wrapping goes when all of them are empty.
            if any(len(form) for form in around):
                return
            parent = around
        elif local(parent) not in _LISTS or len(parent):
            return
        element, parent = parent, parent.getparent()


def _forget_timing(root: etree._Element, shapes: set[str]) -> None:
    """A slide's animations go when one of them moves a shape that is gone."""
    for timing in list(root.iter("{*}timing")):
        parent = timing.getparent()
        if parent is not None and any(target.get("spid") in shapes for target in timing.iter("{*}spTgt")):
            parent.remove(timing)


def left_alone(package: Package, roots: Mapping[str, str], dropped: Collection[str]) -> set[str]:
    """The keys of parts that are nothing without what is dropped: the descriptions of controls."""
    return {
        part.key
        for part in package.parts
        if roots[part.key] == "ocx" and any(r.part in dropped for r in package.relationships(part.key) if r.part)
    }


def cleaned(data: bytes, gone: Collection[str]) -> etree._Element | None:
    """The root of a part without what refers to ``gone``, None when nothing does."""
    root = parse(data)
    return root if without_references(root, gone) else None
