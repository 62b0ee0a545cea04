"""Mailboxes: mails found by their From lines, one after the other."""

from __future__ import annotations

import io

import pytest

from piiscan.errors import LimitError
from piiscan.formats import mbox
from piiscan.model import Editor, Limits, Member, Source

FROM = b"From a@example.jp Thu Jan  1 00:00:00 2026"
BODY = b"From: a@example.jp\nSubject: x\n\nHello\nFrom here it is text 10:00\n"


def source(data: bytes) -> Source:
    return Source("m.mbox", None, "m.mbox", io.BytesIO(data), len(data))


def members(data: bytes, limits: Limits | None = None) -> list[tuple[str, bytes]]:
    found = mbox.read(source(data), limits or Limits())
    return [(i.name, i.stream.read()) for i in found if isinstance(i, Member)]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_finds_the_mails(newline: bytes) -> None:
    mail = (FROM + b"\n" + BODY).replace(b"\n", newline)
    data = newline.join([mail, mail, mail])
    found = members(data)
    assert [name for name, _ in found] == ["0001.eml", "0002.eml", "0003.eml"]
    assert b"".join(content for _, content in found) == data


def test_a_text_that_begins_with_from_does_not_begin_a_mail() -> None:
    assert len(members(FROM + b"\n" + BODY + b"\nFrom the desk of Yamada\n\nbye")) == 1


def test_separators_at_the_border_of_two_reads_are_found() -> None:
    for shift in range(-80, 10, 5):
        first = FROM + b"\nSubject: x\n\n" + b"y" * (1024 * 1024 + shift - len(FROM) - 20) + b"\n"
        assert len(members(first + b"\n" + FROM + b"\nSubject: z\n\nend")) == 2


def test_too_many_mails_end_in_a_limit_error() -> None:
    with pytest.raises(LimitError):
        members((FROM + b"\nSubject: x\n\ny\n\n") * 20, Limits(members=10))


def test_rewrites_the_mails_that_change() -> None:
    data = FROM + b"\nSubject: x\n\none\n\n" + FROM + b"\nSubject: x\n\ntwo\n"
    out = io.BytesIO()
    editor = Editor(
        lambda *_: None,
        lambda *_: None,
        lambda name, s: s.read().replace(b"two", b"***") if name == "0002.eml" else None,
    )
    mbox.rewrite(source(data), out, editor, Limits())
    assert out.getvalue() == data.replace(b"two", b"***")


@pytest.mark.parametrize(
    "data, sure",
    [(FROM + b"\n" + BODY, 75), (FROM + b"\n\ntext", 60), (b"From here to there\n\nx", 0), (b"Subject: x\n\nx", 0)],
)
def test_sniff(data: bytes, sure: int) -> None:
    assert mbox.sniff(source(data)) == sure


def test_a_mail_without_a_header_is_no_mailbox_in_a_mailbox() -> None:
    data = FROM + b"\n\ntext\n"
    assert mbox.sniff(Source("0001.eml", "m.mbox", "0001.eml", io.BytesIO(data), len(data))) == 0
    both = data + b"\n" + data
    assert mbox.sniff(Source("all.eml", None, "all.eml", io.BytesIO(both), len(both))) > 40
