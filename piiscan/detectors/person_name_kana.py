"""フリガナ — full names in katakana, hiragana or half-width kana.

Forms: サトウ タロウ, さとう たろう, ｻﾄｳ ﾀﾛｳ, サトウタロウ, bank kana with large letters (ｷﾖｳｺ) and ー for a long vowel; names
from abroad in two or more words (グエン ヴァン アン).

Recognised by the readings of the lexicon's names; with a space, one known part is enough if the other sounds Japanese.
Bank marks of companies (ｶ), ﾕ)) and words of trade are refused. In running text behind フリガナ：, in brackets behind kanji, and behind
the word of a bank for a payment (フリコミ ヤマダ タロウ).

Sources: readings as for ``person_name``; sound rules and bank marks from the 全銀 format.
"""

from __future__ import annotations

import unicodedata
from random import Random

from piiscan.detectors._name_parts import ANY_KANA, TAIL, any_given, any_surname
from piiscan.detectors._shapes import COLON, SPACE, whole
from piiscan.lexicon.names import foreign_kana_name_score, kana_name_score
from piiscan.model import Detector

_HALF = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0xFF66, 0xFF9E)}
_HALF |= {unicodedata.normalize("NFC", full + mark): half + small for mark, small in (("\u3099", "ﾞ"), ("\u309a", "ﾟ"))
          for full, half in list(_HALF.items()) if len(unicodedata.normalize("NFC", full + mark)) == 1}  # fmt: skip


def check(text: str) -> bool:
    """Whether the text reads as one person's name in kana."""
    return kana_name_score(text) >= 0.5 or foreign_kana_name_score(text) >= 0.7


def half_width(text: str) -> str:
    """Katakana as half-width kana."""
    return "".join(_HALF.get(c, " " if c == "\u3000" else c) for c in text)


def sample(rng: Random) -> str:
    """A reading of a name, in katakana, hiragana or half-width kana."""
    text = f"{any_surname(rng).kana}{rng.choice((' ', chr(0x3000)))}{any_given(rng).kana}"
    form = rng.randrange(4)
    if form == 0:
        return half_width(text)
    if form == 1 and "ヴ" not in text:
        return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)
    return text


DETECTOR = Detector(
    id="person_name_kana",
    group="name",
    label="氏名（カナ）",
    label_en="Full name in kana",
    shapes=(
        whole(f"{ANY_KANA}{{1,12}}(?:{SPACE}{{1,2}}{ANY_KANA}{{1,12}}){{0,4}}{TAIL}"),
        whole(f"{ANY_KANA}{{1,12}}(?:[・･]{ANY_KANA}{{1,12}}){{1,4}}{TAIL}"),
    ),
    check=check,
    search=(
        f"(?:フリガナ|ふりがな|ﾌﾘｶﾞﾅ|カナ氏名|氏名カナ|ヨミ|よみ){SPACE}{{0,2}}{COLON}{SPACE}{{0,2}}"
        f"(?P<value>{ANY_KANA}{{1,12}}(?:{SPACE}{ANY_KANA}{{1,12}}){{0,2}})"
        f"|(?:フリコミ|ﾌﾘｺﾐ|振込(?:入金)?|振替|ﾌﾘｶｴ|フリカエ|送金|ｿｳｷﾝ|ソウキン)[)）:：＊*]?{SPACE}{{0,2}}"
        f"(?P<value>{ANY_KANA}{{2,10}}(?:{SPACE}{ANY_KANA}{{2,10}})?)(?!{ANY_KANA}|[)）(（])"
        f"|(?<=[々㐀-鿿][ \u3000]?[(（])(?P<value>{ANY_KANA}{{2,10}}{SPACE}?{ANY_KANA}{{2,10}})(?=[)）])"
    ),
    cues=("フリガナ", "ふりがな", "ﾌﾘｶﾞﾅ", "振込", "フリコミ", "ﾌﾘｺﾐ"),
    headers=("フリガナ", "氏名カナ"),
    sample=sample,
    yes=(
        "サトウ タロウ",
        "さとう はなこ",
        "ｻﾄｳ ﾀﾛｳ",
        "サトウタロウ",
        "ｷﾖｳｺﾞｸ ﾖｼｴ",
        "ｵｵﾀ ｷﾖｳｺ",
        "オオノ ユーコ",
        "グエン ヴァン アン",
    ),
    no=(
        "カ)ヤマダ",
        "ｶ)ﾔﾏﾀﾞ",
        "トウキョウト",
        "テレビ",
        "シャンプー",
        "ノートパソコン",
        "サトウ",
        "佐藤太郎",
        "イ",
        "ABC",
        "コーヒー",
        "ボールペン",
        "12",
    ),
)
