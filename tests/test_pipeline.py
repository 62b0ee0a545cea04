"""The story of a run: order, progress, limits, workers that die, people counted over files, and the report's schema."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import canary_files
import pytest
from calls import ROOT, Call

from piiscan import pipeline
from piiscan.model import CopyOptions, CopyStatus, FileReport, Level, Limits, Progress, ScanOptions, Status
from piiscan.people import distinct

POSIX = pytest.mark.skipif(os.name == "nt", reason="processes end in other ways there")
INLINE = ScanOptions(isolate=False)
#: A format whose files say what becomes of the worker that reads them.
DEADLY = """
import os, sys, time
import piiscan.registry as registry
from piiscan.model import Format

def read(source, limits):
    what = source.stream.read().decode().strip()
    if what == "DEADLY abort":
        os.abort()
    if what == "DEADLY exit":
        os._exit(3)
    if what == "DEADLY sleep":
        time.sleep(600)
    if what == "DEADLY memory":
        held = bytearray(8 * 1024**3)
        held[::4096] = b"x" * len(held[::4096])
    if what == "DEADLY raise":
        raise ValueError(what)
    yield from ()

def sniff(source):
    return 99 if source.head(6) == b"DEADLY" else 0

real = registry.formats
def formats():
    found = real()
    found.setdefault("deadly", Format("deadly", "deadly", (), sniff, read))
    return found
