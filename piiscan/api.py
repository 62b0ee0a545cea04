"""What a Python program or a notebook calls: paths, bytes and pandas frames in, reports and frames out."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from os import PathLike, fspath
from typing import TYPE_CHECKING

from piiscan.inspection.knowledge import Knowledge, knowledge
from piiscan.judge.sheets import SheetJudgement, judge_sheet
from piiscan.model import Batch, FileReport, Records, ScanOptions, Sheet, Table

if TYPE_CHECKING:
    import pandas as pd


def scan(
    source: str | PathLike[str] | bytes, *, name: str = "", options: ScanOptions | None = None
) -> list[FileReport]:
    """The reports of a file, a folder, or the bytes of one file (``name`` gives its suffix).

    Files inside files have reports of their own. What cannot be read is a report with that status, never an
    exception; ``UsageError`` is raised for a mistake in a rule file. Nothing is isolated in a process of its own
    unless ``options.isolate`` says so: that is for the command line and for files from strangers.
    """
    from piiscan import pipeline

    options = options or ScanOptions(isolate=False)
    if isinstance(source, bytes):
        return list(pipeline.scan_stream(io.BytesIO(source), name, options))
    return list(pipeline.scan([fspath(source)], options))


def scan_frame(frame: pd.DataFrame, *, rules: tuple[str, ...] = ()) -> Table:
    """The verdict on a pandas frame: one table, its columns by position, ``name`` the column's label.

    An index that does more than count follows behind the columns. Missing values are empty cells. The frame is not changed.
    """
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(frame.index.dtype):
        frame = pd.concat([frame.reset_index(drop=True), frame.index.to_frame(index=False)], axis=1)
    judgement = _judge_frame(frame, rules)
    if not judgement.tables:  # a frame without columns
        return Table("", False, (1,), 2, max(2, len(frame) + 1), len(frame), Records.NONE, 0, True, ())
    return judgement.tables[0]


def redact_frame(
    frame: pd.DataFrame,
    *,
    profile: str = "default",
    actions: dict[str, str] | None = None,
    rules: tuple[str, ...] = (),
) -> pd.DataFrame:
    """A copy of the frame in which personal data is replaced by the profile's actions.

    ``actions``: entity → action with options, as in ``{"address": "generalise:place=city"}``. Columns without personal
    data keep their type; in the others every value that is replaced becomes a string. The index is treated as columns in
    front unless it only counts, and a label of a column that names somebody is replaced too.
    """
    import pandas as pd

    if pd.api.types.is_numeric_dtype(frame.index.dtype):
        return _redacted(frame, profile, actions, rules)
    front = frame.index.to_frame(index=False)
    whole = _redacted(pd.concat([front, frame.reset_index(drop=True)], axis=1), profile, actions, rules)
    index, copy = whole.iloc[:, : front.shape[1]], whole.iloc[:, front.shape[1] :]
    names = list(frame.index.names)
    made = (
        pd.MultiIndex.from_frame(index, names=names) if len(names) > 1 else pd.Index(index.iloc[:, 0]).rename(names[0])
    )
    copy.index = frame.index if index.equals(front) else made
    copy.columns.names = frame.columns.names
    return copy


def _redacted(
    frame: pd.DataFrame, profile: str, actions: dict[str, str] | None, rules: tuple[str, ...]
) -> pd.DataFrame:
    """The frame without personal data in its columns and their labels."""
    import pandas as pd

    judgement, answers = _judge_frame(frame, rules), _answers(profile, actions, rules)
    columns = {i: e for edit in judgement.edits for i, e in edit.columns.items()}
    copy = frame.copy()
    for index, text in enumerate(_texts(frame)):
        entity = columns.get(index)
        new = [answers.value(entity, t) if entity and t.strip() else answers.text(t) for t in text]
        if new != text:
            old = frame.iloc[:, index].astype(object)
            changed = [n if n != t else o for n, t, o in zip(new, text, old, strict=True)]
            copy.isetitem(index, pd.array(changed, dtype="object"))
    labels = [answers.label(judgement.cells.get((0, i)), label) for i, label in enumerate(frame.columns)]
    if labels != list(frame.columns):
        copy.columns = pd.Index(labels, name=frame.columns.name)
    return copy


@dataclass(frozen=True)
class _Answers:
    """What becomes of a value of an entity, of a text in which something may be found, and of the label of a column."""

    value: Callable[[str, str], str]
    known: Knowledge

    def text(self, text: str) -> str:
        from piiscan.prose.finding import find_spans

        out, position = "", 0
        for span in find_spans(text, self.known.detectors):
            out += text[position : span.start] + self.value(span.entity, text[span.start : span.end])
            position = span.end
        return out + text[position:]

    def label(self, entity: str | None, label: object) -> object:
        from piiscan.judge.vocabulary import is_header_word

        if not isinstance(label, str) or is_header_word(label, self.known.policy):
            return label
        return self.value(entity, label) if entity else self.text(label)


def _answers(profile: str, actions: dict[str, str] | None, rules: tuple[str, ...]) -> _Answers:
    """Raises ``UsageError`` for an action or a profile that does not exist."""
    from piiscan import registry

    known, available = knowledge(rules), registry.actions()
    overrides = dict(known.policy.actions.override(f"{e}={a}") for e, a in (actions or {}).items())

    def value(entity: str, text: str) -> str:
        action, options = known.policy.actions.for_entity(entity, profile, overrides)
        return available[action].apply(entity, text, options)

    return _Answers(value, known)


def _texts(frame: pd.DataFrame) -> Iterator[list[str]]:
    """Every column as texts, missing values as "", whole floats without ".0" and dates as ISO, like a spreadsheet's."""
    for index in range(frame.shape[1]):
        column = frame.iloc[:, index]
        yield [_text(v, missing=m) for v, m in zip(column.tolist(), column.isna().tolist(), strict=True)]


def _text(value: object, *, missing: bool) -> str:
    if missing:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).removesuffix(" 00:00:00")


def _judge_frame(frame: pd.DataFrame, rules: tuple[str, ...]) -> SheetJudgement:
    from secrets import token_bytes

    known = knowledge(rules)
    header = [str(label) for label in frame.columns]
    columns = {i: [header[i], *texts] for i, texts in enumerate(_texts(frame))}
    sheet = Sheet("", [Batch(range(len(frame) + 1), columns)])
    return judge_sheet(sheet, known.policy, known.detectors, token_bytes(32), header_row=0)
