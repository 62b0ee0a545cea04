"""Shapes of tables that people keep: second writings, numbers that tell namesakes apart, lists of authors, remarks."""

from __future__ import annotations

import pytest
from judging import Rows, scan_rows

from piiscan.model import Records, Table


def table(rows: Rows) -> Table:
    """The only table of a sheet."""
    (found,) = scan_rows(rows).tables
    return found


def entities(rows: Rows) -> list[str | None]:
    return [c.entity for c in table(rows).columns]


NAMES = [("佐藤", "美咲"), ("鈴木", "大輔"), ("高橋", "結衣"), ("田中", "拓也"), ("渡辺", "陽菜"), ("山本", "直樹")]
LATIN = [("satou", "misaki"), ("suzuki", "daisuke"), ("takahashi", "yui"), ("tanaka", "takuya"), ("watanabe", "hina"), ("yamamoto", "naoki")]  # fmt: skip


def test_names_in_latin_letters_beside_the_same_in_kanji_are_no_second_people() -> None:
    rows = [["姓", "family_name", "名", "first_name"]]
    rows += [[s, a, g, b] for (s, g), (a, b) in zip(NAMES, LATIN, strict=True)]
    found = table(rows)
    assert [c.entity for c in found.columns] == ["surname", "person_name_romaji", "given_name", "person_name_romaji"]
    assert found.persons == len(NAMES)


def test_students_of_one_name_are_told_apart_by_their_numbers() -> None:
    rows = [["学籍番号", "氏名", "性別"], *([f"26{n:04}", f"{s} {g}", "女"] for n, (s, g) in enumerate(NAMES))]
    rows.append(["269999", " ".join(NAMES[0]), "女"])
    assert table(rows).persons == len(NAMES) + 1


def test_orders_of_one_customer_are_one_person() -> None:
    customers = [[f"C{n % 3}", " ".join(NAMES[n % 3]), str(1000 + n)] for n in range(9)]
    assert table([["顧客番号", "氏名", "金額"], *customers]).persons == 3


def test_a_town_that_many_share_does_not_tell_namesakes_apart_where_the_block_does() -> None:
    people = [
        [" ".join(NAMES[n % 3]), "東京都千代田区丸の内", f"{n + 1}丁目{n + 2}番{n + 3}号 見本ハイツ"] for n in range(6)
    ]
    assert table([["氏名", "住所1", "住所2"], *people]).persons == 6


def test_numbers_of_customers_that_are_firms_are_nobodys() -> None:
    firms = [
        ["K01", "見本建設株式会社"],
        ["K02", "株式会社例示商事"],
        ["K03", "有限会社見本工業"],
        ["K04", "例示運輸株式会社"],
    ]
    assert entities([["顧客番号", "顧客名"], *firms]) == [None, "company"]


def test_a_name_with_a_comma_between_its_halves_is_one_person() -> None:
    rows = [
        ["利用者ID", "利用者名", "住所"],
        ["A1", "山田, 太郎", "東京都千代田区丸の内1-1"],
        ["A2", "佐藤花子", "東京都千代田区丸の内1-2"],
    ]
    assert table(rows).persons == 2


def test_authors_are_found_behind_their_offices_and_in_lists() -> None:
    rows = [["題名", "著者", "頁"]]
    rows += [[f"見本の研究{n}", "見本庁補佐官　佐藤 美咲、鈴木 大輔", "10"] for n in range(2)]
    rows += [["例示の技術", "夏目 太郎 著", "120"], ["例示の手引", "見本室 専門官　高橋 結衣; 田中 拓也", "80"]]
    found = table(rows)
    assert found.columns[1].entity == "person_name"
    assert (found.records in (Records.PERSONS, Records.MIXED), found.persons) == (True, 5)


