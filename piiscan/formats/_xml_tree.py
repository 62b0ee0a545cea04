"""XML text as a tree of named values with the place of each; linear, without entities, and lenient with bad markup.

Elements that come more than once under one parent become a list, so that records become rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from piiscan.errors import LimitError
from piiscan.formats._tree_tables import DEPTH, Pairs

_TAG = re.compile(r"""<(/?)([^\s/><!?="'][^\s/>]{0,200}+)((?>[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_BROKEN_TAG = re.compile(r"""<(/?)([^\s/><!?="'][^\s/>]{0,200}+)([^>]*+)>""")
_ATTRIBUTE = re.compile(r"""(?<![^\s=/>"'])([^\s=/>"']++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_CLOSED_BY = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>", "<!": ">"}
_ENTITY = re.compile(r"<!ENTITY\b")


@dataclass(frozen=True, repr=False, slots=True)
class Leaf:
    """A text or attribute value: where it stands, without white space around it, and what it says."""

    start: int
    end: int
    text: str
    cdata: bool = False


@dataclass(repr=False, slots=True)
class _Element:
    name: str
    members: list[tuple[str, object]] = field(default_factory=list)
    plain: bool = True


@dataclass(frozen=True, repr=False, slots=True)
class Document:
    """The tree, comments and processing instructions, and whether the document declares entities."""

    tree: object
    unseen: list[Leaf]
    has_entities: bool


def parse(text: str) -> Document:
    """The whole document; raises ``LimitError`` when it is nested too deeply."""
    root = _Element("")
    stack, unseen, entities = [root], [], False
    at, last, pattern = 0, text.rfind(">"), _TAG
    while at < len(text):
        start = text.find("<", at)
        start = len(text) if start < 0 or start > last else start
        _add_text(stack[-1], text, at, start)
        if start == len(text):
            break
        opener = next((sign for sign in _CLOSED_BY if text.startswith(sign, start)), None)
        if opener:
            end = text.find(_CLOSED_BY[opener], start + len(opener))
            end = len(text) if end < 0 else end
            inside = Leaf(start + len(opener), end, text[start + len(opener) : end], cdata=True)
            if opener == "<![CDATA[":
                stack[-1].members.append(("", inside))
            elif opener == "<!":
                end, entities = _doctype_end(text, start), entities or bool(_ENTITY.search(text, start, start + 65536))
            elif inside.text.strip() and not (opener == "<?" and inside.text.startswith("xml ")):
                unseen.append(inside)
            at = end + len(_CLOSED_BY[opener])
            continue
        tag = pattern.match(text, start)
        if tag is None and pattern is _TAG and (tag := _BROKEN_TAG.match(text, start)):
            pattern = _BROKEN_TAG  # a quote is never closed; looking for its end at every tag would be quadratic
        if tag is None:
            _add_text(stack[-1], text, start, start + 1)
            at = start + 1
            continue
        at = tag.end()
        _tag(tag, text, stack)
    while len(stack) > 1:
        _close(stack)
    members = _grouped(root.members)
    return Document(members[0][1] if len(members) == 1 else members, unseen, entities)


def _tag(tag: re.Match[str], text: str, stack: list[_Element]) -> None:
    name = tag[2].rpartition(":")[2]
    if tag[1]:
        if any(element.name == name for element in stack[1:]):
            while _close(stack) != name:
                pass
        return
    if len(stack) > DEPTH:
        raise LimitError("too_deep")
    element = _Element(name)
    for attribute in _ATTRIBUTE.finditer(text, tag.start(3), tag.end(3)):
        group = 2 if attribute[2] is not None else 3
        label = attribute[1].rpartition(":")[2]
        if attribute[1].startswith("xmlns") or not attribute[group]:
            continue
        leaf = Leaf(attribute.start(group), attribute.end(group), unescape(attribute[group]))
        element.members.append((label, leaf))
        element.plain = False
    stack.append(element)
    if tag[3].endswith("/"):
        _close(stack)


def _close(stack: list[_Element]) -> str:
    element = stack.pop()
    parent = stack[-1]
    parent.plain = False
    value: object = _grouped(element.members)
    if element.plain:
        value = element.members[0][1] if len(element.members) == 1 else value if element.members else None
    parent.members.append((element.name, value))
    return element.name


def _grouped(members: list[tuple[str, object]]) -> Pairs:
    """The members with those of one name as a list, where the first of them stood; texts are called text."""
    by_name: dict[str, list[object]] = {}
    for name, value in members:
        by_name.setdefault(name or "text", []).append(value)
    return Pairs((name, values[0] if len(values) == 1 else values) for name, values in by_name.items())


def _add_text(element: _Element, text: str, start: int, end: int) -> None:
    raw = text[start:end]
    stripped = raw.strip()
    if stripped:
        begin = start + raw.index(stripped[0])
        element.members.append(("", Leaf(begin, begin + len(stripped), unescape(stripped))))


def _doctype_end(text: str, start: int) -> int:
    """The ``>`` that ends a declaration, behind its internal subset if it has one."""
    bracket, close = text.find("[", start, start + 4096), text.find(">", start)
    if 0 <= bracket < close:
        inner = text.find("]", bracket)
        close = text.find(">", inner) if inner >= 0 else -1
    return close if close >= 0 else len(text)
