"""MAPI properties as Outlook stores them: which hold words, what they are called, how their bytes become text.

[MS-OXPROPS] for the numbers, [MS-OXCDATA] for the types, [MS-OXCMSG] for recipients and bodies.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

from piiscan.encoding import decode_declared
from piiscan.formats._mail_html import declared_charset, page
from piiscan.formats._mail_rtf import rtf_text, unpacked
from piiscan.formats._mail_slots import slots
from piiscan.formats._mail_view import windows
from piiscan.model import Limits, Member, Place, Skipped, Text

Item = Text | Member | Skipped
#: Property id → type and raw value; strings and binaries as bytes, numbers as bytes too.
Properties = Mapping[int, tuple[int, bytes]]

INT, STRING8, UNICODE, BINARY, OBJECT = 0x0003, 0x001E, 0x001F, 0x0102, 0x000D
MULTIPLE = 0x1000
SUBJECT, BODY, HTML, RTF, HEADERS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
DATA, METHOD, LONG_NAME, SHORT_NAME, PATHNAME, LONG_PATHNAME = 0x3701, 0x3705, 0x3707, 0x3704, 0x3708, 0x370D
NAME, ADDRESS, SMTP, RECIPIENT_TYPE = 0x3001, 0x3003, 0x39FE, 0x0C15
_CODEPAGES = (0x3FFD, 0x3FDE)
_SHOWN = {
    SUBJECT: "header:Subject", 0x0C1A: "header:From", 0x0C1F: "header:From", 0x5D01: "header:From",
    0x0042: "header:From", 0x0065: "header:From", 0x5D02: "header:From", 0x0E04: "header:To", 0x0E03: "header:Cc",
    0x0E02: "header:Bcc", 0x0050: "header:Reply-To", 0x0070: "header:Thread-Topic",
}  # fmt: skip
_RECIPIENTS = {1: "header:To", 2: "header:Cc", 3: "header:Bcc"}
#: Words of the machine: class and address type names, identifiers, normalised copies of the subject's prefix.
_MACHINE = frozenset((0x001A, 0x0C1E, 0x0064, 0x0075, 0x0077, 0x003D, 0x3002, 0x1035, 0x1039, 0x1042, 0x370B, 0x370E,
                      0x3703, 0x3712, 0x3714, 0x340D, 0x5D0A, 0x5D0B, 0x3FFA + 0x10000))  # fmt: skip
_CODECS = {932: "cp932", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 50222: "iso-2022-jp", 51932: "euc-jp",
           20932: "euc-jp", 65001: "utf-8", 1200: "utf-16-le", 20127: "us-ascii", 28591: "iso-8859-1"}  # fmt: skip


def codec(properties: Properties, default: str | None = None) -> str | None:
    """The charset of 8-bit strings that a message states, or ``default``."""
    for number in _CODEPAGES:
        kind, raw = properties.get(number, (0, b""))
        if kind == INT:
            page_number = int.from_bytes(raw[:4], "little")
            return _CODECS.get(page_number, f"cp{page_number}")
    return default


def string(properties: Properties, number: int, charset: str | None) -> str:
    """The text of one property, or an empty string."""
    kind, raw = properties.get(number, (0, b""))
    if kind == UNICODE:
        return raw[: len(raw) // 2 * 2].decode("utf-16-le", "replace").rstrip("\0")
    if kind == STRING8:
        return decode_declared(raw.rstrip(b"\0"), charset)[0]
    return ""


def number_of(properties: Properties, number: int) -> int:
    """The value of one integer property, or 0."""
    kind, raw = properties.get(number, (0, b""))
    return int.from_bytes(raw[:4], "little") if kind == INT else 0


def message_texts(properties: Properties, charset: str | None, prefix: str, limits: Limits) -> Iterator[Text]:
    """All words of a message: what a mail shows, its bodies, its internet headers, and every other string, hidden."""
    for number in properties:
        # Beyond 16 bits: another value of the property, in another type or under another name.
        if number in (BODY, HTML, RTF, HEADERS) or number in _MACHINE:
            continue
        text = string(properties, number, charset)
        if text.strip():
            location = _SHOWN.get(number)
            place = Place(f"{prefix}{location or f'property {number & 0xFFFF:04X}'}", "mail_header" if location else "property",
                          hidden=location is None)  # fmt: skip
            yield Text(place, text)
    yield from _internet_headers(string(properties, HEADERS, charset), prefix, limits)
    yield from _bodies(properties, charset, prefix, limits)


def _internet_headers(headers: str, prefix: str, limits: Limits) -> Iterator[Text]:
    if not headers.strip():
        return
    raw = headers.replace("\r\n", "\n").strip("\n").encode("utf-8", "surrogatepass") + b"\n\n"
    for slot in slots(raw, limits):
        for item in slot.items:
            if isinstance(item, Text):
                place = Place(f"{prefix}{item.place.location}", item.place.where, hidden=True)
                yield Text(place, item.text, item.first_line)


def bodies(properties: Properties, charset: str | None, limits: Limits) -> tuple[str, str, str, bool]:
    """(plain text, HTML, what the RTF body says, whether that is HTML) of a message; empty what it does not have."""
    kind, raw = properties.get(HTML, (0, b""))
    html = string(properties, HTML, charset) if kind in (UNICODE, STRING8) else ""
    if kind == BINARY and raw:
        html = decode_declared(raw, declared_charset(raw) or charset)[0]
    rtf = unpacked(properties.get(RTF, (0, b""))[1], limits.inflated_bytes)
    text, is_page = rtf_text(rtf) if rtf else ("", False)
    return string(properties, BODY, charset).replace("\r\n", "\n"), html.rstrip("\0"), text, is_page


def _bodies(properties: Properties, charset: str | None, prefix: str, limits: Limits) -> Iterator[Text]:
    said: set[str] = set()
    plain, html, rtf, is_page = bodies(properties, charset, limits)
    yield from _windowed(Place(f"{prefix}body", "text"), plain, said, limits)
    if html:
        yield from _page(html, f"{prefix}html", said, limits)
    if rtf and is_page:
        yield from _page(rtf, f"{prefix}rtf", said, limits)
    else:
        yield from _windowed(Place(f"{prefix}rtf", "text"), rtf, said, limits)


def _page(source: str, location: str, said: set[str], limits: Limits) -> Iterator[Text]:
    views = page(source)
    yield from _windowed(Place(location, "text"), views.body.text, said, limits)
    yield from _windowed(Place(f"{location}/attributes", "hyperlink", hidden=True), views.attributes.text, said, limits)
    yield from _windowed(Place(f"{location}/unseen", "text", hidden=True), views.unseen.text, said, limits)


def _windowed(place: Place, text: str, said: set[str], limits: Limits) -> Iterator[Text]:
    """The text in windows, unless the same words were said before: the bodies of a message repeat each other."""
    words = "".join(text.split())
    if not words or words in said:
        return
    said.add(words)
    for start, end, line in windows(text, limits.cell_chars):
        yield Text(place, text[start:end], line)


def recipient_text(properties: Properties, charset: str | None, prefix: str) -> Text | None:
    """``name <address>`` of one recipient at To, Cc or Bcc."""
    name = string(properties, NAME, charset)
    addresses = dict.fromkeys(string(properties, n, charset) for n in (SMTP, ADDRESS) if string(properties, n, charset))
    others = " ".join(f"<{a}>" for a in addresses if a != name)
    text = f"{name} {others}".strip()
    location = _RECIPIENTS.get(number_of(properties, RECIPIENT_TYPE) & 15, "header:To")
    return Text(Place(f"{prefix}{location}", "mail_header"), text) if text else None


def attachment_name(properties: Properties, charset: str | None) -> str:
    """The best name of an attachment, or an empty string."""
    return next((s for n in (LONG_NAME, SHORT_NAME, NAME) if (s := string(properties, n, charset))), "")


def file_member(name: str, data: bytes) -> Member:
    """A member that holds ``data``."""
    return Member(name, io.BytesIO(data), len(data))
