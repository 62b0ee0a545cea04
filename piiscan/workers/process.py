"""One process that runs tasks, seen from the parent: started, asked, timed, ended."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from piiscan.errors import LimitError, PiiscanError, UnreadableError
from piiscan.workers.inside import receive, send

#: Where the package lies, so that a worker finds it.
_ABOVE_PACKAGE = Path(__file__).resolve().parents[2]
#: Threads of a worker's engine for tables.
MOST_THREADS = 8
_KILLED, _ALARM = -9, -14
#: What Rust's runtime prints before it aborts for want of memory.
_NO_MEMORY = b"memory allocation of"


class WorkerProcess:
    """One process and the pipes to it. ``most``: bytes that it may answer; ``shared``: numbers of files it has too."""

    def __init__(self, environment: Mapping[str, str], most: int | None, shared: tuple[int, ...]) -> None:
        self.tasks = 0
        self._timed_out = False
        self._too_much = False
        self.most = most
        self.process = _started(environment, shared)

    def ask(self, message: bytes, seconds: float | None) -> tuple[bool, Any]:
        """Sends ``message``; (True, result) or (False, error). Raises ``PiiscanError`` when the process does not answer."""
        timer = threading.Timer(seconds, self._time_out) if seconds is not None else None
        if timer:
            timer.daemon = True
            timer.start()
        try:
            answer = self._exchange(message)
        finally:
            if timer:
                timer.cancel()
                timer.join()  # it may have gone off just now
        if self._timed_out or answer is None:
            raise self._why_gone()
        kept: tuple[bool, Any] = pickle.loads(answer)  # noqa: S301  from our own process
        return kept

    def _exchange(self, message: bytes) -> bytes | None:
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            return None
        try:
            send(stdin, message)
            return receive(stdout, self.most)
        except OSError:  # the pipe broke
            return None
        except LimitError:
            self._too_much = True
            return None

    def _time_out(self) -> None:
        self._timed_out = True
        self.process.kill()

    def _why_gone(self) -> PiiscanError:
        self.process.kill() if self._timed_out else None
        if self._too_much:
            self.process.kill()
            self.process.wait()
            return LimitError("too_much_output")
        code = self.process.wait()
        if self._timed_out or code == _ALARM:
            return LimitError("timed_out")
        said = b""
        if self.process.stderr is not None:
            said = self.process.stderr.read()
        # Nobody but the kernel kills a worker with SIGKILL: the machine is out of memory.
        if code == _KILLED or _NO_MEMORY in said:
            return LimitError("too_much_memory")
        return UnreadableError("parser_crashed")

    def drop(self) -> None:
        """Ends the process at once."""
        self.process.kill()
        self.end()

    def end(self) -> None:
        """Ends the process, kindly first; nothing is left of it."""
        pipes = (self.process.stdin, self.process.stdout, self.process.stderr)
        try:
            if self.process.stdin is not None:
                self.process.stdin.close()
            self.process.wait(timeout=0.5 if self.process.poll() is None and not self._timed_out else 0)
        except (subprocess.TimeoutExpired, OSError):
            self.process.kill()
            self.process.wait()
        for pipe in pipes:
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # unsent bytes for a process that is gone
                    continue


def engine_environment() -> dict[str, str]:
    """What is added to the environment of workers for their engine for tables."""
    # Each thread takes memory of its own, and on a large machine all of them would take all there is for a worker.
    threads = str(min(os.cpu_count() or 1, MOST_THREADS))
    return {"POLARS_MAX_THREADS": os.environ.get("POLARS_MAX_THREADS", threads)}


def environment_with(more: Mapping[str, str]) -> dict[str, str]:
    """The environment of workers: this one and ``more``."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", **more}
    environment.pop("PYTHONFAULTHANDLER", None)
    return environment


def _started(environment: Mapping[str, str], shared: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    """A new interpreter that runs ``serve`` and has the files ``shared``; its module path is ours without the working folder."""
    path = [entry for entry in sys.path if entry]
    if str(_ABOVE_PACKAGE) not in path:
        path.append(str(_ABOVE_PACKAGE))
    code = f"import sys; sys.path[:] = {path!r}; from piiscan.workers.inside import serve; serve()"
    options = ["-P"]
    options += ["-X", "utf8"] if sys.flags.utf8_mode else []
    options += ["-E"] if sys.flags.ignore_environment else []
    posix = os.name == "posix"
    return subprocess.Popen(  # noqa: S603  our own interpreter, our own code
        [sys.executable, *options, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if posix else subprocess.DEVNULL,
        env=dict(environment),
        pass_fds=shared,
        # A group of its own: an interrupt typed at the terminal reaches the parent alone.
        process_group=0 if posix else None,
        creationflags=0 if posix else getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
