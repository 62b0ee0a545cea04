"""``piiscan init``: writes a configuration file in which every setting is explained and none is set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from piiscan import config
from piiscan.cli import _options as o
from piiscan.cli import _output
from piiscan.messages import Translate, fill

#: An example for each setting; all are written as comments.
EXAMPLES: dict[str, str] = {
    "format": '"console"',
    "report": '["json=piiscan-report.json"]',
    "output": '"piiscan-report.txt"',
    "fail-on": '"medium"',
    "rules": '["rules"]',
    "exclude": '["*.bak", "node_modules/"]',
    "jobs": "0",
    "lang": '"ja"',
    "quiet": "false",
    "verbose": "false",
    "no-progress": "false",
    "show-values": "false",
    "password-file": '"passwords.txt"',
    "action": '["phone=mask"]',
    "key-file": '"piiscan.key"',
    "profile": '"default"',
    "unknown": '"stop"',
    "convert": "false",
    "preserve": "false",
    "no-manifest": "false",
}

Target = Annotated[str, typer.Argument(metavar="FILE", help="The file to write. Default: piiscan.toml.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("init", help="Write a configuration file with every setting explained.")(init)


def init(
    ctx: typer.Context,
    file: Target = config.FILE,
    _config: o.Config = None,
    _lang: o.Language = None,
    quiet: o.Quiet = False,
) -> int:
    """Writes the file; an existing one is never overwritten."""
    path = Path(file)
    _output.check(path, force=False)
    heading = ctx.obj.say("Settings of piiscan. A key is the long name of an option; the command line wins.")
    _output.write_text(path, "\n".join(_lines(heading, _helps(ctx.find_root().command), ctx.obj.say)), force=False)
    o.note(fill(ctx.obj.say("{file}: written"), {"file": str(path)}), quiet=quiet)
    return 0


def _helps(command: Any) -> dict[str, str]:
    """The help of every long option of the command tree, in the reader's language."""
    found = {opt[2:]: param.help for param in command.params for opt in param.opts if getattr(param, "help", None)}
    for sub in getattr(command, "commands", {}).values():
        found = _helps(sub) | found
    return found


def _lines(heading: str, helps: dict[str, str], say: Translate) -> Iterator[str]:
    yield f"# {heading}"
    for key in config.KEYS:
        yield ""
        yield f"# {helps.get(key, key)}"
        yield f"# {key} = {EXAMPLES[key]}"
    yield ""
    yield f"# {say('Bounds of reading one file; docs/limits.md tells what each is for. Hitting one is reported.')}"
    yield f"# [{config.TABLE}]"
    yield from (f"# {key} = {number}" for key, number in config.defaults().items())
    yield ""
