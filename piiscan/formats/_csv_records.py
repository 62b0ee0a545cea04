"""Records and fields of delimited text, with the place of every field: the one meaning that all readers here share.

The rules are those of Python's ``csv`` module (a quote opens a field only at its start, text behind a closing quote
belongs to the field), plus three that bound memory and lose no text: a quoted field longer than ``cell_chars`` is a
stray quote and is read as plain text, a plain field longer than that is cut and goes on in the next row, and so does
a record of more than ``MOST_FIELDS`` fields.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import cache
from io import StringIO
from itertools import chain, zip_longest

from piiscan.model import Batch

#: The columns that a spreadsheet can have (A to XFD).
MOST_FIELDS = 16_384
BATCH_ROWS = 20_000
_END = "\x00end of records\x00"
_WRAPPED = re.compile(r'="([^"]*)"\Z|\'(?=[0-9０-９+(\-=@\t\r＝＋－＠])', re.DOTALL)

#: (start, end, text): where the field stands with its quotes, and what it says.
Field = tuple[int, int, str]


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    plain = rf"([^{re.escape(delimiter)}\r\n]*+)"
    end = rf"({re.escape(delimiter)}|\r\n|\r|\n|\Z)"
    return re.compile(rf'"([^"]*+(?:""[^"]*+)*+)"{plain}{end}'), re.compile(plain + end)


def records(text: str, delimiter: str, cell_chars: int, *, final: bool) -> Iterator[tuple[list[Field], int]]:
    """The records of ``text`` as (fields, offset behind the record). An empty line is a record of one empty field.

    Unless ``final``, what more text could still change is not given: the last offset tells where to go on.
    """
    fields: list[Field] = []
    at, more = 0, False
    while at < len(text) or more:
        field, ending = _field(text, at, delimiter, cell_chars)
        behind = field[1] + len(ending or "")
        if not final and behind == len(text) and ending in ("", "\r"):
            return
        if not final and ending != "" and text.startswith('"', at) and _may_close(text, field, cell_chars):
            return
        fields.append(field)
        at, more = behind, ending == delimiter
        if not more or len(fields) == MOST_FIELDS:
            yield fields, at
            fields, more = [], False


def _field(text: str, at: int, delimiter: str, cell_chars: int) -> tuple[Field, str | None]:
    """The field at an offset and what ends it: the delimiter, a line end, "" at the end of the text, None when cut."""
    quoted, plain = _patterns(delimiter)
    if text.startswith('"', at):
        found = quoted.match(text, at, at + cell_chars + 6)
        if found and found.end(2) - at <= cell_chars + 2:
            return (at, found.end(2), found[1].replace('""', '"') + found[2]), found[3]
    found = plain.match(text, at, at + cell_chars + 6)
    assert found is not None  # the pattern matches the empty string
    if found.end(1) - at > cell_chars:
        return (at, at + cell_chars, text[at : at + cell_chars]), None
    return (at, found.end(1), found[1]), found[2]


def _may_close(text: str, field: Field, cell_chars: int) -> bool:
    """Whether a field that begins with a quote was read as plain text only because its end is not here yet."""
    start, end, value = field
    return value == text[start:end] and len(text) - start <= cell_chars + 6


def rows_of(text: str, delimiter: str, cell_chars: int, *, final: bool = True) -> tuple[list[list[str]], str]:
    """The values of all records, and the text that more text could still change (nothing when ``final``).

    Python's module reads what it reads alike; the rest (stray quotes, giant cells) goes through :func:`records`.
    """
    if cell_chars >= csv.field_size_limit() and (final or text.endswith("\n")):
        try:
            rows = list(
                csv.reader(chain(StringIO(text, newline=""), [f"{_END}{delimiter}{_END}"]), delimiter=delimiter)
            )
        except csv.Error:
            rows = []
        if rows and rows[-1] == [_END, _END] and max(map(len, rows)) <= MOST_FIELDS:
            return rows[:-1], ""
    rows, at = [], 0
    for fields, at in records(text, delimiter, cell_chars, final=final):  # noqa: B007 -- the last offset is used
        rows.append([value for _, _, value in fields])
    return rows, text[at:]


def batches_of(rows: Sequence[list[str]], first: int) -> Iterator[Batch]:
    """Rows as columns. ``first`` is the number of the first row; rows without any value are left out."""
    for start in range(0, len(rows), BATCH_ROWS):
        part = rows[start : start + BATCH_ROWS]
        numbers: Sequence[int] = range(first + start, first + start + len(part))
        if not all(map(any, part)):
            kept = [(number, row) for number, row in zip(numbers, part, strict=True) if any(row)]
            numbers, part = [number for number, _ in kept], [row for _, row in kept]
        columns = {n: list(values) for n, values in enumerate(zip_longest(*part, fillvalue="")) if any(values)}
        if columns:
            yield Batch(numbers, {n: unwrapped(values) for n, values in columns.items()})


def unwrapped(values: list[str]) -> list[str]:
    """Values without what spreadsheets are told text by: ``="0901"`` and ``'0901`` are both 0901."""
    if any(value[:1] in ("=", "'") for value in values):
        return [unwrap(value)[1] for value in values]
    return values


def unwrap(value: str) -> tuple[str, str, str]:
    """A value as (wrapping before it, the value itself, wrapping behind it)."""
    found = _WRAPPED.match(value) if value[:1] in ("=", "'") else None
    if found is None:
        return "", value, ""
    if value[0] == "'":
        return "'", value[1:], ""
    return '="', found[1], '"'
