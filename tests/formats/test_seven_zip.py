"""7z archives of every method, made with another program; names in archives that are not unpacked; damage and bombs."""

from __future__ import annotations

import base64
import io
import lzma
import random
import struct
import zlib

import pytest

from piiscan.errors import EncryptedError, LimitError, PiiscanError, UnreadableError
from piiscan.formats import other_archive, seven_zip
from piiscan.formats._seven_header import START
from piiscan.inspection.inspecting import inspect
from piiscan.inspection.knowledge import knowledge
from piiscan.model import FileReport, Item, Limits, Member, Skipped, Source, Text

CSV = "氏名,メール,番号\n山田 太郎,a1@example.jp,1\n佐藤 花子,a2@example.jp,2\n".encode()
MEMO = "鈴木 一郎様 電話 03-0000-1234\n".encode()
FILES = {"営業/名簿.csv": CSV, "メモ.txt": MEMO, "空.txt": b""}
#: Made with py7zr 1.1.4 from FILES; the password is "secret".
MADE = {
    "lzma2": (
        "N3q8ryccAARWpWg19AAAAAAAAAAVAAAAAAAAAAib6mPgAHgAc10AcywN7lSJVLRN+5R52JhtGD9xv4kZ5A9JaVWfbNuIXKVT6+d1DTG2SAsq"
        "5KMBbmIQStQRkKOzvzj+g4bSGebWuKQXl0WDZCLzsq8qLGUTqAD+51trY86qq0Q6VUE7S8gV9efrbbBtNa8mji96/jTzswhsBADgAIoAcV0A"
        "AIEzB64P1OxLiUIV9rNFdKHNirydCZjAeysRyEBWBkYYPcQFDb+YG9SJ0nwncjbH6e9y3J52aMBBpdzgD0PWNNa5muqGnMEkpwEULb5BHaft"
        "gZiPBkCQslWX/AkC7EgAoBSx6ASd+ZLkJgXWl0NuAAAAFwZ7AQl5AAcLAQABISEBGAyAiwAA"
    ),
    "lzma": (
        "N3q8ryccAAQFYmiV+gAAAAAAAAAWAAAAAAAAAMThjg0AcywN7lSJVLRN+5R52JhtGD9xv4kZ5A9JaVWfbNuIXKVT6+d1DTG2SAsq5KMBbmIQ"
        "StQRkKOzvzj+g4bSGebWuKQXl0WDZCLzsq8qLGUTqAD+51trY86qq0Q6VUE7S8gV9efrbbBtNa8mji96/jTz3fWbx//38pwA4ACWAHldAACB"
        "MweuD9TSfFlCFfazicTh+ehR1RtauOk7k+9ds7viC4biIlX/Usdya1vqyVYJMUzEOLrywEp1VLLQGK2LnAzfgInxK/YpQwbZ3cjuAlhdvlwF"
        "6BPTztrNkClHNBUN7cnnLW1rRiWOBV/kM0CbrbT9mD7WkCINAAAAFwZ5AQmAgQAHCwEAASEhARgMgJcAAA=="
    ),
    "bzip2": (
        "N3q8ryccAASH8q/DIgEAAAAAAAAWAAAAAAAAAFYqG/5CWmg5MUFZJlNZ1VWxUgAAOF35QBBAB3wAQAAiFkBASFPGzCT6ZM4P4CAAdCKTymeq"
        "fqmQGQxME0DNI2U9THqDVGgAAm0AAJozSaGATUzYXNgbC6IU11ZFdjDxxYCkjIUiXhZEiQnEwlEofC4mCYNwfTBrmg+lYYzsRgYCwjK/Ulgr"
        "8i8sWpWpbDbrRWeCv+JJf05fkJJ2gyMXcxdyRThQkNVVsVLgAI4AdV0AAIEzB64P1TB5Vlck0/6yl3rOsEOBNPcDRwZsGudZSAQlJt4Ej/bS"
        "9spOowxu6biDoLqen6vUc7YmgMwkYyUw9y9acDPR5Dyd0rVDybzkubGFkMCHmM8UVbAvLpwEvl5I4OPctiX/IqBuRxg9cf5eyiIzAAAAABcG"
        "gKUBCX0ABwsBAAEhIQEYDICPAAA="
    ),
    "deflate": (
        "N3q8ryccAAT6ov687AAAAAAAAAAVAAAAAAAAADV7Fdd7tqH/6YRencfNCx8373ncvFrn+dRVT/u3cz3duPH5lA0KT5esetncp5No6JBakZhb"
        "kJOql1WgY8j1ZO+EF9OXKLzo2vh07QSdRCNkWSOulx1bns1ZofBkRwNQ77PlMxRezt79YuVGBQNjXQMg0DU0MjbhAgDgAIoAb10AAIEzB64P"
        "1J7d9UIV9q8ryzKfF81IfUnxSZoP9AqhXhvOo6pvmz7v5simux0MOroU7+mLXF1HuRUy6RzFKIBaNkeOOjsEsoa187an7Q9FmopQYiocGMJA"
        "gt3/3sxHqYpIZ4DsfnEXM7sWSNBALQAAABcGdQEJdwAHCwEAASEhARgMgIsAAA=="
    ),
    "copy": (
        "N3q8ryccAAR5z5Ko8gAAAAAAAAAVAAAAAAAAACU1VxDmsI/lkI0s44Oh44O844OrLOeVquWPtwrlsbHnlLAg5aSq6YOOLGExQGV4YW1wbGUu"
        "anAsMQrkvZDol6Qg6Iqx5a2QLGEyQGV4YW1wbGUuanAsMgrpiLTmnKgg5LiA6YOO5qeYIOmbu+ipsSAwMy0wMDAwLTEyMzQK4ACOAHFdAACB"
        "MweuD9TSfFlCFfbR88Fs2Z2euHJkDd0QHEvNO8hoC+Olb7LsYxykPnUlL3GVFMoiNRvE/ARmZ2fNp5vU27mDk++zcwygeKQ3oxn7DJToNdm4"
        "ULR0llvpudtbja8Lc6ZFEi55WMyhh7cmEqnNnwAAABcGeQEJeQAHCwEAASEhARgMgI8AAA=="
    ),
    "bcj+lzma2": (
        "N3q8ryccAARNoYL8+gAAAAAAAAAVAAAAAAAAACQATiLgAHgAc10AcywN7lSJVLRN+5R52JhtGD9xv4kZ5A9JaVWfbNuIXKVT6+d1DTG2SAsq"
        "5KMBbmIQStQRkKOzvzj+g4bSGebWuKQXl0WDZCLzsq8qLGUTqAD+51trY86qq0Q6VUE7S8gV9efrbbBtNa8mji96/jTzswhsBADgAJIAd10A"
        "AIEzB64P1OxLiUIQ+iJr+bfvTnm5l5Iq4L6mJz3Re5CP1o3nnuF0nOQTPJptvRBwGD96hN1JeMLQ6pvGyD2zKtn5L/gzsO5efCq/VmDSGoi7"
        "VcNz38x/RBhlI3KbN5AxFnqr+Lw9y6Gv/qhmIR0P1L1Crw7+AAAAFwZ7AQl/AAcLAQABISEBGAyAkwAA"
    ),
    "aes": (
        "N3q8ryccAAR4ReV/HwEAAAAAAAAXAAAAAAAAAI8M838oQa+UlXGL411RoGUJPJhQmvn1TDt/WgoQS3MYUnDd7/o37ZsoxbnYvdN8pP5K57Bf"
        "d6WIOzy4l+4oGuRP3uHJ1Sie3Oq6ik0DhY3viKNjfWKrQRomcEFV+CFN2qCdPMLdK7uxvwoEBV2YtqfLx13bH7r+o86SExdz6qaP9V/7huAA"
        "sgCXXQAAgTMHrg/VNSsEMTkB5hQ6F/mOE36U+aLnY8C7ZhGU/MiA9bJntml6+jGafgZO+RwBQL4XsuaZG3QuaiuWiyVhzoCgzRvvfBZtTVgI"
        "B4H/TDWVzXpdbL04S9fh/ynVzLbQjwYhca6yUmQXPFoXU5Zx/DYXYMfdMnRVbWxxvhR7xwrUJiv+s6DTflNtqkDLs6p/Mi/eoAAAABcGgIAB"
        "CYCfAAcLAQABISEBGAyAswAA"
    ),
    "aes-header": (
        "N3q8ryccAASZ9/YmQAEAAAAAAAArAAAAAAAAAKc+n26IzExp67eNFXUDstMBEgNdi1FG4QLC6/+urHbGEs0jhwRUejHBXetu2Lz5tgriL6ee"
        "7De0fdYXU+l0Aqhj7FDeWMDQy+gQKtY4uFKceFge3erH5ecgDsK56fsZZydoE7FpO8G3orHqH84rO68Aq2s0GeXyVJ9jRiG2QwO1XDIUoAD5"
        "AzooZIv+UblNLZow/Vnl3SKOcZjflztO39f+xhl7XZwJkPL75PAhroLqm/VSvUyrcz7EISICVNwtcqqeCshW0UlArS85Z+X5xJraHtlyQF0W"
        "e/Xc4bhNgj2mPdBjreLnmhhAWx4X8LHLrejUnDgdtQhIMI3LEC+pDD7cx6IqKoC8MQAkAIvH9dmn7jin6k83A4ln1+hftikGyvFdlXcu/TO8"
        "HjbaJWsJukyhvaMJDsnRCW+yFzuskSQLDUxeYxcGgIABCYDAAAcLAQABJAbxBwESUw9aVeHksZvxJiwun08QtIlBDICzAAA="
    ),
}


