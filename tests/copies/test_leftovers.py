"""The plain search through a copy misses no byte of a package: what is packed, what stands between, what is left over."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from piiscan.copies.leftovers import Haystack, searcher
from piiscan.errors import UnsafeCopyError

VALUE = "見本 花子"
SPELT = VALUE.encode("cp932")


def package(content: bytes, behind: bytes = b"", between: bytes = b"", name: str = "a.xml") -> bytes:
    """A zip with one deflated member, bytes within its extent but behind its stream, and bytes that belong to nobody."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush() + behind
    told = zlib.crc32(content), len(packed), len(content), len(name)
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, *told, 0) + name.encode() + packed + between
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, *told, *(0,) * 6) + name.encode()
    return local + entry + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(local), 0)


def found(data: bytes) -> list[str]:
    """Where the value is found; the sieve that comes before the search when there are many must think the same."""
    names = searcher([VALUE])(io.BytesIO(data))
    haystack = Haystack()
    haystack.add(io.BytesIO(data))
    codec = ("cp932", "replace")
    seen = haystack.plain.possible([VALUE], *codec) or haystack.packed.possible([VALUE], *codec)
    assert bool(names) == bool(seen)
    return names


def test_a_value_is_found_wherever_it_stands() -> None:
    noise = bytes(range(256)) * 4
    assert found(package(noise)) == []
    assert found(package(noise + SPELT)) == ["a.xml"]
    assert found(package(noise, behind=b"." + SPELT)) == [""]
    assert found(package(noise, between=b"." + SPELT)) == [""]
    assert found(package(noise) + SPELT) == [""]
    assert found(package(noise, between=zlib.compress(noise, 0) * 200 + SPELT)) == [""]
    assert found(package(package(noise, behind=SPELT))) == ["a.xml"]


def test_large_members_are_searched_to_their_end() -> None:
    large = b"0123456789abcdef" * 600_000
    assert found(package(large + SPELT)) == ["a.xml"]
    assert found(package(large + b"PK\x03\x04")) == []


@pytest.mark.parametrize("cut", [0, 12])
def test_a_damaged_package_does_not_pass(cut: int) -> None:
    data = bytearray(package(b"abc" * 1000))
    data[35 + cut] ^= 0xFF
    with pytest.raises(UnsafeCopyError):
        searcher([VALUE])(io.BytesIO(bytes(data)))


def test_stored_members_and_names_count() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        made.writestr("plain.txt", b"x" * 100_000 + SPELT)
        made.writestr(f"{VALUE}.txt", b"")
    assert found(out.getvalue())[0] == "plain.txt"
    assert f"{VALUE}.txt" in searcher([VALUE])(out)