registry.formats = formats
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files and one below them, in an order that is not that of their sizes."""
    made = tmp_path / "in"
    (made / "m").mkdir(parents=True)
    (made / "a.csv").write_bytes(canary_files.delimited())
    (made / "b.zip").write_bytes(canary_files.zipped({"z.txt": b"plain\n", "a.csv": canary_files.delimited("cp932")}))
    (made / "c.txt").write_text("plain\n")
    (made / "m" / "d.xlsx").write_bytes(canary_files.workbook())
    return made


def names(reports: Iterator[FileReport] | list[FileReport], base: Path) -> list[str]:
    return [f"{Path(r.path).relative_to(base).as_posix()}{'!' + r.member if r.member else ''}" for r in reports]


EXPECTED = ["a.csv", "b.zip", "b.zip!z.txt", "b.zip!a.csv", "c.txt", "m/d.xlsx"]


# ---------------------------------------------------------------- order and progress


def test_results_come_in_the_order_of_the_walk(folder: Path) -> None:
    assert names(list(pipeline.scan([str(folder)], INLINE)), folder) == EXPECTED


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_number_of_workers_changes_nothing(folder: Path, jobs: int) -> None:
    alone = list(pipeline.scan([str(folder)], INLINE))
    assert list(pipeline.scan([str(folder)], ScanOptions(jobs=jobs))) == alone


def test_progress_is_told_for_every_file(folder: Path) -> None:
    steps: list[Progress] = []
    list(pipeline.scan([str(folder)], INLINE, progress=steps.append))
    assert [Path(s.path).name for s in steps] == ["a.csv", "b.zip", "c.txt", "d.xlsx"]
    assert [s.done for s in steps] == [1, 2, 3, 4]
    assert all(s.known >= s.done for s in steps)


def test_the_first_result_does_not_wait_for_the_last_file(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number:02}.txt").write_text("plain\n")
    seen: list[str] = []
    reports = pipeline.scan([str(tmp_path)], INLINE, progress=lambda p: seen.append(p.path))
    next(reports)
    assert len(seen) == 1


def test_nothing_to_scan(tmp_path: Path) -> None:
    assert list(pipeline.scan([str(tmp_path)], INLINE)) == []
    assert pipeline.summarise([]).level is Level.NONE


# ---------------------------------------------------------------- people and numbers


def test_the_same_list_in_two_formats_counts_once(tmp_path: Path) -> None:
    rows = canary_files.rows()
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "b.csv").write_bytes(canary_files.delimited("cp932"))
    (tmp_path / "c.zip").write_bytes(canary_files.zipped({"x/again.tsv": canary_files.delimited("utf-8", "\t")}))
    reports = list(pipeline.scan([str(tmp_path)], ScanOptions(jobs=2)))
    assert [r.persons for r in reports] == [7, 7, 0, 7]
    summary = pipeline.summarise(reports)
    assert (summary.persons, summary.persons_exact) == (7, True)


def test_two_runs_count_with_different_keys(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(canary_files.delimited())
    one, two = (next(iter(pipeline.scan([str(tmp_path)], INLINE))).person_keys for _ in "12")
    assert list(one) != list(two)  # type: ignore[call-overload]


def test_the_summary_adds_up(folder: Path) -> None:
    (folder / "e.xlsx").write_bytes(canary_files.broken()["locked.xlsx"])
    (folder / "~$f.xlsx").write_bytes(b"lock")
    (folder / "g.bin").write_bytes(bytes(range(256)) * 20)
    reports = list(pipeline.scan([str(folder)], INLINE))
    summary = pipeline.summarise(reports)
    by_status = {s: sum(r.status is s for r in reports) for s in Status}
    assert summary.files == len(reports) == sum(by_status.values())
    assert summary.scanned == by_status[Status.SCANNED] == 6
    assert summary.incomplete == 2  # the locked one and the unknown one; nothing is missing because of the lock file
    assert summary.level is max((r.severity.level for r in reports), key=lambda level: level.rank)
    # The same seven people stand in every file, and are paid for once.
    assert summary.damage_yen == max(r.severity.damage_yen for r in reports) > 0


def test_damage_is_counted_once_a_person_at_the_dearest(tmp_path: Path) -> None:
    names = ["佐久間 柊太朗", "西園寺 龍之輔", "東海林 弦十郎", "綾小路 燈真子"]
    phones = "氏名,携帯電話\n" + "".join(f"{n},090-0{i}41-8523\n" for i, n in enumerate(names[:3]))
    places = "氏名,住所\n" + "".join(f"{n},東京都千代田区丸の内9丁目{i + 1}番\n" for i, n in enumerate(names[1:]))
    (tmp_path / "a.csv").write_text(phones, encoding="utf-8")
    (tmp_path / "b.csv").write_text(places, encoding="utf-8")
    a, b = pipeline.scan([str(tmp_path)], INLINE)
    assert (a.persons, b.persons) == (3, 3)
    one, two = a.severity.damage_yen_per_person, b.severity.damage_yen_per_person
    assert one < two  # a name with an address is easier to find
    alike = pipeline.summarise([replace(b, person_keys=a.person_keys), a])
    assert (alike.persons, alike.damage_yen) == (3, 3 * two)
    apart = pipeline.summarise([a, b])
    assert apart.damage_yen == 3 * two + (apart.persons - 3) * one


@pytest.mark.parametrize("count", [40, 120_000])
def test_new_ones_are_counted_alike_by_both_engines(count: int) -> None:
    from array import array

    first, second = array("Q", [0, *range(1, count)]), array("Q", range(count // 2, count + 7))
    assert distinct.fresh([first, second, first]) == [count - 1, 7, 0]


# ---------------------------------------------------------------- standard input


def test_standard_input_is_scanned_like_a_file(piiscan: Call, folder: Path) -> None:
    data = (folder / "b.zip").read_bytes()
    piped = json.loads(piiscan("scan", "-", "--stdin-name", "b.zip", "--format", "json", stdin=data).stdout)
    named = json.loads(piiscan("scan", folder / "b.zip", "--format", "json").stdout)
    for files in (piped["files"], named["files"]):
        for file in files:
            del file["path"]
    assert piped["files"] == named["files"]
    assert piped["summary"] == named["summary"]


def test_the_report_validates_against_its_schema(piiscan: Call, folder: Path) -> None:
    import jsonschema

    schema = json.loads((ROOT / "piiscan" / "schemas" / "report-1.json").read_text(encoding="utf-8"))
    (folder / "e.xlsx").write_bytes(canary_files.broken()["locked.xlsx"])
    (folder / "f.csv").write_bytes(canary_files.broken()["half_bytes.csv"])
    report = json.loads(piiscan("scan", folder, folder / "nowhere", "--format", "json").stdout)
    jsonschema.Draft202012Validator(schema).validate(report)
    assert len(report["files"]) == 9


# ---------------------------------------------------------------- workers that die


@POSIX
@pytest.mark.parametrize(
    "fate, status, reason",
    [
        ("abort", "unreadable", "parser_crashed"),
        ("exit", "unreadable", "parser_crashed"),
        ("sleep", "unreadable", "timed_out"),
        ("memory", "unreadable", "too_much_memory"),
        ("raise", "unreadable", "internal"),
    ],
)
def test_a_file_that_ends_its_reader_is_that_file_s_result(
    fate: str, status: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, site = tmp_path / "in", tmp_path / "site"
    source.mkdir()
    site.mkdir()
    (site / "sitecustomize.py").write_text(DEADLY, encoding="utf-8")
    for number in range(3):
        (source / f"{number}.csv").write_bytes(canary_files.delimited())
    (source / "1.deadly").write_text(f"DEADLY {fate}\n")
    monkeypatch.setenv("PYTHONPATH", f"{site}{os.pathsep}{ROOT}")
    options = ScanOptions(jobs=1, limits=Limits(seconds=8.0 if fate == "sleep" else 60.0))
    reports = {Path(r.path).name: r for r in pipeline.scan([str(source)], options)}
    assert (reports["1.deadly"].status, reports["1.deadly"].status_reason) == (status, reason)
    assert [reports[f"{n}.csv"].persons for n in range(3)] == [7, 7, 7]
    if fate == "sleep":
        return  # a copy may take six times as long
    copies = {
        Path(c.source).name: c for c in pipeline.redact([str(source)], str(tmp_path / "out"), options, CopyOptions())
    }
    assert copies["1.deadly"].status in (CopyStatus.FAILED, CopyStatus.REFUSED)
    assert [copies[f"{n}.csv"].status for n in range(3)] == [CopyStatus.WRITTEN] * 3
    assert sorted(os.listdir(tmp_path / "out")) == ["0.csv", "1.csv", "2.csv"]


# ---------------------------------------------------------------- interruption


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, check=False)
    return [int(p) for p in found.stdout.split()]


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("command", ["scan", "redact"])
def test_an_interrupt_leaves_no_process_and_no_file(command: str, tmp_path: Path) -> None:
    source, site, out = tmp_path / "in", tmp_path / "site", tmp_path / "out"
    source.mkdir()
    site.mkdir()
    (site / "sitecustomize.py").write_text(DEADLY, encoding="utf-8")
    for number in range(4):
        (source / f"{number}.deadly").write_text("DEADLY sleep\n")
    env = os.environ | {"PYTHONPATH": f"{site}{os.pathsep}{ROOT}", "TMPDIR": str(tmp_path)}
    arguments = [command, str(source), "--jobs", "2", *(["-o", str(out)] if command == "redact" else [])]
    process = subprocess.Popen(
        [sys.executable, "-m", "piiscan", *arguments], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    end = time.monotonic() + 30
    while len(workers := children(process.pid)) < 2 and time.monotonic() < end:
        time.sleep(0.1)
    while command == "redact" and not list(tmp_path.rglob(".piiscan-tmp-*")) and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert len(workers) == 2
    assert [p for p in workers if alive(p)] == []
    assert b"Traceback" not in said
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", *(["out"] if out.exists() else []), "site"]
    assert not out.exists() or os.listdir(out) == []


def test_a_consumer_that_stops_early_ends_the_workers(folder: Path) -> None:
    reports = pipeline.scan([str(folder)], ScanOptions(jobs=1))
    next(reports)
    before = children(os.getpid()) if sys.platform == "linux" else []
    reports.close()  # type: ignore[attr-defined]
    assert [p for p in before if alive(p)] == []
