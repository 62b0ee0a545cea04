"""施設名 — schools, hospitals, parks, stations, shops: places people go to, recognised so that they are not taken for a person.

Forms: 千葉公園, 見本小学校, 横浜市立大学, 試験クリニック, 新宿駅, 例示図書館, 青葉区役所.

Recognised by what such names end in, or by 市立, 県立 and the like at the front. Many begin with a surname (田中医院), which is
why they have a detector of their own.

Source: common usage; kinds of facilities of the 国土数値情報.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._name_parts import any_surname
from piiscan.detectors._shapes import whole
from piiscan.lexicon.organisations import is_facility
from piiscan.model import Detector

_ANY = "[^\t\r\n]"


def check(text: str) -> bool:
    """Whether the text ends or begins like the name of a facility."""
    return is_facility(text)


def sample(rng: Random) -> str:
    """An invented facility."""
    ends = (
        "小学校",
        "中学校",
        "病院",
        "クリニック",
        "公園",
        "図書館",
        "公民館",
        "センター",
        "幼稚園",
        "神社",
        "体育館",
        "郵便局",
    )
    return rng.choice(("", "市立", "県立")) + any_surname(rng).kanji + rng.choice(ends)


DETECTOR = Detector(
    id="facility_name",
    group="organisation",
    label="施設名",
    label_en="Facility",
    shapes=(
        whole(
            f"{_ANY}{{1,40}}(?:学校|高校|大学|大学院|短大|高専|学園|学院|園|所|病院|医院|クリニック|歯科|薬局|駅|空港|港|館|センター|プラザ|ホール|"
            f"プール|場|室|神社|大社|神宮|宮|寺|教会|役場|庁|署|局|ホーム|苑|荘|施設|ステーション|サービス|店|モール|マート|ストア|ショップ|街|温泉|"
            f"ビル|タワー|橋|トンネル|ダム|城|広場|グラウンド|スタジアム|アリーナ|カフェ|レストラン|ホテル|市場)(?:[(（]{_ANY}{{0,20}}[)）])?"
        ),
        whole(f"(?:国立|公立|[^\t\r\n]{{0,8}}[都道府県市区町村]立|私立|総合){_ANY}{{2,40}}"),
    ),
    check=check,
    headers=("施設名", "学校名", "病院名", "会場名"),
    sample=sample,
    yes=("千葉公園", "見本小学校", "横浜市立大学", "試験クリニック", "新宿駅", "例示図書館", "青葉区役所", "田中医院"),
    no=("佐藤太郎", "山田", "営業部", "東京都", "公園", "高橋 花子", "りんご", "ABC", "100-0013", "本園"),
)
