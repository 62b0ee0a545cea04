"""Questions about one column of a batch, answered by Python's ``re`` or by polars, always with the same answer.

Small files travel as ``list[str]`` and never load polars; large ones travel as ``pl.Series``. Callers ask here and do
not loop over cells themselves. Patterns are written in the common subset of Rust's regex and Python's ``re`` (see
:class:`piiscan.model.Detector`), compiled once, and anchored here, so that a trailing newline is never part of a match.
A *blank* cell is empty or holds only white space as Python's ``str.isspace`` knows it; no function ever reports one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from piiscan.model import Batch
from piiscan.people.hashing import Hashes, value_hashes
from piiscan.repeats import Repeats
from piiscan.shaped import wholly

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Ints: TypeAlias = np.ndarray[Any, np.dtype[Any]]

Values: TypeAlias = "list[str] | pl.Series"
T = TypeVar("T")

#: What ``str.isspace`` accepts, as the inside of a character class of Rust's regex.
_BLANK = r"\t-\r\x1c-\x20\x85\xa0\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"


_LINE_BREAK = re.compile("\r\n|[\r\n]")


@dataclass(frozen=True, slots=True, repr=False)
class Tally:
    """One look at a column: cells that are not blank, those wholly matched, and the others as (position, text)."""

    filled: int
    matched: int
    exceptions: list[tuple[int, str]]


def as_series(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The batches of a large sheet with their columns as series."""
    import polars as pl

    for batch in batches:
        try:
            columns = {index: pl.Series(values, dtype=pl.String) for index, values in batch.columns.items()}
        except UnicodeEncodeError:  # half a character, which only Python's own engine can hold
            yield batch
        else:
            yield Batch(batch.rows, columns)


def hashes(values: Values | Repeats, kind: str, secret: bytes) -> Hashes:
    """:func:`piiscan.people.hashing.value_hashes`, of each word once where they repeat."""
    if isinstance(values, Repeats):
        import numpy as np

        return np.frombuffer(values.of_words(value_hashes, kind, secret), dtype=np.uint64)[values.codes]
    return value_hashes(values, kind, secret)


def filled(values: Values | Repeats) -> int:
    """How many cells are not blank."""
    if isinstance(values, Repeats):
        return int(values.counts[values.of_words(_not_blank).to_numpy()].sum())
    if isinstance(values, list):
        return sum(1 for text in values if text and not text.isspace())
    return int(_not_blank(values).sum())


def _not_blank(values: pl.Series) -> pl.Series:
    return values.str.contains(f"[^{_BLANK}]")


def tally(
    values: Values | Repeats, shapes: tuple[str, ...], limit: int | None = None, *, joined: bool = False
) -> Tally:
    """Counts of a column of values of any of ``shapes``, and the cells that are none.

    ``limit`` bounds the exceptions. ``joined``: a cell also matches if it does with each of its line breaks read as a
    space.
    """
    if isinstance(values, Repeats):
        cells = values.cells(values.of_words(_exceptions, shapes, joined))
        count = filled(values)
        return Tally(count, count - len(cells), cells[:limit])
    if isinstance(values, list):
        whole = _python_tally(values, wholly(shapes))
        exceptions = _still_unmatched(whole.exceptions, wholly(shapes)) if joined else whole.exceptions
        return Tally(whole.filled, whole.filled - len(exceptions), exceptions[:limit])
    pattern = _union(shapes)
    if _takes_blanks(pattern):
        return _tally_with_blanks(values, pattern, limit, joined=joined)
    positions = _not_whole(values, pattern).arg_true()
    odd = values.gather(positions)
    blanks = len(odd) - filled(odd)
    if len(odd):
        positions = positions.filter(_unexplained(_one_line(odd) if joined else odd, pattern))
    exceptions = _at(values, positions)
    count = int((values != "").sum()) - blanks
    return Tally(count, count - len(exceptions), exceptions[:limit])


def _exceptions(values: Values, shapes: tuple[str, ...], joined: bool) -> list[tuple[int, str]]:
    return tally(values, shapes, joined=joined).exceptions


def _tally_with_blanks(values: pl.Series, pattern: str, limit: int | None, *, joined: bool) -> Tally:
    """The tally for a pattern that takes a blank cell for a match: blanks are counted by a look of their own."""
    positions = _unexplained(values, pattern).arg_true()
    if joined and len(positions):
        positions = positions.filter(_unexplained(_one_line(values.gather(positions)), pattern))
    count = filled(values)
    return Tally(count, count - len(positions), _at(values, positions, limit))


def _one_line(values: pl.Series) -> pl.Series:
    return values.str.replace_all("\r\n|[\r\n]", " ")


