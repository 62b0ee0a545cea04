"""Pieces of an address that stand in a column of their own: prefecture, municipality, town, house number, building."""

from __future__ import annotations

import re
from functools import cache

from piiscan.lexicon import _place_data as data
from piiscan.lexicon._address import BLOCK, match_city, match_prefecture, normal_address, parse_address
from piiscan.lexicon._address_other import KANA_WORD, city_kana, prefecture_kana, spoken_key
from piiscan.lexicon._name_data import surnames
from piiscan.shaped import later

_BUILDING_WORD = (
    r"(?:ビル(?:ディング)?|マンション|ハイツ|コーポ(?:ラス)?|アパート(?:メント)?|レジデンス|ハウス|団地|メゾン|パレス|ヴィラ|ビラ|"
    r"タワー|社宅|官舎|住宅|荘|寮|ハイム|シャトー|グランド|パーク|コート|プラザ|ヒルズ|テラス|ガーデン|ステージ|フラット|ドエル|カーサ|"
    r"エステート|サンハイツ|ドミール|シティ|ライオンズ|レオパレス|キャッスル|ヴィレッジ|ビレッジ|リバーサイド|シーサイド|ヒル|アネックス|"
    r"ルミエール|ソレイユ|エスポワール|サンシャイン|アルカディア|クレスト|グレース|フォレスト|スクエア|サンライズ|ロイヤル|ファミール|様方|気付)"
)
_BUILDING = later(
    rf".{{0,30}}{_BUILDING_WORD}.{{0,20}}?(?P<room> ?[A-Z]?-?[0-9]{{1,5}}(?:号室|号|室|階|[FＦ])?|.{{0,6}}号室)?(?: ?.{{0,10}})?"
)
_ROOM = later(r"[A-Z]?-?[0-9]{1,4}(?:号室|号棟|室|号館|階|F)|[A-Z]棟 ?[0-9]{1,4}(?:号室?)?|[0-9]{1,3}-[0-9]{1,4}号室?")
_PLAIN_BLOCK = later(r"(?P<first>[0-9]{1,5})-[0-9]{1,4}(?:-[0-9]{1,5}){0,3}")
_MARK = later(r"丁目|番地|番|号|地割|大字|字|無番地")
_TOWN_ROOM = later(r"(?P<name>[^0-9\s]{3,14}[ァ-ヺー杜][^0-9\s]{0,6}|[ァ-ヺー]{3,12}[^0-9\s]{1,8})[1-9][0-9]{2,3}")
_AROUND_TOWN = later(r"^(?:大字|字)|\([^()]{1,30}\)$")
_AREA = later(r"^(?:大字|字)")
#: Every run of house numbers has one of these.
_BLOCK_SIGN = later("[0-9一二三四五六七八九十百壱弐参廿〇無]")
_TOWN_ENDS = ("町", "村", "丁", "通", "条", "丘", "台", "本町", "新田", "中央")


@cache
def stems() -> frozenset[str]:
    """Prefectures and municipalities without their suffix: 東京, 千葉, 横浜."""
    found = {name[:-1] for name in data.prefectures() if name != "北海道"}
    for city in data.cities():
        head, tail = data.divide_city(city.name)
        found |= {data.place_key(part[:-1]) for part in (head, tail) if part}
    return frozenset(name for name in found if len(name) > 1)


def is_place_name(text: str) -> bool:
    """Whether the whole string is a prefecture, municipality, ward, county, town ending in 町 or 村, or a station (…駅)."""
    if not text or text.isascii() or len(text) > 30:
        return False
    key = data.place_key(normal_address(text))
    if key in data.prefectures() or key in data.city_forms() or key in stems():
        return True
    prefecture = match_prefecture(key)
    if prefecture and key[len(prefecture) :].lstrip() in data.city_forms():
        return True
    if key.endswith("駅") and 2 <= len(key) <= 10 and BLOCK.search(key) is None:
        return True
    return key.endswith(("町", "村", "丁目")) and key in data.all_towns()


def address_part_score(text: str) -> tuple[float, str]:
    """(score 0..1, kind): kind is prefecture, city, city_town, town, block or building, or "" when the score is 0."""
    if not text or len(text) > 120:
        return 0.0, ""
    plain = normal_address(text)
    if not plain:
        return 0.0, ""
    if plain.isascii():
        return _number(plain)
    key = data.place_key(plain)
    prefecture = match_prefecture(key)
    if prefecture and len(prefecture) == len(key):
        return 0.95, "prefecture"
    found = _municipality(key, prefecture)
    if found[0]:
        return found
    return max(_block(plain), _building(plain), _town_part(plain, key))


