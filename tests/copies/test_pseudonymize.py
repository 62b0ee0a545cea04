"""Stand-ins: the same person the same one everywhere, nobody left, columns still what they were, no key no way back."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import generator
import pytest

from piiscan import pipeline, registry
from piiscan.actions import _stand_names, _stand_places, _stand_towns
from piiscan.copies import keyed, pseudonymizing
from piiscan.copies.keyed import StandIns, settle
from piiscan.errors import UsageError
from piiscan.judge.confirm import NOT_A_PERSON
from piiscan.judge.values import person_like
from piiscan.lexicon import names, places
from piiscan.model import CopyOptions, CopyResult, CopyStatus, Keyed, ScanOptions

Call = Callable[..., subprocess.CompletedProcess[bytes]]
OPTIONS = ScanOptions(isolate=False)
KEY, OTHER = b"k" * 32, b"o" * 32
ACTIONS = registry.actions()
WIDE = (
    "customer_id",
    "name",
    "kana",
    "romaji",
    "sex",
    "birth_slash",
    "postal_code",
    "address",
    "phone",
    "mobile",
    "email",
)


def pseudonymize(paths: list[Path], out: Path, key: bytes = KEY, **copy: Any) -> list[CopyResult]:
    how = CopyOptions(profile="pseudonymize", **copy)
    return list(pseudonymizing.pseudonymize([str(p) for p in paths], str(out), OPTIONS, how, key))


def stand_in(entity: str, text: str, row: dict[str, str] | None = None, key: bytes = KEY, exact: bool = False) -> str:
    action = ACTIONS["shift" if entity == "birth_date" else "surrogate"]
    assert action.keyed
    return action.keyed(entity, text, {}, StandIns(key, exact=exact).for_row(row or {}))


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


@pytest.fixture(scope="module")
def table() -> generator.Table:
    return generator.person_table(Random(7), 60, WIDE)


@pytest.fixture(scope="module")
def made(table: generator.Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with originals in ``in``, copies in ``out``: the table as csv and xlsx, another that joins, a text."""
    top = tmp_path_factory.mktemp("made")
    (top / "in").mkdir()
    (top / "in" / "a.csv").write_bytes(generator.csv_bytes(table))
    (top / "in" / "b.xlsx").write_bytes(generator.xlsx_bytes(table))
    picked = [(r[0], r[1], r[8], str(n)) for n, r in enumerate(table.rows) if n % 3 == 0]
    orders = generator.Table(
        ("会員番号", "氏名", "電話番号", "点数"), tuple(picked), ("customer_id", "person_name", "phone", None)
    )
    (top / "in" / "c.csv").write_bytes(generator.csv_bytes(orders, "cp932"))
    first = table.rows[0]
    text = f"担当は{first[1]}様です。\n電話 {first[8]}、メール {first[10]} まで。\n"
    (top / "in" / "d.txt").write_text(text, encoding="utf-8")
    results = pseudonymize([top / "in"], top / "out")
    assert [(r.status, r.reason) for r in results] == [(CopyStatus.WRITTEN, None)] * 4
    return top


# ---------------------------------------------------------------- copies


def test_none_of_the_originals_is_left(made: Path, table: generator.Table) -> None:
    copy = (made / "out" / "a.csv").read_text(encoding="utf-8")
    for number in (0, 1, 2, 3, 5, 7, 8, 9, 10):
        column = {r[number] for r in table.rows}
        after = [r[number] for r in csv.reader(io.StringIO(copy, newline=""))][1:]
        assert all(old != new for old, new in zip((r[number] for r in table.rows), after, strict=True)), number
        if number in (1, 3, 7, 10):
            assert not column & set(after)


