"""What the columns beside it add to one that its header and its values leave undecided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from piiscan.families import GOVERNMENT_IDS, KANA_NAMES, MEMBER_IDS, NAME_FAMILY, PERSON_ATTRIBUTES, SENSITIVE
from piiscan.judge.columns import Verdict
from piiscan.judge.features import Features
from piiscan.judge.layout import Region
from piiscan.judge.priors import SURE_HEADER
from piiscan.lexicon import names, places
from piiscan.policy import HeaderMatch
from piiscan.shaped import later

#: Numbers that nobody has but those who work or learn somewhere: beside them a name is theirs.
OWN_NUMBERS = ("employee_id", "student_id")
#: What stands among ages by decades.
_NO_DECADE = later(
    "未就学|就学|乳|幼|小児|児童|高齢|若年|不明|非公表|調査中|[0-9０-９]{1,3}[歳才]?(?:未満|以上|以下|代)|[-－ー―‐]$"
)
#: Words in Latin letters such as names are made of: Sakura Mori, Mori-Ueda Jun.
_CAPITALS = later(r"[A-Z][a-z]+(?:[ '’-][A-Z][a-z]+){1,2}")
#: The same with what else stands in names from abroad: Jean-Luc O'Neil, Mary J. McDonald.
_FOREIGN = later(r"[A-Z][A-Za-z.'’-]*(?: [A-Za-z.'’-]+){0,2} [A-Z][A-Za-z'’-]+")
_LETTERS = later("[A-Za-z]{3,}")


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
    born = any(v.entity == "birth_date" and v.header >= SURE_HEADER for v in verdicts.values())
    measured = sum(any(m.meaning == "other.body" for m in matches[c]) for c in region.columns) >= 2
    mails = "\n".join(m for c, v in verdicts.items() if v.entity == "email" for m in features[c].values).casefold()
    entities = {v.entity for v in verdicts.values()}
    numbered = any(v.entity in OWN_NUMBERS and v.header >= SURE_HEADER for v in verdicts.values())
    bodies = bool(entities & {"company", "facility_name"})
    people = max((len(features[c].values) for c, v in verdicts.items() if v.entity in NAME_FAMILY), default=0)
    found: dict[int, dict[str, float]] = {}
    for column in region.columns:
        verdict = verdicts[column]
        if not features[column].values:
            continue
        boost: dict[str, float] = {}
        others = about_people - (verdict.entity in PERSON_ATTRIBUTES)
        if verdict.entity is None and (others >= 2 or numbered):
            weak = {m.meaning for m in matches[column] if m.strength >= (0.3 if others >= 2 else 0.5)}
            if weak & set(NAME_FAMILY) and _some_names(features[column]):
                boost |= dict.fromkeys(NAME_FAMILY, 0.1 + 0.05 * min(others, 4))
            if "age" in weak:
                boost["age"] = 0.15
        if verdict.entity is None and others and _decades(features[column], matches[column]):
            boost["age"] = 0.25
        if verdict.entity is None and mails and _mailed(features[column], mails):
            boost["person_name_romaji"] = 0.6
        told = any(m.meaning == "person_name" for m in matches[column])
        if verdict.entity is None and told and (born or measured) and _latin_names(features[column], born=born):
            boost["person_name_romaji"] = 0.55
        if verdict.entity is None and (others or named):
            other = any(m.meaning.startswith("other.") and m.strength >= SURE_HEADER for m in matches[column])
            boost |= _beside_people(features[column], named=named, bodies=bodies, born=born or other)
        if verdict.entity is None and entities & set(NAME_FAMILY):
            boost |= _second_names(features[column], told=told, bodies=bodies)
        if verdict.entity is None and named and _accounts(features[column], matches[column], people):
            boost["login_id"] = 0.25
        bare = not region.names.get(column) and not named and "email" in entities
        if verdict.entity is None and bare and features[column].share("person_name") >= 0.5:
            boost["person_name"] = 0.12  # 白石麻衣 | 080… | mai@…, of whom the lexicon knows every second
        if boost:
            found[column] = boost
    return found


def _accounts(features: Features, matches: Sequence[HeaderMatch], people: int) -> bool:
    """Whether these are names that people sign in with, nearly as many as people, under a header that may mean them."""
    told = any(m.meaning == "login_id" for m in matches)
    return told and features.share("login_id") >= 0.9 and len(features.values) >= 0.7 * people


def _some_names(features: Features) -> bool:
    """Whether some values may be names: read as such, masked, or in Latin letters."""
    able = any(features.share(e) >= 0.1 for e in NAME_FAMILY)
    return able or features.kind_share("placeholder", "latin") >= 0.5


def _beside_people(features: Features, *, named: bool, bodies: bool, born: bool) -> dict[str, float]:
    """What people in the same rows add to a column without a telling header: dates become birth dates, illness
    becomes somebody's, unless the rows are about firms and places."""
    boost: dict[str, float] = {}
    if features.share("birth_date") >= 0.6 and not born:
        boost["birth_date"] = 0.12 if named else 0.05
    if named and not bodies:
        boost |= {entity: 0.25 for entity in SENSITIVE if features.share(entity) >= 0.5}
        if features.share("sex") >= 0.9 and features.telling("sex") >= 0.2 and len(features.values) <= 6:
            boost["sex"] = 0.25
        if features.telling("age") >= 0.5:
            boost["age"] = 0.15
    if named and _prefectures(features):
        boost["address_part"] = 0.3
    return boost


