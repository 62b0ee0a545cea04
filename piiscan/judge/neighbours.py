"""What the columns beside it say about a column: names in two columns, readings, parts of an address, bare ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from piiscan.judge.columns import Verdict
from piiscan.judge.features import Features
from piiscan.judge.grid import Grid
from piiscan.judge.layout import Region
from piiscan.judge.priors import (
    GOVERNMENT_IDS,
    KANA_NAMES,
    MEMBER_IDS,
    NAME_FAMILY,
    PERSON_ATTRIBUTES,
    SENSITIVE,
)
from piiscan.judge.readings import half_of_kana, in_kana, in_latin, kana_of, mostly_places
from piiscan.lexicon import names, places
from piiscan.policy import HeaderMatch
from piiscan.text import digits, fold_header

SURE_HEADER = 0.8
#: Rows looked at for what two columns say together.
ROWS = 200
FEW_ROWS = 60
#: Given names differ from row to row more than this.
FEW_GIVEN = 0.2
#: So many full names all over a sheet are there because they name people.
MANY_NAMES = 8


def boosts(
    region: Region,
    verdicts: Mapping[int, Verdict],
    features: Mapping[int, Features],
    matches: Mapping[int, Sequence[HeaderMatch]],
) -> dict[int, dict[str, float]]:
    """What the other columns add to an undecided one: people's attributes make a weak name column believable."""
    telling = (*PERSON_ATTRIBUTES, "email", *GOVERNMENT_IDS, *MEMBER_IDS, *KANA_NAMES)
    about_people = sum(v.entity in telling for v in verdicts.values())
    named = any(v.entity in NAME_FAMILY and v.score >= 0.6 for v in verdicts.values())
    entities = {v.entity for v in verdicts.values()}
    bodies = bool(entities & {"company", "facility_name"})
    found: dict[int, dict[str, float]] = {}
    for column in region.columns:
        verdict = verdicts[column]
        if not features[column].values:
            continue
        boost: dict[str, float] = {}
        others = about_people - (verdict.entity in PERSON_ATTRIBUTES)
        if verdict.entity is None and others >= 2:
            weak = {m.meaning for m in matches[column] if m.strength >= 0.3}
            if weak & set(NAME_FAMILY) and _some_names(features[column]):
                boost |= dict.fromkeys(NAME_FAMILY, 0.1 + 0.05 * min(others, 4))
            if "age" in weak:
                boost["age"] = 0.15
        if verdict.entity is None and (others or named):
            boost |= _beside_people(features[column], named=named, bodies=bodies)
        bare = not region.names.get(column) and not named and "email" in entities
        if verdict.entity is None and bare and features[column].share("person_name") >= 0.5:
            boost["person_name"] = 0.12  # 白石麻衣 | 080… | mai@…, of whom the lexicon knows every second
        if boost:
            found[column] = boost
    return found


def _some_names(features: Features) -> bool:
    """Whether some values may be names: read as such, masked, or in Latin letters."""
    able = any(features.share(e) >= 0.1 for e in NAME_FAMILY)
    return able or features.kind_share("placeholder", "latin") >= 0.5


def _beside_people(features: Features, *, named: bool, bodies: bool) -> dict[str, float]:
    """What people in the same rows add to a column without a telling header: dates become birth dates, illness
    becomes somebody's, unless the rows are about firms and places."""
    boost: dict[str, float] = {}
    if features.share("birth_date") >= 0.6:
        boost["birth_date"] = 0.12 if named else 0.05
    if named and not bodies:
        boost |= {entity: 0.25 for entity in SENSITIVE if features.share(entity) >= 0.5}
        if features.share("sex") >= 0.9 and features.telling("sex") >= 0.2 and len(features.values) <= 6:
            boost["sex"] = 0.25
        if features.telling("age") >= 0.5:
            boost["age"] = 0.15
    return boost


