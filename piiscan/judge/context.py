"""What is personal only in a context: illness beside a person, accounts of customers, the party of who holds no office."""

from __future__ import annotations

import re
from collections.abc import Mapping

from piiscan.detectors import _dates
from piiscan.families import GOVERNMENT_IDS, KANA_NAMES, MEMBER_IDS, NAME_FAMILY, PERSON_ATTRIBUTES, SENSITIVE
from piiscan.judge.columns import Verdict
from piiscan.judge.features import Features
from piiscan.judge.layout import Region
from piiscan.judge.priors import LIKELY_HEADER, SURE_HEADER
from piiscan.lexicon import names
from piiscan.policy import HeaderMatch
from piiscan.text import fold_header

#: Years from somebody's birth from which another day of his may be when he joined.
_JOINING_AGE = 10
NEEDS_PERSON_CONTEXT = frozenset({*SENSITIVE, "income", "evaluation", "nationality"})
ABOUT_PERSON = frozenset({*PERSON_ATTRIBUTES, *GOVERNMENT_IDS, *MEMBER_IDS, *SENSITIVE, "email", "phone", "address"})
#: What says who somebody is.
_TELLING_WHO = frozenset({*GOVERNMENT_IDS, *MEMBER_IDS, "email", "birth_date"})
#: What stands behind the word for somebody: customer_id, customer_name, 得意先コード, 得意先名.
_BEHIND_WORD = re.compile(r"(?:id|no|code|cd|number|name|番号|コード|名称?|№)\Z")
_NAME_OF = re.compile("(?:氏名|名前|名称?|name)\\Z")
_NUMBERED = re.compile("[a-z]{1,4}[0-9]{0,4}|[0-9]{1,6}")
_KANJI_AND_KATAKANA = re.compile("(?=.*[ァ-ヺ])(?=.*[㐀-鿿])")
#: Of so few values it cannot be said that none is a name.
FEW_VALUES = 8
#: A capital within a word, or a path: ThemePart, /xl/styles.xml. And the parts of such a word.
_PROGRAM, _PART = re.compile(r"[a-z][A-Z]|[/\\_]"), re.compile("[A-Z]?[a-z]+")
#: MD5, SHA-1 and SHA-2 in hexadecimal, and the same in Base64.
_DIGEST = re.compile(
    r"(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{56}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128}"
    r"|[0-9A-Za-z+/]{22}==|[0-9A-Za-z+/]{27}=|[0-9A-Za-z+/]{38}==|[0-9A-Za-z+/]{43}=|[0-9A-Za-z+/]{64}|[0-9A-Za-z+/]{86}==)\Z"
)


def _named(verdicts: Mapping[int, Verdict], persons: Mapping[int, float]) -> set[str]:
    """The name entities whose columns name people; a reading counts only where no name is written."""
    found = {v.entity for c, v in verdicts.items() if v.entity in NAME_FAMILY and persons.get(c)}
    written = {v.entity for v in verdicts.values()} & set(NAME_FAMILY) - set(KANA_NAMES)
    return {e for e in found if e} - (set(KANA_NAMES) if written else set())


def keep_context(
    region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features], persons: Mapping[int, float]
) -> dict[int, Verdict]:
    """Drops what is only personal beside a person: illness in a price list, points in a table of machines."""
    entities = {v.entity for c, v in verdicts.items() if features[c].values}
    people = _named(verdicts, persons)
    ids = {v.entity for v in verdicts.values() if v.entity in MEMBER_IDS and "header" in v.evidence} - {"login_id"}
    firms = "company" in entities and not people and not entities & {*PERSON_ATTRIBUTES, *GOVERNMENT_IDS}
    person = people | ids | (entities & {*GOVERNMENT_IDS, "email", "birth_date"})
    attributes = entities & {"age", "sex"}
    born = any(v.entity == "birth_date" and v.header >= SURE_HEADER for v in verdicts.values())
    later_days = _later_days(verdicts, features)
    named = sum(v.entity in NAME_FAMILY for v in verdicts.values())
    kept = {}
    for column, verdict in verdicts.items():
        drop = verdict.entity in NEEDS_PERSON_CONTEXT and not person and len(attributes) < 2
        if verdict.entity == "customer_id":
            drop = firms or _of_firms(column, region, verdicts, features)  # the customers are companies
        if verdict.entity in ("employee_id", "student_id"):
            drop = firms and _one_a_row("company", verdicts, features)  # employee_number: how many work there
        if verdict.entity == "bank_account":
            drop = _held_by_firms(region, verdicts)
        if verdict.entity == "birth_date" and not verdict.header:
            drop = not people and not attributes and all(v.isdecimal() and len(v) == 5 for v in features[column].values)
            drop = drop or (born and bool(region.names.get(column)))  # other days of those whose birthdays are known
            drop = drop or column in later_days
        if verdict.entity in ("login_id", "password"):
            whole = person - {"surname", "given_name"} or {"surname", "given_name"} <= person
            drop = not whole and not attributes and _tells_nobody(column, region, verdicts, features)
        unlike = verdict.entity == "person_name" and verdict.values < 0.2 and verdict.header < LIKELY_HEADER
        if unlike or (verdict.entity == "given_name" and verdict.header < SURE_HEADER):
            drop = not entities & {*ABOUT_PERSON, *NAME_FAMILY} - {verdict.entity}  # plants and colours under 名前
        if verdict.entity in ("person_name", "person_name_romaji") and verdict.header < SURE_HEADER:
            drop = drop or (verdict.values < 0.05 and _of_programs(features[column]))
        if verdict.entity == "person_name" and not persons.get(column) and named == 1:
            drop = drop or _things(features[column])
        if verdict.entity == "person_name":
            drop = drop or _stand_for_somebody(region.names.get(column, ""), features[column])
        kept[column] = Verdict(None, 0.5, (), verdict.entity, verdict.score) if drop else verdict
    return kept