def test_joins_give_the_same_rows(made: Path) -> None:
    def joined(folder: str, column: str) -> list[tuple[int, int]]:
        left = rows((made / folder / "a.csv").read_bytes())
        right = rows((made / folder / "c.csv").read_bytes().decode("cp932").encode())
        return [(i, j) for i, a in enumerate(left) for j, b in enumerate(right) if a[column] == b[column]]

    for column in ("会員番号", "氏名", "電話番号"):
        assert joined("in", column) == joined("out", column) != []


def test_formats_agree(made: Path) -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(made / "out" / "b.xlsx").active
    cells = [["" if c is None else str(c) for c in row] for row in sheet.iter_rows(values_only=True)]
    assert cells == list(csv.reader(io.StringIO((made / "out" / "a.csv").read_text("utf-8"), newline="")))
    first = rows((made / "out" / "a.csv").read_bytes())[0]
    text = (made / "out" / "d.txt").read_text(encoding="utf-8")
    assert f"担当は{first['氏名']}様です。" in text
    assert first["電話番号"] in text
    assert first["メールアドレス"] in text


@pytest.mark.parametrize("name", ["a.csv", "b.xlsx", "c.csv"])
def test_columns_are_still_what_they_were(made: Path, name: str) -> None:
    found = []
    for folder in ("in", "out"):
        (report,) = pipeline.scan([str(made / folder / name)], OPTIONS)
        found.append([(c.name, c.entity) for t in report.tables for c in t.columns])
    assert found[0] == found[1]


