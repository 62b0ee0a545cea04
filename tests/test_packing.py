"""Deflated pieces put together are what one piece would be: bytes, length, checksum."""

from __future__ import annotations

import zlib

import pytest

from piiscan.zips.zip_copy import crc_of_both, pack, packed_around


@pytest.mark.parametrize(("first", "second"), [(b"", b""), (b"abc", b""), (b"", b"x"), (b"a" * 70_001, b"\0" * 65_537)])
def test_the_checksum_of_both_follows_from_those_of_each(first: bytes, second: bytes) -> None:
    assert crc_of_both(zlib.crc32(first), zlib.crc32(second), len(second)) == zlib.crc32(first + second)


@pytest.mark.parametrize("times", [0, 3, 700_000])
def test_what_is_packed_around_rows_makes_one_stream_of_them(times: int) -> None:
    rows = pack((b"<row/>" * times for _ in range(3)), whole=False)
    made = packed_around(b"<a>", rows, b"</a>")
    data = b"".join(made.raw())
    told = zlib.decompressobj(-15)
    content = told.decompress(data)
    assert content == b"<a>" + b"<row/>" * times * 3 + b"</a>"
    assert told.eof
    assert not told.unused_data
    assert (made.size, made.crc, made.compressed_size) == (len(content), zlib.crc32(content), len(data))
    assert b"".join(rows.content()) == b"<row/>" * times * 3
    rows.close()
    made.close()


def test_an_error_of_who_makes_the_pieces_comes_through() -> None:
    def pieces() -> object:
        yield b"a" * 5_000_000
        yield b"b" * 5_000_000
        raise KeyError("a")

    with pytest.raises(KeyError, match="a"):
        pack(pieces())  # type: ignore[arg-type]
