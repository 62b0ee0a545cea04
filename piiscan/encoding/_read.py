"""Bytes to text without losing any: what cannot be read is marked, and a damaged line is tried in other encodings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from piiscan.encoding._codecs import euc_decode, iso_decode
from piiscan.encoding._sniff import Encoding, detect

UNREAD = re.compile("[\ud800-\udfff\uf8f0-\uf8f3]")
LONE = re.compile("[\ud800-\udfff]")
#: What Python's cp932 makes of the bytes A0, FD, FE and FF, which mean nothing.
_PRIVATE = "\uf8f0\uf8f1\uf8f2\uf8f3"
#: Three kana or kanji of UTF-8 in a row, which hardly ever is cp932 or EUC (縺縺縺 and the like).
_UTF8_RUN = b"LccLccLcc"
_UTF8_KINDS = bytes(0x4C if 0xE3 <= b <= 0xE9 else 0x63 if 0x80 <= b <= 0xBF else 0x2E for b in range(256))
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def decode(data: bytes, encoding: Encoding) -> tuple[str, int]:
    """``data`` without a byte order mark as text, and the number of bytes that could not be read.

    Such bytes become U+FFFD. Before that happens each damaged line is tried in the other encodings, because files
    pasted together from several sources exist. ``data`` must begin at a character.
    """
    if encoding.name == "cp50221":
        text = iso_decode(data)
        return text, text.count("\ufffd")
    if not encoding.name.startswith(("utf-16", "utf-32")):
        clean = whole(data, encoding.name)
        if clean is not None and not any(char in clean for char in _PRIVATE):
            return clean, 0
    pattern = LONE if encoding.name.startswith("utf-") else UNREAD
    return pattern.subn("\ufffd", lossless(data, encoding.name))


def lossless(data: bytes, name: str) -> str:
    """The text with unreadable bytes as lone surrogates, one for each byte, so that positions can be mapped back."""
    if name.startswith(("utf-16", "utf-32")):
        return _wide_lossless(data, name)
    text = whole(data, name)
    return text if text is not None else "".join(piece for _, _, piece in lines(data, name))


def whole(data: bytes, name: str) -> str | None:
    """The text when it is all in one encoding, else None. What a line is read as never depends on its neighbours."""
    if name != "utf-8" and not data.isascii() and _UTF8_RUN in data.translate(_UTF8_KINDS):
        return None
    try:
        return euc_decode(data, strict=True) if name == "eucjp-ms" else data.decode(name)
    except UnicodeDecodeError:
        return None


def lines(data: bytes, name: str) -> Iterator[tuple[str, bytes, str]]:
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
    if line.isascii() or whole(line, name) is not None:
        return name
    if whole(line, "utf-8") is not None:
        return "utf-8"
    other = detect(line, complete=True)
    return other.name if other.confident and other.name in ("cp932", "eucjp-ms") else name