def _municipality(key: str, prefecture: str) -> tuple[float, str]:
    if not prefecture and key + ("県" if key not in ("東京", "大阪", "京都") else "") in data.prefectures():
        return (0.35 if surnames().weight.get(key) else 0.6), "prefecture"
    if not prefecture and key in ("東京", "大阪", "京都"):
        return 0.6, "prefecture"
    at = len(prefecture) + (key[len(prefecture) : len(prefecture) + 1] == " ")
    length, cities = match_city(key[at:], prefecture)
    if not length:
        return 0.0, ""
    if at + length == len(key):
        return (0.9 if len(cities) == 1 or not key.endswith("区") else 0.8), "city"
    address = parse_address(key)
    if address is None or address.score < 0.5:
        return 0.0, ""
    return (min(0.9, address.score), "city_town") if not address.block else (address.score * 0.5, "city_town")


def _number(plain: str) -> tuple[float, str]:
    """House numbers without a word: 1-2-3. Never a date, never a telephone number."""
    found = _PLAIN_BLOCK.fullmatch(plain)
    if found and len(plain) <= 12 and not found["first"].startswith("0") and not 1868 <= int(found["first"]) <= 2100:
        return 0.5, "block"
    return (0.6, "building") if _ROOM.fullmatch(plain) else (0.0, "")


def _block(plain: str) -> tuple[float, str]:
    found = BLOCK.match(plain) if _BLOCK_SIGN.search(plain) else None
    if found is None or not plain[found.end() :].strip():
        whole = found is not None and found.end() == len(plain)
        if whole and _MARK.search(plain):
            return (0.9 if len(_MARK.findall(plain)) > 1 or "丁目" in plain or "番地" in plain else 0.55), "block"
        return 0.0, ""
    rest = _building(plain[found.end() :].strip())
    return (0.9, "block") if rest[0] and (_MARK.search(found[0]) or "-" in found[0]) else (0.0, "")


def _building(plain: str) -> tuple[float, str]:
    if _ROOM.fullmatch(plain):
        return 0.8, "building"
    found = _BUILDING.fullmatch(plain)
    if found is None or len(plain) > 40:
        return 0.0, ""
    return (0.85 if re.search("[0-9]", plain) else 0.55), "building"


def _town_part(plain: str, key: str) -> tuple[float, str]:
    bare = _AROUND_TOWN.sub("", key)
    if bare in data.all_towns():
        if surnames().weight.get(bare) and bare == key:
            return 0.3, "town"
        return (0.75 if bare != key or bare.endswith(_TOWN_ENDS) else 0.5), "town"
    found = BLOCK.search(plain) if _BLOCK_SIGN.search(plain) else None
    if found is None or found.start() == 0:
        return max(_room_of_town(plain, key), _spoken_part(plain))
    town = _AREA.sub("", data.place_key(plain[: found.start()].strip()))
    marked = "-" in found[0] or _MARK.search(found[0])
    rest = plain[found.end() :].strip()
    if town in data.all_towns():
        if marked:
            return (0.85 if not rest or _building(rest)[0] else 0.6), "town"
        if not rest and len(found[0]) < 6:
            return (0.35 if surnames().weight.get(town) else 0.5), "town"
    if plain.startswith(("大字", "字")) or (town.endswith("町") and marked):
        return 0.5, "town"
    return _room_of_town(plain, key)


def _room_of_town(plain: str, key: str) -> tuple[float, str]:
    """A house named after its town, and a room: 中妻町ドリーム408."""
    room = _TOWN_ROOM.fullmatch(plain) if "0" <= plain[-1] <= "9" else None
    if room is None:
        return 0.0, ""
    towns = data.all_towns()
    name = key[: room.end("name")]
    found = any(name[:n] in towns for n in range(2, len(name))) or any(
        name[n:] in towns for n in range(1, len(name) - 1)
    )
    return (0.55, "building") if found else (0.0, "")


def _spoken_part(plain: str) -> tuple[float, str]:
    """A prefecture or municipality in kana."""
    if not KANA_WORD.fullmatch(plain):
        return 0.0, ""
    key = spoken_key(plain)
    if key in prefecture_kana():
        return 0.8, "prefecture"
    return (0.6, "city") if len(key) > 3 and key in city_kana() else (0.0, "")
