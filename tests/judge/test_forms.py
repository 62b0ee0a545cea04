"""Form sheets and transposed tables: a label, its value beside or below it, and how many people that makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from judging import Paper, cell, people, scan, scan_rows, words

from piiscan.model import Records

WHO = people(11, 12)
KEYS = ("name", "kana", "birth_kanji", "phone", "email", "address")
IS = ("person_name", "person_name_kana", "birth_date", "phone", "email", "address")


@dataclass(frozen=True)
class Case:
    """``found``: entity → in how many cells it must be found, in a column of a table or as a finding."""

    paper: Paper
    persons: int
    found: dict[str, int]
    kinds: tuple[str, ...] = ("csv", "xlsx")


CASES: dict[str, Callable[[], Case]] = {}


def case(make: Callable[[], Case]) -> Callable[[], Case]:
    CASES[make.__name__] = make
    return make


def each(count: int) -> dict[str, int]:
    return dict.fromkeys(IS, count)


@case
def value_to_the_right() -> Case:
    paper = Paper()
    paper.put(1, 2, [["入会申込書"], []])
    paper.put(3, 1, [[w, cell(WHO[0], k)] for w, k in zip(words(*KEYS), KEYS, strict=True)])
    return Case(paper, 1, each(1))


@case
def colon_labels() -> Case:
    paper = Paper()
    paper.put(1, 1, [["申込書"]])
    paper.put(3, 2, [[f"{w}：", cell(WHO[0], k)] for w, k in zip(words(*KEYS), KEYS, strict=True)])
    return Case(paper, 1, each(1))


@case
def value_two_columns_on() -> Case:
    paper = Paper()
    paper.put(1, 1, [["カルテ"]])
    paper.put(3, 2, [[w, "", "", cell(WHO[0], k)] for w, k in zip(words(*KEYS), KEYS, strict=True)])
    paper.merged = [f"B{r}:D{r}" for r in range(3, 9)]
    return Case(paper, 1, each(1))


@case
def several_labels_in_a_row() -> Case:
    paper, p = Paper(), WHO[0]
    paper.put(1, 1, [["履歴書"]])
    paper.put(3, 1, [["フリガナ", cell(p, "kana"), "", "性別", cell(p, "sex")]])
    paper.put(4, 1, [["氏名", cell(p, "name"), "", "生年月日", cell(p, "birth_kanji")]])
    paper.put(
        6, 1, [["住所", cell(p, "address")], ["電話番号", cell(p, "phone"), "", "メールアドレス", cell(p, "email")]]
    )
    return Case(paper, 1, each(1) | {"sex": 1})


@case
def value_below() -> Case:
    paper, p = Paper(), WHO[0]
    paper.put(1, 1, [["調査票"]])
    paper.put(3, 1, [["氏名", "", "生年月日"], [cell(p, "name"), "", cell(p, "birth_kanji")]])
    paper.put(6, 1, [["住所", "", "電話番号"], [cell(p, "address"), "", cell(p, "phone")]])
    return Case(paper, 1, {"person_name": 1, "birth_date": 1})


@case
def two_people_on_one_form() -> Case:
    paper = Paper()
    p, q = WHO[:2]
    paper.put(1, 1, [["児童調査票"]])
    paper.put(3, 1, [["児童氏名", cell(p, "name"), "生年月日", cell(p, "birth_kanji")]])
    paper.put(4, 1, [["保護者氏名", cell(q, "name"), "続柄", "父"]])
    paper.put(5, 1, [["住所", cell(p, "address")], ["電話番号", cell(q, "mobile")]])
    return Case(paper, 2, {"person_name": 2, "birth_date": 1, "address": 1, "phone": 1})


@case
def the_same_form_down_the_sheet() -> Case:
    paper, row = Paper(), 1
    for p in WHO[:6]:
        paper.put(row, 1, [["氏名", cell(p, "name"), "フリガナ", cell(p, "kana")]])
        paper.put(row + 1, 1, [["生年月日", cell(p, "birth_kanji"), "電話番号", cell(p, "phone")]])
        paper.put(row + 2, 1, [["住所", cell(p, "address")], ["メールアドレス", cell(p, "email")]])
        row += 5
    return Case(paper, 6, each(6))


@case
def the_same_person_on_two_forms() -> Case:
    paper, row = Paper(), 1
    for p in (WHO[0], WHO[1], WHO[0]):
        paper.put(row, 1, [["氏名", cell(p, "name")], ["電話番号", cell(p, "phone")], ["住所", cell(p, "address")]])
        row += 5
    return Case(paper, 2, {"person_name": 3, "phone": 3, "address": 3})


@case
def name_in_two_cells() -> Case:
    paper, p = Paper(), WHO[0]
    paper.put(
        1,
        1,
        [["申込書"], [], ["氏名", p.surname, p.given], ["電話番号", cell(p, "phone")], ["住所", cell(p, "address")]],
    )
    return Case(paper, 1, {"phone": 1, "address": 1})


@case
def label_and_value_in_one_cell() -> Case:
    paper = Paper()
    paper.put(1, 1, [["連絡票"], []])
    paper.put(3, 1, [[f"{w}：{cell(WHO[0], k)}"] for w, k in zip(words(*KEYS), KEYS, strict=True)])
    return Case(paper, 1, {"person_name": 1, "phone": 1, "email": 1, "address": 1, "birth_date": 1})


@case
def empty_form() -> Case:
    paper = Paper()
    paper.put(1, 1, [["入会申込書"], [], *([w] for w in words(*KEYS)), ["以上"]])
    return Case(paper, 0, {})


@case
def form_with_placeholders() -> Case:
    paper = Paper()
    paper.put(
        1, 1, [["氏名", "○○ ○○"], ["住所", "{{住所}}"], ["電話番号", "（　　）　　-"], ["生年月日", "　年　月　日"]]
    )
    return Case(paper, 0, {})


@case
def transposed() -> Case:
    paper = Paper()
    who = WHO[:8]
    paper.put(1, 1, [[w, *(cell(p, k) for p in who)] for w, k in zip(words(*KEYS), KEYS, strict=True)])
    return Case(paper, 8, each(8))


@case
def transposed_with_title_and_gap() -> Case:
    paper = Paper()
    who = WHO[:5]
    paper.put(1, 1, [["役員一覧"]])
    paper.put(3, 2, [["", "1人目", "2人目", "3人目", "4人目", "5人目"]])
    paper.put(4, 2, [[w, *(cell(p, k) for p in who)] for w, k in zip(words(*KEYS), KEYS, strict=True)])
    return Case(paper, 5, each(5))


@case
def form_above_a_table() -> Case:
    """An order: who orders, then what."""
    paper, p = Paper(), WHO[0]
    paper.put(
        1,
        1,
        [["注文書"], [], ["お名前", cell(p, "name")], ["電話番号", cell(p, "phone")], ["住所", cell(p, "address")], []],
    )
    paper.put(7, 1, [["商品名", "数量", "単価", "金額"]])
    paper.put(
        8,
        1,
        [[g, str(n + 1), "100", str(100 * n + 100)] for n, g in enumerate(("緑茶", "封筒", "電球", "タオル", "牛乳"))],
    )
    return Case(paper, 1, {"person_name": 1, "phone": 1, "address": 1})


@case
def specification_sheet() -> Case:
    """Labels that ask nothing about anybody."""
    paper = Paper()
    paper.put(
        1,
        1,
        [
            ["製品仕様書"],
            ["品名", "卓上電球"],
            ["型番", "SN-0012"],
            ["重量", "1.2kg"],
            ["価格", "12000"],
            ["発売日", "2026/4/1"],
        ],
    )
    return Case(paper, 0, {})


@case
def column_definitions() -> Case:
    """A sheet that describes a table: words for names and addresses, and nobody's."""
    paper = Paper()
    paper.put(1, 1, [["No", "項目名", "型", "桁数", "備考"]])
    rows = ["氏名", "フリガナ", "生年月日", "住所", "電話番号", "メールアドレス", "性別", "郵便番号"]
    paper.put(2, 1, [[str(n + 1), w, "VARCHAR", str(20 + n), "必須"] for n, w in enumerate(rows)])
    return Case(paper, 0, {})


