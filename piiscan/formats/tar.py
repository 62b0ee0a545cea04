"""Tar archives: each regular file is a member; links, devices and sparse files are listed, never followed.

A copy keeps every block that does not change. Compressed archives are read as the compressed file with the archive in it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from piiscan.errors import LimitError, UnsafeCopyError
from piiscan.formats._binary_strings import eight_bit_strings, strings
from piiscan.formats._mail_names import clean_path, unique
from piiscan.formats._tar_map import BLOCK, Entry, entries, pax_block, plausible, with_size
from piiscan.model import Editor, Format, Item, Limits, Member, Place, Skipped, Source, Text

_CHUNK = 1024 * 1024
_SPOOL = 32 * _CHUNK
_BEHIND = Place("tar:unused", "other", hidden=True)
_LARGEST = 8 * 1024**3 - 1


def sniff(source: Source) -> int:
    """80 for a first header whose checksum is right, which no other file has by chance; else 0."""
    head = source.head(BLOCK)
    if len(head) < BLOCK or not head.strip(b"\0") or not plausible(head):
        return 0
    return 80


def _places(entry: Entry, number: int) -> list[tuple[Place, str]]:
    """The words of one header: name, where a link leads, owner, comment."""
    found = [
        (Place(f"member {number}", "member_name"), entry.name),
        (Place(f"member {number} link", "member_name", hidden=True), entry.link if entry.kind in "12" else ""),
        (Place(f"member {number} owner", "other", hidden=True), entry.owner),
        (Place(f"member {number} comment", "other", hidden=True), entry.comment),
    ]
    return [(place, text) for place, text in found if text.strip("/. ")]


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Names and owners, then the members, in their order."""
    taken: dict[str, int] = {}
    owners: set[str] = set()
    last = 0
    for number, entry in enumerate(entries(source.stream, source.size, limits.members), start=1):
        for place, text in _places(entry, number):
            if not place.location.endswith(" owner") or text not in owners:
                yield Text(place, text)
        owners.add(entry.owner)
        last = entry.end
        name = unique(clean_path(entry.name, f"member-{number}"), taken)
        if entry.kind in "0S":
            yield Member(name, _content(source, entry), entry.size)
        elif entry.kind != "5":
            yield Skipped(name, "special_member", partial=entry.kind not in "123456")
    if left := _behind(source, last):
        yield Text(_BEHIND, left)


def _behind(source: Source, last: int) -> str:
    """The words in what follows the last member, where readers no longer look."""
    source.stream.seek(last)
    raw = source.stream.read(16 * _CHUNK)
    return "\n".join(dict.fromkeys((*eight_bit_strings(raw), *strings(raw)))) if raw.strip(b"\0") else ""


def _content(source: Source, entry: Entry) -> BinaryIO:
    spool = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_SPOOL))  # noqa: SIM115 - handed over
    for piece in _pieces(source, entry.data, entry.data + entry.size):
        spool.write(piece)
    spool.seek(0)
    return spool


def _pieces(source: Source, at: int, end: int) -> Iterator[bytes]:
    while at < end:
        source.stream.seek(at)
        piece = source.stream.read(min(_CHUNK, end - at))
        if not piece:
            return
        at += len(piece)
        yield piece


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """Writes the edited copy; refuses changed sparse members, changed link targets and members above 8 GiB."""
    taken: dict[str, int] = {}
    last = 0
    dropped: set[str] = set()
    for number, entry in enumerate(entries(source.stream, source.size, limits.members), start=1):
        name = unique(clean_path(entry.name, f"member-{number}"), taken)
        last = entry.end
        fate = editor.unread(name)
        if fate == "drop" or (entry.kind == "1" and entry.link in dropped):
            dropped.add(entry.name)
            continue
        if fate == "keep" and entry.kind not in "0123456S":
            for piece in _pieces(source, entry.start, entry.end):
                out.write(piece)
            continue
        if entry.kind not in "0123456S":
            raise UnsafeCopyError("special_member")
        words = {
            place.location.rpartition(" ")[2]: editor.text(place, text, 1) for place, text in _places(entry, number)
        }
        renamed = words.pop(str(number), None)
        new: bytes | None = None
        if entry.kind in "0S":
            with _content(source, entry) as stream:
                new = editor.member(name, stream)
        same = new is None and renamed is None and all(w is None for w in words.values())
        if words.get("link") is not None or (entry.kind == "S" and not same):
            raise UnsafeCopyError("special_member")
        if same:
            pieces = _pieces(source, entry.start, entry.end)
        else:
            pieces = _changed(source, entry, renamed, words.get("owner"), new)
        for piece in pieces:
            out.write(piece)
    if left := _behind(source, last):
        editor.text(_BEHIND, left, 1)
    # The end is two empty blocks and padding; whatever else hides behind them is left behind.
    out.write(bytes(min(source.size - last, 20 * BLOCK)))


def _changed(
    source: Source, entry: Entry, renamed: str | None, owner: str | None, new: bytes | None
) -> Iterator[bytes]:
    """A member anew: one pax header for its name, its old header block, its content."""
    size = entry.size if new is None else len(new)
    if size > _LARGEST:
        raise LimitError("too_large")
    name = entry.name if renamed is None else renamed
    records = {"path": name}
    if entry.kind in "12":
        records["linkpath"] = entry.link
    yield pax_block(records)
    source.stream.seek(entry.header)
    block = bytearray(source.stream.read(BLOCK))
    if owner is not None:
        block[265:329] = bytes(64)
    yield with_size(bytes(block), size, name.encode("ascii", "replace").replace(b"?", b"_"))
    yield from _pieces(source, entry.data, entry.data + entry.size) if new is None else (new,)
    yield bytes(-size % BLOCK)


FORMAT = Format(id="tar", label="tar 書庫", suffixes=(".tar",), sniff=sniff, read=read, rewrite=rewrite)
