"""Findings and people in running text: bodies, headers, comments, properties, and whatever is not a cell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate, zip_longest

from piiscan.model import Detector, Finding, Text
from piiscan.prose.finding import find_in_place
from piiscan.prose.searching import Span
from piiscan.text import fold_name, shape

#: Places whose text is the document itself, so that the people in it count; elsewhere names are by-products.
TOLD_BY_PEOPLE = ("text", "mail_header", "comment")
SHOWN = 200


@dataclass
class DocumentTally:
    """What running text of one file has shown so far. ``names`` and ``mails`` are folded, held only while counting."""

    findings: dict[tuple[str, str, str], Finding] = field(default_factory=dict)
    names: set[str] = field(default_factory=set, repr=False)
    readings: set[str] = field(default_factory=set, repr=False)
    mails: set[str] = field(default_factory=set, repr=False)
    concerned: dict[str, int] = field(default_factory=dict)

    def add(self, text: Text, detectors: Mapping[str, Detector]) -> None:
        """Books the finds of one text."""
        spans = find_in_place(text.text, text.place.where, detectors)
        if not spans:
            return
        starts = [0, *accumulate(len(line) for line in text.text.splitlines(keepends=True))]
        for span in spans:
            self._book(text, span, starts)

    def _book(self, text: Text, span: Span, starts: list[int]) -> None:
        value = text.text[span.start : span.end]
        location = _location(text, span.start, starts)
        key = (span.entity, location, text.place.where)
        if key not in self.findings and len(self.findings) >= SHOWN:
            location = text.place.location or "…"
            key = (span.entity, location, text.place.where)
        old = self.findings.get(key)
        count = old.count + 1 if old else 1
        self.findings[key] = Finding(
            span.entity, location, text.place.where, count, span.confidence, shape(value), text.place.hidden
        )
        self.concerned[span.entity] = self.concerned.get(span.entity, 0) + 1
        if text.place.where in TOLD_BY_PEOPLE:
            if span.entity in ("person_name", "person_name_romaji"):
                self.names.add(fold_name(value))
            elif span.entity == "person_name_kana":
                self.readings.add(fold_name(value))
            elif span.entity == "email":
                self.mails.add(value.strip().casefold())

    def people(self) -> tuple[list[str], str]:
        """The people named, as values to be hashed and their kind: names without those that only shorten another,
        or the mail addresses where these are more."""
        whole = sorted(self.names or self.readings)  # a reading stands for a person only where no name does
        names = [n for n, longer in zip_longest(whole, whole[1:], fillvalue="") if not longer.startswith(n)]
        if len(self.mails) > len(names):
            return sorted(self.mails), "plain"
        return names, "name"


def _location(text: Text, offset: int, starts: list[int]) -> str:
    """``line:column`` in the file's own text, the part with line and column elsewhere, the part alone for one line."""
    line = bisect_right(starts, offset) - 1
    position = f"{text.first_line + line}:{offset - starts[line] + 1}"
    if not text.place.location:
        return position
    return (
        f"{text.place.location}:{position}" if len(starts) > 2 and text.place.where == "text" else text.place.location
    )