def source(data: bytes, name: str = "a.7z") -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def items(data: bytes, limits: Limits | None = None) -> list[Item]:
    found: list[Item] = []
    for item in seven_zip.read(source(data), limits or Limits()):
        if isinstance(item, Member):
            with item.stream as stream:
                item = Member(item.name, io.BytesIO(stream.read()), item.size)
        found.append(item)
    return found


def content(found: list[Item]) -> dict[str, bytes]:
    return {item.name: item.stream.read() for item in found if isinstance(item, Member)}


def reports(data: bytes, name: str = "a.7z") -> list[FileReport]:
    return list(inspect(source(data, name), knowledge(), Limits(), b"k" * 32).reports)


def number(value: int) -> bytes:
    return bytes([value]) if value < 0x80 else b"\xff" + struct.pack("<Q", value)


def packed(
    data: bytes,
    coder: bytes,
    sizes: list[int],
    *,
    unpacked: int | None = None,
    names: str = "",
    count: int | None = None,
) -> bytes:
    """An archive of one folder with a plain directory; ``coder``: flags, method and properties."""
    size = sum(sizes) if unpacked is None else unpacked
    streams = b"\x06" + number(0) + number(1) + b"\x09" + number(len(data)) + b"\0"
    streams += b"\x07\x0b" + number(1) + b"\0" + number(1) + coder + b"\x0c" + number(size) + b"\0"
    streams += (
        b"\x08\x0d" + number(len(sizes)) + (b"\x09" + b"".join(map(number, sizes[:-1])) if len(sizes) > 1 else b"")
    )
    streams += b"\0\0"
    raw = b"\0" + "".join(f"{n}\0" for n in names.split()).encode("utf-16-le")
    files = (
        number(len(sizes) if count is None else count) + (b"\x11" + number(len(raw)) + raw if names else b"") + b"\0"
    )
    header = b"\x01\x04" + streams + b"\x05" + files + b"\0"
    tail = struct.pack("<QQI", len(data), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(tail)) + tail + data + header


