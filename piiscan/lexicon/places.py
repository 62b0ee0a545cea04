"""Places of Japan: prefectures, municipalities, towns, postal codes, and how addresses are made of them.

All functions are pure, answer for any string, and read their tables when first asked. Towns are read one prefecture
at a time. Data: the post office's postal code files; see ``LICENSES.md``.
"""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.lexicon import _place_data as data
from piiscan.lexicon._address import Address, match_prefecture, normal_address, parse_address
from piiscan.lexicon._address_other import kana_address_score, romaji_address_score
from piiscan.lexicon._address_parts import address_part_score, is_place_name
from piiscan.lexicon._place_data import City, Town, postal_exists, postal_places

__all__ = [
    "Address", "City", "Town", "address_part_score", "address_score", "is_place_name", "kana_address_score",
    "municipalities", "parse_address", "postal_exists", "postal_places", "prefecture_of", "prefectures",
    "romaji_address_score", "towns",
]  # fmt: skip


def prefecture_of(text: str) -> str | None:
    """The prefecture a text begins with, or the one its first municipality lies in when only one can be meant."""
    if not text or text.isascii():
        return None
    found = match_prefecture(data.place_key(normal_address(text[:60])))
    if found:
        return found
    address = parse_address(text)
    return address.prefecture or None if address else None


def address_score(text: str) -> float:
    """0..1: is the whole text an address down to a block or building? A prefecture or municipality alone gets at most 0.5."""
    if not text or len(text) > 300:
        return 0.0
    if text.isascii():
        return romaji_address_score(text)
    address = parse_address(text)
    if address is not None:
        return address.score
    return max(kana_address_score(text), romaji_address_score(text))


def prefectures() -> dict[str, str]:
    """The 47 prefectures with their katakana, in the order of their codes (Hokkaido first)."""
    return dict(data.prefectures())


def municipalities() -> Iterator[City]:
    """Every municipality and ward, in the order of their codes."""
    return iter(data.cities())


def towns(prefecture: str | None = None) -> Iterator[Town]:
    """Every town with its postal code, of one prefecture (its full name) or of the country."""
    for name in [prefecture] if prefecture else list(data.prefectures()):
        yield from data.prefecture_towns(name)[1]
