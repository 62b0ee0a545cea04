"""性別 — 男/女 in words, letters, signs and codes, with the third answers forms offer.

Forms: 男, 女性, M, female, ♂, その他, 回答しない, and codes (0 1 2 9 of ISO/IEC 5218), alone or as 1:男. Single letters and
codes fit many columns (sizes, flags): they need a header. Running text is not searched; the words are too common there.

Sources: ISO/IEC 5218 for the codes; headers of exports (EC-CUBE, 宛名職人) and common usage.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._shapes import COLON, HYPHEN, SPACE, whole, words
from piiscan.model import Detector

_CLEAR = (
    "男",
    "女",
    "男性",
    "女性",
    "男子",
    "女子",
    "おとこ",
    "おんな",
    "オトコ",
    "オンナ",
    "♂",
    "♀",
    "male",
    "female",
    "man",
    "woman",
    "boy",
    "girl",
)
_OTHER = (
    "その他", "不明", "無回答", "未回答", "未選択", "未設定", "回答しない", "答えたくない", "選択しない", "回答したくない", "指定なし", "どちらでもない", "男女",
    "男・女", "男/女", "other", "unknown", "n/a", "X", "non-binary", "prefer not to say",
)  # fmt: skip
_CODE = "[0-39０-３９]"


def strength(text: str) -> float:
    """0.95 for words, 0.3 for M and F, 0.1 for other answers, 0.05 for a bare code."""
    plain = text.strip()
    if "男" in plain or "女" in plain or (len(plain) > 1 and plain.lower() in _CLEAR) or plain in _CLEAR:
        return 0.95
    if plain[:1].isdecimal():
        return 0.05
    return 0.3 if plain.upper() in ("M", "F", "Ｍ", "Ｆ") else 0.1


def sample(rng: Random) -> str:
    """One of the usual answers."""
    return rng.choice(
        ("男", "女", "男性", "女性", "M", "F", "male", "female", "1", "2", "その他", "1:男", "回答しない")
    )


DETECTOR = Detector(
    id="sex",
    group="attribute",
    label="性別",
    label_en="Sex",
    shapes=(
        whole(f"(?:{_CODE}{SPACE}?(?:{COLON}|{HYPHEN}|[.．)）]){SPACE}?)?{words(*_CLEAR)}", f"[(（]{words('男', '女')}[)）]"),
        whole(words(*_OTHER, "M", "F"), _CODE, f"{_CODE}{COLON}{words(*_OTHER)}"),
    ),
    needs_context=True,
    cues=("性別",),
    headers=("性別", "男女", "sex", "gender"),
    sample=sample,
    yes=("男", "女", "男性", "女性", "M", "F", "Ｍ", "male", "FEMALE", "1", "２", "その他", "回答しない", "1:男", "（女）", "♀"),
    no=("男鹿市", "女川町", "MA", "4", "12", "L", "男子校", "メンズ", "FAX", "山田"),
    strength=strength,
)  # fmt: skip
