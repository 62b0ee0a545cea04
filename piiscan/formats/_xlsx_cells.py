"""Cells of a worksheet: from a stream of XML to batches of rows, by one pattern and one loop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from piiscan.errors import LimitError
from piiscan.formats._ooxml_xml import text_of, texts_of
from piiscan.formats._xlsx_numbers import Formatter, plain_number, plain_numbers
from piiscan.formats._xlsx_rows import Column, Rows
from piiscan.formats._xlsx_stream import Cells, cells_of, column_index
from piiscan.formats._xlsx_strings import Strings, rich_text
from piiscan.model import Batch

BATCH_ROWS = 10_000
_BATCH_CELLS = 400_000
_ATTRIBUTE = re.compile(r"""(?<![A-Za-z:])([A-Za-z:]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)')""")
_VALUE = re.compile(r"<v(?:\s[^<>]*+)?>([^<]*)</v>")
_INLINE = re.compile(r"<is(?:\s[^<>]*+)?>((?:[^<]|<(?!/?is[\s>]))*+)</is>", re.DOTALL)
_FORMULA = re.compile(r"<f(?:\s[^<>]*+)?>([^<]*)</f>")
_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"')


@dataclass(frozen=True, repr=False)
class Style:
    """How numbers read, by cell style index; the last formatter serves for an index out of range."""

    formatters: tuple[Formatter, ...] = (plain_number,)

    def of(self, index: str) -> Formatter:
        """The formatter of a style index as it stands in the file."""
        number = int(index) if index.isascii() and index.isdigit() and len(index) < 10 else 0
        return self.formatters[number] if number < len(self.formatters) else plain_number


@dataclass(repr=False)
class Notes:
    """What turned up beside the values while the cells of one sheet were read.

    ``readings``: (cell, furigana, index of the shared string or -1). ``literals``: text in a formula → first cell.
    """

    readings: list[tuple[str, str, int]] = field(default_factory=list)
    literals: dict[str, str] = field(default_factory=dict)
    bad_index: bool = False


@dataclass(frozen=True, slots=True)
class Decoder:
    """How cells become text: ``one`` from (value, content), ``all`` from plain values."""

    one: Callable[[str, str], str]
    all: Callable[[list[str]], list[str]]


def attributes(raw: str) -> dict[str, str]:
    """The attributes of a tag, from the text between its name and its end."""
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(raw)}


def value_of(value: str, body: str) -> str:
    """The ``v`` of a cell, whichever alternative of the pattern matched."""
    if not body:
        return value
    match = _VALUE.search(body)
    return match.group(1) if match else ""


def formula_literals(body: str) -> list[str]:
    """The texts in quotation marks of a cell's formula, without the empty ones."""
    match = _FORMULA.search(body)
    if match is None or ('"' not in match.group(1) and "&quot;" not in match.group(1)):
        return []
    return [t.replace('""', '"') for t in _QUOTED.findall(text_of(match.group(1))) if t.strip()]


def decoder_for(raw: str, style: Style) -> Decoder | None:
    """How cells with these attributes are decoded; None means by shared string index, the reader's own case."""
    attrs = attributes(raw)
    kind = attrs.get("t", "n")
    if kind == "s":
        return None
    if kind == "inlineStr":
        return Decoder(_inline, _texts)
    if kind in ("str", "e"):
        return Decoder(lambda value, body: text_of(value_of(value, body)), _texts)
    if kind == "b":
        return _simple(lambda value: {"1": "TRUE", "0": "FALSE"}.get(value.strip(), value.strip()))
    if kind == "d":
        return _simple(_iso)
    formatter = style.of(attrs.get("s", "0"))
    if formatter is plain_number:
        return Decoder(lambda value, body: plain_number(value_of(value, body)), plain_numbers)
    return _simple(formatter)


def _simple(convert: Formatter) -> Decoder:
    return Decoder(
        lambda value, body: convert(stored) if (stored := value_of(value, body)) else "",
        lambda values: [convert(value) if value else "" for value in values],
    )


def _texts(values: list[str]) -> list[str]:
    return texts_of(values)


def _inline(value: str, body: str) -> str:
    if not body:
        return text_of(value)
    match = _INLINE.search(body)
    return rich_text(match.group(1))[0] if match else text_of(value_of(value, body))


