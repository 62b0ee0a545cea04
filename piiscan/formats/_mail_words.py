"""Header values: raw 8-bit bytes and encoded words to text, and back (RFC 2047), however broken, in linear time.

Mailers cut encoded words in the middle of a character, put them inside quotes, leave out padding and lie about
charsets. Neighbouring words of one charset are therefore joined as bytes before they are decoded.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64encode
from collections.abc import Callable, Iterator

from piiscan.encoding import decode_declared
from piiscan.formats._mail_charset import encoded
from piiscan.formats._mail_view import Piece, View

_WORD_START = re.compile(r"=\?([!->@-~]{1,64})\?([BbQq])\?")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_SPECIALS = re.compile(r'[()<>\[\]:;@\\,"]')
_TOKEN = re.compile(r'("(?>[^"\\]|\\.)*+")|(\s++)|([^\s"]++)|(")', re.DOTALL)
_TOKEN_STRUCTURED = re.compile(r'("(?>[^"\\]|\\.)*+")|(\s++)|([<>(),;:])|([^\s"<>(),;:]++)|(")', re.DOTALL)
#: Characters in one encoded word: ten need at most 56 letters of base64 in any charset, and 75 is the bound.
_WORD_CHARS = 10
_BEFORE_WORD = frozenset(' \t<("')
_AFTER_WORD = frozenset(' \t>),;:"')
#: What an encoded word stands behind when it is in quotes already, or is an address rather than somebody's name.
_NOT_A_NAME = frozenset('"<')


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


def decode_words(text: str) -> str:
    """``text`` with its encoded words decoded."""
    return word_view(text, False, str).text if "=?" in text else text


def value_view(raw: bytes, hint: str | None, structured: bool) -> View:
    """An unfolded header value as text, as a view of its bytes in latin-1.

    Encoded words are found before charsets are guessed, because they may hold raw bytes. ``structured``: the field has a
    grammar (addresses), so a decoded word with its special characters is put in quotes.
    """
    shown = raw.decode("latin-1")
    if b"\x1b" in raw:
        # The bytes of a character may look like anything in the middle of an escape sequence.
        return View([(0, len(raw), decode_words(decode_bytes(raw, hint)[0]))])
    return word_view(shown, structured, lambda t: decode_bytes(t.encode("latin-1"), hint)[0])


def word_view(text: str, structured: bool, literal: Callable[[str], str]) -> View:
    """``text`` with groups of encoded words decoded, and what stands between them passed through ``literal``."""
    pieces: list[Piece] = []
    group: list[tuple[str, list[bytes]]] = []
    begin = at = 0
    for start, end, charset, raw in _words(text):
        if group and not text[at:start].strip():
            if group[-1][0] == charset:
                group[-1][1].append(raw)
            else:
                group.append((charset, [raw]))
        else:
            if group:
                pieces.append((begin, at, _decoded(group, structured and text[begin - 1 : begin] not in _NOT_A_NAME)))
            pieces.append((at, start, literal(text[at:start])))
            group, begin = [(charset, [raw])], start
        at = end
    if group:
        pieces.append((begin, at, _decoded(group, structured and text[begin - 1 : begin] not in _NOT_A_NAME)))
    return View([p for p in (*pieces, (at, len(text), literal(text[at:]))) if p[0] < p[1]])


def _decoded(group: list[tuple[str, list[bytes]]], quoting: bool) -> str:
    text = "".join(_declared(b"".join(raw), charset.partition("*")[0]) for charset, raw in group)
    text = re.sub(r"[\r\n]+", " ", text)
    if not quoting or not _SPECIALS.search(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _declared(raw: bytes, charset: str) -> str:
    if charset in ("utf-8", "utf8"):
        # Cut in the middle of a character it is still UTF-8, though other encodings may read every byte.
        text = raw.decode("utf-8", "replace")
        if text.count("\ufffd") <= 2 and not text.replace("\ufffd", "").isascii():
            return text
    return decode_declared(raw, charset)[0]


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
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
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


def encode_value(text: str, charset: str, structured: bool, left: str = "", right: str = "") -> str:
    """``text`` as part of an unfolded header value: encoded words where it is not ASCII; line ends become spaces.

    ``left`` and ``right``: white space that separates it from encoded words beside it. Between two encoded words white
    space is not read, so it goes inside where an encoded word comes to stand next to another.
    """
    chunks = list(_chunks(re.sub(r"[\r\n\0]+", " ", text), structured))
    before, after = left, right
    if left and chunks and not chunks[0].isascii():
        chunks[0], before = left + chunks[0], " "
    if right and chunks and not chunks[-1].isascii():
        chunks[-1], after = chunks[-1] + right, " "
    out = [before]
    after_words = False
    for piece in chunks:
        if piece.isascii():
            out.append(" " + piece if after_words and piece[0] not in _AFTER_WORD else piece)
            after_words = False
            continue
        if out[-1] and out[-1][-1:] not in _BEFORE_WORD:
            out.append(" ")
        out.append(" ".join(_word(piece[i : i + _WORD_CHARS], charset) for i in range(0, len(piece), _WORD_CHARS)))
        after_words = True
    return "".join([*out, after])


def tokens(text: str, structured: bool) -> Iterator[re.Match[str]]:
    """Words, white space, and, in a structured field, quoted strings and special characters, in their order."""
    return (_TOKEN_STRUCTURED if structured else _TOKEN).finditer(text)


def _chunks(text: str, structured: bool) -> Iterator[str]:
    """Stretches that are ASCII, or that become encoded words with the white space between them."""
    pending = blank = ""
    for match in tokens(text, structured):
        token = match[0]
        if token.isspace():
            blank += token
            continue
        if token.isascii():
            if pending:
                yield pending
            yield blank + token
            pending = ""
        else:
            if structured and token[:1] == '"':
                token = re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)
            if blank and not pending:
                yield blank
            pending = pending + blank + token if pending else token
        blank = ""
    yield from (p for p in (pending, blank) if p)


def _word(text: str, charset: str) -> str:
    raw, used = encoded(text, charset), charset
    if raw is None:
        raw, used = text.encode("utf-8", "replace"), "utf-8"
    return f"=?{used}?B?{b64encode(raw).decode('ascii')}?="
