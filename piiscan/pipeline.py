"""The story of a run, top to bottom: walk, open, judge, count, weigh, report; and: plan, rewrite, look again, move.

One file is one task. A task is a plain function that can be pickled, so that any executor with the interface of
``concurrent.futures`` can run it; here it is a pool of processes that can be killed.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence, Sized
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from piiscan import hashing
from piiscan.early import environment
from piiscan.errors import BrokenPluginError, PiiscanError, UnsafeCopyError, UsageError
from piiscan.model import (
    CopyOptions,
    CopyResult,
    CopyStatus,
    FileReport,
    Level,
    Progress,
    ScanOptions,
    Skipped,
    Status,
    Summary,
)
from piiscan.scanning import scan_file
from piiscan.walk import Found, reason_of, walk
from piiscan.workers import Early, InlineExecutor, WorkerPool

# What reads and judges is imported by the tasks: where they run in workers, this process needs none of it. Nor does a
# scan need what makes copies.

#: Reasons of inputs that are listed as skipped but are no documents that should have been read.
NOT_DOCUMENTS = ("lock_file", "image")

Step = Callable[[Progress], None]
#: Copies one file: gets its path, what to open, and the place of the copy, None for in place.
Task = Callable[[str, str, Path | None], CopyResult]
#: Tasks handed out ahead of the one whose result is due, per worker: enough to keep all busy, few enough to hold.
AHEAD = 4
#: A copy is judged, walked through, written, searched, judged and walked through again.
PASSES_OF_A_COPY = 6


def scan(
    paths: Sequence[str], options: ScanOptions, *, progress: Step | None = None, early: Early | None = None
) -> Iterator[FileReport]:
    """Scans files and folders; one report for every file and every file inside it, in the order of the walk.

    Raises ``UsageError`` for a mistake in a rule file, nothing for what is wrong with a file.
    """
    _check_rules(options)
    options = with_secret(options)
    found = walk(paths, exclude=options.exclude)
    tasks = ((f, partial(scan_file, f.path, f.real, options), 1) for f in found)
    for f, result in run_tasks(tasks, options, progress, early):
        if isinstance(result, PiiscanError):
            _not_of_the_file(result)
            yield from _again(f, result.reason, options)
        else:
            yield from result


def _check_rules(options: ScanOptions) -> None:
    """Raises ``UsageError`` for a mistake in the user's rules. The built-in ones are left to the tasks, which read all."""
    if options.rules:
        from piiscan import policy

        policy.load(options.rules)


def _not_of_the_file(error: PiiscanError) -> None:
    """Raises what a task found wrong with the rules or the program itself instead of taking it for a file's fault."""
    if isinstance(error, UsageError | BrokenPluginError):
        raise error


def _again(found: Found, reason: str, options: ScanOptions) -> tuple[FileReport, ...]:
    """The reports of a file for which there was no result: those of another reader if one can read it."""
    from piiscan import second

    if options.isolate and found.reason is None and reason in second.FAILURES and second.worth_it(found.real, options):
        seconds = second.TIME_PART * (options.limits.seconds + found.size * options.limits.seconds_per_byte)
        task = partial(second.scan_again, found.path, found.real, options, reason)
        with _executor(options, 1) as pool:
            _, result = _result((found, pool.submit_timed(seconds, task)), 1, None)
        if not isinstance(result, PiiscanError):
            return cast("tuple[FileReport, ...]", result)
    return (_failed(found, reason),)


def scan_stream(stream: BinaryIO, name: str, options: ScanOptions) -> Iterator[FileReport]:
    """Scans what comes from a stream that cannot be sought, under the name it is given, within the same limits."""
    from piiscan import piped

    _check_rules(options)
    options = with_secret(options)
    try:
        held, size = piped.hold(stream, options.limits)
    except PiiscanError as error:
        yield _failed(Found(name, name), error.reason)
        return
    with held:
        found = Found(name, name, size)
        shared = (held.fileno(),) if piped.SHARES else ()
        seconds = options.limits.seconds + size * options.limits.seconds_per_byte
        with _executor(options, 1, shared) as pool:
            future = pool.submit_timed(seconds, piped.task(held, size, name, options))
            _, result = _result((found, future), 1, None)
        if isinstance(result, PiiscanError):
            _not_of_the_file(result)
            yield _failed(found, result.reason)
        else:
            yield from result


