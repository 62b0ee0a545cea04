"""The verdict on a table: its columns in the light of each other, what its rows are about, who the people in a row are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from piiscan.families import GOVERNMENT_IDS, KANA_NAMES, MEMBER_IDS, NAME_FAMILY
from piiscan.judge.boosts import boosts
from piiscan.judge.columns import Verdict, judge_column
from piiscan.judge.context import keep_context, without_public
from piiscan.judge.features import Features
from piiscan.judge.grid import Grid
from piiscan.judge.layout import Region
from piiscan.judge.neighbours import with_neighbours
from piiscan.judge.people import Slot, find_slots
from piiscan.judge.priors import LIKELY_HEADER, SURE_HEADER
from piiscan.judge.values import person_like, several, unnumbered
from piiscan.lexicon import names, places
from piiscan.lexicon.organisations import organisation
from piiscan.model import Detector, Records
from piiscan.policy import HeaderMatch, Policy

SAMPLE_VALUES = 200
#: Of a very wide table fewer values a column are asked, so that its columns together cost no more than these cells.
SAMPLE_CELLS = 12_000
FEWEST_SAMPLED = 40
FEW_VALUES = 8
_BEHIND_NAME = re.compile(r"[、，,・/／&＆+＋（(【\[\n:： \u3000]")


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
    features = _all_features(grid, region, detectors)
    verdicts = _all_verdicts(features, matches)
    for column, boost in boosts(region, verdicts, features, matches).items():
        verdicts[column] = judge_column(features[column], matches[column], boost)
    verdicts = with_neighbours(region, verdicts, features, matches, grid)
    excluded = {
        c: _not_persons(features[c], v) for c, v in verdicts.items() if v.entity in NAME_FAMILY or v.entity == "company"
    }
    numbered = any(v.entity in MEMBER_IDS and v.header >= SURE_HEADER for v in verdicts.values())
    persons = {c: _person_share(features[c], excluded[c], verdicts[c], numbered=numbered) for c in excluded}
    verdicts = keep_context(region, verdicts, features, persons)
    verdicts = without_public(verdicts, matches, region, persons)
    slots = (
        ()
        if _is_dictionary(verdicts, features, matches)
        else find_slots(region, verdicts, matches, persons, grid, features)
    )
    records = _records(verdicts, slots, persons, features, excluded)
    verdicts = _as_business(verdicts, records)
    return JudgedTable(region, verdicts, features, matches, records, slots, excluded)


def _all_features(grid: Grid, region: Region, detectors: Mapping[str, Detector]) -> dict[int, Features]:
    """The features of every column; columns with the same values share them, which a sheet of 16,384 lives by."""
    known: dict[tuple[str, ...], Features] = {}
    features = {}
    most = min(SAMPLE_VALUES, max(FEWEST_SAMPLED, SAMPLE_CELLS // max(1, len(region.columns))))
    for column in region.columns:
        values = grid.columns.get(column, [])[region.start : region.end]
        key = tuple(values)
        if key not in known:
            known[key] = _features(values, region, detectors, most)
        features[column] = known[key]
    return features


def _all_verdicts(
    features: Mapping[int, Features], matches: Mapping[int, tuple[HeaderMatch, ...]]
) -> dict[int, Verdict]:
    """The verdict on every column by itself, given once for the same values under the same header."""
    known: dict[tuple[int, tuple[HeaderMatch, ...]], Verdict] = {}
    verdicts = {}
    for column, seen in features.items():
        key = id(seen), matches[column]
        if key not in known:
            known[key] = judge_column(seen, matches[column])
        verdicts[column] = known[key]
    return verdicts


def _features(values: list[str], region: Region, detectors: Mapping[str, Detector], most: int) -> Features:
    if region.repeats:
        skip = {p - region.start for p in region.repeats}
        values = [v for p, v in enumerate(values) if p not in skip]
    distinct = dict.fromkeys(values)
    blank = [v for v in distinct if not v or v.isspace()]
    filled = len(values) - sum(map(values.count, blank))
    sample = dict.fromkeys(v.strip() for v in islice((v for v in distinct if v and not v.isspace()), most))
    return Features(list(sample), detectors, filled, region.end - region.start - len(region.repeats), most)


# ---------------------------------------------------------------- rows


def _not_persons(features: Features, verdict: Verdict) -> frozenset[str]:
    """Sampled values of a name column that are no person: firms, bodies, placeholders, role words, towns; and what no
    lexicon knows, where names stand among other things without a header that says so."""
    if verdict.entity == "person_name" and not verdict.header and verdict.values < 0.5:
        return frozenset(v for v in features.values if not features.fits("person_name", v))
    return frozenset(v for v in features.values if not _is_person(v, features, verdict.entity))


def _is_person(value: str, features: Features, entity: str | None) -> bool:
    if entity == "company":
        return features.fits("person_name", value)
    if entity in NAME_FAMILY and entity != "person_name" and features.fits(entity, unnumbered(value)):
        return True
    if any(features.fits("person_name", part) for part in several(value)):
        return True
    if entity in ("surname", "given_name"):
        return person_like(value)  # 尾道 is a town and a surname, 八雲 a town and a given name
    if entity == "person_name_romaji":
        value = value.replace("_", " ")
    town = places.is_place_name(value) and value.strip()[-1:] in "都道府県市区町村"
    return person_like(value) and not (town and not features.fits("person_name", value))


def _no_names(features: Features, excluded: frozenset[str]) -> bool:
    """Whether many values are no names at all, and hardly one is or begins with one, as 山田（営業） does."""
    count = len(features.values)
    if count < FEW_VALUES or any(features.share(e) >= 0.25 for e in NAME_FAMILY):
        return False
    things = features.kind_share("mixed") >= 0.5  # ベガルタ仙台, 浦和レッズ: kanji and katakana in one word
    if len(excluded) < 0.25 * count and not things:
        return False
    first = (_BEHIND_NAME.split(v, maxsplit=1)[0] for v in features.values)
    return sum(features.fits("person_name", v) or features.fits("surname", v) for v in first) < 0.25 * count


def _person_share(features: Features, excluded: frozenset[str], verdict: Verdict, *, numbered: bool) -> float:
    """The share of a name column's sampled values that are natural persons; 0 where neither a sure header nor the
    values themselves say that these are names, nor where a sure header stands over what are no names at all.

    ``numbered``: members' numbers stand beside them, so that a likely header is enough.
    """
    if verdict.entity != "company" and _no_names(features, excluded):
        return 0.0
    sure = verdict.header >= SURE_HEADER or verdict.values >= 0.2 or "neighbours" in verdict.evidence
    sure = sure or (numbered and verdict.header >= LIKELY_HEADER)
    if verdict.header >= LIKELY_HEADER - 0.05 and not sure:  # authors from everywhere
        sure = sum(map(_full_name, features.values)) >= 0.3 * len(features.values)
    if not features.values or not (sure or verdict.entity == "company"):
        return 0.0
    return 1 - len(excluded) / len(features.values)


def _full_name(value: str) -> bool:
    """Whether a value may be somebody's full name in any script, those from abroad included."""
    scores = names.full_name_score, names.kana_name_score, names.romaji_name_score
    return any(score(value) >= 0.4 for score in scores)


