"""XOR obfuscation of old workbooks: opened in Excel 5 and 97 form, with and without a compound file; never garbage."""

from __future__ import annotations

import io
import random
import string
import struct
import sys
from pathlib import Path

import pytest

from piiscan.inspection.inspecting import inspect
from piiscan.inspection.knowledge import knowledge
from piiscan.model import FileReport, Limits, Source
from piiscan.unlocking import _xor

sys.path.insert(0, str(Path(__file__).parents[1] / "formats"))
from biff_files import cell, label, rec, shared, stream, workbook

PEOPLE = [
    ("氏名", "メール", "番号"),
    *((f"{n} 太郎", f"a{i}@example.jp", str(i)) for i, n in enumerate(("山田", "佐藤", "鈴木"))),
]
PLAIN = (0x809, 0x2F, 0xE1)


def turned(byte: int) -> int:
    return (byte << 5 | byte >> 3) & 0xFF


def obfuscated(data: bytes, password: bytes, version: int) -> bytes:
    """Written apart from the reader, from EncryptData_Method1: each byte turned left by five, then XORed."""
    out, at = bytearray(data), 0
    key = _xor._key(password)
    while at + 4 <= len(data):
        record, length = struct.unpack_from("<HH", data, at)
        if record == 0x2F:
            verifier = _xor._verifier(password)
            out[at + 4 : at + 4 + length] = (
                struct.pack("<HHH", 0, 1, verifier) if version == 8 else struct.pack("<HH", 1, verifier)
            )
        elif record not in PLAIN:
            for i in range(4 if record == 0x85 else 0, length):
                place = at + 4 + i
                out[place] = turned(data[place]) ^ key[(at + 4 + length + i) % 16]
        at += 4 + length
    return bytes(out)


def book(version: int, password: bytes) -> bytes:
    extra = rec(0x2F, bytes(6 if version == 8 else 4)) + rec(0x42, struct.pack("<H", 1200 if version == 8 else 932))
    if version == 8:
        extra += rec(0xFC, shared([(v, "", 0) for r in PEOPLE for v in r]))
        body = b"".join(label(n, c, 3 * n + c) for n in range(len(PEOPLE)) for c in range(3))
    else:
        raw = [[v.encode("cp932") for v in r] for r in PEOPLE]
        body = b"".join(
            cell(0x204, n, c, struct.pack("<H", len(v)) + v) for n, r in enumerate(raw) for c, v in enumerate(r)
        )
    return obfuscated(stream([("名簿", body)], extra, version=version), password, version)


def looked_at(data: bytes, *passwords: str) -> FileReport:
    source = Source("a.xls", None, "a.xls", io.BytesIO(data), len(data))
    return inspect(source, knowledge(), Limits(), b"k" * 32, passwords).reports[0]


@pytest.mark.parametrize("version", [5, 8])
@pytest.mark.parametrize("compound", [True, False])
def test_a_given_password_opens_it(version: int, compound: bool) -> None:
    name = "Workbook" if version == 8 else "Book"
    data = book(version, b"pa55")
    data = workbook(data.ljust(5000, b"\0"), name) if compound else data
    for passwords in ((), ("wrong",), ("",)):
        report = looked_at(data, *passwords)
        assert (report.status, report.tables, report.findings) == ("encrypted", (), ())
    report = looked_at(data, "wrong", "pa55")
    assert (report.status, report.persons, report.tables[0].location) == ("scanned", 3, "名簿")


@pytest.mark.parametrize("version", [5, 8])
def test_excel_s_own_password_needs_not_be_given(version: int) -> None:
    assert looked_at(book(version, b"VelvetSweatshop")).persons == 3


def test_a_japanese_password() -> None:
    assert looked_at(book(5, "合言葉".encode("cp932")), "合言葉").persons == 3


def test_a_password_that_fits_by_chance_gives_no_garbage() -> None:
    """The check has 15 bits; the right one is found by search, and what comes out makes no sense."""
    data = book(5, b"pa55")
    wanted = _xor._verifier(b"pa55")
    chosen = random.Random(1)
    tried = ("".join(chosen.choices(string.ascii_letters, k=14)) for _ in range(1_000_000))
    other = next(word for word in tried if _xor._verifier(word.encode()) == wanted)
    report = looked_at(data, other)
    assert (report.status, report.status_reason) == ("encrypted", "wrong_password")


def test_damage() -> None:
    for data in (b"", b"\x09\x08", book(5, b"a")[:20], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)):
        assert _xor.open_book(io.BytesIO(data), "a") is None
    assert _xor.open_book(io.BytesIO(book(5, b"a")), "絵\U0001f600") is None
