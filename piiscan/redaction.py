"""Plans and makes a redacted copy of one source: which cell gets what, the same for every place that repeats a value.

The source is read three times. First it is judged, like in a scan. Then its rewriter is walked through once without
changing anything, so that every value that must go is known. Only then is the copy written, so that a value is also
removed from the places that merely repeat it: notes, chart caches, sheet names, a column that nobody took for one.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from piiscan.errors import UnsafeCopyError
from piiscan.inspection import Inspection, Knowledge, inspect, member_source, sniff
from piiscan.judge.sheets import Edit, SheetJudgement
from piiscan.judge.texts import find_spans
from piiscan.model import Editor, Limits, Member, Place, Source, Status
from piiscan.text import fold

#: Shorter values occur in other words; they are removed where they stand, not searched for elsewhere.
DISTINCTIVE = {
    "person_name": 3,
    "person_name_kana": 4,
    "person_name_romaji": 6,
    "address": 6,
    "phone": 9,
    "fax": 9,
    "email": 6,
    "postal_code": 8,
    "birth_date": 10,
}
DISTINCTIVE_OTHER = 7

#: Gives the replacement of a value of an entity; None when the entity is kept.
Replace = Callable[[str, str], str | None]


@dataclass
class Removed:
    """Values that must not be in the copy → what stands for them. Held in memory only while the copy is made."""

    values: dict[str, str] = field(default_factory=dict, repr=False)
    counts: Counter[str] = field(default_factory=Counter)

    def remember(self, entity: str, text: str, replacement: str) -> None:
        """Notes a removed value if it is long enough to be recognised elsewhere."""
        value = text.strip()
        if len(fold(value)) >= DISTINCTIVE.get(entity, DISTINCTIVE_OTHER) and value != replacement:
            self.values.setdefault(value, replacement.strip())


@dataclass(frozen=True)
class _Copy:
    """One pass through a source. ``collect`` True: nothing is changed, removed values are gathered."""

    inspection: Inspection
    known: Knowledge
    limits: Limits
    replace: Replace
    removed: Removed
    collect: bool


def make_copy(
    source: Source, out: BinaryIO, known: Knowledge, limits: Limits, secret: bytes, replace: Replace
) -> Removed:
    """Writes the redacted copy of a source; gives what was removed from it.

    Raises ``UnsafeCopyError`` when the source could not be read whole or its format cannot be written.
    """
    inspection = inspect(source, known, limits, secret)
    for report in inspection.reports:
        if report.status is not Status.SCANNED:
            raise UnsafeCopyError("copy_not_read_whole", place=report.member or "", why=report.status_reason or "")
    removed = Removed()
    _rewrite(source, io.BytesIO(), _Copy(inspection, known, limits, replace, removed, collect=True))
    removed.counts.clear()
    written = _rewrite(source, out, _Copy(inspection, known, limits, replace, removed, collect=False))
    if not written:
        source.stream.seek(0)
        while chunk := source.stream.read(1024 * 1024):
            out.write(chunk)
    return removed


def _rewrite(source: Source, out: BinaryIO, copy: _Copy) -> bool:
    """Rewrites one source; False when there was nothing in it to write (an empty file, an unknown format inside)."""
    format_ = sniff(source, copy.known.formats)
    if format_ is None:
        raise UnsafeCopyError("copy_unknown_format", place=source.member or "")
    if format_.rewrite is None:
        if _holds_anything(copy.inspection, source.member):
            raise UnsafeCopyError("copy_format_not_written", place=source.member or "", format=format_.label)
        return False
    sheets = {location: j for (member, location), j in copy.inspection.sheets.items() if member == source.member}
    substitute = _substituter(copy.removed.values) if not copy.collect else None
    format_.rewrite(source, out, _editor(source, sheets, copy, substitute), copy.limits)
    return True


def _holds_anything(inspection: Inspection, member: str | None) -> bool:
    report = next(r for r in inspection.reports if r.member == member)
    return bool(report.findings) or any(c.entity and c.values for t in report.tables for c in t.columns)


def _editor(
    source: Source,
    sheets: Mapping[str, SheetJudgement],
    copy: _Copy,
    substitute: Callable[[str], str] | None,
) -> Editor:
    def cell(sheet: str, row: int, column: int, text: str) -> str | None:
        entity = _entity_of(sheets.get(sheet), row, column) if text.strip() else None
        if entity is None:
            return changed(text, edit_text(text))
        replacement = copy.replace(entity, text)
        if replacement is None:
            return changed(text, edit_text(text))
        copy.removed.remember(entity, text, replacement)
        copy.removed.counts[entity] += 1
        return changed(text, replacement)

    def text(place: Place, value: str, first_line: int) -> str | None:
        del place, first_line
        return changed(value, edit_text(value))

    def edit_text(value: str) -> str:
        edited = _mask_spans(value, copy)
        return substitute(edited) if substitute else edited

    def changed(before: str, after: str) -> str | None:
        return after if after != before and not copy.collect else None

    def member(name: str, stream: BinaryIO) -> bytes | None:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        inner = member_source(source, Member(name, stream, size))
        out = io.BytesIO()
        if not _rewrite(inner, out, copy):
            return None
        stream.seek(0)
        data = out.getvalue()
        return None if copy.collect or data == stream.read() else data

    return Editor(cell, text, member)


def _entity_of(judgement: SheetJudgement | None, row: int, column: int) -> str | None:
    """The entity of a cell by its column or its label; None for headers and for columns that hold nothing personal."""
    if judgement is None:
        return None
    found = judgement.cells.get((row, column))
    if found:
        return found
    return next((e.columns[column] for e in judgement.edits if column in e.columns and _in_rows(e, row)), None)


def _in_rows(edit: Edit, row: int) -> bool:
    return edit.first_row <= row and (edit.last_row is None or row <= edit.last_row) and row not in edit.header_rows


def _mask_spans(value: str, copy: _Copy) -> str:
    """Running text with only the finds replaced."""
    out, position = [], 0
    for span in find_spans(value, copy.known.detectors):
        found = value[span.start : span.end]
        replacement = copy.replace(span.entity, found)
        if replacement is None:
            continue
        copy.removed.remember(span.entity, found, replacement)
        copy.removed.counts[span.entity] += 1
        out += [value[position : span.start], replacement]
        position = span.end
    return "".join([*out, value[position:]]) if out else value


def _substituter(values: Mapping[str, str]) -> Callable[[str], str] | None:
    """Replaces every removed value wherever it stands in a text, longest first at each place."""
    if not values:
        return None
    from ahocorasick_rs import AhoCorasick, MatchKind

    patterns = list(values)
    automaton = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest)

    def substitute(text: str) -> str:
        out, position = [], 0
        for index, start, end in automaton.find_matches_as_indexes(text):
            out += [text[position:start], values[patterns[index]]]
            position = end
        return "".join([*out, text[position:]]) if out else text

    return substitute
