"""``piiscan redact``: writes copies in which the personal data is masked, generalised or emptied."""

from __future__ import annotations

from typing import Annotated

import typer

from piiscan.cli import _copies, _output, _progress
from piiscan.cli import _options as o
from piiscan.errors import UsageError
from piiscan.model import CopyOptions

Out = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="OUT", help="Where the copies go: a file for one file, else a folder."),
]
InPlace = Annotated[
    bool, typer.Option("--in-place", help="Put the copy in the place of its source, and keep a backup beside it.")
]
NoBackup = Annotated[bool, typer.Option("--no-backup", help="With --in-place: keep no backup.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")]
Actions = Annotated[
    list[str] | None,
    typer.Option(
        "--action",
        metavar="ENTITY=OPERATOR",
        help="What to do with an entity, for example phone=mask. Can be given several times.",
    ),
]
CopyFormat = Annotated[
    str,
    typer.Option(
        "--format", metavar="FORMAT", help="How the result is printed: console, json, jsonl. Default: console."
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("redact", help="Write copies without the personal data.")(redact)


def redact(
    ctx: typer.Context,
    paths: o.Sources,
    output: Out = None,
    in_place: InPlace = False,
    no_backup: NoBackup = False,
    force: o.Force = False,
    dry_run: DryRun = False,
    action: Actions = None,
    format_: CopyFormat = "console",
    report: o.Reports = None,
    _config: o.Config = None,
    rules: o.Rules = None,
    exclude: o.Exclude = None,
    jobs: o.Jobs = 0,
    password_file: o.PasswordFile = None,
    _lang: o.Language = None,
    quiet: o.Quiet = False,
    no_progress: o.NoProgress = False,
    show_values: o.ShowValues = False,
) -> int:
    """Copies, says what became of each source, and gives the exit code."""
    paths = o.expand(paths)
    check_places(output, in_place=in_place, no_backup=no_backup, dry_run=dry_run)
    targets = _output.targets(_copies.FORMATS, format_, None, report or (), force=force, sources=paths)
    options = o.scan_options(rules=rules, exclude=exclude, jobs=jobs, password_file=password_file, limits=ctx.obj.limits)
    copy = CopyOptions(force, in_place, not no_backup, dry_run, _copies.actions_of(action or (), rules or ()))
    o.note_values(ctx.obj.say, show_values=show_values, quiet=quiet)
    from piiscan import pipeline

    with _progress.shown(not (quiet or no_progress)) as display:
        made = pipeline.redact(paths, output, options, copy, progress=display.step)
        results = _copies.told(made, targets, ctx.obj.lang, force=force, clear=display.clear)
    return _copies.exit_code(results)


def check_places(output: str | None, *, in_place: bool, no_backup: bool, dry_run: bool) -> None:
    """Refuses options that contradict each other."""
    if output and in_place:
        raise UsageError("output_and_in_place")
    if not (output or in_place or dry_run):
        raise UsageError("output_missing")
    if no_backup and not in_place:
        raise UsageError("no_backup_without_in_place")
