"""Copies many files: each to its place, none over a source or another copy, and nothing left of a run that died."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from piiscan.copies.temporary import sweep, sweep_working_folders
from piiscan.errors import BrokenPluginError, PiiscanError, UnsafeCopyError
from piiscan.files.opening import identity, leads_to, reason_of
from piiscan.files.walk import Found, walk
from piiscan.model import CopyOptions, CopyResult, CopyStatus, ScanOptions, Skipped
from piiscan.workers.pool import Early
from piiscan.workers.tasks import Step, run_tasks

#: Copies one file: gets its path, what to open, and the place of the copy, None for in place.
Task = Callable[[str, str, Path | None], CopyResult]
#: A copy is judged, walked through, written, searched, judged and walked through again.
PASSES_OF_A_COPY = 6
#: Reasons of what a walk finds and nobody wanted copied: that there is no copy of it is no failure.
LEFT_ALONE = frozenset({"holds_secret", "backup_beside"})
#: The name of a file and what :func:`piiscan.copies.safe_copy.replace_in_place` puts behind it.
_BACKUP = re.compile(r"(.+)\.bak(?:[2-9]|[1-9][0-9]+)?", re.DOTALL)


def copy_all(
    paths: Sequence[str],
    output: str | None,
    options: ScanOptions,
    task: Task,
    target_for: Callable[[Found, Sequence[Found]], Path | None],
    progress: Step | None,
    *,
    copy: CopyOptions,
    early: Early | None = None,
    passes: int = PASSES_OF_A_COPY,
) -> Iterator[CopyResult]:
    """Runs a copying task for every file found, and says of each what became of it.

    ``target_for`` gives the place of the copy of one of the files found, None when it is to take its source's place:
    through a link only with ``copy.links``. ``passes``: by how much the time limit of a scan is multiplied.
    """
    files = list(sources(paths, output, options, copy))
    targets = [target_for(f, files) for f in files]
    folders = sorted({(t or Path(f.real)).parent for f, t in zip(files, targets, strict=True)})
    _sweep(folders)
    sweep_working_folders()
    refused = _clashes(files, targets, copy)
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


def sources(paths: Sequence[str], output: str | None, options: ScanOptions, copy: CopyOptions) -> Iterator[Found]:
    """What a walk finds, with a reason for files that must not be copied.

    Those with a secret of the run: beside the copies they would undo them. And, in place, the backups of earlier runs:
    one of them may be the only original. Reasons besides those of ``walk``: holds_secret, backup_beside, backup_named.
    """
    secrets = {known for path in copy.secrets if (known := identity(path))}
    for found in walk(paths, exclude=options.exclude, output=output):
        if found.reason is None and secrets and identity(found.real) in secrets:
            yield replace(found, reason="holds_secret")
        elif found.reason is None and copy.in_place and is_backup(found.path):
            yield replace(found, reason="backup_named" if found.path in paths else "backup_beside")
        else:
            yield found


def is_backup(path: str) -> bool:
    """Whether the name is one that a copy in place gives to the backup of a file beside it."""
    folder, name = os.path.split(path)
    found = _BACKUP.fullmatch(name)
    return found is not None and os.path.lexists(os.path.join(folder, found[1]))  # noqa: PTH118


def _sweep(folders: Iterable[Path]) -> None:
    for folder in folders:
        sweep(folder)


def not_copied(found: Found, target: Path | None, error: PiiscanError, *, refused: bool) -> CopyResult:
    """The result of a copy that was not made; the place and the cause inside the file are its note."""
    if error.reason in LEFT_ALONE:
        return CopyResult(found.path, None, CopyStatus.SKIPPED, error.reason)
    refused = refused or isinstance(error, UnsafeCopyError) or error.reason == "backup_named"
    status = CopyStatus.REFUSED if refused else CopyStatus.FAILED
    place, why = str(error.params.get("place", "")), str(error.params.get("why", ""))
    notes = (Skipped(place, why or error.reason),) if place or why else ()
    where = str(target) if target else None
    return CopyResult(found.path, where, status, error.reason, tuple(error.params.items()), notes=notes)


def _clashes(files: Sequence[Found], targets: Sequence[Path | None], copy: CopyOptions) -> dict[int, str]:
    """Position → reason for copies that would overwrite a source or another file of this run, or go through a link."""
    read = {leads_to(f.path) for f in files}
    kept = {leads_to(path) for path in (*copy.secrets, *copy.kept)}
    taken: set[str] = set()
    reasons: dict[int, str] = {}
    for position, target in enumerate(targets):
        if files[position].reason is None and target is None and not copy.links:
            try:
                if stat.S_ISLNK(os.lstat(files[position].path).st_mode):
                    reasons[position] = "output_is_link"
            except OSError as error:
                reasons[position] = reason_of(error)
        if target is None or files[position].reason is not None:
            continue
        place = leads_to(target)
        if place in read:
            reasons[position] = "output_is_input"
        elif place in kept:
            reasons[position] = "output_taken"
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
    from piiscan.copies.converting import new_suffix
    from piiscan.inspection.knowledge import knowledge

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
