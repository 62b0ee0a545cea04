"""``piiscan init``: writes a configuration file in which every setting is explained and none is set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from piiscan import config
from piiscan.cli import _options as o
from piiscan.cli import _output
from piiscan.errors import UsageError
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
    from piiscan.cli import _app

    path = Path(file)
    if path.is_file():
        raise UsageError("file_exists", path=file)
    _output.check(path, force=False)
    heading = ctx.obj.say("Settings of piiscan. A key is the long name of an option; the command line wins.")
    helps = _helps(_app.build(ctx.obj.say))  # the tree in use has no command but this
    _output.write_text(path, "\n".join(_lines(heading, helps, ctx.obj.say)), force=False)
    o.note(fill(ctx.obj.say("{file}: written"), {"file": str(path)}), quiet=quiet)
    return 0


def _helps(command: Any) -> dict[str, dict[str, list[str]]]:
    """Key → what the option of that name does, in the reader's language → the commands that say so."""
    found: dict[str, dict[str, list[str]]] = {}
    for name, sub in getattr(command, "commands", {}).items():
        for param in sub.params:
            for key in {opt[2:] for opt in param.opts} & config.KEYS.keys():
                found.setdefault(key, {}).setdefault(param.help, []).append(name)
    return found


def _lines(heading: str, helps: dict[str, dict[str, list[str]]], say: Translate) -> Iterator[str]:
    yield f"# {heading}"
    for key in config.KEYS:
        yield ""
        told = helps[key]
        for text, names in told.items():
            who = f"{', '.join(names)}: " if len(told) > 1 else ""
            yield f"# {who}{text}"
        yield f"# {key} = {EXAMPLES[key]}"
    yield ""
    yield f"# {say('Bounds of reading one file; docs/limits.md tells what each is for. Hitting one is reported.')}"
    yield f"# [{config.TABLE}]"
    yield from (f"# {key} = {number}" for key, number in config.defaults().items())
    yield ""
