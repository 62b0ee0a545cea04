"""A sample of strange and hostile files: each gives the result that it should, and none is passed over in silence."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from piiscan.model import FileReport, ScanOptions, Skipped, Status

ROOT = Path(__file__).parents[1]
HOSTILE = ROOT.parent / "shared" / "hostile_files"
sys.path.insert(0, str(ROOT / "tools"))
import run_hostile as hostile  # noqa: E402

SAMPLE = 100


def report(status: Status, *reasons: str) -> FileReport:
    return FileReport("a", None, "xlsx", 1, status, skipped=tuple(Skipped("", r) for r in reasons))


@pytest.mark.parametrize(
    "expected, given, right",
    [
        ("ok", report(Status.SCANNED), True),
        ("ok", report(Status.PARTIAL, "macros"), True),
        ("ok", report(Status.PARTIAL, "macros", "damaged_xml"), False),
        ("ok", report(Status.UNREADABLE, "damaged"), False),
        ("corrupt", report(Status.PARTIAL, "damaged"), True),
        ("corrupt", report(Status.SCANNED), False),
        ("encrypted", report(Status.ENCRYPTED), True),
        ("encrypted", report(Status.SCANNED), False),
    ],
)
def test_what_is_right(expected: str, given: FileReport, right: bool) -> None:
    entry = {"repo": "a/b", "path": "c.xlsx", "expected": expected}
    assert hostile.is_right(entry, given, passwords=False) is right


def test_a_password_opens_what_is_encrypted() -> None:
    entry = {"repo": "a/b", "path": "c.xlsx", "expected": "encrypted", "password": "x"}
    assert hostile.is_right(entry, report(Status.SCANNED), passwords=True)


@pytest.mark.skipif(not HOSTILE.exists(), reason="the collection is not here")
def test_a_sample_of_the_collection() -> None:
    """Every eighth file, ordered so that all formats and kinds are among them; large ones are left to the tool."""
    listed = [e for e in hostile.entries(HOSTILE / "index.json") if e["size"] < 60_000]
    listed.sort(key=lambda e: (e["format"], e["expected"], e["path"]))
    chosen = listed[:: max(1, len(listed) // SAMPLE)][:SAMPLE]
    outcomes = list(hostile.run(HOSTILE, chosen, ScanOptions(jobs=2)))
    assert Counter(o.path for o in outcomes) == Counter(f"{e['repo']}/{e['path']}" for e in chosen)
    assert [(o.path, o.expected, o.got, o.reason) for o in outcomes if not o.right] == []
