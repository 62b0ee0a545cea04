"""基礎年金番号 — ten digits written 4-6 (1234-567890); with four more, the number of a pension certificate.

No check digit is published, and fixed-line telephone numbers have ten digits too: a header or a word beside it is
needed.

Source: Japan Pension Service forms; norin-nenkin.or.jp for the certificate.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._shapes import HYPHEN, NUMBER_END, NUMBER_START, SPACE, D, whole
from piiscan.model import Detector

_JOIN = f"(?:{SPACE}|{HYPHEN})"
_PLAIN = f"{D}{{4}}{_JOIN}{D}{{6}}"


def strength(text: str) -> float:
    """4-6 groups 0.4, bare digits 0.05."""
    return 0.4 if len(text.strip()) in (11, 16) else 0.05


def sample(rng: Random) -> str:
    """A number of repeated groups."""
    head, tail = f"{rng.randrange(10) * 1111:04d}", f"{rng.randrange(10) * 111111:06d}"
    return rng.choice((f"{head}-{tail}", f"{head}-{tail}", f"{head}{tail}", f"{head}-{tail}-1150"))


DETECTOR = Detector(
    id="pension_number",
    group="identifier",
    label="基礎年金番号",
    label_en="Basic pension number",
    shapes=(whole(_PLAIN, f"{_PLAIN}{_JOIN}{D}{{4}}", f"{D}{{10}}", f"{D}{{14}}"),),
    search=rf"(?:年金|基礎年金)(?:手帳|証書)?[^0-9０-９\n]{{0,12}}(?P<value>{_PLAIN}|{D}{{10}}){NUMBER_END}|{NUMBER_START}(?P<value>{D}{{4}}-{D}{{6}}){NUMBER_END}",
    needs_context=True,
    cues=("年金", "基礎年金番号", "年金手帳"),
    headers=("基礎年金番号", "年金番号", "年金手帳番号"),
    sample=sample,
    yes=("1234-567890", "1234567890", "１２３４－５６７８９０", "1234 567890", "1234-567890-1150"),
    no=("12345-67890", "123-4567890", "1234-567890-1", "03-0000-1234", "123456789", "2026-04-01"),
    strength=strength,
)
