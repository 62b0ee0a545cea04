"""Weighs what a file holds: duties to report, damage in yen, and the level made of both. Pure.

Three questions are kept apart. Duties follow the enforcement rules of the APPI (art. 7) and of the My Number Act; the
damage is the JNSA JO model; the level is a rule of piiscan's own. All numbers are data in ``rules/severity.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from piiscan.model import Level, Records, Severity, Trigger

if TYPE_CHECKING:  # reports need the sentences below and no rules
    from piiscan.policy.weights import Damage, Duty, LevelRule, SeverityRules

#: Every msgid that ``Severity.why`` can hold; ``{entity}`` is an entity id, to be shown by its label.
MESSAGES = (
    "Losing it would have to be reported: {rule}, {persons} people (threshold: more than {threshold}).",
    "{persons} people are identified.",
    "It holds {entity} ({count}).",
    "It lists {count} values of {entity}.",
    "It holds contact data of organisations or places ({count}), which count as no people.",
    "It is about people without naming them ({count} rows).",
    "{count} values of {entity} are test numbers and were not weighed.",
    "Whether someone took it for a wrongful purpose (rule {rule}) cannot be seen in a file.",
    "Damage model: {base} yen × sensitivity {sensitivity} × ease of identification {ease} for each of {persons} people.",
    "Damage model: for {persons} of the people {entity} raises the value to {each} yen.",
)
_DUTY, _PEOPLE, _ANY, _LIST, _ORGANISATIONS, _PSEUDONYMS, _TESTS, _PURPOSE, _MODEL, _RARE = MESSAGES

Why = tuple[str, tuple[tuple[str, str | int], ...]]


@dataclass(frozen=True)
class FileFacts:
    """What is to be weighed. All numbers count people where they are known, else values.

    ``persons``: identified people. ``concerned``: entity id → how many people (or, outside tables, values) it concerns;
    contact data of organisations is left out of it. Ids like ``other.card_expiry`` are header classes. ``test_values``:
    of these, how many are published test numbers. ``organisation_values``: contact data of firms and places.
    ``pseudonymous``: rows about people whom the file does not name.
    """

    persons: int = 0
    records: Records = Records.NONE
    concerned: Mapping[str, int] = field(default_factory=dict)
    test_values: Mapping[str, int] = field(default_factory=dict)
    organisation_values: int = 0
    pseudonymous: int = 0


def weigh(facts: FileFacts, rules: SeverityRules) -> Severity:
    """Level, duties, damage and the reasons for them, the reasons of the level first."""
    counts = {e: n - facts.test_values.get(e, 0) for e, n in facts.concerned.items()}
    counts = {e: n for e, n in counts.items() if n > 0}
    triggers = tuple(t for duty in rules.duties if (t := _trigger(duty, facts.persons, counts)))
    level, why = _level(facts, counts, triggers, rules.levels)
    yen, each, model = _damage(facts.persons, counts, rules)
    why += [_why(_TESTS, entity=e, count=n) for e, n in facts.test_values.items() if n > 0]
    why += model
    if triggers:
        why += [_why(_PURPOSE, rule=duty.id) for duty in rules.duties if not duty.visible]
    return Severity(level, yen, each, triggers, tuple(why))


def _why(msgid: str, **params: str | int) -> Why:
    return msgid, tuple(params.items())


# ---------------------------------------------------------------- duties


def _trigger(duty: Duty, persons: int, counts: Mapping[str, int]) -> Trigger | None:
    """The duty as a trigger, when it is visible and enough people are concerned."""
    if not duty.visible:
        return None
    concerned = persons if "*" in duty.entities else 0
    for entity in duty.entities:
        if entity in duty.alone:
            concerned = max(concerned, counts.get(entity, 0))
        else:
            # Without a person, a list of diseases is a list of diseases.
            concerned = max(concerned, min(counts.get(entity, 0), persons))
    for group in duty.together:
        concerned = max(concerned, min(counts.get(entity, 0) for entity in group))
    return Trigger(duty.id, concerned, duty.more_than) if concerned > duty.more_than else None


# ---------------------------------------------------------------- level


def _level(
    facts: FileFacts, counts: Mapping[str, int], triggers: tuple[Trigger, ...], rules: tuple[LevelRule, ...]
) -> tuple[Level, list[Why]]:
    """The highest level of which a condition holds, with every condition that holds of it."""
    for rule in rules:
        why: list[Why] = []
        if rule.duty:
            why += [_why(_DUTY, rule=t.rule, persons=t.persons, threshold=t.threshold) for t in triggers]
        if 0 < rule.people <= facts.persons:
            why.append(_why(_PEOPLE, persons=facts.persons))
        enough = rule.any + (rule.any_of_people if facts.persons or facts.pseudonymous else ())
        why += [_why(_ANY, entity=e, count=counts[e]) for e in enough if e in counts]
        why += [_why(_LIST, entity=e, count=counts[e]) for e in rule.list_of if counts.get(e, 0) >= rule.list_count]
        if 0 < rule.organisations <= facts.organisation_values:
            why.append(_why(_ORGANISATIONS, count=facts.organisation_values))
        if 0 < rule.pseudonyms <= facts.pseudonymous:
            why.append(_why(_PSEUDONYMS, count=facts.pseudonymous))
        if why:
            return rule.level, why
    return Level.NONE, []


# ---------------------------------------------------------------- damage


def _damage(persons: int, counts: Mapping[str, int], rules: SeverityRules) -> tuple[int, int, list[Why]]:
    """(yen in all, yen for one of most of the people, reasons).

    The model takes the most sensitive item of a leak for everybody. A note about one patient among 3,000 customers
    would multiply the whole by fifty, so an item that less than ``rare_share`` of the people have is weighed for those
    who have it only.
    """
    model = rules.damage
    known = {e: n for e, n in counts.items() if e in model.items or e.startswith("other.")}
    people = max([persons, *(known.get(e, 0) for e in model.one_each)])
    people = people or max((known.get(e, 0) for e in model.somebody), default=0)
    if not people or not known:
        return 0, 0, []
    common = {e for e, n in known.items() if n >= model.rare_share * people}
    each = _value(model, common)
    x, y, ease = _sensitivity(model, common)
    why = [_why(_MODEL, base=model.base_yen, sensitivity=_degree(x, y), ease=ease, persons=people)]
    raised = sorted(((_value(model, common | {e}), e) for e in known.keys() - common), reverse=True)
    total, left = 0, people
    for value, entity in raised:
        # Nested on purpose: who has the rarest item is assumed to have the next one too, so nobody counts twice.
        some = min(left, known[entity] - (people - left))
        if value > each and some > 0:
            total, left = total + some * value, left - some
            why.append(_why(_RARE, persons=some, entity=entity, each=value))
    return total + left * each, each, why


def _value(model: Damage, entities: set[str]) -> int:
    """Yen a person: base × (10^(x-1) + 5^(y-1)) × ease × responsibility × response."""
    x, y, ease = _sensitivity(model, entities)
    return round(model.base_yen * _degree(x, y) * ease * model.social_responsibility * model.response)


def _degree(x: int, y: int) -> int:
    return int(10 ** (x - 1) + 5 ** (y - 1))


def _sensitivity(model: Damage, entities: set[str]) -> tuple[int, int, int]:
    """(highest mental level, highest economic level, ease of identification) of the entities together."""
    from piiscan.policy.weights import Item

    items = [model.items.get(e, Item(1, 1, "")) for e in entities] or [Item(1, 1, "")]
    x = max(item.mental for item in items)
    y = max([item.economic for item in items] + [t.economic for t in model.together if entities.issuperset(t.of)])
    name, address, phone = (bool(entities.intersection(group)) for group in (model.name, model.address, model.phone))
    ease = model.easy if name and address else model.some if name or (address and phone) else model.hard
    return x, y, ease
