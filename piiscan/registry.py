"""Finds the plug-ins: every module in a plug-in folder must define the constant the folder stands for."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TypeVar

from piiscan import actions as actions_package
from piiscan import detectors as detectors_package
from piiscan import formats as formats_package
from piiscan.errors import BrokenPluginError
from piiscan.model import Action, Detector, Format

T = TypeVar("T")


def load(package: ModuleType, constant: str, kind: type[T]) -> dict[str, T]:
    """The plug-ins of ``package`` by id, in alphabetical order; raises ``BrokenPluginError`` for one without a plug.

    Modules whose name begins with an underscore are shared helpers of the folder, not plug-ins.
    """
    found: dict[str, T] = {}
    for name in sorted(m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_")):
        module = import_module(f"{package.__name__}.{name}")
        plugin = getattr(module, constant, None)
        if not isinstance(plugin, kind):
            raise BrokenPluginError("plugin_without_constant", file=str(module.__file__), constant=constant)
        if getattr(plugin, "id", None) != name:
            raise BrokenPluginError("plugin_id_differs", file=str(module.__file__), expected=name)
        found[name] = plugin
    return found


@cache
def detectors() -> dict[str, Detector]:
    """All built-in detectors by entity id."""
    return load(detectors_package, "DETECTOR", Detector)


@cache
def formats() -> dict[str, Format]:
    """All formats by id."""
    return load(formats_package, "FORMAT", Format)


@cache
def actions() -> dict[str, Action]:
    """All actions by id."""
    return load(actions_package, "ACTION", Action)
