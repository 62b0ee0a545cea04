"""Files in the form of text, as they were sent before mail had attachments: uuencode (POSIX) and yEnc. Reading only."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from piiscan.encoding import decode_name
from piiscan.errors import LimitError, UnreadableError
from piiscan.formats._mail_names import clean_name, unique
from piiscan.formats._mail_transfer import uu_blocks
from piiscan.model import Format, Item, Limits, Member, Place, Source, Text

_BEGINS = re.compile(
    rb"(?:begin [0-7]{3,4} [^\r\n]{1,260}\r?\n[\x20-\x60]|=ybegin (?:[a-z]{4,5}=[0-9]{1,12} ){2,4}name=)"
)
_MEMORY_PART = 8


def sniff(source: Source) -> int:
    """60 for a text that begins with the first line of such a file."""
    return 60 if _BEGINS.match(source.head(1024)) else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The files, then the text around them; raises ``UnreadableError`` when none is there whole."""
    if source.size * _MEMORY_PART > limits.memory_bytes:
        raise LimitError("too_large")
    source.stream.seek(0)
    data = source.stream.read()
    taken: dict[str, int] = {}
    around, last = [], 0
    for start, end, name, content in sorted(uu_blocks(data)):
        shown = unique(clean_name(decode_name(name.strip()), "content.bin"), taken)
        yield Member(shown, io.BytesIO(content), len(content))
        yield Text(Place(f"member {len(taken)}", "member_name"), shown)
        around.append(data[last:start])
        last = end
    if not taken:
        raise UnreadableError("damaged")
    text = decode_name(b"\n".join([*around, data[last:]]))
    if text.strip():
        yield Text(Place("", "text"), text)


FORMAT = Format(id="uu", label="uuencode・yEnc", suffixes=(".uu", ".uue", ".ync"), sniff=sniff, read=read)
