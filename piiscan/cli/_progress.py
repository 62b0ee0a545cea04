"""A line on a terminal's standard error that says how far a run is; nowhere else, and gone before results appear."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from piiscan.model import Progress
from piiscan.text import printable


@dataclass(frozen=True)
class Display:
    """``step`` is for the pipeline, None when nothing is to be shown; ``clear`` takes the line away."""

    step: Callable[[Progress], None] | None
    clear: Callable[[], None]


@contextmanager
def shown(wanted: bool) -> Iterator[Display]:
    """A display for the length of a run."""
    if not wanted or not sys.stderr.isatty():
        yield Display(None, lambda: None)
        return
    from rich.console import Console
    from rich.control import Control
    from rich.segment import ControlType
    from rich.text import Text

    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    erase = Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2))
    last = [0.0]

    def step(progress: Progress) -> None:
        now = time.monotonic()
        if now - last[0] < 0.1:
            return
        last[0] = now
        line = Text(f"{progress.done:,} / {progress.known:,}  {printable(progress.path)}", end="", style="dim")
        line.truncate(max(console.width - 1, 10), overflow="ellipsis")
        console.control(erase)
        console.print(line, end="")

    def clear() -> None:
        if last[0]:
            console.control(erase)

    try:
        yield Display(step, clear)
    finally:
        clear()
