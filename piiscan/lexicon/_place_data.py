"""Prefectures, municipalities, towns and postal codes in memory, each piece loaded the first time it is asked for."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from piiscan.lexicon._name_keys import name_key
from piiscan.lexicon._store import lines, read_piece

#: Prefectures in the order of their codes; the code of one is its index + 1.
_PLACE_SPELLING = str.maketrans("ガがッっ", "ケケツつ")
_SPELT = frozenset("ガがッっ")


def place_key(text: str) -> str:
    """A place name for look-up: common kanji, one spelling of ヶ ケ が ガ, ノ の, ッ ツ. Keeps the length of NFKC text."""
    key = name_key(text)
    return key if _SPELT.isdisjoint(key) else key.translate(_PLACE_SPELLING)


class City(NamedTuple):
    """A municipality or a ward. ``name`` is whole (三島郡島本町, 札幌市中央区), ``kana`` katakana with large letters."""

    jis: str
    prefecture: str
    name: str
    kana: str


class Town(NamedTuple):
    """A town of one postal code; ``name`` is empty for what the post office lists under no town."""

    code: str
    prefecture: str
    city: str
    name: str
    city_kana: str
    kana: str


@cache
def prefectures() -> dict[str, str]:
    """Prefecture → katakana, in the order of their codes."""
    return dict(line.split("\t") for line in lines(read_piece("cities")[0]))


@cache
def cities() -> tuple[City, ...]:
    """All municipalities, and the wards of the twenty designated cities, in the order of their codes."""
    names = list(prefectures())
    rows = (line.split("\t") for line in lines(read_piece("cities")[1]))
    return tuple(City(jis, names[int(number)], city, kana) for jis, number, city, kana in rows)


@cache
def city_forms() -> dict[str, tuple[City, ...]]:
    """Folded name as people write it → the municipalities it can mean.

    島本町 stands beside 三島郡島本町, 札幌市 and 中央区 beside 札幌市中央区.
    """
    forms: dict[str, dict[City, None]] = {}
    for city in cities():
        head, tail = divide_city(city.name)
        names = [city.name] + ([tail] if head else [])
        for name in names:
            forms.setdefault(place_key(name), {})[city] = None
        if head.endswith("市"):
            whole = City(city.jis[:2] + "100", city.prefecture, head, "")
            if not any(c.name == head for c in forms.get(place_key(head), {})):
                forms.setdefault(place_key(head), {})[whole] = None
    return {name: tuple(found) for name, found in forms.items()}


def divide_city(name: str) -> tuple[str, str]:
    """County or designated city in front, and the rest: (三島郡, 島本町), (札幌市, 中央区), ("", 町田市)."""
    if name.endswith("区") and "市" in name:
        cut = name.rindex("市") + 1
    elif name.endswith(("町", "村")) and "郡" in name[1:-1]:
        cut = name.index("郡", 1) + 1
    else:
        return "", name
    return name[:cut], name[cut:]


@cache
def city_beginnings() -> frozenset[str]:
    """The first two characters of every form."""
    return frozenset(form[:2] for form in city_forms())


@cache
def longest_city() -> int:
    """Length of the longest form of a municipality."""
    return max(map(len, city_forms()))


@cache
def prefecture_towns(prefecture: str) -> tuple[list[int], tuple[Town, ...]]:
    """Postal codes as rising integers and their towns, of one prefecture."""
    steps, codes_of_city, names, kana = map(lines, _towns_piece(prefecture))
    by_code = {c.jis: c for c in cities()}
    codes = list(accumulate(map(int, steps)))
    towns = tuple(
        Town(f"{code:07}", prefecture, by_code[jis].name, name, by_code[jis].kana, reading)
        for code, jis, name, reading in zip(codes, codes_of_city, names, kana, strict=True)
    )
    return codes, towns


@cache
def city_towns(prefecture: str) -> dict[str, frozenset[str]]:
    """Folded town names of every municipality of a prefecture; a designated city has the towns of all its wards."""
    _, codes_of_city, names, _ = _towns_piece(prefecture)
    keys = place_key(names.decode()).split("\n") if names else []  # all at once: one line stays one line
    by_code: dict[str, set[str]] = {}
    for jis, key in zip(lines(codes_of_city), keys, strict=True):
        if key:
            by_code.setdefault(jis, set()).add(key)
    found: dict[str, set[str]] = {}
    for city in cities():
        if city.jis in by_code:
            found.setdefault(city.name, set()).update(by_code[city.jis])
            head, _ = divide_city(city.name)
            if head.endswith("市"):
                found.setdefault(head, set()).update(by_code[city.jis])
    return {city: frozenset(names) for city, names in found.items()}


def _towns_piece(prefecture: str) -> tuple[bytes, ...]:
    return read_piece(f"towns/{list(prefectures()).index(prefecture) + 1:02}")


@cache
def all_towns() -> frozenset[str]:
    """Folded names of all towns of the country."""
    return frozenset(lines(read_piece("town_names")[0]))


@cache
def _postal() -> tuple[bytes, dict[str, tuple[int, ...]]]:
    bitmap, areas = read_piece("postal")
    heads = {}
    for line in lines(areas):
        head, *numbers = line.split()
        heads[head] = tuple(map(int, numbers))
    return bitmap, heads


def postal_exists(code7: str) -> bool:
    """Whether the post office has given out this code of seven digits (in any width, no hyphen)."""
    if len(code7) != 7 or not code7.isdecimal():
        return False
    number = int(code7)
    return bool(_postal()[0][number >> 3] >> (number & 7) & 1)


def postal_places(code7: str) -> tuple[Town, ...]:
    """The towns a postal code stands for; empty for unknown codes and for those of one large receiver."""
    if not postal_exists(code7):
        return ()
    code = unicodedata.normalize("NFKC", code7)
    names = list(prefectures())
    found: list[Town] = []
    for number in _postal()[1].get(code[:3], ()):
        codes, towns = prefecture_towns(names[number])
        found.extend(towns[bisect_left(codes, int(code)) : bisect_right(codes, int(code))])
    return tuple(found)
