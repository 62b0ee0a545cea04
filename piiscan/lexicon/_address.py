"""Takes a Japanese address apart with the real names of municipalities and towns, never by their last character.

四日市市, 市川市, 余市町, 大和郡山市 and 東京都 hold other places' endings inside; so the longest real name that stands at
the place wins. Prefecture, county, 市 of a designated city, or the town may be missing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from piiscan.lexicon import _place_data as data
from piiscan.shaped import later
from piiscan.text import HYPHENS

_NUM = r"(?:[0-9]{1,5}|[一二三四五六七八九十百壱弐参廿〇]{1,5})"
_SEP = r"(?:丁目|番地割|地割|番地|番丁|番町|番|号地|号|丁|条|線|街区|棟|区画|の|ノ|之|[-/,.、・])"
_SERIES = r"(?:甲|乙|丙|丁|[イロハニホヘト]|[子丑寅卯辰巳午未申酉戌亥]|[A-Z])?-?"
#: A run of house numbers: 1-2-3, 二丁目1番6号, 第35地割62, 北1条西2丁目, イ38-4, 1番地の3, 無番地.
BLOCK = later(
    rf"(?:(?:[東西南北]{{0,2}}{_NUM}(?:条|線)[東西南北]{{0,2}} ?)?第?{_SERIES}{_NUM}|無番地)"
    rf"(?:{_SEP} ?{_SEP}? ?[東西南北]?{_SERIES}{_NUM}){{0,6}}{_SEP}?"
)
_OAZA = later(r"(?:大字|字|小字)")
_KYOTO = later(
    r"(?:通|町|条)(?:[^0-9]{0,12})(?:上る|下る|上ル|下ル|東入|西入|入る|入ル)|(?:上る|下る|上ル|下ル|東入|西入)"
)
_TURN = later(r"(?:上る|下る|上ル|下ル|東入る?|西入る?|東入ル|西入ル) ?")
_POSTAL = later(r"^〒? ?[0-9]{3}-?[0-9]{4} ?|^〒 ?")
_DASHES = later(rf"(?<=[0-9一二三四五六七八九十A-Z]) ?[{re.escape(HYPHENS)}] ?(?=[0-9A-Z一二三四五六七八九十])")
_TOWN_TEXT = later(r"[々ヶケァ-ヺーぁ-ん㐀-鿿豈-﫿\U00020000-\U0003134f ]{1,24}")
#: An unlisted town: kanji and katakana, hiragana only between them, or before what new towns end in (ひばりが丘, さくら台).
#: A particle (横浜市で10) is no town.
_UNLISTED = later(
    r"[々ヶケァ-ヺー㐀-鿿豈-﫿 ]+(?:[のがつきり][々ヶケァ-ヺー㐀-鿿 ]+|(?<=通)り)?|(?![にでのとをはがもへや])[東西南北上下中新]?[ぁ-ん]{2,7}[ヶケ]?[丘台野町原山谷浜森園池]町?"
)
#: A single numeral, and what goes on with the name of a town: 三本杉町5, 一ツ木町, 八幡1丁目.
_NUMERAL = later("[一二三四五六七八九十百]{1,2}")
_OF_A_TOWN = later(r"[ツヶケノの]?[々㐀-鿿]{1,6}[0-9]")
_COUNTED = later(
    r" ?(?:年|月|日|時|分|回|人|名|円|個|件|本|台|社|校|歳|才|km|m|%|万|億|千|位|度|倍|割|ヶ月|カ月|か所|ヶ所|箇所|階建)"
)
_NOT_TOWN = later(
    r"役所|役場|[市町村区都県府道]立|学校|大学|病院|図書館|センター|公園|会館|支店|営業所|事務所|消防|警察|水道|教育委員会|議会|連盟|協会|株式会社|^産|^風|線$|駅$"
)


class Address(NamedTuple):
    """An address in parts. ``prefecture`` and ``city`` are the official names, filled in when only one can be meant
    and empty when unknown; ``town``, ``block`` and ``building`` stand as written, in NFKC with ``-`` between numbers.
    ``score`` 0..1: how sure it is that the whole text is an address that leads to a building or a block of houses;
    0.5 and less for a municipality alone.
    """

    prefecture: str
    city: str
    town: str
    block: str
    building: str
    score: float

    @property
    def town_rest(self) -> str:
        """Town and house number together."""
        return self.town + self.block


@lru_cache(maxsize=4096)
def normal_address(text: str) -> str:
    """NFKC, single spaces, ``-`` between numbers, without a postal code in front."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    plain = _POSTAL.sub("", plain)
    return _DASHES.sub("-", plain)


def match_prefecture(key: str) -> str:
    """The prefecture whose whole name the folded text begins with, or an empty string."""
    table = data.prefectures()
    if key[:3] in table:
        return key[:3]
    return key[:4] if key[:4] in table else ""


def match_city(key: str, prefecture: str) -> tuple[int, tuple[data.City, ...]]:
    """Length of the longest municipality that the folded text begins with, and what it can mean there."""
    if key[:2] not in data.city_beginnings():
        return 0, ()
    forms = data.city_forms()
    for length in range(min(len(key), data.longest_city()), 1, -1):
        found = forms.get(key[:length])
        if found and prefecture:
            found = tuple(c for c in found if c.prefecture == prefecture)
        if found:
            return length, found
    return 0, ()


