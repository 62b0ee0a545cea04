"""Headers as programs and forms write them: references in brackets, words of databases, what a foreman ticks."""

from __future__ import annotations

import pytest
from judging import scan_rows
from test_shapes import LATIN, NAMES, entities, table

from piiscan.families import NAME_FAMILY

FIRMS = (
    "見本建設株式会社",
    "株式会社例示商事",
    "有限会社見本工業",
    "例示運輸株式会社",
    "見本食品株式会社",
    "例示電機株式会社",
)


def test_references_in_brackets_behind_words_do_not_make_a_header_a_record() -> None:
    head = ["取引先名(必須)", "担当営業（管理番号:19104）", "主担当（管理番号:19113）", "備考（管理番号:19258）"]
    rows = [[f, f"{s}　{g}", f"user{n}@example.jp", ""] for n, (f, (s, g)) in enumerate(zip(FIRMS, NAMES, strict=True))]
    found = table([head, *rows])
    assert found.header_rows == (1,)
    assert [c.entity for c in found.columns][:3] == ["company", "person_name", "email"]


def test_surnames_under_a_word_that_ends_like_who_sees_to_it() -> None:
    rows = [[f, s] for f, (s, _) in zip(FIRMS, NAMES, strict=True)]
    assert entities([["会社名", "見本部支援担当"], *rows]) == ["company", "surname"]


def test_what_a_foreman_ticks_is_no_name() -> None:
    rows = [[str(n), "38.2", tick] for n, tick in enumerate(("確認済", "未", "確認済", "済", "未"), 1)]
    assert entities([["No", "体温", "班長確認"], *rows])[2] is None


@pytest.mark.parametrize("header", ["name_ruby", "ruby"])
def test_ruby_is_a_reading(header: str) -> None:
    kana = ["サトウミサキ", "スズキダイスケ", "タカハシユイ", "タナカタクヤ", "ワタナベヒナ", "ヤマモトナオキ"]
    rows = [[f"{s} {g}", k] for (s, g), k in zip(NAMES, kana, strict=True)]
    assert entities([["name", header], *rows]) == ["person_name", "person_name_kana"]


def test_degrees_behind_names_in_latin_letters() -> None:
    degrees = (", PhD", ", MD, PhD", "", ", Ph.D.", ", M.D.", "")
    rows = [
        [f"{s} {g}", f"{b.title()} {a.title()}{d}"] for (s, g), (a, b), d in zip(NAMES, LATIN, degrees, strict=True)
    ]
    assert entities([["name", "name"], *rows]) == ["person_name", "person_name_romaji"]


def test_names_of_two_words_that_no_lexicon_has_are_believed_beside_a_birthday() -> None:
    words = ["Zorami Quexa", "Vaxan Noromi", "Plimo Tarquez", "Wuxi Mandoral", "Kreko Zindal"]
    rows = [[w, f"{n + 1} May", f"Unit {n}"] for n, w in enumerate(words)]
    assert entities([["name", "birthday", "unit"], *rows])[0] == "person_name_romaji"
    assert entities([["name", "released", "unit"], *rows])[0] is None


def test_nothing_but_prefectures_beside_names_is_where_people_live() -> None:
    towns = ["東京", "大阪", "秋田", "福岡", "滋賀", "香川"]
    rows = [[f"{s} {g}", t, str(20 + n)] for n, ((s, g), t) in enumerate(zip(NAMES, towns, strict=True))]
    assert entities([["氏名", "area", "年齢"], *rows])[1] == "address_part"


def test_the_code_before_a_firm_is_the_firms_where_only_its_contacts_follow() -> None:
    rows = [[f"CUS000{n}", f, f"{s} {g}"] for n, (f, (s, g)) in enumerate(zip(FIRMS, NAMES, strict=True))]
    assert entities([["customer_code", "company_name", "contact_name"], *rows])[:2] == [None, "company"]
    private = [[*row, f"19{60 + n}/4/1"] for n, row in enumerate(rows)]
    head = ["customer_code", "company_name", "contact_name", "birth_date"]
    assert entities([head, *private])[0] == "customer_id"


