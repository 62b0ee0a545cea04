"""JSON text as a tree of named values, with or without the place of every value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from piiscan.errors import LimitError, UnreadableError
from piiscan.formats._tree_tables import DEPTH, Key, Pairs

_TOKEN = re.compile(
    r"""[ \t\r\n]*+(?:("(?:[^"\\]|\\.)*+")|(-?[0-9][0-9.eE+\-]*+)|([{}\[\]:,])|(true|false|null|NaN|-?Infinity))""",
    re.DOTALL,
)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z")
_PLAIN_NUMBER = re.compile(r"(-?[0-9]+)\.0\Z")


@dataclass(frozen=True, repr=False, slots=True)
class Leaf:
    """A string or number and where it stands, quotes included."""

    start: int
    end: int
    text: str


class Name(str):
    """The name of a member and where it stands, quotes included."""

    __slots__ = ("span",)
    span: tuple[int, int]


def number_text(literal: str) -> str:
    """A number as a cell shows it: as written, without an idle ``.0``."""
    found = _PLAIN_NUMBER.match(literal)
    return found[1] if found else literal


def values(text: str) -> object:
    """The tree with strings as leaves; raises ``UnreadableError`` for what is not JSON."""
    try:
        return json.loads(
            text,
            object_pairs_hook=Pairs,
            parse_int=number_text,
            parse_float=number_text,
            parse_constant=lambda _: None,
            strict=False,
        )
    except (ValueError, RecursionError):
        raise UnreadableError("damaged") from None


def leaves(text: str) -> object:
    """The same tree with :class:`Leaf` as leaves. ``text`` must be what :func:`values` reads."""
    stack: list[list[object] | Pairs] = [[]]
    names: list[str | None] = [None]
    name: str | None = None
    pending: Name | None = None
    at = 0
    while token := _TOKEN.match(text, at):
        at = token.end()
        string, number, sign, _ = token.groups()
        if sign in ("{", "["):
            if len(stack) > DEPTH * 3:
                raise LimitError("too_deep")
            stack.append(Pairs() if sign == "{" else [])
            names.append(name)
            name = None
        elif sign in ("}", "]"):
            done = stack.pop()
            _add(stack[-1], names.pop(), done)
        elif sign == ":":
            name = pending
        elif sign == ",":
            name = None
        else:
            start = token.start(1) if string else token.start(2) if number else 0
            value: str = json.loads(string, strict=False) if string else number_text(number) if number else ""
            if string and isinstance(stack[-1], Pairs) and name is None:
                pending = Name(value)
                pending.span = (start, at)
                continue
            leaf = Leaf(start, at, value) if string or number else None
            _add(stack[-1], name, leaf)
    return stack[0][0] if stack[0] else None


def _add(parent: list[object] | Pairs, name: str | None, value: object) -> None:
    if isinstance(parent, Pairs):
        parent.append((name or "", value))
    else:
        parent.append(value)


def written(text: str, leaf: Leaf, new: str) -> str:
    """A new value as JSON, escaped as the old one was; a number stays a number when it still is one."""
    old = text[leaf.start : leaf.end]
    if not old.startswith('"') and _NUMBER.match(new):
        return new
    return json.dumps(new, ensure_ascii="\\u" in old)


def renamed(text: str, spans: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Edits that give members other names: (start, end, new name), kept apart where different names become the same."""
    edits, taken = [], dict[str, str]()
    for start, end, new in spans:
        old, title, number = text[start:end], new, 1
        while taken.setdefault(title, old) != old:
            number += 1
            title = f"{new} {number}"
        edits.append((start, end, json.dumps(title, ensure_ascii="\\u" in old)))
    return edits


def names(tree: object) -> Iterator[Name]:
    """Every name in a tree that :func:`leaves` made."""
    stack = [tree]
    while stack:
        value = stack.pop()
        if isinstance(value, Pairs):
            for name, inner in value:
                if isinstance(name, Name):
                    yield name
                stack.append(inner)
        elif isinstance(value, list):
            stack.extend(value)


def text_of(leaf: object) -> str:
    """The text of a leaf of either tree."""
    return leaf.text if isinstance(leaf, Leaf) else str(leaf) if isinstance(leaf, (str, Key)) else ""
