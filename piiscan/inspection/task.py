"""The task of a scan: one file on disk, from its path to its reports."""

from __future__ import annotations

from piiscan.files.opening import check_unchanged, open_source, stamp
from piiscan.model import FileReport, ScanOptions

# A module of its own, because a worker imports where its task lives: it needs nothing of what hands tasks out.


def scan_file(path: str, real: str, options: ScanOptions) -> tuple[FileReport, ...]:
    """The reports of one file, outermost first. ``path`` is how it was named, ``real`` what to open."""
    from piiscan.inspection.inspecting import inspect
    from piiscan.inspection.knowledge import knowledge

    source = open_source(real, options.limits, named=path)
    with source.stream:
        before = stamp(source.stream)
        known = knowledge(options.rules)
        reports = inspect(source, known, options.limits, options.person_secret, options.passwords).reports
        check_unchanged(real, source.stream, before)
    return reports
