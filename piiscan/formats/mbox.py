"""Mail folders as one file (mbox): each mail is a member, found by its From line, one in memory at a time.

RFC 4155, and the four dialects that do not agree on how a line "From " inside a mail is written; bytes stay as they are.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from piiscan.errors import LimitError
from piiscan.model import Editor, Format, Item, Limits, Member, Source

_CHUNK = 1024 * 1024
#: A From line ends in a date: "From a@example.jp Thu Jan  1 00:00:00 2026". At the start, or behind an empty line.
_FROM = rb"From [^\r\n]{0,300}\d\d:\d\d[^\r\n]{0,60}\r?\n"
_FIRST = re.compile(_FROM)
_NEXT = re.compile(rb"\n\r?\n(?=" + _FROM + rb")")
_DATED = re.compile(rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ 0-3]?\d \d\d:\d\d(?::\d\d)? ")
_HEADER = re.compile(rb"[!-9;-~]{1,100}[ \t]*:|>From ")
#: The longest a separator can be, so that none is cut by the border of two reads.
_OVERLAP = 512


def sniff(source: Source) -> int:
    """75 for a From line with a header field behind it, 60 for one with a whole date; 0 for a single mail, an eml."""
    head = source.head(2048)
    match = _FIRST.match(head)
    if match is None:
        return 0
    # What comes out of a mailbox keeps its From line, and must not be taken for a mailbox again, and that one again.
    if source.suffix == ".eml" and len(list(islice(_bounds(source), 2))) == 1:
        return 0
    if _HEADER.match(head, match.end()):
        return 75
    return 60 if _DATED.search(match[0]) else 0


def _bounds(source: Source) -> Iterator[tuple[int, int]]:
    """Where each mail begins and ends, its From line included."""
    begin = position = 0
    carry = b""
    while piece := _read_at(source, position):
        window = carry + piece
        base = position - len(carry)
        for match in _NEXT.finditer(window):
            start = base + match.end()
            if start > begin:
                yield begin, start
                begin = start
        position += len(piece)
        carry = window[-_OVERLAP:]
    if position > begin:
        yield begin, position


def _read_at(source: Source, position: int) -> bytes:
    source.stream.seek(position)
    return source.stream.read(_CHUNK)


def _mails(source: Source, limits: Limits) -> Iterator[tuple[str, bytes]]:
    for number, (begin, end) in enumerate(_bounds(source), start=1):
        if number > limits.members:
            raise LimitError("too_many_members")
        if (end - begin) * 8 > limits.memory_bytes:
            raise LimitError("too_large")
        source.stream.seek(begin)
        yield f"{number:04d}.eml", source.stream.read(end - begin)


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The mails in their order."""
    for name, data in _mails(source, limits):
        yield Member(name, io.BytesIO(data), len(data))


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """Writes the edited copy; mails without a change keep their bytes."""
    for name, data in _mails(source, limits):
        new = editor.member(name, io.BytesIO(data))
        out.write(data if new is None else new)


FORMAT = Format(
    id="mbox", label="メールボックス (mbox)", suffixes=(".mbox", ".mbx"), sniff=sniff, read=read, rewrite=rewrite
)
