"""The command line: one file per command; parse, call, print, leave."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from piiscan.workers import Early


def main() -> int:
    """Runs ``piiscan`` with the arguments of the process; gives its exit code (:class:`piiscan.errors.ExitCode`)."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]):
        # Answered before typer is imported, which takes longer than everything else that a short call does.
        from piiscan import __version__

        sys.stdout.write(f"piiscan {__version__}\n")
        return 0
    early = _start_early(arguments)
    try:
        from piiscan.cli import _app

        _app.harden()
        return _app.run(arguments, early)
    finally:
        if early is not None:
            early.end()


def _start_early(arguments: list[str]) -> Early | None:
    """For a scan or redaction of files a worker that imports what it needs while this process reads the command line."""
    if arguments[:1] not in (["scan"], ["redact"]) or "--help" in arguments or "-" in arguments:
        return None
    from piiscan.early import start

    try:
        return start(arguments[1:], copies=arguments[0] == "redact")
    except OSError:  # too many processes, say; it is told of the file that needs one
        return None
