"""Codes: letters and digits in one word, as numbers of customers, employees and students are."""

from __future__ import annotations

import re
import unicodedata

from piiscan.detectors._dates import date_form
from piiscan.detectors._phones import parse
from piiscan.detectors._shapes import ALNUM, HYPHEN

#: One word of up to 40 letters and digits in at most six groups; :func:`is_code` asks for a digit.
CODE = f"{ALNUM}+(?:(?:{HYPHEN}|[/／.．#]){ALNUM}+){{0,5}}"
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+\Z")
_CLEAR_DATES = frozenset({"western", "western_kanji", "era", "two_digit_year", "month_first"})


def is_code(text: str) -> bool:
    """Whether ``text`` is a code with a digit in it, and not a date, a decimal number or a grouped telephone number."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not 2 <= len(plain) <= 40 or not any("0" <= c <= "9" for c in plain) or _DECIMAL.match(plain):
        return False
    if date_form(plain) in _CLEAR_DATES:
        return False
    return not any(n.grouped for n in parse(plain))
