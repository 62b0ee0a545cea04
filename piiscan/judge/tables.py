"""The verdict on a table: its columns in the light of each other, what its rows are about, who the people in a row are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from piiscan.judge.columns import Verdict, judge_column
from piiscan.judge.features import Features, person_like
from piiscan.judge.grid import Grid
from piiscan.judge.layout import Region
from piiscan.judge.people import Slot, find_slots
from piiscan.judge.priors import (
    GOVERNMENT_IDS,
    KANA_NAMES,
    MEMBER_IDS,
    NAME_FAMILY,
    PERSON_ATTRIBUTES,
    SENSITIVE,
)
from piiscan.lexicon import names, places
from piiscan.model import Detector, Records
from piiscan.policy import HeaderMatch, Policy
from piiscan.text import digits, fold_header

SAMPLE_VALUES = 200
NEEDS_PERSON_CONTEXT = frozenset({*SENSITIVE, "income", "evaluation", "nationality"})
SURE_HEADER = 0.8


@dataclass(frozen=True, repr=False)
class JudgedTable:
    """A table with its verdicts. ``verdicts`` and ``features`` by column index; ``excluded``: sampled values of name
    columns that name no natural person."""

    region: Region
    verdicts: dict[int, Verdict]
    features: dict[int, Features]
    matches: dict[int, tuple[HeaderMatch, ...]]
    records: Records
    slots: tuple[Slot, ...]
    excluded: Mapping[int, frozenset[str]] = field(default_factory=dict)


def judge_table(grid: Grid, region: Region, policy: Policy, detectors: Mapping[str, Detector]) -> JudgedTable:
    """Judges every column of a region, twice: alone, then knowing its neighbours."""
    matches = {c: tuple(policy.headers.match(region.names[c])) if region.names.get(c) else () for c in region.columns}
    features = {c: _features(grid, region, c, detectors) for c in region.columns}
    verdicts = {c: judge_column(features[c], matches[c]) for c in region.columns}
    boosts = _boosts(region, verdicts, features, matches)
    for column, boost in boosts.items():
        verdicts[column] = judge_column(features[column], matches[column], boost)
    verdicts = _with_neighbours(region, verdicts, features, matches, grid)
    excluded = {
        c: _not_persons(features[c], v.entity)
        for c, v in verdicts.items()
        if v.entity in NAME_FAMILY or v.entity == "company"
    }
    persons = {c: _person_share(features[c], excluded[c], verdicts[c]) for c in excluded}
    verdicts = _keep_context(region, verdicts, features, persons)
    slots = () if _is_dictionary(verdicts, features) else find_slots(region, verdicts, matches, persons, grid, features)
    records = _records(verdicts, slots, persons, features)
    verdicts = _as_business(verdicts, records)
    return JudgedTable(region, verdicts, features, matches, records, slots, excluded)


def _features(grid: Grid, region: Region, column: int, detectors: Mapping[str, Detector]) -> Features:
    values = grid.columns.get(column, [])
    distinct: dict[str, None] = {}
    filled = 0
    skip = set(region.repeats)
    for position in range(region.start, min(region.end, len(values))):
        text = values[position].strip()
        if not text or position in skip:
            continue
        filled += 1
        if len(distinct) < SAMPLE_VALUES:
            distinct[text] = None
    return Features(list(distinct), detectors, filled, region.end - region.start - len(skip))


# ---------------------------------------------------------------- neighbours


def _boosts(
    region: Region,
    verdicts: Mapping[int, Verdict],
    features: Mapping[int, Features],
    matches: Mapping[int, Sequence[HeaderMatch]],
) -> dict[int, dict[str, float]]:
    """What the other columns add to an undecided one: people's attributes make a weak name column believable."""
    telling = (*PERSON_ATTRIBUTES, "email", *GOVERNMENT_IDS, *MEMBER_IDS, *KANA_NAMES)
    about_people = sum(v.entity in telling for v in verdicts.values())
    named = any(v.entity in NAME_FAMILY and v.score >= 0.6 for v in verdicts.values())
    boosts: dict[int, dict[str, float]] = {}
    for column in region.columns:
        verdict = verdicts[column]
        if not features[column].values:
            continue
        boost: dict[str, float] = {}
        others = about_people - (verdict.entity in PERSON_ATTRIBUTES)
        if verdict.entity is None and others >= 2:
            weak = {m.meaning for m in matches[column] if m.strength >= 0.3}
            if weak & set(NAME_FAMILY):
                boost |= dict.fromkeys(NAME_FAMILY, 0.1 + 0.05 * min(others, 4))
            if "age" in weak:
                boost["age"] = 0.15
        if verdict.entity is None and (others or named) and features[column].share("birth_date") >= 0.6:
            boost["birth_date"] = 0.12 if named else 0.05
        if boost:
            boosts[column] = boost
    return boosts


