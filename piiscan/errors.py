"""One tree of exceptions, and the exit codes they lead to.

A message is a msgid of the catalogue plus parameters; it is translated at the edge (``cli``), never here, and never
holds a value from the user's data: parameters are paths, places, names of types and numbers.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line; the table in the README says the same."""

    CLEAN = 0
    USAGE = 2
    INCOMPLETE = 3
    UNSAFE = 4
    FOUND = 10
    BUG = 70
    INTERRUPTED = 130


class PiiscanError(Exception):
    """Base of every error that piiscan raises on purpose.

    ``reason`` is the key of a message in :mod:`piiscan.messages`, ``params`` fill its placeholders.
    """

    exit_code = ExitCode.BUG

    def __init__(self, reason: str, **params: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross process borders; keyword parameters must survive pickling."""
        return _rebuild, (type(self), self.reason, self.params)


def _rebuild(kind: type[PiiscanError], reason: str, params: dict[str, str | int]) -> PiiscanError:
    return kind(reason, **params)


class UsageError(PiiscanError):
    """A wrong option, argument, configuration or rule file; ``params`` name file and line where there are any."""

    exit_code = ExitCode.USAGE


class BrokenPluginError(PiiscanError):
    """A plug-in file does not define what its folder expects."""

    exit_code = ExitCode.BUG


class UnreadableError(PiiscanError):
    """A source could not be read at all: damaged, gone, forbidden, not what it claims to be."""

    exit_code = ExitCode.INCOMPLETE


class EncryptedError(PiiscanError):
    """A source is protected by a password that was not given."""

    exit_code = ExitCode.INCOMPLETE


class LimitError(PiiscanError):
    """A source would need more time, memory, depth or output than is allowed."""

    exit_code = ExitCode.INCOMPLETE


class UnsafeCopyError(PiiscanError):
    """A copy was refused: something survived in it, it did not open again, or a part cannot be cleaned."""

    exit_code = ExitCode.UNSAFE
