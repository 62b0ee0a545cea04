"""Which action takes the values of which entity: profiles, read from ``actions*.toml``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from piiscan.errors import UsageError
from piiscan.model import Action
from piiscan.policy import _fields as fields
from piiscan.policy._files import KeyPath, RuleFile

Options = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Choice:
    """An action id with its options."""

    action: str
    options: Options = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """Choices by entity; ``fallback`` is for every entity that is not named. ``anonymity``: say how far people can still
    be told apart in the copy."""

    title: str
    fallback: Choice
    entities: Mapping[str, Choice]
    anonymity: bool = False


@dataclass(frozen=True, eq=False)
class ActionRules:
    """The profiles in force. ``labels`` are the words that ``label`` puts for an entity."""

    profiles: Mapping[str, Profile]
    labels: Mapping[str, str]
    actions: tuple[str, ...]
    entities: frozenset[str]

    def for_entity(
        self, entity: str, profile: str = "default", overrides: Mapping[str, Choice] = MappingProxyType({})
    ) -> tuple[str, Options]:
        """(action id, options) for the values of ``entity``. ``overrides`` come first; raises ``UsageError``."""
        if profile not in self.profiles:
            raise UsageError("unknown_profile", name=profile, choices=", ".join(self.profiles))
        rules = self.profiles[profile]
        choice = overrides.get(entity) or rules.entities.get(entity, rules.fallback)
        if choice.action == "label" and "text" not in choice.options:
            return "label", {"text": self.labels.get(entity, entity)}
        return choice.action, choice.options

    def override(self, text: str) -> tuple[str, Choice]:
        """``phone=mask``, ``address=generalise:place=city,…`` as (entity, choice); raises ``UsageError``."""
        entity, given, how = (part.strip() for part in text.partition("="))
        if not entity or not given or not how:
            raise UsageError("action_without_entity")
        if entity not in self.entities:
            raise UsageError("unknown_entity", name=entity)
        action, _, rest = (part.strip() for part in how.partition(":"))
        if action not in self.actions:
            raise UsageError("unknown_action", name=action, choices=", ".join(self.actions))
        options: dict[str, str | int] = {}
        for pair in filter(None, rest.split(",")):
            name, _, value = (part.strip() for part in pair.partition("="))
            options[name] = int(value) if value.isdecimal() else value
        return entity, Choice(action, options)


def read(
    files: Iterable[RuleFile], entities: Collection[str], actions: Mapping[str, Action], labels: Mapping[str, str]
) -> ActionRules:
    """The profiles of all action files; a later file replaces single entries of a profile of the same name."""
    profiles: dict[str, Profile] = {}
    for file in files:
        fields.only_keys(file, (), file.data, ("profile",))
        for name, value in fields.table(file, ("profile",), file.data.get("profile", {})).items():
            profiles[name] = _profile(file, name, value, profiles, entities, actions)
    return ActionRules(profiles, labels, tuple(actions), frozenset(entities))


def _profile(
    file: RuleFile,
    name: str,
    value: object,
    known: Mapping[str, Profile],
    entities: Collection[str],
    actions: Mapping[str, Action],
) -> Profile:
    path: KeyPath = ("profile", name)
    entries = fields.table(file, path, value)
    fields.only_keys(file, path, entries, ("title", "extends", "fallback", "entity", "anonymity"))
    base = known.get(name, Profile("", Choice("mask"), {}))
    if "extends" in entries:
        parent = fields.string(file, path, entries, "extends")
        if fields.one_of(file, (*path, "extends"), parent, known, "rule_unknown_profile"):
            base = known[parent]
    chosen = dict(base.entities)
    for entity, how in fields.table(file, (*path, "entity"), entries.get("entity", {})).items():
        at = (*path, "entity", entity)
        choice = _choice(file, at, entity, how, actions)
        if fields.one_of(file, at, entity, entities, "rule_unknown_entity") and choice:
            chosen[entity] = choice
    fallback = base.fallback
    if "fallback" in entries:
        fallback = _choice(file, (*path, "fallback"), "", entries["fallback"], actions) or fallback
    anonymity = fields.flag(file, path, entries, "anonymity", base.anonymity)
    return Profile(fields.string(file, path, entries, "title", base.title), fallback, chosen, anonymity)


def _choice(file: RuleFile, path: KeyPath, entity: str, value: object, actions: Mapping[str, Action]) -> Choice | None:
    """``"mask"`` or ``{ action = "mask", keep = 1 }``; the action itself says whether it takes the options."""
    entries = {"action": value} if isinstance(value, str) else fields.table(file, path, value)
    if not entries:
        return None
    action = fields.string(file, path, entries, "action")
    if not action or not fields.one_of(file, path, action, actions, "rule_unknown_action"):
        return None
    options: dict[str, str | int] = {}
    for key, option in entries.items():
        if key == "action":
            continue
        if isinstance(option, bool) or not isinstance(option, str | int):
            file.report((*path, key), "rule_type", "string or whole number")
            return None
        options[key] = option
    try:
        actions[action].apply(entity, "", options)
    except UsageError as error:
        file.report((*path, str(error.params.get("name", ""))), "rule_bad_option", str(error.params.get("choices", "")))
        return None
    return Choice(action, options)
