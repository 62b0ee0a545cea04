"""The options that mean the same in every command, defined once, and what becomes of them."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from glob import glob
from pathlib import Path
from typing import Annotated

import typer

from piiscan import messages
from piiscan.errors import UsageError
from piiscan.model import Limits, ScanOptions


class FailOn(StrEnum):
    """Levels that may end a run with exit code 10; ``none`` would be every file, so it is not offered."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Lang(StrEnum):
    """Languages of messages and reports."""

    JA = "ja"
    EN = "en"


Paths = Annotated[list[str], typer.Argument(metavar="PATH", help="Files and folders; - is standard input.")]
Sources = Annotated[list[str], typer.Argument(metavar="PATH", help="Files and folders.")]
Format = Annotated[
    str, typer.Option("--format", metavar="FORMAT", help="How the result is printed: {formats}. Default: console.")
]
Reports = Annotated[
    list[str] | None,
    typer.Option("--report", metavar="FORMAT=FILE", help="Also write a report to a file. Can be given several times."),
]
Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write the result to this file instead of standard output."),
]
FailOnLevel = Annotated[
    FailOn,
    typer.Option("--fail-on", help="Leave with exit code 10 when a file is at or above this level. Default: medium."),
]
Config = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Read this configuration. Default: the nearest piiscan.toml or pyproject.toml, upward.",
    ),
]
Rules = Annotated[
    list[str] | None,
    typer.Option("--rules", metavar="DIR", help="A folder with your own rule files. Can be given several times."),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="GLOB", help="Leave out what matches. Can be given several times."),
]
Jobs = Annotated[
    int, typer.Option("--jobs", metavar="N", help="How many files are read at a time. Default: one a processor.")
]
Language = Annotated[
    Lang | None, typer.Option("--lang", help="Language of messages and reports. Default: from the locale.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing on standard error but errors.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Also name the files in which nothing was found.")]
NoProgress = Annotated[bool, typer.Option("--no-progress", help="Show no progress.")]
ShowValues = Annotated[
    bool, typer.Option("--show-values", help="Accepted, but values are masked in every report of this version.")
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite existing output files.")]
PasswordFile = Annotated[
    str | None,
    typer.Option(
        "--password-file",
        metavar="FILE",
        help="Passwords to try on protected files, one a line, UTF-8. Also read from PIISCAN_PASSWORD.",
    ),
]


def note(text: str, *, quiet: bool) -> None:
    """One line for the user on standard error, unless they asked for quiet."""
    if not quiet:
        sys.stderr.write(f"piiscan: {text}\n")


def note_values(say: messages.Translate, *, show_values: bool, quiet: bool) -> None:
    """Says that --show-values has no effect yet: silence would let the user think that nothing was found."""
    if show_values:
        note(say("--show-values has no effect: reports of this version hold no values."), quiet=quiet)


def expand(paths: list[str], *, windows: bool = os.name == "nt") -> list[str]:
    """Paths with wildcards as the files they stand for: the Windows shells leave that to the program."""
    if not windows:
        return paths
    found: list[str] = []
    for path in paths:
        # pathlib would match from a folder; what was typed may be absolute, relative or on a share.
        names = sorted(glob(path)) if set(path) & set("*?[") and not os.path.lexists(path) else []  # noqa: PTH207
        found += names or [path]
    return found


def scan_options(
    *,
    rules: list[str] | None,
    exclude: list[str] | None = None,
    jobs: int = 0,
    password_file: str | None = None,
    limits: Limits | None = None,
) -> ScanOptions:
    """What the options say about a scan; raises ``UsageError`` for what cannot be."""
    if jobs < 0:
        raise UsageError("jobs_negative")
    return ScanOptions(
        limits=limits or Limits(),
        rules=tuple(rules or ()),
        exclude=tuple(exclude or ()),
        jobs=jobs,
        passwords=passwords(password_file),
    )


def passwords(file: str | None) -> tuple[str, ...]:
    """The lines of the password file that are not empty, then the environment's; secrets never come as arguments."""
    found: list[str] = []
    if file is not None:
        try:
            found += [line for line in Path(file).read_text(encoding="utf-8-sig").splitlines() if line]
        except (OSError, UnicodeDecodeError):
            raise UsageError("password_file_unreadable", path=file) from None
    if value := os.environ.get("PIISCAN_PASSWORD"):
        found.append(value)
    return tuple(dict.fromkeys(found))
