"""Where the tables of a sheet are: title rows, headers of one to three rows, gaps, blocks side by side, forms.

A sheet is read the way a person does: words of the header vocabulary in one row, above cells of another kind, make a
header; labels with their value beside or below them make a form. Nothing here asks whether the data is personal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from piiscan.judge.cells import DATA_KINDS, kind
from piiscan.judge.grid import Grid

#: Gives the strength, 0 to 1, of a text as a word of the header vocabulary.
Vocabulary = Callable[[str], float]

HEADER_SEARCH_ROWS = 40
LOOK_BELOW = 12
STRONG_WORD = 0.8
MAX_HEADER_ROWS = 3


@dataclass(frozen=True, slots=True)
class Region:
    """One table. Positions count from 0 in the grid; ``end`` is exclusive. ``names``: column index → header text."""

    header: tuple[int, ...]
    start: int
    end: int
    columns: tuple[int, ...]
    names: dict[int, str]
    repeats: tuple[int, ...] = ()


def find_regions(grid: Grid, strength: Vocabulary) -> list[Region]:
    """All tables of the grid, top to bottom, blocks side by side left to right."""
    if not len(grid):
        return []
    regions: list[Region] = []
    for block in _side_by_side(grid, strength):
        regions.extend(_stacked(grid.part(0, len(grid), block), strength))
    return regions


def whole(grid: Grid, header: int) -> Region:
    """The grid as one table whose header is known."""
    columns = tuple(grid.columns)
    names = {c: grid.text(header, c) for c in columns}
    return Region((header,), header + 1, len(grid), columns, names)


# ---------------------------------------------------------------- side by side


def _side_by_side(grid: Grid, strength: Vocabulary) -> list[tuple[int, ...]]:
    """Groups of columns that are tables of their own: apart by an empty column, and with headers in other rows."""
    filled = [c for c, values in grid.columns.items() if any(v.strip() for v in values)]
    if not filled:
        return []
    groups: list[list[int]] = [[filled[0]]]
    for left, right in pairwise(filled):
        if right - left > 1:
            groups.append([])
        groups[-1].append(right)
    if len(groups) == 1 or any(len(g) < 2 for g in groups):
        return [tuple(filled)]
    headers = [_best_header(grid.part(0, len(grid), g), 0, strength) for g in groups]
    rows = {h for h in headers if h is not None}
    if None in headers or len(rows) < 2:
        return [tuple(filled)]
    return [tuple(g) for g in groups]


# ---------------------------------------------------------------- one above the other


def _stacked(grid: Grid, strength: Vocabulary) -> list[Region]:
    """The tables of one block of columns, from top to bottom."""
    regions: list[Region] = []
    position = 0
    while position < len(grid):
        region = _region_from(grid, position, strength)
        regions.append(region)
        position = region.end
    return regions


def _region_from(grid: Grid, begin: int, strength: Vocabulary) -> Region:
    header = _best_header(grid, begin, strength)
    rows = () if header is None else _grow_header(grid, header, strength)
    start = rows[-1] + 1 if rows else _after_titles(grid, begin)
    end, repeats = _find_end(grid, rows, start, strength)
    columns = _used_columns(grid, rows, start, end)
    return Region(rows, start, max(end, start), columns, _names(grid, rows, columns), repeats)


def _after_titles(grid: Grid, begin: int) -> int:
    """Where the data begins when there is no header: after lone cells that stand over rows of several."""
    position = begin
    while position + 1 < len(grid) and position < begin + 5 and len(grid.cells(position)) == 1:
        position += 1
    below = [len(grid.cells(p)) for p in range(position, min(len(grid), position + LOOK_BELOW))]
    return position if below and min(below) >= 2 and sum(below) >= 3 * len(below) else begin


def _used_columns(grid: Grid, header: Sequence[int], start: int, end: int) -> tuple[int, ...]:
    used = [
        c for c, v in grid.columns.items() if any(v[p].strip() for p in header) or any(t.strip() for t in v[start:end])
    ]
    return tuple(range(used[0], used[-1] + 1)) if used else ()


def _best_header(grid: Grid, begin: int, strength: Vocabulary) -> int | None:
    """The position of the row that reads most like a header among the next rows, or None."""
    best, best_score = None, 0.0
    last = min(len(grid), begin + HEADER_SEARCH_ROWS)
    wide = max((len(grid.cells(p)) for p in range(begin, min(len(grid), last + LOOK_BELOW))), default=0)
    for position in range(begin, last):
        score = header_score(grid, position, strength, wide)
        if score > best_score + 0.01:
            best, best_score = position, score
        if best is not None and position - best > 6:
            break
    return best


def header_score(grid: Grid, position: int, strength: Vocabulary, wide: int) -> float:
    """How much one row reads like a header over the rows below it; 0 or less means it does not.

    Counts words of the vocabulary, cells of another kind than those below, and words that never return in a
    repetitive column; takes off for cells that only data has.
    """
    cells = grid.cells(position)
    if not cells or (len(cells) == 1 and wide > 2):
        return 0.0
    kinds = [kind(text) for _, text in cells]
    data = sum(
        k in DATA_KINDS or k in ("mark", "placeholder", "long") or _full_of_digits(text)
        for k, (_, text) in zip(kinds, cells, strict=True)
    )
    below = list(range(position + 1, min(len(grid), position + 1 + LOOK_BELOW)))
    if not below:
        return 0.0
    words = sum(strength(text) for _, text in cells)
    contrast = sum(_contrast(grid, column, text, below) for column, text in cells)
    unique = len({text for _, text in cells}) / len(cells)
    count = len(cells)
    if data > 0.34 * count or (words < 0.8 and contrast < 0.4 * count):
        return 0.0
    score = (1.5 * words + contrast - 2.5 * data) / count * (0.5 + 0.5 * unique)
    coverage = count / max(1, wide)
    return score * min(1.0, 0.35 + coverage) if score > 0.45 else 0.0


def _full_of_digits(text: str) -> bool:
    """Whether a cell holds a number with something said about it, 090-…（自宅）, rather than a numbered word, 住所1."""
    return sum(c.isdigit() for c in text) >= 5


def _contrast(grid: Grid, column: int, text: str, below: Sequence[int]) -> float:
    """1 when the cells below are of another kind, part of it when they only repeat while the word does not."""
    values = [grid.text(p, column) for p in below]
    values = [v for v in values if v]
    if not values:
        return 0.0
    if text in values:
        return -0.5
    common, count = Counter(kind(v) for v in values).most_common(1)[0]
    mine = kind(text)
    if common in DATA_KINDS or common in ("mark", "placeholder"):
        return 1.0 if mine not in DATA_KINDS and mine != common else 0.0
    if common != mine and count >= 0.6 * len(values):
        return 0.5 if {common, mine} <= {"kanji", "mixed", "hiragana", "katakana", "long"} else 0.8
    if len(values) >= 4 and len(set(values)) <= len(values) / 2:
        return 0.5
    return 0.0


def _grow_header(grid: Grid, header: int, strength: Vocabulary) -> tuple[int, ...]:
    """The rows of the header around its best row: parents above (merged or spanning), children below."""
    rows = [header]
    while len(rows) < MAX_HEADER_ROWS and rows[0] > 0 and _is_parent(grid, rows[0] - 1, rows[0], strength):
        rows.insert(0, rows[0] - 1)
    while (
        len(rows) < MAX_HEADER_ROWS and rows[-1] + 1 < len(grid) and _is_child(grid, rows[-1], rows[-1] + 1, strength)
    ):
        rows.append(rows[-1] + 1)
    return tuple(rows)


def _adjacent(grid: Grid, upper: int, lower: int) -> bool:
    return grid.rows[lower] - grid.rows[upper] == 1


def _no_data(grid: Grid, position: int) -> bool:
    return not any(kind(t) in DATA_KINDS or kind(t) in ("placeholder", "long") for _, t in grid.cells(position))


def _is_parent(grid: Grid, upper: int, lower: int, strength: Vocabulary) -> bool:
    """A row above the header whose cells span several of its columns."""
    above, below = grid.cells(upper), grid.cells(lower)
    if not _adjacent(grid, upper, lower) or len(above) < 2 or not _no_data(grid, upper):
        return False
    upper_columns, lower_columns = {c for c, _ in above}, {c for c, _ in below}
    if sum(strength(t) >= STRONG_WORD for _, t in above) == 0 and not _spans(grid, grid.rows[upper]):
        return False
    return len(above) < len(upper_columns | lower_columns)


def _is_child(grid: Grid, upper: int, lower: int, strength: Vocabulary) -> bool:
    """A row below the header that names columns under a spanning cell or fills its gaps."""
    above, below = grid.cells(upper), grid.cells(lower)
    if not _adjacent(grid, upper, lower) or not below or not _no_data(grid, lower):
        return False
    if lower + 1 >= len(grid):
        return False
    gaps = {c for c, _ in below} - {c for c, _ in above}
    words = sum(strength(t) >= 0.4 for _, t in below)
    spanned = _spans(grid, grid.rows[upper])
    if not (gaps or spanned):
        return False
    fills = len(below) < len(above) or spanned or len(gaps) >= 2
    return fills and words >= max(1, len(below) // 2) and header_score(grid, lower, strength, len(below)) > 0


def _spans(grid: Grid, row: int) -> bool:
    return any(m.first_row <= row <= m.last_row and m.last_column > m.first_column for m in grid.merged)


def _names(grid: Grid, header: Sequence[int], columns: Sequence[int]) -> dict[int, str]:
    """The header text of every column: the words of all header rows from top to bottom, parents spread over theirs."""
    if not header:
        return dict.fromkeys(columns, "")
    levels = []
    for level, position in enumerate(header):
        words = {c: grid.text(position, c) for c in columns}
        if level < len(header) - 1:
            words = _spread(grid, position, header[level + 1], words)
        levels.append(words)
    names = {}
    for column in columns:
        parts: list[str] = []
        for words in levels:
            word = words.get(column, "")
            if word and word not in parts:
                parts.append(word)
        names[column] = " ".join(parts)
    return names


def _spread(grid: Grid, position: int, child: int, words: dict[int, str]) -> dict[int, str]:
    """A parent's word over all columns it spans: by the merged range, else over the empty cells to its right."""
    row = grid.rows[position]
    ranges = [m for m in grid.merged if m.first_row <= row <= m.last_row]
    spread, current, until = {}, "", -1
    for column, word in words.items():
        if word:
            current = word
            merged = [m for m in ranges if m.first_column <= column <= m.last_column]
            until = merged[0].last_column if merged else (column if grid.merged else 10**6)
        spread[column] = current if column <= until and (word or grid.text(child, column)) else word
    return spread


