"""Rich Text Format: what word processors and mail programs save as .rtf, often under .doc. Reading only.

The text as it is shown; apart from it what stands in destinations that readers may skip (comments, field codes, bookmarks,
authors of changes); embedded objects as members. RTF 1.9.1.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from piiscan.errors import LimitError, UnreadableError
from piiscan.formats._binary_strings import strings
from piiscan.formats._mail_rtf import rtf_text
from piiscan.formats._mail_view import windows
from piiscan.model import Format, Item, Limits, Member, Place, Skipped, Source, Text

_MARK = re.compile(rb"\s{0,20}\{\\rtf")
_OBJECT = re.compile(rb"\\objdata[ \r\n]?([0-9a-fA-F \t\r\n]{16,})")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_OBJECTS = 1000


def sniff(source: Source) -> int:
    """85 for the mark at the start."""
    return 85 if _MARK.match(source.head(64)) else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Shown text, other texts, files inside; raises ``LimitError`` and ``UnreadableError``."""
    # The file, its tokens' text and the pieces it is joined from are in memory at once.
    if source.size * 8 > limits.memory_bytes:
        raise LimitError("too_large")
    source.stream.seek(0)
    try:
        raw = source.stream.read()
    except OSError:
        raise UnreadableError("read_failed") from None
    text = _whole(rtf_text(raw)[0])
    for start, end, line in windows(text, limits.cell_chars):
        if text[start:end].strip():
            yield Text(Place("", "text"), text[start:end], line)
    shown = set(text.split("\n"))
    asides = dict.fromkeys(_whole(rtf_text(raw, asides=True)[0]).split("\n"))
    if left := "\n".join(line for line in asides if line.strip() and line not in shown):
        yield Text(Place("asides", "other", hidden=True), left)
    yield from _objects(raw)
    if b"\\pict" in raw:
        yield Skipped("pictures", "image", partial=False)
    if not text.strip() and not left and b"\\pict" not in raw and source.size > 1000:
        yield Skipped("", "nothing_read")


def _whole(text: str) -> str:
    """The text with characters that were written as two halves put together."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _objects(raw: bytes) -> Iterator[Item]:
    for number, match in enumerate(_OBJECT.finditer(raw), 1):
        if number > _MOST_OBJECTS:
            yield Skipped(f"object {number}", "too_many_members")
            return
        digits = re.sub(rb"\s+", b"", match[1])
        data = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
        at = data.find(_OLE)
        if at >= 0:
            yield Member(f"object-{number}.bin", io.BytesIO(data[at:]), len(data) - at)
            continue
        if found := "\n".join(strings(data)):
            yield Text(Place(f"object {number}", "other", hidden=True), found)
        yield Skipped(f"object {number}", "embedded_object")


FORMAT = Format(id="rtf", label="リッチテキスト (RTF)", suffixes=(".rtf",), sniff=sniff, read=read)
