"""名（カナ） — given names in katakana, hiragana or half-width kana that stand in a column of their own.

Forms: タロウ, たろう, ﾀﾛｳ, ユーコ. Bank kana writes small letters large.

Recognised by the readings of the lexicon's names. So short a word proves little: a header or a sibling column must speak
for it, and it is never looked for in running text.

Sources: as for ``person_name_kana``.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._name_parts import ANY_KANA, TAIL, any_given
from piiscan.detectors._shapes import whole
from piiscan.lexicon.names import kana_given_score
from piiscan.model import Detector


def check(text: str) -> bool:
    """Whether the lexicon knows the text as the reading of a given name."""
    return kana_given_score(text) >= 0.5


def sample(rng: Random) -> str:
    """A reading in katakana or hiragana."""
    kana = any_given(rng).kana
    return kana if rng.random() < 0.6 else "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in kana)


DETECTOR = Detector(
    id="given_name_kana",
    group="name",
    label="名（カナ）",
    label_en="Given name in kana",
    shapes=(whole(f"{ANY_KANA}{{1,12}}{TAIL}"),),
    check=check,
    needs_context=True,
    headers=("メイ", "名カナ"),
    sample=sample,
    yes=("タロウ", "はなこ", "ﾀﾛｳ", "ユーコ", "ケンイチ", "さくら", "ｷﾖｳｺ"),
    no=("テレビ", "カ)ヤマダ", "サトウ タロウ", "太郎", "ABC", "シャンプー", "12", "パソコン", "トウキョウト"),
)
