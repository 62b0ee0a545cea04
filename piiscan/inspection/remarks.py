"""What a report remarks on a file that was read: a name that promises another type, rows that nobody sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from piiscan.model import Format, Sheet, Skipped, Source, Table
from piiscan.text import column_letters

#: Suffixes that promise nothing: any text is called .txt or .log, anything at all .dat.
_TEXT_SUFFIXES = frozenset({".txt", ".text", ".log", ".md"})
_ANYTHING = frozenset({".dat", ".bin", ".tmp"})
_TEXTS = frozenset({"txt", "csv", "json", "jsonl", "xml", "html", "vcf", "ics", "eml", "mbox"})
#: Larger files are not empty, whatever they begin with.
_BLANK_BYTES = 4096
#: Formats that shade into each other: one name for both is no surprise.
_ALIKE = (
    frozenset({"csv", "txt"}),
    frozenset({"json", "jsonl"}),
    frozenset({"xml", "html"}),
    frozenset({"eml", "mbox"}),
    frozenset({"eml", "txt"}),
    frozenset({"eml", "msg"}),
    frozenset({"mbox", "txt"}),
    frozenset({"vcf", "ics"}),
)
#: Documents that are locked by the same kind of container.
_LOCKED = frozenset({"xlsx", "xlsb", "docx", "pptx"})
_LOCKED_ID = "encrypted_office"
#: A filter leaves out every other row; that many stretches are named.
_MOST_STRETCHES = 20


def misnamed(source: Source, format_: Format, formats: Mapping[str, Format]) -> bool:
    """Whether the suffix belongs to other formats than ``format_``; a suffix that belongs to none promises nothing."""
    suffix = source.suffix
    if not source.size or suffix in _ANYTHING or (suffix in _TEXT_SUFFIXES and format_.id in _TEXTS):
        return False
    promised = {f.id for f in formats.values() if suffix in f.suffixes}
    if not promised or format_.id in promised:
        return False
    if format_.id == _LOCKED_ID and promised & _LOCKED:
        return False
    return not any(format_.id in pair and promised & pair for pair in _ALIKE)


def empty_shell(source: Source, formats: Mapping[str, Format]) -> bool:
    """Whether nothing but white space is in a file whose name promises a document that is never empty: a.xlsx, a.pdf."""
    promised = {f.id for f in formats.values() if source.suffix in f.suffixes}
    if not promised or promised & _TEXTS or source.suffix in _TEXT_SUFFIXES | _ANYTHING or source.size > _BLANK_BYTES:
        return False
    return not source.head(_BLANK_BYTES).strip()


def hidden_parts(sheet: Sheet, tables: Sequence[Table]) -> Iterator[Skipped]:
    """What a person who opens the file does not see of the tables in a sheet: the sheet, rows, columns."""
    if not tables:
        return
    if sheet.hidden:
        yield Skipped(sheet.location, "very_hidden_sheet" if sheet.very_hidden else "hidden_sheet", partial=False)
    prefix = f"{sheet.location}!" if sheet.location else ""
    rows = {r for t in tables for r in _within(sheet.hidden_rows, t.first_row - 1, t.last_row - 1)}
    rows |= {r - 1 for t in tables for r in t.header_rows if r - 1 in sheet.hidden_rows}
    if rows:
        reason = "filtered_rows" if sheet.filtered else "hidden_rows"
        yield from (Skipped(f"{prefix}{place}", reason, partial=False) for place in _stretches(rows, _row))
    columns = {c.index for t in tables for c in t.columns} & sheet.hidden_columns
    yield from (Skipped(f"{prefix}{p}", "hidden_columns", partial=False) for p in _stretches(columns, column_letters))


def _within(rows: frozenset[int], first: int, last: int) -> Iterator[int]:
    """Those of ``rows`` between two, in time that follows the smaller number."""
    if len(rows) < last - first:
        return (row for row in rows if first <= row <= last)
    return (row for row in range(first, last + 1) if row in rows)


def _row(index: int) -> str:
    return str(index + 1)


def _stretches(found: Iterable[int], shown: Callable[[int], str]) -> Iterator[str]:
    """``3:7`` for each stretch without a gap, as a spreadsheet names rows and columns; the last is ``…`` if many."""
    runs: list[list[int]] = []
    for index in sorted(found):
        if runs and runs[-1][1] == index - 1:
            runs[-1][1] = index
        else:
            runs.append([index, index])
    yield from (f"{shown(first)}:{shown(last)}" for first, last in runs[:_MOST_STRETCHES])
    if len(runs) > _MOST_STRETCHES:
        yield f"{shown(runs[_MOST_STRETCHES][0])}:{shown(runs[-1][1])} (…)"
