"""Times a whole redaction of a generated list of invented people against openpyxl loading and saving it.

usage: python tools/bench_redact.py [--rows N] [--csv] [--pseudonymize] [--reversible] [--folder FOLDER]

Eight columns: name, kana, postal code, address, phone, mail, birth date, note. Both run in a child of their own, one
after the other; processor time and memory are those of the child and its children. The work of ``piiscan redact`` is all
of it: judge, plan, write, read the copy again, search through it, move it into place.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench_scan import _family, _resident, person_row

COLUMNS = ("氏名", "フリガナ", "郵便番号", "住所", "電話番号", "メールアドレス", "生年月日", "備考")
LOAD_AND_SAVE = """
import sys
import openpyxl
book = openpyxl.load_workbook(sys.argv[1])
book.save(sys.argv[2])
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a child took: seconds on the clock, seconds of processors, bytes at the worst moment."""

    wall: float
    cpu: float
    memory: int


def rows(count: int) -> list[list[str]]:
    """The people; the same for the same number of them."""
    rng = Random(20260102)
    found = []
    for number in range(count):
        postal, address, _, name, kana, birth, _, phone, mail, note = person_row(rng)
        found.append([name, kana, postal, address, phone, mail or f"mail{number}@example.jp", birth, note])
    return found


def make(path: Path, count: int) -> None:
    """Writes the list as a workbook or as CSV, by the suffix."""
    if path.suffix == ".csv":
        import csv

        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(rows(count))
        return
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("名簿")
    sheet.append(COLUMNS)
    for row in rows(count):
        sheet.append(row)
    book.save(path)


def cost(arguments: list[str]) -> Cost:
    """Runs a command to its end; raises ``AssertionError`` with what it said when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start, peak = time.perf_counter(), 0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(arguments, stdout=said, stderr=said)
        while process.poll() is None:
            peak = max(peak, sum(map(_resident, _family(process.pid))))
            time.sleep(0.01)
        wall = time.perf_counter() - start
        said.seek(0)
        assert process.returncode == 0, said.read().decode(errors="replace")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak)


def load_and_save(path: Path, out: Path) -> Cost:
    """What openpyxl takes."""
    return cost([sys.executable, "-c", LOAD_AND_SAVE, str(path), str(out)])


def redact(path: Path, out: Path) -> Cost:
    """What the command takes."""
    return cost([sys.executable, "-m", "piiscan", "redact", str(path), "-o", str(out), "--force"])


def pseudonymize(path: Path, out: Path, *, reversible: bool) -> Cost:
    """What copies with stand-ins take, with a vault or without."""
    key, vault = out.with_name("test.key"), out.with_name("test.vault")
    if not key.exists():
        subprocess.run([sys.executable, "-m", "piiscan", "key", "new", str(key)], check=True, capture_output=True)
    vault.unlink(missing_ok=True)
    more = ["--reversible", "--vault", str(vault)] if reversible else []
    words = ["pseudonymize", str(path), "-o", str(out), "--key-file", str(key), "--force", *more]
    return cost([sys.executable, "-m", "piiscan", *words])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--csv", action="store_true", help="the list as CSV instead of xlsx")
    parser.add_argument("--pseudonymize", action="store_true", help="stand-ins as well")
    parser.add_argument("--reversible", action="store_true", help="stand-ins with a vault as well")
    parser.add_argument("--folder", help="where the files are made")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=told.folder) as temporary:
        path = Path(temporary) / ("list.csv" if told.csv else "list.xlsx")
        out = path.with_stem("out")
        make(path, told.rows)
        print(f"{path.name}: {told.rows:,} rows, {path.stat().st_size / 1024**2:.1f} MiB, {os.cpu_count()} processors")
        base = None
        if not told.csv:
            base = load_and_save(path, path.with_stem("openpyxl"))
            show("openpyxl load + save", base, base)
        show("piiscan redact", redact(path, out), base)
        if told.pseudonymize:
            show("piiscan pseudonymize", pseudonymize(path, out, reversible=False), base)
        if told.reversible:
            show("piiscan pseudonymize --reversible", pseudonymize(path, out, reversible=True), base)


def show(name: str, took: Cost, base: Cost | None) -> None:
    """Prints one line, with the shares of the ``base``."""
    told = f"{name}: wall {took.wall:.1f} s, processor {took.cpu:.1f} s, memory {took.memory / 1024**2:.0f} MiB"
    if base is not None and base is not took:
        shares = took.wall / base.wall, took.cpu / base.cpu, took.memory / base.memory
        told += " (of openpyxl: {:.2f}, {:.2f}, {:.2f})".format(*shares)
    print(told, flush=True)


if __name__ == "__main__":
    main()
