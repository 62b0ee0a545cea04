"""Columns of names that neither header nor values decide alone: pairs of surname and given name, surnames beside
surnames, names all over a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from piiscan.families import KANA_NAMES, NAME_FAMILY
from piiscan.judge.columns import Verdict
from piiscan.judge.features import Features
from piiscan.judge.grid import Grid
from piiscan.judge.layout import Region
from piiscan.judge.priors import SURE_HEADER
from piiscan.judge.readings import mostly_places
from piiscan.judge.unnamed import attributes_of
from piiscan.lexicon import names, places
from piiscan.policy import HeaderMatch
from piiscan.text import fold_header

FEW_ROWS = 60
#: Given names differ from row to row more than this.
FEW_GIVEN = 0.2
#: So many different values, and how many more of them must be of the other kind than of that which the header says.
FEW_EXCHANGED, SURELY_EXCHANGED = 5, 0.3
#: So many full names all over a sheet are there because they name people.
MANY_NAMES = 8


def name_pairs(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features], grid: Grid
) -> dict[int, Verdict]:
    """Two undecided columns side by side that read as one name in nearly every row, in both of two, are surname and
    given name."""
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
        filled = min(features[left].filled, features[right].filled)
        if not undecided or left in found or filled < 2:
            continue
        most, surest = (0.7, 0.5) if filled >= 3 else (1.0, 0.6)
        told = any(verdicts[c].header or not region.names.get(c) for c in (left, right))
        least = 0 if told else max(10, 0.8 * min(len(rows), features[left].filled))
        if not told and (mostly_places(features[left]) or features[right].spread < FEW_GIVEN):
            continue  # 岡山 | 曇: the weather of a place, not a name
        for first, second, score in pairs:
            if first in KANA_NAMES and features[left].kind_share("katakana", "hiragana") < 0.5:
                continue
            if features[left].hopeless(first) or features[right].hopeless(second):
                continue
            if min(features[left].share(first), features[right].share(second)) < (0.5 if filled >= 3 else 1.0):
                continue
            joined = [
                f"{grid.text(p, left)} {grid.text(p, right)}"
                for p in rows
                if grid.text(p, left) and grid.text(p, right)
            ]
            if 0 < len(set(joined)) < least:
                continue  # 福島 | 晴: words that say something else need more rows than a handful to be wrong
            if len(joined) >= 2 and sum(score(name) >= surest for name in joined) >= most * len(joined):
                found[left] = Verdict(first, 0.8, ("neighbours", "lexicon"), values=features[left].share(first))
                found[right] = Verdict(second, 0.8, ("neighbours", "lexicon"), values=features[right].share(second))
                break
    return found


def exchanged(region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]) -> dict[int, Verdict]:
    """Surnames under a header for given names, with given names beside them under one for surnames: first_name 佐藤 |
    last_name 太郎, as they are filled by people whose own names begin with the surname."""
    found: dict[int, Verdict] = {}
    for left, right in pairwise(region.columns):
        of = (verdicts[left].entity, verdicts[right].entity)
        if of not in (("given_name", "surname"), ("surname", "given_name")) or left in found:
            continue
        given, surname = (left, right) if of[0] == "given_name" else (right, left)
        values = min(len(features[c].values) for c in (given, surname))
        told = (
            _reads_as(features[given], "surname", "given_name"),
            _reads_as(features[surname], "given_name", "surname"),
        )
        if values >= FEW_EXCHANGED and min(told) >= SURELY_EXCHANGED:
            found |= {left: replace(verdicts[left], entity=of[1]), right: replace(verdicts[right], entity=of[0])}
    return found


def _reads_as(features: Features, entity: str, other: str) -> float:
    """By how much more of the values are of the one entity than of the other."""
    return features.share(entity) - features.share(other)


def read_pairs(region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]) -> dict[int, Verdict]:
    """Two columns in kanji and behind them two in katakana, without a header, are names and their readings when the
    second of each are given names, though the first may be words made up for a test: 購入 | 太郎 | コウニュウ | タロウ."""
    entities = ("surname", "given_name", "surname_kana", "given_name_kana")
    for columns in zip(*(region.columns[n:] for n in range(4)), strict=False):
        seen = [features[c] for c in columns]
        bare = not any(region.names.get(c) or verdicts[c].entity for c in columns)
        if not bare or min(f.filled for f in seen) < 2 or seen[0].share("surname") < 0.3:
            continue
        written = min(f.kind_share("kanji") for f in seen[:2]) >= 0.9
        read = min(f.kind_share("katakana") for f in seen[2:]) >= 0.9
        if written and read and seen[1].share("given_name") >= 0.8 and seen[3].share("given_name_kana") >= 0.5:
            verdict = Verdict(None, 0.7, ("neighbours", "lexicon"), values=0.8)
            return {c: replace(verdict, entity=e) for c, e in zip(columns, entities, strict=True)}
    return {}


def latin_pairs(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features], grid: Grid
) -> dict[int, Verdict]:
    """Two columns of single words in Latin letters without a header that read as one name in most rows: Taro | Yamada.
    Beside two attributes of people names from abroad do, which lexicons know less well."""
    found: dict[int, Verdict] = {}
    attributes = len(attributes_of(region, verdicts, features))
    rows = [p for p in range(region.start, min(region.end, region.start + FEW_ROWS)) if p not in region.repeats]
    for left, right in pairwise(region.columns):
        bare = not any(region.names.get(c) or verdicts[c].entity for c in (left, right))
        if not bare or min(features[c].kind_share("latin") for c in (left, right)) < 0.9:
            continue
        pairs = {(grid.text(p, left), grid.text(p, right)) for p in rows}
        joined = [f"{a} {b}" for a, b in pairs if a and b and " " not in a + b]
        sure, most = (0.4, 0.5) if attributes >= 2 else (0.6, 0.7)
        if len(joined) < 3 or sum(names.romaji_name_score(name) >= sure for name in joined) < most * len(joined):
            continue
        verdict = Verdict("person_name_romaji", 0.7, ("neighbours", "lexicon"), values=1.0)
        found |= {left: verdict, right: verdict}
    return found


def given_beside(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> dict[int, Verdict]:
    """名 beside 姓 is the given name, though it may be a foreigner's that no lexicon knows."""
    found: dict[int, Verdict] = {}
    for column in region.columns:
        near = [c for c in (column - 1, column - 2, column + 1) if c in verdicts]
        beside = any(
            verdicts[c].entity == "surname" and verdicts[c].header >= SURE_HEADER and _able_names(features[c])
            for c in near
        )
        named = verdicts[column].entity is None and fold_header(region.names.get(column, "")) in ("名", "mei")
        if beside and named and features[column].loose("given_name") >= 0.5:
            found[column] = Verdict("given_name", 0.8, ("header", "neighbours"), header=SURE_HEADER)
    return found


def _able_names(features: Features) -> bool:
    """Whether a column under 姓 holds surnames, or foreigners' in katakana, and not goods."""
    return features.share("surname") >= 0.2 or features.kind_share("katakana") >= 0.9


def more_surnames(
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
        and not any(m.strength >= SURE_HEADER and not m.meaning.startswith("other.transaction") for m in matches[c])
    ]
    able = [c for c in undecided if features[c].share("surname") >= 0.75]
    among = {v for c in able for v in features[c].values}
    if 2 * sum(map(places.is_place_name, among)) >= len(among):  # of a few names in each column many may be towns, too
        undecided = [c for c in undecided if not mostly_places(features[c])]
        able = [c for c in able if c in undecided]
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


def names_all_over(
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
