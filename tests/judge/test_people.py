"""Who is counted: the same person once, two people of a row twice, firms and remarks not at all."""

from __future__ import annotations

import time

from judging import Paper, cell, csv_of, entities, lines, people, scan_rows, words, xlsx_of

from piiscan.api import scan
from piiscan.model import FileReport, Records, ScanOptions

WHO = people(21, 30)
KEYS = ("name", "birth_slash", "phone")


def named(*names: str, header: str = "氏名", beside: str = "電話番号") -> FileReport:
    """The report on a list of names with a phone each."""
    rows = [[n, f"03-0{i:03}-0000"] for i, n in enumerate(names)]
    return scan_rows([[header, beside], *rows])


def test_the_same_people_on_several_sheets() -> None:
    sheets = {}
    for title, who in (("4月", WHO[:20]), ("5月", WHO[10:])):
        sheets[title] = Paper()
        sheets[title].put(1, 1, [words(*KEYS), *lines(who, *KEYS)])
    report = scan(xlsx_of(sheets), name="a.xlsx")[0]
    assert [t.persons for t in report.tables] == [20, 20]
    assert report.persons == 30


def test_the_same_people_in_several_files() -> None:
    options = ScanOptions(isolate=False, person_secret=b"k" * 32)
    keys: set[int] = set()
    for who in (WHO[:20], WHO[10:]):
        report = scan(csv_of([words(*KEYS), *lines(who, *KEYS)]), name="a.csv", options=options)[0]
        keys |= {int(k) for k in report.person_keys}  # type: ignore[attr-defined]
    assert len(keys) == 30


def test_other_spellings_of_a_name_are_the_same_person() -> None:
    spelt = [
        "髙橋 一郎",
        "高橋一郎",
        "高橋　一郎",
        "高橋  一郎",
        "渡邊 清",
        "渡辺　清",
        "山﨑 進",
        "山崎進",
        "ﾔﾏﾀﾞ ﾊﾅｺ",
        "ヤマダ ハナコ",
        "やまだ はなこ",
    ]
    rows = [[n, "女" if "ナ" in n or "な" in n else "男"] for n in spelt]
    assert scan_rows([["氏名", "性別"], *rows]).persons == 4


def test_guardian_and_child_in_a_row_are_two() -> None:
    head = ["児童氏名", "生年月日", "保護者氏名", "電話番号"]
    rows = [
        [cell(p, "name"), cell(p, "birth_slash"), cell(q, "name"), cell(q, "phone")]
        for p, q in zip(WHO[:15], WHO[15:], strict=True)
    ]
    report = scan_rows([head, *rows])
    assert (report.records, report.persons) == (Records.PERSONS, 30)


def test_brothers_and_sisters_share_their_guardian() -> None:
    head = ["児童氏名", "生年月日", "保護者氏名", "電話番号"]
    rows = [[cell(p, "name"), cell(p, "birth_slash"), cell(q, "name"), cell(q, "phone")]
            for p, q in zip(WHO[:20], [w for w in WHO[20:] for _ in "12"], strict=True)]  # fmt: skip
    assert scan_rows([head, *rows]).persons == 30


def test_a_household_in_a_row() -> None:
    head = ["世帯主氏名", "住所", "配偶者氏名", "子氏名1", "子氏名2"]
    rows = []
    for n in range(7):
        a, b, c, d = WHO[4 * n : 4 * n + 4]
        rows.append(
            [cell(a, "name"), cell(a, "address"), cell(b, "name"), cell(c, "name"), cell(d, "name") if n % 2 else ""]
        )
    assert scan_rows([head, *rows]).persons == 7 * 3 + 3


def test_a_household_down_the_rows() -> None:
    """One address for several people, written once."""
    rows = [
        [p.town.city if n % 3 == 0 else "", cell(p, "name"), ("世帯主", "妻", "子")[n % 3], cell(p, "birth_slash")]
        for n, p in enumerate(WHO)
    ]
    assert scan_rows([["住所", "氏名", "続柄", "生年月日"], *rows]).persons == 30


def test_a_firm_with_its_head_is_a_record_about_him() -> None:
    rows = [[f"株式会社{p.surname}商事", cell(p, "name"), f"03-0{n:03}-0000"] for n, p in enumerate(WHO)]
    report = scan_rows([["会社名", "代表者氏名", "電話番号"], *rows])
    assert (report.records, report.persons) == (Records.MIXED, 30)


