"""Tells which of very many values can stand in a text at all, so that only those need be searched for exactly.

Every run of six bytes of the text is noted in a table by its hash. A value of which some run is not there is not in the
text: that is certain. The few whose runs all are there, mostly by chance, are looked for one by one by others.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    Table: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]
    Words: TypeAlias = np.ndarray[Any, np.dtype[np.uint64]]
    Indexes: TypeAlias = np.ndarray[Any, np.dtype[Any]]

#: How a value may be written in bytes: codec and what it does with a sign that it does not have.
CODECS: tuple[tuple[str, str], ...] = (
    ("utf-8", "surrogatepass"),
    ("utf-16-le", "surrogatepass"),
    ("utf-16-be", "surrogatepass"),
    ("cp932", "replace"),
    ("euc_jp", "replace"),
    ("ascii", "xmlcharrefreplace"),
    ("ascii", "backslashreplace"),
)
_PLAIN = CODECS[0]
#: Codecs that write ASCII as UTF-8 does.
_LIKE_UTF8 = ("cp932", "euc_jp", "ascii")
_SPECIAL = re.compile(b"[&<>\"']")
_MULTIPLIER = 0x9E3779B97F4A7C15
_PIECE = 1 << 20
#: Bytes of a value of which every other run is enough, and how many shorter ones there may be.
_TWO, _FEW = 7, 5_000
#: Texts up to this size are held back until there is reason to look at them at all.
_HELD = 1 << 20


class Grams:
    """The runs of ``width`` bytes, 8 at most, of all that was added, in a table of 2 ** ``bits`` bytes.

    ``step``: of each text only the runs that begin at every so manyth byte are noted, 1, 2, 4 or 8; that is enough to tell
    of a value of ``width + step - 1`` bytes or more. ``short``: a value that is shorter than a run may be there."""

    def __init__(self, width: int = 6, bits: int = 24, *, short: bool = True, step: int = 1) -> None:
        self.width, self.short, self.step = width, short, step
        self._bits = bits
        self._table: Table | None = None
        self._edge = b""
        self._skip = 0

    def add(self, data: bytes) -> None:
        """Notes the runs of ``data``, which goes on where the last one ended."""
        import numpy as np

        if self._table is None:
            self._table = np.zeros(1 << self._bits, dtype=np.uint8)
        for start in range(0, len(data), _PIECE):
            piece = self._edge + data[start : start + _PIECE]
            runs = len(piece) - self.width + 1
            words = _words(piece)
            for offset in range(self._skip, min(self._skip + 8, max(0, runs)), self.step):
                self._table[self._indexes(words[offset:runs:8])] = 1
            if runs > 0:
                self._skip = -(runs - self._skip) % self.step
                piece = piece[runs:]
            self._edge = piece

    def end(self) -> None:
        """What is added next does not go on where the last one ended."""
        self._edge, self._skip = b"", 0

    def possible(self, values: list[str], codec: str, errors: str) -> list[int]:
        """The positions of the values, none with a NUL, that may be in the texts in that encoding."""
        return self.may_hold(Spelt.of("\0".join(values), codec, errors)).tolist() if values else []

    def may_hold(self, values: Spelt) -> Indexes:
        """The positions of the values that may be in the texts."""
        import numpy as np

        if self._table is None:
            return np.zeros(0, dtype=np.int64)
        lengths = values.lengths
        found = [np.flatnonzero((lengths < self.width) if self.short else (lengths < 0))]
        long = np.flatnonzero(lengths >= self.width)
        for first in range(self.step):
            # The runs of a value that are noted begin at ``first`` if it begins that much before one that is.
            at = first + (lengths[long] - self.width - first) // self.step * self.step
            left = long
            while len(left):
                over = at < first  # all its runs are known
                if over.any():
                    found.append(left[over])
                    left, at = left[~over], at[~over]
                known = self._table[self._indexes(values.words[values.starts[left] + at])] != 0
                left, at = left[known], at[known] - self.step
        return np.unique(np.concatenate(found))

    def _indexes(self, words: Words) -> Indexes:
        """The places in the table of the runs with which the words begin."""
        import numpy as np

        hashed = words << np.uint64(64 - 8 * self.width)
        hashed *= np.uint64(_MULTIPLIER)
        hashed >>= np.uint64(64 - self._bits)
        return hashed.view(np.int64)


def _words(data: bytes) -> Words:
    """Eight bytes from every position on, as numbers; what follows the last byte counts as zeros."""
    import numpy as np

    return np.ndarray((len(data),), dtype="<u8", buffer=data + bytes(8), strides=(1,))


@dataclass(frozen=True, repr=False, slots=True)
class Spelt:
    """Values in one encoding: where each begins, its length in bytes, and the eight bytes from every place on."""

    starts: Indexes
    lengths: Indexes
    words: Words

    @classmethod
    def of(cls, joined: str, codec: str, errors: str) -> Spelt:
        """``joined``: the values with NULs between them."""
        return cls.in_bytes(f"{joined}\0".encode(codec, errors), wide=codec.startswith("utf-16"))

    @classmethod
    def in_bytes(cls, data: bytes, *, wide: bool = False) -> Spelt:
        """``data``: the values, a NUL behind each; ``wide``: of two bytes."""
        import numpy as np

        units = np.frombuffer(data, dtype=np.uint16 if wide else np.uint8)
        ends = np.flatnonzero(units == 0) * (2 if wide else 1)
        starts = np.zeros_like(ends)
        starts[1:] = ends[:-1] + (2 if wide else 1)
        return cls(starts, ends - starts, _words(data))


class Traces:
    """The runs of many texts; small ones are only held until somebody asks."""

    def __init__(self) -> None:
        self._held: list[str] = []
        self._size = 0
        self._grams = Grams(bits=23)

    def add(self, text: str) -> None:
        """Takes in a text."""
        self._held.append(text)
        self._size += len(text)
        if self._size > _HELD:
            self.grams()

    def grams(self) -> Grams:
        """The runs of all texts so far, as UTF-8."""
        if self._held:
            self._grams.add("\0".join(self._held).encode("utf-8", "surrogatepass"))
            self._grams.add(b"\0")
            self._held, self._size = [], 0
        return self._grams


@dataclass(frozen=True)
class Spelling:
    """How else values of a block may be written. ``forms`` gives all forms of many, joined by NUL as they are.
    ``exact`` gives what is to be sought for one value and what stands for it."""

    forms: Callable[[str], Iterable[str]]
    exact: Callable[[str, str], Mapping[str, str]]


@dataclass(frozen=True, repr=False, slots=True)
class _Block:
    """Values and what stands for them, and the other forms of all values; each packed, with NULs between them."""

    values: bytes
    stand_ins: bytes
    forms: tuple[bytes, ...]
    spelling: Spelling | None


class Values:
    """A great many values, each with what stands for it, packed in memory. The first of two equal ones counts."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._short = 0

    def __bool__(self) -> bool:
        return bool(self._blocks)

    def add(self, values: Mapping[str, str], spelling: Spelling | None = None) -> None:
        """Takes in a block of values, none with a NUL in it; with a ``spelling`` their other forms count as well."""
        self._short += sum(len(value) < (4 if not value.isascii() else _TWO) for value in values)
        joined = "\0".join(values)
        others = dict.fromkeys(spelling.forms(joined) if spelling is not None else ())
        others.pop(joined, None)
        self._blocks.append(
            _Block(_pack(joined), _pack("\0".join(values.values())), tuple(map(_pack, others)), spelling)
        )

    @property
    def step(self) -> int:
        """The step of ``Grams`` that tell of all but a few of the values."""
        return 2 if self._short < _FEW else 1

    def items(self) -> Iterator[tuple[str, str]]:
        """Every value with what stands for it; values may come more than once."""
        for block in self._blocks:
            for value, stand_in in zip(_unpacked(block.values), _unpacked(block.stand_ins), strict=True):
                if block.spelling is None:
                    yield value, stand_in
                else:
                    yield from block.spelling.exact(value, stand_in).items()

    def among(self, *texts: Grams, codecs: Iterable[tuple[str, str]] = CODECS) -> dict[str, str]:
        """The values that one of the texts may hold in one of the encodings, UTF-8 among them, with what stands for them."""
        found: dict[str, str] = {}
        codecs = tuple(codecs)
        for block in self._blocks:
            possible = {i for form in (block.values, *block.forms) for i in _possible(form, texts, codecs)}
            if not possible:
                continue
            values, new = _unpacked(block.values), _unpacked(block.stand_ins)
            for i in sorted(possible):
                one = {values[i]: new[i]}
                for value, stand_in in (block.spelling.exact(values[i], new[i]) if block.spelling else one).items():
                    found.setdefault(value, stand_in)
        return found