def _with_neighbours(
    region: Region,
    verdicts: Mapping[int, Verdict],
    features: Mapping[int, Features],
    matches: Mapping[int, Sequence[HeaderMatch]],
    grid: Grid,
) -> dict[int, Verdict]:
    """Columns that take their meaning from the one beside them: readings, unnamed parts of an address, numbered ones."""
    settled = dict(verdicts)
    settled.update(_name_pairs(region, verdicts, features, grid))
    settled.update(_numbered(region, verdicts, features))
    settled.update(_bare_id(region, settled, features, matches))
    settled.update(_postal_parts(region, settled, features, grid))
    for column in region.columns:
        verdict = settled[column]
        if verdict.entity in KANA_NAMES and verdict.header < 0.95:
            settled[column] = _kana_of(column, region, settled, verdict)
        if not region.names.get(column) and verdict.entity in (
            None,
            "given_name",
            "surname",
            "facility_name",
            "company",
        ):
            left = settled.get(column - 1)
            if left and left.entity in ("address", "address_part") and _address_rest(features[column]):
                settled[column] = Verdict("address_part", 0.7, ("neighbours", "lexicon"))
    return settled


def _name_pairs(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features], grid: Grid
) -> dict[int, Verdict]:
    """Two undecided columns side by side that read as one name in nearly every row are surname and given name."""
    found: dict[int, Verdict] = {}
    rows = [p for p in range(region.start, min(region.end, region.start + 60)) if p not in region.repeats]
    pairs = (
        ("surname", "given_name", names.full_name_score),
        ("surname_kana", "given_name_kana", names.kana_name_score),
    )
    for left, right in pairwise(region.columns):
        undecided = all(
            verdicts[c].entity in (None, *NAME_FAMILY) and verdicts[c].header < SURE_HEADER for c in (left, right)
        )
        if not undecided or left in found or features[left].filled < 3 or features[right].filled < 3:
            continue
        for first, second, score in pairs:
            if features[left].share(first) < 0.5 or features[right].share(second) < 0.5:
                continue
            joined = [
                f"{grid.text(p, left)} {grid.text(p, right)}"
                for p in rows
                if grid.text(p, left) and grid.text(p, right)
            ]
            if len(joined) >= 3 and sum(score(name) >= 0.5 for name in joined) >= 0.7 * len(joined):
                found[left] = Verdict(first, 0.8, ("neighbours", "lexicon"), values=features[left].share(first))
                found[right] = Verdict(second, 0.8, ("neighbours", "lexicon"), values=features[right].share(second))
                break
    return found


def _numbered(region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]) -> dict[int, Verdict]:
    """Numbered headers (連名1, 連名2, 住所1 …) hold one kind of thing: a thin column takes the kind of the fullest."""
    groups: dict[str, list[int]] = {}
    for column in region.columns:
        base = fold_header(region.names.get(column, "")).rstrip("0123456789①②③④⑤⑥⑦⑧⑨")
        if base and base != fold_header(region.names[column]):
            groups.setdefault(base, []).append(column)
    changed = {}
    for columns in groups.values():
        fullest = max(columns, key=lambda c: features[c].filled)
        kind_of = verdicts[fullest]
        for column in columns:
            thin = features[column].filled * 3 <= features[fullest].filled
            if thin and kind_of.entity in NAME_FAMILY and verdicts[column].entity in NAME_FAMILY:
                changed[column] = replace(kind_of, evidence=("neighbours", *kind_of.evidence))
    return changed


