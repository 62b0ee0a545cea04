"""郵便番号 — Japanese postal codes of seven digits.

Forms: 100-0013, 〒100-0013, １００－００１３, 1000013, and 600001 for 0600001 when a spreadsheet has eaten the zero.

Recognised by the post office's own list of 142,920 codes: only 1.4 % of all seven-digit numbers are real ones, so
existing is strong evidence. ``strength`` says how much the form proves: a code without hyphen is a number first.

Source: postal code data of Japan Post, for which it claims no copyright.
"""

from __future__ import annotations

import re
import unicodedata
from random import Random

from piiscan.detectors._place_parts import PLACE_CHARS, PREFECTURE, any_town
from piiscan.detectors._shapes import COLON, HYPHEN, NUMBER_START, SPACE, D, whole
from piiscan.lexicon.places import postal_exists
from piiscan.model import Detector
from piiscan.text import digits

_TEXT = re.compile(rf"〒? ?[0-9]{{3}} ?(?:{HYPHEN} ?)?[0-9]{{4}}|[0-9]{{6}}(?:\.0)?|[0-9]{{7}}\.0")


def _code(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text[:40]).strip()
    if not _TEXT.fullmatch(plain):
        return ""
    return digits(plain.removesuffix(".0")).zfill(7)


def check(text: str) -> bool:
    """Whether the text is a code that the post office has given out."""
    code = _code(text)
    return bool(code) and postal_exists(code)


def strength(text: str) -> float:
    """1 with 〒, 0.9 with a hyphen, 0.5 for seven digits, 0.2 for six; 0 for what does not exist."""
    if not check(text):
        return 0.0
    plain = unicodedata.normalize("NFKC", text).strip()
    if "〒" in plain:
        return 1.0
    count = len(digits(plain.removesuffix(".0")))
    return 0.9 if not plain[0:7].isdigit() and count == 7 else 0.5 if count == 7 else 0.2


def sample(rng: Random) -> str:
    """A real code of a real town."""
    code = any_town(rng).code
    return rng.choice(("{}-{}", "〒{}-{}", "〒{} {}", "{}{}")).format(code[:3], code[3:])


DETECTOR = Detector(
    id="postal_code",
    group="place",
    label="郵便番号",
    label_en="Postal code",
    shapes=(
        whole(f"〒?{SPACE}?{D}{{3}}{SPACE}?(?:{HYPHEN}{SPACE}?)?{D}{{4}}"),
        whole(f"{D}{{6}}(?:[.]0)?", f"{D}{{7}}[.]0"),
    ),
    check=check,
    search=(
        f"(?P<value>〒{SPACE}?{D}{{3}}{HYPHEN}?{D}{{4}})(?![0-9０-９])"
        f"|(?:郵便番号|〒)[はが]?{SPACE}?{COLON}?{SPACE}?(?P<value>{D}{{3}}{HYPHEN}?{D}{{4}})(?![0-9０-９])"
        f"|{NUMBER_START}(?P<value>{D}{{3}}{HYPHEN}{D}{{4}})(?=[\\s\u3000]{{0,3}}(?:{PREFECTURE}|{PLACE_CHARS}{{1,6}}[市区郡]))"
    ),
    cues=("〒", "郵便番号", "住所"),
    headers=("郵便番号", "〒"),
    sample=sample,
    strength=strength,
    yes=("100-0013", "〒100-0013", "１００－００１３", "1000013", "〒 060-0001", "600001", "100ー0013", "〒060 0001"),
    no=(
        "100-00130",
        "999-9999",
        "03-0000-1234",
        "2026-04-01",
        "12345",
        "1234567890",
        "000-0000",
        "東京都",
        "1000.5",
        "199-0000",
    ),
)
