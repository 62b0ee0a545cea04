"""Tables as people make them: where the header is, where the data begins, how many tables there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from time import process_time

import generator_things
import pytest
from judging import Paper, by_index, cell, lines, people, scan, scan_rows, words

from piiscan.inspection.knowledge import knowledge
from piiscan.judge.grid import Grid
from piiscan.judge.layout import find_regions
from piiscan.judge.vocabulary import vocabulary
from piiscan.model import Records

KEYS = ("name", "kana", "birth_slash", "phone", "email")
IS = ("person_name", "person_name_kana", "birth_date", "phone", "email")
TEXTS = ("name", "kana", "address", "city")
WHO = people(7, 24)


@dataclass(frozen=True)
class Expected:
    """What a table should be said to be: rows from 1, ``columns`` from 0."""

    header: tuple[int, ...]
    first: int
    rows: int
    columns: dict[int, str]
    persons: int
    records: Records = Records.PERSONS


@dataclass(frozen=True)
class Case:
    """A sheet and what is on it; ``kinds``: the formats that can hold it."""

    paper: Paper
    tables: list[Expected]
    kinds: tuple[str, ...] = ("csv", "xlsx")
    persons: int | None = None


def fives(first: int = 0) -> dict[int, str]:
    return {first + n: e for n, e in enumerate(IS)}


def plain(paper: Paper, row: int, column: int, who: list[object], header: list[str] | None = None) -> Expected:
    head = words(*KEYS) if header is None else header
    end = paper.put(row, column, ([head] if head else []) + lines(who, *KEYS))  # type: ignore[arg-type]
    del end
    top = (row,) if head else ()
    return Expected(top, row + bool(head), len(who), fives(column - 1), len(who))


CASES: dict[str, Callable[[], Case]] = {}


def case(make: Callable[[], Case]) -> Callable[[], Case]:
    CASES[make.__name__] = make
    return make


@case
def title_and_notes_above() -> Case:
    paper = Paper()
    paper.put(1, 1, [["会員名簿"], ["2026年11月1日現在", "", "", "作成", "総務課"], ["※社外秘 取扱注意"], []])
    return Case(paper, [plain(paper, 5, 1, WHO)])


@case
def title_with_several_cells() -> Case:
    paper = Paper()
    paper.put(1, 1, [["令和8年度 会員一覧表", "", "", "", "No.3"], ["支部名：", "第2支部", "", "更新日", "2026/11/1"]])
    return Case(paper, [plain(paper, 4, 1, WHO)])


@case
def begins_at_c7() -> Case:
    paper = Paper()
    return Case(paper, [plain(paper, 7, 3, WHO)], ("csv", "xlsx"))


@case
def no_header() -> Case:
    paper = Paper()
    return Case(paper, [plain(paper, 1, 1, WHO, header=[])])


@case
def decorated_header() -> Case:
    paper = Paper()
    head = ["氏　名\n（必須）", "※フリガナ", "生年月日\n(西暦)", "ＴＥＬ", "【必須】Ｅ－ｍａｉｌ"]
    return Case(paper, [plain(paper, 2, 1, WHO, header=head)])


@case
def two_header_rows_merged() -> Case:
    paper = Paper()
    paper.put(1, 1, [["No.", "氏名", "住所", "", "", "保護者", "", "備考"]])
    paper.put(2, 1, [["", "", "郵便番号", "都道府県", "番地", "氏名", "電話", ""]])
    paper.merged = ["A1:A2", "B1:B2", "C1:E1", "F1:G1", "H1:H2"]
    for n, (p, q) in enumerate(zip(WHO[:12], WHO[12:], strict=True)):
        row = [str(n + 1), cell(p, "name"), cell(p, "postal_code"), cell(p, "prefecture"), cell(p, "block")]
        paper.put(3 + n, 1, [[*row, cell(q, "name"), cell(q, "phone"), cell(p, "note")]])
    columns = {1: "person_name", 2: "postal_code", 3: "address_part", 4: "address_part", 5: "person_name", 6: "phone"}
    return Case(paper, [Expected((1, 2), 3, 12, columns, 24)])


@case
def three_header_rows() -> Case:
    paper = Paper()
    paper.put(1, 1, [["従業員情報", "", "", "", "緊急連絡先", ""]])
    paper.put(2, 1, [["社員番号", "氏名", "", "生年月日", "氏名", "電話番号"]])
    paper.put(3, 1, [["", "漢字", "カナ", "", "", ""]])
    paper.merged = ["A1:D1", "E1:F1", "A2:A3", "B2:C2", "D2:D3", "E2:E3", "F2:F3"]
    for n, (p, q) in enumerate(zip(WHO[:12], WHO[12:], strict=True)):
        row = [f"E{n:04}", cell(p, "name"), cell(p, "kana"), cell(p, "birth_slash"), cell(q, "name"), cell(q, "mobile")]
        paper.put(4 + n, 1, [row])
    columns = {
        0: "employee_id", 1: "person_name", 2: "person_name_kana", 3: "birth_date", 4: "person_name", 5: "phone",
    }  # fmt: skip
    return Case(paper, [Expected((1, 2, 3), 4, 12, columns, 24)])


@case
def empty_columns_before_and_between() -> Case:
    paper = Paper()
    paper.put(2, 2, [["氏名", "", "生年月日", "", "", "電話番号"]])
    for n, p in enumerate(WHO):
        paper.put(3 + n, 2, [[cell(p, "name"), "", cell(p, "birth_slash"), "", "", cell(p, "phone")]])
    return Case(paper, [Expected((2,), 3, 24, {1: "person_name", 3: "birth_date", 6: "phone"}, 24)])


@case
def totals_and_footnotes() -> Case:
    paper = Paper()
    table = plain(paper, 1, 1, WHO)
    paper.put(26, 1, [["合計", "24名"], [], ["※ 退会者を除く"], ["以上"]])
    return Case(paper, [Expected(table.header, 2, table.rows, table.columns, 24)])


@case
def header_on_every_page() -> Case:
    paper = Paper()
    row = 1
    for start in range(0, 24, 8):
        row = paper.put(row, 1, [words(*KEYS), *lines(WHO[start : start + 8], *KEYS)])
    return Case(paper, [Expected((1,), 2, 24, fives(), 24)])


@case
def header_and_title_on_every_page() -> Case:
    paper = Paper()
    row = 1
    for start in range(0, 24, 8):
        row = paper.put(
            row, 1, [[f"会員名簿 {start // 8 + 1}ページ"], words(*KEYS), *lines(WHO[start : start + 8], *KEYS), []]
        )
    return Case(paper, [], persons=24)


@case
def stacked_with_blank_row() -> Case:
    paper = Paper()
    first = plain(paper, 1, 1, WHO)
    things = generator_things.products(Random(1), 10)
    paper.put(27, 1, [things.header, *things.rows])
    second = Expected((27,), 28, 10, {0: "product", 1: "product", 2: "company"}, 0, Records.ORGANISATIONS)
    return Case(paper, [first, second])


@case
def stacked_without_blank_row() -> Case:
    paper = Paper()
    first = plain(paper, 1, 1, WHO)
    end = paper.put(26, 1, [["社員番号", "氏名", "性別", "年齢"]])
    paper.put(end, 1, [[f"E{n:04}", cell(p, "name"), cell(p, "sex"), cell(p, "age")] for n, p in enumerate(WHO)])
    second = Expected((26,), 27, 24, {0: "employee_id", 1: "person_name", 2: "sex", 3: "age"}, 24)
    return Case(paper, [first, second])


@case
def stacked_with_markers() -> Case:
    paper = Paper()
    paper.put(1, 1, [["SETUP_TABLE=MEMBER"]])
    first = plain(paper, 2, 1, WHO[:8])
    paper.put(11, 1, [["SETUP_TABLE=ITEM"], ["商品コード", "商品名", "単価"]])
    paper.put(
        13, 1, [[f"A{n:03}", g, str(100 * n + 100)] for n, g in enumerate(["緑茶", "封筒", "電球", "タオル", "牛乳"])]
    )
    second = Expected((12,), 13, 5, {0: "product", 1: "product"}, 0, Records.NONE)
    return Case(paper, [first, second])


@case
def stacked_by_month() -> Case:
    paper = Paper()
    row, expected = 1, []
    for month, who in (("■4月分", WHO[:10]), ("■5月分", WHO[5:20])):
        paper.put(row, 1, [[month]])
        expected.append(plain(paper, row + 1, 1, who))
        row += len(who) + 3
    return Case(paper, expected, persons=20)


@case
def side_by_side_same_row() -> Case:
    paper = Paper()
    first = plain(paper, 1, 1, WHO[:12])
    things = generator_things.products(Random(1), 9)
    paper.put(1, 8, [things.header, *things.rows])
    second = Expected((1,), 2, 9, {7: "product", 8: "product", 9: "company"}, 0, Records.ORGANISATIONS)
    return Case(paper, [first, second])


@case
def side_by_side_same_words() -> Case:
    paper = Paper()
    first = plain(paper, 2, 1, WHO[:12])
    second = plain(paper, 2, 7, WHO[12:])
    return Case(paper, [first, second], persons=24)


@case
def side_by_side_other_rows() -> Case:
    paper = Paper()
    first = plain(paper, 1, 1, WHO)
    things = generator_things.products(Random(1), 10)
    paper.put(4, 8, [things.header, *things.rows])
    second = Expected((4,), 5, 10, {7: "product", 8: "product", 9: "company"}, 0, Records.ORGANISATIONS)
    return Case(paper, [first, second])


@case
def folded_in_two_without_gap() -> Case:
    """A list that goes on in the columns to its right, with the same words over both halves."""
    paper = Paper()
    keys = ("name", "phone")
    paper.put(1, 1, [["No", *words(*keys), "No", *words(*keys)]])
    for n, (p, q) in enumerate(zip(WHO[:12], WHO[12:], strict=True)):
        paper.put(2 + n, 1, [[str(n + 1), *lines([p], *keys)[0], str(n + 13), *lines([q], *keys)[0]]])
    columns = {1: "person_name", 2: "phone", 4: "person_name", 5: "phone"}
    return Case(paper, [Expected((1,), 2, 12, columns, 24)])


@case
def numbering_column() -> Case:
    paper = Paper()
    paper.put(1, 1, [["", *words(*KEYS)]])
    paper.put(2, 1, [[str(n + 1), *line] for n, line in enumerate(lines(WHO, *KEYS))])
    return Case(paper, [Expected((1,), 2, 24, fives(1), 24)])


@case
def many_columns_of_marks() -> Case:
    paper, rng = Paper(), Random(3)
    days = [f"{1 + n // 30}/{1 + n % 30}" for n in range(120)]
    paper.put(1, 1, [["出席簿"], ["番号", "氏名", *days, "計"]])
    for n, p in enumerate(WHO):
        paper.put(3 + n, 1, [[str(n + 1), cell(p, "name"), *(rng.choice(["○", "○", "×", ""]) for _ in days), "30"]])
    return Case(paper, [Expected((2,), 3, 24, {1: "person_name"}, 24)])


@case
def column_numbers_under_the_header() -> Case:
    """Forms of public offices number their columns in a row below the words."""
    paper = Paper()
    paper.put(1, 1, [words(*KEYS), ["①", "②", "③", "④", "⑤"], *lines(WHO, *KEYS)])
    return Case(paper, [Expected((1, 2), 3, 24, fives(), 24)])


@case
def example_row_under_the_header() -> Case:
    paper = Paper()
    paper.put(1, 1, [["例", "山田 太郎", "ヤマダ タロウ", "1975/1/31", "03-0000-0000", "taro@example.jp"]])
    paper.put(2, 1, [["", *words(*KEYS)]])
    paper.put(3, 1, [["", *line] for line in lines(WHO, *KEYS)])
    return Case(paper, [], persons=24)


@case
def groups_in_lone_rows() -> Case:
    """Rows with a group's name alone between the records."""
    paper = Paper()
    row = paper.put(1, 1, [words(*KEYS)])
    for number in range(3):
        row = paper.put(row, 1, [[f"第{number + 1}班"], *lines(WHO[number * 8 : number * 8 + 8], *KEYS)])
    return Case(paper, [Expected((1,), 2, 27, fives(), 24)])


