"""商品名 — goods and articles, recognised so that they are not taken for a person.

Forms: 緑茶 500ml, ボールペン 黒 10本入, シャンプー詰替, A4用紙 500枚, ABC-1234 ブラケット.

Recognised by units, numbers of pieces, model numbers, colours and kinds of goods. Weak by nature: the header decides.

Source: common usage.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._shapes import whole
from piiscan.lexicon.organisations import product_score
from piiscan.model import Detector


def check(text: str) -> bool:
    """Whether the text holds a unit, a colour, a model number or a kind of goods."""
    return product_score(text) >= 0.5


def sample(rng: Random) -> str:
    """An invented article."""
    thing = rng.choice(
        ("緑茶", "ボールペン", "シャンプー", "洗剤", "コピー用紙", "乾電池", "マスク", "カレー", "タオル", "インク")
    )
    return f"{thing} {rng.choice(('500ml', '10本入', '1kg', '30枚', '2個セット', '100g', '5袋', '12錠'))}"


DETECTOR = Detector(
    id="product",
    group="organisation",
    label="商品名",
    label_en="Article of trade",
    shapes=(whole("[^\t\r\n]{2,120}"),),
    check=check,
    needs_context=True,
    headers=("商品名", "品名", "製品名"),
    sample=sample,
    yes=("緑茶 500ml", "ボールペン 黒 10本入", "シャンプー詰替", "A4用紙 500枚", "ＬＥＤ電球 60W", "マスク ホワイト"),
    no=("佐藤太郎", "山田", "営業部", "東京都", "100-0013", "2026-04-01", "高橋 花子", "ABC", "12345", "千葉公園"),
)
