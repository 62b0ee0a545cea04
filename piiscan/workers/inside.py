"""The worker's side of :mod:`piiscan.workers.pool`: takes tasks from a pipe, runs them within limits, answers.

Whatever a task or a library prints goes nowhere, because it may hold text of the file.
"""

from __future__ import annotations

import errno
import faulthandler
import gc
import os
import pickle
import signal
import struct
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO

from piiscan.errors import LimitError, PiiscanError, UnreadableError

_PACKAGE = Path(__file__).resolve().parents[1]
_HEAD = struct.Struct("<Q")
#: How much longer than its deadline a worker lives whose parent is gone or stopped.
_GRACE_SECONDS = 5.0
#: Address space that libraries reserve and never touch: thread stacks, arenas, mapped files.
_RESERVED_BYTES = 4 * 1024**3
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38


def serve() -> None:
    """Answers messages until the pipe ends; the first is the setup. Never returns."""
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    _silence()
    gc.disable()
    message = receive(tasks)
    while message is not None:
        send(answers, _answer(message))
        if not gc.isenabled():  # what the first task, or getting ready for it, has imported stays
            gc.freeze()
            gc.enable()
        message = receive(tasks)
    os._exit(0)


#: Reasons for errors of the system; any other is "io_error".
_SYSTEM = {
    errno.ENOSPC: "no_space",
    getattr(errno, "EDQUOT", errno.ENOSPC): "no_space",
    errno.EACCES: "permission",
    errno.EPERM: "permission",
    errno.EROFS: "read_only",
    errno.ENOENT: "not_found",
}


def send(stream: IO[bytes], message: bytes) -> None:
    """Writes one message; raises ``OSError`` when nobody reads."""
    stream.write(_HEAD.pack(len(message)))
    stream.write(message)
    stream.flush()


def receive(stream: IO[bytes], most: int | None = None) -> bytes | None:
    """One whole message, or None at the end of the pipe; raises ``LimitError`` for one of more than ``most`` bytes."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    if most is not None and size > most:
        raise LimitError("too_much_output")
    message = stream.read(size)
    return message if len(message) == size else None


def translated(error: BaseException) -> PiiscanError:
    """``error`` as one of piiscan's own, without its message, which may hold text of the file."""
    if isinstance(error, PiiscanError):
        return error
    if isinstance(error, MemoryError):
        return LimitError("too_much_memory")
    if isinstance(error, OSError) and error.errno is not None:
        return UnreadableError(_SYSTEM.get(error.errno, "io_error"))
    return UnreadableError("internal", kind=type(error).__name__, at=_where(error.__traceback__))


def harden(memory_bytes: int | None, parent: int) -> None:
    """Sets the limits of this process, whose parent's number is ``parent``; what the platform lacks is left out.

    Private memory is bounded by RLIMIT_DATA, which Linux counts as writable private pages; RLIMIT_AS alone would have
    to allow for the address space that polars reserves for each processor, and bounds the rest.
    """
    faulthandler.disable()
    if sys.platform == "win32":
        return
    import resource

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        _prctl(parent)
    else:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    if memory_bytes is not None and sys.platform == "linux":
        _lower(resource.RLIMIT_DATA, memory_bytes)
        _lower(resource.RLIMIT_AS, memory_bytes + _RESERVED_BYTES)


def _answer(message: bytes) -> bytes:
    try:
        seconds, function, args, kwargs = pickle.loads(message)  # noqa: S301  from our own parent
        _alarm(seconds)
        result = pickle.dumps((True, function(*args, **kwargs)))
    except BaseException as error:  # noqa: BLE001  a panic of a Rust parser is a BaseException, and a result
        result = pickle.dumps((False, translated(error)))
    _alarm(None)
    return result


def _alarm(seconds: float | None) -> None:
    """The system ends this process some seconds after its deadline, even if the parent cannot and the GIL is held."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, 0 if seconds is None else seconds + _GRACE_SECONDS)


def _silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(os.devnull, "w")  # noqa: PTH123, SIM115
    if os.name == "posix":
        # Kept for the parent to tell a want of memory from a crash; a full pipe must not stop the writer.
        os.set_blocking(2, False)


def _prctl(parent: int) -> None:
    """Dies with its parent, gains no privileges, and leaves no memory to other processes of the same user."""
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def _lower(kind: int, wanted: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (allowed, allowed))


def _where(trace: TracebackType | None) -> str:
    """``formats/xlsx.py:12``: the innermost line of piiscan's own code, else the innermost line."""
    own, last = "", "unknown"
    while trace is not None:
        path, line = Path(trace.tb_frame.f_code.co_filename), trace.tb_lineno
        last = f"{path.name}:{line}"
        if path.is_relative_to(_PACKAGE) and path.parent != _PACKAGE / "workers":
            own = f"{path.relative_to(_PACKAGE).as_posix()}:{line}"
        trace = trace.tb_next
    return own or last
