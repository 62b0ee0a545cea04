"""Mail as it travels: RFC 5322 with MIME, as mail programs save it (.eml), and web archives built the same way (.mht).

Every header that can hold text, every text and HTML part in its real charset, attachments as members. A copy differs from
its original only where something was replaced: all else, signatures of mail programs included, stays byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from piiscan.errors import LimitError, UnreadableError, UnsafeCopyError
from piiscan.model import Editor, Format, Item, Limits, Member, Skipped, Source, Text

if TYPE_CHECKING:
    from piiscan.formats._mail_common import Answer, RawEdit

_KNOWN = re.compile(
    rb"^(?:from|to|cc|bcc|date|message-id|received|mime-version|subject|reply-to|return-path|delivered-to|sender|"
    rb"content-type|content-transfer-encoding|content-disposition|x-[a-z-]{1,40})[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_TELLING = re.compile(
    rb"^(?:from|to|date|message-id|received|mime-version|subject)[ \t]*:", re.IGNORECASE | re.MULTILINE
)
_FIELD = re.compile(rb"[!-9;-~]{1,100}[ \t]*:|[ \t]+\S|From |>From ")
#: What stands where an attachment was.
_IN_PLACE = (
    b"Content-Type: text/plain; charset=utf-8",
    b"Content-Transfer-Encoding: 8bit",
    b"",
    "（添付ファイルは取り除かれました。An attachment was removed here.）".encode(),
    b"",
)
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x89PNG")


def header_block(head: bytes) -> bytes:
    """The lines at the start of ``head`` that look like header fields, or nothing."""
    at = 0
    for line in head.splitlines(keepends=True):
        if not line.strip(b"\r\n") or not _FIELD.match(line):
            break
        at += len(line)
    return head[:at]


def sniff(source: Source) -> int:
    """70 for the suffix, 60 for a header block with two known fields of which one tells mail from others, else 0."""
    head = source.head()
    if not head or head.startswith(_BINARY):
        return 0
    block = header_block(head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
    known = {m.lower() for m in _KNOWN.findall(block)}
    if source.suffix == ".eml":
        return 70 if known else 40
    if b"\0" in head[:512]:
        return 0
    return 60 if len(known) >= 2 and _TELLING.search(block) else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Headers, texts and attachments in the order they stand in."""
    from piiscan.formats._mail_slots import slots

    for slot in slots(_load(source, limits), limits):
        yield from slot.items


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """Writes the edited copy; raises ``UnsafeCopyError`` for encrypted and damaged parts, which cannot be cleaned."""
    from piiscan.formats._mail_common import apply
    from piiscan.formats._mail_slots import slots

    data = _load(source, limits)
    edits: list[RawEdit] = []
    left_out: list[tuple[int, int]] = []
    for slot in slots(data, limits):
        if slot.whole[1] and _fate(editor, slot.items[0]) == "drop":
            left_out.append(slot.whole)
            continue
        answers = [_ask(editor, item) for item in slot.items]
        if any(a is not None for a in answers):
            edits += slot.write(answers)
    edits = [e for e in edits if not any(start <= e[0] < end for start, end in left_out)]
    newline = b"\r\n" if b"\r\n" in data[:65536] else b"\n"
    edits += [(start, end, newline.join(_IN_PLACE)) for start, end in left_out]
    for piece in apply(data, edits):
        out.write(piece)


def _fate(editor: Editor, item: Item) -> str:
    if isinstance(item, Member):
        return editor.unread(item.name)
    return editor.unread(item.location) if isinstance(item, Skipped) else "stop"


def _ask(editor: Editor, item: Item) -> Answer:
    if isinstance(item, Text):
        new = editor.text(item.place, item.text, item.first_line)
        return None if new == item.text else new
    if isinstance(item, Member):
        with item.stream as stream:
            return editor.member(item.name, stream)
    if isinstance(item, Skipped) and item.partial and editor.unread(item.location) != "keep":
        raise UnsafeCopyError(item.reason)
    return None


def _load(source: Source, limits: Limits) -> bytes:
    # The mail, one decoded part and its text are in memory at a time; eight times the file covers them.
    if source.size * 8 > limits.memory_bytes:
        raise LimitError("too_large")
    source.stream.seek(0)
    try:
        return source.stream.read()
    except OSError:
        raise UnreadableError("read_failed") from None


FORMAT = Format(
    id="eml",
    label="電子メール",
    suffixes=(".eml",),
    sniff=sniff,
    read=read,
    rewrite=rewrite,
)
