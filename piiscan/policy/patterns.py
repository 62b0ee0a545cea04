"""Checks patterns of rule files: the dialect that both regex engines share, and a bound on how long they can take.

Shapes run over millions of cells in Rust (linear time by construction) and, for small files, in Python (backtracking).
The check is a strict reading of the pattern's text; it refuses some harmless patterns, never lets an unbounded one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from piiscan.shaped import later

#: Ways of matching that backtracking may try for one start of a text.
_MOST_PATHS = 1_000_000
_LONGEST = 1_000
_PIECE = later(
    r"(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<escape>\\.)|(?P<open>\((?:\?(?::|P?<[A-Za-z_]\w*>|<?[=!]|[a-zA-Z-]*[:)]|.))?)"
    r"|(?P<close>\))|(?P<repeat>[*+?]|\{\d*+,?\d*+\})(?P<lazy>[?+]?)|(?P<bar>\|)|(?P<other>.)",
    re.DOTALL,
)
_PLAIN_ESCAPES = later(r"\\[^A-Za-z0-9]")


def problem(pattern: str, free_text: bool = False) -> tuple[str, str] | None:
    """(msgid key, detail) of what is wrong with a shape, or with a search (``free_text``); None: nothing."""
    if len(pattern) > _LONGEST:
        return "rule_pattern_slow", f"> {_LONGEST}"
    if not (_compiles_in_regex(pattern) if free_text else _compiles(pattern)):
        return "rule_pattern", "syntax"
    if not free_text and (detail := _foreign(pattern)):
        return "rule_pattern", detail
    slow = _slow(pattern)
    return ("rule_pattern_slow", slow) if slow else None


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _compiles_in_regex(pattern: str) -> bool:
    import regex  # slow to import, and only rule files with a search of their own need it

    try:
        regex.compile(pattern)
    except (regex.error, OverflowError, RecursionError):
        return False
    return True


def _pieces(pattern: str) -> Iterator[tuple[str, str]]:
    """(kind, text) of every piece of a pattern."""
    for found in _PIECE.finditer(pattern):
        kind = found.lastgroup or "other"
        yield ("repeat", found.group()) if kind == "lazy" else (kind, found.group())


def _foreign(pattern: str) -> str | None:
    """What of a shape is not in the common dialect: look-around, references, flags, named classes, anchors."""
    for kind, text in _pieces(pattern):
        if kind == "open" and text not in ("(", "(?:"):
            return text
        if kind == "escape" and not _PLAIN_ESCAPES.fullmatch(text):
            return text
        if kind == "class" and (re.search(r"\\[A-Za-z0-9]", text) or "[" in text[1:] or "&&" in text or "--" in text):
            return text
        if kind == "repeat" and text[-1] == "+" and len(text) > 1:
            return text
        if kind == "other" and text in "^$.":
            return text
    return None


def _slow(pattern: str) -> str | None:
    """Why backtracking could take long: an unbounded repeat, a choice that is repeated, or too many ways in all."""
    paths, stack = 1, [[False, 1]]  # open groups: [holds a choice, ways inside]
    last: list[int | bool] | None = None  # the group that has just been closed
    for kind, text in _pieces(pattern):
        if kind == "open":
            stack.append([False, 1])
        elif kind == "close" and len(stack) > 1:
            last = stack.pop()
            stack[-1] = [stack[-1][0] or last[0], int(stack[-1][1]) * int(last[1])]
            continue
        elif kind == "bar":
            stack[-1][0] = True
        elif kind == "repeat":
            bounds = _bounds(text)
            if bounds is None:
                return text
            low, high = bounds
            if last is not None and last[0] and high > 4:
                return text
            ways = high - low + 1
            inner = int(last[1]) if last is not None else 1
            stack[-1] = [stack[-1][0] or ways > 1, int(stack[-1][1]) * ways * inner ** max(0, high - 1)]
        last = None
        paths = max(paths, int(stack[-1][1]))
        if paths > _MOST_PATHS:
            return f"> {_MOST_PATHS:,}"
    return None


def _bounds(text: str) -> tuple[int, int] | None:
    """Lowest and highest number of repeats; None without an upper bound."""
    if text[0] in "*+":
        return None
    if text[0] == "?":
        return 0, 1
    low, comma, high = text.rstrip("?+")[1:-1].partition(",")
    if comma and not high:
        return None
    first = int(low or 0)
    return first, int(high) if comma else first
