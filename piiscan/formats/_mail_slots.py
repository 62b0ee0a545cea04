"""Every place in a mail that holds text or a file, what it reads, and how a change is written back.

``slots`` is the one map that both reading and rewriting walk: a slot knows its items, and turns the answers to them into
edits of the mail's bytes. Nothing outside the edits is touched.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence

from piiscan.encoding import decode_declared
from piiscan.errors import UnsafeCopyError
from piiscan.formats import _mail_html, _mail_transfer
from piiscan.formats._mail_charset import spliced
from piiscan.formats._mail_common import Answer, Mail, RawEdit, Slot, charset
from piiscan.formats._mail_fields import header_slots, relabelled
from piiscan.formats._mail_map import Part, split, unfolded
from piiscan.formats._mail_names import clean_name, unique
from piiscan.formats._mail_params import named
from piiscan.formats._mail_transfer import Content
from piiscan.formats._mail_view import Edit, LinesView, View, differences, edited, flowed_view, lines_view, windows
from piiscan.formats._mail_words import decode_bytes
from piiscan.model import Limits, Member, Place, Skipped, Text

#: Kinds of text that are better read by the format they are than as running text.
_FILES = frozenset(("csv", "rtf", "tab-separated-values", "rfc822"))
_SUFFIXES = {
    "message/rfc822": ".eml", "text/html": ".html", "text/csv": ".csv", "text/plain": ".txt", "application/pdf": ".pdf",
    "application/zip": ".zip", "application/ms-tnef": ".dat", "image/png": ".png", "image/jpeg": ".jpg",
    "image/gif": ".gif", "application/json": ".json", "text/xml": ".xml", "text/calendar": ".ics", "text/rtf": ".rtf",
}  # fmt: skip


def slots(data: bytes, limits: Limits) -> Iterator[Slot]:
    """The slots of a mail in document order; raises ``LimitError``."""
    parts = split(data, limits.members)
    newline = b"\r\n" if b"\r\n" in data[:65536] else b"\n"
    hint = next((c for p in parts if (c := charset(p))), None)
    mail = Mail(data, limits, newline, hint)
    for part in parts:
        yield from header_slots(mail, part)
        if part.kind == "gap":
            yield from _gap(mail, part)
        elif part.kind == "leaf":
            yield from _leaf(mail, part)
        elif part.content_type == "multipart/encrypted":
            mail.encrypted_below.append(part.path)


def _gap(mail: Mail, part: Part) -> Iterator[Slot]:
    raw = mail.data[part.body_start : part.body_end]
    if raw.strip():
        yield _text_slot(mail, part, "", Place(part.path.replace(".", "/"), "text", hidden=True), None)


def _leaf(mail: Mail, part: Part) -> Iterator[Slot]:
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
        yield Slot((Skipped(location, "encrypted_member"),), lambda _: [], _whole(part))
    elif name or attached or sub in _FILES or not (main in ("text", "multipart") or sub == "delivery-status"):
        yield _attachment(mail, part, encoding, name)
    elif sub == "html":
        yield _html_slot(mail, part, encoding)
    else:
        yield _text_slot(mail, part, encoding, Place(mail.count("body"), "text"), charset(part))


def _is_encrypted(mail: Mail, part: Part, sub: str, smime: str) -> bool:
    if sub in ("pkcs7-mime", "x-pkcs7-mime"):
        return smime in ("enveloped-data", "authenveloped-data")  # else the content tells
    inside = any(part.path.startswith(p + "." if p else "") for p in mail.encrypted_below)
    return inside and sub == "octet-stream"


def _transfer(mail: Mail, part: Part) -> str:
    one = part.first("content-transfer-encoding")
    if one is None or part.kind != "leaf" or part.content_type.startswith("multipart/"):
        # A multipart that shows as text may be encoded all the same; others read it as it stands.
        return ""
    return re.split(rb"[\s;]", unfolded(mail.data, one).lower())[0].decode("ascii", "replace")


def _file_name(part: Part) -> str:
    found = named(part.disposition[1:], "filename") or named(part.types, "name")
    found = found or named(part.disposition[1:], "name") or named(part.types, "filename")
    return found[0].strip() if found else ""


def _texts(mail: Mail, place: Place, view: str) -> list[Text]:
    return [Text(place, view[a:b], line) for a, b, line in windows(view, mail.limits.cell_chars)]


def _view_edits(view: View | LinesView, shown: Sequence[Text], answers: Sequence[Answer]) -> list[Edit]:
    """The answers to the windows of a view, as edits of the raw text."""
    edits: list[Edit] = []
    at = 0
    for text, answer in zip(shown, answers, strict=True):
        if isinstance(answer, str):
            edits += [(at + a, at + b, new) for a, b, new in differences(text.text, answer)]
        at += len(text.text)
    return list(view.raw_edits(edits))


def _text_slot(mail: Mail, part: Part, encoding: str, place: Place, declared: str | None) -> Slot:
    raw = mail.data[part.body_start : part.body_end]
    content = _mail_transfer.decoded(raw, encoding)
    text, used, _ = decode_declared(content.data, declared)
    flowed = {p.name: p.value.lower() for p in part.types if p.name in ("format", "delsp")}
    is_flowed = flowed.get("format") == "flowed"

    def view() -> View | LinesView:
        return flowed_view(text, flowed.get("delsp") == "yes") if is_flowed else lines_view(text)

    plain = view().text if is_flowed else text.replace("\r\n", "\n").replace("\r", "\n")
    texts = _texts(mail, place, plain) if plain.strip() else []
    blocks = _mail_transfer.uu_blocks(content.data)
    files = [_member(mail, decode_bytes(name)[0], "uuencoded.bin", data) for _, _, name, data in blocks]
    residue = _residue(mail, place, content.residue)

    def write(answers: Sequence[Answer]) -> list[RawEdit]:
        if all(a is None for a in answers):
            return []
        edits = _view_edits(view(), texts, answers[: len(texts)])
        new, shown = spliced(content.data, used, text, edits), edited(text, edits)
        inner = [a if isinstance(a, bytes) else None for a in answers[len(texts) : len(texts) + len(files)]]
        if any(a is not None for a in inner):
            both = _mail_transfer.with_files(shown.encode("utf-8", "replace") if new is None else new, inner)
            if both is None:
                raise UnsafeCopyError("part_cannot_be_cleaned", part=files[0].name)
            new, shown = (None, both.decode("utf-8")) if new is None else (both, shown)
        return _with_residue(mail, part, content, residue, answers) or _body_edits(mail, part, encoding, new, shown)

    return Slot((*texts, *files, *residue), write)


def _residue(mail: Mail, place: Place, raw: bytes) -> list[Text]:
    if not raw.strip():
        return []
    text = decode_declared(raw, mail.hint)[0]
    return [Text(Place(f"{place.location}/residue", "text", hidden=True), text)]


def _with_residue(
    mail: Mail, part: Part, content: Content, residue: list[Text], answers: Sequence[Answer]
) -> list[RawEdit]:
    """Edits of what stands amid base64 and is none; nothing when it is left alone.

    When the base64 beside it is to change as well, it cannot be told which of both a reader would see.
    """
    if not residue or answers[-1] is None:
        return []
    if not content.whole or any(a is not None for a in answers[:-1]):
        raise UnsafeCopyError("damaged_attachment")
    text, used, _ = decode_declared(content.residue, mail.hint)
    new = spliced(content.residue, used, text, differences(text, str(answers[-1])))
    return [(part.body_start, part.body_end, new if new is not None else str(answers[-1]).encode("utf-8", "replace"))]


def _body_edits(mail: Mail, part: Part, encoding: str, data: bytes | None, text: str) -> list[RawEdit]:
    """A changed text body: in its own charset where it fits, else relabelled as UTF-8."""
    before = mail.data[part.body_start : part.body_end]
    label = charset(part) or "us-ascii"
    eight = data is not None and not data.isascii()
    mislabelled = eight and label in ("us-ascii", "ascii") and before.isascii()
    if data is not None and not mislabelled:
        body = _mail_transfer.recoded(data, encoding, before, mail.newline)
        if body is not None:
            return [(part.body_start, part.body_end, body)]
    if part.kind == "gap" or part.content_type.startswith("multipart/"):
        return [(part.body_start, part.body_end, text.encode("utf-8", "replace"))]
    body = _mail_transfer.recoded(text.encode("utf-8", "replace"), "base64", b"", mail.newline)
    assert body is not None
    return [(part.body_start, part.body_end, body + mail.newline), *relabelled(mail, part, "utf-8")]


def _html_slot(mail: Mail, part: Part, encoding: str) -> Slot:
    raw = mail.data[part.body_start : part.body_end]
    content = _mail_transfer.decoded(raw, encoding)
    declared = charset(part) or _mail_html.declared_charset(content.data)
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
        if residued := _with_residue(mail, part, content, residue, answers):
            return residued
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


def _member(mail: Mail, name: str, fallback: str, data: bytes) -> Member:
    return Member(unique(clean_name(name, fallback), mail.names), io.BytesIO(data), len(data))


def _attachment(mail: Mail, part: Part, encoding: str, name: str) -> Slot:
    raw = mail.data[part.body_start : part.body_end]
    content = _mail_transfer.decoded(raw, encoding)
    fallback = f"part-{part.path or '1'}{_SUFFIXES.get(part.content_type, '.bin')}"
    if part.content_type == "message/rfc822" and name and not name.lower().endswith(".eml"):
        name += ".eml"
    location = clean_name(name, fallback)
    if raw.strip() and not content.data:
        left = _residue(mail, Place(location, "other"), raw)
        return Slot((Skipped(location, "damaged_attachment"), *left), _refuse, _whole(part))
    member = _member(mail, name, fallback, content.data)
    residue = _residue(mail, Place(location, "other"), content.residue)

    def write(answers: Sequence[Answer]) -> list[RawEdit]:
        if residued := _with_residue(mail, part, content, residue, answers):
            return residued
        if not isinstance(answers[0], bytes):
            return []
        body = _mail_transfer.recoded(answers[0], encoding, raw, mail.newline)
        binary = not encoding and b"\0" in answers[0] and b"\0" not in raw
        if body is not None and not binary:
            return [(part.body_start, part.body_end, body)]
        letters = _mail_transfer.recoded(answers[0], "base64", b"", mail.newline) or b""
        return [(part.body_start, part.body_end, letters + mail.newline), *relabelled(mail, part, None)]

    return Slot((member, *residue), write, _whole(part))


def _whole(part: Part) -> tuple[int, int]:
    """The stretch of a part with its header; nothing for the mail itself, whose header is that of the mail."""
    return (part.start, part.body_end) if part.path else (0, 0)


def _refuse(answers: Sequence[Answer]) -> list[RawEdit]:
    if any(a is not None for a in answers):
        raise UnsafeCopyError("damaged_attachment")
    return []
