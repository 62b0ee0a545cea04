"""Lets every call to the file system of every copying run fail once, with each of twelve errors, and looks at what is left.

    python tools/run_faults.py               all calls with all errors for CSV; each call of a workbook with one in turn
    python tools/run_faults.py --stride 50   every fiftieth of these
    python tools/run_faults.py --all         all calls with all errors for workbooks, too: some 57,000, more than an hour
    python tools/run_faults.py --tally FILE  goes on where an earlier run ended, and tells of all of them together

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
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

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


@dataclass(frozen=True, slots=True)
class Fault:
    """One call of a trial, numbered from 1, that failed with an error, and what was wrong afterwards."""

    trial: str
    at: int
    number: int
    call: str
    wrong: tuple[str, ...]


def run(stride: int, place: Path, done: Container[tuple[str, int, int]] = (), *, full: bool = False) -> Iterator[Fault]:
    """Each broken call but those that are ``done``. ``full``: every error for each call of workbooks, too."""
    turn = 0
    for trial in t.trials():
        one = not (full or trial.name.endswith(".csv"))
        at, hit = 0, "x"
        while hit:
            at += 1
            for number in [ERRORS[at % len(ERRORS)]] if one else ERRORS:
                turn += 1
                if turn % stride or (trial.name, at, number) in done:
                    continue
                hit, wrong = break_one(trial, place, at, number)
                if not hit:
                    break
                yield Fault(trial.name, at, number, hit, tuple(wrong))


def read_tally(path: Path | None) -> list[Fault]:
    """What earlier runs found; a last line that was cut off is left out."""
    if path is None or not path.exists():
        return []
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line.endswith("\t.")]
    return [Fault(trial, int(at), int(number), call, tuple(wrong)) for trial, at, number, call, *wrong, _ in rows]


def write_fault(out: TextIO, fault: Fault) -> None:
    """Adds a line to a tally, below whatever a killed run left of its last one."""
    out.write("\n" + "\t".join((fault.trial, str(fault.at), str(fault.number), fault.call, *fault.wrong, ".")))
    out.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="every error for each call of workbooks, too")
    parser.add_argument("--tally", type=Path, help="a line for each fault; those that stand in it are not repeated")
    chosen = parser.parse_args(arguments)
    faults = read_tally(chosen.tally)
    done = {(f.trial, f.at, f.number) for f in faults}
    held_before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as held, open(chosen.tally or os.devnull, "a", encoding="utf-8") as out:
        place, temporary = Path(held, "place"), Path(held, "temp")
        place.mkdir()
        temporary.mkdir()
        tempfile.tempdir = str(temporary)
        try:
            for fault in run(chosen.stride, place, done, full=chosen.all):
                left = [f"left among temporary files: {len(os.listdir(temporary))}"] if os.listdir(temporary) else []
                t.empty(temporary)
                faults.append(replace(fault, wrong=(*fault.wrong, *left)))
                write_fault(out, faults[-1])
        finally:
            tempfile.tempdir = held_before
    return tell(faults)


def tell(faults: Sequence[Fault]) -> int:
    """Prints what was broken and what was wrong; gives the exit code."""
    runs, calls = Counter(f.trial for f in faults), Counter(f.call for f in faults)
    wrong = Counter((f.trial, f.call, errno.errorcode[f.number], what) for f in faults for what in f.wrong)
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
