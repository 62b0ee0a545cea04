"""The nouns of piiscan: what a format yields, what a judge decides, what a report says. All frozen.

Two families. *Raw* things (``Source``, ``Batch``, ``Sheet``, ``Text``, ``Member``) hold the user's data, have no
``repr`` and never leave the process that read them. *Results* (``Column``, ``Table``, ``Finding``, ``FileReport``)
hold places, counts and shapes, never a value, and may be printed, pickled and stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, BinaryIO

from piiscan.encoding import Encoding, text_encoding

if TYPE_CHECKING:
    import polars as pl


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


# ---------------------------------------------------------------- raw: what lives in a file


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file's reading; hitting one is a result (``LimitError`` or ``Skipped``), never silence."""

    members: int = 10_000
    depth: int = 5
    inflated_bytes: int = 4 * 1024**3
    ratio: int = 200
    ratio_from_bytes: int = 100 * 1024**2
    cell_chars: int = 1024**2
    seconds: float = 60.0
    seconds_per_byte: float = 1 / (2 * 1024**2)
    memory_bytes: int = 1024**3
    result_bytes: int = 256 * 1024**2
    passwords: int = 5


@dataclass(frozen=True, repr=False)
class Source:
    """One readable thing: a file on disk, or a file inside another.

    ``path`` is the outermost file as the user named it, ``member`` the way inside (``見積.zip/名簿.csv`` without the
    container's own path) or None. ``name`` is the innermost file name; its suffix is only a hint. ``stream`` is
    seekable, opened for reading only, and is not shared.
    """

    path: str
    member: str | None
    name: str
    stream: BinaryIO
    size: int
    depth: int = 0
    _encodings: dict[bool, Encoding | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def encoding(self, *, named: bool = False) -> Encoding | None:
        """The encoding of a file that holds text, or None; every format asks, and it is found out once.

        ``named`` as in :func:`piiscan.encoding.text_encoding`. The stream is left at its start.
        """
        if named not in self._encodings:
            sure = self._encodings.get(False) if named else None
            self._encodings[named] = sure or text_encoding(self.stream, named=named)
        self.stream.seek(0)
        return self._encodings[named]

    def head(self, count: int = 8192) -> bytes:
        """The first ``count`` bytes; the stream is left at its start."""
        self.stream.seek(0)
        data = self.stream.read(count)
        self.stream.seek(0)
        return data

    @property
    def suffix(self) -> str:
        """The lower-case suffix of the name with its dot, or an empty string."""
        dot = self.name.rfind(".")
        return self.name[dot:].lower() if dot > 0 else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text lives. ``location``: ``Sheet1!H12``, a part's name, or "" for the file's own text.

    ``where``: one of cell, text, header, comment, furigana, header_footer, defined_name, property, sheet_name,
    validation, hyperlink, drawing, chart_cache, pivot_cache, orphan_string, external_link, revision, mail_header,
    attachment_name, member_name, identifier (a machine's, in which only
    what was found elsewhere counts), other. ``hidden``: not visible to a person who opens the file the usual way.
    """

    location: str
    where: str
    hidden: bool = False


@dataclass(frozen=True, repr=False)
class Batch:
    """Some rows of a sheet, column by column.

    ``rows``: the sheet's row numbers from 0, rising; rows without any value are left out. ``columns``: column index
    from 0 → values, each as long as ``rows``, "" for an empty cell; columns without any value may be left out.
    Numbers are plain decimal strings without ".0", dates ISO (``1975-01-31``, with time ``1975-01-31 08:00:00``).
    """

    rows: Sequence[int]
    columns: Mapping[int, list[str] | pl.Series]


@dataclass(frozen=True, slots=True)
class CellRange:
    """A rectangle of cells, all four bounds from 0 and inclusive."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, repr=False)
class Sheet:
    """A grid of cells: a worksheet, or a whole csv file (``location`` "").

    ``batches`` can be iterated once; it may raise ``UnreadableError`` or ``LimitError`` midway. ``hidden_rows`` and
    ``hidden_columns`` count from 0. ``very_hidden``: the program that shows the file does not list the sheet either.
    ``filtered``: a filter is set, which is why rows are hidden. ``large``: worth the import of an engine for tables.
    """

    location: str
    batches: Iterable[Batch]
    hidden: bool = False
    merged: Sequence[CellRange] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    very_hidden: bool = False
    filtered: bool = False
    large: bool = False


@dataclass(frozen=True, repr=False)
class Text:
    """Running text, or a window of it: ``first_line`` is the number, from 1, of its first line in the whole."""

    place: Place
    text: str
    first_line: int = 1


@dataclass(frozen=True, repr=False)
class Member:
    """A file inside a file. ``name`` uses ``/`` between folders; ``stream`` is seekable and the receiver closes it."""

    name: str
    stream: BinaryIO
    size: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not read. ``reason`` is a key of :data:`piiscan.messages.REASONS`.

    ``partial`` False marks what holds no text for piiscan to read, such as pictures: it is listed, but the file
    still counts as read whole.
    """

    location: str
    reason: str
    partial: bool = True


Item = Sheet | Text | Member | Skipped


@dataclass(frozen=True)
class Editor:
    """What a rewriter asks while it copies a file. Each answer None means: leave it byte for byte as it is.

    ``cell(sheet_location, row, column, text)`` and ``text(place, text, first_line)`` give the new text; ``member(name,
    stream)`` gives the new content of a nested file. The same places are asked about that ``Format.read`` yields, in
    any order, with the same text. ``unread(location)`` is asked about what cannot be read or written: ``drop`` leaves it
    out together with all that refers to it, ``keep`` copies it as it is, ``stop`` does what must be done with neither.
    ``gives_back``: the new texts are those of an original, which a copy may have had to write otherwise.
    ``column`` answers for many cells of one column what ``cell`` would one by one.
    """

    cell: Callable[[str, int, int, str], str | None]
    text: Callable[[Place, str, int], str | None]
    member: Callable[[str, BinaryIO], bytes | None]
    unread: Callable[[str], str] = lambda _location: "stop"
    gives_back: bool = False
    column: Callable[[str, Sequence[int], int, Sequence[str]], Sequence[str | None]] | None = None

    def cells(self, sheet: str, rows: Sequence[int], column: int, texts: Sequence[str]) -> Sequence[str | None]:
        """The answers of ``cell`` for many cells of one column, none of them empty."""
        if self.column is not None:
            return self.column(sheet, rows, column, texts)
        return [self.cell(sheet, row, column, text) for row, text in zip(rows, texts, strict=True)]


# ---------------------------------------------------------------- plug-ins: one file each


@dataclass(frozen=True)
class Format:
    """A file format; ``piiscan/formats/<id>.py`` ends with ``FORMAT = Format(...)``.

    ``sniff`` looks at content first and the suffix last and answers how sure it is: 0 no, 10 the bare container or
    plain bytes would fit, 50 a sign that others lack, 90 certain. The surest format reads the file. ``read`` raises
    ``UnreadableError``, ``EncryptedError``, ``LimitError``. ``rewrite`` writes the edited copy to a stream, gives the
    notes for the manifest, and raises ``UnsafeCopyError`` for what cannot be cleaned; None: cannot be written.
    """

    id: str
    label: str
    suffixes: tuple[str, ...]
    sniff: Callable[[Source], int]
    read: Callable[[Source, Limits], Iterator[Item]]
    rewrite: Callable[[Source, BinaryIO, Editor, Limits], None] | None = None


@dataclass(frozen=True)
class Detector:
    """One entity; ``piiscan/detectors/<id>.py`` ends with ``DETECTOR = Detector(...)``. The module docstring is its manual.

    ``shapes``: patterns that match a *whole* cell, both widths written out, in the common subset of Rust's regex and
    Python's ``re``: no look-around, no back-reference, no ``\\d`` or ``\\w``, bounded repeats, linear time. Empty for an
    entity that only a header can name. ``check`` settles what a shape cannot (check digit, calendar, dictionary); it gets
    the whole cell as it stands and must be total. ``search``: a pattern for free text (``regex`` syntax, may use
    look-around) whose group ``value`` (or whole match) is the span; ``check`` is applied to the span as well.
    ``needs_context``: shapes are too common to be believed without a header or a cue word. ``cues``: words near a
    span in running text that make it believable. ``headers``: header words besides those of ``rules/headers.toml``,
    so that a detector is one file. ``group``: name, contact, place, date, attribute, identifier (a
    government or financial number), member_id, secret, sensitive, organisation. ``strength``: for a value that fits, how
    much it proves by itself, from 0 (a bare digit) to 1 (nobody could mean anything else); None stands for 1.
    """

    id: str
    group: str
    label: str
    label_en: str
    shapes: tuple[str, ...] = ()
    check: Callable[[str], bool] | None = None
    subtype: Callable[[str], str | None] | None = None
    search: str | None = None
    needs_context: bool = False
    cues: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    sample: Callable[[Random], str] | None = None
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    strength: Callable[[str], float] | None = None


#: Gives a number from 0 up to, not including, its argument.
Draw = Callable[[int], int]


@dataclass(frozen=True, repr=False)
class Keyed:
    """What an action with a secret key gets besides the value.

    ``unique(purpose, value, make)`` is what ``make`` makes of numbers that follow from the key, the purpose and the
    value alone; two values of one run are not given the same. ``permute(purpose, number, size)`` is another number
    below ``size``, one to one. ``row``: entity → text of the same person in the same row, empty in running text.
    ``exact``: what differs only in spelling counts as different, so that it can be turned back.
    """

    unique: Callable[[str, str, Callable[[Draw], str]], str]
    permute: Callable[[str, int, int], int]
    row: Mapping[str, str]
    exact: bool


@dataclass(frozen=True)
class Action:
    """A way of making one value safe; ``piiscan/actions/<id>.py`` ends with ``ACTION = Action(...)``.

    ``apply(entity, text, options)`` gives the replacement for one value of that entity. An action that needs a secret
    key has ``keyed`` as well, and its ``apply`` refuses every text but an empty one with ``UsageError``. ``many`` gives
    what ``apply`` gives for each of many texts, where that is quicker, or None where it is not.
    """

    id: str
    label: str
    label_en: str
    apply: Callable[[str, str, Mapping[str, str | int]], str]
    keyed: Callable[[str, str, Mapping[str, str | int], Keyed], str] | None = None
    many: Callable[[str, Sequence[str], Mapping[str, str | int]], Sequence[str] | None] | None = None


# ---------------------------------------------------------------- results: no values in here


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

    ``reason`` is a key of :data:`piiscan.messages.REASONS` with ``params`` when the status is refused or failed.
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


@dataclass(frozen=True)
class ScanOptions:
    """What a scan is told; picklable, handed down, never changed. ``jobs`` 0 means one worker a processor."""

    limits: Limits = field(default_factory=Limits)
    rules: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    jobs: int = 0
    passwords: tuple[str, ...] = field(default=(), repr=False)
    person_secret: bytes = field(default=b"", repr=False)
    isolate: bool = True


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """What a copying command is told besides ``ScanOptions``.

    ``force``: an existing copy may be overwritten. ``in_place``: the copy takes the place of its source, which stays
    beside it as a backup unless ``backup`` is False. ``dry_run``: say what would be written, write nothing.
    ``actions``: (entity, action id) pairs that go before those of the rules; ``profile`` chooses among the rules.
    ``threshold``: a copy in which a second scan finds this level or more is refused. ``unknown``: what becomes of what
    cannot be cleaned: ``stop``, ``drop`` or ``keep``. ``convert``: what cannot be written is converted first.
    ``preserve``: owner, times and extended attributes go over to the copy. ``links``: names that are links, or one of
    several of a file, may be written to.
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


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a run, for a progress display: the path now finished and how many are done of how many known."""

    path: str
    done: int
    known: int