def test_clubs_under_full_name_are_nobody() -> None:
    places = ["仙台", "鹿島", "浦和", "千葉", "川崎", "清水", "広島", "福岡", "長崎", "大分"]
    clubs = [
        [str(n), p, f"{word}{p}" if n % 2 else f"{p}{word}"] for n, p in enumerate(places) for word in ("ミホンズ",)
    ]
    found = table([["id", "teamName", "fullName"], *clubs])
    assert (found.records in (Records.PERSONS, Records.MIXED), found.persons) == (False, 0)


def test_lines_of_remarks_below_a_header_are_no_records() -> None:
    rows = [
        ["#LINK", ""],
        ["#lang", "ja"],
        ["#property", "得票数"],
        ["#object_type", "integer"],
        ["#property_context", "Assertion"],
    ]
    rows += [[f"{s} {g}", str(900 + n)] for n, (s, g) in enumerate(NAMES)]
    found = table(rows)
    assert (found.rows, found.persons) == (len(NAMES), len(NAMES))


def test_names_without_a_header_are_believed_beside_mail_addresses() -> None:
    names = ["佐藤美咲", "ジェイソン・ミホン", "鈴木大輔", "見本澤友作", "田中拓也"]
    rows = [[f"1月{n}日", name, f"0900000{n:04}", f"user{n}@example.jp"] for n, name in enumerate(names)]
    assert table(rows).persons == len(names)


def test_what_an_authority_has_announced_of_nobody_is_no_secret() -> None:
    rows = [["No", "公表_年月日", "患者_居住地", "患者_年代", "患者_性別", "患者_症状"]]
    rows += [[str(n), "2020-01-28", "見本市", "40代", "男性", "発熱;咳"] for n in range(1, 6)]
    assert "sensitive_medical" not in entities(rows)
    named = [["氏名", *rows[0]], *([f"{s} {g}", *r] for (s, g), r in zip(NAMES, rows[1:], strict=False))]
    assert "sensitive_medical" in entities(named)


def test_a_foreigners_given_name_beside_the_surname() -> None:
    rows = [
        ["姓", "名", "姓読み", "名読み"],
        ["アーヴィング", "ワシントン", "アーヴィング", "ワシントン"],
        ["ポー", "エドガー", "ポー", "エドガー"],
    ]
    assert entities(rows) == ["surname", "given_name", "surname_kana", "given_name_kana"]


def test_the_weather_of_a_place_is_no_name() -> None:
    seen = [
        ["2026/10/20", p, w, "11"]
        for p, w in zip(["岡山", "宮崎", "前橋", "福島", "山口"] * 6, ["雪", "晴", "曇"] * 10, strict=True)
    ]
    assert table([["観測日", "地点", "天気", "気温"], *seen]).persons == 0


@pytest.mark.parametrize("header", ["受入年齢", "対象年齢", "平均年齢"])
def test_ages_of_nobody(header: str) -> None:
    rows = [
        ["施設名", "所在地", header],
        ["見本保育園", "東京都千代田区丸の内1-1", "3"],
        ["例示保育園", "東京都千代田区丸の内1-2", "1"],
    ]
    assert entities(rows)[2] is None


def test_a_table_that_ends_above_another_with_more_words_is_kept() -> None:
    pupils = [[f"s{n:03}", "見本教室", f"{s}{g}", "見本部"] for n, (s, g) in enumerate(NAMES)]
    marks = [[f"{s}{g}", "第1回", "2026/4/1", "4", "5"] for s, g in NAMES]
    rows = [["【生徒】"], ["生徒コード", "教室", "氏名", "部活"], *pupils, ["", ""], ["【成績】"]]
    rows += [["氏名", "回数", "日付", "合計", "平均"], *marks]
    found = scan_rows(rows).tables
    assert [(t.rows, t.persons) for t in found] == [(6, 6), (6, 6)]


def test_students_with_their_number_before_the_name() -> None:
    rows = [
        ["No.", "題目", "発表者"],
        *([str(n), "見本の分析", f"26T20{n}0K {s} {g}"] for n, (s, g) in enumerate(NAMES)),
    ]
    found = table(rows)
    assert (found.columns[2].entity, found.persons) == ("person_name", len(NAMES))


