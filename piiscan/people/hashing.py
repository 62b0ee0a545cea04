"""Keyed 64-bit hashes of rows for counting distinct people: one arithmetic, in plain Python and in numpy.

A row is a sequence of *parts* (name, phone, …). The value of each is normalised to characters; what is left goes, three
characters or eighteen digits a word, through a multiply–xor–shift mixer whose start depends on the secret and on how
the value was normalised. The hashes of a row's values go through the same mixer, each with a key of its place. Values
that repeat in a column are hashed once. Zero stands for "nothing here". The hashes count people inside a run, exactly up to collisions
of 64 bits (2e-5 expected in 29 million rows); they are no pseudonyms and are never stored or shown.

The fast engine works on the characters of a whole column at once (:mod:`piiscan.people.normalising`); a row that cannot be
normalised that way takes the slow engine, so the two cannot differ.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeAlias

from piiscan import text
from piiscan.people.normalising import NORMALISERS, NUMERIC, ODD, narrow, normalised

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Words: TypeAlias = np.ndarray[Any, np.dtype[np.uint64]]
    #: Code points, positions or bounds: whole numbers of the width at hand.
    Ints: TypeAlias = np.ndarray[Any, np.dtype[Any]]

Hashes: TypeAlias = "array[int] | Words"

_MASK = (1 << 64) - 1
# Odd multipliers of splitmix64 and murmur3's finalisers, chosen there for their avalanche.
_M1, _M2 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_M3, _M4 = 0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53
_CHUNK = 32_768  # rows: enough to make a call worth its price, few enough for the processor's cache
_MOST_DIGITS = 18
_LONG = 96  # characters; longer cells take the slow engine, which does not loop over the whole chunk for them


def person_hashes(parts: Sequence[tuple[list[str] | pl.Series, str]], secret: bytes) -> Hashes:
    """One hash a row over ``parts``, pairs of (values, kind); 0 where all parts are empty once normalised.

    Kinds: ``name`` (see :func:`piiscan.text.fold_name`), ``phone``, ``digits``, ``plain``, ``date``. The answer depends
    on the values, the kinds, their order and ``secret``, not on the engine, the process or the batch. It is an
    ``array("Q")`` for lists and a numpy array as soon as one part is a series.
    """
    return combined([value_hashes(values, kind, secret) for values, kind in parts], secret)


def value_hashes(values: list[str] | pl.Series, kind: str, secret: bytes) -> Hashes:
    """One hash a value; 0 where it is empty once normalised. What normalises to the same has the same hash."""
    key = _key(secret, f"value {NORMALISERS[kind].__name__}")
    if isinstance(values, list):
        return array("Q", [_value_hash(value, kind, key) for value in values])
    import numpy as np

    hashes = np.empty(len(values), dtype=np.uint64)
    for start in range(0, len(values), _CHUNK):
        hashes[start : start + _CHUNK] = _chunk_hashes(values[start : start + _CHUNK], kind, key)
    return hashes


def combined(parts: Sequence[Hashes], secret: bytes) -> Hashes:
    """One hash a row over those of its values, by value and place; 0 where all of them are 0."""
    first, last = _key(secret, "start"), _key(secret, "end")
    keys = [_key(secret, f"place {place}") for place in range(len(parts))]
    if all(isinstance(part, array) for part in parts):
        return array("Q", [_row_hash(row, keys, first, last) for row in zip(*parts, strict=True)])
    import numpy as np

    arrays = [np.frombuffer(part, dtype=np.uint64) for part in parts]
    state = np.full(len(arrays[0]), first, dtype=np.uint64)
    empty = np.ones(len(state), dtype=bool)
    for hashes, key in zip(arrays, keys, strict=True):
        blank = hashes == 0
        mixed = _mixed(state, hashes ^ np.uint64(key))
        state = np.where(blank, state, mixed) if blank.any() else mixed
        empty &= blank
    state ^= np.uint64(last)
    state *= np.uint64(_M3)
    state ^= state >> np.uint64(33)
    state *= np.uint64(_M4)
    state ^= state >> np.uint64(32)
    state[state == 0] = 1
    state[empty] = 0
    return state


@lru_cache(maxsize=64)
def _key(secret: bytes, label: str) -> int:
    """64 bits derived from ``secret`` for one use."""
    key = blake2b(secret, digest_size=32, person=b"piiscan people").digest()
    return int.from_bytes(blake2b(label.encode(), key=key, digest_size=8).digest())


# ---------------------------------------------------------------- plain Python


def _words(value: str, kind: str) -> list[int]:
    """The normalised value as words: three code points + 1 of 21 bits each, or eighteen digits + 1."""
    normal = NORMALISERS[kind](value)
    if kind in NUMERIC:
        return [int(normal[i : i + 18]) + 1 for i in range(0, len(normal), 18)]
    points = [ord(c) + 1 for c in normal] + [0, 0]
    return [points[i] | points[i + 1] << 21 | points[i + 2] << 42 for i in range(0, len(points) - 2, 3)]


def _value_hash(value: str, kind: str, key: int) -> int:
    words = _words(value, kind)
    if not words:
        return 0
    for word in words:
        key = _step(key, word)
    return key or 1


def _row_hash(hashes: Sequence[int], keys: Sequence[int], first: int, last: int) -> int:
    state = first
    for value, key in zip(hashes, keys, strict=True):
        if value:
            state = _step(state, value ^ key)
    if not any(hashes):
        return 0
    state = ((state ^ last) * _M3) & _MASK
    state ^= state >> 33
    state = (state * _M4) & _MASK
    return (state ^ (state >> 32)) or 1


def _step(state: int, word: int) -> int:
    state = ((state ^ word) * _M1) & _MASK
    state ^= state >> 32
    state = (state * _M2) & _MASK
    return state ^ (state >> 29)


# ---------------------------------------------------------------- numpy

_ZERO = ord("0") + 1


def _chunk_hashes(values: pl.Series, kind: str, key: int) -> Words:
    """The hashes of a chunk. Cells in ASCII take a shorter way when they are more than the others."""
    import numpy as np

    values = values.fill_null("") if values.null_count() else values
    ascii_only = (values.str.len_bytes() == values.str.len_chars()).to_numpy()
    count = np.count_nonzero(ascii_only)
    if 2 * count < len(values):
        return _hashes_of(values, kind, key, normalised(values, kind))
    short_way = values if count == len(values) else values.filter(ascii_only)
    found = narrow(short_way, kind)
    if found is None:
        return _hashes_of(values, kind, key, normalised(values, kind))
    short = _hashes_of(short_way, kind, key, (*found, np.empty(0, dtype=np.int64)))
    if count == len(values):
        return short
    wide = values.filter(~ascii_only)
    hashes = np.empty(len(values), dtype=np.uint64)
    hashes[ascii_only] = short
    hashes[~ascii_only] = _hashes_of(wide, kind, key, normalised(wide, kind))
    return hashes


def _hashes_of(values: pl.Series, kind: str, key: int, normalised: tuple[Ints, Ints, Ints, Ints]) -> Words:
    import numpy as np

    points, starts, lengths, odd = normalised
    slow = np.union1d(odd, np.flatnonzero(lengths > (_MOST_DIGITS if kind in NUMERIC else _LONG)))
    lengths[slow] = 0
    state = np.full(len(lengths), key, dtype=np.uint64)
    if kind in NUMERIC:
        _mix_numbers(state, points, starts, lengths, kind)
    else:
        _mix_text(state, points, starts, lengths)
    state[state == 0] = 1
    state[lengths == 0] = 0
    for row in slow.tolist():
        state[row] = _value_hash(values[row] or "", kind, key)
    return state


def _mix(state: Words, rows: Ints, words: Words) -> None:
    state[rows] = _mixed(state[rows], words)


def _mixed(state: Words, words: Words) -> Words:
    import numpy as np

    mixed = state ^ words
    mixed *= np.uint64(_M1)
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(_M2)
    mixed ^= mixed >> np.uint64(29)
    return mixed


def _mix_text(state: Words, points: Ints, starts: Ints, lengths: Ints) -> None:
    """Mixes each row's characters, three at a time; rows that are through are put aside."""
    import numpy as np

    points = np.append(points, np.zeros(2, dtype=points.dtype))  # behind the last
    rows = np.flatnonzero(lengths)
    at, left, mixed = starts.take(rows), lengths.take(rows), state.take(rows)
    own = np.array([0, (1 << 21) - 1, (1 << 42) - 1, (1 << 63) - 1], dtype=np.uint64)
    while len(rows):
        words = points.take(at).astype(np.uint64)
        for shift in (21, 42):
            at += 1
            words |= points.take(at).astype(np.uint64) << np.uint64(shift)
        ends = left <= 3
        last = ends.any()
        if last:
            words &= own.take(left, mode="clip")  # without those of the next cell
        mixed = _mixed(mixed, words)
        if last:
            state[rows[ends]] = mixed[ends]
            rows, at, left, mixed = rows[~ends], at[~ends], left[~ends], mixed[~ends]
        at += 1
        left -= 3


