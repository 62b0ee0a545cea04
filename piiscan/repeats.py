"""Columns in which few values repeat, taken apart into their words: what is asked of a word is asked once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Ints: TypeAlias = np.ndarray[Any, np.dtype[Any]]

T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class Repeats:
    """A column in which few values repeat: each once, and for every row which of them it has. Asked like ``Values``.

    ``answers``: what was found out about the words, kept for other parts of the column that have the same.
    """

    words: pl.Series
    codes: Ints
    answers: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False)

    @cached_property
    def counts(self) -> Ints:
        """How many rows have each of the words."""
        import numpy as np

        return np.bincount(self.codes, minlength=len(self.words))

    def of_words(self, question: Callable[..., T], *arguments: Any) -> T:
        """``question(words, *arguments)``, asked once for all columns with the same words."""
        key = (question, *arguments)
        if key not in self.answers:
            self.answers[key] = question(self.words, *arguments)
        answer: T = self.answers[key]
        return answer

    def positions(self, words: Sequence[int]) -> list[int]:
        """Rows that have one of the words, which are given by number."""
        import numpy as np

        if not len(words):
            return []
        wanted = np.zeros(len(self.words), dtype=bool)
        wanted[words] = True
        found: list[int] = np.flatnonzero(wanted[self.codes]).tolist()
        return found

    def cells(self, words: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
        """(position, text) of all rows that have one of the words, given by number and text."""
        texts = dict(words)
        return [(row, texts[int(self.codes[row])]) for row in self.positions(list(texts))]


#: A column is taken apart into its words when its first cells, so many, have at most so many different ones.
_LOOKED_AT, _FEW = 2000, 1000


def repeats(values: list[str] | pl.Series, known: Repeats | None = None) -> list[str] | pl.Series | Repeats:
    """The column by its words where that is worth it, else as it is; lists always are as they are.

    ``known``: the rows above, which most often have no other words.
    """
    if isinstance(values, list) or len(values) < 2 * _LOOKED_AT:
        return values
    if known is None and values.slice(0, _LOOKED_AT).n_unique() > _FEW:
        return values
    import polars as pl

    whole = values.fill_null("") if values.null_count() else values
    if known is not None:
        codes = whole.cast(pl.Enum(known.words), strict=False)
        if not codes.null_count():
            return Repeats(known.words, codes.to_physical().to_numpy(), known.answers)
    words = whole.unique()
    if known is not None:
        words = pl.concat([known.words, words]).unique()
    if len(words) > len(values) // 4:
        return values
    return Repeats(words, whole.cast(pl.Enum(words)).to_physical().to_numpy())
