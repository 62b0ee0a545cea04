"""The report of one source, from what its places have shown: whose data it is, how many people, how bad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from piiscan import severity
from piiscan.families import MEMBER_IDS, NAME_FAMILY
from piiscan.inspection.knowledge import Knowledge
from piiscan.judge.sheets import SheetJudgement
from piiscan.model import FileReport, Format, Records, Skipped, Source, Status, Table
from piiscan.people import distinct, hashing
from piiscan.people.hashing import Hashes
from piiscan.prose.documents import DocumentTally
from piiscan.prose.finding import without_finds


@dataclass
class Seen:
    """What one source has shown so far, apart from the files inside it. ``judgements``: by the location of the sheet."""

    tables: list[Table] = field(default_factory=list)
    judgements: dict[str, SheetJudgement] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    remarks: list[Skipped] = field(default_factory=list)
    texts: DocumentTally = field(default_factory=DocumentTally)
    status: Status = Status.SCANNED
    reason: str | None = None


def report_of(source: Source, format_: Format | None, known: Knowledge, seen: Seen, secret: bytes) -> FileReport:
    """The report of a source from all that it has shown. ``secret``: the key under which its people are hashed."""
    judgements = list(seen.judgements.values())
    people, kind = seen.texts.people()
    keys: list[Hashes] = [k for j in judgements for k in j.keys]
    if people:
        keys.append(hashing.person_hashes([(people, kind)], secret))
    filled = [k for k in keys if len(k)]
    merged = filled[0] if len(filled) == 1 else distinct.merge(filled)  # those of one table differ already
    findings = tuple(f for j in judgements for f in j.findings) + tuple(seen.texts.findings.values())
    concerned = dict(seen.texts.concerned)
    for judgement in judgements:
        for entity, count in judgement.concerned.items():
            concerned[entity] = concerned.get(entity, 0) + count
    records = _records(seen.tables, bool(people))
    persons = len(merged)
    facts = _facts(seen.tables, concerned, persons, records, known)
    uncounted = not persons and any(f.entity in NAME_FAMILY for f in findings)
    return FileReport(
        path=source.path,
        member=source.member,
        format=format_.id if format_ else None,
        bytes=source.size,
        status=seen.status,
        status_reason=seen.reason,
        skipped=(*seen.skipped, *seen.remarks),
        records=records,
        persons=persons,
        persons_exact=not people
        and not uncounted
        and all(j.exact for j in judgements)
        and seen.status is Status.SCANNED,
        severity=severity.weigh(facts, known.policy.severity),
        tables=tuple(_unnamed(t, known) for t in seen.tables),
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