def _runs() -> list[object]:
    return [pytest.param(name, kind, id=f"{name}-{kind}") for name in CASES for kind in ("csv", "xlsx")]


@pytest.mark.parametrize("name, kind", _runs())
def test_form(name: str, kind: str) -> None:
    made = CASES[name]()
    if kind not in made.kinds:
        pytest.skip("this format cannot hold it")
    report = scan(made.paper, kind)
    assert report.persons == made.persons
    assert (report.records in (Records.PERSONS, Records.MIXED)) == (made.persons > 0)
    found: Counter[str] = Counter()
    for finding in report.findings:
        found[finding.entity] += finding.count
    for table in report.tables:
        for column in table.columns:
            found[column.entity or ""] += column.matches
    assert {e: n for e, n in found.items() if e in made.found} == made.found
    if not made.persons:
        assert not {e for e in found if e and e not in ("product", "company")}


def test_one_label_is_enough_where_a_name_stands_beside_it() -> None:
    rows = [
        ["カルテ"],
        ["ID", "00123"],
        ["氏名", "佐藤 花子"],
        [],
        ["日付", "主訴", "処置"],
        ["2026/4/1", "腰の痛み", "湿布"],
    ]
    report = scan_rows(rows)
    assert [(f.entity, f.location) for f in report.findings if f.entity == "person_name"] == [("person_name", "B3")]
    assert report.persons == 1


def test_a_chain_of_telephones_names_who_stands_over_the_number() -> None:
    rows = [["緊急連絡網"], ["", "部長 山田太郎"], ["", "090-0123-4567"], [], ["佐藤花子", "", "鈴木一郎"], ["090-0123-4568", "", "090-0123-4569"]]  # fmt: skip
    report = scan_rows(rows)
    assert sum(f.count for f in report.findings if f.entity == "person_name") == 3
    assert report.persons == 3


def test_a_shop_over_its_number_is_nobody() -> None:
    rows = [["店舗一覧"], ["中央店", "", "駅前店"], ["03-0000-4567", "", "03-0000-4568"]]
    assert scan_rows(rows).persons == 0
