"""New texts for cells: a sheet streamed through, changed where the editor says so.

Two passes at most. The first asks about every cell. The second, only where it is needed, brings formulas, readings and
table headers into line with what was decided afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from piiscan.formats._ooxml_xml import text_of, to_xml
from piiscan.formats._xlsx_book import Book
from piiscan.formats._xlsx_cells import CellTexts, Notes, attributes, value_of
from piiscan.formats._xlsx_edit_strings import LONGEST, Claims, respread
from piiscan.formats._xlsx_rows import Column, Rows
from piiscan.formats._xlsx_sheet import SheetFile
from piiscan.formats._xlsx_stream import CELL, Cells, column_index, written
from piiscan.zips.zip_copy import Packed, pack

Item = TypeVar("Item")
#: Gives the answers for cells of a column: their rows, the column, their texts.
Ask = Callable[[Sequence[int], int, Sequence[str]], "Sequence[str | None]"]
#: Texts whose XML is remembered.
_REMEMBERED = 5_000

_DROP_TYPE = re.compile(r"""\s(?:t|vm|ph)\s*=\s*(?:"[^"]*"|'[^']*')""")
_FORMULA = re.compile(r"<f(?:\s[^<>]*?)?(?:/>|>[^<]*</f>)")
_FORMULA_TEXT = re.compile(r"(<f(?:\s[^<>]*+)?>)([^<]+)(</f>)")
_IS = re.compile(r"<is(?:\s[^<>]*+)?>((?:[^<]|<(?!/?is[\s>]))*+)</is>", re.DOTALL)
_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]+)?")
_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>|<phoneticPr\b[^>]*?/>", re.DOTALL)


@dataclass(repr=False)
class SheetEdit:
    """What became of one sheet. ``rows``: the new content of sheetData, None while nothing has changed."""

    notes: Notes = field(default_factory=Notes)
    rows: Packed | None = None
    cells: int = 0
    formulas_dropped: int = 0


def edit_cells(file: SheetFile, book: Book, claims: Claims, ask: Ask) -> SheetEdit:
    """First pass: asks about every cell that has a text."""
    edit = SheetEdit()
    editor = _Cells(CellTexts(book.style, book.strings, edit.notes), claims, ask, edit)
    chunks = file.rows(whole=True)
    before = 0
    for _, cells in chunks:
        new = editor.edit(cells)
        if new is None:
            before += 1
            continue

        def pieces(new: str = new, before: int = before) -> Iterator[bytes]:
            # Most sheets of shared strings never come here; one that does is read again up to this point.
            if before:
                for _, (old, _) in zip(range(before), file.rows(whole=True), strict=False):
                    yield old.encode()
            yield new.encode()
            for old, rest in chunks:
                yield (editor.edit(rest) or old).encode()

        edit.rows = pack(pieces(), whole=False)
        break
    return edit


class _Inline(dict[str, str]):
    """New text of a plain cell → what stands behind its attributes."""

    def __missing__(self, text: str) -> str:
        self[text] = content = f' t="inlineStr"><is>{respread("", text)}</is></c>' if text else "/>"
        return content

    def trim(self) -> None:
        """Forgets all when it is too much."""
        if len(self) > _REMEMBERED:
            self.clear()


