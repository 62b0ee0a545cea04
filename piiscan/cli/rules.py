"""``piiscan rules``: validates the rule files, and lists what is in force."""

from __future__ import annotations

import sys

import typer

from piiscan import registry
from piiscan.cli import _options as o
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
    """Loads the rules, which refuses a wrong file."""
    from piiscan import policy

    digest = policy.load(tuple(rules or ())).digest
    if not quiet:
        sys.stdout.write(fill(ctx.obj.say("The rules are valid ({digest})."), {"digest": digest}) + "\n")
    return 0


def list_(ctx: typer.Context, rules: o.Rules = None, _config: o.Config = None, _lang: o.Language = None) -> int:
    """Prints one line a detector, then the digest of the rules."""
    from piiscan import policy

    loaded = policy.load(tuple(rules or ()))
    for detector in registry.detectors().values():
        name = detector.label if ctx.obj.lang == "ja" else detector.label_en
        sys.stdout.write(f"{detector.id:<28}{detector.group:<14}{name}\n")
    sys.stdout.write(fill(ctx.obj.say("rules: {digest}"), {"digest": loaded.digest}) + "\n")
    return 0
