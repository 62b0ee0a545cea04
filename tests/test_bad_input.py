"""Bad input: one clear line with the file, the place and the next step; the other files go on; the exit code tells."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import canary_files
import pytest

from piiscan import messages, pipeline
from piiscan.cli import _app
from piiscan.errors import ExitCode
from piiscan.model import FileReport, ScanOptions, Status

GOOD = "品名,数量\nねじ,3\n釘,4\n".encode()
POSIX = pytest.mark.skipif(os.name == "nt", reason="there are no such files there")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a good file in it that must be read whatever the others are."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    Path("good.csv").write_bytes(GOOD)
    return tmp_path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command line in this process."""
    from piiscan.workers.pool import InlineExecutor

    monkeypatch.setattr("piiscan.workers.tasks.executor", lambda *_, **__: InlineExecutor())

    def call(*arguments: str) -> tuple[int, str, str]:
        code = _app.run(list(arguments))
        said = capfd.readouterr()
        return int(code), said.out, said.err

    return call


def scan(*paths: str) -> dict[str, FileReport]:
    """The report of each file itself, without those of files in it."""
    return {r.path: r for r in pipeline.scan(list(paths), ScanOptions(isolate=False)) if r.member is None}


def make(name: str, data: bytes) -> str:
    Path(name).write_bytes(data)
    return name


# ---------------------------------------------------------------- content


@pytest.mark.parametrize(
    "name, data, status, reason",
    [
        ("cut.xlsx", "cut_book.xlsx", Status.UNREADABLE, "zip_damaged"),
        ("cut.zip", "cut_nested.zip", Status.UNREADABLE, "zip_damaged"),
        ("cut.gz", "cut_one.csv.gz", Status.PARTIAL, "damaged"),
        ("locked.xlsx", "locked.xlsx", Status.ENCRYPTED, "encrypted"),
        ("locked.csv", "locked.xlsx", Status.ENCRYPTED, "encrypted"),
        ("sealed.zip", "sealed.zip", Status.ENCRYPTED, "encrypted"),
        ("half.csv", "half_bytes.csv", Status.PARTIAL, "undecodable_bytes"),
        ("unknown.bin", bytes(range(256)) * 20, Status.SKIPPED, "unknown_format"),
        ("not_a.zip", b"PK\x03\x04" + b"x" * 200, Status.UNREADABLE, "zip_damaged"),
        ("not_an.xlsx", b"PK\x03\x04" + b"x" * 200, Status.UNREADABLE, "zip_damaged"),
        ("cut_locked.xlsx", "locked.xlsx:3000", Status.ENCRYPTED, "encrypted"),
    ],
)
def test_what_cannot_be_read_whole(name: str, data: str | bytes, status: Status, reason: str, run: Any) -> None:
    if isinstance(data, str):
        source, _, length = data.partition(":")
        data = canary_files.broken()[source][: int(length or 10**9)]
    make(name, data)
    reports = scan(name, "good.csv")
    assert (reports[name].status, reports[name].status_reason) == (status, reason)
    assert reports["good.csv"].status is Status.SCANNED
    code, out, _ = run("scan", name, "good.csv", "--fail-on", "critical")
    assert code == ExitCode.INCOMPLETE
    assert name in out
    assert messages.render(reason, {}, "en") in out


@pytest.mark.parametrize(
    "name, data, status, format_",
    [
        ("csv.xlsx", "utf8.csv", Status.SCANNED, "csv"),
        ("xlsx.csv", "book.xlsx", Status.SCANNED, "xlsx"),
        ("mail.txt", "mail.eml", Status.SCANNED, "eml"),
        ("text.zip", "prose.txt", Status.SCANNED, "txt"),
        ("zip", "nested.zip", Status.SCANNED, "zip"),
    ],
)
def test_a_wrong_name_is_no_obstacle(name: str, data: str, status: Status, format_: str) -> None:
    make(name, canary_files.whole()[data])
    report = next(iter(pipeline.scan([name], ScanOptions(isolate=False))))
    assert (report.status, report.format) == (status, format_)


