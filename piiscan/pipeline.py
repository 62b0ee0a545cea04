"""The story of a run, top to bottom: walk, open, judge, count, weigh, report; and: plan, rewrite, look again, move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from functools import partial
from typing import Any, BinaryIO, cast

from piiscan.errors import BrokenPluginError, PiiscanError, UsageError
from piiscan.files.walk import Found, walk
from piiscan.inspection.task import scan_file
from piiscan.model import CopyOptions, CopyResult, FileReport, Level, ScanOptions, Skipped, Status, Summary
from piiscan.people import distinct
from piiscan.workers import tasks
from piiscan.workers.pool import Early
from piiscan.workers.tasks import Step, run_tasks, with_secret

# What reads and judges is imported by the tasks: where they run in workers, this process needs none of it. Nor does a
# scan need what makes copies.

#: Reasons of inputs that are listed as skipped but are no documents that should have been read.
NOT_DOCUMENTS = ("lock_file", "image")


def scan(
    paths: Sequence[str], options: ScanOptions, *, progress: Step | None = None, early: Early | None = None
) -> Iterator[FileReport]:
    """Scans files and folders; one report for every file and every file inside it, in the order of the walk.

    Raises ``UsageError`` for a mistake in a rule file, nothing for what is wrong with a file.
    """
    _check_rules(options)
    options = with_secret(options)
    found = walk(paths, exclude=options.exclude, ignore_named=options.ignore_named)
    files = ((f, partial(scan_file, f.path, f.real, options), 1) for f in found)
    for f, result in run_tasks(files, options, progress, early):
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
    from piiscan.inspection import second

    if options.isolate and found.reason is None and reason in second.FAILURES and second.worth_it(found.real, options):
        seconds = second.TIME_PART * (options.limits.seconds + found.size * options.limits.seconds_per_byte)
        task = partial(second.scan_again, found.path, found.real, options, reason)
        with tasks.executor(options, 1) as pool:
            _, result = tasks.result_of((found, pool.submit_timed(seconds, task)), 1, None)
        if not isinstance(result, PiiscanError):
            return cast("tuple[FileReport, ...]", result)
    return (_failed(found, reason),)


def scan_stream(stream: BinaryIO, name: str, options: ScanOptions) -> Iterator[FileReport]:
    """Scans what comes from a stream that cannot be sought, under the name it is given, within the same limits."""
    from piiscan.inspection import piped

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
        with tasks.executor(options, 1, shared) as pool:
            future = pool.submit_timed(seconds, piped.task(held, size, name, options))
            _, result = tasks.result_of((found, future), 1, None)
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
        persons=distinct.count(keys) if len(keys) > 1 else sum(map(len, keys)),  # those of one file differ already
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
    fresh = distinct.fresh([keys for _, keys in named]) if len(named) > 1 else [len(keys) for _, keys in named]
    return alone + sum(r.severity.damage_yen * new // len(keys) for (r, keys), new in zip(named, fresh, strict=True))


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
    from piiscan.copies.choosing import chooser
    from piiscan.copies.many import copy_all, target_of
    from piiscan.copies.redacting import redact_file

    if options.rules or copy.actions or copy.profile != CopyOptions().profile:  # the built-in rules do not fail
        from piiscan.inspection.knowledge import knowledge

        chooser(knowledge(options.rules), copy)
    options = with_secret(options)
    task = partial(redact_file, options=options, copy=copy)
    targets = partial(target_of, paths=paths, output=output, options=options, convert=copy.convert)
    yield from copy_all(paths, output, options, task, targets, progress, copy=copy, early=early)


def _failed(found: Found, reason: str) -> FileReport:
    """The report of a file for which there was no result, or of something that is no file to be read."""
    skipped = found.reason in ("symlink", "special_file", "lock_file")
    status = Status.SKIPPED if skipped else Status.UNREADABLE
    return FileReport(found.path, None, None, found.size, status, reason, (Skipped("", reason),))
