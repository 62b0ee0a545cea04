"""What the tools that kill and that break file systems share: small runs, what must hold after each, and breaking calls.

All people in the files are invented. A trial is one way of making copies; after it, whatever happened, the target is what
it was or a finished copy, no original is lost or changed, and no file but an original holds a name.
"""

from __future__ import annotations

import builtins
import io
import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import msoffcrypto
import openpyxl
import pyzipper

from piiscan import pipeline
from piiscan.copies import protecting, pseudonymizing
from piiscan.copies.vault import read_vault
from piiscan.errors import UsageError
from piiscan.model import CopyOptions, CopyResult, CopyStatus, ScanOptions

PEOPLE = tuple(
    (f"{family} {given}", f"090-0123-45{n:02}", f"invented{n}@example.jp", f"東京都千代田区千代田1-{n}-2")
    for n, (family, given) in enumerate(
        (f, g) for f in ("佐藤", "鈴木", "高橋", "田中") for g in ("健一", "花子", "美咲", "直樹")
    )
)
HEADER = ("氏名", "電話番号", "メールアドレス", "住所")
KEY = bytes(range(32))
PASSWORD = "kamiso47-tareno12"
OLD = b"what stood here before"
OPTIONS = ScanOptions(jobs=1, isolate=False, person_secret=b"s" * 32)
VAULT = "vault"


@dataclass(frozen=True, repr=False)
class Trial:
    """One way of making a copy of one file. ``files``: what is in its folder before; ``kept``: those of them that stay.

    ``fits`` tells whether the content of ``target`` is a finished copy. ``clear``: the target holds names by right.
    """

    name: str
    files: Mapping[str, bytes]
    source: str
    target: str
    run: Callable[[Path], Sequence[CopyResult]]
    fits: Callable[[bytes], bool]
    backup: bool = False
    clear: bool = False
    makes: frozenset[str] = field(default_factory=frozenset)

    @property
    def in_place(self) -> bool:
        """Whether the copy takes the place of its source."""
        return self.source == self.target


# ---------------------------------------------------------------- the trials


def csv_file() -> bytes:
    """A small list of people as CSV."""
    return "".join(",".join(row) + "\r\n" for row in (HEADER, *PEOPLE)).encode()


