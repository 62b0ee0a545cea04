"""Writing text back in the charset a mail declares, and splicing changes into bytes of any charset."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from functools import lru_cache

from piiscan.encoding import Encoding, decode_declared, encode, splice
from piiscan.formats._mail_view import Edit, edited

_OWN = frozenset(("utf-8", "cp932", "eucjp-ms", "cp50221", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"))
_MARKS = {
    "utf-8": (codecs.BOM_UTF8,),
    "utf-16-le": (codecs.BOM_UTF16_LE,),
    "utf-16-be": (codecs.BOM_UTF16_BE,),
    "utf-32-le": (codecs.BOM_UTF32_LE,),
    "utf-32-be": (codecs.BOM_UTF32_BE,),
}


def encoded(text: str, charset: str) -> bytes | None:
    """``text`` in a declared charset, or None when the charset is unknown or lacks a character."""
    if charset.lower() in ("us-ascii", "ascii", ""):
        return text.encode("ascii") if text.isascii() else None
    return _written(text, _encoding_name(charset))


@lru_cache(maxsize=256)
def _encoding_name(charset: str) -> str:
    """The encoding that a declared charset is read in; UTF-8 for an unknown one."""
    return decode_declared(b"", charset)[1]


def _written(text: str, name: str) -> bytes | None:
    """``text`` in an encoding of :mod:`piiscan.encoding` or of Python, or None when it does not fit."""
    if name in _OWN:
        return encode(text, Encoding(name))  # never fails: a character that the encoding lacks gets a stand-in
    try:
        return text.encode(name)
    except (UnicodeError, LookupError):
        return None


def spliced(raw: bytes, name: str, text: str, edits: Sequence[Edit]) -> bytes | None:
    """``raw``, which reads ``text`` in the encoding ``name``, with edits of the text made in it.

    Bytes outside the edits stay as they are. None when the new text does not fit into the encoding.
    """
    if name in _OWN:
        mark = next((m for m in _MARKS.get(name, ()) if raw.startswith(m)), b"")
        return mark + splice(raw[len(mark) :], Encoding(name), edits)
    try:
        if len(raw) == len(text) and codecs.lookup(name).name not in ("utf-7", "hz"):
            out, at = [], 0
            for start, end, new in edits:
                out += [raw[at:start], new.encode(name)]
                at = end
            return b"".join([*out, raw[at:]])
        return edited(text, edits).encode(name)
    except (UnicodeError, LookupError):
        return None
