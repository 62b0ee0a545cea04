"""氏名 — full names of people in kanji, or in kanji with a given name in kana.

Forms: 佐藤 太郎, 佐藤太郎, 佐　藤　太　郎, 髙橋 さくら 様, 佐藤太郎（退職）, 佐藤太郎(サトウタロウ). Variant kanji and width do
not matter.

Recognised by a lexicon of 15,000 surnames and 80,000 given names; where it does not know a part, by which kanji stand
where in known names. Places (千葉市), facilities, departments and goods are refused. In running text a name needs an
honorific behind it, a cue before it (氏名：, 担当：) or a mail address in angle brackets.

Sources: japanese-personal-name-dataset (MIT), mecab-ipadic (NAIST), SudachiDict (Apache-2.0); honorifics and cues from
common usage.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._name_parts import (
    CUE,
    HIRAGANA,
    HONORIFIC,
    HONOURED,
    KANJI,
    KATAKANA,
    LIKE_OFFICES,
    NOBODY,
    NOT_BEFORE,
    TAIL,
    TITLE,
    any_given,
    any_surname,
)  # fmt: skip
from piiscan.detectors._shapes import SPACE, whole
from piiscan.lexicon.names import full_name_score
from piiscan.model import Detector

_GIVEN = f"[{KANJI[1:-1]}{HIRAGANA[1:-1]}{KATAKANA[1:-1]}]"


def check(text: str) -> bool:
    """Whether the lexicon takes the whole text for one person's full name."""
    return full_name_score(text) >= 0.5


def sample(rng: Random) -> str:
    """A name as people bear it, with or without a space."""
    surname, given = any_surname(rng), any_given(rng)
    space = rng.choice(("", " ", "\u3000")) if len(surname.kanji) + len(given.kanji) > 3 else " "
    name = f"{surname.kanji}{space}{given.kanji}"
    if not check(name):
        name = f"{surname.kanji} {given.kanji}"
    return name + rng.choice(("", "", "", " 様", "（退職）"))


_NAME = f"{KANJI}{{1,4}}[ \u3000]?[{KANJI[1:-1]}{HIRAGANA[1:-1]}]{{1,4}}?"

DETECTOR = Detector(
    id="person_name",
    group="name",
    label="氏名",
    label_en="Full name",
    shapes=(
        whole(f"{KANJI}{{1,5}}{SPACE}{{0,3}}{_GIVEN}{{1,6}}{TAIL}"),
        whole(f"{KANJI}(?:{SPACE}{{1,3}}{_GIVEN}){{1,5}}{TAIL}"),
    ),
    check=check,
    search=(
        f"(?<![{KANJI[1:-1]}ァ-ヺーA-Za-z]){HONOURED}(?!(?!{LIKE_OFFICES}[ \u3000]){KANJI}{{0,8}}{NOT_BEFORE}[ \u3000]|{NOBODY}{HONORIFIC})(?P<value>{_NAME})(?<!お客)(?=[ \u3000]?{HONORIFIC})"
        f"|{CUE}(?P<value>{KANJI}{{1,4}}[ \u3000]?[{KANJI[1:-1]}{HIRAGANA[1:-1]}]{{1,4}})(?<!{TITLE})(?={TITLE}?(?![{KANJI[1:-1]}]))"
        f"|(?<![{KANJI[1:-1]}])(?P<value>{KANJI}{{1,4}}[ \u3000]?{KANJI}{{1,3}})(?=[ \u3000]?[(（][ァ-ヺーぁ-ゖｦ-ﾟ \u3000]{{4,20}}[)）])"
        f"|(?<![^の、。\\s\u3000])(?P<value>{KANJI}{{1,4}}[ \u3000]?{KANJI}{{1,3}})(?=です[。、\\s]|でございます|と申)"
    ),
    cues=("様", "氏名", "名前", "担当"),
    headers=("氏名", "お名前", "姓名"),
    sample=sample,
    yes=(
        "佐藤 太郎",
        "鈴木花子",
        "髙橋　一郎",
        "渡邉 さくら",
        "佐々木健一 様",
        "小鳥遊 優花",
        "勅使河原翔太",
        "伊藤太郎（退職）",
        "中村花子(ナカムラハナコ)",
        "山　田　太　郎",
        "林 誠",
        "王 小明",
    ),
    no=(
        "千葉市",
        "東京都",
        "千葉公園",
        "総務部",
        "高田馬場",
        "山田商店",
        "株式会社山田",
        "会計",
        "平成",
        "冷蔵庫",
        "国語",
        "営業部長",
        "北海道",
        "未入力",
        "男性",
        "佐藤",
        "ABC",
        "123",
        "三井住友銀行",
    ),
)
