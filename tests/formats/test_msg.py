"""Outlook messages and winmail.dat: every word in them, and their attachments."""

from __future__ import annotations

import io

import outlook_files as make
import pytest

from piiscan.errors import LimitError, UnreadableError
from piiscan.formats import msg, tnef
from piiscan.formats._mail_rtf import rtf_text, unpacked
from piiscan.model import Format, Limits, Member, Skipped, Source, Text


def source(data: bytes, name: str = "a.msg") -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def items(data: bytes, format_: Format = msg.FORMAT, limits: Limits | None = None) -> list[Text | Member | Skipped]:
    return [i for i in format_.read(source(data), limits or Limits()) if not hasattr(i, "batches")]  # type: ignore[misc]


def texts(data: bytes, format_: Format = msg.FORMAT) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in items(data, format_):
        if isinstance(item, Text):
            found.setdefault(item.place.location, []).append(item.text)
    return found


def members(data: bytes, format_: Format = msg.FORMAT) -> dict[str, bytes]:
    return {i.name: i.stream.read().rstrip(b"\0") for i in items(data, format_) if isinstance(i, Member)}


HTML_RTF = (
    rb"{\rtf1\ansi\ansicpg932\fromhtml1 \deff0{\fonttbl{\f0\fnil\fcharset128 Gothic;}}"
    rb"{\*\htmltag64 <p>}\htmlrtf \par\htmlrtf0 \f0\'8e\'52\'93\'63 \u22826?\u37070?{\*\htmltag72 </p>}}"
)


def message(**more: make.Tree) -> make.Tree:
    tree: make.Tree = {
        **make.numbers(32, {0x3FDE: 932}),
        **make.text(0x0037, "名簿の件"),
        **make.text(0x0C1A, "山田太郎", "cp932"),
        **make.text(0x5D01, "t@example.jp"),
        **make.text(0x1000, "本文 090-0123-4567\r\n"),
        **make.text(0x007D, "From: =?utf-8?B?5bGx?= <h@example.jp>\r\nX-Own: own@example.jp\r\n"),
        **make.text(0x8001, "分類 鈴木"),
        "__recip_version1.0_#00000000": {
            **make.numbers(8, {0x0C15: 3}), **make.text(0x3001, "佐藤花子"), **make.text(0x39FE, "bcc@example.jp"),
        },
        "__attach_version1.0_#00000000": {
            **make.numbers(8, {0x3705: 1}), **make.text(0x3707, "顧客/一覧.csv"), **make.binary(0x3701, b"a,b"),
        },
    }  # fmt: skip
    for part in more.values():
        tree.update(part)
    return tree


def test_msg_reads_people_bodies_headers_and_other_strings() -> None:
    found = texts(make.compound(message()))
    assert found["header:Subject"] == ["名簿の件"]
    assert found["header:From"] == ["山田太郎", "t@example.jp", "山 <h@example.jp>"]
    assert found["header:Bcc"] == ["佐藤花子 <bcc@example.jp>"]
    assert found["header:X-Own"] == ["own@example.jp"]
    assert found["body"] == ["本文 090-0123-4567\n"]
    assert found["property 8001"] == ["分類 鈴木"]


def test_msg_reads_attachments() -> None:
    data = make.compound(message())
    assert members(data) == {"顧客_一覧.csv": b"a,b"}
    assert texts(data)["attachment 0"] == ["顧客/一覧.csv"]


def test_msg_reads_a_message_in_the_message() -> None:
    inner = {**message(), **make.numbers(24, {0x3FDE: 932})}
    outer = message(
        more={"__attach_version1.0_#00000001": {**make.numbers(8, {0x3705: 5}), "__substg1.0_3701000D": inner}}
    )
    data = make.compound(outer)
    assert texts(data)["attachment 1/header:Bcc"] == ["佐藤花子 <bcc@example.jp>"]
    assert members(data) == {"顧客_一覧.csv": b"a,b", "顧客_一覧 (2).csv": b"a,b"}
    with pytest.raises(LimitError):
        items(data, limits=Limits(depth=0))


def test_msg_reads_html_in_its_code_page_and_rtf() -> None:
    page = make.binary(0x1013, "<p>髙橋①</p>".encode("cp932"))
    found = texts(make.compound(message(page=page, rtf=make.binary(0x1009, make.lzfu(HTML_RTF)))))
    assert found["html"][0].strip("\n\0") == "髙橋①"
    assert found["rtf"][0].strip() == "山田 太郎"


def test_msg_does_not_repeat_a_body_that_says_the_same() -> None:
    page = make.binary(0x1013, "<p>本文 090-0123-4567</p>".encode("cp932"))
    assert "html" not in texts(make.compound(message(page=page)))


def test_msg_finds_what_a_deleted_stream_left_behind() -> None:
    gone = "前の宛先 山田太郎 taro@example.jp".encode("utf-16-le")
    data = make.compound({**message(), "__substg1.0_8002001F": gone})
    entry = data.index("__substg1.0_8002001F".encode("utf-16-le"))
    start = int.from_bytes(data[entry + 116 : entry + 120], "little")
    fat_at = data.rindex(b"\xfd\xff\xff\xff") // 512 * 512
    freed = bytearray(data)
    freed[entry + 66] = 0
    freed[entry + 120 : entry + 128] = bytes(8)
    freed[fat_at + start * 4 : fat_at + (start + 8) * 4] = b"\xff" * 32
    found = texts(bytes(freed))
    assert "property 8002" not in found
    assert "山田太郎 taro@example.jp" in found["unused sectors"][0]


