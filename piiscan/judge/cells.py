"""What one cell looks like, before anybody asks what it means."""

from __future__ import annotations

import re
from functools import lru_cache

from piiscan.text import HYPHEN_CLASS, fold

_INTEGER = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+|[+-]?[0-9]+")
_DECIMAL = re.compile(
    r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)\.[0-9]+(?:[eE][+-]?[0-9]+)?%?|[+-]?[0-9]+(?:,[0-9]{3})*%"
)
_DATE = re.compile(
    r"(?:[0-9]{4}|(?:明治|大正|昭和|平成|令和|[MTSHRmtshr])\.?(?:[0-9]{1,2}|元))[-/.年][0-9]{1,2}(?:[-/.月](?:[0-9]{1,2}日?)?)?"
    r"(?:[ T]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?(?:Z|[+-][0-9:]+)?)?(?: ?\([月火水木金土日]\))?"
)
_TIME = re.compile(r"[0-9]{1,2}[:時][0-9]{2}(?:[:分][0-9]{0,2}秒?)?")
_NUMBERS = re.compile(rf"[0-9][0-9 ()/.+]*(?:{HYPHEN_CLASS}[0-9 ()/.]*)+")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}")
_URL = re.compile(r"(?:https?|ftp|file)://\S+|www\.\S+|\\\\\S+")
_HIRAGANA = re.compile(r"[ぁ-ゖー゛゜ゝゞ・ ]+")
_KATAKANA = re.compile(r"[ァ-ヺーヽヾ・= ]+")
_KANJI = re.compile(r"[㐀-鿿豈-﫿々〆ヶヵ𠀀-𪛟 ]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ .,'’&-]*")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./:#+-]*")
_MARK = re.compile(r"[○●◯〇◎×✕✗✓✔△▲▽▼□■☆★※・*\-/／…‥=+〃\"'→←↑↓レ ]+")
_PLACEHOLDER = re.compile(
    r"\{\{.*\}\}|\{[A-Za-z_.]+\}|<[A-Za-z_ ]+>|\$\{.*\}|%[A-Za-z_]+%|\[[A-Za-z_ ]+\]|[○〇◯△□×＊*]{2,}.{0,6}|.{0,4}[○〇◯]{2,}.{0,4}"
)

#: Kinds that only data has, never a header.
DATA_KINDS = frozenset({"integer", "decimal", "date", "time", "numbers", "email", "url"})


@lru_cache(maxsize=65536)
def kind(text: str) -> str:
    """The kind of a cell.

    One of: empty, integer, decimal, date, time, numbers (digits with hyphens: a phone, a postal code, a block
    number), email, url, hiragana, katakana, kanji, latin, code, mark, placeholder, mixed, long (over 40 characters).
    """
    plain = fold(text)
    if not plain:
        return "empty"
    for pattern, name in _ORDER:
        if pattern.fullmatch(plain):
            return name
    return "long" if len(plain) > 40 else "mixed"


_ORDER = (
    (_INTEGER, "integer"),
    (_DECIMAL, "decimal"),
    (_DATE, "date"),
    (_TIME, "time"),
    (_NUMBERS, "numbers"),
    (_PLACEHOLDER, "placeholder"),
    (_MARK, "mark"),
    (_KATAKANA, "katakana"),
    (_HIRAGANA, "hiragana"),
    (_KANJI, "kanji"),
    (_EMAIL, "email"),
    (_URL, "url"),
    (_LATIN, "latin"),
    (_CODE, "code"),
)


def is_placeholder(text: str) -> bool:
    """Whether a cell only stands for a value: ``{{氏名}}``, ``○○ ○○``, ``${name}``."""
    return kind(text) == "placeholder"
