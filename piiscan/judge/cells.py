"""What one cell looks like, before anybody asks what it means."""

from __future__ import annotations

from functools import lru_cache

from piiscan.shaped import later
from piiscan.text import HYPHEN_CLASS, fold

_INTEGER = later(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+|[+-]?[0-9]+")
_DECIMAL = later(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)\.[0-9]+(?:[eE][+-]?[0-9]+)?%?|[+-]?[0-9]+(?:,[0-9]{3})*%")
_DATE = later(
    r"(?:[0-9]{4}|(?:明治|大正|昭和|平成|令和|[MTSHRmtshr])\.?(?:[0-9]{1,2}|元))[-/.年][0-9]{1,2}(?:[-/.月](?:[0-9]{1,2}日?)?)?"
    r"(?:[ T]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?(?:Z|[+-][0-9:]+)?)?(?: ?\([月火水木金土日]\))?"
)
_TIME = later(r"[0-9]{1,2}[:時][0-9]{2}(?:[:分][0-9]{0,2}秒?)?")
_NUMBERS = later(rf"[0-9][0-9 ()/.+]*(?:{HYPHEN_CLASS}[0-9 ()/.]*)+")
_EMAIL = later(r"[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}")
_URL = later(r"(?:https?|ftp|file)://\S+|www\.\S+|\\\\\S+")
_HIRAGANA = later(r"[ぁ-ゖー゛゜ゝゞ・ ]+")
_KATAKANA = later(r"[ァ-ヺーヽヾ・= ]+")
_KANJI = later(r"[㐀-鿿豈-﫿々〆ヶヵ𠀀-𪛟 ]+")
_LATIN = later(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ .,'’&-]*")
_CODE = later(r"[A-Za-z0-9][A-Za-z0-9_./:#+-]*")
_MARK = later(r"[○●◯〇◎×✕✗✓✔△▲▽▼□■☆★※・*\-/／…‥=+〃\"'→←↑↓レ ]+")
_PLACEHOLDER = later(
    r"\{\{.*\}\}|\{[A-Za-z_.]+\}|<[A-Za-z_ ]+>|\$\{.*\}|%[A-Za-z_]+%|\[[A-Za-z_ ]+\]|[○〇◯△□×＊*]{2,}.{0,6}|[XxＸｘ]{3,}|.{0,4}[○〇◯]{2,}.{0,4}"
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
    if plain.isascii() and plain.isdigit():
        return "integer"
    if "㐀" <= plain[0] <= "鿿" and _KANJI.fullmatch(plain):
        return "kanji"
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
