"""Personal names: is this string one, how does it divide, how is it read, how common is it.

All functions are pure, answer for any string, and read their tables when first asked. Scores run from 0 to 1 and 0.5 is
a fair threshold for one value; a column of many values may be judged by the mean. Width, variant kanji (髙 﨑 邉),
honorifics and bracketed notes are seen through. Data and licences: ``LICENSES.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from piiscan.lexicon import _name_data as data
from piiscan.lexicon._kana import romaji
from piiscan.lexicon._kana_names import (
    foreign_kana_name_score,
    kana_given_score,
    kana_name_score,
    kana_surname_score,
)
from piiscan.lexicon._kanji_names import (
    full_name_score,
    given_score,
    given_weight,
    split_name,
    surname_score,
    surname_weight,
)
from piiscan.lexicon._name_keys import name_key
from piiscan.lexicon._name_trim import HONORIFICS, trim_name
from piiscan.lexicon._romaji_names import is_common_latin_name, is_latin_name, romaji_name_score

__all__ = [
    "HONORIFICS", "ROLE_WORDS", "Given", "Surname", "foreign_kana_name_score", "full_name_score", "given_names", "given_score",
    "given_weight", "is_common_latin_name", "is_given", "is_latin_name", "is_surname", "kana_given_score", "kana_name_score", "kana_surname_score", "readings",
    "romaji", "romaji_name_score", "sex_of_given", "split_name", "surname_score", "surname_weight", "surnames_by_frequency",
    "trim_name",
]  # fmt: skip


#: What stands in a column of names without being one: duties, users by number, words for nobody.
ROLE_WORDS = re.compile(
    r"(?!(?:テスト|サンプル|ダミー) ?.{0,2}(?:[郎朗子]|たろう|はなこ|タロウ|ハナコ)$)"  # テスト太郎 has a name
    r"(一般|管理|テスト|サンプル|ダミー|ユーザ|利用|システム|ゲスト|担当|責任|代表|匿名|不明|未定|未登録|該当|なし|個人|本人|同上|空白|"
    r"学生|生徒|児童|園児|選手|職員|社員|スタッフ|アルバイト|パート|事務局|有志|参加者|全員|各位|募集中|調整中|欠員|空席|閲覧|編集者|承認者|運営|幹事|その他|"
    r"admin|user|test|guest|sample|dummy|unknown|none|null|n/a).*"
)


class Surname(NamedTuple):
    """A surname as a generator needs it. ``people``: bearers in Japan, a guess of 2,000 for the uncounted."""

    kanji: str
    kana: str
    romaji: str
    people: int


class Given(NamedTuple):
    """A given name; ``sex`` is m, f or u; ``weight`` 0..1 says how many sources know it, not how many bear it."""

    kanji: str
    kana: str
    romaji: str
    sex: str
    weight: float


def is_surname(text: str) -> bool:
    """Whether the lexicon knows the string as a kanji surname."""
    return surname_weight(text) > 0


def is_given(text: str) -> bool:
    """Whether the lexicon knows the string as a given name in kanji or hiragana."""
    return given_weight(text) > 0


def readings(*, surname: str | None = None, given: str | None = None) -> tuple[str, ...]:
    """Katakana readings of a kanji surname or given name, likeliest first; empty if unknown."""
    if surname is not None:
        return data.readings("surname").get(name_key(surname), ())
    return data.readings("given").get(name_key(given or ""), ())


def sex_of_given(text: str) -> str | None:
    """m, f or u (borne by both) of a given name in kanji or hiragana; None if unknown."""
    return data.given_sex().get(name_key(text.strip()))


def people_of(weight: int) -> int:
    """Bearers of a surname from its stored weight; the inverse of what the build script stores, give or take 2 %."""
    return round(10 ** (3.886 + (weight - 115) / 140 * (6.276 - 3.886))) if weight >= 115 else 2_000


def surnames_by_frequency() -> Iterator[Surname]:
    """Every kanji surname with a reading, most bearers first."""
    kana = data.readings("surname")
    table = data.surnames().weight
    for kanji in sorted(table, key=lambda k: (-table[k], k)):
        if kanji in kana and kanji[0] > "ヿ":
            yield Surname(kanji, kana[kanji][0], romaji(kana[kanji][0]), people_of(table[kanji]))


def given_names() -> Iterator[Given]:
    """Every given name with a reading, in the order of the data."""
    kana, sex = data.readings("given"), data.given_sex()
    for kanji, weight in data.given().weight.items():
        if kanji in kana:
            yield Given(kanji, kana[kanji][0], romaji(kana[kanji][0]), sex[kanji], weight / 255)
