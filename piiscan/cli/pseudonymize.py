"""``piiscan pseudonymize``: writes copies in which everybody goes by a stand-in."""

from __future__ import annotations

from typing import Annotated

import typer

from piiscan.cli import _copies, _manifest, _places, _progress
from piiscan.cli import _copy_options as c
from piiscan.cli import _options as o
from piiscan.copies.keyed import read_key
from piiscan.errors import UsageError
from piiscan.messages import fill
from piiscan.model import CopyOptions, CopyStatus

#: The profile of ``rules/actions*.toml`` that says what becomes of which entity.
PROFILE = "pseudonymize"

Reversible = Annotated[
    str | None,
    typer.Option("--reversible", metavar="VAULT", help="Keep the originals, encrypted, in this new file for: restore"),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("pseudonymize", help="Write copies in which the same person gets the same stand-in.")(pseudonymize)


def pseudonymize(
    ctx: typer.Context,
    paths: o.Sources,
    key_file: c.KeyFile,
    output: c.Out = None,
    reversible: Reversible = None,
    in_place: c.InPlace = False,
    no_backup: c.NoBackup = False,
    force: o.Force = False,
    dry_run: c.DryRun = False,
    action: c.Actions = None,
    unknown: c.UnknownParts = c.Unknown.STOP,
    convert: c.Convert = False,
    manifest: c.Manifest = None,
    no_manifest: c.NoManifest = False,
    preserve: c.Preserve = False,
    allow_links: c.AllowLinks = False,
    format_: c.CopyFormat = "console",
    report: o.Reports = None,
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
    if reversible and (dry_run or no_backup or unknown is c.Unknown.DROP):
        raise UsageError("reversible_wants_copies")
    secrets = c.secrets_of(key_file, password_file, reversible)
    places = _places.of_copies(
        paths,
        output,
        secrets,
        ctx.obj.config,
        format_=format_,
        reports=report or (),
        manifest=_manifest.Wish("pseudonymize", manifest, no_manifest, dry_run),
        force=force,
    )
    options = o.scan_options(
        rules=rules, exclude=exclude, jobs=jobs, password_file=password_file, limits=ctx.obj.limits
    )
    changed = _copies.actions_of(action or (), rules or ())
    copy = CopyOptions(
        force=force,
        in_place=in_place,
        backup=not no_backup,
        dry_run=dry_run,
        actions=changed,
        profile=PROFILE,
        unknown=unknown,
        convert=convert,
        preserve=preserve,
        links=allow_links,
        secrets=secrets,
        kept=places.kept,
    )
    o.note_values(ctx.obj.say, show_values=show_values, quiet=quiet)
    key = read_key(key_file)
    from piiscan.copies import pseudonymizing

    with _progress.shown(not (quiet or no_progress)) as display:
        made = pseudonymizing.pseudonymize(paths, output, options, copy, key, reversible, progress=display.step)
        results = _copies.told(made, places.targets, ctx.obj.lang, force=force, clear=display.clear, verbose=verbose)
    _manifest.write(results, places.manifest, ctx.obj.lang)
    if reversible and any(result.status is CopyStatus.WRITTEN for result in results):
        text = ctx.obj.say(
            "{file}: the originals, encrypted. Keep it apart from the key: who has both can undo everything."
        )
        o.note(fill(text, {"file": reversible}), quiet=quiet)
    return _copies.exit_code(results)