def test_the_same_key_gives_the_same_bytes_and_another_shares_nothing(made: Path, tmp_path: Path) -> None:
    source = made / "in" / "a.csv"
    pseudonymize([source], tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == (made / "out" / "a.csv").read_bytes()
    pseudonymize([source], tmp_path / "other.csv", OTHER)
    ours, theirs = (rows(p.read_bytes()) for p in (tmp_path / "again.csv", tmp_path / "other.csv"))
    for column in ("会員番号", "氏名", "フリガナ", "ローマ字氏名", "住所", "電話番号", "携帯電話", "メールアドレス"):
        assert not {r[column] for r in ours} & {r[column] for r in theirs}, column


def test_a_row_is_one_person(made: Path, table: generator.Table) -> None:
    for old, new in zip(
        rows((made / "in" / "a.csv").read_bytes()), rows((made / "out" / "a.csv").read_bytes()), strict=True
    ):
        family, given = new["氏名"].split()
        family_kana, given_kana = new["フリガナ"].split()
        assert family_kana in names.readings(surname=family)
        assert given_kana in names.readings(given=given)
        assert new["ローマ字氏名"].lower().split() == [names.romaji(given_kana), names.romaji(family_kana)]
        sex = names.sex_of_given(old["氏名"].split()[1])
        assert sex not in ("m", "f") or names.sex_of_given(given) == sex
        code = new["郵便番号"].replace("-", "")
        town = next(t for t in places.postal_places(code) if t.name in new["住所"])
        assert new["住所"].startswith(town.prefecture + town.city + town.name)
        assert old["住所"].startswith(town.prefecture)
        assert int(re.search(r"\d+", new["住所"]).group()) >= 50_000  # type: ignore[union-attr]
        assert re.fullmatch(r"0[789]0-0\d{3}-\d{4}", new["携帯電話"])
        assert re.fullmatch(r"0\d{1,4}-0\d{0,3}-\d{4}", new["電話番号"])
        assert new["メールアドレス"].endswith("@example.jp")
        assert new["性別"] == old["性別"]


def test_spellings_of_one_name_meet(tmp_path: Path) -> None:
    spelt = ["髙橋 花子", "高橋花子", "高橋　花子", "高橋 花子様"]
    text = "氏名,電話番号\n" + "".join(
        f"{n},090-0123-{i:04}\n" for i, n in enumerate([*spelt, "山田 太郎", "鈴木 次郎"])
    )
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    pseudonymize([tmp_path / "a.csv"], tmp_path / "o.csv")
    found = [
        r["氏名"].replace(" ", "").replace("\u3000", "").removesuffix("様")
        for r in rows((tmp_path / "o.csv").read_bytes())
    ]
    assert len(set(found[:4])) == 1
    assert len(set(found)) == 3


def test_nobody_shares_a_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With forty names and forty telephone numbers to choose from, thirty people still get thirty of each."""
    from piiscan.actions import _stand_names, _stand_numbers

    few = _stand_names._families()[:40]
    one = {sex: _stand_names._givens()["m"][:1] for sex in "mfu"}
    monkeypatch.setattr(_stand_names, "_families", lambda: few)
    monkeypatch.setattr(_stand_names, "_givens", lambda: one)
    monkeypatch.setattr(_stand_numbers, "_nobodys", lambda number, draw: f"0900{draw(60):07}")
    monkeypatch.setattr(keyed, "CHOICES", 200)
    people = generator.person_table(Random(5), 30, ("name", "mobile"))
    halves = (people.rows[:18], people.rows[12:])
    for name, part in zip("ab", halves, strict=True):
        table = generator.Table(people.header, part, people.truth)
        (tmp_path / f"{name}.csv").write_bytes(generator.csv_bytes(table))
    pseudonymize([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "out")
    found = [[(r["氏名"], r["携帯電話"]) for r in rows((tmp_path / "out" / f"{n}.csv").read_bytes())] for n in "ab"]
    assert found[0][12:] == found[1][:6]
    everybody = {*found[0], *found[1]}
    assert [len({p[n] for p in everybody}) for n in (0, 1)] == [30, 30]


def test_two_people_in_one_row_are_two(tmp_path: Path) -> None:
    people = generator.person_table(Random(9), 24, ("name", "kana")).rows
    header = ("生徒氏名", "生徒フリガナ", "保護者氏名", "保護者フリガナ")
    pairs = tuple((*a, *b) for a, b in zip(people[::2], people[1::2], strict=True))
    source = generator.Table(header, pairs, ("person_name", "person_name_kana") * 2)
    (tmp_path / "a.csv").write_bytes(generator.csv_bytes(source))
    pseudonymize([tmp_path / "a.csv"], tmp_path / "o.csv")
    for row in list(csv.reader(io.StringIO((tmp_path / "o.csv").read_text("utf-8"), newline="")))[1:]:
        for name, kana in (row[:2], row[2:]):
            assert kana.split()[0] in names.readings(surname=name.split()[0])
        assert row[0] != row[2]


# ---------------------------------------------------------------- single values


@pytest.mark.parametrize(
    "entity, text, expected",
    [
        ("phone", "０９０－１２３４－５６７８", r"０[７８９]０－０[０-９]{3}－[０-９]{4}"),
        ("phone", "9012345678", r"[789]00\d{7}"),
        ("phone", "+81-90-1234-5678", r"\+81-[789]0-0\d{3}-\d{4}"),
        ("phone", "0742-22-1234", r"0742-0\d-\d{4}"),
        ("phone", "03-1234-5678（母 花子）", r"03-0\d{3}-\d{4}"),
        ("phone", "03-1234-5678 / 090-1234-5678", r"03-0\d{3}-\d{4} / 0[789]0-0\d{3}-\d{4}"),
        ("person_name_kana", "ﾔﾏﾀﾞ ﾀﾛｳ", r"[ｦ-ﾟ]+ [ｦ-ﾟ]+"),
        ("person_name_kana", "やまだ　たろう", r"[ぁ-ゖー]+　[ぁ-ゖー]+"),
        ("person_name", "山田太郎（旧姓鈴木）", r"[一-龠々ぁ-ん]+"),
        ("person_name", "YAMADA Taro", r"[A-Z]+ [A-Z][a-z]+"),
        ("email", "山田太郎 <taro@sample.co.jp>", r"[a-z]{6}\d{5}@example\.jp"),
        ("postal_code", "〒１００－０００５", r"〒[０-９]{3}－[０-９]{4}"),
        ("customer_id", "会員あ", r"P-[0-9A-Z]{6}"),
        ("customer_id", "AB-001234", r"AB-\d{6}"),
        ("birth_date", "昭和64年1月7日", r"昭和6[1-4]年\d{1,2}月\d{1,2}日"),
        ("birth_date", "1975-01-31", r"197[2-5]-\d\d-\d\d"),
        ("birth_date", "H2.3.4", r"[HS]\d{1,2}\.\d{1,2}\.\d{1,2}"),
        ("birth_date", "１９７５年１月", r"１９７[２-５]年[０-９]{1,2}月"),
        ("ip_address", "192.0.2.4", r"10(\.\d{1,3}){3}"),
        ("address", "東京都千代田区丸の内1-1-1 丸の内ビル101", r"東京都\S+?[5-9]\d{4}-\d+-\d+ \S+?\d{3}"),
    ],
)
def test_stand_ins_keep_the_form(entity: str, text: str, expected: str) -> None:
    new = stand_in(entity, text)
    assert re.fullmatch(expected, new), new
    assert new != text
    assert stand_in(entity, text) == new
    assert stand_in(entity, text, key=OTHER) != new


@pytest.mark.parametrize("entity", ["my_number", "credit_card"])
def test_check_digits_are_broken(entity: str) -> None:
    detector, random = registry.detectors()[entity], Random(3)
    assert detector.sample
    seen = set()
    for _ in range(300):
        text = detector.sample(random)
        new = stand_in(entity, text)
        assert len(new) == len(text)
        assert not (detector.check and detector.check(new))
        seen.add((text, new))
    assert len({new for _, new in seen}) == len(seen)


def test_every_date_of_a_person_moves_alike() -> None:
    from datetime import date

    row = {"person_name": "山田 太郎"}
    moved = [date.fromisoformat(stand_in("birth_date", d, row)) for d in ("1975-01-31", "2001-12-01")]
    assert moved[1] - moved[0] == date(2001, 12, 1) - date(1975, 1, 31)
    assert 1 <= (date(1975, 1, 31) - moved[0]).days <= 730


def test_the_name_of_a_row_is_the_same_in_parts() -> None:
    whole = stand_in("person_name", "山田 太郎", {"person_name": "山田 太郎"})
    row = {"surname": "山田", "given_name": "太郎", "surname_kana": "ヤマダ", "given_name_kana": "タロウ"}
    assert f"{stand_in('surname', '山田', row)} {stand_in('given_name', '太郎', row)}" == whole
    kana = stand_in("surname_kana", "ヤマダ", row)
    assert kana in names.readings(surname=whole.split()[0])


@pytest.mark.parametrize("entity", sorted(registry.detectors()))
def test_surrogates_are_total_and_never_the_value(entity: str) -> None:
    detector, random = registry.detectors()[entity], Random(11)
    texts = list(detector.yes) + ([detector.sample(random) for _ in range(10)] if detector.sample else [])
    for text in texts:
        for action in ("surrogate", "token", "shift"):
            known = ACTIONS[action].keyed
            assert known
            new = known(entity, text, {}, StandIns(KEY).for_row({}))
            assert new.strip() or not text.strip()


@pytest.mark.parametrize(
    "text", ["{{氏名}}", "${name}", "%NAME%", "-", "－", "■■ ■■", "***-****", "…", "★", "NULL", "（なし）"]
)
def test_what_stands_for_no_value_stays(text: str) -> None:
    """Fields of templates and signs are nobody's; a person in their place would make a list of people of a form."""
    kept = {stand_in(e, text) for e in ("person_name", "phone", "address", "birth_date", "customer_id")}
    assert (kept == {text}) == (text != "★")  # a star may mean something


@pytest.mark.parametrize(
    "text, expected",
    [
        ("一般ユーザ１", r"利用者\d{6}"),
        ("管理者", r"利用者\d{6}"),
        ("テストマネージャー", r"利用者\d{6}"),
        ("guest2", r"user\d{6}"),
        ("株式会社見本商店", r"株式会社\S+"),
        ("見本商店(有)", r"\S+\(有\)"),
        ("'山田 太郎'", r"'\S+ \S+'"),
        ("「山田太郎」", r"「\S+」"),
        ("ジョン・スミス", r"[ァ-ヺー]+・[ァ-ヺー]+"),
        ("René Müller", r"[A-Z][a-z]+ [A-Z][a-z]+"),
        ("mihontaro", r"[a-z]+"),
        ("山田太郎、佐藤花子／鈴木一郎", r"[^、／]{3,}、[^、／]{3,}／[^、／]{3,}"),
    ],
)
def test_a_name_stays_what_it_is(text: str, expected: str) -> None:
    new = stand_in("person_name", text)
    assert re.fullmatch(expected, new), new
    assert new != text


def test_a_column_of_users_or_firms_makes_no_people(tmp_path: Path) -> None:
    rows = [["USER_ID", "KANJI_NAME", "KANA_NAME"], *([str(n), f"一般ユーザ{n}", "イッパン"] for n in range(9))]
    source, copied = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    pseudonymize([source], copied)
    before, after = (next(iter(pipeline.scan([str(p)], OPTIONS))) for p in (source, copied))
    assert [c.entity for c in before.tables[0].columns] == [c.entity for c in after.tables[0].columns]
    assert (before.persons, after.persons) == (0, 0)
    assert "一般ユーザ" not in copied.read_text(encoding="utf-8")


ROW = {"surname": "山田", "given_name": "太郎", "surname_kana": "やまだ", "given_name_kana": "たろう"}


def test_halves_of_a_name_in_latin_letters_stay_halves() -> None:
    kana = [stand_in(e, ROW[e], ROW) for e in ("surname_kana", "given_name_kana")]
    latin = [stand_in("person_name_romaji", text, ROW) for text in ("Yamada", "Taro")]
    assert [names.romaji(text_kana(k)).replace("ou", "o") for k in kana] == [
        w.lower().replace("ou", "o") for w in latin
    ]


def text_kana(hiragana: str) -> str:
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in hiragana)


