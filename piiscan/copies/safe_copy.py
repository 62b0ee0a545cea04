"""Writes a file beside its destination, lets it be checked, and moves it into place in one step or not at all.

Whatever happens, a full disk, a pulled cable or a kill, the destination is what it was or the finished copy, never
half of one. A temporary file is readable by its owner alone and goes in every case except a kill; what
that left is removed by :func:`piiscan.copies.temporary.sweep`. The order is the one that survives a power cut: write, fsync,
check, move, fsync of the folder.
"""

# The tests let every call of ``os`` fail in turn, so all of them are made through it by name.
# ruff: noqa: PTH101, PTH103, PTH104, PTH105, PTH108, PTH110, PTH116

from __future__ import annotations

import errno
import io
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from piiscan.copies.temporary import temporary_name
from piiscan.errors import UnsafeCopyError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

Produce = Callable[[BinaryIO], None]
Verify = Callable[[Path], None]

_NO_SPACE = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
#: What a file system answers that has no hard links.
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EINVAL})
#: What a file system answers whose folders cannot be synced.
_NO_SYNC = frozenset({errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EACCES, errno.EBADF})


def write_copy(
    target: Path,
    produce: Produce,
    verify: Verify,
    *,
    force: bool = False,
    mode_from: Path | None = None,
    preserve: bool = False,
    links: bool = False,
) -> None:
    """Writes ``target`` with what ``produce`` writes to a stream, once ``verify`` accepts the finished file.

    ``verify`` gets the path of the temporary file, with the suffix of ``target``, and raises ``UnsafeCopyError`` to
    refuse it. An existing ``target`` is replaced only with ``force``. ``mode_from`` is the source: its permissions
    become those of the copy, which otherwise only its owner may read; with ``preserve`` also its owner, times and
    extended attributes. With ``links`` a link is followed, and one of several names of a file may be replaced. Missing
    folders are made.

    Raises ``UnsafeCopyError``: output_exists, output_is_input, output_is_link, output_has_links, output_is_special,
    copy_changed; no_space, read_only, output_permission, output_not_found, output_io_error when the system refused to
    write; permission, not_found, io_error when it refused ``produce`` something else. Other errors of ``produce`` and
    ``verify`` pass through. ``target`` is then as before; only a folder that cannot be synced is noticed when the finished
    copy is already in its place.
    """
    with _reasons():
        if links:
            target = Path(os.path.realpath(target))
        os.makedirs(target.parent, exist_ok=True)
        _check_target(target, force, mode_from, links)
        with _finished(target, produce, verify) as made:
            if mode_from is not None:
                os.chmod(made, stat.S_IMODE(os.stat(mode_from).st_mode) & 0o777)
                if preserve:
                    _carry_over(mode_from, os.stat(mode_from), made, times=True)
            if force:
                os.replace(made, target)
            else:
                _move_new(made, target)
            _sync_folder(target.parent)


def replace_in_place(
    path: Path, produce: Produce, verify: Verify, *, backup: bool = True, links: bool = False, times: bool = False
) -> Path | None:
    """Replaces the file ``path`` by what ``produce`` makes of it; gives the path of the backup, if one is kept.

    Permissions, owner, access lists and extended attributes are carried over. The backup is ``path`` with ``.bak``
    (or ``.bak2`` …) behind it; none is overwritten. With ``links`` a file may have other names, which then still lead
    to the original; with ``times`` its times are carried over too. Raises what ``write_copy`` raises, ``open_elsewhere`` when
    Office's or LibreOffice's lock file lies beside it, and ``changed_while_reading`` when someone wrote to it.
    """
    with _reasons():
        before = os.lstat(path)
        _check_regular(before)
        if before.st_nlink > 1 and not links and not (before.st_nlink == 2 and _backups(path)[1]):
            raise UnsafeCopyError("output_has_links")
        if any(os.path.lexists(path.with_name(lock)) for lock in (f"~${path.name}", f".~lock.{path.name}#")):
            raise UnsafeCopyError("open_elsewhere")
        with _finished(path, produce, verify) as made:
            _carry_over(path, before, made, times=times)
            if _stamp(os.lstat(path)) != _stamp(before):
                raise UnsafeCopyError("changed_while_reading")
            kept, fresh = _back_up(path) if backup else (None, False)
            try:
                os.replace(made, path)
            except BaseException:
                if kept is not None and fresh:
                    _remove(kept)
                raise
            _sync_folder(path.parent)
            return kept


# ---------------------------------------------------------------- checks


def _check_target(target: Path, force: bool, source: Path | None, links: bool) -> None:
    try:
        status = os.lstat(target)
    except FileNotFoundError:
        return
    if source is not None and os.path.exists(source) and os.path.samestat(os.stat(source), status):
        raise UnsafeCopyError("output_is_input")
    _check_regular(status)
    if status.st_nlink > 1 and not links:
        raise UnsafeCopyError("output_has_links")
    if not force:
        raise UnsafeCopyError("output_exists")


