"""Organisations, facilities, departments, titles and goods: what stands where a person's name might stand.

All functions are pure, answer for any string and read no data. Scores run from 0 to 1; 0.5 is a fair threshold.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from piiscan.lexicon import _organisation_words as words
from piiscan.shaped import later

_LEGAL = later("|".join(map(re.escape, words.LEGAL_FORMS)))
#: The sign of a legal form, with which no person's name is written.
FIRM_MARK = re.compile("[(（][株有同資名社財学医福宗独]+[)）]|[㈱㈲㈳㈶㈻]")
_COMPANY_ENDS = tuple(sorted(words.COMPANY_ENDS, key=len, reverse=True))
_FACILITY_ENDS = tuple(sorted(words.FACILITY_ENDS, key=len, reverse=True))
#: Their last characters, which most texts do not have: a look at one instead of some hundreds.
_LAST_OF_COMPANIES = frozenset(end[-1] for end in words.COMPANY_ENDS)
_LAST_OF_FACILITIES = frozenset(end[-1] for end in words.FACILITY_ENDS)
_LATIN = later("[A-Za-z]")
_ABBREVIATED = later("[()]|カブシキ|ユウゲン|ホウジン")
_SHORT_ENDS = frozenset("駅港寺苑荘店館橋城滝湖山川島組")
_KATAKANA_RUN = later(r"[ァ-ヺー]{9,}")
_NOTE = later(r"\([^()]{0,20}\)$")
_LAST_OF_BRANCHES = frozenset("店校所社場院")
_BRANCH = later(r"[ (]?[^ ]{1,10}(?:店|支店|校|営業所|支社|事業所|工場|院)\)?$")


def _plain(text: str) -> str:
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def is_company(text: str) -> bool:
    """Whether the string carries a legal form (株式会社, ㈱, ｶ), Inc.) or ends like a company's name."""
    return _company(_plain(text)) >= 0.5


def _company(plain: str) -> float:
    if not 2 <= len(plain) <= 120:
        return 0.0
    if plain.isascii():
        return 0.85 if words.ROMAN_FORMS.search(plain) and " " in plain else 0.0
    if _LEGAL.search(plain):
        return 0.98
    if _ABBREVIATED.search(plain) and words.ABBREVIATIONS.search(plain):
        return 0.95
    if _LATIN.search(plain) and words.ROMAN_FORMS.search(plain):
        return 0.85
    if len(plain) > 60 or plain.endswith(("。", "です", "ます")):
        return 0.0
    if plain[-1] not in _LAST_OF_COMPANIES or not plain.endswith(_COMPANY_ENDS):
        return 0.0
    end = next(e for e in _COMPANY_ENDS if plain.endswith(e))
    return 0.0 if len(plain) == len(end) else 0.4 if len(end) == 1 else 0.7


def is_facility(text: str) -> bool:
    """Whether the string ends like a school, hospital, station, park, shop or another place people go to."""
    return _facility(_plain(text)) >= 0.5


def _facility(plain: str) -> float:
    if not 2 <= len(plain) <= 60 or plain.isascii() or plain.endswith(("。", "です", "ます")):
        return 0.0
    bare = _NOTE.sub("", plain).rstrip() if plain.endswith(")") else plain
    for end in _FACILITY_ENDS if bare[-1:] in _LAST_OF_FACILITIES and bare.endswith(_FACILITY_ENDS) else ():
        if bare.endswith(end) and len(bare) > len(end):
            if end in _SHORT_ENDS:
                return 0.55 if end in "駅店" or (len(bare) > 3 and end in "店館寺苑荘橋港") else 0.3
            return 0.85
    if words.FACILITY_STARTS.match(bare) and len(bare) > 4:
        return 0.6
    return 0.55 if len(bare) > 4 and bare.removesuffix(")")[-1] in _LAST_OF_BRANCHES and _BRANCH.search(bare) else 0.0


def organisation_score(text: str) -> float:
    """0..1: is the whole string the name of a company, a legal body, a school, a hospital, a shop or a public office?"""
    if not text or len(text) > 200:
        return 0.0
    plain = _plain(text)
    return max(_company(plain), _facility(plain))


@lru_cache(maxsize=32768)
def organisation(value: str) -> float:
    """``organisation_score``, remembered: a column asks for the same value under several names."""
    return organisation_score(value)


def department_score(text: str) -> float:
    """0..1: is the whole string a department of an organisation (営業部, 総務課 第一係)?"""
    if not text or len(text) > 40 or text.isascii():
        return 0.0
    plain = _plain(text)
    if not words.DEPARTMENT.fullmatch(plain) or len(plain) < 2:
        return 0.0
    return 0.95 if words.DEPARTMENT_WORDS.search(plain) else 0.3  # 渡部, 阿部, 全部


def title_score(text: str) -> float:
    """0..1: is the whole string a position in an organisation (部長, 代表取締役社長, 主任)?"""
    if not text or len(text) > 24:
        return 0.0
    plain = _plain(text)
    found = words.TITLES.fullmatch(plain)
    if found:
        return 0.95
    tail = words.TITLE_TAIL.search(plain)
    before = plain[: tail.start()].rstrip() if tail else ""
    if before and (words.DEPARTMENT_WORDS.search(before) or department_score(before) >= 0.9):
        return 0.8
    return 0.0


def product_score(text: str) -> float:
    """0..1: is the string an obvious article of trade: a unit or number of pieces, a model number, a colour, a kind of good?"""
    if not text or len(text) > 200:
        return 0.0
    plain = _plain(text)
    if len(plain) < 2 or plain.isdecimal():
        return 0.0
    score = 0.0
    if words.UNITS.search(plain) and not plain[-1:].isdigit() and re.search(r"[^\W\d_]", plain[:-1]):
        score += 0.5
    goods = len(words.GOODS.findall(plain))
    score += min(0.75, 0.5 * goods)
    if words.MODEL.search(plain):
        score += 0.35
    if _KATAKANA_RUN.search(plain):
        score += 0.3
    return min(0.95, score)
