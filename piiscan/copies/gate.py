"""The gate that every copy passes: written beside its target, looked at again, moved into place or refused."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from piiscan import severity
from piiscan.copies.safe_copy import replace_in_place, write_copy
from piiscan.errors import UnsafeCopyError
from piiscan.files.opening import has_failed, watched
from piiscan.model import CopyOptions, Level, Skipped
from piiscan.policy import ENTITIES

if TYPE_CHECKING:
    from piiscan.copies.steps import Left
    from piiscan.inspection.knowledge import Knowledge


def through_gate(
    real: Path,
    target: Path | None,
    copy: CopyOptions,
    produce: Callable[[BinaryIO], None],
    verify: Callable[[BinaryIO, int], None],
) -> tuple[Skipped, ...]:
    """Lets ``produce`` write beside the target, and moves the copy there when ``verify`` accepts it, given its size.

    Gives what is to be said about that.
    """

    def verify_file(part: Path) -> None:
        with watched(part.open("rb", buffering=0)) as stream:
            verify(stream, part.stat().st_size)
            if has_failed(stream):
                raise UnsafeCopyError("io_error")

    if copy.dry_run:
        if target is not None and os.path.lexists(target) and not copy.force:
            raise UnsafeCopyError("output_exists")
        with tempfile.TemporaryFile() as out:
            produce(cast(BinaryIO, out))
            verify(cast(BinaryIO, out), out.tell())
    elif target is None:
        several = os.lstat(real).st_nlink > 1 and copy.links
        replace_in_place(real, produce, verify_file, backup=copy.backup, links=copy.links, times=copy.preserve)
        return (Skipped("", "other_names_keep"),) if several else ()
    else:
        write_copy(
            target, produce, verify_file, force=copy.force, mode_from=real, preserve=copy.preserve, links=copy.links
        )
    return ()


def refuse(left: Left, known: Knowledge, threshold: Level) -> None:
    """Raises ``UnsafeCopyError`` for a copy with a removed value in it, or with finds that weigh ``threshold`` or more."""
    if left.places:
        raise UnsafeCopyError("copy_value_left", place=left.places[0])
    persons = max((n for e, n in left.counts.items() if ENTITIES.get(e) == "name"), default=0)
    weight = severity.weigh(severity.FileFacts(persons=persons, concerned=left.counts), known.policy.severity)
    if left.counts and weight.level.rank >= threshold.rank:
        raise UnsafeCopyError("copy_still_personal", entity=left.counts.most_common(1)[0][0])
