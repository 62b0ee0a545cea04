"""Judges one sheet from its stream of batches: the head decides what the columns are, every row then confirms it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from secrets import token_bytes
from typing import Any

from piiscan import columnar, hashing
from piiscan.columnar import Values
from piiscan.hashing import Hashes
from piiscan.judge import keys
from piiscan.judge.confirm import SHOWN_CELLS, Tally, confirm_column
from piiscan.judge.counting import people_of
from piiscan.judge.forms import Form, read_form
from piiscan.judge.grid import Grid, join
from piiscan.judge.layout import Region, find_regions, whole
from piiscan.judge.part import Part, cut
from piiscan.judge.tables import JudgedTable, judge_table
from piiscan.judge.texts import find_spans
from piiscan.judge.vocabulary import vocabulary
from piiscan.model import Batch, Column, Detector, Finding, Records, Sheet, Table
from piiscan.policy import Policy
from piiscan.text import cell_ref, column_letters, shape

HEAD_ROWS = 20_000
HEAD_CELLS = 400_000
HEAD_ROWS_OF_LARGE = 3_000
THREADS = 2


@dataclass(frozen=True)
class Edit:
    """What a rewriter needs to know of one table: rows from 0 (``last_row`` None: to the end), column → entity.
    ``people_among``: columns of firms in which some cells name a person instead."""

    first_row: int
    last_row: int | None
    header_rows: frozenset[int]
    columns: Mapping[int, str]
    people_among: frozenset[int] = frozenset()


@dataclass(frozen=True)
class SheetJudgement:
    """All that was decided on one sheet, without any value. ``concerned``: entity → people or values it concerns;
    ``keys``: the people of each table, every one once."""

    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()
    keys: tuple[Hashes, ...] = field(default=(), repr=False)
    exact: bool = True
    concerned: Mapping[str, int] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    cells: Mapping[tuple[int, int], str] = field(default_factory=dict)


@dataclass(repr=False)
class _Running:
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


def judge_sheet(
    sheet: Sheet,
    policy: Policy,
    detectors: Mapping[str, Detector],
    secret: bytes,
    *,
    header_row: int | None = None,
    told: Callable[[SheetJudgement], object] = lambda _: None,
    plan: bool = False,
) -> SheetJudgement:
    """Streams a sheet once and gives the verdict on every table, column and odd cell in it.

    ``secret`` keys the hashes by which people are counted. ``header_row``: the row, from 0, that is known to be the
    header of the one table there is. ``told`` learns what a rewriter needs to know as soon as that is clear. ``plan``:
    nothing else is wanted, so the rows are only counted. Raises what ``sheet.batches`` raises.
    """
    batches = iter(sheet.batches)
    head = _head(batches, large=sheet.large)
    if not head:
        return SheetJudgement()
    grid = _grid(head, sheet)
    if header_row is None:
        following = next(batches, None)
        complete = following is None and len(grid) == sum(len(b.rows) for b in head)
        batches = chain([following] if following is not None else [], batches)
        strength = vocabulary(policy)
        regions = find_regions(grid, strength, complete=complete)
        form = read_form(grid, regions, policy, detectors, strength) if complete else Form()
        regions = [r for n, r in enumerate(regions) if n not in form.consumed]
    else:
        regions, form = [whole(grid, header_row)], Form()
    running = [_start(judge_table(grid, r, policy, detectors), grid) for r in regions if r.columns]
    entries = {(grid.rows[e.position], e.column): e.entity for e in form.entries}
    told(SheetJudgement(edits=tuple(map(_edit, running)), cells=entries))
    look = partial(_count if plan else _look, detectors=detectors, secret=secret)
    _stream(chain(head, batches), running, look)
    for run in running:
        run.keys = [hashing.merge(run.keys)]
    tables = tuple(_table(sheet, r, len(running) + bool(form.entries), secret) for r in running)
    around, around_counts = _around(sheet, grid, regions, form, detectors)
    findings = tuple(f for r in running for f in _findings(sheet, r)) + around + _form_findings(sheet, grid, form)
    named = hashing.person_hashes([(list(form.people), "name")], secret) if form.people else keys.empty()
    keys_of_form = hashing.merge([named])
    return SheetJudgement(
        tables + _form_table(sheet, grid, form, keys_of_form),
        findings,
        (*(k for r in running for k in r.keys), *([keys_of_form] if form.people else [])),
        all(s.exact for r in running for s in r.table.slots),
        _concerned(running, form, around_counts),
        tuple(map(_edit, running)),
        entries,
    )


def _head(batches: Iterator[Batch], *, large: bool) -> list[Batch]:
    """The first batches: enough rows to see the layout, few enough to hold."""
    head: list[Batch] = []
    rows = cells = 0
    for batch in batches:
        head.append(batch)
        rows += len(batch.rows)
        cells += len(batch.rows) * len(batch.columns)
        if large or _of_series(batch) or rows >= HEAD_ROWS or cells >= HEAD_CELLS:
            break
    return head


def _of_series(batch: Batch) -> bool:
    return any(not isinstance(values, list) for values in batch.columns.values())


def _grid(head: Sequence[Batch], sheet: Sheet) -> Grid:
    large = sheet.large or any(map(_of_series, head))
    return join(head, HEAD_ROWS_OF_LARGE if large else HEAD_ROWS, sheet.merged)


def _start(table: JudgedTable, grid: Grid) -> _Running:
    region = table.region
    first = grid.rows[region.start] if region.start < len(grid) else (grid.rows[-1] + 1 if len(grid) else 0)
    last = None if region.end >= len(grid) else grid.rows[region.end] - 1
    header = (
        {c: grid.columns[c][region.header[-1]] for c in region.columns if c in grid.columns} if region.header else {}
    )
    header = {c: t for c, t in header.items() if t.strip()}
    header_rows = tuple(grid.rows[p] for p in region.header)
    return _Running(table, first, last, header, header_rows, {c: Tally() for c in region.columns}, [])


# ---------------------------------------------------------------- streaming


@dataclass(frozen=True, repr=False)
class _Seen:
    """What one part of a table has shown: its rows and their last number, counts by column, keys of people."""

    rows: int
    last: int
    tallies: dict[int, Tally]
    keys: list[Hashes]


def _stream(batches: Iterable[Batch], running: Sequence[_Running], look: Callable[[Part, _Running], _Seen]) -> None:
    """Feeds every batch to every table; large batches are looked at by two threads while the next ones are read."""
    waiting: deque[tuple[_Running, Future[_Seen]]] = deque()
    pool: ThreadPoolExecutor | None = None
    try:
        for batch in batches:
            if pool is None and _of_series(batch):
                pool = ThreadPoolExecutor(THREADS)
            for run in running:
                part = cut(batch, run.first_row, run.last_row, run.words)
                if part is None:
                    continue
                if pool is None:
                    _book(run, look(part, run))
                else:
                    waiting.append((run, pool.submit(look, part, run)))
            while len(waiting) > THREADS:
                run, future = waiting.popleft()
                _book(run, future.result())
        for run, future in waiting:
            _book(run, future.result())
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def _look(part: Part, run: _Running, detectors: Mapping[str, Detector], secret: bytes) -> _Seen:
    """Looks at every cell of a part of a table; changes nothing, so that parts may be looked at side by side."""
    table = run.table
    repeats = columnar.rows_equal(part.columns, run.header) if len(run.header) >= 2 else []
    tallies = {c: Tally() for c in part.columns if c in run.tallies}
    for c, tally in tallies.items():
        confirm_column(part.repeats(c), part.rows, table.verdicts[c].entity, table.features[c], detectors, tally)
    people = [k for slot in table.slots for k in people_of(part, slot, table, secret, repeats, run.salt) if len(k)]
    return _Seen(len(part.rows) - len(repeats), part.rows[-1], tallies, list(map(hashing.ordered, people)))


def _count(part: Part, run: _Running, detectors: Mapping[str, Detector], secret: bytes) -> _Seen:
    """Looks only whether there is anything in a part of a table."""
    del detectors, secret
    tallies = {c: Tally(_length(values)) for c, values in part.columns.items() if c in run.tallies}
    return _Seen(len(part.rows), part.rows[-1], tallies, [])


def _length(values: Values) -> int:
    return len(values) - values.count("") if isinstance(values, list) else columnar.filled(values)


def _book(run: _Running, seen: _Seen) -> None:
    """Adds what a part has shown, in the order of the parts."""
    run.rows += seen.rows
    run.seen_last = seen.last
    run.keys.extend(seen.keys)
    for column, tally in seen.tallies.items():
        run.tallies[column].add(tally)


# ---------------------------------------------------------------- results


def _table(sheet: Sheet, run: _Running, tables: int, secret: bytes) -> Table:
    del secret
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


def _seen_records(run: _Running) -> Records:
    """What the rows are about once all were seen: names that are all masked or filled in for nobody hold no people."""
    if any(map(len, run.keys)) or not any(s.names for s in run.table.slots):
        return run.table.records
    return {Records.PERSONS: Records.NONE, Records.MIXED: Records.ORGANISATIONS}.get(
        run.table.records, run.table.records
    )


def _findings(sheet: Sheet, run: _Running) -> Iterator[Finding]:
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


def _form_findings(sheet: Sheet, grid: Grid, form: Form) -> tuple[Finding, ...]:
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


def _form_table(sheet: Sheet, grid: Grid, form: Form, people: Hashes) -> tuple[Table, ...]:
    """The people of a form as a table without columns; what its cells hold is said by findings."""
    if not form.people:
        return ()
    rows = [grid.rows[e.position] for e in form.entries] or list(grid.rows)
    persons = hashing.distinct([people])
    return (
        Table(
            sheet.location, sheet.hidden, (), min(rows) + 1, max(rows) + 1, persons, Records.PERSONS, persons, True, ()
        ),
    )


def _around(
    sheet: Sheet, grid: Grid, regions: Sequence[Region], form: Form, detectors: Mapping[str, Detector]
) -> tuple[tuple[Finding, ...], Counter[str]]:
    """Finds in the cells that belong to no table's rows: titles, notes above it, header cells."""
    prefix = f"{sheet.location}!" if sheet.location else ""
    covered = {p for r in regions for p in range(r.start, r.end)}
    taken = {(e.position, e.column) for e in form.entries}
    findings, counts = [], Counter[str]()
    for position in sorted(set(range(len(grid))) - covered):
        for column, text in grid.cells(position):
            for span in find_spans(text, detectors) if (position, column) not in taken else ():
                row = grid.rows[position]
                hidden = sheet.hidden or row in sheet.hidden_rows or column in sheet.hidden_columns
                outline = shape(text[span.start : span.end])
                place = prefix + cell_ref(row, column)
                findings.append(Finding(span.entity, place, "cell", 1, span.confidence, outline, hidden))
                counts[span.entity] += 1
    return tuple(findings), counts


def _concerned(running: Sequence[_Running], form: Form, around: Mapping[str, int]) -> dict[str, int]:
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


def _edit(run: _Running) -> Edit:
    columns = {c: v.entity for c, v in run.table.verdicts.items() if v.entity}
    among = frozenset(c for s in run.table.slots for c in s.names if columns.get(c) == "company")
    return Edit(run.first_row, run.last_row, frozenset(run.header_rows), columns, among)
