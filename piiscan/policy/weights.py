"""Severity rules as data: duties to report, the damage model, and the levels; read from ``severity*.toml``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from piiscan.model import Level
from piiscan.policy import _fields as fields
from piiscan.policy._files import KeyPath, RuleFile, TomlTable


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty to report. It exists above ``more_than`` people; ``visible`` False: no file can show it.

    ``entities`` may be ``("*",)``: any data about identified people. ``alone`` name a person by themselves.
    ``together`` are sets that count only when all of one set are there. ``as_of`` is an ISO date.
    """

    id: str
    title: str
    more_than: int
    entities: tuple[str, ...]
    alone: tuple[str, ...]
    together: tuple[tuple[str, ...], ...]
    visible: bool
    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Item:
    """Levels of one kind of data in the damage model, 1..3 each, and where they come from."""

    mental: int
    economic: int
    basis: str


@dataclass(frozen=True, slots=True)
class Together:
    """Data that have a higher economic level when all of ``of`` are there."""

    of: tuple[str, ...]
    economic: int


@dataclass(frozen=True, slots=True)
class Damage:
    """The damage model: factors, and the items by entity. ``rare_share`` 0..1, see ``severity.toml``."""

    base_yen: int
    social_responsibility: float
    response: float
    rare_share: float
    one_each: tuple[str, ...]
    somebody: tuple[str, ...]
    easy: int
    some: int
    hard: int
    name: tuple[str, ...]
    address: tuple[str, ...]
    phone: tuple[str, ...]
    items: Mapping[str, Item]
    together: tuple[Together, ...]
    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class LevelRule:
    """Conditions of one level; 0 or empty: does not apply."""

    level: Level
    duty: bool
    people: int
    any: tuple[str, ...]
    any_of_people: tuple[str, ...]
    list_count: int
    list_of: tuple[str, ...]
    organisations: int
    pseudonyms: int


@dataclass(frozen=True, eq=False)
class SeverityRules:
    """All severity rules in force. ``levels`` from the highest down."""

    duties: tuple[Duty, ...]
    damage: Damage
    levels: tuple[LevelRule, ...]


def read(files: Iterable[RuleFile], entities: Collection[str], own: Mapping[str, Item]) -> SeverityRules:
    """The rules of all severity files; a later file replaces single keys of an earlier one.

    ``own`` are the levels that detectors of rule files bring; one value of such an entity makes a file at least low.
    """
    merged: Mapping[str, object] = {}
    for file in files:
        fields.only_keys(file, (), file.data, ("duty", "damage", "level"))
        _rules(file, entities)  # each on its own first, so that a mistake is noted in its own file
        merged = _merge(merged, file.data)
    rules = _rules(RuleFile(Path(), 0, b"", merged, []), entities)
    levels = (
        replace(rule, list_of=(*rule.list_of, *own)) if rule.level is Level.LOW else rule for rule in rules.levels
    )
    damage = replace(rules.damage, items={**own, **rules.damage.items})
    return replace(rules, damage=damage, levels=tuple(levels))


