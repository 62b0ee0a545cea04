"""Tables without people are not said to hold any, and tables of people are not missed."""

from __future__ import annotations

from random import Random

import pytest
from generator import COLUMNS, Dirt, Table, person_table
from judging import scan_rows
from things import KINDS

from piiscan.model import FileReport, Records

PEOPLE = (Records.PERSONS, Records.MIXED)
#: What a list of people has at the least to be one that can be recognised, and what may stand beside it.
NAMED = (
    ("name",),
    ("name_joined",),
    ("surname", "given_name"),
    ("name", "kana"),
    ("surname", "given_name", "surname_kana", "given_name_kana"),
)
BESIDE = ("postal_code", "address", "phone", "mobile", "email", "age", "sex", "customer_id", "note", "birth_slash", "birth_iso",
          "birth_wareki", "birth_letter", "birth_eight", "prefecture", "city", "block", "building", "romaji")  # fmt: skip


def report_on(table: Table) -> FileReport:
    """The report on a table as csv."""
    return scan_rows([*table.title_rows, table.header, *table.rows])


def things(seed: int) -> tuple[str, Table]:
    """Kind and table without a person."""
    rng = Random(seed)
    kind = list(KINDS)[seed % len(KINDS)]
    return kind, KINDS[kind](rng, rng.choice((5, 12, 30, 80)))


def persons(seed: int) -> Table:
    """A table of people with some of the columns and some of the dirt there may be."""
    rng = Random(seed)
    columns = [*rng.choice(NAMED), *rng.sample(BESIDE, rng.randint(1, 7))]
    dirt = Dirt(
        wide=rng.choice((0, 0, 0.2)),
        spaces=rng.choice((0, 0.3)),
        variants=rng.choice((0, 0.5)),
        missing=rng.choice((0, 0, 0.1)),
        notes=rng.choice((0, 0, 0.05)),
        title_rows=rng.choice((0, 0, 1, 2)),
    )
    assert set(columns) <= set(COLUMNS)
    return person_table(rng, rng.choice((4, 10, 30, 80)), tuple(columns), dirt)


def false_alarms(count: int) -> list[str]:
    """Kinds and seeds of tables without people that are said to hold some."""
    alarms = []
    for seed in range(count):
        kind, table = things(seed)
        report = report_on(table)
        if report.records in PEOPLE or report.persons:
            alarms.append(f"{kind} {seed}")
    return alarms


def missed(count: int) -> list[int]:
    """Seeds of tables of people that are said to hold none."""
    return [s for s in range(count) if report_on(persons(s)).records not in PEOPLE]


def test_few_false_alarms() -> None:
    assert len(false_alarms(120)) <= 1


def test_few_missed() -> None:
    assert len(missed(120)) <= 1


@pytest.mark.slow
def test_few_false_alarms_of_a_thousand() -> None:
    assert len(false_alarms(1000)) <= 5


@pytest.mark.slow
def test_few_missed_of_a_thousand() -> None:
    assert len(missed(1000)) <= 5
