"""What is protected by a password is opened with the right one, in memory, and read as the same file."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from piiscan import messages
from piiscan.errors import LimitError
from piiscan.inspection.inspecting import Inspection, inspect
from piiscan.inspection.knowledge import knowledge
from piiscan.model import Limits, Member, Skipped, Source, Status
from piiscan.unlocking import unlock

sys.path.insert(0, str(Path(__file__).parents[1] / "formats"))
import biff_files as make

HOSTILE = Path(__file__).parents[3] / "shared" / "hostile_files"
CSV = "氏名,電話番号\n山田 太郎,090-0123-4567\n鈴木 花子,090-0123-4568\n佐藤 次郎,090-0123-4569\n".encode()


def source(data: bytes, name: str) -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def look(data: bytes, name: str, *passwords: str) -> Inspection:
    return inspect(source(data, name), knowledge(), Limits(), b"k" * 32, passwords)


def workbook() -> bytes:
    """A small xlsx with personal data."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in CSV.decode().splitlines():
        sheet.append(line.split(","))
    sheet = book.create_sheet("部品")
    for n in range(300):  # the library cannot encrypt what is smaller than 4,096 bytes
        sheet.append([f"項目{n}", hashlib.sha256(bytes([n % 256, n // 256])).hexdigest()])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def protected(password: str) -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook())).encrypt(password, out)
    return out.getvalue()


def test_an_office_file_with_a_japanese_password() -> None:
    data = protected("ひみつ")
    closed = look(data, "名簿.xlsx")
    assert [(r.status, r.status_reason) for r in closed.reports] == [(Status.ENCRYPTED, "encrypted")]
    wrong = look(data, "名簿.xlsx", "ちがう")
    assert [(r.status, r.status_reason) for r in wrong.reports] == [(Status.ENCRYPTED, "wrong_password")]
    opened = look(data, "名簿.xlsx", "ちがう", "ひみつ")
    (report,) = opened.reports
    assert (report.status, report.format, report.bytes) == (Status.SCANNED, "xlsx", len(data))
    assert report.persons == 3
    assert opened.sheets


def test_passwords_that_were_not_tried_are_told_of() -> None:
    most = Limits().passwords
    data, wrong = protected("right"), tuple(f"wrong{n}" for n in range(most))
    (report,) = look(data, "a.xlsx", *wrong).reports
    assert report.status_reason == "wrong_password"
    (report,) = look(data, "a.xlsx", *wrong, "right").reports
    assert (report.status, report.status_reason) == (Status.ENCRYPTED, "wrong_first_passwords")
    for lang in messages.LANGUAGES:
        assert str(most) in messages.render("wrong_first_passwords", (), lang)


def test_the_password_that_excel_itself_uses() -> None:
    (report,) = look(protected(unlock.BUILT_IN), "名簿.xlsx").reports
    assert (report.status, report.persons) == (Status.SCANNED, 3)


def test_no_more_passwords_than_five() -> None:
    assert unlock.whole(source(protected("6"), "a.xlsx"), ("1", "2", "3", "4", "5", "6"), Limits()) is None


def test_what_is_too_large_to_be_held_in_memory() -> None:
    with pytest.raises(LimitError):
        unlock.whole(source(protected("a"), "a.xlsx"), ("a",), Limits(memory_bytes=1000))


def zipped(password: str, *, aes: bool = True, plain: bytes | None = None) -> bytes:
    import pyzipper

    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=pyzipper.ZIP_DEFLATED) as archive:
        if plain is not None:
            archive.writestr("a.txt", plain)
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES)
        archive.writestr("名簿.csv", CSV)
        archive.writestr("空.csv", b"")
    return out.getvalue()


@pytest.mark.parametrize("plain", [None, b"hello"])
def test_entries_of_an_archive(plain: bytes | None) -> None:
    data = zipped("himitsu", plain=plain)
    assert look(data, "a.zip").reports[0].status is (Status.PARTIAL if plain else Status.ENCRYPTED)
    assert look(data, "a.zip", "no").reports[0].status is (Status.PARTIAL if plain else Status.ENCRYPTED)
    reports = {r.member: r for r in look(data, "a.zip", "no", "himitsu").reports}
    assert reports[None].status is Status.SCANNED
    assert (reports["名簿.csv"].status, reports["名簿.csv"].persons) == (Status.SCANNED, 3)
    assert not [s for s in reports[None].skipped if s.reason == "encrypted_member"]


def test_an_entry_under_another_password_stays_closed() -> None:
    import pyzipper

    out = io.BytesIO(zipped("eins"))
    with pyzipper.AESZipFile(out, "a") as archive:
        archive.setpassword(b"zwei")
        archive.setencryption(pyzipper.WZ_AES)
        archive.writestr("b.csv", CSV)
    found = list(unlock.members(source(out.getvalue(), "a.zip"), ("eins",), Limits()))
    assert [(type(f), f.name if isinstance(f, Member) else f.location) for f in found] == [
        (Member, "名簿.csv"), (Member, "空.csv"), (Skipped, "b.csv"),
    ]  # fmt: skip
    (outer, *_) = look(out.getvalue(), "a.zip", "eins").reports
    assert (outer.status, outer.status_reason) == (Status.PARTIAL, "encrypted_member")


def test_an_archive_whose_note_on_its_cipher_is_damaged_stays_closed() -> None:
    """The library for AES has an error of its own for it, which is not the one of zipfile."""
    data = bytearray(zipped("himitsu"))
    at = data.rindex(b"\x01\x99\x07\x00")
    data[at + 2 : at + 9] = b"\x01" + bytes(6)  # a field of one byte, and an empty one behind it
    found = look(bytes(data), "a.zip", "himitsu").reports[0]
    assert found.status in (Status.ENCRYPTED, Status.PARTIAL, Status.UNREADABLE)


def test_a_protected_file_in_an_archive() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("名簿.xlsx", protected("ひみつ"))
    reports = {r.member: r for r in look(out.getvalue(), "a.zip", "ひみつ").reports}
    assert reports["名簿.xlsx"].persons == 3


# ---------------------------------------------------------------- OpenDocument

CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
)


def opendocument(password: str, cipher: str) -> bytes:
    """An encrypted ods: each part deflated, then encrypted under a key from the password."""
    from Cryptodome.Cipher import AES, Blowfish

    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{value}</text:p></table:table-cell>" for value in line.split(","))
        + "</table:table-row>"
        for line in CSV.decode().splitlines()
    )
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflate.compress(CONTENT.format(rows=rows).encode()) + deflate.flush()
    strong = cipher == "aes256-cbc"
    hashed = hashlib.sha256 if strong else hashlib.sha1
    salt, vector, size = b"s" * 16, b"v" * (16 if strong else 8), 32 if strong else 16
    key = hashlib.pbkdf2_hmac("sha1", hashed(password.encode()).digest(), salt, 1024, size)
    if strong:
        pad = 16 - len(packed) % 16
        body = AES.new(key, AES.MODE_CBC, iv=vector).encrypt(packed + bytes([pad]) * pad)
    else:
        body = Blowfish.new(key, Blowfish.MODE_CFB, iv=vector, segment_size=64).encrypt(
            packed + bytes(-len(packed) % 8)
        )
        body = body[: len(packed)]
    base = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    coded = {n: base64.b64encode(v).decode() for n, v in (("salt", salt), ("vector", vector))}
    checksum = base64.b64encode(hashed(packed[:1024]).digest()).decode()
    manifest = (
        f'<manifest:manifest xmlns:manifest="{base}">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
        f'<manifest:encryption-data manifest:checksum-type="urn:x#{"sha256" if strong else "sha1"}-1k" '
        f'manifest:checksum="{checksum}"><manifest:algorithm manifest:algorithm-name="urn:x#{cipher}" '
        f'manifest:initialisation-vector="{coded["vector"]}"/><manifest:key-derivation '
        f'manifest:key-derivation-name="PBKDF2" manifest:salt="{coded["salt"]}" manifest:iteration-count="1024" '
        f'manifest:key-size="{size}"/>'
        + ('<manifest:start-key-generation manifest:start-key-generation-name="urn:x#sha256"/>' if strong else "")
        + "</manifest:encryption-data></manifest:file-entry></manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", body)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


@pytest.mark.parametrize("cipher", ["aes256-cbc", "blowfish"])
def test_opendocument(cipher: str) -> None:
    data = opendocument("ひみつ", cipher)
    assert unlock.whole(source(data, "a.ods"), ("no",), Limits()) is None
    opened = unlock.whole(source(data, "a.ods"), ("no", "ひみつ"), Limits())
    assert opened is not None
    with zipfile.ZipFile(opened.stream) as archive:
        assert "山田 太郎" in archive.read("content.xml").decode()
        assert b"encryption-data" not in archive.read("META-INF/manifest.xml")


def test_nothing_else_is_touched() -> None:
    data = make.workbook(make.stream([("S", make.number(0, 0, 1.0))], make.rec(0x2F, b"\1\0\1\0" + bytes(50))))
    assert unlock.whole(source(data, "a.xls"), ("a",), Limits()) is None
    assert unlock.whole(source(b"plain", "a.txt"), ("a",), Limits()) is None
    assert list(unlock.members(source(b"plain", "a.txt"), ("a",), Limits())) == []


@pytest.mark.skipif(not HOSTILE.exists(), reason="the collection is not here")
def test_published_passwords() -> None:
    """Files that Excel and others encrypted, in every scheme, with the passwords published beside them."""
    listed = json.loads((HOSTILE / "index.json").read_text(encoding="utf-8"))
    tried = 0
    for entry in listed:
        if entry.get("password"):
            data = (HOSTILE / entry["repo"].replace("/", "+") / entry["path"]).read_bytes()
            assert unlock.whole(source(data, entry["path"]), (entry["password"],), Limits()), entry["path"]
            tried += 1
    assert tried >= 8
