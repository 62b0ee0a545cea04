"""The samples in CONTRIBUTING.md, each put in place as one new file, work from the command line without another edit."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLES = dict(
    re.findall(
        r"^### .*?`piiscan/(\w+/\w+\.py)`\n.*?^```python\n(.*?)^```",
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
)
LOCKERS = "名称,ロッカー番号\n" + "".join(f"机{n},LK{n:02}-{n * 37:04}\n" for n in range(1, 13))
CARDS = "%cards\n連絡は 090-0123-4567 まで # 家の電話\n備考なし\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and of its rules, with the four new files in it."""
    top = tmp_path_factory.mktemp("checkout")
    for folder in ("piiscan", "rules"):
        shutil.copytree(ROOT / folder, top / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name, code in SAMPLES.items():
        (top / "piiscan" / name).write_text(code, encoding="utf-8")
    (top / "files").mkdir()
    (top / "files" / "lockers.csv").write_text(LOCKERS, encoding="utf-8")
    (top / "files" / "notes.cards").write_text(CARDS, encoding="utf-8")
    return top


def piiscan(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "piiscan", *arguments, "--lang", "en"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_there_is_a_sample_of_every_kind() -> None:
    assert sorted(name.partition("/")[0] for name in SAMPLES) == ["actions", "detectors", "formats", "reports"]


def test_detector(checkout: Path) -> None:
    run = piiscan(checkout, "scan", "files/lockers.csv", "--format", "json")
    columns = json.loads(run.stdout)["files"][0]["tables"][0]["columns"]
    assert [c["entity"] for c in columns if c["name"] == "ロッカー番号"] == ["locker_number"]
    assert "Source: house style" in piiscan(checkout, "explain", "locker_number").stdout


def test_format(checkout: Path) -> None:
    run = piiscan(checkout, "scan", "files/notes.cards", "--format", "json")
    file = json.loads(run.stdout)["files"][0]
    assert (file["format"], file["status"]) == ("cards", "scanned")
    assert [(f["entity"], f["location"].partition(":")[0]) for f in file["findings"]] == [("phone", "line 2")]


def test_action(checkout: Path) -> None:
    run = piiscan(checkout, "redact", "files/notes.cards", "-o", "clean.cards", "--action", "phone=stars")
    assert run.returncode == 0, run.stdout + run.stderr
    assert (checkout / "clean.cards").read_text(encoding="utf-8") == CARDS.replace("090-0123-4567", "★★★★★")


def test_report(checkout: Path) -> None:
    run = piiscan(checkout, "scan", "files/notes.cards", "--format", "paths")
    assert run.stdout == "low\tfiles/notes.cards\n"
    assert "paths" in piiscan(checkout, "scan", "--help").stdout
