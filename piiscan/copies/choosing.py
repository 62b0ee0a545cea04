"""Which action a value meets by the rules in force, and what that makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from piiscan.errors import UsageError
from piiscan.model import Action, CopyOptions, Keyed

if TYPE_CHECKING:
    from piiscan.copies.steps import At, Replace
    from piiscan.inspection.knowledge import Knowledge


def chooser(known: Knowledge, copy: CopyOptions, keyed: Callable[[At | None], Keyed] | None = None) -> Replace:
    """The replacement of a value by the rules in force; None where the rules keep the entity.

    ``keyed`` gives what actions with a key need for a cell. Raises ``UsageError`` for an action, an option of one, or a
    profile that does not exist, and for an action that wants a key where there is none.
    """
    from piiscan import registry

    rules = known.policy.actions
    overrides = dict(rules.override(f"{entity}={action}") for entity, action in copy.actions)
    available = registry.actions()
    for chosen in overrides.values():
        available[chosen.action].apply("", "", chosen.options)
    for entity in known.detectors:
        action, _ = rules.for_entity(entity, copy.profile, overrides)
        if available[action].keyed and keyed is None:
            raise UsageError("action_wants_key", name=action)

    def action_for(entity: str) -> tuple[Action, Mapping[str, str | int]]:
        name, told = rules.for_entity(entity, copy.profile, overrides)
        return available[name], told

    return _Chooser(action_for, keyed)


@dataclass(frozen=True)
class _Chooser:
    """``chosen`` gives the action for an entity, with its options; ``keyed`` what actions with a key need."""

    chosen: Callable[[str], tuple[Action, Mapping[str, str | int]]]
    keyed: Callable[[At | None], Keyed] | None
    _actions: dict[str, tuple[Action, Mapping[str, str | int]]] = field(default_factory=dict)

    def __call__(self, entity: str, text: str, at: At | None) -> str | None:
        """The replacement of one value, None when it is kept."""
        action, options = self._action(entity)
        if action.id == "keep":
            return None
        if action.keyed and self.keyed:
            return action.keyed(entity, text, options, self.keyed(at))
        return action.apply(entity, text, options)

    def many(self, entity: str, texts: Sequence[str]) -> Sequence[str] | None:
        """The replacements of many values; None where they must be asked for one by one."""
        action, options = self._action(entity)
        return action.many(entity, texts, options) if action.many else None

    def _action(self, entity: str) -> tuple[Action, Mapping[str, str | int]]:
        found = self._actions.get(entity)
        if found is None:
            found = self._actions[entity] = self.chosen(entity)
        return found
