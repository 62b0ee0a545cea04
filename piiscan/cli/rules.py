"""``piiscan rules``: validates the rule files, and lists what is in force."""

from __future__ import annotations

import sys

import typer

from piiscan import messages, registry
from piiscan.cli import _options as o
from piiscan.errors import ExitCode
from piiscan.messages import fill


def register(app: typer.Typer) -> None:
    """Adds the group and its commands."""
    group = typer.Typer(help="Check and list the rules.")
    group.command("check", help="Check the rule files; every mistake is named with its file and line.")(check)
    group.command("list", help="List the detectors and the rules in force.")(list_)
    app.add_typer(group, name="rules")


def check(
    ctx: typer.Context,
    rules: o.Rules = None,
    _config: o.Config = None,
    _lang: o.Language = None,
    quiet: o.Quiet = False,
) -> int:
    """Names every mistake on standard error, or says that there is none."""
    from piiscan import policy

    folders = tuple(rules or ())
    mistakes = policy.check(folders)
    for mistake in mistakes:
        error = mistake.error()
        sys.stderr.write(messages.render(error.reason, error.params, ctx.obj.lang) + "\n")
    if mistakes:
        return ExitCode.USAGE
    if not quiet:
        digest = policy.load(folders).digest
        sys.stdout.write(fill(ctx.obj.say("The rules are valid ({digest})."), {"digest": digest}) + "\n")
    return ExitCode.CLEAN


def list_(ctx: typer.Context, rules: o.Rules = None, _config: o.Config = None, _lang: o.Language = None) -> int:
    """Prints one line a detector, then the digest of the rules."""
    from piiscan import policy

    loaded = policy.load(tuple(rules or ()))
    for detector in registry.detectors().values():
        name = detector.label if ctx.obj.lang == "ja" else detector.label_en
        sys.stdout.write(f"{detector.id:<28}{detector.group:<14}{name}\n")
    sys.stdout.write(fill(ctx.obj.say("rules: {digest}"), {"digest": loaded.digest}) + "\n")
    return ExitCode.CLEAN
