"""The story of a run, top to bottom: walk, open, judge, count, weigh, report; and: plan, rewrite, look again, move.

One file is one task. The task is a plain function that can be pickled, so that any executor with the interface of
``concurrent.futures`` can run it; here it is a pool of processes that can be killed.
"""

from __future__ import annotations

import io
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from piiscan import hashing, registry
from piiscan.errors import PiiscanError, UnreadableError, UnsafeCopyError
from piiscan.inspection import inspect, knowledge
from piiscan.leftovers import find_leftovers
from piiscan.model import (
    CopyOptions,
    CopyResult,
    CopyStatus,
    FileReport,
    Level,
    Progress,
    ScanOptions,
    Skipped,
    Source,
    Status,
    Summary,
)
from piiscan.redaction import Removed, make_copy
from piiscan.safe_copy import replace_in_place, sweep, write_copy
from piiscan.walk import Found, changed, open_source, walk
from piiscan.workers import executor

Step = Callable[[Progress], None]
#: Tasks handed out ahead of the one whose result is due, per worker: enough to keep all busy, few enough to hold.
AHEAD = 4


def scan(paths: Sequence[str], options: ScanOptions, *, progress: Step | None = None) -> Iterator[FileReport]:
    """Scans files and folders; one report for every file and every file inside it, in the order of the walk.

    Raises ``UsageError`` for a mistake in a rule file, nothing for what is wrong with a file.
    """
    knowledge(options.rules)
    options = _with_secret(options)
    done = 0
    for found, result in _run(walk(paths, exclude=options.exclude), partial(scan_file, options=options), options):
        done += 1
        if progress:
            progress(Progress(found.path, done, done))
        if isinstance(result, PiiscanError):
            yield _failed(found, result.reason)
        else:
            yield from result


def scan_file(path: str, options: ScanOptions) -> tuple[FileReport, ...]:
    """The task of a scan: one file on disk, its reports outermost first."""
    with open_source(path) as source:
        reports = inspect(source, knowledge(options.rules), options.limits, options.person_secret).reports
        if changed(source):
            raise UnreadableError("changed_while_reading", path=path)
    return reports


def scan_stream(stream: BinaryIO, name: str, options: ScanOptions) -> Iterator[FileReport]:
    """Scans what comes from a stream that cannot be sought, under the name it is given."""
    data = io.BytesIO(stream.read())
    source = Source(name, None, name, data, data.getbuffer().nbytes)
    options = _with_secret(options)
    yield from inspect(source, knowledge(options.rules), options.limits, options.person_secret).reports


def summarise(reports: Iterable[FileReport]) -> Summary:
    """The run as a whole; people are counted once however many files they stand in."""
    reports = list(reports)
    keys = [r.person_keys for r in reports if r.person_keys is not None and len(r.person_keys)]
    return Summary(
        files=len(reports),
        scanned=sum(r.status is Status.SCANNED for r in reports),
        incomplete=sum(r.status is not Status.SCANNED and r.status_reason != "lock_file" for r in reports),
        persons=hashing.distinct(keys),
        persons_exact=all(r.persons_exact for r in reports),
        level=max((r.severity.level for r in reports), key=lambda level: level.rank, default=Level.NONE),
        damage_yen=sum(r.severity.damage_yen for r in reports),
        reportable=any(r.severity.triggers for r in reports),
    )


# ---------------------------------------------------------------- copies