def with_neighbours(
    region: Region,
    verdicts: Mapping[int, Verdict],
    features: Mapping[int, Features],
    matches: Mapping[int, Sequence[HeaderMatch]],
    grid: Grid,
) -> dict[int, Verdict]:
    """Columns that take their meaning from the one beside them: readings, unnamed parts of an address, numbered ones."""
    settled = dict(verdicts)
    settled.update(_name_pairs(region, verdicts, features, grid))
    settled.update(_given_beside(region, settled, features))
    settled.update(_numbered(region, verdicts, features))
    settled.update(_bare_id(region, settled, features, matches))
    settled.update(_postal_parts(region, settled, features, grid))
    settled.update(_phone_parts(region, settled, features, matches))
    settled.update(_more_surnames(region, settled, features, matches))
    settled.update(_names_all_over(region, settled, features, matches))
    for column in region.columns:
        verdict = settled[column]
        if verdict.entity in ("surname", "given_name", "person_name"):
            verdict = settled[column] = in_kana(column, region, settled, features)
        if verdict.entity in ("surname", "given_name", "person_name"):
            verdict = settled[column] = in_latin(column, region, settled, features)
        if verdict.entity == "person_name_kana":
            verdict = settled[column] = half_of_kana(column, region, settled, features)
        if verdict.entity in KANA_NAMES:
            settled[column] = kana_of(column, region, settled, features, verdict)
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
    rows = [p for p in range(region.start, min(region.end, region.start + FEW_ROWS)) if p not in region.repeats]
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
        told = any(verdicts[c].header or not region.names.get(c) for c in (left, right))
        least = 0 if told else max(10, 0.8 * min(len(rows), features[left].filled))
        if not told and (mostly_places(features[left]) or features[right].spread < FEW_GIVEN):
            continue  # 岡山 | 曇: the weather of a place, not a name
        for first, second, score in pairs:
            if first in KANA_NAMES and features[left].kind_share("katakana", "hiragana") < 0.5:
                continue
            if features[left].hopeless(first) or features[right].hopeless(second):
                continue
            if features[left].share(first) < 0.5 or features[right].share(second) < 0.5:
                continue
            joined = [
                f"{grid.text(p, left)} {grid.text(p, right)}"
                for p in rows
                if grid.text(p, left) and grid.text(p, right)
            ]
            if 0 < len(set(joined)) < least:
                continue  # 福島 | 晴: words that say something else need more rows than a handful to be wrong
            if len(joined) >= 3 and sum(score(name) >= 0.5 for name in joined) >= 0.7 * len(joined):
                found[left] = Verdict(first, 0.8, ("neighbours", "lexicon"), values=features[left].share(first))
                found[right] = Verdict(second, 0.8, ("neighbours", "lexicon"), values=features[right].share(second))
                break
    return found


