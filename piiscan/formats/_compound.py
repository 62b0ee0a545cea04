"""Compound files ([MS-CFB]): streams by path within a budget, and what the library throws translated."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from piiscan.errors import LimitError, UnreadableError
from piiscan.model import Limits

if TYPE_CHECKING:
    import olefile

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Version and sector size, [MS-CFB] 2.2: the library believes any other too.
_SIZES = ((9, 6), (12, 6))
#: How many times the file's size, and how many bytes besides, may be read of its streams in all.
_SEVERAL, _SMALL = 8, 1024 * 1024
FOREIGN = (OSError, ValueError, TypeError, IndexError, KeyError, AttributeError, struct.error, EOFError, RecursionError)
Path = tuple[str, ...]


class Compound:
    """An open compound file and a budget for what is read from it; the stream stays the caller's."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        """Raises ``UnreadableError`` for what is damaged or no compound file."""
        import olefile

        stream.seek(0)
        head = stream.read(64)
        stream.seek(0)
        if not head.startswith(MAGIC) or len(head) < 64 or struct.unpack_from("<HH", head, 30) not in _SIZES:
            raise UnreadableError("damaged")
        try:
            self.file: olefile.OleFileIO = olefile.OleFileIO(stream)
            self.streams: tuple[Path, ...] = tuple(tuple(p) for p in self.file.listdir(streams=True, storages=False))
            size = stream.seek(0, io.SEEK_END)
        except FOREIGN:
            raise UnreadableError("damaged") from None
        bound_streams(self.file, size)
        self.limits = limits
        # Streams share no sectors, so all of them together are no longer than the file; some are read several times.
        self._left = min(limits.inflated_bytes, _SEVERAL * size + _SMALL)
        if len(self.streams) > limits.members:
            raise LimitError("too_many_members")

    def find(self, *names: str) -> Path | None:
        """The first stream of these names at the root, whatever the case."""
        for name in names:
            for path in self.streams:
                if len(path) == 1 and path[0].casefold() == name.casefold():
                    return path
        return None

    def read(self, path: Path) -> bytes:
        """The content of a stream; raises ``LimitError`` and ``UnreadableError``."""
        try:
            size = self.file.get_size(list(path))
            self._left -= size
            if self._left < 0 or size * 4 > self.limits.memory_bytes:
                raise LimitError("too_large")
            with self.file.openstream(list(path)) as stream:
                return bytes(stream.read())
        except FOREIGN:
            raise UnreadableError("damaged") from None

    def __enter__(self) -> Compound:
        return self

    def __exit__(self, *_: object) -> None:
        # olefile closes only streams that it opened itself.
        self.file.close()


def bound_streams(file: olefile.OleFileIO, size: int) -> None:
    """Lets no stream claim more than the file has: the library follows a chain that goes in circles to the claimed end."""
    file.num_mini_fat_sectors = min(file.num_mini_fat_sectors, size // file.sector_size)
    for entry in file.direntries:
        if entry is not None:
            entry.size = min(entry.size, size)


def names_in(stream: BinaryIO) -> frozenset[str]:
    """The names of the streams at the root in lower case; none when the file is no sound compound file."""
    try:
        with Compound(stream, Limits()) as file:
            return frozenset(path[0].casefold() for path in file.streams)
    except (UnreadableError, LimitError):
        return frozenset()
    finally:
        stream.seek(0)


# ---------------------------------------------------------------- property sets, [MS-OLEPS]

_LPSTR, _LPWSTR, _VECTOR, _VARIANT = 0x1E, 0x1F, 0x1000, 0x0C
_MOST_PROPERTIES = 10_000
#: Windows code pages that Python has under another name.
_PAGES = {
    0: "cp932", 1200: "utf-16-le", 65001: "utf-8", 10000: "mac_roman", 10001: "cp932", 10006: "mac_greek",
    10007: "mac_cyrillic", 10029: "mac_latin2", 10079: "mac_iceland", 10081: "mac_turkish", 20932: "euc_jp",
    51932: "euc_jp", 28591: "latin-1", 20127: "ascii",
}  # fmt: skip


def property_texts(data: bytes) -> list[str]:
    """Every string of a property set, names of custom properties included; what is damaged is left out."""
    found: dict[str, None] = {}
    try:
        (count,) = struct.unpack_from("<I", data, 24)
        for number in range(min(count, 8)):
            (start,) = struct.unpack_from("<I", data, 28 + 20 * number + 16)
            for text in _section_texts(data, start):
                if text.strip():
                    found[text] = None
    except struct.error:
        pass
    return list(found)


def _section_texts(data: bytes, start: int) -> Iterator[str]:
    _, count = struct.unpack_from("<II", data, start)
    entries = [struct.unpack_from("<II", data, start + 8 + 8 * i) for i in range(min(count, _MOST_PROPERTIES))]
    page = next((_number(data, start + at) for number, at in entries if number == 1), 1252)
    for number, at in entries:
        try:
            if number == 0:
                yield from _dictionary(data, start + at, page)
            else:
                yield from _value_texts(data, start + at, page, 2)
        except struct.error:
            continue


def _number(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at + 4)[0]) if at + 6 <= len(data) else 1252