def test_dates_before_the_first_era_move_as_dates() -> None:
    assert re.fullmatch(r"186[5-7]-(0[1-9]|1[0-2])-[0-3]\d", stand_in("birth_date", "1867-02-09"))


HOME = {"postal_code": "1000005", "address_part": "東京都千代田区丸の内"}


@pytest.mark.parametrize(
    "entity, text, expected",
    [
        ("address_part", "ﾄｳｷｮｳﾄ", "ﾄｳｷｮｳﾄ"),
        ("address_part", "ﾁﾖﾀﾞｸ", r"[ｦ-ﾟ]+"),
        ("address_part", "ﾏﾙﾉｳﾁ", r"[ｦ-ﾟ]+"),
        ("address_part", "見本平町", r"[㐀-鿿々ぁ-んヶケノツ]+"),
        ("address_part", "一番町3-4", r"[㐀-鿿々ぁ-んヶケノツ]+[5-9]\d{4}-\d+"),
        ("address_part", "1-2-3 メゾンアオイ101", r"[5-9]\d{4}-\d+-\d+ \S+?\d{3}"),
        ("address_part", "2丁目3番4号アオイマンション", r"[5-9]\d{4}丁目\d+番\d+号 \S+"),
        ("address", "Somewhere, Tokyo", r"東京都\S+[5-9]\d{4}-\d+"),
        ("address", "1 Mihon Street", r"[5-9]\d{4} \S+"),
        ("postal_code", "100  ", r"\d{3}  "),
    ],
)
def test_parts_of_addresses_are_parts_of_addresses(entity: str, text: str, expected: str) -> None:
    new = stand_in(entity, text, HOME)
    assert re.fullmatch(expected, new), new
    assert not re.search("アオイ|Mihon|Somewhere|見本平", new)


