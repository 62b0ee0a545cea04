"""個人番号（マイナンバー）— the twelve digits every resident of Japan has, and by law the most protected of all.

Forms: 123456789018, 1234 5678 9018 as on the card, with hyphens, dots, full width; eleven digits where a spreadsheet
has eaten a leading zero. The last digit checks the others (平成26年総務省令第85号第5条), but one random number in ten
passes, so a header, a word beside it, or a whole column that passes must confirm. Twelve zeros are refused.

:func:`is_test_number` tells patterned numbers, which nobody has, from the rest; they are still found.

Sources: the ordinance as quoted at mynumber.okinawa-spot.com; python-stdnum agrees with it.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors import _checkdigits
from piiscan.detectors._shapes import D19, NUMBER_END, NUMBER_START, SEPARATOR, D, whole
from piiscan.model import Detector

_GROUPS = f"{D}{{4}}{SEPARATOR}{D}{{4}}{SEPARATOR}{D}{{4}}"


def check(text: str) -> bool:
    """Whether the check digit is right and the number not all zeros."""
    number = _checkdigits.compact(text)
    if len(number) == 11 and not number.startswith("0"):
        number = "0" + number
    return _checkdigits.my_number(number) and number != "0" * 12


def is_test_number(text: str) -> bool:
    """Whether the eleven digits before the check digit follow a pattern: repeated, counting, the usual sample."""
    number = _checkdigits.compact(text).zfill(12)
    return _checkdigits.is_digits(number, 12) and (_checkdigits.is_patterned(number[:11]) or number == "123456789012")


def strength(text: str) -> float:
    """Groups of four prove more than bare digits; eleven digits prove next to nothing."""
    size = len(text.strip())
    return 0.5 if size >= 14 else 0.3 if size == 12 else 0.02


def subtype(text: str) -> str | None:
    """``test`` for a patterned number."""
    return "test" if is_test_number(text) else None


def sample(rng: Random) -> str:
    """A number with a patterned body and the right check digit."""
    start, kind = rng.randrange(10), rng.randrange(3)
    unit = f"{rng.randrange(1, 100):02d}" if kind == 0 else f"{rng.randrange(1, 1000):03d}"
    body = "".join(str((start + i) % 10) for i in range(11)) if kind == 1 else (unit * 6)[:11]
    number = body + str(_checkdigits.my_number_check_digit(body))
    joint = rng.choice(("", "", " ", "-"))
    return joint.join((number[:4], number[4:8], number[8:]))


DETECTOR = Detector(
    id="my_number",
    group="identifier",
    label="個人番号（マイナンバー）",
    label_en="Individual Number (My Number)",
    shapes=(whole(f"{D}{{12}}", _GROUPS), whole(f"{D19}{D}{{10}}")),
    check=check,
    subtype=subtype,
    search=f"{NUMBER_START}(?P<value>{D}{{12}}|{_GROUPS}){NUMBER_END}",
    needs_context=True,
    cues=("マイナンバー", "個人番号", "通知カード", "共通番号", "My Number", "mynumber"),
    headers=("マイナンバー", "個人番号", "通知カード番号"),
    sample=sample,
    yes=(
        "123456789018",
        "1234 5678 9018",
        "1234-5678-9018",
        "１２３４５６７８９０１８",
        "１２３４　５６７８　９０１８",
        "111111111118",
        "000000000140",
        "12121212127",
        "777777777771",
    ),
    no=(
        "123456789012",
        "123456789019",
        "000000000000",
        "333333333333",
        "202401011200",
        "12345678901",
        "1234567890123",
        "4111 1111 1111 1111",
        "09001234567",
        "1234-56-789018",
        "AB12345678CD",
    ),
    strength=strength,
)
