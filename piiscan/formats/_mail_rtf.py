"""Rich text in Outlook's files: LZFu unpacked, then its words, or the web page that was folded into it.

[MS-OXRTFCP] (compression), [MS-OXRTFEX] (``\\fromhtml1``), RTF 1.9.1. Linear, no tree; unknown words are skipped.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace

from piiscan.encoding import decode_declared

_PREBUF = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,40})(-?[0-9]{1,9})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_WORDS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"cell": "\t", b"row": "\n", b"lquote": "'", b"rquote": "'",
          b"emdash": "―", b"endash": "–", b"bullet": "・", b"sect": "\n", b"page": "\n"}  # fmt: skip
#: Groups whose words are no text of the mail.
_SILENT = frozenset((b"fonttbl", b"colortbl", b"stylesheet", b"pict", b"object", b"listtable", b"listoverridetable",
                     b"generator", b"themedata", b"datastore", b"latentstyles", b"xmlnstbl", b"rsidtbl"))  # fmt: skip
#: Destinations that hold no words of anybody.
_MACHINE = frozenset((*_SILENT, b"objdata", b"blipuid", b"objclass", b"panose", b"falt", b"pnseclvl", b"wgrffmtfilter", b"mmathpr",
                      b"colorschememapping", b"defchp", b"defpap", b"picprop", b"shppict", b"nonshppict", b"cs", b"ts",
                      b"listpicture", b"oldcprops", b"oldpprops", b"passwordhash", b"pgptbl"))  # fmt: skip
_CHARSETS = {
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "big5",
    204: "cp1251",
    161: "cp1253",
    162: "cp1254",
    238: "cp1250",
}


def unpacked(data: bytes, limit: int) -> bytes | None:
    """The RTF in a PidTagRtfCompressed value, at most ``limit`` bytes of it; None when it is not that."""
    if len(data) < 16:
        return None
    _, raw_size, kind, _ = struct.unpack_from("<IIII", data)
    if kind == 0x414C454D:  # MELA: stored
        return data[16 : 16 + min(raw_size, limit)]
    if kind != 0x75465A4C:
        return None
    ring = bytearray(_PREBUF.ljust(4096, b"\0"))
    write = len(_PREBUF)
    out = bytearray()
    at = 16
    limit = min(limit, raw_size)
    while at < len(data) and len(out) < limit:
        flags = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data):
                break
            if not flags >> bit & 1:
                out.append(data[at])
                ring[write] = data[at]
                write, at = (write + 1) % 4096, at + 1
                continue
            if at + 1 >= len(data):
                return bytes(out[:limit])
            token = data[at] << 8 | data[at + 1]
            at += 2
            read = token >> 4
            if read == write:
                return bytes(out[:limit])
            for _ in range((token & 15) + 2):
                byte = ring[read]
                out.append(byte)
                ring[write] = byte
                read, write = (read + 1) % 4096, (write + 1) % 4096
    return bytes(out[:limit])


@dataclass(slots=True)
class _State:
    """What a group of RTF hands down to the groups inside it; ``skip`` is how many bytes follow a ``\\u`` in its stead."""

    silent: bool = False
    hidden: bool = False
    charset: str = ""
    skip: int = 1


def rtf_text(rtf: bytes, *, asides: bool = False) -> tuple[str, bool]:
    """The text of an RTF document, and whether it is the source of a web page that was folded into it.

    ``asides``: with what stands in destinations that a reader may skip, each group on a line of its own.
    """
    from_html = b"\\fromhtml" in rtf[:2000]
    reader = _Reader(asides)
    for match in _TOKEN.finditer(rtf):
        reader.take(match)
    reader.flush()
    return "".join(reader.out).rstrip("\0"), from_html


class _Reader:
    """Takes tokens, collects text. Bytes of double-byte characters come one by one and are decoded together."""

    def __init__(self, asides: bool) -> None:
        self.asides = asides
        self.out: list[str] = []
        self.stack: list[_State] = []
        self.state = _State()
        self.pending = bytearray()
        self.codepage = "cp1252"
        self.fonts: dict[int, str] = {}
        self.font = 0
        self.skip = 0
        self.in_fonts = False
        self.starred = False

    def take(self, match: re.Match[bytes]) -> None:
        word, number, octet, symbol, brace, text = match.group(1, 2, 3, 4, 5, 6)
        if octet is not None:
            self._bytes(bytes([int(octet, 16)]))
        elif text is not None:
            self._bytes(text)
        elif brace is not None:
            self._brace(brace)
        elif word is not None:
            self._word(word, int(number) if number else None)
        elif symbol is not None:
            self._symbol(symbol)

    def _bytes(self, raw: bytes) -> None:
        if self.skip:
            raw, self.skip = raw[self.skip :], max(0, self.skip - len(raw))
        if not self.state.silent and not self.state.hidden:
            self.pending += raw

    def flush(self) -> None:
        """Decodes what has been collected."""
        if self.pending:
            self.out.append(decode_declared(bytes(self.pending), self.state.charset or self.codepage)[0])
            self.pending.clear()

    def _put(self, text: str) -> None:
        if not self.state.silent and not self.state.hidden:
            self.flush()
            self.out.append(text)

    def _brace(self, brace: bytes) -> None:
        self.flush()
        self.skip = 0
        if brace == b"{":
            if len(self.stack) < 1000:
                self.stack.append(self.state)
                self.state = replace(self.state)
        elif self.stack:
            self.state = self.stack.pop()
            self.in_fonts = self.in_fonts and self.state.silent

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.starred = True
        elif symbol in b"\\{}":
            self._bytes(symbol)
        elif symbol == b"~":
            self._put(" ")
        elif symbol == b"_":
            self._put("-")

    def _word(self, word: bytes, number: int | None) -> None:
        starred, self.starred = self.starred, False
        if word == b"htmltag":
            self.state.silent = self.state.hidden = False
        elif word == b"htmlrtf":
            self.flush()
            self.state.hidden = number != 0
        elif self.asides and starred and word not in _MACHINE:
            self._put("\n")
        elif word in _SILENT or (starred and word not in (b"htmltag", b"shptxt")):
            self.flush()
            self.state.silent = True
            self.in_fonts = word == b"fonttbl"
        elif word == b"u" and number is not None:
            self._put(chr(number % 65536))
            self.skip = self.state.skip
        elif word == b"uc" and number is not None:
            self.state.skip = max(0, min(number, 8))
        elif word == b"ansicpg" and number:
            self.codepage = f"cp{number}"
        elif word in (b"f", b"fcharset") and number is not None:
            self._font(word, number)
        elif word in _WORDS:
            self._put(_WORDS[word])

    def _font(self, word: bytes, number: int) -> None:
        self.flush()
        if word == b"fcharset":
            self.fonts[self.font] = _CHARSETS.get(number, "")
        elif self.in_fonts:
            self.font = number
        else:
            self.state.charset = self.fonts.get(number, "")
