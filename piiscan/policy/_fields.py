"""Taking typed values out of a rule file's tables; what does not fit is noted as a mistake and left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from piiscan.policy._files import KeyPath, RuleFile, TomlTable


def table(file: RuleFile, path: KeyPath, value: object) -> TomlTable:
    """``value`` as a table, empty when it is none."""
    if isinstance(value, Mapping):
        return value
    file.report(path, "rule_type", "table")
    return {}


def only_keys(file: RuleFile, path: KeyPath, entries: TomlTable, known: Collection[str]) -> None:
    """Notes every key of ``entries`` that nobody reads."""
    for key in entries:
        if key not in known:
            file.report((*path, key), "rule_unknown_key", key)


def strings(file: RuleFile, path: KeyPath, entries: TomlTable, key: str) -> tuple[str, ...]:
    """The list of strings under ``key``; empty when there is none."""
    value = entries.get(key, ())
    if not isinstance(value, list | tuple):
        file.report((*path, key), "rule_type", "list of strings")
        return ()
    for index, item in enumerate(value):
        if not isinstance(item, str) or not item.strip():
            file.report((*path, key, index), "rule_type", "string")
    return tuple(item for item in value if isinstance(item, str) and item.strip())


def string(file: RuleFile, path: KeyPath, entries: TomlTable, key: str, default: str | None = None) -> str:
    """The string under ``key``; without a default it must be there."""
    value = entries.get(key, default)
    if isinstance(value, str):
        return value
    file.report((*path, key) if key in entries else path, "rule_type" if key in entries else "rule_missing_key", key)
    return ""


def flag(file: RuleFile, path: KeyPath, entries: TomlTable, key: str, default: bool = False) -> bool:
    """The truth value under ``key``."""
    value = entries.get(key, default)
    if isinstance(value, bool):
        return value
    file.report((*path, key), "rule_type", "true or false")
    return default


def number(
    file: RuleFile, path: KeyPath, entries: TomlTable, key: str, default: float, low: float, high: float
) -> float:
    """The number under ``key``, which must lie between ``low`` and ``high``, both included."""
    value = entries.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        file.report((*path, key), "rule_type", "number")
        return default
    if not low <= value <= high:
        file.report((*path, key), "rule_range", f"{low:g}…{high:g}")
        return default
    return value


def whole(file: RuleFile, path: KeyPath, entries: TomlTable, key: str, default: int, low: int, high: int) -> int:
    """The whole number under ``key`` between ``low`` and ``high``, both included."""
    value = number(file, path, entries, key, default, low, high)
    if isinstance(value, int):
        return value
    file.report((*path, key), "rule_type", "whole number")
    return default


def one_of(file: RuleFile, path: KeyPath, value: str, known: Collection[str], problem: str) -> bool:
    """Whether ``value`` is known; if not, ``problem`` is noted at ``path``."""
    if value in known:
        return True
    file.report(path, problem, value)
    return False
