"""Counts people: the keys of those whom the rows of a part of a table name."""

from __future__ import annotations

from collections.abc import Sequence

from piiscan import columnar
from piiscan.judge import keys
from piiscan.judge.confirm import person_rows
from piiscan.judge.part import Part
from piiscan.judge.people import Slot
from piiscan.judge.tables import JudgedTable
from piiscan.judge.values import LISTED, several
from piiscan.people import hashing
from piiscan.people.hashing import Hashes


def people_of(
    part: Part, slot: Slot, table: JudgedTable, secret: bytes, repeats: Sequence[int], salt: bytes
) -> list[Hashes]:
    """The keys of the people whom one slot names in these rows.

    ``repeats``: rows that repeat the header. ``salt`` belongs to the table: rows without a telling name count for one
    person each, and not as the same in another table.
    """
    chosen = [(c, "name") for c in slot.names] + list(slot.key)
    chosen = [(c, kind) for c, kind in chosen if c in part.columns]
    if not chosen:
        return []
    named = [part.repeats(c) for c in slot.names if c in part.columns]
    read = [part.columns[slot.reading]] if slot.reading is not None and slot.reading in part.columns else []
    if named and all(isinstance(values, list) and not any(values) for values in named + read):
        return []  # the names of a copy are masked
    hashes = hashing.combined([part.hashes(c, kind, secret) for c, kind in chosen], secret)
    nobody = person_rows(part, slot, table)
    drop = [*nobody, *repeats]
    if slot.names and not named:
        return []
    others = [part.repeats(c) for c in slot.unless if c in part.columns]
    if others:
        drop.extend(set(range(len(part.rows))) - set(keys.blank_rows(others)))
    for names in slot.others:
        drop.extend(part.same_names(names, slot.names, secret))
    unnamed = keys.blank_rows(named) if named and (len(chosen) > len(named) or slot.reading is not None) else []
    drop.extend(unnamed)
    found: list[Hashes] = []
    if unnamed and slot.reading is not None and slot.reading in part.columns:
        skip = set(repeats)
        rows = [p for p in unnamed if p not in skip]
        reading = [(columnar.take(part.columns[slot.reading], rows), "name")]
        if any(t.strip() for t in reading[0][0]):
            rest = [(columnar.take(part.columns[c], rows), kind) for c, kind in slot.key if c in part.columns]
            by_reading = hashing.person_hashes(reading + rest, secret)
            found.append(keys.without(by_reading, keys.blank_rows([reading[0][0]])))
    drop.extend(_several(part, slot, table, secret, salt, found, nobody))
    if not slot.exact:
        own = salt + f"{slot.role}:{slot.names}".encode()
        return [*found, keys.row_keys(hashes, drop, part.rows, secret + own)]
    return [*found, keys.without(hashes, drop)]


def _several(
    part: Part,
    slot: Slot,
    table: JudgedTable,
    secret: bytes,
    salt: bytes,
    found: list[Hashes],
    nobody: Sequence[int],
) -> list[int]:
    """Rows whose cell names several people, 今井、上野: their keys are added to ``found``, one for each name."""
    column = slot.names[0] if len(slot.names) == 1 else -1
    if column not in part.columns:
        return []
    fits = table.features[column].fits
    firms = set(nobody)
    rows, names = [], []
    for position, text in columnar.containing(part.repeats(column), LISTED.pattern):
        listed = several(text) if position not in firms else []
        if (
            len(listed) == 2
            and fits("surname", listed[0])
            and not fits("surname", listed[1])
            and fits("given_name", listed[1])
        ):
            continue  # 山田, 太郎
        if listed and all(any(fits(e, n) for e in ("person_name", "surname", "given_name")) for n in listed):
            rows.extend([position] * len(listed))
            names.extend(listed)
    if rows:
        key = [(columnar.take(part.columns[c], rows), kind) for c, kind in slot.key if c in part.columns]
        if not slot.exact:
            key.append(([f"{part.rows[r]} {salt.hex()}" for r in rows], "plain"))
        found.append(keys.without(hashing.person_hashes([(names, "name"), *key], secret), ()))
    return rows