@pytest.mark.parametrize("prefecture", ["東京都", "鳥取県"])
def test_every_town_has_a_town_of_its_own_in_every_run(prefecture: str) -> None:
    """Two codes never become one, nor one itself, whoever else is asked about: lists of several runs stay joined."""
    codes = [t.code for t in {(t.city, t.name): t for t in reversed([*places.towns(prefecture)]) if t.name}.values()]
    new = {c: _stand_places.postal_code(c, StandIns(KEY).for_row({})) for c in dict.fromkeys(codes)}
    assert len(set(new.values())) == len(new)
    assert [c for c, other in new.items() if c == other] == []


@pytest.mark.parametrize(
    ("fixed", "moved"),
    [((0, 2, 1), (2, 0, 1)), ((0, 1, 3, 2), (1, 0, 3, 2)), ((1, 2, 0), (1, 2, 0)), ((1, 0, 2), (2, 0, 1))],
)
def test_what_a_permutation_leaves_in_place_moves_all_the_same(fixed: tuple[int, ...], moved: tuple[int, ...]) -> None:
    keyed = replace(StandIns(KEY).for_row({}), permute=lambda _purpose, number, _size: fixed[number])
    assert tuple(_stand_towns.moved_number("town", n, len(fixed), keyed) for n in range(len(fixed))) == moved


