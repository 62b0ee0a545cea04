"""What one value says by itself: whether it reads like a name, a firm, a place, a number of some kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from statistics import mean

from piiscan.detectors import _dates
from piiscan.judge.cells import kind
from piiscan.judge.priors import LOOSE_KINDS
from piiscan.lexicon import names, organisations, places
from piiscan.lexicon.organisations import organisation
from piiscan.text import digits, fold

#: What stands between the names of a cell that holds several.
LISTED = re.compile("<br ?/?>|[、，,;；・/／&＆\n]")
#: Words for a name, which stand for one in a template and for a kind of name in a dictionary.
_LABELS = frozenset(
    {"姓", "名", "氏", "氏名", "名前", "お名前", "姓名", "苗字", "名字", "担当者名", "フリガナ", "ふりがな"}
)
#: A number at the end, and the space before it.
_NUMBERED = re.compile(r"(?<=[^0-9０-９])[ \u3000]?[0-9０-９]{1,3}\Z")
_MONTH = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)"
    r"(?:uary|ruary|ch|il|ust|tember|ober|ember)?\b\.? ?[0-9]|[0-9] ?(?:Jan|Feb|Mar|Apr|May|Ju[nl]|Aug|Sep|Oct|Nov|Dec)"
)


#: Characters of a name; people from abroad have three or four in Latin letters.
LONGEST_NAME, LONGEST_LATIN = 30, 60


def person_like(value: str) -> bool:
    """Whether a cell under a header that says "name" may hold a person's name: no firm, no digits, no role word."""
    plain = fold(names.trim_name(value)[0] or value)
    if (
        organisations.FIRM_MARK.search(value)
        or not 1 <= len(plain) <= (LONGEST_LATIN if plain.isascii() else LONGEST_NAME)
        or kind(plain) not in LOOSE_KINDS["person_name"] - {"placeholder"}
    ):
        return False
    if any(c.isdigit() for c in plain) or plain in _LABELS or names.ROLE_WORDS.fullmatch(plain.lower()):
        return False
    if plain[-1] in ":：":  # the label of a form
        return False
    if organisations.title_score(plain) >= 0.9:
        return False
    return organisation(plain) < 0.5 or (" " in plain and names.given_score(plain.rsplit(" ", 1)[1]) >= 0.6)


def unnumbered(name: str) -> str:
    """A name without the number that tells it from its like: 山田1, 佐藤 2."""
    return _NUMBERED.sub("", name)


def _name_like(value: str) -> bool:
    """Nothing under a header that says "name" but a firm, a department, a place or a long text is surely no name."""
    if len(value) > 40 or value in _LABELS or organisation(value) >= 0.5 or organisations.title_score(value) >= 0.9:
        return False
    return organisations.department_score(value) < 0.5 and not (
        places.is_place_name(value) and value.strip()[-1:] in "都道府県市区町村"
    )


def _short_code(value: str) -> bool:
    plain = fold(value)
    coded = any(c.isdigit() for c in plain) or (plain.isascii() and not plain.istitle())
    return 1 <= len(plain) <= 24 and coded and " " not in plain and kind(value) != "date"


def _phone_like(value: str) -> bool:
    count = len(digits(value))
    return 6 <= count <= 24 and count >= 0.5 * len(fold(value))


def _age_like(value: str) -> bool:
    plain = fold(value)
    return int(plain[:4]) <= 130 if plain.isdecimal() else any(w in plain for w in "歳才代満以未")


def _month_of(value: str) -> bool:
    """Whether a day is told by the English name of its month: March 5th, 1 Sept."""
    return len(value) <= 20 and _MONTH.search(value) is not None


def several(value: str) -> list[str]:
    """The parts of a cell that lists names, 今井、上野・小山; empty when it does not look like a list."""
    if not LISTED.search(value) or len(value) > 200:
        return []
    parts = [p.strip() for p in LISTED.split(value)]
    return parts if 2 <= len(parts) <= 20 and all(parts) else []


def _or_several(score: Callable[[str], float]) -> Callable[[str], float]:
    """The score of a cell with one name or with several: their mean if most are names, a little less sure."""

    def scored(value: str) -> float:
        whole_cell = score(value)
        if whole_cell >= 0.5 or not (parts := several(value)):
            return whole_cell
        scores = [score(part) for part in parts]
        return max(whole_cell, 0.9 * mean(scores) if sum(s >= 0.5 for s in scores) >= 0.7 * len(scores) else 0.0)

    return scored


#: How far a value, by the lexicon, is of an entity: 0 to 1, 0.5 and more says that it fits.
SCORES: dict[str, Callable[[str], float]] = {
    "person_name": _or_several(names.full_name_score),
    "surname": _or_several(names.surname_score),
    "given_name": _or_several(names.given_score),
    "person_name_kana": names.kana_name_score,
    "surname_kana": names.kana_surname_score,
    "given_name_kana": names.kana_given_score,
    "person_name_romaji": names.romaji_name_score,
    "address": places.address_score,
    "address_part": lambda v: places.address_part_score(v)[0],
}
#: The same with the last short values kept: columns repeat what others hold.
REMEMBERED: dict[str, Callable[[str], float]] = {e: lru_cache(maxsize=16384)(f) for e, f in SCORES.items()}

#: Whether a value may be of an entity when a header says so.
LOOSE_TESTS: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(("person_name", "surname", "given_name"), _name_like),
    **dict.fromkeys(("phone", "fax", "business_phone"), _phone_like),
    **dict.fromkeys(("customer_id", "employee_id", "student_id"), _short_code),
    **dict.fromkeys(("my_number", "drivers_license", "credit_card"), lambda v: 8 <= len(digits(v)) <= 19),
    "postal_code": lambda v: len(digits(v)) in (3, 4, 5, 6, 7),
    "birth_date": lambda v: (
        _dates.parse_date(v) is not None or len(digits(v)) in (1, 2, 4, 5, 6, 7, 8) or "年" in v or _month_of(v)
    ),
    "age": _age_like,
    "sex": lambda v: len(fold(v)) <= 8,
    "email": lambda v: "@" in fold(v),
    "person_name_kana": lambda v: len(fold(v)) >= 2,
    "surname_kana": lambda v: len(fold(v)) >= 1,
}
