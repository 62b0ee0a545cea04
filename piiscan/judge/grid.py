"""The first rows of a sheet, held in memory so that its layout can be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from piiscan import columnar
from piiscan.model import Batch, CellRange


@dataclass(frozen=True, repr=False)
class Grid:
    """Some rows of a sheet. ``rows``: sheet row numbers from 0; ``columns``: column index → one text a row."""

    rows: Sequence[int]
    columns: dict[int, list[str]]
    merged: Sequence[CellRange] = field(default=())

    def __len__(self) -> int:
        return len(self.rows)

    def cells(self, position: int) -> list[tuple[int, str]]:
        """The filled cells of one row: (column index, text), left to right."""
        if not self.columns:
            return []
        return [(c, t) for c, t in zip(self.columns, self._by_row[position], strict=True) if t and not t.isspace()]

    @cached_property
    def _by_row(self) -> list[tuple[str, ...]]:
        return list(zip(*self.columns.values(), strict=True))

    def text(self, position: int, column: int) -> str:
        """The text of one cell, "" when there is none."""
        values = self.columns.get(column)
        return values[position].strip() if values else ""

    def part(self, start: int, end: int, columns: Iterable[int] | None = None) -> Grid:
        """The rows from ``start`` up to ``end`` and the named columns, as a grid of its own."""
        chosen = self.columns if columns is None else {c: self.columns[c] for c in columns if c in self.columns}
        return Grid(self.rows[start:end], {c: v[start:end] for c, v in chosen.items()}, self.merged)


def join(batches: Iterable[Batch], limit: int, merged: Sequence[CellRange] = ()) -> Grid:
    """The first ``limit`` rows of some batches as one grid, columns in order."""
    rows: list[int] = []
    columns: dict[int, list[str]] = {}
    for batch in batches:
        count = min(len(batch.rows), limit - len(rows))
        for index, values in batch.columns.items():
            filled = columns.setdefault(index, [])
            filled.extend([""] * (len(rows) - len(filled)))
            filled.extend(columnar.take(values, range(count)) if not isinstance(values, list) else values[:count])
        rows.extend(islice(batch.rows, count))
        if len(rows) >= limit:
            break
    for filled in columns.values():
        filled.extend([""] * (len(rows) - len(filled)))
    return Grid(rows, dict(sorted(columns.items())), merged)
