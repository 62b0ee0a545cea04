"""Small operations on rows and their keys, the same for lists and for polars series."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from piiscan import columnar
from piiscan.columnar import Values
from piiscan.people.hashing import Hashes
from piiscan.repeats import Repeats
from piiscan.text import fold_name


def empty() -> Hashes:
    """No keys."""
    return array("Q")


def blank_rows(columns: Sequence[Values | Repeats]) -> list[int]:
    """Positions at which every one of the columns is blank."""
    blank: set[int] | None = None
    for values in columns:
        if isinstance(values, Repeats):
            rows = set(values.positions(blank_rows([values.words])))
        elif isinstance(values, list):
            rows = {i for i, text in enumerate(values) if not text or text.isspace()}
        else:
            rows = set((values.fill_null("").str.strip_chars() == "").arg_true().to_list())
        blank = rows if blank is None else blank & rows
    return sorted(blank or ())


def equal_hashes(left: Hashes, right: Hashes) -> list[int]:
    """Positions at which both are the hash of the same thing, and of any at all."""
    if isinstance(left, array):
        return [i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a and a == b]
    found: list[int] = ((left == right) & (left != 0)).nonzero()[0].tolist()
    return found


def same_names(left: Sequence[Values], right: Sequence[Values]) -> list[int]:
    """Positions at which the joined cells of both sides are the same name, and not blank."""
    positions: Sequence[int] = range(len(left[0]))
    ends = left[-1], right[-1]
    if not any(isinstance(c, list) for c in ends):  # a family shares its surname, but hardly ever the last sign
        last, other = (c.fill_null("").str.strip_chars().str.tail(1) for c in ends)  # type: ignore[union-attr]
        positions = (last == other).arg_true().to_list()
    sides = [
        ["".join(row) for row in zip(*(_taken(c, positions) for c in side), strict=True)] for side in (left, right)
    ]
    pairs = zip(positions, *sides, strict=True)
    return [i for i, a, b in pairs if a and b and _same_name(a, b)]


def _taken(values: Values, positions: Sequence[int]) -> list[str]:
    return values if isinstance(values, list) else [text or "" for text in columnar.take(values, positions)]


def _same_name(left: str, right: str) -> bool:
    return left == right or fold_name(left) == fold_name(right)


def positions_in(values: Values | Repeats, words: frozenset[str]) -> list[int]:
    """Positions of the cells that are, without surrounding space, one of ``words``."""
    if isinstance(values, Repeats):
        return values.positions(positions_in(values.words, words))
    if isinstance(values, list):
        return [i for i, text in enumerate(values) if text.strip() in words]
    import polars as pl

    listed = pl.Series(sorted(words), dtype=pl.String)
    return [int(i) for i in values.str.strip_chars().is_in(listed).arg_true().to_list()]


def without(hashes: Hashes, drop: Iterable[int]) -> Hashes:
    """The keys that are not zero and whose position is not dropped."""
    if isinstance(hashes, array):
        gone = set(drop)
        return array("Q", (h for i, h in enumerate(hashes) if h and i not in gone))
    kept = hashes.copy()
    positions = list(drop)
    if positions:
        kept[positions] = 0
    found: Hashes = kept[kept != 0]
    return found


def row_keys(hashes: Hashes, drop: Iterable[int], rows: Sequence[int], salt: bytes) -> Hashes:
    """A key of its own for every row that has a name: used where a name is too little to tell two people apart."""
    gone = set(drop)
    keys = array("Q")
    for position, row in enumerate(rows):
        if position not in gone and hashes[position]:
            digest = blake2b(row.to_bytes(8, "little"), key=salt[:64], digest_size=8).digest()
            keys.append(int.from_bytes(digest, "little"))
    return keys
