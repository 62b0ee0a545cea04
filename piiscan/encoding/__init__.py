"""Text from bytes and back: finding out the encoding, reading it without losing a byte, writing in the same one.

Latin-1 is never an answer: it reads everything and therefore proves nothing. Mail and web pages call cp932
"Shift_JIS"; here it is always cp932, because plain Shift_JIS cannot read ① ㈱ 髙 﨑.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from piiscan.encoding._codecs import ASCII, SHIFTED, euc_decode, euc_encode, iso_chars, iso_decode, iso_encode, iso_runs
from piiscan.encoding._sniff import Encoding, detect

__all__ = [
    "Block",
    "Encoding",
    "decode",
    "decode_declared",
    "decode_name",
    "decode_stream",
    "detect",
    "detect_stream",
    "encode",
    "looks_like_text",
    "offset_of",
    "splice",
    "text_encoding",
]

_ALIASES = {
    "cp932": "cp932 ms932 windows-31j windows31j cswindows31j shift_jis shift-jis shiftjis sjis x-sjis x-ms-cp932 "
    "ms_kanji mskanji csshiftjis shift_jis-2004 shift_jisx0213 sjis-win",
    "cp50221": "iso-2022-jp iso2022-jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3 iso-2022-jp-ms iso-2022-jp-2004 "
    "csiso2022jp cp50220 cp50221 cp50222 jis iso2022jp",
    "eucjp-ms": "euc-jp eucjp euc_jp x-euc-jp x-euc eucjp-ms eucjp-win cp51932 ujis cseucpkdfmtjapanese",
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 utf-8-sig us-ascii ascii",
    "utf-16-le": "utf-16le utf-16-le",
    "utf-16-be": "utf-16be utf-16-be",
}
_NAMES = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()}
_UNREAD = re.compile("[\ud800-\udfff\uf8f0-\uf8f3]")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_CONTROLS = re.compile("[\x00-\x06\x0e-\x1a\x1c-\x1f]+")
_NOT_PLAIN = re.compile(rb"[\x80-\xff]|\x1b[$(]")
_ESCAPED = re.compile(rb"\x1b[$(]")
#: Three kana or kanji of UTF-8 in a row, which hardly ever is cp932 or EUC (縺縺縺 and the like).
_UTF8_RUN = b"LccLccLcc"
_UTF8_KINDS = bytes(0x4C if 0xE3 <= b <= 0xE9 else 0x63 if 0x80 <= b <= 0xBF else 0x2E for b in range(256))
_HEAD, _CHUNK, _PROOF = 32 * 1024, 1024**2, 4096
_CONTROL_BYTES = bytes([*range(7), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
#: What Python's cp932 makes of the bytes A0, FD, FE and FF, which mean nothing.
_PRIVATE = "\uf8f0\uf8f1\uf8f2\uf8f3"
_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, repr=False, slots=True)
class Block:
    """A stretch of a file: its bytes, the same as text, and how many bytes could not be read (U+FFFD in the text)."""

    raw: bytes
    text: str
    undecodable: int


# ---------------------------------------------------------------- reading


def decode(data: bytes, encoding: Encoding) -> tuple[str, int]:
    """``data`` without a byte order mark as text, and the number of bytes that could not be read.

    Such bytes become U+FFFD. Before that happens each damaged line is tried in the other encodings, because files
    pasted together from several sources exist. ``data`` must begin at a character.
    """
    if encoding.name == "cp50221":
        text = iso_decode(data)
        return text, text.count("\ufffd")
    if not encoding.name.startswith(("utf-16", "utf-32")):
        whole = _whole(data, encoding.name)
        if whole is not None and not any(char in whole for char in _PRIVATE):
            return whole, 0
    pattern = _LONE if encoding.name.startswith("utf-") else _UNREAD
    return pattern.subn("\ufffd", _lossless(data, encoding.name))


def _lossless(data: bytes, name: str) -> str:
    """The text with unreadable bytes as lone surrogates, one for each byte, so that positions can be mapped back."""
    if name.startswith(("utf-16", "utf-32")):
        return _wide_lossless(data, name)
    text = _whole(data, name)
    return text if text is not None else "".join(piece for _, _, piece in _lines(data, name))


def _whole(data: bytes, name: str) -> str | None:
    """The text when it is all in one encoding, else None. What a line is read as never depends on its neighbours."""
    if name != "utf-8" and not data.isascii() and _UTF8_RUN in data.translate(_UTF8_KINDS):
        return None
    try:
        return euc_decode(data, strict=True) if name == "eucjp-ms" else data.decode(name)
    except UnicodeDecodeError:
        return None


def _lines(data: bytes, name: str) -> Iterator[tuple[str, bytes, str]]:
    """(encoding, bytes, text) of each line of a file that was pasted together or damaged."""
    for line in _LINE.findall(data):
        own = _line_encoding(line, name)
        yield own, line, _read_as(line, own)


def _wide_lossless(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        pass
    width = 4 if name.startswith("utf-32") else 2
    whole = len(data) // width * width
    if width == 2:
        return data[:whole].decode(name, "surrogatepass") + "\udcff" * (whole < len(data))
    units = [data[at : at + 4] for at in range(0, whole, 4)]
    codes = [int.from_bytes(unit, "little" if name.endswith("le") else "big") for unit in units]
    return "".join(chr(c) if c < 0x110000 else "\udcff" for c in codes) + "\udcff" * (whole < len(data))


def _read_as(data: bytes, name: str) -> str:
    if name == "eucjp-ms":
        return euc_decode(data)
    return data.decode(name, "piiscan-lossless")


def _line_encoding(line: bytes, name: str) -> str:
    """The encoding of one line: the file's when it fits, else another that fits, else the file's."""
    if line.isascii() or _whole(line, name) is not None:
        return name
    if _whole(line, "utf-8") is not None:
        return "utf-8"
    other = detect(line, complete=True)
    return other.name if other.confident and other.name in ("cp932", "eucjp-ms") else name


def text_encoding(stream: BinaryIO) -> Encoding | None:
    """The encoding of a file that holds text, or None for a binary one; the stream is left at its start."""
    stream.seek(0)
    head = stream.read(_PROOF)
    if _is_binary(head):
        stream.seek(0)
        return None
    found = detect_stream(stream)
    return found if looks_like_text(head, found) else None


def _is_binary(head: bytes) -> bool:
    """A quick no: too many control bytes for text, and not the two- or four-byte pattern of UTF-16 and UTF-32."""
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    if controls <= 2 + len(head) // 200:
        return False
    return not detect(head, complete=False).name.startswith(("utf-16", "utf-32"))


def detect_stream(stream: BinaryIO, most: int = 64 * 1024**2) -> Encoding:
    """The encoding of a whole file; the stream is left at its start.

    A file that begins with plain ASCII is read on, up to ``most`` bytes, until something tells the encodings apart.
    """
    stream.seek(0)
    head = stream.read(_HEAD + 1)
    found = detect(head[:_HEAD], complete=len(head) <= _HEAD)
    if len(head) > _HEAD and found == Encoding("utf-8") and head.isascii():
        found = _detect_behind(stream, most)
    stream.seek(0)
    return found


def _detect_behind(stream: BinaryIO, most: int) -> Encoding:
    """The encoding of a file by its first block that is not plain ASCII, from the line end before it on."""
    before = b""
    for _ in range(0, most, _CHUNK):
        data = stream.read(_CHUNK)
        if not data:
            break
        if not data.isascii() or _ESCAPED.search(data):
            both = before[-1024:] + data
            first = _NOT_PLAIN.search(both)
            start = both.rfind(b"\n", 0, first.start()) + 1 if first else 0
            part = both[start : start + _HEAD]
            return detect(part, complete=False)
        before = data
    return Encoding("utf-8")


def decode_stream(stream: BinaryIO, encoding: Encoding, size: int = 1024**2) -> Iterator[Block]:
    """The rest of a binary stream in blocks of about ``size`` bytes, cut behind a line end where there is one.

    Seek behind the byte order mark first. A line longer than ``size`` is cut between two characters.
    """
    rest = b""
    while data := stream.read(size):
        rest = rest + data if rest else data
        cut = _cut(rest, encoding.name)
        if cut:
            yield Block(rest[:cut], *decode(rest[:cut], encoding))
            rest = rest[cut:]
    if rest:
        yield Block(rest, *decode(rest, encoding))


def _cut(data: bytes, name: str) -> int:
    """Where to cut: behind the last line end, else behind the last whole character; 0 when there is no place yet."""
    if name.startswith(("utf-16", "utf-32")):
        return _cut_wide(data, name)
    at = data.rfind(b"\n") + 1 or (data.rfind(b"\r", 0, -1) + 1)
    if at:
        return at
    if name == "cp50221":
        escape = data.rfind(ASCII)
        return escape + 3 if escape >= 0 else (len(data) if data.rfind(b"\x1b") < 0 else 0)
    decoder = codecs.getincrementaldecoder("euc_jp" if name == "eucjp-ms" else name)("piiscan-euc")
    decoder.decode(data)
    return len(data) - len(decoder.getstate()[0])


def _cut_wide(data: bytes, name: str) -> int:
    width = 4 if name.startswith("utf-32") else 2
    newline = "\n".encode(name)
    at = data.rfind(newline)
    while at > 0 and at % width:
        at = data.rfind(newline, 0, at + width - 1)
    if at > 0:
        return at + width
    whole = len(data) // width * width
    high = data[whole - 1 if name.endswith("le") else whole - 2] if whole else 0
    return whole - 2 if width == 2 and 0xD8 <= high <= 0xDB else whole


# ---------------------------------------------------------------- writing


def encode(text: str, encoding: Encoding) -> bytes:
    """``text`` in the same encoding, without a byte order mark. Never fails.

    A character that the encoding lacks becomes its nearest relative or ■.
    """
    name = encoding.name
    if name == "cp50221":
        return iso_encode(text)
    if name == "eucjp-ms":
        return euc_encode(text)
    if name == "cp932":
        return text.encode("cp932", "piiscan-lossless")
    return _LONE.sub("\ufffd", text).encode(name)


def splice(raw: bytes, encoding: Encoding, edits: Sequence[tuple[int, int, str]]) -> bytes:
    """``raw`` with stretches of its text replaced, every byte outside them untouched.

    ``edits`` are (start, end, new text) in characters of ``decode(raw, encoding)``, rising and not overlapping.
    """
    if not edits:
        return raw
    if encoding.name == "cp50221":
        return _splice_iso(raw, edits)
    marks = [position for start, end, _ in edits for position in (start, end)]
    offsets = list(_offsets(raw, encoding.name, marks))
    out, at = [], 0
    for (_, _, new), start, end in zip(edits, offsets[::2], offsets[1::2], strict=True):
        out += [raw[at:start], encode(new, encoding)]
        at = end
    return b"".join([*out, raw[at:]])


def offset_of(raw: bytes, encoding: Encoding, position: int) -> int:
    """The byte at which the character ``position`` of ``decode(raw, encoding)`` begins; not for cp50221."""
    return next(_offsets(raw, encoding.name, [position])) if raw else 0


def _offsets(raw: bytes, name: str, marks: Sequence[int]) -> Iterator[int]:
    """The byte offsets of rising character positions."""
    pieces = iter(_pieces(raw, name))
    byte = char = 0
    own, data, text = next(pieces)
    inside = inside_byte = 0
    for mark in marks:
        while mark - char > len(text):
            byte, char = byte + len(data), char + len(text)
            own, data, text = next(pieces)
            inside = inside_byte = 0
        inside_byte += _byte_length(data[inside_byte:], text[inside : mark - char], own)
        inside = mark - char
        yield byte + inside_byte


def _pieces(raw: bytes, name: str) -> list[tuple[str, bytes, str]]:
    """(encoding, bytes, text) of the stretches that are read in one encoding: all of it, or line by line."""
    if name.startswith(("utf-16", "utf-32")):
        return [(name, raw, _lossless(raw, name))]
    text = _whole(raw, name)
    return [(name, raw, text)] if text is not None else list(_lines(raw, name))


def _byte_length(data: bytes, text: str, name: str) -> int:
    """How many bytes at the start of ``data`` the characters ``text`` were read from."""
    if name == "utf-8":
        return len(text.encode("utf-8", "surrogateescape"))
    if name == "cp932":
        return len(text.encode("cp932", "piiscan-lossless"))
    if name.startswith("utf-32"):
        return min(4 * len(text), len(data))
    if name.startswith("utf-16"):
        return min(len(text.encode(name, "surrogatepass")), len(data))
    at = 0
    for char in text:  # EUC writes some characters in two ways of different length
        lone = "\udc80" <= char <= "\udcff"
        at += 1 if data[at] < 0x80 or lone else 3 if data[at] == 0x8F else 2
    return at


def _splice_iso(raw: bytes, edits: Sequence[tuple[int, int, str]]) -> bytes:
    """As :func:`splice`; the new text leaves the character set it lands in and comes back to it."""
    places = [
        (start + offset, start + offset + width, mode)
        for mode, start, end in iso_runs(raw)
        for offset, width in _widths(iso_chars(mode, raw[start:end]))
    ]
    out, at = [], 0
    for start, end, new in edits:
        begin, _, before = places[start] if start < len(places) else (len(raw), 0, ASCII)
        _, stop, after = places[end - 1] if end > start else (0, begin, before)
        out += [raw[at:begin], _leave(before), iso_encode(new), b"" if after == ASCII else after]
        at = stop
    return b"".join([*out, raw[at:]])


def _widths(chars: list[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    at = 0
    for _, width in chars:
        yield at, width
        at += width


def _leave(mode: bytes) -> bytes:
    return b"" if mode == ASCII else b"\x0f" if mode == SHIFTED else ASCII


# ---------------------------------------------------------------- mail, web pages, archives


def decode_declared(data: bytes, declared: str | None) -> tuple[str, str, int]:
    """Text whose encoding was declared by a mail or page, the name of the encoding used, unreadable bytes.

    A declaration that is unknown, or that leaves bytes unread when another encoding reads them all, is not believed.
    """
    sniffed = detect(data, complete=True)
    name = _known((declared or "").strip().strip("\"'").lower())
    if name is None or sniffed.bom_length:
        text, bad = decode(data[sniffed.bom_length :], sniffed)
        return text, sniffed.name, bad
    if name in ("utf-8", "cp932", "eucjp-ms") and sniffed.name == "cp50221":
        name = "cp50221"  # escapes in text declared otherwise: pure ASCII to any other decoder
    if name != sniffed.name and sniffed.confident and not _fits(data, name):
        name = sniffed.name
    return _decode_as(data, name)


def _known(declared: str) -> str | None:
    if declared in _NAMES:
        return _NAMES[declared]
    try:
        return codecs.lookup(declared).name if declared and codecs.lookup(declared)._is_text_encoding else None
    except LookupError:
        return None


def _fits(data: bytes, name: str) -> bool:
    try:
        if name == "cp50221":
            return "\ufffd" not in iso_decode(data)
        return _UNREAD.search(euc_decode(data, strict=True) if name == "eucjp-ms" else data.decode(name)) is None
    except UnicodeError:
        return False


def _decode_as(data: bytes, name: str) -> tuple[str, str, int]:
    if name in _ALIASES:
        text, bad = decode(data, Encoding(name))
        return text, name, bad
    text = data.decode(name, "replace")
    return text, name, text.count("\ufffd")


def decode_name(raw: bytes) -> str:
    """A file name or header that came as bare bytes: UTF-8 when it fits, else what it most likely is."""
    try:
        return raw.decode("utf-8") if b"\x1b" not in raw else iso_decode(raw)
    except UnicodeDecodeError:
        sniffed = detect(raw, complete=True)
        return decode(raw[sniffed.bom_length :], sniffed)[0]


def looks_like_text(head: bytes, encoding: Encoding) -> bool:
    """Whether the beginning of a file holds text and no control bytes that only binary files have."""
    text, bad = decode(head[encoding.bom_length :], encoding)
    controls = sum(len(run) for run in _CONTROLS.findall(text))
    if not encoding.bom_length and controls > len(text) // 500 + (1 if encoding.confident else 0):
        return False
    return (controls <= 1 or controls * 20 <= len(text)) and bad <= 4 + len(head) // 20
