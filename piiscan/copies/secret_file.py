"""Files that hold a secret: read only when nobody else can read them, made new, never overwritten."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from piiscan.errors import UsageError

_MOST_BYTES = 4096


def read_secret(path: str, unreadable: str) -> str:
    """The one line of a secret file, as UTF-8 without the line's end.

    Raises ``UsageError``: ``not_found``, ``permission``, the reason ``unreadable`` when it cannot be read otherwise or is
    not one line, ``secret_not_private`` when its group or others may read it. Windows keeps such rights elsewhere; there they are not looked at.
    """
    try:
        with Path(path).open("rb") as file:
            status = os.fstat(file.fileno())
            data = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise UsageError("not_found", path=path) from None
    except PermissionError:
        raise UsageError("permission", path=path) from None
    except (OSError, ValueError):
        raise UsageError(unreadable, path=path) from None
    if os.name == "posix" and stat.S_ISREG(status.st_mode) and status.st_mode & 0o077:
        raise UsageError("secret_not_private", path=path)
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UsageError(unreadable, path=path) from None
    found = [line for line in lines if line]
    if len(found) != 1 or len(data) > _MOST_BYTES:
        raise UsageError(unreadable, path=path)
    return found[0]


def write_secret(path: str, text: str, exists: str) -> None:
    """Makes a file with the line ``text`` that only its owner may read; raises ``UsageError`` when it exists already."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(exists, path=path) from None
    except OSError:
        raise UsageError("output_not_writable", path=path) from None
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as out:
        out.write(f"{text}\n")
        out.flush()
        os.fsync(out.fileno())
