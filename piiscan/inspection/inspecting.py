"""From one source to its reports: open, read every place, judge, count, weigh; and the same for each file inside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from piiscan import columnar
from piiscan.errors import EncryptedError, LimitError, UnreadableError
from piiscan.inspection import remarks
from piiscan.inspection.asking import Asking
from piiscan.inspection.knowledge import Knowledge
from piiscan.inspection.reporting import Seen, report_of
from piiscan.inspection.unread import Unread
from piiscan.judge.masked import without_masks
from piiscan.judge.sheets import SheetJudgement, judge_sheet
from piiscan.model import (
    FileReport,
    Format,
    Limits,
    Member,
    Sheet,
    Skipped,
    Source,
    Status,
    Text,
)
from piiscan.unlocking import unlock


@dataclass(frozen=True)
class Inspection:
    """The reports of a source and of the files in it, outermost first, and what a rewriter needs of each sheet.

    ``sheets``: (member or None, sheet location) → judgement. ``unread``: what becomes of what was not read, in a copy.
    """

    reports: tuple[FileReport, ...]
    sheets: Mapping[tuple[str | None, str], SheetJudgement]
    unread: Unread = field(default_factory=Unread)


@dataclass
class _Running:
    """What one source has shown so far, and the files inside it. ``unlocked``: what a password made of it."""

    seen: Seen = field(default_factory=Seen)
    nested: list[Inspection] = field(default_factory=list)
    unlocked: Inspection | None = None


#: How many times as many files as one archive may hold may stand in all archives inside it together, and how much
#: dearer each level from the third on is: bombs multiply by nesting, what people send hardly nests.
NESTED, DEEPER = 10, 30


@dataclass
class _Budget:
    """What may still be looked at in the files inside a file; all levels share it."""

    members: int


@dataclass(frozen=True, repr=False)
class _Task:
    """What is the same for a source and the files inside it."""

    known: Knowledge
    limits: Limits
    secret: bytes
    passwords: tuple[str, ...]
    budget: _Budget
    asking: Asking | None = None
    plan: bool = False


def inspect(
    source: Source,
    known: Knowledge,
    limits: Limits,
    secret: bytes,
    passwords: tuple[str, ...] = (),
    asking: Asking | None = None,
    *,
    plan: bool = False,
) -> Inspection:
    """Reads a source to its end and judges it. Never raises for what is wrong with the source: that is its status.

    ``passwords`` are tried on what is encrypted, there and in the files inside.
    ``asking`` puts the questions of a pass while the source is read. ``plan``: only what a rewriter needs is wanted, so
    that of what can be written the rows are not looked at and the people not counted.
    """
    budget = _Budget(NESTED * limits.members)
    return _inspect(source, _Task(known, limits, secret, passwords, budget, asking, plan))


def _inspect(source: Source, task: _Task) -> Inspection:
    running = _Running()
    known = task.known
    format_ = sniff(source, known.formats)
    if format_ is None:
        running.seen.status, running.seen.reason = Status.SKIPPED, "unknown_format"
    elif remarks.empty_shell(source, known.formats):
        running.seen.status, running.seen.reason = Status.UNREADABLE, "damaged"
        running.seen.skipped.append(Skipped("", "damaged"))
    else:
        _read(source, format_, task, running)
        if remarks.misnamed(source, format_, known.formats):
            running.seen.remarks.append(Skipped("", "other_type", partial=False))
    if running.unlocked is not None:
        return running.unlocked
    report = report_of(source, format_, known, running.seen, task.secret)
    sheets = {(source.member, location): j for location, j in running.seen.judgements.items()}
    reports = [report]
    for inner in running.nested:
        reports.extend(inner.reports)
        sheets.update(inner.sheets)
    return Inspection(tuple(reports), sheets)


def sniff(source: Source, formats: Mapping[str, Format]) -> Format | None:
    """The format that is surest of the source's content; None when none knows it."""
    best, surest = None, 0
    for format_ in formats.values():
        source.stream.seek(0)
        sure = format_.sniff(source)
        if sure > surest:
            best, surest = format_, sure
    source.stream.seek(0)
    return best


