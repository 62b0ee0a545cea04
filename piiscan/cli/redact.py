"""``piiscan redact``: writes copies in which the personal data is masked, generalised or emptied."""

from __future__ import annotations

import typer

from piiscan.cli import _copies, _manifest, _places, _progress
from piiscan.cli import _copy_options as c
from piiscan.cli import _options as o
from piiscan.copies.keyed import read_key
from piiscan.errors import ExitCode
from piiscan.model import CopyOptions, Level


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("redact", help="Write copies without the personal data.")(redact)


def redact(
    ctx: typer.Context,
    paths: o.Sources,
    output: c.Out = None,
    in_place: c.InPlace = False,
    no_backup: c.NoBackup = False,
    force: o.Force = False,
    dry_run: c.DryRun = False,
    profile: c.ProfileName = "default",
    action: c.Actions = None,
    key_file: c.MaybeKeyFile = None,
    unknown: c.UnknownParts = c.Unknown.STOP,
    convert: c.Convert = False,
    manifest: c.Manifest = None,
    no_manifest: c.NoManifest = False,
    preserve: c.Preserve = False,
    allow_links: c.AllowLinks = False,
    format_: c.CopyFormat = "console",
    report: o.Reports = None,
    fail_on: o.FailOnLevel = o.FailOn.MEDIUM,
    _config: o.Config = None,
    rules: o.Rules = None,
    exclude: o.Exclude = None,
    jobs: o.Jobs = 0,
    password_file: o.PasswordFile = None,
    _lang: o.Language = None,
    quiet: o.Quiet = False,
    verbose: c.Verbose = False,
    no_progress: o.NoProgress = False,
    show_values: o.ShowValues = False,
) -> int:
    """Copies, says what became of each source, and gives the exit code."""
    paths = o.expand(paths)
    c.check_places(output, in_place=in_place, no_backup=no_backup, dry_run=dry_run, convert=convert)
    secrets = c.secrets_of(key_file, password_file)
    places = _places.of_copies(
        paths,
        output,
        secrets,
        ctx.obj.config,
        format_=format_,
        reports=report or (),
        manifest=_manifest.Wish("redact", manifest, no_manifest, dry_run, profile),
        force=force,
    )
    options = o.scan_options(
        rules=rules, exclude=exclude, jobs=jobs, password_file=password_file, limits=ctx.obj.limits
    )
    copy = CopyOptions(
        force=force,
        in_place=in_place,
        backup=not no_backup,
        dry_run=dry_run,
        actions=_copies.actions_of(action or (), rules or ()),
        profile=profile,
        unknown=unknown,
        convert=convert,
        preserve=preserve,
        links=allow_links,
        secrets=secrets,
        kept=places.kept,
    )
    o.note_values(ctx.obj.say, show_values=show_values, quiet=quiet)
    with _progress.shown(not (quiet or no_progress)) as display:
        if key_file is None:
            from piiscan import pipeline

            made = pipeline.redact(paths, output, options, copy, progress=display.step, early=ctx.obj.early)
        else:
            from piiscan.copies import pseudonymizing

            key = read_key(key_file)
            made = pseudonymizing.redact_with_key(paths, output, options, copy, key, progress=display.step)
        results = _copies.told(made, places.targets, ctx.obj.lang, force=force, clear=display.clear, verbose=verbose)
    _manifest.write(results, places.manifest, ctx.obj.lang)
    code = _copies.exit_code(results, Level(fail_on))
    if code == ExitCode.FOUND:
        o.note(_copies.why_found(results, Level(fail_on), ctx.obj.lang), quiet=quiet)
    return code
