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
    return {name: _plugin(package, name, constant, kind) for name in _names(package)}


def _names(package: ModuleType) -> list[str]:
    return sorted(m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_"))


def _plugin(package: ModuleType, name: str, constant: str, kind: type[T]) -> T:
    module = import_module(f"{package.__name__}.{name}")
    plugin = getattr(module, constant, None)
    if not isinstance(plugin, kind):
        raise BrokenPluginError("plugin_without_constant", file=str(module.__file__), constant=constant)
    if getattr(plugin, "id", None) != name:
        raise BrokenPluginError("plugin_id_differs", file=str(module.__file__), expected=name)
    return plugin


@cache
def detectors() -> dict[str, Detector]:
    """All built-in detectors by entity id."""
    return load(detectors_package, "DETECTOR", Detector)


@cache
def detector(entity: str) -> Detector | None:
    """One built-in detector, without loading the others, as those need who only show results; None for another id."""
    return _plugin(detectors_package, entity, "DETECTOR", Detector) if entity in _names(detectors_package) else None


@cache
def formats() -> dict[str, Format]:
    """All formats by id."""
    return load(formats_package, "FORMAT", Format)


@cache
def actions() -> dict[str, Action]:
    """All actions by id."""
    return load(actions_package, "ACTION", Action)
