"""The verdict on one column, from its header and its values; what its neighbours say is added in tables.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from piiscan.families import FULL_NAMES, KANA_NAMES, NAME_FAMILY, NUMBERS_OF_PEOPLE
from piiscan.judge.features import Features
from piiscan.judge.priors import ACCEPT, ALONE, SIBLINGS, TRY_WITHOUT_HEADER
from piiscan.policy import HeaderMatch

#: A weak header word alone stays below ``ACCEPT``: the values must agree.
WEAK = 0.9
#: In a table of so many rows a value by itself proves no column.
LONE = 5
#: A runner-up below this is not worth telling anybody about.
WORTH_A_HINT = 0.2

#: 森 may be a wood, and 担当 a department; 森 under 担当 is somebody.
PARTS_OF_NAMES = frozenset({"surname", "given_name", "surname_kana", "given_name_kana"})
AGREED = 0.55

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


_PARENTS = {
    entity: tuple((p, factor) for (p, child), factor in SIBLINGS.items() if child == entity)
    for entity in {child for _, child in SIBLINGS}
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One possible reading of a column. ``score`` 0 to 1; ``evidence`` names what spoke for it, ``against`` what spoke
    against it or, without an entity, against the runner-up. ``turns``: what would change the verdict, one of
    without_header, without_values, with_header, with_values."""

    entity: str | None
    score: float
    evidence: tuple[str, ...] = ()
    runner_up: str | None = None
    runner_up_score: float = 0.0
    header: float = 0.0
    values: float = 0.0
    against: tuple[str, ...] = ()
    turns: str | None = None


def family(entity: str | None) -> frozenset[str]:
    """The entities that do not contradict ``entity``: its family, or itself alone."""
    return next((f for f in FAMILIES if entity in f), frozenset({entity or ""}))


def header_strengths(matches: Sequence[HeaderMatch]) -> dict[str, float]:
    """Entity or class → strength that the header gives it."""
    strengths: dict[str, float] = {}
    for match in matches:
        strength = match.strength * WEAK if match.rule == "weak" else match.strength
        strengths[match.meaning] = max(strengths.get(match.meaning, 0.0), strength)
    return strengths


def sibling_strength(entity: str, strengths: Mapping[str, float]) -> float:
    """What a header of a related entity says about this one, provided that the values fit it."""
    return max((strengths.get(parent, 0.0) * factor for parent, factor in _PARENTS.get(entity, ())), default=0.0)


def judge_column(
    features: Features, matches: Sequence[HeaderMatch], boosts: Mapping[str, float] | None = None
) -> Verdict:
    """The best reading of a column, or a verdict without entity when none reaches ``ACCEPT``.

    ``boosts``: entity → what the neighbours add to its score (may be negative).
    """
    strengths = header_strengths(matches)
    verdicts = [
        _weigh(entity, features, strengths, (boosts or {}).get(entity, 0.0))
        for entity in _to_try(features, strengths, boosts or {})
    ]
    verdicts.sort(key=lambda v: -v.score)
    if not verdicts or verdicts[0].score < ACCEPT:
        second = verdicts[0] if verdicts else Verdict(None, 0.0)
        turns = None
        if second.score >= WORTH_A_HINT:
            turns = "with_values" if second.header else "with_header"
        return Verdict(None, 1.0 - second.score, (), second.entity, second.score, against=second.against, turns=turns)
    best = _settle_name(_people_among(verdicts, features, strengths), features, strengths)
    if best.entity in NUMBERS_OF_PEOPLE and features.share("email") >= 0.9:  # MemberId: user@example.jp
        best = next((v for v in verdicts if v.entity == "email"), best)
    second = next((v for v in verdicts if v.entity != best.entity), Verdict(None, 0.0))
    return replace(best, runner_up=second.entity, runner_up_score=second.score)


def _people_among(verdicts: Sequence[Verdict], features: Features, strengths: Mapping[str, float]) -> Sequence[Verdict]:
    """Under 氏名・団体名 stand firms and people: where some are people, the column is one of names."""
    both = min(strengths.get("person_name", 0.0), strengths.get("company", 0.0)) >= 0.8
    people = next((v for v in verdicts if v.entity == "person_name"), None)
    if not both or people is None or people.score < ACCEPT or features.share("person_name") < 0.2:
        return verdicts
    return [people, *(v for v in verdicts if v is not people)]


def _to_try(features: Features, strengths: Mapping[str, float], boosts: Mapping[str, float]) -> list[str]:
    """Entities worth weighing: those the header names, and those that a value or a neighbour speaks for."""
    tried = {e for e in strengths if not e.startswith("other.")}
    tried.update(child for (parent, child), factor in SIBLINGS.items() if factor and parent in strengths)
    if not features.values:
        return sorted(tried)
    letters = features.kind_share("kanji", "hiragana", "katakana", "latin", "mixed", "long", "code", "email")
    numbers = features.kind_share("integer", "numbers", "date", "code", "mixed", "decimal")
    long_numbers = numbers >= 0.3 and features.mean_length >= 5
    able = [e for e in TRY_WITHOUT_HEADER if (long_numbers if e in _DIGITS else letters >= 0.3)]
    able += [e for e, d in features.detectors.items() if e not in ALONE and d.shapes and not d.needs_context]
    for entity in able:
        if entity not in tried and not features.hopeless(entity) and (entity in boosts or features.share(entity)):
            tried.add(entity)
    if "login_id" in strengths and not set(strengths) & set(NAME_FAMILY) and features.kind_share("code") >= 0.5:
        tried.discard("person_name_romaji")  # hanako_suzuki is what she signs in with
    return sorted(tried)


