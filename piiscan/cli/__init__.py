"""The command line: one file per command; parse, call, print, leave."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # as typing has it, without the time to import that
if TYPE_CHECKING:
    from piiscan.workers.pool import Early


def main() -> int:
    """Runs ``piiscan`` with the arguments of the process; gives its exit code (:class:`piiscan.errors.ExitCode`)."""
    try:
        from piiscan.cli import _process
    except KeyboardInterrupt:
        return 130
    _process.end_at_once()
    _process.fill_closed_streams()
    arguments = sys.argv[1:]
    return _version() if arguments in (["--version"], ["-V"]) else _run(arguments)


def _version() -> int:
    """Answered before typer is imported, which takes longer than everything else that a short call does."""
    from piiscan import __version__

    try:
        sys.stdout.write(f"piiscan {__version__}\n")
        sys.stdout.flush()
    except OSError as error:
        from piiscan import messages
        from piiscan.cli import _errors

        return _errors.of_output(error, messages.language())
    return 0


def _run(arguments: list[str]) -> int:
    from piiscan.cli import _process

    early = _start_early(arguments)
    try:
        from piiscan.cli import _app

        _app.harden()
        _process.end_orderly()
        return _app.run(arguments, early)
    except KeyboardInterrupt:  # at the very beginning or end of the run
        return 130
    finally:
        _process.end_at_once()
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