def _postal_parts(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features], grid: Grid
) -> dict[int, Verdict]:
    """Three digits beside four that together are a postal code, and the three or five that begin the one beside them."""
    found: dict[int, Verdict] = {}
    rows = [p for p in range(region.start, min(region.end, region.start + SAMPLE_VALUES)) if p not in region.repeats]
    verdict = Verdict("postal_code", 0.75, ("neighbours", "lexicon"))
    for left, right in pairwise(region.columns):
        if region.names.get(left) or region.names.get(right) or not (features[left].values and features[right].values):
            continue
        pairs = [(digits(grid.text(p, left)), digits(grid.text(p, right))) for p in rows]
        pairs = [(a, b) for a, b in pairs if a and b]
        if len(pairs) < 3:
            continue
        if sum(len(a) == 3 and len(b) == 4 and places.postal_exists(a + b) for a, b in pairs) >= 0.8 * len(pairs):
            found |= {left: verdict, right: verdict}
        for column, a, b in ((left, 0, 1), (right, 1, 0)):
            begins = sum(len(p[a]) in (3, 5) and len(p[b]) == 7 and p[b].startswith(p[a]) for p in pairs)
            other = right if column == left else left
            if begins >= 0.6 * len(pairs) and verdicts[other].entity == "postal_code":
                found[column] = verdict
    return found


def _bare_id(
    region: Region,
    verdicts: Mapping[int, Verdict],
    features: Mapping[int, Features],
    matches: Mapping[int, Sequence[HeaderMatch]],
) -> dict[int, Verdict]:
    """A column called nothing but ID, once a row, beside people's attributes but no name, is the person's number."""
    attributes = {v.entity for c, v in verdicts.items() if v.entity in PERSON_ATTRIBUTES and features[c].real}
    work = sum(any(m.meaning == "other.department_title" for m in matches[c]) for c in region.columns)
    if len(attributes) + min(1, work) < 2:
        return {}
    if any(v.entity in (*MEMBER_IDS, *GOVERNMENT_IDS, *NAME_FAMILY, "email") for v in verdicts.values()):
        return {}
    for column in region.columns:
        named = fold_header(region.names.get(column, "")) in ("id", "コード", "code")
        once = len(features[column].values) >= 0.9 * min(features[column].filled, SAMPLE_VALUES)
        if named and once and features[column].loose("customer_id") >= 0.9 and verdicts[column].entity is None:
            return {column: Verdict("customer_id", 0.6, ("neighbours", "values"), header=0.3)}
    return {}


def _kana_of(column: int, region: Region, verdicts: Mapping[int, Verdict], verdict: Verdict) -> Verdict:
    """A reading belongs to the nearest named thing before it: of a firm or a place it is no personal name."""
    named = (*NAME_FAMILY, "company", "facility_name", "product", "address", "address_part")
    for other in sorted((c for c in region.columns if c != column), key=lambda c: (abs(c - column), c > column)):
        owner = verdicts[other].entity
        if abs(other - column) > 4:
            break
        if owner in KANA_NAMES or owner not in named:
            continue
        if owner in NAME_FAMILY:
            return verdict
        if owner in ("address", "address_part"):
            continue
        return Verdict(None, 0.6, ("neighbours",), verdict.entity, verdict.score)
    return verdict


def _address_rest(features: Features) -> bool:
    """Whether an unnamed column beside an address goes on with it: towns, block numbers, buildings, or nothing."""
    if not features.values:
        return False
    hits = sum(places.address_part_score(v)[0] >= 0.4 for v in features.values)
    return hits >= 0.4 * len(features.values)


def _named(verdicts: Mapping[int, Verdict], persons: Mapping[int, float]) -> set[str]:
    """The name entities whose columns name people; a reading counts only where no name is written."""
    found = {v.entity for c, v in verdicts.items() if v.entity in NAME_FAMILY and persons.get(c)}
    written = {v.entity for v in verdicts.values()} & set(NAME_FAMILY) - set(KANA_NAMES)
    return {e for e in found if e} - (set(KANA_NAMES) if written else set())


