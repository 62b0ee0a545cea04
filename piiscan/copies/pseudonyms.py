"""Copies in which everybody goes by a stand-in, the same in every file and every run with one key.

What belongs to one person of a row is gathered first, so that name, kana and romaji stand for the same stand-in and the
postal code lies in the town of the address. A copy is not judged like a redacted one, because stand-ins look like
personal data on purpose: none of the originals may be left, and every cell must be where it was.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from piiscan.copies.keyed import StandIns
from piiscan.copies.leftovers import Leftovers
from piiscan.copies.removed import DISTINCTIVE, DISTINCTIVE_OTHER, LONG_VALUE, Removed
from piiscan.copies.steps import At, Left, Replace, reopened, walk_through
from piiscan.errors import UnsafeCopyError
from piiscan.inspection import unread
from piiscan.inspection.inspecting import Inspection
from piiscan.inspection.knowledge import Knowledge
from piiscan.judge.sheets import SheetJudgement
from piiscan.model import Keyed, Limits, Place, Source
from piiscan.text import digits

NAMES = (
    *("person_name", "surname", "given_name"),
    *("person_name_kana", "surname_kana", "given_name_kana", "person_name_romaji"),
)
_TOLD = frozenset({*NAMES, "postal_code", "address", "address_part"})
#: A second one of these in a row belongs to somebody else, such as a guardian.
_ONCE = frozenset(NAMES)

#: Answers that are kept, of a few hundred bytes each.
_REMEMBERED = 1_000_000
#: A part of an address in katakana, wide or narrow.
_KANA = re.compile(r"[ァ-ヺーｦ-ﾟ･・\s]+")

Row = Mapping[str, str]
_Key = tuple[str | None, str, int, int]
_NOBODY: Row = MappingProxyType({})
#: Rows whose texts are at hand: more than stand in one piece of a sheet, which is asked about column by column.
_ROWS = 20_000


@dataclass
class Layout:
    """Where the cells of a file are, as a number and a sum, and how many texts there are."""

    cells: int = 0
    places: int = 0

    def add(self, at: At) -> None:
        """Counts a cell."""
        self.cells += 1
        self.places += hash((at.row, at.column)) & 0xFFFFFFFFFFFF


@dataclass(frozen=True, repr=False)
class Rows:
    """What the rows of a source say of their people. ``where`` gives the person of a cell, ``person`` what is told."""

    where: Callable[[At], _Key | None]
    person: Callable[[_Key], Row]
    layout: Layout

    def of(self, at: At | None) -> Row:
        """Entity → text of the person to whom the cell belongs; empty in running text."""
        key = self.where(at) if at else None
        return self.person(key) if key else _NOBODY


def rows_of(source: Source, inspection: Inspection, known: Knowledge, limits: Limits) -> Rows:
    """Walks through a source and gathers what its rows say of their people."""
    where = _persons(inspection)
    # Packed as far as that goes, because there may be very many: which columns, which person of the row → row → texts.
    told: dict[tuple[str | None, str, int], dict[int, list[str | int]]] = {}
    columns: dict[tuple[str, int], int] = {}
    layout = Layout()

    def cell(entity: str | None, text: str, at: At) -> None:
        layout.add(at)
        if entity is not None and entity in _TOLD and (key := where(at)):
            number = columns.setdefault((entity, at.column), len(columns))
            member, sheet, row, slot = key
            told.setdefault((member, sheet, slot), {}).setdefault(row, []).extend((number, text))

    walk_through(source, None, inspection, known, limits, cell=cell, text=lambda _text, _place: None)
    kinds = list(columns)
    known_rows: dict[_Key, Row] = {}

    def person(key: _Key) -> Row:
        found = known_rows.get(key)
        if found is None:
            if len(known_rows) >= _ROWS:
                known_rows.clear()
            member, sheet, row, slot = key
            parts = told.get((member, sheet, slot), {}).get(row, [])
            known_rows[key] = found = _joined(
                {kinds[int(n)]: str(t) for n, t in zip(parts[::2], parts[1::2], strict=True)}
            )
        return found

    return Rows(where, person, layout)


def _joined(parts: Mapping[tuple[str, int], str]) -> Row:
    row: dict[str, str] = {}
    for (entity, _), text in sorted(parts.items(), key=lambda item: item[0][1]):
        if entity == "address_part":
            row[entity] = row.get(entity, "") + ("" if _KANA.fullmatch(text) else text)  # not what is said already
        elif entity == "postal_code" and len(digits(row.get(entity, ""))) < 6:
            row[entity] = text
        else:
            row.setdefault(entity, text)
    return row


def _persons(inspection: Inspection) -> Callable[[At], _Key | None]:
    """A function that gives the person to whom a cell belongs: its row, and which of the people of the row."""
    groups: dict[tuple[str | None, str], list[tuple[int, int | None, Mapping[int, int]]]] = {}
    forms: dict[tuple[str | None, str], frozenset[tuple[int, int]]] = {}
    for place, judgement in inspection.sheets.items():
        groups[place] = [(e.first_row, e.last_row, _slots(e.columns)) for e in judgement.edits]
        forms[place] = _form(judgement)

    def where(at: At) -> _Key | None:
        place = (at.member, at.sheet)
        if (at.row, at.column) in forms.get(place, ()):
            return (*place, -1, 0)
        for first, last, slots in groups.get(place, ()):
            if at.column in slots and first <= at.row and (last is None or at.row <= last):
                return (*place, at.row, slots[at.column])
        return None

    return where


def _slots(columns: Mapping[int, str]) -> dict[int, int]:
    """Column → which person of the row it is about."""
    slots: dict[int, int] = {}
    slot, seen = 0, set[str]()
    for column, entity in sorted(columns.items()):
        if entity in _ONCE and entity in seen:
            slot, seen = slot + 1, set()
        seen.add(entity)
        slots[column] = slot
    return slots


def _form(judgement: SheetJudgement) -> frozenset[tuple[int, int]]:
    """The cells of a form about one person."""
    entities = list(judgement.cells.values())
    alone = all(entities.count(entity) <= 1 for entity in NAMES)
    return frozenset(judgement.cells) if alone else frozenset()


def keyed_by(stand_ins: StandIns, rows: Rows) -> Callable[[At | None], Keyed]:
    """What an action with a key gets for a cell."""
    last: list[tuple[object, Keyed]] = [(None, stand_ins.for_row({}))]

    def keyed(at: At | None) -> Keyed:
        row = rows.of(at)
        if last[0][0] is not row:
            last[0] = (row, stand_ins.for_row(row))
        return last[0][1]

    return keyed


_Cells = dict[int, "str | None"]
_Column = tuple["str | None", str, int, str]


class Answers:
    """What was answered for cells, which are asked about in several passes, and which cells have what in their answer."""

    def __init__(self) -> None:
        self._columns: dict[_Column, tuple[int, _Cells]] = {}
        self._room = _REMEMBERED
        # Of every use of a name: its number, the number of the column, the row.
        self._numbers: dict[bytes, int] = {}
        self._uses = array("I"), array("I"), array("I")

    def of(self, replace: Replace, used: list[bytes]) -> Replace:
        """Remembers what ``replace`` answers. ``used``: a list that it fills with the names of all it makes one of."""

        def choose(entity: str, text: str, at: At | None) -> str | None:
            if at is None:
                return replace(entity, text, at)
            number, cells = self._column(entity, at)
            used.clear()
            new = replace(entity, text, at)
            if self._room:
                cells[at.row] = new
                self._room -= 1
                for name in used:
                    name_number = self._numbers.setdefault(name, len(self._numbers))
                    for numbers, one in zip(self._uses, (name_number, number, at.row), strict=True):
                        numbers.append(one)
            return new

        return choose

    def but_for(self, names: Iterable[bytes]) -> None:
        """Forgets the answers in which one of the names is."""
        gone = {self._numbers[name] for name in names if name in self._numbers}
        columns = [cells for _, cells in self._columns.values()]
        for name, column, row in zip(*self._uses, strict=True):
            if name in gone and columns[column].pop(row, gone) is not gone:
                self._room += 1

    def then(self, replace: Replace, *, remember: bool) -> Replace:
        """What is remembered, and of all else what ``replace`` answers."""

        def choose(entity: str, text: str, at: At | None) -> str | None:
            if at is None:
                return replace(entity, text, at)
            _, cells = self._column(entity, at)
            if at.row in cells:
                return cells[at.row]
            new = replace(entity, text, at)
            if remember and self._room:
                cells[at.row] = new
                self._room -= 1
            return new

        return choose

    def _column(self, entity: str, at: At) -> tuple[int, _Cells]:
        place = (at.member, at.sheet, at.column, entity)
        found = self._columns.get(place)
        if found is None:
            found = self._columns[place] = len(self._columns), {}
        return found


def guarded(replace: Replace) -> Replace:
    """The same, but a stand-in that holds the value it stands for raises ``UnsafeCopyError``."""

    def choose(entity: str, text: str, at: At | None) -> str | None:
        new = replace(entity, text, at)
        value = text.strip()
        if (
            new is not None
            and value in new
            and new != text
            and len(value) >= DISTINCTIVE.get(entity, DISTINCTIVE_OTHER)
        ):
            raise UnsafeCopyError("copy_value_left", place=at.sheet if at else "")
        return new

    return choose


# ---------------------------------------------------------------- proof


def check(
    copy: Source,
    known: Knowledge,
    limits: Limits,
    secret: bytes,
    removed: Removed,
    before: Layout,
    left_in: unread.Unread = unread.Unread(),  # noqa: B008  frozen
) -> Inspection:
    """What a copy is. Raises ``UnsafeCopyError`` for one that does not read back whole but for what was
    ``left_in``, that has other cells, or an original in it."""
    inspection = reopened(copy, known, limits, secret, left_in, plan=True)
    left, after = Left(), Layout()
    leftovers = Leftovers(removed, left, lambda values: _gone_for_good(values, removed.made))
    leftovers.file(copy.stream)

    def cell(_entity: str | None, text: str, at: At) -> None:
        after.add(at)
        leftovers.text(text, f"{at.sheet}!{at.row + 1}")

    def text(value: str, place: Place) -> None:
        leftovers.text(value, place.location or place.where)

    def walk() -> None:
        walk_through(copy, None, inspection, known, limits, cell=cell, text=text, look_inside=leftovers.file)

    walk()
    if (after.cells, after.places) != (before.cells, before.places):
        raise UnsafeCopyError("copy_other_layout")
    if leftovers.settle(copy.stream):
        walk()
    left.places = [place for place in left.places if not inspection.unread.kept(place)]
    if left.places:
        raise UnsafeCopyError("copy_value_left", place=left.places[0])
    return inspection


def _gone_for_good(values: Mapping[str, str], made: set[str]) -> dict[str, str]:
    """The values that may not be anywhere: not those that are, or are part of, somebody's stand-in as well."""
    if not values:
        return {}
    from ahocorasick_rs import AhoCorasick, Implementation

    wanted = list(values)
    forms = {form for text in made for form in (text, re.sub(r"\s+", "", text), digits(text))}
    kind = Implementation.NoncontiguousNFA if max(map(len, wanted)) > LONG_VALUE else None
    automaton = AhoCorasick(wanted, implementation=kind)
    again = {index for index, _, _ in automaton.find_matches_as_indexes("\n".join(forms), overlapping=True)}
    return {value: values[value] for index, value in enumerate(wanted) if index not in again}
