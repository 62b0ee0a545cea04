"""New texts for cells: a sheet streamed through, changed where the editor says so.

Two passes at most. The first asks about every cell. The second, only where it is needed, brings formulas, readings and
table headers into line with what was decided afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from piiscan.formats._ooxml_xml import text_of, to_xml
from piiscan.formats._xlsx_book import Book
from piiscan.formats._xlsx_cells import CellTexts, Notes, attributes, value_of
from piiscan.formats._xlsx_edit_strings import LONGEST, Claims, respread
from piiscan.formats._xlsx_sheet import SheetFile
from piiscan.formats._xlsx_stream import CELL, Cells, column_index, written
from piiscan.zip_copy import Packed, pack

#: Gives the answers for cells of a column: their rows, the column, their texts.
Ask = Callable[[Sequence[int], int, Sequence[str]], "Sequence[str | None]"]
#: Texts whose XML is remembered.
_REMEMBERED = 5_000

_DROP_TYPE = re.compile(r"""\s(?:t|vm|ph)\s*=\s*(?:"[^"]*"|'[^']*')""")
_FORMULA = re.compile(r"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)")
_FORMULA_TEXT = re.compile(r"(<f(?:\s[^>]*)?>)([^<]+)(</f>)")
_IS = re.compile(r"<is(?:\s[^>]*)?>(.*?)</is>", re.DOTALL)
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
        columns: dict[str, list[int]] = {}
        for place, letters in enumerate(cells.letters):
            columns.setdefault(letters, []).append(place)
        new: dict[int, str] = {}
        for letters, places in columns.items():
            self._column(letters, places, cells, new)
        if not new:
            return None
        wholes = list(cells.wholes)
        for place, cell in new.items():
            wholes[place] = cell
        return written(wholes, cells.between)

    def _column(self, letters: str, places: list[int], cells: Cells, new: dict[int, str]) -> None:
        """Asks about the cells of a column at ``places``, and puts those that change into ``new``."""
        rows, raws, values, bodies = cells.rows, cells.attributes, cells.values, cells.bodies
        texts = self._texts_of(letters, places, cells)
        filled = [(place, text) for place, text in zip(places, texts, strict=True) if text]
        if not filled:
            return
        numbers = [int(rows[place]) - 1 for place, _ in filled]
        answers = self._ask(numbers, column_index(letters), [text for _, text in filled])
        for (place, text), answer in zip(filled, answers, strict=True):
            if answer == text:
                answer = None
            raw, body = raws[place], bodies[place]
            if answer is not None and not body and self._texts.decoder(raw) is not None:
                self._edit.cells += 1
                new[place] = self._simple(letters + rows[place], raw, answer)
                continue
            cell = self._cell(letters + rows[place], raw, values[place] or "", body or "", text, answer)
            if cell is not None:
                new[place] = cell

    def _texts_of(self, letters: str, places: list[int], cells: Cells) -> list[str]:
        """The texts of cells of a column, all at once where they are of one plain kind."""
        if not places:
            return []
        rows, raws, values, bodies = cells.rows, cells.attributes, cells.values, cells.bodies
        first = raws[places[0]]
        stored = [values[place] or "" for place in places]
        if not any(bodies[place] or raws[place] != first for place in places):
            if "" not in stored:
                return self._texts.all(letters, [rows[place] for place in places], first, stored)
            texts = iter(self._texts_of(letters, [p for p, v in zip(places, stored, strict=True) if v], cells))
            return [next(texts) if value else "" for value in stored]
        return [
            self._texts.text(letters + rows[place], raws[place], value, bodies[place] or "")
            if value or bodies[place]
            else ""
            for place, value in zip(places, stored, strict=True)
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
