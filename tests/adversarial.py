"""Every pattern of the project, and texts that are made to keep each of them busy."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import re._constants as op  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import regex

import piiscan
from piiscan import registry, shaped

ROOT = Path(piiscan.__file__).parent
SEARCHES = frozenset({"search", "finditer", "findall", "sub", "subn", "split"})
MATCHES = frozenset({"match", "fullmatch"})
Compiled = Any
#: Patterns that are tried at one place only, though they are called by another name there: from tables, as arguments.
ANCHORED = (
    "piiscan.judge.cells.",
    "piiscan.formats._mail_html._TAG",
    "piiscan.formats._xml_tree._TAG",
    "piiscan.formats._mail_fields._MACHINE",
    "piiscan.lexicon._organisation_words.DEPARTMENT",
)
#: Characters that stand for a class, most telling first.
_TYPICAL = "0a山あアｱA １Ａ-.@,;:/=\"'<&(\\\n\t\r\0_?%#$~é"
_MOST_ATTACKS = 28


@dataclass
class Use:
    """A pattern, where it stands, and whether it is looked for anywhere in a text or at one place only."""

    pattern: Compiled
    names: set[str] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)

    @property
    def scans(self) -> bool:
        """Whether the pattern is tried at every place of a text; so it is when nothing is known of its use."""
        known = any(name.startswith(ANCHORED) for name in self.names)
        return bool(self.methods & SEARCHES) or not (self.methods & MATCHES or known)

    def busy(self, text: str) -> float:
        """Seconds of processor time that the pattern takes for a text, the way it is used."""
        given = text.encode("utf-8", "surrogatepass") if isinstance(self.pattern.pattern, bytes) else text
        start = time.process_time()
        if self.scans:
            for _ in self.pattern.finditer(given):
                pass
        else:
            self.pattern.match(given)
            self.pattern.fullmatch(given)
        return time.process_time() - start


# ---------------------------------------------------------------- collecting


def patterns() -> list[Use]:
    """The patterns in modules and what they hold, in calls, and of detectors; each once."""
    found: dict[tuple[str, str | bytes, int], Use] = {}
    used = _methods_by_name()
    modules = [m.name for m in pkgutil.walk_packages(piiscan.__path__, "piiscan.") if not m.name.endswith("__main__")]
    for name in modules:
        try:
            module = importlib.import_module(name)
        except ImportError:  # an optional library is not installed
            continue
        for key, value in vars(module).items():
            if isinstance(value, type) and value.__module__ != name:
                continue
            for where, pattern in _patterns_in(value, f"{name}.{key}", 0):
                _add(found, pattern, where, used.get((name, key), set()))
    for path in ROOT.rglob("*.py"):
        for line, pattern, method in _in_calls(path):
            _add(found, pattern, f"{path.relative_to(ROOT)}:{line}", {method})
    for detector in registry.detectors().values():
        if detector.search:
            _add(found, regex.compile(detector.search), f"search of {detector.id}", {"finditer"})
        for shape in detector.shapes:
            _add(found, re.compile(shape), f"shape of {detector.id}", {"fullmatch"})
    return list(found.values())


def _add(found: dict[Any, Use], pattern: Compiled, where: str, methods: Iterable[str]) -> None:
    key = (type(pattern).__module__, pattern.pattern, pattern.flags)
    use = found.setdefault(key, Use(pattern))
    use.names.add(where)
    use.methods |= set(methods) & (SEARCHES | MATCHES)


def _patterns_in(value: object, where: str, depth: int) -> Iterator[tuple[str, Compiled]]:
    if isinstance(value, re.Pattern | regex.Pattern):
        yield where, value
    elif isinstance(value, shaped.Later):
        yield where, value.compiled
    elif depth > 4:
        return
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _patterns_in(inner, f"{where}[{str(key)[:20]}]", depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _patterns_in(inner, where, depth + 1)
    elif isinstance(value, type):
        for key, inner in vars(value).items():
            if isinstance(inner, re.Pattern | regex.Pattern | shaped.Later | dict | tuple):
                yield from _patterns_in(inner, f"{where}.{key}", depth + 1)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _patterns_in(getattr(value, name, None), f"{where}.{name}", depth + 1)


def _methods_by_name() -> dict[tuple[str, str], set[str]]:
    """(module, name) → what is done with it there, and where it is imported to."""
    used: dict[tuple[str, str], set[str]] = {}
    taken: list[tuple[tuple[str, str], tuple[str, str]]] = []
    for path in ROOT.rglob("*.py"):
        module = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                base = node.value
                while isinstance(base, ast.Subscript):
                    base = base.value
                if name := getattr(base, "id", getattr(base, "attr", None)):
                    used.setdefault((module, name), set()).add(node.attr)
            elif isinstance(node, ast.ImportFrom) and node.module:
                taken += [((node.module, a.name), (module, a.asname or a.name)) for a in node.names]
    for origin, copy in taken:
        used.setdefault(origin, set()).update(used.get(copy, ()))
    return used


def _in_calls(path: Path) -> Iterator[tuple[int, Compiled, str]]:
    """Patterns written where they are used: ``re.sub("…", …)``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        library, method, first = node.func.value, node.func.attr, node.args[0]
        known = isinstance(library, ast.Name) and library.id in ("re", "regex") and method in SEARCHES | MATCHES
        if known and isinstance(first, ast.Constant):
            yield node.lineno, (re if library.id == "re" else regex).compile(first.value), method  # type: ignore[attr-defined]


