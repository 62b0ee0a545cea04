"""The command line: one file per command; parse, call, print, leave."""

from __future__ import annotations

import sys


def main() -> int:
    """Runs ``piiscan`` with the arguments of the process; gives its exit code (:class:`piiscan.errors.ExitCode`)."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]):
        # Answered before typer is imported, which takes longer than everything else that a short call does.
        from piiscan import __version__

        sys.stdout.write(f"piiscan {__version__}\n")
        return 0
    from piiscan.cli import _app

    _app.harden()
    return _app.run(arguments)
