"""住所 — addresses down to a block or a building, in one cell or in running text.

Forms: 東京都千代田区霞が関二丁目1番6号, 千代田区霞ヶ関2−1−6, 〒100-0013 …, 札幌市中央区北1条西2丁目, 京都市中京区寺町通御池上る…,
…第35地割62, 大字…, イ38-4, 1番地の3, with or without prefecture, 市 or 郡, with building and room, in any width; half-width
kana and Latin letters are recognised with less confidence.

Recognised by the real names of 1,741 municipalities, 171 wards and 119,000 towns, longest first, never by the last
character: 四日市市 and 市川市 hold other endings inside. A municipality alone is an ``address_part``; 千葉市立図書館 is none.

Sources: postal code data of Japan Post; forms from the 住居表示 act and common usage.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._place_parts import (
    BLOCK,
    BUILDING,
    CITY,
    NUMERALS,
    PLACE_BEGINS,
    PLACE_CHARS,
    POSTAL,
    PREFECTURE,
    any_block,
    any_building,
    any_town,
)
from piiscan.detectors._shapes import SPACE, whole
from piiscan.lexicon.places import address_score
from piiscan.model import Detector

_KANA = "[ァ-ヺーｦ-ﾟ \u3000]"
_LATIN = "[0-9A-Za-z０-９Ａ-Ｚａ-ｚ,，.．'’#＃ \u3000\\-－‐]"
_ANY = "[^\t\r\n]"
#: What follows a piece of the name of a place: the next piece, or the number.
_NEXT = f"(?=[ \u3000第{NUMERALS}])"
#: No pieces are tried where no number comes: the longest way to it is 40 characters and three pieces of 11.
_NUMBER_AHEAD = f"(?=[^第{NUMERALS}\t\r\n]{{0,80}}+[第{NUMERALS}])"

#: 五条橋西99番地: 五条 is a street, and the number comes behind it.
_NO_STREET = f"(?!(?<=[条丁]){PLACE_CHARS}{{1,8}}[0-9０-９])"


def check(text: str) -> bool:
    """Whether the whole text is an address that leads further than to a municipality."""
    return address_score(text) > 0.5


def sample(rng: Random) -> str:
    """A real town with an invented house number."""
    town = any_town(rng)
    front = rng.choice((town.prefecture, town.prefecture, town.prefecture + " ", ""))
    tail = f"{rng.choice(('', ' '))}{any_building(rng)}" if rng.random() < 0.3 else ""
    block = any_block(rng)
    if tail and not tail.startswith(" ") and block[-1].isdigit():
        tail = " " + tail
    text = f"{front}{town.city}{town.name}{block}{tail}"
    text = text if check(text) else f"{town.prefecture}{town.city}{town.name}{block}"
    return f"〒{town.code[:3]}-{town.code[3:]} {text}" if rng.random() < 0.1 else text


DETECTOR = Detector(
    id="address",
    group="place",
    label="住所",
    label_en="Address",
    shapes=(
        whole(f"(?:{POSTAL})?{PLACE_CHARS}{{1,5}}{SPACE}?{PLACE_CHARS}{{0,8}}[都道府県市区町村郡]{_ANY}{{1,120}}"),
        whole(f"(?:{POSTAL})?{_KANA}{{6,50}}[0-9０-９]{_ANY}{{0,60}}"),
        whole(f"[0-9０-９A-Za-zＡ-Ｚａ-ｚ]{_LATIN}{{9,140}}[,，]{_LATIN}{{3,60}}"),
    ),
    check=check,
    search=(
        f"(?={PLACE_BEGINS})(?:(?<![々㐀-鿿])|(?<=住所|在地|本社|支店|自宅|会場|場所|届け先|付先))"
        f"(?!住所|所在地|本社|支店|自宅|会場|場所|届け先|送付先)(?P<value>(?:{PREFECTURE}[ \u3000]?+|{CITY}[ \u3000]?+){_NUMBER_AHEAD}{PLACE_CHARS}{{0,40}}?{_NEXT}(?:[ \u3000]{PLACE_CHARS}{{1,10}}{_NEXT}){{0,3}}?[ \u3000]?(?=[第{NUMERALS}])"
        f"(?:{BLOCK}{_NO_STREET}|[0-9０-９]{{1,4}}(?![0-9０-９年月日時分回人名円個件万億%％.,]))"
        f"(?:{BUILDING})?)"
    ),
    cues=("住所", "〒", "在住", "所在地", "居住"),
    headers=("住所", "現住所"),
    sample=sample,
    yes=(
        "東京都千代田区霞が関二丁目1番6号",
        "千代田区霞ヶ関２−１−６",
        "〒100-0013 東京都千代田区霞が関1-2-3 見本ビル3F",
        "東京都　千代田区　霞が関　1−2−3",
        "札幌市中央区北1条西2丁目",
        "京都市中京区寺町通御池上る上本能寺前町488番地",
        "岩手県八幡平市大更第35地割62",
        "石川県金沢市イ38-4",
        "三重県四日市市諏訪町1番5号",
        "千葉県市川市八幡1-1-1",
        "島本町桜井1-1-1",
        "日田市三本杉町5-21",
        "奈良県御所市1番地の3",
        "ﾄｳｷﾖｳﾄ ﾁﾖﾀﾞｸ ｶｽﾐｶﾞｾｷ 1-2-3",
        "1-2-3 Kasumigaseki, Chiyoda-ku, Tokyo",
    ),
    no=(
        "東京都",
        "千葉市",
        "千葉市立中央図書館",
        "東京都水道局",
        "横浜市役所",
        "北海道産じゃがいも",
        "山形市長",
        "2026-04-01",
        "佐藤太郎",
        "営業部第1課",
        "100-0013",
        "世田谷区在住",
        "町田",
    ),
)
