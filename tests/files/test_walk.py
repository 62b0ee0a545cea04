"""What a walk finds, what it reports instead, and that its ignore rules are git's."""

from __future__ import annotations

import errno
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time

import pytest

from piiscan.errors import UnreadableError
from piiscan.files import _ignore, opening, walk
from piiscan.model import Limits

posix = pytest.mark.skipif(os.name != "posix", reason="a POSIX file system")
not_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind root")


def plant(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    return root


def below(root, **options):
    found = list(walk.walk([str(root)], **options))
    return {os.path.relpath(f.path, root).replace(os.sep, "/"): f.reason for f in found}


def test_files_come_sorted_and_once(tmp_path):
    plant(tmp_path, "b.txt", "a/z.txt", "a/y.txt", "c.txt", ".hidden", ".git/config", "a/.svn/x", "a/.hg/y")
    assert list(below(tmp_path)) == [".hidden", "a/y.txt", "a/z.txt", "b.txt", "c.txt"]
    twice = list(walk.walk([str(tmp_path), str(tmp_path / "a"), str(tmp_path / "a" / "y.txt")]))
    assert len(twice) == 5
    assert {f.size for f in twice} == {1}


@posix
def test_what_is_no_file_is_reported(tmp_path, monkeypatch):
    plant(tmp_path, "a.txt", "~$a.xlsx", ".~lock.a.ods#", "~name.txt")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("a.txt")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "dangling").symlink_to("nowhere")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert below(tmp_path) == {
            ".~lock.a.ods#": "lock_file",
            "a.txt": None,
            "dangling": "symlink",
            "fifo": "special_file",
            "link": "symlink",
            "loop": "symlink",
            "socket": "special_file",
            "~$a.xlsx": "lock_file",
            "~name.txt": None,
        }


@posix
def test_named_links_are_followed(tmp_path):
    plant(tmp_path, "folder/a.txt")
    (tmp_path / "file").symlink_to("folder/a.txt")
    (tmp_path / "way").symlink_to("folder")
    (tmp_path / "dangling").symlink_to("nowhere")
    file, inside, dangling, missing, null, odd = walk.walk(
        [str(tmp_path / n) for n in ("file", "way", "dangling", "missing", "\0", "file/x")]
    )
    assert (file.path, file.reason) == (str(tmp_path / "file"), None)
    with opening.open_source(file.real, Limits(), named=file.path).stream as stream:
        assert stream.read() == b"x"
    assert inside.path == str(tmp_path / "way" / "a.txt")
    assert (dangling.reason, missing.reason, null.reason, odd.reason) == (
        "symlink",
        "not_found",
        "not_found",
        "not_found",
    )


@not_root
def test_a_closed_folder_is_reported(tmp_path):
    plant(tmp_path, "open/a.txt", "shut/b.txt")
    (tmp_path / "shut").chmod(0)
    try:
        assert below(tmp_path) == {"open/a.txt": None, "shut": "permission"}
    finally:
        (tmp_path / "shut").chmod(0o700)


@pytest.mark.parametrize(
    "number, reason", [(errno.EACCES, "permission"), (errno.EIO, "io_error"), (errno.ESTALE, "io_error")]
)
def test_a_folder_that_fails_does_not_stop_the_others(tmp_path, monkeypatch, number, reason):
    plant(tmp_path, "a/x.txt", "b/y.txt")
    real = os.scandir
    broken = str(tmp_path / "a")

    def scandir(path):
        if path == broken:
            raise OSError(number, "山田太郎")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert below(tmp_path) == {"a": reason, "b/y.txt": None}


def test_the_output_is_not_walked_into(tmp_path):
    plant(tmp_path, "a.txt", "out/a.txt", "copy.txt")
    assert below(tmp_path, output=str(tmp_path / "out")) == {"a.txt": None, "copy.txt": None}
    assert below(tmp_path, output=str(tmp_path / "copy.txt")) == {"a.txt": None, "out/a.txt": None}
    assert len(below(tmp_path, output=str(tmp_path / "missing"))) == 3


@posix
def test_odd_names(tmp_path):
    names = ["a\nb.txt", "x" * 255, os.fsdecode("名簿".encode("cp932")), "\u202eabc"]
    for name in names:
        with open(tmp_path / name, "w"):
            pass
    found = list(walk.walk([str(tmp_path)]))
    assert {os.path.basename(f.path) for f in found} == set(names)
    assert not any(f.reason for f in found)


