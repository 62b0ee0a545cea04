"""What is read from mails: headers, bodies and attachments in the charsets and the disorder that mails come in."""

from __future__ import annotations

import io
import time
from base64 import b64encode

import pytest

from piiscan.errors import LimitError
from piiscan.formats import eml
from piiscan.model import Limits, Member, Skipped, Source, Text


def source(data: bytes, name: str = "mail.eml") -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def items(data: bytes, limits: Limits | None = None) -> list[Text | Member | Skipped]:
    return list(eml.read(source(data), limits or Limits()))


def texts(data: bytes) -> dict[str, str]:
    """Location → text; the last one wins."""
    return {i.place.location: i.text for i in items(data) if isinstance(i, Text)}


def members(data: bytes) -> dict[str, bytes]:
    return {i.name: i.stream.read() for i in items(data) if isinstance(i, Member)}


def word(text: str, codec: str, label: str, kind: str = "B") -> bytes:
    raw = text.encode(codec)
    if kind == "Q":
        return b"=?" + label.encode() + b"?Q?" + b"".join(b"=%02X" % b for b in raw) + b"?="
    return b"=?" + label.encode() + b"?B?" + b64encode(raw) + b"?="


HEAD = b"From: a@example.jp\r\nTo: b@example.jp\r\nMIME-Version: 1.0\r\n"

SUBJECTS = [
    pytest.param(word("山田太郎様", "utf-8", "utf-8"), "山田太郎様", id="utf-8 B"),
    pytest.param(word("山田太郎様", "utf-8", "UTF-8", "Q"), "山田太郎様", id="utf-8 Q"),
    pytest.param(word("山田太郎様", "iso2022_jp", "ISO-2022-JP"), "山田太郎様", id="iso-2022-jp"),
    pytest.param(b"=?ISO-2022-JP?B?" + b64encode(b"\x1b$B-!|b66-j\x1b(B") + b"?=", "①髙橋㈱", id="NEC row 13"),
    pytest.param(word("髙﨑①㈱", "cp932", "Shift_JIS"), "髙﨑①㈱", id="shift_jis means cp932"),
    pytest.param(word("山田太郎", "euc_jp", "EUC-JP"), "山田太郎", id="euc-jp"),
    pytest.param("山田太郎の件".encode("cp932"), "山田太郎の件", id="raw cp932"),
    pytest.param("山田太郎の件".encode(), "山田太郎の件", id="raw utf-8"),
    pytest.param("山田太郎の件".encode("iso2022_jp"), "山田太郎の件", id="raw iso-2022-jp"),
    pytest.param(b"=?utf-8?B?5bGx?=\r\n =?utf-8?B?55Sw?=", "山田", id="the space between two words is not read"),
    pytest.param(b"=?utf-8?B?5bE=?= =?utf-8?B?seeUsA==?=", "山田", id="cut in the middle of a character"),
    pytest.param(b"=?utf-8?B?5bGx55Sw?=x", "山田x", id="no space behind"),
    pytest.param(b"=?utf-8?B?5bGx55Sw", "=?utf-8?B?5bGx55Sw", id="never closed"),
    pytest.param(b"=?utf-8?B?5bGx55S?=", "山\ufffd", id="cut short"),
    pytest.param(b"=?x-unknown?B?5bGx55Sw?=", "山田", id="unknown charset"),
    pytest.param(b"=?iso-8859-1?Q?Fr\xf6sche?=", "Frösche", id="raw bytes in a word"),
    pytest.param(b"a\r\n b\r\n\tc", "a b\tc", id="folded"),
]


@pytest.mark.parametrize("raw, subject", SUBJECTS)
def test_reads_subject(raw: bytes, subject: str) -> None:
    assert texts(HEAD + b"Subject: " + raw + b"\r\n\r\nx")["header:Subject"] == subject


def test_quotes_a_decoded_name_that_would_read_as_two_addresses() -> None:
    raw = b"From: =?utf-8?B?" + b64encode("山田, 太郎".encode()) + b"?= <t@example.jp>\r\n\r\nx"
    assert texts(raw)["header:From"] == '"山田, 太郎" <t@example.jp>'


