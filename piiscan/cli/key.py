"""``piiscan key new``: a new secret key in a file that its owner alone can read."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Annotated

import typer

from piiscan.cli import _options as o
from piiscan.copies.keyed import KEY_BYTES, PREFIX
from piiscan.copies.secret_file import write_secret
from piiscan.messages import fill

KeyFile = Annotated[str, typer.Argument(metavar="FILE", help="The file to make. It must not exist yet.")]


def register(app: typer.Typer) -> None:
    """Adds the group and its command."""
    group = typer.Typer(help="Make secret keys.")
    group.callback()(_top)
    group.command("new", help="Make a new secret key, readable by its owner alone.")(new)
    app.add_typer(group, name="key")


def _top() -> None:
    """Keeps ``new`` a sub-command while it is the only one."""


def new(
    ctx: typer.Context, file: KeyFile, _config: o.Config = None, _lang: o.Language = None, quiet: o.Quiet = False
) -> int:
    """Writes the key. An existing file is never overwritten: what an old key locked would be lost."""
    write_secret(file, f"{PREFIX} {urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()}", "key_exists")
    say = ctx.obj.say
    text = say("{file}: a new key. Keep a copy in a safe place: without it, pseudonyms cannot be turned back.")
    o.note(fill(text, {"file": str(Path(file))}), quiet=quiet)
    return 0
