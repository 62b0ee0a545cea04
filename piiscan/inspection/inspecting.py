"""From one source to its reports: open, read every place, judge, count, weigh; and the same for each file inside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial

from piiscan import columnar, policy, registry, severity
from piiscan.collecting import postponed
from piiscan.errors import EncryptedError, LimitError, UnreadableError
from piiscan.inspection import remarks
from piiscan.inspection.asking import Asking
from piiscan.inspection.unread import Unread
from piiscan.judge.documents import DocumentTally
from piiscan.judge.masked import without_masks
from piiscan.judge.priors import MEMBER_IDS, NAME_FAMILY
from piiscan.judge.sheets import SheetJudgement, judge_sheet
from piiscan.judge.texts import without_finds
from piiscan.model import (
    Detector,
    FileReport,
    Format,
    Limits,
    Member,
    Records,
    Sheet,
    Skipped,
    Source,
    Status,
    Table,
    Text,
)
from piiscan.people import distinct, hashing
from piiscan.people.hashing import Hashes
from piiscan.policy import Policy
from piiscan.unlocking import unlock


@dataclass(frozen=True)
class Knowledge:
    """What judging needs, loaded once a process: the rules, the detectors in force, the formats."""

    policy: Policy
    detectors: Mapping[str, Detector]
    formats: Mapping[str, Format]


@dataclass(frozen=True)
class Inspection:
    """The reports of a source and of the files in it, outermost first, and what a rewriter needs of each sheet.

    ``sheets``: (member or None, sheet location) → judgement. ``unread``: what becomes of what was not read, in a copy.
    """

    reports: tuple[FileReport, ...]
    sheets: Mapping[tuple[str | None, str], SheetJudgement]
    unread: Unread = field(default_factory=Unread)


@cache
def knowledge(rule_dirs: tuple[str, ...] = ()) -> Knowledge:
    """The knowledge for a set of rule folders; raises ``UsageError`` for a mistake in them."""
    with postponed():
        rules = policy.load(rule_dirs)
        return Knowledge(rules, {**registry.detectors(), **rules.detectors}, registry.formats())


@dataclass
class _Running:
    """What one source has shown so far."""

    tables: list[Table] = field(default_factory=list)
    judgements: dict[str, SheetJudgement] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    remarks: list[Skipped] = field(default_factory=list)
    texts: DocumentTally = field(default_factory=DocumentTally)
    status: Status = Status.SCANNED
    reason: str | None = None
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
        running.status, running.reason = Status.SKIPPED, "unknown_format"
    elif remarks.empty_shell(source, known.formats):
        running.status, running.reason = Status.UNREADABLE, "damaged"
        running.skipped.append(Skipped("", "damaged"))
    else:
        _read(source, format_, task, running)
        if remarks.misnamed(source, format_, known.formats):
            running.remarks.append(Skipped("", "other_type", partial=False))
    if running.unlocked is not None:
        return running.unlocked
    report = _report(source, format_, known, running, task.secret)
    sheets = {(source.member, location): j for location, j in running.judgements.items()}
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
                running.judgements[item.location] = judgement
                running.tables.extend(judgement.tables)
                running.remarks.extend(remarks.hidden_parts(item, judgement.tables))
            elif isinstance(item, Text):
                running.texts.add(item, task.known.detectors)
                if task.asking is not None:
                    task.asking.text(item)
            elif isinstance(item, Member):
                if task.asking is not None:
                    task.asking.stop()
                _descend(source, item, task, running)
            else:
                running.skipped.append(item)
        if task.passwords and any(s.reason == "encrypted_member" for s in running.skipped):
            _open_members(source, task, running)
    except EncryptedError as error:
        _open(source, task, running, error.reason)
    except (UnreadableError, LimitError) as error:
        seen = running.tables or running.texts.findings or running.nested
        running.status = Status.PARTIAL if seen else Status.UNREADABLE
        running.reason = error.reason
        running.skipped.append(Skipped("", error.reason))
    whole = [s for s in running.skipped if not s.location and not s.partial]
    if running.status is Status.SCANNED and whole and not (running.tables or running.texts.findings or running.nested):
        running.status, running.reason = Status.SKIPPED, whole[0].reason
    if running.status is Status.SCANNED and any(s.partial for s in running.skipped):
        running.status = Status.PARTIAL
        running.reason = next(s.reason for s in running.skipped if s.partial)


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
    running.status, running.reason = Status.ENCRYPTED, _why_closed(task, reason)
    if source.depth >= task.limits.depth:
        return
    try:
        opened = unlock.whole(source, task.passwords, task.limits)
    except (UnreadableError, LimitError) as error:
        running.skipped.append(Skipped("", error.reason))
        return
    if opened is not None:
        with opened.stream:
            inner = _inspect(opened, task)
        outermost = replace(inner.reports[0], bytes=source.size)
        running.unlocked = replace(inner, reports=(outermost, *inner.reports[1:]))
    elif task.passwords and _open_members(source, task, running):
        running.status, running.reason = Status.SCANNED, None


def _why_closed(task: _Task, reason: str) -> str:
    if not task.passwords:
        return reason
    return "wrong_password" if len(task.passwords) <= task.limits.passwords else "wrong_first_passwords"


def _open_members(source: Source, task: _Task, running: _Running) -> bool:
    """Inspects the entries of an archive that the passwords open, in place of the notes about them; whether any did."""
    found = list(unlock.members(source, task.passwords, task.limits))
    names = {item.name for item in found if isinstance(item, Member)}
    noted = {s.location for s in running.skipped}
    running.skipped[:] = [s for s in running.skipped if s.location not in names or s.reason != "encrypted_member"]
    for item in found:
        if isinstance(item, Member):
            _descend(source, item, task, running)
        elif names and item.location not in noted:
            running.skipped.append(item)
    return bool(names)


def _descend(source: Source, item: Member, task: _Task, running: _Running) -> None:
    """Inspects a file inside the source; too deep is said, not followed."""
    with item.stream:
        if source.depth + 1 > task.limits.depth:
            running.skipped.append(Skipped(item.name, "too_deep"))
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


# ---------------------------------------------------------------- the report


def _report(source: Source, format_: Format | None, known: Knowledge, running: _Running, secret: bytes) -> FileReport:
    judgements = list(running.judgements.values())
    people, kind = running.texts.people()
    keys: list[Hashes] = [k for j in judgements for k in j.keys]
    if people:
        keys.append(hashing.person_hashes([(people, kind)], secret))
    filled = [k for k in keys if len(k)]
    merged = filled[0] if len(filled) == 1 else distinct.merge(filled)  # those of one table differ already
    findings = tuple(f for j in judgements for f in j.findings) + tuple(running.texts.findings.values())
    concerned = dict(running.texts.concerned)
    for judgement in judgements:
        for entity, count in judgement.concerned.items():
            concerned[entity] = concerned.get(entity, 0) + count
    records = _records(running.tables, bool(people))
    persons = len(merged)
    facts = _facts(running.tables, concerned, persons, records, known)
    uncounted = not persons and any(f.entity in NAME_FAMILY for f in findings)
    return FileReport(
        path=source.path,
        member=source.member,
        format=format_.id if format_ else None,
        bytes=source.size,
        status=running.status,
        status_reason=running.reason,
        skipped=(*running.skipped, *running.remarks),
        records=records,
        persons=persons,
        persons_exact=not people
        and not uncounted
        and all(j.exact for j in judgements)
        and running.status is Status.SCANNED,
        severity=severity.weigh(facts, known.policy.severity),
        tables=tuple(_unnamed(t, known) for t in running.tables),
        findings=findings,
        person_keys=merged,
    )


def _facts(
    tables: Sequence[Table], concerned: Mapping[str, int], persons: int, records: Records, known: Knowledge
) -> severity.FileFacts:
    """What is to be weighed: data about people apart from contact data of organisations and places."""
    body_ids = {e for e in concerned if e in known.detectors and known.detectors[e].group == "organisation"}
    about_people = {e: n for e, n in concerned.items() if e not in body_ids}
    # The name of a firm or a shop alone reaches nobody: a list of branches is no contact data.
    bodies = sum(concerned.get(e, 0) for e in ("business_address", "business_phone"))
    pseudonymous = 0
    if not persons:
        member_ids = [c.values for t in tables for c in t.columns if c.entity in MEMBER_IDS]
        pseudonymous = max(member_ids, default=0)
    return severity.FileFacts(
        persons=persons,
        records=records,
        concerned=about_people,
        organisation_values=bodies,
        pseudonymous=pseudonymous,
    )


def _unnamed(table: Table, known: Knowledge) -> Table:
    """The table with its headers fit to be shown: the head of a duty roster, or of a list without one, is people."""
    columns = tuple(replace(c, name=without_finds(c.name, known.detectors)) for c in table.columns)
    return replace(table, columns=columns)


def _records(tables: list[Table], people: bool) -> Records:
    """What the file is about: the same for all tables, else mixed where any is about persons."""
    kinds = {t.records for t in tables if t.records is not Records.NONE}
    if people:
        kinds.add(Records.PERSONS)
    if not kinds:
        return Records.NONE
    if len(kinds) == 1:
        return kinds.pop()
    if kinds & {Records.PERSONS, Records.MIXED}:
        return Records.MIXED
    return Records.ORGANISATIONS
