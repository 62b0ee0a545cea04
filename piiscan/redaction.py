"""Plans and makes a redacted copy of one source: which cell gets what, the same for every place that repeats a value.

The source is read three times. First it is judged, like in a scan. Then its rewriter is walked through once without
changing anything, so that every value that must go is known. Only then is the copy written, so that a value is also
removed from the places that merely repeat it: notes, chart caches, sheet names, a column that nobody took for one.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as dataclass_with
from typing import Any, BinaryIO, NamedTuple, cast

from piiscan import unread
from piiscan.errors import UnsafeCopyError
from piiscan.inspection import Inspection, Knowledge, inspect, member_source, sniff
from piiscan.judge.searching import Span
from piiscan.judge.sheets import Edit, SheetJudgement
from piiscan.judge.texts import find_in_place, find_spans
from piiscan.leftovers import Search, searcher
from piiscan.lexicon.names import full_name_score
from piiscan.model import Editor, FileReport, Limits, Member, Place, Source
from piiscan.removed import HALVES, Removed, finder
from piiscan.text import cell_ref

#: Stands for a sign of a text that is already dealt with; a private character, in no value.
_TAKEN = "\ue000"


class At(NamedTuple):
    """A cell: the file it is in (None for the outermost), the sheet, row and column from 0."""

    member: str | None
    sheet: str
    row: int
    column: int


#: Gives the replacement of a value of an entity, None when the entity is kept; with the cell, None in running text.
Replace = Callable[[str, str, At | None], str | None]


@dataclass
class Left:
    """What a second look still finds in a copy. ``counts``: entity → places; ``places``: where a removed value stands;
    ``reports``: what a scan says of it."""

    counts: Counter[str] = field(default_factory=Counter)
    places: list[str] = field(default_factory=list)
    reports: tuple[FileReport, ...] = ()


@dataclass(frozen=True)
class _Pass:
    """One pass through a source. ``typed`` answers for a cell of an entity, ``other`` for any other text.

    ``typed`` gets entity, text, cell and place in words; ``other`` text and place in words, then the entity of
    the column for a cell of one that is kept, and for what is no cell the ``where`` of its place.
    """

    inspection: Inspection
    known: Knowledge
    limits: Limits
    typed: Callable[[str, str, At, str], str | None]
    other: Callable[..., str | None]
    changes: bool
    look_inside: Callable[[BinaryIO, str], None] | None = None
    any_cell: Callable[[str | None, str, At], str | None] | None = None
    any_text: Callable[[str, Place], str | None] | None = None


def make_copy(
    source: Source,
    out: BinaryIO,
    known: Knowledge,
    limits: Limits,
    secret: bytes,
    replace: Replace,
    unknown: str = unread.STOP,
) -> tuple[Removed, Inspection]:
    """Writes the redacted copy of a source; gives what was removed from it, and what the source is.

    Raises ``UnsafeCopyError`` when the source could not be read whole or its format cannot be written.
    """
    inspection = inspect_whole(source, known, limits, secret, unknown=unknown)
    removed = collect(source, inspection, known, limits, replace)
    write(source, out, inspection, known, limits, replace, removed)
    return removed, inspection


def inspect_whole(
    source: Source,
    known: Knowledge,
    limits: Limits,
    secret: bytes,
    refusal: str = "copy_not_read_whole",
    *,
    unknown: str = unread.STOP,
) -> Inspection:
    """Judges a source, and decides what becomes of what in it was not read by the policy ``unknown``.

    Raises ``UnsafeCopyError`` with the reason ``refusal`` when that cannot be.
    """
    inspection = inspect(source, known, limits, secret)
    return dataclass_with(inspection, unread=unread.decide(inspection.reports, known.formats, unknown, refusal))


def collect(source: Source, inspection: Inspection, known: Knowledge, limits: Limits, replace: Replace) -> Removed:
    """Walks through a source without changing it, and gives the values that must go."""
    removed = Removed()
    _rewrite(source, _nowhere(), _collecting(inspection, known, limits, replace, removed))
    return removed


def write(
    source: Source,
    out: BinaryIO,
    inspection: Inspection,
    known: Knowledge,
    limits: Limits,
    replace: Replace,
    removed: Removed,
) -> None:
    """Writes the copy in which what was collected is replaced everywhere."""
    _through(source, out, _writing(inspection, known, limits, replace, removed))


def _through(source: Source, out: BinaryIO, walk: _Pass) -> None:
    if not _rewrite(source, out, walk):
        source.stream.seek(0)
        while chunk := source.stream.read(1024 * 1024):
            out.write(chunk)


def look_again(
    copy: Source,
    known: Knowledge,
    limits: Limits,
    secret: bytes,
    replace: Replace,
    removed: Removed,
    left_in: unread.Unread = unread.Unread(),  # noqa: B008  frozen
) -> Left:
    """What a finished copy still holds that the rules wanted gone, found by reading it as if it were to be redacted.

    Replacements that this run made and entities that the rules keep are no finds. Every text is also searched for
    every removed value, decoded as its format says: cells, mail bodies, names, attachments. ``left_in``: what stays as
    it was, by the user's will. Raises ``UnsafeCopyError`` when there is anything else in the copy that cannot be read.
    """
    unknown = left_in.policy if left_in.policy == unread.KEEP else unread.STOP
    inspection = inspect_whole(copy, known, limits, secret, "copy_does_not_open", unknown=unknown)
    if len(inspection.unread.fates) > len(left_in.fates):
        raise UnsafeCopyError("copy_does_not_open")
    if left_in.policy == unread.DROP:
        unread.check_gone(inspection.reports)
    left = Left(reports=inspection.reports)
    search = searcher(removed.values)
    left.places += search(copy.stream)
    copy.stream.seek(0)
    _rewrite(copy, _nowhere(), _looking(inspection, known, limits, replace, removed, left, search))
    left.places = [place for place in left.places if not inspection.unread.kept(place)]
    return left


def walk_through(
    source: Source,
    out: BinaryIO | None,
    inspection: Inspection,
    known: Knowledge,
    limits: Limits,
    *,
    cell: Callable[[str | None, str, At], str | None],
    text: Callable[[str, Place], str | None],
    look_inside: Callable[[BinaryIO, str], None] | None = None,
) -> None:
    """Asks about every cell (with its entity, if any) and every text; writes what is answered when there is an ``out``.

    ``look_inside`` is shown every file in the source that is not part of an Office package.
    """
    walk = _Pass(inspection, known, limits, _no_answer, _no_answer, out is not None, look_inside, cell, text)
    if out is None:
        _rewrite(source, _nowhere(), walk)
    else:
        _through(source, out, walk)


def _no_answer(*_: object) -> None:
    return None


# ---------------------------------------------------------------- the three passes


def _collecting(inspection: Inspection, known: Knowledge, limits: Limits, replace: Replace, removed: Removed) -> _Pass:
    """Changes nothing and gathers the values that must go."""
    halves: dict[tuple[str | None, str, int, str], dict[int, tuple[str, str]]] = {}

    def typed(entity: str, text: str, at: At, place: str) -> None:
        replacement = replace(entity, text, at)
        if replacement is None:
            return other(text, place, entity)
        removed.remember(entity, text, replacement)
        if entity in HALVES:
            whole, half = HALVES[entity]
            pair = halves.setdefault((at.member, at.sheet, at.row, whole), {})
            pair.setdefault(half, (text, replacement))
            if len(pair) == 2:
                removed.remember_name(whole, halves.pop((at.member, at.sheet, at.row, whole)))
        return None

    def other(text: str, _place: str, column: str | None = None, where: str = "") -> None:
        for span, found, replacement in _spans(text, known, replace, column, where):
            removed.remember(span.entity, found, replacement)

    return _Pass(inspection, known, limits, typed, other, changes=False)


def _writing(inspection: Inspection, known: Knowledge, limits: Limits, replace: Replace, removed: Removed) -> _Pass:
    """Replaces finds, and everywhere else the values that were gathered."""
    find = finder(removed.values)

    def typed(entity: str, text: str, at: At, place: str) -> str | None:
        replacement = replace(entity, text, at)
        if replacement is None:
            return other(text, place, entity)
        if replacement != text:
            removed.counts[entity] += 1
        return replacement

    def other(text: str, _place: str, column: str | None = None, where: str = "") -> str:
        spans = []
        for span, found, replacement in _spans(text, known, replace, column, where):
            spans.append((span.start, span.end, replacement))
            if replacement != found:
                removed.counts[span.entity] += 1
        # What was put in is not searched: it may be like a value that stands elsewhere.
        rest = _spliced(text, [(start, end, _TAKEN * (end - start)) for start, end, _ in spans])
        spans += [(start, end, removed.values[value]) for start, end, value in find(rest)]
        return _spliced(text, sorted(spans))

    return _Pass(inspection, known, limits, typed, other, changes=True)


def _looking(
    inspection: Inspection,
    known: Knowledge,
    limits: Limits,
    replace: Replace,
    removed: Removed,
    left: Left,
    search: Search,
) -> _Pass:
    """Changes nothing and books whatever a redaction of the copy would change again."""
    find = finder(removed.values)

    def typed(entity: str, text: str, at: At, place: str) -> None:
        if text.strip() in removed.made:
            return None
        replacement = replace(entity, text, at)
        if replacement is None:
            return other(text, place, entity)
        if replacement != text:
            left.counts[entity] += 1
        return None

    def other(text: str, place: str, column: str | None = None, where: str = "") -> None:
        for span, found, replacement in _spans(text, known, replace, column, where):
            if replacement != found and found.strip() not in removed.made:
                left.counts[span.entity] += 1
        if text.strip() not in removed.made and next(find(text), None):
            left.places.append(place)

    def look_inside(stream: BinaryIO, name: str) -> None:
        left.places.extend(f"{name}/{part}" if part else name for part in search(stream))
        stream.seek(0)

    return _Pass(inspection, known, limits, typed, other, changes=False, look_inside=look_inside)


def _spans(
    text: str, known: Knowledge, replace: Replace, column: str | None, where: str
) -> Iterator[tuple[Span, str, str]]:
    """The finds in running text, or in a cell of a column that is kept, with their text and their replacement."""
    detectors = known.detectors
    for span in find_in_place(text, where, detectors) if where else find_spans(text, detectors, column):
        found = text[span.start : span.end]
        replacement = replace(span.entity, found, None)
        if replacement is not None:
            yield span, found, replacement


def _spliced(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    """The text with every (start, end, new) replaced; in rising order, none overlapping another."""
    out, position = [], 0
    for start, end, new in edits:
        out += [text[position:start], new]
        position = end
    return "".join([*out, text[position:]]) if out else text


# ---------------------------------------------------------------- walking through a source


class _Nowhere(io.RawIOBase):
    """Takes what a pass writes that is only there to ask; knows how much it was."""

    _at = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any, /) -> int:
        """Counts, keeps nothing."""
        size = memoryview(data).nbytes
        self._at += size
        return size

    def tell(self) -> int:
        """The number of bytes written."""
        return self._at


def _nowhere() -> BinaryIO:
    return cast(BinaryIO, _Nowhere())


def _rewrite(source: Source, out: BinaryIO, walk: _Pass) -> bool:
    """Rewrites one source; False when its format is only read and there is nothing in it to remove."""
    format_ = sniff(source, walk.known.formats)
    if format_ is None:
        raise UnsafeCopyError("copy_unknown_format", place=source.member or "")
    if format_.rewrite is None:
        if _holds_anything(walk.inspection, source.member):
            raise UnsafeCopyError("copy_format_not_written", place=source.member or "", format=format_.label)
        return False
    format_.rewrite(source, out, _editor(source, walk), walk.limits)
    return True


def _holds_anything(inspection: Inspection, member: str | None) -> bool:
    """Whether a source, or a file in it that cannot be reached without rewriting it, holds personal data."""
    inside = f"{member}/" if member else ""
    return any(
        r.findings or any(c.entity and c.values for t in r.tables for c in t.columns)
        for r in inspection.reports
        if r.member == member or (r.member or "").startswith(inside)
    )


def _editor(source: Source, walk: _Pass) -> Editor:
    sheets = {location: j for (member, location), j in walk.inspection.sheets.items() if member == source.member}
    way = f"{source.member}: " if source.member else ""
    in_package = source.head(2) == b"PK"

    def cell(sheet: str, row: int, column: int, text: str) -> str | None:
        if not text.strip():
            return None
        place = f"{way}{sheet}!{cell_ref(row, column)}" if sheet else f"{way}{cell_ref(row, column)}"
        entity = _entity_of(sheets.get(sheet), row, column, text)
        if walk.any_cell:
            return walk.any_cell(entity, text, At(source.member, sheet, row, column))
        new = (
            walk.typed(entity, text, At(source.member, sheet, row, column), place)
            if entity
            else walk.other(text, place)
        )
        return new if new != text else None

    def text(place: Place, value: str, _first_line: int) -> str | None:
        if walk.any_text:
            return walk.any_text(value, place)
        new = walk.other(value, f"{way}{place.location or place.where}", None, place.where)
        return new if new != value else None

    def member(name: str, stream: BinaryIO) -> bytes | None:
        if fate(name) != unread.STOP:
            return None
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        inner = member_source(source, Member(name, stream, size))
        if walk.look_inside and not in_package:  # packages have been searched with all that is in them
            walk.look_inside(stream, inner.member or name)
        out = io.BytesIO() if walk.changes else _nowhere()
        if not _rewrite(inner, out, walk) or not isinstance(out, io.BytesIO):
            return None
        stream.seek(0)
        data = out.getvalue()
        return None if data == stream.read() else data

    def fate(location: str) -> str:
        return walk.inspection.unread.fate(source.member, location)

    return Editor(cell, text, member, fate)


def _entity_of(judgement: SheetJudgement | None, row: int, column: int, text: str) -> str | None:
    """The entity of a cell by its column or its label; None for headers and for columns that hold nothing personal.
    In a column of firms with people among them, a cell that reads like a name is one."""
    if judgement is None:
        return None
    found = judgement.cells.get((row, column))
    if found:
        return found
    edit = next((e for e in judgement.edits if column in e.columns and _in_rows(e, row)), None)
    if edit is None:
        return None
    return "person_name" if column in edit.people_among and full_name_score(text) >= 0.5 else edit.columns[column]


def _in_rows(edit: Edit, row: int) -> bool:
    return edit.first_row <= row and (edit.last_row is None or row <= edit.last_row) and row not in edit.header_rows