def test_firms_among_the_applicants_are_nobody() -> None:
    names = [cell(p, "name") if n % 3 else f"株式会社{p.surname}工業" for n, p in enumerate(WHO)]
    report = named(*names, header="申請者氏名")
    assert (report.records, report.persons) == (Records.MIXED, 20)


def test_ditto_marks_are_nobody() -> None:
    names = [("同上", "〃", "″", "々", "”")[n % 5] if n % 4 == 3 else cell(p, "name") for n, p in enumerate(WHO[:24])]
    report = named(*names)
    assert (report.records, report.persons) == (Records.PERSONS, 18)


def test_notes_behind_names() -> None:
    names = [cell(p, "name_joined") + ("（退職）", "(旧姓)", "", " 様", "さん", "※")[n % 6] for n, p in enumerate(WHO)]
    report = named(*names)
    assert entities(report.tables[0])["氏名"] == "person_name"
    assert report.persons == 30


def test_two_names_in_a_cell() -> None:
    names = [f"{cell(WHO[n], 'name')}、{cell(WHO[n + 1], 'name')}" for n in range(0, 30, 2)]
    report = scan_rows([["班", "担当者氏名"], *([str(n + 1), t] for n, t in enumerate(names))])
    assert entities(report.tables[0])["担当者氏名"] == "person_name"
    assert report.persons >= 15


def test_a_customer_who_orders_again_is_one() -> None:
    rows = [[f"A{n:04}", "2026/11/1", cell(WHO[n % 10], "name"), cell(WHO[n % 10], "phone"), "緑茶"] for n in range(40)]
    assert scan_rows([["注文番号", "注文日", "お客様名", "電話番号", "商品名"], *rows]).persons == 10


def test_two_of_one_name_with_different_birthdays_are_two() -> None:
    rows = [["佐藤 清", f"1960/{m}/1"] for m in (1, 2, 3)] + [["佐藤 清", "1960/1/1"]]
    assert scan_rows([["氏名", "生年月日"], *rows]).persons == 3


def test_surnames_alone_count_rows() -> None:
    rows = [[str(n + 1), p.surname, cell(p, "mobile")] for n, p in enumerate(WHO)]
    report = scan_rows([["No", "姓", "携帯電話"], *rows])
    assert report.persons == 30


def test_nobody_in_a_list_of_mail_boxes_of_firms() -> None:
    rows = [[f"株式会社{p.surname}", f"info{n}@example.jp"] for n, p in enumerate(WHO)]
    report = scan(csv_of([["会社名", "代表メール"], *rows]), name="a.csv")[0]
    assert report.persons == 0


def test_staff_who_keep_many_rows_are_counted_once() -> None:
    owners = ["見本 一郎", "例田 花子", "山田 太郎"]
    rows = [["2026/04/01", owners[i % 3], cell(p, "name"), cell(p, "phone")] for i, p in enumerate(WHO)]
    assert scan_rows([["交換日", "所有者名", "氏名", "電話番号"], *rows]).persons == len(WHO) + 3
    rows = [[cell(p, "name"), cell(p, "phone"), owners[i % 3]] for i, p in enumerate(WHO)]
    assert scan_rows([["氏名", "電話番号", "登録者"], *rows]).persons == len(WHO) + 3


def test_who_typed_the_record_of_somebody_else_is_not_counted() -> None:
    typists = ["見本 一郎", "例田 花子", "山田 太郎"]
    rows = [[cell(p, "name"), cell(p, "phone"), typists[i % 3]] for i, p in enumerate(WHO)]
    assert scan_rows([["氏名", "電話番号", "入力者"], *rows]).persons == len(WHO)
    rows = [[f"文書{i}", typists[i % 3]] for i in range(9)]
    assert scan_rows([["文書", "入力者"], *rows]).persons == 3


def test_the_parts_of_a_name_around_the_whole_are_one_person() -> None:
    for order in ((1, 2, 0), (0, 2, 1), (2, 1, 0)):
        rows = []
        for person in WHO:
            surname, given = person.surname, person.given
            parts = (surname, given, f"{surname} {given}")
            rows.append([*(parts[i] for i in order), cell(person, "email")])
        head = [("姓", "名", "氏名")[i] for i in order]
        assert scan_rows([[*head, "メール"], *rows]).persons == len(WHO), head


