"""Copies that only a password opens, each through the same gate as a redacted one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import BinaryIO

from piiscan.copies import locking
from piiscan.copies.gate import through_gate
from piiscan.copies.many import PASSES_OF_A_COPY, copy_all, not_copied, sources, target_of
from piiscan.copies.temporary import sweep
from piiscan.errors import PiiscanError, UnsafeCopyError
from piiscan.files.opening import check_unchanged, open_source, stamp
from piiscan.files.walk import Found
from piiscan.model import CopyOptions, CopyResult, CopyStatus, ScanOptions, Skipped, Source
from piiscan.workers.tasks import Step, run_tasks

_NAMES_SHOW = Skipped("", "zip_names_show", partial=False)
_NOT_EXPLORER = Skipped("", "zip_not_explorer", partial=False)


def protect(
    paths: Sequence[str],
    output: str,
    options: ScanOptions,
    copy: CopyOptions,
    password: str,
    *,
    progress: Step | None = None,
) -> Iterator[CopyResult]:
    """Writes copies that only the password opens: Office files in Office's encryption, the rest as AES-256 zips.

    With an ``output`` that ends in .zip everything goes into that one zip. Else it is the name of the copy of a single
    Office file, or a folder in which the tree is mirrored, with .zip behind the names of what is no Office file.
    """
    if output.lower().endswith(".zip") and not os.path.isdir(output):  # noqa: PTH112  Path.is_dir raises
        yield from _into_one_zip(paths, output, options, copy, password, progress)
        return

    def target_for(found: Found, files: Sequence[Found]) -> Path | None:
        target = target_of(found, files, paths, output)
        if target is None or found.reason is not None or target == Path(output) or _is_office(found, options):
            return target
        return target.with_name(f"{target.name}.zip")

    task = partial(protect_file, options=options, copy=copy, password=password)
    yield from copy_all(paths, output, options, task, target_for, progress, copy=copy)


def protect_file(
    path: str, real: str, target: Path | None, options: ScanOptions, copy: CopyOptions, password: str
) -> CopyResult:
    """The task of ``protect``: one file on disk, one locked copy."""
    assert target is not None
    source = open_source(real, options.limits, named=path)
    notes: tuple[Skipped, ...] = ()
    with source.stream:
        before = stamp(source.stream)
        locking.refuse_protected(source)
        packages: list[bytes] = []
        if locking.is_office(source):

            def produce(out: BinaryIO) -> None:
                packages[:] = [locking.lock_office(source, out, password, options.limits)]

            def verify(stream: BinaryIO, _size: int) -> None:
                locking.check_office(stream, packages[0], source, password, options.limits)
                check_unchanged(real, source.stream, before)
        else:
            if target.suffix.lower() != ".zip":
                raise UnsafeCopyError("protect_wants_zip_name")
            entries = [locking.Entry(Path(path).name, source, before.mtime_ns / 1e9)]
            notes = _notes(entries)

            def produce(out: BinaryIO) -> None:
                locking.lock_zip(entries, out, password)

            def verify(stream: BinaryIO, _size: int) -> None:
                locking.check_zip(stream, entries, password)
                check_unchanged(real, source.stream, before)

        through_gate(Path(real), target, copy, produce, verify)
    return CopyResult(path, str(target), _status(copy), notes=notes)


def protect_together(
    files: Sequence[tuple[str, str, str]], target: Path, options: ScanOptions, copy: CopyOptions, password: str
) -> tuple[CopyResult, ...]:
    """The task for one zip of many files, each (path, what to open, name in the zip); all of them or none."""
    with ExitStack() as stack:
        entries, stamps = [], []
        for path, real, name in files:
            source = open_source(real, options.limits, named=path)
            stack.enter_context(source.stream)
            before = stamp(source.stream)
            try:
                locking.refuse_protected(source)
            except UnsafeCopyError as error:
                raise UnsafeCopyError(error.reason, place=name) from None
            entries.append(locking.Entry(name, source, before.mtime_ns / 1e9))
            stamps.append((real, source.stream, before))

        def verify(stream: BinaryIO, _size: int) -> None:
            locking.check_zip(stream, entries, password)
            for one in stamps:
                check_unchanged(*one)

        through_gate(Path(files[0][1]), target, copy, lambda out: locking.lock_zip(entries, out, password), verify)
        notes = _notes(entries)
    last = len(files) - 1
    return tuple(
        CopyResult(path, str(target), _status(copy), notes=notes if n == last else ())
        for n, (path, _, _) in enumerate(files)
    )


def _into_one_zip(
    paths: Sequence[str], output: str, options: ScanOptions, copy: CopyOptions, password: str, progress: Step | None
) -> Iterator[CopyResult]:
    target = Path(output)
    found = list(sources(paths, output, options, copy))
    good = [f for f in found if f.reason is None]
    files = [(f.path, f.real, name) for f, name in zip(good, _names(good, paths), strict=True)]
    if any(os.path.realpath(f.real) == os.path.realpath(output) for f in good):
        yield from (not_copied(f, target, PiiscanError("output_is_input"), refused=True) for f in good)
        return
    yield from (not_copied(f, None, PiiscanError(f.reason or "io_error"), refused=False) for f in found if f.reason)
    if not files:
        return
    whole = Found(output, output, sum(f.size for f in good))
    task = partial(protect_together, files, target, options, copy, password)
    sweep(target.parent)
    try:
        for _, result in run_tasks(iter([(whole, task, PASSES_OF_A_COPY)]), options, progress):
            if isinstance(result, PiiscanError):
                yield from (not_copied(f, target, result, refused=False) for f in good)
            else:
                yield from result
    finally:
        sweep(target.parent)


def _names(files: Sequence[Found], paths: Sequence[str]) -> list[str]:
    """A name in the zip for each file: below a named folder the way from it; a second one of a name gets a number."""
    taken: set[str] = set()
    names = []
    for found in files:
        target = target_of(found, (), paths, ".") or Path(found.path)
        folder, number = target.parent, 1
        name = target
        while locking.unicode_name(name.as_posix()).casefold() in taken:
            number += 1
            name = folder / f"{target.stem} ({number}){target.suffix}"
        taken.add(locking.unicode_name(name.as_posix()).casefold())
        names.append(name.as_posix())
    return names


def _is_office(found: Found, options: ScanOptions) -> bool:
    try:
        source: Source = open_source(found.real, options.limits, named=found.path)
    except PiiscanError:
        return False
    with source.stream:
        return locking.is_office(source)


def _notes(entries: Sequence[locking.Entry]) -> tuple[Skipped, ...]:
    return (_NOT_EXPLORER, _NAMES_SHOW) if entries else ()


def _status(copy: CopyOptions) -> CopyStatus:
    return CopyStatus.PLANNED if copy.dry_run else CopyStatus.WRITTEN
