"""年齢 — ages in years and bands: 25歳, 満25才, 3歳6か月, 30代, 20〜29歳, 60歳以上, 高齢者.

Bare integers from 0 to 120 fit as well, but so does any small number: they need a header. In running text an age is
found by its 歳 or 才. Ages of over 120 are refused.

Source: common usage; the bound of 120 is piiscan's own.
"""

from __future__ import annotations

import re
import unicodedata
from random import Random

from piiscan.detectors._shapes import HYPHEN, SPACE, D, whole
from piiscan.model import Detector

_N = f"{D}{{1,3}}"
_UNIT = "(?:歳|才|さい|ｻｲ)"
_TO = f"{SPACE}?(?:{HYPHEN}|から){SPACE}?"
_GROUPS = "乳児|幼児|乳幼児|未就学児|未就学|小学生|中学生|高校生|若年|若年層|青年|壮年|中年|未成年|成人|大人|小人|子供|子ども|高齢|高齢者|前期高齢者|後期高齢者|シニア"
_YEARS = f"(?:満|数え|享年)?{SPACE}?{_N}{SPACE}?{_UNIT}(?:{SPACE}?{D}{{1,2}}{SPACE}?[かヶケカヵ箇]?月)?"
_BAND = f"{_N}{_UNIT}?{_TO}{_N}{SPACE}?(?:{_UNIT}|代)|{_N}{_UNIT}?(?:代(?:前半|後半|半ば|以上|以下)?|未満|以上|以下|超|{_TO})|{_N}{_UNIT}(?:未満|以上|以下|超|{_TO})"
_BARE = f"{_N}(?:[.．][0０])?|{_N}{_TO}{_N}"
_NUMBERS = re.compile(r"[0-9]{1,3}")


def check(text: str) -> bool:
    """Whether every number of years is at most 120, and a range rises."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[0-9]{1,2} ?[かヶケカヵ箇]?月|\.0\Z", "", plain.strip())
    found = [int(n) for n in _NUMBERS.findall(plain)]
    return all(n <= 120 for n in found) and found == sorted(found)


def strength(text: str) -> float:
    """1 with 歳 or 才, less for 30代 and 高齢者, next to nothing for a bare number."""
    if any(u in text for u in ("歳", "才")):
        return 1.0
    plain = text.strip()
    if "代" in plain:
        return 0.6
    return 0.05 if plain[:1].isdecimal() else 0.4


def sample(rng: Random) -> str:
    """An age or a band."""
    n = rng.randrange(0, 100)
    tens = n // 10 * 10
    return rng.choice(
        (str(n), f"{n}歳", f"{n}才", f"満{n}歳", f"{tens}代", f"{tens}~{tens + 9}歳", f"{tens}歳以上", "高齢者")
    )


DETECTOR = Detector(
    id="age",
    group="attribute",
    label="年齢",
    label_en="Age",
    shapes=(whole(_YEARS, _BAND, f"(?:{_GROUPS})"), whole(_BARE)),
    check=check,
    search=rf"(?<![0-9０-９.])(?:(?:満|享年){SPACE}?)?(?P<value>{_N}{SPACE}?[歳才])(?!児|以上|以下|未満|[ぁ-ん]?[一-龥]大)",
    needs_context=True,
    cues=("年齢", "歳", "才", "満", "享年"),
    headers=("年齢", "年代", "満年齢", "age"),
    sample=sample,
    yes=("25", "25歳", "２５才", "満25歳", "3歳6か月", "30代", "30歳代", "20〜29歳", "20-29", "10歳未満", "60歳以上", "高齢者", "後期高齢者", "幼児", "42.0"),
    no=("121", "999歳", "29〜20歳", "25円", "1975", "-5", "25.5", "2026年", "第3回", "30台", "歳末セール"),
    strength=strength,
)  # fmt: skip