def test_holders_of_accounts_in_half_width_kana_are_people_among_firms() -> None:
    holders = ["ﾔﾏﾀﾞ ﾀﾛｳ", "ｶ)ﾐﾎﾝ", "ﾀﾅｶ ﾊﾅｺ", "ﾕ)ﾚｲｼﾞｼﾖｳﾃﾝ", "ｻﾄｳ ｹﾝｼﾞ", "ﾐﾎﾝｼﾖｳｼﾞ(ｶ", "ﾜﾀﾅﾍﾞ ﾕｳｺ"]
    rows = [[str(101 + n), h, str(10_000 * (n + 3))] for n, h in enumerate(holders)]
    found = table([["支払先コード", "口座名義", "振込金額"], *rows])
    assert found.columns[1].entity in ("person_name", "person_name_kana")
    assert found.persons == 4


def test_given_names_beside_codes_of_sex_and_ages_need_no_header() -> None:
    given = ["花子", "太郎", "健太", "浩輝", "大樹", "雅代", "美咲"]
    rows = [[str(n), g, str(1 + n % 2), str(19 + 3 * n)] for n, g in enumerate(given, 1)]
    assert entities(rows) == [None, "given_name", "sex", "age"]
    assert entities([[a, b, "3", d] for a, b, _, d in rows])[1:] == [None, None, None]


def test_made_up_surnames_before_given_names_and_readings_need_no_header() -> None:
    rows = [
        ["1", "佐藤", "美咲", "サトウ", "ミサキ"],
        ["2", "鈴木", "大輔", "スズキ", "ダイスケ"],
        ["3", "購入", "太郎", "コウニュウ", "タロウ"],
        ["4", "出品", "花子", "シュッピン", "ハナコ"],
        ["5", "運営", "二郎", "ウンエイ", "ジロウ"],
    ]
    assert entities(rows)[1:] == ["surname", "given_name", "surname_kana", "given_name_kana"]


def test_readings_of_stations_are_nobodys() -> None:
    stations = ["函館", "桔梗", "大沼", "七飯", "森", "仁山", "姫川", "赤井川"]
    kana = ["はこだて", "ききょう", "おおぬま", "ななえ", "もり", "にやま", "ひめかわ", "あかいがわ"]
    rows = [[str(n), s, k, f"040-00{n}1"] for n, (s, k) in enumerate(zip(stations, kana, strict=True))]
    found = table([["code", "name", "name_kana", "postal_code"], *rows])
    assert found.columns[2].entity is None
    assert found.persons == 0


def test_authors_from_everywhere_are_people() -> None:
    authors = ["見本 慎也ほか", "Michael M. Quexa", "例田 徹", "Daniel Noromi", "ダニエル・ノロミ（山田章子訳）"]
    rows = [[f"『見本の本{n}』", a, "見本書店"] for n, a in enumerate(authors)]
    assert table([["書名", "著者", "出版社"], *rows]).persons == len(authors)


def test_mail_addresses_under_the_word_for_a_number_are_mail_addresses() -> None:
    rows = [[f"user{n}@example.jp", f"{s} {g}"] for n, (s, g) in enumerate(NAMES)]
    assert entities([["MemberId", "MemberName"], *rows]) == ["email", "person_name"]


def test_numbers_that_refer_to_members_are_their_numbers() -> None:
    rows = [[f"1000000{n}", f"{s} {g}", f"1000000{n // 2}"] for n, (s, g) in enumerate(NAMES)]
    assert entities([["member_number", "name", "upline_id"], *rows])[2] == "customer_id"
    assert (
        entities([["member_number", "name", "plan_id"], *[[a, b, f"20{n}"] for n, (a, b, _) in enumerate(rows)]])[2]
        is None
    )


def test_surnames_and_readings_beside_names_are_theirs() -> None:
    kana = ["サトウ ミサキ", "スズキ ダイスケ", "タカハシ ユイ", "タナカ タクヤ", "ワタナベ ヒナ", "ヤマモト ナオキ"]
    rows = [[f"{s}{g}", s, k] for (s, g), k in zip(NAMES, kana, strict=True)]
    assert entities([["name", "display_name", "payee"], *rows]) == ["person_name", "surname", "person_name_kana"]


def test_codes_under_a_mark_that_counts_are_no_numbers_of_people() -> None:
    rows = [[f"J{n}", f"『見本{n}』", f"{s} {g}"] for n, (s, g) in enumerate(NAMES)]
    assert entities([["#", "書籍", "著者"], *rows])[0] is None


def test_company_on_a_journey_may_be_a_kind_of_people() -> None:
    kinds = ["家族", "友人", "夫婦・カップル", "一人", "家族"]
    rows = [[f"10{n}", k, "福井市"] for n, k in enumerate(kinds)]
    assert entities([["会員ID", "同行者", "市町村"], *rows])[1] is None