def _pack(joined: str) -> bytes:
    return zlib.compress(f"{joined}\0".encode("utf-8", "surrogatepass"), 1)


def _unpacked(block: bytes) -> list[str]:
    return zlib.decompress(block).decode("utf-8", "surrogatepass")[:-1].split("\0")


def _possible(block: bytes, texts: Sequence[Grams], codecs: tuple[tuple[str, str], ...]) -> Iterator[int]:
    """The positions of the values of a packed block whose runs are all known to one of the texts."""
    data = zlib.decompress(block)
    # In XML these signs may be written otherwise: whoever searches knows how.
    if _SPECIAL.search(data):
        yield from (i for i, value in enumerate(data[:-1].split(b"\0")) if _SPECIAL.search(value))
    plain = Spelt.in_bytes(data)
    if _PLAIN in codecs:
        yield from _in_any(texts, plain)
    codecs = tuple(codec for codec in codecs if codec != _PLAIN)
    if not codecs:
        return
    joined = data[:-1].decode("utf-8", "surrogatepass")
    beyond = [] if joined.isascii() else _beyond_ascii(data, plain)
    del data, plain
    for codec, errors in codecs:
        if codec not in _LIKE_UTF8:
            yield from _in_any(texts, Spelt.of(joined, codec, errors))
    if not beyond:
        return
    values = joined.split("\0")
    if len(beyond) < len(values):
        joined = "\0".join([values[i] for i in beyond])
    for codec, errors in codecs:
        if codec in _LIKE_UTF8:
            yield from (beyond[i] for i in _in_any(texts, Spelt.of(joined, codec, errors)))


def _beyond_ascii(data: bytes, values: Spelt) -> list[int]:
    """The positions of the values in UTF-8 that are more than ASCII."""
    import numpy as np

    highest = np.maximum.reduceat(np.frombuffer(data, dtype=np.uint8), values.starts)
    found: list[int] = np.flatnonzero(highest >= 0x80).tolist()
    return found


def _in_any(texts: Sequence[Grams], values: Spelt) -> Iterator[int]:
    for grams in texts:
        yield from grams.may_hold(values).tolist()


def feed(grams: Grams, stream: IO[bytes]) -> None:
    """Notes the runs of all bytes of a stream."""
    while piece := stream.read(_PIECE):
        grams.add(piece)
    grams.end()
