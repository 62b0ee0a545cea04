"""Kanji numerals up to a few thousand, positional (一九七五) or with units (五十、千九百七十五)."""

from __future__ import annotations

#: The numerals that occur in dates; 元 stands for 1 in the first year of an era.
KANJI_DIGITS = "〇零一二三四五六七八九十百千元壱弐参"
_VALUES = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1, "壱": 1, "弐": 2, "参": 3}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def number(text: str) -> int | None:
    """The value of ASCII digits or kanji numerals; None for anything else."""
    if text.isascii():
        return int(text) if text.isdigit() and len(text) < 20 else None
    if all(c in _VALUES for c in text):
        return int("".join(str(_VALUES[c]) for c in text))
    total = current = 0
    for c in text:
        if c in _UNITS:
            total += (current or 1) * _UNITS[c]
            current = 0
        elif c in _VALUES:
            current = current * 10 + _VALUES[c]
        else:
            return None
    return total + current
