"""What a run is told, and what it says of how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from piiscan.model.raw import Limits
from piiscan.model.results import Level


@dataclass(frozen=True)
class ScanOptions:
    """What a scan is told; picklable, handed down, never changed. ``jobs`` 0 means one worker a processor.

    ``ignore_named``: ignore files apply to files that are named themselves as well.
    """

    limits: Limits = field(default_factory=Limits)
    rules: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    jobs: int = 0
    passwords: tuple[str, ...] = field(default=(), repr=False)
    person_secret: bytes = field(default=b"", repr=False)
    isolate: bool = True
    ignore_named: bool = False


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """What a copying command is told besides ``ScanOptions``.

    ``force``: an existing copy may be overwritten. ``in_place``: the copy takes the place of its source, which stays
    beside it as a backup unless ``backup`` is False. ``dry_run``: say what would be written, write nothing.
    ``actions``: (entity, action id) pairs that go before those of the rules; ``profile`` chooses among the rules.
    ``threshold``: a copy in which a second scan finds this level or more is refused. ``unknown``: what becomes of what
    cannot be cleaned: ``stop``, ``drop`` or ``keep``. ``convert``: what cannot be written is converted first.
    ``preserve``: owner, times and extended attributes go over to the copy. ``links``: names that are links, or one of
    several of a file, may be written to. ``secrets``: the files with the run's key, vault and passwords, which are neither
    copied nor overwritten. ``kept``: other files of the run that no copy may overwrite.
    """

    force: bool = False
    in_place: bool = False
    backup: bool = True
    dry_run: bool = False
    actions: tuple[tuple[str, str], ...] = ()
    profile: str = "default"
    threshold: Level = Level.LOW
    unknown: str = "stop"
    convert: bool = False
    preserve: bool = False
    links: bool = False
    secrets: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a run, for a progress display: the path now finished and how many are done of how many known."""

    path: str
    done: int
    known: int