def test_readings_in_hiragana_of_surname_and_given_name() -> None:
    kana = [
        ("さとう", "みさき"),
        ("すずき", "だいすけ"),
        ("たかはし", "ゆい"),
        ("たなか", "たくや"),
        ("わたなべ", "ひな"),
        ("やまもと", "なおき"),
    ]
    rows = [["lastName", "firstName", "lastYomi", "firstYomi"]]
    rows += [[s, g, a, b] for (s, g), (a, b) in zip(NAMES, kana, strict=True)]
    found = table(rows)
    assert [c.entity for c in found.columns] == ["surname", "given_name", "surname_kana", "given_name_kana"]
    assert found.persons == len(NAMES)


def test_a_plan_of_seats_names_people() -> None:
    people = [f"{s}{g}" for s, _ in NAMES for _, g in NAMES[:3]]
    rows = [["座席表"], ["列", "1", "2", "3", "4", "5", "6"]]
    for row, first in zip("ABC", range(0, 18, 6), strict=True):
        rows += [[row, *people[first : first + 6]], ["", "33期生", "運営", "27期", "33期生", "30期生", "27期"]]
    assert table(rows).persons == len(people)


SURNAMES = ["佐藤", "鈴木", "高橋", "田中", "渡辺", "伊藤", "山本", "中村", "小林", "加藤", "吉田", "佐々木"]


def test_surnames_with_marks_beside_them_need_no_header() -> None:
    marks = [[name, "英語", str(40 + n), "国語", str(90 - n)] for n, name in enumerate(SURNAMES)]
    assert table(marks).persons == len(SURNAMES)


def test_surnames_with_their_readings_alone_are_a_dictionary() -> None:
    kana = [
        "さとう",
        "すずき",
        "たかはし",
        "たなか",
        "わたなべ",
        "いとう",
        "やまもと",
        "なかむら",
        "こばやし",
        "かとう",
        "よしだ",
        "ささき",
    ]
    rows = [["性", "セイ"], *([a, b] for a, b in zip(SURNAMES, kana, strict=True))]
    assert table(rows).persons == 0


@pytest.mark.parametrize("header", ["名前", "氏名"])
def test_people_made_up_for_a_test_have_names_and_users_by_number_have_none(header: str) -> None:
    made_up = [["テスト太郎", "090-0000-0001"], ["サンプル 花子", "090-0000-0002"], ["テスト次郎", "090-0000-0003"]]
    assert table([[header, "電話番号"], *made_up]).persons == 3
    users = [["一般ユーザ１", "03-0000-0001"], ["テストユーザー２", "03-0000-0002"], ["管理者", "03-0000-0003"]]
    assert table([[header, "電話番号"], *users]).persons == 0


def test_a_handle_under_a_sure_header_is_somebody() -> None:
    rows = [["学籍番号", "学生氏名", "科目名"], *([["262000001", "mihonkun", f"見本学{n}"] for n in range(5)])]
    assert table(rows).persons == 1


def test_accounts_of_firms_are_nobodys() -> None:
    rows = [["取引先名", "担当者名", "銀行名", "口座番号", "口座名義"]]
    rows += [
        [f"株式会社見本{n}", f"{s}{g}", "見本銀行", f"012345{n}", f"カ）ミホン{n}"] for n, (s, g) in enumerate(NAMES)
    ]
    assert entities(rows)[3] is None


def test_children_called_in_hiragana_are_people_beside_their_guardians() -> None:
    children = ["さくら", "ひなた", "あおい", "ひかり", "つむぎ", "めい"]
    rows = [["園児名", "保護者氏名", "電話番号"]]
    rows += [
        [f"さとう {c}", f"{s} {g}", f"090-0000-{n:04}"]
        for n, (c, (s, g)) in enumerate(zip(children, NAMES, strict=True))
    ]
    found = table(rows)
    assert (found.columns[0].entity, found.persons) == ("person_name", 12)


