"""Reads the packed data pieces that ``tools/build_lexicon.py`` writes; nothing is read before it is asked for.

A piece is one compressed file of several parts: a line of decimal part lengths, then the parts end to end.
"""

from __future__ import annotations

import lzma
import zlib
from importlib.resources import files

_XZ_MAGIC = b"\xfd7zXZ\x00"


def read_piece(name: str) -> tuple[bytes, ...]:
    """The parts of ``data/<name>.bin``. The file ships with the package; a missing one is a broken installation."""
    packed = (files("piiscan.lexicon") / "data" / f"{name}.bin").read_bytes()
    raw = lzma.decompress(packed) if packed.startswith(_XZ_MAGIC) else zlib.decompress(packed)
    return split_parts(raw)


def split_parts(raw: bytes) -> tuple[bytes, ...]:
    """Parts of an unpacked piece, in the order they were written."""
    end = raw.index(b"\n")
    parts, at = [], end + 1
    for length in map(int, raw[:end].split()):
        parts.append(raw[at : at + length])
        at += length
    return tuple(parts)


def pack_parts(parts: list[bytes], *, small: bool = False) -> bytes:
    """The bytes of a piece. ``small`` packs tighter with xz, which takes three times as long to read back."""
    raw = " ".join(str(len(p)) for p in parts).encode() + b"\n" + b"".join(parts)
    if small:
        return lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME)
    return zlib.compress(raw, 9)


def lines(part: bytes) -> list[str]:
    """The lines of a text part; an empty part has none."""
    return part.decode().split("\n") if part else []
