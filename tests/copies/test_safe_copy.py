"""Whatever fails, and whenever: the destination is old or new, never half, and nothing is left beside it."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from piiscan.copies import safe_copy, temporary
from piiscan.copies.safe_copy import replace_in_place, write_copy
from piiscan.copies.temporary import sweep
from piiscan.errors import PiiscanError, UnsafeCopyError

posix = pytest.mark.skipif(os.name != "posix", reason="a POSIX file system")
OLD, NEW = b"old" * 1000, b"new" * 2000
KILLS = int(os.environ.get("PIISCAN_TEST_KILLS", "20"))


def produce(stream):
    stream.write(NEW)


def accept(path):
    assert path.read_bytes() == NEW


def refuse(path):
    raise UnsafeCopyError("something_survived")


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def mode(path):
    return path.stat().st_mode & 0o7777


def refusal(work, *args, **options):
    with pytest.raises(UnsafeCopyError) as caught:
        work(*args, **options)
    return caught.value.reason


def test_a_copy_is_written_and_verified(tmp_path):
    target = tmp_path / "new" / "名簿.csv"
    seen = []

    def verify(path):
        accept(path)
        seen.append((path.parent, path.suffix, mode(path)))

    write_copy(target, produce, verify)
    assert target.read_bytes() == NEW
    assert seen == [(target.parent, ".csv", 0o600)]
    assert names(target.parent) == ["名簿.csv"]


@posix
def test_permissions_come_from_the_source(tmp_path):
    source = tmp_path / "source"
    source.write_bytes(OLD)
    source.chmod(0o4644)
    write_copy(tmp_path / "a", produce, accept, mode_from=source)
    write_copy(tmp_path / "b", produce, accept)
    assert (mode(tmp_path / "a"), mode(tmp_path / "b")) == (0o644, 0o600)


def test_a_refused_copy_leaves_nothing(tmp_path):
    target = tmp_path / "a.csv"
    assert refusal(write_copy, target, produce, refuse) == "something_survived"
    assert names(tmp_path) == []
    target.write_bytes(OLD)
    assert refusal(write_copy, target, produce, refuse, force=True) == "something_survived"
    assert refusal(replace_in_place, target, produce, refuse) == "something_survived"
    assert (names(tmp_path), target.read_bytes()) == (["a.csv"], OLD)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, RuntimeError, MemoryError])
def test_errors_of_the_producer_pass_and_leave_nothing(tmp_path, kind):
    def broken(stream):
        stream.write(NEW)
        raise kind

    with pytest.raises(kind):
        write_copy(tmp_path / "a", broken, accept)
    assert names(tmp_path) == []


def test_an_existing_file_is_replaced_by_force_alone(tmp_path):
    target = tmp_path / "a"
    target.write_bytes(OLD)
    assert refusal(write_copy, target, produce, accept) == "output_exists"
    assert target.read_bytes() == OLD
    write_copy(target, produce, accept, force=True)
    assert target.read_bytes() == NEW


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(errno.EPERM, "")))
    target = tmp_path / "a"

    def verify(path):
        target.write_bytes(OLD)

    assert refusal(write_copy, target, produce, verify) == "output_exists"
    assert (names(tmp_path), target.read_bytes()) == (["a"], OLD)
    write_copy(tmp_path / "b", produce, accept)
    assert (names(tmp_path), (tmp_path / "b").read_bytes()) == (["a", "b"], NEW)


@posix
def test_links_and_sources_are_never_targets(tmp_path):
    source, link, twin, folder = (tmp_path / n for n in ("source", "link", "twin", "folder"))
    source.write_bytes(OLD)
    link.symlink_to(source)
    folder.mkdir()
    os.mkfifo(tmp_path / "fifo")
    assert refusal(write_copy, source, produce, accept, force=True, mode_from=source) == "output_is_input"
    assert refusal(write_copy, source, produce, accept, force=True, mode_from=link) == "output_is_input"
    assert refusal(write_copy, link, produce, accept, force=True) == "output_is_link"
    assert refusal(write_copy, folder, produce, accept, force=True) == "output_is_special"
    assert refusal(write_copy, tmp_path / "fifo", produce, accept, force=True) == "output_is_special"
    assert refusal(replace_in_place, link, produce, accept) == "output_is_link"
    os.link(source, twin)
    assert refusal(write_copy, source, produce, accept, force=True) == "output_has_links"
    assert refusal(replace_in_place, source, produce, accept) == "output_has_links"
    assert source.read_bytes() == OLD
    assert names(tmp_path) == ["fifo", "folder", "link", "source", "twin"]


@posix
def test_a_swapped_temporary_file_is_noticed(tmp_path):
    def swap(path):
        path.unlink()
        path.write_bytes(NEW + b"!")

    def longer(path):
        with path.open("ab") as stream:
            stream.write(b"!")

    for verify in (swap, longer):
        assert refusal(write_copy, tmp_path / "a", produce, verify) == "copy_changed"
        assert names(tmp_path) == []


# ---------------------------------------------------------------- in place


def test_in_place_keeps_every_backup(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(OLD)
    assert replace_in_place(path, produce, accept) == tmp_path / "a.csv.bak"
    assert replace_in_place(path, produce, accept) == tmp_path / "a.csv.bak2"
    assert replace_in_place(path, produce, accept, backup=False) is None
    assert (tmp_path / "a.csv.bak").read_bytes() == OLD
    assert (tmp_path / "a.csv.bak2").read_bytes() == path.read_bytes() == NEW
    assert names(tmp_path) == ["a.csv", "a.csv.bak", "a.csv.bak2"]


@posix
def test_in_place_without_hard_links(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(OLD)
    path.chmod(0o640)
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(errno.EOPNOTSUPP, "")))
    kept = replace_in_place(path, produce, accept)
    assert (kept.read_bytes(), path.read_bytes()) == (OLD, NEW)
    assert (mode(kept), mode(path)) == (0o640, 0o640)
    assert names(tmp_path) == ["a.csv", "a.csv.bak"]


@posix
def test_in_place_carries_attributes_over(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(OLD)
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 1234, 2345)
    owner = path.stat().st_uid, path.stat().st_gid
    try:
        os.setxattr(path, "user.label", b"x")
        labelled = True
    except (OSError, AttributeError):
        labelled = False
    replace_in_place(path, produce, accept)
    assert (mode(path), path.stat().st_uid, path.stat().st_gid) == (0o640, *owner)
    assert not labelled or os.getxattr(path, "user.label") == b"x"


@posix
def test_a_group_that_cannot_be_kept_gets_nothing(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(OLD)
    path.chmod(0o664)
    real = os.lstat

    def lstat(name):
        status = real(name)
        if Path(name) == path:
            return os.stat_result([*status[:5], status.st_gid + 1, *status[6:10]], {"st_mtime_ns": status.st_mtime_ns})
        return status

    monkeypatch.setattr(os, "lstat", lstat)
    monkeypatch.setattr(os, "chown", lambda *_: (_ for _ in ()).throw(PermissionError(errno.EPERM, "")))
    replace_in_place(path, produce, accept, backup=False)
    assert mode(path) == 0o604


@pytest.mark.parametrize("lock", ["~$a.xlsx", ".~lock.a.xlsx#"])
def test_an_open_document_is_not_replaced(tmp_path, lock):
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLD)
    (tmp_path / lock).write_bytes(b"")
    assert refusal(replace_in_place, path, produce, accept) == "open_elsewhere"
    assert path.read_bytes() == OLD


def test_a_change_meanwhile_is_not_lost(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(OLD)

    def verify(_):
        path.write_bytes(b"someone else's work")

    assert refusal(replace_in_place, path, produce, verify) == "changed_while_reading"
    assert path.read_bytes() == b"someone else's work"
    assert names(tmp_path) == ["a"]


@posix
def test_a_kill_between_backup_and_replacement_is_made_good(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(OLD)
    os.link(path, tmp_path / "a.bak")
    assert replace_in_place(path, produce, accept) == tmp_path / "a.bak"
    assert ((tmp_path / "a.bak").read_bytes(), path.read_bytes()) == (OLD, NEW)
    assert names(tmp_path) == ["a", "a.bak"]


# ---------------------------------------------------------------- faults


ERRNOS = {
    errno.ENOSPC: "no_space",
    errno.EDQUOT: "no_space",
    errno.EFBIG: "no_space",
    errno.EROFS: "read_only",
    errno.EACCES: "output_permission",
    errno.EPERM: "output_permission",
    errno.EIO: "output_io_error",
    errno.ETIMEDOUT: "output_io_error",
    errno.ESTALE: "output_io_error",
    errno.ENOMEM: "output_io_error",
    errno.EINTR: "output_io_error",
    errno.ENOENT: "output_not_found",
}
CALLS = [
    "makedirs",
    "lstat",
    "stat",
    "open",
    "fsync",
    "fstat",
    "chmod",
    "chown",
    "replace",
    "link",
    "unlink",
    "close",
    "listxattr",
]


class Faulty:
    """``os`` whose calls are counted, and the one numbered ``at`` fails."""

    def __init__(self, at, number):
        self.at, self.number, self.made, self.failed = at, number, 0, None

    def __getattr__(self, name):
        real = getattr(os, name)
        if name not in CALLS:
            return real

        def call(*args, **options):
            self.made += 1
            if self.made == self.at:
                self.failed = name
                if name == "close":  # the number is gone even when closing fails
                    real(*args)
                raise OSError(self.number, "山田太郎", "山田.txt")
            return real(*args, **options)

        return call


def forced(folder):
    (folder / "t").write_bytes(OLD)
    return lambda: write_copy(folder / "t", produce, accept, force=True, mode_from=folder / "source")


def fresh(folder):
    return lambda: write_copy(folder / "t", produce, accept, mode_from=folder / "source")


def in_place(folder):
    (folder / "t").write_bytes(OLD)
    return lambda: replace_in_place(folder / "t", produce, accept)


@posix
@pytest.mark.parametrize("number", ERRNOS, ids=errno.errorcode.get)
@pytest.mark.parametrize("prepare", [fresh, forced, in_place])
def test_every_call_may_fail(tmp_path, monkeypatch, prepare, number):
    failures = 0
    for at in range(1, 100):
        folder = tmp_path / str(at)
        folder.mkdir()
        (folder / "source").write_bytes(OLD)
        work = prepare(folder)
        before = names(folder)
        faulty = Faulty(at, number)
        monkeypatch.setattr(safe_copy, "os", faulty)
        error = None
        try:
            work()
        except PiiscanError as caught:
            error = caught
        monkeypatch.setattr(safe_copy, "os", os)
        if faulty.failed is None:
            break
        after = names(folder)
        content = (folder / "t").read_bytes() if "t" in after else None
        where = (faulty.failed, at, after)
        assert content in ((OLD if "t" in before else None), NEW), where
        assert not any(name.startswith(temporary.PREFIX) for name in after), where
        assert (folder / "source").read_bytes() == OLD
        if error is None:
            assert content == NEW, where
        else:
            failures += 1
            assert error.reason == ERRNOS[number], where
            assert error.__suppress_context__
            assert "山田" not in f"{error!r} {error.params}"
            if content != NEW:
                assert after == before, where
    assert failures > 5


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_write_that_fails(tmp_path, number):
    def full(stream):
        stream.write(NEW)
        raise OSError(number, "山田")

    assert refusal(write_copy, tmp_path / "a", full, accept) == ERRNOS[number]
    assert names(tmp_path) == []


class Failing:
    """A stream of the source that the disk lets down."""

    def __init__(self, error):
        self.error = error

    def __call__(self, stream):
        stream.write(NEW)
        raise self.error


@pytest.mark.parametrize(
    "error, reason",
    [
        (OSError(errno.EIO, "x"), "io_error"),
        (PermissionError(13, "x"), "permission"),
        (FileNotFoundError(2, "x"), "not_found"),
    ],
)
def test_what_fails_while_reading_is_not_said_of_the_copy(tmp_path, error, reason):
    assert refusal(write_copy, tmp_path / "t", Failing(error), accept) == reason
    assert names(tmp_path) == []


@posix
def test_what_fails_while_writing_is_said_of_the_copy(tmp_path, monkeypatch):
    def broken(stream):
        number = os.open(tmp_path, os.O_RDONLY)
        os.dup2(number, stream.fileno())  # what cannot be written to
        os.close(number)
        stream.write(NEW)
        stream.flush()

    assert refusal(write_copy, tmp_path / "t", broken, accept) == "output_io_error"
    (tmp_path / "file").write_bytes(OLD)
    assert refusal(write_copy, tmp_path / "file" / "t", produce, accept) == "output_not_found"
    assert refusal(write_copy, tmp_path / "file" / "folder" / "t", produce, accept) == "output_not_found"
    assert names(tmp_path) == ["file"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a full device")
def test_a_disk_that_is_really_full(tmp_path, monkeypatch):
    real = os.open
    monkeypatch.setattr(
        os, "open", lambda path, flags, *m: real("/dev/full", os.O_RDWR) if flags & os.O_EXCL else real(path, flags, *m)
    )
    assert refusal(write_copy, tmp_path / "a", produce, accept) == "no_space"


# ---------------------------------------------------------------- kills and what they leave


def left_over(folder, pid, age=0.0, machine=None):
    path = folder / f"{temporary.PREFIX}{machine or temporary.machine()}-{pid}-{'0' * 16}.csv"
    path.write_bytes(b"x")
    os.utime(path, (time.time() - age,) * 2)
    return path


@posix
def test_sweep_removes_only_what_is_dead_and_ours(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        dead = process.pid
    gone = [left_over(tmp_path, dead), left_over(tmp_path, os.getppid(), age=90_000)]
    kept = [
        left_over(tmp_path, os.getpid()),
        left_over(tmp_path, dead, machine="00000000"),
        tmp_path / ".piiscan-tmp-notes.txt",
        tmp_path / "a.csv",
    ]
    for path in kept[2:]:
        path.write_bytes(b"x")
    assert sweep(tmp_path) == len(gone)
    assert set(tmp_path.iterdir()) == set(kept)
    assert sweep(tmp_path / "missing") == 0


WRITER = """
import itertools, sys
from pathlib import Path
from piiscan.copies.safe_copy import replace_in_place, write_copy

