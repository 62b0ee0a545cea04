"""Sheets for the tests of the judge: cells placed on an empty sheet, written as csv or xlsx, and the verdict on them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

import generator
from generator import COLUMNS, Person

import piiscan
from piiscan.model import FileReport, Table

Rows = list[list[str]]


@dataclass
class Paper:
    """An empty sheet that cells are put on; ``merged`` are ranges as Excel writes them."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)

    def put(self, row: int, column: int, rows: Iterable[Iterable[str]]) -> int:
        """Puts rows of cells down with their corner at ``row``, ``column`` (from 1); gives the row below the last."""
        for line in rows:
            for number, text in enumerate(line):
                if text:
                    self.cells[row, column + number] = text
            row += 1
        return row

    def rows(self) -> Rows:
        """Every row from the first, short of nothing."""
        last_row = max(r for r, _ in self.cells)
        last_column = max(c for _, c in self.cells)
        return [[self.cells.get((r, c), "") for c in range(1, last_column + 1)] for r in range(1, last_row + 1)]


def csv_of(rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """The rows as csv."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding, "replace")


def xlsx_of(sheets: Mapping[str, Paper]) -> bytes:
    """A workbook; digits without a leading zero are numbers."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, paper in sheets.items():
        sheet = book.create_sheet(title)
        for (row, column), text in paper.cells.items():
            number = text.isdecimal() and text.isascii() and text[0] != "0" and len(text) < 12
            sheet.cell(row, column, int(text) if number else text)
        for merged in paper.merged:
            sheet.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def scan(paper: Paper, kind: str) -> FileReport:
    """The report on a sheet written as ``csv`` or ``xlsx``."""
    data = csv_of(paper.rows()) if kind == "csv" else xlsx_of({"Sheet1": paper})
    return piiscan.scan(data, name=f"a.{kind}")[0]


def scan_rows(rows: Sequence[Sequence[str]]) -> FileReport:
    """The report on rows written as csv."""
    return piiscan.scan(csv_of(rows), name="a.csv")[0]


def entities(table: Table) -> dict[str, str]:
    """Header → entity of the columns that have one."""
    return {c.name: c.entity for c in table.columns if c.entity}


def by_index(table: Table) -> dict[int, str]:
    """Column → entity of the columns that have one."""
    return {c.index: c.entity for c in table.columns if c.entity}


def people(seed: int, count: int) -> list[Person]:
    """Different people, each with a number of its own and a name that no other has."""
    rng, found = Random(seed), {}
    while len(found) < count:
        p = generator.person(rng)
        found.setdefault((p.surname, p.given), replace(p, number=rng.randrange(10_000_000)))
    return list(found.values())


def cell(p: Person, key: str) -> str:
    """One property of a person as the generator writes it."""
    return COLUMNS[key][2](p)


def lines(who: Iterable[Person], *keys: str) -> Rows:
    """A row for each person."""
    return [[cell(p, k) for k in keys] for p in who]


def words(*keys: str) -> list[str]:
    """The header words of columns of the generator."""
    return [COLUMNS[k][0] for k in keys]