def _read(source: Source, format_: Format, task: _Task, running: _Running) -> None:
    try:
        for item in format_.read(source, task.limits):
            if isinstance(item, Sheet):
                judgement = _judge(item, task, plan=task.plan and format_.rewrite is not None)
                running.seen.judgements[item.location] = judgement
                running.seen.tables.extend(judgement.tables)
                running.seen.remarks.extend(remarks.hidden_parts(item, judgement.tables))
            elif isinstance(item, Text):
                running.seen.texts.add(item, task.known.detectors)
                if task.asking is not None:
                    task.asking.text(item)
            elif isinstance(item, Member):
                if task.asking is not None:
                    task.asking.stop()
                _descend(source, item, task, running)
            else:
                running.seen.skipped.append(item)
        if task.passwords and any(s.reason == "encrypted_member" for s in running.seen.skipped):
            _open_members(source, task, running)
    except EncryptedError as error:
        _open(source, task, running, error.reason)
    except (UnreadableError, LimitError) as error:
        seen = running.seen.tables or running.seen.texts.findings or running.nested
        running.seen.status = Status.PARTIAL if seen else Status.UNREADABLE
        running.seen.reason = error.reason
        running.seen.skipped.append(Skipped("", error.reason))
    whole = [s for s in running.seen.skipped if not s.location and not s.partial]
    if (
        running.seen.status is Status.SCANNED
        and whole
        and not (running.seen.tables or running.seen.texts.findings or running.nested)
    ):
        running.seen.status, running.seen.reason = Status.SKIPPED, whole[0].reason
    if running.seen.status is Status.SCANNED and any(s.partial for s in running.seen.skipped):
        running.seen.status = Status.PARTIAL
        running.seen.reason = next(s.reason for s in running.seen.skipped if s.partial)


def _judge(sheet: Sheet, task: _Task, *, plan: bool) -> SheetJudgement:
    rules, detectors, asking = task.known.policy, task.known.detectors, task.asking
    if asking is None:
        batches = columnar.as_series(sheet.batches) if sheet.large and not plan else sheet.batches
        return judge_sheet(replace(sheet, batches=without_masks(batches)), rules, detectors, task.secret, plan=plan)
    # A pass that goes along wants the texts themselves.
    shown, told = replace(sheet, batches=without_masks(asking.of(sheet))), partial(asking.judged, sheet.location)
    return judge_sheet(shown, rules, detectors, task.secret, told=told, plan=plan)


def _open(source: Source, task: _Task, running: _Running, reason: str) -> None:
    """Reads what the passwords open instead of an encrypted source; else that it is encrypted is its status."""
    running.seen.status, running.seen.reason = Status.ENCRYPTED, _why_closed(task, reason)
    if source.depth >= task.limits.depth:
        return
    try:
        opened = unlock.whole(source, task.passwords, task.limits)
    except (UnreadableError, LimitError) as error:
        running.seen.skipped.append(Skipped("", error.reason))
        return
    if opened is not None:
        with opened.stream:
            inner = _inspect(opened, task)
        outermost = replace(inner.reports[0], bytes=source.size)
        running.unlocked = replace(inner, reports=(outermost, *inner.reports[1:]))
    elif task.passwords and _open_members(source, task, running):
        running.seen.status, running.seen.reason = Status.SCANNED, None


def _why_closed(task: _Task, reason: str) -> str:
    if not task.passwords:
        return reason
    return "wrong_password" if len(task.passwords) <= task.limits.passwords else "wrong_first_passwords"


def _open_members(source: Source, task: _Task, running: _Running) -> bool:
    """Inspects the entries of an archive that the passwords open, in place of the notes about them; whether any did."""
    found = list(unlock.members(source, task.passwords, task.limits))
    names = {item.name for item in found if isinstance(item, Member)}
    noted = {s.location for s in running.seen.skipped}
    running.seen.skipped[:] = [
        s for s in running.seen.skipped if s.location not in names or s.reason != "encrypted_member"
    ]
    for item in found:
        if isinstance(item, Member):
            _descend(source, item, task, running)
        elif names and item.location not in noted:
            running.seen.skipped.append(item)
    return bool(names)


def _descend(source: Source, item: Member, task: _Task, running: _Running) -> None:
    """Inspects a file inside the source; too deep is said, not followed."""
    with item.stream:
        if source.depth + 1 > task.limits.depth:
            running.seen.skipped.append(Skipped(item.name, "too_deep"))
            return
        task.budget.members -= DEEPER ** max(0, source.depth - 1)
        if task.budget.members < 0:
            raise LimitError("too_many_members", limit=task.limits.members)
        running.nested.append(_inspect(member_source(source, item), task))


def member_source(source: Source, item: Member) -> Source:
    """The source for a file inside another."""
    way = f"{source.member}/{item.name}" if source.member else item.name
    name = item.name.rsplit("/", 1)[-1]
    return Source(source.path, way, name, item.stream, item.size, source.depth + 1)