def test_the_storeys_of_a_building_go_with_its_address() -> None:
    row = {"postal_code": "163-0225", "address": "東京都新宿区西新宿新宿住友ビル3-27-9"}
    keyed = StandIns(KEY).for_row(row)
    code, new = (_stand_places.postal_code(row["postal_code"], keyed), _stand_places.address(row["address"], keyed))
    assert any(new.startswith(t.prefecture + t.city + t.name) for t in places.postal_places(code.replace("-", "")))


@pytest.mark.parametrize("prefecture", ["岩手県", "東京都"])
def test_no_town_becomes_nothing(prefecture: str) -> None:
    keyed = StandIns(KEY)
    for town in places.towns(prefecture):
        row = {"postal_code": town.code, "address_part": f"{town.prefecture}{town.city}{town.name}"}
        assert not town.name or _stand_places.part(town.name, keyed.for_row(row)).strip(), town.name


def test_a_house_that_is_written_in_two_ways_is_one_house_on_the_way_back_as_well() -> None:
    keyed = StandIns(KEY, exact=True).for_row({})
    ways = (
        "東京都品川区上大崎2丁目25-2",
        "東京都品川区上大崎2-25-2",
        "東京都品川区上大崎2丁目25番2号",
        "東京都品川区上大崎２丁目25-2",
        "東京都品川区上大崎 2-25-2",
    )
    new = [_stand_places.address(way, keyed) for way in ways]
    assert len(set(new)) == len(new)
    numbers = [re.findall("[0-9]+", text) for text in new]
    assert numbers[0] == numbers[1] == numbers[2]


def test_old_postal_codes_fit_the_town() -> None:
    whole, old = stand_in("postal_code", "100-0005", HOME), stand_in("postal_code", "100", HOME)
    assert whole.startswith(old)
    assert places.postal_exists(whole.replace("-", ""))


def test_no_stand_in_is_taken_for_a_body() -> None:
    for family in _stand_names._families():
        assert not re.search(NOT_A_PERSON, f"{family.kanji} 太郎"), family
        assert person_like(f"{family.kanji}太郎"), family
    for given in _stand_names._givens()["u"]:
        assert not re.search(NOT_A_PERSON, f"佐藤 {given.kanji}"), given
        assert person_like(f"佐藤{given.kanji}"), given


