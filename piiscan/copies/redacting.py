"""Makes one redacted copy: what becomes of which value, the gate that every copy passes, and what is said of it."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from piiscan.copies.choosing import chooser
from piiscan.copies.gate import refuse, through_gate
from piiscan.errors import UnsafeCopyError
from piiscan.files.opening import check_unchanged, open_source, stamp
from piiscan.inspection import unread
from piiscan.model import (
    Change,
    CopyOptions,
    CopyResult,
    CopyStatus,
    FileReport,
    Keyed,
    Level,
    ScanOptions,
    Skipped,
    Source,
)

if TYPE_CHECKING:
    from piiscan.copies.removed import Removed
    from piiscan.copies.steps import At, Replace
    from piiscan.inspection.inspecting import Inspection
    from piiscan.inspection.knowledge import Knowledge

# What reads and judges is imported where it is needed: this module is loaded by processes that only hand out files.

#: Places of one copy that are told of one by one.
MOST_PLACES = 1_000
#: How often a copy in which something is found again is redacted itself before it is refused.
MOST_ROUNDS = 3


def redact_file(
    path: str,
    real: str,
    target: Path | None,
    options: ScanOptions,
    copy: CopyOptions,
    keys: tuple[bytes, Mapping[bytes, int]] | None = None,
) -> CopyResult:
    """The task of ``redact``: one file on disk. ``target`` None means in place.

    ``keys``: the secret key of actions that need one, and which values take another than their first stand-in.
    """
    from piiscan.copies.converting import workable
    from piiscan.inspection.knowledge import knowledge

    known = knowledge(options.rules)
    made: list[tuple[Removed, Inspection]] = []
    done: list[CopyResult] = []
    named = open_source(real, options.limits, named=path)
    with (
        named.stream,
        workable(named, options.limits, known.formats, options.passwords, convert=copy.convert) as (source, said),
    ):
        before = stamp(named.stream)
        choose = chooser(known, copy, _keyed(source, known, options, copy, keys) if keys else None)
        how = _How(known, options, copy, choose, by_value=keys is None)
        if copy.convert and source.name != named.name:
            check_converted(named, source, known, options)

        def produce(out: BinaryIO) -> None:
            made.append(_make(source, out, how, choose))
            check_unchanged(real, named.stream, before)

        def verify(stream: BinaryIO, size: int) -> None:
            finished = Source(source.path, None, source.name, stream, size)
            status = CopyStatus.PLANNED if copy.dry_run else CopyStatus.WRITTEN
            told = CopyResult(path, str(target or path), status, notes=tuple(said))
            done.append(_look(finished, how, *made[-1], told))

        def again(half: BinaryIO, out: BinaryIO) -> None:
            removed, _ = made[-1]
            first = Source(source.path, None, source.name, half, half.seek(0, os.SEEK_END))
            removed.join(_make(first, out, how, _not_made(choose, removed.made))[0])

        more = _in_rounds(lambda made: through_gate(Path(real), target, copy, made, verify), produce, again)
    return replace(done[-1], notes=(*more, *done[-1].notes))


@dataclass(frozen=True, repr=False)
class _How:
    """What all steps of one copy need to know. ``by_value``: ``choose`` gives the same for the same text anywhere."""

    known: Knowledge
    options: ScanOptions
    copy: CopyOptions
    choose: Replace
    by_value: bool


def _make(source: Source, out: BinaryIO, how: _How, choose: Replace) -> tuple[Removed, Inspection]:
    """Writes a copy; gives what was removed and what the source is."""
    from piiscan.copies.steps import make_copy

    known, limits, secret = how.known, how.options.limits, how.options.person_secret
    counted = _wanted(known, how.copy)
    return make_copy(
        source, out, known, limits, secret, choose, how.copy.unknown, by_value=how.by_value, counted=counted
    )


def _look(finished: Source, how: _How, removed: Removed, was: Inspection, told: CopyResult) -> CopyResult:
    """What is said of a finished copy, which is refused where anything is left in it. ``told``: what is known before."""
    from piiscan.copies import anonymity
    from piiscan.copies.steps import look_again

    known, limits, copy = how.known, how.options.limits, how.copy
    secret = how.options.person_secret
    left = look_again(finished, known, limits, secret, how.choose, removed, was.unread, by_value=how.by_value)
    refuse(left, known, copy.threshold)
    return replace(
        told,
        replaced=tuple(removed.counts.most_common()),
        notes=(*told.notes, *unread.notes(was.reports, was.unread, left.reports)),
        level=max((r.severity.level for r in left.reports), key=lambda level: level.rank, default=Level.NONE),
        places=changes(removed, known, copy),
        anonymity=anonymity.assess(finished, left.inspection, was, known, limits) if _wanted(known, copy) else (),
    )


def _in_rounds(
    gate: Callable[[Callable[[BinaryIO], None]], tuple[Skipped, ...]],
    produce: Callable[[BinaryIO], None],
    again: Callable[[BinaryIO, BinaryIO], None],
) -> tuple[Skipped, ...]:
    """What the gate says of a copy that it accepts: the one that ``produce`` makes, or what ``again`` makes of that.

    Among masks something may be found that was not among numbers: what is left of a column says something else than all.
    """
    for number in range(MOST_ROUNDS):
        try:
            return gate(partial(_round, number, produce, again))
        except UnsafeCopyError as error:
            if error.reason != "copy_still_personal" or number + 1 == MOST_ROUNDS:
                raise
    return ()


def _round(
    number: int, produce: Callable[[BinaryIO], None], again: Callable[[BinaryIO, BinaryIO], None], out: BinaryIO
) -> None:
    if not number:
        produce(out)
        return
    with tempfile.TemporaryFile() as held:
        _round(number - 1, produce, again, cast(BinaryIO, held))
        again(cast(BinaryIO, held), out)


def _not_made(choose: Replace, made: set[str]) -> Replace:
    """The same, but what was put in stays."""
    return lambda entity, text, at: None if text.strip() in made else choose(entity, text, at)


def _keyed(
    source: Source,
    known: Knowledge,
    options: ScanOptions,
    copy: CopyOptions,
    keys: tuple[bytes, Mapping[bytes, int]],
) -> Callable[[At | None], Keyed]:
    """What actions with a key get for each cell of a source."""
    from piiscan.copies import pseudonyms
    from piiscan.copies.keyed import StandIns
    from piiscan.copies.steps import inspect_whole

    inspection = inspect_whole(source, known, options.limits, options.person_secret, unknown=copy.unknown)
    return pseudonyms.keyed_by(StandIns(*keys), pseudonyms.rows_of(source, inspection, known, options.limits))


def check_converted(before: Source, converted: Source, known: Knowledge, options: ScanOptions) -> None:
    """Raises ``UnsafeCopyError`` when less is found in a converted file than in the one it was made of.

    A mail was compared word by word where it was made; a message says each of its people several times.
    """
    from piiscan.inspection.inspecting import inspect

    if converted.suffix == ".eml":
        return
    limits, secret, passwords = options.limits, options.person_secret, options.passwords
    old, new = (inspect(s, known, limits, secret, passwords).reports for s in (before, converted))
    values = [sum(sum(filled) for *_, filled in _tables(reports)) for reports in (old, new)]
    people = [sum(r.persons for r in reports) for reports in (old, new)]
    if values[1] < values[0] or people[1] < people[0]:
        raise UnsafeCopyError("convert_lost")


def _tables(reports: Sequence[FileReport]) -> set[tuple[int, int, tuple[int, ...]]]:
    """First and last row of every table and how many cells of each column are filled; of equal ones only one, because
    workbooks from the time between two Excels hold everything twice."""
    return {(t.first_row, t.last_row, tuple(c.values for c in t.columns)) for r in reports for t in r.tables}


def _wanted(known: Knowledge, copy: CopyOptions) -> bool:
    profile = known.policy.actions.profiles.get(copy.profile)
    return profile is not None and profile.anonymity


def changes(removed: Removed, known: Knowledge, copy: CopyOptions) -> tuple[Change, ...]:
    """What was done where, without a value in the name of a place; the most replacements first."""
    from piiscan.copies.removed import finder
    from piiscan.prose.finding import without_finds

    rules = known.policy.actions
    overrides = dict(rules.override(f"{entity}={action}") for entity, action in copy.actions)
    find = finder(removed.those_in(place for place, _ in removed.places))
    listed = removed.places.most_common(MOST_PLACES)
    found = [
        Change("…" if next(find(place), None) else without_finds(place, known.detectors),
               entity, rules.for_entity(entity, copy.profile, overrides)[0], count)
        for (place, entity), count in listed
    ]  # fmt: skip
    rest = Counter[str]()
    for (_, entity), count in (removed.places - Counter(dict(listed))).items():
        rest[entity] += count
    found += [Change("…", e, rules.for_entity(e, copy.profile, overrides)[0], n) for e, n in rest.most_common()]
    return tuple(found)
