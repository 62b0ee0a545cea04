"""Every place in a mail that holds text or a file, what it reads, and how a change is written back.

``slots`` is the one map that both reading and rewriting walk: a slot knows its items, and turns the answers to them into
edits of the mail's bytes. Nothing outside the edits is touched.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from piiscan.encoding import decode_declared
from piiscan.errors import UnsafeCopyError
from piiscan.formats import _mail_html, _mail_transfer
from piiscan.formats._mail_charset import edited, spliced
from piiscan.formats._mail_map import Field, Part, split, unfolded
from piiscan.formats._mail_names import clean_name, unique
from piiscan.formats._mail_params import Param, named, parameters, spelled
from piiscan.formats._mail_view import Edit, View, differences, flowed_view, lines_view, windows
from piiscan.formats._mail_words import decode_bytes, decode_words, encode_value, first_charset
from piiscan.model import Limits, Member, Place, Skipped, Text

#: A stretch of the mail's bytes and what replaces it.
RawEdit = tuple[int, int, bytes]
Item = Text | Member | Skipped
Answer = str | bytes | None

_ADDRESSES = re.compile(r"(?:resent-)?(?:from|to|cc|bcc|sender|reply-to)|return-path|(?:x-)?(?:envelope-to|original-to)|"
                        r"delivered-to|disposition-notification-to|errors-to|return-receipt-to|mail-followup-to")  # fmt: skip
_SHOWN = frozenset(("from", "to", "cc", "bcc", "reply-to", "sender", "subject"))
#: Fields of machines, left out while they look as their grammar says: identifiers would pass for mail addresses.
_MACHINE = {
    **dict.fromkeys(("message-id", "in-reply-to", "references", "content-id", "resent-message-id"),
                    re.compile(r"(?:<?[^<>\s@]{1,300}@[^<>\s@]{1,300}>?[\s,]*)*")),
    **dict.fromkeys(("date", "resent-date", "delivery-date", "mime-version", "content-transfer-encoding"),
                    re.compile(r"[A-Za-z0-9:,+\-(). ]{0,80}")),
    **dict.fromkeys(("dkim-signature", "domainkey-signature", "x-google-dkim-signature", "arc-seal",
                     "arc-message-signature", "x-gm-message-state"), re.compile(r"[\x20-\x7e\t]*")),
}  # fmt: skip
#: Kinds of text that are better read by the format they are than as running text.
_FILES = frozenset(("csv", "rtf", "tab-separated-values", "rfc822"))
_PLAIN_PARAMS = frozenset(
    (
        "charset",
        "boundary",
        "format",
        "delsp",
        "type",
        "start",
        "start-info",
        "micalg",
        "protocol",
        "report-type",
        "smime-type",
        "size",
        "creation-date",
        "modification-date",
        "read-date",
        "method",
        "reply-type",
        "x-unix-mode",
    )
)
_SUFFIXES = {
    "message/rfc822": ".eml", "text/html": ".html", "text/csv": ".csv", "text/plain": ".txt", "application/pdf": ".pdf",
    "application/zip": ".zip", "application/ms-tnef": ".dat", "image/png": ".png", "image/jpeg": ".jpg",
    "image/gif": ".gif", "application/json": ".json", "text/xml": ".xml", "text/calendar": ".ics", "text/rtf": ".rtf",
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class Slot:
    """Some items that are written together. ``write`` gets one answer an item (None: leave it) and gives edits."""

    items: tuple[Item, ...]
    write: Callable[[Sequence[Answer]], list[RawEdit]]


@dataclass(slots=True, repr=False)
class _Mail:
    """What the slots of one mail share."""

    data: bytes
    limits: Limits
    newline: bytes
    hint: str | None
    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    encrypted_below: list[str] = field(default_factory=list)

    def count(self, kind: str) -> str:
        """``body`` the first time, then ``body/2`` and so on."""
        self.counts[kind] = number = self.counts.get(kind, 0) + 1
        return kind if number == 1 else f"{kind}/{number}"


def slots(data: bytes, limits: Limits) -> Iterator[Slot]:
    """The slots of a mail in document order; raises ``LimitError``."""
    parts = split(data, limits.members)
    newline = b"\r\n" if b"\r\n" in data[:65536] else b"\n"
    hint = next((c for p in parts if (c := _charset(p))), None)
    mail = _Mail(data, limits, newline, hint)
    for part in parts:
        yield from _header_slots(mail, part)
        if part.kind == "gap":
            yield from _gap(mail, part)
        elif part.kind == "leaf":
            yield from _leaf(mail, part)
        elif part.content_type == "multipart/encrypted":
            mail.encrypted_below.append(part.path)


def apply(data: bytes, edits: list[RawEdit]) -> Iterator[bytes]:
    """The mail with all edits made, in pieces; raises ``UnsafeCopyError`` when two edits touch the same bytes."""
    at = 0
    for start, end, new in sorted(edits, key=lambda e: (e[0], e[1])):
        if start < at:
            raise UnsafeCopyError("damaged")
        yield data[at:start]
        yield new
        at = end
    yield data[at:]


def _charset(part: Part) -> str | None:
    value = next((p.value for p in part.types if p.name == "charset"), "")
    return decode_words(value).strip().lower() or None


# ---------------------------------------------------------------- header fields


def _header_slots(mail: _Mail, part: Part) -> Iterator[Slot]:
    for one in part.fields:
        if one.key in ("content-type", "content-disposition"):
            yield from _param_slot(mail, part, one)
            continue
        raw = unfolded(mail.data, one)
        if not raw:
            continue
        value = decode_words(decode_bytes(raw, mail.hint)[0], bool(_ADDRESSES.fullmatch(one.key)))
        machine = _MACHINE.get(one.key)
        if not value or (machine and machine.fullmatch(value)):
            continue
        yield Slot((Text(_header_place(part, one), value),), _field_writer(mail, one))


def _header_place(part: Part, one: Field) -> Place:
    location = f"part {part.path} header:{one.name[:76]}" if part.path else f"header:{one.name[:76]}"
    return Place(location, "mail_header", hidden=bool(part.path) or one.key not in _SHOWN)


def _field_writer(mail: _Mail, one: Field) -> Callable[[Sequence[Answer]], list[RawEdit]]:
    def write(answers: Sequence[Answer]) -> list[RawEdit]:
        new = answers[0]
        if not isinstance(new, str):
            return []
        raw = mail.data[one.value_start : one.value_end]
        charset = first_charset(raw.decode("latin-1")) or mail.hint or "utf-8"
        structured = bool(_ADDRESSES.fullmatch(one.key))
        value = encode_value(new, charset, structured, mail.newline, len(one.name) + 2)
        return [(one.value_start, one.value_end, b" " + value.strip(b" ") if new.strip() else b"")]

    return write


def _param_slot(mail: _Mail, part: Part, one: Field) -> Iterator[Slot]:
    """File names and other words among the parameters of Content-Type or Content-Disposition."""
    raw = unfolded(mail.data, one)
    main, params = parameters(raw)
    key = "filename" if one.key == "content-disposition" else "name"
    items: list[Text] = []
    found: list[tuple[str, tuple[Param, ...]]] = []
    for name in dict.fromkeys((key, "name", "filename")):
        value = named(params, name)
        if value and value[0].strip():
            items.append(Text(Place(f"part {part.path}" if part.path else "", "attachment_name"), value[0]))
            found.append((name, value[1]))
    taken = {p.name for _, used in found for p in used}
    odd = [p for p in params if p.name not in _PLAIN_PARAMS and p.name not in taken and p.value.strip()]
    place = Place(_header_place(part, one).location, "mail_header", hidden=True)
    if odd:
        items.append(Text(place, "\n".join(decode_words(p.value) for p in odd)))
    if not re.fullmatch(r"[\x21-\x7e]{0,100}", main):
        items.append(Text(place, decode_words(decode_bytes(raw, mail.hint)[0])))
    if not items:
        return

    def write(answers: Sequence[Answer]) -> list[RawEdit]:
        if all(a is None for a in answers):
            return []
        if any(a is not None for a in answers[len(found) :]):
            # Words where the grammar has none: keep what a mail program needs and drop the rest.
            text = "; ".join([main if "/" in main or main.isalpha() else "text/plain"] + [
                spelled(p.name, p.value, p.quoted) for p in params if p.name in _PLAIN_PARAMS
            ] + [spelled(n, str(a)) for (n, _), a in zip(found, answers, strict=False) if a is not None])  # fmt: skip
            return [(one.value_start, one.value_end, b" " + _folded_params(text, mail.newline))]
        text, codec = decode_bytes(raw)
        edits: list[Edit] = []
        for (name, used), answer in zip(found, answers, strict=False):
            if isinstance(answer, str):
                first, *others = sorted(used, key=lambda p: p.start)
                edits.append((first.start, first.end, spelled(name, answer)))
                edits += [(text.rfind(";", 0, p.start), p.end, "") for p in others]
        new = edited(text, sorted(edits))
        value = new.encode("ascii") if new.isascii() else spliced(raw, codec, text, sorted(edits))
        if value is None:
            raise UnsafeCopyError("damaged")
        return [(one.value_start, one.value_end, b" " + _folded_params(value, mail.newline))]

    yield Slot(tuple(items), write)


def _folded_params(text: str | bytes, newline: bytes) -> bytes:
    raw = text.encode("ascii", "replace") if isinstance(text, str) else text
    return (b";" + newline + b" ").join(p.strip() for p in _split_params(raw))


def _split_params(raw: bytes) -> list[bytes]:
    """At the semicolons outside quotes."""
    return re.findall(rb'(?>[^;"]++|"(?>[^"\\]|\\.)*+"|")+', raw)


# ---------------------------------------------------------------- bodies


def _gap(mail: _Mail, part: Part) -> Iterator[Slot]:
    raw = mail.data[part.body_start : part.body_end]
    if raw.strip():
        yield _text_slot(mail, part, "", Place(part.path.replace(".", "/"), "text", hidden=True), None)


def _leaf(mail: _Mail, part: Part) -> Iterator[Slot]:
    start, end = part.body_start, part.body_end
    name = _file_name(part)
    if start >= end and not name:
        return
    encoding = _transfer(mail, part)
    attached = bool(part.disposition) and part.disposition[0].value == "attachment"
    main, _, sub = part.content_type.partition("/")
    smime = next((p.value.lower() for p in part.types if p.name == "smime-type"), "")
    if _is_encrypted(mail, part, sub, smime):
        location = name or f"part {part.path}".strip()
        yield Slot((Skipped(location, "encrypted_member"),), lambda _: [])
    elif name or attached or sub in _FILES or not (main in ("text", "multipart") or sub == "delivery-status"):
        yield _attachment(mail, part, encoding, name)
    elif sub == "html":
        yield _html_slot(mail, part, encoding)
    else:
        yield _text_slot(mail, part, encoding, Place(mail.count("body"), "text"), _charset(part))


def _is_encrypted(mail: _Mail, part: Part, sub: str, smime: str) -> bool:
    if sub in ("pkcs7-mime", "x-pkcs7-mime"):
        return smime in ("", "enveloped-data", "authenveloped-data")
    inside = any(part.path.startswith(p + "." if p else "") for p in mail.encrypted_below)
    return inside and sub == "octet-stream"


def _transfer(mail: _Mail, part: Part) -> str:
    one = part.first("content-transfer-encoding")
    if one is None or part.kind != "leaf" or part.content_type.startswith("multipart/"):
        # A multipart that shows as text may be encoded all the same; others read it as it stands.
        return ""
    return re.split(rb"[\s;]", unfolded(mail.data, one).lower())[0].decode("ascii", "replace")


def _file_name(part: Part) -> str:
    found = named(part.disposition[1:], "filename") or named(part.types, "name")
    found = found or named(part.disposition[1:], "name") or named(part.types, "filename")
    return found[0].strip() if found else ""


def _texts(mail: _Mail, place: Place, view: str) -> list[Text]:
    return [Text(place, view[a:b], line) for a, b, line in windows(view, mail.limits.cell_chars)]


def _view_edits(view: View, shown: Sequence[Text], answers: Sequence[Answer]) -> list[Edit]:
    """The answers to the windows of a view, as edits of the raw text."""
    edits: list[Edit] = []
    at = 0
    for text, answer in zip(shown, answers, strict=True):
        if isinstance(answer, str):
            edits += [(at + a, at + b, new) for a, b, new in differences(text.text, answer)]
        at += len(text.text)
    return list(view.raw_edits(edits))


def _text_slot(mail: _Mail, part: Part, encoding: str, place: Place, declared: str | None) -> Slot:
    raw = mail.data[part.body_start : part.body_end]
    content = _mail_transfer.decoded(raw, encoding)
    text, used, _ = decode_declared(content.data, declared)
    flowed = {p.name: p.value.lower() for p in part.types if p.name in ("format", "delsp")}
    is_flowed = flowed.get("format") == "flowed"

    def view() -> View:
        return flowed_view(text, flowed.get("delsp") == "yes") if is_flowed else lines_view(text)

    plain = view().text if is_flowed else text.replace("\r\n", "\n").replace("\r", "\n")
    texts = _texts(mail, place, plain) if plain.strip() else []
    blocks = _mail_transfer.uu_blocks(content.data)
    files = [_member(mail, decode_bytes(name)[0], "uuencoded.bin", data) for _, _, name, data in blocks]
    residue = _residue(mail, place, content.residue)

    def write(answers: Sequence[Answer]) -> list[RawEdit]:
        if all(a is None for a in answers):
            return []
        if any(a is not None for a in answers[len(texts) :]):
            raise UnsafeCopyError("damaged_attachment")
        edits = _view_edits(view(), texts, answers[: len(texts)])
        new = spliced(content.data, used, text, edits)
        return _body_edits(mail, part, encoding, new, edited(text, edits))

    return Slot((*texts, *files, *residue), write)


def _residue(mail: _Mail, place: Place, raw: bytes) -> list[Text]:
    if not raw.strip():
        return []
    text = decode_declared(raw, mail.hint)[0]
    return [Text(Place(f"{place.location}/residue", "text", hidden=True), text)]


def _body_edits(mail: _Mail, part: Part, encoding: str, data: bytes | None, text: str) -> list[RawEdit]:
    """A changed text body: in its own charset where it fits, else relabelled as UTF-8."""
    before = mail.data[part.body_start : part.body_end]
    label = _charset(part) or "us-ascii"
    eight = data is not None and not data.isascii()
    mislabelled = eight and label in ("us-ascii", "ascii") and before.isascii()
    if data is not None and not mislabelled:
        body = _mail_transfer.recoded(data, encoding, before, mail.newline)
        if body is not None:
            return [(part.body_start, part.body_end, body)]
    if part.kind == "gap":
        return [(part.body_start, part.body_end, text.encode("utf-8", "replace"))]
    body = _mail_transfer.recoded(text.encode("utf-8", "replace"), "base64", b"", mail.newline)
    assert body is not None
    return [(part.body_start, part.body_end, body + mail.newline), *_relabelled(mail, part, "utf-8")]


def _relabelled(mail: _Mail, part: Part, charset: str | None) -> list[RawEdit]:
    """Header edits that say base64, and the charset when one is given."""
    edits: list[RawEdit] = []
    added = b""
    if charset:
        one = part.first("content-type")
        if one is None:
            added += b"MIME-Version: 1.0" + mail.newline if not part.path and not part.first("mime-version") else b""
            added += b"Content-Type: text/plain; charset=" + charset.encode("ascii") + mail.newline
        else:
            raw = unfolded(mail.data, one)
            text, _ = decode_bytes(raw)
            old = next((p for p in part.types if p.name == "charset"), None)
            new = spelled("charset", charset, quoted=False)
            value = text[: old.start] + new + text[old.end :] if old else f"{text.rstrip('; ')}; {new}"
            edits.append((one.value_start, one.value_end, b" " + _folded_params(value, mail.newline)))
    if one := part.first("content-transfer-encoding"):
        edits.append((one.value_start, one.value_end, b" base64"))
    else:
        added += b"Content-Transfer-Encoding: base64" + mail.newline
    if added:
        at = part.fields[-1].end if part.fields else None
        if at is None:
            raise UnsafeCopyError("damaged")
        edits.append((at, at, added))
    return edits


def _html_slot(mail: _Mail, part: Part, encoding: str) -> Slot:
    raw = mail.data[part.body_start : part.body_end]
    content = _mail_transfer.decoded(raw, encoding)
    declared = _charset(part) or _mail_html.declared_charset(content.data)
    text, used, _ = decode_declared(content.data, declared)
    page = _mail_html.page(text)
    location = mail.count("html")
    groups = [
        (page.body, _texts(mail, Place(location, "text"), page.body.text)),
        (
            page.attributes,
            _texts(mail, Place(f"{location}/attributes", "hyperlink", hidden=True), page.attributes.text),
        ),
        (page.unseen, _texts(mail, Place(f"{location}/unseen", "text", hidden=True), page.unseen.text)),
    ]
    groups = [(view, texts) for view, texts in groups if any(t.text.strip() for t in texts)]
    residue = _residue(mail, Place(location, "text"), content.residue)
    items = tuple(t for _, texts in groups for t in texts)

    def write(answers: Sequence[Answer]) -> list[RawEdit]:
        if all(a is None for a in answers):
            return []
        if any(a is not None for a in answers[len(items) :]):
            raise UnsafeCopyError("damaged_attachment")
        edits: list[Edit] = []
        at = 0
        for view, texts in groups:
            edits += _view_edits(view, texts, answers[at : at + len(texts)])
            at += len(texts)
        # By number wherever it is not ASCII and the charset is not one of Japan's or Unicode's.
        codec = None if used.startswith(("utf", "cp932", "euc", "cp50221")) and not text.isascii() else "ascii"
        escaped = sorted((a, b, _mail_html.html_text(new, codec)) for a, b, new in edits)
        return _body_edits(mail, part, encoding, spliced(content.data, used, text, escaped), edited(text, escaped))

    return Slot((*items, *residue), write)


def _member(mail: _Mail, name: str, fallback: str, data: bytes) -> Member:
    return Member(unique(clean_name(name, fallback), mail.names), io.BytesIO(data), len(data))


def _attachment(mail: _Mail, part: Part, encoding: str, name: str) -> Slot:
    raw = mail.data[part.body_start : part.body_end]
    content = _mail_transfer.decoded(raw, encoding)
    fallback = f"part-{part.path or '1'}{_SUFFIXES.get(part.content_type, '.bin')}"
    if part.content_type == "message/rfc822" and name and not name.lower().endswith(".eml"):
        name += ".eml"
    location = clean_name(name, fallback)
    if raw.strip() and not content.data:
        return Slot((Skipped(location, "damaged_attachment"), *_residue(mail, Place(location, "other"), raw)), _refuse)
    member = _member(mail, name, fallback, content.data)
    residue = _residue(mail, Place(location, "other"), content.residue)

    def write(answers: Sequence[Answer]) -> list[RawEdit]:
        if any(a is not None for a in answers[1:]):
            raise UnsafeCopyError("damaged_attachment")
        if not isinstance(answers[0], bytes):
            return []
        body = _mail_transfer.recoded(answers[0], encoding, raw, mail.newline)
        binary = not encoding and b"\0" in answers[0] and b"\0" not in raw
        if body is not None and not binary:
            return [(part.body_start, part.body_end, body)]
        letters = _mail_transfer.recoded(answers[0], "base64", b"", mail.newline) or b""
        return [(part.body_start, part.body_end, letters + mail.newline), *_relabelled(mail, part, None)]

    return Slot((member, *residue), write)


def _refuse(answers: Sequence[Answer]) -> list[RawEdit]:
    if any(a is not None for a in answers):
        raise UnsafeCopyError("damaged_attachment")
    return []
