"""``piiscan explain``: what an entity is and how it is recognised, or why a file was judged as it was."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Annotated

import typer

from piiscan import labels, messages, registry
from piiscan.cli import _options as o
from piiscan.errors import ExitCode, UsageError
from piiscan.messages import fill, translator
from piiscan.model import Column, Detector, FileReport, ScanOptions, Status, Table
from piiscan.reports._document import not_read
from piiscan.reports._words import Own, entity_label, evidence_words, why
from piiscan.text import column_letters, printable

Target = Annotated[str, typer.Argument(metavar="ENTITY|FILE", help="An entity such as phone, or a file.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("explain", help="Explain an entity, or why a file was judged as it was.")(explain)


def explain(
    ctx: typer.Context,
    target: Target,
    _config: o.Config = None,
    rules: o.Rules = None,
    password_file: o.PasswordFile = None,
    _lang: o.Language = None,
) -> int:
    """Prints the manual of an entity, else the verdicts on a file; ``./phone`` is a file, ``phone`` the entity."""
    lang = ctx.obj.lang
    own = _own(rules)
    if detector := registry.detectors().get(target):
        lines = _manual(detector, lang)
    elif detector := own.get(target):
        lines = _manual_of_rules(detector, lang)
    elif target in labels.ENTITIES:
        lines = iter([f"{target}: {entity_label(target, lang)}"])
    elif os.path.lexists(target):
        options = o.scan_options(rules=rules, jobs=1, password_file=password_file, limits=ctx.obj.limits)
        return _verdicts(target, options, lang, own)
    else:
        raise UsageError("unknown_target", name=target)
    for line in lines:
        sys.stdout.write(f"{line}\n")
    return ExitCode.CLEAN


def _own(rules: Sequence[str] | None) -> Own:
    """The detectors of the user's rule files, which are checked; raises ``UsageError``."""
    if not rules:
        return {}
    from piiscan import policy

    return policy.load(tuple(rules)).detectors


def _manual(detector: Detector, lang: str) -> Iterator[str]:
    yield f"{detector.id}: {detector.label} / {detector.label_en}"
    yield ""
    module = import_module(f"piiscan.detectors.{detector.id}")
    yield inspect.cleandoc(module.__doc__ or "")
    yield ""
    yield from _facts(detector, lang)


def _manual_of_rules(detector: Detector, lang: str) -> Iterator[str]:
    """What a rule file says of its own entity; its author has written no manual."""
    say = translator(lang)
    yield f"{detector.id}: {printable(detector.label)} / {printable(detector.label_en)}"
    yield ""
    yield say("It comes from a rule file.")
    yield ""
    for title, patterns in (
        (say("patterns of a whole cell"), detector.shapes),
        (say("pattern in running text"), (detector.search,)),
    ):
        if any(patterns):
            yield f"{title}: {', '.join(printable(pattern) for pattern in patterns if pattern)}"
    yield from (printable(line, 10_000) for line in _facts(detector, lang))


def _facts(detector: Detector, lang: str) -> Iterator[str]:
    say = translator(lang)
    yield fill(say("group: {group}"), {"group": detector.group})
    if detector.needs_context:
        yield say("It is believed only with a fitting header or words nearby.")
    for title, words in (
        (say("headers"), detector.headers),
        (say("words nearby"), detector.cues),
        (say("is one"), detector.yes),
        (say("is none"), detector.no),
    ):
        if words:
            yield f"{title}: {', '.join(words)}"


def _verdicts(path: str, options: ScanOptions, lang: str, own: Own) -> int:
    from piiscan import pipeline

    code = ExitCode.CLEAN
    for report in pipeline.scan([path], options):
        sys.stdout.write("".join(f"{line}\n" for line in _of_file(report, lang, own)))
        if report.status is not Status.SCANNED:
            code = ExitCode.INCOMPLETE
    return code


def _of_file(report: FileReport, lang: str, own: Own) -> Iterator[str]:
    say = translator(lang)
    inside = f" › {printable(report.member)}" if report.member else ""
    yield f"{printable(report.path)}{inside}  [{messages.label(labels.STATUSES, report.status, lang)}]"
    for table in report.tables:
        yield from _of_table(table, lang, own)
    for finding in report.findings:
        where = messages.label(labels.WHERES, finding.where, lang)
        sure = f"{finding.confidence:.0%}, {printable(finding.shape)}"
        yield f"  {printable(finding.location)} ({where}): {entity_label(finding.entity, lang, own=own)} × {finding.count:,} ({sure})"
    for _, sentence in why(report.severity, lang, own):
        yield "  " + fill(say("why: {reason}"), {"reason": sentence})
    for skipped in not_read(report):
        place = f" {printable(skipped.location)}" if skipped.location else ""
        title = say("note") if skipped.reason in messages.REMARKS else say("not read")
        yield f"  {title}{place}: {messages.render(skipped.reason, (), lang)}"


def _of_table(table: Table, lang: str, own: Own) -> Iterator[str]:
    say = translator(lang)
    where = printable(table.location) or say("table")
    size = fill(say("rows: {rows}, from row {first}"), {"rows": table.rows, "first": table.first_row})
    yield f"  {where}: {size}, {messages.label(labels.RECORDS, table.records, lang)}"
    for column in table.columns:
        yield f"    {column_letters(column.index)}  {printable(column.name, 40)}: {_of_column(column, lang, own)}"


def _of_column(column: Column, lang: str, own: Own) -> str:
    say = translator(lang)
    if column.entity:
        verdict = entity_label(column.entity, lang, column.subtype, own)
        counts = f"{column.confidence:.0%}, {column.matches:,}/{column.values:,}"
    else:
        verdict, counts = say("nothing personal"), f"{column.values:,}"
    details = ", ".join(part for part in (counts, printable(column.shape)) if part)
    reasons = evidence_words(column.evidence, lang)
    text = f"{verdict} ({'; '.join(part for part in (details, reasons) if part)})"
    if column.runner_up:
        params = {"entity": entity_label(column.runner_up, lang, own=own), "sure": f"{column.runner_up_confidence:.0%}"}
        text += "; " + fill(say("next best: {entity} {sure}"), params)
    if column.against:
        words = ", ".join(messages.label(labels.AGAINST, code, lang) for code in column.against)
        text += "; " + fill(say("against: {reasons}"), {"reasons": words})
    if column.turns:
        text += "; " + messages.label(labels.TURNS, column.turns, lang)
    return text
