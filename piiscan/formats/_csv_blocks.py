"""Large delimited files in columnar blocks: an own splitter in front of polars, and the slow exact way behind it.

polars reads a block only as it stands (never lenient), and its answer counts only when the records it found are the
line ends that went in. Whatever it refuses or sees differently is read again by :func:`rows_of`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from piiscan.encoding import Encoding, decode, decode_stream
from piiscan.formats._csv_records import MOST_FIELDS, batches_of, rows_of
from piiscan.model import Batch, Limits

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")

BLOCK = 8 * 1024**2
_TRIES = 5_000
_BARE_RETURN = re.compile(rb"\r(?!\n)")


@dataclass(slots=True)
class Damage:
    """Bytes that could not be read while batches were made, and the first row (from 1) with one of them."""

    count: int = 0
    row: int = 0


def utf8_chunks(stream: BinaryIO, encoding: Encoding, size: int, damage: Damage) -> Iterator[bytes]:
    """The rest of a stream as UTF-8. A file in UTF-8 goes through unread, damage and all."""
    if encoding.name != "utf-8":
        for part in decode_stream(stream, encoding, size):
            damage.count += part.undecodable
            yield part.text.encode()
        return
    while data := stream.read(size):
        yield data


def ahead(items: Iterable[T]) -> Iterator[T]:
    """The same items, the next one being made in another thread while this one is used."""
    iterator, done = iter(items), object()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="piiscan-read") as pool:
        coming = pool.submit(next, iterator, done)
        while (item := coming.result()) is not done:
            coming = pool.submit(next, iterator, done)
            yield item  # type: ignore[misc]


def batches(
    chunks: Iterable[bytes], delimiter: str, limits: Limits, widest: int, damage: Damage, skip: int = 0
) -> Iterator[Batch]:
    """The batches of a large file from its UTF-8 chunks, the first ``skip`` bytes left out.

    ``widest``: the fields of the widest record known so far.
    """
    rest, row, width, seen = b"", 0, widest, 0
    for data, final in _with_last(chunks):
        block = (rest + data if rest else data)[skip:]
        skip, cut = 0, len(block) if final else _cut(block)
        part, rest = block[:cut], block[cut:]
        frame = _frame(part, delimiter, width, limits.cell_chars)
        if frame is not None:
            made, count = list(_batch(frame, row, part)), frame.height
        else:
            text, bad = decode(part, Encoding("utf-8"))
            damage.count += bad
            rows, left = rows_of(text, delimiter, limits.cell_chars, final=final)
            made, count = list(batches_of(rows, row)), len(rows)
            width = max(width, max(map(len, rows), default=0))
            rest = left.encode() + rest
        if damage.count > seen and not damage.row:
            damage.row = first_damaged(made) or row + 1
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


def _with_last(items: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each item with whether it is the last."""
    before: bytes | None = None
    for item in items:
        if before is not None:
            yield before, False
        before = item
    if before is not None:
        yield before, True


def _cut(block: bytes) -> int:
    """Behind the last line end that has an even number of quotes before it, or else behind the last line end."""
    last = end = block.rfind(b"\n") + 1
    odd = block.count(b'"', 0, end) % 2
    for _ in range(_TRIES):
        if not odd or not end:
            break
        before = block.rfind(b"\n", 0, end - 1) + 1
        odd ^= block.count(b'"', before, end) % 2
        end = before
    return end or last or len(block)


# ---------------------------------------------------------------- polars


def _frame(block: bytes, delimiter: str, width: int, cell_chars: int) -> pl.DataFrame | None:
    """The block as a frame of strings, or None when polars may not see what :func:`rows_of` would see."""
    import polars as pl

    if not block.endswith(b"\n") or width > MOST_FIELDS or not _ordinary(block, delimiter.encode()):
        return None
    header = delimiter.join(map(str, range(width))).encode() + b"\n"
    try:
        frame = pl.read_csv(header + block, separator=delimiter, infer_schema=False, eol_char="\n")
    except (pl.exceptions.PolarsError, ValueError, OSError):
        return None
    lines = block.count(b"\n")
    if (
        frame.height != lines
        and frame.height + _total(frame, pl.all().str.count_matches("\n", literal=True).sum()) != lines
    ):
        return None
    longest = frame.select(pl.all().str.len_bytes().max()).row(0)
    return None if max((size or 0 for size in longest), default=0) > cell_chars else frame


def _total(frame: pl.DataFrame, counts: pl.Expr) -> int:
    return sum(count or 0 for count in frame.select(counts).row(0))


def _ordinary(block: bytes, delimiter: bytes) -> bool:
    """Whether quotes stand only where a field begins or ends, and no line ends in a bare carriage return.

    Cut at its quotes, a well-formed block is text outside and inside quotes by turns. Outside, between two quoted
    fields, text begins behind a field's end and ends before a field's start; nothing at all is a doubled quote.
    """
    if _BARE_RETURN.search(block):
        return False
    if b'"' not in block:
        return True
    first, *between, last = block.split(b'"')[::2]
    ends = (delimiter, b"\n", b"\r")
    if (first and not first.endswith(ends)) or (last and not last.startswith(ends)):
        return False
    return all(not part or (part.startswith(ends) and part.endswith(ends)) for part in set(between))


def _batch(frame: pl.DataFrame, first: int, block: bytes) -> Iterator[Batch]:
    """The frame as a batch: rows without any value are left out, nulls are empty strings."""
    columns: dict[int, pl.Series] = {}
    for number, column in enumerate(frame):
        nulls = column.null_count()
        if nulls < frame.height:
            columns[number] = column.fill_null("") if nulls else column
    rows: Sequence[int] = range(first, first + frame.height)
    if not columns:
        return
    kept = _filled(columns)
    if kept is not None:
        rows = [first + int(n) for n in kept.arg_true()]
        columns = {number: column.filter(kept) for number, column in columns.items()}
    if b"=" in block or b"'" in block:
        columns = {number: _unwrapped(column) for number, column in columns.items()}
    if len(rows):
        yield Batch(rows, columns)


def _filled(columns: dict[int, pl.Series]) -> pl.Series | None:
    """Which rows have a value, or None when all have."""
    filled: pl.Series | None = None
    for column in sorted(columns.values(), key=lambda column: int((column == "").sum())):
        filled = column != "" if filled is None else filled | (column != "")
        if filled.all():
            return None
    return filled


def _unwrapped(column: pl.Series) -> pl.Series:
    """As :func:`piiscan.formats._csv_records.unwrap`, for a whole column."""
    if column.str.starts_with("=").any():
        column = column.str.replace(r'(?s)^="([^"]*)"$', "${1}")
    if column.str.starts_with("'").any():
        column = column.str.replace(r"^'([0-9０-９+(\-])", "${1}")
    return column
