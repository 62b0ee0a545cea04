"""Scans a collection of strange and hostile files and holds the results to what each file should give.

    python tools/run_hostile.py DIR [INDEX]            files with an index.json of expectations
    python tools/run_hostile.py --synthetic DIR        files made to exhaust time and memory, each in its own process
    python tools/run_hostile.py --synthetic DIR --make make_hostile.py     makes them first: SCRIPT DIR writes the files

Exit code 1 when anything differs from what was expected. Only names, states and reasons are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from piiscan import pipeline
from piiscan.model import FileReport, ScanOptions, Status

#: Reasons that may stand beside a file that is sound: something in it is not for piiscan to read.
TRUE_REASONS = frozenset({
    "macros", "embedded_object", "unknown_part", "ambiguous_members", "encrypted_member", "special_member",
    "linked_attachment", "no_text_layer", "pdf_reader_missing", "missing_part", "archive_not_read", "zip_method",
})  # fmt: skip
#: What is right for a state that the index expects.
_RIGHT = {
    "ok": (Status.SCANNED,),
    "encrypted": (Status.ENCRYPTED,),
    "corrupt": (Status.UNREADABLE, Status.PARTIAL),
}
#: Files of which the index says damaged, and which are read whole all the same; each was looked at. Pattern → why.
READ_WHOLE = {
    "*/empty_file.ods": "nothing in it but a line break",
    "*/ProjectStatusReport_TP10094814.xltx": "a draft of the format from 2005, read as an archive of XML",
    "*/issue.2501.b.xlsx": "settings that other readers stumble over; the cells are sound",
    "*/too_small.xls": "a text that says the attachment was not found",
    "*/corrupted_error.xls": "only the directory of the compound file is damaged, not the workbook",
    "*/yauzl/test/failure/absolute path*": "a name that must not be used to unpack; the content is sound",
    "*/yauzl/test/failure/invalid relative path*": "the same",
    "*/yauzl/test/failure/invalid characters in fileName*": "the same",
    "*/yauzl/test/failure/Invalid comment length*": "the comment of the archive is cut; the entries are sound",
    "*/yauzl/test/failure/multi-disk*": "the first of several disks is claimed; all entries are there",
    "*/yauzl/test/failure/not enough bytes*": "a wrong length in the directory; the content is read to its own end",
    "*/yauzl/test/failure/too many bytes*": "the same",
    "*/yauzl/test/wrong-entry-sizes/*": "the same",
}
#: Sound files of which only a part is read, and that is said: (pattern, reason) → why.
READ_IN_PART = {
    ("*/issue_594_dos.ods", "part_too_large"): "one cell repeated ten to the eighteenth times",
    ("*/Basic.ods", "part_too_large"): "one row repeated a million times",
}
#: Seconds and megabytes for made files by pattern, the first that fits; hostile input of the same kind shares them.
BOUNDS = (
    (("ratio_*", "zip_*", "string_20MB*", "members_100k*", "*entity*", "*laughs*", "xxe*", "ods_xxe*"), 10.0, 512),
    (("dim_*", "cell_at_*", "row_beyond*", "ods_repeat*", "ods_text_s*", "cells_2_*"), 2.0, 200),
    (("csv_single_line*", "csv_million*", "csv_unbalanced*"), 60.0, 512),
    (("*",), 60.0, 1024),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file: what the index expects, what the scan gave, and whether that is right."""

    path: str
    format: str
    expected: str
    got: str
    reason: str
    right: bool


def entries(index: Path) -> list[dict[str, Any]]:
    """The entries of an index file."""
    found: list[dict[str, Any]] = json.loads(index.read_text(encoding="utf-8"))
    return found


def path_of(folder: Path, entry: dict[str, Any]) -> Path:
    """Where an entry's file lies: a folder for each repository, its own paths below it."""
    return folder.joinpath(str(entry["repo"]).replace("/", "+"), str(entry["path"]))


def is_right(entry: dict[str, Any], report: FileReport, *, passwords: bool) -> bool:
    """Whether the report of a file is one of those that its entry allows."""
    if report.status in _RIGHT[entry["expected"]]:
        return True
    if report.status is Status.SCANNED and any(fnmatch(f"{entry['repo']}/{entry['path']}", p) for p in READ_WHOLE):
        return True
    if entry["expected"] == "ok" and report.status is Status.PARTIAL:
        true = TRUE_REASONS | {r for (pattern, r) in READ_IN_PART if fnmatch(entry["path"], pattern)}
        return all(s.reason in true for s in report.skipped if s.partial)
    opened = passwords and entry.get("password")
    return bool(entry["expected"] == "encrypted" and opened and report.status in (Status.SCANNED, Status.PARTIAL))