def test_english_first_names_are_names_beside_height_and_weight() -> None:
    rows = [["Betty", "160", "50"], ["Charlie", "170", "60"], ["Alice", "158", "49"], ["Zorbo", "180", "70"]]
    assert entities([["Name", "Height", "Weight"], *rows])[0] == "person_name_romaji"
    assert entities([["Name", "Price", "Stock"], *rows])[0] is None


def test_who_is_on_at_which_day_of_the_week() -> None:
    rows = [
        ["", "月", "火", "水", "木", "金", "土", "日"],
        ["早番", "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本"],
        ["遅番", "中村", "小林", "加藤", "吉田", "山田", "佐々木", "山口"],
    ]
    assert entities(rows) == [None, *["surname"] * 7]
    lessons = [["時限", *"月火水木金"], ["1", *"国数英理社"], ["2", "体育", "音楽", "国語", "数学", "英語"]]
    assert table(lessons).header_rows == (1,)
    assert not any(entities(lessons))


@pytest.mark.parametrize("header", ["名前（元の名前）", "氏名（旧姓）", "名前（以前の名前）"])
def test_what_somebody_was_called_before(header: str) -> None:
    rows = [[f"{s} {g}", f"{n + 10}:00"] for n, (s, g) in enumerate(NAMES)]
    assert entities([[header, "参加時刻"], *rows])[0] == "person_name"


def test_words_of_programs_under_a_likely_header_are_nobodys() -> None:
    words = ["WorksheetPart", "ThemePart", "DrawingsPart", "PivotTablePart", "/docProps/core.xml", "StylesPart"]
    assert entities([["parentname", "size"], *[[w, str(40 + n)] for n, w in enumerate(words)]])[0] is None
    glued = [b.title() + a.title() for a, b in LATIN]
    assert entities([["parentname", "size"], *[[w, str(40 + n)] for n, w in enumerate(glued)]])[0] is not None


@pytest.mark.parametrize(
    "header", ["illustrator", "挿絵", "副会長", "弁護士", "借主", "馬主", "recipient", "作業者名", "町内会長"]
)
def test_words_for_people_in_a_role_are_believed_over_names_and_not_over_things(header: str) -> None:
    rows = [[f"{s} {g}", str(n + 10)] for n, (s, g) in enumerate(NAMES)]
    assert entities([[header, "番号"], *rows])[0] == "person_name"
    things = ["第二倉庫", "軽トラック", "見本株式会社", "冷蔵庫", "給湯設備", "中央公民館"]
    assert entities([[header, "番号"], *[[w, str(n)] for n, w in enumerate(things)]])[0] not in NAME_FAMILY


def test_an_account_beside_its_holder_is_what_he_signs_in_with() -> None:
    rows = [[a.lower(), s, g] for (s, g), (a, _) in zip(NAMES, LATIN, strict=False)]
    assert entities([["account", "last_name", "first_name"], *rows])[0] == "login_id"
    booked = [["旅費交通費", "3200"], ["会議費", "1800"], ["消耗品費", "900"], ["通信費", "4100"]]
    assert entities([["account", "amount"], *booked])[0] is None


def test_a_later_day_beside_the_day_of_birth_is_no_birthday() -> None:
    rows = [
        [f"{s} {g}", f"{1950 + 7 * n}-0{n % 9 + 1}-1{n}", f"{1994 + 5 * n}-0{n % 9 + 1}-2{n}"]
        for n, (s, g) in enumerate(NAMES)
    ]
    assert entities(rows)[1:] == ["birth_date", None]


def test_ages_by_decades_with_words_for_those_who_have_none() -> None:
    ages = ["40", "30", "未就学児", "70", "50", "10歳未満", "60", "不明"]
    rows = [[str(n + 1), age, "男性" if n % 2 else "女性", "見本市"] for n, age in enumerate(ages)]
    assert entities([["番号", "年代", "性別", "居住地"], *rows])[1] == "age"
    years = [["1", "2010", "女性", "見本市"], ["2", "2020", "男性", "見本市"], ["3", "1990", "男性", "見本市"]]
    assert entities([["番号", "年代", "性別", "居住地"], *years])[1] is None


def test_the_holder_of_an_account_is_a_person_in_kana() -> None:
    rows = [
        [f"{s} {g}", f"10{n}4567", kana]
        for n, ((s, g), kana) in enumerate(
            zip(NAMES, ("サトウ ミキ", "スズキ ケンイチ", "タカハシ ユミコ", "ワタナベ ナオミ"), strict=False)
        )
    ]
    assert entities([["name", "bankAccountNumber", "bankAccountHolder"], *rows])[2] == "person_name_kana"


