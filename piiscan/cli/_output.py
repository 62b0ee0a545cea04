"""Where results go: standard output, or a file that is written beside its place and then moved into it."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from piiscan.errors import UsageError
from piiscan.files.opening import leads_to

#: How the schema of everything that piiscan writes as JSON begins, and how far from its beginning that stands at most.
_SCHEMAS, _HEAD = b"urn:piiscan:", 256


@dataclass(frozen=True)
class Target:
    """A report format and the file it goes to; None is standard output."""

    format: str
    file: Path | None


def targets(
    choices: Collection[str],
    name: str,
    output: str | None,
    extra: Iterable[str],
    *,
    force: bool,
    sources: list[str],
    kept: Collection[str | Path],
) -> list[Target]:
    """The main report, then those of --report, all of them formats of ``choices`` and files that may be written.

    ``kept``: other files that the run reads or writes. Raises ``UsageError`` before any work is done.
    """
    found = [Target(name, Path(output) if output else None)]
    for text in extra:
        kind, _, path = text.partition("=")
        if not path:
            raise UsageError("report_without_file")
        found.append(Target(kind, Path(path)))
    files = [target.file for target in found if target.file]
    if len({_place(file) for file in files}) < len(files):
        raise UsageError("report_same_file")
    for target in found:
        if target.format not in choices:
            raise UsageError("unknown_report", name=target.format, choices=", ".join(choices))
    keep_apart(files, kept)
    for file in files:
        check(file, force=force, sources=sources)
    return found


def keep_apart(files: Iterable[Path], kept: Collection[str | Path]) -> None:
    """Refuses files to be written that are among those ``kept``, which need not exist yet; devices and pipes pass."""
    for file in files:
        if is_taken(file, kept) and not _is_stream(file):
            raise UsageError("output_taken", path=str(file))


def is_taken(file: Path, kept: Iterable[str | Path]) -> bool:
    """Whether a file is, or would be, one of ``kept``."""
    own = _place(file)
    return any(own == _place(other) or _same(file, other) for other in kept)


def _place(file: str | Path) -> str:
    """Where a path leads, to be compared; it need not exist. Raises ``UsageError`` for a name that no file can have."""
    try:
        return leads_to(file)
    except ValueError:
        raise UsageError("output_not_writable", path=str(file)) from None


def check(file: Path, *, force: bool, sources: Collection[str] = ()) -> None:
    """Refuses a file that may not be written, before any work is done: a source never, an existing one with force.

    ``sources``: files, folders and ``-``. In a folder that is read only an earlier report may be replaced. A device or a
    pipe may always be written to: nothing is overwritten there. A link to a file never, nor anything else.
    """
    if not file.parent.is_dir() or file.is_dir():
        raise UsageError("output_not_writable", path=str(file))
    if _is_stream(file) or not os.path.lexists(file):
        return
    if any(_same(file, source) for source in sources) or ("-" in sources and _is_standard_input(file)):
        raise UsageError("output_is_input", path=str(file))
    if not stat.S_ISREG(os.lstat(file).st_mode):
        raise UsageError("output_is_link" if file.is_symlink() else "output_is_special", path=str(file))
    if not force:
        raise UsageError("output_exists", path=str(file))
    if any(_is_inside(file, source) for source in sources) and not _is_report(file):
        raise UsageError("output_in_source", path=str(file))


def _is_inside(file: Path, folder: str) -> bool:
    return os.path.isdir(folder) and Path(_place(file)).is_relative_to(_place(folder))  # noqa: PTH112  Path.is_dir raises


def _is_report(file: Path) -> bool:
    """Whether a file begins as what piiscan writes: its reports and manifests name their schema first."""
    try:
        with file.open("rb") as stream:
            return _SCHEMAS in stream.read(_HEAD)
    except OSError:
        return False


def _is_standard_input(file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(sys.stdin.fileno()), file.stat())
    except (OSError, ValueError):  # nothing stands behind it, as in a test or a service
        return False


def _is_stream(file: Path) -> bool:
    """Whether this is a device or a pipe: /dev/null, /dev/stdout, what a shell puts in for >(…)."""
    try:
        mode = file.stat().st_mode
    except OSError:
        return False
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)


def _same(file: Path, source: str | Path) -> bool:
    try:
        return file.samefile(source)
    except (OSError, ValueError):
        return False


def write_file(file: Path, write: Callable[[TextIO], object], *, force: bool) -> None:
    """Writes UTF-8 text beside ``file`` and moves it into place in one step; raises ``UsageError`` when it cannot.

    Into a device or a pipe it is written as it is: what is moved into its place would take that away from everybody.
    """
    if _is_stream(file):
        _write_stream(file, write)
        return
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


def _write_stream(file: Path, write: Callable[[TextIO], object]) -> None:
    try:
        with file.open("w", encoding="utf-8", newline="\n", errors="backslashreplace") as out:
            write(out)
    except OSError:
        raise UsageError("output_not_writable", path=str(file)) from None


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


def standard_output(*, people: bool) -> TextIO:
    """Standard output, made UTF-8 when programs read what is printed: its encoding must not hang on the locale."""
    if not people and (reconfigure := getattr(sys.stdout, "reconfigure", None)):
        reconfigure(encoding="utf-8")
    return sys.stdout


def write_text(file: Path, text: str, *, force: bool) -> None:
    """Writes ``text`` as :func:`write_file` does."""
    write_file(file, lambda out: out.write(text), force=force)