def xlsx_file() -> bytes:
    """The same list as a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名簿"
    for row in (HEADER, *PEOPLE):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def trials() -> list[Trial]:
    """Every command that writes copies, each for a CSV file and a workbook."""
    found: list[Trial] = []
    for name, data in (("名簿.csv", csv_file()), ("名簿.xlsx", xlsx_file())):
        found += _of(name, data)
    return found


def _of(name: str, data: bytes) -> Iterator[Trial]:
    suffix = Path(name).suffix
    base = Trial(f"redact{suffix}", {name: data}, name, f"copy{suffix}", partial(_redact, name), _never)
    redacted = made_by(base)[base.target]
    yield replace(base, fits=redacted.__eq__)
    old = {name: data, base.target: OLD}
    yield replace(
        base, name=f"redact --force{suffix}", files=old, run=partial(_redact, name, force=True), fits=redacted.__eq__
    )
    here = replace(base, target=name, run=partial(_redact, name, in_place=True), fits=redacted.__eq__)
    yield replace(here, name=f"redact --in-place{suffix}", backup=True)
    yield replace(
        here, name=f"redact --in-place --no-backup{suffix}", run=partial(_redact, name, in_place=True, backup=False)
    )
    one_way = replace(base, name=f"pseudonymize{suffix}", run=partial(_pseudonymize, name, None))
    yield replace(one_way, fits=made_by(one_way)[base.target].__eq__)
    two_ways = replace(
        base,
        name=f"pseudonymize --reversible{suffix}",
        run=partial(_pseudonymize, name, VAULT),
        makes=frozenset({VAULT}),
    )
    made = made_by(two_ways)
    yield replace(two_ways, fits=made[base.target].__eq__)
    yield replace(
        two_ways, name=f"pseudonymize --reversible --in-place{suffix}", target=name, backup=True,
        run=partial(_pseudonymize, name, VAULT, in_place=True), fits=made[base.target].__eq__,
    )  # fmt: skip
    back = Trial(
        f"restore{suffix}", {base.target: made[base.target], VAULT: made[VAULT]}, base.target, f"back{suffix}",
        partial(_restore, base.target), _never, clear=True,
    )  # fmt: skip
    yield replace(back, fits=made_by(back)[back.target].__eq__)
    locked = f"locked{suffix}" if suffix == ".xlsx" else "locked.zip"
    opened = _office_holds if suffix == ".xlsx" else _zip_holds
    yield replace(
        base, name=f"protect{suffix}", target=locked, run=partial(_protect, name, locked), fits=partial(opened, data)
    )


def made_by(trial: Trial) -> dict[str, bytes]:
    """What a trial leaves in its folder when nothing happens. Raises ``RuntimeError`` when it does not work."""
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        prepare(trial, folder)
        results = trial.run(folder)
        if not results or any(r.status is not CopyStatus.WRITTEN for r in results):
            raise RuntimeError(f"{trial.name}: {[r.reason for r in results]}")
        return {p.name: p.read_bytes() for p in folder.iterdir()}


def prepare(trial: Trial, folder: Path) -> None:
    """Puts the files of a trial into an empty folder."""
    for name, data in trial.files.items():
        (folder / name).write_bytes(data)
    if VAULT in trial.files:
        (folder / VAULT).chmod(0o600)


def _never(_: bytes) -> bool:
    return False


def _redact(
    name: str, folder: Path, *, force: bool = False, in_place: bool = False, backup: bool = True
) -> list[CopyResult]:
    output = None if in_place else str(folder / f"copy{Path(name).suffix}")
    copy = CopyOptions(force=force, in_place=in_place, backup=backup)
    return list(pipeline.redact([str(folder / name)], output, OPTIONS, copy))


def _pseudonymize(name: str, vault: str | None, folder: Path, *, in_place: bool = False) -> list[CopyResult]:
    output = None if in_place else str(folder / f"copy{Path(name).suffix}")
    copy = CopyOptions(in_place=in_place, profile="pseudonymize")
    kept = str(folder / vault) if vault else None
    return list(pseudonymizing.pseudonymize([str(folder / name)], output, OPTIONS, copy, KEY, kept))


def _restore(name: str, folder: Path) -> list[CopyResult]:
    pseudonymizing._memory.cache_clear()
    output = str(folder / f"back{Path(name).suffix}")
    return list(pseudonymizing.restore([str(folder / name)], output, OPTIONS, CopyOptions(), KEY, str(folder / VAULT)))


def _protect(name: str, locked: str, folder: Path) -> list[CopyResult]:
    return list(protecting.protect([str(folder / name)], str(folder / locked), OPTIONS, CopyOptions(), PASSWORD))


def _office_holds(data: bytes, locked: bytes) -> bool:
    out = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(locked))
        file.load_key(password=PASSWORD)
        file.decrypt(out)
    except Exception:  # noqa: BLE001  whatever a half written file makes of the reader
        return False
    return out.getvalue() == data


def _zip_holds(data: bytes, locked: bytes) -> bool:
    try:
        with pyzipper.AESZipFile(io.BytesIO(locked)) as archive:
            archive.setpassword(PASSWORD.encode())
            return [archive.read(i) for i in archive.infolist()] == [data]
    except Exception:  # noqa: BLE001  the same
        return False


# ---------------------------------------------------------------- what must hold


def wrong_in(trial: Trial, folder: Path, *, ended_well: bool = False) -> list[str]:
    """What is wrong in a folder after a trial, or after several, in words; nothing when all is well."""
    wrong: list[str] = []
    found = {p.name: p.read_bytes() for p in folder.iterdir() if stat.S_ISREG(p.lstat().st_mode)}
    backups = {n for n in found if n.startswith(f"{trial.source}.bak")}
    made = trial.target in found and trial.fits(found[trial.target])
    for name, data in trial.files.items():
        if name != trial.target and found.get(name) != data:
            wrong.append("an original is lost or changed")
    before = trial.files.get(trial.target)
    if not made and found.get(trial.target) != before:
        wrong.append("the target is neither old nor new")
    if ended_well and not made:
        wrong.append("the run said that it wrote, and did not")
    # A second run in place keeps what the first one made.
    wrong += [
        "a backup is half of one" for n in backups if found[n] != trial.files[trial.source] and not trial.fits(found[n])
    ]
    if trial.in_place and made and trial.backup and trial.files[trial.source] not in [found[n] for n in backups]:
        wrong.append("replaced without a backup of the original")
    allowed = {*trial.files, trial.target, *trial.makes, *(backups if trial.backup else ())}
    wrong += [f"left over: {_kind(name)}" for name in found if name not in allowed]
    by_right = {trial.source if not (trial.in_place and made) else "", *backups, trial.target if trial.clear else ""}
    wrong += [f"clear text in {_kind(n)}" for n, d in found.items() if n not in by_right and holds_names(d)]
    if VAULT in trial.makes and VAULT in found and made and ended_well and not _whole(folder / VAULT):
        wrong.append("no vault for a copy that was made")
    return wrong


def _kind(name: str) -> str:
    return "a temporary file" if name.startswith(".piiscan-tmp-") else name


def _whole(vault: Path) -> bool:
    try:
        return bool(list(read_vault(str(vault), KEY)))
    except UsageError:
        return False


def holds_names(data: bytes) -> bool:
    """Whether one of the invented people stands in a file, packed or not."""
    parts = [data]
    if data[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                parts += [package.read(i) for i in package.infolist() if not i.flag_bits & 1]
        except (zipfile.BadZipFile, OSError, ValueError, EOFError):
            pass
    wanted = [text.encode() for person in PEOPLE for text in (person[0], person[1], person[2])]
    return any(text in part for part in parts for text in wanted)


def empty(folder: Path) -> None:
    """Removes everything in a folder."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


