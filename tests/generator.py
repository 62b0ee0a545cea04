"""Invented Japanese tables for tests: people with data that belongs together, and dirt as real sheets have it.

Everything follows from the ``Random`` it is given. Surnames come as often as people bear them, given names fit sex and
birth year, kana and romaji belong to the kanji, the postal code to the address, the area code to the prefecture. Nothing
can reach anybody: mail goes to example.jp, local offices and the digit behind 090 are 0, house names are made up.
Tables without any person are in ``generator_things``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random

from piiscan.lexicon import names, places
from piiscan.lexicon.places import Town


@dataclass(frozen=True)
class Table:
    """``truth``: for each column the entity in it, or None. ``title_rows`` stand above the header. ``persons``: distinct."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    truth: tuple[str | None, ...]
    persons: int = 0
    title_rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Dirt:
    """Shares, 0 to 1, of cells that are written in full width, spaced oddly, in variant kanji, left empty, or have a note."""

    wide: float = 0.0
    spaces: float = 0.0
    variants: float = 0.0
    missing: float = 0.0
    notes: float = 0.0
    eaten_zeros: bool = False
    title_rows: int = 0


@dataclass(frozen=True)
class Person:
    """One invented person; ``kana`` are katakana, ``sex`` m or f."""

    surname: str
    given: str
    surname_kana: str
    given_kana: str
    surname_romaji: str
    given_romaji: str
    sex: str
    born: date
    town: Town
    block: str
    building: str
    number: int
    extra: dict[str, str] = field(default_factory=dict)


#: Given names by the year from which they were common; common knowledge, not a statistic.
_GIVEN = {
    ("m", 1930): "清 キヨシ,勇 イサム,茂 シゲル,実 ミノル,三郎 サブロウ,正 タダシ,進 ススム,弘 ヒロシ,昭 アキラ,武 タケシ",
    ("f", 1930): "和子 カズコ,幸子 サチコ,節子 セツコ,久子 ヒサコ,文子 フミコ,美代子 ミヨコ,千代子 チヨコ,キヨ キヨ,ハル ハル",
    ("m", 1950): "誠 マコト,隆 タカシ,浩 ヒロシ,健一 ケンイチ,修 オサム,博 ヒロシ,明 アキラ,豊 ユタカ,和夫 カズオ,正人 マサト",
    ("f", 1950): "恵子 ケイコ,京子 キョウコ,洋子 ヨウコ,裕子 ユウコ,由美子 ユミコ,久美子 クミコ,真由美 マユミ,明美 アケミ,智子 トモコ",
    ("m", 1970): "大輔 ダイスケ,健太郎 ケンタロウ,剛 ツヨシ,直樹 ナオキ,哲也 テツヤ,英樹 ヒデキ,学 マナブ,亮 リョウ,達也 タツヤ",
    ("f", 1970): "陽子 ヨウコ,美穂 ミホ,香織 カオリ,恵 メグミ,愛 アイ,麻衣 マイ,裕美 ヒロミ,美香 ミカ,優子 ユウコ,さゆり サユリ",
    ("m", 1990): "翔太 ショウタ,拓也 タクヤ,健太 ケンタ,翼 ツバサ,大樹 ダイキ,翔 ショウ,蓮 レン,陸 リク,海斗 カイト,颯太 ソウタ",
    ("f", 1990): "美咲 ミサキ,愛美 マナミ,彩 アヤ,萌 モエ,さくら サクラ,葵 アオイ,優花 ユウカ,七海 ナナミ,遥 ハルカ,ひなた ヒナタ",
    ("m", 2010): "湊 ミナト,樹 イツキ,大和 ヤマト,陽翔 ハルト,悠真 ユウマ,朝陽 アサヒ,律 リツ,蒼 アオイ,暖 ダン,結翔 ユイト",
    ("f", 2010): "陽葵 ヒマリ,紬 ツムギ,凛 リン,芽依 メイ,結菜 ユイナ,澪 ミオ,莉子 リコ,杏 アン,咲良 サクラ,あかり アカリ",
}  # fmt: skip


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


