"""姓 — surnames in kanji that stand alone, in a column of their own or with an honorific in running text.

Forms: 佐藤, 髙橋, 林, 五十嵐; 山田様, 山田さん, お世話になっております。…の山田です.

Recognised by the lexicon; 1,736 of the 1,999 commonest surnames are also the name of a town and 17 of a prefecture
(千葉, 石川, 山口), so a column of them needs a header or a sibling column to be believed.

Sources: as for ``person_name``; counts measured on the post office's data.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._name_parts import (
    CUE,
    HONORIFIC,
    HONOURED,
    KANJI,
    NO_SURNAMES,
    NOBODY,
    NOT_BEFORE,
    TAIL,
    TITLE,
    TITLES,
    any_surname,
)
from piiscan.detectors._shapes import whole
from piiscan.lexicon.names import surname_score
from piiscan.model import Detector


def check(text: str) -> bool:
    """Whether the lexicon takes the whole text for a surname."""
    return surname_score(text) >= 0.5


def sample(rng: Random) -> str:
    """A surname drawn as often as people bear it."""
    return any_surname(rng).kanji


_WHERE = f"[{''.join(sorted(NO_SURNAMES))}]"
_INTRODUCES = "(?:です|でございます|と申します|と申し|ですが|より(?:ご連絡|お電話)|が(?:承り|伺い|担当))"

DETECTOR = Detector(
    id="surname",
    group="name",
    label="姓",
    label_en="Surname",
    shapes=(whole(f"{KANJI}{{1,5}}{TAIL}"),),
    check=check,
    search=(
        f"(?<![{KANJI[1:-1]}ァ-ヺーA-Za-zおご]){HONOURED}(?!{KANJI}{{0,8}}{NOT_BEFORE}[ \u3000]|{NOBODY}{HONORIFIC})(?P<value>{KANJI}{{1,4}}?)(?=[ \u3000]?{HONORIFIC})"
        f"|{CUE}(?P<value>{KANJI}{{1,4}}?)(?={TITLE}(?!{KANJI}))"
        f"|(?<![{KANJI[1:-1]}ァ-ヺー])(?P<value>{KANJI}{{2,4}}?)(?={TITLE}(?!{KANJI}))"
        f"|(?<=[部課係室][ \u3000])(?P<value>{KANJI}{{2,4}})(?=が(?:[^あなみ]|$)|より|から)"
        f"|{CUE}(?P<value>{KANJI}{{1,4}})(?![{KANJI[1:-1]}ァ-ヺぁ-ゖ]|[ \u3000]{KANJI})"
        f"|(?<![^の、。\\s\u3000])(?!{_WHERE}で)(?P<value>{KANJI}{{1,4}})(?={_INTRODUCES})"
    ),
    needs_context=True,
    cues=(
        "様",
        "さま",
        "さん",
        "殿",
        "氏",
        "君",
        "くん",
        "ちゃん",
        "先生",
        "申し",
        "と申し",
        "です",
        "担当",
        "名",
        "代表",
        "責任者",
        *TITLES,
        *(f"{office}{space}" for office in "部課係室" for space in " \u3000"),
        ":",
        "：",
    ),
    headers=("姓", "苗字", "名字"),
    sample=sample,
    yes=("佐藤", "髙橋", "林", "五十嵐", "千葉", "長谷川", "佐々木 様", "渡邊", "勅使河原"),
    no=(
        "会計",
        "東京都",
        "平成",
        "公園",
        "営業部",
        "山田商店",
        "佐藤太郎",
        "太郎",
        "商品",
        "ABC",
        "12",
        "数学",
        "赤",
        "りんご",
    ),
)
