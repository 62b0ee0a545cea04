"""在留カード番号・特別永住者証明書番号 — two letters, eight digits, two letters: AB12345678CD.

Full width and lower case are common. No check digit is published; a formula that circulates refuses the agency's own
specimen and is not used. The number changes with every card.

Source: specimen of the Immigration Services Agency; Microsoft Purview's definition.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._shapes import HYPHEN, LETTER, SPACE, D, whole
from piiscan.model import Detector

_JOIN = f"(?:{SPACE}|{HYPHEN})?"


def strength(text: str) -> float:
    """The shape is rare elsewhere: 0.7."""
    return 0.7 if text.strip() else 0.0


def sample(rng: Random) -> str:
    """A number with a counting or repeated body."""
    head, tail = rng.choice(("AB", "XX", "ZZ", "AA")), rng.choice(("CD", "YY", "ZZ", "AA"))
    return head + rng.choice(("12345678", "00000000", "87654321", "11111111", "12121212")) + tail


DETECTOR = Detector(
    id="residence_card",
    group="identifier",
    label="在留カード番号",
    label_en="Residence card number",
    shapes=(whole(f"{LETTER}{{2}}{_JOIN}{D}{{8}}{_JOIN}{LETTER}{{2}}"),),
    search=(
        r"(?<![0-9A-Za-z０-９Ａ-Ｚａ-ｚ_\-])(?P<value>[A-ZＡ-Ｚ]{2}[0-9０-９]{8}[A-ZＡ-Ｚ]{2})(?![0-9A-Za-z０-９Ａ-Ｚａ-ｚ_\-])"
    ),
    needs_context=True,
    cues=("在留", "特別永住", "外国人登録", "residence card", "Residence Card"),
    headers=("在留カード番号", "在留番号", "特別永住者証明書番号"),
    sample=sample,
    yes=("AB12345678CD", "ＡＢ１２３４５６７８ＣＤ", "ab12345678cd", "AB-12345678-CD", "AB 12345678 CD"),
    no=("AB1234567CD", "A12345678CD", "AB123456789CD", "TR1234567", "123456789018", "AB12345678C1"),
    strength=strength,
)
