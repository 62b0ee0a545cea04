"""What judging needs, loaded once a process: the rules, the detectors in force, the formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from piiscan import policy, registry
from piiscan.collecting import postponed
from piiscan.model import Detector, Format
from piiscan.policy import Policy


@dataclass(frozen=True)
class Knowledge:
    """What judging needs, loaded once a process: the rules, the detectors in force, the formats."""

    policy: Policy
    detectors: Mapping[str, Detector]
    formats: Mapping[str, Format]


@cache
def knowledge(rule_dirs: tuple[str, ...] = ()) -> Knowledge:
    """The knowledge for a set of rule folders; raises ``UsageError`` for a mistake in them."""
    with postponed():
        rules = policy.load(rule_dirs)
        return Knowledge(rules, {**registry.detectors(), **rules.detectors}, registry.formats())
