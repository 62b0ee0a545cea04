"""Hides letters, digits and telling signs and leaves the outline: 090-0123-4567 becomes ***-****-****.

Option ``keep``: that many letters or digits at the beginning stay, never more than half of them. My Numbers and resident
codes are always hidden whole: one that can be completed is still one. A secret gives not even its length away.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from piiscan.actions import _options
from piiscan.model import Action
from piiscan.text import mask

_ALWAYS_WHOLE = frozenset({"my_number", "resident_code"})
#: Signs that separate and say nothing; all others (♀ ◎ × ㈱) are values in themselves.
_SEPARATORS = frozenset("〒＋～＝￥｜＜＞｀＾+~=¥|<>`^$")


def apply(entity: str, text: str, options: Mapping[str, str | int]) -> str:
    """``text`` with letters as ■ and digits as ``*``; punctuation and spaces stay."""
    if entity == "password":
        _options.check(options, {"keep": (0, 16)})
        return "********" if text.strip() else text
    if not options:
        return text.translate(_WHOLE)
    _options.check(options, {"keep": (0, 16)})
    keep = 0 if entity in _ALWAYS_WHOLE else int(options.get("keep", 0))
    masked = mask(text, min(keep, sum(c.isalnum() for c in text) // 2) if keep else 0)
    return masked if masked.isascii() else masked.translate(_HIDDEN)


def many(entity: str, texts: Sequence[str], options: Mapping[str, str | int]) -> Sequence[str] | None:
    """The same for many texts, sign by sign."""
    if options or entity == "password":
        return None
    masked = "\0".join(texts).translate(_WHOLE).split("\0")
    return masked if len(masked) == len(texts) else None


class _Hidden(dict[int, str]):
    def __missing__(self, point: int) -> str:
        sign = chr(point)
        self[point] = "■" if unicodedata.category(sign)[0] == "S" and sign not in _SEPARATORS else sign
        return self[point]


_HIDDEN = _Hidden()


class _Whole(dict[int, str]):
    def __missing__(self, point: int) -> str:
        self[point] = masked = mask(chr(point)).translate(_HIDDEN)
        return masked


_WHOLE = _Whole()


ACTION = Action(id="mask", label="伏せ字にする", label_en="mask", apply=apply, many=many)