def _later_days(verdicts: Mapping[int, Verdict], features: Mapping[int, Features]) -> set[int]:
    """Columns of days without a header, of which another such column has earlier ones: when somebody joined, behind
    when he was born."""
    years = {
        c: sorted(day.year for v in features[c].values if (day := _dates.parse_date(v)))
        for c, verdict in verdicts.items()
        if verdict.entity == "birth_date" and not verdict.header
    }
    middle = {c: found[len(found) // 2] for c, found in years.items() if found}
    return {c for c, year in middle.items() if year - min(middle.values()) >= _JOINING_AGE}


def _of_programs(features: Features) -> bool:
    """Whether nearly all values are words of programs, WorksheetPart and /docProps/core.xml, and none holds a name."""
    words = [v for v in features.values if _PROGRAM.search(v) and not any(map(names.is_latin_name, _PART.findall(v)))]
    return bool(words) and len(words) >= 0.7 * len(features.values)


def _things(features: Features) -> bool:
    """Whether most values are words of kanji and katakana and none is a name, whatever the header says: teams, goods."""
    known = max(map(features.share, NAME_FAMILY))
    mixed = sum(bool(_KANJI_AND_KATAKANA.match(v)) for v in features.values)
    return len(features.values) >= FEW_VALUES and mixed >= 0.5 * len(features.values) and known < 0.25


def _stand_for_somebody(header: str, features: Features) -> bool:
    """Whether all values are the word of the header with a letter or a number behind it: 顧客AAA under 顧客名."""
    word = _NAME_OF.sub("", fold_header(header))
    rests = [fold_header(v).removeprefix(word) for v in features.values]
    return bool(word) and len(rests) >= 3 and all(map(_NUMBERED.fullmatch, rests))


def _of_firms(column: int, region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]) -> bool:
    """Whether a number belongs to the companies in the column of the same word, customer_id beside customer_name, or
    behind it, another in every row, where nothing but contacts of theirs follows."""
    behind = verdicts.get(column + 1)
    private = {v.entity for v in verdicts.values()} & {*PERSON_ATTRIBUTES, *GOVERNMENT_IDS}
    if behind and behind.entity == "company" and features[column + 1].spread >= 0.9 and not private:
        return True
    word = _BEHIND_WORD.sub("", fold_header(region.names.get(column, "")))
    return bool(word) and any(
        verdicts[c].entity == "company" and _BEHIND_WORD.sub("", fold_header(name)) == word
        for c, name in region.names.items()
        if c in verdicts
    )


def _one_a_row(entity: str, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]) -> bool:
    return any(
        v.entity == entity and features[c].spread >= 0.9 and features[c].filled >= 3 for c, v in verdicts.items()
    )


def _tells_nobody(
    column: int, region: Region, verdicts: Mapping[int, Verdict], features: Mapping[int, Features]
) -> bool:
    """Whether an account of which nothing else is known says nothing of anybody: names that are not said to be for
    signing in, or bare numbers beside digests; and those digests. A password that can be read always counts."""
    readable = any(v.entity == "password" and not _digests(features[c]) for c, v in verdicts.items())
    if verdicts[column].entity == "password":
        words = any(v.entity == "login_id" and features[c].share("login_id") >= 0.5 for c, v in verdicts.items())
        return not readable and not words
    own = "login" in fold_header(region.names.get(column, ""))
    secret = any(v.entity == "password" for v in verdicts.values())
    return not (own and secret and (readable or features[column].share("login_id") >= 0.5))


def _digests(features: Features) -> bool:
    """Whether nearly all values are what a hash function gives, in hexadecimal or Base64."""
    return sum(bool(_DIGEST.match(v)) for v in features.values) >= 0.9 * max(1, len(features.values))


def _held_by_firms(region: Region, verdicts: Mapping[int, Verdict]) -> bool:
    """Whether the holders of the accounts (口座名義) are companies."""
    holders = [c for c, name in region.names.items() if "名義" in name]
    return any(verdicts[c].entity == "company" for c in holders if c in verdicts)


def without_public(
    verdicts: Mapping[int, Verdict],
    matches: Mapping[int, tuple[HeaderMatch, ...]],
    region: Region,
    persons: Mapping[int, float],
) -> dict[int, Verdict]:
    """Takes back what is public: the party of those who stand for or hold an office, which votes, seats and districts
    tell; the symptoms of patients whom an authority has announced (公表日) without saying who they are."""
    office = any(m.meaning == "other.office" and m.strength >= SURE_HEADER for found in matches.values() for m in found)
    nobody = not any(persons.values()) and not {v.entity for v in verdicts.values()} & _TELLING_WHO
    announced = nobody and any(fold_header(name).startswith(("公表", "発表")) for name in region.names.values())
    public = {"sensitive_belief"} if office else set()
    public |= {"sensitive_medical"} if announced else set()
    return {c: Verdict(None, 0.5, (), v.entity, v.score) if v.entity in public else v for c, v in verdicts.items()}
