"""名 — given names in kanji or hiragana that stand in a column of their own.

Forms: 太郎, 花子, さくら, 陽菜, 悠真. Names that are also nouns (光, 桜, 翼) are believed less.

Recognised by a lexicon of 80,000 given names, and by the kanji that stand first, between and last in them. A column of
given names needs a header or a column of surnames beside it. Never looked for in running text.

Sources: as for ``person_name``.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._name_parts import HIRAGANA, KANJI, KATAKANA, TAIL, any_given
from piiscan.detectors._shapes import whole
from piiscan.lexicon.names import given_score
from piiscan.model import Detector


def check(text: str) -> bool:
    """Whether the lexicon takes the whole text for a given name."""
    return given_score(text) >= 0.5


def sample(rng: Random) -> str:
    """A given name that several sources know."""
    return any_given(rng).kanji


DETECTOR = Detector(
    id="given_name",
    group="name",
    label="名",
    label_en="Given name",
    shapes=(whole(f"[{KANJI[1:-1]}{HIRAGANA[1:-1]}{KATAKANA[1:-1]}]{{1,6}}{TAIL}"),),
    check=check,
    needs_context=True,
    headers=("下の名前",),
    sample=sample,
    yes=("太郎", "花子", "さくら", "陽菜", "悠真", "健一", "美咲", "久美子"),
    no=(
        "東京",
        "会計",
        "営業部",
        "冷蔵庫",
        "佐藤太郎",
        "りんご箱",
        "100",
        "abc",
        "合計",
        "平成",
        "国語",
        "公園",
        "未入力",
        "商品",
    ),
)