def _keep_context(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features], persons: Mapping[int, float]
) -> dict[int, Verdict]:
    """Drops what is only personal beside a person: illness in a price list, points in a table of machines."""
    entities = {v.entity for c, v in verdicts.items() if features[c].values}
    people = _named(verdicts, persons)
    ids = {v.entity for v in verdicts.values() if v.entity in MEMBER_IDS and "header" in v.evidence} - {"login_id"}
    person = people | ids | (entities & {*GOVERNMENT_IDS, "email", "birth_date"})
    attributes = entities & {"age", "sex"}
    kept = {}
    for column, verdict in verdicts.items():
        drop = verdict.entity in NEEDS_PERSON_CONTEXT and not person and len(attributes) < 2
        if verdict.entity == "login_id":
            whole = person - {"surname", "given_name"} or {"surname", "given_name"} <= person
            own = "login" in fold_header(region.names.get(column, "")) and "password" in entities
            drop = not whole and not attributes and not own
        kept[column] = Verdict(None, 0.5, (), verdict.entity, verdict.score) if drop else verdict
    return kept


# ---------------------------------------------------------------- rows


def _not_persons(features: Features, entity: str | None) -> frozenset[str]:
    """Sampled values of a name column that are no person: firms, bodies, placeholders, role words, towns."""
    return frozenset(v for v in features.values if not _is_person(v, features, entity))


def _is_person(value: str, features: Features, entity: str | None) -> bool:
    if entity == "company":
        return features.fits("person_name", value)
    if entity in NAME_FAMILY and entity != "person_name" and features.fits(entity, value):
        return True
    town = places.is_place_name(value) and value.strip()[-1:] in "都道府県市区町村"
    return person_like(value) and not (town and not features.fits("person_name", value))


def _person_share(features: Features, excluded: frozenset[str], verdict: Verdict) -> float:
    """The share of a name column's sampled values that are natural persons; 0 where neither a sure header nor the
    values themselves say that these are names."""
    sure = verdict.header >= SURE_HEADER or verdict.values >= 0.2 or "neighbours" in verdict.evidence
    if not features.values or not (sure or verdict.entity == "company"):
        return 0.0
    return 1 - len(excluded) / len(features.values)


def _is_dictionary(verdicts: Mapping[int, Verdict], features: Mapping[int, Features]) -> bool:
    """A list of names and their readings holds no people: parts of names only, each once, and nothing about anyone."""
    filled = {c: v for c, v in verdicts.items() if features[c].values}
    entities = [v.entity for v in filled.values()]
    parts = [e for e in entities if e in ("surname", "given_name")]
    if {"surname", "given_name"} <= set(parts) and parts.count("given_name") < 3:
        return False
    about = {"email", "phone", "address", "birth_date", "postal_code", *MEMBER_IDS, *GOVERNMENT_IDS, "person_name"}
    if not parts or about & set(entities):
        return False
    readings = any(e in KANA_NAMES or e == "person_name_romaji" for e in entities) or parts.count("given_name") >= 3
    once = all(
        len(features[c].values) >= 0.95 * min(features[c].filled, SAMPLE_VALUES)
        for c, v in filled.items()
        if v.entity in ("surname", "given_name")
    )
    return readings and (once or parts.count("given_name") >= 3)


def _records(
    verdicts: Mapping[int, Verdict],
    slots: Sequence[Slot],
    persons: Mapping[int, float],
    features: Mapping[int, Features],
) -> Records:
    """What the rows are about: persons when anyone in them can be identified, else bodies, places or nothing."""
    entities = {v.entity for c, v in verdicts.items() if features[c].values}
    bodies = bool(entities & {"company", "facility_name", "corporate_number"})
    if slots:
        mixed = bodies or any(0 < share < 0.98 for c, share in persons.items() if verdicts[c].entity in NAME_FAMILY)
        named = [persons.get(c, 0.0) for slot in slots for c in slot.names]
        if not named or max(named) > 0:
            return Records.MIXED if mixed else Records.PERSONS
    if bodies:
        return Records.ORGANISATIONS
    if entities & {"address", "address_part", "postal_code"}:
        return Records.PLACES
    return Records.NONE


def _as_business(verdicts: Mapping[int, Verdict], records: Records) -> dict[int, Verdict]:
    """Addresses and phones of organisations and places are nobody's private ones."""
    if records not in (Records.ORGANISATIONS, Records.PLACES):
        return dict(verdicts)
    business = {"address": "business_address", "phone": "business_phone"}
    return {
        c: Verdict(business[v.entity], v.score, v.evidence, v.runner_up, v.runner_up_score, v.header, v.values)
        if v.entity in business
        else v
        for c, v in verdicts.items()
    }
