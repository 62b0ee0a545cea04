"""A canary in every place where a workbook can hold a text: found in reading, gone after rewriting."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from urllib.parse import unquote

import pytest

from piiscan.errors import UnreadableError, UnsafeCopyError
from piiscan.formats import _xlsx_places, xlsx
from piiscan.model import Editor, Limits, Member, Place, Sheet, Skipped, Source, Text
from piiscan.text import cell_ref

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_REL = "http://purl.oclc.org/ooxml/officeDocument/relationships"
DRAW = "http://schemas.openxmlformats.org/drawingml/2006/main"
CANARY = re.compile(r"鳥[0-9]{3}号|90123400[0-9]{2}")


def emf(text: str) -> bytes:
    """An enhanced metafile that draws ``text``."""
    raw = text.encode("utf-16-le")
    body = struct.pack("<16xIff8xII4x16xI", 1, 1.0, 1.0, len(text), 76, 0) + raw
    body += b"\0" * (-len(body) % 4)
    header = b"\1\0\0\0" + struct.pack("<I", 88) + b"\0" * 32 + b" EMF" + b"\0" * 44
    return header + struct.pack("<II", 84, len(body) + 8) + body + struct.pack("<II", 14, 8)


def rels(*items: tuple[str, str, bool]) -> str:
    """A relationships part; each item (type, target, external) gets the ids rId1, rId2 …"""
    inner = "".join(
        f'<Relationship Id="rId{i}" Type="{REL}/{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if ext else ""}/>'
        for i, (kind, target, ext) in enumerate(items, 1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )


SHEET = f"""<worksheet xmlns="{MAIN}" xmlns:r="{REL}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
 xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><!-- 鳥090号 --><?note 鳥091号?><sheetData>
