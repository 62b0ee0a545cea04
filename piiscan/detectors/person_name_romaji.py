"""ローマ字氏名 — full names in Latin letters, Japanese or from abroad.

Forms: Taro Sato, SATO TARO, Sato, Taro, SATŌ Tarō, taro_sato, Kyohko Ohno, Alice Marie Smith; both orders, all ways of romanising.

Recognised by the romaji of the lexicon's readings. Names from abroad are made of words that also stand in names of firms
and goods, so they are believed less, and English words of trade are refused. Never looked for in running text but in
front of a mail address.

Sources: readings as for ``person_name``; common names from abroad and English words are common knowledge.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._name_parts import LATIN, any_given, any_surname
from piiscan.detectors._shapes import SPACE, whole
from piiscan.lexicon.names import romaji_name_score
from piiscan.model import Detector


def check(text: str) -> bool:
    """Whether the text reads as one person's name in Latin letters."""
    return romaji_name_score(text) >= 0.5


def sample(rng: Random) -> str:
    """A Japanese name in capitals or not, in either order."""
    while True:
        parts = [any_surname(rng).romaji.capitalize(), any_given(rng).romaji.capitalize()]
        if rng.random() < 0.5:
            parts.reverse()
        text = rng.choice((" ", " ", ", ")).join(parts)
        text = text.upper() if rng.random() < 0.4 else text
        if check(text):
            return text


DETECTOR = Detector(
    id="person_name_romaji",
    group="name",
    label="氏名（ローマ字）",
    label_en="Full name in Latin letters",
    shapes=(
        whole(
            f"{LATIN}{{1,20}}[.．]?[,，]?(?:{SPACE}{{1,2}}{LATIN}{{1,20}}(?:[-－‐]{LATIN}{{1,20}})?[.．]?[,，]?){{1,4}}"
        ),
        whole(f"{LATIN}{{1,20}}[,，]{LATIN}{{1,20}}"),
        whole("[a-z]{2,15}[_.][a-z]{2,15}"),
    ),
    check=check,
    headers=("ローマ字氏名", "英字氏名"),
    sample=sample,
    yes=(
        "Taro Sato",
        "SATO TARO",
        "Sato, Taro",
        "Hanako Suzuki",
        "ＴＡＲＯ ＳＡＴＯ",
        "ALICE MARIE SMITH",
        "Syunsuke Ohno",
        "Satō Tarō",
        "hanako_suzuki",
    ),
    no=(
        "Product Name",
        "Sato",
        "New York",
        "Coffee Maker",
        "Windows Server",
        "A B",
        "佐藤太郎",
        "USB Cable",
        "12 34",
        "Tokyo Station",
        "taro@example.jp",
        "main_menu",
        "index.html",
    ),
)
