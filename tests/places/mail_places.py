"""Mails and mail folders with a canary in one place: eml, mbox, msg, winmail.dat."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote

import outlook_files as outlook
from planting import CANARY, NAME, SHORT, SHORT_ONES, Planted
from workbook_places import small_workbook, zipped

Place = tuple[str, bytes, dict[str, object]]
_HEAD = b"From: a@shop.example\r\nTo: b@shop.example\r\nDate: Sat, 3 Jan 2026 01:05:34 +0900\r\nMIME-Version: 1.0\r\n"
_PROSE = "本日は晴天なり。会議の資料を配布します。\r\n"


def _word(text: str, charset: str, how: str) -> bytes:
    raw = text.encode(charset)
    if how == "B":
        return f"=?{charset}?B?{base64.b64encode(raw).decode()}?=".encode()
    return f"=?{charset}?Q?{''.join(f'={b:02X}' for b in raw)}?=".encode()


def _words(text: str, charset: str, how: str) -> bytes:
    """Encoded words of a few characters each, folded."""
    return b"\r\n ".join(_word(text[i : i + 12], charset, how) for i in range(0, len(text), 12))


def _plain_mail(headers: bytes = b"", body: bytes = b"test\r\n", kind: bytes = b"") -> bytes:
    return _HEAD + headers + (b"Content-Type: " + kind + b"\r\n" if kind else b"") + b"\r\n" + body


def _headers() -> Iterator[Place]:
    header = "mail_header"
    spellings = {
        "b_jis": _words(CANARY, "iso-2022-jp", "B"), "b_utf8": _words(CANARY, "utf-8", "B"), "q_utf8": _words(CANARY, "utf-8", "Q"),
        "q_sjis": _words(CANARY, "shift_jis", "Q"), "raw_utf8": CANARY.encode(), "raw_sjis": CANARY.encode("cp932"),
        "raw_jis": CANARY.encode("iso2022_jp"), "raw_eucjp": CANARY.encode("euc_jp"),
    }  # fmt: skip
    for id_, raw in spellings.items():
        yield (
            f"subject-{id_}",
            _plain_mail(b"Subject: " + raw + b"\r\n"),
            {"where": header, "location": "header:Subject"},
        )
    for name in ("Cc", "Bcc", "Reply-To"):
        raw = name.encode() + b": " + _word(NAME, "iso-2022-jp", "B") + b" <shutaro.sakuma@example.jp>\r\n"
        yield (
            name.lower(),
            _plain_mail(raw),
            {"where": header, "location": name, "entities": frozenset({"person_name", "email"})},
        )
    for name in ("X-Memo", "Comments", "Keywords", "Organization", "Received"):
        differs = {"where": header, "location": name, "hidden": True}
        yield name.lower(), _plain_mail(name.encode() + b": " + _words(CANARY, "utf-8", "B") + b"\r\n"), differs
    yield "thread_topic", _plain_mail(b"Thread-Topic: " + CANARY.encode() + b"\r\n"), {"where": header, "hidden": True}


def _bodies() -> Iterator[Place]:
    text = f"{_PROSE}{CANARY}\r\n"
    for charset, codec in (
        ("iso-2022-jp", "iso2022_jp"),
        ("shift_jis", "cp932"),
        ("euc-jp", "euc_jp"),
        ("utf-8", "utf-8"),
    ):
        raw = text.encode(codec)
        kind = f"text/plain; charset={charset}".encode()
        yield f"body-{charset}", _plain_mail(b"", raw, kind), {"where": "text", "location": "body"}
        packed = _plain_mail(b"Content-Transfer-Encoding: base64\r\n", base64.encodebytes(raw), kind)
        yield f"body-base64-{charset}", packed, {"where": "text"}
        quoted = _plain_mail(b"Content-Transfer-Encoding: quoted-printable\r\n", quopri.encodestring(raw), kind)
        yield f"body-quoted-{charset}", quoted, {"where": "text"}
    wrong = _plain_mail(b"", text.encode("cp932"), b"text/plain; charset=iso-2022-jp")
    yield "body-declared_wrong", wrong, {"where": "text"}
    yield "body-undeclared", _plain_mail(b"", text.encode("cp932")), {"where": "text"}
    flowed = f"{_PROSE}{CANARY[:22]} \r\n{CANARY[22:]}\r\n".encode()
    yield (
        "body-flowed",
        _plain_mail(b"", flowed, b"text/plain; charset=utf-8; format=flowed; delsp=yes"),
        {"where": "text"},
    )
    for id_, inner, where, hidden in (
        ("text", f"<p>{CANARY}</p>", "text", False), ("comment", f"<!-- {CANARY} -->", "text", True),
        ("attribute", f"<img alt='{CANARY}'>", "hyperlink", True), ("script", f"<script>{CANARY}</script>", "text", True),
    ):  # fmt: skip
        page = f"<html><body><p>{_PROSE}</p>{inner}</body></html>".encode()
        packed = _plain_mail(
            b"Content-Transfer-Encoding: base64\r\n", base64.encodebytes(page), b"text/html; charset=utf-8"
        )
        yield f"html-{id_}", packed, {"where": where, "hidden": hidden}
    calendar = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:{CANARY}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()
    yield "body-calendar", _plain_mail(b"", calendar, b"text/calendar; charset=utf-8"), {"where": "text"}
    block = b"begin 644 a.txt\r\n" + _uu(f"{CANARY}\r\n".encode("cp932")) + b"`\r\nend\r\n"
    yield "uuencoded", _plain_mail(b"", block, b"text/plain"), {"where": "text", "member": "a.txt"}


def _uu(raw: bytes) -> bytes:
    import binascii

    return b"".join(binascii.b2a_uu(raw[i : i + 45], backtick=True) for i in range(0, len(raw), 45)).replace(
        b"\n", b"\r\n"
    )


def _multi(*parts: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    inner = b"".join(b"--BB\r\n" + part + b"\r\n" for part in parts)
    return _plain_mail(b"", before + b"\r\n" + inner + b"--BB--\r\n" + after, b'multipart/mixed; boundary="BB"')


def _part(kind: str, raw: bytes, headers: bytes = b"") -> bytes:
    return (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n".encode()
        + headers
        + b"\r\n"
        + base64.encodebytes(raw)
    )


def _attached(name: str, raw: bytes, kind: str = "application/octet-stream") -> bytes:
    return _multi(
        _part("text/plain; charset=utf-8", _PROSE.encode()),
        _part(kind, raw, f'Content-Disposition: attachment; filename="{name}"\r\n'.encode()),
    )


def _parts() -> Iterator[Place]:
    text = CANARY.encode()
    csv = f"番号,備考,区分\n1,{CANARY},甲\n2,済,乙\n".encode("cp932")
    yield "second_part", _multi(_part("text/plain", b"x"), _part("text/plain; charset=utf-8", text)), {"where": "text"}
    yield (
        "preamble",
        _multi(_part("text/plain", b"x"), before=CANARY.encode("iso2022_jp")),
        {"where": "text", "hidden": True},
    )
    yield "epilogue", _multi(_part("text/plain", b"x"), after=text), {"where": "text", "hidden": True}
    description = b"Content-Description: " + _words(CANARY, "utf-8", "B") + b"\r\n"
    yield "description", _multi(_part("text/plain", b"x", description)), {"where": "mail_header", "hidden": True}
    for id_, name, raw, member, where in (
        ("csv", "a.csv", csv, "a.csv", "cell"), ("txt", "a.txt", text, "a.txt", "text"),
        ("xlsx", "a.xlsx", small_workbook(CANARY), "a.xlsx", "cell"), ("zip", "a.zip", zipped("b.csv", csv), "a.zip/b.csv", "cell"),
        ("mail", "a.eml", _plain_mail(b"Subject: " + text + b"\r\n"), "a.eml", "mail_header"),
    ):  # fmt: skip
        yield f"attached-{id_}", _attached(name, raw), {"where": where, "member": member}
    inner = b"Content-Type: message/rfc822\r\n\r\n" + _plain_mail(b"", text, b"text/plain; charset=utf-8")
    yield "forwarded", _multi(_part("text/plain", b"x"), inner), {"where": "text", "member": "part-2.eml"}
    winmail = _tnef([(2, 0x00069002, bytes(14)), (2, 0x00018010, b"a.txt\0"), (2, 0x0006800F, text)])
    refused = "copy_format_not_written"
    yield "winmail", _attached("winmail.dat", winmail, "application/ms-tnef"), {"where": "text", "member": "winmail.dat/a.txt", "refused": refused}  # fmt: skip
    for id_, value in (
        ("2231", b"filename*=utf-8''" + quote(f"{SHORT}.txt").encode()), ("2047", b'filename="' + _word(f"{SHORT}.txt", "iso-2022-jp", "B") + b'"'),
        ("raw", b'filename="' + f"{SHORT}.txt".encode("cp932") + b'"'),
    ):  # fmt: skip
        part = _part("application/octet-stream", b"x", b"Content-Disposition: attachment; " + value + b"\r\n")
        differs = {"where": "attachment_name", "entities": SHORT_ONES}
        yield f"name-{id_}", _multi(_part("text/plain", b"x"), part), differs


# ---------------------------------------------------------------- Outlook


def _msg(**more: outlook.Tree) -> bytes:
    tree: outlook.Tree = {
        **outlook.numbers(32, {0x3FDE: 932}),
        **outlook.text(0x0037, "件名"),
        **outlook.text(0x1000, "本文\r\n"),
    }
    for part in more.values():
        tree.update(part)
    return outlook.compound(tree)


def _rtf() -> bytes:
    body = "".join(f"\\u{ord(c)}?" if ord(c) < 32768 else f"\\u{ord(c) - 65536}?" for c in CANARY)
    return outlook.lzfu(b"{\\rtf1\\ansi\\ansicpg932 " + body.encode() + b"\\par}")


def _tnef(more: list[tuple[int, int, bytes]]) -> bytes:
    return outlook.tnef([(1, 0x00079007, (932).to_bytes(8, "little")), *more])


def _messages() -> Iterator[Place]:
    header = {"where": "mail_header"}
    yield "subject", _msg(a=outlook.text(0x0037, CANARY)), {**header, "location": "Subject"}
    yield "sender", _msg(a=outlook.text(0x0C1A, CANARY, "cp932")), {**header, "location": "From"}
    yield "shown_to", _msg(a=outlook.text(0x0E04, CANARY)), {**header, "location": "To"}
    yield "body", _msg(a=outlook.text(0x1000, CANARY)), {"where": "text", "location": "body"}
    yield "body_twice", _msg(a=outlook.text(0x1000, CANARY, "cp932")), {"where": "text", "location": "body"}
    page = outlook.binary(0x1013, f"<p>{CANARY}</p>".encode("cp932"))
    yield "html", _msg(a=page), {"where": "text", "location": "html"}
    yield "rtf", _msg(a=outlook.binary(0x1009, _rtf())), {"where": "text", "location": "rtf"}
    yield "internet_headers", _msg(a=outlook.text(0x007D, f"X-Memo: {CANARY}\r\n")), {**header, "hidden": True}
    yield "other_property", _msg(a=outlook.text(0x8001, CANARY)), {"where": "property", "hidden": True}
    for number, name in ((1, "To"), (2, "Cc"), (3, "Bcc")):
        person = {
            **outlook.numbers(8, {0x0C15: number}),
            **outlook.text(0x3001, CANARY),
            **outlook.text(0x39FE, "x@shop.example"),
        }
        yield f"recipient-{name}", _msg(a={"__recip_version1.0_#00000000": person}), {**header, "location": name}
    names = outlook.text(0x3707, "a.txt")
    attached = {
        **outlook.numbers(8, {0x3705: 1}),
        **names,
        **outlook.binary(0x3701, CANARY.encode("cp932").ljust(4096)),
    }
    yield "attachment", _msg(a={"__attach_version1.0_#00000000": attached}), {"where": "text", "member": "a.txt"}
    titled = {**attached, **outlook.text(0x3707, f"{SHORT}.bin"), **outlook.binary(0x3701, b"x")}
    named = {"where": "attachment_name", "entities": SHORT_ONES}
    yield "attachment_name", _msg(a={"__attach_version1.0_#00000000": titled}), named
    inner: outlook.Tree = {**outlook.numbers(24, {0x3FDE: 932}), **outlook.text(0x1000, CANARY)}
    message = {"__attach_version1.0_#00000001": {**outlook.numbers(8, {0x3705: 5}), "__substg1.0_3701000D": inner}}
    yield "message_in_message", _msg(a=message), {"where": "text", "location": "attachment 1/body"}  # type: ignore[arg-type]


def _winmails() -> Iterator[Place]:
    wide, narrow = f"{CANARY}\0".encode("utf-16-le"), f"{CANARY}\0".encode("cp932")
    yield "subject", _tnef([(1, 0x00018004, narrow)]), {"where": "mail_header", "location": "Subject"}
    yield "body", _tnef([(1, 0x0002800C, narrow)]), {"where": "text", "location": "body"}
    yield (
        "sender",
        _tnef([(1, 0x00069003, outlook.mapi([(0x1F, 0x0C1A, wide)]))]),
        {"where": "mail_header", "location": "From"},
    )
    yield "rtf", _tnef([(1, 0x00069003, outlook.mapi([(0x102, 0x1009, _rtf())]))]), {"where": "text", "location": "rtf"}
    yield (
        "property",
        _tnef([(1, 0x00069003, outlook.mapi([(0x1F, 0x3FF8, wide)]))]),
        {"where": "property", "hidden": True},
    )
    person = outlook.mapi([(3, 0x0C15, b"\2\0\0\0"), (0x1E, 0x3001, narrow)])
    yield "recipient", _tnef([(1, 0x00069004, b"\1\0\0\0" + person)]), {"where": "mail_header", "location": "Cc"}
    title = f"{SHORT}.bin\0".encode("cp932")
    named = {"where": "attachment_name", "entities": SHORT_ONES}
    yield "attachment_name", _tnef([(2, 0x00069002, bytes(14)), (2, 0x00018010, title), (2, 0x0006800F, b"x")]), named
    data = [(2, 0x00069002, bytes(14)), (2, 0x00018010, b"a.txt\0"), (2, 0x0006800F, CANARY.encode("cp932"))]
    yield "attachment", _tnef(data), {"where": "text", "member": "a.txt"}


def _give(data: bytes) -> bytes:
    return data


def files() -> Iterator[Planted]:
    """All of them."""
    for id_, data, differs in (*_headers(), *_bodies(), *_parts()):
        yield Planted(f"eml-{id_}", "a.eml", partial(_give, data), **differs)  # type: ignore[arg-type]
    line = b"From a@shop.example Sat Jan  3 01:05:34 2026\r\n"
    first = line + _plain_mail() + b"\r\n"
    for id_, data, differs in (*list(_headers())[:4], *list(_bodies())[:4], *list(_parts())[4:6]):
        inner = differs.get("member")
        changed = {**differs, "member": "0002.eml" + (f"/{inner}" if inner else "")}
        yield Planted(f"mbox-{id_}", "a.mbox", partial(_give, first + line + data), **changed)  # type: ignore[arg-type]
    for kind, name, places in (("msg", "a.msg", _messages()), ("tnef", "winmail.dat", _winmails())):
        for id_, data, differs in places:
            yield Planted(f"{kind}-{id_}", name, partial(_give, data), writable=False, **differs)  # type: ignore[arg-type]
