"""Makes pictures of one pixel with words beside it: PNG, JPEG, GIF, WebP, TIFF, and the tags that they share."""

from __future__ import annotations

import struct
import zlib

PNG, EXIF, XMP = b"\x89PNG\r\n\x1a\n", b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG file with its checksum."""
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*chunks: bytes, behind: bytes = b"") -> bytes:
    """A PNG file with these chunks between its head and its pixel."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixel = chunk(b"IDAT", zlib.compress(b"\0\xff"))
    return PNG + head + b"".join(chunks) + pixel + chunk(b"IEND", b"") + behind


def text(key: str, raw: bytes) -> bytes:
    return chunk(b"tEXt", key.encode() + b"\0" + raw)


def packed_text(key: str, raw: bytes) -> bytes:
    return chunk(b"zTXt", key.encode() + b"\0\0" + zlib.compress(raw))


def international(key: str, words: str, *, packed: bool = False) -> bytes:
    raw = words.encode()
    body = zlib.compress(raw) if packed else raw
    return chunk(b"iTXt", key.encode() + b"\0" + bytes([packed, 0]) + b"ja\0" + "表題".encode() + b"\0" + body)


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(*segments: bytes) -> bytes:
    """A JPEG file with these segments; what stands for its pixels is not one."""
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + b"".join(segments)
        + segment(0xDA, b"\1\1\0\0\x3f\0")
        + b"pixels\xff\xd9"
    )


def tiff(*folders: list[tuple[int, int, bytes]], order: str = "<") -> bytes:
    """A TIFF file of directories of (tag, type, value), each naming the next; a tag of the type 0 holds the directory
    with the number in its value."""
    widths = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1}
    sizes = [2 + 12 * len(entries) + 4 for entries in folders]
    starts = [8 + sum(sizes[:n]) for n in range(len(folders))]
    data_at = 8 + sum(sizes)
    body, values = b"", b""
    held = {entry[2][0] for entries in folders for entry in entries if entry[1] == 0}
    for number, entries in enumerate(folders):
        body += struct.pack(f"{order}H", len(entries))
        for tag, kind, value in entries:
            if kind == 0:
                body += struct.pack(f"{order}HHII", tag, 4, 1, starts[value[0]])
            elif len(value) <= 4:
                body += struct.pack(f"{order}HHI", tag, kind, len(value) // widths[kind]) + value.ljust(4, b"\0")
            else:
                body += struct.pack(f"{order}HHII", tag, kind, len(value) // widths[kind], data_at + len(values))
                values += value + bytes(len(value) % 2)
        following = number + 1
        body += struct.pack(f"{order}I", starts[following] if following < len(folders) and following not in held else 0)
    return (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8) + body + values


def xmp(inner: str, attributes: str = "") -> bytes:
    return (
        f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='r'><rdf:Description rdf:about='' {attributes}>"
        f"{inner}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def iptc(*records: tuple[int, int, bytes]) -> bytes:
    """Photoshop's resources with a record of IPTC each."""
    raw = b"".join(struct.pack(">BBBH", 0x1C, part, number, len(value)) + value for part, number, value in records)
    before = b"8BIM" + struct.pack(">H", 0x03ED) + b"\0\0" + struct.pack(">I", 3) + b"abc\0"
    return (
        before + b"8BIM" + struct.pack(">H", 0x0404) + b"\0\0" + struct.pack(">I", len(raw)) + raw + bytes(len(raw) % 2)
    )


def gif(comment: bytes = b"", packet: bytes = b"") -> bytes:
    blocks = b"".join(bytes([len(comment[i : i + 255])]) + comment[i : i + 255] for i in range(0, len(comment), 255))
    out = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    if packet:
        trailer = b"\1" + bytes(range(255, -1, -1)) + b"\0"
        out += b"\x21\xff\x0bXMP DataXMP" + packet + trailer
    picture = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\2\2\x44\1\0"
    return out + picture + (b"\x21\xfe" + blocks + b"\0" if comment else b"") + b"\x3b"


def webp(exif: bytes = b"", packet: bytes = b"") -> bytes:
    parts = [(b"VP8X", bytes(10)), (b"EXIF", exif), (b"XMP ", packet)]
    body = b"".join(k + struct.pack("<I", len(d)) + d + bytes(len(d) % 2) for k, d in parts if d)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
