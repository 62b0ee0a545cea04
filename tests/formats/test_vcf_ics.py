"""Cards and calendars: folded, escaped, quoted-printable, in any charset, and changed value by value."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiscan.formats import ics, vcf
from piiscan.model import Editor, Limits, Sheet, Skipped, Source, Text

CARDS = """BEGIN:VCARD\r
VERSION:3.0\r
N:山田;太郎;;;\r
FN:山田 太郎\r
item1.TEL;TYPE=CELL:090-0123-4567\r
TEL;TYPE=WORK,FAX:03-0000-0000\r
ADR;TYPE=HOME:;;丸の内1-1\\, 2F;千代田区;東京都;100-0000;日本\r
NOTE:一行目\\n二行\r
 目\r
PHOTO;ENCODING=b;TYPE=JPEG:AAAA\r
 BBBB\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=97=E9=96=D8;=89=D4=\r
=8E=71\r
TEL;CELL:090-0999-9999\r
END:VCARD\r
"""
CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART:20260101T000000Z
SUMMARY:山田様 来社\\, 応接室
ORGANIZER;CN="佐藤 花子";ROLE=CHAIR:mailto:sato@example.jp
ATTENDEE;CN=鈴木;RSVP=TRUE:MAILTO:suzuki@exam
 ple.jp
DESCRIPTION:電話 090-0123-
 4567\\nまで
END:VEVENT
END:VCALENDAR
"""


def source(raw: bytes, name: str) -> Source:
    return Source(name, None, name, io.BytesIO(raw), len(raw))


def cards(raw: bytes):
    cells, others = {}, []
    for item in vcf.FORMAT.read(source(raw, "a.vcf"), Limits()):
        if isinstance(item, Sheet):
            for batch in item.batches:
                for column, values in batch.columns.items():
                    cells.update({(row, column): v for row, v in zip(batch.rows, values, strict=True) if v})
        else:
            others.append(item)
    names = {name: column for (row, column), name in cells.items() if row == 0}
    return [
        {n: cells.get((r, c), "") for n, c in names.items()} for r in range(1, max(r for r, _ in cells) + 1)
    ], others


def rewritten(form, raw: bytes, cell=lambda *_: None, text=lambda *_: None) -> bytes:
    out = io.BytesIO()
    form.FORMAT.rewrite(source(raw, "a"), out, Editor(cell, text, lambda *_: None), Limits())
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_cards_are_rows(encoding):
    (first, second), others = cards(CARDS.encode(encoding))
    assert (first["姓"], first["名"], first["氏名"]) == ("山田", "太郎", "山田 太郎")
    assert (first["携帯電話"], first["FAX"]) == ("090-0123-4567", "03-0000-0000")
    assert (first["住所"], first["郵便番号"], first["備考"]) == ("丸の内1-1, 2F", "100-0000", "一行目\n二行目")
    assert (second["姓"], second["名"], second["携帯電話"]) == ("鈴木", "花子", "090-0999-9999")
    assert others == [Skipped("", "image", partial=False)]


def test_cards_are_changed_in_place():
    raw = CARDS.encode()
    assert rewritten(vcf, raw) == raw
    change = {"山田 太郎": "■;■", "090-0123-4567": "***", "花子": "■■", "一行目\n二行目": "一行目\n■■■"}
    copy = rewritten(vcf, raw, lambda s, r, c, text: change.get(text))
    (first, second), _ = cards(copy)
    assert (first["氏名"], first["携帯電話"], first["備考"], second["名"]) == ("■;■", "***", "一行目\n■■■", "■■")
    assert (first["姓"], second["姓"]) == ("山田", "鈴木")
    assert "FN:■\\;■\r\n".encode() in copy
    assert b"PHOTO;ENCODING=b;TYPE=JPEG:AAAA\r\n BBBB\r\n" in copy


def test_quoted_printable_stays_in_its_charset():
    copy = rewritten(vcf, CARDS.encode(), lambda s, r, c, text: "髙橋" if text == "花子" else None)
    assert b";=EE=E0=8B=B4\r\n" in copy or b";=FB=FC=8B=B4\r\n" in copy


def test_calendars_are_texts():
    items = list(ics.FORMAT.read(source(CALENDAR.encode(), "a.ics"), Limits()))
    assert all(isinstance(item, Text) for item in items)
    texts = {item.place.location: item.text for item in items}
    assert texts == {
        "VEVENT 1 SUMMARY": "山田様 来社, 応接室",
        "VEVENT 1 ORGANIZER": "佐藤 花子 <sato@example.jp>",
        "VEVENT 1 ATTENDEE": "鈴木 <suzuki@example.jp>",
        "VEVENT 1 DESCRIPTION": "電話 090-0123-4567\nまで",
    }
    assert [item.first_line for item in items] == [4, 5, 6, 8]


def test_calendars_are_changed_in_place():
    raw = CALENDAR.encode()
    assert rewritten(ics, raw) == raw
    change = {
        "佐藤 花子 <sato@example.jp>": "■■ ■■ <****@example.jp>",
        "電話 090-0123-4567\nまで": "電話 ***-****-****\nまで",
        "鈴木 <suzuki@example.jp>": "■■ <******@example.jp>",
    }
    copy = rewritten(ics, raw, text=lambda place, text, line: change.get(text)).decode()
    assert 'CN="■■ ■■";ROLE=CHAIR:mailto:****@example.jp' in copy
    again = {item.text for item in ics.FORMAT.read(source(copy.encode(), "a.ics"), Limits())}
    assert set(change.values()) < again
    assert "SUMMARY:山田様 来社\\, 応接室" in copy


def test_sniff():
    assert vcf.FORMAT.sniff(source(CARDS.encode("cp932"), "x")) == 90
    assert ics.FORMAT.sniff(source(CALENDAR.encode("utf-8-sig"), "x")) == 90
    assert vcf.FORMAT.sniff(source(b"hello", "a.vcf")) == 0
    assert ics.FORMAT.sniff(source(b"", "a.ics")) == 0


LINES = st.lists(st.sampled_from(["N:山;田", "TEL;X=\"a:b\":1", "NOTE;QUOTED-PRINTABLE:=E5=B1=\r\n=B1", "x", ":", "FN:a\\", "A:\r\n b", "BEGIN:VCARD", "ATTENDEE;CN=山:mailto:a", ";;", "=\r\n"]))  # fmt: skip


@given(LINES)
@settings(max_examples=300, deadline=None)
def test_nothing_changes_unasked(lines):
    raw = ("BEGIN:VCARD\r\n" + "\r\n".join(lines)).encode()
    asked = {}
    for form in (vcf, ics):
        assert rewritten(form, raw, lambda s, r, c, text: asked.__setitem__((r, c), text)) == raw
    assert "".join(asked.values()).count("山") >= sum("山" in line or "=E5=B1" in line for line in lines)
