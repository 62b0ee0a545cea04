"""Towns that stand for towns: the same other one in every run, of the same prefecture, with a postal code of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from piiscan.lexicon import places
from piiscan.lexicon.places import Town
from piiscan.model import Keyed
from piiscan.text import digits, fold

#: A postal code in front of an address or within it.
POSTAL = re.compile(r"(?:〒\s*+|(?<!\s)\s++)?[0-9０-９]{3}[-－‐−ー]?[0-9０-９]{4}")
#: Not the towns that the list has for single high-rise buildings.
TOWN_NAME = re.compile(r"[㐀-鿿々ぁ-んヶケノツ]{2,8}")


@lru_cache(maxsize=65_536)
def listed_town(prefecture: str, city: str, town: str) -> Town | None:
    """The town of the post office's list that an address names."""
    if not prefecture:
        return None
    found = [t for t in _by_city(prefecture).get(city, ()) if t.name and town.startswith(t.name)]
    return max(found, key=lambda t: len(t.name), default=None)


@cache
def _by_city(prefecture: str) -> Mapping[str, tuple[Town, ...]]:
    found: dict[str, list[Town]] = {}
    for town in places.towns(prefecture):
        found.setdefault(town.city, []).append(town)
    return {city: tuple(towns) for city, towns in found.items()}


@lru_cache(maxsize=65_536)
def town_of_code(code: str) -> Town | None:
    """A town of the code, as an address names it: storeys of a building and parts of a town have codes of their own."""
    town = next(iter(places.postal_places(code)), None)
    return (
        next((t for t in _by_city(town.prefecture).get(town.city, ()) if t.name == town.name), town) if town else None
    )


@lru_cache(maxsize=65_536)
def is_of_code(town: Town, code: str) -> bool:
    """Whether a postal code of seven digits is that of the town."""
    return any((t.city, t.name) == (town.city, town.name) for t in places.postal_places(code))


def town_of_row_code(row: Mapping[str, str]) -> Town | None:
    """The town of the row's postal code, whose leading zero may be lost."""
    number = digits(row.get("postal_code", ""))
    return town_of_code(number.zfill(7)) if 6 <= len(number) <= 7 else None


def row_town(row: Mapping[str, str]) -> Town | None:
    """The town in which the person of the row lives: by the address, spread or whole, else by the postal code."""
    return _parsed_town(whole_address(row)) or town_of_row_code(row)


def whole_address(row: Mapping[str, str]) -> str:
    """The address of the row without its postal code and its building, so that it is the same spread or in one cell."""
    whole = fold(POSTAL.sub("", row.get("address") or row.get("address_part", ""), count=1))
    parsed = places.parse_address(whole) if whole else None
    return f"{parsed.prefecture}{parsed.city}{parsed.town}{parsed.block}" if parsed and parsed.town else whole


@lru_cache(maxsize=4096)
def _parsed_town(whole: str) -> Town | None:
    parsed = places.parse_address(whole) if whole else None
    return listed_town(parsed.prefecture, parsed.city, parsed.town) if parsed else None


def other_town(town: Town | None, name: str, keyed: Keyed) -> Town:
    """The town that stands for a town of the list, whoever else is asked about; for another place by its name."""
    prefecture = town.prefecture if town and town.prefecture in places.prefectures() else ""
    there, *_ = all_of_them = _towns(prefecture)
    for number, kind in enumerate(all_of_them):
        if town and town.code in kind.numbers and len(kind.codes) > 1:
            at = kind.numbers[town.code]
            chosen = kind.by_code[moved_number(f"town {prefecture} {number}", at, len(kind.codes), keyed)]
            names = [t.name for t in kind.by_code[at]]
            return chosen[names.index(town.name) % len(chosen) if town.name in names else 0]
    known = f"{town.prefecture}{town.city}{town.name}" if town else name
    code = keyed.unique(f"place {prefecture}", known, lambda draw: there.codes[draw(len(there.codes))])
    return there.by_code[there.numbers[code]][0]


@dataclass(frozen=True, slots=True)
class _Towns:
    """Postal codes, their numbers, and the towns of each."""

    codes: tuple[str, ...]
    numbers: Mapping[str, int]
    by_code: tuple[tuple[Town, ...], ...]


@cache
def _towns(prefecture: str) -> tuple[_Towns, _Towns]:
    """The towns that can stand for others, each with a name that is one word; and those that only stand for each other:
    high-rise buildings and towns with longer names."""
    found: tuple[dict[str, list[Town]], dict[str, list[Town]]] = ({}, {})
    seen: set[tuple[str, str, str]] = set()
    for town in places.towns(prefecture or None):
        name = town.prefecture, town.city, town.name
        if town.name and name not in seen:
            seen.add(name)
            found[TOWN_NAME.fullmatch(town.name) is None].setdefault(town.code, []).append(town)
    plain, others = found
    return _indexed(plain), _indexed({code: towns for code, towns in others.items() if code not in plain})


def _indexed(found: Mapping[str, Sequence[Town]]) -> _Towns:
    numbers = {code: number for number, code in enumerate(found)}
    return _Towns(tuple(found), numbers, tuple(tuple(towns) for towns in found.values()))


def moved_number(purpose: str, number: int, size: int, keyed: Keyed) -> int:
    """Another number below ``size`` for each number, and never itself: those that a permutation leaves where they are
    change places with the next one."""

    def stays(n: int) -> bool:
        return keyed.permute(purpose, n, size) == n

    still = 0
    while still < size and stays((number - 1 - still) % size):
        still += 1
    if still % 2:
        return (number - 1) % size
    moved = keyed.permute(purpose, number, size)
    return moved if moved != number else keyed.permute(purpose, (number + 1) % size, size)