folder = Path(sys.argv[1])
print("ready", flush=True)
for turn in itertools.count():
    data = (b"A", b"B")[turn % 2] * 300_000

    def produce(stream):
        for start in range(0, len(data), 50_000):
            stream.write(data[start : start + 50_000])

    write_copy(folder / "forced", produce, lambda path: None, force=True, mode_from=folder / "source")
    write_copy(folder / f"fresh{turn}", produce, lambda path: None)
    replace_in_place(folder / "inplace", produce, lambda path: None, backup=turn % 3 == 0)
"""


@posix
def test_a_kill_at_any_moment_leaves_old_or_new(tmp_path):
    rng = random.Random(3)
    for name in ("forced", "inplace", "source"):
        (tmp_path / name).write_bytes(b"A" * 300_000)
    for _ in range(KILLS):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(rng.random() * 0.06)
            process.send_signal(signal.SIGKILL)
        sweep(tmp_path)
        found = list(tmp_path.iterdir())
        assert {"forced", "inplace", "source"} <= {p.name for p in found}
        for path in found:
            assert path.name.startswith(("forced", "fresh", "inplace", "source")), path.name
            assert path.read_bytes() in (b"A" * 300_000, b"B" * 300_000), path.name
            if path.name.startswith("fresh") or ".bak" in path.name:
                path.unlink()
        assert (tmp_path / "source").read_bytes() == b"A" * 300_000