def test_marks_recipients_by_header_and_hides_the_rest() -> None:
    data = (
        HEAD
        + b"Bcc: c@example.jp\r\nX-Note: d@example.jp\r\nReceived: from x id <1@mx.example.jp> for <e@example.jp>\r\n\r\nx"
    )
    places = {i.place.location: i.place.hidden for i in items(data) if isinstance(i, Text)}
    assert places["header:Bcc"] is False
    assert places["header:X-Note"] is True
    assert texts(data)["header:Received"] == "from x id  for <e@example.jp>"


def test_tells_machine_fields_apart_unless_they_hold_something_else() -> None:
    data = HEAD + b"Message-ID: <1.2@mx.example.jp>\r\nReferences: a@example.jp 090-0123-4567\r\n\r\nx"
    found = texts(data)
    wheres = {i.place.location: i.place.where for i in items(data) if isinstance(i, Text)}
    assert (wheres["header:Message-ID"], wheres["header:References"]) == ("identifier", "mail_header")
    assert "090-0123-4567" in found["header:References"]


BODIES = [
    pytest.param("Shift_JIS", "髙橋①".encode("cp932"), "髙橋①", id="cp932 by its usual label"),
    pytest.param("ISO-2022-JP", b"\x1b$B-!|b66-j\x1b(B", "①髙橋㈱", id="NEC row 13"),
    pytest.param("x-sjis-foo", "山田".encode("cp932"), "山田", id="unknown label"),
    pytest.param("us-ascii", "山田".encode(), "山田", id="wrong label"),
]


@pytest.mark.parametrize("label, raw, text", BODIES)
def test_reads_body(label: str, raw: bytes, text: str) -> None:
    head = HEAD + f"Content-Type: text/plain; charset={label}\r\n".encode()
    assert texts(head + b"\r\n" + raw + b"\r\n")["body"] == text + "\n"
    coded = head + b"Content-Transfer-Encoding: base64\r\n\r\n" + b64encode(raw) + b"\r\n"
    assert texts(coded)["body"] == text


@pytest.mark.parametrize(
    "kind", [b"multipart/mixed", b'multipart/mixed; boundary=""', b"multipart/mixed; boundary=never"]
)
def test_reads_a_multipart_without_parts_as_text(kind: bytes) -> None:
    assert (
        "山田 090-0123-4567"
        in texts(HEAD + b"Content-Type: " + kind + "\r\n\r\n山田 090-0123-4567\r\n".encode())["body"]
    )


def test_reads_preamble_and_epilogue() -> None:
    data = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\nbefore\r\n--b\r\n\r\ninside\r\n--b--\r\nafter\r\n"
    assert texts(data) | {} == texts(data)
    found = texts(data)
    assert (found["preamble"], found["body"], found["epilogue"]) == ("before", "inside", "after\n")


def test_reads_nested_parts_that_share_a_prefix_of_their_boundaries() -> None:
    data = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=bb\r\n"
        b"\r\n--bb\r\n\r\none\r\n--bb\r\nContent-Type: text/html\r\n\r\n<p>two\r\n--bb--\r\n--b\r\n\r\nthree\r\n--b--\r\n"
    )
    found = texts(data)
    assert (found["body"], found["html"].strip(), found["body/2"]) == ("one", "two", "three")


def test_joins_flowed_lines() -> None:
    head = HEAD + b"Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n\r\n"
    assert texts(head + "東京都千代 \r\n田区\r\n".encode())["body"] == "東京都千代田区\n"


def test_html_becomes_lines_and_keeps_what_is_not_shown_apart() -> None:
    page = (
        "<style>p{color:#123456}</style><p>山田&nbsp;太郎<br>090-0123&#45;4567</p><!-- secret -->"
        '<table><tr><td>a</td><td>b</td></tr></table><a href="mailto:t@example.jp" title=見出し>t<b>@</b>example.jp</a>'
    )
    found = texts(HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + page.encode())
    assert found["html"].split("\n") == ["山田 太郎", "090-0123-4567", "a\tb", "t@example.jp"]
    assert found["html/attributes"].split() == ["mailto:t@example.jp", "見出し"]
    assert found["html/unseen"].strip() == "secret"


