"""JSON documents: every string and number, lists of objects as tables with their names as header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO

from piiscan.encoding import decode
from piiscan.formats import _json_leaves, _slots
from piiscan.formats._slots import Edit, Slot
from piiscan.formats._tree_tables import Key, Tables, cells
from piiscan.model import Editor, Format, Item, Limits, Place, Source, Text

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]{0,60}")
_NAMES = Place("names", "other")
SUFFIXES = (".json", ".geojson", ".webmanifest")


def sniff(source: Source) -> int:
    """60 for text that is named JSON and begins like it, 30 when only the beginning says so."""
    encoding = source.encoding()
    if encoding is None:
        return 0
    raw = source.head(1024)
    start = decode(raw[encoding.bom_length : len(raw) // 4 * 4 or len(raw)], encoding)[0].lstrip()
    if start[:1] not in ("{", "["):
        return 0
    if source.suffix in SUFFIXES:
        return 60
    return 30 if start[1:].lstrip()[:1] in ('"', "{", "[") and source.suffix not in (".jsonl", ".ndjson") else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:  # noqa: ARG001 -- the size is bounded
    """One sheet for each list of the document, then what could not be decoded."""
    if not source.size:
        return
    found = _slots.content(source)
    tables = Tables()
    slots = (
        _slots.cell(sheet, row, column, _json_leaves.text_of(leaf), None)
        for sheet, row, column, leaf in cells(_json_leaves.values(found.text), tables)
    )
    yield from _slots.items(slots, tables.headers)
    if names := _list_names(tables):
        yield Text(_NAMES, names)
    yield from _slots.damage(found)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:  # noqa: ARG001
    """Copies the document; only the literals of changed values differ."""
    if not source.size:
        return
    found = _slots.content(source)
    _json_leaves.values(found.text)
    tree = _json_leaves.leaves(found.text)
    renames: dict[tuple[int, int], str] = {}
    slots = chain(_editable(found.text, tree, renames, editor), _named(found.text, renames))
    _slots.rewrite(source, found, slots, out, editor)


def _editable(text: str, tree: object, renames: dict[tuple[int, int], str], editor: Editor) -> Iterator[Slot]:
    """A slot for every value. Names that must change go to ``renames``: those that are values of a table, then others."""
    tables = Tables()
    filled: set[str] = set()
    for sheet, row, column, leaf in cells(tree, tables):
        if _json_leaves.text_of(leaf):
            filled.add(sheet)
        if isinstance(leaf, _json_leaves.Leaf):
            yield _slots.cell(sheet, row, column, leaf.text, partial(_edits, text, leaf))
        elif isinstance(leaf, Key) and leaf.span and leaf:
            yield _slots.cell(sheet, row, column, str(leaf), partial(_noted, renames, leaf.span))
    headers = [(s, n, name) for s in sorted(filled) for n, name in enumerate(tables.headers.get(s, ())) if name]
    listed = _list_names(tables)
    # A header is made of several names; only where one has to change each name is asked about by itself.
    asked = [(at, column) for at, column, name in headers if editor.cell(at, 0, column, name) not in (None, name)]
    if listed and editor.text(_NAMES, listed, 1) not in (None, listed):
        asked.append(("", 0))
    for name in _json_leaves.names(tree) if asked else ():
        new = editor.cell(asked[0][0], 0, asked[0][1], str(name))
        if new is not None and new != name:
            renames.setdefault(name.span, new)


def _list_names(tables: Tables) -> str:
    """The names of the lists, which are in no header, one a line; without those that a programmer chose."""
    names = dict.fromkeys(name for at in tables.rows for name in at.split("/") if name != "*")
    return "\n".join(name for name in names if name and not _IDENTIFIER.fullmatch(name))


def _noted(renames: dict[tuple[int, int], str], span: tuple[int, int], new: str) -> list[Edit]:
    renames[span] = new
    return []


def _named(text: str, renames: dict[tuple[int, int], str]) -> Iterator[Slot]:
    """One slot for all names that change, when the others have been asked about; its edits do not depend on the answer."""
    edits = _json_leaves.renamed(text, [(start, end, new) for (start, end), new in sorted(renames.items())])
    if edits:
        yield Slot("", lambda _: edits, always=True)


def _edits(text: str, leaf: _json_leaves.Leaf, new: str) -> list[Edit]:
    return [(leaf.start, leaf.end, _json_leaves.written(text, leaf, new))]


FORMAT = Format(id="json", label="JSON", suffixes=SUFFIXES, sniff=sniff, read=read, rewrite=rewrite)
