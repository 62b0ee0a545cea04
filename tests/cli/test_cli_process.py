"""The program as a process: start-up time, pipes, streams, and what a crash says."""

from __future__ import annotations

import os
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
        "import sys; from piiscan import cli, workers; made = []; plain = workers.Early.__init__\n"
        "def init(self, *rest):\n    plain(self, *rest); made.append(self._worker.process)\n"
        f"workers.Early.__init__ = init; sys.argv = ['piiscan', *{arguments!r}]; cli.main()\n"
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
