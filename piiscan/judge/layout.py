"""Where the tables of a sheet are: below titles, one above the other, side by side, with notes and totals under them.

A sheet is read the way a person does. Which rows are a header is said in ``headrows``; labels with their value beside
or below them are read in ``forms``. Nothing here asks whether the data is personal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from piiscan.judge.cells import DATA_KINDS, kind
from piiscan.judge.grid import Grid
from piiscan.judge.headrows import (
    ENOUGH_CELLS,
    LOOK_BELOW,
    STRONG_WORD,
    WEAK_WORD,
    Vocabulary,
    best_header,
    column_names,
    grow_header,
    header_score,
    lone_header,
)

#: How many rows a title over a table may take.
TITLE_ROWS = 3
#: What rows below a table begin with: sums and notes.
_FOOTER = re.compile(
    r"[※＊*]|[（(]?注(?:意|記|釈|[)）:：0-9０-９ 　])|(?:総|小|合|累)[ 　]*計|計(?:$|[ 　0-9０-９:：])|平均|総(?:件|人|数|額)|以[ 　]*上$|"
    r"(?:備考|出典|出所|資料|凡例|作成[日者]?|更新日?|件数|人数)[ 　]*[:：]|(?:grand |sub)?total\b|average\b|notes?\b[:：]?",
    re.IGNORECASE,
)
_MARKED = re.compile("[※＊*]")
_COMMENT = re.compile(r"#[ ]?[A-Za-z]")
_LONG_NOTE = 20


@dataclass(frozen=True, slots=True)
class Region:
    """One table. Positions count from 0 in the grid; ``end`` is exclusive. ``names``: column index → header text."""

    header: tuple[int, ...]
    start: int
    end: int
    columns: tuple[int, ...]
    names: dict[int, str]
    repeats: tuple[int, ...] = ()


def find_regions(grid: Grid, strength: Vocabulary, *, complete: bool = False) -> list[Region]:
    """All tables of the grid, top to bottom, blocks side by side left to right.

    ``complete``: the grid is the whole sheet, so that what stands at its end may be taken for a note below a table;
    else the last table of every block goes on to the end.
    """
    if not len(grid):
        return []
    blocks = _side_by_side(grid, strength, complete)
    if len(blocks) == 1:
        return list(_stacked(grid.part(0, len(grid), blocks[0]), strength, complete))
    return [r for block in blocks for r in _of_block(grid, block, strength, complete)]


def whole(grid: Grid, header: int) -> Region:
    """The grid as one table whose header is known."""
    columns = tuple(grid.columns)
    names = {c: grid.text(header, c) for c in columns}
    return Region((header,), header + 1, len(grid), columns, names)


# ---------------------------------------------------------------- side by side


def _side_by_side(grid: Grid, strength: Vocabulary, complete: bool) -> list[tuple[int, ...]]:
    """Groups of columns that are tables of their own: an empty column between them, and a header over each that
    stands in another row, says the same again, or has more or fewer records below it."""
    filled = [c for c, values in grid.columns.items() if any(map(str.strip, values))]
    if not filled:
        return []
    groups = _groups(filled)
    if len(groups) == 1:
        return [tuple(filled)]
    parts = [_rows_of(grid, g) for g in groups]
    headers = [best_header(part, 0, strength) for part, _ in parts]
    if None in headers:
        return [tuple(filled)]
    seen = [_Block.of(part, kept, h or 0, strength) for (part, kept), h in zip(parts, headers, strict=True)]
    joined: list[list[int]] = [groups[0]]
    for (left, right), group in zip(pairwise(seen), groups[1:], strict=True):
        if left.apart_from(right, complete):
            joined.append(group)
        else:
            joined[-1] = joined[-1] + group
    return [tuple(g) for g in joined]


def _groups(filled: Sequence[int]) -> list[list[int]]:
    """Columns without an empty one between them; a column on its own belongs to the group before it."""
    groups: list[list[int]] = [[filled[0]]]
    for left, right in pairwise(filled):
        if right - left > 1:
            groups.append([])
        groups[-1].append(right)
    merged: list[list[int]] = [groups[0]]
    for group in groups[1:]:
        if len(group) < 2 or len(merged[-1]) < 2:
            merged[-1] = merged[-1] + group
        else:
            merged.append(group)
    return merged


@dataclass(frozen=True, slots=True)
class _Block:
    """What tells two blocks of columns apart. ``header``, ``last``: sheet rows; ``dense``: no record leaves much out."""

    header: int
    last: int
    dense: bool
    words: frozenset[str]

    @classmethod
    def of(cls, part: Grid, kept: Sequence[int], header: int, strength: Vocabulary) -> _Block:
        rows = grow_header(part, header, 0, strength)
        names = column_names(part, rows, tuple(part.columns))
        counts = [len(part.cells(p)) for p in range(rows[-1] + 1, min(len(part), 500))]
        together = len(kept) < 2 or kept[-1] - kept[rows[-1]] == len(kept) - 1 - rows[-1]
        dense = len(counts) >= 3 and together and min(counts) * 2 >= len(part.columns)
        return cls(part.rows[header], part.rows[-1], dense, frozenset(n for n in names.values() if n))

    def apart_from(self, other: _Block, complete: bool) -> bool:
        """Whether the other is a table of its own."""
        if self.header != other.header:
            return True
        shared = self.words & other.words
        if len(shared) >= 2 and 2 * len(shared) >= min(len(self.words), len(other.words)):
            return True
        return complete and self.dense and other.dense and self.last != other.last


def _rows_of(grid: Grid, columns: Sequence[int]) -> tuple[Grid, list[int]]:
    """The rows in which any of the columns is filled, as a grid, and their positions in the whole."""
    lists = [grid.columns[c] for c in columns]
    kept = [p for p, texts in enumerate(zip(*lists, strict=True)) if any(t and not t.isspace() for t in texts)]
    chosen = {c: [v[p] for p in kept] for c, v in zip(columns, lists, strict=True)}
    return Grid([grid.rows[p] for p in kept], chosen, grid.merged), kept


def _of_block(grid: Grid, columns: Sequence[int], strength: Vocabulary, complete: bool) -> Iterator[Region]:
    """The tables of some columns, with positions of the whole grid."""
    part, kept = _rows_of(grid, columns)

    def outer(position: int) -> int:
        return kept[position] if position < len(kept) else len(grid)

    for r in _stacked(part, strength, complete):
        end = kept[r.end - 1] + 1 if r.end > r.start and (complete or r.end < len(kept)) else outer(r.end)
        header, repeats = tuple(kept[p] for p in r.header), tuple(kept[p] for p in r.repeats)
        yield Region(header, outer(r.start), end, r.columns, r.names, repeats)


# ---------------------------------------------------------------- one above the other


def _stacked(grid: Grid, strength: Vocabulary, complete: bool) -> Iterator[Region]:
    """The tables of one block of columns, from top to bottom."""
    position = 0
    while position < len(grid):
        header = best_header(grid, position, strength)
        if header is None and complete:
            header = lone_header(grid, position, strength)
        rows = () if header is None else grow_header(grid, header, position, strength)
        start = _after_comments(grid, rows) if rows else _after_titles(grid, position)
        stop, repeats = _find_end(grid, rows, start, strength, complete)
        stop = max(stop, start)
        end = _without_footer(grid, rows, start, stop) if complete or stop < len(grid) else stop
        columns = _used_columns(grid, rows, start, end)
        yield Region(rows, start, end, columns, column_names(grid, rows, columns), repeats)
        position = max(stop, position + 1)


def _after_comments(grid: Grid, header: Sequence[int]) -> int:
    """Where the data begins below a header: after lines that begin with # and a word, as LinkData writes its types."""
    position = header[-1] + 1
    while position + 1 < len(grid) and (cells := grid.cells(position)) and _COMMENT.match(cells[0][1].strip()):
        position += 1
    return position


