"""Content-Transfer-Encoding: to bytes however damaged it is, and back with the line length and line ends it had."""

from __future__ import annotations

import binascii
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from piiscan.formats._mail_words import lenient_base64

_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]*+")
_BASE64_LINE = re.compile(rb"(?:[A-Za-z0-9+/]{2,}+)?=*+")
_FOREIGN = re.compile(rb"[^A-Za-z0-9+/=]")
_UU_NAMES = ("x-uuencode", "uuencode", "x-uue", "uue")
_Y_BEGIN = re.compile(
    rb"^=ybegin [^\r\n]{0,200}?name=([^\r\n]{1,260})\r?\n(?:=ypart [^\r\n]{0,200}\r?\n)?", re.MULTILINE
)
_Y_END = re.compile(rb"^=yend\b[^\r\n]{0,200}", re.MULTILINE)
_Y_ESCAPED = re.compile(rb"=([\x00-\xff])", re.DOTALL)
_Y_TABLE = bytes((value - 42) % 256 for value in range(256))
_UU = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n((?:[ -`][^\r\n]{0,90}\r?\n)*?)(?:[ `]\r?\n)?end[ \t]*(?:\r?\n|\Z)", re.M
)


@dataclass(frozen=True, repr=False)
class Content:
    """A decoded body. ``residue``: raw bytes among base64 that are no base64, such as a list's footer, or plain text.

    ``whole``: the residue is the whole raw body, because it cannot be told which of it is text.
    """

    data: bytes
    residue: bytes = b""
    whole: bool = False


def decoded(raw: bytes, encoding: str) -> Content:
    """The body's bytes; ``encoding`` is the lower-case name of the transfer encoding, unknown ones mean none."""
    if encoding == "base64":
        return Content(lenient_base64(raw)) if _BASE64.fullmatch(raw) else _mixed(raw)
    if encoding == "quoted-printable":
        return Content(binascii.a2b_qp(raw))
    if encoding in _UU_NAMES:
        match = _UU.search(raw)
        return Content(uu_decoded(match[2])) if match else Content(raw)
    return Content(raw)


def _mixed(raw: bytes) -> Content:
    """Base64 with other things in it: line by line, and a line that is mostly base64 counts as both."""
    kept: list[bytes] = []
    rest: list[bytes] = []
    doubtful = False
    for line in raw.splitlines(keepends=True):
        bare = line.strip()
        if _BASE64_LINE.fullmatch(bare):
            kept.append(line)
            continue
        rest.append(line)
        if b" " not in bare and len(_FOREIGN.findall(bare)) * 5 < len(bare):
            kept.append(line)
            doubtful = True
    letters = b"".join(kept)
    # A few lines that could be base64 amid text are more likely text: show all of it.
    whole = doubtful or len(letters) < 4096
    return Content(lenient_base64(letters), raw if whole else b"".join(rest), whole)


def recoded(data: bytes, encoding: str, before: bytes, newline: bytes) -> bytes | None:
    """``data`` as a body in a transfer encoding, laid out like ``before``; None where the encoding cannot take it."""
    if encoding == "base64":
        return _base64(data, before, newline)
    if encoding == "quoted-printable":
        text = b"\0" not in data
        return binascii.b2a_qp(data, istext=text).replace(b"\r\n", b"\n").replace(b"\n", newline) if text else None
    if encoding in _UU_NAMES:
        return None
    return data


def _base64(data: bytes, before: bytes, newline: bytes) -> bytes:
    lines = before.split(newline)
    width = len(lines[0].strip()) if len(lines) > 1 and lines[0].strip() else 76
    width = max(4, width // 4 * 4)
    letters = b64encode(data)
    out = newline.join(letters[i : i + width] for i in range(0, len(letters), width))
    tail = before[len(before.rstrip(b"\r\n")) :]
    return out + tail


def uu_blocks(data: bytes) -> list[tuple[int, int, bytes, bytes]]:
    """Files in a text, by uuencode or yEnc: where each block begins and ends, its raw file name, its content."""
    found = [(m.start(), m.end(), m[1], uu_decoded(m[2])) for m in _UU.finditer(data)] if b"begin " in data else []
    return found + _y_blocks(data)


def with_files(data: bytes, files: Sequence[bytes | None]) -> bytes | None:
    """The text with other content in its uuencoded files, one for each of ``uu_blocks``, None for those that stay; None
    when it has other files than these, or one by yEnc is to change."""
    blocks = list(_UU.finditer(data)) if b"begin " in data else []
    if len(uu_blocks(data)) != len(files) or any(new is not None for new in files[len(blocks) :]):
        return None
    for block, new in reversed([*zip(blocks, files, strict=False)]):
        if new is not None:
            newline = b"\r\n" if b"\r\n" in block[0] else b"\n"
            ticks = b" " not in block[2]  # what stands for zero
            lines = (binascii.b2a_uu(new[n : n + 45], backtick=ticks)[:-1] for n in range(0, len(new), 45))
            data = data[: block.start(2)] + newline.join([*lines, b""]) + data[block.end(2) :]
    return data


def _y_blocks(data: bytes) -> list[tuple[int, int, bytes, bytes]]:
    """The same for yEnc (yEnc draft 1.3): each byte is raised by 42, critical ones by 64 more behind a ``=``."""
    found, at = [], 0
    while (head := _Y_BEGIN.search(data, at)) and (tail := _Y_END.search(data, head.end())):
        lines = data[head.end() : tail.start()].replace(b"\r", b"").replace(b"\n", b"")
        plain = _Y_ESCAPED.sub(lambda m: bytes([(m[1][0] - 64) % 256]), lines).translate(_Y_TABLE)
        found.append((head.start(), tail.end(), head[1], plain))
        at = tail.end()
    return found


def uu_decoded(lines: bytes) -> bytes:
    """The content of uuencoded lines; broken lines give what can be read of them."""
    out = []
    for line in lines.splitlines():
        if not line:
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Some encoders pad too much: trust the line's own length (the usual workaround).
            count = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out.append(binascii.a2b_uu(line[: count + 1]))
            except binascii.Error:
                continue
    return b"".join(out)
