"""Text to bytes: in an encoding it came from, and into the middle of bytes that must not change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from piiscan.encoding._codecs import ASCII, SHIFTED, euc_encode, iso_chars, iso_encode, iso_runs
from piiscan.encoding._read import LONE, lines, lossless, whole
from piiscan.encoding._sniff import Encoding


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
    return LONE.sub("\ufffd", text).encode(name)


def splice(raw: bytes, encoding: Encoding, edits: Sequence[tuple[int, int, str]]) -> bytes:
    """``raw`` with stretches of its text replaced, every byte outside them untouched.

    ``edits`` are (start, end, new text) in characters of ``decode(raw, encoding)``, rising and not overlapping.
    """
    if not edits:
        return raw
    if not raw:
        return b"".join(encode(new, encoding) for _, _, new in edits)
    if encoding.name == "cp50221":
        return _splice_iso(raw, edits)
    marks = [position for start, end, _ in edits for position in (start, end)]
    places = list(_places(raw, encoding.name, marks))
    out, at = [], 0
    for (_, _, new), (start, own), (end, _) in zip(edits, places[::2], places[1::2], strict=True):
        out += [raw[at:start], encode(new, Encoding(own))]
        at = end
    return b"".join([*out, raw[at:]])


def offset_of(raw: bytes, encoding: Encoding, position: int) -> int:
    """The byte at which the character ``position`` of ``decode(raw, encoding)`` begins; not for cp50221."""
    return next(_places(raw, encoding.name, [position]))[0] if raw else 0


def _places(raw: bytes, name: str, marks: Sequence[int]) -> Iterator[tuple[int, str]]:
    """For rising character positions, the byte where each begins and the encoding of the line it is in."""
    pieces = _pieces(raw, name)
    number = byte = char = 0  # the piece, and where it begins
    inside = inside_byte = 0  # how far it has been walked
    for mark in marks:
        while mark - char >= len(pieces[number][2]) and number + 1 < len(pieces):
            byte, char = byte + len(pieces[number][1]), char + len(pieces[number][2])
            number, inside, inside_byte = number + 1, 0, 0
        own, data, text = pieces[number]
        inside_byte += _byte_length(data, inside_byte, text[inside : mark - char], own)
        inside = mark - char
        yield byte + inside_byte, own


def _pieces(raw: bytes, name: str) -> list[tuple[str, bytes, str]]:
    """(encoding, bytes, text) of the stretches that are read in one encoding: all of it, or line by line; never none."""
    if name.startswith(("utf-16", "utf-32")):
        return [(name, raw, lossless(raw, name))]
    text = whole(raw, name)
    return [(name, raw, text)] if text is not None else list(lines(raw, name))


def _byte_length(data: bytes, start: int, text: str, name: str) -> int:
    """How many bytes of ``data`` from ``start`` on the characters ``text`` were read from."""
    if name == "utf-8":
        return len(text.encode("utf-8", "surrogateescape"))
    if name == "cp932":
        return len(text.encode("cp932", "piiscan-lossless"))
    if name.startswith("utf-32"):
        return min(4 * len(text), len(data) - start)
    if name.startswith("utf-16"):
        return min(len(text.encode(name, "surrogatepass")), len(data) - start)
    at = start
    for char in text:  # EUC writes some characters in two ways of different length
        lone = "\udc80" <= char <= "\udcff"
        at += 1 if data[at] < 0x80 or lone else 3 if data[at] == 0x8F else 2
    return at - start


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