def summarise(reports: Iterable[FileReport]) -> Summary:
    """The run as a whole; people are counted once however many files they stand in."""
    reports = list(reports)
    keys: list[Any] = [r.person_keys for r in reports if r.person_keys is not None and len(cast(Sized, r.person_keys))]
    return Summary(
        files=len(reports),
        scanned=sum(r.status is Status.SCANNED for r in reports),
        incomplete=sum(r.status is not Status.SCANNED and r.status_reason not in NOT_DOCUMENTS for r in reports),
        persons=hashing.distinct(keys) if len(keys) > 1 else sum(map(len, keys)),  # those of one file differ already
        persons_exact=all(r.persons_exact for r in reports),
        level=max((r.severity.level for r in reports), key=lambda level: level.rank, default=Level.NONE),
        damage_yen=_damage(reports),
        reportable=any(r.severity.triggers for r in reports),
    )


def _damage(reports: Sequence[FileReport]) -> int:
    """The damage of losing all files: who stands in several of them is paid for once, by the dearest."""
    dear = sorted(reports, key=lambda r: -r.severity.damage_yen_per_person)
    named = [
        (r, cast(Any, r.person_keys)) for r in dear if r.person_keys is not None and len(cast(Sized, r.person_keys))
    ]
    alone = sum(r.severity.damage_yen for r in dear) - sum(r.severity.damage_yen for r, _ in named)
    fresh = hashing.fresh([keys for _, keys in named]) if len(named) > 1 else [len(keys) for _, keys in named]
    return alone + sum(r.severity.damage_yen * new // len(keys) for (r, keys), new in zip(named, fresh, strict=True))


# ---------------------------------------------------------------- copies


def redact(
    paths: Sequence[str],
    output: str | None,
    options: ScanOptions,
    copy: CopyOptions,
    *,
    progress: Step | None = None,
    early: Early | None = None,
) -> Iterator[CopyResult]:
    """Writes a redacted copy of every file, or says why not.

    ``output`` is a file when one file goes in, else a folder in which the tree is mirrored; None only in place.
    """
    from piiscan.redacting import chooser, redact_file

    if options.rules or copy.actions or copy.profile != CopyOptions().profile:  # the built-in rules do not fail
        from piiscan.inspection import knowledge

        chooser(knowledge(options.rules), copy)
    options = with_secret(options)
    task = partial(redact_file, options=options, copy=copy)
    targets = partial(target_of, paths=paths, output=output, options=options, convert=copy.convert)
    yield from copy_all(paths, output, options, task, targets, progress, links=copy.links, early=early)


def copy_all(
    paths: Sequence[str],
    output: str | None,
    options: ScanOptions,
    task: Task,
    target_for: Callable[[Found, Sequence[Found]], Path | None],
    progress: Step | None,
    *,
    links: bool = False,
    early: Early | None = None,
    passes: int = PASSES_OF_A_COPY,
) -> Iterator[CopyResult]:
    """Runs a copying task for every file found, and says of each what became of it.

    ``target_for`` gives the place of the copy of one of the files found, None when it is to take its source's place:
    through a link only with ``links``. ``passes``: by how much the time limit of a scan is multiplied.
    """
    from piiscan.safe_copy import sweep_working_folders

    files = list(walk(paths, exclude=options.exclude, output=output))
    targets = [target_for(f, files) for f in files]
    folders = sorted({(t or Path(f.real)).parent for f, t in zip(files, targets, strict=True)})
    _sweep(folders)
    sweep_working_folders()
    refused = _clashes(files, targets, links=links)
    tasks = (
        (replace(f, reason=refused.get(i, f.reason)), partial(task, f.path, f.real, target), passes)
        for i, (f, target) in enumerate(zip(files, targets, strict=True))
    )
    try:
        with closing(run_tasks(tasks, options, progress, early)) as results:
            for (f, result), target in zip(results, targets, strict=True):
                if isinstance(result, BrokenPluginError):
                    raise result
                if isinstance(result, PiiscanError):
                    yield not_copied(f, target, result, refused=f.reason in refused.values())
                else:
                    yield result
    finally:
        # A worker that crashed, took too long or was interrupted could not remove what it was writing.
        _sweep(folders)


def _sweep(folders: Iterable[Path]) -> None:
    from piiscan.safe_copy import sweep

    for folder in folders:
        sweep(folder)


def not_copied(found: Found, target: Path | None, error: PiiscanError, *, refused: bool) -> CopyResult:
    """The result of a copy that was not made; the place and the cause inside the file are its note."""
    status = CopyStatus.REFUSED if refused or isinstance(error, UnsafeCopyError) else CopyStatus.FAILED
    place, why = str(error.params.get("place", "")), str(error.params.get("why", ""))
    notes = (Skipped(place, why or error.reason),) if place or why else ()
    where = str(target) if target else None
    return CopyResult(found.path, where, status, error.reason, tuple(error.params.items()), notes=notes)


def _clashes(files: Sequence[Found], targets: Sequence[Path | None], *, links: bool) -> dict[int, str]:
    """Position → reason for copies that would overwrite a source of this run or another copy, or go through a link."""
    sources = {os.path.realpath(f.path) for f in files}
    taken: set[str] = set()
    reasons: dict[int, str] = {}
    for position, target in enumerate(targets):
        if files[position].reason is None and target is None and not links:
            try:
                if stat.S_ISLNK(os.lstat(files[position].path).st_mode):
                    reasons[position] = "output_is_link"
            except OSError as error:
                reasons[position] = reason_of(error)
        if target is None or files[position].reason is not None:
            continue
        place = os.path.normcase(os.path.realpath(target))
        if place in sources:
            reasons[position] = "output_is_input"
        elif place in taken:
            reasons[position] = "output_twice"
        taken.add(place)
    return reasons


def target_of(
    found: Found,
    files: Sequence[Found],
    paths: Sequence[str],
    output: str | None,
    *,
    options: ScanOptions | None = None,
    convert: bool = False,
) -> Path | None:
    """Where the copy of a file goes: ``output`` itself for one file named by itself, else the mirrored tree under it.

    What is to be converted gets the suffix of what it becomes.
    """
    target = _target_of(found, files, paths, output)
    if target is None or not convert or options is None or found.reason is not None:
        return target
    from piiscan.converting import new_suffix
    from piiscan.inspection import knowledge

    suffix = new_suffix(found.real, options.limits, knowledge(options.rules).formats)
    return target.with_suffix(suffix) if suffix else target


def _target_of(found: Found, files: Sequence[Found], paths: Sequence[str], output: str | None) -> Path | None:
    if output is None:
        return None
    out = Path(output)
    if (
        len(files) == 1
        and list(paths) == [found.path]
        and not os.path.isdir(out)  # noqa: PTH112  Path.is_dir raises where it may not look
        and not output.endswith(("/", os.sep))
    ):
        return out
    for path in paths:
        if found.path == path:
            return out / Path(path).name
        if Path(found.path).is_relative_to(path):
            return out / Path(found.path).relative_to(path)
    return out / Path(found.path).name


# ---------------------------------------------------------------- running tasks


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
    with _executor(options, jobs, early=early) as pool:
        for found, task, factor in tasks:
            future = None
            if found.reason is None:
                seconds = factor * (limits.seconds + found.size * limits.seconds_per_byte)
                future = pool.submit_timed(seconds, task)
            waiting.append((found, future))
            while waiting and (len(waiting) > AHEAD * jobs or waiting[0][1] is None or waiting[0][1].done()):
                done += 1
                yield _result(waiting.popleft(), done, progress)
        while waiting:
            done += 1
            yield _result(waiting.popleft(), done, progress)


def _executor(
    options: ScanOptions, jobs: int, shared: tuple[int, ...] = (), early: Early | None = None
) -> WorkerPool | InlineExecutor:
    if not options.isolate:
        return InlineExecutor()
    limits = options.limits
    return WorkerPool(
        jobs,
        memory_bytes=limits.memory_bytes,
        result_bytes=limits.result_bytes,
        shared=shared,
        environment=environment(),
        early=early,
    )


def _result(item: tuple[Found, Future[Any] | None], done: int, progress: Step | None) -> tuple[Found, Any]:
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


def _failed(found: Found, reason: str) -> FileReport:
    """The report of a file for which there was no result, or of something that is no file to be read."""
    skipped = found.reason in ("symlink", "special_file", "lock_file")
    status = Status.SKIPPED if skipped else Status.UNREADABLE
    return FileReport(found.path, None, None, found.size, status, reason, (Skipped("", reason),))
