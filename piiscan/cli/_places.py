"""Where a copying run writes besides its copies: reports and manifest, none over a source, a secret or another output."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from piiscan.cli import _copies, _manifest, _output
from piiscan.errors import UsageError


@dataclass(frozen=True)
class Places:
    """Reports and manifest of a run; ``kept`` are the files besides sources and secrets that no copy may land on."""

    targets: list[_output.Target]
    manifest: _manifest.Plan
    kept: tuple[str, ...]


def of_copies(
    paths: Sequence[str],
    output: str | None,
    secrets: Collection[str],
    config: Path | None,
    *,
    format_: str,
    reports: Iterable[str],
    manifest: _manifest.Wish,
    force: bool,
) -> Places:
    """The places of a run that writes copies to ``output``; raises ``UsageError`` before anything is written.

    ``secrets``: the run's key, vault and passwords, whether they exist or are to be made; ``config``: what is in force.
    """
    read = (*secrets, *([config] if config else ()))
    out = [Path(output)] if output else []
    _output.keep_apart(out, read)
    targets = _output.targets(
        _copies.FORMATS, format_, None, reports, force=force, sources=list(paths), kept=(*read, *out)
    )
    files = [target.file for target in targets if target.file]
    plan = _manifest.plan(manifest, output, paths, force=force, kept=(*read, *out, *files))
    _not_backups([*files, *([plan.file] if plan.file else ())], in_place=output is None)
    kept = (*files, *([plan.file] if plan.file else ()), *([config] if config else ()))
    return Places(targets, plan, tuple(map(str, kept)))


def _not_backups(files: Iterable[Path], *, in_place: bool) -> None:
    """Refuses names that the backups of copies in place would have."""
    from piiscan.copies.many import is_backup

    for file in files:
        if in_place and is_backup(str(file)):
            raise UsageError("output_taken", path=str(file))