def _find_end(grid: Grid, header: Sequence[int], start: int, strength: Vocabulary) -> tuple[int, tuple[int, ...]]:
    """Where the table ends: before the next header that is not its own repeated. Also the repeats' positions."""
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
            repeats.append(position)
            continue
        if position == start and (not header or not gap):
            continue  # a region always holds at least its own first row
        if not _may_begin_table(grid, position, cells, gap, strength):
            continue
        head = position if len(cells) > 1 or wide == 1 else position + 1
        while head < min(len(grid), position + 4) and header_score(grid, head, strength, len(grid.cells(head))) <= 0:
            head += 1
        if head < min(len(grid), position + 4):
            words = {c: t.strip() for c, t in grid.cells(head)}
            if own and all(own.get(c) == t for c, t in words.items()):
                continue
            return position, tuple(repeats)
    return len(grid), tuple(repeats)


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
    if any(kind(t) in DATA_KINDS for _, t in cells):
        return False
    strong = sum(strength(t) >= STRONG_WORD for _, t in cells)
    if strong >= 2 and strong >= 0.5 * len(cells):
        return True
    if not gap:
        return False
    near = range(position, min(len(grid), position + 3))
    return any(sum(strength(t) >= 0.4 for _, t in grid.cells(p)) >= 2 for p in near)
