"""Walks through a source with one pass: its rewriter, or its reader, asks about every place, and the pass answers."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace as dataclass_with
from itertools import groupby
from typing import Any, BinaryIO, cast

from piiscan.copies.passes import At, Column, Pass
from piiscan.copies.removed import HALVES
from piiscan.errors import UnsafeCopyError
from piiscan.inspection import unread
from piiscan.inspection.asking import WORTH, Asking
from piiscan.inspection.inspecting import Inspection, member_source, sniff
from piiscan.judge.sheets import Edit, SheetJudgement
from piiscan.judge.vocabulary import is_header_word
from piiscan.lexicon.names import full_name_score
from piiscan.model import Editor, Member, Place, Source
from piiscan.prose.finding import HEADER
from piiscan.text import cell_ref, column_letters


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


def nowhere() -> BinaryIO:
    """A stream that keeps nothing."""
    return cast(BinaryIO, _Nowhere())


def asking_of(source: Source, walk: Pass) -> Asking | None:
    """A pass that only asks, to be made while the source is read; None for a small one."""
    if source.size <= WORTH:
        return None

    def editor(location: str, judgement: SheetJudgement) -> Editor:
        judged = Inspection((), {(source.member, location): judgement})
        return _editor(source, dataclass_with(walk, inspection=judged))

    return Asking(editor)


def was_asked(asking: Asking | None) -> bool:
    """Whether a pass is through."""
    if asking is None or not asking.whole:
        return False
    asking.finish()
    return True


def rewritten(source: Source, out: BinaryIO, walk: Pass) -> bool:
    """Rewrites one source; False when its format is only read and there is nothing in it to remove."""
    format_ = sniff(source, walk.known.formats)
    if format_ is None:
        raise UnsafeCopyError("copy_unknown_format", place=source.member or "")
    if format_.rewrite is None:
        if _holds_anything(walk.inspection, source.member):
            reason = unread.WAYS_OUT.get(format_.id, "copy_format_not_written")
            raise UnsafeCopyError(reason, place=source.member or "", format=format_.label)
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


def _editor(source: Source, walk: Pass) -> Editor:
    sheets = {location: j for (member, location), j in walk.inspection.sheets.items() if member == source.member}
    way = f"{source.member}: " if source.member else ""
    in_package = source.head(2) == b"PK"

    def cell(sheet: str, row: int, column: int, text: str) -> str | None:
        return cells(sheet, (row,), column, (text,))[0]

    headers = {location: _header_rows(judgement) for location, judgement in sheets.items()}

    def cells(sheet: str, rows: Sequence[int], column: int, texts: Sequence[str]) -> list[str | None]:
        heads = headers.get(sheet, frozenset())
        start = f"{way}{sheet}!{column_letters(column)}" if sheet else f"{way}{column_letters(column)}"
        answers: list[str | None] = []
        for row, text, entity in zip(rows, texts, _entity_of_each(sheets.get(sheet), rows, column, texts), strict=True):
            new: str | None = None
            if not text.strip():
                pass
            elif walk.any_cell:
                new = walk.any_cell(entity, text, At(source.member, sheet, row, column))
            elif entity:
                new = walk.typed(entity, text, At(source.member, sheet, row, column), f"{start}{row + 1}")
            else:
                new = walk.other(text, f"{start}{row + 1}", _kind(row in heads, text, walk))
            answers.append(new if new != text or walk.any_cell else None)
        return answers

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
        out = io.BytesIO() if walk.changes else nowhere()
        if not rewritten(inner, out, walk) or not isinstance(out, io.BytesIO):
            return None
        stream.seek(0)
        data = out.getvalue()
        return None if data == stream.read() else data

    def fate(location: str) -> str:
        return walk.inspection.unread.fate(source.member, location)

    columns = _columns(sheets, headers, way, walk.column, cells) if walk.column else cells
    return Editor(cell, text, member, fate, gives_back=walk.any_cell is not None, column=columns)


_Cells = Callable[[str, Sequence[int], int, Sequence[str]], "list[str | None]"]


def _columns(
    sheets: Mapping[str, SheetJudgement],
    headers: Mapping[str, frozenset[int]],
    way: str,
    answer: Column,
    cells: _Cells,
) -> Callable[[str, Sequence[int], int, Sequence[str]], Sequence[str | None]]:
    """Asks ``answer`` about the cells of a column together where it can, ``cells`` about each where it cannot."""

    def column(sheet: str, rows: Sequence[int], index: int, texts: Sequence[str]) -> Sequence[str | None]:
        heads = headers.get(sheet, frozenset())
        if heads.isdisjoint(rows):
            return together(sheet, rows, index, texts)
        # Headers are asked about one by one, and the rows between them together.
        answers: list[str | None] = []
        for in_header, group in groupby(zip(rows, texts, strict=True), lambda cell: cell[0] in heads):
            numbers, values = zip(*group, strict=True)
            answers += (cells if in_header else together)(sheet, numbers, index, values)
        return answers

    def together(sheet: str, rows: Sequence[int], index: int, texts: Sequence[str]) -> Sequence[str | None]:
        entities = _entities_of(sheets.get(sheet), rows, index)
        if entities is None:
            return cells(sheet, rows, index, texts)

        def place(chosen: Sequence[int]) -> Callable[[int], str]:
            start = f"{way}{sheet}!" if sheet else way
            return lambda i: start + cell_ref(rows[chosen[i]], index)

        answers: list[str | None] = [None] * len(texts)
        kinds = dict.fromkeys(entities)
        if len(kinds) == 1:
            return answer(entities[0], texts, place(range(len(texts))))
        for entity in kinds:
            chosen = [i for i, found in enumerate(entities) if found == entity]
            for i, new in zip(chosen, answer(entity, [texts[i] for i in chosen], place(chosen)), strict=True):
                answers[i] = new
        return answers

    return column


def _kind(in_header: bool, text: str, walk: Pass) -> str | None:
    return HEADER if in_header and is_header_word(text, walk.known.policy) else None


def _header_rows(judgement: SheetJudgement) -> frozenset[int]:
    """The rows of a sheet, from 0, in which headers stand and nothing else."""
    return frozenset(row for edit in judgement.edits for row in edit.header_rows)


def _entity_of_each(
    judgement: SheetJudgement | None, rows: Sequence[int], column: int, texts: Sequence[str]
) -> Sequence[str | None]:
    """The entities of cells of one column."""
    if judgement is None:
        return [None] * len(rows)
    edits = [e for e in judgement.edits if column in e.columns]
    if judgement.cells or len(edits) != 1 or column in edits[0].people_among:
        return [_entity_of(judgement, row, column, text) for row, text in zip(rows, texts, strict=True)]
    edit, entity = edits[0], edits[0].columns[column]
    return [entity if _in_rows(edit, row) else None for row in rows]


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


def _entities_of(judgement: SheetJudgement | None, rows: Sequence[int], column: int) -> list[str | None] | None:
    """The entities of cells of one column; None when each cell must be looked at for that."""
    if judgement is None:
        return [None] * len(rows)
    edits = [e for e in judgement.edits if column in e.columns]
    if judgement.cells or any(column in e.people_among or e.columns[column] in HALVES for e in edits):
        return None
    if len(edits) == 1 and not edits[0].header_rows.intersection(rows):
        edit = edits[0]
        if edit.first_row <= min(rows) and (edit.last_row is None or max(rows) <= edit.last_row):
            return [edit.columns[column]] * len(rows)
    return [next((e.columns[column] for e in edits if _in_rows(e, row)), None) for row in rows]


def _in_rows(edit: Edit, row: int) -> bool:
    return edit.first_row <= row and (edit.last_row is None or row <= edit.last_row) and row not in edit.header_rows


def copied_through(source: Source, out: BinaryIO, walk: Pass) -> None:
    """Rewrites one source, or copies it as it is where nothing in it has to be removed."""
    if not rewritten(source, out, walk):
        source.stream.seek(0)
        while chunk := source.stream.read(1024 * 1024):
            out.write(chunk)
