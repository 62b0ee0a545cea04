"""Web pages are read as a reader sees them, tables as sheets, and changed inside their markup."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiscan.formats import html
from piiscan.model import Editor, Limits, Sheet, Source, Text

RAW = """<!DOCTYPE html>
<html><head><meta charset="{0}"><title>名簿</title><style>.a{{}}</style></head>
<body><!-- 作成者 佐藤 --><p>担当：山田 <b>太郎</b>&nbsp;様</p><img alt="鈴木の写真" src="x.png">
<table border=1><tr><th>氏名<th colspan="2">電話</tr>
<tr><td><b>山田</b> 花子</td><td>090-0123-4567</td><td>A&amp;B</td></tr></table>
<table><tr><td>レイアウト</td></tr></table>
<script>var mail = "user@example.jp";</script></body></html>
"""


def source(raw: bytes, name: str = "名簿.html") -> Source:
    return Source(name, None, name, io.BytesIO(raw), len(raw))


def read(raw: bytes):
    cells, texts = {}, {}
    for item in html.FORMAT.read(source(raw), Limits()):
        if isinstance(item, Sheet):
            for batch in item.batches:
                for column, values in batch.columns.items():
                    cells.update(
                        {(item.location, row, column): v for row, v in zip(batch.rows, values, strict=True) if v}
                    )
        elif isinstance(item, Text):
            texts[item.place.where] = item.text
    return cells, texts


def rewritten(raw: bytes, cell=lambda *_: None, text=lambda *_: None) -> bytes:
    out = io.BytesIO()
    html.FORMAT.rewrite(source(raw), out, Editor(cell, text, lambda *_: None), Limits())
    return out.getvalue()


@pytest.mark.parametrize("declared, encoding", [("UTF-8", "utf-8"), ("Shift_JIS", "cp932"), ("euc-jp", "euc_jp")])
def test_everything_that_holds_words_is_read(declared, encoding):
    raw = RAW.format(declared).encode(encoding)
    cells, texts = read(raw)
    assert cells == {
        ("table 1", 0, 0): "氏名",
        ("table 1", 0, 1): "電話",
        ("table 1", 1, 0): "山田 花子",
        ("table 1", 1, 1): "090-0123-4567",
        ("table 1", 1, 2): "A&B",
    }
    assert "担当：山田 太郎 様" in texts["text"]
    assert "レイアウト" in texts["text"]
    assert "鈴木の写真" in texts["other"]
    assert "佐藤" in texts["comment"]
    assert "user@example.jp" in texts["comment"]
    assert rewritten(raw) == raw


def test_changes_stay_inside_the_markup():
    raw = RAW.format("Shift_JIS").encode("cp932")
    copy = rewritten(
        raw,
        lambda s, r, c, text: {"山田 花子": "■■ ■■", "A&B": "<𠮷>"}.get(text),
        lambda place, text, line: text.replace("山田 太郎", "■■ ■■").replace("佐藤", "■■").replace("鈴木", "■■"),
    )
    expected = RAW.format("Shift_JIS")
    for old, new in (
        ("山田 <b>太郎", "■■ <b>■■"),
        ("佐藤", "■■"),
        ("鈴木", "■■"),
        ("<b>山田</b> 花子", "<b>■■</b> ■■"),
    ):
        expected = expected.replace(old, new)
    assert copy == expected.replace("A&amp;B", "&lt;&#134071;&gt;").encode("cp932")


@pytest.mark.parametrize(
    "raw, name, expected",
    [
        (b"<!DOCTYPE html><p>x", "a.txt", 80),
        (b"<p>x</p>", "a.htm", 65),
        (b"<table><tr><td>1</td></tr></table>", "a.xls", 50),
        (b"<?xml version='1.0'?><a/>", "a.xml", 0),
        (b"a < b", "a.txt", 0),
    ],
)
def test_sniff(raw, name, expected):
    assert html.FORMAT.sniff(source(raw, name)) == expected


PARTS = st.sampled_from(["<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th colspan=2>", "山田", "<b>", "</b>", " ", "\n", "&lt;", "<!-- c -->", "<", "<p title='t'>"])  # fmt: skip


@given(st.lists(PARTS, max_size=25).map("".join))
@settings(max_examples=400, deadline=None)
def test_no_text_is_lost_and_nothing_changes_unasked(text):
    raw = f"<html>{text}</html>".encode()
    cells, texts = read(raw)
    assert text.count("山田") == "".join([*cells.values(), *texts.values()]).count("山田")
    assert rewritten(raw) == raw
    copy = rewritten(
        raw, lambda s, r, c, value: value.replace("山田", "■■"), lambda p, value, n: value.replace("山田", "■■")
    )
    assert "山田".encode() not in copy
    after, others = read(copy)
    assert after == {place: value.replace("山田", "■■") for place, value in cells.items()}
    assert others == {place: value.replace("山田", "■■") for place, value in texts.items()}