def test_html_charset_of_the_page_counts_when_the_header_has_none() -> None:
    page = '<meta charset="Shift_JIS"><p>表示'.encode("cp932")
    assert "表示" in texts(HEAD + b"Content-Type: text/html\r\n\r\n" + page)["html"]


ATTACHMENT_NAMES = [
    pytest.param(b"filename*=utf-8''%E5%90%8D%E7%B0%BF.csv", "名簿.csv", id="rfc 2231"),
    pytest.param(
        b"filename*0*=utf-8''%E5%90%8D;\r\n filename*1*=%E7%B0%BF;\r\n filename*2=.csv", "名簿.csv", id="continued"
    ),
    pytest.param(
        b"filename*0*=utf-8''%E5%90%8D%E7;\r\n filename*1*=%B0%BF.csv", "名簿.csv", id="cut inside a character"
    ),
    pytest.param(b"filename*=iso-2022-jp'ja'%1B$BL%3EJm%1B%28B.csv", "名簿.csv", id="rfc 2231 in iso-2022-jp"),
    pytest.param(b'filename="' + word("名簿.csv", "utf-8", "utf-8") + b'"', "名簿.csv", id="encoded word in quotes"),
    pytest.param(b"filename=" + word("名簿.csv", "cp932", "Shift_JIS"), "名簿.csv", id="encoded word without quotes"),
    pytest.param(b'filename="' + "顧客一覧表.csv".encode("cp932") + b'"', "顧客一覧表.csv", id="raw cp932"),
    pytest.param(
        b'filename="' + "一覧表".encode("cp932") + b'"', "一覧表", id="raw cp932 that ends in a backslash byte"
    ),
    pytest.param(b'filename="%E5%90%8D%E7%B0%BF.csv"', "名簿.csv", id="percent without saying so"),
    pytest.param(b"filename=meibo 1.csv", "meibo 1.csv", id="blank without quotes"),
    pytest.param(b'filename="a\\"b.csv"', 'a"b.csv', id="escaped quote"),
    pytest.param(b'filename="../../x.csv"', ".._.._x.csv", id="no way out of the folder"),
    pytest.param(b'filename="C:\\x\r\n .csv"', "C:_x .csv", id="Windows path, folded"),
    pytest.param(b'filename=".."', "part-1.bin", id="no name at all"),
]


@pytest.mark.parametrize("param, name", ATTACHMENT_NAMES)
def test_reads_attachment_name(param: bytes, name: str) -> None:
    data = (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/octet-stream\r\n"
        b"Content-Disposition: attachment;\r\n "
        + param
        + b"\r\nContent-Transfer-Encoding: base64\r\n\r\nYSxi\r\n--b--\r\n"
    )
    assert members(data) == {name: b"a,b"}


def attached(head: bytes, body: bytes) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + head + b"\r\n" + body + b"\r\n--b--\r\n"


def test_attachments_of_the_same_name_stay_apart() -> None:
    part = b"Content-Disposition: attachment; filename=A.csv\r\n\r\n1\r\n--b\r\nContent-Disposition: attachment; filename=a.csv"
    assert members(attached(part + b"\r\n", b"2")) == {"A.csv": b"1", "a (2).csv": b"2"}


def test_a_mail_in_a_mail_is_a_member() -> None:
    found = members(attached(b"Content-Type: message/rfc822\r\n", b"Subject: in\r\n\r\ninner"))
    assert found == {"part-1.eml": b"Subject: in\r\n\r\ninner"}


@pytest.mark.parametrize("junk", [b"YSxi*", b"YSxi\r\n--\r\nML footer 090-0123-4567", b"\xe5\xb1\xb1 090-0123-4567"])
def test_shows_what_is_not_base64_in_base64(junk: bytes) -> None:
    data = HEAD + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + junk
    assert junk.split(b"\r\n")[-1].decode() in texts(data)["body/residue"]


def test_base64_goes_on_behind_padding() -> None:
    data = attached(
        b"Content-Disposition: attachment; filename=a\r\nContent-Transfer-Encoding: base64\r\n", b"YQ==\r\nYg=="
    )
    assert members(data) == {"a": b"ab"}


