"""Scans thousands of damaged files and holds piiscan to: no crash, no hang, no traceback, no memory beyond the limit.

    python tools/run_mutants.py --count 20000 --seed 1            files that the tests can make, damaged
    python tools/run_mutants.py --more DIR                        and those of a folder
    python tools/run_mutants.py --seed 1 --only 4711 --keep OUT   writes one mutant again, to look at it

Every batch runs through the real pipeline, workers and limits included, in a process of its own. A mutant's number and
the seed say all about it. Exit code 1 when anything but a state of a file came out. Only names, states and reasons
are printed, never content.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
import mutations  # noqa: E402
import seed_files  # noqa: E402

from piiscan import pipeline  # noqa: E402
from piiscan.model import CopyOptions, CopyStatus, Level, Limits, ScanOptions  # noqa: E402

BATCH = 500
#: Mutants are small: what takes longer or more than this is a defect, however generous the limits of a scan are.
SECONDS, MEGABYTES = 30.0, 512
#: Ends that are the parser's fault, not the file's.
DEFECTS = ("internal", "parser_crashed", "timed_out", "too_much_memory", "none")
STATES = ("scanned", "partial", "unreadable", "encrypted", "skipped")
#: Files that cost much to open are taken less often.
RARE = {"locked.xlsx": 0.1, "nested.zip": 0.3, "book.xlsx": 0.6, "mail.eml": 0.6}
#: The line of a batch that says how much memory it took.
PEAK = "peak"


@dataclass
class Tally:
    """What became of the mutants so far."""

    states: Counter[tuple[str, str]] = field(default_factory=Counter)
    defects: list[tuple[int, str, str]] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    megabytes: float = 0.0
    cpu: float = 0.0


def sources(more: Sequence[Path]) -> dict[str, bytes]:
    """The seeds by name, and the small files of the folders given."""
    found = dict(seed_files.seeds())
    for folder in more:
        paths = sorted(p for p in folder.rglob("*") if p.is_file() and 0 < p.stat().st_size < 200_000)
        found |= {f"{i}_{p.name}": p.read_bytes() for i, p in enumerate(paths) if p.suffix not in (".json", ".py")}
    return found


def mutant(number: int, seed: int, files: dict[str, bytes]) -> tuple[str, bytes]:
    """(name of the seed file, the mutant) of this number."""
    rng = Random(f"{seed}:{number}")
    names = list(files)
    name = rng.choices(names, [RARE.get(n, 1.0) for n in names])[0]
    return name, mutations.mutate(files[name], tuple(files.values()), rng)


def run(
    count: int, seed: int, *, more: Sequence[Path] = (), jobs: int = 1, redact: bool = False, told: bool = False
) -> Tally:
    """Makes and scans the mutants 0 to ``count`` − 1, batch by batch."""
    files, tally = sources(more), Tally()
    for start in range(0, count, BATCH):
        with tempfile.TemporaryDirectory(prefix="piiscan-mutants-") as folder:
            numbers = range(start, min(count, start + BATCH))
            made = Path(folder, "in")
            made.mkdir()
            for number in numbers:
                name, data = mutant(number, seed, files)
                Path(made, f"{number:06}-{name}").write_bytes(data)
            _one_batch(made, tally, jobs, redact=redact)
        if told:
            print(f"{numbers.stop} of {count}, {len(tally.defects)} defects", file=sys.stderr, flush=True)
    return tally


def peak() -> float:
    """The most memory, in MB, that this process or one of its workers has held. Asked from inside: what the kernel tells
    a parent counts the parent's own memory, which a child has until it starts its program."""
    own = next((line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")), "")
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(float(own.split()[1]) if own else 0.0, workers) / 1024


def _one_batch(folder: Path, tally: Tally, jobs: int, *, redact: bool) -> None:
    names = sorted(p.name for p in folder.iterdir())
    command = [sys.executable, __file__, "--batch", str(folder), "--jobs", str(jobs), *(["--redact"] if redact else [])]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stdout=out, stderr=said)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        tally.cpu += usage.ru_utime + usage.ru_stime
        out.seek(0)
        results = {r[0]: r[1:] for r in map(json.loads, out.read().decode().splitlines())}
        tally.megabytes = max(tally.megabytes, float(results.pop(PEAK, ["0"])[0]))
        said.seek(0)
        errors = said.read().decode("utf-8", "replace")
    if child.returncode != 0 or errors:
        tally.crashes.append(f"{folder.name}: exit {child.returncode} {errors.strip().splitlines()[-1:]}")
    book(tally, names, results)


def book(tally: Tally, names: Sequence[str], results: Mapping[str, Sequence[str]]) -> None:
    """Counts the states of the files; a file without one, or with a reason that is the parser's fault, is a defect."""
    for name in names:
        state, reason = results.get(name, ("none", "none"))
        tally.states[Path(name).suffix, state] += 1
        if (reason in DEFECTS and state != "scanned") or state == "none":
            tally.defects.append((int(name[:6]), name, reason))


def batch(folder: Path, jobs: int, *, redact: bool) -> Iterator[tuple[str, str, str]]:
    """(name, state, reason) of every file of the folder, by the pipeline as a user has it but for narrower limits."""
    limits = Limits(seconds=SECONDS, memory_bytes=MEGABYTES * 1024**2)
    options = ScanOptions(limits=limits, jobs=jobs)
    if redact:
        results = pipeline.redact(
            [str(folder)], str(folder.parent / "out"), options, CopyOptions(threshold=Level.CRITICAL)
        )
        for result in results:
            state = {CopyStatus.WRITTEN: "scanned", CopyStatus.REFUSED: "partial"}.get(result.status, "unreadable")
            yield Path(result.source).name, state, result.reason or ""
        return
    for report in pipeline.scan([str(folder)], options):
        if report.member is None:
            yield Path(report.path).name, report.status.value, report.status_reason or ""


def state_of(name: str, data: bytes) -> str:
    """The state of a file by a run in this process."""
    import io

    from piiscan.inspection.inspecting import inspect
    from piiscan.inspection.knowledge import knowledge
    from piiscan.model import Source

    source = Source(name, None, name, io.BytesIO(data), len(data))
    return inspect(source, knowledge(), Limits(), b"k" * 32).reports[0].status.value


def where(path: Path, *, redact: bool = False) -> str:
    """Kind and place of the exception that a file causes, from a run in this process."""
    from piiscan.workers.pool import InlineExecutor

    options = ScanOptions(person_secret=b"k" * 32)
    if redact:
        target = path.with_name(path.name + ".out")
        future = InlineExecutor().submit(pipeline.redact_file, str(path), str(path), target, options, CopyOptions())
    else:
        future = InlineExecutor().submit(pipeline.scan_file, str(path), str(path), options)  # type: ignore[arg-type]
    error = future.exception()
    return f"{error} {getattr(error, 'params', '')}" if error else "nothing"


def table(tally: Tally) -> str:
    """Suffix × state with numbers."""
    lines = [f"{'seed':12}" + "".join(f"{s:>12}" for s in (*STATES, "none"))]
    suffixes = sorted({s for s, _ in tally.states})
    lines += [f"{x:12}" + "".join(f"{tally.states[x, s]:12}" for s in (*STATES, "none")) for x in suffixes]
    return "\n".join(lines)


def _explain(defects: Sequence[tuple[int, str, str]], seed: int, files: dict[str, bytes], *, redact: bool) -> None:
    """Says of each defect where it happened, once for each place, with a number to remake it by."""
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="piiscan-mutants-") as folder:
        for number, name, reason in defects:
            at = ""
            if reason == "internal":
                path = Path(folder, name)
                path.write_bytes(mutant(number, seed, files)[1])
                at = where(path, redact=redact)
            seen[f"{reason} {at}"] += 1
            if seen[f"{reason} {at}"] <= 3:
                print(f"  mutant {number} ({name[7:]}): {reason} {at}")
    for text, count in seen.most_common():
        print(f"{count:6} × {text}")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--more", type=Path, action="append", default=[])
    parser.add_argument("--redact", action="store_true", help="write redacted copies of the mutants instead")
    parser.add_argument("--only", type=int)
    parser.add_argument("--keep", type=Path, default=Path())
    parser.add_argument("--batch", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.batch:
        for result in batch(chosen.batch, chosen.jobs, redact=chosen.redact):
            print(json.dumps(result), flush=True)
        print(json.dumps([PEAK, str(peak())]), flush=True)
        return 0
    if chosen.only is not None:
        name, data = mutant(chosen.only, chosen.seed, sources(chosen.more))
        chosen.keep.mkdir(parents=True, exist_ok=True)
        path = chosen.keep / f"{chosen.only:06}-{name}"
        path.write_bytes(data)
        print(path, where(path, redact=chosen.redact))
        return 0
    start = time.perf_counter()
    tally = run(chosen.count, chosen.seed, more=chosen.more, jobs=chosen.jobs, redact=chosen.redact, told=True)
    print(table(tally))
    for crash in tally.crashes:
        print("parent:", crash)
    _explain(tally.defects, chosen.seed, sources(chosen.more), redact=chosen.redact)
    kinds = Counter(reason for _, _, reason in tally.defects)
    print(
        f"{chosen.count} mutants in {time.perf_counter() - start:.0f} s ({tally.cpu:.0f} s of processor): {len(tally.crashes)} crashes of "
        f"the parent, {kinds['timed_out']} over {SECONDS:.0f} s, {kinds['too_much_memory']} over {MEGABYTES} MB, {kinds['parser_crashed']} "
        f"crashed workers, {kinds['internal']} unexpected exceptions; peak memory {tally.megabytes:.0f} MB"
    )  # fmt: skip
    return 1 if tally.defects or tally.crashes or tally.megabytes > MEGABYTES else 0


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
