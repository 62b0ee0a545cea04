"""クレジットカード番号 — payment card numbers by brand, length and Luhn's test.

Forms: 4111 1111 1111 1111, with hyphens or bare, Amex 4-6-5, Diners 4-6-4, full width. Brands: Visa 4 (16, 19 digits),
Mastercard 51–55 and 2221–2720 (16), Amex 34 37 (15), JCB 3528–3589 (16–19), Diners 300–305 3095 36 38 39 (14–19),
Discover 6011 644–649 65 (16–19), UnionPay 62 (16–19). Visa numbers of 13 digits are no longer issued and look like
Japanese bar codes; they are refused. One bare number in ten passes Luhn's test by chance, which ``strength`` says.

``subtype`` is ``test`` for the numbers payment providers publish for tests, else the brand.
Source: card prefixes as Oracle and Trellix document them.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors import _checkdigits
from piiscan.detectors._shapes import NUMBER_END, NUMBER_START, SEPARATOR, D, whole
from piiscan.model import Detector

TEST_NUMBERS = frozenset(
    {
        "4111111111111111", "4012888888881881", "4242424242424242", "4000000000000002", "5555555555554444", "5105105105105100",
        "2223003122003222", "3530111333300000", "3566002020360505", "378282246310005", "371449635398431", "38520000023237",
        "30569309025904", "6011111111111117", "6011000990139424",
    }
)  # fmt: skip
_S = SEPARATOR
_GROUPED = f"{D}{{4}}{_S}{D}{{4}}{_S}{D}{{4}}{_S}{D}{{4}}(?:{_S}{D}{{1,3}})?|{D}{{4}}{_S}{D}{{6}}{_S}{D}{{4,5}}"
_BARE = f"[2-6２-６]{D}{{13,18}}"


def brand(number: str) -> str | None:
    """The brand that prefix and length belong to; ``number`` is ASCII digits."""
    size = len(number)
    two, three, four = int(number[:2]), int(number[:3]), int(number[:4])
    if number[0] == "4" and size in (16, 19):
        return "visa"
    if size == 16 and (51 <= two <= 55 or 2221 <= four <= 2720):
        return "mastercard"
    if size == 15 and two in (34, 37):
        return "amex"
    if 16 <= size <= 19 and 3528 <= four <= 3589:
        return "jcb"
    if 14 <= size <= 19 and (300 <= three <= 305 or four == 3095 or two in (36, 38, 39)):
        return "diners"
    if 16 <= size <= 19 and (four == 6011 or 644 <= three <= 649 or two == 65):
        return "discover"
    return "unionpay" if 16 <= size <= 19 and two == 62 else None


def check(text: str) -> bool:
    """Whether brand, length and Luhn's test agree."""
    number = _checkdigits.compact(text)
    return _checkdigits.is_digits(number, *range(14, 20)) and brand(number) is not None and _checkdigits.luhn(number)


def subtype(text: str) -> str | None:
    """``test`` for a published test number, else the brand."""
    number = _checkdigits.compact(text)
    if number in TEST_NUMBERS:
        return "test"
    return brand(number) if _checkdigits.is_digits(number, *range(14, 20)) else None


def strength(text: str) -> float:
    """0.9 in groups, 0.5 bare: one in ten bare numbers with such a prefix passes by chance."""
    return 0.9 if len(_checkdigits.compact(text)) < len(text.strip()) else 0.5


def sample(rng: Random) -> str:
    """A published test number, bare or in groups."""
    number = rng.choice(sorted(TEST_NUMBERS))
    joint = rng.choice(("", " ", "-"))
    if len(number) == 16:
        return joint.join((number[:4], number[4:8], number[8:12], number[12:]))
    return joint.join((number[:4], number[4:10], number[10:]))


DETECTOR = Detector(
    id="credit_card",
    group="identifier",
    label="クレジットカード番号",
    label_en="Payment card number",
    shapes=(whole(_BARE, _GROUPED),),
    check=check,
    subtype=subtype,
    search=f"{NUMBER_START}(?P<value>{_GROUPED}|{_BARE}){NUMBER_END}",
    cues=("カード", "クレジット", "VISA", "Visa", "JCB", "Master", "AMEX", "有効期限"),
    headers=("クレジットカード番号", "カード番号"),
    sample=sample,
    yes=(
        "4111111111111111",
        "4111 1111 1111 1111",
        "5555-5555-5555-4444",
        "３５３０１１１３３３３０００００",
        "378282246310005",
        "3782 822463 10005",
        "38520000023237",
        "6011111111111117",
        "2223003122003222",
    ),
    no=(
        "4111111111111112",
        "3530111333300001",
        "4901234567894",
        "4222222222222",
        "1234567890123456",
        "0000000000000000",
        "123456789018",
        "09001234567",
        "20260401120000",
        "1111111111111117",
    ),
    strength=strength,
)
