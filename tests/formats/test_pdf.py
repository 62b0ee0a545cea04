"""PDF documents."""

from __future__ import annotations

import builtins
import hashlib
import io
import struct
from collections.abc import Mapping

import pytest

from piiscan.errors import EncryptedError, UnreadableError
from piiscan.formats import pdf
from piiscan.model import Item, Limits, Member, Skipped, Source, Text
from piiscan.unlocking import unlock

PHONE, MAIL = "090-0123-4567", "taro@example.jp"
_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def source(data: bytes) -> Source:
    return Source("a.pdf", None, "a.pdf", io.BytesIO(data), len(data))


def read(data: bytes) -> list[Item]:
    return list(pdf.read(source(data), Limits()))


def texts(items: list[Item], where: str) -> list[tuple[str, str]]:
    return [(i.place.location, i.text) for i in items if isinstance(i, Text) and i.place.where == where]


def document(
    pages: list[bytes], extra: Mapping[int, bytes] | None = None, trailer: bytes = b"", key: bytes = b""
) -> bytes:
    """A PDF whose pages have these contents; objects 4 to 9 are the caller's. ``key``: encrypts streams with RC4."""
    objects: dict[int, bytes] = dict(extra or {})
    kids = b" ".join(b"%d 0 R" % (10 + 2 * n) for n in range(len(pages)))
    objects[1] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[2] = b"<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 300 300]>>" % (kids, len(pages))
    objects[3] = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    for n, content in enumerate(pages):
        objects[10 + 2 * n] = b"<</Type/Page/Parent 2 0 R/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R%s>>" % (
            11 + 2 * n,
            b"/Annots[4 0 R 5 0 R]" if n == 0 and extra else b"",
        )
        stream = _rc4(key, 11 + 2 * n, content) if key else content
        objects[11 + 2 * n] = b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream)
    out, at = b"%PDF-1.4\n", {}
    for number, body in sorted(objects.items()):
        at[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, last = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % last
    for number in range(1, last):
        out += b"%010d 00000 n \n" % at[number] if number in at else b"0000000000 65535 f \n"
    return out + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (last, trailer, start)


def shows(text: str) -> bytes:
    return b"BT /F 12 Tf 20 200 Td (%s) Tj ET" % text.encode("ascii")


def _rc4(key: bytes, number: int, data: bytes) -> bytes:
    from Cryptodome.Cipher import ARC4

    return bytes(ARC4.new(hashlib.md5(key + struct.pack("<I", number)[:3] + b"\0\0").digest()[:10]).encrypt(data))


def encrypted(password: str) -> bytes:
    """A PDF in the standard encryption with 40 bits (PDF 1.7, algorithms 2 to 4)."""
    from Cryptodome.Cipher import ARC4

    padded = (password.encode("latin-1") + _PADDING)[:32]
    owner = bytes(ARC4.new(hashlib.md5(padded).digest()[:5]).encrypt(padded))
    key = hashlib.md5(padded + owner + struct.pack("<i", -4) + b"0123456789abcdef").digest()[:5]
    user = bytes(ARC4.new(key).encrypt(_PADDING))
    entry = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>/ID[<%s><%s>]"
    ident = b"0123456789abcdef".hex().encode()
    return document([shows(PHONE)], trailer=entry % (owner.hex().encode(), user.hex().encode(), ident, ident), key=key)


def test_text_page_by_page() -> None:
    pytest.importorskip("pypdfium2")
    data = document([shows(PHONE), shows(MAIL)])
    assert pdf.sniff(source(data)) == 90
    assert [(place, text.strip()) for place, text in texts(read(data), "text")] == [("page 1", PHONE), ("page 2", MAIL)]


def test_notes_links_and_metadata() -> None:
    pytest.importorskip("pypdfium2")
    extra = {
        4: b"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(call 03-0000-0001)/T(Yamada)>>",
        5: b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(mailto:taro@example.jp)>>>>",
        6: b"<</Author(Sato Jiro)>>",
    }
    items = read(document([shows("x")], extra, b"/Info 6 0 R"))
    assert texts(items, "comment") == [("page 1", "call 03-0000-0001"), ("page 1", "Yamada")]
    assert texts(items, "hyperlink") == [("page 1", "mailto:taro@example.jp")]
    assert ("", "Sato Jiro") in texts(items, "property")


def test_a_page_that_is_only_a_picture_is_said_to_be_one() -> None:
    pytest.importorskip("pypdfium2")
    drawing = b"1 0 0 rg 10 10 50 50 re f"
    items = read(document([shows("x"), drawing, drawing, b"", drawing]))
    found = [i.location for i in items if isinstance(i, Skipped) and i.reason == "no_text_layer" and i.partial]
    assert found == ["page 2-3", "page 5"], "an empty page holds nothing"


def test_attached_files() -> None:
    pdfium = pytest.importorskip("pypdfium2")
    document_ = pdfium.PdfDocument(document([shows("x")]))
    document_.new_attachment("名簿.csv").set_data(b"a,b\n")
    out = io.BytesIO()
    document_.save(out)
    document_.close()
    (member,) = [i for i in read(out.getvalue()) if isinstance(i, Member)]
    assert (member.name, member.stream.read()) == ("名簿.csv", b"a,b\n")


def test_passwords() -> None:
    pytest.importorskip("pypdfium2")
    data = encrypted("himitsu")
    with pytest.raises(EncryptedError):
        read(data)
    assert unlock.whole(source(data), ("wrong",), Limits()) is None
    opened = unlock.whole(source(data), ("wrong", "himitsu"), Limits())
    assert opened is not None
    assert texts(list(pdf.read(opened, Limits())), "text")[0][1].strip() == PHONE


def test_an_encrypted_file_keeps_its_earlier_states() -> None:
    pytest.importorskip("pypdfium2")
    first = encrypted("himitsu")
    entry = first[first.rindex(b"/Encrypt<<") : first.rindex(b">>\nstartxref")]
    # The last state has no content that is encrypted: an empty page.
    changed = _changed(first, b"").replace(b"/Root 1 0 R/Prev", b"/Root 1 0 R" + entry + b"/Prev")
    assert changed.count(b"/Encrypt") == 2
    opened = unlock.whole(source(changed), ("himitsu",), Limits())
    assert opened is not None
    found = read(opened.stream.read())
    assert PHONE not in "".join(text for _, text in texts(found, "text"))
    (member,) = [i for i in found if isinstance(i, Member)]
    assert member.name == "revision-1.pdf"
    assert texts(read(member.stream.read()), "text") == [("page 1", PHONE)]


def test_damage_is_an_error() -> None:
    pytest.importorskip("pypdfium2")
    with pytest.raises(UnreadableError):
        read(b"%PDF-1.4\nnothing")


def test_without_the_reader_a_pdf_is_not_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == "pypdfium2":
            raise ImportError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    (said,) = read(document([shows("x")]))
    assert isinstance(said, Skipped)
    assert (said.reason, said.partial) == ("pdf_reader_missing", True)
    with pytest.raises(EncryptedError):
        read(encrypted("himitsu"))
    assert unlock.whole(source(encrypted("himitsu")), ("himitsu",), Limits()) is None


def _changed(data: bytes, content: bytes) -> bytes:
    """The same file with another first page, saved by appending."""
    at = len(data) + 1
    body = b"11 0 obj\n<</Length %d>>stream\n%s\nendstream\nendobj\n" % (len(content), content)
    last = int(data.rpartition(b"startxref\n")[2].partition(b"\n")[0])
    table = b"xref\n11 1\n%010d 00000 n \n" % at
    trailer = b"trailer<</Size 12/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF" % (last, at + len(body))
    return data + b"\n" + body + table + trailer


def test_earlier_states_are_read() -> None:
    first = document([shows(f"call {PHONE} today")])
    second = _changed(first, shows(f"write {MAIL}"))
    third = _changed(second, shows("nothing here"))
    assert texts(read(first), "revision") == []
    assert texts(read(second), "text") == [("page 1", f"write {MAIL}")]
    assert texts(read(second), "revision") == [("revision 1", f"call {PHONE} today")]
    found = read(third)
    assert texts(found, "revision") == [("revision 2", f"write {MAIL}"), ("revision 1", f"call {PHONE} today")]
    assert [i for i in found if isinstance(i, Skipped)] == [
        Skipped("revision 2", "earlier_state", partial=False),
        Skipped("revision 1", "earlier_state", partial=False),
    ]
    assert texts(read(_changed(first, shows(f"call {PHONE} today"))), "revision") == []


def test_states_that_are_not_read_are_said() -> None:
    data = document([shows("a")])
    for number in range(10):
        data = _changed(data, shows(f"state {number}"))
    assert [i.location for i in read(data) if isinstance(i, Skipped) and i.partial] == ["revision 1-2"]
    # The number of objects of the first state is cut, so that it leads nowhere.
    broken = document([shows("a")]).replace(b"/Root 1 0 R", b"/Root 9 0 R")
    assert [i for i in read(_changed(broken, shows("b"))) if isinstance(i, Skipped)] == [
        Skipped("revision 1", "earlier_state_unread")
    ]
