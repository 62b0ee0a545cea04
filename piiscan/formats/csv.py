"""Delimited text: csv, tsv and their relatives in any Japanese encoding, from one line to hundreds of millions.

Small files go through Python's ``csv`` module and need no columnar engine; large ones come in blocks and are never
held in memory whole. Both give the same rows, and the rewriter asks about the same cells.
"""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.collecting import postponed
from piiscan.encoding import Encoding, decode
from piiscan.errors import UnreadableError
from piiscan.formats._csv_blocks import ahead, as_many_as_fit, batches, first_damaged
from piiscan.formats._csv_dialect import Dialect, dialect_of, head_of
from piiscan.formats._csv_records import batches_of, rows_of
from piiscan.formats._csv_rewrite import rewrite
from piiscan.formats._csv_split import Damage, pieces, utf8_chunks
from piiscan.model import Batch, Format, Item, Limits, Sheet, Skipped, Source

SUFFIXES = (".csv", ".tsv", ".tab")
_TEXT_SUFFIXES = (".log", ".md", ".text", ".py", ".sql", ".ini", ".toml", ".yaml", ".yml", ".json", ".jsonl", ".eml")
#: Below this size the columnar engine is not worth its start-up.
SMALL = 1536 * 1024
BLOCK = 8 * 1024**2


def sniff(source: Source) -> int:
    """60 for text named csv, 20 to 30 for text that is evenly delimited whatever its name, 0 for anything else."""
    if source.suffix in _TEXT_SUFFIXES or source.size == 0:
        return 10 if source.suffix in SUFFIXES else 0
    head = head_of(source)
    if head is None:
        return 0
    if source.suffix in SUFFIXES:
        return 60
    dialect = dialect_of(head[1], source.suffix)
    if dialect.share < 0.9 or dialect.fields < 2:
        return 0
    if dialect.records >= 2 and dialect.fields >= 4:
        return 30
    return 20 if dialect.records >= 4 and dialect.fields >= (2 if dialect.delimiter == "\t" else 3) else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """One sheet, then what could not be read of it. An empty file yields nothing."""
    head = head_of(source) if source.size else None
    if head is None:
        if source.size:
            raise UnreadableError("not_text")
        return
    encoding, text = head
    dialect = dialect_of(text, source.suffix)
    damage = Damage()
    make = _small if source.size < SMALL else _large
    yield Sheet("", make(source, encoding, dialect, limits, damage))
    if damage.count:
        yield Skipped(str(damage.row), "undecodable_bytes")


def _small(source: Source, encoding: Encoding, dialect: Dialect, limits: Limits, damage: Damage) -> Iterator[Batch]:
    source.stream.seek(encoding.bom_length)
    text, damage.count = decode(source.stream.read(), encoding)
    rows, _ = rows_of(text[dialect.skip :], dialect.delimiter, limits.cell_chars)
    made = list(batches_of(rows, 0))
    damage.row = first_damaged(made) if damage.count else 0
    yield from made


def _large(source: Source, encoding: Encoding, dialect: Dialect, limits: Limits, damage: Damage) -> Iterator[Batch]:
    with postponed():  # many objects that stay
        import numpy as np
        import polars as pl

        del np, pl
    source.stream.seek(encoding.bom_length)
    chunks = utf8_chunks(source.stream, encoding, BLOCK, damage)
    cut = ahead(pieces(chunks, dialect.delimiter, limits.cell_chars, damage, dialect.skip))
    yield from ahead(batches(cut, dialect.delimiter, limits, dialect.widest, damage), as_many_as_fit)


FORMAT = Format(id="csv", label="CSV", suffixes=SUFFIXES, sniff=sniff, read=read, rewrite=rewrite)
