"""Check digits of Japanese and financial numbers. Every function takes ASCII digits only and is False otherwise.

A check digit alone proves little: one in ten random numbers passes any of these.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from piiscan.text import HYPHEN_CLASS

_SEPARATORS = re.compile(f"(?:{HYPHEN_CLASS}|[\\s.．・･＿])")
_CITY_BODIES = "10 11 12 13 14 20 21 22 23 24 25 30 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 60 61 62 63 64 65"
_COMMISSIONS = frozenset((_CITY_BODIES + " 70 71 72 73 74 80 81 82 83 90 91 92 93 94 95 96 97").split())
_MRZ_VALUES = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}


def compact(text: str) -> str:
    """``text`` in ASCII width and upper case, without spaces, dots and hyphens."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def is_digits(text: str, *lengths: int) -> bool:
    """Whether ``text`` is ASCII digits only, in one of ``lengths``."""
    return len(text) in lengths and text.isascii() and text.isdigit()


def _weighted(text: str, weights: Sequence[int]) -> int:
    return sum(int(c) * w for c, w in zip(text, weights, strict=True))


def my_number_check_digit(body: str) -> int:
    """Check digit of an 11-digit body (平成26年総務省令第85号第5条)."""
    remainder = _weighted(body, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return 0 if remainder <= 1 else 11 - remainder


def my_number(number: str) -> bool:
    """Whether 12 digits carry the right check digit of a 個人番号."""
    return is_digits(number, 12) and int(number[11]) == my_number_check_digit(number[:11])


def corporate_check_digit(base: str) -> int:
    """The leading check digit, 1 to 9, of a 12-digit base (平成26年財務省令第70号第2条)."""
    return 9 - _weighted(base, (2, 1) * 6) % 9


def corporate_number(number: str) -> bool:
    """Whether 13 digits are a 法人番号: the first digit checks the other twelve."""
    return is_digits(number, 13) and int(number[0]) == corporate_check_digit(number[1:])


def drivers_license_check_digit(body: str) -> int:
    """The eleventh digit of a licence number from the first ten (unofficial; no authority publishes the rule)."""
    return (11 - _weighted(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 10


def drivers_license(number: str) -> bool:
    """Whether 12 digits begin with a public safety commission's code and carry the right eleventh digit."""
    if not is_digits(number, 12) or number[:2] not in _COMMISSIONS:
        return False
    return int(number[10]) == drivers_license_check_digit(number[:10])


def luhn(number: str) -> bool:
    """Whether ``number`` passes Luhn's test, as payment cards do."""
    if not number or not number.isascii() or not number.isdigit():
        return False
    doubled = (sum(divmod(2 * int(c), 10)) for c in number[-2::-2])
    return (sum(int(c) for c in number[::-2]) + sum(doubled)) % 10 == 0


def insurer_number(number: str) -> bool:
    """Whether 6 or 8 digits are a 保険者番号: Luhn's test and a prefecture 01–47 (verification number of the ministry)."""
    return is_digits(number, 6, 8) and 1 <= int(number[-6:-4]) <= 47 and luhn(number)


def local_government_code(number: str) -> bool:
    """Whether 6 digits are a 全国地方公共団体コード with the right check digit."""
    if not is_digits(number, 6):
        return False
    return int(number[5]) == (11 - _weighted(number[:5], (6, 5, 4, 3, 2)) % 11) % 10


def mrz_check_digit(field: str) -> int | None:
    """ICAO 9303 check digit of a field of a machine-readable zone; None for a character that cannot stand there."""
    values = [_MRZ_VALUES.get(c) for c in field]
    if None in values:
        return None
    return sum((v or 0) * w for v, w in zip(values, (7, 3, 1) * len(field), strict=False)) % 10


def is_patterned(body: str) -> bool:
    """Whether digits are invented: one digit repeated, a repeated group, or counting up or down."""
    if not body:
        return False
    for size in (1, 2, 3, 4):
        if len(body) > size and (body[:size] * len(body))[: len(body)] == body:
            return True
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(body)}
    return steps in ({1}, {9})