COPY = b"\x01\x00"


# ---------------------------------------------------------------- 7z


@pytest.mark.parametrize("method", [m for m in MADE if not m.startswith("aes")])
def test_every_method(method: str) -> None:
    found = items(base64.b64decode(MADE[method]))
    assert content(found) == FILES
    assert [item.text for item in found if isinstance(item, Text)] == list(FILES)
    assert not any(isinstance(item, Skipped) for item in found)


def test_people_in_an_archive_are_counted() -> None:
    outer, table, memo, empty = reports(base64.b64decode(MADE["lzma2"]))
    assert (outer.format, outer.status, empty.status) == ("seven_zip", "scanned", "scanned")
    assert (table.member, table.persons) == ("営業/名簿.csv", 2)
    assert {f.entity for f in memo.findings} == {"person_name", "phone"}


@pytest.mark.parametrize("method", ["aes", "aes-header"])
def test_encrypted(method: str) -> None:
    with pytest.raises(EncryptedError):
        items(base64.b64decode(MADE[method]))
    assert [r.status for r in reports(base64.b64decode(MADE[method]))] == ["encrypted"]


def test_other_methods_are_said() -> None:
    ppmd = packed(b"x" * 50, b"\x23\x03\x04\x01\x05\x06\0\0\1\0", [10, 20], names="a.csv b.csv")
    assert [(i.location, i.reason) for i in items(ppmd) if isinstance(i, Skipped)] == [
        ("a.csv", "zip_method"),
        ("b.csv", "zip_method"),
    ]


