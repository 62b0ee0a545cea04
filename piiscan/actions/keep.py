"""Leaves the value as it is: for data that must stay readable, such as names of firms and products."""

from __future__ import annotations

from collections.abc import Mapping

from piiscan.actions import _options
from piiscan.model import Action


def apply(entity: str, text: str, options: Mapping[str, str | int]) -> str:  # noqa: ARG001
    """``text`` itself."""
    _options.check(options, {})
    return text


ACTION = Action(id="keep", label="そのまま残す", label_en="keep", apply=apply)
