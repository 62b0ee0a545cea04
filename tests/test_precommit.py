"""The hooks in .pre-commit-hooks.yaml, run by the real framework in a real repository, without a network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from generator import csv_bytes, person_table
from pre_commit.clientlib import load_manifest

from piiscan import registry

ROOT = Path(__file__).parents[1]
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
NAME = "名簿.csv"

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="needs git")


def git(folder: Path, *arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment in which `piiscan` is this checkout and nothing of the user's settings counts."""
    folder = tmp_path / "bin"
    folder.mkdir()
    shim = folder / ("piiscan.cmd" if os.name == "nt" else "piiscan")
    command = f'"{sys.executable}" -m piiscan'
    shim.write_text(f"@{command} %*\n" if os.name == "nt" else f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    (tmp_path / "home").mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "LC_", "PRE_COMMIT"))}
    return {
        **kept,
        "PATH": f"{folder}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path / "home"),
        "PRE_COMMIT_HOME": str(tmp_path / "cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "LANG": "ja_JP.UTF-8",
        **{f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER") for what, text in (("NAME", "t"), ("EMAIL", "t@example.jp"))},
    }  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path, env: dict[str, str]) -> Path:
    """A repository that has the hook of a repository of hooks installed.

    Only ``language`` is overridden: building a fresh environment from the package index takes minutes, and what it would
    install is this checkout.
    """
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / ".pre-commit-hooks.yaml").write_text(HOOKS, encoding="utf-8")
    git(hooks, "init", "-q", env=env)
    git(hooks, "add", ".", env=env)
    assert git(hooks, "commit", "-qm", "hooks", env=env).returncode == 0
    rev = git(hooks, "rev-parse", "HEAD", env=env).stdout.strip()
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q", env=env)
    (work / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks.as_posix()}\n  rev: {rev}\n  hooks:\n  - {{id: piiscan, language: system}}\n",
        encoding="utf-8",
    )
    installed = subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"], cwd=work, env=env, capture_output=True, text=True, check=False
    )
    assert installed.returncode == 0, installed.stderr
    git(work, "add", ".", env=env)
    return work


def commit(work: Path, env: dict[str, str]) -> tuple[int, str]:
    git(work, "add", "-A", ":!*.bak", env=env)
    done = git(work, "commit", "-m", "list", env=env)
    return done.returncode, done.stdout + done.stderr


@needs_git
@pytest.mark.parametrize("lang, told", [
    ("ja_JP.UTF-8", "このコミットには個人情報が含まれています"),
    ("en_US.UTF-8", "This commit holds personal data. How to go on:"),
])  # fmt: skip
def test_a_customer_list_is_stopped_and_its_redacted_copy_passes(
    repository: Path, env: dict[str, str], lang: str, told: str
) -> None:
    env["LANG"] = lang
    table = person_table(Random(7), 40)
    (repository / NAME).write_bytes(csv_bytes(table, "utf-8"))
    code, said = commit(repository, env)
    assert code == 1, said
    assert told in said
    assert "piiscan redact --in-place FILE && git add FILE" in said
    assert NAME in said
    assert not [cell for row in table.rows for cell in row if len(cell) > 5 and cell in said]

    advised = subprocess.run(
        ["piiscan", "redact", "--in-place", NAME], cwd=repository, env=env, check=False, capture_output=True
    )
    assert advised.returncode == 0, advised.stdout
    code, said = commit(repository, env)
    assert code == 0, said
    assert git(repository, "show", "--stat", "--format=", "HEAD", env={**env, "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.quotepath", "GIT_CONFIG_VALUE_0": "false"}).stdout.count(f" {NAME} ") == 1  # fmt: skip


@needs_git
def test_files_that_hold_nothing_pass_and_odd_names_do_not_confuse(repository: Path, env: dict[str, str]) -> None:
    (repository / "-v.csv").write_text("品名,数量\n机,3\n椅子,12\n", encoding="utf-8")
    (repository / "readme.txt").write_text("このフォルダーには在庫の表があります。\n", encoding="utf-8")
    code, said = commit(repository, env)
    assert code == 0, said


def test_the_hook_covers_every_format_there_is() -> None:
    """A format whose files the hook would not be given protects nobody."""
    first, second = load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
    assert (first["id"], second["id"], second["files"]) == ("piiscan", "piiscan-staged", "")
    # A picture is only listed, and .dat can be anything.
    suffixes = {s for f in registry.formats().values() if f.id != "image" for s in f.suffixes} - {".dat"}
    assert sorted(s for s in suffixes if not re.search(first["files"], f"a{s}")) == []
    assert re.search(first["files"], "DATA.CSV")
    assert not re.search(first["files"], "main.py")
