"""Cells of a sheet in a binary workbook (xlsb), and the frame around them. [MS-XLSB] 2.2.1."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from piiscan.errors import LimitError
from piiscan.formats._biff_book import Book
from piiscan.formats._biff_cells import ERRORS, Cell, Notes, rk_number
from piiscan.formats._xlsb_records import CUT, Record, records, rich_string, token_texts, wide_string
from piiscan.model import CellRange
from piiscan.text import cell_ref

_ROW, _LAST_CELL, _MERGE, _COLUMN = 0, 18, 176, 60
_FORMULAS = frozenset({8, 9, 10, 11})
_LONG = struct.Struct("<I")
_DOUBLE = struct.Struct("<d")
_MOST_OTHERS = 3_000_000
#: XFD; what claims to stand further right is read there, as nothing may be sized by what a damaged file claims.
_LAST_COLUMN = 16_383
#: Short cells (12 to 18) leave out the column and are otherwise like cells 1 to 7.
_SHORT = 11
_RICH_CELL = 62


@dataclass(repr=False)
class Frame:
    """What a sheet says beside its cells. ``others``: records that hold neither; ``rising``: rows come in order."""

    merged: list[CellRange] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    others: list[Record] = field(default_factory=list)
    rising: bool = True
    cells: int = 0
    whole: bool = True


def read_frame(data: bytes) -> Frame:
    """One pass over the records of a sheet."""
    frame = Frame()
    last = -1
    for record, at, end in records(data):
        if record == _ROW and end - at >= 12:
            (row,) = _LONG.unpack_from(data, at)
            frame.rising &= row >= last
            last = row
            if data[at + 11] & 8:
                frame.hidden_rows.add(row)
        elif record == CUT:
            frame.whole = False
        elif record <= _LAST_CELL or record == _RICH_CELL:
            frame.cells += 1
        elif record == _MERGE and end - at >= 16:
            first, final, left, right = struct.unpack_from("<4I", data, at)
            if first <= final and left <= right:
                frame.merged.append(CellRange(first, left, final, right))
        elif record == _COLUMN and end - at >= 18:
            if data[at + 16] & 1:
                first, final = struct.unpack_from("<2I", data, at)
                frame.hidden_columns.update(range(first, min(final, first + 16_383) + 1))
        elif end > at:
            frame.others.append((record, at, end))
            if len(frame.others) > _MOST_OTHERS:
                raise LimitError("too_large")
    return frame


def cells(data: bytes, book: Book, notes: Notes) -> Iterator[Cell]:
    """(row, column, text) of every cell with a value; reading them fills ``notes``."""
    row = column = -1
    for record, at, end in records(data):
        if record == _ROW:
            row = _LONG.unpack_from(data, at)[0] if end - at >= 4 else row + 1
            column = -1
            continue
        if not (0 < record <= _LAST_CELL or record == _RICH_CELL):
            continue
        kind = record
        if _SHORT < record <= _LAST_CELL:
            column, kind = column + 1, record - _SHORT
            at -= 4  # as if the column stood there
        elif end - at >= 8:
            (column,) = _LONG.unpack_from(data, at)
        column = min(column, _LAST_COLUMN)
        if end - at < 8 or kind == 1 or row < 0:
            continue
        text = _value(data, kind, at, end, book, notes, row, column)
        if kind in _FORMULAS and b"\x17" in data[at + 8 : end]:
            _formula_texts(data, kind, at, end, cell_ref(row, column), notes)
        yield row, column, text


def _value(data: bytes, kind: int, at: int, end: int, book: Book, notes: Notes, row: int, column: int) -> str:
    style = int.from_bytes(data[at + 4 : at + 7], "little")
    at += 8
    if kind == 7 and end - at >= 4:
        return _shared(_LONG.unpack_from(data, at)[0], book, notes, row, column)
    if kind == 2 and end - at >= 4:
        return book.number(style, rk_number(_LONG.unpack_from(data, at)[0]))
    if kind in (5, 9) and end - at >= 8:
        return book.number(style, _DOUBLE.unpack_from(data, at)[0])
    if kind in (6, 8):
        return wide_string(data, at, end)[0]
    if kind in (4, 10) and end > at:
        return "TRUE" if data[at] else "FALSE"
    if kind in (3, 11) and end > at:
        return ERRORS.get(data[at], "#N/A")
    if kind == _RICH_CELL:
        text, reading = rich_string(data, at, end)
        if reading:
            notes.readings.append((cell_ref(row, column), reading))
        return text
    return ""


def _shared(index: int, book: Book, notes: Notes, row: int, column: int) -> str:
    strings = book.strings
    if index >= len(strings.texts):
        notes.bad_index = True
        return ""
    strings.used[index] = 1
    if index in strings.readings:
        notes.readings.append((cell_ref(row, column), strings.readings[index]))
    return strings.texts[index]


def _formula_texts(data: bytes, kind: int, at: int, end: int, ref: str, notes: Notes) -> None:
    start = at + 8
    if kind == 8:
        start = wide_string(data, start, end)[1]
    else:
        start += 8 if kind == 9 else 1
    for text in token_texts(data, start + 6, end):
        notes.literals.setdefault(text, ref)
