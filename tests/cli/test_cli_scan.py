"""``piiscan scan``: exit codes, where results go, and what wins over what."""

from __future__ import annotations

import io
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from piiscan.model import FileReport, Level, Status

Run = Callable[..., tuple[int, str, str]]
Make = Callable[..., FileReport]
S = Status


@pytest.mark.parametrize(
    "files, options, code",
    [
        ([], [], 0),
        ([("none", S.SCANNED)], [], 0),
        ([("low", S.SCANNED)], [], 0),
        ([("medium", S.SCANNED)], [], 10),
        ([("low", S.SCANNED)], ["--fail-on", "low"], 10),
        ([("high", S.SCANNED)], ["--fail-on", "critical"], 0),
        ([("critical", S.SCANNED)], ["--fail-on=critical"], 10),
        ([("none", S.ENCRYPTED)], [], 3),
        ([("none", S.PARTIAL)], [], 3),
        ([("none", S.UNREADABLE)], [], 3),
        ([("none", S.SKIPPED)], [], 3),
        ([("none", S.ENCRYPTED), ("high", S.SCANNED)], [], 10),
        ([("low", S.PARTIAL)], ["--fail-on", "medium"], 3),
    ],
)
def test_exit_code(
    run: Run, pipeline: Any, report: Make, files: list[tuple[str, Status]], options: list[str], code: int
) -> None:
    pipeline.files = [report(Level(level), status) for level, status in files]
    assert run("scan", "x", *options)[0] == code


def test_json_is_alone_on_standard_output(run: Run, pipeline: Any, report: Make) -> None:
    pipeline.files = [report(Level.HIGH)]
    code, out, err = run("scan", "x", "--format", "json", "--show-values")
    assert (code, json.loads(out)["files"][0]["path"]) == (10, "a.csv")
    assert json.loads(out)["tool"]["rules"].startswith("sha256:")
    assert err == "piiscan: --show-values has no effect: reports of this version hold no values.\n"
    assert run("scan", "x", "--quiet", "--show-values")[2] == ""


def test_reports_go_to_files_as_well(run: Run, pipeline: Any, report: Make) -> None:
    pipeline.files = [report(Level.HIGH), report(Level.LOW, path="b\udc83.csv")]
    code, out, _ = run("scan", "x", "--report", "json=r.json", "--report", "jsonl=r.jsonl", "--report=console=r.txt")
    assert code == 10
    assert "high" in out
    assert len(json.loads(Path("r.json").read_text(encoding="utf-8"))["files"]) == 2
    assert len(Path("r.jsonl").read_bytes().splitlines()) == 2
    assert "high" in Path("r.txt").read_text(encoding="utf-8")
    assert sorted(p.name for p in Path().iterdir()) == ["r.json", "r.jsonl", "r.txt"]


def test_output_takes_the_main_report(run: Run, pipeline: Any, report: Make) -> None:
    pipeline.files = [report(Level.HIGH)]
    assert run("scan", "x", "--format", "json", "-o", "r.json")[:2] == (10, "")
    assert json.loads(Path("r.json").read_text(encoding="utf-8"))["summary"]["files"] == 1


