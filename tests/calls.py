"""Names that tests share with their fixtures. There are several conftest.py, so none of them can be imported by name."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent

Call = Callable[..., subprocess.CompletedProcess[bytes]]
