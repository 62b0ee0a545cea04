"""Reading a birth date well enough to coarsen it: Western and Japanese years, with or without separators."""

from __future__ import annotations

import re
from datetime import date

from piiscan.text import fold

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERAS |= dict(zip("MTSHR", list(_ERAS.values()), strict=True))
_ERAS |= {name[0]: start for name, start in list(_ERAS.items()) if len(name) == 2}
_WESTERN = re.compile(r"(\d{4})(?:[-/.年 ]+(\d{1,2})(?:[-/.月 ]+(\d{1,2})日?)?)?年?月?(?:[T ].*|\(.\))?")
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})")
_JAPANESE = re.compile(
    r"(明治|大正|昭和|平成|令和|[明大昭平令]|[MTSHR])\.?(元|\d{1,2})[-/.年 ]*(?:(\d{1,2})[-/.月 ]*(?:(\d{1,2})日?)?)?(?:\(.\))?",
    re.IGNORECASE,
)


#: Of the calendar in use; people of whom books tell were born before the first era that is counted.
_FIRST_YEAR = 1583


def parse(text: str) -> tuple[int, int | None, int | None] | None:
    """(year, month, day) of a date, month and day None where they are not given; None for what is no date."""
    plain = fold(text)
    if found := _PLAIN.fullmatch(plain) or _WESTERN.fullmatch(plain):
        year, month, day = (int(part) if part else None for part in found.groups())
    elif found := _JAPANESE.fullmatch(plain):
        era, number, *rest = found.groups()
        year = _ERAS[era.upper()] + (1 if number == "元" else int(number))
        month, day = (int(part) if part else None for part in rest)
    else:
        return None
    try:
        date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    return (year, month, day) if year and year >= _FIRST_YEAR else None


def age_on(born: tuple[int, int | None, int | None], today: date) -> int:
    """Age in whole years on ``today``; where month or day are missing, as if born on the first."""
    year, month, day = born
    return today.year - year - ((today.month, today.day) < (month or 1, day or 1))
