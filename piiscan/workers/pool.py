"""Runs functions in processes that may crash, hang or eat memory without taking piiscan with them.

A parser fed with a hostile file can abort the process or loop for ever where no ``except`` helps. So every task runs in
a fresh Python interpreter with limits set by the operating system; what happens to it becomes the task's result, and
the worker is replaced. Workers are started by the plain command line instead of :mod:`multiprocessing`, which would
import the main script again in each of them and look for its own modules in the working folder first.
"""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

from piiscan.errors import PiiscanError
from piiscan.workers.inside import harden, receive, send, translated
from piiscan.workers.process import WorkerProcess, environment_with

T = TypeVar("T")

_START_SECONDS = 60.0
_TASKS_PER_WORKER = 500


class WorkerPool(Executor):
    """An executor whose workers can be killed; they are started when first needed and replaced every 500 tasks.

    ``count`` workers, at least one; ``memory_bytes`` bounds the private memory of each (Linux only), ``result_bytes`` what
    a task may answer. ``shared``: numbers of open files that the workers have too (not on Windows). ``initializer`` is
    called once in each worker. ``environment`` is added to that of the workers, such as POLARS_MAX_THREADS. ``early``: a
    worker that is already there; the pool takes it when it would start its first, if it suits. Functions,
    arguments and results must be picklable, and functions live in a module that can be imported, not in the main
    script; a result is the whole of what a task gives.

    A future raises ``LimitError("timed_out")`` after its deadline, ``LimitError("too_much_memory")`` and ``…output``,
    ``UnreadableError("parser_crashed")`` when the process died, the ``PiiscanError`` that the task raised, and
    ``UnreadableError("internal", kind=…, at=…)`` for anything else it raised, whose message stays in the worker.
    """

    def __init__(
        self,
        count: int,
        *,
        memory_bytes: int | None = None,
        result_bytes: int | None = None,
        shared: tuple[int, ...] = (),
        initializer: Callable[[], object] | None = None,
        environment: Mapping[str, str] | None = None,
        early: Early | None = None,
    ) -> None:
        self._threads = ThreadPoolExecutor(max(1, count), thread_name_prefix="piiscan-worker")
        self._setup = [pickle.dumps((None, harden, (memory_bytes, os.getpid()), {}))]
        self._most = result_bytes
        self._shared = shared
        if initializer is not None:
            self._setup.append(pickle.dumps((None, initializer, (), {})))
        self._environment = environment_with(environment or {})
        self._early = early
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()
        self._killed = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Runs ``fn`` in a worker without a deadline."""
        return self._threads.submit(self._run, None, pickle.dumps((None, fn, args, kwargs)))

    def submit_timed(self, seconds: float, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Runs ``fn`` in a worker that is killed ``seconds`` after it began with it."""
        return self._threads.submit(self._run, seconds, pickle.dumps((seconds, fn, args, kwargs)))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Lets running tasks end, as ``concurrent.futures`` does, and ends the workers."""
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        if wait:
            self._end_idle()

    def kill(self) -> None:
        """Ends all workers at once; running and waiting tasks are cancelled."""
        with self._lock:
            self._killed = True
            workers = list(self._all)
        for worker in workers:
            worker.process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._end_idle()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Waits for the tasks, but not when leaving because of an error or an interrupt."""
        if kind is None:
            self.shutdown()
        else:
            self.kill()

    def _run(self, seconds: float | None, task: bytes) -> Any:
        worker = self._take()
        usable = False
        try:
            succeeded, answer = worker.ask(task, seconds)
            usable = succeeded or answer.reason != "too_much_memory"
        except PiiscanError:
            if self._killed:
                raise CancelledError from None
            raise
        finally:
            self._give_back(worker, usable)
        if succeeded:
            return answer
        raise answer

    def _take(self) -> WorkerProcess:
        """An idle worker that is still alive, or a new one."""
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                break
            if worker.process.poll() is None:
                return worker
            self._give_back(worker, usable=False)
        try:
            worker = self._take_early() or WorkerProcess(self._environment, self._most, self._shared)
        except OSError as no_room:  # for another process
            raise translated(no_room) from None
        with self._lock:
            self._all.add(worker)
            killed = self._killed
        try:
            if killed:
                raise CancelledError
            for message in self._setup:
                ready, error = worker.ask(message, _START_SECONDS)
                if not ready:
                    raise error
        except BaseException:
            self._give_back(worker, usable=False)
            raise
        return worker

    def _take_early(self) -> WorkerProcess | None:
        with self._lock:
            early, self._early = self._early, None
        return early.take(self._environment, self._most, self._shared) if early is not None else None

    def _give_back(self, worker: WorkerProcess, usable: bool) -> None:
        worker.tasks += 1
        if usable and worker.tasks < _TASKS_PER_WORKER and not self._killed:
            with self._lock:
                self._idle.append(worker)
            return
        with self._lock:
            self._all.discard(worker)
        worker.end()

    def _end_idle(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            self._give_back(worker, usable=False)


class Early:
    """A worker that gets ready while the command still finds out what it has to do; used once or ended.

    ``prepare`` is a task like any other: it imports what tasks will need. No limits are set yet, and no file is touched.
    """

    def __init__(self, prepare: Callable[[], object], environment: Mapping[str, str] | None = None) -> None:
        self._environment = environment_with(environment or {})
        self._worker: WorkerProcess | None = WorkerProcess(self._environment, None, ())
        stdin = self._worker.process.stdin
        try:
            if stdin is not None:
                send(stdin, pickle.dumps((None, prepare, (), {})))
        except OSError:  # it has died; whoever takes it will see
            return

    def take(self, environment: Mapping[str, str], most: int | None, shared: tuple[int, ...]) -> WorkerProcess | None:
        """The worker once it is ready; None when it was taken before, has died, or was started for something else."""
        worker, self._worker = self._worker, None
        if worker is None:
            return None
        stdout = worker.process.stdout
        suits = not shared and environment == self._environment and stdout is not None
        if not suits or stdout is None or receive(stdout) is None:
            worker.drop()
            return None
        worker.most = most
        return worker

    def end(self) -> None:
        """Ends the worker if nobody took it."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.drop()


class InlineExecutor(Executor):
    """The same interface in this process, for debugging and tests: nothing is limited, errors are the same."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Runs ``fn`` now; interrupts pass through."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001  as in a worker, where a panic of a Rust parser is a result too
            future.set_exception(translated(error))
        return future

    def submit_timed(self, _seconds: float, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Runs ``fn`` now, without a deadline."""
        return self.submit(fn, *args, **kwargs)

    def kill(self) -> None:
        """Nothing is running."""
