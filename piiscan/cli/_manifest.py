"""The manifest: what a copying command did at which place, as JSON beside the output; no value stands in it.

Its form is ``piiscan/schemas/manifest-1.json``.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from piiscan import __version__
from piiscan.cli._copies import of_copy
from piiscan.cli._output import check, is_taken, keep_apart, write_text
from piiscan.errors import UsageError
from piiscan.model import CopyResult, CopyStatus
from piiscan.reports._document import dumps

SCHEMA = "urn:piiscan:manifest:1"
SUFFIX = ".piiscan.json"


@dataclass(frozen=True)
class Wish:
    """What was asked of the manifest of a run: a file of its own, none at all; none is written by a dry run."""

    command: str
    file: str | None
    none: bool
    dry_run: bool
    profile: str | None = None


@dataclass(frozen=True)
class Plan:
    """Where the manifest of a run goes (None: nowhere) and what it says of the run."""

    file: Path | None
    command: str
    profile: str | None = None
    force: bool = False


def plan(wish: Wish, output: str | None, paths: Sequence[str], *, force: bool, kept: Collection[str | Path]) -> Plan:
    """Where it goes: the file that was named, else beside the output or, in place, beside the first source.

    A name that is taken gets a number, so that the manifest of an earlier run stays. ``kept``: other files of the run.
    Raises ``UsageError``.
    """
    if wish.none and wish.file:
        raise UsageError("manifest_and_none")
    if wish.none or wish.dry_run:
        return Plan(None, wish.command, wish.profile)
    if wish.file:
        file = Path(wish.file)
        keep_apart([file], kept)
        check(file, force=force, sources=list(paths))
        return Plan(file, wish.command, wish.profile, force)
    place = _beside(Path(output or paths[0]))
    file, number = place.with_name(f"{place.name}{SUFFIX}"), 1
    while os.path.lexists(file) or is_taken(file, kept):
        number += 1
        file = place.with_name(f"{place.name}.{number}{SUFFIX}")
    return Plan(file, wish.command, wish.profile)


def _beside(place: Path) -> Path:
    """What the manifest is to stand beside: the place under a name of its own, also where it was named "." or "..".

    Beside a folder where nothing may be written it would be lost, so it goes into the folder.
    """
    if place.name in ("", ".."):
        place = Path(os.path.realpath(place))
        if not place.name:
            raise UsageError("manifest_no_place", path=str(place))
    return place / place.name if place.is_dir() and not os.access(place.parent, os.W_OK) else place


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