def test_files_are_cut_out_of_a_folder() -> None:
    data = packed(b"aaabbbbc", COPY, [3, 4, 1], names="a b c")
    assert content(items(data)) == {"a": b"aaa", "b": b"bbbb", "c": b"c"}
    assert content(items(packed(b"aaabb", COPY, [3, 2], names="../../a a"))) == {"a": b"aaa", "a (2)": b"bb"}


def test_what_is_missing_is_said_and_the_rest_read() -> None:
    found = items(packed(b"aaab", COPY, [3, 4, 1], names="a b c"))
    assert content(found) == {"a": b"aaa", "b": b"b"}
    assert [(i.location, i.reason) for i in found if isinstance(i, Skipped)] == [
        ("b", "zip_damaged"),
        ("c", "zip_damaged"),
    ]


@pytest.mark.parametrize("method", ["lzma2", "copy", "deflate"])
def test_a_changed_byte_is_noticed(method: str) -> None:
    data = bytearray(base64.b64decode(MADE[method]))
    data[START.size + 20] ^= 0x55
    found = items(bytes(data))
    assert "zip_damaged" in {i.reason for i in found if isinstance(i, Skipped)}


def test_bombs() -> None:
    zeros = bytes(3_000_000)
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    small = lzma.compress(zeros, format=lzma.FORMAT_RAW, filters=filters)
    bomb = packed(small, b"\x21\x21\x01\x10", [len(zeros)], names="a")
    assert content(items(bomb)) == {"a": zeros}
    with pytest.raises(LimitError, match="zip_ratio"):
        items(bomb, Limits(ratio_from_bytes=1_000_000))
    with pytest.raises(LimitError, match="zip_too_large"):
        items(bomb, Limits(inflated_bytes=1_000_000))
    with pytest.raises(LimitError, match="zip_too_many_members"):
        items(packed(b"abc", COPY, [1, 1, 1], names="a b c"), Limits(members=2))
    with pytest.raises(LimitError, match="zip_too_many_members"):
        items(packed(b"abc", COPY, [3], count=1 << 40))
    greedy = packed(small, b"\x21\x21\x01\x28", [1 << 40], names="a")
    with pytest.raises(LimitError, match="too_much_memory"):
        items(greedy)


def test_damage_ends_in_declared_errors() -> None:
    """Changed bytes in directories whose checksum is put right, so that the reader gets to see them."""
    chosen = random.Random(7)
    seeds = [base64.b64decode(v) for v in MADE.values()] + [packed(b"aaabb", COPY, [3, 2], names="a b")]
    ended = set()
    for _ in range(4000):
        data = bytearray(chosen.choice(seeds))
        for _ in range(chosen.randint(1, 3)):
            data[chosen.randrange(32, len(data))] = chosen.choice((0, 1, 0x17, 0x7F, 0x80, 0xFF, chosen.randrange(256)))
        try:
            items(bytes(data), Limits(inflated_bytes=10_000_000))
        except PiiscanError as error:
            ended.add(error.reason)
    assert ended >= {"zip_damaged", "encrypted", "zip_too_many_members"}


def test_the_start_header() -> None:
    whole = base64.b64decode(MADE["copy"])
    for data in (whole[:20], whole[:60], whole[:8] + b"1234" + whole[12:]):
        with pytest.raises(UnreadableError):
            items(data)
    empty = struct.pack("<QQI", 0, 0, 0)
    assert items(whole[:8] + struct.pack("<I", zlib.crc32(empty)) + empty) == []


# ---------------------------------------------------------------- archives that are not unpacked


def rar4(name: bytes, flags: int = 0, main: int = 0) -> bytes:
    head = struct.pack("<HBHH", 0, 0x73, main, 13) + bytes(6)
    body = struct.pack("<IIBIIBBHI", 3, 3, 2, 0, 0, 29, 0x30, len(name), 0x20) + name
    file = struct.pack("<HBHH", 0, 0x74, 0x8000 | flags, 7 + len(body)) + body
    return b"Rar!\x1a\x07\0" + head + file + b"abc" + struct.pack("<HBHH", 0, 0x7B, 0, 7)


def rar5(name: str, *, extra: bytes = b"", kind: int = 2) -> bytes:
    raw = name.encode()
    inside = (
        bytes([kind, 3 if extra else 2, *([len(extra)] if extra else []), 3])
        + bytes([0, 3, 0x20, 0, 1, len(raw)])
        + raw
    )
    block = bytes(4) + bytes([len(inside + extra)]) + inside + extra
    return b"Rar!\x1a\x07\1\0" + block + b"abc" + bytes(4) + bytes([3, 5, 0, 0])


