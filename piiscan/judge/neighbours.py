"""What the columns beside it say about a column: names in two columns, readings, parts of an address, bare ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from piiscan.families import KANA_NAMES, NAME_FAMILY
from piiscan.judge.columns import Verdict
from piiscan.judge.features import Features
from piiscan.judge.grid import Grid
from piiscan.judge.layout import Region
from piiscan.judge.name_columns import (
    exchanged,
    given_beside,
    latin_pairs,
    more_surnames,
    name_pairs,
    names_all_over,
    read_pairs,
)
from piiscan.judge.priors import SURE_HEADER
from piiscan.judge.readings import half_of_kana, in_kana, in_latin, kana_of
from piiscan.judge.unnamed import (
    ages_beside_sex,
    bare_id,
    born_in_three,
    dashed_phones,
    latin_names_alone,
    names_beside_attributes,
    sex_before_birth,
)
from piiscan.lexicon import places
from piiscan.policy import HeaderMatch
from piiscan.text import digits, fold_header

#: Rows looked at for what two columns say together.
ROWS = 200


def with_neighbours(
    region: Region,
    verdicts: Mapping[int, Verdict],
    features: Mapping[int, Features],
    matches: Mapping[int, Sequence[HeaderMatch]],
    grid: Grid,
) -> dict[int, Verdict]:
    """Columns that take their meaning from the one beside them: readings, unnamed parts of an address, numbered ones."""
    settled = dict(verdicts)
    settled.update(name_pairs(region, verdicts, features, grid))
    settled.update(exchanged(region, settled, features))
    settled.update(read_pairs(region, settled, features))
    settled.update(ages_beside_sex(region, settled, features))
    settled.update(latin_pairs(region, settled, features, grid))
    settled.update(names_beside_attributes(region, settled, features))
    settled.update(latin_names_alone(region, settled, features))
    settled.update(sex_before_birth(region, settled, features))
    settled.update(born_in_three(region, settled, features))
    settled.update(dashed_phones(region, settled, features))
    settled.update(given_beside(region, settled, features))
    settled.update(_numbered(region, verdicts, features))
    settled.update(bare_id(region, settled, features, matches))
    settled.update(_postal_parts(region, settled, features, grid))
    settled.update(_phone_parts(region, settled, features, matches))
    settled.update(more_surnames(region, settled, features, matches))
    settled.update(names_all_over(region, settled, features, matches))
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
            left, right = settled.get(column - 1), settled.get(column + 1)
            goes_on = left and left.entity in ("address", "address_part") and _address_rest(features[column])
            begins = right and right.entity in ("address", "address_part") and _towns(features[column])
            if goes_on or begins:
                settled[column] = Verdict("address_part", 0.7, ("neighbours", "lexicon"))
    settled.update(_goes_on(region, settled, features, matches))
    return settled | _town_reading(region, settled, features)


def _goes_on(
    region: Region,
    verdicts: Mapping[int, Verdict],
    features: Mapping[int, Features],
    matches: Mapping[int, Sequence[HeaderMatch]],
) -> dict[int, Verdict]:
    """What goes on with a place beside it under a header that no rule knows: towns behind municipalities and a postal
    code, readings of towns, bare house numbers; and municipalities under a word for bodies."""
    found: dict[int, Verdict] = {}
    entities = {v.entity for v in verdicts.values()}
    for column in region.columns:
        seen, left = features[column], verdicts.get(column - 1)
        if not seen.values or verdicts[column].entity not in (None, "company"):
            continue
        if verdicts[column].entity == "company":
            if len(seen.values) >= 3 and sum(map(_municipality, seen.values)) >= 0.9 * len(seen.values):
                found[column] = Verdict("address_part", 0.7, ("values", "lexicon"), values=1.0)
        elif left and left.entity in ("address", "address_part") and _house_numbers(seen, matches[column]):
            found[column] = Verdict("address_part", 0.6, ("header", "neighbours"), header=SURE_HEADER)
        elif left and left.entity == "address_part" and not entities & set(NAME_FAMILY):
            told = {m.meaning for m in matches[column]}
            unknown = not told and "postal_code" in entities and left.header >= SURE_HEADER and _address_rest(seen)
            read = told & {"person_name_kana", "other.reading"} and _in_katakana(seen)
            if unknown or read:
                found[column] = Verdict("address_part", 0.6, ("neighbours",))
    return found


def _house_numbers(features: Features, matches: Sequence[HeaderMatch]) -> bool:
    """Whether bare numbers stand under a word for a street: address_city | address_street."""
    told = any(m.meaning in ("address", "address_part") and m.strength >= SURE_HEADER for m in matches)
    return told and all(len(v) <= 4 and v.isdecimal() for v in features.values)


def _municipality(value: str) -> bool:
    return value.strip()[-1:] in ("都", "道", "府", "県", "市", "区", "町", "村") and places.is_place_name(value)


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


def _town_reading(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> dict[int, Verdict]:
    """The readings of towns, which no dictionary has, behind those of prefecture and municipality, where the same three
    stand in kanji as well: トウキョウト | チヨダク | カスミガセキ | 東京都 | 千代田区 | 霞が関."""
    parts = {c for c, v in verdicts.items() if v.entity == "address_part" and features[c].values}
    read = {c for c in parts if _in_katakana(features[c])}
    for column in region.columns:
        undecided = not region.names.get(column) and verdicts[column].entity is None and features[column].values
        behind = {column - 1, column - 2} <= read and len(parts - read) > len(read)
        if undecided and behind and _in_katakana(features[column]):
            return {column: Verdict("address_part", 0.7, ("neighbours",))}
    return {}


def _in_katakana(features: Features) -> bool:
    """Whether nearly all values begin in katakana of either width; numbers of blocks may follow."""
    return sum("ァ" <= v[0] <= "ヶ" or "ｦ" <= v[0] <= "ﾝ" for v in features.values) >= 0.9 * len(features.values)


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


def _short_numbers(features: Features) -> bool:
    """Whether most of the first values are three to nine characters of nearly nothing but digits."""
    first = features.values[:10]
    return sum(3 <= len(v) <= 9 and sum(map(str.isdigit, v)) >= 3 for v in first) >= 0.8 * len(first)


def _towns(features: Features) -> bool:
    """Whether nearly all values are names of prefectures and cities, also without their last sign: 東京, 名古屋."""
    return len(features.values) > 1 and sum(map(places.is_place_name, features.values)) >= 0.8 * len(features.values)


def _address_rest(features: Features) -> bool:
    """Whether an unnamed column beside an address goes on with it: towns, block numbers, buildings, or nothing."""
    if not features.values:
        return False
    hits = sum(places.address_part_score(v)[0] >= 0.4 and (len(v) > 1 or v.isdigit()) for v in features.values)
    return hits >= 0.4 * len(features.values)