def _check_regular(status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise UnsafeCopyError("output_is_link")
    if not stat.S_ISREG(status.st_mode):
        raise UnsafeCopyError("output_is_special")


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


# ---------------------------------------------------------------- the temporary file


@contextmanager
def _finished(target: Path, produce: Produce, verify: Verify) -> Iterator[Path]:
    """The path of a temporary file beside ``target``, written, on the disk and verified; gone afterwards."""
    made = target.with_name(temporary_name(target))
    number = os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        raw = _Written(number, "r+b")
        with io.BufferedRandom(raw) as stream:
            try:
                produce(stream)
            except OSError as error:
                if raw.failed:
                    raise
                raise UnsafeCopyError(_reason(error, writing=False)) from None
            stream.flush()
            os.fsync(number)
            written = os.fstat(number)
        verify(made)
        now = os.lstat(made)
        # What was verified is what was written: nobody put another file in its place.
        if not os.path.samestat(written, now) or written.st_size != now.st_size:
            raise UnsafeCopyError("copy_changed")
        yield made
    finally:
        _remove(made)


class _Written(io.FileIO):
    """A raw file that remembers whether writing to it ever failed: then it was not a read that did."""

    failed = False

    def write(self, data: ReadableBuffer, /) -> int:
        """As that of the file."""
        try:
            return super().write(data)
        except OSError:
            self.failed = True
            raise


def _remove(path: Path) -> None:
    """Removes ``path`` if it is there; tried twice, then left to ``sweep``."""
    for _ in range(2):
        try:
            os.unlink(path)
        except OSError:  # most often because it was moved into place
            continue
        return


# ---------------------------------------------------------------- moving into place


def _move_new(made: Path, target: Path) -> None:
    """Moves ``made`` to ``target`` unless that exists, in one step; raises ``UnsafeCopyError("output_exists")``."""
    try:
        if os.name == "nt":
            os.rename(made, target)  # refuses by itself there
            return
        os.link(made, target)
    except FileExistsError:
        raise UnsafeCopyError("output_exists") from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _move_reserved(made, target)


def _move_reserved(made: Path, target: Path) -> None:
    """The same without hard links: reserves the name with an empty file first."""
    try:
        number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UnsafeCopyError("output_exists") from None
    try:
        os.close(number)
        os.replace(made, target)
    except BaseException:
        _remove(target)
        raise


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(number)


# ---------------------------------------------------------------- in place


def _backups(path: Path) -> tuple[Path, bool]:
    """The first name for a backup that is free, or (that name, True) of one that is ``path`` itself.

    The latter is what a kill leaves between the backup and the replacement.
    """
    number = 1
    while True:
        name = path.with_name(f"{path.name}.bak{number if number > 1 else ''}")
        try:
            if os.path.samestat(os.lstat(name), os.lstat(path)):
                return name, True
        except FileNotFoundError:
            return name, False
        number += 1


def _back_up(path: Path) -> tuple[Path, bool]:
    """Gives ``path`` a second name, or copies it where that cannot be; the backup and whether it is new."""
    name, there = _backups(path)
    if there:
        return name, False
    try:
        os.link(path, name)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        with open(path, "rb") as original:  # noqa: PTH123
            status = os.fstat(original.fileno())
            with _finished(name, lambda stream: shutil.copyfileobj(original, stream), lambda _: None) as made:
                _carry_over(path, status, made)
                _move_new(made, name)
    return name, True


def _carry_over(path: Path, status: os.stat_result, made: Path, *, times: bool = False) -> None:
    """Owner, permissions, access lists and extended attributes of ``path``, as far as the system lets us."""
    _carry_attributes(path, status, made)
    if times:
        os.utime(made, ns=(status.st_atime_ns, status.st_mtime_ns))


def _carry_attributes(path: Path, status: os.stat_result, made: Path) -> None:
    mode = stat.S_IMODE(status.st_mode) & 0o777
    if os.name == "posix":
        own = os.lstat(made)
        try:
            if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
                os.chown(made, status.st_uid, status.st_gid)
        except PermissionError:
            try:
                os.chown(made, -1, status.st_gid)
            except PermissionError:
                mode &= ~0o070  # the group would be another one
    os.chmod(made, mode)
    if not hasattr(os, "listxattr"):
        return
    try:
        for attribute in os.listxattr(path):
            if attribute.startswith(("user.", "system.posix_acl_access")):
                os.setxattr(made, attribute, os.getxattr(path, attribute))
    except OSError as error:
        if error.errno not in (*_NO_LINKS, errno.EACCES, errno.ENODATA):
            raise


# ---------------------------------------------------------------- errors


@contextmanager
def _reasons() -> Iterator[None]:
    """Errors of the system as ``UnsafeCopyError``, without their message, which holds paths and more."""
    try:
        yield
    except OSError as error:
        raise UnsafeCopyError(_reason(error, writing=True)) from None


def _reason(error: OSError, *, writing: bool) -> str:
    if error.errno in _NO_SPACE:
        return "no_space"
    if error.errno == errno.EROFS:
        return "read_only"
    if isinstance(error, PermissionError):
        return "output_permission" if writing else "permission"
    if isinstance(error, FileNotFoundError | NotADirectoryError | FileExistsError):
        return "output_not_found" if writing else "not_found"
    return "output_io_error" if writing else "io_error"
