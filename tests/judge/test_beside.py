"""What the columns of a table say of one beside them that neither its header nor its values settle."""

from __future__ import annotations

import pytest
from judging import Rows, scan_rows

from piiscan.model import Records, Table

FOREIGN = ["Orlan Quiverdale", "Mirabel O'Strand", "Tess McFennick", "Jean-Luc Varrois", "Bo Lindqvister"]
MAILS = [
    "oquiverdale0@example.jp",
    "m.ostrand@example.jp",
    "tess@example.jp",
    "varrois.jl@example.jp",
    "bo.lind@example.jp",
]


def table(rows: Rows) -> Table:
    """The only table of a sheet."""
    (found,) = scan_rows(rows).tables
    return found


def entities(rows: Rows) -> list[str | None]:
    return [c.entity for c in table(rows).columns]


@pytest.mark.parametrize("header", [[], [["id", "name", "email"]]])
def test_names_from_abroad_are_told_by_their_mail_addresses(header: Rows) -> None:
    rows = [[str(n + 1), name, mail] for n, (name, mail) in enumerate(zip(FOREIGN, MAILS, strict=True))]
    found = table([*header, *rows])
    assert [c.entity for c in found.columns] == [None, "person_name_romaji", "email"]
    assert found.persons == len(FOREIGN)


def test_shops_are_not_people_for_having_mail_addresses() -> None:
    shops = ["Blue Kettle", "Harbour Books", "Green Anchor", "Old Mill", "Copper Lane"]
    rows = [["id", "name", "email"], *([str(n), shop, f"info{n}@example.jp"] for n, shop in enumerate(shops))]
    assert entities(rows) == [None, None, "email"]


def test_decades_beside_the_sex_are_ages() -> None:
    rows = [["番号", "発表日", "年代", "性別"]]
    rows += [[str(980 + n), "2026-01-05", age, "男女"[n % 2] + "性"] for n, age in enumerate(("70", "50", "30", "60"))]
    assert entities(rows)[2:] == ["age", "sex"]
    decades = [["年代", "人数"], *([str(1950 + 10 * n), str(n * 7)] for n in range(5))]
    assert entities(decades) == [None, None]


def test_other_days_of_people_are_not_their_birthdays() -> None:
    days = [("金谷太郎", "1890-10-10", "1980-06-23"), ("木村花子", "1905-02-21", "1986-11-17"), ("志村次郎", "1902-01-06", "1990-01-06")]  # fmt: skip
    assert entities([["name", "birthday", "passing"], *map(list, days)]) == ["person_name", "birth_date", None]


def test_two_people_without_a_header_are_told_by_both_halves_of_their_names() -> None:
    rows = [["1", "佐藤", "美咲", "2026/1/5 0:00"], ["2", "鈴木", "大輔", "2026/1/6 0:00"]]
    found = table(rows)
    assert [c.entity for c in found.columns] == [None, "surname", "given_name", None]
    assert (found.records, found.persons) == (Records.PERSONS, 2)


def test_surnames_under_a_word_for_names_are_people_and_no_dictionary() -> None:
    pairs = [
        ("松村", "まつむら"),
        ("関口", "せきぐち"),
        ("海野", "うんの"),
        ("白井", "しらい"),
        ("山中", "やまなか"),
        ("田口", "たぐち"),
    ]
    assert table([["氏名", "ふりがな"], *map(list, pairs)]).persons == len(pairs)
    assert table([["漢字", "よみ"], *map(list, pairs)]).records is Records.NONE


def test_who_paid_in_is_a_firm_or_a_person() -> None:
    paid = ["カ）ミホンシヨウジ", "カ）レイサンギヨウ", "ミホンケンセツ（カ", "タナカ タロウ", "カ）テストコウギヨウ"]
    rows = [["入金日", "金額", "振込人", "銀行名"]]
    rows += [[f"2026/02/0{n + 1}", str(10_000 * (n + 3)), who, "見本銀行"] for n, who in enumerate(paid)]
    found = table(rows)
    assert (found.records, found.persons) == (Records.MIXED, 1)


@pytest.mark.parametrize(
    ("heads", "people"),
    [
        (["佐藤 花子", "鈴木 一郎", "高橋 健一", "田中 愛子"], 4),
        (["営業部 鈴木一郎", "営業部 佐藤花子"], 2),
        (["佐藤", "鈴木", "高橋", "田中", "渡辺"], 5),
        (["東京", "大阪", "福岡", "福島", "宮城"], 0),
        (["国語", "数学", "理科", "社会"], 0),
    ],
)
def test_people_may_be_the_heads_of_columns(heads: list[str], people: int) -> None:
    rows = [["項目", *heads], *([f"{n}回", *("○" if (n + i) % 3 else "" for i in range(len(heads)))] for n in range(4))]
    report = scan_rows(rows)
    assert report.persons == people
    assert len([f for f in report.findings if f.where == "cell"]) == people
