"""Kills runs of redact, pseudonymize, protect and restore at random moments, and looks at what is left.

    python tools/run_kills.py                2,000 kills: before every file-system call of each run, the rest at random
    python tools/run_kills.py --kills 200

After each kill the target must be what it was or a finished copy, no original lost or changed, and after the sweep with
which the next run starts no file but the originals may hold a name, nor a temporary file be left. Some of the runs are then
made again, and must end well. Exit code 1 when anything of that does not hold.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import _trials as t

from piiscan.copies.temporary import sweep
from piiscan.errors import PiiscanError

AGAIN = 10
#: How often it is looked whether a run has ended already, in seconds.
POLL = 0.002
SHARE_AT_CALLS = 0.5


def die(trial: t.Trial, folder: Path, at: int, seconds: float | None) -> tuple[bool, float]:
    """Runs a trial in a process that dies before its call ``at``, or after ``seconds``; whether it did, and how long it ran."""
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        try:
            if at:
                with t.broken(t.Breaker(at, lambda _: os.kill(os.getpid(), signal.SIGKILL))):
                    trial.run(folder)
            else:
                trial.run(folder)
        finally:
            os._exit(0)
    ended, status = 0, 0
    while seconds is not None and not ended and (left := start + seconds - time.perf_counter()) > 0:
        time.sleep(min(left, POLL))
        ended, status = os.waitpid(child, os.WNOHANG)
    if not ended:
        if seconds is not None:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status), time.perf_counter() - start


def measure(trial: t.Trial, folder: Path) -> tuple[float, int]:
    """How long a trial takes in a process of its own, in seconds, and how many calls it makes."""
    t.empty(folder)
    t.prepare(trial, folder)
    breaker = t.Breaker(0, lambda _: None)
    with t.broken(breaker):
        trial.run(folder)
    t.empty(folder)
    t.prepare(trial, folder)
    return die(trial, folder, 0, None)[1], breaker.made


def moments(trial: t.Trial, folder: Path, kills: int, rng: random.Random) -> Generator[tuple[int, float | None], float]:
    """(call, seconds) of the kills of one trial: some of its calls, evenly spread, then random moments without end.

    It is sent how long a run took that ended before it could be killed: on a busy machine the first one says little.
    """
    length, calls = measure(trial, folder)
    some = max(1, round(kills * SHARE_AT_CALLS))
    for n in range(some):
        yield 1 + n * calls // some, None
    while True:
        length = min(length, (yield 0, rng.random() * length * 1.05) or length)


def run(kills: int, folder: Path, *, weight_of_csv: int = 1) -> Iterator[tuple[str, list[str]]]:
    """(trial, what is wrong) for each kill; a CSV trial, which is quick, is killed ``weight_of_csv`` times as often."""
    rng = random.Random(5)
    places = folder / "place", folder / "temp"
    for place in places:
        place.mkdir()
    place, temporary = places
    tempfile.tempdir = str(temporary)
    trials = t.trials()
    weights = [weight_of_csv if trial.name.endswith(".csv") else 1 for trial in trials]
    for number, trial in enumerate(trials):
        wanted = kills * sum(weights[: number + 1]) // sum(weights) - kills * sum(weights[:number]) // sum(weights)
        done = 0
        times = moments(trial, place, wanted, rng)
        at, seconds = next(times)
        while done < wanted:
            t.empty(place)
            t.prepare(trial, place)
            died, took = die(trial, place, at, seconds)
            at, seconds = next(times) if died or seconds is None else times.send(took)
            if not died:
                continue  # it had ended before
            done += 1
            sweep(place)
            wrong = t.wrong_in(trial, place)
            wrong += [
                f"left in the folder for temporary files: {t.holds_names(p.read_bytes())}" for p in temporary.iterdir()
            ]
            if done % AGAIN == 0 and not wrong:
                wrong = _again(trial, place)
            t.empty(temporary)
            yield trial.name, wrong


def _again(trial: t.Trial, place: Path) -> list[str]:
    """What is wrong after the same run was started once more: it may find the copy made, or the vault begun."""
    try:
        results = trial.run(place)
    except PiiscanError as error:
        return [] if error.reason == "vault_exists" else [f"again: {error.reason}"]
    reasons = {r.reason for r in results if r.reason}
    return t.wrong_in(trial, place) + [f"again: {r}" for r in reasons - {"output_exists", "nothing_to_restore"}]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=2000)
    chosen = parser.parse_args(arguments)
    if not hasattr(os, "fork"):
        print("needs a system that forks")
        return 2
    kills: Counter[str] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as held:
        try:
            for name, found in run(chosen.kills, Path(held)):
                kills[name] += 1
                wrong.update((name, what) for what in found)
        finally:
            tempfile.tempdir = before
    print(f"{'run':45}{'kills':>6}  wrong")
    for name, count in kills.items():
        print(f"{name:45}{count:6}  {sum(n for (of, _), n in wrong.items() if of == name)}")
    for (name, what), count in sorted(wrong.items()):
        print(f"  {name}: {what} ({count})")
    print(f"{sum(kills.values())} kills, {sum(wrong.values())} things wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