TOWNS = [
    ["13101", "1000013", "ﾄｳｷｮｳﾄ", "ﾁﾖﾀﾞｸ", "ｶｽﾐｶﾞｾｷ", "東京都", "千代田区", "霞が関"],
    ["13101", "1000001", "ﾄｳｷｮｳﾄ", "ﾁﾖﾀﾞｸ", "ﾁﾖﾀﾞ", "東京都", "千代田区", "千代田"],
    ["27127", "5300001", "ｵｵｻｶﾌ", "ｵｵｻｶｼｷﾀｸ", "ｳﾒﾀﾞ", "大阪府", "大阪市北区", "梅田"],
    ["14104", "2310023", "ｶﾅｶﾞﾜｹﾝ", "ﾖｺﾊﾏｼﾅｶｸ", "ﾔﾏｼﾀﾁｮｳ(1-9ﾊﾞﾝ)", "神奈川県", "横浜市中区", "山下町"],
]


def test_readings_of_towns_are_parts_of_an_address_behind_those_of_their_prefecture_and_city() -> None:
    assert entities(TOWNS) == [None, "postal_code", *["address_part"] * 6]


def test_a_column_of_katakana_is_none_where_no_town_stands_in_kanji() -> None:
    assert entities([row[:-1] for row in TOWNS])[4] != "address_part"


HASHES = ["nLf7+E3ObKARUBw+6bvSRyfJ9Cy0HCcsa0DqZIE93K0=", "5f4dcc3b5aa765d61d8327deb882cf99"]


@pytest.mark.parametrize("names", [["10000001", "10000002", "10000003"], ["t.yamada", "h-sato", "k_suzuki"]])
@pytest.mark.parametrize("secrets", [["k1-Sakura", "Hana#22", "mitsu-09"], [HASHES[0], *[HASHES[1]] * 2]])
def test_accounts_without_people_tell_somebody_unless_they_are_bare_numbers_and_digests(
    names: list[str], secrets: list[str]
) -> None:
    rows = [["LOGIN_ID", "USER_PASSWORD", "LOCKED"], *([n, s, "0"] for n, s in zip(names, secrets, strict=True))]
    bare = names[0].isdigit() and secrets[0] == HASHES[0]
    assert entities(rows) == ([None, None, None] if bare else ["login_id", "password", None])


def test_digests_of_passwords_beside_people_are_theirs() -> None:
    rows = [[" ".join(n), f"a{len(n[1])}@example.jp", HASHES[1]] for n in NAMES]
    assert entities([["氏名", "メール", "パスワード"], *rows])[2] == "password"


def test_names_in_two_columns_of_latin_letters_without_a_header_are_one_person_a_row() -> None:
    found = table([[f"{n:03}", g.title(), s.title(), f"19{80 + n}-01-02", "0"] for n, (s, g) in enumerate(LATIN)])
    assert [c.entity for c in found.columns][1:3] == ["person_name_romaji"] * 2
    assert found.persons == len(LATIN)


def test_words_in_latin_letters_side_by_side_are_not_people() -> None:
    goods = [["Apple", "Red"], ["Banana", "Yellow"], ["Orange", "Small"], ["Lemon", "Large"], ["Peach", "White"]]
    assert entities([[f"{n:03}", *words, "0"] for n, words in enumerate(goods)])[1:3] == [None, None]


def test_the_branch_behind_a_surname_does_not_make_the_name_a_place() -> None:
    staff = [[f"S{n:03}", f"{s} Mihon大宮", "2023-04-01"] for n, (s, _) in enumerate(NAMES)]
    assert table([["staff_id", "staff_name", "hire_date"], *staff]).persons == len(NAMES)


def test_a_number_behind_a_surname_does_not_make_it_nobody() -> None:
    people = [["山田1", "男", "35"], ["田中", "女", "29"], ["中村", "男", "47"], ["村本", "女", "38"]]
    assert table([["名前", "性別", "年齢"], *people]).persons == len(people)


