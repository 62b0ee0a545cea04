"""The verdict on one column, from its header and its values; what its neighbours say is added in tables.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from piiscan.judge.features import Features
from piiscan.judge.priors import (
    ACCEPT,
    ALONE,
    FULL_NAMES,
    KANA_NAMES,
    NAME_FAMILY,
    SIBLINGS,
    TRY_WITHOUT_HEADER,
)
from piiscan.policy import HeaderMatch

FAMILIES = (
    frozenset(NAME_FAMILY),
    frozenset({"address", "address_part", "business_address"}),
    frozenset({"phone", "fax", "business_phone"}),
    frozenset({"company", "facility_name"}),
)
_LEXICON = frozenset({*NAME_FAMILY, "address", "address_part", "postal_code", "company", "facility_name"})
_CHECKED = frozenset({"my_number", "credit_card", "drivers_license", "corporate_number"})
_LETTERS = frozenset({*NAME_FAMILY, "company", "facility_name", "product", "nationality"})
_DIGITS = frozenset({"phone", "postal_code", "my_number", "credit_card", "drivers_license", "birth_date", "ip_address"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """One possible reading of a column. ``score`` 0 to 1; ``evidence`` names what spoke for it."""

    entity: str | None
    score: float
    evidence: tuple[str, ...] = ()
    runner_up: str | None = None
    runner_up_score: float = 0.0
    header: float = 0.0
    values: float = 0.0


def family(entity: str | None) -> frozenset[str]:
    """The entities that do not contradict ``entity``: its family, or itself alone."""
    return next((f for f in FAMILIES if entity in f), frozenset({entity or ""}))


def header_strengths(matches: Sequence[HeaderMatch]) -> dict[str, float]:
    """Entity or class → strength that the header gives it, siblings included."""
    strengths: dict[str, float] = {}
    for match in matches:
        strengths[match.entity] = max(strengths.get(match.entity, 0.0), match.strength)
    for (parent, child), factor in SIBLINGS.items():
        if parent in strengths and factor:
            strengths[child] = max(strengths.get(child, 0.0), strengths[parent] * factor)
    return strengths


def judge_column(
    features: Features, matches: Sequence[HeaderMatch], boosts: Mapping[str, float] | None = None
) -> Verdict:
    """The best reading of a column, or a verdict without entity when none reaches ``ACCEPT``.

    ``boosts``: entity → what the neighbours add to its score (may be negative).
    """
    strengths = header_strengths(matches)
    verdicts = [
        _weigh(entity, features, strengths, (boosts or {}).get(entity, 0.0))
        for entity in _to_try(features, strengths)
    ]
    verdicts.sort(key=lambda v: -v.score)
    if not verdicts or verdicts[0].score < ACCEPT:
        second = verdicts[0] if verdicts else Verdict(None, 0.0)
        return Verdict(None, 1.0 - second.score, (), second.entity, second.score)
    best = _settle_name(verdicts, features, strengths)
    second = next((v for v in verdicts if v.entity != best.entity), Verdict(None, 0.0))
    return replace(best, runner_up=second.entity, runner_up_score=second.score)


def _to_try(features: Features, strengths: Mapping[str, float]) -> list[str]:
    """Entities worth weighing: those the header names, and those that values alone can prove."""
    tried = {e for e in strengths if not e.startswith("other.")}
    if features.values:
        letters = features.kind_share("kanji", "hiragana", "katakana", "latin", "mixed", "long", "code")
        numbers = features.kind_share("integer", "numbers", "date", "code", "mixed", "decimal")
        for entity in TRY_WITHOUT_HEADER:
            if (entity in _LETTERS and letters < 0.3) or (entity in _DIGITS and numbers < 0.3):
                continue
            tried.add(entity)
        tried.update(e for e, d in features.detectors.items() if e not in ALONE and d.shapes and not d.needs_context)
    return sorted(tried)


def _weigh(entity: str, features: Features, strengths: Mapping[str, float], boost: float) -> Verdict:
    share = features.share(entity)
    alone = belief(entity, features) * share
    header = strengths.get(entity, 0.0)
    covered = header * max(features.loose(entity), share)
    if entity in KANA_NAMES and header and features.values:
        covered *= 0.3 + 0.7 * features.kind_share("katakana", "hiragana", "mixed", "placeholder")
    own = family(entity)
    against = max(
        (s * (features.loose(e) if not e.startswith("other.") else 1.0) for e, s in strengths.items() if e not in own),
        default=0.0,
    )
    score = 1 - (1 - alone) * (1 - covered)
    if against > header:
        score *= 1 - 0.8 * against * (1 - alone)
    if entity in NAME_FAMILY and features.values:
        score *= 1 - 0.6 * max(0.0, features.organisation - 0.4)
    evidence = []
    if covered >= 0.3:
        evidence.append("header")
    if share >= 0.4:
        evidence.append("check_digit" if entity in _CHECKED else "lexicon" if entity in _LEXICON else "values")
    if boost:
        evidence.append("neighbours")
    return Verdict(entity, max(0.0, min(0.99, score + boost)), tuple(evidence), header=header, values=share)


def belief(entity: str, features: Features) -> float:
    """How far values that all fit prove the entity without a header; less for a handful of values."""
    detector = features.detectors.get(entity)
    base = ALONE.get(entity, 0.0 if detector is None or detector.needs_context or not detector.shapes else 0.9)
    if entity in ("my_number", "drivers_license", "credit_card") and len(features.values) < 10:
        return base * 0.5 if entity != "credit_card" else base
    if len(features.values) < 3 and base < 0.9:
        return base * 0.7
    return base


def _settle_name(verdicts: Sequence[Verdict], features: Features, strengths: Mapping[str, float]) -> Verdict:
    """Among readings as a name, the kind of name that the values show unless the header is specific about it."""
    best = verdicts[0]
    if best.entity not in NAME_FAMILY:
        return best
    by_entity = {v.entity: v for v in verdicts if v.entity in NAME_FAMILY}
    named = max(NAME_FAMILY, key=lambda e: strengths.get(e, 0.0))
    if strengths.get(named, 0.0) >= 0.8 and named != "person_name":
        return by_entity.get(named, best)
    kana = features.kind_share("katakana", "hiragana")
    if kana >= 0.85 and "person_name" in strengths and strengths["person_name"] >= 0.8:
        return by_entity.get("person_name", best)
    shares = {e: features.share(e) for e in NAME_FAMILY}
    full = max(FULL_NAMES, key=lambda e: shares[e])
    if shares[full] >= 0.3 and full in by_entity:
        chosen = "person_name" if shares["person_name"] >= 0.3 else full
        return replace(by_entity[chosen], score=max(by_entity[chosen].score, best.score))
    part = max(("surname", "given_name"), key=lambda e: shares[e])
    if shares[part] >= 0.6 and part in by_entity:
        return replace(by_entity[part], score=max(by_entity[part].score, best.score))
    return best
