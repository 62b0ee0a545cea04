"""A single file in gzip, bzip2 or xz: one member, inflated into a counted, spooled stream."""

from __future__ import annotations

import lzma
import tempfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from piiscan.errors import LimitError, UnreadableError, UnsafeCopyError
from piiscan.formats._mail_names import clean_name
from piiscan.model import Editor, Limits, Member, Skipped, Source

_CHUNK = 1024 * 1024
_SPOOL = 32 * _CHUNK
_FOREIGN = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError)
_INNER = {".tgz": ".tar", ".taz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar"}


def inner_name(source: Source, fallback: str = "content") -> str:
    """The name of what is inside: ``a.csv.gz`` holds ``a.csv``, ``a.tgz`` holds ``a.tar``."""
    suffix = source.suffix
    stem = source.name[: len(source.name) - len(suffix)]
    return clean_name(stem + _INNER.get(suffix, ""), fallback)


def inflated(source: Source, opened: Callable[[BinaryIO], BinaryIO], limits: Limits) -> tuple[BinaryIO, int, bool]:
    """The content, its length, and whether all of it could be read; raises ``LimitError`` for a bomb.

    What was read before a damage is kept: a log that was cut off still has all but its last lines.
    """
    spool = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_SPOOL))  # noqa: SIM115 - handed over
    size = 0
    whole = True
    source.stream.seek(0)
    try:
        with opened(source.stream) as stream:
            # read1 gives what one step gives; read would lose it all when a later step fails.
            step = getattr(stream, "read1", stream.read)
            while piece := step(_CHUNK):
                size += spool.write(piece)
                if size > limits.inflated_bytes:
                    raise LimitError("zip_too_large")
                if size > limits.ratio_from_bytes and size > limits.ratio * max(1, source.size):
                    raise LimitError("zip_ratio")
    except _FOREIGN:
        whole = False
    except BaseException:
        spool.close()
        raise
    if not whole and not size:
        spool.close()
        raise UnreadableError("damaged")
    spool.seek(0)
    return spool, size, whole


def items(
    source: Source, name: str, opened: Callable[[BinaryIO], BinaryIO], limits: Limits
) -> Iterator[Member | Skipped]:
    """The one member, and a note when it is cut off."""
    stream, size, whole = inflated(source, opened, limits)
    yield Member(name, stream, size)
    if not whole:
        yield Skipped(name, "damaged")


def answer(
    source: Source, name: str, opened: Callable[[BinaryIO], BinaryIO], editor: Editor, limits: Limits
) -> bytes | None:
    """What the editor says about the member; raises ``UnsafeCopyError`` when it cannot be read whole."""
    stream, _, whole = inflated(source, opened, limits)
    with stream:
        if not whole:
            raise UnsafeCopyError("damaged")
        return editor.member(name, stream)


def copy(source: Source, out: BinaryIO) -> None:
    """The file as it is."""
    source.stream.seek(0)
    while piece := source.stream.read(_CHUNK):
        out.write(piece)
