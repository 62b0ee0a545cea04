"""Nothing leaks: no command, report, failure or left-over file holds a value, a part of one, or a hash of one."""

from __future__ import annotations

import io
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import canary_files
import canary_others
import pytest
from calls import Call

from piiscan import pipeline as _pipeline
from piiscan import registry
from piiscan.cli import _app
from piiscan.errors import ExitCode
from piiscan.model import CopyOptions, ScanOptions
from piiscan.reports import reports
from piiscan.workers.pool import InlineExecutor

CANARY = canary_files.PEOPLE[0][0]
SOME = (
    "sjis.csv",
    "book.xlsx",
    "mail.eml",
    "headless.csv",
    "cut_book.xlsx",
    "flip_mail.eml",
    "half_bytes.csv",
    "locked.xlsx",
)


@pytest.fixture(scope="module")
def folder(scratch: Path) -> Path:
    """Files of every kind with the values in them."""
    made = scratch / "all"
    made.mkdir()
    for name, data in {**canary_files.whole(), **canary_files.broken(), **canary_others.files()}.items():
        (made / name).write_bytes(data)
    return made


@pytest.fixture(scope="module")
def few(folder: Path, scratch: Path) -> Path:
    """Some of them, for the quick tests."""
    made = scratch / "few"
    made.mkdir()
    for name in SOME:
        shutil.copy(folder / name, made / name)
    return made


@pytest.fixture(autouse=True)
def leaves_nothing(scratch: Path) -> Iterator[None]:
    """No test leaves a file in the folder for temporary files, nor in the home folder."""
    yield
    assert list((scratch / "temp").rglob("*")) == []
    assert [p for p in (scratch / "home").rglob("*") if p.is_file()] == []


def silent(done: Any) -> bool:
    """Whether a process said nothing that it must not; raises ``AssertionError`` with what it was."""
    assert sorted(set(canary_files.said_in_bytes(done.stdout))) == []
    assert sorted(set(canary_files.said_in_bytes(done.stderr))) == []
    return b"Traceback" not in done.stdout + done.stderr


# ---------------------------------------------------------------- the test itself can fail


def test_there_are_enough_values() -> None:
    assert len(set(canary_files.VALUES)) >= 50


#: Formats of which a file is not made here, and the tests that have one.
ELSEWHERE = {"seven_zip", "other_archive", "p7m"}


def test_no_format_is_left_out(folder: Path) -> None:
    seen = {r.format for r in _pipeline.scan([str(folder)], ScanOptions(isolate=False))}
    assert set(registry.formats()) - ELSEWHERE - seen == set()


@pytest.mark.parametrize(
    "text",
    [
        "090-0741-8523", "09007418523", "０９０－０７４１－８５２３", "… 8523 …", "佐久間", "柊太朗様", "ﾃｼｶﾞﾜﾗ", "shutaro", "1971-03-29",
        "昭和48年11月27日", "\\u4f50\\u4e45\\u9593 \\u67ca\\u592a\\u6717", "222222222225",
    ],
)  # fmt: skip
def test_the_search_finds(text: str) -> None:
    assert list(canary_files.said(f"x {text} y")) != []


def test_the_search_takes_no_digest_for_a_value() -> None:
    assert list(canary_files.said("sha256:0741a8523ff1473b2584 yen 45,000")) == []


# ---------------------------------------------------------------- every command


@pytest.mark.parametrize("format_", sorted(reports()))
def test_scan(piiscan: Call, few: Path, scratch: Path, format_: str) -> None:
    report = scratch / f"few.{format_}"
    done = piiscan("scan", few, "--format", format_, "--report", f"{format_}={report}", "--verbose", "--jobs", "1")
    assert silent(done)
    assert done.returncode == ExitCode.FOUND
    assert list(canary_files.said_in_bytes(report.read_bytes())) == []


def test_scan_of_standard_input(piiscan: Call, folder: Path) -> None:
    data = (folder / "nested.zip").read_bytes()
    done = piiscan("scan", "-", "--stdin-name", "x.zip", "--format", "json", "--show-values", stdin=data)
    assert silent(done)
    assert done.returncode == ExitCode.FOUND


@pytest.mark.slow
@pytest.mark.parametrize("format_", sorted(reports()))
def test_scan_of_everything(piiscan: Call, folder: Path, format_: str) -> None:
    done = piiscan("scan", folder, "--format", format_, "--verbose", "--lang", "ja")
    assert silent(done)
    assert done.returncode == ExitCode.FOUND


