"""Shapes and tables of a slide: the text of every shape, and apart from it what a footer says.

ECMA-376 part 1, chapter 19 (slides) and 21.1 (DrawingML text).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from piiscan.formats._document_pieces import (
    Grid,
    GridCell,
    Paragraph,
    Piece,
    Thing,
    joined,
    passages,
    put_paragraphs,
)
from piiscan.formats._docx_text import text_piece, value_of
from piiscan.formats._ooxml_xml import clean, local
from piiscan.model import CellRange, Place

if TYPE_CHECKING:
    from lxml import etree

#: Placeholders that repeat on every slide.
_FOOTERS = frozenset({"ftr", "hdr", "dt", "sldNum"})
_PROPERTIES = frozenset({"rPr", "pPr", "endParaRPr"})


@dataclass(frozen=True, repr=False)
class Slide:
    """What a part is. ``tables``: numbers its tables; None: they are read as lines."""

    place: Place
    tables: Iterator[int] | None = None


def slide_things(root: etree._Element, slide: Slide, taken: set[etree._Element]) -> Iterator[Thing]:
    """Tables, then the texts of all shapes as one, then footers; ``taken`` gathers what has been read."""
    shown: list[Paragraph] = []
    fallback: list[Paragraph] = []
    footers: list[Paragraph] = []
    for body in _bodies(root):
        if local(body) == "tbl":
            if slide.tables is not None and _is_grid(body):
                yield _grid(body, slide, taken)
            else:
                shown.extend(p for cell in body.iter("{*}tc") for p in _paragraphs(cell, taken))
            continue
        paragraphs = _paragraphs(body, taken)
        if _inside(body, "Fallback"):
            fallback.extend(paragraphs)
        else:
            (footers if _is_footer(body) else shown).extend(paragraphs)
    yield from passages(slide.place, shown, repeats=False)
    yield from passages(replace(slide.place, where="header_footer"), footers)
    # What is kept for older programs says the same again.
    yield from passages(replace(slide.place, where="drawing", hidden=True), fallback)


def _bodies(root: etree._Element) -> Iterator[etree._Element]:
    for element in root.iter("{*}txBody", "{*}tbl"):
        if local(element) == "txBody" and _inside(element, "tbl"):
            continue
        yield element


def _inside(element: etree._Element, name: str) -> bool:
    return next(element.iterancestors(f"{{*}}{name}"), None) is not None


def _is_footer(body: etree._Element) -> bool:
    shape = body.getparent()
    if shape is None:
        return False
    return any(value_of(e, "type") in _FOOTERS for e in shape.iter("{*}ph"))


def _paragraphs(body: etree._Element, taken: set[etree._Element]) -> list[Paragraph]:
    return [_pieces(p, taken) for p in body.iter("{*}p")]


def _pieces(paragraph: etree._Element, taken: set[etree._Element]) -> Paragraph:
    pieces: list[Piece] = []
    for element in paragraph.iter():
        name = local(element)
        if name == "t":
            taken.add(element)
            pieces.append(text_piece(element))
        elif name == "br":
            pieces.append(_break(element))
    return pieces


def _break(element: etree._Element) -> Piece:
    def put(text: str) -> None:
        from lxml import etree

        namespace = str(element.tag).rpartition("}")[0]
        element.tag = namespace + "}r"
        inner = etree.SubElement(element, namespace + "}t")
        inner.text = clean(text)

    return Piece("\n", put)


def _rows(table: etree._Element) -> list[list[etree._Element]]:
    return [[c for c in row if local(c) == "tc"] for row in table if local(row) == "tr"]


def _is_grid(table: etree._Element) -> bool:
    rows = _rows(table)
    return len(rows) > 1 and max(len(row) for row in rows) > 1


def _grid(table: etree._Element, slide: Slide, taken: set[etree._Element]) -> Grid:
    assert slide.tables is not None
    cells: list[GridCell] = []
    merged: list[CellRange] = []
    for number, row in enumerate(_rows(table)):
        for column, cell in enumerate(row):
            wide, high = _span(cell, "gridSpan"), _span(cell, "rowSpan")
            if wide > 1 or high > 1:
                merged.append(CellRange(number, column, number + high - 1, column + wide - 1))
            cells.append(_cell(number, column, _paragraphs(cell, taken)))
    return Grid(f"{slide.place.location} table {next(slide.tables)}", cells, slide.place.hidden, merged)


def _span(cell: etree._Element, name: str) -> int:
    text = value_of(cell, name)
    return min(int(text), 1000) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _cell(row: int, column: int, paragraphs: list[Paragraph]) -> GridCell:
    text = "\n".join(joined(p) for p in paragraphs)
    return GridCell(row, column, text if text.strip() else "", lambda new: put_paragraphs(paragraphs, new))