@pytest.fixture
def deep_folder():
    """Folders deeper than a recursive function can follow. shutil.rmtree, and so pytest's own clean-up, fails on them."""
    top = tempfile.mkdtemp()
    start = os.getcwd()
    try:
        os.chdir(top)
        for _ in range(1200):
            os.mkdir("d")
            os.chdir("d")
        with open("last", "w"):
            pass
        os.chdir(start)
        yield top
    finally:
        os.chdir(start)
        subprocess.run(["rm", "-rf", top], check=True)


@posix
def test_deep_folders(deep_folder):
    found = list(walk.walk([deep_folder]))
    assert [os.path.basename(f.path) for f in found] == ["last"]
    assert not found[0].reason


# ---------------------------------------------------------------- ignore rules


def test_ignore_files_and_excludes(tmp_path):
    plant(tmp_path, "a.csv", "a.log", "keep.log", "old/a.csv", "sub/old/a.csv", "sub/b.log", "sub/c.csv", "vendor/x")
    (tmp_path / ".piiscanignore").write_text("# no logs\n*.log\n!keep.log\n/old/\n", encoding="utf-8")
    (tmp_path / "sub" / ".piiscanignore").write_bytes(b"\xef\xbb\xbf!b.log\r\nc.csv\r\n")
    everything = {".piiscanignore", "a.csv", "keep.log", "sub/.piiscanignore", "sub/old/a.csv", "sub/b.log", "vendor/x"}
    assert set(below(tmp_path)) == everything
    assert set(below(tmp_path, exclude=["vendor", "*.csv"])) == everything - {"vendor/x", "a.csv", "sub/old/a.csv"}
    assert set(below(tmp_path, exclude=["!a.log"])) == everything | {"a.log"}


