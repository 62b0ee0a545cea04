"""Text whose encoding somebody declared, or nobody did: mail, web pages, names in archives."""

from __future__ import annotations

import codecs

from piiscan.encoding._codecs import euc_decode, iso_decode
from piiscan.encoding._read import UNREAD, decode
from piiscan.encoding._sniff import Encoding, detect

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
    except (LookupError, ValueError):  # a NUL or half a character in the name
        return None


def _fits(data: bytes, name: str) -> bool:
    try:
        if name == "cp50221":
            return "\ufffd" not in iso_decode(data)
        return UNREAD.search(euc_decode(data, strict=True) if name == "eucjp-ms" else data.decode(name)) is None
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
