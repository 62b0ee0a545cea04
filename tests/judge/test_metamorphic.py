"""What must not change a verdict does not: encodings, widths, orders, formats, synonyms, titles, gaps, fewer rows."""

from __future__ import annotations

import io
import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import pytest
from generator import Dirt, Table, csv_bytes, person_table, xlsx_bytes
from generator_things import _GOODS, _UNITS
from test_false_alarms import BESIDE, NAMED, PEOPLE
from things import KINDS

import piiscan
from piiscan.inspection.knowledge import knowledge
from piiscan.model import FileReport, Records
from piiscan.text import fold_header

RULES = Path(__file__).parents[2] / "rules" / "headers.toml"
#: What is recognised without any header.
UNMISTAKABLE = frozenset({"email", "address", "phone", "postal_code", "person_name"})


@dataclass(frozen=True)
class Changed:
    """A table written another way. ``origin``: column now → column before; ``rows``: share of the rows that is left."""

    data: bytes
    name: str
    origin: dict[int, int]
    rows: float = 1.0


@dataclass(frozen=True)
class Said:
    """The verdict on a file with one table."""

    entities: dict[int, str]
    records: Records
    persons: int


def said(report: FileReport, origin: dict[int, int]) -> Said:
    """The verdict in terms of the columns of the first writing."""
    found = {origin.get(c.index, -1): c.entity for t in report.tables for c in t.columns if c.entity and c.values}
    return Said(dict(sorted(found.items())), report.records, report.persons)


def _same(table: Table) -> dict[int, int]:
    return {n: n for n in range(len(table.header))}


def _csv(table: Table, origin: dict[int, int] | None = None, rows: float = 1.0) -> Changed:
    return Changed(csv_bytes(table), "a.csv", _same(table) if origin is None else origin, rows)


def _cells(table: Table, change: Callable[[str], str]) -> Table:
    return Table(
        tuple(map(change, table.header)),
        tuple(tuple(map(change, row)) for row in table.rows),
        table.truth,
        table.persons,
    )


def as_cp932(rng: Random, table: Table) -> Changed:
    return Changed(csv_bytes(table, "cp932"), "a.csv", _same(table))


def as_utf8_with_bom(rng: Random, table: Table) -> Changed:
    return Changed(csv_bytes(table, "utf-8-sig"), "a.csv", _same(table))


def as_utf16(rng: Random, table: Table) -> Changed:
    return Changed(csv_bytes(table, "utf-16"), "a.csv", _same(table))


def as_euc(rng: Random, table: Table) -> Changed:
    return Changed(csv_bytes(table, "euc_jp"), "a.csv", _same(table))


def with_tabs(rng: Random, table: Table) -> Changed:
    return Changed(csv_bytes(table, "utf-8", "\t"), "a.tsv", _same(table))


def as_xlsx(rng: Random, table: Table) -> Changed:
    return Changed(xlsx_bytes(table), "a.xlsx", _same(table))


def _wide(text: str) -> str:
    return text if "@" in text else "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def in_full_width(rng: Random, table: Table) -> Changed:
    return _csv(_cells(table, _wide))


_HALF = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0xFF66, 0xFF9E)}


def _half(text: str) -> str:
    return "".join(_HALF.get(c, c) for c in unicodedata.normalize("NFD", text)) if text.isprintable() else text


def _half_kana(text: str) -> str:
    out = []
    for c in text:
        parts = unicodedata.normalize("NFD", c) if "ァ" <= c <= "ヺ" or c == "ー" else c
        out.append("".join({"\u3099": "ﾞ", "\u309a": "ﾟ"}.get(p, _HALF.get(p, p)) for p in parts))
    return "".join(out)


def in_half_width_kana(rng: Random, table: Table) -> Changed:
    return _csv(_cells(table, _half_kana))


def rows_shuffled(rng: Random, table: Table) -> Changed:
    rows = list(table.rows)
    rng.shuffle(rows)
    return _csv(Table(table.header, tuple(rows), table.truth, table.persons))


