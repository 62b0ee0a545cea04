"""What is said of a sheet once all its rows were seen: tables, finds in cells, finds around the tables, who is concerned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Any

from piiscan.judge.confirm import SHOWN_CELLS, Tally
from piiscan.judge.forms import Form
from piiscan.judge.grid import Grid
from piiscan.judge.layout import Region
from piiscan.judge.tables import JudgedTable
from piiscan.judge.vocabulary import is_header_word
from piiscan.model import Column, Detector, Finding, Records, Sheet, Table
from piiscan.people import distinct
from piiscan.people.hashing import Hashes
from piiscan.policy import Policy
from piiscan.prose.finding import HEADER, find_spans
from piiscan.text import cell_ref, column_letters, shape


@dataclass(repr=False)
class Running:
    """A table while its rows stream by."""

    table: JudgedTable
    first_row: int
    last_row: int | None
    header: Mapping[int, str]
    header_rows: tuple[int, ...]
    tallies: dict[int, Tally]
    keys: list[Hashes]
    rows: int = 0
    seen_last: int = 0
    salt: bytes = field(default_factory=lambda: token_bytes(16))
    words: dict[int, Any] = field(default_factory=dict)


def table_of(sheet: Sheet, run: Running, tables: int) -> Table:
    """One table, its columns and how many people; ``tables``: how many the sheet has, which makes its location."""
    region, verdicts = run.table.region, run.table.verdicts
    last = run.seen_last if run.rows else run.first_row
    header_rows = tuple(row + 1 for row in run.header_rows)
    top = run.header_rows[0] if run.header_rows else run.first_row
    span = f"{cell_ref(top, region.columns[0])}:{cell_ref(last, region.columns[-1])}"
    location = sheet.location if tables == 1 else f"{sheet.location}!{span}" if sheet.location else span
    columns = []
    for c in region.columns:
        verdict, tally, features = verdicts[c], run.tallies[c], run.table.features[c]
        columns.append(
            Column(
                index=c,
                name=region.names.get(c, ""),
                entity=verdict.entity,
                confidence=round(verdict.score, 3),
                values=tally.filled,
                matches=min(tally.matches, tally.filled) if verdict.entity else 0,
                shape=shape(features.values[0]) if features.values else "",
                evidence=verdict.evidence,
                runner_up=verdict.runner_up,
                runner_up_confidence=round(verdict.runner_up_score, 3),
                against=verdict.against,
                turns=verdict.turns,
            )
        )
    return Table(
        location=location,
        hidden=sheet.hidden,
        header_rows=header_rows,
        first_row=run.first_row + 1,
        last_row=last + 1,
        rows=run.rows,
        records=_seen_records(run),
        persons=sum(map(len, run.keys)),
        persons_exact=all(s.exact for s in run.table.slots),
        columns=tuple(columns),
    )


def _seen_records(run: Running) -> Records:
    """What the rows are about once all were seen: names that are all masked or filled in for nobody hold no people."""
    if any(map(len, run.keys)) or not any(s.names for s in run.table.slots):
        return run.table.records
    return {Records.PERSONS: Records.NONE, Records.MIXED: Records.ORGANISATIONS}.get(
        run.table.records, run.table.records
    )


def findings_of(sheet: Sheet, run: Running) -> Iterator[Finding]:
    """Finds inside cells: each by its address while they are few, else one line for the column."""
    prefix = f"{sheet.location}!" if sheet.location else ""
    for column, tally in run.tallies.items():
        hidden = sheet.hidden or column in sheet.hidden_columns
        for entity, rows in tally.finds.items():
            count = tally.counts[entity]
            if count <= SHOWN_CELLS:
                for row in dict.fromkeys(rows):
                    ref = cell_ref(row, column)
                    yield Finding(
                        entity, prefix + ref, "cell", rows.count(row), 0.8, "", hidden or row in sheet.hidden_rows
                    )
            else:
                letters = column_letters(column)
                span = f"{letters}{rows[0] + 1}:{letters}{run.seen_last + 1}"
                yield Finding(entity, prefix + span, "cell", count, 0.8, "", hidden)


def form_findings(sheet: Sheet, grid: Grid, form: Form) -> tuple[Finding, ...]:
    """What the cells of a form hold, each by its address."""
    prefix = f"{sheet.location}!" if sheet.location else ""
    places = [(e, grid.rows[e.position]) for e in form.entries]
    return tuple(
        Finding(
            e.entity,
            prefix + cell_ref(row, e.column),
            "cell",
            1,
            0.85,
            shape(grid.text(e.position, e.column)),
            sheet.hidden or row in sheet.hidden_rows or e.column in sheet.hidden_columns,
        )
        for e, row in places
    )


def form_table(sheet: Sheet, grid: Grid, form: Form, people: Hashes) -> tuple[Table, ...]:
    """The people of a form as a table without columns; what its cells hold is said by findings."""
    if not form.people:
        return ()
    rows = [grid.rows[e.position] for e in form.entries] or list(grid.rows)
    persons = distinct.count([people])
    return (
        Table(
            sheet.location, sheet.hidden, (), min(rows) + 1, max(rows) + 1, persons, Records.PERSONS, persons, True, ()
        ),
    )


def found_around(
    sheet: Sheet,
    grid: Grid,
    regions: Sequence[Region],
    form: Form,
    detectors: Mapping[str, Detector],
    policy: Policy,
) -> tuple[tuple[Finding, ...], Counter[str]]:
    """Finds in the cells that belong to no table's rows: titles, notes above it, header cells."""
    prefix = f"{sheet.location}!" if sheet.location else ""
    covered = {p for r in regions for p in range(r.start, r.end)}
    headers = {p for r in regions for p in r.header}
    taken = {(e.position, e.column) for e in form.entries}
    findings, counts = [], Counter[str]()
    for position in sorted(set(range(len(grid))) - covered):
        for column, text in grid.cells(position):
            kind = HEADER if position in headers and is_header_word(text, policy) else None
            for span in find_spans(text, detectors, kind) if (position, column) not in taken else ():
                row = grid.rows[position]
                hidden = sheet.hidden or row in sheet.hidden_rows or column in sheet.hidden_columns
                outline = shape(text[span.start : span.end])
                place = prefix + cell_ref(row, column)
                findings.append(Finding(span.entity, place, "cell", 1, span.confidence, outline, hidden))
                counts[span.entity] += 1
    return tuple(findings), counts


def concerned_by(running: Sequence[Running], form: Form, around: Mapping[str, int]) -> dict[str, int]:
    """Entity → how many people or values it concerns: filled cells of its columns, finds, entries of forms."""
    counts: dict[str, int] = dict(around)
    for run in running:
        best: dict[str, int] = {}
        for column, verdict in run.table.verdicts.items():
            tally = run.tallies[column]
            if verdict.entity and tally.filled:
                best[verdict.entity] = max(best.get(verdict.entity, 0), tally.filled)
            for entity, count in tally.counts.items():
                best[entity] = best.get(entity, 0) + count
        for entity, count in best.items():
            counts[entity] = counts.get(entity, 0) + count
    for entry in form.entries:
        counts[entry.entity] = counts.get(entry.entity, 0) + 1
    return counts
