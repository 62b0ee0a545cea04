"""Paragraphs of an OpenDocument part: mixed content as pieces, with spaces, tabs and line breaks as elements.

OASIS OpenDocument 1.3 part 3, chapter 6.1. White space is collapsed as 6.1.2 demands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from piiscan.formats._document_pieces import Piece
from piiscan.formats._ooxml_xml import clean, local

if TYPE_CHECKING:
    from lxml import etree

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
CHART = "{urn:oasis:names:tc:opendocument:xmlns:chart:1.0}"
FORM = "{urn:oasis:names:tc:opendocument:xmlns:form:1.0}"
CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"

P, H = TEXT + "p", TEXT + "h"
#: One ``text:s`` stands for any number of spaces; more than these say nothing that fewer do not.
_MOST_SPACES = 256
#: Larger counts mean nothing else.
_MOST = 10**9
_SPACE = re.compile(r"[ \t\r\n]+")
#: Elements inside a paragraph whose content is not part of it.
_CLOSED = frozenset(
    {
        OFFICE + "annotation",
        TEXT + "note",
        TEXT + "ruby-text",
        TEXT + "tracked-changes",
        TEXT + "script",
        TEXT + "hidden-text",
        OFFICE + "event-listeners",
    }
)


@dataclass(repr=False)
class ParagraphParts:
    """The pieces of a paragraph by what they are."""

    shown: list[Piece] = field(default_factory=list)
    hidden: list[Piece] = field(default_factory=list)
    ruby: list[Piece] = field(default_factory=list)


def repeat(element: etree._Element, name: str) -> int:
    """A repeat count or span in the table namespace; 1 when it is missing or nonsense."""
    value = element.get(TABLE + name)
    if value is None:
        return 1
    if not value.isascii() or not value.isdigit():
        return 1
    return max(1, int(value)) if len(value) < 10 else _MOST


def read_paragraph(
    paragraph: etree._Element, hidden_styles: frozenset[str], taken: set[etree._Element]
) -> ParagraphParts:
    """The pieces of a paragraph; ``taken`` gathers the elements whose text and tail have been read."""
    parts = ParagraphParts()
    taken.add(paragraph)
    hidden = paragraph.get(TEXT + "style-name") in hidden_styles
    _walk(paragraph, parts, parts.hidden if hidden else parts.shown, hidden_styles, taken)
    return parts


def _walk(
    node: etree._Element,
    parts: ParagraphParts,
    pieces: list[Piece],
    hidden_styles: frozenset[str],
    taken: set[etree._Element],
) -> None:
    if node.text:
        pieces.append(_text(node, "text"))
    for element in node:
        name = local(element)
        taken.add(element)
        tag = element.tag
        if tag == TEXT + "s":
            pieces.append(_atom(element, " " * min(_count(element), _MOST_SPACES)))
        elif tag == TEXT + "tab":
            pieces.append(_atom(element, "\t"))
        elif tag == TEXT + "line-break":
            pieces.append(_atom(element, "\n"))
        elif tag == TEXT + "ruby-text":
            _walk(element, parts, parts.ruby, hidden_styles, taken)
        elif name and tag not in _CLOSED and not str(tag).startswith(DRAW):
            hidden = element.get(TEXT + "style-name") in hidden_styles if hidden_styles else False
            _walk(element, parts, parts.hidden if hidden else pieces, hidden_styles, taken)
        elif not name:
            taken.discard(element)  # a comment is a text of its own
        if element.tail:
            pieces.append(_text(element, "tail"))


def _count(element: etree._Element) -> int:
    value = element.get(TEXT + "c") or "1"
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else _MOST_SPACES


def _text(element: etree._Element, attribute: str) -> Piece:
    def put(new: str) -> None:
        setattr(element, attribute, clean(new))

    return Piece(_SPACE.sub(" ", getattr(element, attribute)), put)


def _atom(element: etree._Element, text: str) -> Piece:
    def put(new: str) -> None:
        element.tag = TEXT + "span"
        element.attrib.clear()
        element.text = clean(new)

    return Piece(text, put)
