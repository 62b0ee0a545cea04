"""The generator keeps its promises: data that belongs together, that reaches nobody, the same for the same seed."""

from __future__ import annotations

import io
import re
from random import Random

import generator
import generator_things
import pytest
from generator import COLUMNS, Dirt, csv_bytes, person_table, xlsx_bytes

from piiscan.lexicon import names, places

PEOPLE = [generator.person(Random(n)) for n in range(300)]


def test_the_same_seed_gives_the_same_table() -> None:
    dirt = Dirt(wide=0.2, spaces=0.2, variants=0.5, missing=0.1, notes=0.1, title_rows=2)
    assert person_table(Random(1), 20, tuple(COLUMNS), dirt) == person_table(Random(1), 20, tuple(COLUMNS), dirt)


def test_data_belongs_together() -> None:
    for p in PEOPLE:
        assert p.surname_kana in names.readings(surname=p.surname)
        assert any(t.city == p.town.city for t in places.postal_places(p.town.code))
        assert places.address_score(generator.address(p)) > 0.5


def test_nobody_can_be_reached() -> None:
    for p in PEOPLE:
        area, office, line = generator.phone(p).split("-")
        assert office.startswith("0")
        assert len(area + office + line) == 10
        assert re.fullmatch("0[789]0-0[0-9]{3}-[0-9]{4}", generator.mobile(p))
        assert COLUMNS["email"][2](p).endswith("@example.jp")


def test_names_are_recognised() -> None:
    assert sum(names.full_name_score(f"{p.surname} {p.given}") >= 0.5 for p in PEOPLE) >= 297


@pytest.mark.parametrize("kind", generator_things.KINDS)
def test_tables_of_things(kind: str) -> None:
    table = generator_things.KINDS[kind](Random(3), 30)
    assert len(table.rows) == 30
    assert {len(row) for row in table.rows} == {len(table.header)} == {len(table.truth)}
    assert table.persons == 0
    share = sum(names.full_name_score(c) >= 0.5 for row in table.rows for c in row) / (30 * len(table.header))
    assert share < 0.02


def test_writers() -> None:
    from openpyxl import load_workbook

    table = person_table(Random(2), 5, dirt=Dirt(title_rows=1))
    assert csv_bytes(table, "cp932").decode("cp932").splitlines()[1].startswith("会員番号,氏名")
    sheet = load_workbook(io.BytesIO(xlsx_bytes(table)))["Sheet1"]
    assert sheet.max_row == 7
