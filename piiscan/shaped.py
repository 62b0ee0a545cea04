"""Patterns that are compiled no earlier than they are needed: shapes of whole cells, and patterns of modules.

Compiling all shapes of all detectors takes longer than judging a small file, and most of them never meet a cell that
has their letters: nothing but digits is no country, and no country is a telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, AnyStr, cast

#: A shape cut into escapes, character classes, openings of groups that are more than groups, and single characters.
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[^:]|.", re.DOTALL)
_IN_CLASS = re.compile(r"\\.|.", re.DOTALL)
#: Classes with more letters than this say too little about what they match to be listed.
_MOST = 400


@cache
def wholly(shapes: tuple[str, ...]) -> Callable[[str], bool]:
    """A function that tells whether any of the shapes matches a whole text; False for each text without shapes."""
    waiting = list(map(alphabet, shapes))
    matchers: list[Callable[[str], object] | None] = [None] * len(shapes)

    def matches(text: str) -> bool:
        for number, matcher in enumerate(matchers):
            if matcher is None:
                letters = waiting[number]
                if letters is not None and not letters.issuperset(text):
                    continue
                matcher = matchers[number] = re.compile(shapes[number]).fullmatch
            if matcher(text):
                return True
        return False

    return matches


def alphabet(shape: str) -> frozenset[str] | None:
    """Characters outside of which nothing is that the shape matches; None when they are too many or not to be told."""
    letters: set[str] = set()
    for piece in set(_PIECE.findall(shape)):
        if piece[0] == "[" and len(piece) > 1:
            listed = _of_class(piece)
            if listed is None:
                return None
            letters |= listed
        elif len(piece) == 1 and piece != ".":
            letters.add(piece)
        elif piece[0] == "\\" and not piece[1].isalnum():
            letters.add(piece[1])
        else:
            return None
    return frozenset(letters)


def _of_class(piece: str) -> set[str] | None:
    parts = _IN_CLASS.findall(piece[1:-1])
    if not parts or parts[0] == "^" or any(len(p) == 2 and p[1].isalnum() for p in parts):
        return None
    letters = {p[-1] for p in parts}
    for first, middle, last in zip(parts, parts[1:], parts[2:], strict=False):
        if middle == "-":
            if ord(last[-1]) - ord(first[-1]) > _MOST:
                return None
            letters.update(map(chr, range(ord(first[-1]), ord(last[-1]) + 1)))
    return letters


class Later:
    """Stands for a pattern of a module that may never be asked: compiled when it first is, and as fast from then on."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._made_of = (pattern, flags)

    @cached_property
    def compiled(self) -> re.Pattern[Any]:
        """The pattern itself."""
        return re.compile(*self._made_of)

    def __getattr__(self, name: str) -> Any:
        """A method of the pattern, kept here, so that it is looked for once."""
        if name.startswith("__"):
            raise AttributeError(name)
        method = getattr(self.compiled, name)
        setattr(self, name, method)
        return method


def later(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """``re.compile`` for patterns of modules. On Python 3.11 a class of all kanji alone takes a millisecond to compile."""
    return cast("re.Pattern[AnyStr]", Later(pattern, flags))
