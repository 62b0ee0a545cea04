"""Values normalised for comparison: one by one in plain Python, a column at a time by tables of characters.

The tables are built from the functions of :mod:`piiscan.text` for characters that normalise on their own; a row with any
other character is given back to be normalised by itself, so the two ways cannot differ.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from piiscan import text

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    #: Code points, positions or bounds: whole numbers of the width at hand.
    Ints: TypeAlias = np.ndarray[Any, np.dtype[Any]]


def plain(value: str) -> str:
    """NFKC, no white space, case-folded: mail addresses, birth dates, addresses."""
    return "".join(unicodedata.normalize("NFKC", value).split()).casefold()


def number(value: str) -> str:
    """The digits of a number without leading zeros, so that what a spreadsheet ate is not missed; "0" for zeros."""
    found = text.digits(value)
    return found.lstrip("0") or found[:1]


def phone_number(value: str) -> str:
    """The national digits of a telephone number without leading zeros; +81 90, 090 and 90 are the same."""
    found = number(value)
    for length in (9, 10, 11):  # 81 and a fixed line, a mobile one, either written +81 (0)
        if len(found) == length + 2 and found.startswith("81"):
            return found[2:].lstrip("0") or "0"
    return found


NORMALISERS: dict[str, Callable[[str], str]] = {
    "name": text.fold_name,
    "plain": plain,
    "date": plain,
    "digits": number,
    "phone": phone_number,
}
NUMERIC = ("digits", "phone")


# ---------------------------------------------------------------- columns

ODD = 0x1FFFFF  # table entry: this character does not normalise on its own
#: Blocks whose characters normalise on their own, as far as their table entries say so.
_IDEOGRAPHS = 0x4E00
_BLOCKS = ((0x00, 0x100), (0x2010, 0x2016), (0x3000, 0x3100), (_IDEOGRAPHS, 0xA000), (0xFE00, 0xFE10), (0xFF01, 0xFFA0))
_VOICED = frozenset("カキクケコサシスセソタチツテトハヒフヘホかきくけこさしすせそたちつてとはひふへほ")
_HALF_VOICED = frozenset("ハヒフヘホはひふへほ")


def _normaliser(kind: str) -> Callable[[str], str]:
    return text.digits if kind in NUMERIC else NORMALISERS[kind]


@cache
def _table_by(normalise: Callable[[str], str]) -> Ints:
    """Code point below 0x10000 → normalised code point + 1, 0 for a character that is dropped, or ``ODD``."""
    import numpy as np

    table = np.full(0x10000, ODD, dtype=np.uint32)
    for first, end in _BLOCKS:
        block = "".join(map(chr, range(first, end)))
        if first == _IDEOGRAPHS:  # twenty thousand that are never composed with their neighbours
            whole = normalise(block)
            points = np.frombuffer(whole.encode("utf-32-le"), dtype="<u4")
            if len(whole) in (0, len(block)):
                table[first:end] = points + np.uint32(1) if whole else 0
                continue
        for c, single in zip(block, map(normalise, block), strict=True):
            if len(single) < 2 and not any(map(unicodedata.combining, single + unicodedata.normalize("NFKC", c))):
                table[ord(c)] = ord(single) + 1 if single else 0
    return table


@cache
def _narrow_table(normalise: Callable[[str], str]) -> tuple[bytes, bytes]:
    """For ``bytes.translate``: ASCII → normalised character + 1, NUL as it is, and what is dropped."""
    entries = _table_by(normalise)[:128].tolist()
    dropped = bytes(c for c, entry in enumerate(entries) if not entry and c)
    return bytes([0, *(entry & 0xFF for entry in entries[1:])]) + bytes(128), dropped


def narrow(values: pl.Series, kind: str) -> tuple[Ints, Ints, Ints] | None:
    """As ``normalised``, for cells in ASCII; None when there is a NUL in one, by which they are told apart here."""
    import numpy as np
    import polars as pl

    joined: bytes = values.str.join("\0").cast(pl.Binary).item() or b""
    points = np.frombuffer(joined.translate(*_narrow_table(_normaliser(kind))), dtype=np.uint8)
    ends = np.append(np.flatnonzero(points == 0), len(points))
    if len(ends) != len(values):
        return None
    starts = np.zeros_like(ends)
    starts[1:] = ends[:-1] + 1
    return points, starts, ends - starts


def _code_points(values: list[str] | pl.Series) -> tuple[Ints, Ints]:
    """The code points of all cells in a row, and where each cell begins and the last ends."""
    import numpy as np

    if isinstance(values, list):
        joined = "".join(values)
        lengths = np.fromiter(map(len, values), dtype=np.int64, count=len(values))
    else:
        joined = values.str.join("").item() or ""
        lengths = values.str.len_chars().to_numpy()
    bounds = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=bounds[1:])
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32), bounds


def normalised(values: list[str] | pl.Series, kind: str) -> tuple[Ints, Ints, Ints, Ints]:
    """Normalised code points + 1, where each row begins among them, its length, and the rows for the slow engine."""
    import numpy as np

    points, bounds = _code_points(values)
    table = _table_by(_normaliser(kind))
    mapped = table.take(points, mode="clip")  # U+FFFF, the last entry, is odd
    if kind not in NUMERIC:
        _compose(points, mapped, bounds)
    odd = np.flatnonzero(mapped == ODD)
    rows = np.searchsorted(bounds, odd, side="right") - 1
    kept = mapped != 0
    before = np.zeros(len(points) + 1, dtype=np.int32)
    np.cumsum(kept, out=before[1:], dtype=np.int32)
    edges = before[bounds]
    return mapped[kept], edges[:-1], np.diff(edges), np.unique(rows)


def _compose(points: Ints, mapped: Ints, bounds: Ints) -> None:
    """Joins a kana and the voice mark after it, half-width or combining, as NFKC does."""
    import numpy as np

    for marks, letters, step in (((0xFF9E, 0x3099), _VOICED, 1), ((0xFF9F, 0x309A), _HALF_VOICED, 2)):
        at = np.flatnonzero((points == marks[0]) | (points == marks[1]))
        if len(at) == 0:
            continue
        at = at[~np.isin(at, bounds)]  # not at the start of a cell
        base = mapped[at - 1]
        fits = np.isin(base, np.array([ord(c) + 1 for c in letters], dtype=np.uint32))
        mapped[at[fits] - 1] += step
        mapped[at[fits]] = 0