#: The area code of each prefecture's capital.
_AREA = dict(zip(
    words("北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 "
    "静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 "
    "熊本県 大分県 宮崎県 鹿児島県 沖縄県"),
    words("011 017 019 022 018 023 024 029 028 027 048 043 03 045 025 076 076 0776 055 026 058 054 052 059 077 075 06 078 0742 073 "
    "0857 0852 086 082 083 088 087 089 088 092 0952 095 096 097 0985 099 098"),
    strict=True,
))  # fmt: skip
_VARIANTS = str.maketrans("高崎辺浜沢斎", "髙﨑邉濵澤齋")
_WIDE = {c: c + 0xFEE0 for c in range(0x21, 0x7F)}
_ERAS = ((2019, 5, "令和", "R", 2018), (1989, 1, "平成", "H", 1988), (1926, 12, "昭和", "S", 1925))


@cache
def _surnames() -> tuple[list[names.Surname], list[int]]:
    listed = list(names.surnames_by_frequency())
    return listed, list(accumulate(s.people for s in listed))


@cache
def _rare_given(sex: str) -> list[names.Given]:
    return [g for g in names.given_names() if g.sex == sex and g.weight >= 0.5]


@cache
def _towns(prefecture: str) -> list[Town]:
    return [t for t in places.towns(prefecture) if t.name and t.name.isalpha() and len(t.name) < 10]


def person(rng: Random, *, today: date = date(2026, 11, 1)) -> Person:
    """One person between 0 and 95 years of age."""
    listed, sums = _surnames()
    family = rng.choices(listed, cum_weights=sums)[0]
    sex, born = rng.choice("mf"), today - timedelta(days=rng.randint(200, 95 * 365))
    if rng.random() < 0.35:
        rare = rng.choice(_rare_given(sex))
        given, kana = rare.kanji, rare.kana
    else:
        era = max((y for s, y in _GIVEN if s == sex and y <= born.year), default=1930)
        given, kana = rng.choice(_GIVEN[sex, era].split(",")).split()
    town = rng.choice(
        _towns(rng.choice(list(_AREA)) if rng.random() < 0.5 else rng.choice(["東京都", "大阪府", "神奈川県"]))
    )
    block = rng.choice(("{}-{}-{}", "{}丁目{}番{}号", "{}丁目{}-{}")).format(*(rng.randint(1, 30) for _ in "123"))
    house = f"{rng.choice(('見本ハイツ', 'サンプル荘', 'コーポ例示'))}{rng.randint(1, 9)}0{rng.randint(1, 8)}"
    return Person(
        family.kanji, given, family.kana, kana, family.romaji, names.romaji(kana), sex, born, town, block,
        house if rng.random() < 0.35 else "", rng.randrange(10_000_000),
    )  # fmt: skip


def phone(p: Person) -> str:
    """A fixed line of the prefecture whose local office begins with 0, which none does."""
    area = _AREA[p.town.prefecture]
    return f"{area}-{f'0{p.number % 10_000:04}'[: 6 - len(area)]}-{p.number // 7 % 10_000:04}"


def mobile(p: Person) -> str:
    """A mobile number with 0 behind the prefix, which none has."""
    return f"0{(9, 8, 7)[p.number % 3]}0-0{p.number % 1000:03}-{p.number // 3 % 10_000:04}"


def birth_date(p: Person, style: str) -> str:
    """``style``: iso, slash, kanji, wareki, letter, eight (digits) or serial."""
    b = p.born
    _, _, name, letter, base = next(e for e in (*_ERAS, (0, 0, "大正", "T", 1911)) if (b.year, b.month) >= e[:2])
    return {
        "iso": b.isoformat(),
        "slash": f"{b.year}/{b.month}/{b.day}",
        "kanji": f"{b.year}年{b.month}月{b.day}日",
        "wareki": f"{name}{b.year - base}年{b.month}月{b.day}日",
        "letter": f"{letter}{b.year - base}.{b.month}.{b.day}",
        "eight": b.strftime("%Y%m%d"),
        "serial": str((b - date(1899, 12, 30)).days),
    }[style]


def address(p: Person) -> str:
    """The whole address in one cell."""
    return f"{p.town.prefecture}{p.town.city}{p.town.name}{p.block}{' ' + p.building if p.building else ''}"


