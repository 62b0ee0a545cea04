"""FAX番号 — a number that reaches a fax machine.

Written like any telephone number, so a header or the word FAX beside it must say what it is. Only the word in front of
the number makes it a fax in running text. Mobile and M2M numbers are refused: they receive no fax.

Sources: the numbering plan as for ``phone``; common usage.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors import _phones
from piiscan.detectors._phone_shapes import FAX_SEARCH, SHAPES
from piiscan.model import Detector


def check(text: str) -> bool:
    """Whether ``text`` is a number of a kind that can receive a fax."""
    numbers = _phones.parse(text)
    return bool(numbers) and all(n.kind not in (_phones.MOBILE, _phones.M2M) for n in numbers)


def sample(rng: Random) -> str:
    """An invented fixed-line number with an unassignable local office."""
    return f"{rng.choice(('FAX:', '', '', ''))}03-0{rng.randrange(1000):03d}-{rng.randrange(10000):04d}"


DETECTOR = Detector(
    id="fax",
    group="contact",
    label="FAX番号",
    label_en="Fax number",
    shapes=SHAPES,
    check=check,
    search=FAX_SEARCH,
    needs_context=True,
    cues=("FAX", "Fax", "fax", "ＦＡＸ", "ファックス", "ファクス", "ファクシミリ"),
    headers=("FAX", "FAX番号", "ファックス"),
    sample=sample,
    yes=("03-0000-1234", "FAX:03-0000-1234", "０３－００００－１２３４", "0300001234", "(06)0012-3456"),
    no=("090-0123-4567", "020-1234-5678", "100-0001", "2026-04-01", "なし", "1234-567890", "FAX"),
    strength=_phones.strength,
)
