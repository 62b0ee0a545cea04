"""A second try at a file whose reader crashed, hung or grew: with another reader, where there is one."""

from __future__ import annotations

from dataclasses import replace

from piiscan.errors import PiiscanError, UnreadableError
from piiscan.files.opening import check_unchanged, open_source, stamp
from piiscan.formats import _spare
from piiscan.inspection.inspecting import inspect
from piiscan.inspection.knowledge import Knowledge, knowledge
from piiscan.model import FileReport, Format, ScanOptions, Skipped, Source, Status

#: Reasons that are the reader's failure rather than a word of it about the file.
FAILURES = frozenset({"timed_out", "too_much_memory", "parser_crashed", "internal"})
#: The second try gets this part of the time of the first: the other reader is fast, or it is a bomb.
TIME_PART = 0.5


def worth_it(real: str, options: ScanOptions) -> bool:
    """Whether there is another reader for a file; never raises for what is wrong with it."""
    try:
        with open_source(real, options.limits).stream as stream:
            return _spare.kind_of(Source(real, None, real, stream, 1)) is not None
    except (PiiscanError, OSError):
        return False


def scan_again(path: str, real: str, options: ScanOptions, failure: str) -> tuple[FileReport, ...]:
    """The task: the reports of the other reader, with what the first failed of; raises when it fails as well."""
    source = open_source(real, options.limits, named=path)
    with source.stream:
        before = stamp(source.stream)
        kind = _spare.kind_of(source)
        if kind is None:
            raise UnreadableError(failure)
        known = knowledge(options.rules)
        spare = Format(kind, known.formats[kind].label, (), lambda _: 90, _spare.read)
        only = Knowledge(known.policy, known.detectors, {kind: spare})
        found = inspect(source, only, options.limits, options.person_secret, options.passwords).reports
        check_unchanged(real, source.stream, before)
    if found[0].status not in (Status.SCANNED, Status.PARTIAL):
        raise UnreadableError(failure)
    outermost = replace(found[0], skipped=(Skipped("", failure), *found[0].skipped))
    return (outermost, *found[1:])
