"""``piiscan rules``: validates the rule files, and lists what is in force."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from piiscan import messages, registry
from piiscan.cli import _options as o
from piiscan.errors import ExitCode
from piiscan.messages import fill
from piiscan.reports._words import entity_label
from piiscan.text import printable

if TYPE_CHECKING:
    from piiscan.policy import Policy


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
    """Prints every entity with its headers and weights, then duties, actions and the digest of the rules."""
    from piiscan import policy

    for line in _lines(policy.load(tuple(rules or ())), ctx.obj):
        sys.stdout.write(f"{printable(line, 10_000)}\n")
    return ExitCode.CLEAN


def _lines(loaded: Policy, session: Any) -> Iterator[str]:
    say, lang = session.say, session.lang
    detectors = {**registry.detectors(), **loaded.detectors}
    headers: dict[str, list[str]] = {}
    for word, meanings in loaded.headers.words.exact.items():
        for meaning in meanings:
            headers.setdefault(meaning, []).append(word)
    for entity in sorted({*detectors, *headers, *loaded.severity.damage.items}):
        name = entity_label(entity, lang, own=loaded.detectors)
        yield f"{entity:<24}{name}"
        if item := loaded.severity.damage.items.get(entity):
            weights = {"mental": item.mental, "economic": item.economic}
            yield "    " + fill(say("weights: mental {mental}, economic {economic}"), weights)
        if words := headers.get(entity):
            yield f"    {say('headers')}: {', '.join(words)}"
    for duty in loaded.severity.duties:
        text = say("duty {id}: {title}; above {count} people")
        params: dict[str, str | int] = {"id": duty.id, "title": duty.title, "count": duty.more_than}
        yield fill(text, params)
    for name, profile in loaded.actions.profiles.items():
        yield fill(say("profile {name}: {title}"), {"name": name, "title": profile.title})
    yield fill(say("rules: {digest}"), {"digest": loaded.digest})
