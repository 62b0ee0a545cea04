"""Moves a date by a number of days that a key fixes for each person, so that ages stay about right: needs a key.

All dates of one person in a row move alike, and always into the past, by one day to two years, so that nobody is born in
the future. Option ``days``: the most days.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta

from piiscan.actions import _dates, _options, _stand_names, _stand_nobody, _stand_numbers
from piiscan.errors import UsageError
from piiscan.model import Action, Draw, Keyed

_EPOCH = date(1899, 12, 30)
_ERAS = ((date(2019, 5, 1), "令和", 2018), (date(1989, 1, 8), "平成", 1988), (date(1926, 12, 25), "昭和", 1925),
         (date(1912, 7, 30), "大正", 1911), (date(1868, 1, 25), "明治", 1867))  # fmt: skip
_LETTERS = {"令和": "R", "平成": "H", "昭和": "S", "大正": "T", "明治": "M"}
_ERA = re.compile(r"(明治|大正|昭和|平成|令和|[明大昭平令]|[MTSHRmtshr])(\.?)\s*(元|[0-9]{1,2})")
_SERIAL = re.compile(r"[0-9]{4,5}")
_NUMBER = re.compile(r"[0-9]+")
_NAMES = ("person_name", "surname", "given_name", "person_name_kana", "surname_kana", "person_name_romaji")


def apply(entity: str, text: str, options: Mapping[str, str | int]) -> str:  # noqa: ARG001
    """Only what is empty; raises ``UsageError`` for the rest."""
    _options.check(options, {"days": (1, 3650)})
    if text.strip():
        raise UsageError("action_wants_key", name="shift")
    return text


def keyed(entity: str, text: str, options: Mapping[str, str | int], key: Keyed) -> str:
    """The date moved, as it was written; what is no date becomes another code of the same form."""
    if _stand_nobody.says_nothing(text):
        return text
    most = int(options.get("days", 730))
    plain = unicodedata.normalize("NFKC", text)
    who = next((_stand_names.identity(n, key.row[n], key) for n in _NAMES if key.row.get(n)), f"date {plain.strip()}")
    days = 1 + int(key.unique("shift", who, _long)) % most
    new = _moved(plain, days)
    if new is None:
        return _stand_numbers.code(entity, text, key)
    return new if plain == text else "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in new)


def _long(draw: Draw) -> str:
    return str(draw(10**15))  # long enough that no two are the same: two people may well be moved alike


def _moved(plain: str, days: int) -> str | None:
    stripped = plain.strip()
    if _SERIAL.fullmatch(stripped) and 5_000 <= int(stripped) <= 60_000:
        return plain.replace(stripped, str(int(stripped) - days))
    born = _dates.parse(plain)
    if born is None:
        return None
    year, month, day = born
    new = date(year, month or 6, day or 15) - timedelta(days=days)
    if re.fullmatch(r"[0-9]{8}", stripped):
        return plain.replace(stripped, new.strftime("%Y%m%d"))
    parts = [new.month, new.day][: (month is not None) + (day is not None)]
    era = _ERA.search(plain)
    if era:
        head, rest = plain[: era.start()] + _era(new, era), plain[era.end() :]
    else:
        found = _NUMBER.search(plain)
        assert found is not None
        head, rest = plain[: found.start()] + f"{new.year}", plain[found.end() :]
    for number in parts:
        found = _NUMBER.search(rest)
        if found is None:
            return None
        padded = (
            f"{number:02}" if len(found.group()) == 2 and (found.group()[0] == "0" or _pads(plain)) else str(number)
        )
        head, rest = head + rest[: found.start()] + padded, rest[found.end() :]
    return head + rest


def _pads(plain: str) -> bool:
    """Whether single digits have a zero in front: told by one that has, else by the way of ISO."""
    return bool(re.search(r"(?<![0-9])0[0-9](?![0-9])", plain)) or bool(
        re.match(r"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}", plain)
    )


def _era(new: date, found: re.Match[str]) -> str:
    _, name, base = next(e for e in (*_ERAS, (date.min, "明治", 1867)) if new >= e[0])
    old, dot, number = found.groups()
    year = new.year - base
    word = (
        name if len(old) == 2 else name[0] if old > "z" else _LETTERS[name] if old.isupper() else _LETTERS[name].lower()
    )
    told = "元" if year == 1 and number == "元" else f"{year:02}" if number[0] == "0" else str(year)
    return f"{word}{dot}{told}"


ACTION = Action(id="shift", label="日付をずらす", label_en="shift the date", apply=apply, keyed=keyed)
