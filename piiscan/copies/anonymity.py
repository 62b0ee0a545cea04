"""How far the people of a copy can still be told apart: k-anonymity over the columns that are left in each table.

Looked at together are the columns that say something about a person without naming them (sex, age, place, income …)
and those of few different values, such as an occupation or a shop. Said are numbers of rows and of records, no values.
Rule 34 of the APPI's enforcement rules asks for measures against records that stand out; this finds them, a person decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from piiscan.copies.passes import At
from piiscan.copies.steps import walk_through
from piiscan.inspection.inspecting import Inspection
from piiscan.inspection.knowledge import Knowledge
from piiscan.model import Anonymity, Limits, Place, Records, Source, Table
from piiscan.text import column_letters

#: Classes with fewer records are called small.
LEAST = 5
_SHOWN = 10
_SUGGESTED = 3
#: A column of unknown kind with no more different values than this sorts people into groups.
_FEW = 50
_TELLING = frozenset(
    {"sex", "age", "birth_date", "postal_code", "address", "address_part", "nationality", "income", "evaluation", "company",
     "facility_name"}
)  # fmt: skip
_Rows = Mapping[int, Mapping[int, str]]


def assess(
    copy: Source, made: Inspection, original: Inspection, known: Knowledge, limits: Limits
) -> tuple[Anonymity, ...]:
    """One entry for each table of people of the original, as it is in the copy. ``made`` is the copy's inspection."""
    cells: dict[tuple[str | None, str], dict[int, dict[int, str]]] = {}

    def cell(_entity: str | None, text: str, at: At) -> None:
        cells.setdefault((at.member, at.sheet), {}).setdefault(at.row + 1, {})[at.column] = text

    def text(_text: str, _place: Place) -> None:
        return None

    walk_through(copy, None, made, known, limits, cell=cell, text=text)
    # Names of sheets and of files inside may be other ones in the copy; their order is the same.
    names = dict(zip(original.sheets, made.sheets, strict=False)) if len(original.sheets) == len(made.sheets) else {}
    found = []
    for report in original.reports:
        for table in report.tables:
            if table.records in (Records.PERSONS, Records.MIXED):
                member, location = names.get((report.member, table.location), (report.member, table.location))
                rows = cells.get((member, location), {})
                found.append(_table(f"{member}: {location}" if member else location, table, rows))
    return tuple(one for one in found if one is not None)


def _table(location: str, table: Table, cells: _Rows) -> Anonymity | None:
    numbers = [
        n for n in sorted(cells) if table.first_row <= n <= table.last_row and n not in table.header_rows and cells[n]
    ]
    if not numbers:
        return None
    columns = [c.index for c in table.columns if _is_telling(c.entity, [cells[n].get(c.index, "") for n in numbers])]
    classes = _classes(cells, numbers, columns)
    k, small = _worst(classes.values())
    sizes = sorted((classes[_key(cells[n], columns)], n) for n in numbers)
    tries = []
    for column in columns:
        less = [c for c in columns if c != column]
        better_k, better_small = _worst(_classes(cells, numbers, less).values())
        tries.append((better_small, -better_k, column))
    suggestions = tuple(
        (column_letters(c), -minus_k, few) for few, minus_k, c in sorted(tries) if (few, minus_k) < (small, -k)
    )
    return Anonymity(
        location=location,
        rows=len(numbers),
        columns=tuple(map(column_letters, columns)),
        k=k,
        classes=len(classes),
        small=small,
        least=LEAST,
        rarest=tuple((n, size) for size, n in sizes[:_SHOWN] if size < LEAST),
        suggestions=suggestions[:_SUGGESTED] if small else (),
    )


def _is_telling(entity: str | None, values: Sequence[str]) -> bool:
    different = len(set(values))
    if different < 2:
        return False
    if entity is None:
        return different <= min(_FEW, max(2, len(values) // 2))
    return entity in _TELLING or entity.startswith("sensitive_")


def _key(row: Mapping[int, str], columns: Sequence[int]) -> tuple[str, ...]:
    return tuple(row.get(column, "").strip() for column in columns)


def _classes(cells: _Rows, numbers: Sequence[int], columns: Sequence[int]) -> Counter[tuple[str, ...]]:
    return Counter(_key(cells[n], columns) for n in numbers)


def _worst(sizes: Iterable[int]) -> tuple[int, int]:
    """The size of the smallest class, and the records in small ones."""
    found = list(sizes)
    return min(found), sum(size for size in found if size < LEAST)
