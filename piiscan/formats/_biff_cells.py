"""Cells of a BIFF sheet: records to texts, texts to batches of rows."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from piiscan.errors import LimitError
from piiscan.formats import _biff_records as records
from piiscan.formats._biff_book import Book
from piiscan.formats._biff_strings import byte_string
from piiscan.model import Batch
from piiscan.text import cell_ref

BATCH_ROWS = 10_000
_BATCH_CELLS = 400_000
#: Rows times columns: one long row and many short ones must not be filled up to a rectangle of any size.
_BATCH_AREA = 4_000_000
#: Cells that are sorted in memory when a file does not keep them in the order of their rows.
_MOST_UNSORTED = 6_000_000
_CELL = struct.Struct("<HHH")
_DOUBLE = struct.Struct("<d")
_RK = struct.Struct("<HI")
_LONG = struct.Struct("<I")
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_LABELSST, _RK_CELL, _MULRK, _NUMBER, _LABEL, _RSTRING, _BOOLERR = 0xFD, 0x27E, 0xBD, 0x203, 0x204, 0xD6, 0x205
_FORMULAS = frozenset({0x06, 0x206, 0x406})
#: Empty cells, and the texts of formulas, which are read with these.
_NO_CELLS = frozenset({0x01, 0x201, 0xBE, 0x07, 0x207})
_PTG_STR = 0x17
#: Where a formula's tokens begin, after the record's fixed fields, by version.
_TOKENS = {2: 17, 3: 18, 4: 18, 5: 22, 8: 22}
Cell = tuple[int, int, str]


@dataclass(repr=False)
class Notes:
    """What turned up beside the values: (cell, furigana), texts in formulas → first cell, a string index out of range."""

    readings: list[tuple[str, str]] = field(default_factory=list)
    literals: dict[str, str] = field(default_factory=dict)
    bad_index: bool = False


def rk_number(raw: int) -> float:
    """The number of an RK value, [MS-XLS] 2.5.217: an integer or the upper half of a double, maybe a hundredfold."""
    if raw & 2:
        value = float((raw >> 2) - (1 << 30 if raw & 0x80000000 else 0))
    else:
        value = float(_DOUBLE.unpack(b"\0\0\0\0" + _LONG.pack(raw & 0xFFFFFFFC))[0])
    return value / 100 if raw & 1 else value


def boolerr(value: int, is_error: int) -> str:
    """What a truth value or an error shows."""
    return ERRORS.get(value, "#N/A") if is_error else "TRUE" if value else "FALSE"


def cells(data: bytes, sheet: records.Substream, book: Book, notes: Notes) -> Iterator[Cell]:
    """(row, column, text) of every cell with a value, in the order of the file; reading them fills ``notes``."""
    depth = 0
    for record, at, end in records.records(data, sheet.inside, sheet.end):
        if record in records.BOFS:
            depth += 1
        elif record == records.EOF:
            depth -= 1
        if depth or record not in records.CELLS or record in _NO_CELLS or end - at < 6:
            continue
        row, column, style = _CELL.unpack_from(data, at)
        if record in _FORMULAS:
            value = _result(data, at, end, style, book)
            if _PTG_STR in data[at + 16 : end]:
                _formula_texts(data, at, end, row, column, book, notes)
            yield row, column, _string_after(data, end, sheet.end, book) if value is None else value
        elif record == _MULRK:
            for offset in range(at + 4, end - 7, 6):
                style, raw = _RK.unpack_from(data, offset)
                yield row, column, book.number(style, rk_number(raw))
                column += 1
        else:
            yield row, column, _one(data, record, at, end, style, book, notes)


def _string_after(data: bytes, start: int, end: int, book: Book) -> str:
    """The text that a formula gave: in the next STRING record and what continues it."""
    text, found = "", False
    for record, at, stop in records.records(data, start, end):
        if record in (0x07, 0x207) and not found:
            text, found = book.text(data, at, stop, 1 if record == 0x07 else 2)[0], True
        elif record == records.CONTINUE and found:
            is_wide = book.version >= 8 and stop > at and data[at] & 1
            raw = data[at + (book.version >= 8) : stop]
            text += raw.decode("utf-16-le", "replace") if is_wide else book.pages.decode(raw)
        elif found or record in records.CELLS or record == records.EOF:
            break
    return text


def _one(data: bytes, record: int, at: int, end: int, style: int, book: Book, notes: Notes) -> str:
    if record == _LABELSST:
        return _shared(data, at, end, book, notes)
    if record == _RK_CELL and end - at >= 10:
        return book.number(style, rk_number(_LONG.unpack_from(data, at + 6)[0]))
    if record == _NUMBER and end - at >= 14:
        return book.number(style, _DOUBLE.unpack_from(data, at + 6)[0])
    if record in (_LABEL, _RSTRING):
        return book.text(data, at + 6, end)[0]
    if record == _BOOLERR and end - at >= 8:
        return boolerr(data[at + 6], data[at + 7])
    return _old(data, record, at, end, book)


def _old(data: bytes, record: int, at: int, end: int, book: Book) -> str:
    """A cell of version 2: three bytes of attributes, of which six bits are the style."""
    style = data[at + 4] & 0x3F
    if record == 0x02 and end - at >= 9:
        return book.number(style, float(int.from_bytes(data[at + 7 : at + 9], "little")))
    if record == 0x03 and end - at >= 15:
        return book.number(style, _DOUBLE.unpack_from(data, at + 7)[0])
    if record == 0x04:
        return byte_string(data, at + 7, end, 1, book.pages)[0]
    if record == 0x05 and end - at >= 9:
        return boolerr(data[at + 7], data[at + 8])
    return ""


def _shared(data: bytes, at: int, end: int, book: Book, notes: Notes) -> str:
    strings = book.strings
    index = _LONG.unpack_from(data, at + 6)[0] if end - at >= 10 else -1
    if not 0 <= index < len(strings.texts):
        notes.bad_index = True
        return ""
    strings.used[index] = 1
    if index in strings.readings:
        row, column, _ = _CELL.unpack_from(data, at)
        notes.readings.append((cell_ref(row, column), strings.readings[index]))
    return strings.texts[index]


def _result(data: bytes, at: int, end: int, style: int, book: Book) -> str | None:
    """The cached result of a formula; None when it is a text, which the next record holds."""
    start = at + (7 if book.version == 2 else 6)
    if end < start + 8:
        return ""
    raw = data[start : start + 8]
    if raw[6:] != b"\xff\xff":
        return book.number(0 if book.version == 2 else style, _DOUBLE.unpack(raw)[0])
    if raw[0] == 0:
        return None
    if raw[0] == 3:
        return ""
    return boolerr(raw[2], raw[0] == 2)


def _formula_texts(data: bytes, at: int, end: int, row: int, column: int, book: Book, notes: Notes) -> None:
    for text in token_texts(data, at + _TOKENS.get(book.version, 22), end, book):
        notes.literals.setdefault(text, cell_ref(row, column))


def token_texts(data: bytes, at: int, end: int, book: Book) -> Iterator[str]:
    """Texts in the tokens of a formula. Found by their token, so that other bytes may be taken for a text, never missed."""
    while at < end:
        at = data.find(b"\x17", at, end)
        if at < 0:
            return
        text, stop = book.text(data, at + 1, end, 1)
        if len(text) > 1 and text.isprintable() and len(text) == data[at + 1]:
            yield text
            at = stop
        else:
            at += 1


# ---------------------------------------------------------------- batches


def batches(data: bytes, sheet: records.Substream, book: Book, notes: Notes, cell_chars: int) -> Iterator[Batch]:
    """The cells of a sheet in batches; ``LimitError`` for a cell of more than ``cell_chars`` characters."""
    found = cells(data, sheet, book, notes)
    if not sheet.rising:
        kept = []
        for cell in found:
            kept.append(cell)
            if len(kept) > _MOST_UNSORTED:
                raise LimitError("too_large")
        kept.sort(key=lambda cell: cell[0])
        found = iter(kept)
    return grouped(found, cell_chars)


def grouped(found: Iterator[Cell], cell_chars: int) -> Iterator[Batch]:
    """Cells that come in the order of their rows as batches."""
    rows: list[int] = []
    columns: dict[int, list[str]] = {}
    count, last = 0, -1
    for row, column, text in found:
        if not text:
            continue
        if len(text) > cell_chars:
            raise LimitError("cell_too_long")
        if row != last:
            if len(rows) >= BATCH_ROWS or count >= _BATCH_CELLS or len(rows) * len(columns) >= _BATCH_AREA:
                yield _batch(rows, columns)
                rows, columns, count = [], {}, 0
            rows.append(row)
            last = row
        values = columns.get(column)
        if values is None:
            values = columns[column] = []
        missing = len(rows) - 1 - len(values)
        if missing > 0:
            values.extend([""] * missing)
            count += missing
        if missing < 0:
            values[-1] = text if not values[-1] else f"{values[-1]}\n{text}"  # the same cell twice
        else:
            values.append(text)
        count += 1
    if rows:
        yield _batch(rows, columns)


def _batch(rows: list[int], columns: dict[int, list[str]]) -> Batch:
    for values in columns.values():
        values.extend([""] * (len(rows) - len(values)))
    return Batch(rows, dict(sorted(columns.items())))
