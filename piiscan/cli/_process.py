"""The process itself: the standard streams it may lack, and the signals that end it.

Imports next to nothing, because it comes before everything else.
"""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False  # as typing has it, without the time to import that
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

#: Signals that ask a program to end; Windows lacks the last.
_ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP")
_INTERRUPTED = 130
#: Number, name in ``sys``, how the stream is opened, how the null device is.
_STREAMS = (
    # Reading fails on a device that is open for writing only: nobody who gave no input is told that it is clean.
    (0, "stdin", "r", os.O_WRONLY),
    (1, "stdout", "w", os.O_WRONLY),
    (2, "stderr", "w", os.O_WRONLY),
)


def fill_closed_streams() -> None:
    """Puts the null device where a standard stream is closed, so that no file opened later gets its number."""
    for number, name, mode, flags in _STREAMS:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # gets the lowest free number, which is this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", errors="backslashreplace", closefd=False))  # noqa: SIM115


def end_at_once() -> None:
    """Makes the signals that end a process do so silently, while there is nothing yet, or no longer, to clean up.

    An exception would not do: raised amid an import it may come out as another one.
    """
    _answer(lambda _number, _frame: os._exit(_INTERRUPTED))


def end_orderly() -> None:
    """Makes the signals that end a process raise ``KeyboardInterrupt``, so that nothing unfinished is left over."""
    _answer(_interrupt)


def _answer(handler: Callable[[int, FrameType | None], object]) -> None:
    """Sets the handler. A signal that whoever started the process has it ignore, as ``nohup`` does, stays ignored."""
    try:
        for name in _ENDINGS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, handler)
    except ValueError:  # not the main thread: then the process belongs to another program
        return


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """The first signal interrupts; more of them must not disturb the cleaning up, but a second Ctrl-C is meant."""
    for name in _ENDINGS[1:]:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
