"""Workers may crash, hang and eat memory; the run goes on, and nothing is left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from piiscan.errors import EncryptedError, LimitError, PiiscanError, UnreadableError
from piiscan.workers.pool import Early, InlineExecutor, WorkerPool

posix = pytest.mark.skipif(os.name != "posix", reason="signals")
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
MIB = 1024**2
HERE = str(Path(__file__).parent)


def double(number):
    return number * 2


def own_pid():
    return os.getpid()


def raise_one(kind, message):
    raise kind(message)


def raise_own():
    raise EncryptedError("encrypted", member="a.zip")


class Panic(BaseException):
    """What pyo3 raises when Rust code panics."""


def panic(text):
    raise Panic(text)


def hang_without_python():
    # A C call that never gives the interpreter back, as a parser may.
    ctypes.PyDLL(None).pause()


def kill_self(number):
    os.kill(os.getpid(), number)
    time.sleep(5)


def abort_for_memory():
    os.write(2, b"memory allocation of 4096 bytes failed")
    os.abort()


def leave(code):
    os._exit(code)


def eat(size):
    return len(bytearray(size))


def chatter(size):
    sys.stdout.write("secret")
    os.write(1, b"secret" * size)
    try:
        os.write(2, b"x" * 200_000)
    except BlockingIOError:
        return size
    return size


def unpicklable():
    return lambda: None


def limits():
    import resource

    return resource.getrlimit(resource.RLIMIT_CORE), signal.getsignal(signal.SIGINT) == signal.SIG_IGN


FLAG = []


def set_flag():
    FLAG.append(1)


def flag():
    return len(FLAG)


@pytest.fixture(scope="module", autouse=True)
def importable():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [*sys.path, HERE])
        yield


@pytest.fixture(scope="module")
def pool(importable):
    """One pool for all tests: each of them finds it usable, whatever the one before did to it."""
    with WorkerPool(1, memory_bytes=600 * MIB) as pool:
        yield pool


def alive(pid):
    try:
        os.kill(pid, 0)
        # A dead process whose new parent has not asked for it yet can still be signalled.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # gone meanwhile, or no /proc
        return sys.platform != "linux"


def gone_soon(pid, seconds=10):
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(pid)


def test_tasks_give_their_results(pool):
    assert list(pool.map(double, range(5))) == [0, 2, 4, 6, 8]
    assert pool.submit_timed(30, double, "あ").result() == "ああ"
    assert pool.submit(own_pid).result() == pool.submit(own_pid).result() != os.getpid()


def failure(future):
    error = future.exception(timeout=60)
    assert isinstance(error, PiiscanError)
    return type(error), error.reason


@posix
@pytest.mark.parametrize(
    "function, args, expected",
    [
        (kill_self, (signal.SIGSEGV,), (UnreadableError, "parser_crashed")),
        (leave, (0,), (UnreadableError, "parser_crashed")),
        (leave, (3,), (UnreadableError, "parser_crashed")),
        pytest.param(kill_self, (signal.SIGKILL,), (LimitError, "too_much_memory"), marks=linux),
        (abort_for_memory, (), (LimitError, "too_much_memory")),
        pytest.param(eat, (900 * MIB,), (LimitError, "too_much_memory"), marks=linux),
        (raise_own, (), (EncryptedError, "encrypted")),
        (raise_one, (ValueError, "山田太郎"), (UnreadableError, "internal")),
        (panic, ("山田太郎",), (UnreadableError, "internal")),
        (raise_one, (SystemExit, 0), (UnreadableError, "internal")),
        (raise_one, (RecursionError, ""), (UnreadableError, "internal")),
        (unpicklable, (), (UnreadableError, "internal")),
    ],
)
def test_whatever_a_task_does_is_its_result(pool, function, args, expected):
    assert failure(pool.submit_timed(60, function, *args)) == expected
    assert pool.submit(double, 4).result() == 8


@posix
def test_a_hanging_task_is_killed_at_its_deadline(pool):
    pid = pool.submit(own_pid).result()
    start = time.monotonic()
    assert failure(pool.submit_timed(0.3, hang_without_python)) == (LimitError, "timed_out")
    assert time.monotonic() - start < 3
    assert not alive(pid)
    assert pool.submit(own_pid).result() != pid


def test_errors_cross_without_their_message(pool):
    error = pool.submit(raise_one, ValueError, "山田太郎").exception()
    assert error.params == {"kind": "ValueError", "at": "test_workers.py:" + error.params["at"].split(":")[1]}
    assert "山田" not in repr(error) + str(error.__dict__)
    assert error.__cause__ is None
    own = pool.submit(raise_own).exception()
    assert own.params == {"member": "a.zip"}


def test_what_a_task_prints_goes_nowhere(pool, capfd):
    assert pool.submit(chatter, 100_000).result() == 100_000
    assert pool.submit(double, 1).result() == 2
    assert capfd.readouterr() == ("", "")


@posix
def test_limits_are_set(pool):
    assert pool.submit(limits).result() == ((0, 0), True)


def test_nothing_is_started_before_the_first_task():
    with WorkerPool(3) as pool:
        assert not pool._all


def test_as_many_workers_as_tasks_at_once():
    with WorkerPool(4) as pool:
        pool.submit(double, 1).result()
        pool.submit(double, 1).result()
        assert len(pool._all) == 1


def test_the_initializer_runs_once_a_worker():
    with WorkerPool(1, initializer=set_flag) as pool:
        assert [pool.submit(flag).result() for _ in range(3)] == [1, 1, 1]
    with WorkerPool(1, initializer=raise_own) as pool:
        assert failure(pool.submit(flag)) == (EncryptedError, "encrypted")


def test_workers_are_replaced_in_time(monkeypatch):
    monkeypatch.setattr("piiscan.workers.pool._TASKS_PER_WORKER", 2)
    with WorkerPool(1) as pool:
        pids = [pool.submit(own_pid).result() for _ in range(4)]
    assert len(set(pids)) == 2
    assert gone_soon(pids[0])


@posix
def test_a_worker_that_died_between_tasks_is_replaced(pool):
    pid = pool.submit(own_pid).result()
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.1)
    assert pool.submit(double, 2).result() == 4


@posix
def test_leaving_by_an_error_kills_at_once():
    start = time.monotonic()
    started = []

    def interrupted():
        with WorkerPool(1) as pool:
            started.append(pool.submit(own_pid).result())
            started.extend([pool.submit(time.sleep, 60), pool.submit(double, 1)])
            time.sleep(0.2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    pid, running, waiting = started
    assert time.monotonic() - start < 10
    assert not alive(pid)
    assert waiting.cancelled()
    assert running.cancelled() or running.exception() is not None


def test_no_worker_outlives_the_pool():
    pool = WorkerPool(1)
    pid = pool.submit(own_pid).result()
    pool.shutdown()
    assert not alive(pid)
    with pytest.raises(RuntimeError):
        pool.submit(double, 1)


@posix
@pytest.mark.parametrize("task", ["pool.submit(os.getpid)", "pool.submit_timed(60, time.sleep, 60)"])
def test_no_worker_outlives_a_killed_parent(task):
    code = (
        "import os, time; from piiscan.workers.pool import WorkerPool; pool = WorkerPool(1);"
        f"print(pool.submit(os.getpid).result(), flush=True); {task}; time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        parent.kill()
    assert gone_soon(pid)


def test_modules_of_the_working_folder_are_not_imported(tmp_path, monkeypatch):
    for name in ("pickle.py", "struct.py", "ctypes.py", "piiscan.py"):
        (tmp_path / name).write_text("import os; os._exit(9)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    with WorkerPool(1) as pool:
        assert pool.submit(os.getcwd).result() == str(tmp_path)


def test_arguments_that_cannot_be_sent_are_refused_at_once(pool):
    with pytest.raises((AttributeError, TypeError)):
        pool.submit(lambda: None)


@pytest.mark.parametrize("executor", [InlineExecutor])
def test_inline_has_the_same_interface(executor):
    with executor() as pool:
        assert list(pool.map(double, [1, 2])) == [2, 4]
        assert pool.submit_timed(1, double, 3).result() == 6
        assert failure(pool.submit(raise_own)) == (EncryptedError, "encrypted")
        assert failure(pool.submit(panic, "山田")) == (UnreadableError, "internal")
        assert failure(pool.submit(raise_one, MemoryError, "")) == (LimitError, "too_much_memory")
        with pytest.raises(KeyboardInterrupt):
            pool.submit(raise_one, KeyboardInterrupt, "")


# ---------------------------------------------------------------- a worker that is started early


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def test_a_pool_takes_the_early_worker_once_and_limits_it():
    early = Early(own_pid)
    pid = early._worker.process.pid
    with WorkerPool(1, memory_bytes=600 * MIB, early=early) as pool:
        assert [pool.submit(own_pid).result() for _ in range(2)] == [pid, pid]
        if sys.platform == "linux":
            assert pool.submit(soft_limit).result() == 600 * MIB
    assert not is_running(pid)
    early.end()


def soft_limit():
    import resource

    return resource.getrlimit(resource.RLIMIT_DATA)[0]


def test_an_early_worker_that_failed_to_prepare_still_takes_tasks():
    early = Early(raise_own)
    pid = early._worker.process.pid
    with WorkerPool(1, early=early) as pool:
        assert pool.submit(own_pid).result() == pid


@posix
def test_an_early_worker_that_died_is_replaced():
    early = Early(own_pid)
    pid = early._worker.process.pid
    os.kill(pid, signal.SIGKILL)
    with WorkerPool(1, early=early) as pool:
        assert pool.submit(double, 4).result() == 8
    assert not is_running(pid)


@pytest.mark.parametrize("what", [{"environment": {"PIISCAN_TEST": "1"}}, {"shared": (0,)}])
def test_an_early_worker_that_does_not_suit_is_ended(what):
    if os.name != "posix" and "shared" in what:
        pytest.skip("nothing is shared there")
    early = Early(own_pid)
    pid = early._worker.process.pid
    with WorkerPool(1, early=early, **what) as pool:
        assert pool.submit(own_pid).result() != pid
        assert not is_running(pid)


def test_an_early_worker_that_nobody_takes_is_ended():
    early = Early(time.sleep)  # has no argument, so fails
    pid = early._worker.process.pid
    early.end()
    early.end()
    assert not is_running(pid)