def containing(values: Values | Repeats, pattern: str, limit: int | None = None) -> list[tuple[int, str]]:
    """(position in the batch, text) of the cells in which ``pattern`` is found anywhere; the first ``limit``."""
    if isinstance(values, Repeats):
        return values.cells(values.of_words(containing, pattern))[:limit]
    if isinstance(values, list):
        found = _compiled(pattern).search
        hits = [(i, text) for i, text in enumerate(values) if text and found(text) and not text.isspace()]
        return hits[:limit]
    mask = _contains(values, f"(?:{pattern})", lambda text: _compiled(pattern).search(text) is not None)
    hits = [hit for hit in _chosen(values, mask) if hit[1] and not hit[1].isspace()]
    return hits[:limit]


def rows_equal(columns: Mapping[int, Values], header: Mapping[int, str]) -> list[int]:
    """Positions of the rows that repeat ``header`` (column index → text as it stands); none for an empty header."""
    wanted = {index: text for index, text in header.items() if text}
    if not wanted or any(index not in columns for index in wanted):
        return []
    first, *others = wanted
    rows = _equal(columns[first], wanted[first])
    for index in others:
        if not rows:
            break
        cells = take(columns[index], rows)
        rows = [row for row, text in zip(rows, cells, strict=True) if text == wanted[index]]
    return rows


def take(values: Values, positions: Sequence[int]) -> list[str]:
    """The cells at ``positions``, copied out of the batch."""
    if isinstance(values, list):
        return [values[i] for i in positions]
    return [text or "" for text in values.gather(list(positions)).to_list()]


def _python_tally(values: list[str], whole: Callable[[str], bool]) -> Tally:
    count = 0
    exceptions = []
    for position, text in enumerate(values):
        if text and not text.isspace():
            count += 1
            if not whole(text):
                exceptions.append((position, text))
    return Tally(count, count - len(exceptions), exceptions)


def _still_unmatched(cells: list[tuple[int, str]], whole: Callable[[str], bool]) -> list[tuple[int, str]]:
    return [
        (position, text)
        for position, text in cells
        if not (_LINE_BREAK.search(text) and whole(_LINE_BREAK.sub(" ", text)))
    ]


def _not_whole(values: pl.Series, pattern: str) -> pl.Series:
    """A mask of the cells that are neither empty nor matched as a whole; blanks count as not matched."""
    whole = wholly((pattern,))
    return ~_contains(values, rf"\A(?:{pattern})?\z", lambda text: not text or whole(text)).fill_null(True)


def _unexplained(values: pl.Series, pattern: str) -> pl.Series:
    """A mask of the cells that are neither blank nor matched as a whole."""
    whole = wholly((pattern,))

    def explained(text: str) -> bool:
        return not text or text.isspace() or whole(text)

    # A missing value is an empty cell, so explained.
    return ~_contains(values, rf"\A(?:[{_BLANK}]*|(?:{pattern}))\z", explained).fill_null(True)


def _contains(values: pl.Series, rust: str, python: Callable[[str], bool]) -> pl.Series:
    """``rust`` searched for in every cell; ``python`` decides instead if Rust's engine refuses the pattern."""
    import polars as pl

    try:
        return values.str.contains(rust)
    except pl.exceptions.ComputeError:  # too large once compiled, or outside the common subset
        return pl.Series([python(text or "") for text in values.to_list()], dtype=pl.Boolean)


def _chosen(values: pl.Series, mask: pl.Series, limit: int | None = None) -> list[tuple[int, str]]:
    """Position and text where ``mask`` holds. Copied: a filtered view would keep the whole block alive."""
    return _at(values, mask.arg_true(), limit)


def _at(values: pl.Series, positions: pl.Series, limit: int | None = None) -> list[tuple[int, str]]:
    if limit is not None:
        positions = positions.head(limit)
    return list(zip(positions.to_list(), values.gather(positions).to_list(), strict=True))


def _equal(values: Values, text: str) -> list[int]:
    if isinstance(values, list):
        return [i for i, cell in enumerate(values) if cell == text]
    return [int(i) for i in (values == text).arg_true().to_list()]


@cache
def _union(shapes: tuple[str, ...]) -> str:
    return "|".join(f"(?:{s})" for s in shapes)


@cache
def _takes_blanks(pattern: str) -> bool:
    """Whether a blank cell matches, asked of the engine that has the pattern at hand anyway."""
    import polars as pl

    whole = wholly((pattern,))
    return bool(_contains(pl.Series([" ", "  ", "\u3000"]), rf"\A(?:{pattern})\z", whole).any())


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
