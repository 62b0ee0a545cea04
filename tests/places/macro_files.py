"""Makes macro projects ([MS-OVBA]) and embedded packages ([MS-OLEDS]) for tests."""

from __future__ import annotations

import struct

import outlook_files


def compressed(data: bytes) -> bytes:
    """A compressed container ([MS-OVBA] 2.4.1) of chunks with literals only."""
    out = b"\1"
    for at in range(0, len(data), 3600):
        piece = data[at : at + 3600]
        body = b"".join(b"\0" + piece[i : i + 8] for i in range(0, len(piece), 8))
        out += struct.pack("<H", (len(body) + 2 - 3) | 0x3000 | 0x8000) + body
    return out


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HI", kind, len(body)) + body


def streams(text: str) -> outlook_files.Tree:
    """The storages of a macro project with one module in whose source the text is a comment, in the code page of Japan."""
    source = f'Attribute VB_Name = "Module1"\r\n\' {text}\r\nSub A()\r\nEnd Sub\r\n'.encode("cp932")
    name = b"Module1"
    wide = "Module1".encode("utf-16-le")
    directory = (
        _record(0x01, struct.pack("<I", 1)) + _record(0x03, struct.pack("<H", 932)) + _record(0x04, b"VBAProject")
        + _record(0x0F, struct.pack("<H", 1)) + _record(0x13, b"\xff\xff")
        + _record(0x19, name) + _record(0x47, wide) + _record(0x1A, name) + _record(0x32, wide)
        + _record(0x31, struct.pack("<I", 16)) + _record(0x2C, b"\xff\xff") + _record(0x21, b"") + _record(0x2B, b"") + _record(0x10, b"")
    )  # fmt: skip
    return {
        "VBA": {"dir": compressed(directory), "Module1": b"\xcc" * 16 + compressed(source)},
        "PROJECT": b'ID="{0}"\r\nModule=Module1\r\nName="VBAProject"\r\n',
    }


def project(text: str) -> bytes:
    """The same as a vbaProject.bin."""
    return outlook_files.compound(streams(text))


def native(name: str, data: bytes) -> bytes:
    """An Ole10Native stream around a file."""
    raw = name.encode("cp932") + b"\0"
    path = b"C:\\" + raw
    body = b"\2\0" + raw + path + struct.pack("<HHI", 0, 3, len(path)) + path + struct.pack("<I", len(data)) + data
    return struct.pack("<I", len(body)) + body
