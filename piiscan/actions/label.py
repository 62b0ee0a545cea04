"""Puts the kind in place of the value: 〔氏名〕. The text stays readable, and says what was there.

Option ``text``: the words between the brackets; the policy gives the entity's label when a rule names none.
"""

from __future__ import annotations

from collections.abc import Mapping

from piiscan.actions import _options
from piiscan.model import Action


def apply(entity: str, text: str, options: Mapping[str, str | int]) -> str:
    """〔label〕; an empty value stays empty."""
    _options.check(options, {"text": None})
    return f"〔{options.get('text', entity)}〕" if text.strip() else text


ACTION = Action(id="label", label="種類の名前に置き換える", label_en="replace by its kind", apply=apply)