class _Cells:
    """Asks and answers for the cells of one sheet, column by column."""

    def __init__(self, texts: CellTexts, claims: Claims, ask: Ask, edit: SheetEdit) -> None:
        self._texts, self._claims, self._ask, self._edit = texts, claims, ask, edit
        self._inline = _Inline()

    def edit(self, cells: Cells | Rows) -> str | None:
        """The rows with their new cells; None when none is new."""
        if isinstance(cells, Rows):
            numbers = [int(line) - 1 for line in cells.lines]
            by_column = [self._by_column(column, cells.lines, numbers) for column in cells.columns]
            return cells.text(by_column) if any(by_column) else None
        new: dict[int, str] = {}
        for letters, places in _columns(cells.letters):
            rows, raws, bodies = (_at(part, places) for part in (cells.rows, cells.attributes, cells.bodies))
            values: list[str] = [value or "" for value in _at(cells.values, places)]
            texts = self._texts_of(letters, rows, raws, values, bodies)
            answers = self._answers([int(row) - 1 for row in rows], letters, texts)
            spots = range(len(cells.rows))[places] if isinstance(places, slice) else places
            for place, cell in self._changed(letters, rows, raws, values, bodies, texts, answers).items():
                new[spots[place]] = cell
        if not new:
            return None
        wholes = list(cells.wholes)
        for place, cell in new.items():
            wholes[place] = cell
        return written(wholes, cells.between)

    def _by_column(self, column: Column, lines: list[str], numbers: list[int]) -> dict[int, str] | list[str]:
        """The new cells of a column by their place, or all of them when all are new."""
        texts = self._texts.column(column, lines)
        answers = self._answers(numbers, column.letters, texts)
        raw, new = column.same, [answer for answer in answers if answer is not None]
        plain = raw is not None and self._texts.decoder(raw) is not None
        if raw is not None and plain and len(new) == len(lines) and not any(map(str.__eq__, texts, new)):
            # A column of values that all go: what most of a list of people is.
            self._edit.cells += len(lines)
            start, untyped, inline = f'<c r="{column.letters}', _without_type(raw), self._inline
            cells = [f'{start}{line}"{untyped}{inline[text]}' for line, text in zip(lines, new, strict=True)]
            inline.trim()
            return cells
        values = [value or "" for value in column.values]
        return self._changed(column.letters, lines, column.attributes, values, [None] * len(lines), texts, answers)

    def _answers(self, numbers: list[int], letters: str, texts: list[str]) -> list[str | None]:
        """What becomes of the cells of a column; None for those without a text and those that stay."""
        index = column_index(letters)
        if "" not in texts:
            return list(self._ask(numbers, index, texts))
        kept = [i for i, text in enumerate(texts) if text]
        found = self._ask([numbers[i] for i in kept], index, [texts[i] for i in kept]) if kept else []
        answers: list[str | None] = [None] * len(texts)
        for i, answer in zip(kept, found, strict=True):
            answers[i] = answer
        return answers

    def _changed(
        self,
        letters: str,
        rows: list[str],
        raws: list[str],
        values: list[str],
        bodies: Sequence[str | None],
        texts: list[str],
        answers: list[str | None],
    ) -> dict[int, str]:
        """The new cells of a column by their place in it."""
        new: dict[int, str] = {}
        shared = raws.count(raws[0]) != len(raws) or self._texts.decoder(raws[0]) is None
        if not shared and answers.count(None) == len(answers):
            return new
        for place, (row, raw, value, body, text, answer) in enumerate(
            zip(rows, raws, values, bodies, texts, answers, strict=True)
        ):
            if not text or (answer is None and not shared):
                continue
            if answer == text:
                answer = None
            if answer is not None and not body and not shared:
                self._edit.cells += 1
                new[place] = f'<c r="{letters}{row}"{_without_type(raw)}{self._inline[answer]}'
                continue
            cell = self._cell(letters + row, raw, value, body or "", text, answer)
            if cell is not None:
                new[place] = cell
        self._inline.trim()
        return new

    def _texts_of(
        self, letters: str, rows: list[str], raws: list[str], values: list[str], bodies: list[str | None]
    ) -> list[str]:
        """The texts of cells of a column, all at once where they are of one plain kind."""
        if raws.count(raws[0]) == len(raws) and bodies.count(None) == len(bodies):
            if "" not in values:
                return self._texts.all(letters, rows, raws[0], values)
            kept = [i for i, value in enumerate(values) if value]
            if not kept:
                return values
            texts = iter(self._texts.all(letters, [rows[i] for i in kept], raws[0], [values[i] for i in kept]))
            return [next(texts) if value else "" for value in values]
        return [
            self._texts.text(letters + row, raw, value, body or "") if value or body else ""
            for row, raw, value, body in zip(rows, raws, values, bodies, strict=True)
        ]

    def _cell(self, ref: str, raw: str, value: str, body: str, text: str, new: str | None) -> str | None:
        """The new XML of a cell, None when it stays."""
        if new is not None:
            self._edit.cells += 1
        if self._texts.decoder(raw) is None:
            index = int(value_of(value, body).strip())
            slot = self._claims.index(index, new)
            return None if slot == index else f'<c r="{ref}"{raw}><v>{slot}</v></c>'
        if new is None:
            return None
        plain = _without_type(raw)
        if "<f" in body and (formula := _FORMULA.search(body)):
            kept = self._formula(formula.group(), text)
            if kept is not None:
                return f'<c r="{ref}"{plain} t="str">{kept}<v>{to_xml(new[:LONGEST])}</v></c>'
        if not new:
            return f'<c r="{ref}"{plain}/>'
        inner = _IS.search(body)
        content = respread(inner.group(1) if inner else "", new)
        return f'<c r="{ref}"{plain} t="inlineStr"><is>{content}</is></c>'

    def _formula(self, formula: str, text: str) -> str | None:
        """The formula to keep, None when the cell must become a value because its formula holds the old one."""
        match = _FORMULA_TEXT.match(formula)
        if match is None:
            return formula
        stated = _QUOTED.sub("", text_of(match.group(2)))
        digits = "".join(c for c in text if c.isdecimal())
        held = [n for n in _DIGITS.findall(stated) if len(n) >= 4 and _same_number(n, text, digits)]
        if not held:
            return formula
        tag = attributes(match.group(1)[2:-1])
        if "ref" in tag:
            # Other cells depend on this formula: it stays, without the number.
            for number in held:
                stated = stated.replace(number, "0")
            return f"{match.group(1)}{to_xml(stated)}{match.group(3)}"
        self._edit.formulas_dropped += 1
        return None


