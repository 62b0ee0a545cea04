"""A canary in every place where a presentation can hold a text: found in reading, gone after rewriting."""

from __future__ import annotations

import pytest
from document_files import (
    REL,
    asked,
    build,
    found,
    inner_zip,
    left_in,
    masking,
    members,
    numbers,
    places,
    rels,
    rewritten,
    same_bytes,
    source,
    types,
)  # fmt: skip

from piiscan.errors import PiiscanError
from piiscan.formats import pptx
from piiscan.model import Editor, Limits, Sheet, Text

NAME = "説明.pptx"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
NS = f'xmlns:a="{A}" xmlns:p="{P}" xmlns:r="{REL}"'
CT = "application/vnd.openxmlformats-officedocument.presentationml"


def para(*texts: str) -> str:
    return "<a:p>" + "<a:br/>".join(f"<a:r><a:rPr/><a:t>{t}</a:t></a:r>" for t in texts) + "</a:p>"


def shape(*paragraphs: str, name: str = "n", kind: str = "") -> str:
    ph = f"<p:nvPr><p:ph type='{kind}'/></p:nvPr>" if kind else ""
    return f"<p:sp><p:nvSpPr><p:cNvPr id='1' name='{name}'/>{ph}</p:nvSpPr><p:txBody>{''.join(paragraphs)}</p:txBody></p:sp>"