@case
def blank_row_under_the_header() -> Case:
    paper = Paper()
    paper.put(1, 1, [words(*KEYS), [], *lines(WHO, *KEYS)])
    return Case(paper, [Expected((1,), 3, 24, fives(), 24)])


@case
def blank_row_between_all_records() -> Case:
    paper = Paper()
    paper.put(1, 1, [words(*KEYS)])
    for n, line in enumerate(lines(WHO, *KEYS)):
        paper.put(2 + 2 * n, 1, [line])
    return Case(paper, [Expected((1,), 2, 24, fives(), 24)])


@case
def merged_group_column() -> Case:
    """A department written once over its people, in merged cells."""
    paper = Paper()
    paper.put(1, 1, [["部署", *words(*KEYS)]])
    for n, line in enumerate(lines(WHO, *KEYS)):
        paper.put(2 + n, 1, [["営業部" if n == 0 else "総務部" if n == 12 else "", *line]])
    paper.merged = ["A2:A13", "A14:A25"]
    return Case(paper, [Expected((1,), 2, 24, fives(1), 24)])


@case
def one_record() -> Case:
    paper = Paper()
    return Case(paper, [plain(paper, 1, 1, WHO[:1])])


@case
def two_records() -> Case:
    paper = Paper()
    return Case(paper, [plain(paper, 1, 1, WHO[:2])])


