"""An Outlook message written as a mail: people, subject, date, bodies, attachments, and messages inside the message.

What a mail program shows is kept. What only Outlook keeps beside it (categories, reminders, embedded objects, links to
files on a share) has no place in a mail. [MS-OXCMAIL] for which property becomes which field.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import BinaryIO
from urllib.parse import quote

from piiscan.errors import LimitError, UnsafeCopyError
from piiscan.formats import _mail_mapi as mapi
from piiscan.formats._mail_names import clean_name
from piiscan.formats._msg_store import EMBEDDED, INNER, PROPERTIES, TOP, Folders, open_message
from piiscan.model import Limits, Source

#: A field and its value, folded.
Field = tuple[str, str]
#: The fields of a part and its content.
Part = tuple[list[Field], bytes]
_CLASS, _SUBMITTED, _DELIVERED, _MIME, _CONTENT_ID = 0x001A, 0x0039, 0x0E06, 0x370E, 0x3712
_SENDERS = ((0x0042, 0x5D02, 0x0065), (0x0C1A, 0x5D01, 0x0C1F))
_SHOWN_LISTS = {"To": 0x0E04, "Cc": 0x0E03, "Bcc": 0x0E02}
_OTHERS = {"Reply-To": 0x0050, "Message-ID": 0x1035, "In-Reply-To": 0x1042, "References": 0x1039}
#: Classes of messages that are mails or notes; others are contacts, appointments, tasks, whose fields no mail has.
_MAILS = re.compile(r"(?:ipm|ipm\.(?:note|post|stickynote)(?:\..*)?|report\..*|)", re.IGNORECASE)
#: Fields that are written from the properties, or that tell of parts which are new.
_OURS = re.compile(r"(?:content-.*|mime-version|from|sender|to|cc|bcc|subject)", re.IGNORECASE)
_FIELD = re.compile(r"([!-9;-~]{1,100}):[ \t]*(.*(?:\n[ \t]+.*)*)")
_TYPE = re.compile(r"(?!message/|multipart/)[a-z]+/[a-z0-9.+-]{1,80}", re.IGNORECASE)
#: Bytes of an encoded word, and characters of a line that need not be one.
_ENOUGH, _LONG_FIELD = 45, 900
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def write_mail(source: Source, out: BinaryIO, limits: Limits) -> None:
    """Writes the mail; the same one for the same message. Raises ``UnreadableError``, ``LimitError``, and
    ``UnsafeCopyError`` for a contact, an appointment and whatever else is no mail."""
    with open_message(source) as file:
        numbers = count(1)
        fields, body = _message(Folders(file, limits), (), TOP, None, numbers, 0)
        out.write(_joined([("MIME-Version", "1.0"), *fields], body))


def _message(
    folders: Folders, path: tuple[str, ...], header: int, outer: str | None, numbers: Iterator[int], depth: int
) -> tuple[list[Field], bytes]:
    """The fields and the body of a message; boundaries are numbered, no encoded part can hold one."""
    if depth > folders.limits.depth:
        raise LimitError("too_deep")
    properties = folders.properties(path, header)
    charset = mapi.codec(properties, outer)
    if not _MAILS.fullmatch(mapi.string(properties, _CLASS, charset).strip()):
        raise UnsafeCopyError("convert_no_mail")
    inside = folders.children.get(path, ())
    folders.members += sum(name.startswith(("__recip", "__attach")) for name in inside)
    if folders.members > folders.limits.members:
        raise LimitError("too_many_members")
    recipients = [folders.properties((*path, n), INNER) for n in inside if n.startswith("__recip_version1.0_")]
    fields = list(_fields(properties, recipients, charset))
    parts = [_texts(properties, charset, numbers, folders.limits)]
    for name in inside:
        if name.startswith("__attach_version1.0_"):
            parts += _attachment(folders, (*path, name), charset, numbers, depth)
    if len(parts) == 1:
        return [*fields, *parts[0][0]], parts[0][1]
    pictures = all(any(name == "Content-ID" for name, _ in part[0]) for part in parts[1:])
    made = _multipart("related" if pictures else "mixed", parts, numbers)
    return [*fields, *made[0]], made[1]


# ---------------------------------------------------------------- fields


def _fields(properties: mapi.Properties, recipients: Sequence[mapi.Properties], charset: str | None) -> Iterator[Field]:
    received = list(_received(mapi.string(properties, mapi.HEADERS, charset)))
    named = {name.lower() for name, _ in received}
    yield from received
    senders = [_person(properties, numbers, charset) for numbers in _SENDERS]
    told = [s for s in dict.fromkeys(senders) if s]
    yield from zip(("From", "Sender"), told, strict=False)
    for name, number in _SHOWN_LISTS.items():
        kind = list(_SHOWN_LISTS).index(name) + 1
        people = [r for r in recipients if (mapi.number_of(r, mapi.RECIPIENT_TYPE) & 15 or 1) == kind]
        texts = [_person(p, (mapi.NAME, mapi.SMTP, mapi.ADDRESS), charset) for p in people]
        if shown := ", ".join(t for t in texts if t) or _words(mapi.string(properties, number, charset)):
            yield name, shown
    yield "Subject", _words(mapi.string(properties, mapi.SUBJECT, charset))
    if "date" not in named and (date := _date(properties)):
        yield "Date", date
    for name, number in _OTHERS.items():
        text = mapi.string(properties, number, charset).strip()
        if text and name.lower() not in named:
            yield name, _words(text)


def _received(headers: str) -> Iterator[Field]:
    """The fields with which the message came, but for those that are made of its properties."""
    text = headers.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    for found in _FIELD.finditer(text):
        at_start = found.start() == 0 or text[found.start() - 1] == "\n"
        lines = [line.strip() for line in found[2].split("\n") if line.strip()]
        if at_start and lines and not _OURS.fullmatch(found[1]):
            travels = all(line.isascii() and line.isprintable() and len(line) < _LONG_FIELD for line in lines)
            yield found[1], "\r\n ".join(lines) if travels else _words(" ".join(lines))


def _person(properties: mapi.Properties, numbers: tuple[int, int, int], charset: str | None) -> str:
    """``name <address>``: the address of the internet, else the one of another kind of mail, unless it is a path."""
    name, smtp, other = (mapi.string(properties, n, charset).strip() for n in numbers)
    address = smtp or (other if not other.startswith("/") else "")
    plain = address and address.isascii() and not re.search(r"[\s<>(),;:\"\\]", address) and len(address) < 320
    if address and not plain:
        name, address = f"{name} {address}" if name != address else name, ""
    if not name or name == address:
        return f"<{address}>" if address else ""
    quoted = _words(name)
    if not quoted.startswith("=?"):
        quoted = '"' + quoted.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{quoted} <{address}>" if address else quoted


def _date(properties: mapi.Properties) -> str:
    for number in (_SUBMITTED, _DELIVERED):
        ticks = int.from_bytes(properties.get(number, (0, b""))[1][:8], "little")
        if ticks:
            try:
                return format_datetime(_EPOCH + timedelta(microseconds=ticks // 10))
            except (OverflowError, ValueError):
                continue
    return ""


def _words(text: str) -> str:
    """The value of a field: as it stands where it can travel, else encoded (RFC 2047)."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if text.isascii() and len(text) < _LONG_FIELD and "=?" not in text:
        return text
    chunks, chunk = [], b""
    for sign in text:
        raw = sign.encode("utf-8", "replace")
        if len(chunk) + len(raw) > _ENOUGH:
            chunks.append(chunk)
            chunk = b""
        chunk += raw
    return "\r\n ".join(f"=?utf-8?B?{base64.b64encode(c).decode()}?=" for c in (*chunks, chunk))


