"""Lets every call to the file system of every copying run fail once, with each of twelve errors, and looks at what is left.

    python tools/run_faults.py               all calls with all errors for CSV; each call of a workbook with one in turn
    python tools/run_faults.py --stride 50   every fiftieth of these

Whatever fails: the target is what it was or a finished copy, no original is lost or changed, nothing is left beside them,
no descriptor stays open, and what the run says is one of piiscan's own reasons: no crash, no value, no path but the user's.
Exit code 1 when anything of that does not hold.
"""

from __future__ import annotations

import argparse
import errno
import gc
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import _trials as t

from piiscan.errors import PiiscanError
from piiscan.messages import REASONS
from piiscan.model import CopyResult, CopyStatus

ERRORS = (
    errno.ENOSPC, errno.EIO, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.EEXIST, errno.EMFILE, errno.EDQUOT,
    errno.EBUSY, errno.ENAMETOOLONG, errno.EINTR,
)  # fmt: skip
#: What an error of the system carries as its text and its file; neither may ever be shown.
TELLTALE = "山田太郎"


def fail(number: int) -> None:
    """Raises the error as the system would."""
    raise OSError(number, TELLTALE, TELLTALE)


def break_one(trial: t.Trial, place: Path, at: int, number: int) -> tuple[str, list[str]]:
    """(the call that failed, what is wrong afterwards) of one run; the call is empty when there are fewer."""
    t.empty(place)
    t.prepare(trial, place)
    breaker = t.Breaker(at, lambda _: fail(number))
    results: Sequence[CopyResult] = ()
    wrong: list[str] = []
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    told = ""
    unraisable = sys.unraisablehook
    sys.unraisablehook = lambda _: wrong.append("a traceback on standard error")
    try:
        with t.broken(breaker):
            results = trial.run(place)
    except PiiscanError as error:
        told = error.reason
        wrong += _told_wrong(error.reason, f"{error!r} {error} {error.params} {error.__cause__!r}")
    except OSError as error:
        wrong.append(f"crash: {type(error).__name__}")
    finally:
        gc.collect(0)
        sys.unraisablehook = unraisable
    for result in results:
        wrong += _told_wrong(result.reason, repr(result))
    written = bool(results) and all(r.status is CopyStatus.WRITTEN for r in results)
    if not told and not written and not any(r.reason for r in results):
        wrong.append("nothing was written and nothing said")
    wrong += t.wrong_in(trial, place, ended_well=written)
    if before and len(os.listdir("/proc/self/fd")) > before:
        wrong.append("a descriptor stays open")
    return breaker.hit, wrong


def _told_wrong(reason: str | None, shown: str) -> Iterator[str]:
    if reason is not None and (reason not in REASONS or reason == "internal"):
        yield f"said: {reason}"
    if TELLTALE in shown:
        yield "the text of the system's error is shown"


def run(stride: int, place: Path) -> Iterator[tuple[str, str, int, list[str]]]:
    """(trial, call, error, what is wrong) for each broken call."""
    turn = 0
    for trial in t.trials():
        large = not trial.name.endswith(".csv")
        at, hit = 0, "x"
        while hit:
            at += 1
            for number in [ERRORS[at % len(ERRORS)]] if large else ERRORS:
                turn += 1
                if turn % stride:
                    continue
                hit, wrong = break_one(trial, place, at, number)
                if not hit:
                    break
                yield trial.name, hit, number, wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stride", type=int, default=1)
    chosen = parser.parse_args(arguments)
    runs: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    wrong: Counter[tuple[str, str, str, str]] = Counter()
    held_before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as held:
        place, temporary = Path(held, "place"), Path(held, "temp")
        place.mkdir()
        temporary.mkdir()
        tempfile.tempdir = str(temporary)
        try:
            for name, call, number, found in run(chosen.stride, place):
                runs[name] += 1
                calls[call] += 1
                left = [f"left among temporary files: {len(os.listdir(temporary))}"] if os.listdir(temporary) else []
                t.empty(temporary)
                wrong.update((name, call, errno.errorcode[number], what) for what in [*found, *left])
        finally:
            tempfile.tempdir = held_before
    print(f"{'run':45}{'faults':>7}  wrong")
    for name, count in runs.items():
        print(f"{name:45}{count:7}  {sum(n for (of, *_), n in wrong.items() if of == name)}")
    print("calls broken: " + ", ".join(f"{call} {count}" for call, count in calls.most_common()))
    for (name, call, number_name, what), count in sorted(wrong.items()):
        print(f"  {name}: {call} {number_name}: {what} ({count})")
    print(f"{sum(runs.values())} faults, {sum(wrong.values())} things wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