<row r="1"><c r="A1" t="s"><v>5</v></c><c r="B1" t="s"><v>6</v></c></row>
<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>9012340017</v></c></row>
<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" t="inlineStr"><is><t>鳥013号</t><rPh sb="0" eb="1"><t>トリ</t></rPh></is></c></row>
<row r="4"><c r="A4" t="s"><v>3</v></c><c r="B4" t="str"><f>"鳥016号"&amp;A9</f><v>鳥015号</v></c></row>
<row r="5"><c r="A5" t="s"><v>4</v></c><c r="B5"><f>9012340018</f><v>9012340018</v></c></row>
<row r="6"><c r="A6" t="inlineStr"><is><t>かな</t><rPh sb="0" eb="1"><t>鳥014号</t></rPh></is></c><c r="B6"><f>'鳥007号'!C9</f><v>5</v></c></row>
</sheetData>
<protectedRanges><protectedRange sqref="A1" name="鳥039号"/></protectedRanges>
<scenarios><scenario name="s" comment="鳥036号" user="鳥037号"><inputCells r="A1" val="鳥038号"/></scenario></scenarios>
<autoFilter ref="A1:B9"><filterColumn colId="0"><filters><filter val="鳥029号"/></filters></filterColumn>
<filterColumn colId="1"><customFilters><customFilter val="鳥030号"/></customFilters></filterColumn></autoFilter>
<customSheetViews><customSheetView guid="{{00000000-0000-0000-0000-000000000001}}"><headerFooter><oddFooter>&amp;R鳥019号</oddFooter></headerFooter></customSheetView></customSheetViews>
<conditionalFormatting sqref="A1"><cfRule type="containsText" text="鳥026号" priority="1"><formula>A1="鳥027号"</formula></cfRule></conditionalFormatting>
<dataValidations><dataValidation type="list" sqref="C2" prompt="鳥020号" promptTitle="鳥021号" error="鳥022号" errorTitle="鳥023号"><formula1>"鳥024号,b"</formula1></dataValidation></dataValidations>
<hyperlinks><hyperlink ref="A2" r:id="rId1" display="鳥031号" tooltip="鳥032号"/><hyperlink ref="A3" location="'鳥007号'!A1" display="x"/></hyperlinks>
<pageSetup r:id="rId2"/>
<headerFooter><oddHeader>&amp;L&amp;"MS Gothic,標準"&amp;12鳥035号&amp;R&amp;P</oddHeader></headerFooter>
<drawing r:id="rId3"/><legacyDrawing r:id="rId4"/><customProperties><customPr name="鳥040号" r:id="rId9"/></customProperties>
<tableParts><tablePart r:id="rId5"/></tableParts>
<extLst><ext uri="u"><x14:dataValidations><x14:dataValidation><x14:formula1><xm:f>"鳥025号"</xm:f></x14:formula1><xm:sqref>D1</xm:sqref></x14:dataValidation></x14:dataValidations>
<x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type="expression"><xm:f>A1="鳥028号"</xm:f></x14:cfRule></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst></worksheet>"""

STRINGS = f"""<sst xmlns="{MAIN}" count="9" uniqueCount="9"><si><t>鳥008号</t></si>
<si><r><rPr><b/></rPr><t>鳥0</t></r><r><t xml:space="preserve">09号 </t></r></si><si><t>鳥010号</t></si>
<si><t>花子</t><rPh sb="0" eb="1"><t>鳥011号</t></rPh><phoneticPr fontId="1"/></si>
<si><t>鳥012号</t><rPh sb="0" eb="1"><t>トリ</t></rPh></si><si><t>鳥049号</t></si><si><t>電話</t></si></sst>"""

CT = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def parts() -> dict[str, str | bytes]:
    """Every part of the canary workbook, text parts without declaration."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as z:
        z.writestr("a.txt", "鳥086号")
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="emf" ContentType="image/x-emf"/>'
        '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{CT}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{CT}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{CT}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{CT}.styles+xml"/>'
        f'<Override PartName="/xl/calcChain.xml" ContentType="{CT}.calcChain+xml"/>'
        f'<Override PartName="/xl/tables/table1.xml" ContentType="{CT}.table+xml"/>'
        f'<Override PartName="/xl/revisions/revisionLog1.xml" ContentType="{CT}.revisionLog+xml"/>'
        f'<Override PartName="/xl/customProperty1.bin" ContentType="{CT}.customProperty"/>'
        '<Override PartName="/_xmlsignatures/sig1.xml" ContentType="application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"/>'
        "</Types>",
        "_rels/.rels": rels(
            ("officeDocument", "xl/workbook.xml", False),
            ("metadata/thumbnail", "docProps/thumbnail.emf", False),
            ("digital-signature/origin", "_xmlsignatures/sig1.xml", False),
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><fileSharing userName="鳥006号"/>'
        '<x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" url="C:\\Users\\鳥001号\\"/>'
        '<bookViews/><sheets><sheet name="鳥007号" sheetId="1" r:id="rId1"/></sheets><definedNames>'
        '<definedName name="鳥003号" comment="鳥004号">"鳥002号"</definedName><definedName name="area">鳥007号!$A$1</definedName>'
        '</definedNames><customWorkbookViews><customWorkbookView name="鳥005号" guid="{00000000-0000-0000-0000-000000000001}" windowWidth="1" windowHeight="1" activeSheetId="1"/></customWorkbookViews></workbook>',
        "xl/_rels/workbook.xml.rels": rels(
            ("worksheet", "worksheets/sheet1.xml", False),
            ("sharedStrings", "/xl/sharedStrings.xml", False),
            ("styles", "styles.xml", False),
            ("calcChain", "calcChain.xml", False),
            ("revisionHeaders", "revisions/revisionLog1.xml", False),
        ),
        "xl/worksheets/sheet1.xml": SHEET,
        "xl/worksheets/_rels/sheet1.xml.rels": rels(
            ("hyperlink", "mailto:%E9%B3%A5034%E5%8F%B7@example.jp", True),
            ("printerSettings", "../printerSettings/printerSettings1.bin", False),
            ("drawing", "../drawings/drawing1.xml", False),
            ("vmlDrawing", "../drawings/vmlDrawing1.vml", False),
            ("table", "../tables/table1.xml", False),
            ("comments", "../comments1.xml", False),
            ("threadedComment", "../threadedComments/threadedComment1.xml", False),
            ("pivotTable", "../pivotTables/pivotTable1.xml", False),
            ("customProperty", "../customProperty1.bin", False),
        ),
        "xl/sharedStrings.xml": STRINGS,
        "xl/calcChain.xml": f'<calcChain xmlns="{MAIN}"><c r="B4" i="1"/><c r="B5" i="1"/><c r="B6" i="1"/></calcChain>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0&quot;鳥087号&quot;"/></numFmts>'
        "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
        '<cellXfs count="2"><xf/><xf numFmtId="0"/></cellXfs><cellStyles><cellStyle name="鳥088号" xfId="0"/></cellStyles></styleSheet>',
        "xl/charts/chart1.xml": f'<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="{DRAW}"><c:chart>'
        "<c:title><c:tx><c:rich><a:p><a:r><a:t>鳥04</a:t></a:r><a:r><a:t>2号</a:t></a:r></a:p></c:rich></c:tx></c:title>"
        "<c:cat><c:strRef><c:f>鳥007号!$A$1</c:f><c:strCache><c:pt idx='0'><c:v>鳥041号</c:v></c:pt></c:strCache></c:strRef></c:cat></c:chart></c:chartSpace>",
        "xl/pivotCache/pivotCacheDefinition1.xml": f'<pivotCacheDefinition xmlns="{MAIN}" refreshedBy="鳥045号"><cacheSource><worksheetSource ref="A1:B9" sheet="鳥007号"/></cacheSource>'
        '<cacheFields><cacheField name="鳥043号"><sharedItems><s v="鳥044号"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>',
        "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords xmlns="{MAIN}"><r><s v="鳥046号"/><n v="9012340046"/></r></pivotCacheRecords>',
        "xl/pivotTables/pivotTable1.xml": f'<pivotTableDefinition xmlns="{MAIN}" name="p"><pivotFields><pivotField><items><item n="鳥048号" x="0"/></items></pivotField></pivotFields>'
        '<dataFields><dataField name="鳥047号" fld="0"/></dataFields></pivotTableDefinition>',
        "xl/tables/table1.xml": f'<table xmlns="{MAIN}" id="1" name="t" displayName="t" ref="A1:B9"><tableColumns count="2"><tableColumn id="1" name="鳥049号" totalsRowLabel="鳥050号">'
        '<calculatedColumnFormula>t[鳥049号]&amp;"鳥051号"</calculatedColumnFormula></tableColumn><tableColumn id="2" name="電話"/></tableColumns>'
        '<extLst><ext><x14:table xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" altText="鳥052号"/></ext></extLst></table>',
        "xl/queryTables/queryTable1.xml": f'<queryTable xmlns="{MAIN}" name="q"><queryTableRefresh><queryTableFields><queryTableField id="1" name="鳥053号"/></queryTableFields></queryTableRefresh></queryTable>',
        "xl/connections.xml": f'<connections xmlns="{MAIN}"><connection id="1" name="鳥054号"><dbPr connection="Data Source=鳥055号"/></connection></connections>',
        "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"><externalBook><sheetNames><sheetName val="鳥057号"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1" t="str"><v>鳥056号</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>',
        "xl/externalLinks/_rels/externalLink1.xml.rels": rels(("externalLinkPath", "file:///C:/鳥058号/a.xlsx", True)),
        "xl/comments1.xml": f'<comments xmlns="{MAIN}"><authors><author>鳥059号</author></authors><commentList><comment ref="B2" authorId="0"><text><r><t>鳥</t></r><r><t>060号</t></r></text></comment></commentList></comments>',
        "xl/threadedComments/threadedComment1.xml": '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="B2" personId="p"><text>鳥061号</text></threadedComment></ThreadedComments>',
        "xl/persons/person.xml": '<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><person displayName="鳥062号" id="i" userId="鳥063号" providerId="None"/></personList>',
        "xl/drawings/drawing1.xml": f'<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="{DRAW}"><xdr:sp textlink="鳥007号!$A$1"><xdr:nvSpPr><xdr:cNvPr id="1" name="n" descr="鳥065号"/></xdr:nvSpPr><xdr:txBody><a:p><a:r><a:t>鳥064</a:t></a:r><a:r><a:t>号 様</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>',
        "xl/drawings/vmlDrawing1.vml": '<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="s" alt="鳥067号"><v:textbox><div>鳥066号<b/>鳥068号</div></v:textbox></v:shape></xml>',
        "xl/diagrams/data1.xml": f'<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:a="{DRAW}"><dgm:t><a:p><a:r><a:t>鳥069号</a:t></a:r></a:p></dgm:t></dgm:dataModel>',
        "xl/slicers/slicer1.xml": '<slicers xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><slicer name="s" caption="鳥070号"/></slicers>',
        "xl/revisions/revisionLog1.xml": f'<revisions xmlns="{MAIN}"><rcc><nc r="A1" t="inlineStr"><is><t>鳥071号</t></is></nc></rcc></revisions>',
        "xl/metadata.xml": f'<metadata xmlns="{MAIN}"><metadataStrings><s v="鳥072号"/></metadataStrings></metadata>',
        "xl/richData/rdrichvalue.xml": '<rvData xmlns="http://schemas.microsoft.com/office/spreadsheetml/2017/richdata"><rv s="0"><v>鳥073号</v></rv></rvData>',
        "xl/volatileDependencies.xml": f'<volTypes xmlns="{MAIN}"><volType><main first="鳥074号"><tp><v/><stp>鳥092号</stp></tp></main></volType></volTypes>',
        "customXml/item1.xml": "<顧客 名='鳥075号'><x>鳥076号</x>尾 鳥093号</顧客>",
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>鳥077号</dc:creator><dc:title>鳥078号</dc:title></cp:coreProperties>',
        "docProps/app.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><TitlesOfParts><vt:vector><vt:lpstr>鳥007号</vt:lpstr></vt:vector></TitlesOfParts><Company>鳥079号</Company><Manager>鳥080号</Manager></Properties>',
        "docProps/custom.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property name="鳥082号"><vt:lpwstr>鳥081号</vt:lpwstr></property></Properties>',
        "docMetadata/LabelInfo.xml": '<labelList xmlns="http://schemas.microsoft.com/office/2020/mipLabelMetadata"><label id="鳥083号"/></labelList>',
        "docProps/thumbnail.emf": emf("鳥084号"),
        "xl/printerSettings/printerSettings1.bin": "\\\\鳥085号\\P1".encode("utf-16-le").ljust(220, b"\0"),
        "xl/customProperty1.bin": "鳥094号".encode("utf-16-le"),
        "xl/embeddings/Microsoft_Excel_Sheet1.zip": inner.getvalue(),
        "customUI/customUI.xml": '<customUI xmlns="http://schemas.microsoft.com/office/2006/01/customui"><button label="鳥089号"/></customUI>',
        "_xmlsignatures/sig1.xml": '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><City>鳥095号</City></Signature>',
        "xl/unknown/thing.xml": '<thing note="鳥096号">鳥097号</thing>',
    }


