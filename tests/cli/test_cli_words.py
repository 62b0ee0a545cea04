"""Help and the parser's mistakes, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize("command", [[], ["scan"], ["redact"], ["explain"], ["rules", "check"], ["key", "new"]])
def test_help_in_both_languages(run: Run, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    code, english, err = run(*command, "--help")
    assert (code, err) == (0, "")
    assert not re.search("[ぁ-ん]", english)
    japanese = run(*command, "--help", "--lang", "ja")[1]
    assert "オプション" in japanese
    assert "Options" not in japanese
    assert "この説明を表示して終わる。" in japanese
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    assert run(*command, "--help")[1] == japanese


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["scan", "--foo", "x"], "There is no option --foo."),
        (["scan", "--forc", "x"], "There is no option --forc. Did you mean --force"),
        (["scan"], "PATH is missing. See: piiscan scan --help"),
        (["skan"], "There is no command skan. See: piiscan --help"),
        (["scan", "x", "--fail-on", "none"], "--fail-on must be one of: low, medium, high, critical."),
        (["scan", "x", "--lang", "fr"], "--lang must be one of: ja, en."),
        (["scan", "x", "--jobs", "many"], "The value of --jobs is wrong."),
        (["scan", "x", "--jobs"], "--jobs wants a value. See: piiscan scan --help"),
        (["rules", "check", "--rules"], "--rules wants a value. See: piiscan rules check --help"),
        (["redact", "x", "-o", "y", "--key-file", "none"], "none: It does not exist."),
        (["protect", "x", "-o", "y", "--password-file", "none"], "none: It does not exist."),
        (["scan", "x", "--config", "."], ".: The configuration must be a plain file."),
        (["--lang", "en"], "COMMAND is missing."),
        (["rules"], "COMMAND is missing. See: piiscan rules --help"),
        (["key", "new", "a", "b"], "There are too many arguments."),
        (["explain", "zork"], "There is no file and no entity called zork."),
    ],
)
def test_mistakes_are_one_line(run: Run, arguments: list[str], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("piiscan: ")
    assert said in err


def test_mistakes_in_japanese(run: Run) -> None:
    assert run("scan", "--lang", "ja")[2] == "piiscan: PATH がありません。 使い方: piiscan scan --help\n"


def test_the_language_may_stand_before_the_command(run: Run) -> None:
    assert run("--lang", "ja", "key", "new")[2].startswith("piiscan: FILE がありません。")


def test_version_is_in_the_help_and_works_beside_other_options(run: Run) -> None:
    assert "--version" in run("--help")[1]
    assert run("--lang", "ja", "--version")[:2] == (0, run("--version")[1])


def test_an_old_password_file_is_kept_whatever_is_said(run: Run) -> None:
    Path("p.txt").write_text("old\n", encoding="utf-8")
    for force in ([], ["--force"]):
        code, _, err = run("protect", "x", "-o", "y.zip", "--generate-password", "p.txt", *force)
        assert (code, "--force" in err) == (2, False)
    assert Path("p.txt").read_text(encoding="utf-8") == "old\n"
