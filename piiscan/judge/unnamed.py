"""Columns that no header names, and that people's attributes beside them explain: ages, names, numbers of members."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from piiscan.families import GOVERNMENT_IDS, MEMBER_IDS, NAME_FAMILY, NUMBERS_OF_PEOPLE, PERSON_ATTRIBUTES
from piiscan.judge.columns import Verdict
from piiscan.judge.features import Features
from piiscan.judge.layout import Region
from piiscan.judge.values import person_like
from piiscan.lexicon import names
from piiscan.policy import HeaderMatch
from piiscan.text import fold, fold_header

#: A code that somebody was given, and no running number: with a letter in it, zeros in front, or five digits and more.
_CODE = re.compile(
    r"(?=[0-9A-Za-z-]{0,24}[0-9])(?:[0-9-]{0,24}[A-Za-z][0-9A-Za-z-]{0,24}|0[0-9]{3,11}|[1-9][0-9]{4,11})\Z"
)
_LETTERS_OF_SEX = (frozenset({"m", "f"}), frozenset({"male", "female"}))
_DIGITS_OF_SEX = ({"0", "1"}, {"1", "2"})
OLDEST = 110
#: Years in which people who stand in lists were born, months, days.
_PARTS_OF_BIRTH = ((1915, 2020), (1, 12), (1, 31))
#: A list of people has hardly more columns, a dictionary may.
MOST_BESIDE = 6
#: So many names in Latin letters, or numbers like telephones, must there be where nothing else says what they are.
FEWEST_ALONE, FEWEST_DASHED = 6, 4
_DASHED = re.compile(r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{4}")
#: Words for somebody alone, and whose number codes below them are.
_OF_WHOM = {
    **dict.fromkeys(("student", "pupil", "生徒", "学生", "児童", "園児"), "student_id"),
    **dict.fromkeys(("employee", "staff", "社員", "職員", "従業員", "スタッフ"), "employee_id"),
    **dict.fromkeys(
        ("customer", "client", "member", "patient", "user", "顧客", "会員", "患者", "利用者", "お客様"), "customer_id"
    ),
}
#: How a header ends that stands over numbers of somebody.
_NUMBER = re.compile("(?:id|no|code|cd|number|番号|コード)\\Z")


def attributes_of(region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]) -> set[str]:
    """Which attributes of people stand in the columns."""
    return {verdicts[c].entity or "" for c in region.columns if features[c].real} & set(PERSON_ATTRIBUTES)


def ages_beside_sex(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> dict[int, Verdict]:
    """Small numbers beside 男 and 女, or beside nothing but M and F, are ages, and those letters are the sex; so are
    1 and 2 between given names and ages: 花子 | 2 | 23."""
    found: dict[int, Verdict] = {}
    for column in region.columns:
        seen = features[column]
        letters = not region.names.get(column) and {fold(v).lower() for v in seen.values} in _LETTERS_OF_SEX
        if between := _between_given_and_age(column, region, verdicts, features):
            found |= {between: Verdict("given_name", 0.6, ("neighbours", "lexicon"), values=1.0)}
            letters = True
        if not letters and verdicts[column].entity != "sex":
            continue
        for near in (column - 1, column + 1):
            if near in verdicts and not verdicts[near].entity and not region.names.get(near) and _ages(features[near]):
                found[near] = Verdict("age", 0.6, ("neighbours", "values"), values=1.0)
                if not verdicts[column].entity:
                    found[column] = Verdict("sex", 0.6, ("neighbours", "values"), values=1.0)
    return found


def _between_given_and_age(
    column: int, region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> int | None:
    """The column of given names beside one of nothing but 1 and 2, where ages stand on its other side."""
    if region.names.get(column) or {fold(v) for v in features[column].values} != {"1", "2"}:
        return None
    for named, aged in ((column - 1, column + 1), (column + 1, column - 1)):
        bare = all(c in verdicts and not verdicts[c].entity and not region.names.get(c) for c in (named, aged))
        if bare and len(features[named].values) >= 5 and features[named].share("given_name") >= 0.8:
            return named if _ages(features[aged]) else None
    return None


def _ages(features: Features) -> bool:
    """Whether all values are whole numbers that people's ages may be, and do not only count the rows."""
    numbers = [int(plain) for v in features.values if (plain := fold(v)).isdecimal() and len(plain) <= 3]
    if len(numbers) < 3 or len(numbers) < len(features.values) or not 15 <= max(numbers) <= OLDEST:
        return False
    return 0 not in numbers and sorted(numbers) != list(range(min(numbers), min(numbers) + len(numbers)))