@case
def header_alone() -> Case:
    paper = Paper()
    paper.put(1, 1, [words(*KEYS)])
    return Case(paper, [], persons=0)


@case
def header_alone_below_a_table() -> Case:
    """The next table of the sheet has nobody yet, so that its header is no record of the table above."""
    paper = Paper()
    upper = plain(paper, 1, 1, WHO)
    paper.put(27, 1, [["退会者"], words("name", "kana", "phone")])
    return Case(paper, [upper, Expected((28,), 29, 0, {0: "person_name", 2: "phone"}, 0, Records.NONE)], persons=24)


@case
def header_of_a_database_alone_below_a_table() -> Case:
    paper = Paper()
    upper = plain(paper, 1, 1, WHO)
    paper.put(27, 1, [["SETUP=A"], ["A_DATA_ID", "B5_CODE", "C_KANA_2", "REASON_OF_IT", "UNIT_D"]])
    return Case(paper, [upper, Expected((28,), 29, 0, {}, 0, Records.NONE)], persons=24)


@case
def last_records_after_a_gap() -> Case:
    paper = Paper()
    paper.put(1, 1, [words(*KEYS), *lines(WHO[:-1], *KEYS), [], *lines(WHO[-1:], *KEYS)])
    return Case(paper, [Expected((1,), 2, 24, fives(), 24)])


