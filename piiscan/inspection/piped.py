"""What comes through a pipe, held where a worker can read it and where a kill leaves nothing: in memory without a name.

On Linux small inputs stay in an anonymous memory file; others go to a temporary file that has no name from the start.
Where descriptors cannot be handed on (Windows), the bytes go through the worker's own pipe.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import partial
from typing import BinaryIO, cast

from piiscan.errors import LimitError, UnreadableError
from piiscan.model import FileReport, Limits, ScanOptions, Source

_CHUNK = 1024 * 1024
_IN_MEMORY = 64 * _CHUNK
#: Bytes that travel through a pipe are held a few times over on both sides.
_PIPE_PART = 8
#: Whether a child process may be given an open file by its number.
SHARES = os.name == "posix"


def hold(stream: BinaryIO, limits: Limits) -> tuple[BinaryIO, int]:
    """All that comes from ``stream``, in a file without a name, and its length; the caller closes it.

    Raises ``LimitError`` for more than may be inflated from a file, and ``UnreadableError``.
    """
    most = limits.inflated_bytes if SHARES else limits.memory_bytes // _PIPE_PART
    try:
        start = _up_to(stream, min(_IN_MEMORY, most) + 1)
        held = _in_memory(len(start)) or cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - handed over
    except OSError:
        raise UnreadableError("read_failed") from None
    size = 0
    try:
        while start:
            size += held.write(start)
            if size > most:
                raise LimitError("too_large")
            start = stream.read(_CHUNK)
        held.flush()
        held.seek(0)
    except OSError:
        held.close()
        raise UnreadableError("read_failed") from None
    except BaseException:
        held.close()
        raise
    return held, size


def task(held: BinaryIO, size: int, name: str, options: ScanOptions) -> Callable[[], tuple[FileReport, ...]]:
    """The scan of what is held, as a task for a worker that was given the file."""
    if SHARES:
        return partial(scan_descriptor, held.fileno(), size, name, options)
    return partial(scan_bytes, held.read(), name, options)


def scan_descriptor(number: int, size: int, name: str, options: ScanOptions) -> tuple[FileReport, ...]:
    """Scans an open file of this process; it stays open."""
    with os.fdopen(os.dup(number), "rb") as stream:
        stream.seek(0)
        return _scan(stream, size, name, options)


def scan_bytes(data: bytes, name: str, options: ScanOptions) -> tuple[FileReport, ...]:
    """Scans bytes."""
    import io

    return _scan(io.BytesIO(data), len(data), name, options)


def _scan(stream: BinaryIO, size: int, name: str, options: ScanOptions) -> tuple[FileReport, ...]:
    from piiscan.inspection.inspecting import inspect
    from piiscan.inspection.knowledge import knowledge

    source = Source(name, None, name.replace("\\", "/").rpartition("/")[2], stream, size)
    known = knowledge(options.rules)
    return inspect(source, known, options.limits, options.person_secret, options.passwords).reports


def _up_to(stream: BinaryIO, most: int) -> bytes:
    pieces: list[bytes] = []
    while most > 0 and (piece := stream.read(min(_CHUNK, most))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def _in_memory(size: int) -> BinaryIO | None:
    """An anonymous file in memory, where the system has them and the input is small."""
    if size > _IN_MEMORY or not hasattr(os, "memfd_create"):
        return None
    return os.fdopen(os.memfd_create("piiscan"), "w+b")