# ---------------------------------------------------------------- attacking


@dataclass(frozen=True, order=True)
class Attack:
    """A text of any size: a beginning, what is repeated, an end that does not fit."""

    head: str
    pump: str
    tail: str

    def text(self, size: int) -> str:
        return self.head + self.pump * max(1, size // len(self.pump)) + self.tail


def attacks(pattern: str | bytes, flags: int = 0) -> list[Attack]:
    """Texts made from the pattern's own parts: each repeat filled to the brim, the whole again and again but its end."""
    source = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    source = re.sub(r"\\p\{(?:Han|IsHan|Script=Han)\}", "一-龥", source)
    found: dict[Attack, None] = {}
    try:
        tree = parser.parse(source, flags & (re.VERBOSE | re.IGNORECASE | re.DOTALL | re.MULTILINE))
    except (re.error, OverflowError):
        tree = []
    whole = _sample(tree, 0)
    for head, pumps in _repeats(tree, ""):
        for pump in pumps:
            if pump:
                found[Attack(head, pump, "\0!")] = None
                found[Attack("", head + pump, "\0!")] = None
                found[Attack(head, pump, "")] = None
    for pump in (whole, whole[:-1], whole[:1], whole + " ", "0", "山"):
        if pump:
            found[Attack("", pump, "\0!")] = None
    return list(islice(found, _MOST_ATTACKS))


def _repeats(tree: Iterable[Any], head: str) -> Iterator[tuple[str, list[str]]]:
    """(what stands before it, texts that it repeats) for every repeat that can be long."""
    for kind, value in tree:
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, getattr(op, "POSSESSIVE_REPEAT", None)):
            low, high, body = value
            if high > 4:
                yield head, [_sample(body, n) for n in range(3)]
            yield from _repeats(body, head)
            head += _sample(body, 0) * min(max(low, 1 if high else 0), 3)
        elif kind is op.SUBPATTERN:
            yield from _repeats(value[3], head)
            head += _sample(value[3], 0)
        elif kind is getattr(op, "ATOMIC_GROUP", None):
            yield from _repeats(value, head)
            head += _sample(value, 0)
        elif kind is op.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, head)
            head += _sample(value[1][0], 0)
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            yield from _repeats(value[1], head)
        else:
            head += _one(kind, value, 0)


def _sample(tree: Iterable[Any], variant: int) -> str:
    """A text that fits, or nearly; ``variant`` chooses other characters of classes and other branches."""
    out = ""
    for kind, value in tree:
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, getattr(op, "POSSESSIVE_REPEAT", None)):
            low, high, body = value
            out += _sample(body, variant) * min(max(low, 1 if high else 0), 40)
        elif kind is op.SUBPATTERN:
            out += _sample(value[3], variant)
        elif kind is getattr(op, "ATOMIC_GROUP", None):
            out += _sample(value, variant)
        elif kind is op.BRANCH:
            out += _sample(value[1][variant % len(value[1])], variant)
        else:
            out += _one(kind, value, variant)
    return out


def _one(kind: Any, value: Any, variant: int) -> str:
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.NOT_LITERAL:
        return next(c for c in _TYPICAL[variant:] if ord(c) != value)
    if kind is op.ANY:
        return "a"
    if kind is op.IN:
        return _member(value, variant)
    return ""


def _member(items: list[Any], variant: int) -> str:
    """A character of a class, the typical ones first."""
    fits = [c for c in _TYPICAL if _in_class(items, ord(c))]
    if fits:
        return fits[variant % len(fits)]
    for kind, value in items:
        if kind is op.LITERAL:
            return chr(value)
        if kind is op.RANGE:
            return chr(value[0])
    return "a"


def _in_class(items: list[Any], code: int) -> bool:
    negated = bool(items) and items[0][0] is op.NEGATE
    inside = False
    for kind, value in items:
        if kind is op.LITERAL:
            inside |= code == value
        elif kind is op.RANGE:
            inside |= value[0] <= code <= value[1]
        elif kind is op.CATEGORY:
            c = chr(code)
            name = str(value)
            fits = c.isdecimal() if "DIGIT" in name else c.isspace() if "SPACE" in name else c.isalnum() or c == "_"
            inside |= fits != ("NOT_" in name)
    return inside != negated