@case
def english_header() -> Case:
    paper = Paper()
    head = ["Full Name", "name_kana", "date_of_birth", "tel", "e-mail"]
    return Case(paper, [plain(paper, 1, 1, WHO, header=head)])


def _runs() -> list[object]:
    return [pytest.param(name, kind, id=f"{name}-{kind}") for name, make in CASES.items() for kind in make().kinds]


@pytest.mark.parametrize("name, kind", _runs())
def test_layout(name: str, kind: str) -> None:
    made = CASES[name]()
    report = scan(made.paper, kind)
    found = [
        Expected(t.header_rows, t.first_row, t.rows, by_index(t), t.persons, t.records)
        for t in report.tables
        if made.tables
    ]
    assert found == made.tables
    if made.persons is not None:
        assert report.persons == made.persons


def test_a_large_sheet_is_read_in_little_time() -> None:
    """Without a column of numbers or dates every row has to be asked whether it begins a new table."""
    who = people(5, 60)
    texts = {
        n: [w, *([cell(p, k) for p in who] * 100)] for n, (w, k) in enumerate(zip(words(*TEXTS), TEXTS, strict=True))
    }
    for values in texts.values():
        values[1:] = [f"{v[:1]}{chr(0xAC00 + n)}{v[1:]}" for n, v in enumerate(values[1:])]
    grid = Grid(range(len(texts[0])), texts)
    strength = vocabulary(knowledge().policy)
    start = process_time()
    regions = find_regions(grid, strength, complete=True)
    assert process_time() - start < 1.5
    assert [(r.header, r.start, r.end) for r in regions] == [((0,), 1, 6001)]


def test_the_cheap_refusal_loses_no_word() -> None:
    rules = knowledge().policy.headers
    listed = (*rules.words.meanings(), rules.extra)
    known = sorted({w for group in listed for w in group})
    strength, rng = vocabulary(knowledge().policy), Random(1)
    for _ in range(3000):
        text = (
            rng.choice(known)
            + rng.choice(known) * rng.randint(0, 1)
            + rng.choice(("", "1", "（必須）", "※", " ", "カナ", "欄"))
        )
        text = rng.choice((text, text.upper(), "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)))
        found = rules.match(text) if len(text) <= 60 else ()
        assert strength(text) == (found[0].strength if found else 0.0), text


def test_records_that_begin_with_a_mark_are_no_footnotes() -> None:
    rows = [[f"※{s}", "03-0000-0000", "東"] for s in ("山田太郎", "佐藤花子", "鈴木次郎", "田中優子")]
    (found,) = scan_rows([["氏名", "電話番号", "組"], ["高橋一郎", "03-0000-0001", "西"], *rows]).tables
    assert (found.rows, found.persons) == (5, 5)
    (found,) = scan_rows([["氏名", "電話番号", "組"], *[["高橋一郎", "03-0000-0001", "西"]] * 4, ["※内線のみ"]]).tables
    assert found.rows == 4
