"""Tells which of very many values can stand in a text at all, so that only those need be searched for exactly.

Every run of six bytes of the text is noted in a table by its hash. A value of which some run is not there is not in the
text: that is certain. The few whose runs all are there, mostly by chance, are looked for one by one by others.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
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
#: Codecs that write ASCII as UTF-8 does.
_LIKE_UTF8 = ("cp932", "euc_jp", "ascii")
_SPECIAL = re.compile("[&<>\"']")
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
        import numpy as np

        if not values or self._table is None:
            return []
        data = "\0".join([*values, ""]).encode(codec, errors)
        unit = 2 if codec.startswith("utf-16") else 1
        units = np.frombuffer(data, dtype=np.uint16 if unit == 2 else np.uint8)
        ends = np.flatnonzero(units == 0) * unit
        starts = np.concatenate(([0], ends[:-1] + unit))
        lengths, words = ends - starts, _words(data)
        found = np.flatnonzero((lengths < self.width) if self.short else (lengths < 0))
        for first in range(self.step):
            # The runs of a value that are noted begin at ``first`` if it begins that much before one that is.
            left = np.flatnonzero(lengths >= self.width)
            for back in range(int(lengths.max(initial=0))):
                places = lengths[left] - self.width - first
                at = first + places // self.step * self.step - back * self.step
                over = at < first  # all its runs are known
                found = np.concatenate((found, left[over]))
                left, at = left[~over], at[~over]
                if not len(left):
                    break
                left = left[self._table[self._indexes(words[starts[left] + at])] != 0]
        possible: list[int] = np.unique(found).tolist()
        return possible

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


class Values:
    """A great many values, each with what stands for it, packed in memory. The first of two equal ones counts."""

    def __init__(self) -> None:
        self._blocks: list[tuple[bytes, Spelling | None]] = []
        self._short = 0

    def __bool__(self) -> bool:
        return bool(self._blocks)

    def add(self, values: Mapping[str, str], spelling: Spelling | None = None) -> None:
        """Takes in a block of values, none with a NUL in it; with a ``spelling`` their other forms count as well."""
        self._short += sum(len(value) < (4 if not value.isascii() else _TWO) for value in values)
        text = "\0".join(values) + "\0\0" + "\0".join(values.values())
        self._blocks.append((zlib.compress(text.encode("utf-8", "surrogatepass"), 1), spelling))

    @property
    def step(self) -> int:
        """The step of ``Grams`` that tell of all but a few of the values."""
        return 2 if self._short < _FEW else 1

    def _unpacked(self) -> Iterator[tuple[str, str, Spelling | None]]:
        for block, spelling in self._blocks:
            values, _, stand_ins = zlib.decompress(block).decode("utf-8", "surrogatepass").partition("\0\0")
            yield values, stand_ins, spelling

    def items(self) -> Iterator[tuple[str, str]]:
        """Every value with what stands for it; values may come more than once."""
        for values, stand_ins, spelling in self._unpacked():
            for value, stand_in in zip(values.split("\0"), stand_ins.split("\0"), strict=True):
                if spelling is None:
                    yield value, stand_in
                else:
                    yield from spelling.exact(value, stand_in).items()

    def among(self, *texts: Grams, codecs: Iterable[tuple[str, str]] = CODECS) -> dict[str, str]:
        """The values that one of the texts may hold in one of the encodings, with what stands for them."""
        found: dict[str, str] = {}
        codecs = tuple(codecs)
        for joined, stand_ins, spelling in self._unpacked():
            forms = [joined] if spelling is None else [joined, *spelling.forms(joined)]
            possible = {i for form in dict.fromkeys(forms) for i in _possible(form, texts, codecs)}
            if not possible:
                continue
            values, new = joined.split("\0"), stand_ins.split("\0")
            for i in sorted(possible):
                exact = {values[i]: new[i]} if spelling is None else spelling.exact(values[i], new[i])
                for value, stand_in in exact.items():
                    found.setdefault(value, stand_in)
        return found


def _possible(joined: str, texts: Iterable[Grams], codecs: tuple[tuple[str, str], ...]) -> Iterator[int]:
    """The positions of the values, joined by NUL, whose runs are all known to one of the texts."""
    values = joined.split("\0")
    # In XML these signs may be written otherwise: whoever searches knows how.
    if _SPECIAL.search(joined):
        yield from (i for i, value in enumerate(values) if _SPECIAL.search(value))
    wide = [] if joined.isascii() else [i for i, value in enumerate(values) if not value.isascii()]
    of_wide = [values[i] for i in wide]
    for grams in texts:
        for codec, errors in codecs:
            if codec in _LIKE_UTF8 and ("utf-8", "surrogatepass") in codecs:
                yield from (wide[i] for i in grams.possible(of_wide, codec, errors))
            else:
                yield from grams.possible(values, codec, errors)


def feed(grams: Grams, stream: IO[bytes]) -> None:
    """Notes the runs of all bytes of a stream."""
    while piece := stream.read(_PIECE):
        grams.add(piece)
    grams.end()
