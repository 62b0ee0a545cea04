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


JOINED = ["hanako_suzuki", "taro.sato", "misaki_watanabe", "kenta_yamamoto", "yuki_kobayashi"]


def test_names_as_programs_write_them_are_names_under_a_word_for_names_alone() -> None:
    found = table([["class", "name"], *(["1", name] for name in JOINED)])
    assert (found.columns[1].entity, found.persons) == ("person_name_romaji", 5)
    beside = [["name", "account"], *([f"山田{n}郎", name] for n, name in zip("一二三四五", JOINED, strict=True))]
    assert entities(beside) == ["person_name", "login_id"]


def test_a_bare_list_of_common_names_in_latin_letters_is_people() -> None:
    assert (
        table([[name] for name in ["abe", "yamamoto", "endo", "okamoto", "miyamoto", "yamasaki", "ogawa"]]).persons == 7
    )
    assert entities(
        [[word] for word in ["Aomori", "Iwate", "Miyagi", "Akita", "Yamagata", "Fukushima", "Ibaraki", "Tochigi"]]
    ) == [None]
    assert entities(
        [[word] for word in ["sushi", "ramen", "udon", "soba", "tempura", "onigiri", "bento", "natto"]]
    ) == [None]


def test_ids_that_count_are_no_postal_codes() -> None:
    assert entities([["id", "product"], *([str(1_000_001 + n), f"券{n}"] for n in range(6))])[0] is None
    known = ["1000001", "1500001", "5300001", "8100001", "0600001"]
    assert entities([["", "a"], *([code, "x"] for code in known)])[0] == "postal_code"


def test_two_digits_between_name_and_birthday_are_the_sex_and_codes_of_four_digits_the_number() -> None:
    people = [("4029", "鈴木　謙一", "1", "19990912"), ("4848", "橋本　徹", "1", "19950403"), ("9297", "中村　淳子", "0", "19941226"),
              ("2042", "小田　花音", "0", "20001014"), ("8477", "小島　穂乃果", "0", "19920629")]  # fmt: skip
    assert entities([*map(list, people)]) == ["customer_id", "person_name", "sex", "birth_date"]
    counted = [[str(1001 + n), *person[1:]] for n, person in enumerate(people)]
    assert entities(counted)[0] is None


def test_the_day_of_a_permit_is_not_the_applicants_birthday() -> None:
    rows = [["施設名", "申請者名", "許可番号", "許可日"]]
    names = ["赤松　照夫", "浜田　富久", "金井　真智子", "佐藤　美雪", "鈴木　一馬"]
    rows += [[f"見本旅館{n}", name, f"第5{n}6号", f"S{37 + n}.08.2{n}"] for n, name in enumerate(names)]
    assert entities(rows)[3] is None


@pytest.mark.parametrize(("header", "values"), [
    ("顧客名", ["顧客AAA", "顧客BBB", "顧客CCC"]),
    ("fullName", [f"見本{word}東京" for word in ("ベガル", "レッズ", "コンサ", "ヴァン", "グルー", "エスパ", "サガン", "アビス")]),
])  # fmt: skip
def test_what_stands_for_somebody_and_teams_are_nobody(header: str, values: list[str]) -> None:
    assert entities([["数", header], *([str(n * 3), value] for n, value in enumerate(values))])[1] is None


def test_telephones_that_somebody_made_up_are_telephones() -> None:
    rows = [["1", "木花", "コンビニ", "0985-123-1234"], ["2", "清武", "スーパー", "0985-234-6754"],
            ["3", "大塚", "スーパー", "0985-784-7683"], ["4", "都城", "コンビニ", "0985-784-7686"]]  # fmt: skip
    assert entities(rows)[3] in ("phone", "business_phone")
    assert entities([[row[0], row[1], row[3].replace("-", ":")] for row in rows])[2] is None


def test_places_go_on_under_headers_that_no_rule_knows() -> None:
    rows = [["PostalCode", "Prefecture", "City", "Folowing"]]
    rows += [
        [f"06{n}0941", "北海道", "札幌市中央区", town]
        for n, town in enumerate(("旭ケ丘", "大通東", "大通西", "宮の森"))
    ]
    assert entities(rows)[3] == "address_part"
    towns = [
        ["団体コード", "都道府県名", "団体名"],
        ["011002", "北海道", "札幌市"],
        ["012025", "北海道", "函館市"],
        ["012033", "北海道", "小樽市"],
    ]
    assert entities(towns)[2] == "address_part"


def test_a_reading_under_shimei_in_kana_is_a_reading() -> None:
    rows = [["氏名", "ｼﾒｲ"], ["田中太郎", "たなかたろう"], ["鈴木花子", "すずきはなこ"], ["山田次郎", "やまだじろう"]]
    assert entities(rows) == ["person_name", "person_name_kana"]


def test_codes_under_the_word_for_somebody_are_his_number() -> None:
    marks = [["student", "kokugo", "rika"], *([str(181_003 + 7 * n), str(30 + n), str(51 + n)] for n in range(6))]
    assert entities(marks) == ["student_id", None, None]
    counted = [["student", "kokugo"], *([str(n), str(30 + n)] for n in range(1, 7))]
    assert entities(counted)[0] is None


def test_a_birthday_without_its_year_is_one() -> None:
    rows = [["name", "birthday_year", "birthday_month", "birthday_day"]]
    rows += [[name, "", str(n + 2), str(9 * n + 1)] for n, name in enumerate(("山田太郎", "佐藤花子", "鈴木一郎"))]
    assert entities(rows)[2:] == ["birth_date", "birth_date"]


def test_readings_of_surnames_alone_are_a_dictionary() -> None:
    pairs = [("阿井", "あい"), ("曾", "そ"), ("相", "さがら"), ("愛", "あい"), ("赤", "あか")]
    assert table([["性", "セイ"], *map(list, pairs)]).records is Records.NONE


def test_a_birthday_in_three_columns_without_a_header() -> None:
    people = [
        ("松井", "秀一", "1974", "6", "12"),
        ("鈴木", "一朗", "1973", "10", "22"),
        ("佐藤", "花子", "1988", "3", "5"),
    ]
    assert entities([*map(list, people)]) == ["surname", "given_name", *["birth_date"] * 3]
    rows = [["1974", "6", "12", "晴れ"], ["1973", "10", "22", "雨"], ["1988", "3", "5", "曇り"]]
    assert entities(rows) == [None] * 4


def test_bare_house_numbers_belong_to_the_address() -> None:
    rows = [["name", "prefecture_code", "address_city", "address_street"]]
    rows += [[f"山田{n}郎", "鹿児島県", "鹿児島市吉野町", str(k + 1)] for k, n in enumerate("一二三四")]
    assert entities(rows)[3] == "address_part"
