"""Locked copies: they open with the password, with no other, and hold what went in; whatever the size."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import generator
import msoffcrypto
import pytest
import pyzipper

from piiscan.copies import locking, protecting
from piiscan.copies.locking import LEAST_PACKAGE
from piiscan.copies.secret_file import read_secret
from piiscan.errors import UnsafeCopyError, UsageError
from piiscan.model import CopyOptions, CopyResult, CopyStatus, Limits, ScanOptions, Source

Call = Callable[..., subprocess.CompletedProcess[bytes]]
OPTIONS = ScanOptions(isolate=False)
PASSWORD = "さくら-kamiso47-😀"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def protect(paths: list[Path], out: Path, password: str = PASSWORD, **copy: Any) -> list[CopyResult]:
    return list(protecting.protect([str(p) for p in paths], str(out), OPTIONS, CopyOptions(**copy), password))


def package(size: int, encoding: str = "utf-8") -> bytes:
    """A package of about ``size`` bytes, exactly so from 700 on."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("[Content_Types].xml"), TYPES.encode(encoding), zipfile.ZIP_DEFLATED)
        file.writestr(zipfile.ZipInfo("xl/workbook.xml"), "<workbook>" + "山田" * 20 + "</workbook>")
        rest = size - len(out.getvalue()) - 400
        noise = zipfile.ZipInfo("xl/media/a.bin")
        file.writestr(noise, Random(1).randbytes(max(0, rest)), zipfile.ZIP_STORED)
        file.comment = b""
    missing = size - len(out.getvalue())
    if missing > 0:
        with zipfile.ZipFile(out, "a") as file:
            file.comment = b"x" * missing
    return out.getvalue()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer rounds over the password, for tests that are about other things."""
    from msoffcrypto.method.ecma376_agile import ECMA376Agile

    monkeypatch.setattr(ECMA376Agile, "encrypt", staticmethod(partial(ECMA376Agile.encrypt, spin_count=100)))


def source_of(data: bytes, name: str) -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def opened(data: bytes, password: str = PASSWORD) -> bytes:
    """The package in an encrypted file, by msoffcrypto alone."""
    file, out = msoffcrypto.OfficeFile(io.BytesIO(data)), io.BytesIO()
    file.load_key(password=password, verify_password=True)
    file.decrypt(out, verify_integrity=True)
    return out.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {n: file.read(n).rstrip(b" ") if n == "[Content_Types].xml" else file.read(n) for n in file.namelist()}


def unzipped(path: Path, password: str = PASSWORD) -> dict[str, bytes]:
    with pyzipper.AESZipFile(path) as file:
        file.setpassword(password.encode())
        return {name: file.read(name) for name in file.namelist()}


# ---------------------------------------------------------------- Office


@pytest.mark.parametrize("name", ["名簿.xlsx", "b.xlsm", "c.docx", "d.docm", "e.pptx", "f.PPTM"])
def test_office_files_keep_their_kind(name: str, tmp_path: Path, quick: None) -> None:
    source = tmp_path / name
    source.write_bytes(package(9_000))
    (result,) = protect([source], tmp_path / "out" / name)
    assert (result.status, result.reason, result.notes) == (CopyStatus.WRITTEN, None, ())
    assert opened((tmp_path / "out" / name).read_bytes()) == source.read_bytes()


def lock_and_check(size: int) -> None:
    data = package(size)
    assert len(data) == size
    source, out = source_of(data, "a.xlsx"), io.BytesIO()
    made = locking.lock_office(source, out, PASSWORD, Limits())
    locking.check_office(out, made, source, PASSWORD, Limits())
    assert (made == data) == (size >= LEAST_PACKAGE)
    assert parts(opened(out.getvalue())) == parts(data)


@pytest.mark.parametrize("size", [1_024, 3_400, 4_080, 4_087, 4_088, 4_095, 4_096, 4_097, 4_200, 20_000, 1_000_000])
def test_every_size(size: int, quick: None) -> None:
    lock_and_check(size)


@pytest.mark.slow
def test_every_size_around_the_short_streams(quick: None) -> None:
    for size in range(3_400, 4_201):
        lock_and_check(size)


@pytest.mark.slow
def test_twenty_megabytes() -> None:
    lock_and_check(20_000_000)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_tiny_package_is_padded_in_its_own_encoding(encoding: str, quick: None) -> None:
    source, out = source_of(package(10, encoding), "a.xlsx"), io.BytesIO()
    made = locking.lock_office(source, out, PASSWORD, Limits())
    locking.check_office(out, made, source, PASSWORD, Limits())
    with zipfile.ZipFile(io.BytesIO(opened(out.getvalue()))) as file:
        assert ET.fromstring(file.read("[Content_Types].xml")).tag.endswith("Types")


def test_a_real_workbook_is_the_same_after_opening(tmp_path: Path) -> None:
    source = tmp_path / "顧客.xlsx"
    source.write_bytes(generator.xlsx_bytes(generator.person_table(Random(1), 30)))
    protect([source], tmp_path / "o.xlsx")
    assert opened((tmp_path / "o.xlsx").read_bytes()) == source.read_bytes()


def test_a_wrong_password_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(package(5_000))
    protect([source], tmp_path / "o.xlsx")
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        opened((tmp_path / "o.xlsx").read_bytes(), PASSWORD + "x")


def test_what_does_not_decrypt_is_not_kept(tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(package(3_000))
    monkeypatch.setattr(locking, "LEAST_PACKAGE", 0)  # msoffcrypto's fault then shows
    (result,) = protect([source], tmp_path / "o.xlsx")
    assert (result.status, result.reason) == (CopyStatus.REFUSED, "copy_does_not_open")
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_copy_with_another_content_is_not_kept(quick: None) -> None:
    source, other = source_of(package(6_000), "a.xlsx"), source_of(package(6_001), "a.xlsx")
    out = io.BytesIO()
    made = locking.lock_office(other, out, PASSWORD, Limits())
    with pytest.raises(UnsafeCopyError, match="copy_does_not_open"):
        locking.check_office(out, made, source, PASSWORD, Limits())


# ---------------------------------------------------------------- zip


def test_other_files_become_zips_in_a_mirrored_tree(tmp_path: Path, quick: None) -> None:
    tree = tmp_path / "営業"
    (tree / "二課").mkdir(parents=True)
    (tree / "名簿.csv").write_bytes(b"a,b\r\n" * 100)
    (tree / "二課" / "表.xlsx").write_bytes(package(5_000))
    (tree / "二課" / "空.txt").write_bytes(b"")
    results = protect([tree], tmp_path / "out")
    assert {r.status for r in results} == {CopyStatus.WRITTEN}
    made = sorted(p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert made == ["二課/空.txt.zip", "二課/表.xlsx", "名簿.csv.zip"]
    assert unzipped(tmp_path / "out" / "名簿.csv.zip") == {"名簿.csv": b"a,b\r\n" * 100}
    assert unzipped(tmp_path / "out" / "二課" / "空.txt.zip") == {"空.txt": b""}
    assert {n.reason for r in results for n in r.notes} == {"zip_not_explorer", "zip_names_show"}


def test_one_zip_for_all(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for folder in "ab":
        (tmp_path / folder / "名簿.csv").write_bytes(folder.encode() * 1000)
    (tmp_path / "c.xlsx").write_bytes(package(5_000))
    out = tmp_path / "一式.zip"
    results = protect([tmp_path / "a" / "名簿.csv", tmp_path / "b" / "名簿.csv", tmp_path / "c.xlsx"], out)
    assert {(r.status, r.output) for r in results} == {(CopyStatus.WRITTEN, str(out))}
    held = unzipped(out)
    assert held == {"名簿.csv": b"a" * 1000, "名簿 (2).csv": b"b" * 1000, "c.xlsx": package(5_000)}
    data = out.read_bytes()
    assert b"aaaaaaaa" not in data
    with zipfile.ZipFile(out) as file:
        assert all(i.compress_type == 99 and i.flag_bits & 0x801 for i in file.infolist() if not i.filename.isascii())
    with pytest.raises(RuntimeError):
        unzipped(out, "x")


def test_zip_dates_and_odd_names(tmp_path: Path) -> None:
    source = tmp_path / os.fsdecode("名簿.csv".encode("cp932"))
    try:
        source.write_bytes(b"1")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    os.utime(source, (0, 0))
    protect([source], tmp_path / "o.zip")
    with pyzipper.AESZipFile(tmp_path / "o.zip") as file:
        assert [i.filename for i in file.infolist()] == ["名簿.csv"]
        assert file.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_a_changed_entry_is_noticed(tmp_path: Path) -> None:
    entries = [locking.Entry("a.txt", source_of(b"1" * 5_000, "a.txt"), 0)]
    out = io.BytesIO()
    locking.lock_zip(entries, out, PASSWORD)
    other = [locking.Entry("a.txt", source_of(b"1" * 4_999 + b"2", "a.txt"), 0)]
    locking.check_zip(out, entries, PASSWORD)
    for wrong in (other, [locking.Entry("b.txt", entries[0].source, 0)], entries * 2):
        with pytest.raises(UnsafeCopyError, match="copy_does_not_open"):
            locking.check_zip(out, wrong, PASSWORD)
    with pytest.raises(UnsafeCopyError, match="copy_does_not_open"):
        locking.check_zip(out, entries, "another")


def test_a_zip_that_is_not_encrypted_is_noticed() -> None:
    entries, out = [locking.Entry("a.txt", source_of(b"1" * 500, "a.txt"), 0)], io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a.txt", b"1" * 500)
    with pytest.raises(UnsafeCopyError):
        locking.check_zip(out, entries, PASSWORD)


# ---------------------------------------------------------------- refusals


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_disk_that_fills_up_is_told_once(tmp_path: Path) -> None:
    class Full(io.BytesIO):
        room = 0

        def write(self, data: Any, /) -> int:
            if self.tell() > self.room:
                raise OSError(28, "")
            return super().write(data)

    (tmp_path / "a.csv").write_bytes(Random(1).randbytes(50_000))
    for room in (0, 20, 60, 30_000, 50_100):
        with (tmp_path / "a.csv").open("rb") as stream:
            entry = locking.Entry("a.csv", Source("", None, "a.csv", stream, 50_000), 0.0)
            full = Full()
            full.room = room
            with pytest.raises(OSError, match="28"):
                locking.lock_zip([entry], full, PASSWORD)


def test_what_has_a_password_already_is_refused(tmp_path: Path, quick: None) -> None:
    (tmp_path / "a.xlsx").write_bytes(package(5_000))
    (tmp_path / "a.csv").write_bytes(b"1")
    protect([tmp_path / "a.xlsx"], tmp_path / "locked.xlsx")
    protect([tmp_path / "a.csv"], tmp_path / "locked.zip")
    for name in ("locked.xlsx", "locked.zip"):
        (result,) = protect([tmp_path / name], tmp_path / "twice" / name)
        assert (result.status, result.reason) == (CopyStatus.REFUSED, "already_protected")
    results = protect([tmp_path / "a.csv", tmp_path / "locked.xlsx"], tmp_path / "all.zip")
    assert [(r.status, r.reason) for r in results] == [(CopyStatus.REFUSED, "already_protected")] * 2
    assert results[0].notes[0].location == "locked.xlsx"
    assert not (tmp_path / "all.zip").exists()


@pytest.mark.parametrize("out", ["a.csv", "out.zip", "o.csv"])
def test_nothing_is_overwritten(out: str, tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(b"1,2")
    (tmp_path / "out.zip").write_bytes(b"mine")
    (result,) = protect([source], tmp_path / out)
    assert result.status is CopyStatus.REFUSED
    assert (source.read_bytes(), (tmp_path / "out.zip").read_bytes()) == (b"1,2", b"mine")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "out.zip"]


def test_a_zip_is_not_put_into_itself(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK not really")
    (result,) = protect([tmp_path / "a.zip"], tmp_path / "a.zip", force=True)
    assert (result.status, result.reason) == (CopyStatus.REFUSED, "output_is_input")
    assert (tmp_path / "a.zip").read_bytes() == b"PK not really"


def test_a_missing_file_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"1")
    results = protect([tmp_path / "a.csv", tmp_path / "no.csv"], tmp_path / "o.zip")
    assert {(Path(r.source).name, r.status) for r in results} == {
        ("a.csv", CopyStatus.WRITTEN),
        ("no.csv", CopyStatus.FAILED),
    }


def test_clear_text_is_never_on_the_disk(tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    written: list[bytes] = []

    def watched(*arguments: Any, **options: Any) -> None:
        seen.append(str(arguments))
        raise AssertionError

    for name in ("TemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(f"tempfile.{name}", watched)
    (tmp_path / "a.xlsx").write_bytes(package(3_000))
    (tmp_path / "b.csv").write_bytes("山田".encode() * 1000)
    real = protecting.through_gate

    def gate(source: Path, target: Any, copy: Any, produce: Any, verify: Any) -> None:
        def look(stream: Any, size: int) -> None:
            written.append(stream.read())
            verify(stream, size)

        real(source, target, copy, produce, look)

    monkeypatch.setattr(protecting, "through_gate", gate)
    assert {r.status for r in protect([tmp_path / "a.xlsx", tmp_path / "b.csv"], tmp_path / "o")} == {
        CopyStatus.WRITTEN
    }
    assert seen == []
    assert len(written) == 2
    assert not any("山田".encode() in data for data in written)


# ---------------------------------------------------------------- passwords


def test_a_new_password_has_the_bits_it_says() -> None:
    assert len(set(locking.SYLLABLES)) == 32
    made = {locking.new_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        groups = password.split("-")
        assert len(groups) == 4
        assert all(len(g) == 8 and g[:6].isalpha() and g[6:].isdecimal() for g in groups)
        assert all(g[i : i + 2] in locking.SYLLABLES for g in groups for i in (0, 2, 4))


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights elsewhere")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_secret_that_others_can_read_is_refused(mode: int, tmp_path: Path) -> None:
    file = tmp_path / "p"
    file.write_text("secret\n")
    file.chmod(mode)
    with pytest.raises(UsageError) as caught:
        read_secret(str(file), "password_file_one_line")
    assert caught.value.reason == "secret_not_private"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"a\nb\n", b"\xff\xfe", b"x" * 5_000])
def test_a_secret_is_one_line(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "p"
    file.write_bytes(data)
    file.chmod(0o600)
    with pytest.raises(UsageError) as caught:
        read_secret(str(file), "password_file_one_line")
    assert caught.value.reason == "password_file_one_line"


def test_command_with_a_new_password(piiscan: Call, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(package(5_000))
    done = piiscan("protect", "a.xlsx", "-o", "o.xlsx", "--generate-password", "pw.txt", cwd=tmp_path)
    password = (tmp_path / "pw.txt").read_text().strip()
    assert (done.returncode, opened((tmp_path / "o.xlsx").read_bytes(), password)) == (0, package(5_000))
    assert stat.S_IMODE((tmp_path / "pw.txt").stat().st_mode) == 0o600 or os.name == "nt"
    assert password.encode() not in done.stdout + done.stderr
    assert b"pw.txt: the password. Send it by another way" in done.stderr
    again = piiscan("protect", "a.xlsx", "-o", "p.xlsx", "--generate-password", "pw.txt", cwd=tmp_path)
    assert (again.returncode, (tmp_path / "pw.txt").read_text().strip()) == (2, password)


def test_command_takes_back_a_password_that_locks_nothing(piiscan: Call, tmp_path: Path) -> None:
    done = piiscan("protect", "no.xlsx", "-o", "o.zip", "--generate-password", "pw.txt", cwd=tmp_path)
    assert (done.returncode, list(tmp_path.iterdir())) == (3, [])


@pytest.mark.parametrize(
    "arguments, said",
    [
        ([], "Give a password with --password-file"),
        (["--password-file", "p", "--generate-password", "q"], "exclude each other"),
        (["--password-file", "no"], "no: It does not exist"),
    ],
)
def test_command_refuses(piiscan: Call, arguments: list[str], said: str, tmp_path: Path) -> None:
    done = piiscan("protect", "a", "-o", "o.zip", *arguments, cwd=tmp_path)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert said in done.stderr.decode()
