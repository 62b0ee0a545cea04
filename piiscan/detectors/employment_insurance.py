"""雇用保険被保険者番号 — eleven digits written 4-6-1: 1234-567890-1.

Numbers from before July 1981 are ten digits with a 0 behind. The last digit is a check digit whose rule could not be
established, so nothing is computed; the number of an establishment (事業所番号) has the same shape and is no personal
data. A header or a word beside it is needed.

Source: public descriptions of the number and of its form before July 1981; Microsoft Purview's keywords.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._shapes import HYPHEN, NUMBER_END, NUMBER_START, SPACE, D, whole
from piiscan.model import Detector

_JOIN = f"(?:{SPACE}|{HYPHEN})"
_GROUPED = f"{D}{{4}}{_JOIN}{D}{{6}}{_JOIN}{D}"


def strength(text: str) -> float:
    """4-6-1 groups 0.5, bare digits 0.05."""
    return 0.5 if len(text.strip()) == 13 else 0.05


def sample(rng: Random) -> str:
    """A number of repeated groups."""
    head, body, last = f"{rng.randrange(10) * 1111:04d}", f"{rng.randrange(10) * 111111:06d}", rng.randrange(10)
    return rng.choice((f"{head}-{body}-{last}", f"{head}{body}{last}"))


DETECTOR = Detector(
    id="employment_insurance",
    group="identifier",
    label="雇用保険被保険者番号",
    label_en="Employment insurance number",
    shapes=(whole(_GROUPED, f"{D}{{11}}"),),
    search=f"{NUMBER_START}(?P<value>{_GROUPED}){NUMBER_END}",
    needs_context=True,
    cues=("雇用保険", "被保険者番号", "離職票"),
    headers=("雇用保険被保険者番号", "雇用保険番号"),
    sample=sample,
    yes=("1234-567890-1", "1111-111111-1", "12345123450", "１２３４－５６７８９０－１", "1234 567890 1"),
    no=("1234-567890", "1234-56789-01", "123456789018", "090-0123-4567", "1234567890", "2026-04-01"),
    strength=strength,
)
