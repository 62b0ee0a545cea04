"""Strings of BIFF: bytes in a code page up to version 7, Unicode with runs and readings in version 8. [MS-XLS] 2.5.293."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from piiscan.formats._binary_strings import is_japanese
from piiscan.formats._compound import codec_of_page

_HEAD = struct.Struct("<HB")
_SHORT = struct.Struct("<H")
_LONG = struct.Struct("<I")
_WIDE, _EXTENDED, _RICH = 1, 4, 8


@dataclass(frozen=True, slots=True)
class Pages:
    """How byte strings are decoded: by the code page the file states, which many writers in Japan got wrong.

    ``japanese``: they are Shift_JIS whatever is stated.
    """

    stated: int | None = None
    japanese: bool = False

    def decode(self, raw: bytes) -> str:
        """The text of a byte string."""
        if raw.isascii():
            return raw.decode("ascii")
        if self.japanese or self.stated is None:
            try:
                return raw.decode("cp932")
            except UnicodeDecodeError:
                pass
        page = {0x8000: 10000, 0x8001: 1252, 1200: 1252, None: 1252}.get(self.stated, self.stated)
        return raw.decode(codec_of_page(page or 1252), "replace")


def pages_for(stated: int | None, samples: Sequence[bytes]) -> Pages:
    """Looks at byte strings of the file before it believes that they are West European."""
    if stated not in (None, 1252, 0x8001, 1200):
        return Pages(stated)
    sample = b"\n".join(raw for raw in samples if not raw.isascii())
    try:
        text = sample.decode("cp932")
    except UnicodeDecodeError:
        return Pages(stated)
    return Pages(stated, japanese=bool(sample) and is_japanese(text))


def byte_string(data: bytes, at: int, end: int, size: int, pages: Pages) -> tuple[str, int]:
    """A string of bytes with its length in ``size`` bytes before it, and where it ends."""
    if at + size > end:
        return "", end
    length = int.from_bytes(data[at : at + size], "little")
    stop = min(at + size + length, end)
    return pages.decode(data[at + size : stop]), stop


def unicode_string(data: bytes, at: int, end: int, size: int = 2, length: int | None = None) -> tuple[str, int]:
    """A Unicode string with its length in ``size`` bytes before it (or given, ``size`` 0), and where it ends."""
    if at + size + 1 > end:
        return "", end
    if length is None:
        length = int.from_bytes(data[at : at + size], "little")
    at += size
    flags = data[at]
    at += 1
    runs = extra = 0
    if flags & _RICH and at + 2 <= end:
        (runs,) = _SHORT.unpack_from(data, at)
        at += 2
    if flags & _EXTENDED and at + 4 <= end:
        (extra,) = _LONG.unpack_from(data, at)
        at += 4
    stop = min(at + (length * 2 if flags & _WIDE else length), end)
    text = data[at:stop].decode("utf-16-le" if flags & _WIDE else "latin-1", "replace")
    return text, min(stop + runs * 4 + extra, end)


@dataclass(repr=False)
class SharedStrings:
    """The strings of a workbook. ``readings``: index → furigana; ``used``: which of them a cell shows."""

    texts: list[str] = field(default_factory=list)
    readings: dict[int, str] = field(default_factory=dict)
    used: bytearray = field(default_factory=bytearray)
    whole: bool = True


class _Segments:
    """The bytes of a record and its continuations, read in order; characters may change width where one begins."""

    def __init__(self, data: bytes, parts: Sequence[tuple[int, int]]) -> None:
        self.data = data
        self.parts = parts
        self.index = 0
        self.at, self.end = parts[0]

    def more(self) -> bool:
        while self.at >= self.end:
            if self.index + 1 >= len(self.parts):
                return False
            self.index += 1
            self.at, self.end = self.parts[self.index]
        return True

    def take(self, count: int) -> bytes:
        """``count`` bytes across continuations, fewer at the end."""
        if self.at + count <= self.end:
            self.at += count
            return self.data[self.at - count : self.at]
        pieces = []
        while count > 0 and self.more():
            piece = self.data[self.at : min(self.end, self.at + count)]
            self.at += len(piece)
            count -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def characters(self, count: int, wide: bool) -> str:
        """``count`` characters; each continuation says anew in its first byte whether they are wide."""
        pieces = []
        while count > 0:
            if self.at >= self.end:
                if not self.more():
                    break
                wide = bool(self.data[self.at] & _WIDE)
                self.at += 1
            width = 2 if wide else 1
            here = min(count, max(1, (self.end - self.at) // width))
            raw = self.data[self.at : min(self.at + here * width, self.end)]
            self.at += len(raw)
            pieces.append(raw.decode("utf-16-le" if wide else "latin-1", "replace"))
            count -= here
        return "".join(pieces)


def shared_strings(data: bytes, parts: Sequence[tuple[int, int]]) -> SharedStrings:
    """Reads an SST record and its continuations. [MS-XLS] 2.4.265."""
    found = SharedStrings()
    source = _Segments(data, parts)
    head = source.take(8)
    stated = _LONG.unpack_from(head, 4)[0] if len(head) == 8 else 0
    texts, readings = found.texts, found.readings
    cut = False
    for index in range(stated):
        if not source.more():
            break
        raw = source.take(3)
        if len(raw) < 3:
            cut = True
            break
        length, flags = _HEAD.unpack(raw)
        runs = extra = 0
        if flags & _RICH:
            runs = int.from_bytes(source.take(2), "little")
        if flags & _EXTENDED:
            extra = int.from_bytes(source.take(4), "little")
        size = length * 2 if flags & _WIDE else length
        if source.at + size <= source.end:
            codec = "utf-16-le" if flags & _WIDE else "latin-1"
            texts.append(data[source.at : source.at + size].decode(codec, "replace"))
            source.at += size
        else:
            texts.append(source.characters(length, bool(flags & _WIDE)))
            cut = len(texts[-1]) < length
        if runs:
            source.take(runs * 4)
        if extra and (reading := _reading(source.take(extra))):
            readings[index] = reading
    # Some writers state more strings than there are; only one that is cut off is damage.
    found.whole = not cut
    found.used = bytearray(len(texts))
    return found


def _reading(block: bytes) -> str:
    """The furigana of an ExtRst structure, [MS-XLS] 2.5.88."""
    if len(block) < 14 or block[0] != 1:
        return ""
    (length,) = _SHORT.unpack_from(block, 12)
    return block[14 : 14 + length * 2].decode("utf-16-le", "replace").strip()
