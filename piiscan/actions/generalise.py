"""Makes a value coarser, so that it fits many people: a birth date becomes a year, an address its prefecture.

Options: ``date`` = year (default), month, decade, age_band; ``on`` = the ISO day ages are reckoned for (default: today);
``place`` = prefecture (default), city; ``band`` = width of an age band in years; ``step`` = width of an income band in
yen. Ages from 90 and incomes from 20 million yen are topped, as the PPC's report on anonymised information advises.
What an entity has no coarser form for, and what cannot be understood, is masked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from piiscan.actions import _dates, _options
from piiscan.errors import UsageError
from piiscan.model import Action
from piiscan.text import digits, fold, mask

_TOP_AGE = 90
_TOP_INCOME = 20_000_000
_PREFECTURE = re.compile(r"北海道|東京都|(?:京都|大阪)府|(?:神奈川|和歌山|鹿児島|[一-龠]{2})県")
_AMOUNT = re.compile(r"[¥\\]?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s*+(万|千)?\s*+円?")
Options = Mapping[str, str | int]


def apply(entity: str, text: str, options: Options) -> str:
    """The coarser form of ``text``, or its mask."""
    _options.check(
        options,
        {
            "date": ("year", "month", "decade", "age_band"),
            "on": None,
            "place": ("prefecture", "city"),
            "band": (5, 50),
            "step": (100_000, 10_000_000),
        },
    )
    today = _day(options)
    if not text.strip():
        return text
    coarse: str | None = None
    if entity == "birth_date":
        coarse = _birth_date(text, options, today)
    elif entity == "age":
        coarse = _age(text, int(options.get("band", 10)))
    elif entity in ("address", "address_part", "business_address"):
        coarse = _place(entity, text, str(options.get("place", "prefecture")))
    elif entity == "postal_code":
        coarse = _postal(text)
    elif entity == "income":
        coarse = _income(text, int(options.get("step", 1_000_000)))
    return mask(text) if coarse is None else coarse


def _day(options: Options) -> date:
    try:
        return date.fromisoformat(str(options["on"])) if "on" in options else date.today()  # noqa: DTZ011
    except ValueError:
        raise UsageError("action_wrong_option", name="on", choices="2026-01-31") from None


def _birth_date(text: str, options: Options, today: date) -> str | None:
    born = _dates.parse(text)
    if born is None:
        return None
    year, month, _ = born
    how = options.get("date", "year")
    if how == "age_band":
        age = _dates.age_on(born, today)
        return _band(age, int(options.get("band", 10))) if 0 <= age < 150 else None
    if today.year - year >= _TOP_AGE:
        return f"{(today.year - _TOP_AGE)}年以前"
    if how == "decade":
        return f"{year // 10 * 10}年代"
    return f"{year}年{month}月" if how == "month" and month else f"{year}年"


def _age(text: str, band: int) -> str | None:
    found = re.fullmatch(r"(?:満)?(\d{1,3})\s*(?:歳|才|さい)?", fold(text))
    return _band(int(found.group(1)), band) if found else None


def _band(age: int, width: int) -> str:
    """30代 for the usual width, else 30〜34歳; everybody from 90 on together."""
    if age >= _TOP_AGE:
        return f"{_TOP_AGE}歳以上"
    low = age // width * width
    if width == 10:
        return f"{low}代" if low else "10歳未満"
    return f"{low}〜{low + width - 1}歳"


def _place(entity: str, text: str, level: str) -> str | None:
    """Prefecture, or prefecture with municipality; of a part of an address only what it says itself."""
    plain = fold(text)
    # The gazetteer is large and only needed here.
    from piiscan.lexicon import places

    parsed = places.parse_address(plain)
    prefecture, city = (parsed.prefecture, parsed.city) if parsed else ("", "")
    if not prefecture and (found := _PREFECTURE.match(plain)):
        prefecture = found.group()
    if entity == "address_part":
        prefecture = prefecture if prefecture in plain else ""
        city = city if city in plain else ""
    return prefecture + (city if level == "city" else "") or None


def _postal(text: str) -> str | None:
    """The first three digits. Seven are expected; Excel takes a leading zero away."""
    number = digits(text)
    if len(number) in (6, 7) and "." not in text:
        return f"{number.zfill(7)[:3]}-****"
    return None


def _income(text: str, step: int) -> str | None:
    found = _AMOUNT.fullmatch(fold(text))
    if not found or len(found.group(1)) > 40:
        return None
    yen = int(found.group(1).replace(",", "")) * {"万": 10_000, "千": 1_000, None: 1}[found.group(2)]
    if yen >= _TOP_INCOME:
        return f"{_TOP_INCOME // 10_000:,}万円以上"
    low = yen // step * step
    return f"{low / 10_000:,.0f}万円以上{(low + step) / 10_000:,.0f}万円未満"


ACTION = Action(id="generalise", label="粗くする", label_en="generalise", apply=apply)