WHERE = {
    **dict.fromkeys((8, 12, 13, 15), "cell"),
    **dict.fromkeys((10,), "orphan_string"),
    **dict.fromkeys((11, 14), "furigana"),
    **dict.fromkeys((20, 21, 22, 23, 24), "validation"),
    **dict.fromkeys((31, 32, 34), "hyperlink"),
    **dict.fromkeys((19, 35), "header_footer"),
    **dict.fromkeys((2, 3, 4), "defined_name"),
    7: "sheet_name",
    **dict.fromkeys((1, 6, 77, 78, 79, 80, 81, 82, 83), "property"),
    **dict.fromkeys((41,), "chart_cache"),
    **dict.fromkeys((43, 44, 45, 46, 47, 48), "pivot_cache"),
    **dict.fromkeys((56, 57, 58), "external_link"),
    **dict.fromkeys((59, 60, 61, 62, 63), "comment"),
    **dict.fromkeys((42, 64, 65, 66, 67, 68, 69, 84), "drawing"),
    71: "revision",
}
ALL = frozenset(range(1, 98)) - {17, 18, 33, 86}


def build(content: dict[str, str | bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in content.items():
            z.writestr(name, data if isinstance(data, bytes) else f'<?xml version="1.0" encoding="UTF-8"?>\n{data}')
        z.comment = comment
    return out.getvalue()


def source(data: bytes, name: str = "名簿.xlsx") -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def texts(data: bytes) -> list[tuple[str, str, str]]:
    """(where, location, text) of everything that reading gives."""
    found = []
    for item in xlsx.read(source(data), Limits()):
        if isinstance(item, Sheet):
            for batch in item.batches:
                for column, values in batch.columns.items():
                    found += [
                        ("cell", f"{item.location}!{cell_ref(row, column)}", str(value))
                        for row, value in zip(batch.rows, values, strict=True)
                        if value
                    ]
        elif isinstance(item, Text):
            found.append((item.place.where, item.place.location, item.text))
        elif isinstance(item, Member):
            found.append(("member", item.name, item.stream.read().decode("latin-1")))
            item.stream.close()
    return found


def masked(text: str) -> str | None:
    new = CANARY.sub(lambda m: "■" * 5, text)
    return None if new == text else new


def masking() -> Editor:
    return Editor(
        cell=lambda sheet, row, column, text: masked(text),
        text=lambda place, text, line: masked(text),
        member=lambda name, stream: b"PK\x05\x06" + bytes(18),
    )


def rewritten(data: bytes, editor: Editor) -> bytes:
    out = io.BytesIO()
    assert xlsx.FORMAT.rewrite is not None
    xlsx.FORMAT.rewrite(source(data), out, editor, Limits())
    return out.getvalue()


def test_every_canary_is_found_where_it_is() -> None:
    found = texts(build(parts(), "鳥098号".encode()))
    missing = {i for i in ALL if not any(f"鳥{i:03d}号" in text for _, _, text in found)}
    assert missing == set()
    assert any("鳥098号" in text for _, _, text in found)
    wrong = {
        (i, where, sorted({w for w, _, t in found if f"鳥{i:03d}号" in t}))
        for i, where in WHERE.items()
        if where not in {w for w, _, t in found if f"鳥{i:03d}号" in t}
    }
    assert wrong == set()


@pytest.mark.parametrize(
    "number, location",
    [(8, "鳥007号!A2"), (13, "鳥007号!B3"), (11, "鳥007号!A4"), (14, "鳥007号!A6"), (16, "鳥007号!B4"), (60, "鳥007号!B2"), (61, "鳥007号!B2"), (20, "鳥007号!C2"), (31, "鳥007号!A2"), (34, "鳥007号!A2"), (35, "鳥007号"), (77, "docProps/core.xml")],
)  # fmt: skip
def test_locations(number: int, location: str) -> None:
    assert location in {at for _, at, text in texts(build(parts())) if f"鳥{number:03d}号" in text}


def test_unread_parts_are_listed() -> None:
    content = {k: v for k, v in parts().items() if not k.startswith("xl/embeddings")}
    items = list(xlsx.read(source(build(content)), Limits()))
    skipped = {(s.reason, s.partial) for s in items if isinstance(s, Skipped)}
    assert skipped == {("thumbnail", False), ("printer_settings", False), ("custom_property", False)}


def test_no_canary_survives_the_copy() -> None:
    copy = rewritten(build(parts(), "鳥098号".encode()), masking())
    left = []
    with zipfile.ZipFile(io.BytesIO(copy)) as z:
        assert z.testzip() is None
        assert z.comment == b""
        for name in z.namelist():
            data = z.read(name)
            for encoding in ("utf-8", "utf-16-le", "cp932"):
                text = unquote(data.decode(encoding, "replace"))
                left += [(name, hit) for hit in re.findall(r"鳥.{0,6}|90123400[0-9]{2}", text)]
    assert left == []
    assert not [t for _, _, t in texts(copy) if CANARY.search(t)]


def test_what_a_changed_copy_must_not_carry() -> None:
    with zipfile.ZipFile(io.BytesIO(rewritten(build(parts()), masking()))) as z:
        names = set(z.namelist())
        everything = {n: z.read(n).decode("utf-8", "replace") for n in names}
    gone = {"docProps/thumbnail.emf", "_xmlsignatures/sig1.xml", "xl/revisions/revisionLog1.xml", "xl/calcChain.xml", "xl/printerSettings/printerSettings1.bin"}  # fmt: skip
    assert set(parts()) - names == gone
    for name in gone:
        assert not [n for n, text in everything.items() if name.rpartition("/")[2] in text]
    assert "pageSetup r:id" not in everything["xl/worksheets/sheet1.xml"]


def test_names_change_together() -> None:
    with zipfile.ZipFile(io.BytesIO(rewritten(build(parts()), masking()))) as z:
        everything = {n: z.read(n).decode("utf-8", "replace") for n in z.namelist()}
    assert '<sheet name="■■■■■"' in everything["xl/workbook.xml"]
    assert "'■■■■■'!$A$1" in everything["xl/workbook.xml"]
    assert "'■■■■■'!C9" in everything["xl/worksheets/sheet1.xml"]
    assert "location=\"'■■■■■'!A1\"" in everything["xl/worksheets/sheet1.xml"]
    assert "'■■■■■'!$A$1" in everything["xl/charts/chart1.xml"]
    assert 'sheet="■■■■■"' in everything["xl/pivotCache/pivotCacheDefinition1.xml"]
    assert "<vt:lpstr>■■■■■</vt:lpstr>" in everything["docProps/app.xml"]
    assert 'name="■■■■■"' in everything["xl/tables/table1.xml"]
    assert "t[■■■■■]" in everything["xl/tables/table1.xml"]


def test_nothing_asked_nothing_changed() -> None:
    data = build(parts(), "鳥098号".encode())
    keep = Editor(lambda *_: None, lambda *_: None, lambda *_: None)
    assert rewritten(data, keep) == data


def test_untouched_members_keep_their_compressed_bytes() -> None:
    data = build(parts())
    only = Editor(lambda s, r, c, text: masked(text) if "008" in text else None, lambda *_: None, lambda *_: None)
    copy = rewritten(data, only)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(copy)) as new:
        kept = [n for n in old.namelist() if n in new.namelist()]
        assert [i.filename for i in new.infolist()] == kept
        changed = {n for n in kept if old.read(n) != new.read(n)}
        for name in set(kept) - changed:
            a, b = old.getinfo(name), new.getinfo(name)
            assert (a.CRC, a.compress_size, a.date_time, a.external_attr) == (
                b.CRC,
                b.compress_size,
                b.date_time,
                b.external_attr,
            )
    assert changed == {"xl/sharedStrings.xml", "[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"}


def test_cells_are_asked_about_before_anything_else() -> None:
    asked: list[str] = []
    editor = Editor(lambda *_: asked.append("cell"), lambda p, t, n: asked.append("text"), lambda *_: None)
    rewritten(build(parts()), editor)
    assert "cell" not in asked[asked.index("text") :]


def test_rewriting_asks_what_reading_gives() -> None:
    data = build(parts())
    asked: set[tuple[str, str, str]] = set()

    def cell(sheet: str, row: int, column: int, text: str) -> None:
        asked.add(("cell", f"{sheet}!{cell_ref(row, column)}", text))

    def text(place: Place, text: str, line: int) -> None:
        asked.add((place.where, place.location, text))

    rewritten(data, Editor(cell, text, lambda *_: None))
    given = {t for t in texts(data) if t[0] != "member"}
    assert asked - given == set()
    # Names of sheets are decided once, and column names with their cells.
    assert given - asked <= {("pivot_cache", "xl/pivotCache/pivotCacheDefinition1.xml", "鳥007号")}


def test_picture_with_words_is_refused() -> None:
    content = {**parts(), "xl/media/image1.emf": emf("鳥099号")}
    with pytest.raises(UnsafeCopyError) as caught:
        rewritten(build(content), masking())
    assert caught.value.reason == "part_cannot_be_cleaned"
    assert caught.value.params["part"] == "xl/media/image1.emf"


def test_openpyxl_reads_the_copy() -> None:
    from openpyxl import load_workbook

    content = {
        k: v for k, v in parts().items() if k.startswith(("xl/w", "xl/_rels", "xl/sh", "xl/styles", "[", "_rels/"))
    }
    content["xl/worksheets/_rels/sheet1.xml.rels"] = rels(("hyperlink", "mailto:a@example.jp", True))
    content["xl/worksheets/sheet1.xml"] = re.sub(
        r"<(drawing|legacyDrawing|pageSetup|tablePart|customProperties|customSheetViews|scenarios).*?(/>\n|>\n|</\1>)",
        "",
        SHEET,
    )
    with pytest.warns(UserWarning, match="extension"):
        book = load_workbook(io.BytesIO(rewritten(build(content), masking())))
    assert book.sheetnames == ["■■■■■"]
    sheet = book.active
    assert [sheet[c].value for c in ("A1", "A2", "A3", "A4", "B2", "B3")] == [
        "■■■■■",
        "■■■■■",
        "■■■■■ ",
        "花子",
        "■■■■■",
        "■■■■■",
    ]


def test_names_stay_valid_and_distinct() -> None:
    content = parts()
    content["xl/pivotCache/pivotCacheDefinition1.xml"] = (
        f'<pivotCacheDefinition xmlns="{MAIN}"><cacheFields><cacheField name="鳥100号"><sharedItems minValue="9012340001"><s v="鳥101号"/>'
        '<s v="鳥102号"/><n v="9012340001"/><d v="1975-01-31T00:00:00"/></sharedItems></cacheField><cacheField name="鳥103号"/></cacheFields></pivotCacheDefinition>'
    )
    content["xl/charts/chart1.xml"] = (
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:f>鳥003号</c:f>'
        "<c:numCache><c:pt idx='0'><c:v>9012340001</c:v></c:pt></c:numCache></c:chartSpace>"
    )
    dates = Editor(
        lambda s, r, c, t: masked(t), lambda p, t, n: "■" if t == "1975-01-31" else masked(t), lambda n, s: None
    )
    with zipfile.ZipFile(io.BytesIO(rewritten(build(content), dates))) as z:
        cache = z.read("xl/pivotCache/pivotCacheDefinition1.xml").decode()
        chart = z.read("xl/charts/chart1.xml").decode()
        workbook = z.read("xl/workbook.xml").decode()
    assert re.findall(r'name="([^"]*)"', cache) == ["■■■■■", "■■■■■_2"]
    assert re.findall(r'v="([^"]*)"', cache) == ["■■■■■", "■■■■■_2", "0", "1900-01-01T00:00:00"]
    assert 'minValue="0"' in cache
    assert "<c:f>_____</c:f>" in chart
    assert "<c:v>0</c:v>" in chart
    assert '<definedName name="_____"' in workbook


def test_table_headers_stay_distinct_and_follow_their_names() -> None:
    content = parts()
    content["xl/sharedStrings.xml"] = STRINGS.replace("<t>電話</t>", "<t>鳥104号</t>")
    content["xl/tables/table1.xml"] = str(content["xl/tables/table1.xml"]).replace('name="電話"', 'name="鳥104号"')
    by_cell = Editor(lambda s, r, c, t: masked(t), lambda *_: None, lambda *_: None)
    by_text = Editor(lambda *_: None, lambda p, t, n: masked(t), lambda *_: None)
    for editor in (by_cell, by_text):
        copy = rewritten(build(content), editor)
        with zipfile.ZipFile(io.BytesIO(copy)) as z:
            names = re.findall(r'tableColumn id="." name="([^"]*)"', z.read("xl/tables/table1.xml").decode())
        cells = {at.rpartition("!")[2]: text for where, at, text in texts(copy) if where == "cell"}
        assert [cells["A1"], cells["B1"]] == names == ["■■■■■", "■■■■■_2"]


@pytest.mark.parametrize("half", ["&#xD800;", "&#x0DfFf;", "&#55296;", "&#057343;"])
def test_half_a_character_in_a_damaged_drawing(half: str) -> None:
    """The library that mends a damaged part gives it as bytes that it cannot read."""
    broken = (
        f'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape alt="佐藤{half}一郎 090-0123-4567"><br></v:shape></xml>'
    )
    found = {text for *_, text in texts(build({**parts(), "xl/drawings/vmlDrawing1.vml": broken}))}
    assert "佐藤\ufffd一郎 090-0123-4567" in found


def test_an_attribute_that_only_a_lenient_parser_takes_is_damage() -> None:
    from lxml import etree

    element = etree.fromstring(b'<a xmlns:="\xe5\xb1\xb1\xe7\x94\xb0"/>', etree.XMLParser(recover=True))
    (name,) = element.attrib
    field = _xlsx_places._attribute_field(element, str(name), "text", "drawing", False)
    with pytest.raises(UnreadableError, match="damaged"):
        field.put("■■")
