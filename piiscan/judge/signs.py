"""Signs that a value must have to be of an entity: most columns are without most of them, and need not be asked further.

They follow from the shapes and only save time; a test holds them to the shapes of every detector named here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from piiscan.detectors import _countries
from piiscan.detectors._kanji_numbers import KANJI_DIGITS
from piiscan.detectors._shapes import whole
from piiscan.shaped import later

_DIGIT = later("[0-9０-９]")
_PATTERNS = {
    **dict.fromkeys(
        ("phone", "fax", "business_phone", "postal_code", "my_number", "drivers_license", "credit_card"), _DIGIT
    ),
    **dict.fromkeys(("corporate_number", "passport", "residence_card"), _DIGIT),
    "email": later("[@＠]"),
    "ip_address": later("[.．:：]"),
    "birth_date": later(f"[0-9０-９{KANJI_DIGITS}]"),
    "age": later(
        "[0-9０-９児]|小学|中学|高校|若年|青年|壮年|中年|未成年|未就学|成人|大人|小人|子供|子ども|高齢|シニア"
    ),
    "sex": later(
        "[A-Za-zＡ-Ｚａ-ｚ0-39０-３９男女♂♀]|おと|おん|オト|オン|どち|回答|答え|選択|指定|その|未回|未設|未選|無回|不明"
    ),
}
#: Of what the lexicon reads: kanji alone are no kana, kanji and kana no Latin letters, and an address needs the sign of
#: a municipality where it is written in kanji.
_NOT_KANJI = "[^\\s\u3400-\u9fff]"
_OF_SCORES = {
    **dict.fromkeys(("person_name_kana", "surname_kana", "given_name_kana"), later(_NOT_KANJI)),
    "person_name_romaji": later("[^\\s\u3041-\u30ff\u3400-\u9fff]"),
    "address": later(f"[市区町村]|{_NOT_KANJI}"),
}
_BEGIN_COUNTRIES = frozenset(name[:2] for name in _countries.NAMES)
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LATIN |= {chr(ord(c) + 0xFEE0) for c in _LATIN}
#: What these have a word of may stand anywhere in a cell, so that every shape begins with all that may be in front.
_WORDS = frozenset(
    (
        "company",
        "facility_name",
        "sensitive_medical",
        "sensitive_disability",
        "sensitive_criminal",
        "sensitive_belief",
        "sensitive_social",
    )
)
_PAD_BEFORE, _PAD_BEHIND = whole("|").split("|")
_ANYTHING = r"\(\?s:\.\*\)|\[\^[^\]]{1,20}\]\{[0-9]{1,3},[0-9]{1,3}\}"
_BEFORE, _BEHIND = re.compile(_ANYTHING), re.compile(f"(?:{_ANYTHING})$")


def sign(entity: str, shapes: tuple[str, ...]) -> Callable[[str], object] | None:
    """A function that finds, in any text that holds a value which one of the shapes matches, a sign of it; None where
    no sign is known."""
    if entity == "nationality":
        return _may_name_countries
    pattern = _PATTERNS.get(entity)
    if pattern is not None:
        return pattern.search
    return _of_words(shapes).search if entity in _WORDS else None


def may_score(entity: str, text: str) -> bool:
    """Whether the lexicon may give the entity a score of 0.5 or more to any of the lines of a text."""
    found = _OF_SCORES.get(entity)
    return found is None or found.search(text) is not None


def _may_name_countries(text: str) -> bool:
    lines = map(str.lstrip, text.split("\n"))
    return any(line[:2] in _BEGIN_COUNTRIES or line[:1] in _LATIN for line in lines)


@cache
def _of_words(shapes: tuple[str, ...]) -> re.Pattern[str]:
    return later("|".join(map(inside, shapes)))


def inside(shape: str) -> str:
    """The part of a shape that is neither its ends nor anything at all in front of and behind something."""
    core = shape.removeprefix("^").removesuffix("$")
    if shape.startswith(_PAD_BEFORE) and shape.endswith(_PAD_BEHIND):
        core = shape[len(_PAD_BEFORE) : -len(_PAD_BEHIND)]
    ahead = _BEFORE.match(core)
    core = core[ahead.end() :] if ahead else core
    return _BEHIND.sub("", core)
