"""Texts cut into pieces by formatting: joined for reading, and a new text laid over the pieces for writing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from piiscan.formats._ooxml_xml import spread
from piiscan.model import CellRange, Place

#: A passage is cut between two paragraphs once it is this long, so that no text of a report is a whole book.
_PASSAGE_CHARS = 100_000


@dataclass(frozen=True, repr=False, slots=True)
class Piece:
    """A text that one element holds. ``put`` is called with another text only."""

    text: str
    put: Callable[[str], None]


Paragraph = Sequence[Piece]


@dataclass(frozen=True, repr=False, slots=True)
class Passage:
    """One text of a part as reading gives it. ``repeats``: it may say what another one at the same place has said."""

    place: Place
    text: str
    put: Callable[[str], None]
    first_line: int = 1
    repeats: bool = True


@dataclass(frozen=True, repr=False, slots=True)
class GridCell:
    """A cell of a table in a document; ``row`` and ``column`` count from 0."""

    row: int
    column: int
    text: str
    put: Callable[[str], None]


@dataclass(frozen=True, repr=False)
class Grid:
    """A table in a document. ``cells`` in rising order of rows, to be iterated once; ``commit`` is called when their ``put`` are done."""

    location: str
    cells: Iterable[GridCell]
    hidden: bool = False
    merged: Sequence[CellRange] = ()
    commit: Callable[[], None] | None = None


Thing = Passage | Grid


def joined(pieces: Paragraph) -> str:
    """The text of a paragraph."""
    return "".join(piece.text for piece in pieces)


def put_pieces(pieces: Paragraph, new: str) -> None:
    """Lays ``new`` over the pieces of a paragraph: formatting outside of the change stays."""
    for piece, text in zip(pieces, spread([p.text for p in pieces], new), strict=True):
        if text != piece.text:
            piece.put(text)


def put_paragraphs(paragraphs: Sequence[Paragraph], new: str) -> None:
    """Lays ``new`` over paragraphs whose texts were joined with line ends."""
    olds = [joined(p) for p in paragraphs]
    lines = new.split("\n")
    counts = [old.count("\n") + 1 for old in olds]
    if sum(counts) == len(lines):
        at = 0
        for paragraph, old, count in zip(paragraphs, olds, counts, strict=True):
            text = "\n".join(lines[at : at + count])
            at += count
            if text != old:
                put_pieces(paragraph, text)
        return
    _put_reflowed(paragraphs, olds, new)


def _put_reflowed(paragraphs: Sequence[Paragraph], olds: list[str], new: str) -> None:
    """For a change that removed or added line ends: what was around it stays, the rest goes to the first paragraph."""
    first, last = 0, len(olds)
    while first < last and new.startswith(olds[first] + "\n"):
        new = new[len(olds[first]) + 1 :]
        first += 1
    while last > first + 1 and new.endswith("\n" + olds[last - 1]):
        new = new[: -len(olds[last - 1]) - 1]
        last -= 1
    middle = [p for p in paragraphs[first:last] if p]
    for number, paragraph in enumerate(middle):
        put_pieces(paragraph, new.replace("\n", " ") if number == 0 else "")


def passages(
    place: Place, paragraphs: Sequence[Paragraph], first_line: int = 1, *, repeats: bool = True
) -> Iterator[Passage]:
    """Paragraphs as passages of bearable length; none for paragraphs without any text."""
    group: list[Paragraph] = []
    size, line, following = 0, first_line, first_line
    for paragraph in paragraphs:
        text = joined(paragraph)
        group.append(paragraph)
        size += len(text) + 1
        following += text.count("\n") + 1
        if size >= _PASSAGE_CHARS:
            yield from _passage(place, group, line, repeats)
            group, size, line = [], 0, following
    yield from _passage(place, group, line, repeats)


def _passage(place: Place, group: list[Paragraph], line: int, repeats: bool) -> Iterator[Passage]:
    text = "\n".join(joined(p) for p in group)
    if text.strip():
        yield Passage(place, text, lambda new: put_paragraphs(group, new), line, repeats)
