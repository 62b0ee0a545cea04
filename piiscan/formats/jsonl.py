"""JSON lines: one document a line, each a row of one table; read in blocks, so a file may be of any size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from piiscan.encoding import Block, Encoding, decode_stream, splice
from piiscan.errors import LimitError, UnreadableError
from piiscan.formats._csv_records import MOST_FIELDS
from piiscan.formats._json_leaves import Leaf, Name, leaves, names, renamed, text_of, values, written
from piiscan.formats._slots import batches
from piiscan.formats._tree_tables import DEPTH, Pairs, Tables
from piiscan.model import Batch, Editor, Format, Item, Limits, Place, Sheet, Skipped, Source, Text

SUFFIXES = (".jsonl", ".ndjson")
BLOCK = 1024**2
_LINE = re.compile(r"[^\r\n]+")
_OBJECT_LINE = re.compile(r"\s*\{.*\}\s*\Z")
_BROKEN = "text"
_LATER = Place("names", "other")


def sniff(source: Source) -> int:
    """65 when the first two lines are objects each, which no single document can be; 60 for text of that name, else 0."""
    encoding = source.encoding()
    if encoding is None or not source.size:
        return 0
    if source.suffix in SUFFIXES:
        return 60
    source.stream.seek(encoding.bom_length)
    first = next(decode_stream(source.stream, encoding, 16 * 1024), Block(b"", "", 0))
    lines = first.text.splitlines()[:2]
    return 65 if len(lines) == 2 and all(_OBJECT_LINE.match(line) and _parses(line) for line in lines) else 0


def _parses(line: str) -> bool:
    try:
        values(line)
    except UnreadableError:
        return False
    return True


def read(source: Source, limits: Limits) -> Iterator[Item]:  # noqa: ARG001 -- memory does not depend on the file
    """One sheet; row 0 holds the names that the first block of the file uses."""
    if not source.size:
        return
    damaged: list[int] = []
    later: list[str] = []
    yield Sheet("", _batches(source, _encoding(source), damaged, later))
    if later:
        yield Text(_LATER, "\n".join(later))
    if damaged:
        yield Skipped(str(damaged[0]), "undecodable_bytes")


def _encoding(source: Source) -> Encoding:
    encoding = source.encoding()
    if encoding is None:
        raise UnreadableError("not_text")
    return encoding


def _batches(source: Source, encoding: Encoding, damaged: list[int], later: list[str]) -> Iterator[Batch]:
    """The rows, of which ``damaged`` gets the numbers; ``later`` gets the names that the first block does not have."""
    tables, known = Tables(), 0
    for block in _blocks(source, encoding):
        rows: dict[int, dict[int, str]] = {}
        first = not tables.rows
        for line in _LINE.finditer(block.text):
            row = tables.row("")
            if len(tables.columns.get("", ())) > MOST_FIELDS:
                raise LimitError("row_too_long")
            rows[row] = {tables.column("", name): text_of(leaf) for name, leaf in _cells(line[0], places=False)}
            if block.undecodable and not damaged and "\ufffd" in line[0]:
                damaged.append(row)
        if first:
            rows[0] = dict(enumerate(tables.headers.get("", [])))
            known = len(rows[0])
        else:
            later += tables.headers.get("", [])[known:]
            known = len(tables.headers.get("", []))
        yield from batches({row: cells for row, cells in rows.items() if any(cells.values())})


def _blocks(source: Source, encoding: Encoding) -> Iterator[Block]:
    """Blocks of whole lines of at least ``BLOCK`` bytes, but for the last; a longer line is put together again."""
    source.stream.seek(encoding.bom_length)
    raw, text, bad = b"", "", 0
    for block in decode_stream(source.stream, encoding, BLOCK):
        raw, text, bad = raw + block.raw, text + block.text, bad + block.undecodable
        if text.endswith(("\n", "\r")) and len(raw) >= BLOCK:
            yield Block(raw, text, bad)
            raw, text, bad = b"", "", 0
        elif len(raw) > 64 * BLOCK:
            raise LimitError("too_large")
    if raw:
        yield Block(raw, text, bad)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:  # noqa: ARG001
    """Copies the lines; only the literals of changed values differ."""
    if not source.size:
        return
    encoding = _encoding(source)
    tables = Tables()
    renames: dict[str, str] = {}
    out.write(source.head(encoding.bom_length) if encoding.bom_length else b"")
    for block in _blocks(source, encoding):
        edits: list[tuple[int, int, str]] = []
        for line in _LINE.finditer(block.text):
            row = tables.row("")
            titles = len(tables.headers.get("", ()))
            for name, leaf in _cells(line[0], places=True):
                column = tables.column("", name)
                new = editor.cell("", row, column, text_of(leaf)) if isinstance(leaf, Leaf) and leaf.text else None
                if new is not None and isinstance(leaf, Leaf) and new != leaf.text:
                    literal = (
                        new.replace("\n", " ")
                        if name == _BROKEN and leaf.text == line[0]
                        else written(line[0], leaf, new)
                    )
                    edits.append((line.start() + leaf.start, line.start() + leaf.end, literal))
            for column, title in enumerate(tables.headers.get("", ())[titles:], titles):
                _ask_about(title, column, line[0], editor, renames)
            if renames:
                edits += [(line.start() + a, line.start() + b, new) for a, b, new in _renamed(line[0], renames)]
        out.write(splice(block.raw, encoding, edits))


def _ask_about(title: str, column: int, line: str, editor: Editor, renames: dict[str, str]) -> None:
    """Asks about a name that the file had not before; where it has to change, about each of the names it is made of."""
    if editor.cell("", 0, column, title) in (None, title):
        return
    for name in _names(line):
        new = editor.cell("", 0, column, str(name))
        if new is not None and new != name:
            renames.setdefault(str(name), new)


def _renamed(line: str, renames: dict[str, str]) -> list[tuple[int, int, str]]:
    return renamed(line, [(*name.span, renames[name]) for name in _names(line) if name in renames])


def _names(line: str) -> list[Name]:
    try:
        values(line)
    except UnreadableError:
        return []
    return sorted(names(leaves(line)), key=lambda name: name.span)


def _cells(line: str, *, places: bool) -> Iterator[tuple[str, object]]:
    """(name, leaf) of every value of a line; a line that is not JSON is one value."""
    if not line.strip():
        return
    try:
        tree = values(line)
        if places:
            tree = leaves(line)
    except UnreadableError:
        yield _BROKEN, Leaf(0, len(line), line) if places else line
        return
    yield from _flat(tree, "", 0)


def _flat(value: object, name: str, depth: int) -> Iterator[tuple[str, object]]:
    if depth > DEPTH:
        raise LimitError("too_deep")
    if isinstance(value, Pairs):
        for inner, member in value:
            yield from _flat(member, f"{name}.{inner}" if name else inner, depth + 1)
    elif isinstance(value, list):
        for number, element in enumerate(value):
            yield from _flat(element, f"{name}.{number}" if name else str(number), depth + 1)
    elif value is not None and value is not True and value is not False:
        yield name or "value", value


FORMAT = Format(id="jsonl", label="JSON Lines", suffixes=SUFFIXES, sniff=sniff, read=read, rewrite=rewrite)