@pytest.mark.parametrize("name", ["empty.csv", "empty.txt", "empty.eml", "empty"])
def test_an_empty_file_is_read_whole(name: str, run: Any) -> None:
    make(name, b"")
    assert scan(name)[name].status is Status.SCANNED
    assert run("scan", name)[0] == ExitCode.CLEAN


@pytest.mark.parametrize("name", ["empty.xlsx", "empty.zip"])
def test_a_package_of_no_bytes_is_damaged(name: str) -> None:
    make(name, b"")
    assert scan(name)[name].status is Status.UNREADABLE


# ---------------------------------------------------------------- the file system


def test_a_missing_file(run: Any) -> None:
    code, out, _ = run("scan", "nowhere.csv", "good.csv")
    assert code == ExitCode.INCOMPLETE
    assert "nowhere.csv" in out
    assert "Check the path." in out
    assert scan("nowhere.csv", "good.csv")["good.csv"].status is Status.SCANNED


@POSIX
def test_a_file_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch, run: Any) -> None:
    make("mine.csv", GOOD)
    real = os.open

    def refuse(path: Any, *arguments: Any, **named: Any) -> int:
        if os.fspath(path).endswith("mine.csv"):
            raise PermissionError(13, "no", path)
        return real(path, *arguments, **named)

    monkeypatch.setattr(os, "open", refuse)
    code, out, _ = run("scan", "mine.csv", "good.csv")
    assert code == ExitCode.INCOMPLETE
    assert "Ask its owner for permission" in out
    assert scan("mine.csv", "good.csv")["good.csv"].status is Status.SCANNED


@POSIX
@pytest.mark.parametrize("command", ["scan", "redact"])
def test_a_pipe_is_not_waited_for(command: str, run: Any) -> None:
    os.mkfifo("pipe.csv")
    code, out, _ = run(command, "pipe.csv", "good.csv", *(["-o", "out"] if command == "redact" else []))
    assert code == ExitCode.INCOMPLETE
    assert "pipe" in out
    assert stat.S_ISFIFO(Path("pipe.csv").stat().st_mode)


@POSIX
def test_links_that_go_round(run: Any) -> None:
    Path("a.csv").symlink_to("b.csv")
    Path("b.csv").symlink_to("a.csv")
    Path("loop").symlink_to(".")
    code, out, _ = run("scan", ".")
    assert code == ExitCode.INCOMPLETE
    assert {r.status_reason for r in scan(".").values() if r.status is Status.SKIPPED} == {"symlink"}
    assert "good.csv" not in [line for line in out.splitlines() if "not read" in line]
    assert run("scan", "a.csv")[0] == ExitCode.INCOMPLETE


def test_a_lock_file_is_named_but_nothing_is_missing(run: Any) -> None:
    make("~$book.xlsx", b"\x05admin" + b"\0" * 160)
    code, _, _ = run("scan", ".")
    assert code == ExitCode.CLEAN
    assert scan(".")[os.path.join(".", "~$book.xlsx")].status_reason == "lock_file"


@POSIX
@pytest.mark.parametrize("name", [b"\xff\xfe.csv", "改行\n入り.csv".encode(), b"\x1b[31mred.csv", b"-o"])
def test_hostile_names(name: bytes, run: Any) -> None:
    with open(name, "wb") as file:
        file.write(canary_files.delimited())
    code, out, err = run("scan", ".")
    assert code == ExitCode.FOUND
    assert "\x1b[31m" not in out + err
    assert run("redact", ".", "-o", "out")[0] == ExitCode.CLEAN
    assert name in os.listdir(b"out")


