"""Kana and romaji folded to keys under which different spellings of one name meet.

Half and full width, hiragana and katakana, the large letters of bank kana (キヨウコ), ー for a long vowel, and the
Hepburn, Kunrei and passport ways of writing romaji all fall together. Keys are for comparing, never for showing.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from piiscan.shaped import later
from piiscan.text import katakana

_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶヂヅヲヰヱ", "アイウエオツヤユヨワカケジズオイエ")
_VOWEL_OF = {
    c: vowel
    for vowel, row in {
        "a": "アカサタナハマヤラワガザダバパ",
        "i": "イキシチニヒミリギジビピ",
        "u": "ウクスツヌフムユルグズブプヴ",
        "e": "エケセテネヘメレゲゼデベペ",
        "o": "オコソトノホモヨロゴゾドボポ",
    }.items()
    for c in row
}
_LENGTHENS = {"a": "アー", "i": "イー", "u": "ウー", "e": "エイー", "o": "オウー"}
_MARKS = later(r"[-‐−－ｰ]")


@lru_cache(maxsize=4096)
def kana_key(text: str) -> str:
    """``text`` as a key: NFKC, katakana, large letters, one ー for every long-vowel sign; spaces stay."""
    plain = katakana(unicodedata.normalize("NFKC", text))
    return _MARKS.sub("ー", plain).translate(_LARGE)


def long_key(key: str) -> str:
    """A kana key with every long vowel written ー, so that ユウコ and ユーコ meet. Keeps the length."""
    out, vowel = [], ""
    for c in key:
        if vowel and c in _LENGTHENS[vowel]:
            out.append("ー")
            continue
        out.append(c)
        vowel = _VOWEL_OF.get(c, "")
    return "".join(out)


_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ",
    "h": "ハヒフヘホ", "m": "マミムメモ", "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ",
    "d": "ダヂヅデド", "b": "バビブベボ", "p": "パピプペポ",
}  # fmt: skip
_MORAE = {kana: c + v for c, row in _ROWS.items() for kana, v in zip(row, "aiueo", strict=True)}
_MORAE |= {"シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu", "ヴ": "vu"}
_MORAE |= {"ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o", "ン": "n", "ヰ": "i", "ヱ": "e"}
_GLIDES = {"ャ": "a", "ュ": "u", "ョ": "o"}
_SMALL_VOWELS = {"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}


def romaji(kana: str) -> str:
    """Hepburn as a passport has it: long vowels written out as in kana, ン as n, no apostrophe, lower case."""
    out: list[str] = []
    double = False
    for c in katakana(unicodedata.normalize("NFKC", kana)):
        if c == "ッ":
            double = True
            continue
        if c in _GLIDES and out:
            stem = out.pop()[:-1]
            out.append(stem + ("" if stem.endswith(("sh", "ch", "j")) else "y") + _GLIDES[c])
            continue
        if c in _SMALL_VOWELS and out:
            out.append(out.pop()[:-1] + _SMALL_VOWELS[c])
            continue
        mora = "" if c == "ー" else _MORAE.get(c, c)
        if double and mora[:1].isalpha():
            mora = ("t" if mora.startswith("ch") else mora[0]) + mora
            double = False
        out.append(mora)
    return "".join(out)


_NOT_LETTERS = later(r"[^a-z]+")
_KUNREI = (
    ("sy", "sh"), ("ty", "ch"), ("zy", "j"), ("jy", "j"), ("cch", "tch"), ("si", "shi"), ("ti", "chi"), ("zi", "ji"),
    ("hu", "fu"), ("la", "ra"), ("lu", "ru"), ("mb", "nb"), ("mp", "np"), ("mm", "nm"),
)  # fmt: skip
_TU = later("tu")
_SHU = later("(?<=[sc])fu")
_OH = later("oh(?![aiueoy])")
_LONG = later("o[ou]+|uu+")


def romaji_key(text: str) -> str:
    """One romaji word as a key: Hepburn, no marks, short vowels (Ōno, Ohno, Oono, ono all give ``ono``)."""
    word = text.lower()
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word)
    word = _NOT_LETTERS.sub("", word)
    for old, new in _KUNREI:
        if old in word:
            word = word.replace(old, new)
    word = _SHU.sub("hu", word)
    word = _TU.sub("tsu", word)
    word = _OH.sub("o", word)
    return _LONG.sub(lambda m: m[0][0], word)