def _given_beside(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> dict[int, Verdict]:
    """名 beside 姓 is the given name, though it may be a foreigner's that no lexicon knows."""
    found: dict[int, Verdict] = {}
    for column in region.columns:
        near = [verdicts[c] for c in (column - 1, column - 2, column + 1) if c in verdicts]
        beside = any(v.entity == "surname" and v.header >= SURE_HEADER for v in near)
        named = verdicts[column].entity is None and fold_header(region.names.get(column, "")) in ("名", "mei")
        if beside and named and features[column].loose("given_name") >= 0.5:
            found[column] = Verdict("given_name", 0.8, ("header", "neighbours"), header=SURE_HEADER)
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
    rows = [p for p in range(region.start, min(region.end, region.start + ROWS)) if p not in region.repeats]
    verdict = Verdict("postal_code", 0.75, ("neighbours", "lexicon"))
    for left, right in pairwise(region.columns):
        if region.names.get(left) or region.names.get(right) or not (features[left].values and features[right].values):
            continue
        if not (_short_numbers(features[left]) and _short_numbers(features[right])):
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


def _phone_parts(
    region: Region,
    verdicts: Mapping[int, Verdict],
    features: Mapping[int, Features],
    matches: Mapping[int, Sequence[HeaderMatch]],
) -> dict[int, Verdict]:
    """Two or three columns side by side under words for a telephone, each with a part of the number: 03, 0123, 4567."""
    parts = [
        c
        for c in region.columns
        if any(m.meaning in ("phone", "fax") and m.strength >= SURE_HEADER for m in matches[c])
        and features[c].values
        and all(1 <= len(digits(v)) <= 5 and len(v) <= 6 for v in features[c].values[:20])
    ]
    found: dict[int, Verdict] = {}
    for column in parts:
        if verdicts[column].entity is None and {column - 1, column + 1} & set(parts):
            entity = next(m.meaning for m in matches[column] if m.meaning in ("phone", "fax"))
            found[column] = Verdict(entity, 0.8, ("header", "neighbours"), header=0.95)
    return found


def _more_surnames(
    region: Region,
    verdicts: Mapping[int, Verdict],
    features: Mapping[int, Features],
    matches: Mapping[int, Sequence[HeaderMatch]],
) -> dict[int, Verdict]:
    """Surnames beside surnames, in three columns side by side, or many in a table without a header: duties, seats,
    weekdays with who is on, marks and lessons with whose they are."""
    undecided = [
        c
        for c in region.columns
        if verdicts[c].entity is None
        and features[c].filled >= 2
        and features[c].share("surname") >= 0.5
        and not mostly_places(features[c])
        and not any(m.strength >= SURE_HEADER and not m.meaning.startswith("other.transaction") for m in matches[c])
    ]
    able = [c for c in undecided if features[c].share("surname") >= 0.75]
    among = {v for c in able for v in features[c].values}
    known = any(verdicts[c].entity == "surname" for c in region.columns)
    if not known and (len(able) < 3 or len(among) < 4):
        able = [c for c in undecided if not region.header and _whose_records(c, region, features)]
    return {c: Verdict("surname", 0.6, ("neighbours", "lexicon"), values=features[c].share("surname")) for c in able}


def _whose_records(column: int, region: Region, features: Mapping[int, Features]) -> bool:
    """Whether a column names those whom the records are about: many surnames, a few with a sign of the given name
    (佐藤, 佐藤美), and something beside them."""
    seen = features[column]
    beside = any(c != column and features[c].filled >= 0.5 * seen.filled for c in region.columns)
    telling = sum(any(seen.fits("surname", v[:n]) for n in (len(v), -1)) for v in seen.values)
    return beside and seen.filled >= 10 and seen.spread >= 0.5 and telling >= 0.8 * len(seen.values)


def _names_all_over(
    region: Region,
    verdicts: Mapping[int, Verdict],
    features: Mapping[int, Features],
    matches: Mapping[int, Sequence[HeaderMatch]],
) -> dict[int, Verdict]:
    """Full names in three undecided columns or more, among other things: plans of seats, chains of telephones."""
    able = [
        c
        for c in region.columns
        if verdicts[c].entity is None
        and not any(m.strength >= SURE_HEADER for m in matches[c])
        and features[c].values
        and not features[c].hopeless("person_name")
        and features[c].share("person_name") >= 0.3
    ]
    people = {v for c in able for v in features[c].values if features[c].fits("person_name", v)}
    if len(able) < 3 or len(people) < MANY_NAMES:
        return {}
    return {
        c: Verdict("person_name", 0.6, ("neighbours", "lexicon"), values=features[c].share("person_name")) for c in able
    }


def _short_numbers(features: Features) -> bool:
    """Whether most of the first values are three to nine characters of nearly nothing but digits."""
    first = features.values[:10]
    return sum(3 <= len(v) <= 9 and sum(map(str.isdigit, v)) >= 3 for v in first) >= 0.8 * len(first)


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
        once = features[column].spread >= 0.9
        if named and once and features[column].loose("customer_id") >= 0.9 and verdicts[column].entity is None:
            return {column: Verdict("customer_id", 0.6, ("neighbours", "values"), header=0.3)}
    return {}


def _address_rest(features: Features) -> bool:
    """Whether an unnamed column beside an address goes on with it: towns, block numbers, buildings, or nothing."""
    if not features.values:
        return False
    hits = sum(places.address_part_score(v)[0] >= 0.4 and (len(v) > 1 or v.isdigit()) for v in features.values)
    return hits >= 0.4 * len(features.values)
