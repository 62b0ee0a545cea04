"""Invented results, built by hand: what a report gets to see."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from piiscan.model import (
    Column,
    FileReport,
    Finding,
    Level,
    Records,
    Severity,
    Skipped,
    Status,
    Summary,
    Table,
    Trigger,
)
from piiscan.reports import Run, reports

HOSTILE = "[red]\x1b[31m\u202e名\r\n前\x9b"
RULES = "sha256:" + "0" * 64


def customers() -> FileReport:
    columns = (
        Column(0, "お名前", "person_name", 0.994, 2940, 2938, "漢漢 漢漢", None, ("header", "lexicon")),
        Column(1, "携帯", "phone", 0.98, 2940, 2940, "999-9999-9999", "mobile", ("header", "values")),
        Column(3, HOSTILE, None, 0.1, 2900, 0),
    )
    table = Table("Sheet1", True, (3,), 4, 2943, 2940, Records.PERSONS, 2940, True, columns)
    findings = tuple(Finding("email", f"Sheet1!H{n}", "comment", 1, 0.95, "aaaa@aaaa.aa.jp", True) for n in range(1, 6))
    why = (
        ("{persons} people are identified.", (("persons", 2940),)),
        ("It holds {entity} ({count}).", (("entity", "my_number"), ("count", 3))),
    )
    severity = Severity(Level.CRITICAL, 17640000, 6000, (Trigger("appi-7-4", 2940, 1000),), why)
    return FileReport(
        "営業/顧客一覧.xlsx",
        None,
        "xlsx",
        482133,
        Status.PARTIAL,
        "embedded_object",
        (Skipped("xl/embeddings/oleObject1.bin", "embedded_object"), Skipped("xl/media/image1.png", "image", False)),
        Records.PERSONS,
        2940,
        True,
        severity,
        (table,),
        findings,
    )


def files() -> list[FileReport]:
    return [
        customers(),
        FileReport("a.zip", HOSTILE, None, 12, Status.ENCRYPTED, "encrypted"),
        FileReport("\udc83\x1b]0;x\x07.csv", None, "csv", 3, Status.SCANNED),
    ]


SUMMARY = Summary(3, 1, 2, 2940, False, Level.CRITICAL, 17640000, True)


@pytest.fixture
def make_run() -> Callable[..., Run]:
    def make(some: list[FileReport] | None = None, lang: str = "en", verbose: bool = False) -> Run:
        started = datetime(2026, 11, 21, 9, 0, 0, 5, timezone(timedelta(hours=9)))
        given = files() if some is None else some
        return Run(iter(given), lambda: SUMMARY, lambda: 1.23456, started, "0.1.0", RULES, lang, verbose)

    return make


@pytest.fixture
def written(make_run: Callable[..., Run]) -> Callable[..., str]:
    def write(name: str, **options: object) -> str:
        out = io.StringIO()
        reports()[name].write(make_run(**options), out)
        return out.getvalue()

    return write
