"""One sheet part: its frame (all but the rows), its rows as a stream, and what is merged or hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from piiscan.errors import LimitError
from piiscan.formats._ooxml_package import Package, Part
from piiscan.formats._ooxml_xml import parse
from piiscan.formats._xlsx_rows import Rows, alike
from piiscan.formats._xlsx_stream import Cells, column_index, cut, plain_cells, strict_rows
from piiscan.model import CellRange

if TYPE_CHECKING:
    from lxml import etree

_OPEN = re.compile(
    rb"<!--(?:[^<]|<(?!!--))*?-->|<!\[CDATA\[(?:[^<]|<(?!!\[CDATA\[))*?\]\]>|<((?:[\w.-]+:)?)sheetData((?:\s[^<>]*?)?)(/?)>",
    re.DOTALL,
)
_HIDDEN_ROW = re.compile(
    rb"""<(?:[\w.-]+:)?row\s(?=[^<>]*+>)([^<>]*?(?:\bhidden\s*=\s*["'](?:1|true)["']|\bht\s*=\s*["']0(?:\.0{1,9})?["'])[^<>]*+)>"""
)
_ZERO = re.compile(r"0(?:\.0{1,9})?")
_NUMBER = re.compile(r"[0-9]{1,7}")
_ROW_NUMBER = re.compile(rb"""(?:^|\s)r\s*=\s*["']([0-9]{1,7})["']""")
_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?\Z")
#: Sheets up to this size are inflated once and kept; larger ones twice.
KEEP_BYTES = 16 * 1024 * 1024
_FRAME_BYTES = 64 * 1024 * 1024
_COLUMNS = 16_384


@dataclass(frozen=True, repr=False)
class SheetFile:
    """A sheet part, scanned once. ``frame`` is the document with its rows left out; ``opening`` and ``closing`` are
    the tags around them (empty when there are none)."""

    package: Package
    part: Part
    frame: bytes
    opening: bytes
    closing: bytes
    hidden_rows: frozenset[int]
    kept: bytes | None

    def document(self) -> Iterator[bytes]:
        """The part as UTF-8, from memory when it was kept."""
        if self.kept is None:
            yield from self.package.pieces(self.part)
        else:
            for at in range(0, len(self.kept), 1024 * 1024):
                yield self.kept[at : at + 1024 * 1024]

    def root(self) -> etree._Element:
        """The parsed frame."""
        return parse(self.frame)

    def content(self) -> Iterator[bytes]:
        """The rows as they stand, between the tags of sheetData."""
        if self.closing:
            yield from _between(self.document(), self.closing)

    def rows(self, *, whole: bool = False) -> Iterator[tuple[str, Cells | Rows]]:
        """Chunks of whole rows in plain shape, with their cells. The texts joined are the content of sheetData.

        ``whole``: cells that do not come by column are also given as they stand."""
        if not self.closing:
            return
        done = 0
        for chunk in cut(self.content(), b"</row>"):
            rows = alike(chunk)
            if rows is not None:
                done += chunk.count('<c r="')
                yield chunk, rows
                continue
            cells = plain_cells(chunk, whole=whole)
            if cells is None:
                break
            done += len(cells.rows)
            yield chunk, cells
        else:
            return
        for chunk, cells in strict_rows(self.document(), whole=whole or done > 0):
            if done >= len(cells.rows):
                done -= len(cells.rows)
            elif done:
                rest = cells.after(done)
                yield rest.text(), rest
                done = 0
            else:
                yield chunk, cells


def _between(document: Iterable[bytes], closing: bytes) -> Iterator[bytes]:
    """What stands between the tags of sheetData."""
    head = b""
    inside = False
    held = b""
    for piece in document:
        if not inside:
            head += piece
            match = opening_tag(head)
            if match is None:
                continue
            inside, piece = True, head[match.end() :]
        held += piece
        end = held.find(closing)
        if end >= 0:
            yield held[:end]
            return
        yield held[: -len(closing)]
        held = held[-len(closing) :]
    yield held


def opening_tag(head: bytes) -> re.Match[bytes] | None:
    """The start tag of sheetData: prefix, attributes, and the slash of an empty one."""
    return next((m for m in _OPEN.finditer(head) if m.group(1) is not None), None)


def scan_sheet(package: Package, part: Part) -> SheetFile:
    """Reads the part once: frame, hidden rows; keeps it when it is small."""
    kept: list[bytes] = []
    room = KEEP_BYTES if part.member.info.file_size <= KEEP_BYTES else 0  # what the directory says need not be true
    frame, held = b"", b""
    opening = closing = b""
    hidden: set[int] = set()
    state = "head"
    for piece in package.pieces(part):
        room -= len(piece)
        if room >= 0:
            kept.append(piece)
        else:
            kept.clear()
        if state == "head":
            frame += piece
            if (match := opening_tag(frame)) is not None:
                opening = match.group()
                state, held, frame = "rows", frame[match.end() :], frame[: match.start()]
                if match.group(3):
                    state, frame = "tail", frame + opening + held
                else:
                    closing = b"</" + match.group(1) + b"sheetData>"
                    frame += opening[:-1] + b"/>"
        elif state == "rows":
            held += piece
        else:
            frame += piece
        if state == "rows":
            end = held.find(closing)
            _hidden_rows(held if end < 0 else held[:end], hidden)
            if end < 0:
                held = held[-8192:]
            else:
                state, frame = "tail", frame + held[end + len(closing) :]
        if len(frame) > _FRAME_BYTES:
            raise LimitError("part_too_large", limit=_FRAME_BYTES)
    return SheetFile(package, part, frame, opening, closing, frozenset(hidden), b"".join(kept) if room >= 0 else None)


def _hidden_rows(data: bytes, hidden: set[int]) -> None:
    if b"hidden" not in data and b"ht=" not in data:
        return
    for tag in _HIDDEN_ROW.findall(data):
        if number := _ROW_NUMBER.search(tag):
            hidden.add(int(number.group(1)) - 1)


def cell_range(ref: str) -> CellRange | None:
    """A reference such as ``B2`` or ``$B$2:D9`` as a rectangle; None when it is none."""
    match = _REF.match(ref.strip())
    if match is None:
        return None
    first, top, last, bottom = match.groups()
    one = (int(top) - 1, column_index(first.upper()))
    two = (int(bottom) - 1, column_index(last.upper())) if last else one
    return CellRange(min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1]))


def merged(root: etree._Element) -> tuple[CellRange, ...]:
    """The merged ranges of a frame."""
    found = (cell_range(element.get("ref") or "") for element in root.iter("{*}mergeCell"))
    return tuple(r for r in found if r is not None)


def hidden_columns(root: etree._Element) -> frozenset[int]:
    """The columns a frame hides, from 0."""
    hidden: set[int] = set()
    for element in root.iter("{*}col"):
        low, high = element.get("min") or "", element.get("max") or ""
        narrow = element.get("hidden") in ("1", "true") or _ZERO.fullmatch(element.get("width") or "")
        if narrow and _NUMBER.fullmatch(low) and _NUMBER.fullmatch(high):
            hidden.update(range(int(low) - 1, min(int(high), _COLUMNS)))
    return frozenset(hidden)