def redact(
    paths: Sequence[str],
    output: str | None,
    options: ScanOptions,
    copy: CopyOptions,
    *,
    progress: Step | None = None,
) -> Iterator[CopyResult]:
    """Writes a redacted copy of every file, or says why not; ``output`` is a file for one file, else a folder."""
    known = knowledge(options.rules)
    _check_actions(copy)
    options = _with_secret(options)
    files = list(walk(paths, exclude=options.exclude, output=output))
    targets = {f.path: _target(f, files, output, copy) for f in files}
    for folder in {t.parent for t in targets.values() if t is not None}:
        if folder.is_dir():
            sweep(folder)
    task = partial(redact_file, options=options, copy=copy)
    run = _run(iter(files), lambda path: None, options, submit=lambda path: (task, path, targets[path]))
    for done, (found, result) in enumerate(run, start=1):
        if progress:
            progress(Progress(found.path, done, len(files)))
        target = targets[found.path]
        if isinstance(result, PiiscanError):
            refused = isinstance(result, UnsafeCopyError)
            yield CopyResult(
                found.path,
                str(target) if target else None,
                CopyStatus.REFUSED if refused else CopyStatus.FAILED,
                result.reason,
                tuple(result.params.items()),
            )
        else:
            yield result
    del known


def redact_file(path: str, target: Path | None, options: ScanOptions, copy: CopyOptions) -> CopyResult:
    """The task of ``redact``: one file on disk."""
    known = knowledge(options.rules)
    choose = known.policy.actions.chooser(dict(copy.actions))
    removed = Removed()
    with open_source(path) as source:

        def produce(out: BinaryIO) -> None:
            _, made = make_copy(source, out, known, options.limits, options.person_secret, choose)
            removed.values.update(made.values)
            removed.counts.update(made.counts)
            if changed(source):
                raise UnreadableError("changed_while_reading", path=path)

        def verify(part: Path) -> None:
            look_again(part, path, removed, options, copy.threshold)

        if copy.dry_run:
            produce(io.BytesIO())
            status = CopyStatus.PLANNED
        else:
            status = CopyStatus.WRITTEN
            if copy.in_place:
                replace_in_place(Path(path), produce, verify, backup=copy.backup)
            else:
                assert target is not None
                target.parent.mkdir(parents=True, exist_ok=True)
                write_copy(target, produce, verify, force=copy.force, source=Path(path))
    return CopyResult(path, str(target or path), status, replaced=tuple(removed.counts.most_common()))


def look_again(part: Path, path: str, removed: Removed, options: ScanOptions, threshold: Level) -> None:
    """Reads a finished copy with the scanner and with a plain search; raises ``UnsafeCopyError`` if anything is left."""
    with part.open("rb") as stream:
        source = Source(path, None, Path(path).name, stream, part.stat().st_size)
        known = knowledge(options.rules)
        for report in inspect(source, known, options.limits, options.person_secret).reports:
            if report.status is not Status.SCANNED:
                raise UnsafeCopyError("copy_does_not_open", place=report.member or "")
            if report.severity.level.rank >= threshold.rank and report.severity.level is not Level.NONE:
                raise UnsafeCopyError("copy_still_personal", place=report.member or "")
        values = [v for v, stand_in in removed.values.items() if v not in stand_in]
        left = find_leftovers(stream, values)
    if left:
        raise UnsafeCopyError("copy_value_left", place=left[0])


def _target(found: Found, files: Sequence[Found], output: str | None, copy: CopyOptions) -> Path | None:
    """Where the copy of a file goes: ``output`` itself for one file given by name, else the mirrored tree under it."""
    if copy.in_place or output is None:
        return None
    out = Path(output)
    if (
        len(files) == 1
        and found.relative == Path(found.path).name
        and not out.is_dir()
        and not output.endswith(("/", "\\"))
    ):
        return out
    return out / found.relative


def _check_actions(copy: CopyOptions) -> None:
    from piiscan.errors import UsageError

    for _, action in copy.actions:
        if action not in registry.actions():
            raise UsageError("unknown_action", name=action, choices=", ".join(registry.actions()))


# ---------------------------------------------------------------- running tasks


def _with_secret(options: ScanOptions) -> ScanOptions:
    """Options with a key for counting people that lives no longer than the run."""
    return options if options.person_secret else replace(options, person_secret=secrets.token_bytes(32))


def _failed(found: Found, reason: str) -> FileReport:
    """The report of a file for which there was no result, or of something that is no file to be read."""
    status = Status.SKIPPED if found.reason else Status.UNREADABLE
    return FileReport(found.path, None, None, found.size, status, reason, (Skipped("", reason),))