def _decades(features: Features, matches: Sequence[HeaderMatch]) -> bool:
    """Whether these are ages by decades, 20, 30, 70, and words for others, under a header that may mean them."""
    told = any(m.meaning == "age" for m in matches)
    numbers = [v for v in features.values if v.isdecimal()]
    decades = told and all(len(v) == 2 and v.endswith("0") for v in numbers)
    return (
        decades
        and len(numbers) >= 0.5 * len(features.values)
        and all(map(_NO_DECADE.match, set(features.values) - set(numbers)))
    )


def _mailed(features: Features, mails: str) -> bool:
    """Whether nearly all values are names in Latin letters, most of which stand in the mail addresses of the table as
    well: Jane Doe, jdoe@example.com."""
    values = features.values
    if features.kind_share("latin", "long") < 0.7 or sum(bool(_FOREIGN.fullmatch(v)) for v in values) < 0.8 * len(
        values
    ):
        return False
    return sum(any(w in mails for w in _LETTERS.findall(v.casefold())) for v in values) >= 0.6 * len(values)


def _second_names(features: Features, *, told: bool, bodies: bool) -> dict[str, float]:
    """What names in the same rows add to other writings of them: surnames under display_name, readings, Latin letters."""
    boost: dict[str, float] = {}
    if told and features.share("surname") >= 0.7:
        boost["surname"] = 0.15
    if not bodies and features.kind_share("katakana") >= 0.9 and features.share("person_name_kana") >= 0.8:
        boost["person_name_kana"] = 0.25
    if features.kind_share("latin", "long") >= 0.7 and features.share("person_name_romaji") >= 0.3:
        boost["person_name_romaji"] = 0.35
    return boost


def _prefectures(features: Features) -> bool:
    """Whether all values are names of prefectures, also without their last sign: 東京, 大阪府."""
    return len(features.values) >= 3 and _names_of_prefectures().issuperset(features.values)


@cache
def _names_of_prefectures() -> frozenset[str]:
    whole = places.prefectures()
    return frozenset((*whole, *(name[:-1] for name in whole if name != "北海道")))


def _latin_names(features: Features, *, born: bool) -> bool:
    """Whether nearly all values are two or three words that begin with capitals, which is enough beside a birthday, or
    most are one word that is a surname or a given name, here or abroad, beside what people measure."""
    if born:
        return sum(bool(_CAPITALS.fullmatch(v)) for v in features.values) >= 0.8 * len(features.values)
    return sum(map(names.is_latin_name, features.values)) >= 0.5 * len(features.values)
