"""XML of Office parts: decoded, parsed without entities or DTDs, escaped, and edited across formatting runs.

ECMA-376 part 2 forbids document type definitions, so a part with one is an attack or damage and is refused.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import unescape as _unescape
from itertools import chain
from typing import TYPE_CHECKING, cast
from xml.parsers.expat import ExpatError, ParserCreate

from piiscan.errors import UnreadableError

if TYPE_CHECKING:
    from lxml import etree

_DECLARATION = re.compile(rb"\A\s*<\?xml\b[^>]*?\?>")
_ENCODING = re.compile(rb"""\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_XML_NAMES = {"shift_jis": "cp932", "shift-jis": "cp932", "windows-31j": "cp932", "x-sjis": "cp932"}
_UTF8 = ("utf-8", "ascii")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_HEAD = 512
#: ST_Xstring of ECMA-376 part 1, 22.9.2.19: a UTF-16 code unit that XML cannot hold.
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]+")
_REFERENCE = re.compile("&#([0-9]{1,7});")
#: Stands between texts that are resolved together: a private character, in hardly any of them.
_BETWEEN = "\uf8f3"
_BUFFER = 1024 * 1024
#: Characters that HTML has references mean otherwise, or nothing; the rarest planes as a whole, which is quick to tell.
_READ_OTHERWISE = re.compile("[\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\U0001fffe-\U0010ffff]")
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def encoding_of(head: bytes) -> str:
    """The codec of an XML document from its first bytes: byte order mark, zero bytes, declaration, else UTF-8."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    declaration = _DECLARATION.match(head)
    found = _ENCODING.search(declaration.group()) if declaration else None
    stated = found.group(1).decode("ascii").lower() if found else "utf-8"
    try:
        codec = codecs.lookup(_XML_NAMES.get(stated, stated))
    except LookupError:
        raise UnreadableError("unknown_encoding") from None
    if not codec._is_text_encoding or codec.incrementaldecoder is None:  # hex, zlib and the like
        raise UnreadableError("unknown_encoding")
    name = codec.name
    # A part whose bytes are plainly not UTF-16 may still claim it; libxml2 believes the bytes, and so do we.
    return "utf-8" if name.startswith(("utf-16", "utf-32")) else name


def utf8_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """An XML document as UTF-8 without byte order mark and declaration; ``UnreadableError`` for a DOCTYPE."""
    rest = iter(pieces)
    head = b""
    for piece in rest:
        head += piece
        if len(head) >= _HEAD:
            break
    name = encoding_of(head)
    decoder = None if name in _UTF8 else codecs.getincrementaldecoder(name)()
    start, edge = True, b""
    for piece in chain([head], rest, [b""]):
        if decoder is not None:
            try:
                piece = decoder.decode(piece, not piece).encode("utf-8", "surrogatepass")
            except UnicodeError:
                raise UnreadableError("bad_encoding") from None
        if start:
            piece = _DECLARATION.sub(b"", piece.removeprefix(codecs.BOM_UTF8))
            start = False
        seam = edge + piece[:16]
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece or b"<!DOCTYPE" in seam:
            raise UnreadableError("dtd")
        edge = piece[-9:]
        if piece:
            yield piece


#: References to U+D800 to U+DFFF.
_HALVES = re.compile(
    rb"&#(?:x0{0,9}[Dd][89A-Fa-f][0-9A-Fa-f]{2}|0{0,9}(?:5529[6-9]|55[3-9][0-9]{2}|56[0-9]{3}|57[0-2][0-9]{2}|573[0-3][0-9]|5734[0-3]));"
)


def parse(data: bytes, *, recover: bool = False) -> etree._Element:
    """The root of a part; ``UnreadableError`` (``dtd``, ``damaged_xml``) for what is not sound XML."""
    from lxml import etree

    clean = b"".join(utf8_pieces([data]))
    if recover:  # the library gives halves of characters as bytes that it cannot read itself
        clean = _HALVES.sub(b"\xef\xbf\xbd", clean)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover, encoding="utf-8"
    )
    try:
        root = etree.fromstring(clean, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableError("damaged_xml") from None
    if root is None:
        raise UnreadableError("damaged_xml")
    return root


def parse_without(pieces: Iterable[bytes], tag: str, seen: Callable[[etree._Element], object]) -> etree._Element:
    """The root of a part, given as clean UTF-8, without its elements named ``tag``, of which there may be millions.

    Each of them is shown to ``seen`` while it is whole. Raises like :func:`parse`.
    """
    from lxml import etree

    parser = etree.XMLPullParser(
        events=("end",), tag="{*}" + tag, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    last: etree._Element | None = None
    try:
        for piece in pieces:
            parser.feed(piece)
            for _, found in parser.read_events():
                element = cast("etree._Element", found)
                seen(element)
                # One behind: the parser may still be at work on the last element.
                if last is not None and (parent := last.getparent()) is not None:
                    parent.remove(last)
                last = element
        return parser.close()
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableError("damaged_xml") from None


def serialise(root: etree._Element) -> bytes:
    """The document around ``root``, comments and processing instructions outside it included."""
    from lxml import etree

    return DECLARATION + etree.tostring(root.getroottree(), encoding="UTF-8").removeprefix(
        b"<?xml version='1.0' encoding='UTF-8'?>\n"
    )


def local(element: etree._Element) -> str:
    """The name without namespace; "" for comments and processing instructions."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag[tag.rfind("}") + 1 :]


