"""法人番号・適格請求書発行事業者登録番号 — public numbers of corporations; recognised so that they count as nobody.

Forms: 7123456789012, 7-1234-5678-9012, T7123456789012 (invoice registration). The first of thirteen digits checks the
other twelve (平成26年財務省令第70号第2条). The T-number of a sole proprietor is another thirteen digits, so behind a T no
check digit is required; ``subtype`` is then ``invoice``.

Sources: the ordinance as quoted at expydoc.com; registered numbers that were published obey it.
"""

from __future__ import annotations

import re
from random import Random

from piiscan.detectors import _checkdigits
from piiscan.detectors._shapes import HYPHEN, NUMBER_END, SEPARATOR, D, whole
from piiscan.model import Detector

_GROUPED = f"{D}{SEPARATOR}{D}{{4}}{SEPARATOR}{D}{{4}}{SEPARATOR}{D}{{4}}"
_T = f"[TＴtｔ]{HYPHEN}?"


def check(text: str) -> bool:
    """Whether the check digit is right; behind a T, thirteen digits are enough."""
    plain = _checkdigits.compact(text)
    if plain.startswith("T"):
        return re.fullmatch("T[0-9]{13}", plain) is not None
    return _checkdigits.corporate_number(plain)


def subtype(text: str) -> str | None:
    """``invoice`` for a T-number."""
    return "invoice" if _checkdigits.compact(text).startswith("T") else None


def strength(text: str) -> float:
    """A T in front is near proof; one in ten bare numbers passes."""
    return 0.95 if subtype(text) else 0.4


def sample(rng: Random) -> str:
    """A number with a repeated base and the right check digit."""
    base = f"{rng.randrange(1, 1000):03d}" * 4
    number = f"{_checkdigits.corporate_check_digit(base)}{base}"
    return rng.choice((number, f"T{number}", f"T-{number}", f"{number[0]}-{number[1:5]}-{number[5:9]}-{number[9:]}"))


DETECTOR = Detector(
    id="corporate_number",
    group="organisation",
    label="法人番号",
    label_en="Corporate number",
    shapes=(whole(f"(?:{_T})?(?:{D}{{13}}|{_GROUPED})"),),
    check=check,
    subtype=subtype,
    search=rf"(?<![0-9A-Za-z０-９_\-])(?P<value>[TＴ]?{D}{{13}}){NUMBER_END}",
    needs_context=True,
    cues=("法人番号", "登録番号", "インボイス", "適格請求書"),
    headers=("法人番号", "会社法人等番号", "インボイス登録番号"),
    sample=sample,
    yes=(
        "7123456789012",
        "T7123456789012",
        "T1234567890123",
        "Ｔ７１２３４５６７８９０１２",
        "7-1234-5678-9012",
        "t7123456789012",
    ),
    no=(
        "2835678256246",
        "1234567890123",
        "0123456789012",
        "712345678901",
        "71234567890123",
        "4901234567894",
        "T123456789012",
    ),
    strength=strength,
)
