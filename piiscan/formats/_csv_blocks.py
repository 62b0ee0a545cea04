"""Large delimited files as columns: polars in front, the slow exact way behind it.

polars reads a piece only as it stands (never lenient), and its answer counts only when it found the records that the
splitter counted. Whatever it refuses or sees differently is read again by :func:`rows_of`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from inspect import signature
from typing import TYPE_CHECKING, Any, TypeVar

from piiscan.encoding import Encoding, decode
from piiscan.formats._csv_records import MOST_FIELDS, batches_of, rows_of
from piiscan.formats._csv_split import Damage, Piece
from piiscan.model import Batch, Limits

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")

#: Judging the first batch takes as long as reading many; those that wait for it take memory.
_BYTES_AHEAD, _MOST_AHEAD = 144 * 1024**2, 16
#: Bytes of a cell in a list with a short text, and in a series without its text.
_LISTED, _VIEWED = 64, 16


def ahead(items: Iterable[T], most: Callable[[T], int] = lambda _: 1) -> Iterator[T]:
    """The same items, the next ones, as many as ``most`` says for one, being made in another thread while it is used."""
    iterator, done = iter(items), object()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="piiscan-read") as pool:
        coming = deque([pool.submit(next, iterator, done)])
        while (item := coming.popleft().result()) is not done:
            wanted = most(item)  # type: ignore[arg-type]
            coming.extend(pool.submit(next, iterator, done) for _ in range(wanted - len(coming)))
            yield item  # type: ignore[misc]


def as_many_as_fit(batch: Batch) -> int:
    """How many batches like this one may wait until they are looked at, at least one."""
    size = sum(
        _LISTED * len(column) if isinstance(column, list) else _VIEWED * len(column) + int(column.estimated_size())
        for column in batch.columns.values()
    )
    return max(1, min(_MOST_AHEAD, _BYTES_AHEAD // max(1, size)))


def batches(pieces: Iterable[Piece], delimiter: str, limits: Limits, widest: int, damage: Damage) -> Iterator[Batch]:
    """The batches of a large file. ``widest``: the fields of the widest record known so far."""
    row, width, seen = 0, widest, 0
    for piece in pieces:
        made, rows = [], piece.rows
        frame = _frame(piece, delimiter, width, limits.cell_chars) if rows is None else None
        if frame is not None:
            made, count = list(_batch(frame, row, piece.wrapped)), piece.records
        else:
            if rows is None:
                text, bad = decode(bytes(piece.data), Encoding("utf-8"))
                damage.count += bad
                rows, _ = rows_of(text, delimiter, limits.cell_chars)
            made, count = list(batches_of(rows, row)), len(rows)
            width = max(width, max(map(len, rows), default=0))
        if damage.count > seen and not damage.row:
            damage.row = first_damaged(made)
        seen, row = damage.count, row + count
        yield from made


def first_damaged(made: Iterable[Batch]) -> int:
    """The first row, from 1, with a character that stands for unreadable bytes; 0 when there is none."""
    places = [
        int(batch.rows[position])
        for batch in made
        for column in batch.columns.values()
        for position, value in enumerate(column)
        if "\ufffd" in value
    ]
    return min(places) + 1 if places else 0


# ---------------------------------------------------------------- polars


def _frame(piece: Piece, delimiter: str, width: int, cell_chars: int) -> pl.DataFrame | None:
    """The piece as a frame of strings, or None when polars does not see what :func:`rows_of` would see.

    A header line of our own fixes the number of columns: shorter records are filled, a longer one is an error.
    """
    import polars as pl

    if width > MOST_FIELDS:
        return None
    header = delimiter.join(map(str, range(width))).encode() + b"\n"
    try:
        frame = pl.read_csv(b"".join((header, piece.data)), separator=delimiter, infer_schema=False, **_options())
    except (pl.exceptions.PolarsError, ValueError, OSError):
        return None
    if frame.height != piece.records:
        return None
    if any(frame.null_count().row(0)):
        frame = frame.fill_null("")
    longest = frame.select(pl.all().str.len_bytes().max()).row(0)
    return None if max((size or 0 for size in longest), default=0) > cell_chars else frame


@cache
def _options() -> dict[str, Any]:
    """The name of polars' option that keeps empty cells as empty strings; it changed with version 2."""
    import polars as pl

    known = signature(pl.read_csv).parameters
    options = {"empty_string_is_null": False, "missing_utf8_is_empty_string": True}
    return {name: value for name, value in options.items() if name in known}


def _batch(frame: pl.DataFrame, first: int, wrapped: bool) -> Iterator[Batch]:
    """The frame as a batch; rows and columns without any value are left out."""
    import polars as pl

    sizes = pl.all().str.len_bytes()
    bounds = frame.select(sizes.min().name.suffix(" min"), sizes.max().name.suffix(" max")).row(0)
    shortest, longest = bounds[: frame.width], bounds[frame.width :]
    columns = {number: column for number, column in enumerate(frame) if longest[number]}
    if not columns:
        return
    rows: Sequence[int] = range(first, first + frame.height)
    if not any(shortest):
        kept = _filled(columns.values())
        if not kept.all():
            rows = [first + int(n) for n in kept.arg_true()]
            columns = {number: column.filter(kept) for number, column in columns.items()}
    if wrapped:
        columns = {number: _unwrapped(column) for number, column in columns.items()}
    yield Batch(rows, columns)


def _filled(columns: Iterable[pl.Series]) -> pl.Series:
    """Which rows have a value."""
    first, *others = [column != "" for column in columns]
    for other in others:
        first = first | other
    return first


def _unwrapped(column: pl.Series) -> pl.Series:
    """As :func:`piiscan.formats._csv_records.unwrap`, for a whole column."""
    if column.str.starts_with("=").any():
        column = column.str.replace(r'(?s)^="([^"]*)"$', "${1}")
    if column.str.starts_with("'").any():
        column = column.str.replace(r"^'([0-9０-９+(\-=@\t\r＝＋－＠])", "${1}")
    return column
