"""Calendars (iCalendar): the words of every entry, and who takes part, as ``name <address>``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import BinaryIO

from piiscan.encoding import decode
from piiscan.formats import _slots
from piiscan.formats._content_lines import Property, in_parameter, properties, spoken, value_edits, value_view, writer
from piiscan.formats._mail_view import Piece, View
from piiscan.formats._slots import Slot
from piiscan.model import Editor, Format, Item, Limits, Place, Source

SUFFIXES = (".ics", ".ical", ".ifb", ".vcs")
#: Properties that say nothing about people: times, numbers, states.
_SILENT = frozenset(
    [
        "BEGIN",
        "END",
        "VERSION",
        "PRODID",
        "CALSCALE",
        "METHOD",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "DUE",
        "DURATION",
        "CREATED",
        "LAST-MODIFIED",
        "SEQUENCE",
        "STATUS",
        "TRANSP",
        "CLASS",
        "PRIORITY",
        "RRULE",
        "EXDATE",
        "RDATE",
        "TRIGGER",
        "ACTION",
        "TZID",
        "TZOFFSETFROM",
        "TZOFFSETTO",
        "TZNAME",
        "PERCENT-COMPLETE",
        "COMPLETED",
        "RECURRENCE-ID",
        "GEO",
        "REPEAT",
        "FREEBUSY",
    ]
)
_MAILTO = re.compile(r"mailto:", re.IGNORECASE)


def sniff(source: Source) -> int:
    """90 for a file that begins with a calendar."""
    encoding = source.encoding()
    if encoding is None:
        return 0
    start = decode(source.head(64)[encoding.bom_length :], encoding)[0].lstrip()
    return 90 if start.upper().startswith("BEGIN:VCALENDAR") else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:  # noqa: ARG001 -- the size is bounded
    """A text for each property with words."""
    if not source.size:
        return
    found = _slots.content(source)
    yield from _slots.items(_texts(found.text), {})
    yield from _slots.damage(found)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:  # noqa: ARG001
    """Copies the calendar; only changed words differ."""
    if not source.size:
        return
    found = _slots.content(source)
    _slots.rewrite(source, found, _texts(found.text), out, editor)


def _texts(text: str) -> Iterator[Slot]:
    entry, number, line_number, at = "", 0, 1, 0
    for line in properties(text):
        line_number += text.count("\n", at, line.start)
        at = line.start
        if line.name == "BEGIN":
            entry = text[line.start : line.end].strip().upper()
            number += entry in ("VEVENT", "VTODO", "VJOURNAL")
        if line.name in _SILENT or line.binary:
            continue
        person = line.name in ("ATTENDEE", "ORGANIZER")
        place = Place(f"{entry} {number} {line.name}".strip(), "text")
        for label, view in spoken(text, line):
            if not (person and label == "CN"):
                inside = Place(f"{place.location} {label}", "text", hidden=True)
                yield Slot(view.text, partial(value_edits, view, in_parameter), place=inside, first_line=line_number)
        view = _person(text, line) if person else value_view(text, line, line.start, line.end)
        if view.text.strip():
            edits = partial(value_edits, view, in_parameter if person else writer(text, line))
            yield Slot(view.text, edits, place=place, first_line=line_number)


def _person(text: str, line: Property) -> View:
    """``name <address>`` from the CN parameter and the value."""
    address = _MAILTO.match(text, line.start, line.end)
    start = address.end() if address else line.start
    value = list(value_view(text, line, start, line.end).pieces)
    name = next((view for label, view in spoken(text, line) if label == "CN"), None)
    if name is None:
        return View(value)
    shown: Sequence[Piece] = name.pieces
    return View([*shown, (start, start, " <"), *value, (line.end, line.end, ">")])


FORMAT = Format(id="ics", label="iCalendar", suffixes=SUFFIXES, sniff=sniff, read=read, rewrite=rewrite)