@pytest.mark.parametrize("extra", [("--dry-run",), ("--format", "json", "-o")], ids=str)
def test_redact(piiscan: Call, few: Path, tmp_path: Path, extra: tuple[str, ...]) -> None:
    out = tmp_path / "out"
    done = piiscan("redact", few, "--jobs", "1", *extra, *([out] if extra[-1] == "-o" else []))
    assert silent(done)
    assert done.returncode == ExitCode.UNSAFE
    assert out.exists() == (extra[-1] == "-o")


@pytest.mark.slow
def test_redact_of_everything(piiscan: Call, folder: Path, tmp_path: Path) -> None:
    done = piiscan("redact", folder, "-o", tmp_path / "out", "--format", "jsonl")
    assert silent(done)
    assert done.returncode == ExitCode.UNSAFE
    hidden = [p.name for p in (tmp_path / "out").rglob(".*")]
    assert hidden == []


@pytest.mark.parametrize("name", ["book.xlsx", "headless.csv"])
def test_explain(piiscan: Call, few: Path, name: str) -> None:
    assert silent(piiscan("explain", few / name))


@pytest.mark.parametrize("arguments", [("doctor",), ("rules", "list"), ("rules", "check")], ids=str)
def test_other_commands(piiscan: Call, few: Path, arguments: tuple[str, ...]) -> None:
    assert silent(piiscan(*arguments, cwd=few))


# ---------------------------------------------------------------- every failure


class PanicError(BaseException):
    """What a parser in Rust raises."""


def failures() -> list[BaseException]:
    return [
        ValueError(f"could not convert string to float: {CANARY!r}"),
        UnicodeDecodeError("cp932", CANARY.encode(), 0, 2, CANARY),
        KeyError(CANARY),
        PanicError(CANARY),
    ]


def raiser(error: BaseException) -> Callable[..., NoReturn]:
    def fail(*_: Any, **__: Any) -> NoReturn:
        raise error

    return fail


