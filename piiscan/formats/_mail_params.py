"""Parameters of Content-Type and Content-Disposition: RFC 2045 5.1, RFC 2231, and what mailers write instead.

A file name comes as ``filename*=utf-8''%E5…``, in numbered pieces, as encoded words inside or outside quotes, as raw
cp932 bytes, or percent-encoded without saying so. All of it is one linear pass over the text of the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from piiscan.encoding import decode_declared
from piiscan.formats._mail_words import decode_bytes, decode_words

_PARAM = re.compile(r'[;\s]*+([^\s=;"]{1,200}+)\s*+=\s*+(?:"((?>[^"\\]|\\.)*+)"|([^;]*+))', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}){2}")


@dataclass(frozen=True, slots=True, repr=False)
class Param:
    """One parameter: lower-case name, value without quotes, and where ``name=value`` stands in the decoded field."""

    name: str
    value: str
    start: int
    end: int
    quoted: bool = False


def parameters(raw: bytes) -> tuple[str, tuple[Param, ...]]:
    """The main value of an unfolded field in lower case, and its parameters in their order."""
    text, _ = decode_bytes(raw)
    stop = text.find(";")
    main = text if stop < 0 else text[:stop]
    return main.strip().lower(), tuple(_parameters(text, len(main)))


def _parameters(text: str, at: int) -> Iterable[Param]:
    while 0 <= at < len(text):
        match = _PARAM.match(text, at)
        if match is None:
            at = text.find(";", at + 1)
            continue
        name, in_quotes, bare = match.group(1, 2, 3)
        if in_quotes is None:
            value = bare.rstrip()
            yield Param(name.lower(), value.strip('"'), match.start(1), match.start(3) + len(value))
        else:
            yield Param(name.lower(), _ESCAPED.sub(r"\1", in_quotes), match.start(1), match.end(), quoted=True)
        at = text.find(";", match.end())


def named(params: Sequence[Param], name: str) -> tuple[str, tuple[Param, ...]] | None:
    """The decoded value of a parameter and the parameters that spell it; the RFC 2231 form wins over the plain one."""
    extended: dict[int, Param] = {}
    plain: list[Param] = []
    for param in params:
        if param.name == name:
            plain.append(param)
        elif param.name.startswith(name + "*"):
            number = param.name[len(name) :].strip("*")
            if not number.isascii() or (number and not number.isdigit()) or len(number) > 6:
                continue
            extended.setdefault(int(number or 0), param)
    used = (*plain, *extended.values())
    if extended:
        return _extended([extended[n] for n in sorted(extended)]), used
    if plain:
        return _plain(plain[0].value), used
    return None


def readable(param: Param) -> str:
    """The value of one parameter, whatever form it is in."""
    return _extended([param]) if param.name.endswith("*") else _plain(param.value)


def _extended(pieces: Sequence[Param]) -> str:
    charset: str | None = None
    raw = bytearray()
    for index, piece in enumerate(pieces):
        value = piece.value
        if not piece.name.endswith("*"):
            raw += value.encode("utf-8", "surrogateescape")
            continue
        if index == 0 and value.count("'") >= 2:
            charset, _language, value = value.split("'", 2)
        raw += unquote_to_bytes(value)
    known = charset if charset and charset.isascii() and charset.isprintable() else None
    text = decode_declared(bytes(raw), known)[0]
    return decode_words(text) if "=?" in text else text


def _plain(value: str) -> str:
    text = decode_words(value)
    if text.isascii() and _PERCENT.search(text):
        try:
            decoded = unquote_to_bytes(text).decode("utf-8")
        except UnicodeDecodeError:
            return text
        return text if decoded.isascii() else decoded
    return text


def spelled(name: str, value: str, quoted: bool = True) -> str:
    """``name=value`` as it may stand in a field: quoted when it is ASCII, else in the form of RFC 2231."""
    if value.isascii() and value.isprintable():
        if not quoted and re.fullmatch(r"[A-Za-z0-9!#$&+.^_`{|}~-]+", value):
            return f"{name}={value}"
        return f'{name}="' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name}*=utf-8''" + quote(value.encode("utf-8", "replace"), safe="")
