"""Paragraphs and tables of a word processing part: what is shown, and apart from it what is deleted, hidden or code.

ECMA-376 part 1, chapter 17. A sentence is cut into runs wherever its formatting changes, so nothing is read run by run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from piiscan.formats._document_pieces import Grid, GridCell, Paragraph, Passage, Piece, Thing, joined, passages
from piiscan.formats._document_pieces import put_paragraphs as put_lines
from piiscan.formats._ooxml_xml import XML_SPACE, clean, local
from piiscan.model import CellRange, Place

if TYPE_CHECKING:
    from lxml import etree

_TEXTS = frozenset({"t", "delText"})
_CODES = frozenset({"instrText", "delInstrText"})
_ATOMS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DELETED = frozenset({"del", "moveFrom"})
#: Elements inside a paragraph that hold no text of it.
_CLOSED = frozenset({"pPr", "rPr", "sdtPr", "sdtEndPr", "rubyPr", "tblPr", "trPr", "tcPr", "tblGrid", "sectPr"})
_OFF = frozenset({"0", "false", "off", "none"})
_MATH = "/math"


@dataclass(frozen=True, repr=False)
class Story:
    """What a run of paragraphs belongs to. ``tables``: numbers the tables that are given as grids; None: as lines."""

    place: Place
    hidden_styles: frozenset[str] = frozenset()
    tables: Iterator[int] | None = None
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class _State:
    deleted: bool = False
    moved: bool = False
    hidden: bool = False
    ruby: bool = False
    fallback: bool = False


@dataclass(repr=False)
class _Parts:
    """The pieces of one paragraph by what they are, and the text boxes anchored in it."""

    shown: list[Piece] = field(default_factory=list)
    hidden: list[Piece] = field(default_factory=list)
    fallback: list[Piece] = field(default_factory=list)
    ruby: list[Piece] = field(default_factory=list)
    codes: list[list[Piece]] = field(default_factory=list)
    deleted: list[Piece] = field(default_factory=list)
    moved: list[Piece] = field(default_factory=list)
    deletions: list[etree._Element] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    open_code: bool = False


def value_of(element: etree._Element, name: str) -> str:
    """An attribute by its local name, "" when it is missing."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def switched_on(parent: etree._Element | None, name: str) -> bool:
    """Whether a toggle property such as ``vanish`` is set in ``rPr``."""
    if parent is None:
        return False
    return any(local(e) == name and value_of(e, "val").lower() not in _OFF for e in parent)


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child with this local name."""
    return next((e for e in element if local(e) == name), None)


# ---------------------------------------------------------------- one paragraph


def text_piece(element: etree._Element) -> Piece:
    """The text of a ``t`` element."""

    def put(text: str) -> None:
        element.text = clean(text)
        if text != text.strip():
            element.set(XML_SPACE, "preserve")

    return Piece(element.text or "", put)


def _atom_piece(element: etree._Element, text: str) -> Piece:
    """A tab, line break or hyphen: gives way to a text when it must change."""

    def put(new: str) -> None:
        element.tag = str(element.tag).rpartition("}")[0] + "}t"
        element.attrib.clear()
        element.text = clean(new)
        element.set(XML_SPACE, "preserve")

    return Piece(text, put)


def _read_paragraph(paragraph: etree._Element, story: Story, taken: set[etree._Element]) -> _Parts:
    parts = _Parts()
    taken.add(paragraph)
    styled = child(paragraph, "pPr")
    style = child(styled, "pStyle") if styled is not None else None
    hidden = style is not None and value_of(style, "val") in story.hidden_styles
    _walk(paragraph, _State(hidden=hidden), story, parts, taken)
    return parts


def _walk(node: etree._Element, state: _State, story: Story, parts: _Parts, taken: set[etree._Element]) -> None:
    for element in node:
        name = local(element)
        if name == "txbxContent":
            parts.boxes.append(element)
        elif name in _TEXTS:
            taken.add(element)
            _book(text_piece(element), state, parts, deleted=name == "delText")
        elif name in _CODES:
            taken.add(element)
            if not parts.open_code:
                parts.codes.append([])
                parts.open_code = True
            parts.codes[-1].append(text_piece(element))
        elif name in _ATOMS and local(node) == "r" and _MATH not in str(element.tag):
            if value_of(element, "type") not in ("page", "column"):
                _book(_atom_piece(element, _ATOMS[name]), state, parts, deleted=False)
        elif name == "fldChar":
            parts.open_code = False
        elif name and name not in _CLOSED:
            inner = _inner_state(element, name, state, story)
            if name == "del" or (name == "moveFrom" and not state.deleted):
                parts.deletions.append(element)
            _walk(element, inner, story, parts, taken)


def _inner_state(element: etree._Element, name: str, state: _State, story: Story) -> _State:
    if name in _DELETED:
        return replace(state, deleted=True, moved=state.moved or name == "moveFrom")
    if name == "r":
        properties = child(element, "rPr")
        style = child(properties, "rStyle") if properties is not None else None
        if switched_on(properties, "vanish") or (style is not None and value_of(style, "val") in story.hidden_styles):
            return replace(state, hidden=True)
        return state
    if name == "rt":
        return replace(state, ruby=True)
    return replace(state, fallback=True) if name == "Fallback" else state


def _book(piece: Piece, state: _State, parts: _Parts, *, deleted: bool) -> None:
    if state.moved:
        parts.moved.append(piece)
    elif deleted or state.deleted:
        parts.deleted.append(piece)
    elif state.fallback:
        parts.fallback.append(piece)
    elif state.ruby:
        parts.ruby.append(piece)
    elif state.hidden:
        parts.hidden.append(piece)
    else:
        parts.shown.append(piece)


def _asides(parts: _Parts, story: Story, line: int, taken: set[etree._Element]) -> Iterator[Thing]:
    """Everything of a paragraph but what is shown in it."""
    if not (parts.hidden or parts.fallback or parts.ruby or parts.codes or parts.deleted or parts.moved or parts.boxes):
        return
    at = story.place.location

    def aside(where: str, pieces: Paragraph, hidden: bool = True) -> Iterator[Passage]:
        yield from passages(Place(at, where, hidden), [pieces], line)

    yield from passages(replace(story.place, hidden=True), [parts.hidden], line, repeats=False)
    yield from aside("furigana", parts.ruby)
    yield from aside("drawing", parts.fallback)
    yield from aside("revision", parts.moved)
    for deleted in aside("revision", parts.deleted):
        yield replace(deleted, put=_remover(parts.deletions))
    for code in parts.codes:
        link = "hyperlink" in joined(code).lower()
        yield from aside("hyperlink" if link else "other", code)
    for box in parts.boxes:
        inner = replace(story, place=Place(at, "drawing", story.place.hidden), tables=None, repeats=True)
        yield from story_things(box, inner, taken)


def _remover(deletions: Sequence[etree._Element]) -> Callable[[str], None]:
    """Takes deleted text out for good, as accepting the deletion would; runs that were moved away stay for their mark."""

    def put(_: str) -> None:
        for element in deletions:
            parent = element.getparent()
            if local(element) == "del" and parent is not None:
                parent.remove(element)

    return put


# ---------------------------------------------------------------- many paragraphs


@dataclass(repr=False)
class _Block:
    """Paragraphs that are one text, gathered until a table cuts in."""

    story: Story
    line: int = 1
    paragraphs: list[Paragraph] = field(default_factory=list)
    asides: list[Thing] = field(default_factory=list)

    def flush(self) -> Iterator[Thing]:
        """Gives what has been gathered."""
        yield from passages(self.story.place, self.paragraphs, self.line, repeats=self.story.repeats)
        self.line += sum(joined(p).count("\n") + 1 for p in self.paragraphs)
        yield from self.asides
        self.paragraphs, self.asides = [], []


def story_things(root: etree._Element, story: Story, taken: set[etree._Element]) -> Iterator[Thing]:
    """The texts and tables below ``root``; ``taken`` gathers the elements whose text has been read."""
    block = _Block(story)
    yield from _story(root, story, block, taken)
    yield from block.flush()


def _story(root: etree._Element, story: Story, block: _Block, taken: set[etree._Element]) -> Iterator[Thing]:
    for element in root:
        name = local(element)
        if name == "p":
            parts = _read_paragraph(element, story, taken)
            line = block.line + len(block.paragraphs)
            block.paragraphs.append(parts.shown)
            block.asides.extend(_asides(parts, story, line, taken))
        elif name == "tbl" and story.tables is not None and min(_size(element)) > 1:
            yield from block.flush()
            yield from _grid(element, story, block, taken)
        elif name and name not in _CLOSED:
            yield from _story(element, story, block, taken)


def _below(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, those inside content controls and the like included."""
    for inner in element:
        found = local(inner)
        if found == name:
            yield inner
        elif found in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "del", "moveFrom", "moveTo"):
            yield from _below(inner, name)


