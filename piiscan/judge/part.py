"""The rows of one batch that belong to one table, and what several questions need of its columns, found out once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from piiscan import columnar
from piiscan.columnar import Values
from piiscan.judge import keys
from piiscan.model import Batch
from piiscan.people.hashing import Hashes
from piiscan.repeats import Repeats, repeats


class Part:
    """Rows of a table. One thread looks at a part, so what is remembered of it needs no lock.

    ``words``: column → the part above of those where words repeat; all parts of a table share it. It only saves time,
    so it does not matter which of two parts that are looked at side by side writes to it last.
    """

    def __init__(
        self, rows: Sequence[int], columns: Mapping[int, Values], words: dict[int, Repeats] | None = None
    ) -> None:
        self.rows = rows
        self.columns = columns
        self._words = {} if words is None else words
        self._repeats: dict[int, Values | Repeats] = {}
        self._hashes: dict[tuple[int, str], Hashes] = {}

    def repeats(self, column: int) -> Values | Repeats:
        """The cells of a column, by its words where few words repeat."""
        if column not in self._repeats:
            found = self._repeats[column] = repeats(self.columns[column], self._words.get(column))
            if isinstance(found, Repeats):
                self._words[column] = found
        return self._repeats[column]

    def hashes(self, column: int, kind: str, secret: bytes) -> Hashes:
        """The hashes of a column's values, for people counted under ``secret``; always the same one."""
        if (column, kind) not in self._hashes:
            self._hashes[column, kind] = columnar.hashes(self.repeats(column), kind, secret)
        return self._hashes[column, kind]

    def same_names(self, left: Sequence[int], right: Sequence[int], secret: bytes) -> list[int]:
        """Positions at which both groups of columns hold the same name, and any at all."""
        one, other = ([c for c in group if c in self.columns] for group in (left, right))
        if not one or not other:
            return []
        if len(one) == len(other) == 1:
            return keys.equal_hashes(self.hashes(one[0], "name", secret), self.hashes(other[0], "name", secret))
        return keys.same_names([self.columns[c] for c in one], [self.columns[c] for c in other])


def cut(batch: Batch, first_row: int, last_row: int | None, words: dict[int, Repeats] | None = None) -> Part | None:
    """The part of a batch between two sheet rows, inclusive; None when there is none. ``words``: as for ``Part``."""
    start = bisect_left(batch.rows, first_row)
    end = len(batch.rows) if last_row is None else bisect_left(batch.rows, last_row + 1)
    if start >= end:
        return None
    if start == 0 and end == len(batch.rows):
        return Part(batch.rows, batch.columns, words)
    return Part(batch.rows[start:end], {c: v[start:end] for c, v in batch.columns.items()}, words)
