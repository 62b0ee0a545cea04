"""People as heads of columns: marks by pupil, shifts by member of staff, a list that lies on its side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from piiscan.judge.forms import Entry, Form
from piiscan.judge.grid import Grid
from piiscan.judge.headrows import STRONG_WORD, Vocabulary
from piiscan.judge.layout import Region
from piiscan.lexicon import names, places
from piiscan.prose.mentions import LONGEST_NAME, SURE_NAME

#: So many full names, or surnames that are no places, are there because they name people.
FULL_NAMES, SURNAMES = 2, 4
#: The share of the heads that no word of the vocabulary explains which must be names.
MOST = 0.5
MOST_SURNAMES = 0.8


def with_heads(form: Form, grid: Grid, regions: Sequence[Region], strength: Vocabulary) -> Form:
    """The form of a sheet with the people who are heads of its columns among those whom it names."""
    taken = {(e.position, e.column) for e in form.entries}
    heads = [e for r in regions for e in named_heads(grid, r, strength) if (e.position, e.column) not in taken]
    if not heads:
        return form
    people = [name_in(text) or text for text in (grid.text(e.position, e.column) for e in heads)]
    return replace(form, entries=(*form.entries, *heads), people=(*form.people, *people))


def named_heads(grid: Grid, region: Region, strength: Vocabulary) -> tuple[Entry, ...]:
    """The cells in the header rows of a region that name somebody, where enough of them do."""
    found: list[Entry] = []
    for position in region.header:
        heads = [(c, t) for c, t in grid.cells(position) if c in region.columns and strength(t) < STRONG_WORD]
        found += [Entry(entity, position, column) for column, entity in _people(heads)]
    return tuple(found)


def name_in(text: str) -> str:
    """The name in a head: all of it, or its last word, 営業部 鈴木一郎; "" where there is none."""
    plain = text.strip()
    if len(plain) > 2 * LONGEST_NAME:
        return ""
    for part in (plain, plain.split()[-1] if plain else ""):
        if len(part) <= LONGEST_NAME and names.full_name_score(part) >= SURE_NAME:
            return part
    return ""


def _people(heads: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    full = [(column, "person_name") for column, text in heads if name_in(text)]
    if len(full) >= max(FULL_NAMES, MOST * len(heads)):
        return full
    bare = [(c, t.strip()) for c, t in heads if names.is_surname(t.strip())]
    towns = sum(places.is_place_name(text) for _, text in bare)
    if len(bare) >= max(SURNAMES, MOST_SURNAMES * len(heads)) and 2 * towns <= len(bare):
        return [(column, "surname") for column, _ in bare] + full
    return []
