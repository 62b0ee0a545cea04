"""Judges one sheet from its stream of batches: the head decides what the columns are, every row then confirms it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from piiscan import columnar
from piiscan.columnar import Values
from piiscan.judge import keys
from piiscan.judge.confirm import Tally, confirm_column
from piiscan.judge.counting import people_of
from piiscan.judge.forms import Form, read_form
from piiscan.judge.grid import Grid, join
from piiscan.judge.heads import with_heads
from piiscan.judge.layout import find_regions, whole
from piiscan.judge.part import Part, cut
from piiscan.judge.said import Running, concerned_by, findings_of, form_findings, form_table, found_around, table_of
from piiscan.judge.tables import JudgedTable, judge_table
from piiscan.judge.vocabulary import vocabulary
from piiscan.model import Batch, Detector, Finding, Sheet, Table
from piiscan.people import distinct, hashing
from piiscan.people.hashing import Hashes
from piiscan.policy import Policy

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
        strength, regions, form = vocabulary(policy), [whole(grid, header_row)], Form()
    form = with_heads(form, grid, regions, strength)
    running = [_start(judge_table(grid, r, policy, detectors), grid) for r in regions if r.columns]
    entries = {(grid.rows[e.position], e.column): e.entity for e in form.entries}
    told(SheetJudgement(edits=tuple(map(_edit, running)), cells=entries))
    look = partial(_count if plan else _look, detectors=detectors, secret=secret)
    _stream(chain(head, batches), running, look)
    for run in running:
        run.keys = [distinct.merge(run.keys)]
    tables = tuple(table_of(sheet, r, len(running) + bool(form.entries)) for r in running)
    around, around_counts = found_around(sheet, grid, regions, form, detectors, policy)
    findings = tuple(f for r in running for f in findings_of(sheet, r)) + around + form_findings(sheet, grid, form)
    named = hashing.person_hashes([(list(form.people), "name")], secret) if form.people else keys.empty()
    keys_of_form = distinct.merge([named])
    return SheetJudgement(
        tables + form_table(sheet, grid, form, keys_of_form),
        findings,
        (*(k for r in running for k in r.keys), *([keys_of_form] if form.people else [])),
        all(s.exact for r in running for s in r.table.slots),
        concerned_by(running, form, around_counts),
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


def _start(table: JudgedTable, grid: Grid) -> Running:
    region = table.region
    first = grid.rows[region.start] if region.start < len(grid) else (grid.rows[-1] + 1 if len(grid) else 0)
    last = None if region.end >= len(grid) else grid.rows[region.end] - 1
    header = (
        {c: grid.columns[c][region.header[-1]] for c in region.columns if c in grid.columns} if region.header else {}
    )
    header = {c: t for c, t in header.items() if t.strip()}
    header_rows = tuple(grid.rows[p] for p in region.header)
    return Running(table, first, last, header, header_rows, {c: Tally() for c in region.columns}, [])


def _edit(run: Running) -> Edit:
    columns = {c: v.entity for c, v in run.table.verdicts.items() if v.entity}
    among = frozenset(c for s in run.table.slots for c in s.names if columns.get(c) == "company")
    return Edit(run.first_row, run.last_row, frozenset(run.header_rows), columns, among)


# ---------------------------------------------------------------- streaming


@dataclass(frozen=True, repr=False)
class _Seen:
    """What one part of a table has shown: its rows and their last number, counts by column, keys of people."""

    rows: int
    last: int
    tallies: dict[int, Tally]
    keys: list[Hashes]


def _stream(batches: Iterable[Batch], running: Sequence[Running], look: Callable[[Part, Running], _Seen]) -> None:
    """Feeds every batch to every table; large batches are looked at by two threads while the next ones are read."""
    waiting: deque[tuple[Running, Future[_Seen]]] = deque()
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


def _look(part: Part, run: Running, detectors: Mapping[str, Detector], secret: bytes) -> _Seen:
    """Looks at every cell of a part of a table; changes nothing, so that parts may be looked at side by side."""
    table = run.table
    repeats = columnar.rows_equal(part.columns, run.header) if len(run.header) >= 2 else []
    tallies = {c: Tally() for c in part.columns if c in run.tallies}
    for c, tally in tallies.items():
        confirm_column(part.repeats(c), part.rows, table.verdicts[c].entity, table.features[c], detectors, tally)
    people = [k for slot in table.slots for k in people_of(part, slot, table, secret, repeats, run.salt) if len(k)]
    return _Seen(len(part.rows) - len(repeats), part.rows[-1], tallies, list(map(distinct.ordered, people)))


def _count(part: Part, run: Running, detectors: Mapping[str, Detector], secret: bytes) -> _Seen:
    """Looks only whether there is anything in a part of a table."""
    del detectors, secret
    tallies = {c: Tally(_length(values)) for c, values in part.columns.items() if c in run.tallies}
    return _Seen(len(part.rows), part.rows[-1], tallies, [])


def _length(values: Values) -> int:
    return len(values) - values.count("") if isinstance(values, list) else columnar.filled(values)


def _book(run: Running, seen: _Seen) -> None:
    """Adds what a part has shown, in the order of the parts."""
    run.rows += seen.rows
    run.seen_last = seen.last
    run.keys.extend(seen.keys)
    for column, tally in seen.tallies.items():
        run.tallies[column].add(tally)
