"""The name tables in memory, each loaded the first time it is asked for."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from piiscan.lexicon._kana import long_key
from piiscan.lexicon._store import lines, read_piece
from piiscan.shaped import later

_FLAGGED = later(rb"[^\0]")


class Table(NamedTuple):
    """``weight``: folded name → 1..255, more for commoner names. ``flags``: the names that are also other words."""

    weight: dict[str, int]
    flags: dict[str, int]


def _table(parts: tuple[bytes, ...]) -> Table:
    names = lines(parts[0])
    return Table(
        dict(zip(names, parts[1], strict=True)),
        {names[m.start()]: m[0][0] for m in _FLAGGED.finditer(parts[2])},
    )


@cache
def surnames() -> Table:
    """Kanji surnames; weight 115 and more are those whose bearers are counted."""
    return _table(read_piece("surnames"))


@cache
def given() -> Table:
    """Given names in kanji and hiragana; weight 130 and more stand in more than one source."""
    return _table(read_piece("given"))


@cache
def given_sex() -> dict[str, str]:
    """Given name → m, f or u."""
    parts = read_piece("given")
    return dict(zip(lines(parts[0]), parts[3].decode(), strict=True))


@cache
def readings(which: str) -> dict[str, tuple[str, ...]]:
    """Kanji → katakana readings, likeliest first. ``which``: surname or given."""
    names = lines(read_piece("surnames" if which == "surname" else "given")[0])
    kana = lines(read_piece("surname_readings" if which == "surname" else "given_readings")[0])
    return {name: tuple(k.split(",")) for name, k in zip(names, kana, strict=True) if k}


@cache
def lookalikes() -> frozenset[str]:
    """Folded words that divide into a surname and a given name and are neither: nouns and places."""
    return frozenset(lines(read_piece("lookalikes")[0]))


@cache
def kana_lookalikes() -> frozenset[str]:
    """Kana keys of words that divide into a surname's and a given name's kana and are nouns or places."""
    return frozenset(lines(read_piece("lookalikes")[1]))


@cache
def _kana_tables() -> tuple[dict[str, int], dict[str, int]]:
    parts = read_piece("kana")
    return (
        dict(zip(lines(parts[0]), parts[1], strict=True)),
        dict(zip(lines(parts[2]), parts[3], strict=True)),
    )


def surname_kana() -> dict[str, int]:
    """Kana key of surnames → weight."""
    return _kana_tables()[0]


def given_kana() -> dict[str, int]:
    """Kana key of given names → weight."""
    return _kana_tables()[1]


def _with_long_vowels(table: dict[str, int]) -> dict[str, int]:
    longer: dict[str, int] = {}
    for key, weight in table.items():
        folded = long_key(key)
        longer[folded] = max(longer.get(folded, 0), weight)
    return longer


@cache
def surname_kana_long() -> dict[str, int]:
    """Surnames' kana with long vowels folded, for text that writes them ー."""
    return _with_long_vowels(surname_kana())


@cache
def given_kana_long() -> dict[str, int]:
    """Given names' kana with long vowels folded, for text that writes them ー."""
    return _with_long_vowels(given_kana())


@cache
def romaji_tables() -> tuple[dict[str, int], dict[str, int]]:
    """Romaji key → weight, of surnames and of given names."""
    parts = read_piece("romaji")
    return (
        dict(zip(lines(parts[0]), parts[1], strict=True)),
        dict(zip(lines(parts[2]), parts[3], strict=True)),
    )


@cache
def foreign_kana() -> frozenset[str]:
    """Kana keys of names of people from abroad: トーマス, グエン."""
    return frozenset(lines(read_piece("foreign_kana")[0]))


@cache
def kanji_counts(which: str) -> dict[str, tuple[int, int, int, int]]:
    """Kanji → log₂ × 16 of how many names have it alone, first, between, last. ``which``: surname or given."""
    parts = read_piece("kanji_stats")
    chars, table = parts[:2] if which == "surname" else parts[2:]
    cells = iter(table)
    return {c: (next(cells), next(cells), next(cells), next(cells)) for c in chars.decode()}
