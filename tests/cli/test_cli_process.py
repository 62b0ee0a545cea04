"""The program as a process: start-up time, pipes, streams, and what a crash says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import piiscan

ROOT = Path(piiscan.__file__).parent.parent


def call(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    env = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "100"} | environment
    return subprocess.run([sys.executable, "-m", "piiscan", *arguments], input=stdin, capture_output=True, env=env)


def clock() -> float:
    """Seconds that child processes have computed, so that a busy machine does not fail the test; Windows: wall time."""
    times = os.times()
    return time.perf_counter() if os.name == "nt" else times.children_user + times.children_system


def best(arguments: list[str], times: int = 4) -> float:
    def once() -> float:
        start = clock()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True, cwd=ROOT)
        return clock() - start

    return min(once() for _ in range(times))


def test_version_is_quick() -> None:
    assert best(["-m", "piiscan", "--version"]) - best(["-c", "pass"]) < 0.15


def test_help_is_quick() -> None:
    assert best(["-m", "piiscan", "--help"], 3) < 1.0


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_version(flag: str) -> None:
    done = call(flag)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"piiscan {piiscan.__version__}\n".encode(), b"")


def test_import_loads_nothing_heavy() -> None:
    code = "import sys, piiscan.cli; print(sorted({'typer','rich','polars','pandas','openpyxl'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT)
    assert done.stdout.strip() == b"[]"


def test_no_arguments_is_help_and_wrong_usage() -> None:
    done = call()
    assert done.returncode == 2
    assert b"scan" in done.stdout


def test_a_closed_pipe_ends_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", "piiscan", "doctor"], stdout=writer, stderr=subprocess.PIPE, env=env)
    os.close(writer)
    assert (done.returncode, done.stderr) == (130, b"")


def test_a_full_disk_is_said() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    env = os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([sys.executable, "-m", "piiscan", "doctor"], stdout=full, stderr=subprocess.PIPE, env=env)
    assert (done.returncode, done.stderr) == (3, b"piiscan: The result could not be written: OSError.\n")


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line of sh in which ``piiscan`` is this one."""
    if os.name != "posix":
        pytest.skip("needs a POSIX shell")
    env = os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "PYTHON": sys.executable}
    text = f'piiscan() {{ "$PYTHON" -m piiscan "$@"; }}\n{line}'
    return subprocess.run(["sh", "-c", text], cwd=folder, capture_output=True, text=True, env=env)


@pytest.mark.parametrize("line, code", [
    ("piiscan explain phone >&-", 0), ("piiscan rules check >&-", 0), ("piiscan scan a.csv >&-", 0),
    ("piiscan key new k >&-", 0), ("piiscan redact a.csv -o r.csv >&-", 0), ("piiscan scan a.csv 2>&-", 0),
    ("piiscan scan a.csv <&- >&- 2>&-", 0), ("piiscan --version >&-", 0), ("piiscan --version 2>&- >/dev/full", 3),
    ("piiscan scan - <&-", 3),
])  # fmt: skip
def test_a_closed_stream_is_no_bug_and_no_clean_file(line: str, code: int, tmp_path: Path) -> None:
    if "/dev/full" in line and not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    (tmp_path / "a.csv").write_text("氏名,電話番号\n山田 太郎,090-0123-4567\n", encoding="utf-8")
    done = shell(line, tmp_path)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert "bug" not in done.stderr


def test_a_version_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    done = shell("piiscan --version >/dev/full", tmp_path)
    assert (done.returncode, done.stderr) == (3, "piiscan: The result could not be written: OSError.\n")


