"""Outlook messages (.msg): a compound file whose streams are MAPI properties. Reading only.

Subject, people, internet headers, text, HTML and RTF bodies, every other string, attachments as members, and messages
inside the message in place. [MS-OXMSG]. A copy cannot be written: streams of another length would need a new file system.
"""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.errors import LimitError, UnreadableError
from piiscan.formats import _mail_mapi as mapi
from piiscan.formats._mail_names import clean_name, unique
from piiscan.formats._msg_store import EMBEDDED, INNER, PROPERTIES, TOP, Folders, open_message
from piiscan.formats._ole_slack import unused_strings
from piiscan.model import Format, Item, Limits, Place, Skipped, Source, Text

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BY_VALUE, _EMBEDDED_MESSAGE, _OLE = 1, 5, 6


def sniff(source: Source) -> int:
    """90 for a compound file with a property stream at its root; 40 for a broken one that is called .msg."""
    if source.head(8) != _MAGIC:
        return 0
    try:
        with open_message(source) as file:
            return 90 if file.exists(PROPERTIES) else 0
    except UnreadableError:
        return 40 if source.suffix == ".msg" else 0
    finally:
        source.stream.seek(0)


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Texts, attachments and inner messages; raises ``UnreadableError`` and ``LimitError``."""
    with open_message(source) as file:
        folders = Folders(file, limits)
        yield from _message(folders, (), TOP, "", {}, None, 0)
        if left := unused_strings(file, limits.memory_bytes // 16):
            yield Text(Place("unused sectors", "orphan_string", hidden=True), left)


def _message(
    folders: Folders,
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
            text_item = mapi.recipient_text(folders.properties((*path, name), INNER), charset, prefix)
            if text_item:
                yield text_item
        elif name.startswith("__attach_version1.0_"):
            yield from _attachment(folders, (*path, name), prefix, taken, charset, depth)


def _attachment(
    folders: Folders, path: tuple[str, ...], prefix: str, taken: dict[str, int], charset: str | None, depth: int
) -> Iterator[Item]:
    properties = folders.properties(path, INNER)
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
    elif inner in folders.children and PROPERTIES in folders.children[inner]:
        if depth >= folders.limits.depth:
            raise LimitError("too_deep")
        yield from _message(folders, inner, EMBEDDED, f"{location}/", taken, charset, depth + 1)
    elif inner in folders.children:
        yield from _embedded_object(folders, inner, clean_name(shown, location))
    elif mapi.number_of(properties, mapi.METHOD) not in (0, _BY_VALUE):
        yield Skipped(clean_name(shown, location), "linked_attachment")


def _embedded_object(folders: Folders, path: tuple[str, ...], name: str) -> Iterator[Item]:
    """An OLE object: its native file when there is one, else a note that it was not read."""
    if "CONTENTS" in folders.children[path]:
        yield mapi.file_member(name, folders.stream((*path, "CONTENTS")))
    else:
        yield Skipped(name, "embedded_object")


FORMAT = Format(id="msg", label="Outlook メッセージ", suffixes=(".msg",), sniff=sniff, read=read)
