"""The manifest: what a copying command did at which place, as JSON beside the output; no value stands in it.

Its form is ``piiscan/schemas/manifest-1.json``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from piiscan import __version__
from piiscan.cli._copies import of_copy
from piiscan.cli._output import check, write_text
from piiscan.errors import UsageError
from piiscan.model import CopyResult, CopyStatus
from piiscan.reports._document import dumps

SCHEMA = "urn:piiscan:manifest:1"
SUFFIX = ".piiscan.json"


@dataclass(frozen=True)
class Plan:
    """Where the manifest of a run goes (None: nowhere) and what it says of the run."""

    file: Path | None
    command: str
    profile: str | None = None
    force: bool = False


def plan(
    command: str,
    given: str | None,
    output: str | None,
    paths: Sequence[str],
    *,
    none: bool,
    dry_run: bool,
    force: bool,
    profile: str | None = None,
) -> Plan:
    """Where it goes: the file that was named, else beside the output or, in place, beside the first source.

    A name that is taken gets a number, so that the manifest of an earlier run stays. Raises ``UsageError``.
    """
    if none and given:
        raise UsageError("manifest_and_none")
    if none or dry_run:
        return Plan(None, command, profile)
    if given:
        check(Path(given), force=force, sources=list(paths))
        return Plan(Path(given), command, profile, force)
    place = Path(output or paths[0])
    file, number = place.with_name(f"{place.name}{SUFFIX}"), 1
    while os.path.lexists(file):
        number += 1
        file = place.with_name(f"{place.name}.{number}{SUFFIX}")
    return Plan(file, command, profile)


def document(results: Sequence[CopyResult], plan: Plan, lang: str) -> dict[str, Any]:
    """The manifest of a finished run."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "piiscan", "version": __version__},
        "command": plan.command,
        "profile": plan.profile,
        "copies": [of_copy(result, lang) for result in results],
    }


def write(results: Sequence[CopyResult], plan: Plan, lang: str) -> Path | None:
    """Writes the manifest when a copy was written; gives its place."""
    if plan.file is None or not any(result.status is CopyStatus.WRITTEN for result in results):
        return None
    write_text(plan.file, dumps(document(results, plan, lang), indent=2) + "\n", force=plan.force)
    return plan.file
