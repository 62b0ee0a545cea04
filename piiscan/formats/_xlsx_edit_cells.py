"""New texts for cells: a sheet streamed through, changed where the editor says so.

Two passes at most. The first asks about every cell. The second, only where it is needed, brings formulas, readings and
table headers into line with what was decided afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from piiscan.formats._ooxml_xml import text_of, to_xml
from piiscan.formats._xlsx_book import Book
from piiscan.formats._xlsx_cells import CellTexts, Notes, attributes, value_of
from piiscan.formats._xlsx_edit_strings import LONGEST, Claims, respread
from piiscan.formats._xlsx_sheet import SheetFile
from piiscan.formats._xlsx_stream import CELL, column_index
from piiscan.zip_copy import Packed, pack

Ask = Callable[[int, int, str], "str | None"]

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
    cells = _Cells(CellTexts(book.style, book.strings, edit.notes), claims, ask, edit)
    chunks = file.rows()
    before = 0
    for chunk, _ in chunks:
        new = cells.edit(chunk)
        if new is chunk:
            before += 1
            continue

        def pieces(new: str = new, before: int = before) -> Iterator[bytes]:
            # Most sheets of shared strings never come here; one that does is read again up to this point.
            for _, (old, _) in zip(range(before), file.rows(), strict=False):
                yield old.encode()
            yield new.encode()
            for rest, _ in chunks:
                yield cells.edit(rest).encode()

        edit.rows = pack(pieces())
        break
    return edit


class _Cells:
    """Asks and answers for the cells of one sheet."""

    def __init__(self, texts: CellTexts, claims: Claims, ask: Ask, edit: SheetEdit) -> None:
        self._texts, self._claims, self._ask, self._edit = texts, claims, ask, edit

    def edit(self, chunk: str) -> str:
        """The chunk with its new cells; the very same object when none is new."""
        out: list[str] = []
        at = 0
        texts, ask = self._texts.text, self._ask
        for match in CELL.finditer(chunk):
            letters, row, raw, value, body = match.groups()
            if not value and not body:
                continue
            text = texts(letters + row, raw, value or "", body or "")
            if not text:
                continue
            new = ask(int(row) - 1, column_index(letters), text)
            if new == text:
                new = None
            cell = self._cell(letters + row, raw, value or "", body or "", text, new)
            if cell is not None:
                out.append(chunk[at : match.start()])
                out.append(cell)
                at = match.end()
        if not at:
            return chunk
        out.append(chunk[at:])
        return "".join(out)

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
        plain = _DROP_TYPE.sub("", raw).rstrip()
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