def test_what_somebody_is_also_called_is_no_second_person() -> None:
    rows = [[cell(p, "name"), q.surname + q.given, cell(p, "email")] for p, q in zip(WHO, WHO[::-1], strict=True)]
    assert scan_rows([["氏名", "表示名", "メール"], *rows]).persons == len(WHO)


def test_who_stands_twice_in_a_row_is_one() -> None:
    rows = []
    for number, (person, other) in enumerate(zip(WHO, people(77, 30), strict=True)):
        insured = person if number % 3 == 0 else other
        rows.append([cell(person, "name"), cell(insured, "name"), cell(insured, "birth_slash"), cell(person, "phone")])
    report = scan_rows([["契約者名", "被保険者名", "被保険者生年月日", "契約者電話"], *rows])
    assert report.persons == 30 + 20


def test_titles_in_front_of_names_and_firms_behind_them() -> None:
    report = named(
        "代表取締役 山田 太郎", "理事長　例田　花子", "1年 佐藤 一郎", "3年2組 鈴木 二郎", "高橋 三郎（株式会社見本）"
    )
    assert report.persons == 5


def test_footers_fillers_and_masks_are_nobody() -> None:
    real = ["山田 太郎", "例田 花子", "佐藤 一郎"]
    assert named(*real, "学年平均", "得票総数", "作者不詳", "空席", "必要人数", "高●●").persons == 3
    report = named("高●●", "木●●", "香●●", "中●●")
    assert report.persons == 0
    assert report.tables[0].records is Records.NONE


def test_surnames_under_a_word_that_may_mean_people() -> None:
    for header in ("担当", "名前", "担当医", "tester"):
        rows = [["2026/5/1", "検査", name] for name in ("佐藤", "鈴木", "高橋", "田中")]
        report = scan_rows([["日付", "内容", header], *rows])
        assert report.tables[0].columns[2].entity == "surname", header
        assert report.tables[0].records is Records.PERSONS, header


def test_several_names_in_a_cell_are_several_people() -> None:
    report = named("佐藤 一郎、鈴木 二郎", "高橋 三郎", "田中 四郎・伊藤 五郎・渡辺 六郎")
    assert report.persons == 6
    rows = [["1", "佐藤・鈴木・高橋"], ["2", "田中・伊藤・渡辺"], ["3", "山本・中村・小林"]]
    table = scan_rows([["順位", "走者"], *rows]).tables[0]
    assert (table.records, table.persons) == (Records.PERSONS, 9)


def test_a_duty_roster_with_numbered_days() -> None:
    days = [str(d) for d in range(1, 15)]
    week = [*"火水木金土日月火水木金土日月"]
    shifts = ["日", "夜", "明", "休", "早", "遅", "日"] * 2
    rows = [[cell(p, "name"), *shifts[i % 5 :], *shifts[: i % 5]] for i, p in enumerate(WHO[:12])]
    report = scan_rows([["12月勤務表"], ["氏名", *days], ["", *week], *rows])
    assert report.tables[-1].columns[0].entity == "person_name"
    assert report.persons == 12


