"""Empties the value: nothing of it is left, not even its length."""

from __future__ import annotations

from collections.abc import Mapping

from piiscan.actions import _options
from piiscan.model import Action


def apply(entity: str, text: str, options: Mapping[str, str | int]) -> str:  # noqa: ARG001
    """An empty text."""
    _options.check(options, {})
    return ""


ACTION = Action(id="drop", label="空にする", label_en="empty", apply=apply)
