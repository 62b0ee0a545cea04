"""XML documents of any kind: repeated elements as tables, attributes and comments too; Excel's old XML as sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from html import escape
from typing import BinaryIO

from piiscan.encoding import decode
from piiscan.formats import _slots
from piiscan.formats._slots import Edit, Slot
from piiscan.formats._tree_tables import Pairs, Tables, cells
from piiscan.formats._xml_tree import Document, Leaf, parse
from piiscan.model import Editor, Format, Item, Limits, Place, Skipped, Source
from piiscan.text import cell_ref

SUFFIXES = (".xml", ".gml", ".kml", ".gpx", ".rss", ".svg")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_:.-]{1,40})""")
_OPENDOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def sniff(source: Source) -> int:
    """60 for an XML declaration, or markup in a file named XML; web pages are left to html."""
    encoding = source.encoding()
    if encoding is None:
        return 0
    raw = source.head(1024)
    start = decode(raw[encoding.bom_length : len(raw) // 4 * 4 or len(raw)], encoding)[0].lstrip()
    if start.startswith("<?xml"):
        return 60
    return 60 if start.startswith("<") and source.suffix in SUFFIXES else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:  # noqa: ARG001 -- the size is bounded
    """A sheet for each kind of repeated element, then comments. Documents with entities are read without them."""
    if not source.size:
        return
    found = _slots.content(source, _declared)
    document = parse(found.text)
    tables = Tables()
    yield from _slots.items(_all(found.text, document, tables), tables.headers)
    if document.has_entities:
        yield Skipped("", "dtd")
    yield from _slots.damage(found)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:  # noqa: ARG001
    """Copies the document; only the texts and attribute values that change differ."""
    if not source.size:
        return
    found = _slots.content(source, _declared)
    _slots.rewrite(source, found, _all(found.text, parse(found.text), Tables()), out, editor)


def _declared(head: bytes) -> str | None:
    match = _DECLARED.search(head)
    return match[1].decode("ascii") if match else None


def _all(text: str, document: Document, tables: Tables) -> Iterator[Slot]:
    book = _SPREADSHEET in text[:4096]
    taken: set[tuple[str, int, int]] = set()
    flat = not book and _OPENDOCUMENT in text[:4096]
    tree = document.tree
    for sheet, row, column, leaf in _workbook(tree) if book else _flat(tree, tables) if flat else cells(tree, tables):
        if not isinstance(leaf, Leaf):
            yield _slots.cell(sheet, row, column, str(leaf), None)
        elif (sheet, row, column) in taken:  # a comment on the cell
            place = Place(f"{sheet}!{cell_ref(row, column)}", "comment")
            yield Slot(leaf.text, partial(_edits, leaf), place=place)
        else:
            yield _slots.cell(sheet, row, column, leaf.text, partial(_edits, leaf))
        if book or flat:
            taken.add((sheet, row, column))
    for leaf in document.unseen:
        line = text.count("\n", 0, leaf.start) + 1
        yield Slot(leaf.text, partial(_edits, leaf), place=Place("", "comment", hidden=True), first_line=line)


def _edits(leaf: Leaf, new: str) -> list[Edit]:
    if leaf.cdata:
        for closing in ("]]>", "-->", "?>"):
            new = new.replace(closing, " ".join(closing))
        return [(leaf.start, leaf.end, new)]
    return [(leaf.start, leaf.end, escape(new))]


# ---------------------------------------------------------------- Excel 2003 XML


def _workbook(tree: object) -> Iterator[tuple[str, int, int, object]]:
    """The cells of a workbook at their places; everything else of it by its path."""
    tables = Tables()
    for name, value in tree if isinstance(tree, Pairs) else []:
        if name != "Worksheet":
            yield from cells(Pairs([(name, value)]), tables)
            continue
        for number, sheet in enumerate(_many(value), 1):
            yield from _worksheet(sheet, number)


def _worksheet(sheet: object, number: int) -> Iterator[tuple[str, int, int, object]]:
    title = _member(sheet, "Name")
    location = title.text if isinstance(title, Leaf) else f"Sheet{number}"
    row = -1
    for one in _many(_member(_member(sheet, "Table"), "Row")):
        row = _index(one, row + 1)
        column = -1
        for cell in _many(_member(one, "Cell")):
            column = _index(cell, column + 1)
            for inner in _leaves(
                Pairs(member for member in cell if member[0] != "Index") if isinstance(cell, Pairs) else cell
            ):
                yield location, row, column, inner


# ---------------------------------------------------------------- OpenDocument in one file

_ROWS = ("table-header-rows", "table-rows", "table-row-group", "table-row")
_LOOKS = ("value-type", "style-name", "number-", "content-validation-name", "currency", "boolean-value")
_CELLS = ("table-cell", "covered-table-cell")
#: A row or cell that says that it stands there more often than this fills a sheet to its end, and is empty.
_MOST_REPEATED = 1000


def _flat(tree: object, tables: Tables) -> Iterator[tuple[str, int, int, object]]:
    """The cells of the sheets of a flat OpenDocument spreadsheet at their places; everything else by its path."""
    for name, value in tree if isinstance(tree, Pairs) else []:
        sheets = _many(_member(_member(value, "spreadsheet"), "table")) if name == "body" else []
        if not sheets:
            yield from cells(Pairs([(name, value)]), tables)
        for number, sheet in enumerate(sheets, 1):
            title = _member(sheet, "name")
            location = title.text if isinstance(title, Leaf) else f"Sheet{number}"
            row = 0
            for one in _rows(sheet, 0):
                yield from _flat_row(one, location, row)
                row += _repeated(one, "number-rows-repeated")
            others = sheet if isinstance(sheet, Pairs) else []
            for key, inner in others:
                if key not in _ROWS and not isinstance(inner, Leaf) and not key.startswith("table-column"):
                    yield from cells(Pairs([(key, inner)]), tables)
        if sheets:
            inside = _member(value, "spreadsheet")
            others = inside if isinstance(inside, Pairs) else []
            yield from cells(Pairs(pair for pair in others if pair[0] != "table"), tables)


def _rows(value: object, depth: int) -> Iterator[object]:
    """The rows of a table, those of its head first, out of groups."""
    for kind in _ROWS if depth < 20 else ():
        for one in _many(_member(value, kind)):
            yield from [one] if kind == "table-row" else _rows(one, depth + 1)


def _flat_row(row: object, location: str, at: int) -> Iterator[tuple[str, int, int, object]]:
    column = 0
    for name, value in row if isinstance(row, Pairs) else []:
        for cell in _many(value) if name in _CELLS else []:
            for leaf in _leaves(_without_marks(cell)):
                yield location, at, column, leaf
            # Cells that a merged one covers follow it; the tree has them behind all others.
            column += _repeated(cell, "number-columns-repeated") * _repeated(cell, "number-columns-spanned")


def _without_marks(cell: object) -> object:
    """A cell without the attributes of its looks, and without the stored value of one that shows a text."""
    if not isinstance(cell, Pairs):
        return cell
    shown = any(name in ("p", "text") for name, _ in cell)
    return Pairs(
        (name, value) for name, value in cell
        if not name.startswith(_LOOKS) and not (shown and name in ("value", "date-value", "time-value"))
    )  # fmt: skip


def _repeated(value: object, name: str) -> int:
    leaf = _member(value, name)
    times = int(leaf.text) if isinstance(leaf, Leaf) and re.fullmatch("[1-9][0-9]{0,6}", leaf.text) else 1
    return times if times <= _MOST_REPEATED else 1


def _many(value: object) -> list[object]:
    return value if isinstance(value, list) and not isinstance(value, Pairs) else [value] if value is not None else []


def _member(value: object, name: str) -> object:
    return dict(value).get(name) if isinstance(value, Pairs) else None


def _index(value: object, otherwise: int) -> int:
    leaf = _member(value, "Index")
    return int(leaf.text) - 1 if isinstance(leaf, Leaf) and re.fullmatch("[1-9][0-9]{0,6}", leaf.text) else otherwise


def _leaves(value: object) -> Iterator[Leaf]:
    """The texts of a cell, its data first; types and styles are left out."""
    if isinstance(value, Leaf):
        yield value
    elif isinstance(value, Pairs):
        for name, inner in value:
            if name not in ("Type", "StyleID", "MergeAcross", "MergeDown", "Formula", "Ticked"):
                yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)


FORMAT = Format(id="xml", label="XML", suffixes=SUFFIXES, sniff=sniff, read=read, rewrite=rewrite)
