"""Where results go: standard output, or a file that is written beside its place and then moved into it."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from piiscan.errors import UsageError
from piiscan.reports import Report, reports


@dataclass(frozen=True)
class Target:
    """A report and the file it goes to; None is standard output."""

    report: Report
    file: Path | None


def targets(name: str, output: str | None, extra: Iterable[str]) -> list[Target]:
    """The main report and those of --report; raises ``UsageError`` for an unknown format or two for one file."""
    found = [Target(_named(name), Path(output) if output else None)]
    for text in extra:
        kind, equals, file = text.partition("=")
        if not equals or not file:
            raise UsageError("report_without_file")
        found.append(Target(_named(kind), Path(file)))
    files = [t.file.absolute() for t in found if t.file]
    if len(set(files)) < len(files):
        raise UsageError("report_same_file")
    return found


def _named(name: str) -> Report:
    if name not in reports():
        raise UsageError("unknown_report", name=name, choices=", ".join(reports()))
    return reports()[name]


def check(file: Path, *, force: bool, sources: Iterable[str] = ()) -> None:
    """Refuses a file that may not be written, before any work is done: a source never, an existing one with force."""
    if not file.parent.is_dir():
        raise UsageError("output_not_writable", path=str(file))
    if not os.path.lexists(file):
        return
    if any(_same(file, source) for source in sources):
        raise UsageError("output_is_input", path=str(file))
    if not force or file.is_dir():
        raise UsageError("output_exists" if not file.is_dir() else "output_not_writable", path=str(file))


def _same(file: Path, source: str) -> bool:
    try:
        return file.samefile(source)
    except OSError:
        return False


def write_file(file: Path, write: Callable[[TextIO], None], *, force: bool) -> None:
    """Writes UTF-8 text beside ``file`` and moves it into place in one step; raises ``UsageError`` when it cannot."""
    part = file.with_name(f".{file.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        with part.open("x", encoding="utf-8", newline="\n", errors="backslashreplace") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        _move(part, file, force=force)
    except FileExistsError:
        raise UsageError("output_exists", path=str(file)) from None
    except OSError:
        raise UsageError("output_not_writable", path=str(file)) from None
    finally:
        part.unlink(missing_ok=True)


def _move(part: Path, file: Path, *, force: bool) -> None:
    if force:
        part.replace(file)
    elif os.name == "nt":
        part.rename(file)  # refuses an existing file there
    else:
        _move_to_new(part, file)


def _move_to_new(part: Path, file: Path) -> None:
    """A hard link refuses an existing name in one step; file systems without links get a check and a rename."""
    try:
        file.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(file):
            raise FileExistsError from None
        part.rename(file)


def standard_output(report: Report) -> TextIO:
    """Standard output, made UTF-8 when programs read the report: its encoding must not hang on the locale."""
    if not report.people and (reconfigure := getattr(sys.stdout, "reconfigure", None)):
        reconfigure(encoding="utf-8")
    return sys.stdout
