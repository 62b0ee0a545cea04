"""Columns of names in tables that stand in a text: lines with the same number of fields between bars, tabs or slashes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from piiscan.prose.minutes import NAMES, people_of
from piiscan.prose.searching import Span

#: What stands between the fields of a line, the surest first.
DELIMITERS = ("\t", "|", "│", " / ", "／", ",")
#: So many lines with so many fields are a table, and so large a share of a column's cells makes it one of names.
FEWEST_LINES, FEWEST_FIELDS, MOSTLY = 4, 3, 0.6
#: A longer line is none of a table, a longer table is taken for several; cells that a column is judged by at first.
_LONGEST_LINE, _MOST_LINES, _SAMPLE = 400, 2_000, 10

Field = tuple[int, int]


def names_in_columns(text: str) -> Iterator[Span]:
    """The names in those columns of tables in the text whose cells are names of people, mostly."""
    for delimiter in DELIMITERS:
        if text.count(delimiter) < FEWEST_LINES * (FEWEST_FIELDS - 1):
            continue
        for table in _tables(text, delimiter):
            for column in zip(*table, strict=True):
                cells = [(a, b) for a, b in column if a < b]
                if not _named(text, cells[:_SAMPLE]):
                    continue
                found = [list(people_of(text[a:b], a)) for a, b in cells]
                if sum(map(bool, found)) >= max(FEWEST_LINES, MOSTLY * len(found)):
                    for spans in found:
                        yield from spans


def _named(text: str, cells: Sequence[Field]) -> bool:
    """Whether the first cells of a column make it worth looking at all of them."""
    return sum(NAMES.fullmatch(text, a, b) is not None for a, b in cells) >= 0.5 * MOSTLY * len(cells)


def _tables(text: str, delimiter: str) -> Iterator[list[list[Field]]]:
    """Lines that follow each other with the same number of fields, as the bounds of their fields without spaces."""
    rows: list[list[Field]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        several = len(line) <= _LONGEST_LINE and line.count(delimiter) >= FEWEST_FIELDS - 1
        fields = _fields(line.rstrip("\r\n"), at, delimiter) if several else []
        at += len(line)
        if rows and (len(fields) != len(rows[0]) or len(rows) >= _MOST_LINES):
            if len(rows) >= FEWEST_LINES:
                yield rows
            rows = []
        if len(fields) >= FEWEST_FIELDS:
            rows.append(fields)
    if len(rows) >= FEWEST_LINES:
        yield rows


def _fields(line: str, start: int, delimiter: str) -> list[Field]:
    found = []
    for part in line.split(delimiter):
        plain = part.strip(' \u3000"')
        begin = start + part.find(plain) if plain else start
        found.append((begin, begin + len(plain)))
        start += len(part) + len(delimiter)
    return found
