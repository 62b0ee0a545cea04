"""Which rows are a table's header: one to three of them, with parents that span columns and numbers below the words.

Words of the header vocabulary in one row, above cells of another kind, make a header. Nothing here asks whether the
data is personal.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from piiscan.judge.cells import DATA_KINDS, kind
from piiscan.judge.grid import Grid
from piiscan.policy.headers import without_reference
from piiscan.text import fold

#: A number that a row may count by: a day, with its weekday, a month, a week, a year.
_COUNTED = re.compile(
    r"(?:[0-9]{1,2}[/月])?([0-9]{1,4})(?:日|月|年|年度|回|週|週目|限|時)?(?: ?\(?[月火水木金土日]\)?)?"
)
_WEEK = "月火水木金土日"
_WEEKDAY = re.compile(f"[(（]?([{_WEEK}])(?:曜日?)?[)）]?")
#: A column of a database: ZIP_CODE, user_id.
_FIELD = re.compile(r"[A-Z]+[0-9]*(?:_[A-Z0-9]+)+|[a-z]+[0-9]*(?:_[a-z0-9]+)+")
#: Gives the strength, 0 to 1, of a text as a word of the header vocabulary.
Vocabulary = Callable[[str], float]

HEADER_SEARCH_ROWS = 40
LOOK_BELOW = 12
STRONG_WORD = 0.8
WEAK_WORD = 0.4
MAX_HEADER_ROWS = 3
#: At least this share of a row's cells must have something below, for the others not to count.
EMPTY_BELOW = 0.4
#: Words of a header's lower row are short; what is longer is a value.
SHORT = 12
#: So many cells of a row tell whether it is a header, however wide the sheet is.
ENOUGH_CELLS = 500
#: No more of a cell is looked at to see whether it could be a header.
LONG_CELL = 1000


#: What the header begins with in tables of LinkData, among other lines with # that say things about the file.
_PROPERTIES = "#property"


def best_header(grid: Grid, begin: int, strength: Vocabulary) -> int | None:
    """The position of the row that reads most like a header among the next rows, or None.

    Of two that are not parts of one header the upper goes first, if it has words enough: the lower has a table of its
    own.
    """
    last = min(len(grid), begin + HEADER_SEARCH_ROWS)
    wide = max((len(grid.cells(p)) for p in range(begin, min(len(grid), last + LOOK_BELOW))), default=0)
    best, best_score = None, 0.0
    for position in range(begin, last):
        if _lists_properties(grid, position):
            return position
        score = header_score(grid, position, strength, wide)
        if score > best_score + 0.01:
            best, best_score = position, score
        if best is not None and position - best > 6:
            break
    above = range(begin, best - 1) if best is not None else ()
    return next((p for p in above if _own_table(grid, p, strength) or _ends_above(grid, p, best or 0, strength)), best)


def _lists_properties(grid: Grid, position: int) -> bool:
    cells = grid.cells(position)
    return bool(cells) and cells[0][1].strip() == _PROPERTIES


def _own_table(grid: Grid, position: int, strength: Vocabulary) -> bool:
    """Whether nearly all cells of a row are strong words, and the row below holds a value for each."""
    cells = grid.cells(position)
    strong = sum(strength(text) >= STRONG_WORD for _, text in cells)
    below = [grid.text(position + 1, c) for c, _ in cells]
    return strong >= max(2, 0.6 * len(cells)) and all(below) and not any(strength(t) >= STRONG_WORD for t in below)


def _ends_above(grid: Grid, position: int, lower: int, strength: Vocabulary) -> bool:
    """Whether a row of words has records of its own, which end in a gap or at a title before the lower header."""
    cells = grid.cells(position)
    strong = sum(strength(text) >= STRONG_WORD for _, text in cells)
    if len(cells) < 3 or strong < max(2, 0.3 * len(cells)) or header_score(grid, position, strength, len(cells)) <= 0:
        return False
    end = position + 1
    while end < lower and _adjacent(grid, end - 1, end) and 2 * len(grid.cells(end)) >= max(3, len(cells)):
        end += 1
    return end - position > 2 and end < lower


def header_score(grid: Grid, position: int, strength: Vocabulary, wide: int) -> float:
    """How much one row reads like a header over the rows below it; 0 or less means it does not.

    Counts words of the vocabulary, cells of another kind than those below, and words that never return in a
    repetitive column; takes off for cells that only data has.
    """
    filled = grid.cells(position)
    if not filled or (len(filled) == 1 and wide > 2):
        return 0.0
    cells = filled[:ENOUGH_CELLS]
    counting = _counting(cells)
    if counting and any(strength(text) >= WEAK_WORD for column, text in cells if column not in counting):
        cells = [cell for cell in cells if cell[0] not in counting]
    kinds = [kind(text) for _, text in cells]
    data = sum(
        k in DATA_KINDS or k in ("mark", "placeholder", "long") or _full_of_digits(text)
        for k, (_, text) in zip(kinds, cells, strict=True)
    )
    below = list(range(position + 1, min(len(grid), position + 1 + LOOK_BELOW)))
    if not below:
        return 0.0
    words = sum(strength(text) for _, text in cells) + _weekdays(cells)
    contrast = sum(_contrast(grid, column, text, below) for column, text in cells)
    unique = len({text for _, text in cells}) / len(cells)
    count = len(cells)
    if count == 1 and wide == 1 and words < WEAK_WORD and contrast < 1:
        return 0.0  # of one column without a word that is known, the first value is no header
    # A column with nothing in it, as a stop where few buses stop, tells nothing of the word over it.
    told = max(1.0, EMPTY_BELOW * count, sum(any(grid.text(p, column) for p in below) for column, _ in cells))
    if data > 0.34 * count or (words < 0.8 and contrast < 0.4 * told):
        return 0.0
    score = (1.5 * words + contrast - 2.5 * data) / told * (0.5 + 0.5 * unique)
    coverage = len(filled) / max(1, wide)
    return score * min(1.0, 0.35 + coverage) if score > 0.45 else 0.0


def _counting(cells: Sequence[tuple[int, str]]) -> set[int]:
    """The columns of a row that count the days of a month, weeks or years: 1, 2, 3, … or 2019年, 2020年, …"""
    numbers = [(column, int(found[1])) for column, text in cells if (found := _COUNTED.fullmatch(fold(text)))]
    runs: set[int] = set()
    run: list[tuple[int, int]] = []
    for column, number in [*numbers, (-1, -1)]:
        if run and number != run[-1][1] + 1:
            runs.update(c for c, _ in run if len(run) >= 4)
            run = []
        run.append((column, number))
    return runs


def _weekdays(cells: Sequence[tuple[int, str]]) -> float:
    """How much the days of a week in a row, 月, 火, 水 … or 月曜日, 火曜日 …, count as words: who is on when."""
    if len(cells) < 5:
        return 0.0
    days = "".join(found[1] if (found := _WEEKDAY.fullmatch(text.strip())) else " " for _, text in cells)
    return max((float(n) for n in range(7, 4, -1) for at in range(7) if (_WEEK * 2)[at : at + n] in days), default=0.0)


def lone_header(grid: Grid, begin: int, strength: Vocabulary) -> int | None:
    """The last row when it is a header without any data: nearly nothing but words, below titles at most."""
    last = len(grid) - 1
    cells = grid.cells(last)
    words = sum(strength(text) >= WEAK_WORD or _FIELD.fullmatch(text.strip()) is not None for _, text in cells)
    titles = all(len(grid.cells(p)) == 1 for p in range(begin, last))
    return last if last - begin < 5 and len(cells) >= 3 and words >= 0.6 * len(cells) and titles else None


def _full_of_digits(text: str) -> bool:
    """Whether a cell holds a number with something said about it, 090-…（自宅）, rather than a numbered word, 住所1, or
    a word with a reference behind it, 担当営業（管理番号:19104）."""
    text = text[:LONG_CELL]
    if sum(map(str.isdigit, text)) < 5:
        return False
    return sum(map(str.isdigit, without_reference(text))) >= 5


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


# ---------------------------------------------------------------- more rows than one


def grow_header(grid: Grid, header: int, begin: int, strength: Vocabulary) -> tuple[int, ...]:
    """The rows of the header around its best row: parents above (merged or spanning), children and numbers below."""
    rows = [header]
    if _lists_properties(grid, header):
        return (header,)
    while len(rows) < MAX_HEADER_ROWS and rows[0] > begin and _is_parent(grid, rows[0] - 1, rows[0], strength):
        rows.insert(0, rows[0] - 1)
    while (
        len(rows) < MAX_HEADER_ROWS and rows[-1] + 1 < len(grid) and _is_child(grid, rows[-1], rows[-1] + 1, strength)
    ):
        rows.append(rows[-1] + 1)
    if rows[-1] + 1 < len(grid) and _adjacent(grid, rows[-1], rows[-1] + 1) and _counts_columns(grid, rows[-1] + 1):
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
    strong = any(strength(t) >= STRONG_WORD for _, t in above)
    if not strong and not _spans(grid, grid.rows[upper]) and not _reads_as_groups(above, lower_columns, strength):
        return False
    return len(above) < len(upper_columns | lower_columns)


def _reads_as_groups(above: Sequence[tuple[int, str]], lower: set[int], strength: Vocabulary) -> bool:
    """Short words, half of them of the vocabulary, each over a column of the header: groups of columns, no title."""
    words = sum(strength(t) >= WEAK_WORD for _, t in above)
    short = all(len(t) <= SHORT and not any(c.isdigit() for c in t) for _, t in above)
    return short and 2 * words >= len(above) and all(c in lower for c, _ in above)


def _is_child(grid: Grid, upper: int, lower: int, strength: Vocabulary) -> bool:
    """A row below the header that names columns under a spanning cell or fills its gaps."""
    above, below = grid.cells(upper), grid.cells(lower)
    if not _adjacent(grid, upper, lower) or not below or not _no_data(grid, lower):
        return False
    if lower + 1 >= len(grid):
        return False
    gaps = {c for c, _ in below} - {c for c, _ in above}
    words = sum(strength(t) >= WEAK_WORD for _, t in below)
    spanned = _spans(grid, grid.rows[upper])
    if not (gaps or spanned):
        return False
    if gaps and _unlike_records(grid, lower, {c for c, _ in above}):
        return True
    fills = len(below) < len(above) or spanned or len(gaps) >= 2
    return fills and words >= max(1, len(below) // 2) and header_score(grid, lower, strength, len(below)) > 0


def _unlike_records(grid: Grid, position: int, named: set[int]) -> bool:
    """Whether a row of short words leaves out most of the named columns that the records below it fill."""
    cells = dict(grid.cells(position))
    if any(len(t) > SHORT for t in cells.values()):
        return False
    below = range(position + 1, min(len(grid), position + 1 + LOOK_BELOW))
    filled = [c for c in named if sum(bool(grid.text(p, c)) for p in below) >= 0.8 * len(below)]
    missing = [c for c in filled if c not in cells]
    repeated = any(t == grid.text(p, c) for c, t in cells.items() for p in below)
    return len(below) >= 2 and len(missing) >= 2 and 2 * len(missing) > len(filled) and not repeated


def _counts_columns(grid: Grid, position: int) -> bool:
    """Whether a row only numbers its columns, as forms of public offices do: ① ② ③, (1) (2) (3)."""
    numbers = [fold(t).strip("()（）") for _, t in grid.cells(position)]
    return len(numbers) >= 3 and numbers == [str(n + 1) for n in range(len(numbers))]


def _spans(grid: Grid, row: int) -> bool:
    return any(m.first_row <= row <= m.last_row and m.last_column > m.first_column for m in grid.merged)


# ---------------------------------------------------------------- names


def column_names(grid: Grid, header: Sequence[int], columns: Sequence[int]) -> dict[int, str]:
    """The header text of every column: the words of all header rows from top to bottom, parents spread over theirs."""
    header = [p for p in header if not _counts_columns(grid, p)]
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
