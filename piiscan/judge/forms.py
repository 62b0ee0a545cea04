"""Form sheets and transposed tables: a label in one cell, its value beside or below it, one record a column or a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from piiscan.judge.cells import kind
from piiscan.judge.features import Features, person_like
from piiscan.judge.grid import Grid
from piiscan.judge.headrows import STRONG_WORD
from piiscan.judge.layout import Region
from piiscan.judge.priors import NAME_FAMILY, NOT_PERSONAL
from piiscan.model import Detector
from piiscan.policy import Policy

REACH = 6
MAX_ROWS = 400
LONG_LABEL = 24


@dataclass(frozen=True, slots=True)
class Entry:
    """One labelled value of a form. Positions and columns count from 0; ``person`` is True for a natural person's name."""

    entity: str
    position: int
    column: int
    person: bool


def find_entries(
    grid: Grid, regions: Sequence[Region], policy: Policy, detectors: Mapping[str, Detector]
) -> list[Entry]:
    """The labelled values of a sheet that is a form; empty when the sheet is an ordinary table."""
    if len(grid) > MAX_ROWS:
        return []
    labels = _labels(grid, policy)
    in_header = {(p, c) for r in regions for p in r.header for c in r.columns}
    outside = {cell: entity for cell, entity in labels.items() if cell not in in_header}
    inside = len(labels) - len(outside)
    if len(set(outside.values())) < 2 or inside >= len(outside) or _is_table(regions, labels):
        return []
    entries: list[Entry] = []
    taken: set[tuple[int, int]] = set()
    for (position, column), entity in outside.items():
        for cell in _values_of(grid, position, column, labels):
            if cell in taken:
                continue
            value = grid.text(*cell)
            if kind(value) in ("placeholder", "mark") or not _believable(entity, value, detectors):
                continue
            if any(m.strength >= STRONG_WORD for m in policy.headers.match(value)):
                continue  # a label of its own
            taken.add(cell)
            entries.append(Entry(entity, *cell, person=entity in NAME_FAMILY and person_like(value)))
    return entries


def _is_table(regions: Sequence[Region], labels: Mapping[tuple[int, int], str]) -> bool:
    """Whether a header with several words of the vocabulary stands over enough rows to be believed."""
    return any(
        r.end - r.start >= 4 and sum((p, c) in labels for p in r.header for c in r.columns) >= 3 for r in regions
    )


def _labels(grid: Grid, policy: Policy) -> dict[tuple[int, int], str]:
    """Cells that are a strong header word for something personal → its entity, in reading order."""
    labels = {}
    for position in range(len(grid)):
        for column, text in grid.cells(position):
            if len(text) > LONG_LABEL or (text.isascii() and text.isdigit()):
                continue
            matches = policy.headers.match(text.rstrip("：: "))
            if matches and matches[0].strength >= STRONG_WORD and not matches[0].meaning.startswith("other."):
                labels[position, column] = matches[0].meaning
    return {cell: e for cell, e in labels.items() if e not in NOT_PERSONAL}


def _values_of(grid: Grid, position: int, column: int, labels: Mapping[tuple[int, int], str]) -> list[tuple[int, int]]:
    """The cells a label speaks for: all to its right up to the next label, or the one below when there are none."""
    right: list[tuple[int, int]] = []
    last = column
    for other, _ in grid.cells(position):
        if other <= column:
            continue
        if (position, other) in labels or other - last > REACH:
            break
        right.append((position, other))
        last = other
    if right:
        return right
    below = position + 1
    if below < len(grid) and grid.text(below, column) and (below, column) not in labels:
        return [(below, column)]
    return []


def _believable(entity: str, value: str, detectors: Mapping[str, Detector]) -> bool:
    features = Features([value], detectors, 1, 1)
    return features.fits(entity, value) or features.loose(entity) >= 0.5
