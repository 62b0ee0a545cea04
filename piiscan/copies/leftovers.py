"""Searches the bytes of a finished copy for values that must not be in it, through every member of every package."""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO
from xml.sax.saxutils import escape

from piiscan.copies.package_parts import parts_of
from piiscan.copies.removed import LONG_VALUE, Finder, Removed, finder, stands_alone
from piiscan.copies.traces import CODECS, Grams, feed
from piiscan.errors import UnsafeCopyError
from piiscan.inspection.inspecting import Inspection
from piiscan.model import FileReport

CHUNK = 1024 * 1024
#: In compressed data any five bytes come up by chance once in a while; eight do not.
BEYOND_CHANCE = 8
#: Characters of the texts of a copy that are held for a last look.
_HELD = 4_000_000

#: Gives the names of the parts of a copy ("" for the file itself) in which a value still stands.
Search = Callable[[IO[bytes]], list[str]]


@dataclass(frozen=True, repr=False)
class _Patterns:
    """Spellings of values in bytes: the automaton, what is to be known of each pattern, the length of the longest."""

    automaton: Any
    edges: tuple[_Edges, ...]
    longest: int


@dataclass(frozen=True, repr=False, slots=True)
class _Edges:
    """The first and last character of a spelling, and the bytes of the smallest character around it."""

    first: str
    last: str
    width: int


def searcher(values: Iterable[str]) -> Search:
    """A function that searches a stream for the values.

    Each value is looked for as UTF-8, UTF-16, cp932, EUC-JP, XML-escaped and in numeric references, in the raw bytes and
    in every member of nested zip packages. What mail and other transports encode further is decoded by whoever reads
    their format. The function raises ``UnsafeCopyError`` for a package that does not open.
    """
    spelt = dict(pair for value in values for pair in _spellings(value))
    if not spelt:
        return lambda _: []
    plain = _patterns(spelt)
    packed = _patterns({p: edges for p, edges in spelt.items() if len(p) >= BEYOND_CHANCE})

    def search(stream: IO[bytes]) -> list[str]:
        with _that_opens():
            return [
                name for name, part, packs in parts_of(stream, "", 0) if _contains(part, packed if packs else plain)
            ]

    return search


class Haystack:
    """What a copy is made of, noted so that the values that cannot be in it need not be searched for.

    ``plain``: the bytes of all that is not compressed; ``packed``: of what may be, in which short runs come up by chance.
    ``step``: that of the runs of ``plain``.
    """

    def __init__(self, step: int = 1) -> None:
        self.plain, self.packed = Grams(step=step), Grams(BEYOND_CHANCE, 23, short=False)

    def add(self, stream: IO[bytes]) -> None:
        """Notes a stream and all that is in it; raises ``UnsafeCopyError`` for a package that does not open."""
        with _that_opens():
            for _, part, packs in parts_of(stream, "", 0):
                feed(self.packed if packs else self.plain, part)


@dataclass
class Left:
    """What a second look still finds in a copy. ``counts``: entity → places; ``places``: where a removed value stands;
    ``inspection``: what a scan says of it."""

    counts: Counter[str] = field(default_factory=Counter)
    places: list[str] = field(default_factory=list)
    inspection: Inspection = field(default_factory=lambda: Inspection((), {}))

    @property
    def reports(self) -> tuple[FileReport, ...]:
        """The reports of a scan of it."""
        return self.inspection.reports


