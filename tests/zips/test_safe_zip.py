"""Zip archives that lie: names, sizes, overlaps, bombs."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from piiscan.errors import EncryptedError, LimitError, UnreadableError
from piiscan.model import Limits
from piiscan.zips.safe_zip import open_zip


def archive(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in members:
            z.writestr(name, data)
    return out


def read_first(stream: io.BytesIO, limits: Limits) -> bytes:
    z = open_zip(stream, limits)
    return b"".join(z.chunks(z.members[0]))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_reads_every_method(method: int) -> None:
    data = bytes(range(256)) * 20_000
    z = open_zip(archive(("a", data), ("b", b""), method=method), Limits())
    assert [z.read(m) for m in z.members] == [data, b""]
    stream, size = z.open(z.members[0])
    with stream:
        assert size == len(data)
        assert stream.read() == data


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
def test_names_without_the_utf8_flag(encoding: str) -> None:
    name = "表計算/名簿.csv".encode(encoding)  # 表 ends in 0x5C in cp932
    plain = archive(("x" * len(name), b"1")).getvalue().replace(b"x" * len(name), name)
    assert open_zip(io.BytesIO(plain), Limits()).members[0].name == "表計算/名簿.csv"


def test_unicode_path_field_wins() -> None:
    raw = "ﾃ.csv".encode("cp932")
    extra = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + "名簿.csv".encode()
    info = zipfile.ZipInfo("12345")
    info.extra = struct.pack("<HH", 0x7075, len(extra)) + extra
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr(info, b"1")
    data = out.getvalue().replace(b"12345", raw)
    assert open_zip(io.BytesIO(data), Limits()).members[0].name == "名簿.csv"


def test_equal_names_are_ambiguous_and_all_readable() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        z = open_zip(archive(("a/b.xml", b"1"), ("a/b.xml", b"2"), ("A\\B.xml", b"3"), ("c", b"4")), Limits())
    assert [z.read(m) for m in z.ambiguous] == [b"1", b"2", b"3"]


def test_encrypted_member() -> None:
    data = bytearray(archive(("a", b"1")).getvalue())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    z = open_zip(io.BytesIO(bytes(data)), Limits())
    with pytest.raises(EncryptedError):
        z.read(z.members[0])


def test_overlap_is_refused() -> None:
    data = archive(("a", b"x" * 100), ("b", b"y" * 100), method=zipfile.ZIP_STORED).getvalue()
    central = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", central + 1)
    fake = data[:second] + data[central:second].replace(b"a", b"b") + data[second + (second - central) :]
    with pytest.raises(LimitError, match="zip_overlap"):
        open_zip(io.BytesIO(fake), Limits())


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(inflated_bytes=5_000_000), "zip_too_large"),
        (Limits(ratio_from_bytes=1_000_000), "zip_ratio"),
        (Limits(members=1), "zip_too_many_members"),
    ],
)
def test_limits(limits: Limits, reason: str) -> None:
    stream = archive(("a", b"\0" * 10_000_000), ("b", b""))
    with pytest.raises(LimitError) as caught:
        read_first(stream, limits)
    assert caught.value.reason == reason


def test_reading_twice_costs_once() -> None:
    z = open_zip(archive(("a", b"\0" * 1_000_000)), Limits(inflated_bytes=1_500_000))
    assert len(z.read(z.members[0])) == len(z.read(z.members[0])) == 1_000_000


def test_a_header_that_understates_the_size_hides_nothing() -> None:
    data = bytearray(archive(("a", b"x" * 1000)).getvalue())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 10)
    z = open_zip(io.BytesIO(bytes(data)), Limits())
    assert z.read(z.members[0]) == b"x" * 1000


def test_raw_is_what_is_stored() -> None:
    z = open_zip(archive(("a", b"x" * 1000)), Limits())
    assert zlib.decompress(b"".join(z.raw(z.members[0])), -15) == b"x" * 1000


@pytest.mark.parametrize("damage", ["truncated", "garbage", "checksum", "empty", "local"])
def test_damage(damage: str, tmp_path: Path) -> None:
    data = bytearray(archive(("a", bytes(range(256)) * 100), method=zipfile.ZIP_STORED).getvalue())
    match damage:
        case "truncated":
            data = data[:2000]
        case "garbage":
            data = bytearray(b"PK\x03\x04" + b"\xff" * 5000)
        case "checksum":
            data[1000] ^= 1
        case "empty":
            data = bytearray()
        case "local":
            data[0] = 0
    with pytest.raises(UnreadableError):
        read_first(io.BytesIO(bytes(data)), Limits())
