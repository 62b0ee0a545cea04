"""``piiscan scan``: finds personal data in files and folders, and reports it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from piiscan import __version__
from piiscan.cli import _options as o
from piiscan.cli import _output, _progress
from piiscan.errors import ExitCode, UsageError
from piiscan.model import Detector, FileReport, Level, Progress, ScanOptions, Summary
from piiscan.reports import Run, reports

if TYPE_CHECKING:
    from piiscan.workers.pool import Early

StdinName = Annotated[
    str, typer.Option("--stdin-name", metavar="NAME", help="The file name that standard input stands for.")
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("scan", help="Find personal data in files and folders.")(scan)


def scan(
    ctx: typer.Context,
    paths: o.Paths,
    format_: o.Format = "console",
    report: o.Reports = None,
    output: o.Output = None,
    fail_on: o.FailOnLevel = o.FailOn.MEDIUM,
    _config: o.Config = None,
    rules: o.Rules = None,
    exclude: o.Exclude = None,
    jobs: o.Jobs = 0,
    password_file: o.PasswordFile = None,
    stdin_name: StdinName = "stdin",
    force: o.Force = False,
    _lang: o.Language = None,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
    no_progress: o.NoProgress = False,
    show_values: o.ShowValues = False,
) -> int:
    """Scans, prints, and gives the exit code."""
    paths = o.expand(paths)
    others = [file for file in (password_file, ctx.obj.config) if file]
    targets = _output.targets(reports(), format_, output, report or (), force=force, sources=paths, kept=others)
    options = o.scan_options(
        rules=rules, exclude=exclude, jobs=jobs, password_file=password_file, limits=ctx.obj.limits
    )
    # The hooks of pre-commit name every file that is staged.
    options = replace(options, ignore_named=format_ == "commit")
    o.note_values(ctx.obj.say, show_values=show_values, quiet=quiet)
    kept: list[FileReport] = []
    run = begin(kept, options, lang=ctx.obj.lang, verbose=verbose)
    with _progress.shown(not (quiet or no_progress)) as display:
        run = replace(
            run, files=_keep(_stream(paths, stdin_name, options, display.step, ctx.obj.early), kept, display.clear)
        )
        if targets[0].file is None:
            main = reports()[format_]
            main.write(run, _output.standard_output(people=main.people))
        for _ in run.files:
            pass  # reports that go to files read the kept list
    finished = replace(run, files=kept)
    for target in targets:
        if target.file:
            _output.write_file(target.file, partial(reports()[target.format].write, finished), force=force)
    return exit_code(kept, run.summary(), Level(fail_on))


def begin(kept: list[FileReport], options: ScanOptions, *, lang: str, verbose: bool) -> Run:
    """A run that starts now and whose reports are collected in ``kept``."""
    from piiscan import pipeline

    clock = time.monotonic()
    digest, own = _rules(options.rules)

    def summary() -> Summary:
        return pipeline.summarise(kept)

    return Run(
        files=kept,
        summary=summary,
        seconds=lambda: time.monotonic() - clock,
        started=datetime.now().astimezone(),
        version=__version__,
        rules=digest,
        lang=lang,
        verbose=verbose,
        own=own,
    )


def _rules(rules: tuple[str, ...]) -> tuple[str, Mapping[str, Detector]]:
    """The digest of the rules and their own detectors, with those of the user checked before anything is written."""
    if not rules:
        from piiscan import rule_folders

        return rule_folders.digest(), {}
    from piiscan import policy

    loaded = policy.load(rules)
    return loaded.digest, loaded.detectors


def _stream(
    paths: list[str],
    stdin_name: str,
    options: ScanOptions,
    step: Callable[[Progress], None] | None,
    early: Early | None,
) -> Iterator[FileReport]:
    from piiscan import pipeline

    if paths.count("-") > 1:
        raise UsageError("stdin_twice")
    if "-" in paths:
        yield from pipeline.scan_stream(sys.stdin.buffer, stdin_name, options)
    if files := [path for path in paths if path != "-"]:
        yield from pipeline.scan(files, options, progress=step, early=early)


def _keep(files: Iterator[FileReport], kept: list[FileReport], before: Callable[[], None]) -> Iterator[FileReport]:
    for file in files:
        kept.append(file)
        before()
        yield file


def exit_code(files: list[FileReport], summary: Summary, fail_on: Level) -> int:
    """10 when a file is at or above ``fail_on``, else 3 when something was not read whole, else 0."""
    if any(file.severity.level.rank >= fail_on.rank for file in files):
        return ExitCode.FOUND
    return ExitCode.INCOMPLETE if summary.incomplete else ExitCode.CLEAN
