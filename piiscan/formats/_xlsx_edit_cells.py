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
from piiscan.formats._xlsx_sheet import SheetFile
from piiscan.formats._xlsx_stream import CELL, Cells, column_index, written
from piiscan.zip_copy import Packed, pack

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
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
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
            for _, (old, _) in zip(range(before), file.rows(whole=True), strict=False):
                yield old.encode()
            yield new.encode()
            for old, rest in chunks:
                yield (editor.edit(rest) or old).encode()

        edit.rows = pack(pieces())
        break
    return edit


class _Cells:
    """Asks and answers for the cells of one sheet, column by column."""

    def __init__(self, texts: CellTexts, claims: Claims, ask: Ask, edit: SheetEdit) -> None:
        self._texts, self._claims, self._ask, self._edit = texts, claims, ask, edit
        self._inline: dict[str, str] = {}

    def edit(self, cells: Cells) -> str | None:
        """The rows with their new cells; None when none is new."""
        new: dict[int, str] = {}
        for letters, places in _columns(cells.letters):
            self._column(letters, places, cells, new)
        if not new:
            return None
        wholes = list(cells.wholes)
        for place, cell in new.items():
            wholes[place] = cell
        return written(wholes, cells.between)

    def _column(self, letters: str, places: slice | list[int], cells: Cells, new: dict[int, str]) -> None:
        """Asks about the cells of a column at ``places``, and puts those that change into ``new``."""
        rows, raws, bodies = (_at(part, places) for part in (cells.rows, cells.attributes, cells.bodies))
        values: list[str] = [value or "" for value in _at(cells.values, places)]
        texts = self._texts_of(letters, rows, raws, values, bodies)
        numbers = [int(row) - 1 for row in rows]
        index = column_index(letters)
        if "" in texts:
            kept = [i for i, text in enumerate(texts) if text]
            found = self._ask([numbers[i] for i in kept], index, [texts[i] for i in kept]) if kept else []
            answers: list[str | None] = [None] * len(texts)
            for i, answer in zip(kept, found, strict=True):
                answers[i] = answer
        else:
            answers = list(self._ask(numbers, index, texts))
        shared = raws.count(raws[0]) != len(raws) or self._texts.decoder(raws[0]) is None
        if not shared and answers.count(None) == len(answers):
            return
        spots = range(len(cells.rows))[places] if isinstance(places, slice) else places
        for spot, row, raw, value, body, text, answer in zip(
            spots, rows, raws, values, bodies, texts, answers, strict=True
        ):
            if not text or (answer is None and not shared):
                continue
            if answer == text:
                answer = None
            if answer is not None and not body and not shared:
                self._edit.cells += 1
                new[spot] = self._simple(letters + row, raw, answer)
                continue
            cell = self._cell(letters + row, raw, value, body or "", text, answer)
            if cell is not None:
                new[spot] = cell

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

    def _simple(self, ref: str, raw: str, new: str) -> str:
        """A plain cell with a new text."""
        plain = _without_type(raw)
        if not new:
            return f'<c r="{ref}"{plain}/>'
        content = self._inline.get(new)
        if content is None:
            content = respread("", new)
            if len(self._inline) < _REMEMBERED:
                self._inline[new] = content
        return f'<c r="{ref}"{plain} t="inlineStr"><is>{content}</is></c>'

    def _cell(self, ref: str, raw: str, value: str, body: str, text: str, new: str | None) -> str | None:
        """The new XML of a cell, None when it stays."""
        if new is not None:
            self._edit.cells += 1
        if self._texts.decoder(raw) is None:
            index = int(value_of(value, body))
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

    rows = pack(pieces())
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
