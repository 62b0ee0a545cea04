"""gzip, bzip2, xz and tar: what is inside, what is cut off, what is a bomb, and copies."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable

import pytest

from piiscan.errors import LimitError, UnreadableError, UnsafeCopyError
from piiscan.formats import bz2 as bz2_format
from piiscan.formats import gz, tar, xz
from piiscan.model import Editor, Format, Limits, Member, Skipped, Source, Text

SINGLE = [(gz.FORMAT, gzip.compress, "gz"), (bz2_format.FORMAT, bz2.compress, "bz2"), (xz.FORMAT, lzma.compress, "xz")]


def source(data: bytes, name: str) -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def items(format_: Format, data: bytes, name: str, limits: Limits | None = None) -> list[object]:
    """What is read; members as (name, content)."""
    found: list[object] = []
    for item in format_.read(source(data, name), limits or Limits()):
        if isinstance(item, Member):
            with item.stream as stream:
                found.append((item.name, stream.read()))
        else:
            found.append(item)
    return found


def copy(
    format_: Format,
    data: bytes,
    member: Callable[[str, bytes], bytes | None] = lambda name, old: None,
    text: Callable[[str], str | None] = lambda old: None,
) -> bytes:
    out = io.BytesIO()
    editor = Editor(lambda *_: None, lambda _p, old, _l: text(old), lambda name, stream: member(name, stream.read()))
    assert format_.rewrite is not None
    format_.rewrite(source(data, "a." + format_.id), out, editor, Limits())
    return out.getvalue()


@pytest.mark.parametrize("format_, compress, suffix", SINGLE)
class TestSingleFile:
    def test_reads_and_copies(self, format_: Format, compress: Callable[[bytes], bytes], suffix: str) -> None:
        data = compress(b"a,b\n" * 100)
        assert format_.sniff(source(data, "x")) == 60
        assert items(format_, data, f"名簿.csv.{suffix}") == [("名簿.csv", b"a,b\n" * 100)]
        assert copy(format_, data) == data
        changed = copy(format_, data, lambda name, old: old.replace(b"a", b"*"))
        assert items(format_, changed, f"x.{suffix}") == [("x", b"*,b\n" * 100)]

    def test_reads_files_put_behind_each_other(
        self, format_: Format, compress: Callable[[bytes], bytes], suffix: str
    ) -> None:
        assert items(format_, compress(b"one") + compress(b"two"), f"x.{suffix}") == [("x", b"onetwo")]

    def test_says_when_it_is_cut_off(self, format_: Format, compress: Callable[[bytes], bytes], suffix: str) -> None:
        noise = bytes(n * n % 251 for n in range(1_500_000))
        data = compress(b"whole") + compress(noise)[:-30]
        found = items(format_, data, f"x.{suffix}")
        assert Skipped("x", "damaged") in found
        assert found[0][1].startswith(b"whole")  # type: ignore[index]
        with pytest.raises(UnsafeCopyError):
            copy(format_, data)

    def test_what_gives_nothing_is_unreadable(
        self, format_: Format, compress: Callable[[bytes], bytes], suffix: str
    ) -> None:
        with pytest.raises(UnreadableError):
            items(format_, compress(b"x")[:10], f"x.{suffix}")

    def test_bombs_end_in_a_limit_error(self, format_: Format, compress: Callable[[bytes], bytes], suffix: str) -> None:
        data = compress(bytes(5_000_000))
        for limits in (Limits(ratio_from_bytes=1_000_000), Limits(inflated_bytes=1_000_000)):
            with pytest.raises(LimitError):
                items(format_, data, f"x.{suffix}", limits)


def test_gzip_header_words_are_read_and_changed() -> None:
    out = io.BytesIO()
    with gzip.GzipFile("山田太郎.csv".encode().decode("latin-1"), "wb", fileobj=out, mtime=1) as made:
        made.write(b"a")
    data = out.getvalue()
    texts = [i.text for i in items(gz.FORMAT, data, "x.gz") if isinstance(i, Text)]
    assert texts == ["山田太郎.csv"]
    assert items(gz.FORMAT, data, "x.gz")[-1] == ("山田太郎.csv", b"a")
    changed = copy(gz.FORMAT, data, text=lambda old: old.replace("山田太郎", "■■■■"))
    assert items(gz.FORMAT, changed, "x.gz")[-1] == ("■■■■.csv", b"a")
    assert "山田".encode() not in changed


def test_xz_that_asks_for_too_much_memory_is_refused() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29, "preset": 0}]
    data = lzma.LZMACompressor(lzma.FORMAT_XZ, filters=filters)
    try:
        packed = data.compress(b"x") + data.flush()
    except MemoryError:
        pytest.skip("not enough memory to make the file")
    with pytest.raises(LimitError):
        items(xz.FORMAT, packed, "x.xz")


def archive(files: dict[str, bytes], format_: int = tarfile.PAX_FORMAT, owner: str = "") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format_) as made:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.uname, info.mtime = len(content), owner, 1_770_000_000
            made.addfile(info, io.BytesIO(content))
    return out.getvalue()


LONG = "長い" * 60 + "/名簿.csv"


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tar_reads_names_of_every_dialect(format_: int) -> None:
    names = ["a.csv", "folder/" * 14 + "b.csv", "表.txt"] + ([LONG] if format_ != tarfile.USTAR_FORMAT else [])
    data = archive({name: name.encode() for name in names}, format_)
    assert tar.sniff(source(data, "x")) == 80
    assert [i for i in items(tar.FORMAT, data, "x.tar") if isinstance(i, tuple)] == [(n, n.encode()) for n in names]
    assert copy(tar.FORMAT, data) == data


def test_tar_lists_links_and_devices_and_does_not_follow_them() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for name, kind in (
            ("l", tarfile.SYMTYPE),
            ("d", tarfile.CHRTYPE),
            ("f", tarfile.DIRTYPE),
            ("../../up", tarfile.REGTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd" if kind == tarfile.SYMTYPE else ""
            made.addfile(info)
    found = items(tar.FORMAT, out.getvalue(), "x.tar")
    assert [i for i in found if not isinstance(i, Text)] == [
        Skipped("l", "special_member", partial=False), Skipped("d", "special_member", partial=False), ("up", b""),
    ]  # fmt: skip
    assert "/etc/passwd" in [i.text for i in found if isinstance(i, Text)]


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tar_copies_change_content_names_and_owners(format_: int) -> None:
    data = archive({"山田太郎.csv": b"old" * 300, "b.csv": b"b"}, format_, owner="yamada")
    mask = lambda old: old.replace("山田太郎", "■■■■").replace("yamada", "******")  # noqa: E731
    changed = copy(tar.FORMAT, data, lambda name, old: b"new" if old.startswith(b"old") else None, mask)
    with tarfile.open(fileobj=io.BytesIO(changed)) as made:
        assert {m.name: made.extractfile(m).read() for m in made} == {"■■■■.csv": b"new", "b.csv": b"b"}  # type: ignore[union-attr]
    assert "山田".encode() not in changed
    assert b"yamada" not in changed


def test_broken_tars_end_in_an_error() -> None:
    data = bytearray(archive({"a": b"x" * 600}))
    with pytest.raises(UnreadableError):
        items(tar.FORMAT, bytes(data[:1000]), "x.tar")
    data[0] ^= 1
    assert tar.sniff(source(bytes(data), "x.tar")) == 0
    with pytest.raises(UnreadableError):
        items(tar.FORMAT, bytes(data), "x.tar")
    with pytest.raises(LimitError):
        items(tar.FORMAT, archive({str(n): b"" for n in range(20)}), "x.tar", Limits(members=10))


def test_files_that_are_no_tar_are_not_taken_for_one() -> None:
    for data in (b"", bytes(2048), b"a,b\n" * 400, b"\xff" * 1024):
        assert tar.sniff(source(data, "a.tar")) == 0
