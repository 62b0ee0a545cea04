"""Word and PowerPoint documents of versions 97 to 2003: doc, dot, ppt, pps. Reading only.

The text of the document with its notes, headers, comments and text boxes, or of the slides; properties; files inside.
[MS-DOC] 2.4.1, [MS-PPT] 2.1.2.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from piiscan.errors import EncryptedError, UnreadableError
from piiscan.formats._biff_strings import Pages
from piiscan.formats._compound import MAGIC, Compound, names_in
from piiscan.formats._compound_items import object_items, property_items, slack_items
from piiscan.model import Format, Item, Limits, Place, Skipped, Source, Text

_SUFFIXES = (".doc", ".dot", ".ppt", ".pps", ".pot")
_WORD, _SLIDES = "worddocument", "powerpoint document"
_WORD_97 = 0x00C1
_ENCRYPTED_WORD, _TABLE_1 = 0x0100, 0x0200
#: In the stream of the current user: this presentation is encrypted. [MS-PPT] 2.3.2
_ENCRYPTED_SLIDES = 0xF3D1C4DF
_COMPRESSED = 0x40000000
_MOST_PIECES = 1_000_000
#: The parts of a Word document in the order of their characters, by the offset of their length in the FIB.
_PARTS = (
    (0x4C, "text"), (0x50, "text"), (0x54, "header_footer"), (0x58, "other"), (0x5C, "comment"), (0x60, "text"),
    (0x64, "drawing"), (0x68, "header_footer"),
)  # fmt: skip
_MARKS = {7: "\t", 11: "\n", 12: "\n", 13: "\n", 14: "\n", 0x13: " ", 0x14: " ", 0x15: " ", 0x1E: "-", 0xA0: " "}
_CHARACTERS = {**dict.fromkeys(range(32), ""), 9: "\t", 10: "\n", **_MARKS}
_TEXT_CHARS, _TEXT_BYTES, _CSTRING, _SLIDE, _NOTES, _COMMENT = 0x0FA0, 0x0FA8, 0x0FBA, 0x03EE, 0x03F0, 0x2EE0
_CONTAINER = 0x0F
_MOST_DEPTH = 32


def sniff(source: Source) -> int:
    """90 for a compound file with the stream of a document or presentation, 41 for a damaged one called so, else 0."""
    if source.head(8) != MAGIC:
        return 0
    names = names_in(source.stream)
    if names:
        return 90 if _WORD in names or _SLIDES in names else 0
    return 41 if source.suffix in _SUFFIXES else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Texts, then files inside; raises ``EncryptedError``, ``UnreadableError``, ``LimitError``."""
    with Compound(source.stream, limits) as file:
        streams = {path[0].casefold(): path for path in file.streams if len(path) == 1}
        contents = {name: file.read(path) for name, path in streams.items() if name in _OWN}
        if _WORD in contents:
            texts = word_texts(contents)
        elif _SLIDES in contents:
            texts = slide_texts(contents)
        else:
            raise UnreadableError("damaged")
        nothing = True
        for text in texts:
            nothing = False
            yield text
        if nothing:
            yield Skipped("", "nothing_read")
        yield from property_items(file)
        done = {streams[name] for name in contents}
        yield from object_items(file, done | {streams[n] for n in ("data", "pictures") if n in streams})
        if "pictures" in streams or "data" in streams:
            yield Skipped("pictures", "image", partial=False)
        yield from slack_items(file)


_OWN = frozenset({_WORD, _SLIDES, "0table", "1table", "current user"})


# ---------------------------------------------------------------- Word


