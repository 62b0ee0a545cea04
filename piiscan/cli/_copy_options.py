"""The options that several copying commands share, defined once, and what becomes of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from piiscan.errors import UsageError


class Unknown(StrEnum):
    """What becomes of what cannot be cleaned."""

    STOP = "stop"
    DROP = "drop"
    KEEP = "keep"


CopyFormat = Annotated[
    str,
    typer.Option(
        "--format", metavar="FORMAT", help="How the result is printed: console, json, jsonl. Default: console."
    ),
]
Out = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="OUT", help="Where the copies go: a file for one file, else a folder."),
]
InPlace = Annotated[
    bool, typer.Option("--in-place", help="Put the copy in the place of its source, and keep a backup beside it.")
]
NoBackup = Annotated[bool, typer.Option("--no-backup", help="With --in-place: keep no backup.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")]
Actions = Annotated[
    list[str] | None,
    typer.Option(
        "--action",
        metavar="ENTITY=OPERATOR",
        help="What to do with an entity, for example phone=mask. Can be given several times.",
    ),
]
ProfileName = Annotated[
    str,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="What becomes of which entity: default, share-outside, pseudonymous, anonymous-draft, readable, or one of "
        "your own rules. Default: default.",
    ),
]
UnknownParts = Annotated[
    Unknown,
    typer.Option(
        "--unknown",
        help="What becomes of what cannot be cleaned, such as macros, embedded objects and pictures: stop refuses the "
        "copy, drop leaves it out, keep leaves it in. Default: stop.",
    ),
]
Convert = Annotated[
    bool,
    typer.Option(
        "--convert",
        help="Convert xls, xlsb, doc and ppt with LibreOffice to xlsx, docx and pptx first, and msg to eml.",
    ),
]
KeyFile = Annotated[
    str, typer.Option("--key-file", metavar="FILE", help="The secret key, as made by: piiscan key new FILE")
]
MaybeKeyFile = Annotated[
    str | None,
    typer.Option("--key-file", metavar="FILE", help="The secret key for the actions token, shift, surrogate."),
]
Manifest = Annotated[
    str | None,
    typer.Option(
        "--manifest",
        metavar="FILE",
        help="Write what was done, without any value, to this file. Default: beside the output, as OUT.piiscan.json.",
    ),
]
NoManifest = Annotated[bool, typer.Option("--no-manifest", help="Write no manifest.")]
Preserve = Annotated[
    bool, typer.Option("--preserve", help="Give the copies the owner, times and extended attributes of their sources.")
]
AllowLinks = Annotated[
    bool, typer.Option("--allow-links", help="Write through symbolic links, and replace files that have other names.")
]
Verbose = Annotated[bool, typer.Option("--verbose", help="Also say what was done at which place, and every note.")]


def secrets_of(*files: str | None) -> tuple[str, ...]:
    """The files with secrets among options that may not have been given."""
    return tuple(file for file in files if file)


def check_places(output: str | None, *, in_place: bool, no_backup: bool, dry_run: bool, convert: bool = False) -> None:
    """Refuses options that contradict each other."""
    if output and in_place:
        raise UsageError("output_and_in_place")
    if not (output or in_place or dry_run):
        raise UsageError("output_missing")
    if no_backup and not in_place:
        raise UsageError("no_backup_without_in_place")
    if convert and in_place:
        raise UsageError("convert_in_place")
