"""Header values: raw 8-bit bytes and encoded words to text, and back (RFC 2047), however broken, in linear time.

Mailers cut encoded words in the middle of a character, put them inside quotes, leave out padding and lie about
charsets. Neighbouring words of one charset are therefore joined as bytes before they are decoded.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64encode
from collections.abc import Iterator

from piiscan.encoding import decode_declared
from piiscan.formats._mail_charset import encoded

_WORD_START = re.compile(r"=\?([^?\s]{1,64})\?([BbQq])\?")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_SPECIALS = re.compile(r'[()<>\[\]:;@\\,"]')
_TOKEN = re.compile(r'("(?>[^"\\]|\\.)*+")|(\s++)|([^\s"]++)|(")', re.DOTALL)
_TOKEN_STRUCTURED = re.compile(r'("(?>[^"\\]|\\.)*+")|(\s++)|([<>(),;:])|([^\s"<>(),;:]++)|(")', re.DOTALL)
#: Characters in one encoded word: ten need at most 56 letters of base64 in any charset, and 75 is the bound.
_WORD_CHARS = 10
_LINE = 76


def decode_bytes(raw: bytes, hint: str | None = None) -> tuple[str, str]:
    """Raw bytes of a header as text, and the encoding used; ``hint`` is the charset of the mail's text."""
    if raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii"), "ascii"
    if b"\x1b" not in raw:
        try:
            return raw.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    text, used, bad = decode_declared(raw, hint)
    if bad and hint:
        again, other, worse = decode_declared(raw, None)
        if worse < bad:
            return again, other
    return text, used


def decode_words(text: str, structured: bool = False) -> str:
    """``text`` with its encoded words decoded.

    ``structured``: the field has a grammar (addresses), so a decoded word with its special characters is put in quotes.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    group: list[tuple[str, list[bytes]]] = []
    at = 0
    for start, end, charset, raw in _words(text):
        between = text[at:start]
        if group and not between.strip():
            if group[-1][0] == charset:
                group[-1][1].append(raw)
            else:
                group.append((charset, [raw]))
        else:
            if group:
                out.append(_decoded(group, structured, out))
            out.append(between)
            group = [(charset, [raw])]
        at = end
    if group:
        out.append(_decoded(group, structured, out))
    out.append(text[at:])
    return "".join(out)


def _decoded(group: list[tuple[str, list[bytes]]], structured: bool, before: list[str]) -> str:
    text = "".join(decode_declared(b"".join(raw), charset.partition("*")[0])[0] for charset, raw in group)
    text = re.sub(r"[\r\n]+", " ", text)
    if not structured or not _SPECIALS.search(text) or (before and before[-1].endswith('"')):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _words(text: str) -> Iterator[tuple[int, int, str, bytes]]:
    """Encoded words: where each stands, its charset in lower case, its bytes. Every character is looked at twice at most."""
    at = text.find("=?")
    stop = -1
    while at >= 0:
        match = _WORD_START.match(text, at)
        if match is None:
            at = text.find("=?", at + 2)
            continue
        if stop < match.end():
            stop = text.find("?=", match.end())
            if stop < 0:
                return
        inner = text.find("=?", match.end(), stop)
        # "=?a?Q?=?=" has its own "=?" when the text begins with "="; only a whole new beginning counts.
        if inner >= 0 and _WORD_START.match(text, inner):
            at = inner
            continue
        yield at, stop + 2, match[1].lower(), _payload(match[2], text[match.end() : stop])
        at = text.find("=?", stop + 2)


def _payload(kind: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if kind in "bB":
        return lenient_base64(raw)
    return binascii.a2b_qp(raw, header=True)


def lenient_base64(raw: bytes) -> bytes:
    """Base64 as bytes: foreign characters dropped, padding anywhere or nowhere, a lone last letter ignored."""
    out = []
    for piece in re.split(rb"=+", raw):
        letters = _NOT_BASE64.sub(b"", piece)
        if len(letters) % 4 == 1:
            letters = letters[:-1]
        out.append(binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)))
    return b"".join(out)


def first_charset(text: str) -> str | None:
    """The charset of the first encoded word of a raw value."""
    match = _WORD_START.search(text)
    return match[1].partition("*")[0] if match else None


def encode_value(text: str, charset: str, structured: bool, newline: bytes, column: int = 0) -> bytes:
    """``text`` as a header value: encoded words where it is not ASCII, folded, without the final line end.

    ``column`` is how much of the first line is taken. Line ends inside ``text`` become spaces.
    """
    clean = re.sub(r"[\r\n\0]+", " ", text)
    out: list[str] = []
    for piece in _chunks(clean, structured):
        if piece.isascii():
            out.append(piece)
            continue
        if out and not out[-1][-1:].isspace():
            out.append(" ")
        words = [_word(piece[i : i + _WORD_CHARS], charset) for i in range(0, len(piece), _WORD_CHARS)]
        out.append(" ".join(words))
        out.append("")
    return _fold("".join(_spaced(out)), newline, column).encode("ascii")


def _spaced(pieces: list[str]) -> Iterator[str]:
    """A space after each encoded word that is not followed by one; the empty piece marks where one ended."""
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else ""
        yield piece if piece or not following or following[:1] in " \t,;)>:" else " "


def _chunks(text: str, structured: bool) -> Iterator[str]:
    """Stretches that are ASCII, or that become encoded words with the white space between them."""
    pending = ""
    blank = ""
    for match in (_TOKEN_STRUCTURED if structured else _TOKEN).finditer(text):
        token = match[0]
        if token.isspace():
            blank = blank + token
            continue
        if token.isascii():
            if pending:
                yield pending
                pending = ""
            yield blank + token
        else:
            if structured and token[:1] == '"':
                token = re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)
            if pending:
                pending += blank + token
            else:
                if blank:
                    yield blank
                pending = token
        blank = ""
    if pending:
        yield pending
    if blank:
        yield blank


def _word(text: str, charset: str) -> str:
    raw, used = encoded(text, charset), charset
    if raw is None:
        raw, used = text.encode("utf-8", "replace"), "utf-8"
    return f"=?{used}?B?{b64encode(raw).decode('ascii')}?="


def _fold(text: str, newline: bytes, column: int) -> str:
    lines: list[str] = []
    line = ""
    for piece in re.findall(r"\s*\S+|\s+$", text):
        if line.strip() and column + len(line) + len(piece) > _LINE and piece[:1] in " \t":
            lines.append(line)
            line, column = piece, 0
        else:
            line += piece
    lines.append(line)
    return newline.decode("ascii").join(lines)
