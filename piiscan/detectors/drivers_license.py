"""運転免許証番号 — twelve digits: commission 2, year 2, serial 6, check digit 1, number of re-issues 1.

Forms: 309012345620, with spaces or hyphens, 第309012345620号. Recognised by the public safety commission's code and a
check digit that no authority publishes, though known numbers obey it; so a header or a word beside it is needed. Some
numbers pass as a My Number as well.

Source: several unofficial descriptions that agree with a published example; a strong hint, not proof.
"""

from __future__ import annotations

import re
from random import Random

from piiscan.detectors import _checkdigits
from piiscan.detectors._shapes import NUMBER_END, NUMBER_START, SEPARATOR, D, whole
from piiscan.model import Detector

_GROUPED = f"{D}{{4}}{SEPARATOR}{D}{{4}}{SEPARATOR}{D}{{4}}"


def check(text: str) -> bool:
    """Whether commission and check digit are right."""
    return _checkdigits.drivers_license(re.sub(r"\A第|号\Z", "", _checkdigits.compact(text)))


def strength(text: str) -> float:
    """第…号 says more than twelve digits, of which one in twenty passes."""
    return 0.6 if "第" in text else 0.3


def sample(rng: Random) -> str:
    """A patterned serial with the right check digit."""
    unit = f"{rng.randrange(100):02d}"
    body = rng.choice(("30", "10", "44", "62", "90")) + f"{rng.randrange(100):02d}" + unit * 3
    number = f"{body}{_checkdigits.drivers_license_check_digit(body)}{rng.randrange(2)}"
    return rng.choice((number, number, f"第{number}号", f"{number[:4]} {number[4:8]} {number[8:]}"))


DETECTOR = Detector(
    id="drivers_license",
    group="identifier",
    label="運転免許証番号",
    label_en="Driver's licence number",
    shapes=(whole(f"(?:第{D}{{12}}号|{D}{{12}}|{_GROUPED})"),),
    check=check,
    search=f"{NUMBER_START}(?P<value>{D}{{12}}|{_GROUPED}){NUMBER_END}",
    needs_context=True,
    cues=("免許証", "運転免許", "免許番号"),
    headers=("運転免許証番号", "免許証番号", "免許番号"),
    sample=sample,
    yes=(
        "309012345620",
        "300000000910",
        "300000000400",
        "第309012345620号",
        "3090 1234 5620",
        "３０９０１２３４５６２０",
    ),
    no=("309212345610", "123456789012", "151234567820", "30901234562", "3090123456200", "202604011200", "第12号"),
    strength=strength,
)
