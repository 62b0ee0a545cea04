"""The records of binary workbook parts (BIFF12, xlsb) and their strings. [MS-XLSB] 2.1.4, 2.5.168."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from piiscan.formats._binary_strings import is_japanese, wide_strings

Record = tuple[int, int, int]
_LONG = struct.Struct("<I")
_NONE = 0xFFFFFFFF
_RICH, _EXTENDED = 1, 2
CUT = -1
#: The length of a string: at most 32,767 characters in four bytes.
_LENGTH = re.compile(rb"[\x00-\xff][\x00-\x7f]\x00\x00", re.DOTALL)
_CONTROLS = re.compile("[\t\r\n]")


def records(data: bytes) -> Iterator[Record]:
    """(record, start of its content, end of its content); when the end of the data cuts the last one, ``CUT`` follows."""
    at, size = 0, len(data)
    while at < size:
        record = data[at]
        at += 1
        if record & 0x80 and at < size:
            record = record & 0x7F | (data[at] & 0x7F) << 7
            at += 1
        length = shift = 0
        while at < size and shift < 28:
            byte = data[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield record, at, min(at + length, size)
        at += length
    if at > size:
        yield CUT, size, size


def wide_string(data: bytes, at: int, end: int) -> tuple[str, int]:
    """An XLWideString (or a nullable one, "" for none) and where it ends."""
    if at + 4 > end:
        return "", end
    (length,) = _LONG.unpack_from(data, at)
    if length == _NONE:
        return "", at + 4
    stop = min(at + 4 + length * 2, end)
    return data[at + 4 : stop].decode("utf-16-le", "replace"), stop


def rich_string(data: bytes, at: int, end: int) -> tuple[str, str]:
    """Text and furigana of a RichStr, [MS-XLSB] 2.5.121."""
    if at >= end:
        return "", ""
    flags = data[at]
    text, at = wide_string(data, at + 1, end)
    if flags & _RICH and at + 4 <= end:
        at += 4 + 4 * int(_LONG.unpack_from(data, at)[0])
    reading = wide_string(data, at, end)[0].strip() if flags & _EXTENDED and at < end else ""
    return text, reading


def strings(data: bytes) -> list[str]:
    """The strings in a record whose structure is not known: each has its length before it, or stands in a formula; in a
    record without any that have, whatever looks like words."""
    found: list[str] = []
    at = 0
    while match := _LENGTH.search(data, at):
        at = match.start() + 1
        length = int.from_bytes(match[0], "little")
        start, stop = match.end(), match.end() + 2 * length
        if length > 1 and stop <= len(data):
            text = data[start:stop].decode("utf-16-le", "replace")
            if "\ufffd" not in text and _CONTROLS.sub("", text).isprintable() and len(set(text)) > 1:
                found.append(text)
                at = stop
    if not found:
        return wide_strings(data)
    known = set(found)
    return found + [text for text in token_texts(data, 0, len(data)) if text not in known and is_japanese(text)]


def token_texts(data: bytes, at: int, end: int) -> Iterator[str]:
    """Texts in the tokens of a formula (PtgStr); other bytes may be taken for one, none is missed."""
    while 0 <= at < end:
        at = data.find(b"\x17", at, end)
        if at < 0 or at + 3 > end:
            return
        length = int.from_bytes(data[at + 1 : at + 3], "little")
        stop = at + 3 + 2 * length
        # The entries of a list in a validation are parted by zeros.
        text = data[at + 3 : min(stop, end)].decode("utf-16-le", "replace").replace("\0", "\n")
        if 1 < length < 256 and stop <= end and text.strip() and text.replace("\n", "").isprintable():
            yield text
            at = stop
        else:
            at += 1
