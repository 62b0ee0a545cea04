"""Hides letters and digits and leaves the outline: 090-0123-4567 becomes ***-****-****.

Option ``keep``: that many letters or digits at the beginning stay, never more than half of them. My Numbers and secrets
are always hidden whole: a My Number that can be completed is still one.
"""

from __future__ import annotations

from collections.abc import Mapping

from piiscan.actions import _options
from piiscan.model import Action
from piiscan.text import mask

_ALWAYS_WHOLE = frozenset({"my_number", "password", "resident_code"})


def apply(entity: str, text: str, options: Mapping[str, str | int]) -> str:
    """``text`` with letters as ■ and digits as ``*``; punctuation and spaces stay."""
    _options.check(options, {"keep": (0, 16)})
    keep = 0 if entity in _ALWAYS_WHOLE else int(options.get("keep", 0))
    return mask(text, min(keep, sum(c.isalnum() for c in text) // 2))


ACTION = Action(id="mask", label="伏せ字にする", label_en="mask", apply=apply)
