"""The documents say what the program does: commands, options, exit codes, entities, snippets, links."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from piiscan import messages, policy, registry
from piiscan.cli import _app
from piiscan.errors import ExitCode
from piiscan.reports import reports

ROOT = Path(__file__).parents[1]
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ja.md")}
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("rules/*.md"), *ROOT.glob("examples/*.md")])
both = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


def commands() -> Iterator[tuple[str, Any]]:
    """(path, command) of every command that does something."""
    tree = _app.build(messages.translator("en"))

    def below(path: str, command: Any) -> Iterator[tuple[str, Any]]:
        subs = getattr(command, "commands", {})
        if not subs:
            yield path, command
        for name, sub in subs.items():
            yield from below(f"{path} {name}", sub)

    yield from below("piiscan", tree)


COMMANDS = dict(commands())
OPTIONS = {o for c in COMMANDS.values() for p in c.params for o in p.opts if o.startswith("--")} | {
    "--version",
    "--help",
}


def console(page: str) -> list[str]:
    """The command lines in the page's console blocks."""
    return [
        line
        for block in re.findall(r"^```console\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]


@both
def test_every_command_is_told(page: str) -> None:
    assert [path for path in COMMANDS if path not in page] == []


@both
def test_every_option_is_told_and_no_other(page: str) -> None:
    told = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page)) - {"--dist"}  # which is pytest's
    assert told == OPTIONS


@both
def test_every_exit_code_is_told(page: str) -> None:
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)] == [code.value for code in ExitCode]


@both
def test_every_entity_is_told(page: str) -> None:
    known = {*policy.ENTITIES, *registry.detectors()}
    assert {e for e in known if f"`{e}`" not in page} == set()


@both
def test_every_report_and_action_is_told(page: str) -> None:
    assert {name for name in (*reports(), *registry.actions()) if f"`{name}`" not in page} == set()


@both
def test_every_format_is_told(page: str) -> None:
    named = {f.id: f"`{f.suffixes[0]}`" for f in registry.formats().values() if f.suffixes and f.suffixes[0] != ".dat"}
    assert {id_ for id_, suffix in named.items() if suffix not in page} == set()


@both
def test_the_command_lines_parse(page: str) -> None:
    """Each is taken by the command it names; nothing is run."""
    lines = [line for line in console(page) if line.startswith("piiscan ")]
    assert len(lines) >= 8
    for line in lines:
        words = shlex.split(line.partition(" < ")[0])
        path = next(p for p in sorted(COMMANDS, key=len, reverse=True) if words[: len(p.split())] == p.split())
        COMMANDS[path].make_context(path, words[len(path.split()) :])


@both
def test_two_command_lines_set_everything_up(page: str) -> None:
    """One runs, one tests; .ci/run takes both from here and runs them. The shell finds no mistake in either."""
    lines = [line for line in console(page) if line.startswith("python3 -m venv .venv && ")]
    assert len(lines) == 2
    assert lines == [line for line in console(PAGES["README.md"]) if line.startswith("python3 -m venv")]
    assert "piiscan scan examples" in lines[0]
    assert "pytest" in lines[1]
    if os.name == "posix":
        for line in lines:
            subprocess.run(["bash", "-n", "-c", line], check=True)


@both
def test_the_python_snippet_runs(page: str) -> None:
    snippets = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert len(snippets) == 1
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", snippets[0]],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    first, second, *rest = run.stdout.splitlines()
    assert (first, second) == ("examples/会員家族.csv 120 high 720000", "['person_name', 'phone']")
    assert "山田" not in "".join(rest)


@pytest.mark.parametrize("lang, name", [("en", "README.md"), ("ja", "README.ja.md")])
def test_the_excerpt_is_what_is_printed(lang: str, name: str) -> None:
    (excerpt,) = re.findall(r"^```text\n(.*?)^```", PAGES[name], re.DOTALL | re.MULTILINE)
    run = subprocess.run(
        [sys.executable, "-m", "piiscan", "scan", "examples/顧客一覧.xlsx", "--lang", lang],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert [line for line in excerpt.splitlines() if line.rstrip() not in run.stdout] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
    assert [t for t in targets if "://" not in t and not (document.parent / t).exists()] == []


def test_the_changelog_has_this_version() -> None:
    from piiscan import __version__

    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{__version__}]" in text
    assert "## [Unreleased]" in text


def test_examples_page_has_a_command_for_each_file() -> None:
    page = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    told = [line for line in console(page) if line.startswith("piiscan ")]
    files = {p.name for p in (ROOT / "examples").iterdir() if p.suffix in (".xlsx", ".csv", ".eml")}
    assert {name for name in files if not any(f"examples/{name}" in line for line in told)} == set()