def _mix_numbers(state: Words, points: Ints, starts: Ints, lengths: Ints, kind: str) -> None:
    """Mixes each row's digits as one number. Rows of one length go together: most columns have few lengths."""
    import numpy as np

    for length in np.flatnonzero(np.bincount(lengths)).tolist():
        if not length:
            continue
        rows = np.flatnonzero(lengths == length)
        at = starts.take(rows)
        numbers = points.take(at).astype(np.uint64)
        for _ in range(length - 1):
            at += 1
            numbers *= np.uint64(10)
            numbers += points.take(at)
        numbers -= np.uint64(int("1" * length) * _ZERO)
        if kind == "phone":
            for power in (10**9, 10**10, 10**11):
                foreign = numbers // np.uint64(power) == 81
                numbers[foreign] %= np.uint64(power)
        numbers += np.uint64(1)
        _mix(state, rows, numbers)


def fold_name_series(values: pl.Series) -> pl.Series:
    """:func:`piiscan.text.fold_name` of every cell."""
    import numpy as np
    import polars as pl

    values = values.fill_null("") if values.null_count() else values
    points, starts, lengths, slow = normalised(values, "name")
    joined = np.where(points == ODD, 1, points) - np.uint32(1)
    whole = joined.astype("<u4").tobytes().decode("utf-32-le")
    edges = zip(starts.tolist(), (starts + lengths).tolist(), strict=True)
    folded = [whole[first:end] for first, end in edges]
    for row in slow.tolist():
        folded[row] = text.fold_name(values[row] or "")
    return pl.Series(values.name, folded, dtype=pl.String)
