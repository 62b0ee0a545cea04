"""Form sheets and transposed tables: a label in one cell, its value beside or below it, one record a column or a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from piiscan.families import KANA_NAMES, NAME_FAMILY, NOT_PERSONAL
from piiscan.judge.cells import kind
from piiscan.judge.features import Features
from piiscan.judge.grid import Grid
from piiscan.judge.headrows import STRONG_WORD, WEAK_WORD, Vocabulary
from piiscan.judge.layout import Region
from piiscan.judge.values import person_like
from piiscan.lexicon import names
from piiscan.model import Detector
from piiscan.policy import Policy
from piiscan.shaped import later

REACH = 6
MAX_ROWS = 4000
LONG_LABEL = 24
#: So much of a table's cells a form must explain before the table is taken for a part of the form.
CONSUMED = 0.4
_INSIDE = later(r"\s*([^:：\s][^:：]{0,22}?)\s*[:：]\s*(\S.{0,200}?)\s*", re.DOTALL)
_PARTS = {"surname": "given_name", "surname_kana": "given_name_kana"}

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One labelled value of a form. Positions and columns count from 0."""

    entity: str
    position: int
    column: int


@dataclass(frozen=True, repr=False)
class Form:
    """``entries``: the labelled values; ``people``: the names in them, one a person; ``consumed``: regions that are
    no tables but parts of the form; ``labels``: the cells that say what the values are."""

    entries: tuple[Entry, ...] = ()
    people: tuple[str, ...] = ()
    consumed: frozenset[int] = frozenset()
    labels: frozenset[Cell] = frozenset()


@dataclass(frozen=True, repr=False)
class _Look:
    """What reading a form needs. ``labels``: cell → entity, or "" for a word that means nothing personal."""

    grid: Grid
    policy: Policy
    detectors: Mapping[str, Detector]
    strength: Vocabulary
    labels: dict[Cell, str] = field(default_factory=dict)
    weak: dict[Cell, str] = field(default_factory=dict)

    def fits(self, entity: str, value: str) -> bool:
        """Whether a value is of the entity for sure."""
        return Features([value], self.detectors, 1, 1).fits(entity, value)

    def believable(self, entity: str, value: str) -> bool:
        """Whether nothing speaks against a value that has this label beside it."""
        word = 0.0 if any(c.isdigit() for c in value) else self.strength(value)
        if kind(value) in ("placeholder", "mark") or word >= STRONG_WORD:
            return False
        if self.fits(entity, value):
            return True
        return word < WEAK_WORD and Features([value], self.detectors, 1, 1).loose(entity) >= 0.5


def read_form(
    grid: Grid, regions: Sequence[Region], policy: Policy, detectors: Mapping[str, Detector], strength: Vocabulary
) -> Form:
    """The labelled values of a sheet, or of what stands on it beside its tables; empty where there is no form."""
    if len(grid) > MAX_ROWS:
        return Form()
    look = _Look(grid, policy, detectors, strength)
    tables = [r for r in regions if _is_table(look, r)]
    inside = {p for r in tables for p in (*r.header, *range(r.start, r.end))}
    _find_labels(look, [p for p in range(len(grid)) if p not in inside])
    values = {cell: _right_of(look, *cell) for cell, entity in look.labels.items() if entity}
    told = {
        cell: [c for c in found if look.believable(look.labels[cell], grid.text(*c))] for cell, found in values.items()
    }
    sure = [cell for cell, found in told.items() if any(look.fits(look.labels[cell], grid.text(*c)) for c in found)]
    within = list(_inside_cells(look, inside))
    kinds = {look.labels[c] for c in sure} | {e for _, e, _ in within}
    named = any(look.labels[c] == "person_name" for c in sure)  # one label is enough where a name stands beside it
    if len(kinds) < 2 - named or 2 * len(sure) < sum(map(bool, values.values())):
        return _contacts(look)
    taken = _entries(look, told)
    people = _people(look, taken) or [
        v for _, e, v in within if e in NAME_FAMILY and e not in KANA_NAMES and person_like(v)
    ]
    entries = tuple(Entry(e, *cell) for cell, (e, _) in taken.items())
    claimed = {*taken, *look.labels, *look.weak}
    consumed = frozenset(
        n for n, r in enumerate(regions) if r not in tables and _claimed_share(grid, r, claimed) >= CONSUMED
    )
    return Form(entries, tuple(people), consumed, frozenset(look.labels))


def _contacts(look: _Look) -> Form:
    """Names, each over a telephone number or a mail address, as in a chain of telephones."""
    entries: list[Entry] = []
    for position in range(len(look.grid) - 1):
        for column, text in look.grid.cells(position):
            below = look.grid.text(position + 1, column)
            if not any(map(str.isdigit, below)) or any(map(str.isdigit, text)):  # nearly all cells of a table
                continue
            if (look.fits("phone", below) or look.fits("email", below)) and look.fits("person_name", text):
                entries.append(Entry("person_name", position, column))
    if len(entries) < 2:
        return Form()
    return Form(tuple(entries), tuple(look.grid.text(e.position, e.column) for e in entries))


def _is_table(look: _Look, region: Region) -> bool:
    """Whether the words of a header speak for the cells below them rather than for those beside them."""
    if not region.header or region.end <= region.start:
        return False
    grid, last = look.grid, region.header[-1]
    below = [p for p in range(region.start, min(region.end, region.start + 5)) if p not in region.repeats]
    downwards = sideways = 0
    for column in region.columns:
        text = grid.text(last, column) or region.names.get(column, "")
        entity = _meaning(look, text, WEAK_WORD)
        if not text or entity is None:
            continue
        values = [t for p in below if (t := grid.text(p, column))]
        other = [look.strength(v) < STRONG_WORD for v in values]
        downwards += bool(other) and all(other) and (not entity or _any_fit(look, entity, values))
        right = grid.text(last, column + 1)
        sideways += bool(entity and right and look.strength(right) < WEAK_WORD and look.believable(entity, right))
    return downwards >= 2 and downwards > sideways


