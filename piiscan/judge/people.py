"""Who the people in a row are: which columns name one person, and by which columns two rows are the same person.

The key of a person, strongest first: an identifier within the file; name with birth date; name with phone, mail or
address; name alone. A surname alone tells nobody apart, so such a row counts for itself and the number is a bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from piiscan.judge.columns import Verdict
from piiscan.judge.features import Features
from piiscan.judge.grid import Grid
from piiscan.judge.layout import Region
from piiscan.judge.priors import GOVERNMENT_IDS, KANA_NAMES, MEMBER_IDS, NAME_FAMILY
from piiscan.policy import HeaderMatch
from piiscan.text import fold_name

SAME_PERSON = 0.5
#: Key columns by preference: what makes two people of one name different.
TELLING = ("birth_date", "phone", "email", "address", "postal_code")
KIND_OF_KEY = {"birth_date": "plain", "phone": "phone", "email": "plain", "address": "plain", "postal_code": "digits"}


@dataclass(frozen=True, slots=True)
class Slot:
    """One person of every row. ``names``: the columns of the name, surname first; empty where only a mail address or
    a number stands for the person. ``key``: (column, kind of normalisation) of what the key is made of, names
    excluded. ``reading``: the column that stands for the name where that is empty. ``unless``:
    columns that, where filled, name the person of the row instead. ``exact`` False: rows are counted, not people,
    because nothing tells two of one name apart."""

    role: str
    names: tuple[int, ...]
    key: tuple[tuple[int, str], ...]
    exact: bool = True
    reading: int | None = None
    unless: tuple[int, ...] = ()


def find_slots(
    region: Region,
    verdicts: Mapping[int, Verdict],
    matches: Mapping[int, Sequence[HeaderMatch]],
    persons: Mapping[int, float],
    grid: Grid,
    features: Mapping[int, Features],
) -> tuple[Slot, ...]:
    """The people of a row, the first the one whom the row is about."""
    entity = {c: verdicts[c].entity for c in region.columns if features[c].real}
    roles = {c: next((m.role for m in matches[c] if m.role), "self") for c in region.columns}
    named = {c: any(m.meaning in NAME_FAMILY for m in matches[c]) for c in region.columns}
    groups = _name_groups(region, entity, persons, grid, named)
    if not groups:
        return _nameless(entity, verdicts, features)
    first = groups[0]
    slots = []
    for number, group in enumerate(groups):
        role = roles[group[0]] if number else "self"
        exact = len(group) > 1 or entity[group[0]] not in ("surname", "given_name", "surname_kana", "given_name_kana")
        if number and not exact and role not in ("child", "spouse", "guardian", "emergency"):
            continue
        names = group if exact or not number or entity[group[0]] != "given_name" else (first[0], *group)
        key = _key(group, groups, entity, features, first=number == 0)
        firm = entity[group[0]] == "company"
        unless = tuple(c for g in groups if entity[g[0]] != "company" for c in g) if firm else ()
        slots.append(Slot(role, names, key, exact, _reading(group, groups, entity), unless))
    return tuple(slots)


def _name_groups(
    region: Region,
    entity: Mapping[int, str | None],
    persons: Mapping[int, float],
    grid: Grid,
    named: Mapping[int, bool],
) -> list[tuple[int, ...]]:
    """Columns that together name one person, left to right; a second writing of the same name is no second person."""
    written = [
        c for c in region.columns if entity.get(c) in ("person_name", "surname", "given_name") and persons.get(c)
    ]
    kanji = any(e in ("person_name", "surname", "given_name") for e in entity.values())
    if not kanji:  # a reading stands for the person only where the name itself is missing
        written = [c for c in region.columns if entity.get(c) in NAME_FAMILY and persons.get(c)]
    written += [c for c in region.columns if entity.get(c) == "company" and persons.get(c, 0.0) > 0 and named[c]]
    written.sort()
    groups: list[tuple[int, ...]] = []
    for column in written:
        kind = entity[column] or ""
        last = groups[-1] if groups else ()
        open_surname = len(last) == 1 and entity[last[0]] in ("surname", "surname_kana")
        if kind in ("given_name", "given_name_kana") and open_surname and column - last[0] <= 3:
            groups[-1] = (*last, column)
        elif kind in KANA_NAMES and groups and entity[last[0]] not in KANA_NAMES:
            continue
        elif not any(_same_person(grid, region, g, column) for g in groups):
            groups.append((column,))
    return sorted(groups, key=lambda g: entity[g[0]] == "company")  # a firm's own name comes after its people


def _same_person(grid: Grid, region: Region, group: Sequence[int], column: int) -> bool:
    """Whether a column writes the same names again: 氏名 and 正式氏名, or surname and given name joined."""
    rows = [p for p in range(region.start, min(region.end, region.start + 200)) if p not in region.repeats]
    pairs = [(fold_name("".join(grid.text(p, c) for c in group)), fold_name(grid.text(p, column))) for p in rows]
    pairs = [(a, b) for a, b in pairs if a and b]
    return bool(pairs) and sum(a == b or b in a for a, b in pairs) >= SAME_PERSON * len(pairs)


def _reading(group: Sequence[int], groups: Sequence[Sequence[int]], entity: Mapping[int, str | None]) -> int | None:
    """The column with the whole name in kana or Latin letters that belongs to a group: the first between it and the
    next name, or between it and the one before where readings stand before their names."""
    whole = [c for c, e in sorted(entity.items()) if e in ("person_name_kana", "person_name_romaji")]
    if whole and whole[0] < min(g[0] for g in groups):
        begin = max((g[-1] for g in groups if g[-1] < group[0]), default=-1)
        return next((c for c in whole if begin < c < group[0]), None)
    end = min((g[0] for g in groups if g[0] > group[0]), default=10**9)
    return next((c for c in whole if group[-1] < c < end), None)


def _key(
    group: Sequence[int],
    groups: Sequence[Sequence[int]],
    entity: Mapping[int, str | None],
    features: Mapping[int, Features],
    *,
    first: bool,
) -> tuple[tuple[int, str], ...]:
    """What tells two people of one name apart: for the first person the row's own columns, for others theirs."""
    starts = sorted(g[0] for g in groups)
    begin = -1 if first else group[0]
    end = min((s for s in starts if s > group[0]), default=10**9)
    if len(groups) > 1 and not any(begin < c < end and e in TELLING[not first :] for c, e in entity.items()):
        begin, end = -1, 10**9  # the row's own contact: one who is named twice in a row is still one
    for wanted in TELLING if first else TELLING[1:]:
        for column, found in sorted(entity.items()):
            filled = features[column].filled >= 0.5 * max(1, features[group[-1]].filled)
            if found == wanted and begin < column < end and filled:
                return ((column, KIND_OF_KEY[wanted]),)
    return ()


def _nameless(
    entity: Mapping[int, str | None], verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> tuple[Slot, ...]:
    """People without a name: a mail address, a government number, or a member's number with a phone identifies one."""
    bodies = {"company", "facility_name", "corporate_number"} & {e for e in entity.values() if e}
    by_entity: dict[str, int] = {}
    for column, found in sorted(entity.items()):
        if found:
            by_entity.setdefault(found, column)
    for wanted in GOVERNMENT_IDS:
        if wanted in by_entity:
            return (Slot("self", (), ((by_entity[wanted], "plain"),)),)
    if "email" in by_entity and not bodies and features[by_entity["email"]].filled:
        return (Slot("self", (), ((by_entity["email"], "plain"),)),)
    personal = {"birth_date", "age", "sex", *MEMBER_IDS} & set(by_entity)
    for wanted, kind in (("phone", "phone"), ("address", "plain")):
        if wanted in by_entity and personal and not bodies and verdicts[by_entity[wanted]].values >= 0.5:
            return (Slot("self", (), ((by_entity[wanted], kind),)),)
    return ()
