"""Temporary files and folders that say which process of which machine made them, and the removal of what a kill left."""

# The tests let every call of ``os`` fail in turn, so all of them are made through it by name.
# ruff: noqa: PTH102, PTH108, PTH208

from __future__ import annotations

import os
import platform
import re
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

PREFIX = ".piiscan-tmp-"
_NAME = re.compile(re.escape(PREFIX) + r"([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]{16}(\.[^/\\]*)?")
_STALE_SECONDS = 24 * 3600.0


def sweep(folder: Path) -> int:
    """Removes the temporary files and folders in ``folder`` whose process on this machine is gone; gives their number.

    A file that nobody has written to for a day goes as well, in case the number of its process was given away again.
    """
    removed = 0
    try:
        names = os.listdir(folder)
    except OSError:
        return 0
    for name in names:
        found = _NAME.fullmatch(name)
        if not found or found[1] != machine():
            continue
        try:
            status = os.lstat(folder / name)
            stale = time.time() - status.st_mtime > _STALE_SECONDS
            if not (stale or not _is_alive(int(found[2]))):
                continue
            if stat.S_ISREG(status.st_mode):
                os.unlink(folder / name)
                removed += 1
            elif stat.S_ISDIR(status.st_mode) and _is_ours(status):
                shutil.rmtree(folder / name)
                removed += 1
        except OSError:
            continue
    return removed


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder for clear text that only its owner can look into; ``sweep`` of the system's folder for such things
    removes what a kill left of it."""
    folder = Path(tempfile.gettempdir()) / temporary_name(Path("folder"))
    os.mkdir(folder, 0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep_working_folders() -> int:
    """Removes the working folders of processes that are gone; gives their number."""
    return sweep(Path(tempfile.gettempdir()))


def temporary_name(target: Path) -> str:
    """A name for what becomes ``target``: of this machine and process, random, with its suffix."""
    suffix = target.suffix if len(os.fsencode(target.suffix)) <= 16 else ""
    return f"{PREFIX}{machine()}-{os.getpid()}-{secrets.token_hex(8)}{suffix}"


def machine() -> str:
    """A mark of this machine: on a shared folder the process numbers of others mean nothing here."""
    return blake2b(platform.node().encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()


def _is_ours(status: os.stat_result) -> bool:
    return os.name != "posix" or status.st_uid == os.getuid()


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":  # os.kill would end the process there
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)
        return bool(handle)
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