def table(*rows: tuple[str, ...]) -> str:
    cells = "".join(
        "<a:tr>" + "".join(f"<a:tc><a:txBody>{para(c)}</a:txBody></a:tc>" for c in r) + "</a:tr>" for r in rows
    )
    return (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{cells}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def part(root: str, inner: str, attributes: str = "") -> str:
    return f"<p:{root} {NS} {attributes}><p:cSld><p:spTree>{inner}</p:spTree></p:cSld></p:{root}>"


SLIDE = (
    shape("<a:p><a:r><a:t>鳥0</a:t></a:r><a:r><a:rPr b='1'/><a:t>01号</a:t></a:r></a:p>", para("鳥002号", "鳥003号"))
    + shape(para("鳥004号"), kind="ftr")
    + table(("氏名", "電話"), ("鳥005号", "9012340006"))
    + table(("鳥007号", "鳥008号"))
    + "<p:pic><p:nvPicPr><p:cNvPr id='2' name='鳥009号' descr='鳥010号' title='鳥011号'><a:hlinkClick r:id='rId1' tooltip='鳥012号'/></p:cNvPr></p:nvPicPr></p:pic>"
)


def parts() -> dict[str, str | bytes]:
    return {
        "[Content_Types].xml": types(**{"ppt/presentation.xml": f"{CT}.presentation.main+xml"}),
        "_rels/.rels": rels(("officeDocument", "ppt/presentation.xml", False), ("metadata/thumbnail", "docProps/thumbnail.png", False)),
        "ppt/presentation.xml": f'<p:presentation {NS}><p:sldIdLst><p:sldId id="256" r:id="rId2"/><p:sldId id="257" r:id="rId1"/></p:sldIdLst>'
        '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"><p14:section name="鳥020号"/></p14:sectionLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": rels(("slide", "slides/slide1.xml", False), ("slide", "slides/slide2.xml", False)),
        "ppt/slides/slide1.xml": part("sld", shape(para("鳥021号")), "show='0'"),
        "ppt/slides/slide2.xml": part("sld", SLIDE),
        "ppt/slides/_rels/slide2.xml.rels": rels(
            ("hyperlink", "mailto:%E9%B3%A5022%E5%8F%B7@example.jp", True), ("notesSlide", "../notesSlides/notesSlide1.xml", False), ("comments", "../comments/comment1.xml", False)
        ),
        "ppt/notesSlides/notesSlide1.xml": part("notes", shape(para("鳥023号"))),
        "ppt/comments/comment1.xml": f"<p:cmLst {NS}><p:cm><p:text>鳥024号</p:text></p:cm></p:cmLst>",
        "ppt/comments/modern.xml": f'<p188:cmLst xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main" xmlns:a="{A}"><p188:cm><p188:txBody>{para("鳥025号")}</p188:txBody></p188:cm></p188:cmLst>',
        "ppt/commentAuthors.xml": f'<p:cmAuthorLst {NS}><p:cmAuthor name="鳥026号" initials="鳥027号"/></p:cmAuthorLst>',
        "ppt/authors.xml": '<p188:authorLst xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main"><p188:author name="鳥028号" userId="鳥029号"/></p188:authorLst>',
        "ppt/slideMasters/slideMaster1.xml": part("sldMaster", shape(para("鳥030号"))),
        "ppt/slideLayouts/slideLayout1.xml": part("sldLayout", shape(para("鳥031号"))),
        "ppt/charts/chart1.xml": f'<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="{A}"><c:v>鳥032号</c:v></c:chartSpace>',
        "ppt/tags/tag1.xml": f'<p:tagLst {NS}><p:tag name="n" val="鳥033号"/></p:tagLst>',
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>鳥034号</dc:creator></cp:coreProperties>',
        "docProps/thumbnail.png": b"\x89PNG\r\n\x1a\n",
        "ppt/embeddings/a.xlsx": inner_zip("a"),
    }  # fmt: skip


ALL = {*range(1, 13), *range(20, 35)} - {6}
WHERE: dict[int, tuple[str, str, bool]] = {
    **dict.fromkeys((1, 2, 3, 7, 8), ("text", "slide 1", False)),
    4: ("header_footer", "slide 1", False),
    5: ("cell", "slide 1 table 1!A2", False),
    **dict.fromkeys((9, 10, 11, 12), ("drawing", "slide 1", True)),
    20: ("other", "ppt/presentation.xml", True),
    21: ("text", "slide 2", True),
    22: ("hyperlink", "ppt/slides/_rels/slide2.xml.rels", False),
    23: ("text", "slide 1 notes", False),
    24: ("comment", "slide 1 comments", False),
    25: ("comment", "ppt/comments/modern.xml", False),
    **dict.fromkeys((26, 27), ("comment", "ppt/commentAuthors.xml", True)),
    **dict.fromkeys((28, 29), ("comment", "ppt/authors.xml", True)),
    30: ("other", "ppt/slideMasters/slideMaster1.xml", True),
    31: ("other", "ppt/slideLayouts/slideLayout1.xml", True),
    32: ("chart_cache", "ppt/charts/chart1.xml", False),
    33: ("other", "ppt/tags/tag1.xml", True),
    34: ("property", "docProps/core.xml", True),
}


def data() -> bytes:
    return build(parts())


def test_every_canary_is_found_where_it_is() -> None:
    texts, skipped = found(pptx.FORMAT, data(), NAME)
    assert numbers(texts) == ALL
    assert {n: places(texts, n) for n, want in WHERE.items() if want not in places(texts, n)} == {}
    assert {(s.reason, s.partial) for s in skipped} == {("thumbnail", False)}
    assert ("member", "ppt/embeddings/a.xlsx") in {t[:2] for t in texts}


def test_a_slide_is_one_text_with_its_breaks() -> None:
    plain = {k: v for k, v in parts().items() if k != "ppt/embeddings/a.xlsx"}
    items = list(pptx.read(source(build(plain), NAME), Limits()))
    slide = next(i.text for i in items if isinstance(i, Text) and i.place.location == "slide 1")
    assert slide == "鳥001号\n鳥002号\n鳥003号\n鳥007号\n鳥008号"
    assert [i.location for i in items if isinstance(i, Sheet)] == ["slide 1 table 1"]


def test_no_canary_survives_the_copy() -> None:
    copy = rewritten(pptx.FORMAT, data(), NAME, masking())
    assert left_in(copy) == []
    assert numbers(found(pptx.FORMAT, copy, NAME)[0]) == set()
    assert set(parts()) - set(members(copy)) == {"docProps/thumbnail.png"}
    slide = members(copy)["ppt/slides/slide2.xml"].decode()
    assert "<a:t>■■</a:t></a:r><a:r><a:rPr b='1'/><a:t>■■■</a:t>".replace("'", '"') in slide
    assert "<a:br/>" in slide


def test_untouched_members_keep_their_compressed_bytes() -> None:
    keep = Editor(lambda *_: None, lambda *_: None, lambda *_: None)
    assert rewritten(pptx.FORMAT, data(), NAME, keep) == data()
    only = Editor(lambda s, r, c, t: "■" if t == "鳥005号" else None, lambda *_: None, lambda *_: None)
    copy = rewritten(pptx.FORMAT, data(), NAME, only)
    changed = {"ppt/slides/slide2.xml", "[Content_Types].xml", "_rels/.rels"}
    assert same_bytes(data(), copy) | {"[Content_Types].xml"} == (set(members(copy)) - changed) | {
        "[Content_Types].xml"
    }


def test_rewriting_asks_what_reading_gives() -> None:
    texts, _ = found(pptx.FORMAT, data(), NAME)
    assert asked(pptx.FORMAT, data(), NAME) == {t for t in texts if t[0] != "member"}


def test_sniff_and_dtd() -> None:
    assert pptx.sniff(source(data(), "x")) == 90
    assert pptx.sniff(source(data()[:500], NAME)) == 20
    assert pptx.sniff(source(b"text", NAME)) == 0
    evil = parts() | {"ppt/slides/slide2.xml": "<!DOCTYPE a>" + part("sld", SLIDE)}
    with pytest.raises(PiiscanError) as caught:
        found(pptx.FORMAT, build(evil), NAME)
    assert caught.value.reason == "dtd"
