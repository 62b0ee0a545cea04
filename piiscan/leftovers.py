"""Searches a finished copy for values that must not be in it: through every member, in the encodings they may be in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO
from xml.sax.saxutils import escape

CHUNK = 4 * 1024 * 1024
ENCODINGS = ("utf-8", "utf-16-le", "cp932", "euc_jp")
MAX_DEPTH = 5


def find_leftovers(stream: BinaryIO, values: Sequence[str]) -> list[str]:
    """The names of the parts of a copy ("" for the file itself) in which one of the values still stands.

    Each value is looked for as UTF-8, UTF-16, cp932, EUC-JP and XML-escaped, in the raw bytes and in every member of
    nested zip packages.
    """
    if not values:
        return []
    from ahocorasick_rs import BytesAhoCorasick

    patterns = sorted({p for v in values for p in _spellings(v)})
    automaton = BytesAhoCorasick(patterns)
    longest = max(map(len, patterns))
    return [name for name, part in _parts(stream, "", 0) if _contains(part, automaton, longest)]


def _spellings(value: str) -> Iterator[bytes]:
    for text in {value, escape(value), escape(value, {'"': "&quot;"})}:
        for encoding in ENCODINGS:
            try:
                yield text.encode(encoding)
            except UnicodeEncodeError:
                continue


def _contains(part: BinaryIO, automaton: object, longest: int) -> bool:
    tail = b""
    while chunk := part.read(CHUNK):
        if automaton.find_matches_as_indexes(tail + chunk):  # type: ignore[attr-defined]
            return True
        tail = chunk[-longest:]
    return False


def _parts(stream: BinaryIO, name: str, depth: int) -> Iterator[tuple[str, BinaryIO]]:
    stream.seek(0)
    packed = depth < MAX_DEPTH and stream.read(4) == b"PK\x03\x04"
    stream.seek(0)
    yield name, stream
    if not packed:
        return
    stream.seek(0)
    with zipfile.ZipFile(stream) as package:
        for info in package.infolist():
            if not info.flag_bits & 1 and not info.is_dir():
                inner = f"{name}/{info.filename}" if name else info.filename
                yield from _parts(io.BytesIO(package.read(info)), inner, depth + 1)