def word_texts(streams: Mapping[str, bytes]) -> Iterator[Text]:
    """The text of a document, part by part."""
    data = streams[_WORD]
    if len(data) < 0x70:
        raise UnreadableError("damaged")
    version, flags = struct.unpack_from("<H", data, 2)[0], struct.unpack_from("<H", data, 10)[0]
    if flags & _ENCRYPTED_WORD:
        raise EncryptedError("encrypted")
    if version < _WORD_97:
        first, last = struct.unpack_from("<II", data, 0x18)
        whole = Pages().decode(data[first:last])
        yield from _shown(whole, "text")
        return
    table = streams.get("1table" if flags & _TABLE_1 else "0table", b"")
    whole = "".join(_pieces(data, table))
    at = 0
    for offset, where in _PARTS:
        (length,) = struct.unpack_from("<I", data, offset)
        yield from _shown(whole[at : at + length], where)
        at = min(at + length, len(whole))
    yield from _shown(whole[at:], "other")


def _shown(text: str, where: str) -> Iterator[Text]:
    readable = text.translate(_CHARACTERS)
    if readable.strip():
        yield Text(Place("", where, hidden=where == "other"), readable)


def _pieces(data: bytes, table: bytes) -> Iterator[str]:
    """The document's text from the table of its pieces, [MS-DOC] 2.8.35."""
    if len(data) < 0x1AA:
        raise UnreadableError("damaged")
    at, size = struct.unpack_from("<II", data, 0x1A2)
    end = min(at + size, len(table))
    while at + 3 <= end and table[at] == 1:
        at += 3 + int(struct.unpack_from("<H", table, at + 1)[0])
    if at + 5 > end or table[at] != 2:
        raise UnreadableError("damaged")
    (size,) = struct.unpack_from("<I", table, at + 1)
    at += 5
    count = min((min(size, end - at) - 4) // 12, _MOST_PIECES)
    if count < 0:
        raise UnreadableError("damaged")
    bounds = struct.unpack_from(f"<{count + 1}I", table, at)
    left = 2 * len(data)  # pieces may overlap: a bomb is cut off
    for index in range(count):
        length = bounds[index + 1] - bounds[index]
        if not 0 <= length <= left:
            return
        left -= length
        (where,) = struct.unpack_from("<I", table, at + 4 * (count + 1) + 8 * index + 2)
        start = where & ~_COMPRESSED
        if where & _COMPRESSED:
            yield data[start // 2 : start // 2 + length].decode("cp1252", "replace")
        else:
            yield data[start : start + 2 * length].decode("utf-16-le", "replace")


# ---------------------------------------------------------------- PowerPoint


def slide_texts(streams: Mapping[str, bytes]) -> Iterator[Text]:
    """The texts of a presentation, slide by slide; a file keeps older states of its slides, which are read too."""
    user = streams.get("current user", b"")
    if len(user) >= 16 and struct.unpack_from("<I", user, 12)[0] == _ENCRYPTED_SLIDES:
        raise EncryptedError("encrypted")
    data = streams[_SLIDES]
    seen: set[tuple[str, str]] = set()
    slide = 0
    stack = [(0, len(data), "", "text")]
    while stack:
        at, end, location, where = stack.pop()
        while at + 8 <= end:
            head, kind, size = struct.unpack_from("<HHI", data, at)
            inside, stop = at + 8, min(at + 8 + size, end)
            at = stop
            if head & 0x0F == _CONTAINER:
                if len(stack) < _MOST_DEPTH:
                    stack.append((at, end, location, where))
                    at, end = inside, stop
                if kind == _SLIDE:
                    slide += 1
                    location = f"slide {slide}"
                where = "comment" if kind == _COMMENT else where
                continue
            text = _atom(data, kind, inside, stop)
            if text.strip() and (location, text) not in seen:
                seen.add((location, text))
                yield Text(Place(location, where), text)


def _atom(data: bytes, kind: int, at: int, end: int) -> str:
    if kind in (_TEXT_CHARS, _CSTRING):
        return data[at:end].decode("utf-16-le", "replace").translate(_CHARACTERS)
    if kind == _TEXT_BYTES:
        return data[at:end].decode("latin-1").translate(_CHARACTERS)
    return ""


FORMAT = Format(id="doc", label="Word・PowerPoint 97-2003 文書", suffixes=_SUFFIXES, sniff=sniff, read=read)
