"""What a judge decides and a report says: places, counts and shapes, never a value; printed, pickled and stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from piiscan.model.raw import Skipped


class Status(StrEnum):
    """What became of an input; every input has exactly one."""

    SCANNED = "scanned"
    PARTIAL = "partial"
    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"


class Records(StrEnum):
    """What the rows of a table, or the records of a file, are about."""

    PERSONS = "persons"
    ORGANISATIONS = "organisations"
    PLACES = "places"
    MIXED = "mixed"
    NONE = "none"


class Level(StrEnum):
    """Severity, in rising order of definition."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for ``none`` up to 4 for ``critical``."""
        return list(Level).index(self)


@dataclass(frozen=True, slots=True)
class Column:
    """The verdict on one column. ``index`` counts from 0 in the sheet; ``name`` is the header as it stands.

    ``evidence`` speaks for it, ``against`` against it (or, without an entity, against the runner-up); ``turns`` says
    what would change the verdict: without_header, without_values, with_header, with_values.
    """

    index: int
    name: str
    entity: str | None
    confidence: float = 0.0
    values: int = 0
    matches: int = 0
    shape: str = ""
    subtype: str | None = None
    evidence: tuple[str, ...] = ()
    runner_up: str | None = None
    runner_up_confidence: float = 0.0
    against: tuple[str, ...] = ()
    turns: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a sheet. Row numbers count from 1, as a spreadsheet shows them; ``rows`` are data rows.

    ``persons`` are distinct; ``persons_exact`` False means the number is a lower bound.
    """

    location: str
    hidden: bool
    header_rows: tuple[int, ...]
    first_row: int
    last_row: int
    rows: int
    records: Records
    persons: int
    persons_exact: bool
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data outside the columns of a table: in a cell, a text, a hidden corner."""

    entity: str
    location: str
    where: str
    count: int = 1
    confidence: float = 0.0
    shape: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """A reporting duty that losing the file would set off, with the people concerned and the law's threshold."""

    rule: str
    persons: int
    threshold: int


@dataclass(frozen=True, slots=True)
class Severity:
    """How bad losing the file would be. ``why`` are (msgid, parameters) pairs, translated by the report."""

    level: Level = Level.NONE
    damage_yen: int = 0
    damage_yen_per_person: int = 0
    triggers: tuple[Trigger, ...] = ()
    why: tuple[tuple[str, tuple[tuple[str, str | int], ...]], ...] = ()


@dataclass(frozen=True)
class FileReport:
    """All that piiscan says about one input or one file inside it.

    ``status_reason`` is a key of :data:`piiscan.messages.REASONS` when the status is not ``scanned``. ``person_keys``
    are keyed 64-bit hashes of the people found, for counting over a run; they are never printed or stored.
    """

    path: str
    member: str | None
    format: str | None
    bytes: int
    status: Status
    status_reason: str | None = None
    skipped: tuple[Skipped, ...] = ()
    records: Records = Records.NONE
    persons: int = 0
    persons_exact: bool = True
    severity: Severity = field(default_factory=Severity)
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()
    person_keys: object = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Summary:
    """The run as a whole. ``persons`` are distinct over all files; ``incomplete`` counts what was not read whole."""

    files: int
    scanned: int
    incomplete: int
    persons: int
    persons_exact: bool
    level: Level
    damage_yen: int
    reportable: bool


class CopyStatus(StrEnum):
    """What became of one copy."""

    WRITTEN = "written"
    PLANNED = "planned"
    REFUSED = "refused"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Change:
    """What was done at one place of a copy: a column (``名簿!C``), a part, a line. No value is in a place's name."""

    location: str
    entity: str
    action: str
    count: int


@dataclass(frozen=True, slots=True)
class Anonymity:
    """How far the records of a table can be told apart by what is left in it (k-anonymity).

    ``columns``: letters of the columns that were looked at together. ``k``: the number of records in the smallest class
    of equal ones; ``small``: the records in classes of fewer than ``least``. ``rarest``: (row number from 1, size of its
    class), the smallest first. ``suggestions``: (column, k, small) as they would be without that column, best first.
    """

    location: str
    rows: int
    columns: tuple[str, ...]
    k: int
    classes: int
    small: int
    least: int
    rarest: tuple[tuple[int, int], ...] = ()
    suggestions: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CopyResult:
    """The outcome for one source of a copying command. ``replaced``: (entity, number of places) in falling order.

    ``reason`` is a key of :data:`piiscan.messages.REASONS` with ``params`` unless there is a copy.
    ``level`` is what a scan of the copy says. ``anonymity``: how far people can still be told apart, where asked for.
    """

    source: str
    output: str | None
    status: CopyStatus
    reason: str | None = None
    params: tuple[tuple[str, str | int], ...] = ()
    replaced: tuple[tuple[str, int], ...] = ()
    notes: tuple[Skipped, ...] = ()
    level: Level = Level.NONE
    places: tuple[Change, ...] = ()
    anonymity: tuple[Anonymity, ...] = ()