def text_of(raw: str) -> str:
    """What a piece of XML character data, taken from a file by a pattern, says: references, then ``_xHHHH_``."""
    if "&" in raw:
        raw = _unescape(raw)
    return unescape_xstring(raw) if "_x" in raw else raw


class _Characters(dict[str, str]):
    """The digits of a numeric reference → its character; what a reference may also mean is the library's to say."""

    def __missing__(self, digits: str) -> str:
        character = _unescape(f"&#{digits};")
        if len(self) < 100_000:
            self[digits] = character
        return character


_CHARACTERS = _Characters()


def texts_of(raws: list[str]) -> list[str]:
    """``text_of`` of each. Many references, as lxml and openpyxl write all Japanese, go fifteen times as fast."""
    joined = _BETWEEN.join(raws)
    if "&" not in joined and "_x" not in joined:
        return raws
    resolved = _resolved(joined) if "&" in joined else joined
    texts = resolved.split(_BETWEEN) if resolved is not None else []
    if len(texts) != len(raws):
        return _one_by_one(raws)
    if resolved and "_x" in resolved:
        return [unescape_xstring(text) if "_x" in text else text for text in texts]
    return texts


def _resolved(joined: str) -> str | None:
    """Character data with its references resolved by a parser; None where it might not say what the library says."""
    if "\r" in joined:
        return None
    pieces: list[str] = []
    parser = ParserCreate()
    parser.buffer_text, parser.buffer_size = True, _BUFFER
    parser.CharacterDataHandler = pieces.append
    try:
        parser.Parse(f"<t>{joined}</t>", True)
    except (ExpatError, UnicodeEncodeError):
        return None
    text = "".join(pieces)
    return None if _READ_OTHERWISE.search(text) else text


def _one_by_one(raws: list[str]) -> list[str]:
    odd = [i for i, raw in enumerate(raws) if "&" in raw or "_x" in raw]
    texts = list(raws)
    joined = "\x00".join([raws[i] for i in odd])
    pieces = _REFERENCE.split(joined)
    pieces[1::2] = map(_CHARACTERS.__getitem__, pieces[1::2])
    plain = "".join(pieces).split("\x00")
    # A NUL is in no XML. What a reference to one, or anything but a number, stands in is looked at one by one.
    if len(plain) != len(odd):
        plain = ["&"] * len(odd)
    for i, text in zip(odd, plain, strict=True):
        texts[i] = text_of(raws[i]) if "&" in text or "_x" in text or "_x" in raws[i] else text
    return texts


def unescape_xstring(text: str) -> str:
    """``_x000D_`` as the character it stands for; paired surrogates are joined."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), text)
    return _SURROGATES.sub(lambda m: m.group().encode("utf-16", "surrogatepass").decode("utf-16", "replace"), plain)


def escape_xstring(text: str) -> str:
    """Control characters, and text that looks like an escape, written as ``_xHHHH_``."""
    return _FORBIDDEN.sub("�", _TO_ESCAPE.sub(lambda m: f"_x{ord(m.group()):04X}_", text))


def clean(text: str) -> str:
    """``text`` without the characters that XML cannot hold."""
    return _FORBIDDEN.sub("�", text)


def to_xml(text: str) -> str:
    """``text`` as ST_Xstring character data."""
    if not _TO_ESCAPE.search(text):
        return _FORBIDDEN.sub("�", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escape_xstring(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def spread(parts: Sequence[str], new: str) -> list[str]:
    """Cuts ``new`` into as many pieces as ``parts`` (whose joined text it replaces), so that formatting stays put.

    What both texts share at their ends stays in its run; the change goes to the run where it begins. Of equal length,
    the cuts stay where they were.
    """
    if len(parts) == 1:
        return [new]
    old = "".join(parts)
    bounds, at = [], 0
    for part in parts:
        bounds.append((at, at + len(part)))
        at += len(part)
    if len(old) == len(new):
        return [new[a:b] for a, b in bounds]
    short = min(len(old), len(new))
    head = next((i for i in range(short) if old[i] != new[i]), short)
    tail = next((i for i in range(short - head) if old[-1 - i] != new[-1 - i]), short - head)
    end = len(old) - tail
    middle = new[head : len(new) - tail]
    home = next((i for i, (a, b) in enumerate(bounds) if a <= head < b), len(parts) - 1)
    return [
        old[a : max(a, min(b, head))] + (middle if i == home else "") + old[min(b, max(a, end)) : b]
        for i, (a, b) in enumerate(bounds)
    ]