# ---------------------------------------------------------------- breaking calls


#: Functions of ``os`` that ask the file system. What they call among each other is not counted twice.
CALLS = (
    "open", "close", "read", "write", "fsync", "fstat", "stat", "lstat", "replace", "rename", "link", "symlink", "unlink",
    "remove", "rmdir", "mkdir", "chmod", "chown", "utime", "listdir", "scandir", "truncate", "ftruncate", "access",
    "listxattr", "getxattr", "setxattr", "readlink", "statvfs", "lseek",
)  # fmt: skip


class Breaker:
    """Counts the calls of a run, and does something at the one numbered ``at`` (from 1; 0: never)."""

    def __init__(self, at: int, act: Callable[[str], None]) -> None:
        self.at, self.act, self.made, self.hit = at, act, 0, ""

    def call(self, name: str) -> None:
        """Counts one call, and breaks it when it is its turn."""
        self.made += 1
        if self.made == self.at:
            self.hit = name
            self.act(name)


@contextmanager
def broken(breaker: Breaker) -> Iterator[None]:
    """While this lasts, every call to the file system made from Python passes ``breaker``."""
    patches: list[Any] = [
        mock.patch.object(os, name, _through(breaker, name, getattr(os, name))) for name in CALLS if hasattr(os, name)
    ]
    opening = _opening(breaker)
    patches += [mock.patch.object(io, "open", opening), mock.patch.object(builtins, "open", opening)]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in reversed(patches):
            patch.stop()


def _through(breaker: Breaker, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **options: Any) -> Any:
        if name == "close":  # the number is gone even when closing fails
            real(*args, **options)
            breaker.call(name)
            return None
        breaker.call(name)
        return real(*args, **options)

    return call


class _File(io.FileIO):
    """A file each of whose calls may break, below the buffers."""

    breaker: Breaker

    def readinto(self, buffer: Any, /) -> Any:
        """Reads, or breaks."""
        self.breaker.call("file.read")
        return super().readinto(buffer)

    def readall(self) -> Any:
        """Reads, or breaks."""
        self.breaker.call("file.read")
        return super().readall()

    def write(self, data: Any, /) -> Any:
        """Writes, or breaks."""
        self.breaker.call("file.write")
        return super().write(data)

    def truncate(self, size: int | None = None, /) -> int:
        """Cuts, or breaks."""
        self.breaker.call("file.truncate")
        return super().truncate(size)

    def close(self) -> None:
        """Closes, and then breaks."""
        was_closed = self.closed
        super().close()
        if not was_closed:
            self.breaker.call("file.close")


def _opening(breaker: Breaker) -> Callable[..., Any]:
    kind = type("File", (_File,), {"breaker": breaker})

    def opening(
        file: Any, mode: str = "r", buffering: int = -1, encoding: str | None = None, errors: str | None = None,
        newline: str | None = None, closefd: bool = True, opener: Any = None,
    ) -> Any:  # fmt: skip
        if not isinstance(file, int):
            breaker.call("file.open")
        plain = mode.replace("b", "").replace("t", "")
        raw = kind(file, plain, closefd=closefd, opener=opener)
        if buffering == 0:
            return raw
        size = buffering if buffering > 1 else io.DEFAULT_BUFFER_SIZE
        wrap: Any = io.BufferedRandom if "+" in plain else io.BufferedReader if plain == "r" else io.BufferedWriter
        held = wrap(raw, size)
        return held if "b" in mode else io.TextIOWrapper(held, encoding, errors, newline)

    return opening
