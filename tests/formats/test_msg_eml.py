"""Outlook messages as mails: what a mail program shows of the one, it shows of the other, and copies are made of that."""

from __future__ import annotations

import email
import email.policy
import io
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import outlook_files as make
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import run_restore as rr  # noqa: E402

from piiscan import pipeline  # noqa: E402
from piiscan.copies import converting  # noqa: E402
from piiscan.errors import LimitError, UnsafeCopyError  # noqa: E402
from piiscan.formats._msg_eml import write_mail  # noqa: E402
from piiscan.inspection.knowledge import knowledge  # noqa: E402
from piiscan.model import CopyOptions, CopyStatus, Limits, ScanOptions, Source  # noqa: E402

OPTIONS = ScanOptions(isolate=False)
TICKS = 133_000_000_000_000_000
ROWS = [f"{name},090-0123-45{n:02}" for n, name in enumerate(("山田太郎", "鈴木花子", "佐藤健一", "田中美咲"))]
#: As long as the streams that the tests make, which fill up what is shorter.
PEOPLE = "\n".join(("氏名,電話番号", *ROWS)).encode().ljust(4096, b"\n")


def person(kind: int, name: str, address: str) -> make.Tree:
    return {**make.numbers(8, {0x0C15: kind}), **make.text(0x3001, name), **make.text(0x39FE, address)}


def message(**more: make.Tree) -> make.Tree:
    tree: make.Tree = {
        **make.numbers(32, {0x3FDE: 932}),
        **make.text(0x001A, "IPM.Note"),
        **make.text(0x0037, "名簿の件"),
        **make.text(0x0042, "山田太郎"),
        **make.text(0x5D02, "t@example.jp"),
        **make.text(0x1000, "山田様 電話 090-0123-4567\r\n二行目"),
        **make.binary(0x1013, '<p>山田様 電話 <b>090-0123-4567</b><img src="cid:a1"></p>'.encode("cp932")),
        **make.text(0x007D, "From: x@example.jp\r\nReceived: from a\r\n by b\r\nX-Own: =?utf-8?B?5bGx?=\r\nMIME-Version: 1.0\r\n"),
        "__recip_version1.0_#00000000": person(1, "佐藤花子", "h@example.jp"),
        "__recip_version1.0_#00000001": person(3, 'A "B" \\ C', "b@example.jp"),
        "__attach_version1.0_#00000000": {
            **make.numbers(8, {0x3705: 1}), **make.text(0x3707, "顧客/一覧.csv"), **make.binary(0x3701, PEOPLE),
        },
    }  # fmt: skip
    for part in more.values():
        tree.update(part)
    return tree


def source(tree: make.Tree) -> Source:
    data = make.compound(tree)
    return Source("a.msg", None, "a.msg", io.BytesIO(data), len(data))


def raw_mail(tree: make.Tree, limits: Limits | None = None) -> bytes:
    out = io.BytesIO()
    write_mail(source(tree), out, limits or Limits())
    return out.getvalue()


def mail(tree: make.Tree) -> EmailMessage:
    made = email.message_from_bytes(raw_mail(tree), policy=email.policy.default)
    assert [d for part in made.walk() for d in part.defects] == []
    return made


def saved(tree: make.Tree, folder: Path) -> Path:
    path = folder / "a.msg"
    path.write_bytes(make.compound(tree))
    return path


