"""How much a string in Latin letters looks like the name of one person, Japanese or from abroad."""

from __future__ import annotations

import unicodedata

from piiscan.lexicon._foreign_names import FOREIGN_GIVEN, FOREIGN_SURNAMES, NOT_NAME_WORDS, words
from piiscan.lexicon._kana import romaji_key
from piiscan.lexicon._name_data import romaji_tables
from piiscan.shaped import later

_WORDS = later(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ž]+(?:['’‐-][A-Za-zÀ-ÖØ-öø-ÿĀ-ž]+)*\.?")
_NAME = later(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ž.,'’‐\- ]{3,60}")
#: The two words of a name as programs write them: sarina_ushio.
_JOINED = later("([a-z]{2,15})[_.]([a-z]{2,15})")
#: The least weight of a reading that many have: 阿部 is 218, 江角 75.
COMMON = 100
_TITLES = words("mr mrs ms miss dr prof sir mx phd md mba msc bsc jr sr esq")
#: Degrees with points, which are no initials: Taro Yamada, Ph.D.
_DEGREES = later(r"[, ](?:Ph\. ?D|M\. ?D|M\. ?B\. ?A|D\. ?Sc|[BM]\. ?(?:Sc|Eng|A|S))\.?(?=[, ]|\Z)")


def romaji_name_score(text: str) -> float:
    """0..1: is the whole string one person's name in Latin letters, in either order?

    Japanese names reach 0.95; names from abroad stop at 0.65, since company and product names are made of the same
    words. One word alone is never a full name.
    """
    if not text or len(text) > 80:
        return 0.0
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = plain.strip()
    if joined := _JOINED.fullmatch(plain):
        return max(_japanese(joined[1], joined[2]), _japanese(joined[2], joined[1]))
    if not _NAME.fullmatch(plain):
        return 0.0
    plain = _DEGREES.sub("", plain) if "." in plain else plain
    tokens = [w.rstrip(".") for w in _WORDS.findall(plain)]
    tokens = [w for w in tokens if w.lower() not in _TITLES]  # Dr. Jane Roe, Jane Roe, PhD
    if not 2 <= len(tokens) <= 5 or not _cased_like_a_name(tokens):
        return 0.0
    lowered = [w.lower() for w in tokens]
    if any(w in NOT_NAME_WORDS for w in lowered):
        return 0.0
    if len(lowered) == 2:
        japanese = max(_japanese(lowered[0], lowered[1]), _japanese(lowered[1], lowered[0]))
        if japanese:
            return japanese
    return _foreign(lowered)


def is_latin_name(text: str) -> bool:
    """Whether a single word in Latin letters is a Japanese surname or given name, or a common name from abroad."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if not 3 <= len(plain) <= 20 or not plain.isascii() or not plain.isalpha():
        return False
    family, own = romaji_tables()
    known = plain in FOREIGN_GIVEN or plain in FOREIGN_SURNAMES
    return known or romaji_key(plain) in family or romaji_key(plain) in own


def is_common_latin_name(text: str) -> bool:
    """Whether a single word in Latin letters is a surname or given name that many Japanese have."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if not 2 <= len(plain) <= 20 or not plain.isascii() or not plain.isalpha():
        return False
    family, own = romaji_tables()
    return max(family.get(romaji_key(plain), 0), own.get(romaji_key(plain), 0)) >= COMMON


def _cased_like_a_name(tokens: list[str]) -> bool:
    """All words capitalised, all capitals, or all lower case with something else to say so."""
    upper = sum(w.isupper() for w in tokens)
    titled = sum(w[:1].isupper() and w[1:].islower() for w in tokens)
    initials = sum(len(w) == 1 for w in tokens)
    return upper + titled + initials >= len(tokens) or all(w.islower() for w in tokens)


def _japanese(surname: str, first: str) -> float:
    if len(surname) < 2 or len(first) < 2:
        return 0.0
    family, own = romaji_tables()
    s, g = family.get(romaji_key(surname), 0), own.get(romaji_key(first), 0)
    if not (s and g):
        return 0.0
    score = 0.6 + 0.35 * min(1.0, (s + g) / 320)
    return score - 0.25 if len(surname) + len(first) < 6 and s + g < 300 else score


def _foreign(tokens: list[str]) -> float:
    family, own = romaji_tables()
    known = 0.0
    for word in tokens:
        plain = "".join(c for c in unicodedata.normalize("NFKD", word) if c.isascii())
        if plain in FOREIGN_GIVEN or plain in FOREIGN_SURNAMES:
            known += 1
        elif len(word) > 2 and (romaji_key(word) in family or romaji_key(word) in own):
            known += 0.5
    if not known:
        return 0.05
    return min(0.65, 0.2 + 0.45 * known / max(2, len([w for w in tokens if len(w) > 1])))