def started(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    run = [sys.executable, "-m", "piiscan", *arguments]
    return subprocess.Popen(run, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, preexec_fn=_heed)


def _heed() -> None:
    """A signal that whoever runs the tests ignores, as nohup does, would stay ignored."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_in_the_middle_of_a_copy_leaves_nothing(name: str, tmp_path: Path) -> None:
    rows = (f"山田 太郎,090-0{i % 1000:03}-{i % 9999:04},taro{i}@example.jp\n" for i in range(40_000))
    (tmp_path / "a.csv").write_text("氏名,電話番号,メールアドレス\n" + "".join(rows), encoding="utf-8")
    out = tmp_path / "out"
    process = started("redact", "a.csv", "-o", "out/a.csv", folder=tmp_path)
    while not list(out.glob(".piiscan-tmp-*")) and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(getattr(signal, name))
    said = process.communicate()
    assert (process.returncode, *said) == (130, b"", b"")
    assert list(out.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_while_something_is_imported_ends_silently(name: str, tmp_path: Path) -> None:
    """The import that is interrupted is one of the first; where exactly cannot be timed, so it interrupts itself."""
    code = (
        f"import os, signal, sys, threading\n"
        f"class Finder:\n"
        f"    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == 'typer': os.kill(os.getpid(), signal.{name})\n"
        f"sys.meta_path.insert(0, Finder()); sys.argv = ['piiscan', 'rules', 'check']\n"
        f"from piiscan.cli import main\n"
        f"sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_a_signal_that_is_to_be_ignored_stays_ignored() -> None:
    code = (
        "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); sys.argv = ['piiscan', 'rules', 'check']\n"
        "from piiscan.cli import main; code = main(); signal.raise_signal(signal.SIGHUP); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_interrupt_in_disguise_is_no_bug(capfd: pytest.CaptureFixture[str]) -> None:
    from piiscan.cli import _errors

    error = RuntimeError("Error calling __set_name__")
    error.__cause__ = KeyboardInterrupt()
    assert _errors.of_accident(error, "en") == 130
    assert capfd.readouterr().err == ""


def test_an_encoding_without_the_characters_is_no_error() -> None:
    done = call("explain", "phone", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert b"\\u96fb" in done.stdout


def test_a_thread_or_a_destructor_does_not_print_values() -> None:
    code = (
        "import threading\n"
        "from piiscan.cli import _app\n"
        "_app.harden()\n"
        "def fail(): raise ValueError('himitsu')\n"
        "t = threading.Thread(target=fail); t.start(); t.join()\n"
        "class D:\n"
        "    def __del__(self): raise ValueError('himitsu')\n"
        "D()\n"
        "import logging, warnings\n"
        "logging.getLogger('x').error('himitsu'); warnings.warn('himitsu')\n"
        "raise ValueError('himitsu')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT)
    assert b"himitsu" not in done.stdout + done.stderr
    assert done.stderr.count(b"ValueError") == 2


def test_the_command_leaves_what_judges_to_its_workers(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "氏名,電話番号\n山田 太郎,090-0123-4567\n佐藤 花子,080-0123-4567\n", encoding="utf-8"
    )
    code = (
        "import sys; sys.argv = ['piiscan', 'scan', 'a.csv']; from piiscan.cli import main; code = main();"
        "print(sorted(m for m in sys.modules if m.startswith(('piiscan.judge', 'piiscan.policy', 'piiscan.formats.'))));"
        "sys.exit(code)"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "people: 2" in done.stdout
    assert done.stdout.endswith("\n[]\n")


@pytest.mark.parametrize("arguments, started", [
    (["scan", "a.txt"], True), (["scan", "--no-such-option"], True), (["scan", "--help"], False), (["scan", "-"], False),
    (["rules", "check"], False), (["--version"], False),
])  # fmt: skip
def test_only_a_scan_of_files_starts_a_worker_early_and_none_is_left(
    arguments: list[str], started: bool, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    code = (
        "import sys; from piiscan import cli; from piiscan.workers import pool; made = []; plain = pool.Early.__init__\n"
        "def init(self, *rest):\n    plain(self, *rest); made.append(self._worker.process)\n"
        f"pool.Early.__init__ = init; sys.argv = ['piiscan', *{arguments!r}]; cli.main()\n"
        "sys.stderr.write('\\n' + repr([process.poll() is None for process in made]))"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=tmp_path, input="", capture_output=True, text=True, env=environment)
    assert done.stderr.splitlines()[-1] == ("[False]" if started else "[]")


def test_a_system_without_room_for_a_worker_is_told_of_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    code = (
        "import subprocess, sys\n"
        "def none(*_, **__):\n    raise BlockingIOError(11, 'Resource temporarily unavailable')\n"
        "subprocess.Popen = none; sys.argv = ['piiscan', 'scan', 'a.txt']\n"
        "from piiscan.cli import main; sys.exit(main())"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert "Traceback" not in done.stderr
    assert done.returncode == 3
    assert "read whole: 0" in done.stdout
