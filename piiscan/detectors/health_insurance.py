"""健康保険の記号・番号・保険者番号 — numbers of health and long-term care insurance.

Forms: 記号123 番号456, 123・456 (枝番)01, 12345678-90, a bare number; insurer's numbers of 6 or 8 digits with a check digit
(Luhn's, with a prefecture in front of the last four). Symbols may be letters or kanji. Nobody but the insurers may ask
for them since October 2020. Nearly any code has such a shape: a header or a word beside it is needed.

Source: ministry's rules for setting insurer numbers; municipal pages on branch numbers.
"""

from __future__ import annotations

import unicodedata
from random import Random

from piiscan.detectors import _checkdigits
from piiscan.detectors._shapes import COLON, HYPHEN, SPACE, D, whole
from piiscan.model import Detector

_SYMBOL = "[0-9A-Za-z０-９Ａ-Ｚａ-ｚ一-龥ぁ-んァ-ヶ]{1,10}"
_BRANCH = f"(?:{SPACE}?(?:[(（]?枝番?[)）]?{COLON}?|{HYPHEN}|[(（]){SPACE}?{D}{{2}}[)）]?)?"
_WORDED = f"記号{COLON}?{SPACE}?{_SYMBOL}{SPACE}?(?:[・,、/]{SPACE}?)?番号{COLON}?{SPACE}?{D}{{1,10}}{_BRANCH}"
_JOINED = f"{_SYMBOL}{SPACE}?[・･/／\\-－ー]{SPACE}?{D}{{1,10}}{_BRANCH}"
_BARE = f"[HＨ]?{D}{{5,10}}{_BRANCH}"


def check(text: str) -> bool:
    """Whether there is a number at all, and not a date."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return any(c.isdigit() for c in plain) and plain[:2] not in ("T:",) and "月" not in plain and "丁目" not in plain


def subtype(text: str) -> str | None:
    """``insurer`` for six or eight digits that pass the insurers' check."""
    return "insurer" if _checkdigits.insurer_number(_checkdigits.compact(text)) else None


def strength(text: str) -> float:
    """記号…番号… is proof; a number joined to a symbol or a bare one is not."""
    return 0.95 if "記号" in text or "枝番" in text else 0.2 if subtype(text) else 0.05


def sample(rng: Random) -> str:
    """A symbol and number of repeated digits."""
    a, b = f"{rng.randrange(1, 10) * 111}", f"{rng.randrange(1, 10) * 1111}"
    return rng.choice((f"{a}-{b}", f"記号{a} 番号{b}", f"{a}・{b} (枝番)01", b * 2, f"{b}{b}-00"))


DETECTOR = Detector(
    id="health_insurance",
    group="identifier",
    label="健康保険証の記号・番号",
    label_en="Health insurance number",
    shapes=(whole(_WORDED, _JOINED, _BARE),),
    check=check,
    subtype=subtype,
    search=(
        rf"(?P<value>{_WORDED})|(?:保険証|被保険者証|保険者番号|被保険者番号)[^0-9０-９\n]{{0,10}}(?P<value>{D}{{6,10}}|{D}{{1,8}}[・\-－]{D}{{1,8}})(?![0-9０-９])"
    ),
    needs_context=True,
    cues=("保険証", "保険者番号", "被保険者", "記号", "健保", "後期高齢者医療", "介護保険"),
    headers=("保険者番号", "被保険者番号", "保険証番号", "記号・番号"),
    sample=sample,
    yes=(
        "33120015",
        "01040013",
        "記号123 番号456",
        "123・456 (枝番)01",
        "12345678-90",
        "１２３・４５６",
        "千代田-1234",
        "H123456789",
    ),
    no=("山田太郎", "12", "1月-31日", "taro@example.jp", "03-0000-1234-5", "東京都千代田区", "記号なし"),
    strength=strength,
)
