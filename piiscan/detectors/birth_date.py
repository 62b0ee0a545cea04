"""生年月日 — dates of birth, in every form that Japanese forms and systems write them.

Forms: 1975/1/31, 1975-01-31 00:00:00, 1975年1月31日(金), 19750131, 昭和50年1月31日, 昭和五十年一月三十一日, S50.1.31, ㍼50年…,
平成元年…, S500131, era codes 3500131 and 5500131, 75/1/31, and the serial number a spreadsheet keeps (27425).

A date alone is no birth date: a header, a word beside it, or the way a column's dates spread
(:func:`piiscan.detectors._dates.birth_profile`) must confirm. Impossible era years (平成32年) are read on.

Sources: the eras, their codes in forms of health and pension insurance and the serial numbers of Excel are common
knowledge; conversions were checked by computing.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from piiscan.detectors import _dates
from piiscan.detectors._date_shapes import SEARCH, SHAPES
from piiscan.model import Detector

_STRENGTH = {
    "digits8": 0.3,
    "two_digit_year": 0.2,
    "month_first": 0.3,
    "gyymmdd": 0.05,
    "era_letter7": 0.2,
    "serial": 0.02,
}


def check(text: str) -> bool:
    """Whether the day exists and lies between 1868 and today; serial numbers must give a year from 1905."""
    form = _dates.date_form(text)
    if form == "serial":
        return text.strip()[:1] != "0" and _dates.is_birth_like(text) and len(text.strip()) >= 4
    return form is not None and _dates.is_birth_like(text)


def strength(text: str) -> float:
    """How surely the value is a date at all; whether of a birth, only its surroundings tell."""
    form = _dates.date_form(text)
    if form is None:
        return 0.0
    return _STRENGTH.get(form, 0.9 if text.rstrip().endswith(("生", "生まれ", "生れ")) else 0.4)


def sample(rng: Random) -> str:
    """A day between 1930 and 2015 in one of the usual forms."""
    day = date(1930, 1, 1) + timedelta(rng.randrange(86 * 365))
    showa = day.year - 1925 if day < date(1989, 1, 8) else None
    forms = [
        f"{day:%Y/%m/%d}", f"{day.year}/{day.month}/{day.day}", f"{day:%Y-%m-%d}", f"{day:%Y%m%d}", f"{day:%Y-%m-%d} 00:00:00",
        f"{day.year}年{day.month}月{day.day}日",
    ]  # fmt: skip
    if showa:
        forms += [
            f"昭和{showa}年{day.month}月{day.day}日",
            f"S{showa}.{day.month}.{day.day}",
            f"S{showa:02d}{day:%m%d}",
        ]
    return rng.choice(forms)


DETECTOR = Detector(
    id="birth_date",
    group="date",
    label="生年月日",
    label_en="Date of birth",
    shapes=SHAPES,
    check=check,
    subtype=_dates.date_form,
    search=SEARCH,
    needs_context=True,
    cues=("生年月日", "誕生日", "生まれ", "出生", "DOB", "birth", "Birth"),
    headers=("生年月日", "誕生日", "birthday", "birth_date", "date of birth"),
    sample=sample,
    yes=(
        "1975/1/31", "1975-01-31", "1975.1.31", "1975-01-31 00:00:00", "1975年1月31日(金)", "１９７５年０１月３１日", "19750131",
        "昭和50年1月31日", "昭和五十年一月三十一日", "S50.1.31", "S.50.1.31", "昭50.1.31", "Ｓ５０．１．３１", "㍼50年1月31日", "平成元年1月8日",
        "1975年(昭和50年)1月31日", "1975（昭和50）年1月31日", "昭和50年（1975年）1月31日生", "1975年1月31日（昭和50年1月31日）",
        "1975/1/31生（51歳）", "昭和50年1月31日 満51歳", "H元.1.8", "令和元年5月1日", "S500131", "3500131", "5500131", "75/1/31", "27425", "平成32年1月1日生", "1975年1月31日生まれ",
    ),
    no=(
        "19750229", "19751301", "2999-01-01", "1600/1/1", "1975-13-01", "昭和", "090-0123-4567", "100-0001", "123456789018", "192.168.0.1",
        "第3回", "昭和通り1丁目", "1975年度", "12:30", "99999", "1-2-3",
    ),
    strength=strength,
)  # fmt: skip