def run(folder: Path, chosen: Sequence[dict[str, Any]], options: ScanOptions) -> Iterator[Outcome]:
    """Scans the files of the entries; files with a password of their own are scanned with it."""
    for password in sorted({str(e.get("password") or "") for e in chosen}):
        part = [e for e in chosen if str(e.get("password") or "") == password]
        by_path = {str(path_of(folder, e)): e for e in part}
        given = replace(options, passwords=(password,) if password else ())
        missing = set(by_path)
        for report in pipeline.scan(list(by_path), given):
            if report.member is not None or report.path not in by_path:
                continue
            missing.discard(report.path)
            entry = by_path[report.path]
            reason = report.status_reason or ""
            yield Outcome(
                f"{entry['repo']}/{entry['path']}", entry["format"], entry["expected"], report.status.value, reason,
                is_right(entry, report, passwords=True),
            )  # fmt: skip
        for path in sorted(missing):
            entry = by_path[path]
            yield Outcome(
                f"{entry['repo']}/{entry['path']}", entry["format"], entry["expected"], "none", "", right=False
            )


def table(outcomes: Iterable[Outcome]) -> str:
    """Format × expected × got with their numbers."""
    counts = Counter((o.format, o.expected, o.got, o.right) for o in outcomes)
    lines = [f"{'format':8}{'expected':11}{'got':12}{'files':>6}"]
    lines += [
        f"{f:8}{e:11}{g:12}{n:6}{'' if right else '  <-- wrong'}" for (f, e, g, right), n in sorted(counts.items())
    ]
    return "\n".join(lines)


# ---------------------------------------------------------------- files that exhaust


def measure(path: Path, bound: float) -> tuple[float, float, float, str]:
    """Seconds of processor and by the clock, megabytes and the state of one file, scanned in a process of its own."""
    begin = time.perf_counter()
    code = (
        "import resource, sys; from piiscan import pipeline; from piiscan.model import ScanOptions\n"
        f"resource.setrlimit(resource.RLIMIT_CPU, ({int(bound) + 10},) * 2)\n"
        "reports = list(pipeline.scan([sys.argv[1]], ScanOptions(jobs=1, isolate=False)))\n"
        "print(reports[0].status.value, reports[0].status_reason or '')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as child:
        assert child.stdout is not None
        # The processor's time is judged, as other work may share the machine; a child that waits is ended as well.
        stopper = threading.Timer(20 * bound + 60, child.kill)
        stopper.start()
        said = child.stdout.read().strip()
        _, status, usage = os.wait4(child.pid, 0)
        stopper.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begin
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, said or f"exit {child.returncode}"


def bounds(name: str) -> tuple[float, int]:
    """Seconds and megabytes that a file of this name may take."""
    return next((seconds, mega) for patterns, seconds, mega in BOUNDS if any(fnmatch(name, p) for p in patterns))


def run_synthetic(folder: Path) -> int:
    """Measures every file of a folder; the number of files over their bounds or without a result."""
    start, _, _, _ = measure(Path(os.devnull), 60)
    print(f"(an empty run takes {start:.1f} s, which is taken off)")
    wrong = 0
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        most_seconds, most_mega = bounds(path.name)
        seconds, wall, mega, said = measure(path, most_seconds)
        seconds = max(0.0, seconds - start)
        bad = seconds > most_seconds or mega > most_mega or said.startswith("exit")
        wrong += bad
        print(
            f"{path.name:32}{seconds:6.1f} of {most_seconds:2.0f} s{wall:7.1f} s by the clock{mega:6.0f} of {most_mega:4} MB  "
            f"{said}{'  <-- wrong' if bad else ''}",
            flush=True,
        )
    print(f"{wrong} over their bounds")
    return wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("index", type=Path, nargs="?")
    parser.add_argument("--synthetic", action="store_true")
    parser.add_argument("--make", type=Path, metavar="SCRIPT", help="writes the synthetic files into the folder first")
    parser.add_argument("--format", action="append", help="only files of this format")
    parser.add_argument("--jobs", type=int, default=0)
    chosen = parser.parse_args(arguments)
    if chosen.make:
        subprocess.run([sys.executable, str(chosen.make), str(chosen.folder)], check=True)
    if chosen.synthetic:
        return 1 if run_synthetic(chosen.folder) else 0
    listed = entries(chosen.index or chosen.folder / "index.json")
    if chosen.format:
        listed = [e for e in listed if e["format"] in chosen.format]
    start = time.perf_counter()
    outcomes = list(run(chosen.folder, listed, ScanOptions(jobs=chosen.jobs)))
    print(table(outcomes))
    wrong = [o for o in outcomes if not o.right]
    for o in sorted(wrong, key=lambda o: (o.format, o.expected, o.got, o.reason, o.path)):
        print(f"{o.format:6}{o.expected:10}{o.got:11}{o.reason:24}{o.path}")
    print(f"{len(outcomes)} files in {time.perf_counter() - start:.0f} s, {len(wrong)} not as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
