"""Opens files for reading without being fooled, and notices when one changes or fails while it is read."""

# ruff: noqa: PTH116, PTH119

from __future__ import annotations

import errno
import io
import os
import stat
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from piiscan.errors import UnreadableError
from piiscan.model import Limits, Source


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes when a file is written to or replaced: bytes, nanoseconds, file number and device."""

    size: int
    mtime_ns: int
    inode: int
    device: int


def open_source(path: str, limits: Limits, *, named: str | None = None) -> Source:
    """Opens ``path`` for reading only; raises ``UnreadableError`` unless it is a regular file that is no link.

    ``named`` is the path for reports, where it differs. A pipe or device is neither waited for nor touched. The caller
    closes ``stream``. ``limits`` bounds nothing yet: the size of a plain file is no reason not to read it.
    """
    del limits
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_BINARY", "O_CLOEXEC", "O_NOINHERIT"):
        flags |= getattr(os, name, 0)
    try:
        if os.name != "posix" and not stat.S_ISREG(os.lstat(path).st_mode):
            raise UnreadableError("special_file")
        number = os.open(path, flags)
    except (OSError, ValueError) as error:
        raise UnreadableError(reason_of(error)) from None
    try:
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("special_file")
        stream = watched(os.fdopen(number, "rb", buffering=0))
    except OSError as error:
        os.close(number)
        raise UnreadableError(reason_of(error)) from None
    except BaseException:
        os.close(number)
        raise
    return Source(named or path, None, os.path.basename(named or path), stream, status.st_size)


class _Watched(io.RawIOBase):
    """A raw file that remembers whether reading it ever failed."""

    def __init__(self, raw: io.RawIOBase | io.FileIO) -> None:
        self._raw = raw
        self.failed = False

    def readinto(self, buffer: Any, /) -> int | None:
        """As that of the file."""
        try:
            return cast("int | None", self._raw.readinto(buffer))
        except OSError:
            self.failed = True
            raise

    def readall(self) -> bytes | None:  # type: ignore[override]
        """As that of the file."""
        try:
            return self._raw.readall()
        except OSError:
            self.failed = True
            raise

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As that of the file."""
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        """As that of the file."""
        return self._raw.tell()

    def fileno(self) -> int:
        """As that of the file."""
        return self._raw.fileno()

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """As that of the file."""
        return self._raw.seekable()

    def close(self) -> None:
        """Closes both; that a file only read does not close properly harms nobody."""
        if not self.closed:
            super().close()
            try:
                self._raw.close()
            except OSError:
                return


def watched(raw: io.RawIOBase | io.FileIO) -> BinaryIO:
    """A stream of a raw file that :func:`has_failed` can be asked about.

    Whoever sniffs or parses may take an error of the disk for a damaged file and go on with a guess; what was made of
    such a file must not count, so the error is remembered here.
    """
    return cast(BinaryIO, io.BufferedReader(_Watched(raw)))


def has_failed(stream: BinaryIO) -> bool:
    """Whether a read of a :func:`watched` stream ever failed."""
    return bool(getattr(getattr(stream, "raw", None), "failed", False))


def stamp(stream: BinaryIO) -> Stamp:
    """The stamp of an open file, to be taken before reading; raises ``UnreadableError``."""
    try:
        return _stamp(os.fstat(stream.fileno()))
    except OSError as error:
        raise UnreadableError(reason_of(error)) from None


def changed(path: str, stream: BinaryIO, before: Stamp) -> bool:
    """Whether the file was written to or replaced since ``before``; gone counts as changed."""
    try:
        return _stamp(os.fstat(stream.fileno())) != before or _stamp(os.lstat(path)) != before
    except OSError:
        return True


def check_unchanged(path: str, stream: BinaryIO, before: Stamp) -> None:
    """Raises ``UnreadableError``: changed_while_reading if the file was written to since ``before``, io_error if a read failed."""
    if has_failed(stream):
        raise UnreadableError("io_error")
    if changed(path, stream, before):
        raise UnreadableError("changed_while_reading")


def reason_of(error: OSError | ValueError) -> str:
    """The reason for an error of the file system; a ``ValueError`` is a name that no file can have."""
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return "not_found"
    if isinstance(error, PermissionError):
        return "permission"
    if error.errno == errno.ELOOP:
        return "symlink"
    if error.errno in (errno.ENXIO, errno.ENODEV, errno.EISDIR):
        return "special_file"
    return "io_error"


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev)


def identity(path: str) -> tuple[int, int] | None:
    """Device and number of a file, the same for all its names; None where there is none."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def leads_to(path: str | os.PathLike[str]) -> str:
    """Where a path leads, to be compared; it need not exist. Raises ``ValueError`` for a name that no file can have."""
    return os.path.normcase(os.path.realpath(path))
