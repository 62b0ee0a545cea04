"""XML is read as tables, in the encoding it declares, and changed in place."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiscan.errors import LimitError, PiiscanError
from piiscan.formats import xml
from piiscan.model import Editor, Limits, Sheet, Skipped, Source, Text

RAW = """<?xml version="1.0" encoding="{0}"?>
<!-- 作成: 佐藤 -->
<ns:名簿 xmlns:ns="urn:x" 部署="営業">
  <会員 id="1"><氏名>山田 太郎</氏名><電話>090-0123-4567</電話></会員>
  <会員 id="2"><氏名> 鈴木 &amp; 花子
  </氏名><備考><![CDATA[a<b]]></備考></会員>
</ns:名簿>
"""


def source(raw: bytes, name: str = "名簿.xml") -> Source:
    return Source(name, None, name, io.BytesIO(raw), len(raw))


def read(raw: bytes):
    cells, others = {}, []
    for item in xml.FORMAT.read(source(raw), Limits()):
        if isinstance(item, Sheet):
            for batch in item.batches:
                for column, values in batch.columns.items():
                    cells.update(
                        {(item.location, row, column): v for row, v in zip(batch.rows, values, strict=True) if v}
                    )
        else:
            others.append(item)
    return cells, others


def rewritten(raw: bytes, cell, text=lambda *_: None) -> bytes:
    out = io.BytesIO()
    xml.FORMAT.rewrite(source(raw), out, Editor(cell, text, lambda *_: None), Limits())
    return out.getvalue()


@pytest.mark.parametrize(
    "declared, encoding", [("UTF-8", "utf-8"), ("Shift_JIS", "cp932"), ("EUC-JP", "euc_jp"), ("UTF-16", "utf-16")]
)
def test_records_are_rows(declared, encoding):
    raw = RAW.format(declared).encode(encoding)
    cells, others = read(raw)
    assert [cells["/会員", 0, n] for n in range(4)] == ["id", "氏名", "電話", "備考"]
    assert (cells["/会員", 1, 1], cells["/会員", 2, 1], cells["/会員", 2, 3]) == ("山田 太郎", "鈴木 & 花子", "a<b")
    assert cells["", 1, 0] == "営業"
    assert [item.text.strip() for item in others if isinstance(item, Text)][-1] == "作成: 佐藤"
    assert rewritten(raw, lambda *_: None) == raw
    copy = rewritten(
        raw, lambda s, r, c, text: {"山田 太郎": "<■>", "営業": '"', "鈴木 & 花子": "■", "a<b": "]]>"}.get(text)
    )
    expected = RAW.format(declared).replace("山田 太郎", "&lt;■&gt;").replace("営業", "&quot;").replace("a<b", "] ] >")
    assert copy == expected.replace("鈴木 &amp; 花子", "■").encode(encoding)


def test_comments_can_be_cleaned():
    raw = RAW.format("UTF-8").encode()
    copy = rewritten(
        raw, lambda *_: None, lambda place, text, line: text.replace("佐藤", "■■") if place.hidden else None
    )
    assert copy == raw.replace("佐藤".encode(), "■■".encode())


def test_excel_2003_workbooks_are_sheets():
    raw = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:x">
    <Worksheet ss:Name="名簿"><Table><Row><Cell><Data ss:Type="String">氏名</Data></Cell><Cell ss:Index="3"><Data
    ss:Type="String">電話</Data></Cell></Row><Row ss:Index="5"><Cell><Data ss:Type="String">山田</Data></Cell></Row></Table>
    </Worksheet></Workbook>""".encode()
    cells, _ = read(raw)
    assert cells == {("名簿", 0, 0): "氏名", ("名簿", 0, 2): "電話", ("名簿", 4, 0): "山田"}


FLAT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="t" xmlns:text="x">
<office:meta><meta:creator>作成者 佐藤</meta:creator></office:meta><office:body><office:spreadsheet>
<table:table table:name="名簿"><table:table-column table:style-name="co1"/>
<table:table-header-rows><table:table-row><table:table-cell><text:p>氏名</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>電話</text:p></table:table-cell></table:table-row></table:table-header-rows>
<table:table-row table:number-rows-repeated="3"/>
<table:table-row><table:table-cell table:number-columns-spanned="2" office:value-type="string" calcext:value-type="string"><text:p>山田 太郎</text:p>
<office:annotation><text:p>要確認</text:p></office:annotation></table:table-cell><table:covered-table-cell/>
<table:table-cell office:value-type="float" office:value="12"><text:p>12 円</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="34"/></table:table-row>
<table:table-row table:number-rows-repeated="1048000"/>
</table:table><table:named-expressions><table:named-range table:name="範囲"/></table:named-expressions>
</office:spreadsheet></office:body></office:document>"""


def test_a_flat_spreadsheet_has_its_cells_where_they_are():
    cells, others = read(FLAT.encode())
    sheet = {(row, column): v for (location, row, column), v in cells.items() if location == "名簿"}
    assert sheet[0, 0] == "氏名"
    assert sheet[0, 3] == "電話"
    assert sheet[4, 0] == "山田 太郎"
    assert sheet[4, 2] == "12 円"
    assert (sheet[4, 3], len(sheet)) == ("34", 5)
    assert [(t.place.location, t.place.where, t.text) for t in others if t.text == "要確認"] == [
        ("名簿!A5", "comment", "要確認")
    ]
    assert {"作成者 佐藤", "範囲"} <= set(cells.values())


def test_entities_are_reported_and_not_expanded():
    raw = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "secret"><!ENTITY y "&x;&x;">]><a>&y;</a>'
    cells, others = read(raw)
    assert others == [Skipped("", "dtd")]
    assert "secret" not in "".join(cells.values())


@pytest.mark.parametrize("raw", [b"<a><!-- open", b"<a b='open><c>" * 100, b"<<<>>><a/></b>", b"<" * 20_000])
def test_bad_markup_ends_soon(raw):
    assert read(b"<?xml?>" + raw) is not None


def test_deep_markup_is_an_error():
    with pytest.raises(LimitError):
        read(b"<a>" * 5000)


MARKUP = st.lists(
    st.sampled_from(
        ["<a>", "</a>", "<b x='1'>", "</b>", "<c/>", "山田", " ", "&amp;", "<!--k-->", "<![CDATA[d]]>", "<", ">", '"']
    )
).map("".join)


@given(MARKUP)
@settings(max_examples=400, deadline=None)
def test_every_text_is_asked_about(text):
    raw = f"<r>{text}</r>".encode()
    try:
        cells, _ = read(raw)
    except PiiscanError:
        return
    asked = {}
    assert rewritten(raw, lambda s, r, c, value: asked.__setitem__((s, r, c), value)) == raw
    assert {place for place in cells if place[1]} <= set(asked)
    assert text.count("山田") <= "".join(asked.values()).count("山田") or "<" in text
