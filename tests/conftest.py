"""Fixtures that several suites share: piiscan as a real process that cannot write anywhere but below ``tmp_path``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from calls import ROOT, Call
from hypothesis import settings

# A build must not depend on luck: there the same examples are tried each time, at the desk new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``home`` and ``temp`` in it, the only ones that :func:`piiscan` has."""
    folder = tmp_path_factory.mktemp("scratch")
    for name in ("home", "temp"):
        (folder / name).mkdir()
    return folder


@pytest.fixture(scope="session")
def piiscan(scratch: Path) -> Call:
    """Runs the command line in a process of its own; ``cwd`` and ``stdin`` may be given."""

    def call(
        *arguments: str | Path, cwd: Path | None = None, stdin: bytes = b"", environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")}
        temp, home = str(scratch / "temp"), str(scratch / "home")
        own = {"PYTHONPATH": str(ROOT), "HOME": home, "USERPROFILE": home, "LC_ALL": "C.UTF-8", "COLUMNS": "200"}
        own |= {
            "TMPDIR": temp,
            "TEMP": temp,
            "TMP": temp,
            "XDG_CACHE_HOME": f"{home}/cache",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(
            [sys.executable, "-m", "piiscan", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=cwd or scratch,
            env=kept | own | dict(environ or {}),
            timeout=300,
            check=False,
        )

    return call
