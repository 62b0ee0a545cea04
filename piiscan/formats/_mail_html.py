"""The text of a web page in a mail, with the place of each piece of it, so that it can be changed inside its markup.

Not a conforming parser: it is linear on any input, builds no tree and drops nothing that could hold text. What a reader
sees comes as lines; attributes that hold words, and comments and scripts, come apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

from piiscan.formats._mail_view import Piece, View

_TAG = re.compile(r"""</?([A-Za-z][^\s/>]{0,60}+)((?>[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_TAG_BROKEN = re.compile(r"</?([A-Za-z][^\s/>]{0,60}+)([^>]*+)>")
_OTHER = re.compile(r"<[!?/][^>]*+>")
_ATTRIBUTE = re.compile(r"""(?<![^\s=/>"'])([^\s=/>"']++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++))""")
_WORDS = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?|[\s]++|[^&\s]++|&")
_READ = frozenset(("alt", "title", "href", "content", "value", "placeholder", "summary", "label", "aria-label"))
#: What makes any other attribute, and a style sheet, worth reading: Japanese, a mail address, a telephone number.
_SUSPECT = re.compile(r"[^\x00-\x7f]|[\w.]@\w|(?<![0-9.])0[0-9()\- ]{8,40}[0-9]")
#: A link to a part of the same mail; its identifier looks like a mail address.
_PART_LINK = re.compile(r"cid:[!-;=?-~]{0,300}", re.IGNORECASE)
_RAW = frozenset(("script", "style", "xmp"))
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "bdo",
        "big",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
        "o:p",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "var",
        "wbr",
    )
)
_CHARSET = re.compile(
    rb"""<(?:meta\b[^>]{0,400}?\bcharset|\?xml\b[^>]{0,200}?\bencoding)\s{0,9}=\s{0,9}["']?([A-Za-z0-9_:.-]{1,40})""",
    re.I,
)


@dataclass(frozen=True, repr=False)
class Page:
    """The three views of a page: what is read, attribute values by line, and comments and scripts."""

    body: View
    attributes: View
    unseen: View


def declared_charset(raw: bytes) -> str | None:
    """The charset that a page names itself, in its first 4 KiB."""
    match = _CHARSET.search(raw[:4096])
    return match[1].decode("ascii") if match else None


def page(source: str) -> Page:
    """The views of a page."""
    body: list[Piece] = []
    attributes: list[Piece] = []
    unseen: list[Piece] = []
    blank = True
    for kind, start, end in _tokens(source):
        if kind == "text":
            for piece in _text(source, start, end):
                if piece[2] == " ":
                    if not blank:
                        body.append(piece)
                    blank = True
                else:
                    body.append(piece)
                    blank = False
        elif kind == "unseen":
            unseen += ((start, end, source[start:end]), (end, end, "\n"))
        elif kind == "attribute":
            attributes += (*_text(source, start, end, keep=True), (end, end, "\n"))
        elif kind != "inline":
            body.append((start, start, kind))
            blank = True
    return Page(View(_squeezed(body)), View(attributes), View(unseen))


def _squeezed(pieces: list[Piece]) -> list[Piece]:
    """No more than two line breaks in a row."""
    out: list[Piece] = []
    breaks = 2
    for piece in pieces:
        made = piece[0] == piece[1]
        breaks = breaks + 1 if made and piece[2] == "\n" else breaks if made else 0
        if made and breaks > (1 if piece[2] == "\n" else 0):
            continue
        out.append(piece)
    return out


def _text(source: str, start: int, end: int, keep: bool = False) -> Iterator[Piece]:
    """Pieces of a stretch of character data: entities decoded, white space as one blank (``keep``: as it is)."""
    for match in _WORDS.finditer(source, start, end):
        word = match[0]
        if word[0] == "&" and len(word) > 1:
            yield match.start(), match.end(), unescape(word).replace("\xa0", " ") or word
        elif word.isspace() and not keep:
            yield match.start(), match.end(), " "
        else:
            yield match.start(), match.end(), word.replace("\r", " ").replace("\n", " ") if keep else word


def _tokens(source: str) -> Iterator[tuple[str, int, int]]:
    """Stretches: ``text``, ``unseen``, ``attribute``, ``inline``, or the white space that a tag stands for."""
    at, tag_pattern = 0, _TAG
    last = source.rfind(">")
    while at < len(source):
        start = source.find("<", at)
        if start < 0 or start > last:  # no tag ends any more; to look for an end at each "<" would be quadratic
            start = len(source)
        if start > at:
            yield "text", at, start
        if start == len(source):
            return
        if source.startswith("<!--", start):
            end = source.find("-->", start + 4)
            end = len(source) if end < 0 else end
            yield "unseen", start + 4, end
            at = end + 3
            continue
        match = tag_pattern.match(source, start)
        if match is None and tag_pattern is _TAG and (match := _TAG_BROKEN.match(source, start)):
            # A quote that is never closed; looking for its end again at each tag would be quadratic.
            tag_pattern = _TAG_BROKEN
        if match is None:
            other = _OTHER.match(source, start)
            yield "unseen" if other else "text", start, other.end() if other else start + 1
            at = other.end() if other else start + 1
            continue
        name = match[1].lower()
        yield _break(name, source[start + 1] == "/"), start, match.end()
        for attribute in _ATTRIBUTE.finditer(source, match.start(2), match.end(2)):
            group = 2 if attribute[2] is not None else 3 if attribute[3] is not None else 4
            if attribute[1].lower() in _READ or _SUSPECT.search(attribute[group]):
                if _PART_LINK.fullmatch(attribute[group]):
                    continue
                yield "attribute", attribute.start(group), attribute.end(group)
        at = match.end()
        if name in _RAW and source[start + 1] != "/":
            close = re.compile(rf"</{name}\b", re.IGNORECASE).search(source, at)
            end = close.start() if close else len(source)
            if name != "style" or _SUSPECT.search(source, at, end):
                yield "unseen", at, end
            at = end


def _break(name: str, closing: bool) -> str:
    if name in ("td", "th"):
        return "inline" if closing else "\t"
    return "inline" if name in _INLINE else "\n"


def html_text(text: str, codec: str | None) -> str:
    """A replacement as it may stand in a page: escaped, and by number where the page's encoding lacks a character."""
    safe = escape(text)
    return safe.encode(codec, "xmlcharrefreplace").decode(codec) if codec else safe