def columns_shuffled(rng: Random, table: Table) -> Changed:
    """Any order, but that what belongs together stays together: surname before given name, prefecture before city."""
    units: list[list[int]] = []
    for n, header in enumerate(table.header):
        if units and header in ("名", "セイ", "メイ", "フリガナ", "市区町村", "町名番地", "建物名", "町域"):
            units[-1].append(n)
        else:
            units.append([n])
    rng.shuffle(units)
    order = [n for unit in units for n in unit]

    def moved(row: Sequence[str]) -> tuple[str, ...]:
        return tuple(row[n] for n in order)

    changed = Table(moved(table.header), tuple(map(moved, table.rows)), (), table.persons)
    return _csv(changed, dict(enumerate(order)))


def titles_above(rng: Random, table: Table) -> Changed:
    titles = (("一覧表",), ("2026年11月1日現在", "", "部外秘"), ("",))
    return _csv(Table(table.header, table.rows, table.truth, table.persons, titles[: rng.randint(1, 3)]))


def blank_rows_between(rng: Random, table: Table) -> Changed:
    blank = ("",) * len(table.header)
    rows = [r for row in table.rows for r in ((row, blank) if rng.random() < 0.3 else (row,))]
    return _csv(Table(table.header, tuple(rows), table.truth, table.persons))


def blank_columns_between(rng: Random, table: Table) -> Changed:
    """An empty column before all, and one after some other."""
    width = len(table.header)
    at = rng.randint(1, width)

    def widened(row: Sequence[str]) -> tuple[str, ...]:
        return ("", *row[:at], "", *row[at:])

    origin = {n + 1 + (n >= at): n for n in range(width)}
    return _csv(Table(widened(table.header), tuple(map(widened, table.rows)), (), table.persons), origin)


