"""Puts a token in the place of the value, ``P-7F3K2M``, the same for the same value: needs a key."""

from __future__ import annotations

from collections.abc import Mapping

from piiscan.actions import _options, _stand_nobody, _stand_numbers
from piiscan.errors import UsageError
from piiscan.model import Action, Keyed


def apply(entity: str, text: str, options: Mapping[str, str | int]) -> str:  # noqa: ARG001
    """Only what is empty; raises ``UsageError`` for the rest."""
    _options.check(options, {})
    if text.strip():
        raise UsageError("action_wants_key", name="token")
    return text


def keyed(entity: str, text: str, options: Mapping[str, str | int], key: Keyed) -> str:
    """The token of ``text``."""
    _options.check(options, {})
    return text if _stand_nobody.says_nothing(text) else _stand_numbers.token(entity, text, key)


ACTION = Action(id="token", label="記号に置き換える", label_en="token", apply=apply, keyed=keyed)
