"""Addresses in kana (bank and postal files) and in Latin letters (passports, web shops), less sure than those in kanji."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from piiscan.lexicon import _place_data as data
from piiscan.lexicon._kana import kana_key, long_key, romaji, romaji_key
from piiscan.shaped import later

_DIGIT = later(r"[0-9]")
KANA_WORD = later(r"[ァ-ヺーぁ-ゖ]{3,24}")
_WORD = later(r"[A-Za-z][A-Za-z'ōūŌŪ]*(?:-[A-Za-z]+)*")
_SUFFIX = later(r"-(?:ku|shi|cho|chou|machi|gun|mura|son|ken|fu|to|chome)$", re.IGNORECASE)
_HOUSE = later(r"[0-9]{1,4}(?:-[0-9]{1,4}){1,3}|[0-9]{1,3}-chome", re.IGNORECASE)


def spoken_key(kana: str) -> str:
    """Kana as a key with large letters and folded long vowels."""
    return long_key(kana_key(kana))


@cache
def prefecture_kana() -> dict[str, str]:
    """Key of the kana → prefecture."""
    return {spoken_key(kana): name for name, kana in data.prefectures().items()}


@cache
def city_kana() -> frozenset[str]:
    """Keys of the kana of municipalities, whole and without county or ward."""
    found = set()
    for city in data.cities():
        key = spoken_key(city.kana)
        found.add(key)
        head, _ = data.divide_city(city.name)
        if head.endswith("郡"):
            cut = key.find("グン", 1) + 2
            found.add(key[cut:] if cut > 1 else key)
        elif head.endswith("市"):
            cut = key.find("シ", 2) + 1
            found.add(key[:cut])
    return frozenset(k for k in found if len(k) > 2)


def kana_address_score(text: str) -> float:
    """0..0.8: does the text read as prefecture or municipality, and further, in kana?"""
    if text.isascii():
        return 0.0
    key = long_key(kana_key(text[:200]).replace(" ", ""))
    if not key or not "ァ" <= key[0] <= "ヺ":
        return 0.0
    score, at = 0.0, 0
    for length in (8, 7, 6, 5, 4, 3):
        if key[:length] in prefecture_kana():
            score, at = 0.35, length
            break
    for length in range(min(len(key) - at, 24), 2, -1):
        if key[at : at + length] in city_kana():
            score, at = score + 0.3, at + length
            break
    else:
        return 0.2 if at and at == len(key) else 0.0
    rest = key[at:]
    if not rest:
        return min(0.45, score)
    return min(0.8, score + (0.25 if _DIGIT.search(rest) else 0.1))


@cache
def _romaji_places() -> frozenset[str]:
    found = {romaji_key(romaji(kana)[: -2 if name[-1] != "県" else -3]) for name, kana in data.prefectures().items()}
    return frozenset((found - {""}) | {"tokyo", "osaka", "kyoto", "hokkaido"})


def romaji_address_score(text: str) -> float:
    """0..0.75: does the text hold a house number, a suffix such as -ku or -cho, and a prefecture, in Latin letters?"""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if not 8 <= len(plain) <= 160 or not ("-" in plain or "," in plain):
        return 0.0
    words = _WORD.findall(plain)
    if not 2 <= len(words) <= 14:
        return 0.0
    score = 0.3 * bool(_HOUSE.search(plain))
    suffixes = sum(bool(_SUFFIX.search(w)) for w in words)
    score += min(0.35, 0.25 * suffixes)
    score += 0.25 * any(romaji_key(w.split("-")[0]) in _romaji_places() for w in words if len(w) > 3)
    score += 0.1 * ("japan" in plain.lower())
    return min(0.75, score) if score > 0.3 else 0.0
