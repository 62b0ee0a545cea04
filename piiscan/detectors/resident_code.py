"""住民票コード — the eleven digits of the resident register, which nobody outside it may ask for.

Ten random digits and a check digit whose rule (平成14年総務省告示第436号) could not be established; none is computed.
Mobile numbers have eleven digits as well: only a header, or the words in front of it, make this code.

Source: the ordinance for the structure only; its text was not found.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._shapes import NUMBER_END, SEPARATOR, D, whole
from piiscan.model import Detector


def strength(text: str) -> float:
    """Eleven digits prove nothing by themselves."""
    return 0.02 if text.strip() else 0.0


def sample(rng: Random) -> str:
    """Eleven digits in a pattern."""
    return rng.choice((str(rng.randrange(10)) * 11, (f"{rng.randrange(100):02d}" * 6)[:11]))


DETECTOR = Detector(
    id="resident_code",
    group="identifier",
    label="住民票コード",
    label_en="Resident record code",
    shapes=(whole(f"{D}{{11}}", f"{D}{{4}}{SEPARATOR}{D}{{4}}{SEPARATOR}{D}{{3}}"),),
    search=rf"住民票コード[^0-9０-９\n]{{0,8}}(?P<value>{D}{{11}}){NUMBER_END}",
    needs_context=True,
    cues=("住民票コード", "住基"),
    headers=("住民票コード",),
    sample=sample,
    yes=("12345678901", "１２３４５６７８９０１", "1234 5678 901", "00000000000"),
    no=("123456789018", "1234567890", "090-0123-4567", "2026-04-01", "1234-567890-1", "AB123456789"),
    strength=strength,
)
