"""Tells which of very many values can stand in a text at all, so that only those need be searched for exactly.

Every run of six bytes of the text is noted in a table by its hash. A value of which some run is not there is not in the
text: that is certain. The few whose runs all are there, mostly by chance, are looked for one by one by others.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    Table: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]
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
#: Texts up to this size are held back until there is reason to look at them at all.
_HELD = 1 << 20


class Grams:
    """The runs of ``width`` bytes, 8 at most, of all that was added, in a table of 2 ** ``bits`` bytes.

    ``short``: a value that is shorter than a run may be there."""

    def __init__(self, width: int = 6, bits: int = 24, *, short: bool = True) -> None:
        self.width, self.short = width, short
        self._bits = bits
        self._table: Table | None = None
        self._edge = b""

    def add(self, data: bytes) -> None:
        """Notes the runs of ``data``, which goes on where the last one ended."""
        import numpy as np

        if self._table is None:
            self._table = np.zeros(1 << self._bits, dtype=np.uint8)
        for start in range(0, len(data), _PIECE):
            piece = self._edge + data[start : start + _PIECE]
            for _, indexes in _windows(piece, self.width, self._bits):
                self._table[indexes] = 1
            self._edge = piece[1 - self.width :]

    def end(self) -> None:
        """What is added next does not go on where the last one ended."""
        self._edge = b""

    def runs_known(self, data: bytes) -> Table:
        """For every position of ``data`` at which a run begins whether it was noted: 1 or 0."""
        import numpy as np

        known = np.zeros(max(0, len(data) - self.width + 1), dtype=np.uint8)
        if self._table is not None:
            for offset, indexes in _windows(data, self.width, self._bits):
                known[offset::8] = self._table[indexes]
        return known


def _windows(data: bytes, width: int, bits: int) -> Iterator[tuple[int, Indexes]]:
    """The hashes of the runs that begin at every eighth byte, from each of the first eight on."""
    import numpy as np

    count = len(data) - width + 1
    padded = data + bytes(8)
    keep = np.uint64((1 << 8 * width) - 1)
    for offset in range(min(8, max(0, count))):
        words = np.frombuffer(padded, dtype="<u8", count=(count - offset + 7) // 8, offset=offset)
        yield offset, ((words & keep) * np.uint64(_MULTIPLIER)) >> np.uint64(64 - bits)


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


class Values:
    """A great many values, each with what stands for it, packed in memory. The first of two equal ones counts."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def __bool__(self) -> bool:
        return bool(self._blocks)

    def add(self, values: Mapping[str, str]) -> None:
        """Takes in a block of values; none with a NUL in it."""
        text = "\0".join(values) + "\0\0" + "\0".join(values.values())
        self._blocks.append(zlib.compress(text.encode("utf-8", "surrogatepass"), 1))

    def blocks(self) -> Iterator[tuple[list[str], list[str]]]:
        """The values and what stands for them, block by block."""
        for block in self._blocks:
            values, _, stand_ins = zlib.decompress(block).decode("utf-8", "surrogatepass").partition("\0\0")
            yield values.split("\0"), stand_ins.split("\0")

    def items(self) -> Iterator[tuple[str, str]]:
        """Every value with what stands for it; values may come more than once."""
        for values, stand_ins in self.blocks():
            yield from zip(values, stand_ins, strict=True)

    def among(self, *texts: Grams, codecs: Iterable[tuple[str, str]] = CODECS) -> dict[str, str]:
        """The values that one of the texts may hold in one of the encodings, with what stands for them."""
        found: dict[str, str] = {}
        codecs = tuple(codecs)
        for values, stand_ins in self.blocks():
            for index in sorted({i for grams in texts for i in _possible(values, grams, codecs)}):
                found.setdefault(values[index], stand_ins[index])
        return found


def _possible(values: list[str], grams: Grams, codecs: tuple[tuple[str, str], ...]) -> Iterator[int]:
    """The positions of the values whose runs are all known."""
    # In XML these signs may be written otherwise: whoever searches knows how.
    yield from (i for i, value in enumerate(values) if _SPECIAL.search(value))
    wide = [i for i, value in enumerate(values) if not value.isascii()]
    of_wide = [values[i] for i in wide]
    for codec, errors in codecs:
        if codec in _LIKE_UTF8 and ("utf-8", "surrogatepass") in codecs:
            yield from (wide[i] for i in _known(of_wide, grams, codec, errors))
        else:
            yield from _known(values, grams, codec, errors)


def _known(values: list[str], grams: Grams, codec: str, errors: str) -> list[int]:
    import numpy as np

    if not values:
        return []
    data = "\0".join([*values, ""]).encode(codec, errors)
    unit = 2 if codec.startswith("utf-16") else 1
    units = np.frombuffer(data, dtype=np.uint16 if unit == 2 else np.uint8)
    ends = np.flatnonzero(units == 0) * unit
    starts = np.concatenate(([0], ends[:-1] + unit))
    # Runs that reach over the end of a value say nothing; a value without any run may be anywhere.
    counts = ends - starts - grams.width + 1
    known = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(grams.runs_known(data), dtype=np.int64)))
    last = np.minimum(starts + np.maximum(counts, 0), len(known) - 1)
    runs = known[last] - known[np.minimum(starts, len(known) - 1)]
    found: list[int] = np.flatnonzero(runs == np.maximum(counts, 0 if grams.short else 1)).tolist()
    return found


def feed(grams: Grams, stream: IO[bytes]) -> None:
    """Notes the runs of all bytes of a stream."""
    while piece := stream.read(_PIECE):
        grams.add(piece)
    grams.end()
