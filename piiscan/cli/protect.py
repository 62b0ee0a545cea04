"""``piiscan protect``: writes password-protected copies, and makes a password when asked to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from piiscan.cli import _copies, _manifest, _places, _progress
from piiscan.cli import _copy_options as c
from piiscan.cli import _options as o
from piiscan.copies.secret_file import read_secret, write_secret
from piiscan.errors import UsageError
from piiscan.messages import fill
from piiscan.model import CopyOptions, CopyResult, CopyStatus

#: A shorter one can be found by trying; the least that the guides of IPA and NIST SP 800-63B-4 ask for is less.
SHORT = 12

Out = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="OUT",
        help="Where the copies go: a file for one file, one zip for all when it ends in .zip, else a folder.",
    ),
]
Given = Annotated[
    str | None,
    typer.Option("--password-file", metavar="FILE", help="Lock with the password in this file (one line, UTF-8)."),
]
Generated = Annotated[
    str | None,
    typer.Option("--generate-password", metavar="FILE", help="Make a new password and write it to this new file."),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("protect", help="Write copies that only a password opens.")(protect)


def protect(
    ctx: typer.Context,
    paths: o.Sources,
    output: Out,
    password_file: Given = None,
    generate_password: Generated = None,
    force: o.Force = False,
    dry_run: c.DryRun = False,
    manifest: c.Manifest = None,
    no_manifest: c.NoManifest = False,
    preserve: c.Preserve = False,
    allow_links: c.AllowLinks = False,
    format_: c.CopyFormat = "console",
    report: o.Reports = None,
    _config: o.Config = None,
    exclude: o.Exclude = None,
    jobs: o.Jobs = 0,
    _lang: o.Language = None,
    quiet: o.Quiet = False,
    verbose: c.Verbose = False,
    no_progress: o.NoProgress = False,
    show_values: o.ShowValues = False,
) -> int:
    """Copies, says what became of each source, and gives the exit code."""
    paths = o.expand(paths)
    secrets = c.secrets_of(password_file, generate_password)
    places = _places.of_copies(
        paths,
        output,
        secrets,
        ctx.obj.config,
        format_=format_,
        reports=report or (),
        manifest=_manifest.Wish("protect", manifest, no_manifest, dry_run),
        force=force,
    )
    copy = CopyOptions(force, dry_run=dry_run, preserve=preserve, links=allow_links, secrets=secrets, kept=places.kept)
    o.note_values(ctx.obj.say, show_values=show_values, quiet=quiet)
    options = o.scan_options(rules=None, exclude=exclude, jobs=jobs, limits=ctx.obj.limits)
    password = _password(password_file, generate_password, dry_run=dry_run)
    say = ctx.obj.say
    if len(password) < SHORT:
        text = say("The password is shorter than {count} characters and could be guessed. Use --generate-password.")
        o.note(fill(text, {"count": SHORT}), quiet=quiet)
    from piiscan.copies import protecting

    results: list[CopyResult] = []
    with _progress.shown(not (quiet or no_progress)) as display:
        made = protecting.protect(paths, output, options, copy, password, progress=display.step)
        results += _copies.told(made, places.targets, ctx.obj.lang, force=force, clear=display.clear, verbose=verbose)
    _manifest.write(results, places.manifest, ctx.obj.lang)
    written = any(r.status is CopyStatus.WRITTEN for r in results)
    if generate_password and written:
        text = say("{file}: the password. Send it by another way than the files, best by telephone.")
        o.note(fill(text, {"file": generate_password}), quiet=quiet)
    elif generate_password and not dry_run:
        Path(generate_password).unlink(missing_ok=True)
    return _copies.exit_code(results)


def _password(given: str | None, generated: str | None, *, dry_run: bool) -> str:
    """The password by one of the three ways it may come; raises ``UsageError`` for none, several, or a useless one."""
    from piiscan.copies import locking

    if given and generated:
        raise UsageError("password_twice")
    if generated:
        password = locking.new_password()
        if not dry_run:
            write_secret(generated, password, "file_exists")
        return password
    password = read_secret(given, "password_file_one_line") if given else os.environ.get("PIISCAN_PASSWORD", "")
    if not password:
        raise UsageError("password_missing")
    if len(password.encode("utf-16-le")) > 2 * locking.MOST_PASSWORD:
        raise UsageError("password_too_long", count=locking.MOST_PASSWORD)
    return password
