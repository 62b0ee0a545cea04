"""Columns of readings: whose reading they hold, of which half of a name, of a person or of a firm."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from piiscan.families import KANA_NAMES, NAME_FAMILY
from piiscan.judge.columns import Verdict
from piiscan.judge.features import Features
from piiscan.judge.layout import Region
from piiscan.lexicon import places
from piiscan.text import fold_header

_SAYS_READING = re.compile(
    "furigana|kana|yomigana|yomi|furi|よみがな|よみ|かな|ふりがな|ふり|読み仮名|読み?|ヨミガナ|ヨミ|カナ|フリガナ|フリ"
)
#: A header that says whose reading it is: 氏名カナ.
SPECIFIC = 0.95


def in_kana(column: int, region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]) -> Verdict:
    """A column of names all in kana beside the same kind of names in kanji holds their readings."""
    verdict = verdicts[column]
    header = region.names.get(column, "")
    numbered = header[-1:].isdigit()  # 連名3 may hold the few children with a name in katakana
    kinds_of_kana = ("katakana", "hiragana") if _SAYS_READING.search(fold_header(header)) else ("katakana",)
    if numbered or not features[column].values or features[column].kind_share(*kinds_of_kana) < 0.9:
        return verdict  # children are called さくら beside guardians in kanji
    if any(
        header and n != header and n.startswith(header) and verdicts[c].entity in KANA_NAMES
        for c, n in region.names.items()
    ):
        return verdict  # 姓 beside 姓読み: a foreigner's name is written in katakana and read alike
    kinds = {"person_name", verdict.entity}
    written = any(
        verdicts[c].entity in kinds
        and c != column
        and features[c].kind_share("kanji") >= 0.5
        and features[column].filled >= 0.3 * features[c].filled
        for c in region.columns
    )
    return replace(verdict, entity=f"{verdict.entity}_kana", evidence=("neighbours",)) if written else verdict


def in_latin(column: int, region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]) -> Verdict:
    """A column of names all in Latin letters beside the same names in kanji is another writing of them."""
    verdict = verdicts[column]
    if not features[column].values or features[column].kind_share("latin") < 0.9:
        return verdict
    kinds = {"person_name", verdict.entity}
    written = any(
        verdicts[c].entity in kinds and c != column and features[c].kind_share("kanji", "hiragana", "mixed") >= 0.5
        for c in region.columns
        if features[c].values
    )
    return replace(verdict, entity="person_name_romaji", evidence=("neighbours",)) if written else verdict


def half_of_kana(
    column: int, region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> Verdict:
    """名前（カナ） beside 苗字（カナ） is the reading of the given name, unless whole names stand in it."""
    verdict = verdicts[column]
    near = {verdicts[c].entity for c in region.columns if 0 < abs(c - column) <= 3}
    for other, half in (("surname_kana", "given_name_kana"), ("given_name_kana", "surname_kana")):
        alone = half not in {v.entity for v in verdicts.values()} and features[column].share("person_name_kana") < 0.3
        if other in near and alone and features[column].share(half) >= 0.4:
            return replace(verdict, entity=half, evidence=("neighbours", *verdict.evidence))
    return verdict


def kana_of(
    column: int, region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features], verdict: Verdict
) -> Verdict:
    """A reading belongs to the nearest named thing before it: of a firm or a place it is no personal name."""
    base = _SAYS_READING.sub("", fold_header(region.names.get(column, "")))
    same = [c for c, name in region.names.items() if c != column and base and fold_header(name) == base]
    unlike = any(_no_names(features[c]) and verdicts[c].entity is None for c in same if c in verdicts)
    bodies = any(verdicts[c].entity in ("company", "facility_name") for c in same if c in verdicts)
    if bodies or (unlike and features[column].share("person_name_kana") < 0.5):
        return Verdict(None, 0.6, ("neighbours",), verdict.entity, verdict.score)
    if verdict.entity in ("surname_kana", "given_name_kana") and verdict.header >= SPECIFIC:
        return verdict
    named = (*NAME_FAMILY, "company", "facility_name", "product", "address", "address_part")
    before = features.get(column - 1)
    if before and before.values and mostly_places(before) and verdicts[column - 1].entity not in NAME_FAMILY:
        return Verdict(None, 0.6, ("neighbours",), verdict.entity, verdict.score)
    if verdict.header >= SPECIFIC:
        return verdict
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
    owners = {verdicts[c].entity for c in region.columns if features[c].values}
    if owners & {"company", "facility_name"} and not owners & (set(NAME_FAMILY) - set(KANA_NAMES)):
        return Verdict(None, 0.6, ("neighbours",), verdict.entity, verdict.score)
    return verdict


def _no_names(features: Features) -> bool:
    """Whether a column under a bare word for names holds many different words and hardly a full name: stations, goods."""
    return len(features.values) >= 5 and features.share("person_name") < 0.2 and features.kind_share("kanji") >= 0.5


def mostly_places(features: Features) -> bool:
    """Whether most values are names of prefectures, towns and the like."""
    return sum(map(places.is_place_name, features.values)) >= 0.5 * len(features.values)