def test_the_reading_and_the_number_of_a_firm_are_nobodys_beside_those_who_answer_for_it() -> None:
    firms = [
        ["1", "見本建設株式会社", "ミホンケンセツ", "田中 拓也"],
        ["2", "株式会社例示商事", "レイジショウジ", "山本 直樹"],
        ["3", "有限会社見本工業", "ミホンコウギョウ", "佐藤 美咲"],
        ["4", "例示運輸株式会社", "レイジウンユ", "鈴木 大輔"],
    ]
    head = ["customer_id", "customer_name", "customer_name_kana", "contact_name"]
    assert entities([head, *firms]) == [None, "company", None, "person_name"]


def test_how_many_work_for_a_firm_is_nobodys_number() -> None:
    firms = [
        ["見本建設株式会社", "5428"],
        ["株式会社例示商事", "25"],
        ["有限会社見本工業", "56"],
        ["例示運輸株式会社", "511"],
    ]
    assert entities([["name", "employee_number"], *firms]) == ["company", None]


@pytest.mark.parametrize(
    ("header", "codes", "entity"),
    [
        ("id", [f"26EC{n:04}" for n in range(6)], "customer_id"),
        ("id", [f"{n:04}" for n in range(6)], "customer_id"),
        ("id", [str(n + 1) for n in range(6)], "customer_id"),
        ("no", [f"26EC{n:04}" for n in range(6)], "customer_id"),
        ("no", [str(n + 1) for n in range(6)], None),
    ],
)
def test_a_code_beside_a_name_is_the_persons_unless_it_only_counts_the_rows(
    header: str, codes: list[str], entity: str | None
) -> None:
    rows = [[code, " ".join(name)] for code, name in zip(codes, NAMES, strict=True)]
    assert entities([[header, "name"], *rows]) == [entity, "person_name"]


def test_the_id_of_a_visit_is_nobodys() -> None:
    visits = [[str(n + 1), " ".join(NAMES[n % 3]), f"2026-01-{n + 5:02}"] for n in range(9)]
    assert entities([["id", "name", "visited_on"], *visits])[:2] == [None, "person_name"]


def test_a_code_of_goods_is_nobodys() -> None:
    goods = [["0001", "見本鉛筆", "100"], ["0002", "見本消しゴム", "80"], ["0003", "見本ノート", "200"]]
    assert entities([["id", "name", "price"], *goods])[0] is None


def test_cities_without_their_last_sign_in_front_of_a_town_are_part_of_the_address() -> None:
    rows = [["山田 太郎", "東京", "新宿区"], ["佐藤 美咲", "大阪", "北区"], ["鈴木 大輔", "名古屋", "中村区"], ["高橋 結衣", "北海道", "札幌市中央区"]]  # fmt: skip
    assert entities(rows) == ["person_name", "address_part", "address_part"]


def test_mobile_telephones_with_addresses_are_somebodys_and_those_of_offices_are_not() -> None:
    homes = [
        "神奈川県藤沢市亀井野1-4-17",
        "東京都目黒区上目黒3-1-1106",
        "広島県福山市東深津町2丁目3番地",
        "福岡県福岡市早良区小田部3丁目2番10号",
    ]
    mobile = [[f"{n:03}", f"090-0123-456{n}", home] for n, home in enumerate(homes)]
    office = [[f"{n:03}", f"03-0000-456{n}", home] for n, home in enumerate(homes)]
    assert (table(mobile).records, table(mobile).persons) == (Records.PERSONS, 4)
    assert table(office).records == Records.PLACES


def test_half_of_a_reading_behind_a_home_town_is_still_a_reading() -> None:
    kana = ["サトウ", "スズキ", "タカハシ", "タナカ", "ワタナベ", "ヤマモト"]
    rows = [
        [t, k, " ".join(n)]
        for t, k, n in zip(["千葉", "埼玉", "福岡", "愛知", "東京", "大分"], kana, NAMES, strict=True)
    ]
    assert entities([["hometown", "family_name_kana", "name_ja"], *rows])[1] == "surname_kana"


