"""Makes small Outlook files for tests: compound files of streams, MAPI property lists, LZFu, TNEF."""

from __future__ import annotations

import struct

Tree = dict[str, "bytes | Tree"]
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(tree: Tree) -> bytes:
    """A compound file ([MS-CFB]); streams are padded with zeros to 4,096 bytes, so that no mini stream is needed."""
    entries: list[bytearray] = []
    body: list[bytes] = []
    chains: list[tuple[int, int]] = []

    def add(name: str, kind: int) -> int:
        raw = (name + "\0").encode("utf-16-le")
        entry = bytearray(128)
        entry[: len(raw)] = raw
        struct.pack_into("<HBBIII", entry, 64, len(raw), kind, 1, _FREE, _FREE, _FREE)
        struct.pack_into("<I", entry, 116, _END)
        entries.append(entry)
        return len(entries) - 1

    def fill(parent: int, folder: Tree) -> None:
        previous = None
        for name, value in folder.items():
            index = add(name, 1 if isinstance(value, dict) else 2)
            if previous is None:
                struct.pack_into("<I", entries[parent], 76, index)
            else:
                struct.pack_into("<I", entries[previous], 72, index)
            previous = index
            if isinstance(value, dict):
                fill(index, value)
            else:
                padded = value + bytes(max(4096 - len(value), -len(value) % 512))
                struct.pack_into("<IQ", entries[index], 116, len(body), len(padded))
                chains.append((len(body), len(padded) // 512))
                body.extend(padded[i : i + 512] for i in range(0, len(padded), 512))

    add("Root Entry", 5)
    fill(0, tree)
    directory = b"".join(entries)
    directory += bytes(-len(directory) % 512)
    directory_at = len(body)
    chains.append((directory_at, len(directory) // 512))
    body.extend(directory[i : i + 512] for i in range(0, len(directory), 512))
    fat_sectors = len(body) // 127 + 1
    fat = [_FREE] * (fat_sectors * 128)
    for start, count in chains:
        fat[start : start + count] = [*range(start + 1, start + count), _END]
    fat_at = len(body)
    fat[fat_at : fat_at + fat_sectors] = [_FAT] * fat_sectors
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6,
        0, fat_sectors, directory_at, 0, 4096, _END, 0, _END, 0,
    )  # fmt: skip
    difat = [fat_at + i for i in range(fat_sectors)] + [_FREE] * (109 - fat_sectors)
    return header + struct.pack("<109I", *difat) + b"".join(body) + struct.pack(f"<{len(fat)}I", *fat)


def text(number: int, value: str, codec: str | None = None) -> Tree:
    """A string property: UTF-16, or 8-bit in ``codec``."""
    kind, raw = ("001E", value.encode(codec)) if codec else ("001F", value.encode("utf-16-le"))
    return {f"__substg1.0_{number:04X}{kind}": raw}


def binary(number: int, value: bytes) -> Tree:
    return {f"__substg1.0_{number:04X}0102": value}


def numbers(header: int, values: dict[int, int]) -> Tree:
    """The property stream, with integers."""
    rows = b"".join(struct.pack("<HHIII", 3, number, 6, value, 0) for number, value in values.items())
    return {"__properties_version1.0": bytes(header) + rows}


def lzfu(rtf: bytes) -> bytes:
    """RTF in the compressed form, with literals only."""
    out = b""
    for at in range(0, len(rtf), 8):
        out += b"\0" + rtf[at : at + 8]
    return struct.pack("<IIII", len(out) + 12, len(rtf), 0x75465A4C, 0) + out


def mapi(properties: list[tuple[int, int, bytes]]) -> bytes:
    """A property list of TNEF: (type, number, value)."""
    out = struct.pack("<I", len(properties))
    for kind, number, value in properties:
        out += struct.pack("<HH", kind, number)
        if kind in (0x1E, 0x1F, 0x102, 0x0D):
            out += struct.pack("<II", 1, len(value))
        out += value + bytes(-len(value) % 4)
    return out


def tnef(attributes: list[tuple[int, int, bytes]]) -> bytes:
    """A TNEF file: (level, number, content)."""
    out = b"\x78\x9f\x3e\x22\x01\x00"
    for level, number, value in attributes:
        out += struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
    return out
