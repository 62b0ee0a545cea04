"""A worker that gets ready for a scan or a copy while the command still finds out what it has to do.

The command starts it before it imports what asks and shows, so this module imports little itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from piiscan.workers.pool import Early
from piiscan.workers.process import engine_environment

#: Tables of so many bytes need that engine, and these names say that they are tables.
LARGE, TABLES = 1536 * 1024, (".csv", ".tsv", ".tab")


def start(arguments: Sequence[str], *, copies: bool = False) -> Early:
    """A worker for the first file of a scan, or of ``copies``; raises ``OSError`` where there is no room for one."""
    large = not copies and any(map(_is_large_table, arguments))  # of copies the texts themselves are looked at
    return Early(partial(prepare, large=large, copies=copies), engine_environment())


def prepare(*, large: bool, copies: bool = False) -> None:
    """Imports what a scan needs and reads the built-in rules. ``large``: also what large tables need; ``copies``: also
    what writes.

    What goes wrong here goes wrong in the task too, and is told of there.
    """
    from piiscan.inspection import task
    from piiscan.inspection.knowledge import knowledge

    del task
    knowledge(())
    if copies:
        from piiscan.copies import redacting, steps

        del redacting, steps
    if large:
        import numpy as np
        import polars as pl

        del np, pl


def _is_large_table(argument: str) -> bool:
    try:
        return argument.lower().endswith(TABLES) and Path(argument).stat().st_size >= LARGE
    except (OSError, ValueError):
        return False
