"""S/MIME: what was signed is read as the mail it is, in one piece or many; what is encrypted is said to be."""

from __future__ import annotations

import base64
import io
import random
import time
import zlib

import pytest

from piiscan.errors import EncryptedError, LimitError, PiiscanError, UnreadableError
from piiscan.formats import p7m
from piiscan.inspection.inspecting import inspect
from piiscan.inspection.knowledge import knowledge
from piiscan.model import FileReport, Item, Limits, Member, Skipped, Source, Text

PKCS7, SMIME = "2a864886f70d0107", "2a864886f70d01091001"
MAIL = "Content-Type: text/plain; charset=utf-8\r\n\r\n山田 太郎様\r\nお電話 03-0000-1234\r\n".encode()


def tlv(tag: int, *inside: bytes, indefinite: bool = False) -> bytes:
    body = b"".join(inside)
    if indefinite:
        return bytes([tag, 0x80]) + body + b"\0\0"
    size = len(body)
    length = bytes([size]) if size < 0x80 else bytes([0x80 | 4]) + size.to_bytes(4, "big")
    return bytes([tag]) + length + body


def oid(text: str) -> bytes:
    return tlv(6, bytes.fromhex(text))


NAME = tlv(0x30, oid("550403"), tlv(0x0C, "署名 花子".encode())) + tlv(0x30, oid("2a"), tlv(0x16, b"s@example.jp"))


def message(content: bytes, kind: str = PKCS7 + "02", *, indefinite: bool = False, certificates: bytes = NAME) -> bytes:
    def made(tag: int, *inside: bytes) -> bytes:
        return tlv(tag, *inside, indefinite=indefinite)

    octets = tlv(4, content)
    if indefinite:
        octets = made(0x24, *(tlv(4, content[i : i + 10]) for i in range(0, len(content), 10)))
    inside = made(0x30, oid(PKCS7 + "01"), made(0xA0, octets)) if content else tlv(0x30, oid(PKCS7 + "01"))
    data = made(0x30, tlv(2, b"\1"), tlv(0x31), inside, made(0xA0, certificates), tlv(0x31))
    return made(0x30, oid(kind), made(0xA0, data))


def source(data: bytes, name: str = "smime.p7m") -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def items(data: bytes, limits: Limits | None = None) -> list[Item]:
    return list(p7m.read(source(data), limits or Limits()))


def reports(data: bytes, name: str) -> list[FileReport]:
    return list(inspect(source(data, name), knowledge(), Limits(), b"k" * 32).reports)


@pytest.mark.parametrize("indefinite", [False, True])
def test_what_was_signed_is_a_file_inside(indefinite: bool) -> None:
    data = message(MAIL, indefinite=indefinite)
    assert p7m.sniff(source(data)) == 90
    member, words = items(data)
    assert isinstance(member, Member)
    assert isinstance(words, Text)
    assert (member.name, member.stream.read()) == ("smime.eml", MAIL)
    assert (words.text, words.place.hidden) == ("署名 花子\ns@example.jp", True)


def test_a_mail_that_is_signed_as_a_whole() -> None:
    body = base64.encodebytes(message(MAIL))
    for kind in ("", "; smime-type=signed-data"):
        head = f"From: a@example.jp\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime{kind}; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        found = reports(head.encode() + body, "a.eml")
        assert [(r.member, r.format, r.status) for r in found] == [
            (None, "eml", "scanned"),
            ("smime.p7m", "p7m", "scanned"),
            ("smime.p7m/smime.eml", "eml", "scanned"),
        ]
        assert {f.entity for f in found[2].findings} == {"person_name", "phone"}


def test_a_signed_file_keeps_its_name() -> None:
    (member, *_) = p7m.read(source(message(b"%PDF-1.7"), "見積.pdf.p7m"), Limits())
    assert isinstance(member, Member)
    assert member.name == "見積.pdf"


def test_pem() -> None:
    text = b"-----BEGIN PKCS7-----\n" + base64.encodebytes(message(MAIL)) + b"-----END PKCS7-----\n"
    assert p7m.sniff(source(text)) == 90
    assert isinstance(items(text)[0], Member)


def test_a_signature_by_itself() -> None:
    assert [i.text for i in items(message(b"")) if isinstance(i, Text)] == ["署名 花子\ns@example.jp"]
    assert items(message(b"", certificates=b"")) == [Skipped("", "signature", partial=False)]


@pytest.mark.parametrize("kind", [PKCS7 + "03", PKCS7 + "06", SMIME + "17"])
def test_encrypted(kind: str) -> None:
    with pytest.raises(EncryptedError):
        items(message(b"x", kind))
    assert [r.status for r in reports(message(b"x", kind), "smime.p7m")] == ["encrypted"]


def test_compressed() -> None:
    member = items(message(zlib.compress(MAIL), SMIME + "09"))[0]
    assert isinstance(member, Member)
    assert member.stream.read() == MAIL
    with pytest.raises(LimitError, match="zip_ratio"):
        items(message(zlib.compress(bytes(5_000_000)), SMIME + "09"), Limits(ratio_from_bytes=1_000_000))


def test_what_is_cut_off_is_read_as_far_as_it_goes() -> None:
    data = message(MAIL)
    found = items(message(MAIL, indefinite=True)[:-25])
    assert isinstance(found[0], Member)
    assert found[-1] == Skipped("", "damaged")
    with pytest.raises(UnreadableError):
        items(data[:40])


def test_other_files_of_the_same_kind_are_not_taken_for_it() -> None:
    private_keys = tlv(0x30, tlv(2, b"\3"), tlv(0x30, oid(PKCS7 + "01")))
    assert p7m.sniff(source(private_keys)) == 0
    assert p7m.sniff(source("0から9まで".encode())) == 0


def test_damage_and_depth_end_in_declared_errors() -> None:
    chosen = random.Random(5)
    seeds = [message(MAIL), message(MAIL, indefinite=True)]
    for _ in range(3000):
        data = bytearray(chosen.choice(seeds))
        for _ in range(chosen.randint(1, 3)):
            data[chosen.randrange(len(data))] = chosen.choice((0, 0x80, 0x30, 0xFF, 0x84, chosen.randrange(256)))
        try:
            items(bytes(data))
        except PiiscanError:
            continue
    with pytest.raises(LimitError, match="too_deep"):
        items(b"\x30\x80" * 100_000)
    started = time.process_time()
    with pytest.raises(PiiscanError):
        items(message(MAIL)[:30] + b"\5\0" * 3_000_000)
    assert time.process_time() - started < 30