def _as_part(features: Features) -> str | None:
    """The part of a name that undecided values are, whatever the header says: 性 for 姓."""
    part = max(("surname", "given_name"), key=features.share)
    return part if features.share(part) >= 0.7 and features.kind_share("kanji") >= 0.7 else None


def _is_dictionary(
    verdicts: Mapping[int, Verdict], features: Mapping[int, Features], matches: Mapping[int, Sequence[HeaderMatch]]
) -> bool:
    """A list of names and their readings holds no people: parts of names only, each once, and nothing about anyone.
    Under 氏名 surnames are those of people."""
    parts_of = [c for c, v in verdicts.items() if v.entity in ("surname", "given_name")]
    if any(m.meaning == "person_name" and m.strength >= SURE_HEADER for c in parts_of for m in matches[c]):
        return False
    filled = {c: v for c, v in verdicts.items() if features[c].values}
    entities = [v.entity or _as_part(features[c]) for c, v in filled.items()]
    if set(entities) - {None} in ({"surname_kana"}, {"given_name_kana"}):
        return True
    parts = [e for e in entities if e in ("surname", "given_name")]
    if {"surname", "given_name"} <= set(parts) and parts.count("given_name") < 3:
        return False
    about = {"email", "phone", "address", "birth_date", "postal_code", *MEMBER_IDS, *GOVERNMENT_IDS, "person_name"}
    if not parts or about & set(entities):
        return False
    readings = any(e in KANA_NAMES or e == "person_name_romaji" for e in entities) or parts.count("given_name") >= 3
    readings = readings or any(
        f.values and f.kind_share("hiragana", "katakana") >= 0.9 and f.share(kana) >= 0.4
        for f in features.values()
        for kana in ("surname_kana", "given_name_kana")
    )
    once = all(
        features[c].spread >= 0.95 for c, e in zip(filled, entities, strict=True) if e in ("surname", "given_name")
    )
    return readings and (once or parts.count("given_name") >= 3)


def _records(
    verdicts: Mapping[int, Verdict],
    slots: Sequence[Slot],
    persons: Mapping[int, float],
    features: Mapping[int, Features],
    excluded: Mapping[int, frozenset[str]],
) -> Records:
    """What the rows are about: persons when anyone in them can be identified, else bodies, places or nothing."""
    entities = {v.entity for c, v in verdicts.items() if features[c].values}
    bodies = bool(entities & {"company", "facility_name", "corporate_number"})
    if slots:
        firms = {c: sum(organisation(v) >= 0.5 for v in excluded[c]) / max(1, len(features[c].values)) for c in persons}
        mixed = bodies or any(firms[c] > 0.02 and persons[c] > 0 for c in persons if verdicts[c].entity in NAME_FAMILY)
        named = [persons.get(c, 0.0) for slot in slots for c in slot.names]
        if not named or max(named) > 0:
            return Records.MIXED if mixed else Records.PERSONS
    if bodies:
        return Records.ORGANISATIONS
    if entities & {"address", "address_part", "postal_code"}:
        return Records.PLACES
    return Records.NONE


def _body_first(verdicts: Mapping[int, Verdict], slots: Sequence[Slot], features: Mapping[int, Features]) -> bool:
    """Whether firms or places, mostly another in every row, stand before the people: the row is about both. The shop
    that serves a customer and the employer behind a name are only said of the person."""
    first = min((c for slot in slots for c in slot.names), default=-1)
    return any(
        v.entity in ("company", "facility_name", "corporate_number") and c < first and features[c].spread >= 0.5
        for c, v in verdicts.items()
        if features[c].values
    )


def _as_business(verdicts: Mapping[int, Verdict], records: Records) -> dict[int, Verdict]:
    """Addresses and phones of organisations and places are nobody's private ones."""
    if records not in (Records.ORGANISATIONS, Records.PLACES):
        return dict(verdicts)
    business = {"address": "business_address", "phone": "business_phone"}
    return {c: replace(v, entity=business[v.entity]) if v.entity in business else v for c, v in verdicts.items()}