NOTES = ("", "", "", "要連絡", "午前中希望", "退会予定", "紹介", "DM不要", "再送済")
#: Column → (header, entity, value of a person).
COLUMNS: dict[str, tuple[str, str | None, Callable[[Person], str]]] = {
    "name": ("氏名", "person_name", lambda p: f"{p.surname} {p.given}"),
    "name_joined": ("お名前", "person_name", lambda p: p.surname + p.given),
    "surname": ("姓", "surname", lambda p: p.surname),
    "given_name": ("名", "given_name", lambda p: p.given),
    "kana": ("フリガナ", "person_name_kana", lambda p: f"{p.surname_kana} {p.given_kana}"),
    "surname_kana": ("セイ", "surname_kana", lambda p: p.surname_kana),
    "given_name_kana": ("メイ", "given_name_kana", lambda p: p.given_kana),
    "romaji": ("ローマ字氏名", "person_name_romaji", lambda p: f"{p.given_romaji.title()} {p.surname_romaji.title()}"),
    "postal_code": ("郵便番号", "postal_code", lambda p: f"{p.town.code[:3]}-{p.town.code[3:]}"),
    "address": ("住所", "address", address),
    "prefecture": ("都道府県", "address_part", lambda p: p.town.prefecture),
    "city": ("市区町村", "address_part", lambda p: p.town.city),
    "block": ("町名番地", "address_part", lambda p: p.town.name + p.block),
    "building": ("建物名", "address_part", lambda p: p.building),
    "phone": ("電話番号", "phone", phone),
    "mobile": ("携帯電話", "phone", mobile),
    "email": ("メールアドレス", "email", lambda p: f"{p.given_romaji}.{p.surname_romaji}{p.number % 97}@example.jp"),
    "age": ("年齢", "age", lambda p: str(2026 - p.born.year)),
    "sex": ("性別", "sex", lambda p: {"m": "男", "f": "女"}[p.sex]),
    "customer_id": ("会員番号", "customer_id", lambda p: f"C{p.number:07}"),
    "note": ("備考", None, lambda p: NOTES[p.number % len(NOTES)]),
    **{f"birth_{s}": ("生年月日", "birth_date", lambda p, s=s: birth_date(p, s))  # type: ignore[misc]
       for s in ("iso", "slash", "kanji", "wareki", "letter", "eight", "serial")},
}  # fmt: skip
DEFAULT = ("customer_id", "name", "kana", "sex", "birth_slash", "postal_code", "address", "phone", "email", "note")


def person_table(rng: Random, rows: int, columns: Sequence[str] = DEFAULT, dirt: Dirt | None = None) -> Table:
    """A table of ``rows`` different people; ``columns`` are keys of :data:`COLUMNS`."""
    chosen = [COLUMNS[c] for c in columns]
    people = [replace(person(rng), number=n) for n in rng.sample(range(10_000_000), rows)]
    cells = [tuple(value(p) for _, _, value in chosen) for p in people]
    truth = tuple(entity for _, entity, _ in chosen)
    dirt = dirt or Dirt()
    soiled = tuple(tuple(soil(rng, c, e, dirt) for c, e in zip(row, truth, strict=True)) for row in cells)
    titles = tuple((("会員一覧", "2026年11月1日現在", "")[n % 3],) for n in range(dirt.title_rows))
    return Table(tuple(h for h, _, _ in chosen), soiled, truth, rows, titles)


def soil(rng: Random, cell: str, entity: str | None, dirt: Dirt) -> str:
    """One cell as careless hands leave it."""
    if rng.random() < dirt.missing:
        return ""
    if dirt.eaten_zeros and entity in ("phone", "postal_code"):
        cell = cell.replace("-", "").lstrip("0")
    if rng.random() < dirt.variants:
        cell = cell.translate(_VARIANTS)
    if rng.random() < dirt.spaces:
        cell = rng.choice((cell.replace(" ", "\u3000"), cell + " ", cell.replace(" ", "")))
    if rng.random() < dirt.wide and entity != "email":
        cell = cell.translate(_WIDE)
    if cell and rng.random() < dirt.notes:
        cell += rng.choice(("（要確認）", "（旧）", "（仮）"))
    return cell


def csv_bytes(table: Table, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """The table as csv with CRLF; characters that the encoding lacks become 〓."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([*table.title_rows, table.header, *table.rows])
    safe = (c if _encodable(c, encoding) else "〓" for c in out.getvalue())
    return "".join(safe).encode(encoding)


def _encodable(char: str, encoding: str) -> bool:
    if char.isascii():
        return True
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def xlsx_bytes(*tables: Table) -> bytes:
    """One sheet for each table; cells are strings, but digits without a leading zero are numbers."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for number, table in enumerate(tables, 1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in (*table.title_rows, table.header, *table.rows):
            sheet.append([int(c) if c.isdecimal() and c.isascii() and c[0] != "0" and len(c) < 12 else c for c in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