def test_says_when_an_attachment_cannot_be_decoded() -> None:
    data = attached(b"Content-Disposition: attachment; filename=a\r\nContent-Transfer-Encoding: base64\r\n", b"####")
    assert Skipped("a", "damaged_attachment") in items(data)


def test_says_that_smime_is_encrypted_and_reads_the_headers() -> None:
    data = HEAD + b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\nMIIB\r\n"
    assert Skipped("smime.p7m", "encrypted_member") in items(data)
    assert texts(data)["header:To"] == "b@example.jp"


def test_reads_uuencoded_files_in_a_text() -> None:
    data = HEAD + b"\r\nhello\r\nbegin 644 a.csv\r\n#82QB\r\n`\r\nend\r\nbye\r\n"
    assert members(data) == {"a.csv": b"a,b"}


def test_long_texts_come_in_windows_with_line_numbers() -> None:
    body = b"".join(b"line %04d\r\n" % n for n in range(1000))
    found = [i for i in items(HEAD + b"\r\n" + body, Limits(cell_chars=4000)) if isinstance(i, Text)]
    windows = [i for i in found if i.place.location == "body"]
    assert len(windows) == 3
    assert "".join(w.text for w in windows) == body.decode().replace("\r\n", "\n")
    assert windows[1].text.startswith(f"line {windows[1].first_line - 1:04d}\n")


def test_limits_end_in_a_limit_error() -> None:
    parts = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 20_000 + b"--b--\r\n"
    with pytest.raises(LimitError):
        items(parts)
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(5000)
    ) + b"".join(b"--b%d--\r\n" % n for n in reversed(range(5000)))
    with pytest.raises(LimitError):
        items(HEAD + nested)


COSTLY = {
    "20k parameters": HEAD
    + b"Content-Type: text/plain"
    + b"".join(b"; a%d=b" % n for n in range(20_000))
    + b"\r\n\r\nx",
    "100k addresses": b"To: " + b", ".join(b"user%d@example.jp" % n for n in range(100_000)) + b"\r\n\r\nx",
    "50k words": HEAD + b"Subject: " + b"=?UTF-8?B?5bGx55Sw?= " * 50_000 + b"\r\n\r\nx",
    "50k open words": HEAD + b"Subject: " + b"=?UTF-8?B?" * 50_000 + b"\r\n\r\nx",
    "20k pieces": attached(
        b"Content-Disposition: x" + b"".join(b"; filename*%d=a" % n for n in range(20_000)) + b"\r\n", b""
    ),
    "open tags": HEAD + b"Content-Type: text/html\r\n\r\n" + b'<a "' * 100_000 + b"<" * 100_000,
    "parts without their boundary": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"".join(b"--b\r\nContent-Type: multipart/mixed; boundary=c%d\r\n\r\nx\r\n" % n for n in range(9000))
    + b"--b--\r\n",
    "dashes": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
    + b"--c\r\n" * 200_000
    + b"--b--\r\n",
}


@pytest.mark.parametrize("data", COSTLY.values(), ids=COSTLY)
def test_hostile_mails_are_read_in_time(data: bytes) -> None:
    start = time.process_time()
    assert items(data)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "data, name, sure",
    [
        (HEAD + b"Subject: x\r\n\r\nx", "mail.eml", 70),
        (HEAD + b"Subject: x\r\n\r\nx", "noname", 60),
        (b"Subject: x\r\n\r\nFrom: here on this is a note", "note.txt", 0),
        (b"name,mail\r\na,b", "a.csv", 0),
        (b"PK\x03\x04", "mail.eml", 0),
        (b"", "mail.eml", 0),
    ],
)
def test_sniff(data: bytes, name: str, sure: int) -> None:
    assert eml.sniff(source(data, name)) == sure


def test_a_charset_that_is_no_name_is_not_believed() -> None:
    data = HEAD + b'Content-Type: text/plain; charset="a\0b"\r\nSubject: =?a\0b?B?5bGx?=\r\n\r\n\xe5\xb1\xb1\r\n'
    assert texts(data)["body"] == "山\n"
