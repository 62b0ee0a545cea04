"""Files that are not what they are called, or nothing at all: each has a true status and a true reason."""

from __future__ import annotations

import io
import struct
import sys
import time
import zipfile
from pathlib import Path

import pytest

from piiscan.inspection.inspecting import inspect
from piiscan.inspection.knowledge import knowledge
from piiscan.model import FileReport, Limits, Source, Status

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import seed_files

CSV = "氏名,電話\r\n" + "山田太郎,090-0123-4567\r\n" * 200


def look(data: bytes, name: str) -> FileReport:
    return inspect(Source(name, None, name, io.BytesIO(data), len(data)), knowledge(), Limits(), b"k" * 32).reports[0]


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.pdf", "a.zip", "a.docx", "a.ods", "a.msg"])
@pytest.mark.parametrize("data", [b"", b"\n", b"  \r\n"])
def test_a_document_with_nothing_in_it_is_damaged(name: str, data: bytes) -> None:
    report = look(data, name)
    assert (report.status, report.status_reason) == (Status.UNREADABLE, "damaged")


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.json", "a.dat", "a"])
def test_a_text_with_nothing_in_it_is_read(name: str) -> None:
    assert look(b"\n", name).status is Status.SCANNED


@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_a_text_with_some_binary_bytes_is_a_damaged_text(name: str) -> None:
    data = bytearray(CSV.encode("cp932"))
    data[50::60] = b"\0" * len(data[50::60])
    report = look(bytes(data), name)
    assert (report.format, report.status) in ((name[2:], Status.PARTIAL), (name[2:], Status.SCANNED))
    assert report.persons or report.findings
    assert look(bytes(range(256)) * 20, name).status is Status.SKIPPED


def archive() -> bytearray:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.csv", CSV)
        package.writestr("b.csv", CSV)
    return bytearray(out.getvalue())


def test_a_member_that_would_lie_outside_the_archive_is_damaged_and_the_others_are_read() -> None:
    data = archive()
    struct.pack_into("<I", data, data.rfind(b"PK\1\2") + 42, 0x7FFFFFFF)
    report = look(bytes(data), "a.zip")
    assert (report.status, report.status_reason) == (Status.PARTIAL, "zip_damaged")


def test_a_directory_that_begins_before_the_file() -> None:
    data = archive()
    at = data.rfind(b"PK\5\6") + 16
    struct.pack_into("<I", data, at, struct.unpack_from("<I", data, at)[0] + 5000)
    assert look(bytes(data), "a.zip").status_reason == "zip_damaged"


@pytest.mark.parametrize("name", ["hex", "zlib", "idna", "punycode", "undefined", "no-such"])
def test_an_encoding_that_is_none(name: str) -> None:
    data = f"<?xml version='1.0' encoding='{name}'?><a><b>山田</b></a>".encode()
    assert look(data, "a.xml").status in (Status.SCANNED, Status.PARTIAL, Status.UNREADABLE)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", data)
        package.writestr("xl/workbook.xml", data)
    assert look(out.getvalue(), "a.xlsx").format in ("xlsx", "zip")


def test_numbers_of_five_thousand_digits() -> None:
    digits = "9" * 5000
    with zipfile.ZipFile(io.BytesIO(seed_files.seeds()["places.xlsx"])) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", (
        f'<row r="90"><c r="A90" t="s"><v>{digits}</v></c><c r="B90" s="{digits}"><v>1</v></c></row></sheetData>'
    ).encode())  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as changed:
        for name, data in parts.items():
            changed.writestr(name, data)
    assert look(out.getvalue(), "a.xlsx").format == "xlsx"


def test_a_card_of_six_thousand_names() -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\n" + "FN:山田 太郎\r\nFN:鈴木 花子\r\n" * 3000 + "END:VCARD\r\n"
    start = time.process_time()
    report = look(card.encode(), "a.vcf")
    assert report.persons == 2
    assert time.process_time() - start < 12
