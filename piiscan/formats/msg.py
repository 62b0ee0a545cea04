"""Outlook messages (.msg): a compound file whose streams are MAPI properties. Reading only.

Subject, people, internet headers, text, HTML and RTF bodies, every other string, attachments as members, and messages
inside the message in place. [MS-OXMSG]. A copy cannot be written: streams of another length would need a new file system.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

from piiscan.errors import LimitError, UnreadableError
from piiscan.formats import _mail_mapi as mapi
from piiscan.formats._compound import bound_streams
from piiscan.formats._mail_names import clean_name, unique
from piiscan.formats._ole_slack import unused_strings
from piiscan.model import Format, Item, Limits, Place, Skipped, Source, Text

if TYPE_CHECKING:
    import olefile

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
_PROPERTIES = "__properties_version1.0"
#: Length of the header of the property stream: a message, a message in a message, an attachment or recipient.
_TOP, _EMBEDDED, _INNER = 32, 24, 8
_BY_VALUE, _EMBEDDED_MESSAGE, _OLE = 1, 5, 6


def sniff(source: Source) -> int:
    """90 for a compound file with a property stream at its root; 40 for a broken one that is called .msg."""
    if source.head(8) != _MAGIC:
        return 0
    try:
        with _open(source) as file:
            return 90 if file.exists(_PROPERTIES) else 0
    except UnreadableError:
        return 40 if source.suffix == ".msg" else 0
    finally:
        source.stream.seek(0)


def _open(source: Source) -> olefile.OleFileIO:
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


class _Folders:
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
            if name == _PROPERTIES:
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


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Texts, attachments and inner messages; raises ``UnreadableError`` and ``LimitError``."""
    with _open(source) as file:
        folders = _Folders(file, limits)
        yield from _message(folders, (), _TOP, "", {}, None, 0)
        if left := unused_strings(file, limits.memory_bytes // 16):
            yield Text(Place("unused sectors", "orphan_string", hidden=True), left)


def _message(
    folders: _Folders,
    path: tuple[str, ...],
    header: int,
    prefix: str,
    taken: dict[str, int],
    outer: str | None,
    depth: int,
) -> Iterator[Item]:
    properties = folders.properties(path, header)
    charset = mapi.codec(properties, outer)
    yield from mapi.message_texts(properties, charset, prefix, folders.limits)
    for number, kind, raw in folders.several(path):
        text = mapi.string({number: (kind, raw)}, number, charset)
        if text.strip():
            yield Text(Place(f"{prefix}property {number:04X}", "property", hidden=True), text)
    for name in folders.children.get(path, ()):
        folders.members += name.startswith(("__recip", "__attach"))
        if folders.members > folders.limits.members:
            raise LimitError("too_many_members")
        if name.startswith("__recip_version1.0_"):
            text_item = mapi.recipient_text(folders.properties((*path, name), _INNER), charset, prefix)
            if text_item:
                yield text_item
        elif name.startswith("__attach_version1.0_"):
            yield from _attachment(folders, (*path, name), prefix, taken, charset, depth)


def _attachment(
    folders: _Folders, path: tuple[str, ...], prefix: str, taken: dict[str, int], charset: str | None, depth: int
) -> Iterator[Item]:
    properties = folders.properties(path, _INNER)
    shown = mapi.attachment_name(properties, charset)
    number = path[-1].rpartition("#")[2].lstrip("0") or "0"
    location = f"{prefix}attachment {number}"
    names = dict.fromkeys(
        mapi.string(properties, n, charset) for n in (mapi.LONG_NAME, mapi.NAME, mapi.PATHNAME, mapi.LONG_PATHNAME)
    )
    for name in names:
        if name.strip():
            yield Text(Place(location, "attachment_name"), name)
    inner = (*path, f"__substg1.0_{mapi.DATA:04X}{mapi.OBJECT:04X}")
    kind, data = properties.get(mapi.DATA, (0, b""))
    if kind == mapi.BINARY:
        yield mapi.file_member(unique(clean_name(shown, f"attachment-{number}.bin"), taken), data)
    elif inner in folders.children and _PROPERTIES in folders.children[inner]:
        if depth >= folders.limits.depth:
            raise LimitError("too_deep")
        yield from _message(folders, inner, _EMBEDDED, f"{location}/", taken, charset, depth + 1)
    elif inner in folders.children:
        yield from _embedded_object(folders, inner, clean_name(shown, location))
    elif mapi.number_of(properties, mapi.METHOD) not in (0, _BY_VALUE):
        yield Skipped(clean_name(shown, location), "linked_attachment")


def _embedded_object(folders: _Folders, path: tuple[str, ...], name: str) -> Iterator[Item]:
    """An OLE object: its native file when there is one, else a note that it was not read."""
    if "CONTENTS" in folders.children[path]:
        yield mapi.file_member(name, folders.stream((*path, "CONTENTS")))
    else:
        yield Skipped(name, "embedded_object")


FORMAT = Format(id="msg", label="Outlook メッセージ", suffixes=(".msg",), sniff=sniff, read=read)
