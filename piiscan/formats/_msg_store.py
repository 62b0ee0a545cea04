"""The storages of an Outlook message as folders of MAPI properties; shared by its reader and by what makes a mail of it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

from piiscan.errors import LimitError, UnreadableError
from piiscan.formats import _mail_mapi as mapi
from piiscan.formats._compound import bound_streams
from piiscan.model import Limits, Source

if TYPE_CHECKING:
    import olefile

_FOREIGN = (
    OSError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    AttributeError,
    struct.error,
    EOFError,
    RecursionError,
)
PROPERTIES = "__properties_version1.0"
#: Length of the header of the property stream: a message, a message in a message, an attachment or recipient.
TOP, EMBEDDED, INNER = 32, 24, 8


def open_message(source: Source) -> olefile.OleFileIO:
    """The compound file; raises ``UnreadableError``."""
    import olefile

    head = source.head(64)
    # The library believes any sector size, up to 2 to the power of 65,535; [MS-CFB] 2.2 knows these.
    if len(head) < 64 or struct.unpack_from("<HH", head, 30) not in ((9, 6), (12, 6)):
        raise UnreadableError("damaged")
    source.stream.seek(0)
    try:
        file = olefile.OleFileIO(source.stream)
    except _FOREIGN:
        raise UnreadableError("damaged") from None
    bound_streams(file, source.size)
    return file


class Folders:
    """The storages of the file by path, and a budget for what is read from them."""

    def __init__(self, file: olefile.OleFileIO, limits: Limits) -> None:
        self.file = file
        self.limits = limits
        self.read_bytes = 0
        self.members = 0
        self.children: dict[tuple[str, ...], list[str]] = {}
        try:
            paths = file.listdir(streams=True, storages=True)
        except _FOREIGN:
            raise UnreadableError("damaged") from None
        for path in paths:
            self.children.setdefault(tuple(path[:-1]), []).append(path[-1])

    def stream(self, path: tuple[str, ...]) -> bytes:
        """The content of a stream; raises ``LimitError`` and ``UnreadableError``."""
        try:
            size = self.file.get_size(list(path))
            self.read_bytes += size
            if self.read_bytes > self.limits.inflated_bytes or size * 4 > self.limits.memory_bytes:
                raise LimitError("too_large")
            with self.file.openstream(list(path)) as stream:
                return bytes(stream.read())
        except _FOREIGN:
            raise UnreadableError("damaged") from None

    def properties(self, path: tuple[str, ...], header: int) -> dict[int, tuple[int, bytes]]:
        """The properties of a storage: numbers from the property stream, strings and binaries from their own."""
        found: dict[int, tuple[int, bytes]] = {}
        for name in self.children.get(path, ()):
            if name == PROPERTIES:
                raw = self.stream((*path, name))[header:]
                for at in range(0, len(raw) - 15, 16):
                    kind, number = struct.unpack_from("<HH", raw, at)
                    if kind not in (mapi.STRING8, mapi.UNICODE, mapi.BINARY, mapi.OBJECT) and not kind & mapi.MULTIPLE:
                        found.setdefault(number, (kind, raw[at + 8 : at + 16]))
            elif (tag := _tag(name)) and tag[1] in (mapi.STRING8, mapi.UNICODE, mapi.BINARY):
                # A property in two types is two texts, whatever a mail program shows of them.
                key = tag[0] if tag[0] not in found else tag[1] << 16 | tag[0]
                found[key] = (tag[1], self.stream((*path, name)))
        return found

    def several(self, path: tuple[str, ...]) -> Iterator[tuple[int, int, bytes]]:
        """The values of multi-valued strings: property, type, content."""
        for name in self.children.get(path, ()):
            tag = _tag(name.partition("-")[0])
            if "-" in name and tag and tag[1] & ~mapi.MULTIPLE in (mapi.STRING8, mapi.UNICODE):
                yield tag[0], tag[1] & ~mapi.MULTIPLE, self.stream((*path, name))


def _tag(name: str) -> tuple[int, int] | None:
    prefix, _, digits = name.rpartition("_")
    if prefix.lower() != "__substg1.0" or len(digits) != 8:
        return None
    try:
        return int(digits[:4], 16), int(digits[4:], 16)
    except ValueError:
        return None
