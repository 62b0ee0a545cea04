"""Ignore patterns with the syntax and the meaning of gitignore.

Source: the manual page gitignore(5); the tests hold every answer to ``git check-ignore``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

#: One pattern for the name of a file or folder; None stands for any number of folders.
Part = re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern: for the name alone, or ``anchored`` and part by part for the path below the pattern's folder."""

    parts: tuple[Part, ...]
    anchored: bool
    negated: bool
    folders_only: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns of one folder; ``base`` is the folder relative to the walk's root, "" or ending with ``/``.

    With ``above``, the way to the walk's root from some folder above it, ending with ``/``, a pattern matches as well what
    it matches from there.
    """

    base: str
    rules: tuple[Rule, ...]
    above: str = ""


def parse(lines: Iterable[str], base: str = "") -> Rules:
    """The rules of an ignore file's lines; comments, blank lines and patterns that can never match are left out."""
    rules = (_rule(line) for line in lines)
    return Rules(base, tuple(rule for rule in rules if rule is not None))


def ignored(path: str, is_folder: bool, stack: Sequence[Rules]) -> bool:
    """Whether ``path``, relative to the root, is ignored: the last rule that matches decides, later files first.

    The caller does not descend into ignored folders, so nothing below one can be brought back.
    """
    for rules in reversed(stack):
        ways = (path[len(rules.base) :], *((rules.above + path,) if rules.above else ()))
        for rule in reversed(rules.rules):
            if (is_folder or not rule.folders_only) and any(_matches(rule, way) for way in ways):
                return not rule.negated
    return False


def _matches(rule: Rule, path: str) -> bool:
    """Part by part with a set of states, so that no pattern, however many stars it has, takes long."""
    names = path.split("/") if rule.anchored else [path.rpartition("/")[2]]
    states = _onwards({0}, rule.parts)
    for name in names:
        after = set()
        for state in states:
            part = rule.parts[state] if state < len(rule.parts) else _NOTHING
            if part is None:
                after.add(state)
            elif part.fullmatch(name):
                after.add(state + 1)
        states = _onwards(after, rule.parts)
    return len(rule.parts) in states


def _onwards(states: set[int], parts: tuple[Part, ...]) -> set[int]:
    for state in sorted(states):
        while state < len(parts) and parts[state] is None:
            state += 1
            states.add(state)
    return states


def _rule(line: str) -> Rule | None:
    pattern = _without_trailing_spaces(line.rstrip("\r\n"))
    if not pattern or pattern.startswith("#"):
        return None
    negated = pattern.startswith("!")
    pattern = pattern[negated:]
    folders_only = pattern.endswith("/")
    pattern = pattern[: len(pattern) - folders_only]
    anchored = "/" in pattern
    parts = _parts(pattern.removeprefix("/"))
    return Rule(tuple(parts), anchored, negated, folders_only) if parts else None


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.DOTALL)


_NOTHING, _ANYTHING = _compiled("(?!)"), _compiled(".*")


def _without_trailing_spaces(line: str) -> str:
    """``line`` without the spaces at its end, but a backslash keeps the space behind it."""
    end = len(line)
    while end and line[end - 1] == " ":
        slashes = 0
        while end - 2 - slashes >= 0 and line[end - 2 - slashes] == "\\":
            slashes += 1
        if slashes % 2:
            break
        end -= 1
    return line[:end]


def _parts(pattern: str) -> list[Part] | None:
    """The pattern's parts between slashes, or None if it can match nothing."""
    parts: list[Part] = []
    pieces: list[str] = [""]  # of one part, cut at its stars
    at = 0
    while at < len(pattern):
        at += pattern.startswith("\\/", at)  # a slash needs no backslash
        c = pattern[at]
        if c == "*":
            first = at
            while pattern[at : at + 1] == "*":
                at += 1
            whole = pieces == [""] and (at == len(pattern) or pattern.startswith(("/", "\\/"), at)) and at - first > 1
            if whole:
                parts.append(None)
                if at == len(pattern):
                    return [*parts, _ANYTHING]
                at = pattern.index("/", at) + 1
            else:
                pieces.append("")
            continue
        if c == "/":
            parts.append(_glob(pieces))
            pieces, at = [""], at + 1
            continue
        found = _single(pattern, at)
        if found is None:
            return None
        pieces[-1] += found[0]
        at = found[1]
    return [*parts, _glob(pieces)]


def _glob(pieces: list[str]) -> re.Pattern[str]:
    """The pieces with anything between them. All but the last may take their first fit for good: no backtracking."""
    first, *others = pieces
    if not others:
        return _compiled(first)
    return _compiled(first + "".join(f"(?>.*?{piece})" for piece in others[:-1]) + ".*" + others[-1])


def _single(pattern: str, at: int) -> tuple[str, int] | None:
    """The expression for the one character that the pattern describes at ``at``, and where it goes on."""
    c = pattern[at]
    if c == "?":
        return ".", at + 1
    if c == "[":
        return _bracket(pattern, at)
    if c == "\\":
        at += 1
        if at == len(pattern):
            return None
    return re.escape(pattern[at]), at + 1


_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t-\\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


def _bracket(pattern: str, at: int) -> tuple[str, int] | None:
    """The character class that opens at ``at`` and where it ends; None if it does not close."""
    at += 1
    negated = pattern[at : at + 1] in ("!", "^")
    at += negated
    members, first = "", True
    while at < len(pattern):
        c = pattern[at]
        if c == "]" and not first:
            if not members:
                return "." if negated else "(?!)", at + 1
            return f"[{'^' if negated else ''}{members}]", at + 1
        first = False
        if pattern.startswith("[:", at):
            end = pattern.find(":]", at)
            if end < 0 or pattern[at + 2 : end] not in _CLASSES:
                return None
            members, at = members + _CLASSES[pattern[at + 2 : end]], end + 2
            continue
        low, at = _member(pattern, at)
        high = low
        if pattern[at : at + 1] == "-" and pattern[at + 1 : at + 2] not in ("]", ""):
            high, at = _member(pattern, at + 1)
        if low is None or high is None:
            return None
        if low <= high:
            members += f"{re.escape(low)}-{re.escape(high)}"
    return None


def _member(pattern: str, at: int) -> tuple[str | None, int]:
    if pattern[at] != "\\":
        return pattern[at], at + 1
    return (pattern[at + 1], at + 2) if at + 1 < len(pattern) else (None, at + 1)
