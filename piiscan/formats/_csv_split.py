"""Cuts a large delimited file into pieces that hold whole records, without parsing them.

A piece is *regular* when its quotes stand only where a field begins or ends and no line ends in a bare carriage
return: then the number of its records is known from its bytes. In cp932 and EUC-JP no byte of a character is a line
end, a quote, a comma, a tab or a semicolon; everything else arrives here as UTF-8, where that holds for any ASCII.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, TypeVar

from piiscan.encoding import Encoding, decode, decode_stream
from piiscan.formats._csv_records import rows_of

if TYPE_CHECKING:
    import numpy as np

    Ints: TypeAlias = np.ndarray[Any, np.dtype[Any]]

T = TypeVar("T")

SLOW = 1024**2
_NEWLINE, _RETURN, _QUOTE = 10, 13, 34


@dataclass(slots=True)
class Damage:
    """Bytes that could not be read while a file was, and the first row (from 1) with one of them."""

    count: int = 0
    row: int = 0


@dataclass(frozen=True, repr=False, slots=True)
class Piece:
    """Whole records. ``records``: how many they are; ``rows``: those of a piece that is not regular, already read.

    ``wrapped``: some of its values may be wrapped as spreadsheets do it, ``="090"``.
    """

    data: bytes | memoryview
    records: int
    rows: list[list[str]] | None = None
    wrapped: bool = False


def utf8_chunks(stream: BinaryIO, encoding: Encoding, size: int, damage: Damage) -> Iterator[bytes]:
    """The rest of a stream as UTF-8. A file in UTF-8 goes through unread, damage and all."""
    if encoding.name != "utf-8":
        for part in decode_stream(stream, encoding, size):
            damage.count += part.undecodable
            yield part.text.encode()
        return
    while data := stream.read(size):
        yield data


def pieces(chunks: Iterable[bytes], delimiter: str, cell_chars: int, damage: Damage, skip: int) -> Iterator[Piece]:
    """The pieces of a file from its UTF-8 chunks, the first ``skip`` bytes left out."""
    rest = b""
    for data, final in with_last(chunks):
        block = (rest + data if rest else data)[skip:]
        skip = 0
        cut, records = scan(block, delimiter)
        rest = block[cut:]
        if cut:
            yield Piece(memoryview(block)[:cut], records, wrapped=b"=" in block or b"'" in block)
        if final or not cut:
            readable = len(rest) if final else _readable(rest)
            left = ""
            for part, last in with_last(_parts(rest[:readable])):
                text, bad = decode(part, Encoding("utf-8"))
                damage.count += bad
                rows, left = rows_of(left + text, delimiter, cell_chars, final=final and last)
                if rows:
                    yield Piece(b"", len(rows), rows)
            rest = left.encode() + rest[readable:]


def _parts(data: bytes) -> Iterator[bytes]:
    """Pieces of about ``SLOW`` bytes, because rows as Python lists take fifty times their size."""
    at = 0
    while len(data) - at > SLOW:
        end = at + _readable(data[at : at + SLOW])
        yield data[at:end]
        at = end
    if at < len(data):
        yield data[at:]


def with_last(items: Iterable[T]) -> Iterator[tuple[T, bool]]:
    """Each item with whether it is the last."""
    before: T | None = None
    for item in items:
        if before is not None:
            yield before, False
        before = item
    if before is not None:
        yield before, True


def _readable(data: bytes) -> int:
    """How many bytes can be decoded without cutting a line or, in an endless line, a character."""
    end = max(data.rfind(b"\n"), data.rfind(b"\r", 0, -1)) + 1
    if end:
        return end
    for back in range(1, min(4, len(data)) + 1):
        if data[-back] >= 0xC0:
            return len(data) - back
        if data[-back] < 0x80:
            break
    return len(data)


def scan(block: bytes, delimiter: str) -> tuple[int, int]:
    """How far the regular whole records of ``block`` go and how many they are; (0, 0) when it is not regular.

    A quote is inside out: with an even number of quotes before it, it opens a field, with an odd number it closes
    one, and a doubled quote does both.
    """
    import numpy as np

    data = np.frombuffer(block, np.uint8)
    lines = np.flatnonzero(data == _NEWLINE)
    if b"\r" in block:
        paired = np.count_nonzero(data[lines - 1] == _RETURN) - bool(
            len(lines) and not lines[0] and block[-1:] == b"\r"
        )
        if np.count_nonzero(data == _RETURN) - block.endswith(b"\r") > paired:
            return 0, 0
    quotes = np.flatnonzero(data == _QUOTE) if b'"' in block else lines[:0]
    if len(quotes):
        lines = _outside(lines, quotes)
    if not len(lines):
        return 0, 0
    cut = int(lines[-1]) + 1
    quotes = quotes[: int(np.searchsorted(quotes, cut))]
    opening, closing = quotes[0::2], quotes[1::2]
    before = data[opening[1:] - 1] if len(opening) and opening[0] == 0 else data[opening - 1]
    after = data[closing + 1]
    mark = ord(delimiter)
    fits = np.all((before == mark) | (before == _NEWLINE) | (before == _QUOTE))
    fits &= np.all((after == mark) | (after == _NEWLINE) | (after == _RETURN) | (after == _QUOTE))
    return (cut, len(lines)) if fits else (0, 0)


def _outside(lines: Ints, quotes: Ints) -> Ints:
    """The line ends that stand outside of quotes; the last quote may be open."""
    import numpy as np

    before = np.searchsorted(lines, quotes)  # so many line ends stand before each quote
    opened, closed = before[0::2], before[1::2]
    if len(closed) < len(opened):
        closed = np.append(closed, len(lines))
    wide = closed > opened
    if not wide.any():
        return lines
    depth = np.zeros(len(lines) + 1, dtype=np.int32)
    np.add.at(depth, opened[wide], 1)
    np.add.at(depth, closed[wide], -1)
    kept: Ints = lines[np.cumsum(depth[:-1]) == 0]
    return kept
