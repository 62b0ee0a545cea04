"""Hands tasks to processes that can be killed, and gives the results in the order of the tasks.

One file is one task. A task is a plain function that can be pickled, so that any executor with the interface of
``concurrent.futures`` can run it.
"""

from __future__ import annotations

import os
import secrets
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from piiscan.errors import PiiscanError
from piiscan.files.walk import Found
from piiscan.model import Progress, ScanOptions
from piiscan.workers.pool import Early, InlineExecutor, WorkerPool
from piiscan.workers.process import engine_environment

Step = Callable[[Progress], None]
#: Tasks handed out ahead of the one whose result is due, per worker: enough to keep all busy, few enough to hold.
AHEAD = 4


def run_tasks(
    tasks: Iterator[tuple[Found, Callable[[], Any], int]],
    options: ScanOptions,
    progress: Step | None,
    early: Early | None = None,
) -> Generator[tuple[Found, Any], None, None]:
    """Results in the order of the tasks, while later ones already run; an error that belongs to a file is its result.

    The third of a task is by how much its time limit is multiplied. Something found that cannot be opened costs
    nothing and gets its reason back.
    """
    jobs = options.jobs or os.cpu_count() or 1
    waiting: deque[tuple[Found, Future[Any] | None]] = deque()
    limits = options.limits
    done = 0
    with executor(options, jobs, early=early) as pool:
        for found, task, factor in tasks:
            future = None
            if found.reason is None:
                seconds = factor * (limits.seconds + found.size * limits.seconds_per_byte)
                future = pool.submit_timed(seconds, task)
            waiting.append((found, future))
            while waiting and (len(waiting) > AHEAD * jobs or waiting[0][1] is None or waiting[0][1].done()):
                done += 1
                yield result_of(waiting.popleft(), done, progress)
        while waiting:
            done += 1
            yield result_of(waiting.popleft(), done, progress)


def executor(
    options: ScanOptions, jobs: int, shared: tuple[int, ...] = (), early: Early | None = None
) -> WorkerPool | InlineExecutor:
    """What runs the tasks: ``jobs`` processes within the limits, or this one. ``shared``, ``early``: as for ``WorkerPool``."""
    if not options.isolate:
        return InlineExecutor()
    limits = options.limits
    return WorkerPool(
        jobs,
        memory_bytes=limits.memory_bytes,
        result_bytes=limits.result_bytes,
        shared=shared,
        environment=engine_environment(),
        early=early,
    )


def result_of(item: tuple[Found, Future[Any] | None], done: int, progress: Step | None) -> tuple[Found, Any]:
    """What a task gave, or the ``PiiscanError`` that is its file's result; tells ``progress`` that so many are ``done``."""
    found, future = item
    result: Any
    if future is None:
        result = PiiscanError(found.reason or "io_error")
    else:
        try:
            result = future.result()
        except PiiscanError as error:
            result = error
    if progress:
        progress(Progress(found.path, done, done))
    return found, result


def with_secret(options: ScanOptions) -> ScanOptions:
    """Options with a key for counting people that lives no longer than the run."""
    return options if options.person_secret else replace(options, person_secret=secrets.token_bytes(32))
