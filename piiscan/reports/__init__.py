"""One file per report format: a module that ends with ``REPORT = Report(...)``, found by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TextIO

from piiscan import registry
from piiscan.model import Detector, FileReport, Summary


@dataclass(frozen=True)
class Run:
    """A scan as a report sees it.

    ``files`` arrive while the scan goes on and can be iterated once, unless they are a sequence; ``summary`` and
    ``seconds`` (elapsed) may be asked only after the last of them. ``started`` has a time zone. ``rules`` is the digest
    of the rule files in force, ``sha256:…``. ``verbose``: name the files with nothing in them too. ``own``: the detectors
    of the user's rule files, by entity.
    """

    files: Iterable[FileReport]
    summary: Callable[[], Summary]
    seconds: Callable[[], float]
    started: datetime
    version: str
    rules: str
    lang: str
    verbose: bool = False
    own: Mapping[str, Detector] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """A report format; ``piiscan/reports/<id>.py`` ends with ``REPORT = Report(...)``.

    ``write`` prints a run to a text stream and leaves it open. ``people`` False: for programs, so always UTF-8.
    """

    id: str
    label: str
    label_en: str
    write: Callable[[Run, TextIO], None]
    people: bool = False


@cache
def reports() -> dict[str, Report]:
    """All report formats by id."""
    from piiscan import reports as package

    return registry.load(package, "REPORT", Report)