@pytest.mark.parametrize("header", ["pref_a", "prefB", "都道府県A"])
def test_a_letter_that_counts_columns_does_not_hide_their_header(header: str) -> None:
    rows = [[p, str(n)] for n, p in enumerate(["大阪府", "京都府", "神奈川県", "愛知県"])]
    assert entities([[header, "score"], *rows])[0] == "address_part"


def test_small_numbers_beside_the_sex_of_named_people_are_ages() -> None:
    ages = ["30", "26", "42", "45", "34", "23"]
    rows = [[str(n + 1), f"{s.title()} {g.title()}", age, "MF"[n % 2]] for n, ((s, g), age) in enumerate(zip(LATIN, ages, strict=True))]  # fmt: skip
    assert entities(rows) == [None, "person_name_romaji", "age", "sex"]


def test_numbers_that_count_the_rows_are_no_ages() -> None:
    rows = [[f"{s} {g}", str(n + 11), "男女"[n % 2]] for n, (s, g) in enumerate(NAMES)]
    assert entities(rows) == ["person_name", None, "sex"]


def test_given_names_that_nobody_has_are_names_beside_age_and_sex() -> None:
    rows = [["赤坂ほげ太郎", "17歳", "男性"], ["吉田ふが子", "21歳", "女性"], ["武田ぴよ彦", "34歳", "男性"]]
    assert entities(rows) == ["person_name", "age", "sex"]
    assert table(rows).persons == 3


def test_six_digits_before_names_are_the_numbers_of_those_named() -> None:
    rows = [[str(100001 + 3 * n), s, g, "在籍", "見本苑"] for n, (s, g) in enumerate(NAMES)]
    assert entities(rows)[:3] == ["customer_id", "surname", "given_name"]


def test_a_name_in_a_corner_of_a_timetable_is_a_stop() -> None:
    stops = ["便", "見本病院", "柳橋", "正木", "本郷", "千手堂", "青山北", "則武", "忠節", "正木東"]
    runs = [[str(n + 1), f"6:{n + 10}", f"6:{n + 20}", "", f"7:{n + 10}", "", "", "", "", ""] for n in range(8)]
    assert table([stops, *runs]).records == Records.NONE


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_who_has_only_a_reading_is_counted_wherever_the_columns_stand(order: tuple[int, ...]) -> None:
    kana = ["サトウ ミサキ", "スズキ ダイスケ", "タカハシ ユイ", "タナカ タクヤ", "ワタナベ ヒナ", "ヤマモト ナオキ"]
    rows = [["氏名", "フリガナ", "ローマ字氏名", "生年月日"]]
    for n, ((s, g), k, (a, b)) in enumerate(zip(NAMES, kana, LATIN, strict=True)):
        rows.append(
            ["", k, "", f"1980010{n + 1}"] if n % 2 else [f"{s} {g}", k, f"{b.title()} {a.title()}", f"1980010{n + 1}"]
        )
    assert table([[row[c] for c in order] for row in rows]).persons == len(NAMES)


def test_codes_of_five_digits_in_a_list_of_towns_are_no_birth_dates() -> None:
    codes = [["31201", "6800001", "鳥取県", "鳥取市"], ["32201", "6900001", "島根県", "松江市"], ["33101", "7000001", "岡山県", "岡山市北区"]]  # fmt: skip
    assert entities(codes)[0] is None


@pytest.mark.parametrize(
    ("header", "behind"), [("氏名（ふりがな）", "（かな かな）"), ("氏名（旧姓）", "（旧姓 中村）"), ("氏名", "")]
)
def test_names_in_kanji_are_names_whatever_stands_in_brackets_behind_them(header: str, behind: str) -> None:
    rows = [[f"{s} {g}{behind}", "男"] for s, g in NAMES]
    assert entities([[header, "性別"], *rows])[0] == "person_name"