def test_a_name_beside_a_number_of_employees_is_theirs() -> None:
    rows = [
        ["S001", "宮首（店長）"],
        ["S002", "山田（料理長）"],
        ["S003", "佐藤（社員）"],
        ["A001", "アルバイトA"],
        ["A002", "アルバイトB"],
    ]
    assert entities([["staff_id", "name"], *rows])[1] in NAME_FAMILY
    courses = [["5", "宅建士入門"], ["2", "ベーシック"], ["2", "スタンダード"], ["3", "司法試験コース"]]
    assert entities([["studentId", "courseName"], *courses])[1] is None


def test_surnames_under_first_name_are_surnames() -> None:
    rows = [[s, g, f"user{n}@example.jp"] for n, (s, g) in enumerate(NAMES)]
    assert entities([["first_name", "last_name", "email"], *rows]) == ["surname", "given_name", "email"]
    assert entities([["last_name", "first_name", "email"], *rows]) == ["surname", "given_name", "email"]
    foreign = [[a.title(), b.title(), f"user{n}@example.jp"] for n, (a, b) in enumerate(LATIN)]
    assert entities([["first_name", "last_name", "email"], *foreign])[0] != "surname"


def test_names_with_their_readings_under_a_header_of_both() -> None:
    kana = ["さとう", "すずき", "たかはし", "たなか", "わたなべ", "やまもと"]
    rows = [[s, k, f"{s}（{k}）"] for (s, _), k in zip(NAMES, kana, strict=True)]
    assert entities([["氏名", "ふりがな", "氏名ふりがな"], *rows])[2] == "surname"
    whole = [[k, f"{s} {g}（{k}）"] for (s, g), k in zip(NAMES, kana, strict=True)]
    assert entities([["ふりがな", "氏名ふりがな"], *whole])[1] == "person_name"


def test_words_for_kinds_of_names_are_no_names() -> None:
    rows = [[("姓", "名")[n % 2], f"{n:05}"] for n in range(12)]
    found = table([["姓", "コード"], *rows])
    assert (found.columns[0].entity, found.persons) == (None, 0)


def test_the_header_of_linkdata_is_the_line_of_properties() -> None:
    head = [["#LINK", "", ""], ["#file_name", "mihon", ""], ["#property", "住所", "http://www.example.jp/geo#lat"]]
    types = [["#object_type_xsd", "string:ja", "float"]]
    rows = [[f"見本第{n}中学校", f"見本市見本町{n}-1", f"35.9078{n}"] for n in range(1, 7)]
    found = table([*head, *types, *rows])
    assert (found.header_rows, found.rows) == ((3,), len(rows))


@pytest.mark.parametrize(("headers", "people"), [((), 6), (("latitude", "longitude"), 0)])
def test_mobile_telephones_at_places_on_a_map_are_those_of_shops(headers: tuple[str, ...], people: int) -> None:
    towns = ["鹿児島市吉野町", "姶良市平松", "霧島市国分中央", "日置市伊集院町", "指宿市十町", "出水市昭和町"]
    rows = [
        [f"ショップ{n}", f"鹿児島県{town}{n}-1", f"070-0000-{n:04}", *(["31.6236", "130.5710"] if headers else [])]
        for n, town in enumerate(towns, 1)
    ]
    assert table([["name", "address", "phone", *headers], *rows]).persons == people


def test_others_behind_a_name_are_not_part_of_it() -> None:
    rows = [[f"見本法案{n}", f"{s}　{g}君外{'二三四五六七'[n]}名"] for n, (s, g) in enumerate(NAMES)]
    found = table([["議案件名", "議案提出者"], *rows])
    assert (found.columns[1].entity, found.persons) == ("person_name", len(rows))


def test_a_sheet_with_nothing_but_a_header_is_one() -> None:
    (found,) = scan_rows([["地域", "会社名", "役職", "氏名", "式典", "懇親会", "備考", "名刺交換", "得意先"]]).tables
    assert (found.header_rows, found.rows, found.columns[3].entity) == ((1,), 0, "person_name")


def test_numbers_that_refer_to_somebody_elsewhere_are_weak() -> None:
    rows = [[f"店{n}", f"見本市見本町{n}-1", str(n)] for n in range(1, 7)]
    assert entities([["name", "address", "shop_player_id"], *rows])[2] is None
