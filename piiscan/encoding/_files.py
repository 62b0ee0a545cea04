"""Files as text: their encoding from as much of them as it takes, and their text block by block."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from piiscan.encoding._codecs import ASCII
from piiscan.encoding._read import decode
from piiscan.encoding._sniff import Encoding, detect

_HEAD, _CHUNK, _PROOF = 32 * 1024, 1024**2, 4096
_CONTROL_BYTES = bytes([*range(7), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_CONTROLS = re.compile("[\x00-\x06\x0e-\x1a\x1c-\x1f]+")
_NOT_PLAIN = re.compile(rb"[\x80-\xff]|\x1b[$(]")
_ESCAPED = re.compile(rb"\x1b[$(]")


@dataclass(frozen=True, repr=False, slots=True)
class Block:
    """A stretch of a file: its bytes, the same as text, and how many bytes could not be read (U+FFFD in the text)."""

    raw: bytes
    text: str
    undecodable: int


def text_encoding(stream: BinaryIO, *, named: bool = False) -> Encoding | None:
    """The encoding of a file that holds text, or None for a binary one; the stream is left at its start.

    ``named``: the name says that it is text, so that damage in every twentieth place does not make it a binary file.
    """
    stream.seek(0)
    head = stream.read(_PROOF)
    if _is_binary(head):
        stream.seek(0)
        return detect_stream(stream) if named and _is_damaged_text(head) else None
    found = detect_stream(stream)
    return found if looks_like_text(head, found) or (named and _is_damaged_text(head)) else None


def _is_damaged_text(head: bytes) -> bool:
    """Whether nineteen of twenty bytes could be text, and nine of ten characters are.

    Zeros at the end are none of it: files that were to be longer, and files out of blocks, are filled with them.
    """
    head = head.rstrip(b"\0\x1a")
    if not head:
        return False
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    text, bad = decode(head, detect(head, complete=False))
    return controls * 20 <= len(head) and (bad + len(_CONTROLS.findall(text))) * 10 <= len(text)


def _is_binary(head: bytes) -> bool:
    """A quick no: too many control bytes for text, and not the two- or four-byte pattern of UTF-16 and UTF-32."""
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    if controls <= 2 + len(head) // 200:
        return False
    return not detect(head, complete=False).name.startswith(("utf-16", "utf-32"))


def detect_stream(stream: BinaryIO, most: int = 64 * 1024**2) -> Encoding:
    """The encoding of a whole file; the stream is left at its start.

    A file that begins with plain ASCII is read on, up to ``most`` bytes, until something tells the encodings apart.
    """
    stream.seek(0)
    head = stream.read(_HEAD + 1)
    found = detect(head[:_HEAD], complete=len(head) <= _HEAD)
    if len(head) > _HEAD and found == Encoding("utf-8") and head.isascii():
        found = _detect_behind(stream, most)
    stream.seek(0)
    return found


def _detect_behind(stream: BinaryIO, most: int) -> Encoding:
    """The encoding of a file by its first block that is not plain ASCII, from the line end before it on."""
    before = b""
    for _ in range(0, most, _CHUNK):
        data = stream.read(_CHUNK)
        if not data:
            break
        if not data.isascii() or _ESCAPED.search(data):
            both = before[-1024:] + data
            first = _NOT_PLAIN.search(both)
            start = both.rfind(b"\n", 0, first.start()) + 1 if first else 0
            part = both[start : start + _HEAD]
            return detect(part, complete=False)
        before = data
    return Encoding("utf-8")


def looks_like_text(head: bytes, encoding: Encoding) -> bool:
    """Whether the beginning of a file holds text and no control bytes that only binary files have."""
    text, bad = decode(head[encoding.bom_length :], encoding)
    controls = sum(len(run) for run in _CONTROLS.findall(text))
    if not encoding.bom_length and controls > len(text) // 500 + (1 if encoding.confident else 0):
        return False
    return (controls <= 1 or controls * 20 <= len(text)) and bad <= 4 + len(head) // 20


def decode_stream(stream: BinaryIO, encoding: Encoding, size: int = 1024**2) -> Iterator[Block]:
    """The rest of a binary stream in blocks of about ``size`` bytes, cut behind a line end where there is one.

    Seek behind the byte order mark first. A line longer than ``size`` is cut between two characters.
    """
    rest = b""
    while data := stream.read(size):
        rest = rest + data if rest else data
        cut = _cut(rest, encoding.name)
        if cut:
            yield Block(rest[:cut], *decode(rest[:cut], encoding))
            rest = rest[cut:]
    if rest:
        yield Block(rest, *decode(rest, encoding))


def _cut(data: bytes, name: str) -> int:
    """Where to cut: behind the last line end, else behind the last whole character; 0 when there is no place yet."""
    if name.startswith(("utf-16", "utf-32")):
        return _cut_wide(data, name)
    at = data.rfind(b"\n") + 1 or (data.rfind(b"\r", 0, -1) + 1)
    if at:
        return at
    if name == "cp50221":
        escape = data.rfind(ASCII)
        return escape + 3 if escape >= 0 else (len(data) if data.rfind(b"\x1b") < 0 else 0)
    decoder = codecs.getincrementaldecoder("euc_jp" if name == "eucjp-ms" else name)("piiscan-euc")
    decoder.decode(data)
    return len(data) - len(decoder.getstate()[0])


def _cut_wide(data: bytes, name: str) -> int:
    width = 4 if name.startswith("utf-32") else 2
    newline = "\n".encode(name)
    at = data.rfind(newline)
    while at > 0 and at % width:
        at = data.rfind(newline, 0, at + width - 1)
    if at > 0:
        return at + width
    whole = len(data) // width * width
    high = data[whole - 1 if name.endswith("le") else whole - 2] if whole else 0
    return whole - 2 if width == 2 and 0xD8 <= high <= 0xDB else whole
