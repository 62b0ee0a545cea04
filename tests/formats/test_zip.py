"""Zip archives: members under their real names, and copies that keep what was not changed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
import pyzipper

from piiscan.errors import EncryptedError, LimitError, UnreadableError, UnsafeCopyError
from piiscan.formats import zip as zip_format
from piiscan.model import Editor, Limits, Member, Skipped, Source, Text


def source(data: bytes, name: str = "a.zip") -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def items(data: bytes, limits: Limits | None = None) -> list[Text | Member | Skipped]:
    return [in_memory(i) for i in zip_format.read(source(data), limits or Limits())]


def in_memory(item: Text | Member | Skipped) -> Text | Member | Skipped:
    if not isinstance(item, Member):
        return item
    with item.stream as stream:
        return Member(item.name, io.BytesIO(stream.read()), item.size)


def members(data: bytes) -> dict[str, bytes]:
    return {i.name: i.stream.read() for i in items(data) if isinstance(i, Member)}


def archive(files: dict[str, bytes], comment: bytes = b"", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name, (2026, 4, 1, 9, 30, 0)), content, method)
        made.comment = comment
    return out.getvalue()


def cp932_archive(name: str, content: bytes) -> bytes:
    """As Windows in Japan writes it: the name in cp932, and nothing that says so."""
    raw = name.encode("cp932")
    stand_in = "x" * len(raw)
    return archive({stand_in: content}).replace(stand_in.encode(), raw)


def copy(
    data: bytes,
    member: Callable[[str, bytes], bytes | None] = lambda name, old: None,
    text: Callable[[str], str | None] = lambda old: None,
) -> bytes:
    out = io.BytesIO()
    editor = Editor(lambda *_: None, lambda _p, old, _l: text(old), lambda name, stream: member(name, stream.read()))
    zip_format.rewrite(source(data), out, editor, Limits())
    return out.getvalue()


@pytest.mark.parametrize("name", ["表示/名簿.csv", "髙橋①.txt", "ソース.xlsx"])
def test_reads_names_that_windows_wrote(name: str) -> None:
    data = cp932_archive(name, b"a,b")
    assert members(data) == {name: b"a,b"}
    assert [i.text for i in items(data) if isinstance(i, Text)] == [name]


def test_member_names_do_not_lead_out_and_stay_apart() -> None:
    data = archive({"../../etc/x": b"1", "C:\\x": b"2", "A.txt": b"3", "a.txt": b"4", "folder/": b"", "\x1b[2J": b"5"})
    assert members(data) == {"etc/x": b"1", "C:/x": b"2", "A.txt": b"3", "a (2).txt": b"4", "[2J": b"5"}


def test_reads_comments() -> None:
    data = archive({"a": b""}, comment="担当 山田".encode("cp932"))
    assert "担当 山田" in [i.text for i in items(data) if isinstance(i, Text)]


def encrypted(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as made:
        made.setpassword(b"test")
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def test_encrypted_archives_say_so_and_cannot_be_copied() -> None:
    data = encrypted({"名簿.csv": b"a,b"})
    with pytest.raises(EncryptedError):
        items(data)
    with pytest.raises(UnsafeCopyError, match="encrypted_member"):
        copy(data)


def test_one_encrypted_member_among_others_is_skipped() -> None:
    out = io.BytesIO(encrypted({"secret.csv": b"a"}))
    with zipfile.ZipFile(out, "a") as made:
        made.writestr("open.csv", b"b")
    found = items(out.getvalue())
    assert Skipped("secret.csv", "encrypted_member") in found
    assert members(out.getvalue()) == {"open.csv": b"b"}


def test_a_damaged_member_is_skipped_and_refused_in_a_copy() -> None:
    data = archive({"a.txt": b"hello hello", "b.txt": b"fine"}, method=zipfile.ZIP_STORED).replace(
        b"hello hello", b"hellO hello", 1
    )
    assert Skipped("a.txt", "zip_damaged") in items(data)
    assert members(data) == {"b.txt": b"fine"}
    with pytest.raises(UnsafeCopyError):
        copy(data)


def test_an_unknown_compression_is_skipped() -> None:
    data = bytearray(archive({"a.txt": b"hello"}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 10 : at + 12] = data[8:10] = struct.pack("<H", 19)
    assert [i.reason for i in items(bytes(data)) if isinstance(i, Skipped)] == ["zip_method"]


def test_bombs_end_in_a_limit_error() -> None:
    data = archive({"a": bytes(3_000_000)})
    with pytest.raises(LimitError):
        items(data, Limits(ratio_from_bytes=1_000_000))
    with pytest.raises(LimitError):
        items(data, Limits(inflated_bytes=1_000_000))
    with pytest.raises(LimitError):
        items(archive({f"{n}": b"" for n in range(20)}), Limits(members=10))


def test_what_is_no_archive_is_unreadable() -> None:
    with pytest.raises(UnreadableError):
        items(b"PK\x03\x04 and nothing else")


def test_copies_unchanged_members_without_packing_them_again() -> None:
    # Level 9 by hand: packing again would give other bytes.
    data = archive(
        {"a.txt": b"abc" * 500, "x/": b"", "名簿.csv": b"old", "z.bin": bytes(range(256)) * 9}, comment=b"note"
    )
    result = copy(data, lambda name, old: b"new content" if name == "名簿.csv" else None)
    before, after = zipfile.ZipFile(io.BytesIO(data)), zipfile.ZipFile(io.BytesIO(result))
    assert after.testzip() is None
    assert after.namelist() == before.namelist()
    assert after.read("名簿.csv") == b"new content"
    assert after.comment == b"note"
    for one, other in zip(before.infolist(), after.infolist(), strict=True):
        assert (one.date_time, one.external_attr, one.compress_type) == (
            other.date_time,
            other.external_attr,
            other.compress_type,
        )
        if one.filename != "名簿.csv":
            assert (one.CRC, one.file_size, before.read(one)) == (other.CRC, other.file_size, after.read(other))
            raw = data[one.header_offset + 30 + len(one.orig_filename.encode()) :][: one.compress_size]
            assert raw in result


def test_copies_the_bytes_of_names_in_cp932() -> None:
    data = cp932_archive("名簿.csv", b"a")
    assert members(copy(data)) == {"名簿.csv": b"a"}
    assert "名簿.csv".encode("cp932") in copy(data)


def test_renames_members_and_changes_the_comment() -> None:
    data = archive({"山田太郎.csv": b"a", "b.csv": b"b"}, comment="山田太郎".encode("cp932"))
    result = copy(data, text=lambda old: old.replace("山田太郎", "■■■■"))
    assert members(result) == {"■■■■.csv": b"a", "b.csv": b"b"}
    for codec in ("utf-8", "cp932"):
        assert "山田太郎".encode(codec) not in result


def test_names_that_become_equal_stay_apart() -> None:
    data = archive({"山田.csv": b"a", "鈴木.csv": b"b"})
    result = copy(data, text=lambda old: "■■.csv")
    assert members(result) == {"■■.csv": b"a", "■■ (2).csv": b"b"}


def test_refuses_two_members_of_the_same_name() -> None:
    with pytest.raises(UnsafeCopyError, match="ambiguous_names"):
        copy(archive({"a.csv": b"1", "A.CSV": b"2"}))


def test_streams_with_descriptors_are_copied() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, piece: bytes) -> int:  # type: ignore[override]
            self.data += piece
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as made:  # type: ignore[arg-type]
        made.writestr("a.txt", b"hello " * 50)
    result = copy(pipe.data)
    assert zipfile.ZipFile(io.BytesIO(result)).testzip() is None
    assert members(result) == {"a.txt": b"hello " * 50}
    assert zlib.crc32(members(result)["a.txt"]) == zipfile.ZipFile(io.BytesIO(result)).infolist()[0].CRC


@pytest.mark.parametrize(
    "data, name, sure", [(archive({"a": b""}), "a.zip", 30), (archive({}), "x", 30), (b"text", "a.zip", 0)]
)
def test_sniff(data: bytes, name: str, sure: int) -> None:
    assert zip_format.sniff(source(data, name)) == sure
