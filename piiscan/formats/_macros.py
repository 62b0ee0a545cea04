"""The source text of Visual Basic macros: modules as they were typed, and the words in their forms. [MS-OVBA] 2.4.1."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from piiscan.errors import LimitError, UnreadableError
from piiscan.formats._binary_strings import eight_bit_strings, strings
from piiscan.formats._compound import Compound, Path, codec_of_page, memory_stream
from piiscan.model import Limits

#: Every module begins with "Attribute VB_Name"; its first eight characters cannot be copies of earlier ones.
_MODULE = b"\x00Attribut"
#: Record of the code page in the decompressed ``dir`` stream, with its length. [MS-OVBA] 2.3.4.2.1.4
_CODE_PAGE = b"\x03\x00\x02\x00\x00\x00"
#: Streams of a form: its controls and their words, and streams that describe the project.
_FORM = frozenset({"f", "o", "\x03vbframe", "project", "projectwm"})
_MOST = 64 * 1024 * 1024
_CHUNK = 4096


def macro_texts(file: Compound, paths: list[Path]) -> Iterator[str]:
    """The words in the streams of a macro project, module by module; what is damaged is left out."""
    page = 932
    for path in paths:
        if path[-1].casefold() == "dir":
            found = _container(_read(file, path), 0)
            at = found.find(_CODE_PAGE)
            if at >= 0 and len(found) >= at + 8:
                page = int(struct.unpack_from("<H", found, at + 6)[0])
    codec = codec_of_page(page)
    for path in paths:
        name = path[-1].casefold()
        data = _read(file, path)
        at = data.find(_MODULE)
        if at >= 3:
            yield _container(data, at - 3).decode(codec, "replace").replace("\r\n", "\n")
        elif name in _FORM:
            yield "\n".join([*strings(data), *eight_bit_strings(data)])


def project_text(data: bytes) -> str:
    """The words of a macro project in a file of its own, as Office packages have it; "" for a damaged one."""
    try:
        with Compound(memory_stream(data), Limits()) as file:
            return "\n".join(macro_texts(file, list(file.streams)))
    except (UnreadableError, LimitError):
        return ""


def _read(file: Compound, path: Path) -> bytes:
    try:
        return file.read(path)
    except UnreadableError:
        return b""


def _container(data: bytes, at: int) -> bytes:
    """A compressed container from ``at``; as far as it goes when it is damaged."""
    out = bytearray()
    if data[at : at + 1] != b"\1":
        return b""
    at += 1
    while at + 2 <= len(data) and len(out) < _MOST:
        (head,) = struct.unpack_from("<H", data, at)
        end = min(at + (head & 0x0FFF) + 3, len(data))
        if head >> 12 & 7 != 3:
            break
        if head & 0x8000:
            _chunk(data, at + 2, end, out)
        else:
            out += data[at + 2 : min(at + 2 + _CHUNK, len(data))]
            end = at + 2 + _CHUNK
        at = end
    return bytes(out)


def _chunk(data: bytes, at: int, end: int, out: bytearray) -> None:
    start = len(out)
    while at < end:
        flags = data[at]
        at += 1
        for bit in range(8):
            if at >= end or len(out) - start > _CHUNK:
                return
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            if at + 2 > end or len(out) == start:
                return
            (token,) = struct.unpack_from("<H", data, at)
            at += 2
            bits = max((len(out) - start - 1).bit_length(), 4)
            length = (token & (0xFFFF >> bits)) + 3
            back = (token >> (16 - bits)) + 1
            if back > len(out) - start:
                return
            for _ in range(length):
                out.append(out[-back])
