"""How much a string in kana looks like the name of one person, Japanese or from abroad.

Sources of the sound rules: names hardly ever hold ヴ, ファ, ティ, a digit or a middle dot, and ー is rare in them; bank
kana has no small letters and marks companies with ｶ), ﾕ), (ｶ.
"""

from __future__ import annotations

import re

from piiscan.lexicon import _name_data as data
from piiscan.lexicon._foreign_names import FOREIGN_KANA
from piiscan.lexicon._kana import kana_key, long_key
from piiscan.lexicon._name_trim import trim_name
from piiscan.shaped import later

_KANA = later(r"[ァ-ヺー]+(?: [ァ-ヺー]+)*")
_FOREIGN = later(r"[ァ-ヺー]+(?:[ ・=.][ァ-ヺー]+){0,4}")
_FOREIGN_SOUNDS = later(
    r"ヴ|フ[アイエオ]|[テデ][イユ]|[トド]ウ|[シジチ]エ|ウ[イエオ]|^[ーンッ]|ーー|ンン|[ァ-ヺ]ー[ァ-ヺ]ー"
)
_COMPANY = later(r"[(（]|[)）]|カブシキ|ユウゲン|ホウジン|ガツコウ|ビヨウイン|センター|クリニツク|サービス|ショップ")
#: Answers and marks in kana, which columns are full of.
_ANSWERS = frozenset(
    ("ハイ", "イイエ", "アリ", "ナシ", "アル", "ナイ", "スル", "シナイ", "デキル", "デキナイ", "オモテ", "ウラ", "ミテイ", "フメイ", "ソノタ",
     "スミ", "マダ", "イル", "イラナイ", "ヤスミ")
)  # fmt: skip
_MIXED = later(r"[ぁ-ゖ]")


def _sounds_japanese(key: str) -> bool:
    return _FOREIGN_SOUNDS.search(key) is None


def _known(key: str, table: dict[str, int], longer: dict[str, int] | None) -> int:
    weight = table.get(key, 0)
    if not weight and longer is not None:
        weight = longer.get(long_key(key), 0)
    return weight


def _tables(key: str) -> tuple[dict[str, int] | None, dict[str, int] | None]:
    """The tables with folded long vowels, only for text that writes a vowel as ー."""
    return (data.surname_kana_long(), data.given_kana_long()) if "ー" in key else (None, None)


def _pair(surname: str, first: str, spaced: bool, longer: tuple[dict[str, int] | None, dict[str, int] | None]) -> float:
    family, own = _known(surname, data.surname_kana(), longer[0]), _known(first, data.given_kana(), longer[1])
    if family and own:
        return 0.85 + 0.15 * min(1.0, (family + own) / 350) if spaced else 0.35 + 0.5 * min(1.0, (family + own) / 330)
    if not spaced or max(len(surname), len(first)) > 7 or min(len(surname), len(first)) < 2:
        return 0.0
    if not (_sounds_japanese(surname) and _sounds_japanese(first)):
        return 0.1
    if family or own:
        return 0.55 + 0.15 * min(1.0, (family or own) / 200)
    return 0.3


def kana_name_score(text: str) -> float:
    """0..1: is the whole string a Japanese full name in katakana, hiragana or half-width kana?"""
    if not text or text.isascii():
        return 0.0
    name, _, _ = trim_name(text)
    key = kana_key(name)
    if not 3 <= len(key) <= 20 or key in _ANSWERS or not _KANA.fullmatch(key) or _COMPANY.search(text):
        return 0.0
    parts = key.split(" ")
    longer = _tables(key)
    if len(parts) == 2:
        return _pair(parts[0], parts[1], True, longer)
    if len(parts) > 2:
        return 0.7 * kana_name_score("".join(parts)) if all(len(p) == 1 for p in parts) else 0.1
    best = max((_pair(key[:i], key[i:], False, longer) for i in range(1, len(key))), default=0.0)
    if key in data.kana_lookalikes():
        return best * 0.35
    return best * 0.5 if key in data.surname_kana() or key in data.given_kana() else best


def _single(text: str, table: dict[str, int], longer: dict[str, int] | None) -> float:
    name, _, _ = trim_name(text)
    key = kana_key(name)
    if not 1 <= len(key) <= 9 or " " in key or key in _ANSWERS or not _KANA.fullmatch(key):
        return 0.0
    weight = table.get(key, 0) or (_known(key, table, longer) if "ー" in key and longer is not None else 0)
    if weight:
        score = 0.55 + 0.4 * min(1.0, weight / 180) if len(key) > 1 else 0.2
        return score * 0.6 if key in data.foreign_kana() else score
    return 0.0


def kana_surname_score(text: str) -> float:
    """0..1: is the whole string a Japanese surname in kana?"""
    if not text or text.isascii():
        return 0.0
    return _single(text, data.surname_kana(), data.surname_kana_long() if _has_long(text) else None)


def kana_given_score(text: str) -> float:
    """0..1: is the whole string a Japanese given name in kana?"""
    if not text or text.isascii():
        return 0.0
    return _single(text, data.given_kana(), data.given_kana_long() if _has_long(text) else None)


def _has_long(text: str) -> bool:
    return any(c in text for c in "ーｰ-－−‐")


def foreign_kana_name_score(text: str) -> float:
    """0..1: is the whole string a foreigner's name in katakana of two to five words (グエン ヴァン アン)? At most 0.75."""
    if not text or text.isascii():
        return 0.0
    name, _, _ = trim_name(text)
    key = kana_key(name)
    if not 4 <= len(key) <= 40 or not _FOREIGN.fullmatch(key):
        return 0.0
    parts = re.split(r"[ ・=.]", key)
    if len(parts) == 1:
        return 0.3 if key in data.foreign_kana() else 0.0
    known = sum(p in data.foreign_kana() or p in FOREIGN_KANA for p in parts)
    return 0.3 + 0.45 * known / len(parts) if known else 0.2
