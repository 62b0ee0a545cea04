"""Finds the files below the named paths.

Sorted by name within each folder, so that two runs visit in the same order. Symbolic links are never followed inside a
folder, so a walk cannot leave what was named and cannot loop; a link that is itself named on the command line is.
What cannot be scanned is found too, with a reason; what the user excluded is not mentioned.
"""

# Names travel as the strings that scandir gives: a Path object for each would cost more than the walk.
# ruff: noqa: PTH100, PTH114, PTH116, PTH117, PTH118, PTH119

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from piiscan.errors import UnreadableError
from piiscan.files import _ignore
from piiscan.files.opening import identity, open_source, reason_of
from piiscan.model import Limits

IGNORE_FILE = ".piiscanignore"
#: Folders of version control: they hold packed history, not files that anyone mails.
_SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn"})
_IGNORE_BYTES = 1024**2
_MOUNT_POINT = 0xA0000003  # the reparse tag of a Windows junction


@dataclass(frozen=True, slots=True)
class Found:
    """A file to scan, or with a ``reason`` something that is none.

    ``path`` is how the user named it, followed by the way below. ``real`` is what to open: the same, or the target of a
    link that was named itself. ``size`` is in bytes as of the walk, 0 with a reason.

    Reasons: not_found, permission, io_error, symlink, special_file, lock_file.
    """

    path: str
    real: str
    size: int = 0
    reason: str | None = None


def walk(
    paths: Sequence[str], *, exclude: Sequence[str] = (), output: str | None = None, ignore_named: bool = False
) -> Iterator[Found]:
    """Every file at or below ``paths``, each once, and everything there that cannot be scanned.

    ``exclude`` has the syntax of gitignore; a pattern counts when it matches from the named folder or, for what is named
    by a relative path, from the working folder. It outranks the ``.piiscanignore`` files inside the folders. Those apply
    to files named themselves only with ``ignore_named``: the ones in the working folder and in each folder down to the
    file. ``output`` and all below it are left out where a walk meets it.
    """
    excluded = _ignore.parse(exclude)
    shunned = identity(output) if output is not None else None
    rules_in = cache(_rules_in) if ignore_named else _no_rules
    seen: set[str] = set()
    for path in paths:
        for found in _named(path, excluded, shunned, rules_in):
            key = os.path.normcase(os.path.abspath(found.path))
            if key not in seen:
                if len(paths) > 1:
                    seen.add(key)
                yield found


# ---------------------------------------------------------------- the walk


#: Gives the rules of a folder's ignore file, none or one; a folder is "" or ends with ``/``.
_RulesIn = Callable[[str], tuple[_ignore.Rules, ...]]


def _no_rules(_folder: str) -> tuple[_ignore.Rules, ...]:
    return ()


def _rules_in(folder: str) -> tuple[_ignore.Rules, ...]:
    return (_ignore.parse(_ignore_lines(folder + IGNORE_FILE), folder),)


def _named(path: str, excluded: _ignore.Rules, shunned: tuple[int, int] | None, rules_in: _RulesIn) -> Iterator[Found]:
    """What is at and below one path of the command line."""
    try:
        status = os.stat(path)
        real = os.path.realpath(path) if os.path.islink(path) else path
    except (OSError, ValueError) as error:
        dangling = os.path.islink(path) if "\0" not in path else False
        yield Found(path, path, reason="symlink" if dangling else reason_of(error))
        return
    way = _from_working_folder(path)
    if stat.S_ISDIR(status.st_mode):
        if not way:
            yield from _below(path, excluded, shunned)
        elif not _shut_out(way, True, excluded, _no_rules):
            yield from _below(path, replace(excluded, above=f"{way}/"), shunned)
    elif not _shut_out(way or os.path.basename(path), False, excluded, rules_in if way else _no_rules):
        yield _found(path, real, status)


def _from_working_folder(path: str) -> str:
    """The way to what is named, part by part; "" for the working folder itself and what may lie outside of it."""
    way = os.path.normpath(path).replace(os.sep, "/")
    return "" if os.path.isabs(path) or way in (".", "..") or way.startswith("../") else way


def _shut_out(path: str, is_folder: bool, excluded: _ignore.Rules, rules_in: _RulesIn) -> bool:
    """Whether something named, or one of the folders on the way to it, is excluded or ignored."""
    rules: tuple[_ignore.Rules, ...] = ()
    way = ""
    *folders, last = path.split("/")
    for folder in folders:
        rules = (*rules, *rules_in(way))
        if _ignore.ignored(way + folder, True, (*rules, excluded)):
            return True
        way += f"{folder}/"
    return _ignore.ignored(way + last, is_folder, (*rules, *rules_in(way), excluded))


def _below(root: str, excluded: _ignore.Rules, shunned: tuple[int, int] | None) -> Iterator[Found]:
    """Depth first with a stack of its own, for folders nested deeper than Python calls."""
    todo: list[tuple[str, str, tuple[_ignore.Rules, ...]] | Found] = [(root, "", ())]
    while todo:
        step = todo.pop()
        if isinstance(step, Found):
            yield step
            continue
        folder, inside, rules = step
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield Found(folder, folder, reason=reason_of(error))
            continue
        if any(entry.name == IGNORE_FILE for entry in entries):
            rules = (*rules, _ignore.parse(_ignore_lines(os.path.join(folder, IGNORE_FILE)), inside))
        for entry in reversed(entries):
            below = _entry(entry, inside, (*rules, excluded), shunned)
            if isinstance(below, str):
                todo.append((entry.path, below, rules))
            elif below is not None:
                todo.append(below)


def _entry(
    entry: os.DirEntry[str], inside: str, rules: Sequence[_ignore.Rules], shunned: tuple[int, int] | None
) -> Found | str | None:
    """One entry of a folder: something found, the inner path of a folder to descend to, or None for what is left out."""
    try:
        status = entry.stat(follow_symlinks=False)
        if os.name != "posix" and shunned is not None:  # scandir does not know file numbers there
            status = os.lstat(entry.path)
    except OSError as error:
        return Found(entry.path, entry.path, reason=reason_of(error))
    folder = stat.S_ISDIR(status.st_mode) and not _is_link(status)
    path = inside + entry.name
    if folder and entry.name in _SKIPPED_FOLDERS:
        return None
    if shunned == (status.st_dev, status.st_ino) or _ignore.ignored(path, folder, rules):
        return None
    return f"{path}/" if folder else _found(entry.path, entry.path, status)


def _found(path: str, real: str, status: os.stat_result) -> Found:
    if _is_link(status):
        return Found(path, real, reason="symlink")
    if not stat.S_ISREG(status.st_mode):
        return Found(path, real, reason="special_file")
    if _is_lock(os.path.basename(path)):
        return Found(path, real, reason="lock_file")
    return Found(path, real, status.st_size)


def _is_link(status: os.stat_result) -> bool:
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _MOUNT_POINT


def _is_lock(name: str) -> bool:
    """The files that Office and LibreOffice keep beside a document that is open; they hold the name of its user."""
    return name.startswith("~$") or (name.startswith(".~lock.") and name.endswith("#"))


def _ignore_lines(path: str) -> list[str]:
    """The lines of an ignore file. None if it cannot be read or is a link: then nothing is left out because of it."""
    try:
        with open_source(path, Limits()).stream as stream:
            data = stream.read(_IGNORE_BYTES + 1)
    except (OSError, UnreadableError):
        return []
    return data.decode("utf-8-sig", "surrogateescape").split("\n") if len(data) <= _IGNORE_BYTES else []
