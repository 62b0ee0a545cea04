"""Copies with stand-ins for people, each through the same gate as a redacted one; and the way back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from piiscan.copies import pseudonyms, restoring
from piiscan.copies.choosing import chooser
from piiscan.copies.converting import workable
from piiscan.copies.gate import through_gate
from piiscan.copies.keyed import Bumps, StandIns, settle, settle_late
from piiscan.copies.many import PASSES_OF_A_COPY, Task, copy_all, sources, target_of
from piiscan.copies.redacting import changes, check_converted, redact_file
from piiscan.copies.removed import Removed
from piiscan.copies.steps import Replace, collect, inspect_whole, survey, write
from piiscan.copies.vault import new_vault, pack, read_vault
from piiscan.errors import PiiscanError, UnsafeCopyError, UsageError
from piiscan.files.opening import check_unchanged, open_source, stamp
from piiscan.inspection import unread
from piiscan.inspection.inspecting import Inspection
from piiscan.inspection.knowledge import Knowledge, knowledge
from piiscan.model import CopyOptions, CopyResult, CopyStatus, ScanOptions, Skipped, Source
from piiscan.workers.tasks import Step, run_tasks, with_secret

_IN_MEMORY = 256 * 1024 * 1024


def pseudonymize(
    paths: Sequence[str],
    output: str | None,
    options: ScanOptions,
    copy: CopyOptions,
    key: bytes,
    vault: str | None = None,
    *,
    progress: Step | None = None,
) -> Iterator[CopyResult]:
    """Writes copies in which everybody goes by a stand-in, or says why not.

    All files are walked through once before the first is written, so that no two values of the run get the same one.
    With a ``vault`` the originals are kept in that new file, encrypted, and ``restore`` can give them back. Raises
    ``UsageError`` when something is to be left out all the same.
    """
    if vault is not None and copy.unknown == unread.DROP:
        raise UsageError("reversible_wants_copies")
    known = knowledge(options.rules)
    chooser(known, copy, StandIns(key).no_row)
    options = with_secret(options)
    writer = new_vault(vault, key) if vault is not None else None
    copy = replace(copy, secrets=(*copy.secrets, vault)) if vault is not None else copy
    try:
        alone = sum(f.reason is None for f in sources(paths, output, options, copy)) == 1
        wishes, failed = (
            ({}, {}) if alone else _wishes(paths, output, options, copy, (key, vault is not None), progress)
        )
        bumps = None if alone else settle(wishes)  # a single file settles by itself what it needs
        task = partial(
            pseudonymize_file, options=options, copy=copy, key=key, bumps=bumps, reversible=vault is not None
        )
        task = partial(_unless_failed, failed, task)
        targets = partial(target_of, paths=paths, output=output, options=options, convert=copy.convert)
        passes = 2 * PASSES_OF_A_COPY if alone else PASSES_OF_A_COPY
        made_all = copy_all(paths, output, options, cast(Task, task), targets, progress, copy=copy, passes=passes)
        for result in made_all:
            # The task gives the record for the vault as well; a result without one is of a file that failed.
            made: Any = result
            if isinstance(made, tuple):
                made, block = made
                if writer and block:
                    writer.add(block)
            yield made
        if writer:
            writer.close()
    finally:
        if writer:
            writer.leave()


def redact_with_key(
    paths: Sequence[str],
    output: str | None,
    options: ScanOptions,
    copy: CopyOptions,
    key: bytes,
    *,
    progress: Step | None = None,
) -> Iterator[CopyResult]:
    """Redacts like ``pipeline.redact``; actions that need a key have this one."""
    chooser(knowledge(options.rules), copy, StandIns(key).no_row)
    options = with_secret(options)
    wishes, failed = _wishes(paths, output, options, copy, (key, False), progress)
    keys = key, settle(wishes)
    task = partial(_unless_failed, failed, partial(redact_file, options=options, copy=copy, keys=keys))
    targets = partial(target_of, paths=paths, output=output, options=options, convert=copy.convert)
    yield from copy_all(paths, output, options, task, targets, progress, copy=copy)


def _wishes(
    paths: Sequence[str],
    output: str | None,
    options: ScanOptions,
    copy: CopyOptions,
    how: tuple[bytes, bool],
    progress: Step | None,
) -> tuple[dict[bytes, tuple[bytes, ...]], dict[str, PiiscanError]]:
    """The stand-ins that every value of every file would like to have; and the errors of files that could not be asked."""
    found = [f for f in sources(paths, output, options, copy) if f.reason is None]
    tasks = ((f, partial(survey_file, f.path, f.real, options, copy, *how), PASSES_OF_A_COPY) for f in found)
    wishes: dict[bytes, tuple[bytes, ...]] = {}
    failed: dict[str, PiiscanError] = {}
    for asked, result in run_tasks(tasks, options, progress):
        if isinstance(result, PiiscanError):
            failed[asked.path] = result
        else:
            wishes.update(result)
    return wishes, failed


def _unless_failed(
    failed: Mapping[str, PiiscanError], task: Callable[..., Any], path: str, real: str, target: Path | None
) -> Any:
    """The task, unless nobody could ask the file what stand-ins it needs: another value might get the same."""
    if path in failed:
        raise failed[path]
    return task(path, real, target)


def survey_file(
    path: str, real: str, options: ScanOptions, copy: CopyOptions, key: bytes, reversible: bool
) -> dict[bytes, tuple[bytes, ...]]:
    """The task that comes first: which stand-ins the values of one file would like to have, hashed."""
    known = knowledge(options.rules)
    stand_ins = StandIns(key, survey=True, exact=reversible)
    named = open_source(real, options.limits, named=path)
    with (
        named.stream,
        workable(named, options.limits, known.formats, options.passwords, convert=copy.convert) as (source, _),
    ):
        before = stamp(named.stream)
        secret = options.person_secret
        inspection = inspect_whole(source, known, options.limits, secret, unknown=copy.unknown, plan=True)
        rows = pseudonyms.rows_of(source, inspection, known, options.limits)
        choose = chooser(known, copy, pseudonyms.keyed_by(stand_ins, rows))
        survey(source, inspection, known, options.limits, choose)
        check_unchanged(real, named.stream, before)
    return stand_ins.wishes


def pseudonymize_file(
    path: str,
    real: str,
    target: Path | None,
    options: ScanOptions,
    copy: CopyOptions,
    key: bytes,
    bumps: Bumps | None,
    reversible: bool,
) -> tuple[CopyResult, bytes]:
    """The task of ``pseudonymize``: one file on disk; gives the record for the vault as well, empty without one.

    ``bumps`` None: it is the only file of the run, and nobody has asked it what stand-ins it needs.
    """
    known, limits, secret = knowledge(options.rules), options.limits, options.person_secret
    named = open_source(real, limits, named=path)
    blocks, told = [b""], list[Skipped]()
    with (
        named.stream,
        workable(named, limits, known.formats, options.passwords, convert=copy.convert) as (source, said),
    ):
        before = stamp(named.stream)
        if copy.convert and source.name != named.name:
            check_converted(named, source, known, options)
        inspection = inspect_whole(source, known, limits, secret, unknown=copy.unknown, plan=True)
        rows = pseudonyms.rows_of(source, inspection, known, limits)

        def replace_with(stand_ins: StandIns) -> Replace:
            return chooser(known, copy, pseudonyms.keyed_by(stand_ins, rows))

        answers = pseudonyms.Answers()
        if bumps is None:
            ask = partial(survey, source, inspection, known, limits)
            bumps = _settled(ask, answers, partial(StandIns, key, exact=reversible), replace_with)
        settled = replace_with(StandIns(key, bumps, exact=reversible))
        choose = pseudonyms.guarded(answers.then(settled, remember=True))
        removed = collect(source, inspection, known, limits, choose)

        def produce(out: BinaryIO) -> None:
            write(source, out, inspection, known, limits, choose, removed)
            check_unchanged(real, named.stream, before)

        def verify(stream: BinaryIO, size: int) -> None:
            finished = Source(source.path, None, source.name, stream, size)
            looked = pseudonyms.check(finished, known, limits, secret, removed, rows.layout, inspection.unread)
            told[:] = unread.notes(inspection.reports, inspection.unread, looked.reports)
            if reversible:
                blocks[0] = _proved_way_back(source, inspection, finished, known, options, removed)

        notes = (*through_gate(Path(real), target, copy, produce, verify), *said, *told)
    counts, places = tuple(removed.counts.most_common()), changes(removed, known, copy)
    result = CopyResult(path, str(target or path), _status(copy), replaced=counts, notes=notes, places=places)
    return result, blocks[0]


def _settled(
    ask: Callable[[Replace], None],
    answers: pseudonyms.Answers,
    stand_ins: Callable[..., StandIns],
    replace_with: Callable[[StandIns], Replace],
) -> Bumps:
    """Who of a file must take another stand-in than the first, so that no two get the same.

    ``ask`` asks about all cells, which are answered. Those whose stand-in somebody else has are asked about again for all
    that they wish, and forgotten.
    """
    first = stand_ins(tell_firsts=True)
    ask(answers.of(replace_with(first), first.used))

    def wishes_of(late: frozenset[bytes]) -> Mapping[bytes, tuple[bytes, ...]]:
        answers.but_for(late)
        again = stand_ins(survey=True)
        ask(answers.then(replace_with(again), remember=False))
        return again.wishes

    return settle_late(first.firsts, wishes_of)


def _proved_way_back(
    source: Source, inspection: Inspection, made: Source, known: Knowledge, options: ScanOptions, removed: Removed
) -> bytes:
    """The record of a copy, once the original has been made of the copy and of nothing else."""
    limits, secret = options.limits, options.person_secret
    before = restoring.contents(source, inspection, known, limits)
    again = inspect_whole(made, known, limits, secret, "copy_does_not_open", unknown=unread.KEEP)
    after = restoring.contents(made, again, known, limits)
    block = restoring.record(before, after, restoring.hash_of(made.stream), removed)
    memory = restoring.Memory()
    memory.add(block)
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as held:
        out = cast(BinaryIO, held)
        restoring.restore(made, out, again, known, limits, memory)
        back = Source(source.path, None, source.name, out, out.tell())
        looked = inspect_whole(back, known, limits, secret, "copy_not_restorable", unknown=unread.KEEP)
        if not restoring.check(before, restoring.contents(back, looked, known, limits)):
            block = restoring.with_original(block, source)
    return pack(block)


# ---------------------------------------------------------------- the way back


def restore(
    paths: Sequence[str],
    output: str | None,
    options: ScanOptions,
    copy: CopyOptions,
    key: bytes,
    vault: str,
    *,
    progress: Step | None = None,
) -> Iterator[CopyResult]:
    """Writes the originals of copies with stand-ins. Raises ``UsageError`` when the key or the vault is a wrong one."""
    for _ in read_vault(vault, key):
        pass
    options = with_secret(options)
    task = partial(restore_file, options=options, copy=copy, key=key, vault=vault)
    targets = partial(target_of, paths=paths, output=output)
    copy = replace(copy, secrets=(*copy.secrets, vault))
    yield from copy_all(paths, output, options, task, targets, progress, copy=copy)


def restore_file(
    path: str, real: str, target: Path | None, options: ScanOptions, copy: CopyOptions, key: bytes, vault: str
) -> CopyResult:
    """The task of ``restore``: one copy, one original."""
    known, limits, secret = knowledge(options.rules), options.limits, options.person_secret
    told = Path(vault).stat()
    memory = _memory(vault, key, (told.st_ino, told.st_size, told.st_mtime_ns))
    source = open_source(real, limits, named=path)
    done: list[restoring.Restored] = []
    with source.stream:
        before = stamp(source.stream)
        # What was left in the copy unread is given back as it is.
        inspection = inspect_whole(source, known, limits, secret, unknown=unread.KEEP)

        def produce(out: BinaryIO) -> None:
            done[:] = [restoring.restore(source, out, inspection, known, limits, memory)]
            check_unchanged(real, source.stream, before)
            if not done[0].changed:
                raise UnsafeCopyError("nothing_to_restore")

        def verify(stream: BinaryIO, size: int) -> None:
            finished = Source(path, None, source.name, stream, size)
            inspect_whole(finished, known, limits, secret, "copy_does_not_open", unknown=unread.KEEP)

        through_gate(Path(real), target, copy, produce, verify)
    notes = (Skipped("", "restore_open"),) if done[0].open else ()
    return CopyResult(path, str(target or path), _status(copy), notes=notes)


@lru_cache(maxsize=1)
def _memory(vault: str, key: bytes, _version: tuple[int, ...]) -> restoring.Memory:
    memory = restoring.Memory()
    for block in read_vault(vault, key):
        memory.add(block)
    return memory


def _status(copy: CopyOptions) -> CopyStatus:
    return CopyStatus.PLANNED if copy.dry_run else CopyStatus.WRITTEN