def _iso(raw: str) -> str:
    text = raw.strip().rstrip("Z").replace("T", " ")
    return re.sub(r" 00:00:00(?:\.0+)?$", "", text)


class CellTexts:
    """The texts of cells one by one: what reading and rewriting share. Marks strings used and fills ``notes``."""

    def __init__(self, style: Style, strings: Strings, notes: Notes) -> None:
        self._style, self._strings, self._notes = style, strings, notes
        self._decoders: dict[str, Decoder | None] = {}

    def decoder(self, raw: str) -> Decoder | None:
        """How cells with these attributes are decoded; None means by shared string index."""
        if raw not in self._decoders:
            self._decoders[raw] = decoder_for(raw, self._style)
        return self._decoders[raw]

    def text(self, ref: str, raw: str, value: str, body: str) -> str:
        """The text of one cell."""
        decode = self.decoder(raw)
        if body:
            self._note(ref, body)
        if decode is not None:
            return decode.one(value, body)
        index = value_of(value, body).strip()
        if not index.isdecimal() or len(index) > 9 or int(index) >= len(self._strings.texts):
            self._notes.bad_index = self._notes.bad_index or bool(index)
            return ""
        number = int(index)
        self._strings.used[number] = 1
        if number in self._strings.readings:
            self._notes.readings.append((ref, self._strings.readings[number], number))
        return self._strings.texts[number]

    def all(self, letters: str, lines: list[str], raw: str, values: list[str]) -> list[str]:
        """The texts of cells of one column that have the same attributes, a value each, and nothing else."""
        decode, strings = self.decoder(raw), self._strings
        if decode is not None:
            return decode.all(values)
        if not strings.readings and all(map(str.isdecimal, values)):
            indexes = list(map(int, values))
            if max(indexes) < len(strings.texts):
                for index in indexes:
                    strings.used[index] = 1
                return [strings.texts[index] for index in indexes]
        return [self.text(letters + line, raw, value, "") for line, value in zip(lines, values, strict=True)]

    def column(self, column: Column, lines: list[str]) -> list[str]:
        """The texts of the cells of a column, "" where there is none."""
        values, texts = column.values, [""] * len(lines)
        if column.same is not None and None not in values:
            return self.all(column.letters, lines, column.same, cast("list[str]", values))
        places: dict[str, list[int]] = {}
        for place, (raw, value) in enumerate(zip(column.attributes, values, strict=True)):
            if value:
                places.setdefault(raw, []).append(place)
        for raw, kept in places.items():
            stored = [values[i] or "" for i in kept]
            found = self.all(column.letters, [lines[i] for i in kept], raw, stored)
            for place, text in zip(kept, found, strict=True):
                texts[place] = text
        return texts

    def _note(self, ref: str, body: str) -> None:
        if "<rPh" in body and (match := _INLINE.search(body)):
            self._notes.readings.append((ref, rich_text(match.group(1))[1], -1))
        if "<f" in body:
            for literal in formula_literals(body):
                self._notes.literals.setdefault(literal, ref)