def test_nothing_is_overwritten_without_force(run: Run, pipeline: Any) -> None:
    Path("r.json").write_text("old", encoding="utf-8")
    code, _, err = run("scan", "x", "--report", "json=r.json")
    assert code == 2
    assert err == ("piiscan: r.json: The file exists and is not overwritten. Choose another name, or add --force.\n")
    assert pipeline.calls == []
    assert Path("r.json").read_text(encoding="utf-8") == "old"
    assert run("scan", "x", "--report", "json=r.json", "--force")[0] == 0
    assert json.loads(Path("r.json").read_text(encoding="utf-8"))["schema"] == "urn:piiscan:report:1"


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    from piiscan.cli import _output
    from piiscan.errors import UsageError

    target = tmp_path / "r.json"

    def write(out: Any) -> None:
        out.write("new")
        target.write_text("theirs", encoding="utf-8")

    with pytest.raises(UsageError, match="output_exists"):
        _output.write_file(target, write, force=False)
    assert target.read_text(encoding="utf-8") == "theirs"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_pipe_or_device_is_written_to_and_not_replaced(force: list[str], run: Run, pipeline: Any) -> None:
    os.mkfifo("pipe")
    Path("device").symlink_to(os.devnull)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(Path("pipe").read_text(encoding="utf-8")))
    reader.start()
    code, *_ = run("scan", "x", "--report", "json=pipe", "-o", "device", *force)
    reader.join()
    assert code == 0
    assert json.loads(read[0])["schema"] == "urn:piiscan:report:1"
    assert Path("pipe").is_fifo()
    assert Path("device").is_char_device()
    assert {p.name for p in Path().iterdir()} == {"pipe", "device"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_is_not_replaced(run: Run, pipeline: Any) -> None:
    Path("theirs.json").write_text("old", encoding="utf-8")
    Path("r.json").symlink_to("theirs.json")
    code, _, err = run("scan", "x", "-o", "r.json", "--force")
    assert (code, pipeline.calls) == (2, [])
    assert "r.json: It is a link and is not overwritten." in err
    assert Path("r.json").is_symlink()
    assert Path("theirs.json").read_text(encoding="utf-8") == "old"


def test_a_source_is_never_written_to(run: Run, pipeline: Any) -> None:
    Path("a.csv").write_text("名前", encoding="utf-8")
    code, _, err = run("scan", "a.csv", "-o", "./a.csv", "--force")
    assert code == 2
    assert "is being read" in err
    assert Path("a.csv").read_text(encoding="utf-8") == "名前"


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["x", "--report", "json"], "--report wants FORMAT=FILE"),
        (["x", "--report", "xml=r"], "no report format xml. Choose one of: commit, console, json, jsonl"),
        (["x", "--format", "xml"], "no report format xml"),
        (["x", "--report", "json=r", "--report", "jsonl=./r"], "same file"),
        (["x", "-o", "no/such/r"], "no/such/r: It could not be written here"),
        (["x", "-o", "."], "It could not be written here"),
        (["x", "--jobs", "-1"], "--jobs wants 0"),
        (["x", "--password-file", "none"], "none: The password file could not be read"),
        (["-", "-"], "can be given once"),
        (["x", "--config", "none.toml"], "none.toml: The configuration file does not exist"),
    ],
)
def test_wrong_usage_is_one_line(run: Run, pipeline: Any, arguments: list[str], said: str) -> None:
    code, out, err = run("scan", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_options_reach_the_pipeline(run: Run, pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("p").write_text("一\n\n二\n", encoding="utf-8")
    monkeypatch.setenv("PIISCAN_PASSWORD", "三")
    run("scan", "x", "y", "--exclude", "*.bak", "--exclude", "t/", "--jobs", "2", "--password-file", "p")
    paths, options = pipeline.calls[0]
    assert paths == ["x", "y"]
    assert (options.exclude, options.jobs, options.passwords) == (("*.bak", "t/"), 2, ("一", "二", "三"))


@pytest.mark.parametrize("format_, heard", [("commit", True), ("console", False)])
def test_ignore_files_are_heard_of_named_files_in_a_commit(format_: str, heard: bool, run: Run, pipeline: Any) -> None:
    run("scan", "x", "--format", format_)
    assert pipeline.calls[0][1].ignore_named is heard


def test_wildcards_on_windows(tmp_path: Path) -> None:
    from piiscan.cli._options import expand

    for name in ("b.csv", "a.csv", "[x].csv"):
        (tmp_path / name).touch()
    pattern, odd, none = str(tmp_path / "?.csv"), str(tmp_path / "[x].csv"), str(tmp_path / "*.no")
    assert expand([pattern], windows=False) == [pattern]
    assert expand([pattern, odd, none, "-"], windows=True) == [
        str(tmp_path / "a.csv"),
        str(tmp_path / "b.csv"),
        odd,
        none,
        "-",
    ]


def test_standard_input(run: Run, pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a,b")))
    run("scan", "-", "--stdin-name", "名簿.csv")
    assert pipeline.calls == [(b"a,b", "名簿.csv")]


def test_configuration_is_read_and_the_command_line_wins(run: Run, pipeline: Any, report: Make) -> None:
    pipeline.files = [report(Level.MEDIUM)]
    text = 'fail-on = "high"\nformat = "json"\nlang = "ja"\nexclude = ["*.bak"]\njobs = 3\n'
    Path("piiscan.toml").write_text(text, encoding="utf-8")
    code, out, _ = run("scan", "x")
    assert code == 0
    json.loads(out)
    assert (pipeline.calls[0][1].exclude, pipeline.calls[0][1].jobs) == (("*.bak",), 3)
    code, out, _ = run("scan", "x", "--fail-on", "low", "--format", "console", "--jobs", "1")
    assert code == 10
    assert "深刻度" in out
    assert pipeline.calls[1][1].jobs == 1
    assert "severity" in run("scan", "x", "--format", "console", "--lang", "en")[1]


def test_a_wrong_configuration_stops_the_run(run: Run, pipeline: Any) -> None:
    Path("piiscan.toml").write_text("jobs = 1\nfial-on = 'low'\n", encoding="utf-8")
    code, _, err = run("scan", "x")
    assert code == 2
    assert err.startswith(f"piiscan: {Path.cwd() / 'piiscan.toml'}:2: The key fial-on is not known.")
    assert pipeline.calls == []
    assert run("scan", "--help")[0] == 0


@pytest.mark.parametrize(
    "text, said",
    [
        ('jobs = 1\nformat = "xml"', ":2: There is no report format xml."),
        ('report = ["json=a", "xml=b"]', ":1: There is no report format xml."),
        ('\nreport = ["json"]', ":2: --report wants FORMAT=FILE"),
        ('password-file = "none"', ":1: {folder}none: The password file could not be read"),
    ],
)
def test_a_setting_that_cannot_be_names_its_line(run: Run, pipeline: Any, text: str, said: str) -> None:
    Path("piiscan.toml").write_text(text, encoding="utf-8")
    code, _, err = run("scan", "x")
    assert code == 2
    assert err.startswith(f"piiscan: {Path.cwd() / 'piiscan.toml'}{said.format(folder=f'{Path.cwd()}{os.sep}')}")


def test_what_the_command_line_says_is_not_blamed_on_the_configuration(run: Run, pipeline: Any) -> None:
    Path("piiscan.toml").write_text('format = "json"\nreport = ["xml=a"]\n', encoding="utf-8")
    assert run("scan", "x", "--report", "xml=b")[2].startswith("piiscan: There is no report format xml.")


def test_of_options_given_twice_the_last_one_wins(run: Run, pipeline: Any) -> None:
    Path("a.toml").write_text("fial-on = 1\n", encoding="utf-8")
    Path("b.toml").write_text('exclude = ["*.bak"]\n', encoding="utf-8")
    assert run("scan", "x", "--config", "a.toml", "--config=b.toml")[0] == 0
    assert pipeline.calls[0][1].exclude == ("*.bak",)
    for arguments in (["scan", "x", "--lang", "en", "--lang", "ja"], ["--lang", "en", "scan", "x", "--lang=ja"]):
        assert "深刻度" in run(*arguments)[1]
    assert "severity" in run("--lang", "ja", "scan", "x", "--lang", "en", "--", "--lang", "ja")[1]


@pytest.mark.parametrize(
    "error, code", [(ValueError("山田太郎 090-0000-0000"), 70), (KeyboardInterrupt(), 130), (BrokenPipeError(), 130)]
)
def test_endings(run: Run, pipeline: Any, error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from piiscan.cli import _errors

    monkeypatch.setattr(_errors, "_let_go_of_stdout", lambda: None)
    pipeline.fails = error
    found, out, err = run("scan", "x")
    assert found == code
    assert "山田" not in out + err
    assert "090" not in out + err
    if code == 70:
        assert err.startswith("piiscan: This is a bug in piiscan: ValueError at piiscan/cli/scan.py:")
