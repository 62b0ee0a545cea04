"""Where rule files lie, and the digest that says which ones a run was made under."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

#: What a rule file holds, as its name begins.
KINDS = ("headers", "severity", "actions", "detectors")


def folders(rule_dirs: Sequence[str]) -> list[Path]:
    """The built-in folder, then those of the user."""
    package = Path(__file__).parent
    installed = package / "rules"  # inside the package as installed, beside it as checked out
    return [installed if installed.is_dir() else package.parent / "rules", *map(Path, rule_dirs)]


def digest(rule_dirs: Sequence[str] = ()) -> str:
    """``sha256:…`` over the names and bytes of all rule files in order; a file that cannot be read counts as empty."""
    return digest_of((path.name, _bytes(path)) for path in _files(rule_dirs))


def digest_of(files: Iterable[tuple[str, bytes]]) -> str:
    """The digest of files that have been read: their names and bytes, in order."""
    total = hashlib.sha256()
    for name, raw in files:
        total.update(name.encode("utf-8", "surrogateescape") + b"\0" + hashlib.sha256(raw).digest())
    return f"sha256:{total.hexdigest()}"


def _files(rule_dirs: Sequence[str]) -> Iterator[Path]:
    for folder in folders(rule_dirs):
        yield from (path for path in sorted(folder.glob("*.toml")) if path.name.startswith(KINDS))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
