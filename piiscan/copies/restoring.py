"""The way back: what a copy with stand-ins must be told to become its original again, also when it was edited.

An untouched copy is known by its hash, and every cell gets back what stood there. In one that was edited or sorted a
cell is known by its stand-in, and where several originals have the same (dates move alike for many people), by the
row to which most of its neighbours belong. What stays open is left as it is and said.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from piiscan.copies.removed import Removed, finder
from piiscan.copies.steps import At, walk_through
from piiscan.errors import UnsafeCopyError
from piiscan.inspection.inspecting import Inspection
from piiscan.inspection.knowledge import Knowledge
from piiscan.model import Limits, Place, Source
from piiscan.text import fold

#: A stand-in that more rows share says little about which row it is.
_TELLING = 50
_GAPS = re.compile(r"[\s-]")
_QUOTES = re.compile(r'["\\]')
_Spot = tuple[int, int, int, int]


@dataclass(repr=False)
class Contents:
    """All cells and texts of a source. Files and sheets are known by their order, because their names may change.

    ``places``: (location, where) of each of the texts. ``aside``: texts that a copy does not have: the furigana, which a
    cell loses with its text, and what is only in signatures.
    """

    cells: dict[_Spot, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    places: list[tuple[str, str]] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    orders: dict[tuple[str | None, str], tuple[int, int]] = field(default_factory=dict)
    members: dict[str | None, int] = field(default_factory=dict)

    def spot(self, at: At) -> _Spot:
        """The cell's place."""
        member = self.members.setdefault(at.member, len(self.members))
        found = self.orders.setdefault((at.member, at.sheet), (member, len(self.orders)))
        return (*found, at.row, at.column)


def contents(source: Source, inspection: Inspection, known: Knowledge, limits: Limits) -> Contents:
    """Reads everything in a source."""
    found = Contents()

    def cell(_entity: str | None, text: str, at: At) -> None:
        found.cells[found.spot(at)] = text

    def text(text: str, place: Place) -> None:
        if place.where == "furigana":
            found.aside.append(text)
        else:
            found.texts.append(text)
            found.places.append((place.location, place.where))

    walk_through(source, None, inspection, known, limits, cell=cell, text=text)
    return found


def hash_of(stream: BinaryIO) -> str:
    """SHA-256 of all bytes of a stream, which is left at its start."""
    stream.seek(0)
    told = hashlib.sha256()
    while piece := stream.read(1024 * 1024):
        told.update(piece)
    stream.seek(0)
    return told.hexdigest()


def record(before: Contents, after: Contents, told: str, removed: Removed) -> dict[str, Any]:
    """What the vault keeps of one file: its changed cells and texts; raises ``UnsafeCopyError`` if they do not pair.

    Texts of the original that are not in the copy are set aside.
    """
    if before.cells.keys() != after.cells.keys():
        raise UnsafeCopyError("copy_other_layout")
    if len(before.texts) != len(after.texts):
        _set_aside(before, after)
    made = {new for spot, new in after.cells.items() if new != before.cells[spot]}
    cells = [[new, before.cells[spot], *spot] for spot, new in after.cells.items() if new in made]
    texts = [[new, old] for new, old in zip(after.texts, before.texts, strict=True) if new != old]
    return {"copy": told, "cells": cells, "texts": texts, "values": _backwards(removed)}


def _set_aside(before: Contents, after: Contents) -> None:
    """Leaves of ``before`` the texts that are in ``after`` as well, in their places but for names in these."""
    there, stayed = set(before.places), set(after.places)
    kept: list[int] = []
    for n, place in enumerate(before.places):
        same = after.places[len(kept)] if len(kept) < len(after.places) else None
        renamed = same is not None and same[1] == place[1] and same not in there and place not in stayed
        if same == place or renamed:
            kept.append(n)
        else:
            before.aside.append(before.texts[n])
    if len(kept) != len(after.places):
        raise UnsafeCopyError("copy_other_layout")
    before.texts, before.places = [before.texts[n] for n in kept], [before.places[n] for n in kept]


def with_original(block: Mapping[str, Any], source: Source) -> dict[str, Any]:
    """The record, with all of the original in it: for an untouched copy whose texts would not come back to the last sign."""
    source.stream.seek(0)
    return {**block, "original": b64encode(source.stream.read()).decode("ascii")}


def _backwards(removed: Removed) -> dict[str, str]:
    """Stand-in → the one value it stands for, as it was first spelt; without those that stand for several."""
    first: dict[str, str] = {}
    several: set[str] = set()
    for value, stand_in in removed.items():
        if first.setdefault(stand_in, value) != value and _plain(first[stand_in]) != _plain(value):
            several.add(stand_in)
    one = {stand_in: value for stand_in, value in first.items() if stand_in not in several}
    return {stand_in: value for stand_in, value in one.items() if len(stand_in) > 1}


def _plain(value: str) -> str:
    return _GAPS.sub("", fold(value))