def _columns(letters: list[str]) -> Iterator[tuple[str, slice | list[int]]]:
    """The letters of each column with the places of its cells: a slice when all rows have the same columns."""
    if not letters:
        return
    width = letters.index(letters[0], 1) if letters.count(letters[0]) > 1 else len(letters)
    names = letters[:width]
    if len(set(names)) == width and names * (len(letters) // width) == letters:
        for place, name in enumerate(names):
            yield name, slice(place, None, width)
        return
    places: dict[str, list[int]] = {}
    for place, name in enumerate(letters):
        places.setdefault(name, []).append(place)
    yield from places.items()


def _at(items: list[Item], places: slice | list[int]) -> list[Item]:
    return items[places] if isinstance(places, slice) else [items[place] for place in places]


@lru_cache(maxsize=256)
def _without_type(raw: str) -> str:
    return _DROP_TYPE.sub("", raw).rstrip()


def _same_number(number: str, text: str, digits: str) -> bool:
    try:
        return number in text or (bool(digits) and float(number) == float(digits))
    except ValueError:
        return False


# ---------------------------------------------------------------- second pass


@dataclass(frozen=True)
class Amendments:
    """What the second pass does. ``formula`` gives a formula its new text; ``cells``: cell → new text;
    ``silent``: cells whose furigana goes."""

    formula: Callable[[str], str] | None
    cells: Mapping[str, str]
    silent: frozenset[str]


def amend(chunks: Iterator[str], amendments: Amendments) -> Packed | None:
    """Second pass over rows in plain shape; None when nothing in them changes."""
    changed = False

    def pieces() -> Iterator[bytes]:
        nonlocal changed
        for chunk in chunks:
            new = _amended(chunk, amendments)
            changed = changed or new != chunk
            yield new.encode()

    rows = pack(pieces(), whole=False)
    if changed:
        return rows
    rows.close()
    return None


def _amended(chunk: str, amendments: Amendments) -> str:
    change = amendments.formula
    if change is not None and "<f" in chunk:
        chunk = _FORMULA_TEXT.sub(lambda m: m.group(1) + _new_formula(m.group(2), change) + m.group(3), chunk)
    if not amendments.cells and not amendments.silent:
        return chunk

    def cell(match: re.Match[str]) -> str:
        letters, row, raw, _, body = match.groups()
        ref = letters + row
        if ref in amendments.cells:
            plain = _DROP_TYPE.sub("", raw).rstrip()
            return f'<c r="{ref}"{plain} t="inlineStr"><is>{respread("", amendments.cells[ref])}</is></c>'
        if ref in amendments.silent and body:
            return f'<c r="{ref}"{raw}>{_PHONETIC.sub("", body)}</c>'
        return match.group()

    return CELL.sub(cell, chunk)


def _new_formula(stored: str, change: Callable[[str], str]) -> str:
    old = text_of(stored)
    new = change(old)
    return stored if new == old else to_xml(new)
