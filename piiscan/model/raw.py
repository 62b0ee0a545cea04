"""What lives in a file: sources, sheets, texts, members. All of it holds the user's data: it has no ``repr`` and never
leaves the process that read it. And what a format asks while it rewrites them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from piiscan.encoding import Encoding, text_encoding

if TYPE_CHECKING:
    import polars as pl


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
