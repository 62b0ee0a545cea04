"""winmail.dat: what Outlook wraps a mail's rich text and attachments in for other programs (TNEF). Reading only.

[MS-OXTNEF]. A flat list of attributes with lengths; each length is checked against what is left.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from piiscan.encoding import decode_declared
from piiscan.errors import LimitError, UnreadableError
from piiscan.formats import _mail_mapi as mapi
from piiscan.formats._mail_names import clean_name, unique
from piiscan.model import Format, Item, Limits, Place, Skipped, Source, Text

_MAGIC = b"\x78\x9f\x3e\x22"
_SUBJECT, _BODY, _FROM, _TITLE, _DATA = 0x8004, 0x800C, 0x8000, 0x8010, 0x800F
_RENDERING, _MESSAGE, _RECIPIENTS, _ATTACHMENT, _CODEPAGE = 0x9002, 0x9003, 0x9004, 0x9005, 0x9007
_FIXED = {0x0000: 4, 0x0001: 4, 0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4,
          0x0014: 8, 0x0040: 8, 0x0048: 16}  # fmt: skip
_VARIABLE = (mapi.STRING8, mapi.UNICODE, mapi.BINARY, mapi.OBJECT)


@dataclass(slots=True, repr=False)
class _Attached:
    title: bytes = b""
    data: bytes | None = None
    properties: dict[int, tuple[int, bytes]] = field(default_factory=dict)


def sniff(source: Source) -> int:
    """90 for the signature."""
    return 90 if source.head(4) == _MAGIC else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Texts and attachments; a file that ends too early gives what it has and a note."""
    if source.size * 4 > limits.memory_bytes:
        raise LimitError("too_large")
    source.stream.seek(0)
    data = source.stream.read()
    if not data.startswith(_MAGIC):
        raise UnreadableError("damaged")
    charset: str | None = None
    message: dict[int, tuple[int, bytes]] = {}
    recipients: list[dict[int, tuple[int, bytes]]] = []
    plain: list[tuple[int, bytes]] = []
    attached: list[_Attached] = []
    whole = True
    for number, body in _attributes(data):
        if number < 0:
            whole = False
        elif number == _CODEPAGE and len(body) >= 4:
            charset = mapi.codec({0x3FFD: (mapi.INT, body)})
        elif number == _MESSAGE:
            message |= _properties(body)[0]
        elif number == _RECIPIENTS:
            recipients += _rows(body, limits.members)
        elif number == _RENDERING:
            attached.append(_Attached())
            if len(attached) > limits.members:
                raise LimitError("too_many_members")
        elif number in (_TITLE, _DATA, _ATTACHMENT):
            _attach(attached, number, body)
        elif number in (_SUBJECT, _BODY, _FROM):
            plain.append((number, body))
    yield from _texts(message, recipients, plain, mapi.codec(message, charset), limits)
    yield from _files(attached, mapi.codec(message, charset))
    if not whole:
        yield Skipped("tnef", "damaged")


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The attributes: number and content; number -1 when the rest cannot be read."""
    at = 6
    while at < len(data):
        if at + 9 > len(data):
            yield -1, b""
            return
        level, number, length = struct.unpack_from("<BII", data, at)
        end = at + 9 + length
        if level not in (1, 2) or end > len(data):
            yield -1, b""
            return
        yield number & 0xFFFF, data[at + 9 : end]
        at = end + 2


def _attach(attached: list[_Attached], number: int, body: bytes) -> None:
    if not attached:
        attached.append(_Attached())
    if number == _TITLE:
        attached[-1].title = body
    elif number == _DATA:
        attached[-1].data = body
    else:
        attached[-1].properties |= _properties(body)[0]


def _rows(body: bytes, limit: int) -> list[dict[int, tuple[int, bytes]]]:
    rows = []
    at = 4
    count = int.from_bytes(body[:4], "little")
    if count > limit:
        raise LimitError("too_many_members")
    for _ in range(count):
        row, length = _properties(body[at:])
        if not length:
            break
        rows.append(row)
        at += length
    return rows


def _properties(body: bytes) -> tuple[dict[int, tuple[int, bytes]], int]:
    """The properties of a list, and the bytes it takes; a list that ends too early gives what it has and 0."""
    found: dict[int, tuple[int, bytes]] = {}
    try:
        (count,) = struct.unpack_from("<I", body)
        at = 4
        for _ in range(min(count, len(body) // 4)):
            kind, number = struct.unpack_from("<HH", body, at)
            at = _named(body, at + 4) if number >= 0x8000 else at + 4
            base = kind & ~mapi.MULTIPLE
            values = 1
            if kind & mapi.MULTIPLE or base in _VARIABLE:
                (values,) = struct.unpack_from("<I", body, at)
                at += 4
            for index in range(min(values, len(body) // 4 + 1)):
                size = _FIXED.get(base, 0)
                if base in _VARIABLE:
                    (size,) = struct.unpack_from("<I", body, at)
                    at += 4
                if at + size > len(body):
                    return found, 0
                # Further values and named properties get numbers of their own, beyond the 16 bits of real ones.
                key = number if not index and number not in found else (at << 16) | number
                found[key] = (base, body[at : at + size])
                at += size + -size % 4
    except struct.error:
        return found, 0
    return found, at


def _named(body: bytes, at: int) -> int:
    """Behind the name of a named property."""
    (kind,) = struct.unpack_from("<I", body, at + 16)
    if kind == 0:
        return at + 24
    length = int(struct.unpack_from("<I", body, at + 20)[0])
    return at + 24 + length + -length % 4


def _texts(
    message: dict[int, tuple[int, bytes]],
    recipients: list[dict[int, tuple[int, bytes]]],
    plain: list[tuple[int, bytes]],
    charset: str | None,
    limits: Limits,
) -> Iterator[Text]:
    for number, raw in plain:
        text = decode_declared(raw.replace(b"\0", b"\n").strip(b"\n"), charset)[0]
        location = {_SUBJECT: "header:Subject", _BODY: "body", _FROM: "header:From"}[number]
        if text.strip():
            yield Text(Place(location, "text" if number == _BODY else "mail_header"), text)
    yield from mapi.message_texts(message, charset, "", limits)
    for row in recipients:
        if text_item := mapi.recipient_text(row, charset, ""):
            yield text_item


def _files(attached: list[_Attached], charset: str | None) -> Iterator[Item]:
    taken: dict[str, int] = {}
    for number, one in enumerate(attached, start=1):
        title = decode_declared(one.title.rstrip(b"\0"), charset)[0]
        name = mapi.attachment_name(one.properties, charset) or title
        for shown in dict.fromkeys((name, title)):
            if shown.strip():
                yield Text(Place(f"attachment {number}", "attachment_name"), shown)
        kind, data = one.properties.get(mapi.DATA, (0, b""))
        content = data[16:] if kind == mapi.OBJECT else data if kind == mapi.BINARY else one.data
        fallback = f"attachment-{number}.bin"
        if content is None:
            yield Skipped(clean_name(name, fallback), "linked_attachment")
        else:
            yield mapi.file_member(unique(clean_name(name, fallback), taken), content)


FORMAT = Format(id="tnef", label="Outlook 添付 (winmail.dat)", suffixes=(".dat", ".tnef"), sniff=sniff, read=read)
