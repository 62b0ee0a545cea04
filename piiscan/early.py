"""A worker that gets ready for a scan or a copy while the command still finds out what it has to do.

The command starts it before it imports what asks and shows, so this module imports little itself.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from piiscan.workers import Early

#: Threads of a worker's engine for tables.
MOST_THREADS = 8
#: Tables of so many bytes need that engine, and these names say that they are tables.
LARGE, TABLES = 1536 * 1024, (".csv", ".tsv", ".tab")


def start(arguments: Sequence[str], *, copies: bool = False) -> Early:
    """A worker for the first file of a scan, or of ``copies``; raises ``OSError`` where there is no room for one."""
    large = not copies and any(map(_is_large_table, arguments))  # of copies the texts themselves are looked at
    return Early(partial(prepare, large=large, copies=copies), environment())


def environment() -> dict[str, str]:
    """What is added to the environment of workers."""
    # Each thread takes memory of its own, and on a large machine all of them would take all there is for a worker.
    threads = str(min(os.cpu_count() or 1, MOST_THREADS))
    return {"POLARS_MAX_THREADS": os.environ.get("POLARS_MAX_THREADS", threads)}


def prepare(*, large: bool, copies: bool = False) -> None:
    """Imports what a scan needs and reads the built-in rules. ``large``: also what large tables need; ``copies``: also
    what writes.

    What goes wrong here goes wrong in the task too, and is told of there.
    """
    from piiscan import scanning
    from piiscan.inspection import knowledge

    del scanning
    knowledge(())
    if copies:
        from piiscan import redacting, redaction

        del redacting, redaction
    if large:
        import numpy as np
        import polars as pl

        del np, pl


def _is_large_table(argument: str) -> bool:
    try:
        return argument.lower().endswith(TABLES) and Path(argument).stat().st_size >= LARGE
    except (OSError, ValueError):
        return False