def test_heads_of_households_have_rows_of_their_own() -> None:
    rows = [[cell(p, "name"), cell(WHO[i // 3 * 3], "name"), cell(p, "birth_slash")] for i, p in enumerate(WHO)]
    assert scan_rows([["氏名", "世帯主氏名", "生年月日"], *rows]).persons == len(WHO)


def test_places_and_translations_hold_nobody() -> None:
    rows = [["北海道", "ホッカイドウ"], ["青森県", "アオモリケン"], ["千葉県", "チバケン"], ["山口県", "ヤマグチケン"]]
    assert scan_rows([["name", "name_kana"], *rows]).tables[0].records is not Records.PERSONS
    words_ = [
        ["name", "氏名", "姓名"],
        ["kana", "フリガナ", "拼音"],
        ["sex", "性別", "性别"],
        ["mail", "メール", "邮件"],
    ]
    assert scan_rows([["key", "ja", "zh"], *words_]).persons == 0


def test_the_party_of_a_candidate_is_public() -> None:
    """A party beside votes is what somebody stands for; beside a customer it is what he believes."""
    people = [
        ["見本　太郎", "自由民主党"],
        ["見本　花子", "無所属"],
        ["例示　一郎", "公明党"],
        ["例示　優子", "日本共産党"],
    ]
    candidates = scan_rows([["氏名", "party", "得票数"], *([*p, str(9000 - n)] for n, p in enumerate(people))])
    customers = scan_rows([["氏名", "party", "来店回数"], *([*p, str(n)] for n, p in enumerate(people))])
    assert [t.columns[1].entity for r in (candidates, customers) for t in r.tables] == [None, "sensitive_belief"]


def test_an_office_for_the_given_name_does_not_hide_the_surname() -> None:
    rows = [
        ["佐藤", "太郎"],
        ["鈴木", "花子"],
        ["高橋", "店長"],
        ["田中", "主任"],
        ["最強", "管理者"],
        ["伊藤", "健一"],
    ]
    assert scan_rows([["姓", "名"], *rows]).persons == 5


def test_users_whom_a_developer_has_numbered_are_nobody() -> None:
    made = [[f"user{n}", f"user{n}@example.jp", "secret"] for n in range(1, 6)]
    assert scan_rows([["name", "email", "memo"], *made]).persons == 0
    real = [
        [f"user{n}", f"{a}.{b}@example.jp", "secret"]
        for n, (a, b) in enumerate([("t", "sato"), ("h", "ito"), ("k", "ono")])
    ]
    assert scan_rows([["name", "email", "memo"], *real]).persons == 3
    letters = [["1", "選手A", "見本クラブ"], ["2", "選手B", "試験クラブ"]]
    assert scan_rows([["ゼッケン", "選手名", "チーム"], *letters]).persons == 0


def test_somebody_with_a_long_name_from_abroad_is_counted() -> None:
    rows = [
        [name, f"見本市中央区{n}-1"]
        for n, name in enumerate(
            ("佐藤 太郎", "鈴木 花子", "ＭＩＨＯＮＭＯＴＯ　ＳＨＩＲＬＥＹ　ＪＡＮＥ　ＭＡＲＴＩＮＥＺＳ", "高橋 健一")
        )
    ]
    assert scan_rows([["申請者氏名", "住所"], *rows]).persons == 4


def test_firms_among_people_do_not_slow_the_count() -> None:
    """Rows are looked at once each: a list of firms and people costs little more than one of people."""

    named = [cell(p, "name") for p in WHO]

    def busy(every_second: str) -> float:
        rows = (f"{n},{every_second if n % 2 else named[n % len(WHO)]},見本市{n}-1\n" for n in range(24_000))
        text = "番号,申請者氏名,住所\n" + "".join(row.replace("#", str(n)) for n, row in enumerate(rows))
        assert len(text.encode()) < 1_500_000  # above, another process shares the work and the clock here misses it
        start = time.process_time()
        scan(text.encode(), name="a.csv")
        return time.process_time() - start

    mixed, people = (min(busy(each) for _ in range(2)) for each in ("株式会社見本#", "佐藤 太郎"))
    assert mixed < 3 * people


def test_mailboxes_of_duties_are_nobody() -> None:
    """Accounts that a program is set up with, beside those of people as well."""
    roles = [
        "webmaster@example.jp",
        "operator@example.com",
        "x.dummy_boy@example.jp",
        "testA@example.jp",
        "admin@example.jp",
    ]
    rows = [[str(n + 1), mail, "password"] for n, mail in enumerate(roles)]
    assert scan_rows([["role_id", "email", "password"], *rows]).persons == 0
    assert scan_rows([["role_id", "email", "password"], *rows, ["6", "m.kurosawa@example.jp", "password"]]).persons == 1


def test_mailboxes_of_duties_among_those_of_people_are_not_counted() -> None:
    mails = ["tetsu@example.jp", "shiba@example.jp", "toshi@example.jp", "yume@example.jp", "kanta@example.jp"]
    rows = [[f"ニック{n}", mail] for n, mail in enumerate([*mails, "admin@example.jp", "info@example.jp"])]
    found = scan_rows([["nickname", "email"], *rows])
    assert found.tables[0].persons == len(mails)