def _number(properties: etree._Element | None, name: str) -> int:
    found = child(properties, name) if properties is not None else None
    text = value_of(found, "val") if found is not None else ""
    # Word has at most 63 columns.
    return min(int(text), 63) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _cells(row: etree._Element) -> Iterator[tuple[int, int, bool, etree._Element]]:
    """(column, columns spanned, whether it continues the cell above, cell)."""
    column = _number(child(row, "trPr"), "gridBefore")
    for cell in _below(row, "tc"):
        properties = child(cell, "tcPr")
        span = max(1, _number(properties, "gridSpan"))
        merge = child(properties, "vMerge") if properties is not None else None
        yield column, span, merge is not None and value_of(merge, "val") != "restart", cell
        column += span


def _size(table: etree._Element) -> tuple[int, int]:
    rows = list(_below(table, "tr"))
    return len(rows), max((sum(1 for _ in _below(row, "tc")) for row in rows), default=0)


def _grid(table: etree._Element, story: Story, block: _Block, taken: set[etree._Element]) -> Iterator[Thing]:
    cells: list[GridCell] = []
    merged: list[CellRange] = []
    open_merges: dict[int, int] = {}
    inside: list[Thing] = []
    assert story.tables is not None
    location = f"table {next(story.tables)}"
    for number, row in enumerate(_below(table, "tr")):
        for column, span, continues, cell in _cells(row):
            inner = _Block(replace(story, repeats=True), block.line)
            inside.extend(_story(cell, story, inner, taken))
            inside.extend(inner.asides)
            cells.append(_cell(number, column, inner.paragraphs))
            if continues and column in open_merges:
                old = merged[open_merges[column]]
                merged[open_merges[column]] = replace(old, last_row=number)
            else:
                open_merges[column] = len(merged)
                merged.append(CellRange(number, column, number, column + span - 1))
        block.line += 1
    wide = [m for m in merged if (m.first_row, m.first_column) != (m.last_row, m.last_column)]
    yield Grid(location, cells, story.place.hidden, wide)
    yield from inside


def _cell(row: int, column: int, paragraphs: list[Paragraph]) -> GridCell:
    text = "\n".join(joined(p) for p in paragraphs)
    shown = text.strip("\n")
    lead = len(text) - len(text.lstrip("\n"))
    tail = len(text) - len(text.rstrip("\n")) if shown else 0
    return GridCell(
        row, column, shown if shown.strip() else "", lambda new: put_lines(paragraphs, "\n" * lead + new + "\n" * tail)
    )
