"""``piiscan restore``: gives back the originals of copies that ``pseudonymize --reversible`` made."""

from __future__ import annotations

from typing import Annotated

import typer

from piiscan.cli import _copies, _manifest, _places, _progress
from piiscan.cli import _copy_options as c
from piiscan.cli import _options as o
from piiscan.copies.keyed import read_key
from piiscan.model import CopyOptions

Out = Annotated[
    str,
    typer.Option("--output", "-o", metavar="OUT", help="Where the originals go: a file for one file, else a folder."),
]
Vault = Annotated[str, typer.Option("--vault", metavar="VAULT", help="The file that pseudonymize --reversible wrote.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("restore", help="Give back the originals of copies with stand-ins.")(restore)


def restore(
    ctx: typer.Context,
    paths: o.Sources,
    output: Out,
    key_file: c.KeyFile,
    vault: Vault,
    force: o.Force = False,
    dry_run: c.DryRun = False,
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
    _lang: o.Language = None,
    quiet: o.Quiet = False,
    verbose: c.Verbose = False,
    no_progress: o.NoProgress = False,
    show_values: o.ShowValues = False,
) -> int:
    """Restores, says what became of each copy, and gives the exit code."""
    paths = o.expand(paths)
    secrets = c.secrets_of(key_file, vault)
    places = _places.of_copies(
        paths,
        output,
        secrets,
        ctx.obj.config,
        format_=format_,
        reports=report or (),
        manifest=_manifest.Wish("restore", manifest, no_manifest, dry_run),
        force=force,
    )
    copy = CopyOptions(force, dry_run=dry_run, preserve=preserve, links=allow_links, secrets=secrets, kept=places.kept)
    o.note_values(ctx.obj.say, show_values=show_values, quiet=quiet)
    options = o.scan_options(rules=rules, exclude=exclude, jobs=jobs, limits=ctx.obj.limits)
    key = read_key(key_file)
    from piiscan.copies import pseudonymizing

    with _progress.shown(not (quiet or no_progress)) as display:
        made = pseudonymizing.restore(paths, output, options, copy, key, vault, progress=display.step)
        results = _copies.told(made, places.targets, ctx.obj.lang, force=force, clear=display.clear, verbose=verbose)
    _manifest.write(results, places.manifest, ctx.obj.lang)
    return _copies.exit_code(results)