class _Reader:
    """Collects cells into batches; all that changes while a sheet is read."""

    def __init__(self, texts: CellTexts, longest: int) -> None:
        self._texts, self._longest = texts, longest
        self._rows: list[int] = []
        self._columns: dict[str, list[str]] = {}
        self._cells = 0

    def read(self, chunk: str, cells: Cells | Rows) -> Iterator[Batch]:
        """Takes the cells of some whole rows; gives the batches that they complete."""
        if isinstance(cells, Rows):
            self._cells += len(cells.lines) * len(cells.columns)
            if not self._by_column(cells):
                yield from self._loose(cells_of(chunk)[0])
        else:
            self._cells += len(cells.rows)
            if not self._regular(cells):
                yield from self._loose(cells)
        if len(self._rows) >= BATCH_ROWS or self._cells >= _BATCH_CELLS:
            yield from self.flush()

    def flush(self) -> Iterator[Batch]:
        """The rows collected so far, when there are any."""
        if not self._rows:
            return
        height = len(self._rows)
        for column in self._columns.values():
            column.extend([""] * (height - len(column)))
        letters = sorted(self._columns, key=column_index)
        yield Batch(self._rows, {column_index(name): self._columns[name] for name in letters})
        self._rows, self._columns, self._cells = [], {}, 0

    def _loose(self, cells: Cells) -> Iterator[Batch]:
        """Cell by cell: holes, rows of different length, rows out of order."""
        rows, columns, current = self._rows, self._columns, ""
        for letters, row, raw, value, body in cells:
            if not value and not body:
                continue
            text = self._texts.text(letters + row, raw, value or "", body or "")
            if not text:
                continue
            if len(text) > self._longest:
                raise LimitError("cell_too_long", limit=self._longest)
            if row != current:
                current = row
                if rows and int(row) - 1 <= rows[-1]:
                    # Rows out of order: a batch holds rising rows, so this one begins another.
                    yield from self.flush()
                    rows, columns = self._rows, self._columns
                rows.append(int(row) - 1)
            column = columns.setdefault(letters, [])
            if len(column) == len(rows):
                column[-1] = f"{column[-1]}\n{text}"
                continue
            column.extend([""] * (len(rows) - 1 - len(column)))
            column.append(text)

    def _regular(self, cells: Cells) -> bool:
        """Column by column, four times as fast, when every row has the same cells; False leaves all untouched."""
        letters, rows = cells.letters, cells.rows
        width = next((i for i, row in enumerate(rows) if row != rows[0]), len(rows))
        if len(rows) < 8 or len(rows) % width:
            return not rows
        lines = rows[::width]
        numbers = [int(line) - 1 for line in lines]
        names = letters[:width]
        if (
            names * len(lines) != letters
            or any(rows[i::width] != lines for i in range(1, width))
            or len(set(names)) != width
            or numbers != sorted(set(numbers))
            or (self._rows and numbers[0] <= self._rows[-1])
        ):
            return False
        contents = (cells.attributes, cells.values, cells.bodies)
        found = [self._column(name, lines, *(part[i::width] for part in contents)) for i, name in enumerate(names)]
        self._take(numbers, names, found)
        return True

    def _by_column(self, rows: Rows) -> bool:
        """The same for rows that come so."""
        numbers = [int(line) - 1 for line in rows.lines]
        if numbers != sorted(set(numbers)) or (self._rows and numbers[0] <= self._rows[-1]):
            return False
        found = {column.letters: self._texts.column(column, rows.lines) for column in rows.columns}
        for column in rows.columns:
            if None in column.tails and not any(found[column.letters]):
                del found[column.letters]
        self._take(numbers, list(found), list(found.values()))
        return True

    def _take(self, numbers: list[int], names: list[str], found: list[list[str]]) -> None:
        """Adds some rows."""
        if any(max(map(len, column)) > self._longest for column in found):
            raise LimitError("cell_too_long", limit=self._longest)
        if all("" in column for column in found):
            # Some rows may be empty altogether and must be left out.
            kept = [i for i in range(len(numbers)) if any(column[i] for column in found)]
            found = [[column[i] for i in kept] for column in found]
            numbers = [numbers[i] for i in kept]
        for name, column in zip(names, found, strict=True):
            into = self._columns.setdefault(name, [])
            into.extend([""] * (len(self._rows) - len(into)))
            into.extend(column)
        self._rows.extend(numbers)

    def _column(self, name: str, lines: list[str], raws: list[Any], values: list[Any], bodies: list[Any]) -> list[str]:
        if raws.count(raws[0]) == len(raws) and bodies.count(None) == len(bodies):
            if None not in values:
                return self._texts.all(name, lines, raws[0], values)
            kept = [i for i, value in enumerate(values) if value]
            if not kept:
                return [""] * len(values)
            texts = iter(self._texts.all(name, [lines[i] for i in kept], raws[0], [values[i] for i in kept]))
            return [next(texts) if value else "" for value in values]
        cells = zip(lines, raws, values, bodies, strict=True)
        return [self._texts.text(name + line, raw, v or "", b or "") if v or b else "" for line, raw, v, b in cells]


def batches(
    chunks: Iterator[tuple[str, Cells | Rows]], style: Style, strings: Strings, notes: Notes, longest: int
) -> Iterator[Batch]:
    """Batches of about 10,000 rows. Raises ``LimitError`` for a cell longer than ``longest`` characters."""
    reader = _Reader(CellTexts(style, strings, notes), longest)
    for chunk, cells in chunks:
        yield from reader.read(chunk, cells)
    yield from reader.flush()