def half_of_the_rows(rng: Random, table: Table) -> Changed:
    kept = sorted(rng.sample(range(len(table.rows)), (len(table.rows) + 1) // 2))
    rows = tuple(table.rows[n] for n in kept)
    return _csv(Table(table.header, rows, table.truth), rows=len(kept) / len(table.rows))


@cache
def _synonyms() -> dict[str, list[str]]:
    """Entity → its exact words, for entities of which the word alone says which it is."""
    words, rules = tomllib.loads(RULES.read_text("utf-8")), knowledge().policy.headers

    def private(word: str) -> bool:
        found = rules.match(word)
        return bool(found) and not any(m.role == "organisation" or m.meaning.startswith("business") for m in found)

    return {e: list(filter(private, g.get("exact", ()))) for e, g in words.items() if isinstance(g, dict)}


def other_words(rng: Random, table: Table) -> Changed:
    """A header whose words are replaced by exact words of the same meaning; what stands in parts keeps its words."""
    parts = {"姓", "名", "セイ", "メイ"}
    words = []
    for header, entity in zip(table.header, table.truth, strict=True):
        known = {fold_header(w): w for w in _synonyms().get(entity or "", ())}
        replaceable = fold_header(header) in known and header not in parts and not (entity or "").endswith("kana")
        word = rng.choice(list(known.values())) if replaceable else header
        words.append(word if word not in words else header)
    return _csv(Table(tuple(words), table.rows, table.truth, table.persons))


CHANGES: tuple[Callable[[Random, Table], Changed], ...] = (
    as_cp932, as_utf8_with_bom, as_utf16, as_euc, with_tabs, as_xlsx, in_full_width, in_half_width_kana, rows_shuffled,
    columns_shuffled, titles_above, blank_rows_between, blank_columns_between, half_of_the_rows, other_words,
)  # fmt: skip


def persons(seed: int) -> Table:
    """A list of people with clean cells but some variant kanji and some gaps."""
    rng = Random(seed * 7919 + 1)
    columns = [*rng.choice(NAMED), *rng.sample(BESIDE, rng.randint(2, 7))]
    dirt = Dirt(variants=rng.choice((0, 0.3)), missing=rng.choice((0, 0, 0.05)), notes=rng.choice((0, 0, 0.03)))
    return person_table(rng, rng.choice((20, 30, 40)), tuple(columns), dirt)


def things(seed: int) -> Table:
    """A table without a person."""
    rng = Random(seed * 7919 + 2)
    return KINDS[list(KINDS)[seed % len(KINDS)]](rng, rng.choice((20, 30, 40)))


def scan(changed: Changed) -> Said:
    """The verdict on a changed table."""
    return said(piiscan.scan(changed.data, name=changed.name)[0], changed.origin)


def differences(table: Table, seed: int, changes: Sequence[Callable[[Random, Table], Changed]]) -> list[str]:
    """What the changes changed in the verdict; nothing, if all is well."""
    rng, first, found = Random(seed), scan(_csv(table)), []
    for change in (c for c in changes if _for(table, c)):
        changed = change(rng, table)
        second = scan(changed)
        expected = first.persons * changed.rows
        slack = 0 if changed.rows == 1 else 2 + 0.1 * expected
        if second.entities != first.entities:
            found.append(f"{seed} {change.__name__}: {first.entities} became {second.entities}")
        if (second.records in PEOPLE) != (first.records in PEOPLE) or abs(second.persons - expected) > slack:
            found.append(
                f"{seed} {change.__name__}: {first.records} {first.persons} became {second.records} {second.persons}"
            )
    return found


def without_header(table: Table, seed: int) -> list[str]:
    """What goes wrong without the header, which should not."""
    whole = scan(_csv(table))
    rows = Table(table.rows[0], table.rows[1:], table.truth)
    bare = scan(_csv(rows))
    kept = {n: e for n, e in whole.entities.items() if e in UNMISTAKABLE and _telling(table, n, e)}
    lost = {n: (e, bare.entities.get(n)) for n, e in kept.items() if bare.entities.get(n) != e}
    found = [f"{seed} lost {lost}"] if lost else []
    return found if bare.records in PEOPLE else [*found, f"{seed} {bare.records}"]


def _telling(table: Table, column: int, entity: str) -> bool:
    """Phones and codes with hyphens, and names in kanji, tell without a header what they are."""
    values = [row[column] for row in table.rows if row[column]]
    return entity not in ("phone", "postal_code") or sum("-" in v for v in values) > 0.8 * len(values)


def with_products(table: Table, seed: int) -> list[str]:
    """Under the words of a list of people stand goods: nobody is counted."""
    rng = Random(seed)
    rows = tuple(tuple(f"{rng.choice(_GOODS)} {rng.choice(_UNITS)}" for _ in row) for row in table.rows)
    verdict = scan(_csv(Table(table.header, rows, ())))
    return [f"{seed} {verdict.persons}"] if verdict.persons else []


def _for(table: Table, change: Callable[[Random, Table], Changed]) -> bool:
    """Columns without a header are known by their neighbours: those of the post office's file stay in order."""
    return change not in (columns_shuffled, blank_columns_between) or not table.header[0].isdigit()


def _some(seed: int) -> list[Callable[[Random, Table], Changed]]:
    """Three of the changes, so that ten tables meet each of them twice."""
    return [CHANGES[(3 * seed + n) % len(CHANGES)] for n in range(3)]


def test_verdicts_on_people_stay() -> None:
    assert [d for seed in range(60) for d in differences(persons(seed), seed, _some(seed))] == []


def test_verdicts_on_things_stay() -> None:
    assert [d for seed in range(60) for d in differences(things(seed), seed, _some(seed))] == []


def test_people_are_seen_without_a_header() -> None:
    assert [d for seed in range(60) for d in without_header(persons(seed), seed)] == []


def test_people_vanish_with_their_data() -> None:
    assert [d for seed in range(60) for d in with_products(persons(seed), seed)] == []


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_a_thousand_of_each(start: int) -> None:
    seeds = range(start, start + 100)
    changed = [d for s in seeds for t in (persons(s), things(s)) for d in differences(t, s, CHANGES)]
    other = [d for s in seeds for d in (*without_header(persons(s), s), *with_products(persons(s), s))]
    assert len(changed) <= 2
    assert len(other) <= 2


def test_what_it_is_made_of_is_readable() -> None:
    """The writers write what they say: the same rows come back."""
    table = persons(1)
    assert csv_bytes(table, "utf-16").decode("utf-16").splitlines()[0].split(",") == list(table.header)
    assert io.BytesIO(xlsx_bytes(table)).read(2) == b"PK"