def _any_fit(look: _Look, entity: str, values: Sequence[str]) -> bool:
    return 2 * sum(look.fits(entity, v) or look.believable(entity, v) for v in values) >= len(values)


def _meaning(look: _Look, text: str, least: float) -> str | None:
    """The entity that a header word means, "" for one that is not personal, None for no such word."""
    plain = text.rstrip("：: \u3000")
    if not plain or len(plain) > LONG_LABEL or sum(map(str.isdigit, plain)) > 2 or look.strength(plain) < least:
        return None
    meaning = look.policy.headers.match(plain)[0].meaning
    return "" if meaning.startswith("other.") or meaning in NOT_PERSONAL else meaning


def _find_labels(look: _Look, positions: Sequence[int]) -> None:
    """Books the strong words, and apart from them the weak ones, in reading order."""
    known: dict[str, tuple[str | None, str | None]] = {}
    for position in positions:
        for column, text in look.grid.cells(position):
            if text not in known:  # a line of a million fields says the same again and again
                known[text] = _meaning(look, text, STRONG_WORD), _meaning(look, text, WEAK_WORD)
            strong, weak = known[text]
            if strong is not None:
                look.labels[position, column] = strong
            elif weak:
                look.weak[position, column] = weak


def _right_of(look: _Look, position: int, column: int) -> list[Cell]:
    """The filled cells to the right of a label up to the next label."""
    found: list[Cell] = []
    last = column
    for other, _ in look.grid.cells(position):
        if other <= column:
            continue
        if (position, other) in look.labels or (position, other) in look.weak or other - last > REACH:
            break
        found.append((position, other))
        last = other
    return found


def _below(look: _Look, position: int, column: int) -> list[Cell]:
    """The cell below a label that has nothing beside it."""
    cell = (position + 1, column)
    if cell[0] >= len(look.grid) or cell in look.labels or cell in look.weak or not look.grid.text(*cell):
        return []
    return [cell]


def _entries(look: _Look, told: Mapping[Cell, Sequence[Cell]]) -> dict[Cell, tuple[str, str]]:
    """Cell → (entity, text) of every value. Beyond the first beside a label a value must fit for sure, unless most
    labels have several: then the table is transposed."""
    filled = [found for found in told.values() if found]
    transposed = len(filled) >= 2 and 2 * sum(len(found) >= 2 for found in filled) > len(filled)
    taken: dict[Cell, tuple[str, str]] = {}
    for label, found in told.items():
        entity = look.labels[label]
        chosen = list(found) or [c for c in _below(look, *label) if look.believable(entity, look.grid.text(*c))]
        for number, cell in enumerate(chosen):
            text = look.grid.text(*cell)
            if number == 0 or transposed or look.fits(entity, text) or _goes_on(look, chosen[number - 1], cell, entity):
                taken.setdefault(cell, (entity, text))
    for label, entity in look.weak.items():
        for cell in _right_of(look, *label) or _below(look, *label):
            if look.fits(entity, look.grid.text(*cell)):
                taken.setdefault(cell, (entity, look.grid.text(*cell)))
    return taken


def _goes_on(look: _Look, left: Cell, right: Cell, entity: str) -> bool:
    """Whether two cells hold one name: 氏名 | 山田 | 太郎."""
    if entity != "person_name" or right[1] - left[1] > 2:
        return False
    return names.full_name_score(f"{look.grid.text(*left)} {look.grid.text(*right)}") >= 0.5


def _people(look: _Look, taken: Mapping[Cell, tuple[str, str]]) -> list[str]:
    """The names, one a person: readings count only where no name is written, halves are put together."""
    named = [(cell, e, t) for cell, (e, t) in sorted(taken.items()) if e in NAME_FAMILY and person_like(t)]
    written = [n for n in named if n[1] in ("person_name", "surname", "given_name")]
    chosen = written or [n for n in named if n[1] in KANA_NAMES] or named
    joined: list[str] = []
    skip = False
    for (cell, entity, text), after in pairwise([*chosen, None]):  # type: ignore[misc]
        if skip:
            skip = False
            continue
        skip = after is not None and (
            _PARTS.get(entity) == after[1]
            or (entity == after[1] and _goes_on(look, cell, after[0], entity) and not look.fits(entity, text))
        )
        joined.append(f"{text} {after[2]}" if skip and after else text)
    return joined


def _inside_cells(look: _Look, tables: set[int]) -> Iterator[tuple[Cell, str, str]]:
    """Cells that hold label and value both: 氏名：山田 太郎. What is found in them is found as in running text."""
    for position in range(len(look.grid)):
        if position in tables:
            continue
        for column, text in look.grid.cells(position):
            if (":" not in text and "：" not in text) or not (match := _INSIDE.fullmatch(text)):
                continue
            entity = _meaning(look, match[1], STRONG_WORD)
            if entity and look.believable(entity, match[2]):
                yield (position, column), entity, match[2]


def _claimed_share(grid: Grid, region: Region, claimed: set[Cell]) -> float:
    """The share of a region's filled cells that the form explains."""
    positions = {*region.header, *range(region.start, region.end)}
    filled = sum(c in region.columns for p in positions for c, _ in grid.cells(p))
    return sum(p in positions and c in region.columns for p, c in claimed) / max(1, filled)