#: What is made to fail: module and name.
#: Loaded before anything in them is replaced: what they import by name must be the real thing.
LOADED = [
    import_module(f"piiscan.{name}")
    for name in [
        "copies.steps",
        "copies.redacting",
        "copies.passes",
        "copies.leftovers",
        "copies.converting",
        "inspection.unread",
    ]
]
STAGES = [
    "piiscan.inspection.task.open_source", "piiscan.inspection.task.check_unchanged", "piiscan.inspection.inspecting.sniff", "piiscan.inspection.inspecting.judge_sheet",
    "piiscan.prose.documents.find_in_place", "piiscan.judge.sheets.judge_table", "piiscan.judge.sheets.confirm_column",
    "piiscan.severity.weigh", "piiscan.people.hashing.person_hashes", "piiscan.copies.steps.make_copy", "piiscan.copies.steps.look_again",
    "piiscan.copies.redacting.open_source", "piiscan.copies.redacting.check_unchanged", "piiscan.copies.redacting.changes", "piiscan.inspection.unread.decide",
    "piiscan.inspection.unread.notes", "piiscan.copies.converting.workable", "piiscan.copies.passes.find_spans", "piiscan.copies.leftovers.searcher",
]  # fmt: skip
#: Stages that only a copy passes through, and those that only a scan does.
OF_COPIES = ("make_copy", "look_again", "redact", "passes", "leftovers", "unread", "converting")
OF_SCANS = ("inspection.task",)


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Tasks run in this process, where they can be made to fail; a folder with two files in it."""
    monkeypatch.setattr("piiscan.workers.tasks.executor", lambda *_, **__: InlineExecutor())
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.csv").write_bytes(canary_files.delimited())
    (source / "b.txt").write_text(canary_files.prose(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return source


@pytest.mark.parametrize("error", failures(), ids=lambda e: type(e).__name__)
@pytest.mark.parametrize(
    "command, stage",
    [
        (command, stage)
        for command, others in (("scan", OF_COPIES), ("redact", OF_SCANS))
        for stage in STAGES
        if not any(part in stage for part in others)
    ],
)
def test_a_failing_stage_says_nothing(
    command: str,
    stage: str,
    error: BaseException,
    inline: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(stage, raiser(error))
    code = _app.run(
        ["scan", str(inline), "--format", "json"] if command == "scan" else ["redact", str(inline), "-o", "out"]
    )
    said = capfd.readouterr()
    assert sorted(set(canary_files.said(said.out + said.err))) == []
    assert code in (ExitCode.INCOMPLETE, ExitCode.FOUND, ExitCode.UNSAFE)
    assert "internal" in said.out or "a bug" in said.out
    assert not list(inline.parent.rglob(".piiscan-tmp-*"))


@pytest.mark.parametrize("error", failures()[:3], ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("where", ["read", "rewrite"])
def test_a_failing_format_says_nothing(
    where: str, error: BaseException, inline: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = replace(registry.formats()["csv"], **{where: raiser(error)})
    monkeypatch.setitem(registry.formats(), "csv", broken)
    code = _app.run(["redact", str(inline), "-o", "out"])
    said = capfd.readouterr()
    assert sorted(set(canary_files.said(said.out + said.err))) == []
    assert code == ExitCode.INCOMPLETE
    assert (inline.parent / "out" / "b.txt").exists()


@pytest.mark.parametrize("error", failures()[:3], ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("stage", ["report", "summary"])
def test_a_failing_report_says_nothing(
    stage: str, error: BaseException, inline: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    if stage == "report":
        monkeypatch.setitem(reports(), "json", replace(reports()["json"], write=raiser(error)))
    else:
        monkeypatch.setattr("piiscan.pipeline.summarise", raiser(error))
    code = _app.run(["scan", str(inline), "--format", "json"])
    said = capfd.readouterr()
    assert sorted(set(canary_files.said(said.out + said.err))) == []
    assert code == ExitCode.BUG
    assert type(error).__name__ in said.err


@pytest.mark.skipif(os.name == "nt", reason="workers answer through pipes of another kind there")
def test_a_failing_worker_says_nothing(piiscan: Call, few: Path, tmp_path: Path) -> None:
    """The same in a real worker: what is patched at its start raises in the middle of a file, and prints as well."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "import piiscan.prose.finding as texts\n"
        "def fail(text, detectors):\n"
        "    print(text); print(text, file=sys.stderr)\n"
        "    raise ValueError(text)\n"
        "texts.find_spans = fail\n",
        encoding="utf-8",
    )
    root = str(Path(_pipeline.__file__).parent.parent)
    done = piiscan(
        "scan",
        few / "mail.eml",
        few / "book.xlsx",
        "--jobs",
        "1",
        "--format",
        "json",
        environ={"PYTHONPATH": f"{tmp_path}{os.pathsep}{root}"},
    )
    assert silent(done)
    assert b'"internal"' in done.stdout


# ---------------------------------------------------------------- what is kept


@pytest.mark.parametrize(
    "head", [canary_files.PEOPLE[0][0], "佐久間柊太朗様 予定", "連絡 090-0741-8523", "shutaro.sakuma@example.jp"]
)
def test_a_header_that_is_personal_is_masked(head: str) -> None:
    """The head of a roster is people, and so is the first row of a list without a head."""
    data = f"日付,{head},備考\n2026-01-01,出,済\n2026-01-02,休,\n".encode()
    (report,) = _pipeline.scan_stream(io.BytesIO(data), "a.csv", ScanOptions(isolate=False))
    assert list(canary_files.said(repr(report))) == []
    assert [c.name for t in report.tables for c in t.columns][::2] == ["日付", "備考"]


def test_reports_that_cross_processes_hold_no_values(folder: Path) -> None:
    for name in SOME:
        for report in _pipeline.scan([str(folder / name)], ScanOptions(isolate=False)):
            assert list(canary_files.said_in_bytes(pickle.dumps(replace(report, person_keys=None)))) == []
            assert list(canary_files.said(repr(report))) == []


def test_raw_things_have_no_repr(folder: Path) -> None:
    from piiscan.files.opening import open_source
    from piiscan.model import Limits, Sheet

    source = open_source(str(folder / "utf8.csv"), Limits())
    with source.stream:
        items = list(registry.formats()["csv"].read(source, Limits()))
        batches = [b for i in items if isinstance(i, Sheet) for b in i.batches]
    assert batches
    assert list(canary_files.said(repr(items) + repr(batches) + repr(source))) == []


def test_secrets_are_not_shown() -> None:
    options = ScanOptions(passwords=("geheim",), person_secret=b"geheim")
    assert "geheim" not in repr(options)
    assert "geheim" not in repr(CopyOptions())
