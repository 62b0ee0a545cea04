"""Files in the form of text: uuencode and yEnc, by themselves and in mail; archives behind a program."""

from __future__ import annotations

import binascii
import io
import zipfile

import pytest

from piiscan.errors import UnreadableError
from piiscan.formats import uu
from piiscan.inspection.inspecting import inspect
from piiscan.inspection.knowledge import knowledge
from piiscan.model import FileReport, Limits, Member, Source, Text

CSV = "氏名,メール,番号\n山田 太郎,a1@example.jp,1\n佐藤 花子,a2@example.jp,2\n".encode("cp932")


def uuencoded(data: bytes, name: str = "list.csv") -> bytes:
    lines = b"".join(binascii.b2a_uu(data[i : i + 45]) for i in range(0, len(data), 45))
    return f"begin 644 {name}\n".encode() + lines + b"`\nend\n"


def yencoded(data: bytes, name: str = "list.csv") -> bytes:
    out = bytearray()
    for byte in data:
        raised = (byte + 42) % 256
        out += bytes([ord("="), (raised + 64) % 256]) if raised in (0, 10, 13, 61) else bytes([raised])
    lines = b"\r\n".join(bytes(out[i : i + 128]) for i in range(0, len(out), 128))
    return f"=ybegin line=128 size={len(data)} name={name}\r\n".encode() + lines + b"\r\n=yend size=1\r\n"


def source(data: bytes, name: str) -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def reports(data: bytes, name: str) -> list[FileReport]:
    return list(inspect(source(data, name), knowledge(), Limits(), b"k" * 32).reports)


@pytest.mark.parametrize("encode", [uuencoded, yencoded])
def test_every_byte_comes_back(encode) -> None:  # type: ignore[no-untyped-def]
    data = bytes(range(256)) * 3
    member, name = uu.read(source(encode(data), "a.uu"), Limits())
    assert isinstance(member, Member)
    assert isinstance(name, Text)
    assert (member.name, member.stream.read(), name.text) == ("list.csv", data, "list.csv")


@pytest.mark.parametrize("encode", [uuencoded, yencoded])
def test_people_in_them_are_counted(encode) -> None:  # type: ignore[no-untyped-def]
    outer, inner = reports(encode(CSV), "a.uu")
    assert (outer.format, outer.status, inner.member, inner.persons) == ("uu", "scanned", "list.csv", 2)
    head = b"From: x@example.com\r\nTo: y@example.com\r\nSubject: z\r\n\r\nhello\r\n"
    mail, attached = reports(head + encode(CSV), "a.eml")
    assert (mail.format, attached.member, attached.persons) == ("eml", "list.csv", 2)


def test_several_and_what_stands_around_them() -> None:
    data = uuencoded(b"a", "a.txt") + "担当 山田 太郎様\n".encode() + yencoded(b"b", "a.txt")
    found = list(uu.read(source(data, "a.uu"), Limits()))
    assert [i.name for i in found if isinstance(i, Member)] == ["a.txt", "a (2).txt"]
    assert "担当 山田 太郎様" in found[-1].text.strip()  # type: ignore[union-attr]


def test_what_is_cut_is_damaged_and_prose_is_none() -> None:
    with pytest.raises(UnreadableError):
        list(uu.read(source(uuencoded(CSV)[:60], "a.uu"), Limits()))
    assert uu.sniff(source(b"begin 2026 with a plan\n", "a.txt")) == 0
    assert uu.sniff(source(b"", "a.uu")) == 0


def test_an_archive_that_unpacks_itself() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("list.csv", CSV)
    outer, inner = reports(b"MZ" + bytes(3000) + out.getvalue(), "a.exe")
    assert (outer.format, inner.persons) == ("zip", 2)
    assert [r.status for r in reports(b"MZ" + bytes(3000), "a.exe")] == ["skipped"]
