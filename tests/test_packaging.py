"""The wheel holds all that piiscan needs at run time, and pyproject.toml declares all that it imports."""

from __future__ import annotations

import ast
import email
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

import piiscan

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: Declared though nothing has to import them yet: what users of piiscan's frames and files have at hand.
KEPT = {"typer", "openpyxl", "pandas", "rich", "phonenumbers", "regex", "pyzipper"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~\[; ]", name)[0]).lower()


def imported() -> set[str]:
    """The distributions that the package imports, wherever in a module."""
    found = set()
    for path in (ROOT / "piiscan").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            found |= {name.partition(".")[0] for name in names}
    of = packages_distributions()
    return {normal(of[name][0]) for name in found - set(sys.stdlib_module_names) - {"piiscan"} if name in of}


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    declared = {normal(text) for text in PROJECT["dependencies"]}
    extras = {
        normal(text) for name, texts in PROJECT["optional-dependencies"].items() for text in texts if name != "test"
    }
    assert imported() - declared - extras == set()
    assert declared - imported() - KEPT == set()
    assert declared >= KEPT


def test_versions_agree() -> None:
    assert PROJECT["version"] == piiscan.__version__
    assert PROJECT["requires-python"] == ">=3.11"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel of this checkout, built with the tools at hand and without a network."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = out.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_the_wheel_holds_everything(wheel: zipfile.ZipFile) -> None:
    inside = set(wheel.namelist())
    expected = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "piiscan").rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".pyo") and not path.name.startswith(".")
    }
    assert expected - inside == set()
    assert {f"piiscan/rules/{p.name}" for p in (ROOT / "rules").glob("*.toml")} <= inside
    for part in (
        "locale/ja/LC_MESSAGES/piiscan.mo",
        "schemas/report-1.json",
        "schemas/copies-1.json",
        "lexicon/data/towns/47.bin",
        "py.typed",
    ):
        assert f"piiscan/{part}" in inside
    assert not [name for name in inside if name.startswith(("tests/", "examples/", "tools/"))]


def test_the_wheel_carries_its_licences_and_its_command(wheel: zipfile.ZipFile) -> None:
    info = {name.partition("/")[2]: name for name in wheel.namelist() if ".dist-info/" in name}
    assert {"licenses/LICENSE", "licenses/NOTICE", "licenses/piiscan/lexicon/LICENSES.md"} <= set(info)
    assert "piiscan = piiscan.cli:main" in wheel.read(info["entry_points.txt"]).decode()
    about: Any = email.message_from_bytes(wheel.read(info["METADATA"]))
    assert (about["Name"], about["License-Expression"]) == ("piiscan", "Apache-2.0")
    assert "Apache License" in wheel.read(info["licenses/LICENSE"]).decode()[:200]


def test_the_wheel_is_of_a_size_to_be_mailed(wheel: zipfile.ZipFile) -> None:
    assert sum(i.compress_size for i in wheel.infolist()) < 6_000_000


def test_nothing_names_the_place_it_was_made_in() -> None:
    """No path of a developer's machine in what is kept."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [n for n in listed.stdout.split("\0") if n.endswith((".py", ".md", ".toml", ".yaml", ".json", "run"))]
    pattern = re.compile(r"(?<![\w.])/(?:wor" + r"k|home/\w+|root)/")
    assert [n for n in names if pattern.search((ROOT / n).read_text(encoding="utf-8"))] == []