@lru_cache(maxsize=4096)
def parse_address(text: str) -> Address | None:
    """The parts of an address in kanji, or None when it names neither a prefecture nor a municipality."""
    if not text or text.isascii():
        return None
    plain = normal_address(text[:300])
    key = data.place_key(plain)
    if len(key) != len(plain):
        plain = key
    prefecture = match_prefecture(key)
    at = len(prefecture)
    at += key[at : at + 1] == " "
    length, cities = match_city(key[at:], prefecture)
    if not length and not prefecture:
        prefecture, at, length, cities = _stem_prefecture(key)
    if not length:
        if not prefecture or key[at:]:
            return Address(prefecture, "", "", "", plain[at:], 0.15) if prefecture else None
        return Address(prefecture, "", "", "", "", 0.3)
    at += length
    at += key[at : at + 1] == " "
    # a county and its town, or a designated city and its ward, with a space between them
    if key[at - 1 : at] == " " and cities:
        more, wards = match_city(key[at:], cities[0].prefecture)
        if more and any(w.name.startswith(c.name) for w in wards for c in cities):
            cities = tuple(w for w in wards if any(w.name.startswith(c.name) for c in cities))
            at += more
            at += key[at : at + 1] == " "
    written = bool(prefecture)
    if not written and len(cities) > 1 and at < len(key):
        cities = tuple(c for c in cities[:12] if _town(key[at:], c)) or cities
    city = cities[0]
    certain = len(cities) == 1 or written
    return _rest(plain, key, at, city, certain=certain, written=written)


@cache
def _stem_starts() -> frozenset[str]:
    return frozenset(name[:2] for name in data.prefectures())


def _stem_prefecture(key: str) -> tuple[str, int, int, tuple[data.City, ...]]:
    """東京千代田区…, 神奈川 横浜市…: a prefecture without its suffix counts only before one of its municipalities."""
    for prefecture in data.prefectures() if key[:2] in _stem_starts() else ():
        stem = prefecture[:-1]
        if prefecture != "北海道" and key.startswith(stem):
            at = len(stem) + (key[len(stem) : len(stem) + 1] == " ")
            length, cities = match_city(key[at:], prefecture)
            if length:
                return prefecture, at, length, cities
    return "", 0, 0, ()


def _town(key: str, city: data.City) -> int:
    """Length of the longest town of the municipality that the folded text begins with."""
    towns = data.city_towns(city.prefecture).get(city.name, frozenset())
    for length in range(min(len(key), 20), 0, -1):
        if key[:length] in towns:
            return length
    return 0


def _is_town_text(middle: str, *, anywhere: bool) -> bool:
    """Whether the characters between municipality and number may be a town or part of one."""
    pattern = _TOWN_TEXT if anywhere else _UNLISTED
    return pattern.fullmatch(middle) is not None and _NOT_TOWN.search(middle) is None


def _block(plain: str, at: int) -> re.Match[str] | None:
    """The house number behind a town: not the numeral in 三本杉町, nor what counts things."""
    for block in BLOCK.finditer(plain, at):
        if _NUMERAL.fullmatch(block[0]) and _OF_A_TOWN.match(plain, block.end()):
            continue
        return None if _COUNTED.match(plain, block.end()) else block
    return None


def _rest(plain: str, key: str, at: int, city: data.City, *, certain: bool, written: bool) -> Address:
    score = 0.3 * written + (0.35 if certain else 0.2)
    name = city.name if certain else ""
    prefecture = city.prefecture if certain else ""
    if at >= len(key):
        return Address(prefecture, name, "", "", "", min(score, 0.5))
    start = at
    marked = _OAZA.match(key, at)
    at = marked.end() if marked else at
    known = _town(key[at:], city)
    turned = None
    if known:
        at += known
        score += 0.25
    elif _KYOTO.search(key, at):
        turned = list(_TURN.finditer(key, at))[-1:] or None
        at = turned[0].end() if turned else at
        at += _town(key[at:], city)
        score += 0.25
    block = _block(plain, at)
    middle = plain[at : block.start()] if block else plain[at:]
    if block and (not middle.strip() or _is_town_text(middle, anywhere=bool(known or turned or marked))):
        score += 0.3 if not middle.strip() or known or marked else 0.25
        score += 0.2 * (not known and ("条" in block[0] or "線" in block[0]))
        town, number, building = plain[start : block.start()].strip(), block[0].strip(), plain[block.end() :].strip()
        return Address(prefecture, name, town, number, building, min(1.0, score + 0.05 * bool(building)))
    rest = plain[at:].strip()
    if (known or turned or marked) and (not rest or not _NOT_TOWN.search(rest)):
        return Address(
            prefecture, name, plain[start:at].strip(), "", rest, min(0.9, score if not rest else score - 0.15)
        )
    return Address(prefecture, name, plain[start:at].strip(), "", rest, 0.25 * min(1.0, score))