def lzh(name: bytes, level: int) -> bytes:
    if level < 2:
        more = struct.pack("<H", 3 + len(b"x\xff")) + b"\2x\xff" + struct.pack("<H", 0) if level else b""
        end = bytes(3) if not level else b"\0\0M"
        base = (
            b"-lh0-"
            + struct.pack("<IIIBB", 3 + max(0, len(more) - 2), 3, 0, 0x20, level)
            + bytes([len(name)])
            + name
            + end
        )
        head = bytes([len(base) + (2 if level else 0), 0]) + base
        return head + more + b"abc\0" if level else head + b"abc\0"
    extensions = struct.pack("<H", 3 + len(name)) + b"\1" + name + struct.pack("<H", 0)
    base = b"-lh0-" + struct.pack("<IIIBBHB", 3, 3, 0, 0x20, 2, 0, 0x4D) + extensions
    return struct.pack("<H", len(base) + 2) + base + b"abc\0"


def cab(name: bytes, attributes: int) -> bytes:
    return (
        b"MSCF"
        + bytes(12)
        + struct.pack("<I", 36)
        + bytes(8)
        + struct.pack("<H", 1)
        + bytes(6)
        + bytes(14)
        + struct.pack("<H", attributes)
        + name
        + b"\0"
    )


NAME = "山田太郎様.txt"
OTHERS = {
    "rar 4": rar4(NAME.encode("cp932")),
    "rar 4, wide": rar4(b"????.txt\0" + b"\0" + b"".join(
        bytes([0b10101010]) + NAME[i : i + 4].encode("utf-16-le") for i in range(0, len(NAME), 4)), 0x200),
    "rar 5": rar5(NAME),
    "lzh 0": lzh(NAME.encode("cp932"), 0),
    "lzh 2": lzh(NAME.encode("cp932"), 2),
    "cab": cab(NAME.encode("cp932"), 0),
    "cab, utf-8": cab(NAME.encode(), 0x80),
}  # fmt: skip


@pytest.mark.parametrize("data", OTHERS.values(), ids=OTHERS)
def test_names_are_read_and_it_is_said_that_files_are_not(data: bytes) -> None:
    found = list(other_archive.read(source(data, "a.rar"), Limits()))
    assert [i.text for i in found if isinstance(i, Text)] == [NAME]
    assert found[-1] == Skipped("", "archive_not_read")
    (report,) = reports(data, "a.rar")
    assert (report.format, report.status, report.status_reason) == ("other_archive", "partial", "archive_not_read")
    assert [f.where for f in report.findings] == ["member_name"]


def test_folders_and_several_entries_of_lzh() -> None:
    data = lzh(b"a.txt", 0)[:-1] + lzh(b"b.txt", 1)[:-1] + lzh(b"c.txt", 2)
    found = [i.text for i in other_archive.read(source(data), Limits()) if isinstance(i, Text)]
    assert found == ["a.txt", "x/b.txt", "c.txt"]


@pytest.mark.parametrize(
    "data",
    [rar4(b"a", 4), rar4(b"a", main=0x80), rar5("a", kind=4), rar5("a", extra=b"\x02\x01\0")],
    ids=["rar 4", "rar 4, names too", "rar 5, names too", "rar 5"],
)
def test_encrypted_archives(data: bytes) -> None:
    assert [r.status for r in reports(data, "a.rar")] == ["encrypted"]


def test_an_archive_without_names() -> None:
    (report,) = reports(b"\x28\xb5\x2f\xfd" + bytes(50), "a.csv.zst")
    assert (report.status, report.status_reason) == ("unreadable", "archive_not_read")


def test_an_entry_longer_than_any_file() -> None:
    data = rar5(NAME)
    far = data[:12] + bytes([data[12] + 9]) + data[13:15] + b"\xff" * 9 + b"\x7f" + data[16:]
    assert [i.text for i in other_archive.read(source(far), Limits()) if isinstance(i, Text)] == [NAME]


def test_damaged_archives_end() -> None:
    chosen = random.Random(3)
    seeds = list(OTHERS.values())
    for _ in range(3000):
        data = bytearray(chosen.choice(seeds))
        for _ in range(3):
            data[chosen.randrange(4, len(data))] = chosen.choice((0, 1, 0x80, 0xFF, chosen.randrange(256)))
        try:
            list(other_archive.read(source(bytes(data)), Limits()))
        except PiiscanError:
            continue