def names_beside_attributes(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> dict[int, Verdict]:
    """The first column of words that begin with a surname, beside two attributes of people and no name, is the name,
    though no lexicon has the given names: 赤坂ほげ太郎 | 17歳 | 男性."""
    if any(v.entity in NAME_FAMILY for v in verdicts.values()):
        return {}
    if len(attributes_of(region, verdicts, features)) < 2:
        return {}
    for column in region.columns:
        seen = features[column]
        undecided = verdicts[column].entity is None and not region.names.get(column) and len(seen.values) >= 2
        if undecided and seen.spread >= 0.8 and sum(map(_begins_with_surname, seen.values)) >= 0.7 * len(seen.values):
            return {column: Verdict("person_name", 0.6, ("neighbours", "lexicon"), values=0.7)}
    return {}


def _begins_with_surname(value: str) -> bool:
    plain = fold(value)
    return 3 <= len(plain) <= 10 and person_like(value) and any(names.is_surname(plain[:n]) for n in (2, 3))


def bare_id(
    region: Region,
    verdicts: Mapping[int, Verdict],
    features: Mapping[int, Features],
    matches: Mapping[int, Sequence[HeaderMatch]],
) -> dict[int, Verdict]:
    """A column called nothing but ID, once a row, beside people's attributes but no name, is the person's number."""
    if beside := _code_of_named(region, verdicts, features):
        return beside
    if referring := _referring(region, verdicts, features):
        return referring
    if numbered := _numbers_of(region, verdicts, features, matches):
        return numbered
    attributes = attributes_of(region, verdicts, features)
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


def _code_of_named(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> dict[int, Verdict]:
    """Another code in every row (26EC0033, 0001, 100003), in a first column without a header or one called nothing but
    ID or No., is the number of those whose names stand beside it, unless firms or places come before them. An ID that
    only counts is one as well where everybody has a row of his own: not in a list of visits."""
    entities = {v.entity for c, v in verdicts.items() if features[c].values}
    people = [c for c, v in verdicts.items() if v.entity in ("person_name", "surname") and v.score >= 0.6]
    if not people or entities & {*MEMBER_IDS, *GOVERNMENT_IDS} - {"login_id"}:
        return {}
    if any(v.entity in ("company", "facility_name", "product") and c < min(people) for c, v in verdicts.items()):
        return {}
    own_rows = max(features[c].spread for c, v in verdicts.items() if v.entity in (*NAME_FAMILY, "birth_date")) >= 0.9
    for column in [c for c in region.columns if features[c].values][:2]:
        name = fold_header(region.names.get(column, ""))
        bare = name in ("id", "no", "uid", "clientid", "番号", "コード", "code")
        bare = bare or (not region.names.get(column) and column == region.columns[0])
        once = features[column].spread >= 0.9
        coded = _codes(features[column]) or (name == "clientid" and once)
        coded = coded or (name in ("id", "uid") and once and own_rows)
        if bare and verdicts[column].entity is None and coded:
            return {column: Verdict("customer_id", 0.6, ("neighbours", "values"), header=0.3)}
    return {}


def _referring(region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]) -> dict[int, Verdict]:
    """Numbers under another header that are all members' numbers of the same table: upline_id, 紹介者番号."""
    found = {}
    for owner in [c for c, v in verdicts.items() if v.entity in NUMBERS_OF_PEOPLE and features[c].spread >= 0.9]:
        numbers = set(features[owner].values)
        for column in region.columns:
            named = _NUMBER.search(fold_header(region.names.get(column, "")))
            undecided = verdicts[column].entity is None and len(features[column].values) >= 2
            if named and undecided and all(v in numbers and len(v) >= 4 for v in features[column].values):
                found[column] = Verdict(verdicts[owner].entity, 0.6, ("neighbours", "values"), values=1.0)
    return found


def _numbers_of(
    region: Region,
    verdicts: Mapping[int, Verdict],
    features: Mapping[int, Features],
    matches: Mapping[int, Sequence[HeaderMatch]],
) -> dict[int, Verdict]:
    """Codes under nothing but the word for somebody, another in every row, are his numbers: student | 181001."""
    if {v.entity for v in verdicts.values()} & {*MEMBER_IDS, *GOVERNMENT_IDS}:
        return {}
    for column in region.columns:
        word = fold_header(region.names.get(column, ""))
        told = word in _OF_WHOM and any(m.meaning == "person_name" for m in matches[column])
        if told and verdicts[column].entity is None and _codes(features[column]):
            return {column: Verdict(_OF_WHOM[word], 0.6, ("neighbours", "values"), header=0.5, values=1.0)}
    return {}


def _codes(features: Features) -> bool:
    """Whether nearly every value is a code of its own, all of one length as far as they are numbers, and no date."""
    coded = [v for v in features.values if _CODE.match(v)]
    lengths = {len(v) for v in coded if v.isdecimal()}
    if len(features.values) < 2 or features.spread < 0.9 or len(lengths) > 1:
        return False
    if not coded and _of_four_digits(features.values):
        return True
    dated = max(map(features.share, ("birth_date", "phone", "postal_code"))) >= 0.5
    return len(coded) >= 0.9 * len(features.values) and not dated


def _of_four_digits(values: Sequence[str]) -> bool:
    """Whether all are numbers of four digits that neither count nor are years."""
    numbers = [int(v) for v in values if len(v) == 4 and v.isdecimal() and v[0] != "0"]
    if len(numbers) < max(5, len(values)) or max(numbers) - min(numbers) < 5 * len(numbers):
        return False
    return sum(1900 <= n <= 2100 for n in numbers) < 0.5 * len(numbers)


def sex_before_birth(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> dict[int, Verdict]:
    """A column of nothing but two digits without a header between a name and the date of birth is the sex:
    小田 花音 | 0 | 20001014."""
    for column in region.columns[1:]:
        bare = not region.names.get(column) and verdicts[column].entity is None
        if not bare or column + 1 not in verdicts or {fold(v) for v in features[column].values} not in _DIGITS_OF_SEX:
            continue
        before, behind = verdicts.get(column - 1), verdicts[column + 1]
        if before and before.entity in NAME_FAMILY and behind.entity == "birth_date":
            return {column: Verdict("sex", 0.6, ("neighbours", "values"), values=1.0)}
    return {}


def born_in_three(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> dict[int, Verdict]:
    """Year, month and day side by side without a header, in a table that names people, are when they were born:
    1974 | 6 | 12."""
    if not any(v.entity in NAME_FAMILY for v in verdicts.values()):
        return {}
    for columns in zip(*(region.columns[n:] for n in range(3)), strict=False):
        bare = not any(region.names.get(c) or verdicts[c].entity for c in columns) and columns[2] - columns[0] == 2
        if bare and all(_within(features[c], *most) for c, most in zip(columns, _PARTS_OF_BIRTH, strict=True)):
            return {c: Verdict("birth_date", 0.6, ("neighbours", "values"), values=1.0) for c in columns}
    return {}


def _within(features: Features, least: int, most: int) -> bool:
    """Whether all values are whole numbers between two, and at least two differ."""
    numbers = [int(v) for v in features.values if v.isdecimal() and len(v) <= 4]
    return len(numbers) == len(features.values) >= 2 and least <= min(numbers) and max(numbers) <= most


def latin_names_alone(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> dict[int, Verdict]:
    """Single words in Latin letters without a header, nearly all of them common names of Japanese: abe, yamamoto,
    endo. Every second prefecture is a common name as well, so that most are not enough."""
    japanese = any(features[c].kind_share("kanji", "hiragana", "katakana") >= 0.5 for c in region.columns)
    if japanese or any(region.names.values()) or len(region.columns) > MOST_BESIDE:
        return {}
    for column in region.columns:
        seen = features[column]
        if verdicts[column].entity is not None or len(seen.values) < FEWEST_ALONE or seen.spread < 0.9:
            continue
        if seen.kind_share("latin") >= 0.9 and sum(map(names.is_common_latin_name, seen.values)) >= 0.85 * len(
            seen.values
        ):
            return {column: Verdict("person_name_romaji", 0.6, ("neighbours", "lexicon"), values=0.9)}
    return {}


def dashed_phones(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> dict[int, Verdict]:
    """Numbers in three groups that begin with 0 and end in four digits are telephones without a header, too, though
    somebody made them up and nobody could be called there: 0985-123-1234."""
    found = {}
    for column in region.columns:
        seen = features[column]
        bare = not region.names.get(column) and verdicts[column].entity is None
        if bare and len(seen.values) >= FEWEST_DASHED and all(_DASHED.fullmatch(fold(v)) for v in seen.values):
            found[column] = Verdict("phone", 0.6, ("values",), values=1.0)
    return found
