"""年収・給与 — amounts a person earns, owns or owes: 5,000,000円, 450万円, ¥300,000, 300万円〜400万円.

Every price has such a shape; only a header such as 年収, 給与 or 借入額 names it.

Source: headers of lists of employees and common usage.
"""

from __future__ import annotations

import re
import unicodedata
from random import Random

from piiscan.detectors._shapes import HYPHEN, SPACE, D, whole
from piiscan.model import Detector

_AMOUNT = f"[¥￥\\\\＼]?{SPACE}?[\\-－▲△]?(?:{D}{{1,3}}(?:[,，]{D}{{3}})+|{D}+)(?:[.．]{D}{{1,2}})?{SPACE}?(?:千|百|万|千万|億)?(?:円|yen|JPY)?"
_RANGE = f"{_AMOUNT}(?:{SPACE}?(?:{HYPHEN}|以上){SPACE}?(?:{_AMOUNT})?)?(?:未満|以下|以上|超|台)?"


def check(text: str) -> bool:
    """Whether there is an amount of at least three digits, or one in 万 or 億; dates and telephone numbers are not."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[^0-9]", "", plain)
    if any(u in plain for u in ("万", "億", "千")):
        return bool(digits)
    if re.fullmatch(r"0[0-9]+|[0-9]{2,4}-[0-9]{2}|[0-9]{11,}", plain) or plain.count("-") > 1:
        return False
    return 3 <= len(digits) <= 24


def strength(text: str) -> float:
    """An amount says nothing about whose it is."""
    return 0.05 if "円" in text or "万" in text else 0.02


def sample(rng: Random) -> str:
    """An amount in one of the usual forms."""
    n = rng.randrange(200, 1500)
    return rng.choice(
        (f"{n}万円", f"{n * 1000:,}", f"{n}0000", f"¥{n * 1000:,}", f"{n}万円~{n + 100}万円", f"{n}万円以上")
    )


DETECTOR = Detector(
    id="income",
    group="attribute",
    label="年収・給与",
    label_en="Income",
    shapes=(whole(_RANGE),),
    check=check,
    search=(
        r"(?:年収|月収|月給|年俸|給与|基本給|手取り|賞与|借入|借金)[^0-9０-９\n]{0,6}(?P<value>[0-9０-９][0-9０-９,，.]{0,14}(?:千|百)?[万億]?円)"
    ),
    needs_context=True,
    cues=("年収", "月収", "給与", "年俸", "月給", "賞与", "借入"),
    headers=("年収", "給与", "月収", "基本給", "所得", "世帯年収"),
    sample=sample,
    yes=("5,000,000円", "450万円", "¥300,000", "３００万円〜４００万円", "300000", "1000万円以上", "300万円未満"),
    no=("山田太郎", "2026-04-01", "090-0123-4567", "12", "09001234567", "なし", "5,00円", "2026/04/01"),
    strength=strength,
)