def test_msg_says_what_it_did_not_read() -> None:
    linked = {
        **make.numbers(8, {0x3705: 4}),
        **make.text(0x3707, "x.xlsx"),
        **make.text(0x3708, "\\\\server\\yamada\\x.xlsx"),
    }
    ole = {**make.numbers(8, {0x3705: 6}), "__substg1.0_3701000D": {"\x01Ole": b"x"}}
    data = make.compound(message(a={"__attach_version1.0_#00000002": linked}, b={"__attach_version1.0_#00000003": ole}))
    found = items(data)
    assert Skipped("x.xlsx", "linked_attachment") in found
    assert Skipped("attachment 3", "embedded_object") in found
    assert "\\\\server\\yamada\\x.xlsx" in texts(data)["attachment 2"]


def test_msg_that_is_broken_is_unreadable() -> None:
    data = make.compound(message())
    for broken in (data[:700], data[:512] + bytes(4096), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        with pytest.raises(UnreadableError):
            items(broken)


def test_msg_sniff() -> None:
    assert msg.sniff(source(make.compound(message()))) == 90
    assert msg.sniff(source(make.compound({"Workbook": b"x"}))) == 0
    assert msg.sniff(source(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken")) == 40
    assert msg.sniff(source(b"text")) == 0


WINMAIL = [
    (1, 0x00079007, (932).to_bytes(8, "little")),
    (1, 0x00018004, "名簿の件\0".encode("cp932")),
    (1, 0x00069003, make.mapi([(0x1F, 0x0C1A, "山田\0".encode("utf-16-le")), (0x102, 0x1009, make.lzfu(HTML_RTF))])),
    (1, 0x00069004, b"\1\0\0\0" + make.mapi([(3, 0x0C15, b"\2\0\0\0"), (0x1E, 0x3001, "佐藤\0".encode("cp932")),
                                           (0x1E, 0x39FE, b"cc@example.jp\0")])),
    (2, 0x00069002, bytes(14)), (2, 0x00018010, b"NAME~1.CSV\0"), (2, 0x0006800F, b"a,b"),
    (2, 0x00069005, make.mapi([(0x1F, 0x3707, "名簿.csv\0".encode("utf-16-le"))])),
    (2, 0x00069002, bytes(14)), (2, 0x00069005, make.mapi([(0x0D, 0x3701, bytes(16) + b"inner"), (3, 0x3705, b"\5\0\0\0")])),
]  # fmt: skip


def test_tnef_reads_texts_recipients_and_attachments() -> None:
    data = make.tnef(WINMAIL)
    found = texts(data, tnef.FORMAT)
    assert tnef.sniff(source(data, "winmail.dat")) == 90
    assert found["header:Subject"] == ["名簿の件"]
    assert found["header:From"] == ["山田"]
    assert found["header:Cc"] == ["佐藤 <cc@example.jp>"]
    assert found["rtf"][0].strip() == "山田 太郎"
    assert members(data, tnef.FORMAT) == {"名簿.csv": b"a,b", "attachment-2.bin": b"inner"}
    assert found["attachment 1"] == ["名簿.csv", "NAME~1.CSV"]


def test_tnef_that_is_cut_off_says_so() -> None:
    data = make.tnef(WINMAIL)
    complete = {len(make.tnef(WINMAIL[:n])) for n in range(len(WINMAIL) + 1)}
    for end in range(6, len(data)):
        found = items(data[:end], tnef.FORMAT)
        ends_well = end in complete or end + 1 in complete or end + 2 in complete  # the checksum is not looked at
        assert (Skipped("tnef", "damaged") in found) is not ends_well


def test_rtf_decodes_bytes_and_skips_what_is_not_said() -> None:
    rtf = rb"{\rtf1\ansicpg932{\fonttbl{\f0 MS;}}{\*\generator x;}\uc2 \u39640\'8d\'82\par \{a\}\tab b\~c{\pict 00ff}}"
    assert rtf_text(rtf) == ("高\n{a}\tb c", False)
    assert rtf_text(rb"{\rtf1\ansicpg932 \'8e\'52\par}")[0] == "山\n"
    assert rtf_text(rb"{\rtf1{\pict 00ff}\{a\}\tab b\~c{\*\x y}}")[0] == "{a}\tb c"
    assert rtf_text(b"{" * 100_000 + b"x" + b"}" * 100_000)[0] == "x"


def test_lzfu_copies_from_what_was_written() -> None:
    # The specification's own example (MS-OXRTFCP 4.1.1).
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpacked(packed, 1000) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert unpacked(packed, 10) == b"{\\rtf1\\ans"
    assert unpacked(packed[:30], 1000) is not None
    assert unpacked(b"short", 1000) is None


def test_msg_with_a_hostile_sector_size_is_unreadable() -> None:
    data = bytearray(make.compound(message()))
    data[30] = 30
    with pytest.raises(UnreadableError):
        items(bytes(data))