@pytest.mark.parametrize(
    "text",
    [
        "株式会社見本商店",
        "見本商会(同)",
        "(一社)見本協会",
        "㈾見本",
        "ミホン・トレード(同)",
        "見本工業",
        "Mihon Co., Ltd.",
    ],
)
def test_firms_among_people_stay_firms(text: str) -> None:
    for key in (KEY, OTHER):
        new = stand_in("person_name", text, key=key)
        assert not person_like(new) or re.search(NOT_A_PERSON, new), new


def test_no_stand_in_holds_the_name_it_stands_for() -> None:
    """Of thousands of short names some would be part of another by chance, and the file refused for it."""
    for n, given in enumerate(_stand_names._givens()["u"][:6000]):
        for entity, text in (("person_name_romaji", given.romaji), ("given_name_kana", given.kana)):
            key = bytes([n % 251]) * 32
            assert text not in stand_in(entity, text, key=key) or len(text) < 2, text


def test_spellings_of_one_address_are_one_address_and_told_apart() -> None:
    """Who can undo a copy must know how it was written; who counts people must not see three."""
    written = ["Taro.Mihon@Example.co.jp", "taro.mihon@example.co.jp", "TARO.MIHON@EXAMPLE.CO.JP"]
    exact, plain = ([stand_in("email", text, exact=e) for text in written] for e in (True, False))
    assert len(set(exact)) == 3
    assert {text.lower() for text in exact} == set(plain)
    assert len(set(plain)) == 1


def test_odd_texts_break_nothing() -> None:
    for text in (
        "",
        " ",
        "\u3000",
        "様",
        "()",
        "（）",
        "@",
        "〒",
        "-",
        "ー",
        "0",
        "昭和",
        "99年",
        "🎌",
        "\ue000",
        "a" * 3_000,
        "1" * 300,
    ):
        for entity in ("person_name", "surname", "person_name_kana", "phone", "email", "address", "address_part",
                       "postal_code", "birth_date", "my_number", "customer_id", "ip_address"):  # fmt: skip
            for exact in (False, True):
                assert isinstance(stand_in(entity, text, exact=exact), str)


# ---------------------------------------------------------------- keys and collisions


def test_permutation_is_one_to_one() -> None:
    stand_ins = StandIns(KEY)
    for size in (1, 2, 3, 10, 97, 1000):
        assert sorted(stand_ins.permute("x", n, size) for n in range(size)) == list(range(size))
    assert [stand_ins.permute("x", n, 1000) for n in range(20)] != [stand_ins.permute("y", n, 1000) for n in range(20)]


def test_settling_is_the_same_in_any_order() -> None:
    wishes = {bytes([n]): (bytes([n % 4]), bytes([10 + n % 5]), bytes([20 + n])) for n in range(12)}
    bumps = settle(wishes)
    assert bumps == settle(dict(reversed(wishes.items())))
    given = [wishes[n][bumps.get(n, 0)] for n in wishes]
    assert len(set(given)) == 12
    assert set(bumps) == {bytes([n]) for n in range(4, 12)}


def test_key_files(piiscan: Call, tmp_path: Path) -> None:
    assert piiscan("key", "new", "k", cwd=tmp_path).returncode == 0
    assert len(keyed.read_key(str(tmp_path / "k"))) == 32
    for wrong in (b"piiscan-key-1 abc\n", b"secret\n", b"piiscan-key-1 !!!\n", b"piiscan-key-2 " + b"A" * 43 + b"=\n"):
        (tmp_path / "w").write_bytes(wrong)
        (tmp_path / "w").chmod(0o600)
        with pytest.raises(UsageError) as caught:
            keyed.read_key(str(tmp_path / "w"))
        assert caught.value.reason == "key_file_wrong"


