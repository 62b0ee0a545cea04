"""Web pages, and spreadsheets saved as such: tables as sheets, the rest as the lines that a reader sees.

Attributes with words in them, comments and scripts are read apart, as what nobody sees.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from piiscan.encoding import Encoding, decode
from piiscan.formats import _slots
from piiscan.formats._mail_html import declared_charset, html_text, page
from piiscan.formats._mail_view import Piece, View, differences, windows
from piiscan.formats._slots import Edit, Slot
from piiscan.model import Editor, Format, Item, Limits, Place, Source

SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
WINDOW = 256 * 1024
_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_PART = re.compile(r"<(?:head|body|table|meta|div|title)\b[^>]*>", re.IGNORECASE)
_TABLE_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)(table|tr|td|th)\b([^<>]*)>", re.IGNORECASE | re.DOTALL)
_SPAN = re.compile(r"""\bcolspan\s*=\s*["']?([0-9]{1,3})""", re.IGNORECASE)
_CODECS = {"cp932": "cp932", "eucjp-ms": "euc_jp", "cp50221": "iso2022_jp"}


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a table and the stretch of the page that is its content."""

    sheet: str
    row: int
    column: int
    start: int
    end: int


def sniff(source: Source) -> int:
    """80 for a page that says so, 60 for markup in a file named like one, 50 for parts of a page in any file."""
    encoding = source.encoding()
    if encoding is None:
        return 0
    raw = source.head(4096)
    head = decode(raw[encoding.bom_length : len(raw) // 4 * 4 or len(raw)], encoding)[0]
    start = head.lstrip()
    if not start.startswith("<"):
        return 0
    if _PAGE.search(head):
        return 80
    if source.suffix in SUFFIXES:
        return 65
    return 50 if _PART.match(start) and not start.startswith("<?xml") else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:  # noqa: ARG001 -- the size is bounded
    """The texts of the page, then its tables."""
    if not source.size:
        return
    found = _slots.content(source, declared_charset)
    yield from _slots.items(_all(found.text, found.encoding), {})
    yield from _slots.damage(found)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:  # noqa: ARG001
    """Copies the page; only the words that change differ, markup stays."""
    if not source.size:
        return
    found = _slots.content(source, declared_charset)
    _slots.rewrite(source, found, _all(found.text, found.encoding), out, editor)


def _all(text: str, encoding: Encoding) -> Iterator[Slot]:
    views = page(text)
    codec = _CODECS.get(encoding.name)
    inside, outside = _parted(views.body.pieces, _cells(text))
    for cell, pieces in inside.items():
        view = View(_trimmed(pieces))
        if view.text:
            yield Slot(view.text, partial(_edits, view, 0, view.text, codec), cell.sheet, cell.row, cell.column)
    for view, place in (
        (View(outside), Place("", "text")),
        (views.attributes, Place("", "other")),
        (views.unseen, Place("", "comment", hidden=True)),
    ):
        whole = view.text
        for start, end, line in windows(whole, WINDOW):
            part = whole[start:end]
            if part.strip():
                yield Slot(part, partial(_edits, view, start, part, codec), place=place, first_line=line)


def _edits(view: View, offset: int, old: str, codec: str | None, new: str) -> list[Edit]:
    changes = [(offset + start, offset + end, text) for start, end, text in differences(old, new)]
    return [(start, end, html_text(text, codec)) for start, end, text in view.raw_edits(changes)]


def _parted(pieces: Sequence[Piece], cells: list[_Cell]) -> tuple[dict[_Cell, list[Piece]], list[Piece]]:
    """The pieces of each cell, and those of no cell."""
    starts = [cell.start for cell in cells]
    inside: dict[_Cell, list[Piece]] = {}
    outside: list[Piece] = []
    for piece in pieces:
        index = bisect_right(starts, piece[0]) - 1
        if index >= 0 and piece[1] <= cells[index].end:
            inside.setdefault(cells[index], []).append(piece)
        else:
            outside.append(piece)
    return inside, outside


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """Pieces without white space at either end."""
    first, last = 0, len(pieces)
    while first < last and not pieces[first][2].strip():
        first += 1
    while last > first and not pieces[last - 1][2].strip():
        last -= 1
    return pieces[first:last]


def _cells(text: str) -> list[_Cell]:
    """The cells of all tables that hold no other table and have at least two rows and two columns, in their order."""
    found: list[_Cell] = []
    open_tables: list[list[_Cell]] = []
    holds_table: list[bool] = []
    row = column = -1
    begin: tuple[int, int] | None = None
    number = 0

    def end_cell(at: int) -> None:
        nonlocal begin
        if begin is not None and open_tables:
            open_tables[-1].append(_Cell(f"table {number}", max(row, 0), begin[1], begin[0], at))
        begin = None

    for tag in _TABLE_TAG.finditer(text):
        name = (tag[2] or "").lower()
        if not name:
            continue
        if name == "table":
            if not tag[1]:
                begin = None
                holds_table[-1:] = [True] if holds_table else []
                holds_table.append(False)
                open_tables.append([])
                number, row, column = number + 1, -1, -1
            elif open_tables:
                end_cell(tag.start())
                done, nested = open_tables.pop(), holds_table.pop()
                if not nested and len({c.row for c in done}) > 1 and len({c.column for c in done}) > 1:
                    found += done
        elif not open_tables or holds_table[-1]:
            continue
        elif name == "tr":
            end_cell(tag.start())
            row, column = (row + 1, -1) if not tag[1] else (row, column)
        else:
            end_cell(tag.start())
            if not tag[1]:
                column += 1
                begin = (tag.end(), column)
                span = _SPAN.search(tag[3])
                column += int(span[1]) - 1 if span and int(span[1]) > 0 else 0
    return sorted(found, key=lambda cell: cell.start)


FORMAT = Format(id="html", label="HTML", suffixes=SUFFIXES, sniff=sniff, read=read, rewrite=rewrite)