def test_a_file_that_changes_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from piiscan.inspection import inspecting

    make("live.csv", canary_files.delimited())
    read = inspecting.inspect

    def writes(*arguments: Any) -> Any:
        result = read(*arguments)
        with open("live.csv", "ab") as file:
            file.write(b"x")
        return result

    monkeypatch.setattr("piiscan.inspection.inspecting.inspect", writes)
    report = scan("live.csv")["live.csv"]
    assert (report.status, report.status_reason) == (Status.UNREADABLE, "changed_while_reading")


# ---------------------------------------------------------------- copies


def test_copies_of_bad_files_are_refused_or_fail_and_the_rest_is_written(run: Any) -> None:
    make("locked.xlsx", canary_files.broken()["locked.xlsx"])
    code, out, _ = run("redact", "locked.xlsx", "nowhere.csv", "good.csv", "-o", "out")
    assert code == ExitCode.UNSAFE
    assert "Pass it with --password-file" in out
    assert "Check the path." in out
    assert os.listdir("out") == ["good.csv"]
    assert run("redact", "nowhere.csv", "good.csv", "-o", "out2")[0] == ExitCode.INCOMPLETE


# ---------------------------------------------------------------- usage


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["scan", "--no-such", "good.csv"], "--no-such"),
        (["scan"], "PATH"),
        (["scan", "good.csv", "--format", "pdf"], "pdf"),
        (["scan", "good.csv", "--fail-on", "worst"], "--fail-on"),
        (["scan", "good.csv", "--jobs", "-1"], "--jobs"),
        (["scan", "good.csv", "--rules", "nowhere"], "nowhere"),
        (["scan", "good.csv", "--config", "nowhere.toml"], "nowhere.toml"),
        (["redact", "good.csv"], "-o"),
        (["redact", "good.csv", "-o", "out", "--in-place"], "--in-place"),
        (["redact", "good.csv", "-o", "out", "--action", "phone"], "ENTITY=OPERATOR"),
        (["redact", "good.csv", "-o", "out", "--action", "phone=burn"], "burn"),
        (["redact", "good.csv", "-o", "out", "--action", "nobody=mask"], "nobody"),
        (["nothing"], "nothing"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str, run: Any) -> None:
    code, out, err = run(*arguments)
    assert code == ExitCode.USAGE
    assert said in err
    assert out == ""
    assert err.count("\n") == 1
    assert not Path("out").exists()


@pytest.mark.parametrize(
    "action",
    ["phone=mask:keep=99", "phone=mask:depth=1", "birth_date=generalise:date=week", "person_name=label:words=x"],
)
def test_an_option_that_an_action_does_not_have(action: str, run: Any) -> None:
    code, _, err = run("redact", "good.csv", "-o", "out", "--action", action)
    assert code == ExitCode.USAGE
    assert action.split(":")[1].split("=")[0] in err


@pytest.mark.parametrize(
    "file, text, line",
    [
        ("severity.toml", "[level.high]\npeople = 'many'\n", 2),
        ("headers.toml", "x =\n", 1),
        ("actions.toml", "[profile.default]\n[profile.default.entity]\nphone = 'burn'\n", 3),
        ("detectors_own.toml", "[shop_card]\nlabel = 'x'\nshapes = ['(']\nheaders = ['x']\n", 3),
    ],
)
def test_a_wrong_rule_file_is_named_with_its_line(file: str, text: str, line: int, run: Any) -> None:
    Path("rules").mkdir()
    Path("rules", file).write_text(text, encoding="utf-8")
    for command in (["scan", "good.csv"], ["redact", "good.csv", "-o", "out"]):
        code, _, err = run(*command, "--rules", "rules")
        assert code == ExitCode.USAGE
        assert f"{os.path.join('rules', file)}:{line}:" in err


def test_a_wrong_configuration_is_named_with_its_line(run: Any) -> None:
    Path("piiscan.toml").write_text("jobs = 1\nfail_on = 'high'\ncolour = 3\n", encoding="utf-8")
    code, _, err = run("scan", "good.csv")
    assert code == ExitCode.USAGE
    assert "piiscan.toml:" in err