def _value_texts(data: bytes, at: int, page: int, depth: int) -> Iterator[str]:
    (kind,) = struct.unpack_from("<I", data, at)
    if not kind & _VECTOR:
        if kind in (_LPSTR, _LPWSTR):
            yield _string(data, at + 4, kind, page)[0]
        return
    (count,) = struct.unpack_from("<I", data, at + 4)
    inner, at = kind & ~_VECTOR, at + 8
    for _ in range(min(count, _MOST_PROPERTIES)):
        step = inner
        if inner == _VARIANT:
            (step,) = struct.unpack_from("<I", data, at)
            at += 4
        if step in (_LPSTR, _LPWSTR) and depth:
            text, at = _string(data, at, step, page)
            yield text
        elif inner == _VARIANT:
            at += 4
        else:
            return


def _string(data: bytes, at: int, kind: int, page: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", data, at)
    wide = kind == _LPWSTR or page == 1200
    size = length * 2 if kind == _LPWSTR else length
    raw = data[at + 4 : at + 4 + min(size, len(data))]
    text = raw.decode("utf-16-le" if wide else codec_of_page(page), "replace").partition("\0")[0]
    padded = size + -size % 4 if kind == _LPWSTR else size
    return text, at + 4 + padded


def _dictionary(data: bytes, at: int, page: int) -> Iterator[str]:
    (count,) = struct.unpack_from("<I", data, at)
    at += 4
    for _ in range(min(count, _MOST_PROPERTIES)):
        (length,) = struct.unpack_from("<I", data, at + 4)
        size = length * 2 if page == 1200 else length
        yield data[at + 8 : at + 8 + size].decode(codec_of_page(page), "replace").partition("\0")[0]
        at += 8 + size + (-size % 4 if page == 1200 else 0)


def codec_of_page(page: int) -> str:
    """Python's name of a Windows code page; cp1252 for what it does not know."""
    name = _PAGES.get(page, f"cp{page}")
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name


# ---------------------------------------------------------------- files inside


def native_file(data: bytes) -> tuple[str, bytes] | None:
    """Name and content of an ``Ole10Native`` stream; None when it holds no file. [MS-OLEDS] 2.3.6, and what Excel writes."""
    if len(data) < 10:
        return None
    try:
        at = 6
        strings = []
        for _ in range(2):
            end = data.index(b"\0", at, at + 1024)
            strings.append(data[at:end])
            at = end + 1
        at += 4
        (length,) = struct.unpack_from("<I", data, at)
        at += 4 + length
        (size,) = struct.unpack_from("<I", data, at)
    except (ValueError, struct.error):
        return None
    content = data[at + 4 : at + 4 + size]
    if not content:
        return None
    return strings[0].decode("cp932", "replace"), content


def memory_stream(data: bytes) -> BinaryIO:
    """A stream over bytes in memory."""
    return io.BytesIO(data)