@dataclass(repr=False)
class Memory:
    """The vault, ready to be asked. ``cells``: stand-in → (original, file and row); ``lines`` of texts likewise."""

    cells: dict[str, list[tuple[str, tuple[int, ...]]]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[str, str] = field(default_factory=dict)
    lines: dict[str, str | None] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    copies: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def add(self, block: Mapping[str, Any]) -> None:
        """Takes in the record of one file."""
        if "copy" not in block:
            return
        number = len(self.copies)
        self.copies[block["copy"]] = block
        for new, old, member, sheet, row, _ in block["cells"]:
            self.cells[new].append((old, (number, member, sheet, row)))
        for new, old in block["texts"]:
            self.texts[new] = old
            parts = new.splitlines(), old.splitlines()
            if len(parts[0]) == len(parts[1]):
                for line, was in zip(*parts, strict=True):
                    self.lines[line] = was if self.lines.get(line, was) == was else None
        self.values.update(block["values"])


@dataclass
class Restored:
    """How many cells and texts were given back, and how many may have several originals and were left."""

    changed: int = 0
    open: int = 0


def restore(
    source: Source, out: BinaryIO, inspection: Inspection, known: Knowledge, limits: Limits, memory: Memory
) -> Restored:
    """Writes the original of a copy."""
    told = hash_of(source.stream)
    if told in memory.copies and "original" in memory.copies[told]:
        out.write(b64decode(memory.copies[told]["original"]))
        return Restored(changed=1)
    by_value = _by_value(memory)
    if told in memory.copies:
        cell = _as_recorded({tuple(c[2:]): c[:2] for c in memory.copies[told]["cells"]}, by_value)
    else:
        cell = _as_remembered(_rows(contents(source, inspection, known, limits), memory), memory, by_value)
    done = Restored()
    order = Contents()

    def back(_entity: str | None, text: str, at: At) -> str | None:
        old = cell(text, order.spot(at))
        if old is None:
            done.open += 1
            return None
        done.changed += old != text
        return old if old != text else None

    def text(value: str, _place: Place) -> str | None:
        old = memory.texts.get(value)
        if old is None:
            old = value if told in memory.copies else "".join(map(line, value.splitlines(keepends=True)))
        done.changed += old != value
        return old if old != value else None

    line = _lines(memory, by_value)
    walk_through(source, out, inspection, known, limits, cell=back, text=text)
    return done


#: Gives the original of a text in a cell; None where there are several.
_Cell = Callable[[str, _Spot], "str | None"]


def _as_recorded(exact: Mapping[Any, Sequence[str]], by_value: Callable[[str], str]) -> _Cell:
    """For a copy that is as it was made: what stood in every cell. ``exact``: new and old text of each."""

    def cell(text: str, spot: _Spot) -> str:
        new, old = exact.get(spot, (text, text))
        # Another text is a part, asked about by itself: a name in the header that a JSON document's names make.
        return old if text == new else by_value(text)

    return cell


def _as_remembered(
    rows: Mapping[tuple[int, int, int], Counter[tuple[int, ...]]], memory: Memory, by_value: Callable[[str], str]
) -> _Cell:
    """For a copy that somebody has worked on: by the texts, and by the rows that they came from."""

    def cell(text: str, spot: _Spot) -> str | None:
        if text in memory.cells:
            return _chosen(memory.cells[text], rows.get(spot[:3], Counter()))
        return by_value(text)

    return cell


def _lines(memory: Memory, by_value: Callable[[str], str]) -> Callable[[str], str]:
    """A function that gives the original of a line."""

    def line(text: str) -> str:
        bare = text.rstrip("\r\n")
        was = memory.lines.get(bare)
        return (by_value(bare) if was is None else was) + text[len(bare) :]

    return line


def _by_value(memory: Memory) -> Callable[[str], str]:
    """A function that puts the originals of the stand-ins into a text."""
    find = finder(memory.values)

    def by_value(text: str) -> str:
        parts, at = [], 0
        for start, end, stand_in in find(text):
            parts += [text[at:start], memory.values[stand_in]]
            at = end
        return "".join([*parts, text[at:]])

    return by_value


def _rows(found: Contents, memory: Memory) -> dict[tuple[int, int, int], Counter[tuple[int, ...]]]:
    """Row of the copy → rows of the originals, by how many of its cells come from there."""
    rows: dict[tuple[int, int, int], Counter[tuple[int, ...]]] = defaultdict(Counter)
    for (member, sheet, row, _), text in found.cells.items():
        origins = {origin for _, origin in memory.cells.get(text, ())}
        if len(origins) <= _TELLING:
            rows[member, sheet, row].update(origins)
    return rows


def _chosen(candidates: list[tuple[str, tuple[int, ...]]], votes: Counter[tuple[int, ...]]) -> str | None:
    """The original that all candidates agree on, else that of the rows with most votes; None when those differ."""
    olds = {old for old, _ in candidates}
    if len(olds) == 1:
        return candidates[0][0]
    most = max((votes[origin] for _, origin in candidates), default=0)
    best = {old for old, origin in candidates if votes[origin] == most}
    return best.pop() if len(best) == 1 and most > 1 else None


def check(before: Contents, restored: Contents) -> bool:
    """Whether what came back is what there was, to the last sign; raises ``UnsafeCopyError`` when a cell or a text is not.

    False when texts say the same, written otherwise: a mail's header comes back without quotes that it can do without, a
    cell without the furigana that it had, a document without its signature.
    """
    if before.cells != restored.cells or list(map(_said, before.texts)) != list(map(_said, restored.texts)):
        raise UnsafeCopyError("copy_not_restorable")
    return (before.texts, before.aside) == (restored.texts, restored.aside)


def _said(text: str) -> str:
    return _QUOTES.sub("", text)
