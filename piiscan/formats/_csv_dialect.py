"""How a text table is written: its encoding, its delimiter, and whether it is a table at all."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from io import StringIO

from piiscan.encoding import Encoding, decode
from piiscan.model import Source

#: In order of preference when two fit equally well.
DELIMITERS = (",", "\t", ";", "|")
HEAD_BYTES = 64 * 1024
_MOST_RECORDS = 400
_SEP_LINE = re.compile(r'"?sep=([,\t;|])"?(?:\r\n|\r|\n)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """A delimiter with the share (0 to 1) of records that have the usual number of fields, and that number.

    ``skip``: characters of a ``sep=;`` line before the first record. ``records``: how many were looked at.
    """

    delimiter: str
    share: float
    fields: int
    widest: int
    records: int
    skip: int = 0


def head_of(source: Source) -> tuple[Encoding, str] | None:
    """The encoding of a source and the text of its beginning, or None when it holds no text.

    A record cut off at the end of the head is left out when there is a whole one before it.
    """
    encoding = source.encoding(named=source.suffix in (".csv", ".tsv"))
    if encoding is None:
        return None
    raw = source.head(HEAD_BYTES)
    cut = len(raw) // 4 * 4 if encoding.name.startswith("utf-") and encoding.name != "utf-8" else len(raw)
    text = decode(raw[encoding.bom_length : cut], encoding)[0]
    if len(raw) < source.size:
        end = max(text.rfind("\n"), text.rfind("\r", 0, -1))
        text = text[: end + 1] if end > 0 else text.rstrip("\ufffd")
    return encoding, text


def dialect_of(text: str, suffix: str) -> Dialect:
    """The most consistent delimiter of a text's records; a single column when none divides it.

    ``suffix`` decides between delimiters that fit alike (``.tsv``).
    """
    named = _SEP_LINE.match(text)
    if named:
        found = _try(text[named.end() :], named[1])
        return Dialect(named[1], found.share, found.fields, found.widest, found.records, named.end())
    first = "\t" if suffix in (".tsv", ".tab") else ","
    tried = [_try(text, delimiter) for delimiter in sorted(DELIMITERS, key=lambda d: d != first)]
    best = max(tried, key=_score)
    return best if best.fields > 1 else tried[0]


def _score(dialect: Dialect) -> float:
    """Consistent and wide is good: one comma in every address line must not beat ten tabs."""
    return dialect.share * (1 - 1 / max(dialect.fields, 1)) if dialect.fields > 1 else 0.0


def _try(text: str, delimiter: str) -> Dialect:
    counts = _field_counts(text, delimiter)
    many = [n for n in counts if n > 1]
    if not many:
        return Dialect(delimiter, 1.0 if counts else 0.0, 1, max(counts, default=1), len(counts))
    usual, times = Counter(many).most_common(1)[0]
    return Dialect(delimiter, times / len(counts), usual, max(counts), len(counts))


def _field_counts(text: str, delimiter: str) -> list[int]:
    """Fields of each record that is not empty; quotes are believed unless they swallow most of the text."""
    if delimiter not in text:
        return [1 for line in text.splitlines()[:_MOST_RECORDS] if line.strip()]
    lines = StringIO(text, newline="")
    counts: list[int] = []
    before = 0
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for row in reader:
            if reader.line_num - before > 200:
                raise csv.Error
            before = reader.line_num
            if any(row):
                counts.append(len(row))
            if len(counts) >= _MOST_RECORDS:
                break
    except csv.Error:
        return [line.count(delimiter) + 1 for line in text.splitlines()[:_MOST_RECORDS] if line.strip()]
    return counts
