"""The content lines that vCard (RFC 2426, 6350) and iCalendar (RFC 5545) are made of, with the place of every value.

Lines are folded, values are escaped, and vCard 2.1 writes Japanese as quoted-printable in any charset.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from piiscan.encoding import Encoding, decode_declared, encode
from piiscan.formats._mail_view import Piece, View, differences
from piiscan.formats._slots import Edit

_LOGICAL = re.compile(r"[^\r\n]+(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*")
_LOGICAL_QP = re.compile(r"[^\r\n]+(?:(?:(?<==)(?:\r\n|\r|\n)|(?:\r\n|\r|\n)[ \t])[^\r\n]*)*")
_HEAD = re.compile(r"(?:[A-Za-z0-9\-]+\.)?([A-Za-z0-9\-]+)((?:;[^:;\"]*+(?:\"[^\"]*+\"[^:;\"]*+)*+)*+):")
_QP = re.compile(r";(?:ENCODING=)?QUOTED-PRINTABLE\b", re.IGNORECASE)
_PARAMETER = re.compile(r";([A-Za-z0-9\-]+)=(?:\"([^\"]*)\"|([^:;\"]*))")
_FOLD = re.compile(r"(?:\r\n|\r|\n)[ \t]")
_WORD = re.compile(r"(?:\r\n|\r|\n)[ \t]|\\[nN]|\\.|[^\\\r\n]+|.", re.DOTALL)
_PARTS = re.compile(r"[^;\\]*+(?:\\.[^;\\]*+)*+", re.DOTALL)


#: Parameters that say how a value is written or meant, not what it says.
_TECHNICAL = frozenset(
    [
        "TYPE",
        "CHARSET",
        "ENCODING",
        "VALUE",
        "LANGUAGE",
        "PREF",
        "PID",
        "ROLE",
        "RSVP",
        "PARTSTAT",
        "CUTYPE",
        "TZID",
        "MEDIATYPE",
        "CALSCALE",
        "INDEX",
        "LEVEL",
        "GEO",
    ]
)


@dataclass(frozen=True, repr=False, slots=True)
class Property:
    """A content line: its name and parameters in capitals as they stand, and where its value is."""

    name: str
    parameters: str
    head_start: int
    start: int
    end: int

    @property
    def quoted_printable(self) -> bool:
        """Whether the value is written as vCard 2.1 does it."""
        return bool(_QP.search(self.parameters))

    @property
    def binary(self) -> bool:
        """Whether the value is a picture or a sound."""
        return bool(re.search(r"(?i)ENCODING=B(?:ASE64)?\b|;BASE64\b", self.parameters))

    def parameter(self, name: str) -> str | None:
        """The value of a parameter, without quotes."""
        for match in _PARAMETER.finditer(self.parameters):
            if match[1].upper() == name:
                return match[2] if match[2] is not None else match[3]
        return None


def properties(text: str) -> Iterator[Property]:
    """The content lines of a file; a line that is none has the name "" and is all value."""
    at = 0
    while line := _LOGICAL.search(text, at):
        head = _HEAD.match(text, line.start(), line.end())
        if head and _QP.search(head[2]):
            line = _LOGICAL_QP.match(text, line.start()) or line
        at = line.end()
        if head:
            yield Property(head[1].upper(), _FOLD.sub("", head[2]), head.start(2), head.end(), at)
        else:
            yield Property("", "", line.start(), line.start(), at)


def parts(text: str, found: Property) -> list[tuple[int, int]]:
    """Where the parts of a value stand that semicolons divide."""
    out, at = [], found.start
    while True:
        match = _PARTS.match(text, at, found.end)
        end = match.end() if match else found.end
        out.append((at, end))
        if end >= found.end:
            return out
        at = end + 1


def spoken(text: str, found: Property) -> Iterator[tuple[str, View]]:
    """The parameters that may hold words about people (SORT-AS, LABEL, CN), by name."""
    for match in _PARAMETER.finditer(text, found.head_start, found.start):
        group = 2 if match[2] is not None else 3
        if match[1].upper() not in _TECHNICAL and match[group]:
            yield match[1].upper(), value_view(text, found, match.start(group), match.end(group), parameter=True)


def value_view(text: str, found: Property, start: int, end: int, *, parameter: bool = False) -> View:
    """A value, a part of one, or a parameter of one, as it reads."""
    if found.quoted_printable and not parameter:
        raw = text[start:end].encode("ascii", "replace")
        shown = decode_declared(quopri.decodestring(raw), found.parameter("CHARSET"))[0]
        return View([(start, end, shown)] if shown else [])
    pieces: list[Piece] = []
    for match in _WORD.finditer(text, start, end):
        word = match[0]
        shown = "" if word[0] in "\r\n" else "\n" if word in ("\\n", "\\N") else word[1:] if word[0] == "\\" else word
        pieces.append((match.start(), match.end(), shown))
    return View(pieces)


def value_edits(view: View, write: Callable[[str], str], new: str) -> list[Edit]:
    """The edits that turn a view into a new text."""
    return [(start, end, write(text)) for start, end, text in view.raw_edits(differences(view.text, new))]


def writer(text: str, found: Property) -> Callable[[str], str]:
    """How a new text is written in this value."""
    if not found.quoted_printable:
        return escaped
    raw = quopri.decodestring(text[found.start : found.end].encode("ascii", "replace"))
    name = decode_declared(raw, found.parameter("CHARSET"))[1]
    encoding = Encoding(name if name in ("cp932", "eucjp-ms", "cp50221") else "utf-8")
    return lambda new: quopri.encodestring(encode(new, encoding)).replace(b"=\n", b"").decode("ascii")


def escaped(text: str) -> str:
    """A text value (RFC 6350 section 3.4)."""
    text = text.replace("\\", "\\\\").replace("\r\n", "\n").replace("\n", "\\n")
    return text.replace(",", "\\,").replace(";", "\\;")


def in_parameter(text: str) -> str:
    """A text as it may stand in a parameter, where nothing can be escaped."""
    return re.sub(r"[\";:,\r\n]", " ", text)