def _merge(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
    merged = dict(old)
    for key, value in new.items():
        before = merged.get(key)
        merged[key] = _merge(before, value) if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return merged


def _rules(file: RuleFile, entities: Collection[str]) -> SeverityRules:
    duties = fields.table(file, ("duty",), file.data.get("duty", {}))
    levels = fields.table(file, ("level",), file.data.get("level", {}))
    known = [level for level in reversed(Level) if level.value in levels and level is not Level.NONE]
    for name in levels:
        fields.one_of(
            file, ("level", name), name, [v.value for v in Level if v is not Level.NONE], "rule_unknown_level"
        )
    return SeverityRules(
        tuple(_duty(file, name, value, entities) for name, value in duties.items()),
        _damage(file, entities),
        tuple(_level(file, level, levels[level.value], entities) for level in known),
    )


def _ids(
    file: RuleFile, path: KeyPath, entries: TomlTable, key: str, entities: Collection[str], star: bool = False
) -> tuple[str, ...]:
    """The entity ids under ``key``; ids of the form ``other.<class>`` stand for header classes."""
    found = fields.strings(file, path, entries, key)
    for index, entity in enumerate(found):
        if not (entity.startswith("other.") or (star and entity == "*")):
            fields.one_of(file, (*path, key, index), entity, entities, "rule_unknown_entity")
    return found


def _as_of(file: RuleFile, path: KeyPath, entries: TomlTable) -> str:
    value = entries.get("as_of", "")
    if isinstance(value, date):
        return value.isoformat()
    if value != "":
        file.report((*path, "as_of"), "rule_type", "date")
    return ""


def _duty(file: RuleFile, name: str, value: object, entities: Collection[str]) -> Duty:
    path: KeyPath = ("duty", name)
    entries = fields.table(file, path, value)
    known = ("title", "more_than", "entities", "alone", "together", "visible", "source", "as_of")
    fields.only_keys(file, path, entries, known)
    sets = entries.get("together", ())
    if not isinstance(sets, list | tuple):
        file.report((*path, "together"), "rule_type", "list of lists")
        sets = ()
    together = [_ids(file, (*path, "together"), {"together": group}, "together", entities) for group in sets]
    return Duty(
        id=name,
        title=fields.string(file, path, entries, "title", ""),
        more_than=fields.whole(file, path, entries, "more_than", 0, 0, 10**9),
        entities=_ids(file, path, entries, "entities", entities, star=True),
        alone=_ids(file, path, entries, "alone", entities),
        together=tuple(together),
        visible=fields.flag(file, path, entries, "visible", True),
        source=fields.string(file, path, entries, "source", ""),
        as_of=_as_of(file, path, entries),
    )


def _damage(file: RuleFile, entities: Collection[str]) -> Damage:
    path: KeyPath = ("damage",)
    entries = fields.table(file, path, file.data.get("damage", {}))
    known = ("base_yen", "social_responsibility", "response", "rare_share", "one_each", "somebody", "source", "as_of")
    fields.only_keys(file, path, entries, (*known, "identifiability", "item", "together"))
    ease_path: KeyPath = ("damage", "identifiability")
    ease = fields.table(file, ease_path, entries.get("identifiability", {}))
    fields.only_keys(file, ease_path, ease, ("easy", "some", "hard", "name", "address", "phone"))
    items = fields.table(file, ("damage", "item"), entries.get("item", {}))
    together = fields.table(file, ("damage", "together"), entries.get("together", {}))
    return Damage(
        base_yen=fields.whole(file, path, entries, "base_yen", 500, 0, 10**9),
        social_responsibility=fields.number(file, path, entries, "social_responsibility", 1, 0, 100),
        response=fields.number(file, path, entries, "response", 1, 0, 100),
        rare_share=fields.number(file, path, entries, "rare_share", 0.1, 0, 1),
        one_each=_ids(file, path, entries, "one_each", entities),
        somebody=_ids(file, path, entries, "somebody", entities),
        easy=fields.whole(file, ease_path, ease, "easy", 6, 0, 1000),
        some=fields.whole(file, ease_path, ease, "some", 3, 0, 1000),
        hard=fields.whole(file, ease_path, ease, "hard", 1, 0, 1000),
        name=_ids(file, ease_path, ease, "name", entities),
        address=_ids(file, ease_path, ease, "address", entities),
        phone=_ids(file, ease_path, ease, "phone", entities),
        items={entity: _item(file, entity, value, entities) for entity, value in items.items()},
        together=tuple(_together(file, name, value, entities) for name, value in together.items()),
        source=fields.string(file, path, entries, "source", ""),
        as_of=_as_of(file, path, entries),
    )


def _item(file: RuleFile, entity: str, value: object, entities: Collection[str]) -> Item:
    path: KeyPath = ("damage", "item", entity)
    entries = fields.table(file, path, value)
    fields.only_keys(file, path, entries, ("mental", "economic", "basis"))
    if not entity.startswith("other."):
        fields.one_of(file, path, entity, entities, "rule_unknown_entity")
    return Item(
        fields.whole(file, path, entries, "mental", 1, 1, 3),
        fields.whole(file, path, entries, "economic", 1, 1, 3),
        fields.string(file, path, entries, "basis", "piiscan"),
    )


def _together(file: RuleFile, name: str, value: object, entities: Collection[str]) -> Together:
    path: KeyPath = ("damage", "together", name)
    entries = fields.table(file, path, value)
    fields.only_keys(file, path, entries, ("of", "economic", "basis"))
    economic = fields.whole(file, path, entries, "economic", 1, 1, 3)
    return Together(_ids(file, path, entries, "of", entities), economic)


def _level(file: RuleFile, level: Level, value: object, entities: Collection[str]) -> LevelRule:
    path: KeyPath = ("level", level.value)
    entries = fields.table(file, path, value)
    fields.only_keys(
        file, path, entries, ("duty", "people", "any", "any_of_people", "lists", "organisations", "pseudonyms")
    )
    lists = fields.table(file, (*path, "lists"), entries.get("lists", {}))
    fields.only_keys(file, (*path, "lists"), lists, ("count", "of"))
    return LevelRule(
        level=level,
        duty=fields.flag(file, path, entries, "duty"),
        people=fields.whole(file, path, entries, "people", 0, 0, 10**9),
        any=_ids(file, path, entries, "any", entities),
        any_of_people=_ids(file, path, entries, "any_of_people", entities),
        list_count=fields.whole(file, (*path, "lists"), lists, "count", 1, 1, 10**9),
        list_of=_ids(file, (*path, "lists"), lists, "of", entities),
        organisations=fields.whole(file, path, entries, "organisations", 0, 0, 10**9),
        pseudonyms=fields.whole(file, path, entries, "pseudonyms", 0, 0, 10**9),
    )
