"""A pipeline that finds what it is told to, so that the command line can be tested alone."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from small_list import ROWS

import piiscan
from piiscan.model import CopyResult, FileReport, Level, Severity, Status, Summary


@dataclass
class Pipeline:
    """Stands for ``piiscan.pipeline``; what it was asked is in ``calls``."""

    files: list[FileReport] = field(default_factory=list)
    copies: list[CopyResult] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    fails: BaseException | None = None

    def scan(
        self, paths: Sequence[str], options: Any, *, progress: Any = None, early: Any = None
    ) -> Iterator[FileReport]:
        self.calls.append((list(paths), options))
        yield from self.files
        if self.fails:
            raise self.fails

    def scan_stream(self, stream: Any, name: str, options: Any) -> Iterator[FileReport]:
        self.calls.append((stream.read(), name))
        yield from self.files

    def redact(
        self,
        paths: Sequence[str],
        output: str | None,
        options: Any,
        copy: Any,
        *,
        progress: Any = None,
        early: Any = None,
    ) -> Iterator[CopyResult]:
        self.calls.append((list(paths), output, copy))
        yield from self.copies

    def summarise(self, reports: Sequence[FileReport]) -> Summary:
        level = max((r.severity.level for r in reports), key=lambda one: one.rank, default=Level.NONE)
        bad = sum(r.status is not Status.SCANNED for r in reports)
        return Summary(len(reports), len(reports) - bad, bad, 0, True, level, 0, False)


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Pipeline:
    fake = Pipeline()
    module = types.ModuleType("piiscan.pipeline")
    for name in ("scan", "scan_stream", "redact", "summarise"):
        setattr(module, name, getattr(fake, name))
    monkeypatch.setitem(sys.modules, "piiscan.pipeline", module)
    monkeypatch.setattr(piiscan, "pipeline", module, raising=False)
    return fake


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every test in an empty folder, in English, with no password in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("PIISCAN_PASSWORD", raising=False)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command line; gives exit code, standard output, standard error."""
    from piiscan.cli import _app

    def call(*arguments: str) -> tuple[int, str, str]:
        code = _app.run(list(arguments))
        said = capfd.readouterr()
        return int(code), said.out, said.err

    return call


def found(level: Level, status: Status = Status.SCANNED, path: str = "a.csv") -> FileReport:
    reason = None if status is Status.SCANNED else "damaged"
    return FileReport(path, None, "csv", 3, status, reason, severity=Severity(level))


@pytest.fixture
def report() -> Callable[..., FileReport]:
    return found


@pytest.fixture
def folder() -> Path:
    """A folder in the working folder with one small list of people."""
    made = Path("d")
    made.mkdir()
    (made / "small.csv").write_text("\n".join(ROWS) + "\n", encoding="utf-8")
    return made
