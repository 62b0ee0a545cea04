"""Reads dates as Japanese files write them, Western and by era, and judges whether many of them are birth dates.

Eras: 明治 from 1868-01-25, 大正 1912-07-30, 昭和 1926-12-25, 平成 1989-01-08, 令和 2019-05-01; the day of a change belongs
to both. Codes: 1明治 2大正 3昭和 4平成 5令和 in medical and employment insurance, 1 3 5 7 9 in pension forms. Real files
hold impossible years (平成32年); ``lenient`` reads them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from piiscan.detectors._kanji_numbers import KANJI_DIGITS, number
from piiscan.shaped import later

_ERAS = {
    "明": (1867, date(1868, 1, 25), date(1912, 7, 30)),
    "大": (1911, date(1912, 7, 30), date(1926, 12, 25)),
    "昭": (1925, date(1926, 12, 25), date(1989, 1, 7)),
    "平": (1988, date(1989, 1, 8), date(2019, 4, 30)),
    "令": (2018, date(2019, 5, 1), date(9999, 12, 31)),
}
_LETTERS = {"M": "明", "T": "大", "S": "昭", "H": "平", "R": "令"}
_MEDICAL = {"1": "明", "2": "大", "3": "昭", "4": "平", "5": "令"}
_PENSION = {"1": "明", "3": "大", "5": "昭", "7": "平", "9": "令"}
_EPOCH_1900 = date(1899, 12, 30)

_N = f"(?:[0-9]{{1,2}}|[{KANJI_DIGITS}]{{1,4}})"
_TAIL = (
    r"[ T]{0,2}(?:\([月火水木金土日祝]{1,2}曜?日?\)|[月火水木金土日]曜日?)?"
    r"[ T]{0,2}(?:[0-2]?[0-9][:時][0-5][0-9]分?(?:[:]?[0-5][0-9]秒?(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
    r"(?:生まれ|生れ|生)?(?: ?(?:\(満?[0-9]{1,3}[歳才]\)|満[0-9]{1,3}[歳才]))?\Z"
)
_SEP = "[/.\\-年_ ]"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("western", later(rf"([0-9]{{4}}) ?([/.\-]) ?([0-9]{{1,2}}) ?\2 ?([0-9]{{1,2}}){_TAIL}")),
    (
        "western_kanji",
        later(rf"(?:西暦)?([0-9]{{4}}|[〇零一二三四五六七八九千百十]{{4,8}}) ?年 ?({_N}) ?月 ?({_N}) ?日{_TAIL}"),
    ),
    ("digits8", later(r"((?:1[89]|20)[0-9]{2})([0-9]{2})([0-9]{2})\Z")),
    (
        "era",
        later(
            rf"(明治|大正|昭和|平成|令和|[明大昭平令MTSHR])[. ]{{0,2}}((?:[0-9]{{1,2}})|[{KANJI_DIGITS}]{{1,4}}) ?[年/.\-] ?({_N}) ?"
            rf"[月/.\-] ?({_N}) ?日?{_TAIL}"
        ),
    ),
    ("era_letter7", later(r"([MTSHR])([0-9]{2})([0-9]{2})([0-9]{2})\Z")),
    ("gyymmdd", later(r"([1-579])([0-9]{2})([0-9]{2})([0-9]{2})\Z")),
    ("two_digit_year", later(rf"'?([0-9]{{2}})([/.\-])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TAIL}")),
    ("month_first", later(rf"([01]?[0-9])/([0-3]?[0-9])/((?:1[89]|20)[0-9]{{2}}){_TAIL}")),
    ("serial", later(r"([1-9][0-9]{3,4})(?:\.0)?\Z")),
)
_DASHES = later(r"(?<=[0-9])[‐‑‒–—―−ー─](?=[0-9])")
_SPACES = later(r"\s+")
#: The year, or the day, once more in the other calendar: 1988年（昭和63年）3月30日.
_OTHER = later(
    rf"\((?:(?:明治|大正|昭和|平成|令和|[明大昭平令MTSHR])(?:[0-9]{{1,2}}|[{KANJI_DIGITS}]{{1,4}})|(?:1[89]|20)[0-9]{{2}})"
    r"(?:年(?:[0-9]{1,2}月[0-9]{1,2}日)?)?\)"
)


def today() -> date:
    """The current date in UTC; a date of birth cannot lie after it."""
    return datetime.now(UTC).date()


def _plain(text: str) -> str:
    plain = text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()
    plain = _DASHES.sub("-", plain)
    if plain[:1] in "mtshr":
        plain = plain[0].upper() + plain[1:]
    if "(" in plain:
        plain = _OTHER.sub("", plain)
    return _SPACES.sub(" ", plain)


def _find(text: str) -> tuple[str, re.Match[str]] | None:
    if not 4 <= len(text) <= 60:
        return None
    plain = _plain(text)
    for form, pattern in _PATTERNS:
        match = pattern.match(plain)
        if match:
            return form, match
    return None


def _calendar(year: int, month: int, day: int) -> date | None:
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _era_date(key: str, year: int, month: int, day: int, lenient: bool) -> date | None:
    base, first, last = _ERAS[key]
    found = _calendar(base + year, month, day) if year >= 1 else None
    if found is None or lenient:
        return found
    return found if first <= found <= last else None


def _coded(match: re.Match[str], lenient: bool) -> date | None:
    """GYYMMDD: the code is read both ways; the way that gives a date of its era wins, medical codes first."""
    code, *rest = match.groups()
    year, month, day = (int(r) for r in rest)
    for table in (_MEDICAL, _PENSION):
        found = _era_date(table[code], year, month, day, lenient=False) if code in table else None
        if found and found <= today():
            return found
    keys = [t[code] for t in (_MEDICAL, _PENSION) if code in t]
    return _era_date(keys[0], year, month, day, lenient=True) if lenient and keys else None


def _western(form: str, match: re.Match[str]) -> date | None:
    groups = match.groups()
    if form in ("western", "two_digit_year"):
        groups = (groups[0], groups[2], groups[3])
    if form == "month_first":
        groups = (groups[2], groups[0], groups[1])
    parts = [number(g) for g in groups]
    year, month, day = (p if p is not None else 0 for p in parts)
    if form == "two_digit_year":
        year += 2000 if year <= today().year % 100 else 1900
    return _calendar(year, month, day)


def excel_date(serial: int, date1904: bool = False) -> date | None:
    """The day of a spreadsheet's serial number; None below 1 and for 60, the 29 February 1900 that never was.

    ``date1904``: the workbook counts from 1904-01-01 as 0 (``workbookPr date1904``).
    """
    if date1904:
        serial += 1462
    if serial < 1 or serial == 60 or serial > 2_958_465:
        return None
    return _EPOCH_1900 + timedelta(serial if serial > 60 else serial + 1)


def parse_date(text: str, lenient: bool = False) -> date | None:
    """The date that the whole of ``text`` is, or None.

    ``lenient``: era years beyond the era's end (平成32年) count on. Two-digit years up to this year's are of this
    century. Excel serials are read in the 1900 system.
    """
    found = _find(text)
    if not found:
        return None
    form, match = found
    if form in ("era", "era_letter7"):
        key = match[1] if match[1] in _ERAS else _LETTERS.get(match[1], match[1][0])
        parts = [number(match[i]) for i in (2, 3, 4)]
        year, month, day = (p if p is not None else 0 for p in parts)
        return _era_date(key, year, month, day, lenient)
    if form == "gyymmdd":
        return _coded(match, lenient)
    if form == "serial":
        return excel_date(int(match[1]))
    return _western(form, match)


def date_form(text: str) -> str | None:
    """How ``text`` writes a date: western, western_kanji, digits8, era, era_letter7, gyymmdd, two_digit_year,
    month_first, serial; None when it is none of these or no such day exists."""
    found = _find(text)
    return found[0] if found and parse_date(text, lenient=True) else None


def is_birth_like(text: str) -> bool:
    """Whether ``text`` is a date on which a person alive in living memory may have been born: 1868 to today."""
    found = parse_date(text, lenient=True)
    return found is not None and found.year >= 1868 and found <= today() + timedelta(1)


def birth_profile(values: Sequence[str]) -> float:
    """From 0 (surely not) to 1: how much the dates among ``values`` spread as dates of birth do.

    Birth dates: seven in ten between 1920 and 2015, more than fifteen different years in a column long enough,
    both halves of the month, ages up to 120. Dates of business cluster in the last years, on working days, or on one
    day of the year such as 1 April. 0 below five dates.
    """
    dates = [d for d in (parse_date(v, lenient=True) for v in values) if d]
    if len(dates) < 5 or len(dates) < 0.5 * sum(1 for v in values if v.strip()):
        return 0.0
    now = today()
    share = sum(1920 <= d.year <= 2015 for d in dates) / len(dates)
    impossible = sum(d > now or d.year < now.year - 120 for d in dates) / len(dates)
    recent = sum(d.year >= now.year - 5 for d in dates) / len(dates)
    years = {d.year for d in dates}
    spread = min(1.0, len(years) / min(16, max(4, len(dates) * 0.5)))
    halves = min(sum(d.day <= 15 for d in dates), sum(d.day > 15 for d in dates)) / len(dates)
    if len(dates) >= 30:
        weekends = sum(d.weekday() >= 5 for d in dates) / len(dates)
        commonest = Counter((d.month, d.day) for d in dates).most_common(1)[0][1] / len(dates)
        if weekends < 0.12 or commonest > 0.2:
            return round(0.3 * share * spread, 3)
    if share < 0.7 or recent > 0.5 or max(years) - min(years) < 8:
        return round(0.3 * share * spread, 3)
    return round(max(0.0, (0.4 * share + 0.5 * spread + 0.1 * min(1.0, halves * 4)) - impossible), 3)