def test_excludes_apply_to_named_files(tmp_path, monkeypatch):
    plant(tmp_path, "vendor/a.csv", "b.csv")
    (tmp_path / ".piiscanignore").write_text("*.csv\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    named = ["vendor/a.csv", "b.csv", str(tmp_path / "b.csv")]
    assert [f.path for f in walk.walk(named, exclude=["/vendor"])] == ["b.csv"]
    assert [f.path for f in walk.walk(named, exclude=["a.*"])] == ["b.csv"]
    assert not list(walk.walk(named, exclude=["*.csv"]))


def test_excludes_count_from_the_named_folder_and_from_the_working_folder(tmp_path, monkeypatch):
    plant(tmp_path, "b/c/x.csv", "b/d/c/y.csv", "b/e.csv", "f.csv")
    monkeypatch.chdir(tmp_path)

    def found(*named, exclude):
        return {os.path.normpath(f.path) for f in walk.walk(named, exclude=exclude)}

    everything = {"b/c/x.csv", "b/d/c/y.csv", "b/e.csv"}
    for named in ("b", "./b/", "b/../b"):
        assert found(named, exclude=["b/c/"]) == everything - {"b/c/x.csv"}
        assert found(named, exclude=["/c/"]) == everything - {"b/c/x.csv"}
        assert found(named, exclude=["b/c/x.csv", "/e.csv"]) == {"b/d/c/y.csv"}
        assert found(named, exclude=["*.csv", "!b/e.csv"]) == {"b/e.csv"}
    assert found("b/c", "b/c/x.csv", "b/d", exclude=["b/c/"]) == {"b/d/c/y.csv"}
    assert found(".", exclude=["b/c/"]) == everything - {"b/c/x.csv"} | {"f.csv"}
    monkeypatch.chdir(tmp_path / "b")
    assert found("../b", exclude=["b/c/"]) == {f"../{name}" for name in everything}
    assert len(found(str(tmp_path / "b"), exclude=["b/c/"])) == 3


def test_ignore_files_apply_to_named_files_when_asked(tmp_path, monkeypatch):
    plant(tmp_path, "w/a.csv", "w/b/c/x.csv", "w/b/keep.csv", "w/b/y.log", "w/data/z.txt", "out.csv")
    (tmp_path / ".piiscanignore").write_text("*\n", encoding="utf-8")  # above the working folder
    (tmp_path / "w" / ".piiscanignore").write_text("*.csv\n/data/\n", encoding="utf-8")
    (tmp_path / "w" / "b" / ".piiscanignore").write_text("!keep.csv\n/c\n*.log\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "w")
    named = ["a.csv", "./b/c/x.csv", "b/keep.csv", "b/y.log", "data/z.txt", "../out.csv"]
    assert [f.path for f in walk.walk(named)] == named
    assert [f.path for f in walk.walk(named, ignore_named=True)] == ["b/keep.csv", "../out.csv"]
    brought_back = walk.walk(named, ignore_named=True, exclude=["!a.csv", "keep.csv"])
    assert [f.path for f in brought_back] == ["a.csv", "../out.csv"]


@posix
def test_an_ignore_file_that_is_a_link_hides_nothing(tmp_path):
    plant(tmp_path, "rules", "a.csv")
    (tmp_path / "rules").write_text("*\n", encoding="utf-8")
    (tmp_path / ".piiscanignore").symlink_to("rules")
    assert below(tmp_path) == {".piiscanignore": "symlink", "a.csv": None, "rules": None}


TREE = [
    "a",
    "b.txt",
    "ab.txt",
    "c/a",
    "c/d/a",
    "c/d/b.txt",
    "foo/bar/baz",
    "foo/x",
    "x/foo/bar",
    "#h",
    "!n",
    "sp ",
    "b[1]",
]
TREE += ["-", "]", "a-b", "c/ab/q/b.txt", "名簿/顧客.csv"]
LISTED = [
    (["a"], None),
    (["/a", "c/"], None),
    (["c/*", "!c/d"], None),
    (["**/foo", "foo/**"], ["!a"]),
    (["foo/**/baz", "c/**/b.txt"], None),
    (["\\#h", "\\!n", "#h"], None),
    (["sp\\ ", "b[[]1]"], None),
    (["sp "], None),
    (["[!a-c]*", "!x"], ["*", "!d", "!d/a"]),
    (["[[:punct:]]", "[]-]"], None),
    (["**", "!c/"], ["!a"]),
    (["/*", "!/c", "/c/*", "!/c/d"], None),
    (["b.txt/", "foo//bar", "x/foo/"], None),
    (["*/a", "c/d\\/b.txt"], None),
    (["[z-a]", "[a", "\\"], None),
    (["名簿/*.csv"], None),
    (["a\\", "***", "!a"], None),
]
TOKENS = [
    "a",
    "b",
    "c",
    "d",
    "foo",
    "bar",
    "*",
    "*",
    "?",
    "/",
    "/",
    "!",
    "[ab]",
    "[!a]",
    "[a-c]",
    "\\",
    "#",
    " ",
    ".txt",
    "x",
]
TOKENS += ["[[:alpha:]]", "[", "]", "-", "[^a]", "[]a]", "[a-]", "/**/", "/**/"]


def random_rules(rng):
    def pattern():
        text = "".join(rng.choices(TOKENS, k=rng.randint(1, 5)))
        text = ("**/" if rng.random() < 0.2 else "") + text + ("/**" if rng.random() < 0.2 else "")
        # git 2.39 compares unrelated pointers for two stars beside anything but slashes: nothing to agree with.
        return "a" if "***" in text or "\\/" in text or any("**" in p and p != "**" for p in text.split("/")) else text

    return [pattern() for _ in range(rng.randint(1, 3))], [pattern()] if rng.random() < 0.4 else None


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    if shutil.which("git") is None:
        pytest.skip("needs git")
    root = plant(tmp_path_factory.mktemp("ignore"), *TREE)
    for command in (
        ["init", "-q"],
        ["config", "core.excludesFile", os.devnull],
        ["config", "core.ignoreCase", "false"],
    ):
        subprocess.run(["git", "-C", str(root), *command], check=True, capture_output=True)
    return root


def test_ignore_rules_are_those_of_git(repository, monkeypatch):
    monkeypatch.setattr(walk, "IGNORE_FILE", ".gitignore")
    rng = random.Random(7)
    for top, inner in [*LISTED, *(random_rules(rng) for _ in range(250))]:
        (repository / ".gitignore").write_text("\n".join(top) + "\n", encoding="utf-8")
        (repository / "c" / ".gitignore").write_text("\n".join(inner or []) + "\n", encoding="utf-8")
        asked = subprocess.run(
            ["git", "-C", str(repository), "check-ignore", "--no-index", "--stdin", "-z"],
            input="\0".join(TREE).encode(),
            capture_output=True,
            check=False,
        )
        by_git = set(asked.stdout.decode().split("\0")) - {""}
        assert set(TREE) - set(below(repository)) == by_git, (top, inner)


@pytest.mark.parametrize(
    "pattern", ["*a" * 40 + "b", "**/a/" * 40 + "b", "/" + "a*" * 40 + "/b", "[" * 5000, "**/" * 5000]
)
def test_no_pattern_takes_long(pattern):
    rules = _ignore.parse([pattern])
    start = time.monotonic()
    for path in ("a" * 255, "a/" * 1000 + "a", "a" * 255 + "/c"):
        _ignore.ignored(path, False, [rules])
    assert time.monotonic() - start < 1


# ---------------------------------------------------------------- opening


def test_sources_are_read_only_and_complete(tmp_path):
    plant(tmp_path, "名簿.CSV")
    source = opening.open_source(str(tmp_path / "名簿.CSV"), Limits(), named="shown")
    with source.stream as stream:
        assert (source.path, source.member, source.name, source.size) == ("shown", None, "shown", 1)
        assert source.head() == b"x"
        assert not stream.writable()


@posix
def test_what_is_no_regular_file_is_not_opened(tmp_path):
    plant(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("a.txt")
    expected = {
        "fifo": "special_file",
        "link": "symlink",
        ".": "special_file",
        "missing": "not_found",
        "a.txt/b": "not_found",
    }
    for name, reason in {**expected, "x" * 300: "io_error", "\0": "not_found"}.items():
        with pytest.raises(UnreadableError) as caught:
            opening.open_source(str(tmp_path / name), Limits())
        assert caught.value.reason == reason, name
    with pytest.raises(UnreadableError, match="special_file"):
        opening.open_source("/dev/null", Limits())


@pytest.mark.parametrize(
    "number, reason",
    [(errno.EACCES, "permission"), (errno.EIO, "io_error"), (errno.ETIMEDOUT, "io_error"), (errno.ENOENT, "not_found")],
)
def test_errors_of_the_system_become_reasons(tmp_path, monkeypatch, number, reason):
    plant(tmp_path, "a.txt")

    def fails(*_):
        raise OSError(number, "山田太郎", "山田.txt")

    monkeypatch.setattr(os, "open", fails)
    with pytest.raises(UnreadableError) as caught:
        opening.open_source(str(tmp_path / "a.txt"), Limits())
    assert caught.value.reason == reason
    assert caught.value.__suppress_context__
    assert not caught.value.params


def test_changes_while_reading_are_noticed(tmp_path):
    path = plant(tmp_path, "a.txt") / "a.txt"
    with opening.open_source(str(path), Limits()).stream as stream:
        before = opening.stamp(stream)
        assert not opening.changed(str(path), stream, before)
        opening.check_unchanged(str(path), stream, before)
        path.write_text("xy", encoding="utf-8")
        assert opening.changed(str(path), stream, before)
        with pytest.raises(UnreadableError, match="changed_while_reading"):
            opening.check_unchanged(str(path), stream, before)


@posix
@pytest.mark.parametrize("way", ["replaced", "removed", "touched"])
def test_other_ways_to_change(tmp_path, way):
    path = plant(tmp_path, "a.txt", "b.txt") / "a.txt"
    with opening.open_source(str(path), Limits()).stream as stream:
        before = opening.stamp(stream)
        if way == "replaced":
            os.utime(tmp_path / "b.txt", ns=(before.mtime_ns, before.mtime_ns))
            os.replace(tmp_path / "b.txt", path)
        elif way == "removed":
            path.unlink()
        else:
            os.utime(path, ns=(before.mtime_ns, before.mtime_ns + 1000))
        assert opening.changed(str(path), stream, before)


@pytest.mark.slow
def test_a_hundred_thousand_files_in_reasonable_time(tmp_path):
    for folder in range(100):
        (tmp_path / str(folder)).mkdir()
        for file in range(1000):
            os.close(os.open(tmp_path / str(folder) / f"{file}.csv", os.O_CREAT | os.O_WRONLY))
    (tmp_path / ".piiscanignore").write_text("*.tmp\n/99/\n", encoding="utf-8")
    start = time.monotonic()
    assert sum(1 for _ in walk.walk([str(tmp_path)], exclude=["*.bak"])) == 99_001
    assert time.monotonic() - start < 10
