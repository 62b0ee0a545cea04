"""Searches the bytes of a finished copy for values that must not be in it, through every member of every package."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any
from xml.sax.saxutils import escape

from piiscan.errors import UnsafeCopyError
from piiscan.removed import LONG_VALUE, stands_alone
from piiscan.traces import CODECS, Grams, feed

CHUNK = 4 * 1024 * 1024
MAX_DEPTH = 5
#: In compressed data any five bytes come up by chance once in a while; eight do not.
BEYOND_CHANCE = 8
_ZIP = b"PK\x03\x04"

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
            return [name for name, part, packs in _parts(stream, "", 0) if _contains(part, packed if packs else plain)]

    return search


class Haystack:
    """What a copy is made of, noted so that the values that cannot be in it need not be searched for.

    ``plain``: the bytes of all that is no package; ``packed``: those of packages, in which short runs come up by chance.
    """

    def __init__(self) -> None:
        self.plain, self.packed = Grams(), Grams(BEYOND_CHANCE, 23, short=False)

    def add(self, stream: IO[bytes]) -> None:
        """Notes a stream and all that is in it; raises ``UnsafeCopyError`` for a package that does not open."""
        with _that_opens():
            for _, part, is_package in _parts(stream, "", 0):
                feed(self.packed if is_package else self.plain, part)


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


def _parts(stream: IO[bytes], name: str, depth: int) -> Iterator[tuple[str, IO[bytes], bool]]:
    """(name, stream, whether it is a package) of the stream and of all in it."""
    stream.seek(0)
    is_package = depth < MAX_DEPTH and stream.read(4) == _ZIP
    stream.seek(0)
    yield name, stream, is_package
    if not is_package:
        return
    stream.seek(0)
    with zipfile.ZipFile(stream) as package:
        for info in package.infolist():
            inner = f"{name}/{info.filename}" if name else info.filename
            told = b"\0".join((info.filename.encode("utf-8", "surrogateescape"), info.comment, info.extra))
            yield inner, io.BytesIO(told), False
            if info.flag_bits & 1 or info.is_dir():
                continue
            with package.open(info) as member:
                head = member.read(4)
                member.seek(0)
                if head == _ZIP:
                    yield from _parts(io.BytesIO(member.read()), inner, depth + 1)
                else:
                    yield inner, member, False