# ---------------------------------------------------------------- parts


def _texts(properties: mapi.Properties, charset: str | None, numbers: Iterator[int], limits: Limits) -> Part:
    """The body: as plain text and as a page where it has both. RTF stands in for a page, and for a text it differs from."""
    plain, html, rtf, is_page = mapi.bodies(properties, charset, limits)
    if is_page:
        html, rtf = html or rtf, ""
    says_more = _squeezed(rtf) != _squeezed(plain)
    texts = [_text("plain", t) for t in (plain, rtf if says_more else "") if t.strip()]
    texts += [_text("html", html)] if html.strip() else []
    if len(texts) > 1:
        return _multipart("alternative", texts, numbers)
    return texts[0] if texts else _text("plain", "")


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _text(kind: str, text: str) -> Part:
    raw = text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "replace")
    fields = [("Content-Type", f"text/{kind}; charset=utf-8"), ("Content-Transfer-Encoding", "base64")]
    return fields, _base64(raw)


def _attachment(
    folders: Folders, path: tuple[str, ...], charset: str | None, numbers: Iterator[int], depth: int
) -> Iterator[Part]:
    properties = folders.properties(path, INNER)
    number = path[-1].rpartition("#")[2].lstrip("0") or "0"
    name = clean_name(mapi.attachment_name(properties, charset), "")
    inner = (*path, f"__substg1.0_{mapi.DATA:04X}{mapi.OBJECT:04X}")
    kind, data = properties.get(mapi.DATA, (0, b""))
    if kind == mapi.BINARY:
        yield _file(name or f"attachment-{number}.bin", data, properties, charset)
    elif PROPERTIES in folders.children.get(inner, ()):
        fields, body = _message(folders, inner, EMBEDDED, charset, numbers, depth + 1)
        kept = [("Content-Type", "message/rfc822"), _disposition("attachment", f"{name or 'message'}.eml")]
        yield kept, _joined([("MIME-Version", "1.0"), *fields], body)
    elif "CONTENTS" in folders.children.get(inner, ()):
        yield _file(name or f"attachment-{number}.bin", folders.stream((*inner, "CONTENTS")), properties, charset)


def _file(name: str, data: bytes, properties: mapi.Properties, charset: str | None) -> Part:
    told = mapi.string(properties, _MIME, charset).strip()
    cid = mapi.string(properties, _CONTENT_ID, charset).strip().strip("<>")
    known = bool(cid) and cid.isascii() and cid.isprintable() and " " not in cid and len(cid) < _LONG_FIELD
    fields = [
        ("Content-Type", told if _TYPE.fullmatch(told) else "application/octet-stream"),
        ("Content-Transfer-Encoding", "base64"),
        _disposition("inline" if known else "attachment", name),
    ]
    return [*fields, *([("Content-ID", f"<{cid}>")] if known else [])], _base64(data)


def _disposition(kind: str, name: str) -> Field:
    if name.isascii():
        quoted = name.replace("\\", "_").replace('"', "'")
        return "Content-Disposition", f'{kind};\r\n filename="{quoted}"'
    return "Content-Disposition", f"{kind};\r\n filename*=utf-8''{quote(name.encode('utf-8', 'replace'))}"


def _multipart(kind: str, parts: Sequence[Part], numbers: Iterator[int]) -> Part:
    mark = f"=_part-{next(numbers)}"
    body = b"".join(f"--{mark}\r\n".encode() + _joined(fields, data) + b"\r\n" for fields, data in parts)
    return [("Content-Type", f'multipart/{kind};\r\n boundary="{mark}"')], body + f"--{mark}--\r\n".encode()


def _joined(fields: Iterable[Field], body: bytes) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode("ascii") + b"\r\n" + body


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")
