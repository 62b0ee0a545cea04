"""Excel workbooks of versions 2 to 2003: xls, xlt. Reading only.

Every sheet (hidden and unlisted ones too), and the texts outside the cells; files inside become members. Read record by
record ([MS-XLS]), never through a library: the usual ones crash on damage, drop readings, comments and hidden state.
"""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.errors import EncryptedError, UnreadableError
from piiscan.formats import _biff_places as place
from piiscan.formats import _biff_records as records
from piiscan.formats._biff_book import Book, read_book
from piiscan.formats._biff_cells import Notes, batches
from piiscan.formats._compound import MAGIC, Compound, names_in
from piiscan.formats._compound_items import object_items, property_items, slack_items
from piiscan.model import Format, Item, Limits, Place, Sheet, Skipped, Source, Text

_SUFFIXES = (".xls", ".xlt", ".xla", ".xlm", ".xlw")
_STREAMS = ("workbook", "book")
#: The first bytes of a stream of versions 5 and 8, looked for in compound files whose directory is damaged.
_STARTS = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")
_SEARCHED = 64 * 1024 * 1024


def sniff(source: Source) -> int:
    """90 for a workbook stream in a compound file or by itself, 45 for a damaged file with one, else 0."""
    head = source.head(16)
    if not head.startswith(MAGIC):
        return 90 if records.bof_version(head) else 0
    names = names_in(source.stream)
    if names:
        return 90 if any(name in names for name in _STREAMS) else 0
    start = source.head(1024 * 1024)
    return 42 if source.suffix in _SUFFIXES or any(mark in start for mark in _STARTS) else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Sheets, then other texts, then files inside; raises ``EncryptedError``, ``UnreadableError``, ``LimitError``."""
    source.stream.seek(0)
    if not source.head(8).startswith(MAGIC):
        yield from workbook_items(source.stream.read(), "", limits)
        return
    try:
        file = Compound(source.stream, limits)
    except UnreadableError:
        yield from _damaged_items(source, limits)
        return
    with file:
        yield from compound_items(file, limits)


def compound_items(file: Compound, limits: Limits) -> Iterator[Item]:
    """Everything in the compound file of a workbook; a file of two versions has two workbook streams."""
    streams = [path for name in _STREAMS if (path := file.find(name))]
    if not streams:
        raise UnreadableError("damaged")
    for number, path in enumerate(streams):
        try:
            yield from workbook_items(file.read(path), f"{path[0]}/" if number else "", limits)
        except UnreadableError:
            if number == 0 and len(streams) == 1:
                raise
            yield Skipped(path[0], "damaged")
    yield from property_items(file)
    yield from object_items(file, set(streams))
    yield from slack_items(file)


def _damaged_items(source: Source, limits: Limits) -> Iterator[Item]:
    """What can be saved of a file whose directory is damaged: the workbook stream, when it lies in one piece."""
    data = source.head(_SEARCHED)
    found = [at for mark in _STARTS if (at := data.find(mark)) >= 0]
    if not found:
        raise UnreadableError("damaged")
    yield from workbook_items(data[min(found) :], "", limits)
    yield Skipped("", "damaged")


def workbook_items(data: bytes, prefix: str, limits: Limits) -> Iterator[Item]:
    """All items of one workbook stream."""
    if not records.bof_version(data):
        raise UnreadableError("damaged")
    stream = records.read_stream(data)
    if stream.encrypted:
        raise EncryptedError("encrypted")
    book = read_book(stream)
    named = _named_sheets(stream, book, prefix)
    very_hidden = {entry.offset for entry in book.sheets if entry.very_hidden}
    notes: list[tuple[str, Notes]] = []
    for location, hidden, sheet in named:
        if sheet.kind == records.CHART and not sheet.cells:
            continue
        found = Notes()
        notes.append((location, found))
        yield Sheet(
            location=location,
            batches=batches(data, sheet, book, found, limits.cell_chars),
            hidden=hidden,
            merged=place.merged(data, sheet),
            hidden_rows=place.hidden_rows(data, sheet),
            hidden_columns=place.hidden_columns(data, sheet),
            very_hidden=sheet.start in very_hidden,
            filtered=place.filtered(sheet),
        )
    yield from _texts(stream, book, named, notes)
    if not stream.whole or not book.strings.whole:
        yield Skipped("", "damaged")
    if not named:
        yield Skipped("", "nothing_read")


def _named_sheets(stream: records.Stream, book: Book, prefix: str) -> list[tuple[str, bool, records.Substream]]:
    """Every sheet with its name; those that the workbook does not list are hidden and named by their number."""
    listed = {sheet.offset: sheet for sheet in book.sheets}
    kinds = (records.SHEET, records.CHART, records.MACRO)
    found = [s for s in stream.substreams if s.kind in kinds or (s.kind != records.GLOBALS and s.cells)]
    if found and not any(s.start in listed for s in found):
        # Offsets that lead nowhere: writers keep the order of the list.
        listed = {s.start: sheet for s, sheet in zip(found, book.sheets, strict=False)}
    taken: set[str] = set()
    named = []
    for number, sheet in enumerate(found, 1):
        entry = listed.get(sheet.start)
        location = f"{prefix}{entry.name}" if entry else f"{prefix}sheet {number}"
        while location in taken:
            location += " (2)"
        taken.add(location)
        named.append((location, bool(entry and entry.hidden) or (entry is None and bool(book.sheets)), sheet))
    return named


def _texts(
    stream: records.Stream,
    book: Book,
    named: list[tuple[str, bool, records.Substream]],
    notes: list[tuple[str, Notes]],
) -> Iterator[Item]:
    for entry in book.sheets:
        yield Text(Place(entry.name, "sheet_name", entry.hidden), entry.name)
    for location, found in notes:
        for ref, reading in found.readings:
            yield Text(Place(f"{location}!{ref}", "furigana", hidden=True), reading)
        for literal, ref in found.literals.items():
            yield Text(Place(f"{location}!{ref}", "other", hidden=True), literal)
        if found.bad_index:
            yield Skipped(location, "bad_string_index", partial=not book.strings.texts)
    own = {id(sheet): location for location, _, sheet in named}
    for sheet in stream.substreams:
        yield from _once(place.places(book, stream.data, sheet, own.get(id(sheet), "")))
    for index, text in enumerate(book.strings.texts):
        if not book.strings.used[index]:
            if text.strip():
                yield Text(Place("", "orphan_string", hidden=True), text)
            if index in book.strings.readings:
                yield Text(Place("", "furigana", hidden=True), book.strings.readings[index])


def _once(texts: Iterator[Text]) -> Iterator[Text]:
    seen: set[tuple[Place, str]] = set()
    for item in texts:
        if (item.place, item.text) not in seen:
            seen.add((item.place, item.text))
            yield item


FORMAT = Format(id="xls", label="Excel 97-2003 ブック", suffixes=_SUFFIXES, sniff=sniff, read=read)
