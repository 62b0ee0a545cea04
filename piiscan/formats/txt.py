"""Plain text of any size in any Japanese encoding, read in windows of whole lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from piiscan.encoding import Encoding, decode, decode_stream, offset_of, splice
from piiscan.errors import UnreadableError
from piiscan.model import Editor, Format, Item, Limits, Place, Skipped, Source, Text

SUFFIXES = (".txt", ".log", ".md", ".text")
PLACE = Place("", "text")
#: Bytes of a window, and how long an endless line may grow before it is cut behind a space or a sign.
WINDOW = 256 * 1024
LONGEST_LINE = 1024**2
_LOOK_BACK = 1000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SIGN = re.compile(r"[\s、。，；;|「」『』（）()\[\]{}<>\"']")


def sniff(source: Source) -> int:
    """10 for what decodes as text, 15 when it is named like it, 5 for an empty file, 0 for binary."""
    if source.size == 0:
        return 5
    if source.encoding(named=source.suffix in SUFFIXES) is None:
        return 0
    return 15 if source.suffix in SUFFIXES else 10


@dataclass(frozen=True, repr=False, slots=True)
class _Window:
    """Whole lines, or a part of an endless one; ``first_line`` counts from 1."""

    raw: bytes
    text: str
    first_line: int
    undecodable: int


def read(source: Source, limits: Limits) -> Iterator[Item]:  # noqa: ARG001 -- memory does not depend on the file
    """The windows of the text, then the line of the first byte that could not be read, if any."""
    damaged = 0
    for window in _windows(source, _encoding(source)):
        if window.undecodable and not damaged:
            damaged = window.first_line + _line_ends(window.text[: window.text.find("\ufffd")])
        yield Text(PLACE, window.text, window.first_line)
    if damaged:
        yield Skipped(str(damaged), "undecodable_bytes")


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:  # noqa: ARG001
    """Copies the text window by window; of a changed window, only the changed lines get new bytes."""
    encoding = _encoding(source)
    out.write(source.head(encoding.bom_length) if encoding.bom_length else b"")
    for window in _windows(source, encoding):
        new = editor.text(PLACE, window.text, window.first_line)
        if new is None or new == window.text:
            out.write(window.raw)
        else:
            out.write(splice(window.raw, encoding, changes(window.text, new)))


def _encoding(source: Source) -> Encoding:
    encoding = source.encoding(named=source.suffix in SUFFIXES)
    if encoding is None:
        raise UnreadableError("not_text")
    return encoding


def _windows(source: Source, encoding: Encoding) -> Iterator[_Window]:
    source.stream.seek(encoding.bom_length)
    line, rest = 1, b""
    for block in decode_stream(source.stream, encoding, WINDOW):
        raw = rest + block.raw
        text, bad = decode(raw, encoding) if rest else (block.text, block.undecodable)
        cut = _cut(text, encoding)
        rest = b""
        if cut < len(text):
            kept = offset_of(raw, encoding, cut) if cut else 0
            raw, rest = raw[:kept], raw[kept:]
            text, bad = decode(raw, encoding)
        if text:
            yield _Window(raw, text, line, bad)
            line += _line_ends(text)
    if rest:
        text, bad = decode(rest, encoding)
        yield _Window(rest, text, line, bad)


def _cut(text: str, encoding: Encoding) -> int:
    """Where a window ends: behind the line end it has, else nowhere yet, else in an endless line behind a sign."""
    if text.endswith(("\n", "\r")):
        return len(text)
    if len(text) < LONGEST_LINE or encoding.name == "cp50221":  # whose lines alone begin in a known character set
        return 0
    signs = list(_SIGN.finditer(text, len(text) - _LOOK_BACK))
    return signs[-1].end() if signs else len(text)


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def changes(old: str, new: str) -> list[tuple[int, int, str]]:
    """The stretches in which ``new`` differs from ``old``, line by line while both have as many lines."""
    before, after = _LINE.findall(old), _LINE.findall(new)
    if len(before) != len(after):
        before, after = [old], [new]
    found, at = [], 0
    for line, other in zip(before, after, strict=True):
        if line != other:
            found.append(_change(line, other, at))
        at += len(line)
    return found


def _change(old: str, new: str, offset: int) -> tuple[int, int, str]:
    """(start, end, replacement) without what both have at the beginning and at the end."""
    most = min(len(old), len(new))
    head = next((n for n in range(most) if old[n] != new[n]), most)
    tail = next((n for n in range(most - head) if old[-1 - n] != new[-1 - n]), most - head)
    return offset + head, offset + len(old) - tail, new[head : len(new) - tail]


FORMAT = Format(id="txt", label="Text", suffixes=SUFFIXES, sniff=sniff, read=read, rewrite=rewrite)