def _after_titles(grid: Grid, begin: int) -> int:
    """Where the data begins when there is no header: after lone cells that stand over rows of several."""
    position = begin
    while position + 1 < len(grid) and position < begin + 5 and len(grid.cells(position)) == 1:
        position += 1
    below = [len(grid.cells(p)) for p in range(position, min(len(grid), position + LOOK_BELOW))]
    return position if below and min(below) >= 2 and sum(below) >= 3 * len(below) else begin


def _used_columns(grid: Grid, header: Sequence[int], start: int, end: int) -> tuple[int, ...]:
    used = [
        c for c, v in grid.columns.items() if any(v[p].strip() for p in header) or any(map(str.strip, v[start:end]))
    ]
    return tuple(range(used[0], used[-1] + 1)) if used else ()


def _find_end(
    grid: Grid, header: Sequence[int], start: int, strength: Vocabulary, complete: bool
) -> tuple[int, tuple[int, ...]]:
    """Where the table ends: before the next header, or the title over it, also where the sheet ends with them; the
    table's own header repeated within its rows does not end it. Also the repeats' positions."""
    own = {c: grid.text(header[-1], c) for c in grid.columns} if header else {}
    own = {c: t for c, t in own.items() if t}
    repeats: list[int] = []
    wide = max(len(own), 1)
    sure = _data_column(grid, start)
    for position in range(start, len(grid)):
        gap = position > 0 and grid.rows[position] - grid.rows[position - 1] > 1
        if not gap and sure is not None and kind(sure[position]) in DATA_KINDS:
            continue
        cells = grid.cells(position)
        if own and len(cells) >= max(1, len(own) // 2) and all(own.get(c) == t.strip() for c, t in cells):
            title = _over(grid, position, start, wide)
            if title < position:
                return title, tuple(repeats)
            repeats.append(position)
            continue
        if position == start and (not header or not gap):
            continue  # a region always holds at least its own first row
        if _may_begin_table(grid, position, cells, gap, strength) and _header_at(grid, position, wide, cells, strength):
            return (_over(grid, position, start, wide) if len(cells) > 1 else position), tuple(repeats)
        if complete and gap and lone_header(grid, position, strength) is not None:
            return position, tuple(repeats)
    return len(grid), tuple(repeats)


def _header_at(
    grid: Grid, position: int, wide: int, cells: Sequence[tuple[int, str]], strength: Vocabulary
) -> int | None:
    """The row among the next few that reads like a header."""
    first = position if len(cells) > 1 or wide == 1 else position + 1
    for head in range(first, min(len(grid), position + 1 + TITLE_ROWS)):
        if header_score(grid, head, strength, len(grid.cells(head))) > 0:
            return head
    return None


def _over(grid: Grid, position: int, start: int, wide: int) -> int:
    """Where the title rows over a header begin: lone cells that a table of several columns does not have."""
    begin = position
    while wide > 2 and begin - 1 > start and position - begin < TITLE_ROWS:
        cells = grid.cells(begin - 1)
        if len(cells) != 1 or kind(cells[0][1]) in DATA_KINDS or _FOOTER.match(cells[0][1].strip()):
            break
        begin -= 1
    return begin


def _data_column(grid: Grid, start: int) -> list[str] | None:
    """A column that nearly always holds what only data has: rows in which it does need no second look."""
    best, share = None, 0.9
    for values in grid.columns.values():
        near = [v for v in values[start : start + 50] if v.strip()]
        hits = sum(kind(v) in DATA_KINDS for v in near) / len(near) if len(near) >= 5 else 0.0
        if hits >= share and len(near) >= 0.9 * min(50, len(values) - start):
            best, share = values, hits
    return best


def _may_begin_table(
    grid: Grid, position: int, cells: Sequence[tuple[int, str]], gap: bool, strength: Vocabulary
) -> bool:
    """Cheap test before the costly one: a new table begins after a gap, or with several strong header words."""
    strong = _strong_cells(cells, strength)
    if not gap and not strong:
        return False
    if any(kind(t) in DATA_KINDS for _, t in cells):
        return False
    if strong:
        return True
    near = range(position, min(len(grid), position + 3))
    return any(sum(strength(t) >= WEAK_WORD for _, t in grid.cells(p)) >= 2 for p in near)


def _strong_cells(cells: Sequence[tuple[int, str]], strength: Vocabulary) -> bool:
    """Whether at least two cells, and half of them, are strong header words; gives up as soon as they cannot be."""
    cells = cells[:ENOUGH_CELLS]
    wanted = max(2, (len(cells) + 1) // 2)
    spare = len(cells) - wanted
    for _, text in cells:
        if spare < 0:
            return False
        spare -= strength(text) < STRONG_WORD
    return spare >= 0


def _without_footer(grid: Grid, header: Sequence[int], start: int, stop: int) -> int:
    """Where the records end: before the sums, notes and remarks in the last rows."""
    counts = [len(grid.cells(p)) for p in range(start, min(stop, start + 50))]
    if not header or not counts:
        return stop
    usual = median(counts)
    end = stop
    while end - 1 > start and _is_footer(grid.cells(end - 1), usual):
        end -= 1
    return end


def _is_footer(cells: Sequence[tuple[int, str]], usual: float) -> bool:
    if not cells:
        return True
    text = cells[0][1].strip()
    if _FOOTER.match(text):
        return not (_MARKED.match(text) and len(cells) >= usual >= 2)  # ※山田太郎 | 03-…: a record with a mark
    return len(cells) == 1 and usual >= 3 and (len(text) > _LONG_NOTE or "。" in text)