def test_a_mail_shows_what_the_message_shows() -> None:
    made = mail(message())
    assert made["Subject"] == "名簿の件"
    assert [(a.display_name, a.addr_spec) for a in made["From"].addresses] == [("山田太郎", "t@example.jp")]
    assert [(a.display_name, a.addr_spec) for a in made["To"].addresses] == [("佐藤花子", "h@example.jp")]
    assert [(a.display_name, a.addr_spec) for a in made["Bcc"].addresses] == [('A "B" \\ C', "b@example.jp")]
    assert (made["X-Own"], made["Received"], made.get_all("MIME-Version")) == ("山", "from a by b", ["1.0"])
    plain, page = made.get_body(("plain",)), made.get_body(("html",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == "山田様 電話 090-0123-4567\n二行目"
    assert page is not None
    assert "<b>090-0123-4567</b>" in page.get_content()
    (attached,) = made.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("顧客_一覧.csv", PEOPLE)


def test_the_same_message_makes_the_same_mail() -> None:
    assert raw_mail(message()) == raw_mail(message())
    assert raw_mail(message()).isascii()


def test_the_date_is_when_it_was_sent() -> None:
    properties = make.numbers(32, {0x3FDE: 932})
    raw = cast(bytes, properties["__properties_version1.0"])
    raw += (0x00390040).to_bytes(4, "little") + bytes(4) + TICKS.to_bytes(8, "little")
    made = mail(message(date={"__properties_version1.0": raw}))
    assert made["Date"].datetime == datetime(2022, 6, 18, 4, 26, 40, tzinfo=UTC)


def test_a_message_inside_is_a_mail_inside() -> None:
    inner = {**make.numbers(24, {}), **make.text(0x0037, "内側"), **make.text(0x1000, "内側の本文 090-0123-4599")}
    outside = message(attached={"__attach_version1.0_#00000001": {"__substg1.0_3701000D": inner}})
    inside = next(p for p in mail(outside).walk() if p.get_content_type() == "message/rfc822")
    held = cast(EmailMessage, inside.get_content())
    assert (held["Subject"], held.get_content().strip()) == ("内側", "内側の本文 090-0123-4599")
    with pytest.raises(LimitError):
        raw_mail(outside, Limits(depth=0))


def test_pictures_of_a_page_are_found_by_their_id() -> None:
    part = {**make.text(0x3712, "a1"), **make.text(0x370E, "image/png"), **make.binary(0x3701, b"\x89PNG")}
    made = mail(message(attached={"__attach_version1.0_#00000000": part}))
    assert made.get_content_type() == "multipart/related"
    picture = next(p for p in made.walk() if p.get_content_type() == "image/png")
    assert (picture["Content-ID"], picture.get_content_disposition()) == ("<a1>", "inline")


@pytest.mark.parametrize(
    "subject", ["a\r\nBcc: x@example.jp", "=?utf-8?B?5bGx?=", "\ud800山", "あ" * 400, "a" * 2000, "a\0b\u2028c\x85d"]
)
def test_no_subject_breaks_the_mail(subject: str) -> None:
    made = mail(message(subject={"__substg1.0_0037001F": subject.encode("utf-16-le", "surrogatepass")}))
    kept = " ".join("".join(c if c.isprintable() else " " for c in subject.replace("\ud800", "\ufffd")).split())
    assert made["Subject"] == kept
    assert made["Bcc"].addresses[0].addr_spec == "b@example.jp"
    assert max(map(len, raw_mail(message()).splitlines())) < 998


@pytest.mark.parametrize(
    ("name", "address", "shown"),
    [
        ("", "a@example.jp", "a@example.jp"),
        ("a@example.jp", "a@example.jp", "a@example.jp"),
        ("山田", "a b@example.jp", '"山田 a b@example.jp"'),
        ("山田", "/O=X/CN=Y", "山田"),
    ],
)
def test_odd_addresses_stay_in_one_field(name: str, address: str, shown: str) -> None:
    properties = {0x0042: name, 0x0065: address}
    tree = message(who={k: v for n, text in properties.items() for k, v in make.text(n, text).items()})
    del tree["__substg1.0_5D02001F"]
    assert str(mail(tree)["From"]) == shown


def test_people_of_whom_nothing_is_known_are_those_that_are_shown() -> None:
    tree = message(
        nobody={"__recip_version1.0_#00000000": make.numbers(8, {0x0C15: 1})}, list=make.text(0x0E04, "総務部 全員")
    )
    assert str(mail(tree)["To"]) == '"総務部 全員"'


@pytest.mark.parametrize("kind", ["IPM.Contact", "IPM.Appointment", "IPM.Task", "IPM.Schedule.Meeting.Request"])
@pytest.mark.parametrize("inside", [False, True])
def test_what_is_no_mail_is_refused(kind: str, inside: bool, tmp_path: Path) -> None:
    tree = make.text(0x001A, kind)
    more: make.Tree = {"__attach_version1.0_#00000001": {"__substg1.0_3701000D": {**make.numbers(24, {}), **tree}}}
    path = saved(message(other=more if inside else tree), tmp_path)
    (result,) = pipeline.redact([str(path)], str(tmp_path / "b.eml"), OPTIONS, CopyOptions(convert=True))
    assert (result.status, result.reason) == (CopyStatus.REFUSED, "convert_no_mail")


def test_a_redacted_copy_is_a_mail_without_the_people(tmp_path: Path) -> None:
    path = saved(message(), tmp_path)
    (refused,) = pipeline.redact([str(path)], str(tmp_path / "b.msg"), OPTIONS, CopyOptions())
    assert refused.reason == "copy_wants_eml"
    (result,) = pipeline.redact([str(path)], f"{tmp_path / 'out'}/", OPTIONS, CopyOptions(convert=True))
    assert (result.status, result.output) == (CopyStatus.WRITTEN, str(tmp_path / "out" / "a.eml"))
    assert "converted_mail" in {n.reason for n in result.notes}
    made = cast(
        EmailMessage, email.message_from_bytes(Path(result.output or "").read_bytes(), policy=email.policy.default)
    )
    texts = [p.get_content() for p in made.walk() if not p.is_multipart()]
    everything = "".join(t.decode() if isinstance(t, bytes) else t for t in texts) + str(made["From"]) + str(made["To"])
    assert not [
        w for w in ("山田太郎", "鈴木花子", "佐藤花子", "0123", "t@example.jp", "h@example.jp") if w in everything
    ]
    assert "二行目" in everything


def test_stand_ins_come_back(tmp_path: Path) -> None:
    path = saved(message(), tmp_path)
    assert rr.check(path, tmp_path / "w", convert=True) == []


def test_a_mail_that_says_less_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    formats = knowledge(()).formats
    with converting.workable(source(message()), Limits(), formats, (), convert=True) as (made, notes):
        assert (made.name, [n.reason for n in notes]) == ("a.eml", ["converted_mail"])

    for lost in ("__attach_version1.0_#00000000", "__substg1.0_1000001F"):
        less = message()
        del less[lost]
        monkeypatch.setattr(
            converting, "write_mail", lambda _, out, limits, less=less: write_mail(source(less), out, limits)
        )
        with (
            pytest.raises(UnsafeCopyError, match="convert_lost"),
            converting.workable(source(message()), Limits(), formats, (), convert=True),
        ):
            pass
