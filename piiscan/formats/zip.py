"""Zip archives: each file in them is a member; names and the archive's comment are read as text.

A copy keeps order, dates and attributes, and the compressed bytes of every member that is not changed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from piiscan.encoding import decode_name
from piiscan.errors import EncryptedError, UnreadableError, UnsafeCopyError
from piiscan.formats._mail_names import clean_path, unique
from piiscan.formats._zip_corners import corner_texts
from piiscan.formats._zip_writer import write_archive
from piiscan.model import Editor, Format, Item, Limits, Member, Place, Skipped, Source, Text
from piiscan.zips.safe_zip import SafeZip, ZipMember, open_zip

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_COMMENT = Place("zip:comment", "other", hidden=True)


def sniff(source: Source) -> int:
    """30 for the signature; formats that are zip archives inside answer more. 15 for a directory at the end."""
    head = source.head(4)
    if head in _SIGNATURES:
        return 30
    # What unpacks itself is a program with an archive behind it.
    if source.size > 22 and (source.suffix == ".zip" or head[:2] == b"MZ"):
        source.stream.seek(max(0, source.size - 65_557))
        found = b"PK\x05\x06" in source.stream.read()
        source.stream.seek(0)
        return 15 if found else 0
    return 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The names, the comment, then the members; ``EncryptedError`` when no member can be read without a password."""
    archive = open_zip(source.stream, limits)
    files = [m for m in archive.members if not m.is_folder]
    yield from _names(archive)
    yield from corner_texts(archive)
    if files and all(m.encrypted for m in files):
        raise EncryptedError("encrypted")
    taken: dict[str, int] = {}
    for member in files:
        name = unique(clean_path(member.name, f"member-{member.index + 1}"), taken)
        if member.encrypted:
            yield Skipped(name, "encrypted_member")
            continue
        try:
            stream, size = archive.open(member)
        except UnreadableError as error:
            yield Skipped(name, error.reason)
            continue
        yield Member(name, stream, size)


def _names(archive: SafeZip) -> Iterator[Text]:
    for member in archive.members:
        if member.name.strip("/"):
            yield Text(_name_place(member), member.name)


def _name_place(member: ZipMember) -> Place:
    return Place(f"member {member.index + 1}", "member_name")


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """Writes the edited copy; raises ``UnsafeCopyError`` when a member cannot be read or two have the same name."""
    archive = open_zip(source.stream, limits)
    if archive.ambiguous:
        raise UnsafeCopyError("ambiguous_names")
    taken: dict[str, int] = {}
    names = {
        m.index: unique(clean_path(m.name, f"member-{m.index + 1}"), taken) for m in archive.members if not m.is_folder
    }
    fates = {index: editor.unread(name) for index, name in names.items()}
    if any(m.encrypted and fates.get(m.index, "stop") == "stop" for m in archive.members):
        raise UnsafeCopyError("encrypted_member")
    used: set[str] = set()

    def content(member: ZipMember) -> bytes | None:
        if member.is_folder or fates[member.index] == "keep":
            return None
        name = names[member.index]
        stream, size = archive.open(member)
        with stream:
            new = editor.member(name, stream)
            if new is None and size != member.info.file_size:
                # The directory lies about the size, and readers that trust it would see less than was cleaned.
                stream.seek(0)
                return stream.read()
            return new

    def renamed(member: ZipMember) -> str | None:
        new = editor.text(_name_place(member), member.name, 1) if member.name.strip("/") else None
        if new is not None and new != member.name:
            new = unique(new.rstrip("/") or "_", taken_names)
            new += "/" if member.is_folder else ""
        name = member.name if new is None else new
        if name.casefold() in used:
            raise UnsafeCopyError("ambiguous_names")
        used.add(name.casefold())
        return None if new == member.name else new

    taken_names: dict[str, int] = {m.name.rstrip("/").casefold(): 1 for m in archive.members}
    comments = {m.index: _comment(editor, Place(f"zip:comment {m.index + 1}", "other", hidden=True), m.info.comment)
                for m in archive.members if m.info.comment}  # fmt: skip
    bare = _bare(archive, editor)
    left = [m for m in archive.members if fates.get(m.index) != "drop"]
    try:
        write_archive(archive, left, out, content, renamed, comments, _comment(editor, _COMMENT, archive.comment), bare)
    except UnreadableError as error:
        raise UnsafeCopyError(error.reason) from None
    except (struct.error, OverflowError):
        raise UnsafeCopyError("zip_too_large") from None


def _bare(archive: SafeZip, editor: Editor) -> frozenset[int]:
    """The members whose extra fields must go. What belongs to no member is not copied, whatever the answer."""
    changed = {
        item.place.location
        for item in corner_texts(archive)
        if not item.place.location.startswith("zip:comment") and editor.text(item.place, item.text, 1) is not None
    }
    return frozenset(m.index for m in archive.members if f"zip:extra {m.index + 1}" in changed)


def _comment(editor: Editor, place: Place, raw: bytes) -> bytes | None:
    if not raw:
        return None
    new = editor.text(place, decode_name(raw), 1)
    return None if new is None else new.encode("utf-8", "replace")[:65_535]


FORMAT = Format(id="zip", label="zip 書庫", suffixes=(".zip",), sniff=sniff, read=read, rewrite=rewrite)
