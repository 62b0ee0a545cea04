"""Addresses that stand for addresses: in a town that exists, of the same prefecture, in a house that does not.

A town always becomes the same other town, in every run, so that a postal code fits the address beside it and stays one
that joins.
No house has a number from 50,000 on.
"""

from __future__ import annotations

import re
import unicodedata

from piiscan.actions._half_width import half_width
from piiscan.actions._stand_towns import (
    POSTAL,
    TOWN_NAME,
    is_of_code,
    listed_town,
    other_town,
    row_town,
    town_of_code,
    town_of_row_code,
    whole_address,
)
from piiscan.lexicon import places
from piiscan.lexicon.places import Town
from piiscan.model import Draw, Keyed
from piiscan.text import digits, fold

_HOUSES = (
    "見本ハイツ",
    "サンプル荘",
    "コーポ例示",
    "メゾン見本",
    "例示マンション",
    "ハイム記入例",
    "サンプルコート",
    "見本レジデンス",
)
_RUN = re.compile(r"[0-9０-９]+|(?<![一二三四五六七八九十百])[一二三四五六七八九十百]++(?=丁目|番(?!町)|号|条)")
_SIGNS = re.compile(r"丁目|番地|番|号|の|[\s-]+")
_KANA = re.compile(r"[ァ-ヺー]{2,}")
_CITY_ENDS = ("シ", "ク", "グン", "マチ", "チョウ", "ムラ", "ソン")
_NOTE = re.compile(r"\([^()]*\)$")
#: The numbers of a house with what joins them; a building's name begins where they end.
_BLOCK = re.compile(
    r"(?:[0-9]++|[一二三四五六七八九十百]++(?=丁目|番|号|条)|丁目|番地の?|番|号室?|条|[東西南北](?=[0-9一二三四五六七八九十])|[のノ\s\-‐‑–—―−ー,、])++"
)
#: Ends of names of houses.
_HOUSE_ENDS = frozenset("荘寮館棟室号院園校所店階方")
_FIRST = 50_000


def postal_code(text: str, keyed: Keyed) -> str:
    """The code of the town that stands for the town of the row's address, or of this code, in the same form."""
    number = digits(text)
    if len(number) in (3, 5):  # as they were until 1998
        return _onto(text, other_town(row_town(keyed.row), f"code {number}", keyed).code)
    if not 6 <= len(number) <= 7:
        return _digits_for("postal", text, keyed)
    town, first = row_town(keyed.row), town_of_code(number.zfill(7))
    if first and not (town and is_of_code(town, number.zfill(7))):
        town = first
    new = other_town(town, f"code {number.zfill(7)}", keyed).code
    return _onto(text, new[7 - len(number) :])


def address(text: str, keyed: Keyed) -> str:
    """A whole address in one cell; the parts it left out stay out."""
    before = POSTAL.match(text)
    head = postal_code(before.group(), keyed) if before else ""
    body = text[before.end() :] if before else text
    plain = fold(body)
    parsed = places.parse_address(plain)
    if parsed is None or not (parsed.city or parsed.prefecture):
        rest = _part(plain, body, keyed) if plain else body
        return head + (_padded(_anywhere(text, keyed), body) if rest is None else rest)
    town = listed_town(parsed.prefecture, parsed.city, parsed.town) or town_of_row_code(keyed.row)
    known = town or Town("", parsed.prefecture, parsed.city, parsed.town, "", "")
    other = other_town(known, f"{known.prefecture}{known.city}{known.name}", keyed)
    new = other.prefecture if parsed.prefecture and plain.startswith(parsed.prefecture) else ""
    new += other.city if not new or parsed.city else ""
    new += other.name if parsed.town else ""
    house = _house(parsed.block, parsed.building, text, keyed)
    return head + _padded(_as_wide(new + house, body), body)


def part(text: str, keyed: Keyed) -> str:
    """One column of an address that is spread over several: prefecture, municipality, town and number, or building."""
    plain = fold(text)
    if not plain or plain in places.prefectures():
        return text
    new = _part(plain, text, keyed)
    if new is not None:
        return new
    if _is_town(_NOTE.sub("", plain)):
        row = row_town(keyed.row)
        return _padded(other_town(row, f"town {plain}", keyed).name, text)
    return _padded(_as_wide(_building(plain, text, keyed), text), text)


