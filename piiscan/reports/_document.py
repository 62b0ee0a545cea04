"""The JSON form of results, field by field as ``schemas/report-1.json`` has it; shared by json and jsonl."""

from __future__ import annotations

import json
import re
from typing import Any

from piiscan.messages import render
from piiscan.model import Column, FileReport, Finding, Severity, Skipped, Status, Summary, Table
from piiscan.reports._words import NONE, Own, why
from piiscan.text import column_letters

SCHEMA = "urn:piiscan:report:1"

#: Characters that a terminal or an editor obeys or hides, and halves of surrogate pairs, which UTF-8 cannot hold.
_UNSAFE = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def dumps(value: object, indent: int | None = None) -> str:
    """JSON with Japanese left readable; what is not safe to print or to encode stands as ``\\uXXXX``."""
    return _UNSAFE.sub(lambda m: json.dumps(m[0])[1:-1], json.dumps(value, ensure_ascii=False, indent=indent))


def of_summary(summary: Summary) -> dict[str, Any]:
    """The ``summary`` object."""
    return {
        "files": summary.files,
        "scanned": summary.scanned,
        "incomplete": summary.incomplete,
        "persons": summary.persons,
        "persons_exact": summary.persons_exact,
        "level": summary.level.value,
        "damage_yen": summary.damage_yen,
        "reportable": summary.reportable,
    }


def of_file(report: FileReport, lang: str, own: Own = NONE) -> dict[str, Any]:
    """One element of ``files``; its messages are in ``lang``. ``own``: the detectors of rule files."""
    return {
        "path": report.path,
        "member": report.member,
        "format": report.format,
        "bytes": report.bytes,
        "status": report.status.value,
        "skipped": [_of_skipped(s, lang) for s in not_read(report)],
        "records": report.records.value,
        "persons": report.persons,
        "persons_exact": report.persons_exact,
        "severity": _of_severity(report.severity, lang, own),
        "tables": [_of_table(t) for t in report.tables],
        "findings": [_of_finding(f) for f in report.findings],
    }


def not_read(report: FileReport) -> tuple[Skipped, ...]:
    """What was not read, with why: the file itself first, at location "", when its status has a reason of its own."""
    reason = report.status_reason
    if report.status is Status.SCANNED or reason is None or any(s.reason == reason for s in report.skipped):
        return report.skipped
    return (Skipped("", reason), *report.skipped)


def _of_skipped(skipped: Skipped, lang: str) -> dict[str, Any]:
    message = render(skipped.reason, {"location": skipped.location}, lang)
    return {"location": skipped.location, "reason": skipped.reason, "message": message}


def _of_severity(severity: Severity, lang: str, own: Own) -> dict[str, Any]:
    return {
        "level": severity.level.value,
        "damage_yen": severity.damage_yen,
        "damage_yen_per_person": severity.damage_yen_per_person,
        "triggers": [{"rule": t.rule, "persons": t.persons, "threshold": t.threshold} for t in severity.triggers],
        "why": [sentence for _, sentence in why(severity, lang, own)],
    }


def _of_table(table: Table) -> dict[str, Any]:
    return {
        "location": table.location,
        "hidden": table.hidden,
        "header_rows": list(table.header_rows),
        "first_row": table.first_row,
        "rows": table.rows,
        "records": table.records.value,
        "persons": table.persons,
        "persons_exact": table.persons_exact,
        "columns": [_of_column(c) for c in table.columns],
    }


def _of_column(column: Column) -> dict[str, Any]:
    document: dict[str, Any] = {
        "index": column.index,
        "ref": column_letters(column.index),
        "name": column.name,
        "entity": column.entity,
        "confidence": round(column.confidence, 2),
        "values": column.values,
        "matches": column.matches,
        "shape": column.shape,
        "evidence": list(column.evidence),
    }
    if column.subtype:
        document["subtype"] = column.subtype
    return document


def _of_finding(finding: Finding) -> dict[str, Any]:
    document: dict[str, Any] = {
        "entity": finding.entity,
        "location": finding.location,
        "count": finding.count,
        "confidence": round(finding.confidence, 2),
        "shape": finding.shape,
        "where": finding.where,
    }
    if finding.hidden:
        document["hidden"] = True
    return document
