"""旅券番号 — passport numbers: two letters and seven digits, such as TR1234567.

Part numbers look the same, so a header or a word beside it is needed. Japanese ordinary passports begin with T (ten
years) or M (five years). The machine-readable line is recognised by its check digits (ICAO 9303).

Source: prefectural passport pages; Microsoft Purview's definition. No newer format could be established.
"""

from __future__ import annotations

import unicodedata
from random import Random

from piiscan.detectors import _checkdigits
from piiscan.detectors._shapes import LETTER, D, whole
from piiscan.model import Detector

_FILL = "[<＜]"
_MRZ = f"{LETTER}{{2}}{D}{{8}}{LETTER}{{3}}{D}{{7}}[MFXmfxＭＦＸ<＜]{D}{{7}}(?:{_FILL}|{D}|{LETTER}){{14}}(?:{D}|{_FILL}){D}"


def check(text: str) -> bool:
    """A number is right by its shape; a machine-readable line must carry the right check digits."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if len(plain) != 44:
        return True
    fields = ((plain[:9], plain[9]), (plain[13:19], plain[19]), (plain[21:27], plain[27]))
    return all(str(_checkdigits.mrz_check_digit(body)) == digit for body, digit in fields)


def strength(text: str) -> float:
    """A machine-readable line is proof; T and M in front are a sign; any other letters are not."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    return 1.0 if len(plain) == 44 else 0.4 if plain[:1] in ("T", "M") else 0.15


def sample(rng: Random) -> str:
    """A number with a counting or repeated body."""
    return rng.choice("TM") + rng.choice("ABCDEFGHJKLRSZ") + rng.choice(("1234567", "0000000", "7654321", "1111111"))


DETECTOR = Detector(
    id="passport",
    group="identifier",
    label="旅券番号",
    label_en="Passport number",
    shapes=(whole(f"{LETTER}{{2}}{D}{{7}}", _MRZ),),
    check=check,
    search=r"(?<![0-9A-Za-z０-９Ａ-Ｚａ-ｚ_\-])(?P<value>[A-ZＡ-Ｚ]{2}[0-9０-９]{7})(?![0-9A-Za-z０-９Ａ-Ｚａ-ｚ_\-])",
    needs_context=True,
    cues=("旅券", "パスポート", "passport", "Passport", "PASSPORT"),
    headers=("旅券番号", "パスポート番号", "passport no"),
    sample=sample,
    yes=("TR1234567", "TK1234567", "ＭＳ１２３４５６７", "tr1234567", "TR12345672JPN0001018M2501017<<<<<<<<<<<<<<08"),
    no=(
        "T12345678",
        "TR123456",
        "TR12345678",
        "AB12345678CD",
        "TR-1234567",
        "1234567",
        "TR12345673JPN0001018M2501017<<<<<<<<<<<<<<08",
    ),
    strength=strength,
)