def _part(plain: str, text: str, keyed: Keyed) -> str | None:
    """A part that is known for what it is; None for another."""
    if kana := _kana_part(plain, text, keyed):
        return _padded(kana, text)
    parsed = places.parse_address(plain)
    row = row_town(keyed.row)
    if parsed and parsed.city and parsed.city.endswith(plain.removeprefix(parsed.prefecture)) and not parsed.town:
        town = row or Town("", parsed.prefecture, parsed.city, "", "", "")
        other = other_town(town, f"{town.prefecture}{town.city}{town.name}", keyed)
        return _padded((other.prefecture if plain.startswith(parsed.prefecture) else "") + other.city, text)
    if parsed and parsed.prefecture and plain.startswith((parsed.prefecture, parsed.city or "\0")):
        return address(text, keyed)
    if row and row.name and plain.startswith(row.name):
        rest = plain[len(row.name) :]
        other = other_town(row, f"{row.prefecture}{row.city}{row.name}", keyed)
        return _padded(_as_wide(other.name + _house(*_parted(rest), text, keyed), text), text)
    found = _RUN.search(plain)
    if found and found.start() == 0:
        return _padded(_as_wide(_house(*_parted(plain), text, keyed), text), text)
    if found and ("丁目" in plain or _is_town(plain[: found.start()])):
        town = Town("", row.prefecture if row else "", "", plain[: found.start()], "", "")
        other = other_town(town, f"town {town.name}", keyed)
        return _padded(_as_wide(other.name + _house(*_parted(plain[found.start() :]), text, keyed), text), text)
    return None


def _is_town(plain: str) -> bool:
    """Whether a text may name a town, and is no house."""
    return TOWN_NAME.fullmatch(plain) is not None and plain[-1] not in _HOUSE_ENDS


def _parted(rest: str) -> tuple[str, str]:
    """The numbers of a house, and what stands behind them: a building, or a street abroad."""
    block = _BLOCK.match(rest)
    end = block.end() if block else 0
    return rest[:end].rstrip(), rest[end:].strip()


def _kana_part(plain: str, text: str, keyed: Keyed) -> str:
    """Prefecture, municipality or town in katakana, as wide as it was; nothing for another text."""
    if not _KANA.fullmatch(plain):
        return ""
    if plain in places.prefectures().values():
        return text.strip()
    row = row_town(keyed.row)
    if row and row.kana and plain == row.kana:
        new = other_town(row, "", keyed).kana
    elif (row and plain == row.city_kana) or plain.endswith(_CITY_ENDS):
        new = other_town(row, f"city {plain}", keyed).city_kana
    else:
        return ""
    return half_width(new) if any("ｦ" <= c <= "ﾟ" for c in text) else new


def _anywhere(text: str, keyed: Keyed) -> str:
    """A whole address for one of which nothing is understood: a foreign one, or one in Latin letters."""
    other = other_town(row_town(keyed.row), f"address {fold(text)}", keyed)
    house = _house("1-1", "", text, keyed)
    return f"{other.prefecture}{other.city}{other.name}{house}"


# ---------------------------------------------------------------- houses


def _house(block: str, building: str, text: str, keyed: Keyed) -> str:
    """House number and building; the signs between the numbers stay."""
    if not block and not building:
        return ""
    if keyed.exact:  # spellings with other signs between the numbers are told apart by these, which stay
        value = _joined(text) if text == fold(text) and not re.search(r"\s", text) else text
    else:
        value = _joined(whole_address(keyed.row) or fold(text))
    numbers = keyed.unique("house", value, _numbers).split()
    new = _RUN.sub(lambda m: numbers.pop(0) if len(numbers) > 1 else m.group()[:0] + "1", block)
    return new + (f" {_building(building, text, keyed)}" if building else "")


def _joined(address: str) -> str:
    """An address as it is with hyphens between its numbers: 2丁目25番2号 is 2-25-2."""
    return _SIGNS.sub("-", address).rstrip("-")


def _numbers(draw: Draw) -> str:
    return f"{_FIRST + draw(50_000)} " + " ".join(str(1 + draw(30)) for _ in range(8))


def _building(plain: str, text: str, keyed: Keyed) -> str:
    value = text if keyed.exact else plain
    word, *rooms = keyed.unique("building", value, _rooms).split()
    numbers = iter(rooms)
    runs = re.findall(r"[0-9]+", plain)
    room = next(numbers) + next(numbers)
    return (
        f"{word}{room[: max(3, min(6, len(runs[-1])))]}{'号室' if plain.endswith('号室') else ''}"
        if runs
        else word + room[:3]
    )


def _rooms(draw: Draw) -> str:
    return f"{_HOUSES[draw(len(_HOUSES))]} {1 + draw(9)}{draw(10)}{draw(10)} {draw(1000):03}"


# ---------------------------------------------------------------- how it is written


def _onto(text: str, number: str) -> str:
    new = iter(number)
    return "".join(_as_wide(next(new), c) if c.isdecimal() else c for c in text)


def _as_wide(new: str, like: str) -> str:
    """``new`` with its digits and hyphens as wide as the first digit of ``like``."""
    first = next((c for c in like if c.isdecimal()), "")
    return "".join(chr(ord(c) + 0xFEE0) if c in "0123456789-" else c for c in new) if "０" <= first <= "９" else new


def _padded(new: str, like: str) -> str:
    """``new`` between the white space that stands around ``like``."""
    stripped = like.strip()
    start = like.find(stripped)
    return like[:start] + new + like[start + len(stripped) :]


def _digits_for(purpose: str, text: str, keyed: Keyed) -> str:
    plain = unicodedata.normalize("NFKC", text)
    number = keyed.unique(purpose, text if keyed.exact else plain, lambda draw: f"{draw(10**9):09}") * (
        len(text) // 9 + 1
    )
    return _onto(text, number)
