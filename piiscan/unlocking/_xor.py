"""Workbooks of Excel 5 to 2003 under XOR obfuscation, the oldest protection of Excel. [MS-OFFCRYPTO] 2.3.7, [MS-XLS] 2.2.10.

The library for the newer kinds opens it in Excel 97 to 2003 alone, and not where the workbook stands outside a compound
file. A wrong password fits in one of 65,536 cases, so what comes out must also make sense.
"""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = ("Workbook", "Book")
_HEAD = struct.Struct("<HH")
_FILEPASS, _BOUNDSHEET, _CODEPAGE = 0x2F, 0x85, 0x42
#: Records that stay as they are: the beginnings of substreams, and what is shared or locked by.
_PLAIN = frozenset({0x0009, 0x0209, 0x0409, 0x0809, _FILEPASS, 0xE1, 0x194, 0x195, 0x196, 0x138})
#: What a FILEPASS record becomes: a record that no reader looks for where it stands.
_NOTHING = 0x0000
_LONGEST = 15
#: Each byte turned left by three bits.
_TURNED = bytes(((value << 3) | (value >> 5)) & 0xFF for value in range(256))
#: The code pages that Excel writes.
_PAGES = frozenset({367, 437, 850, 852, 855, 857, 860, 861, 862, 863, 864, 865, 866, 869, 874, 932, 936, 949, 950, 1200,
                    *range(1250, 1259), 1361, *range(10000, 10083), 32768, 32769})  # fmt: skip


def open_book(stream: BinaryIO, password: str) -> bytes | None:
    """The whole file without the obfuscation; None when it has none, or the password is not the one."""
    stream.seek(0)
    data = stream.read()
    if not data.startswith(_OLE):
        return _opened(data, password)
    import olefile

    try:
        # In place: what is opened is as long as before.
        held = io.BytesIO(data)
        with olefile.OleFileIO(held, write_mode=True) as file:
            for entry in file.direntries:  # a chain that goes in circles is followed as far as is claimed
                if entry is not None:
                    entry.size = min(entry.size, len(data))
            name = next((n for n in _STREAMS if file.exists(n)), None)
            plain = _opened(file.openstream(name).read(), password) if name else None
            if name is None or plain is None:
                return None
            file.write_stream(name, plain)
            return held.getvalue()
    except (OSError, ValueError, TypeError, IndexError, AttributeError, struct.error):
        return None


def _opened(data: bytes, password: str) -> bytes | None:
    stated = _stated(data)
    try:
        letters = password.encode("cp932")[:_LONGEST]
    except UnicodeEncodeError:
        return None
    if stated is None or not letters or _verifier(letters) != stated:
        return None
    plain = _without(data, _key(letters))
    return plain if _makes_sense(plain) else None


def _stated(data: bytes) -> int | None:
    """What the password must come to; None for a workbook that is not obfuscated, or of a version before 5."""
    if len(data) < 8 or _HEAD.unpack_from(data)[0] != 0x0809:
        return None
    at = 0
    while at + 4 <= len(data):
        record, length = _HEAD.unpack_from(data, at)
        body = data[at + 4 : at + 4 + length]
        if record == _FILEPASS and len(body) == 4:
            return int(struct.unpack("<HH", body)[1])
        if record == _FILEPASS:
            kind, _, verifier = struct.unpack("<HHH", body[:6].ljust(6, b"\xff"))
            return int(verifier) if kind == 0 else None
        at += 4 + length
    return None


def _without(data: bytes, key: bytes) -> bytes:
    """All records in the clear, each of its old length."""
    out = bytearray(data)
    at = 0
    while at + 4 <= len(data):
        record, length = _HEAD.unpack_from(data, at)
        start, end = at + 4, min(at + 4 + length, len(data))
        if record == _FILEPASS:
            out[at : at + 2] = struct.pack("<H", _NOTHING)
        elif record not in _PLAIN and end > start:
            begin = start + 4 if record == _BOUNDSHEET else start
            turn = (start + length + begin - start) % 16
            out[begin:end] = _clear(data[begin:end], key[turn:] + key[:turn])
        at = end
    return bytes(out)


def _clear(data: bytes, key: bytes) -> bytes:
    """Turning each byte and the key alike lets both be done at once."""
    repeated = (key.translate(_TURNED) * (len(data) // 16 + 1))[: len(data)]
    turned = int.from_bytes(data.translate(_TURNED)) ^ int.from_bytes(repeated)
    return turned.to_bytes(len(data))


def _makes_sense(data: bytes) -> bool:
    """Whether the code page is one that there is; every version writes the record."""
    at = 0
    while at + 6 <= len(data):
        record, length = _HEAD.unpack_from(data, at)
        if record == _CODEPAGE:
            return length == 2 and struct.unpack_from("<H", data, at + 4)[0] in _PAGES
        at += 4 + length
    return False


def _verifier(letters: bytes) -> int:
    """What a password comes to (CreatePasswordVerifier_Method1)."""
    found = 0
    for byte in (*reversed(letters), len(letters)):
        found = ((found >> 14) & 1 | (found << 1) & 0x7FFF) ^ byte
    return found ^ 0xCE4B


def _key(letters: bytes) -> bytes:
    """The sixteen bytes that are repeated over a record (CreateXorArray_Method1)."""
    from msoffcrypto.method.xor_obfuscation import DocumentXOR

    # The library takes characters for bytes.
    return bytes(DocumentXOR.create_xor_array_method1(letters.decode("latin-1")))
