"""JSON documents: every string and number, lists of objects as tables with their names as header."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from piiscan.encoding import decode, text_encoding
from piiscan.formats import _json_leaves, _slots
from piiscan.formats._slots import Edit, Slot
from piiscan.formats._tree_tables import Tables, cells
from piiscan.model import Editor, Format, Item, Limits, Source

SUFFIXES = (".json", ".geojson", ".webmanifest")


def sniff(source: Source) -> int:
    """60 for text that is named JSON and begins like it, 30 when only the beginning says so."""
    encoding = text_encoding(source.stream)
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
    yield from _slots.damage(found)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:  # noqa: ARG001
    """Copies the document; only the literals of changed values differ."""
    if not source.size:
        return
    found = _slots.content(source)
    _json_leaves.values(found.text)
    tree = _json_leaves.leaves(found.text)
    _slots.rewrite(source, found, _editable(found.text, tree), out, editor)


def _editable(text: str, tree: object) -> Iterator[Slot]:
    for sheet, row, column, leaf in cells(tree, Tables()):
        if isinstance(leaf, _json_leaves.Leaf):
            yield _slots.cell(sheet, row, column, leaf.text, partial(_edits, text, leaf))


def _edits(text: str, leaf: _json_leaves.Leaf, new: str) -> list[Edit]:
    return [(leaf.start, leaf.end, _json_leaves.written(text, leaf, new))]


FORMAT = Format(id="json", label="JSON", suffixes=SUFFIXES, sniff=sniff, read=read, rewrite=rewrite)
