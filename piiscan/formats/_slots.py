"""Places in a decoded text that can be read and changed one by one: what json, xml, html, vcf and ics have in common.

A format turns its text into slots; reading makes sheets and texts of them, rewriting asks the editor about each and
splices the answers into the original bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from piiscan.encoding import Encoding, decode, decode_declared, splice
from piiscan.errors import LimitError, UnreadableError
from piiscan.formats._csv_records import BATCH_ROWS, MOST_FIELDS
from piiscan.model import Batch, Editor, Item, Place, Sheet, Skipped, Source, Text

#: These formats are read whole; larger files are refused, not sampled.
MOST_BYTES = 128 * 1024**2

#: (start, end, new text) in characters of the decoded file.
Edit = tuple[int, int, str]


@dataclass(frozen=True, repr=False, slots=True)
class Slot:
    """A value: a cell of a sheet, or a text when ``place`` is given. ``edits`` says how to write a new value.

    ``always``: nobody is asked, its edits are made whatever else happens.
    """

    text: str
    edits: Callable[[str], Iterable[Edit]] | None
    sheet: str = ""
    row: int = 0
    column: int = 0
    place: Place | None = None
    first_line: int = 1
    always: bool = False


def cell(sheet: str, row: int, column: int, text: str, edits: Callable[[str], Iterable[Edit]] | None) -> Slot:
    """A slot for a cell, or for a text of its own when a spreadsheet could not have the column."""
    if column < MOST_FIELDS:
        return Slot(text, edits, sheet, row, column)
    return Slot(text, edits, place=Place(sheet or "/", "text"), first_line=row)


@dataclass(frozen=True, repr=False, slots=True)
class Content:
    """A file read whole: its bytes behind the byte order mark as text, and how many of them were unreadable."""

    encoding: Encoding
    raw: bytes
    text: str
    undecodable: int


def content(source: Source, declared: Callable[[bytes], str | None] | None = None) -> Content:
    """The text of a source; ``declared`` finds the encoding that the file claims, believed only if it fits.

    Raises ``UnreadableError`` for a binary file and ``LimitError`` for one too large.
    """
    if source.size > MOST_BYTES:
        raise LimitError("too_large")
    encoding = source.encoding()
    if encoding is None:
        raise UnreadableError("not_text")
    source.stream.seek(encoding.bom_length)
    raw = source.stream.read()
    claim = declared(raw[:4096]) if declared and not encoding.bom_length else None
    if claim:
        name = decode_declared(raw, claim)[1]
        if name in ("utf-8", "cp932", "eucjp-ms", "cp50221"):
            encoding = Encoding(name, 0)
    return Content(encoding, raw, *decode(raw, encoding))


def items(slots: Iterable[Slot], headers: Mapping[str, Sequence[str]]) -> Iterator[Item]:
    """The texts as they come, then the sheets. ``headers``: row 0 of each sheet, complete once the slots are used up."""
    sheets: dict[str, dict[int, dict[int, str]]] = {}
    for slot in slots:
        if slot.place is not None:
            yield Text(slot.place, slot.text, slot.first_line)
        elif slot.text:
            sheets.setdefault(slot.sheet, {}).setdefault(slot.row, {})[slot.column] = slot.text
    for location, rows in sheets.items():
        if names := headers.get(location):
            rows[0] = {n: name for n, name in enumerate(names) if name}
        yield Sheet(location, batches(rows))


def batches(rows: Mapping[int, Mapping[int, str]]) -> Iterator[Batch]:
    """Sparse rows as batches, in rising order."""
    numbers = sorted(rows)
    for start in range(0, len(numbers), BATCH_ROWS):
        part = numbers[start : start + BATCH_ROWS]
        columns = sorted({column for number in part for column in rows[number]})
        yield Batch(part, {column: [rows[number].get(column, "") for number in part] for column in columns})


def damage(found: Content) -> Iterator[Skipped]:
    """A note about the first line with unreadable bytes, if any."""
    if found.undecodable:
        yield Skipped(str(found.text.count("\n", 0, found.text.find("\ufffd")) + 1), "undecodable_bytes")


def rewrite(source: Source, found: Content, slots: Iterable[Slot], out: BinaryIO, editor: Editor) -> None:
    """Copies the file with the editor's answers in place; all bytes outside of them stay."""
    edits: list[Edit] = []
    for slot in slots:
        if slot.always and slot.edits is not None:
            edits += slot.edits(slot.text)
        if slot.edits is None or not slot.text:
            continue
        if slot.place is not None:
            new = editor.text(slot.place, slot.text, slot.first_line)
        else:
            new = editor.cell(slot.sheet, slot.row, slot.column, slot.text)
        if new is not None and new != slot.text:
            edits += slot.edits(new)
    out.write(source.head(found.encoding.bom_length) if found.encoding.bom_length else b"")
    out.write(splice(found.raw, found.encoding, sorted(edits)))
