"""住所の一部 — prefecture, municipality, town, house number or building in a column of its own.

Forms: 東京都 | 千代田区 | 霞が関 | 1-2-3 | 見本ハイツ203. ``subtype`` says which: prefecture, city, city_town, town, block or
building.

Recognised by real names, and for house numbers and buildings by their marks (丁目, 番地, 号室). 1-2-3 alone proves little
and a town may also be a surname, so a header or the neighbouring columns must speak for it.

Source: postal code data of Japan Post.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._place_parts import BUILDING_WORDS, PLACE_CHARS, PREFECTURE, any_block, any_building, any_town
from piiscan.detectors._shapes import HYPHEN, D, whole
from piiscan.lexicon.places import address_part_score
from piiscan.model import Detector

_ANY = "[^\t\r\n]"


def check(text: str) -> bool:
    """Whether the whole text is a part of an address."""
    return address_part_score(text)[0] >= 0.5


def subtype(text: str) -> str | None:
    """prefecture, city, city_town, town, block or building."""
    return address_part_score(text)[1] or None


def strength(text: str) -> float:
    """How much the value proves by itself, 0 to 1."""
    return address_part_score(text)[0]


def sample(rng: Random) -> str:
    """One part of a real place or of an invented house."""
    town = any_town(rng)
    part = rng.choice((town.prefecture, town.city, f"{town.city}{town.name}", any_block(rng), any_building(rng)))
    return part if check(part) else town.city


DETECTOR = Detector(
    id="address_part",
    group="place",
    label="住所の一部",
    label_en="Part of an address",
    shapes=(
        whole(PREFECTURE, f"{PLACE_CHARS}{{1,14}}[都道府県市区町村郡]"),
        whole(f"(?:大字|字)?{PLACE_CHARS}{{1,12}}", f"{PLACE_CHARS}{{1,14}}第?{D}{{1,5}}{_ANY}{{0,30}}"),
        whole(f"第?{D}{{1,5}}{HYPHEN}{D}{{1,4}}(?:{HYPHEN}{D}{{1,5}}){{0,3}}{_ANY}{{0,30}}"),
        whole(f"(?:{D}{{1,4}}|[一二三四五六七八九十]{{1,3}})(?:丁目|番地|番|号|地割|丁){_ANY}{{0,40}}"),
        whole(f"{_ANY}{{0,20}}(?:{BUILDING_WORDS}|[A-Za-zＡ-Ｚ]棟){_ANY}{{0,16}}"),
    ),
    check=check,
    subtype=subtype,
    needs_context=True,
    headers=("都道府県", "市区町村", "番地", "建物名"),
    sample=sample,
    strength=strength,
    yes=(
        "東京都",
        "横浜市",
        "千代田区",
        "三島郡島本町",
        "霞ヶ関２−１−６",
        "3丁目4番5号",
        "1-2-3",
        "グランドハイツ203",
        "山田ビル3F",
        "203号室",
        "神奈川県横浜市",
    ),
    no=(
        "2026-04-01",
        "03-0000-1234",
        "営業部",
        "冷蔵庫",
        "佐藤太郎",
        "ABC",
        "100",
        "りんご",
        "1,000",
        "高橋",
        "品番A-1",
    ),
)
