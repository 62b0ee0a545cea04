"""A canary in every place where a Word document can hold a text: found in reading, gone after rewriting."""

from __future__ import annotations

import time

import pytest
from document_files import (
    REL,
    asked,
    build,
    found,
    inner_zip,
    left_in,
    members,
    numbers,
    places,
    rels,
    rewritten,
    same_bytes,
    source,
    types,
)  # fmt: skip
from document_files import masking as masking_editor

from piiscan.errors import PiiscanError, UnsafeCopyError
from piiscan.formats import docx
from piiscan.model import Editor, Limits, Sheet, Text

NAME = "名簿.docx"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
NS = (
    f'xmlns:w="{W}" xmlns:r="{REL}" xmlns:a="{A}" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
CT = "application/vnd.openxmlformats-officedocument.wordprocessingml"
BIRD = "鳥{:03d}号"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{para(run(text))}</w:tc>"


BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><wp:docPr id='1' name='鳥010号' descr='鳥011号' title='鳥012号'/>"
    "<wps:wsp><wps:txbx><w:txbxContent><w:p><w:r><w:t>鳥0</w:t></w:r><w:r><w:t>13号</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></wp:inline></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><v:shape alt='鳥014号'><v:textpath string='鳥015号'/><v:textbox><w:txbxContent><w:p><w:r><w:t>鳥013号</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
FIELD = (
    "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>HYPERLINK \"mailto:鳥0</w:instrText></w:r><w:r><w:instrText>16号@example.jp\"</w:instrText></w:r>"
    "<w:r><w:fldChar w:fldCharType='separate'/></w:r>" + run("鳥017号") + "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
)
BODY = "".join(
    (
        para(run("鳥0", "<w:b/>"), run("01号 様"), "<w:r><w:tab/></w:r>", run("続き")),
        para("<w:ins w:author='鳥002号'>", run("鳥003号"), "</w:ins>", "<w:del w:author='鳥004号'><w:r><w:delText>鳥005号</w:delText></w:r></w:del>"),
        para("<w:moveFrom w:author='鳥006号'>", run("鳥007号"), "</w:moveFrom>"),
        para(run("見える"), run("鳥008号", "<w:vanish/>"), run("鳥009号", "<w:vanish w:val='0'/>")),
        para(BOX),
        para(FIELD),
        para("<w:fldSimple w:instr='MERGEFIELD 鳥018号'>", run("鳥019号"), "</w:fldSimple>"),
        para("<w:hyperlink r:id='rId1' w:tooltip='鳥020号' w:anchor='鳥021号'>", run("鳥022号"), "</w:hyperlink>"),
        para("<w:r><w:ruby><w:rt><w:r><w:t>鳥023号</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>鳥024号</w:t></w:r></w:rubyBase></w:ruby></w:r>"),
        para("<w:bookmarkStart w:id='1' w:name='鳥025号'/><w:bookmarkStart w:id='2' w:name='_Toc鳥'/>"),
        "<w:sdt><w:sdtPr><w:alias w:val='鳥026号'/><w:tag w:val='鳥027号'/><w:comboBox><w:listItem w:displayText='鳥028号' w:value='鳥029号'/></w:comboBox></w:sdtPr>"
        "<w:sdtContent>" + para(run("鳥030号")) + "</w:sdtContent></w:sdt>",
        para("<m:oMath><m:r><m:t>鳥031号</m:t></m:r></m:oMath>"),
        "<w:tbl><w:tblPr><w:tblCaption w:val='鳥032号'/></w:tblPr><w:tr>" + cell("氏名") + cell("電話") + "</w:tr><w:tr>" + cell("鳥033号") + cell("9012340034") + "</w:tr>"
        "<w:tr>" + cell("鳥035号", "<w:gridSpan w:val='2'/>") + "</w:tr></w:tbl>",
        "<w:tbl><w:tr>" + cell("鳥036号") + "</w:tr></w:tbl>",
        para(run("鳥037号", "<w:rStyle w:val='Secret2'/>")),
        "<!-- 鳥038号 -->",
        "<w:altChunk r:id='rId9'/>",
    )
)  # fmt: skip


def story(root: str, inner: str) -> str:
    return f"<w:{root} {NS}>{inner}</w:{root}>"


def parts() -> dict[str, str | bytes]:
    return {
        "[Content_Types].xml": types(**{
            "word/document.xml": f"{CT}.document.main+xml",
            "word/vbaProject.bin": "application/vnd.ms-office.vbaProject",
            "word/chunk.html": "text/html",
            "_xmlsignatures/sig1.xml": "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml",
        }),
        "_rels/.rels": rels(("officeDocument", "word/document.xml", False), ("metadata/thumbnail", "docProps/thumbnail.png", False), ("digital-signature/origin", "_xmlsignatures/sig1.xml", False)),
        "word/header1.xml": story("hdr", para(run("鳥040号"))),
        "word/footer1.xml": story("ftr", "<w:tbl><w:tr>" + cell("鳥041号") + cell("x") + "</w:tr><w:tr>" + cell("y") + cell("z") + "</w:tr></w:tbl>"),
        "word/footnotes.xml": story("footnotes", "<w:footnote w:id='1'>" + para(run("鳥042号")) + "</w:footnote>"),
        "word/endnotes.xml": story("endnotes", "<w:endnote w:id='1'>" + para(run("鳥043号")) + "</w:endnote>"),
        "word/comments.xml": story("comments", "<w:comment w:id='1' w:author='鳥044号' w:initials='鳥045号'>" + para(run("鳥046号")) + "</w:comment>"),
        "word/people.xml": '<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:person w15:author="鳥047号"><w15:presenceInfo w15:providerId="None" w15:userId="鳥048号"/></w15:person></w15:people>',
        "word/settings.xml": story("settings", "<w:rsids><w:rsid w:val='00ABCDEF'/></w:rsids><w:mailMerge><w:connectString w:val='Data Source=C:\\鳥049号.xlsx'/><w:query w:val='SELECT * FROM 鳥050号'/></w:mailMerge><w:docVars><w:docVar w:name='n' w:val='鳥051号'/></w:docVars>"),
        "word/styles.xml": story("styles", "<w:style w:styleId='Secret'><w:name w:val='s'/><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId='Secret2'><w:name w:val='鳥052号'/><w:basedOn w:val='Secret'/></w:style>"),
        "word/glossary/document.xml": story("glossaryDocument", "<w:docParts><w:docPart><w:docPartPr><w:name w:val='鳥053号'/></w:docPartPr><w:docPartBody>" + para(run("鳥054号")) + "</w:docPartBody></w:docPart></w:docParts>"),
        "word/charts/chart1.xml": f'<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="{A}"><c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>鳥055号</c:v></c:pt></c:strCache></c:strRef></c:cat></c:chartSpace>',
        "word/diagrams/data1.xml": f'<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:a="{A}"><dgm:t><a:p><a:r><a:t>鳥056号</a:t></a:r></a:p></dgm:t></dgm:dataModel>',
        "customXml/item1.xml": "<顧客 名='鳥057号'><x>鳥058号</x></顧客>",
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>鳥059号</dc:creator><cp:lastModifiedBy>鳥060号</cp:lastModifiedBy></cp:coreProperties>',
        "docProps/app.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Company>鳥061号</Company><Manager>鳥062号</Manager></Properties>',
        "docProps/custom.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property name="鳥063号"><vt:lpwstr>鳥064号</vt:lpwstr></property></Properties>',
        "docProps/thumbnail.png": b"\x89PNG\r\n\x1a\n",
        "word/media/image1.png": b"\x89PNG\r\n\x1a\nxx",
        "word/_rels/document.xml.rels": rels(("hyperlink", "mailto:%E9%B3%A5065%E5%8F%B7@example.jp", True), ("attachedTemplate", "file:///C:/Users/鳥066号/a.dotx", True)),
        "word/_rels/settings.xml.rels": rels(("mailMergeSource", "file:///C:/鳥067号.xlsx", True)),
        "word/recipientData.xml": story("recipients", "<w:recipientData><w:column w:val='1'/><w:uniqueTag w:val='鳥068号'/></w:recipientData>"),
        "word/embeddings/a.xlsx": inner_zip("a"),
        "word/chunk.html": "<html><body>a</body></html>",
        "_xmlsignatures/sig1.xml": '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><City>鳥069号</City></Signature>',
        "word/document.xml": story("document", f"<w:body>{BODY}</w:body>"),
    }  # fmt: skip


def data() -> bytes:
    return build(parts())


def masking() -> Editor:
    editor = masking_editor()
    return Editor(editor.cell, editor.text, lambda name, _: None)


ALL = set(range(1, 70)) - {34, 39}
WHERE: dict[int, tuple[str, bool]] = {
    **dict.fromkeys((1, 3, 9, 17, 19, 22, 24, 30, 31, 36, 42, 43), ("text", False)),
    **dict.fromkeys((8, 37), ("text", True)),
    **dict.fromkeys((2, 4, 5, 6, 7), ("revision", True)),
    **dict.fromkeys((10, 11, 12, 14, 15), ("drawing", True)),
    **dict.fromkeys((13, 56), ("drawing", False)),
    **dict.fromkeys((16, 20, 21), ("hyperlink", True)),
    65: ("hyperlink", False),
    23: ("furigana", True),
    25: ("defined_name", True),
    **dict.fromkeys((26, 27, 28, 29, 18, 49, 50, 51, 53, 54), ("other", True)),
    **dict.fromkeys((33, 35), ("cell", False)),
    **dict.fromkeys((40, 41), ("header_footer", False)),
    **dict.fromkeys((44, 45, 46), ("comment", False)),
    **dict.fromkeys((47, 48), ("comment", True)),
    55: ("chart_cache", False),
    **dict.fromkeys((59, 60, 61, 62, 63, 64), ("property", True)),
    **dict.fromkeys((66, 67), ("external_link", True)),
}


def test_every_canary_is_found_where_it_is() -> None:
    texts, _ = found(docx.FORMAT, data(), NAME)
    assert numbers(texts) == ALL
    assert ("cell", "table 1!B2", False, "9012340034") in texts
    wrong = {n: places(texts, n) for n, want in WHERE.items() if want not in {(w, h) for w, _, h in places(texts, n)}}
    assert wrong == {}
    assert not any("_Toc" in text for *_, text in texts)


def test_a_paragraph_is_one_text_and_tables_are_sheets() -> None:
    plain = {k: v for k, v in parts().items() if k not in ("word/embeddings/a.xlsx", "word/chunk.html")}
    items = list(docx.read(source(build(plain), NAME), Limits()))
    body = next(i for i in items if isinstance(i, Text) and i.place.location == "word/document.xml")
    assert body.text.split("\n")[0] == "鳥001号 様\t続き"
    assert body.text.split("\n")[1] == "鳥003号"
    sheets = [i for i in items if isinstance(i, Sheet)]
    assert [
        (s.location, [(m.first_row, m.first_column, m.last_row, m.last_column) for m in s.merged]) for s in sheets
    ] == [("table 1", [(2, 0, 2, 1)])]
    after = next(i for i in items if isinstance(i, Text) and "036" in i.text)
    assert after.first_line == body.text.count("\n") + 1 + 3 + 1  # the rows of the table are lines too


def test_files_inside_and_what_is_not_read() -> None:
    content = parts() | {
        "word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x",
        "word/embeddings/o.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1y",
    }
    texts, skipped = found(docx.FORMAT, build(content), NAME)
    assert {name for where, name, *_ in texts if where == "member"} == {
        "word/embeddings/a.xlsx", "word/chunk.html", "word/embeddings/o.bin",
    }  # fmt: skip
    assert {(s.location, s.reason, s.partial) for s in skipped} == {
        ("docProps/thumbnail.png", "thumbnail", False),
        ("word/media/image1.png", "image", False),
        ("word/vbaProject.bin", "macros", True),
    }


def test_no_canary_survives_the_copy() -> None:
    copy = rewritten(docx.FORMAT, data(), NAME, masking())
    assert left_in(copy) == []
    texts, _ = found(docx.FORMAT, copy, NAME)
    assert numbers(texts) == set()
    names = members(copy)
    assert set(parts()) - set(names) == {"docProps/thumbnail.png", "_xmlsignatures/sig1.xml"}
    everything = b"".join(names.values())
    assert b"thumbnail" not in everything
    assert b"sig1.xml" not in everything


def test_formatting_stays_and_deletions_go() -> None:
    body = members(rewritten(docx.FORMAT, data(), NAME, masking()))["word/document.xml"].decode()
    assert '<w:b/></w:rPr><w:t xml:space="preserve">■■</w:t>' in body
    assert '<w:t xml:space="preserve">■■■ 様</w:t>' in body
    assert body.count("<w:tab/>") == 1
    assert "<w:del " not in body
    assert "delText" not in body


def test_a_longer_replacement_goes_to_the_first_run_it_touches() -> None:
    content = parts()
    content["word/document.xml"] = story(
        "document",
        "<w:body>" + para(run("拝啓 "), run("鳥001"), run("号", "<w:b/>"), run(" 様")) + para(run("次")) + "</w:body>",
    )
    copy = rewritten(
        docx.FORMAT, build(content), NAME, Editor(lambda *_: None, lambda p, t, n: t.replace("鳥001号", "[氏名を伏せました]"), lambda *_: None)
    )  # fmt: skip
    body = members(copy)["word/document.xml"].decode()
    texts = [t.split("</w:t>")[0] for t in body.split('<w:t xml:space="preserve">')[1:]]
    assert texts == ["拝啓 ", "[氏名を伏せました]", "", " 様", "次"]


def test_a_replacement_over_a_line_end_keeps_the_paragraphs() -> None:
    content = parts()
    content["word/document.xml"] = story("document", "<w:body>" + para(run("甲")) + para(run("東京都")) + para(run("千代田区")) + para(run("乙")) + "</w:body>")  # fmt: skip
    edit = Editor(lambda *_: None, lambda p, t, n: t.replace("東京都\n千代田区", "■■"), lambda *_: None)
    texts, _ = found(docx.FORMAT, rewritten(docx.FORMAT, build(content), NAME, edit), NAME)
    assert ("text", "word/document.xml", False, "甲\n■■\n\n乙") in texts


def test_nothing_asked_nothing_changed() -> None:
    keep = Editor(lambda *_: None, lambda *_: None, lambda *_: None)
    assert rewritten(docx.FORMAT, data(), NAME, keep) == data()


def test_untouched_members_keep_their_compressed_bytes() -> None:
    only = Editor(
        lambda *_: None, lambda p, t, n: t.replace("鳥040号", "■") if "鳥040号" in t else None, lambda *_: None
    )
    copy = rewritten(docx.FORMAT, data(), NAME, only)
    changed = {"word/header1.xml", "[Content_Types].xml", "_rels/.rels"}
    assert same_bytes(data(), copy) == set(members(copy)) - changed


def test_rewriting_asks_what_reading_gives() -> None:
    texts, _ = found(docx.FORMAT, data(), NAME)
    assert asked(docx.FORMAT, data(), NAME) == {t for t in texts if t[0] != "member"}


@pytest.mark.parametrize(
    "kind",
    ["document.main+xml", "template.main+xml"],
)
def test_sniff(kind: str) -> None:
    content = parts() | {"[Content_Types].xml": types(**{"word/document.xml": f"{CT}.{kind}"})}
    assert docx.sniff(source(build(content), "x")) == 90


def test_sniff_others() -> None:
    macro = types(**{"word/document.xml": "application/vnd.ms-word.document.macroEnabled.main+xml"})
    assert docx.sniff(source(build(parts() | {"[Content_Types].xml": macro}), "x.docm")) == 90
    assert docx.sniff(source(data()[:900], NAME)) == 20
    assert docx.sniff(source(data()[:900], "x.zip")) == 0
    assert docx.sniff(source(b"text", NAME)) == 0


def test_dtd_is_refused() -> None:
    evil = '<!DOCTYPE d [<!ENTITY a "b">]>' + story("document", "<w:body>" + para(run("&a;")) + "</w:body>")
    with pytest.raises(PiiscanError) as caught:
        found(docx.FORMAT, build(parts() | {"word/document.xml": evil}), NAME)
    assert caught.value.reason == "dtd"


def test_damaged_part_is_said_and_not_copied() -> None:
    broken = build(parts() | {"word/header1.xml": "<w:hdr>"})
    texts, skipped = found(docx.FORMAT, broken, NAME)
    assert ("word/header1.xml", "damaged_xml", True) in {(s.location, s.reason, s.partial) for s in skipped}
    assert 1 in numbers(texts)
    with pytest.raises(UnsafeCopyError):
        rewritten(docx.FORMAT, broken, NAME, masking())


def test_hostile_shapes_end_soon() -> None:
    deep = "<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000
    wide = (
        "<w:tbl>"
        + "<w:tr>"
        + cell("x", "<w:gridSpan w:val='999999999'/>") * 3
        + "</w:tr>"
        + "<w:tr>"
        + cell("鳥001号") * 3
        + "</w:tr></w:tbl>"
    )
    start = time.process_time()
    for body in (deep, wide, "<w:p/>" * 100_000, "<w:tbl>" * 200 + "</w:tbl>" * 200):
        content = parts() | {"word/document.xml": story("document", f"<w:body>{body}</w:body>")}
        found(docx.FORMAT, build(content), NAME)
    assert time.process_time() - start < 6