@dataclass
class Leftovers:
    """The search for removed values in the texts and files of a copy, at once or, when they are many, in the end.

    ``wanted`` chooses among values those that may not be there. ``held``: distinct texts → where they stand; ``again``: not
    all could be held, so they must be gone through again.
    """

    removed: Removed
    left: Left
    wanted: Callable[[Mapping[str, str]], Mapping[str, str]] = lambda values: values
    haystack: Haystack | None = None
    held: dict[str, str] = field(default_factory=dict)
    size: int = 0
    again: bool = False
    _find: Finder = field(default_factory=lambda: finder({}))
    _search: Search = field(default_factory=lambda: searcher({}))

    def __post_init__(self) -> None:
        if self.removed.packed:
            self.haystack = Haystack(self.removed.packed.step)
        else:
            self._arm(self.removed.values)

    def _arm(self, values: Mapping[str, str]) -> None:
        wanted = self.wanted(values)
        self._find, self._search = finder(wanted), searcher(wanted)

    def text(self, text: str, place: str) -> None:
        """Takes in a text of the copy."""
        if text.strip() in self.removed.made or text in self.held:
            return
        if self.haystack is None:
            if next(self._find(text), None):
                self.left.places.append(place)
            return
        self.haystack.plain.add(text.encode("utf-8", "surrogatepass") + b"\0")
        if self.size < _HELD:
            self.held[text] = place
            self.size += len(text)
        else:
            self.again = True

    def file(self, stream: BinaryIO, name: str = "") -> None:
        """Takes in the copy, or a file in it."""
        if self.haystack is None:
            self.left.places.extend(
                f"{name}/{part}" if part and name else name or part for part in self._search(stream)
            )
        else:
            self.haystack.add(stream)
            self.again = self.again or bool(name)
        stream.seek(0)

    def settle(self, copy: BinaryIO) -> bool:
        """Searches what was held; True when the pass must be made again with what may be left."""
        if self.haystack is None:
            return False
        values = self.removed.among(self.haystack.plain, self.haystack.packed)
        self.haystack, held, self.held = None, self.held, {}
        self._arm(values)
        for text, place in held.items():
            self.text(text, place)
        self.file(copy)
        return self.again and bool(values)


@contextmanager
def _that_opens() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise UnsafeCopyError("copy_does_not_open") from None


def _patterns(spelt: dict[bytes, _Edges]) -> _Patterns | None:
    if not spelt:
        return None
    from ahocorasick_rs import BytesAhoCorasick, Implementation

    longest = max(map(len, spelt))
    kind = Implementation.NoncontiguousNFA if longest > LONG_VALUE else None
    return _Patterns(BytesAhoCorasick(list(spelt), implementation=kind), tuple(spelt.values()), longest)


def _spellings(value: str) -> Iterator[tuple[bytes, _Edges]]:
    for text in {value, escape(value), escape(value, {'"': "&quot;", "'": "&apos;"})}:
        for codec, errors in CODECS:
            try:
                spelt = text.encode(codec, "strict" if errors == "replace" else errors)
            except UnicodeEncodeError:
                continue
            yield spelt, _Edges(text[0], text[-1], 2 if codec.startswith("utf-16") else 1)


def _contains(part: IO[bytes], patterns: _Patterns | None) -> bool:
    if patterns is None:
        return False
    # Two more bytes on each side of a match are needed to see whether it is part of a longer number.
    data, overlap, first, last = b"", patterns.longest + 4, True, False
    while not last:
        chunk = part.read(CHUNK)
        last = not chunk
        data = data + chunk
        for index, start, end in patterns.automaton.find_matches_as_indexes(data, overlapping=True):
            seen = (first or start >= 2) and (last or end <= len(data) - 2)
            if seen and _alone(data, start, end, patterns.edges[index]):
                return True
        first = first and len(data) <= overlap
        data = data[-overlap:]
    return False


def _alone(data: bytes, start: int, end: int, edges: _Edges) -> bool:
    before = data[max(0, start - 2) : start]
    # The second byte of a character of cp932 may be an ASCII letter.
    inside = edges.width == 1 and len(before) == 2 and before[0] >= 0x81
    left = "" if inside else _ascii(before[-edges.width :])
    return stands_alone(left, edges.first, edges.last, _ascii(data[end : end + edges.width]))


def _ascii(unit: bytes) -> str:
    """The ASCII character that one or two bytes are, else nothing."""
    plain = unit.strip(b"\0")
    return plain.decode("ascii", "ignore") if len(plain) == 1 else ""
