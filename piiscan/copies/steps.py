"""Plans and makes a redacted copy of one source: which cell gets what, the same for every place that repeats a value.

The source is read three times. First it is judged, like in a scan. Then its rewriter is walked through once without
changing anything, so that every value that must go is known. Only then is the copy written, so that a value is also
removed from the places that merely repeat it: notes, chart caches, sheet names, a column that nobody took for one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as dataclass_with
from typing import BinaryIO

from piiscan.copies.leftovers import Left, Leftovers
from piiscan.copies.passes import At, Pass, Replace, Rules, collecting, looking, surveying
from piiscan.copies.removed import Removed
from piiscan.copies.walking import asking_of, copied_through, nowhere, rewritten, was_asked
from piiscan.copies.writing import writing
from piiscan.errors import UnsafeCopyError
from piiscan.inspection import unread
from piiscan.inspection.asking import Asking
from piiscan.inspection.inspecting import Inspection, inspect
from piiscan.inspection.knowledge import Knowledge
from piiscan.model import Limits, Place, Source

__all__ = [
    "At",
    "Left",
    "Replace",
    "collect",
    "inspect_whole",
    "look_again",
    "make_copy",
    "reopened",
    "survey",
    "walk_through",
    "write",
]


def make_copy(
    source: Source,
    out: BinaryIO,
    known: Knowledge,
    limits: Limits,
    secret: bytes,
    replace: Replace,
    unknown: str = unread.STOP,
    *,
    by_value: bool = True,
    counted: bool = True,
) -> tuple[Removed, Inspection]:
    """Writes the redacted copy of a source; gives what was removed from it, and what the source is.

    ``by_value``: ``replace`` gives the same for the same text, whatever cell it is in. ``counted``: its people are wanted.

    Raises ``UnsafeCopyError`` when the source could not be read whole or its format cannot be written.
    """
    rules, removed = Rules(known, limits, replace, by_value=by_value), Removed()
    asking = asking_of(source, collecting(Inspection((), {}), rules, removed))
    inspection = inspect_whole(source, known, limits, secret, unknown=unknown, asking=asking, plan=not counted)
    if not was_asked(asking):
        rewritten(source, nowhere(), collecting(inspection, rules, removed))
    copied_through(source, out, writing(inspection, rules, removed))
    return removed, inspection


def inspect_whole(
    source: Source,
    known: Knowledge,
    limits: Limits,
    secret: bytes,
    refusal: str = "copy_not_read_whole",
    *,
    unknown: str = unread.STOP,
    asking: Asking | None = None,
    plan: bool = False,
) -> Inspection:
    """Judges a source, and decides what becomes of what in it was not read by the policy ``unknown``.

    ``asking`` and ``plan`` as in :func:`piiscan.inspection.inspecting.inspect`.

    Raises ``UnsafeCopyError`` with the reason ``refusal`` when that cannot be.
    """
    inspection = inspect(source, known, limits, secret, asking=asking, plan=plan)
    return dataclass_with(inspection, unread=unread.decide(inspection.reports, known.formats, unknown, refusal))


def collect(source: Source, inspection: Inspection, known: Knowledge, limits: Limits, replace: Replace) -> Removed:
    """Walks through a source without changing it, and gives the values that must go."""
    removed = Removed()
    with removed.together() as remember:
        rewritten(source, nowhere(), collecting(inspection, Rules(known, limits, replace), removed, remember))
    return removed


def survey(source: Source, inspection: Inspection, known: Knowledge, limits: Limits, replace: Replace) -> None:
    """Walks through a source without changing it, and asks for the replacement of every value that must go."""
    rewritten(source, nowhere(), surveying(inspection, Rules(known, limits, replace)))


def write(
    source: Source,
    out: BinaryIO,
    inspection: Inspection,
    known: Knowledge,
    limits: Limits,
    replace: Replace,
    removed: Removed,
) -> None:
    """Writes the copy in which what was collected is replaced everywhere."""
    copied_through(source, out, writing(inspection, Rules(known, limits, replace), removed))


def reopened(
    copy: Source,
    known: Knowledge,
    limits: Limits,
    secret: bytes,
    left_in: unread.Unread,
    asking: Asking | None = None,
    *,
    plan: bool = False,
) -> Inspection:
    """Judges a finished copy. ``left_in``: what stays as it was, by the user's will. ``asking`` and ``plan`` as in
    :func:`inspect_whole`. Raises ``UnsafeCopyError`` when there is anything else in it that cannot be read."""
    unknown = left_in.policy if left_in.policy == unread.KEEP else unread.STOP
    inspection = inspect_whole(
        copy, known, limits, secret, "copy_does_not_open", unknown=unknown, asking=asking, plan=plan
    )
    if len(inspection.unread.fates) > len(left_in.fates):
        raise UnsafeCopyError("copy_does_not_open")
    if left_in.policy == unread.DROP:
        unread.check_gone(inspection.reports)
    return inspection


def look_again(
    copy: Source,
    known: Knowledge,
    limits: Limits,
    secret: bytes,
    replace: Replace,
    removed: Removed,
    left_in: unread.Unread = unread.Unread(),  # noqa: B008  frozen
    *,
    by_value: bool = True,
) -> Left:
    """What a finished copy still holds that the rules wanted gone, found by reading it as if it were to be redacted.

    Replacements that this run made and entities that the rules keep are no finds. Every text is also searched for
    every removed value, decoded as its format says: cells, mail bodies, names, attachments. ``left_in``: what stays as
    it was, by the user's will. Raises ``UnsafeCopyError`` when there is anything else in the copy that cannot be read.
    """
    left = Left()
    rules, leftovers = Rules(known, limits, replace, by_value=by_value), Leftovers(removed, left)
    asking = asking_of(copy, looking(Inspection((), {}), rules, removed, left, leftovers))
    inspection = left.inspection = reopened(copy, known, limits, secret, left_in, asking)
    leftovers.file(copy.stream)
    if not was_asked(asking):
        left.counts.clear()  # some may have been asked about before a file inside was met
        rewritten(copy, nowhere(), looking(inspection, rules, removed, left, leftovers))
    if leftovers.settle(copy.stream):
        rewritten(copy, nowhere(), looking(inspection, rules, removed, Left(), leftovers))
    left.places = [place for place in left.places if not inspection.unread.kept(place)]
    return left


def walk_through(
    source: Source,
    out: BinaryIO | None,
    inspection: Inspection,
    known: Knowledge,
    limits: Limits,
    *,
    cell: Callable[[str | None, str, At], str | None],
    text: Callable[[str, Place], str | None],
    look_inside: Callable[[BinaryIO, str], None] | None = None,
) -> None:
    """Asks about every cell (with its entity, if any) and every text; writes what is answered when there is an ``out``.

    ``look_inside`` is shown every file in the source that is not part of an Office package.
    """
    walk = Pass(inspection, known, limits, _no_answer, _no_answer, out is not None, look_inside, cell, text)
    if out is None:
        rewritten(source, nowhere(), walk)
    else:
        copied_through(source, out, walk)


def _no_answer(*_: object) -> None:
    return None