def test_the_command(piiscan: Call, made: Path, tmp_path: Path) -> None:
    piiscan("key", "new", "k", cwd=tmp_path)
    done = piiscan("pseudonymize", made / "in", "-o", "out", "--key-file", "k", "--lang", "en", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().endswith("written: 4\n")
    assert len(list((tmp_path / "out").iterdir())) == 4
    refused = piiscan("redact", made / "in", "-o", "x", "--action", "phone=token", "--lang", "en", cwd=tmp_path)
    assert (refused.returncode, b"needs a secret key" in refused.stderr) == (2, True)


def test_a_value_that_stays_is_noticed(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An action that leaves the value in its stand-in does not get its copy accepted."""
    real = ACTIONS["surrogate"].keyed
    assert real

    def lazy(entity: str, text: str, options: Any, key: Keyed) -> str:
        return text + "x" if entity == "email" else real(entity, text, options, key)

    broken = {**ACTIONS, "surrogate": type(ACTIONS["surrogate"])("surrogate", "", "", ACTIONS["surrogate"].apply, lazy)}
    monkeypatch.setattr(registry, "actions", lambda: broken)
    (result,) = pseudonymize([made / "in" / "a.csv"], tmp_path / "o.csv")
    assert result.status is CopyStatus.REFUSED
    assert list(tmp_path.iterdir()) == []


def test_names_differ_in_every_script() -> None:
    """A column of kana alone, or of surnames alone, must tell as many people apart as before."""
    families = [s.kanji for s in names.surnames_by_frequency() if len(s.kanji) > 1][:1500]
    people = [f"{family} {given}" for family in families for given in ("太郎", "花子")]
    action = ACTIONS["surrogate"].keyed
    assert action
    survey = StandIns(KEY, survey=True)

    def all_of(stand_ins: StandIns) -> tuple[set[str], ...]:
        rows = [{"person_name": who, "person_name_kana": "ミホン タロウ"} for who in people]
        return (
            {action("person_name", who, {}, stand_ins.for_row({})).replace(" ", "") for who in people},
            {action("person_name_kana", "ミホン タロウ", {}, stand_ins.for_row(row)) for row in rows},
            {action("surname", family, {}, stand_ins.for_row({})) for family in families},
        )

    all_of(survey)
    full, kana, alone = all_of(StandIns(KEY, settle(survey.wishes)))
    assert (len(full), len(kana), len(alone)) == (len(people), len(people), len(families))


def test_a_file_alone_settles_as_it_would_among_others(tmp_path: Path) -> None:
    """So many surnames that some would get one another's stand-ins; the other file has nobody in it."""
    families = [s.kanji for s in names.surnames_by_frequency() if len(s.kanji) > 1][:600]
    (tmp_path / "a.csv").write_text(
        "姓,点数\n" + "".join(f"{f},{n}\n" for n, f in enumerate(families)), encoding="utf-8"
    )
    (tmp_path / "b.txt").write_text("本日は晴天です。\n", encoding="utf-8")
    pseudonymize([tmp_path / "a.csv"], tmp_path / "alone.csv")
    pseudonymize([tmp_path / "a.csv", tmp_path / "b.txt"], tmp_path / "both")
    alone = (tmp_path / "alone.csv").read_bytes()
    assert alone == (tmp_path / "both" / "a.csv").read_bytes()
    new = [row["姓"] for row in rows(alone)]
    assert len(set(new)) == len(new) == len(families)
    first = [stand_in("surname", family) for family in families]
    assert len(set(first)) < len(families)
    assert 0 < sum(a != b for a, b in zip(first, new, strict=True)) < 60


def test_what_stands_for_a_name_in_latin_letters_is_found_again_in_a_text() -> None:
    keyed = StandIns(KEY).for_row({})
    made = [
        _stand_names.stand_in("person_name_romaji", f"{given} {family}", keyed)
        for given in ("Kenji", "Yuka", "Makoto", "Sachiko")
        for family in ("Sato", "Mori", "Inoue", "Ogata")
    ]
    assert all(names.romaji_name_score(name) >= 0.9 for name in made)
