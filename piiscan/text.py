"""Widths, kana, hyphens, variant kanji, shapes, masks, and text that is safe to print.

Pure functions on strings, with nothing below them. Sources: facts on written forms of Japanese data; the hyphen table
lists the characters that NFKC does not turn into "-".
"""

from __future__ import annotations

import re
import unicodedata

#: Characters people type for a hyphen between digits. NFKC maps only U+FF0D of them.
HYPHENS = "-‐‑‒–—―−－ーｰ─━~〜～_"
HYPHEN_CLASS = r"[\-‐‑‒–—―−－ーｰ─━~〜～_]"
_HYPHEN_BETWEEN_DIGITS = re.compile(rf"(?<=[0-9)\]]){HYPHEN_CLASS}(?=[0-9(\[])")
#: Characters of a value that its outline is made of.
_LONGEST_OUTLINED = 2000

#: Variant kanji of names, folded to the common form. NFKC does not unify them.
_VARIANTS = dict(
    zip(
        "髙﨑德塚神祥福都濵濱邉邊栁澤齋齊齎廣國眞禎櫻惠壽龍圓嶋嶌冨舘櫛曾槇瀨淸增藏豐靜會應萬富淵渕渊斎檜鷗㟢㐂𠮷吉凜禮榮彌與實瀧瀬縣兒條寬學黑緖爲廳敎豫穗濟當畫來眞鄕晄榎郞",
        "高崎徳塚神祥福都浜浜辺辺柳沢斎斉斎広国真禎桜恵寿竜円島島富館櫛曽槙瀬清増蔵豊静会応万富淵淵淵斎桧鴎崎喜吉吉凛礼栄弥与実滝瀬県児条寛学黒緒為庁教予穂済当画来真郷晃榎郎",
        strict=True,
    )
)
_VARIANT_TABLE = str.maketrans({old: new for old, new in _VARIANTS.items() if old != new})
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
#: What most texts are without: looking for it costs less than folding it.
_FOLDED = re.compile(f"[{''.join(map(chr, _VARIANT_TABLE))}\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SPACES = re.compile(r"\s+")
_NOT_DIGIT = re.compile("[^0-9]")


def fold(text: str) -> str:
    """NFKC, trimmed, and any hyphen-like character between digits turned into ``-``."""
    if text.isascii():
        return _HYPHEN_BETWEEN_DIGITS.sub("-", text.strip())
    return _HYPHEN_BETWEEN_DIGITS.sub("-", unicodedata.normalize("NFKC", text)).strip()


def digits(text: str) -> str:
    """The decimal digits of ``text`` in ASCII, everything else dropped."""
    return _NOT_DIGIT.sub("", text if text.isascii() else unicodedata.normalize("NFKC", text))


def fold_kanji(text: str) -> str:
    """Variant kanji (髙 﨑 邉) as their common form; variation selectors dropped. Length may shrink."""
    return _SELECTORS.sub("", text).translate(_VARIANT_TABLE) if _FOLDED.search(text) else text


def fold_name(text: str) -> str:
    """A name for comparison: NFKC, no spaces, common kanji, katakana for hiragana, lower case."""
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", text))
    return katakana(fold_kanji(plain)).casefold()


def katakana(text: str) -> str:
    """Hiragana as katakana; everything else as it is. Keeps the length."""
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)


def fold_header(text: str) -> str:
    """A header for comparison: NFKC, lower case, no spaces, no punctuation, no (必須) marks."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(r"[(\[【〔<](必須|任意|required|optional|半角|全角)[)\]】〕>]", "", plain)
    return re.sub(r"[\s_\-・:/()\[\]【】〔〕「」<>.。,、*※#'\"’”!?★☆●○◎■□◆◇▼▽▲△]+", "", plain)


def column_letters(index: int) -> str:
    """Spreadsheet letters of a column index that counts from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_ref(row: int, column: int) -> str:
    """The A1 reference of a cell; ``row`` and ``column`` count from 0."""
    return f"{column_letters(column)}{row + 1}"


def printable(text: str, limit: int = 200) -> str:
    """``text`` safe for a terminal: control, format, surrogate and line-separating characters become U+FFFD."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(c)[0] == "C" or unicodedata.category(c) in ("Zl", "Zp")
        else c
        for c in text
    )


def _shape_of(c: str) -> str:
    if c.isdecimal():
        return "9"
    if "ぁ" <= c <= "ゖ":
        return "ひ"
    if "ァ" <= c <= "ヺ" or c in "ーヽヾ" or "ｦ" <= c <= "ﾟ":
        return "カ"
    if c.isalpha():
        return "a" if c.isascii() or unicodedata.category(c) in ("Ll", "Lu", "Lt") else "漢"
    if c.isspace():
        return " "
    return c if c in "-@./:,()（）－#+" else "・"


def shape(text: str, limit: int = 24) -> str:
    """The outline of a value without any of it: 漢漢 漢漢, 999-9999-9999, aaaa@aaaa.aa.jp.

    Runs longer than four are cut to four, so that the outline does not give the length of a rare value away. The
    only letters kept are a top-level domain of two to four letters, which identifies nobody.
    """
    plain = text.strip()
    if len(plain) > _LONGEST_OUTLINED:  # of a monstrous cell, the two ends
        plain = plain[: _LONGEST_OUTLINED // 2] + plain[-_LONGEST_OUTLINED // 2 :]
    kept = re.sub(r"^([^@\n]*@.*\.)([A-Za-z]{2,4})$", r"\1", plain)
    tail = plain[len(kept) :] if "@" in plain else ""
    outline = "".join(_shape_of(c) for c in kept)
    outline = re.sub(r"(.)\1{4,}", lambda m: m.group(1) * 4, outline)
    return (outline[:limit] + "…" if len(outline) > limit else outline) + tail.lower()


class _Masks(dict[int, str]):
    """Code point → what stands for it in a mask."""

    def __missing__(self, point: int) -> str:
        sign = chr(point)
        self[point] = masked = sign if not is_telling(sign) else "*" if sign.isascii() or sign.isdecimal() else "■"
        return masked


_MASKS = _Masks()


def is_telling(sign: str) -> bool:
    """Whether a sign is a letter, a digit, or a part of one: what a mask hides."""
    return sign.isalnum() or unicodedata.category(sign) in ("Lm", "Mn", "Lo", "Sk")


def mask(text: str, keep: int = 0) -> str:
    """``text`` with letters as ■ and digits as ``*``; the first ``keep`` letters or digits and all punctuation stay."""
    at = 0
    while keep > 0 and at < len(text):
        keep -= is_telling(text[at])
        at += 1
    return text[:at] + text[at:].translate(_MASKS)