def _weigh(entity: str, features: Features, strengths: Mapping[str, float], boost: float) -> Verdict:
    share = features.share(entity)
    alone = belief(entity, features) * features.telling(entity)
    header = strengths.get(entity, 0.0)
    covered = header * max(features.loose(entity), share) if header else 0.0
    covered = max(covered, sibling_strength(entity, strengths) * share)
    if entity in PARTS_OF_NAMES and header and share >= 0.5:
        covered = max(covered, AGREED)
    if entity in KANA_NAMES and header and features.values:
        covered *= 0.3 + 0.7 * features.kind_share("katakana", "hiragana", "mixed", "placeholder")
    own = family(entity)
    against = max(
        (s if e.startswith("other.") else s * features.loose(e) for e, s in strengths.items() if e not in own),
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
    turns = "without_header" if alone < ACCEPT else "without_values" if covered < ACCEPT else None
    return Verdict(
        entity,
        max(0.0, min(0.99, score + boost)),
        tuple(evidence),
        header=header,
        values=share,
        against=tuple(_against(entity, features, header, share, against)),
        turns=turns,
    )


def _against(entity: str, features: Features, header: float, share: float, against: float) -> Iterator[str]:
    """What speaks against a reading, for people who ask why."""
    if against > header and against >= 0.3:
        yield "header_says_other"
    if header >= 0.4 and share < 0.3 and features.values:
        yield "values_do_not_fit"
    if entity in NAME_FAMILY and features.organisation > 0.4:
        yield "organisations"
    if 0 < features.filled < 3:
        yield "few_values"


def belief(entity: str, features: Features) -> float:
    """How far values that all fit prove the entity without a header; less for a handful of values."""
    detector = features.detectors.get(entity)
    base = ALONE.get(entity, 0.0 if detector is None or detector.needs_context or not detector.shapes else 0.9)
    if entity in ("my_number", "drivers_license", "credit_card") and len(features.values) < 10:
        return base * 0.5 if entity != "credit_card" else base
    if entity in NAME_FAMILY and features.filled == 1 and features.rows >= LONE:
        return base * 0.5  # a word in a corner of a timetable
    if features.filled < 3 and base < 0.9:
        return base * 0.7
    return base


def _written(features: Features) -> str | None:
    """What names are whose readings stand behind them in the same cell, None where there are few."""
    shares = {entity: features.share(entity) for entity in ("person_name", "surname")}
    return next((e for e, share in shares.items() if share >= 0.2), None) if sum(shares.values()) >= 0.5 else None


def _settle_name(verdicts: Sequence[Verdict], features: Features, strengths: Mapping[str, float]) -> Verdict:
    """Among readings as a name, the kind of name that the values show unless the header is specific about it."""
    best = verdicts[0]
    if best.entity not in NAME_FAMILY:
        return best
    by_entity = {v.entity: v for v in verdicts if v.entity in NAME_FAMILY}
    kana = features.kind_share("katakana", "hiragana")
    named = max(NAME_FAMILY, key=lambda e: (strengths.get(e, 0.0), e in KANA_NAMES and kana >= 0.6))  # シメイ is both
    if named in KANA_NAMES and kana < 0.3 and (written := _written(features)) in by_entity:
        return by_entity[written or ""]  # 氏名（ふりがな）: 相沢 健太（あいざわ けんた）
    if named != "person_name" and (strengths.get(named, 0.0) >= 0.8 or (named in KANA_NAMES and kana >= 0.6)):
        return by_entity.get(named, best)
    if named == "person_name" and named in by_entity and features.kind_share("placeholder") == 1:
        return by_entity[named]
    if kana >= 0.85 and strengths.get("person_name", 0.0) < 0.8 and features.share("person_name_kana") < 0.3:
        part = max(("surname_kana", "given_name_kana"), key=features.share)
        if features.share(part) >= 0.7 and part in by_entity:
            return replace(by_entity[part], score=max(by_entity[part].score, best.score))
    if kana >= 0.85:
        reads = features.share("person_name_kana") >= 0.3 and strengths.get("person_name", 0.0) < 0.8
        return by_entity.get("person_name_kana" if reads else "person_name", best)
    if features.kind_share("latin") >= 0.8 and "person_name_romaji" in by_entity:
        said = max(best.header, by_entity["person_name_romaji"].header)
        score = max(by_entity["person_name_romaji"].score, best.score)
        return replace(by_entity["person_name_romaji"], score=score, header=said)
    shares = {e: features.share(e) for e in NAME_FAMILY}
    full = max(FULL_NAMES, key=lambda e: shares[e])
    if shares[full] >= 0.3 and full in by_entity:
        chosen = "person_name" if shares["person_name"] >= 0.3 else full
        return replace(by_entity[chosen], score=max(by_entity[chosen].score, best.score))
    part = max(("surname", "given_name"), key=lambda e: shares[e])
    if shares[part] >= (0.6 if strengths.get("person_name", 0.0) >= 0.8 else 0.5) and part in by_entity:
        return replace(by_entity[part], score=max(by_entity[part].score, best.score))
    return best
