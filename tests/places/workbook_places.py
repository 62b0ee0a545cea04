"""Every place of a workbook (the 49 of the list, and more) with a canary in it: xlsx, xlsm, and Strict."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial

import macro_files
import outlook_files
import test_xlsx_places as template
from planting import ALL, CANARY, SHORT, SHORT_ONES, Planted, planted

from piiscan.model import Status

Parts = dict[str, str | bytes]

#: Transitional → Strict, the longer first.
_STRICT = (
    ("schemas.openxmlformats.org/officeDocument/2006/extended-properties", "purl.oclc.org/ooxml/officeDocument/extendedProperties"),
    ("schemas.openxmlformats.org/officeDocument/2006/custom-properties", "purl.oclc.org/ooxml/officeDocument/customProperties"),
    ("schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes", "purl.oclc.org/ooxml/officeDocument/docPropsVTypes"),
    ("schemas.openxmlformats.org/officeDocument/2006/relationships", "purl.oclc.org/ooxml/officeDocument/relationships"),
    ("schemas.openxmlformats.org/spreadsheetml/2006/main", "purl.oclc.org/ooxml/spreadsheetml/main"),
    ("schemas.openxmlformats.org/drawingml/2006/", "purl.oclc.org/ooxml/drawingml/"),
)  # fmt: skip
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_CX = "http://schemas.microsoft.com/office/drawing/2014/chartex"
_VBA = "xl/vbaProject.bin"


def _more() -> Parts:
    """Parts that the template does not have."""
    main, drawing = template.MAIN, template.DRAW
    return {
        "xl/charts/chartEx1.xml": f'<cx:chartSpace xmlns:cx="{_CX}" xmlns:a="{drawing}"><cx:chartData><cx:strDim><cx:f>_x</cx:f><cx:lvl><cx:pt idx="0">鳥110号</cx:pt></cx:lvl></cx:strDim></cx:chartData><cx:chart><cx:title><cx:tx><cx:txData><cx:v>鳥111号</cx:v></cx:txData></cx:tx></cx:title></cx:chart></cx:chartSpace>',
        "xl/slicerCaches/slicerCache1.xml": f'<slicerCacheDefinition xmlns="{_X14}" name="s" sourceName="鳥112号"/>',
        "xl/timelines/timeline1.xml": '<timelines xmlns="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"><timeline name="t" caption="鳥113号"/></timelines>',
        "xl/xmlMaps.xml": f'<MapInfo xmlns="{main}"><Schema ID="s"><e note="鳥114号"/></Schema></MapInfo>',
        "xl/tables/tableSingleCells1.xml": f'<singleXmlCells xmlns="{main}"><singleXmlCell id="1" r="A1"><xmlCellPr id="1" uniqueName="鳥115号"/></singleXmlCell></singleXmlCells>',
        "xl/ctrlProps/ctrlProp1.xml": f'<formControlPr xmlns="{_X14}" objectType="List"><itemLst><item val="鳥116号"/></itemLst></formControlPr>',
        "xl/webextensions/webextension1.xml": '<we:webextension xmlns:we="http://schemas.microsoft.com/office/webextensions/webextension/2010/11"><we:properties><we:property name="p" value="鳥117号"/></we:properties></we:webextension>',
        "xl/cellimages.xml": f'<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" xmlns:xdr="urn:x" xmlns:a="{drawing}"><etc:cellImage><xdr:cNvPr id="1" name="鳥118号"/></etc:cellImage></etc:cellImages>',
        "xl/revisions/userNames.xml": f'<users xmlns="{main}"><userInfo guid="x" name="鳥119号" id="1"/></users>',
        "xl/revisions/revisionHeaders.xml": f'<headers xmlns="{main}"><header guid="x" userName="鳥120号"/></headers>',
        "xl/diagrams/drawing1.xml": f'<dsp:drawing xmlns:dsp="http://schemas.microsoft.com/office/drawing/2008/diagram" xmlns:a="{drawing}"><dsp:txBody><a:p><a:r><a:t>鳥121号</a:t></a:r></a:p></dsp:txBody></dsp:drawing>',
        "xl/drawings/userShapes1.xml": f'<c:userShapes xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="{drawing}"><a:p><a:r><a:t>鳥122号</a:t></a:r></a:p></c:userShapes>',
        "xl/macrosheets/sheet1.xml": f'<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" xmlns="{main}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>鳥123号</t></is></c></row></sheetData></xm:macrosheet>',
        "xl/dialogsheets/sheet1.xml": f'<dialogsheet xmlns="{main}"><headerFooter><oddHeader>&amp;C鳥124号</oddHeader></headerFooter></dialogsheet>',
        "xl/chartsheets/sheet1.xml": f'<chartsheet xmlns="{main}"><headerFooter><oddFooter>&amp;C鳥125号</oddFooter></headerFooter></chartsheet>',
    }  # fmt: skip


#: Canary → (row of the list, where, hidden, part of the location).
_PLACES: dict[int, tuple[int, str, bool, str]] = {
    8: (1, "cell", False, "!A2"), 9: (1, "cell", False, "!A3"), 10: (2, "orphan_string", True, "sharedStrings"),
    11: (3, "furigana", True, "!A4"), 12: (3, "cell", False, "!A5"), 13: (4, "cell", False, "!B3"), 14: (4, "furigana", True, "!A6"),
    15: (5, "cell", False, "!B4"), 16: (6, "other", True, "!B4"),
    **dict.fromkeys((20, 21, 22, 23, 24), (7, "validation", True, "!C2")), 25: (7, "validation", True, "!D1"),
    26: (8, "other", True, "!A1"), 27: (8, "other", True, "!A1"), 28: (8, "other", True, ""),
    29: (9, "other", True, "!A1"), 30: (9, "other", True, "!A1"),
    31: (10, "hyperlink", False, "!A2"), 32: (10, "hyperlink", False, "!A2"), 34: (11, "hyperlink", False, "!A2"),
    19: (12, "header_footer", False, ""), 35: (12, "header_footer", False, ""),
    36: (13, "other", True, ""), 37: (13, "other", True, ""), 38: (13, "other", True, ""), 39: (13, "other", True, "!A1"),
    40: (13, "other", True, ""), 94: (13, "other", True, "customProperty1"),
    7: (14, "sheet_name", False, "workbook.xml"), 2: (15, "defined_name", True, ""), 3: (15, "defined_name", True, ""),
    4: (15, "defined_name", True, ""), 1: (16, "property", True, "workbook.xml"), 5: (17, "other", True, "workbook.xml"),
    6: (17, "property", True, "workbook.xml"), 41: (18, "chart_cache", False, "chart1"), 42: (18, "drawing", False, "chart1"),
    110: (19, "chart_cache", False, "chartEx1"), 111: (19, "chart_cache", False, "chartEx1"),
    **dict.fromkeys((43, 44, 45), (20, "pivot_cache", True, "Definition1")), 46: (21, "pivot_cache", True, "Records1"),
    47: (22, "pivot_cache", True, ""), 48: (22, "pivot_cache", True, ""),
    49: (23, "header", False, "!A1"), 50: (23, "header", False, "!A1"), 51: (23, "header", False, "!A1"), 52: (23, "other", True, "!A1"),
    53: (24, "other", True, "queryTable1"), 54: (25, "other", True, "connections"), 55: (25, "other", True, "connections"),
    56: (26, "external_link", True, "externalLink1"), 57: (26, "external_link", True, "externalLink1"), 58: (26, "external_link", True, ".rels"),
    59: (27, "comment", False, ""), 60: (27, "comment", False, "!B2"), 61: (28, "comment", False, "!B2"),
    62: (28, "comment", True, "person"), 63: (28, "comment", True, "person"),
    64: (29, "drawing", False, ""), 65: (29, "drawing", True, ""), 122: (29, "drawing", False, "userShapes1"),
    66: (30, "drawing", False, ""), 67: (30, "drawing", True, ""), 68: (30, "drawing", False, ""),
    69: (31, "drawing", False, "data1"), 121: (31, "drawing", False, "drawing1"),
    70: (32, "other", True, "slicer1"), 112: (32, "other", True, "slicerCache1"), 113: (32, "other", True, "timeline1"),
    71: (33, "revision", True, "revisionLog1"), 119: (33, "revision", True, "userNames"), 120: (33, "revision", True, "revisionHeaders"),
    72: (34, "other", True, "metadata"), 73: (34, "other", True, "rdrichvalue"),
    74: (35, "other", True, "volatile"), 92: (35, "other", True, "volatile"),
    75: (36, "other", True, "item1"), 76: (36, "other", True, "item1"), 93: (36, "other", True, "item1"),
    114: (37, "other", True, "xmlMaps"), 115: (37, "other", True, "tableSingleCells1"),
    77: (38, "property", True, "core"), 78: (38, "property", True, "core"), 79: (39, "property", True, "app"), 80: (39, "property", True, "app"),
    81: (40, "property", True, "custom"), 82: (40, "property", True, "custom"), 83: (40, "property", True, "LabelInfo"),
    84: (41, "drawing", True, "thumbnail"), 85: (43, "other", True, "printerSettings1"), 116: (45, "other", True, "ctrlProp1"),
    123: (46, "cell", True, "!A1"), 124: (46, "header_footer", False, "dialogsheets"), 125: (46, "header_footer", False, "chartsheets"),
    87: (47, "other", True, "styles"), 88: (47, "other", True, "styles"), 89: (48, "other", True, "customUI"),
    95: (48, "other", True, "sig1"), 96: (48, "other", True, "thing"), 97: (48, "other", True, "thing"),
    117: (48, "other", True, "webextension1"), 118: (48, "other", True, "cellimages"),
    90: (49, "other", True, ""), 91: (49, "other", True, ""),
}  # fmt: skip


def _parts(number: int) -> Parts:
    parts = planted({**template.parts(), **_more()}, number, SHORT if number == 7 else CANARY)
    # Telephone numbers of the template would be finds of their own.
    parts = {name: part.replace("90123400", "123") if isinstance(part, str) else part for name, part in parts.items()}
    if number == 7:  # a name with a space stands in quotation marks
        bare = re.compile(f"(?<!'){SHORT}!")
        parts = {name: bare.sub(f"'{SHORT}'!", part) if isinstance(part, str) else part for name, part in parts.items()}
    elif number == 84:
        parts["docProps/thumbnail.emf"] = template.emf(CANARY)
    elif number == 85:
        parts["xl/printerSettings/printerSettings1.bin"] = f"\\\\{SHORT}".encode("utf-16-le").ljust(220, b"\0")
    elif number == 94:
        parts["xl/customProperty1.bin"] = CANARY.encode("utf-16-le")
    return parts


def _inside(inner: str, data: bytes) -> Parts:
    parts = _parts(0)
    del parts["xl/embeddings/Microsoft_Excel_Sheet1.zip"]
    return {**parts, inner: data}


def small_workbook(text: str, rows: str = "", *, state: str = "", before: str = "", behind: str = "") -> bytes:
    """A workbook with one cell, or with these rows; ``state``: of the sheet, ``before`` and ``behind``: its rows."""
    rows = rows or f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'
    return template.build({
        "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{template.CT}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{template.CT}.worksheet+xml"/></Types>',
        "_rels/.rels": template.rels(("officeDocument", "xl/workbook.xml", False)),
        "xl/workbook.xml": f'<workbook xmlns="{template.MAIN}" xmlns:r="{template.REL}"><sheets><sheet name="S" sheetId="1" r:id="rId1"{state}/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": template.rels(("worksheet", "worksheets/sheet1.xml", False)),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{template.MAIN}">{before}<sheetData>{rows}</sheetData>{behind}</worksheet>',
    })  # fmt: skip


def _row(number: int, text: str, attributes: str = "") -> str:
    return f'<row r="{number}"{attributes}><c r="A{number}" t="inlineStr"><is><t>備考{number}</t></is></c><c r="B{number}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def _cells() -> Iterator[tuple[str, bytes, bool, frozenset[str]]]:
    """Cells that are not seen, or not stored as others are: (id, workbook, hidden, entities)."""
    plain = _row(1, "件") + _row(2, CANARY) + _row(3, "無")
    yield "hidden_sheet", small_workbook("", plain, state=' state="hidden"'), True, ALL
    yield "very_hidden_sheet", small_workbook("", plain, state=' state="veryHidden"'), True, ALL
    yield "hidden_row", small_workbook("", _row(1, "件") + _row(2, CANARY, ' hidden="1"') + _row(3, "無")), True, ALL
    columns = '<cols><col min="2" max="2" width="9" hidden="1"/></cols>'
    yield "hidden_column", small_workbook("", plain, before=columns), True, ALL
    filtered = '<autoFilter ref="A1:B3"><filterColumn colId="0"><filters><filter val="x"/></filters></filterColumn></autoFilter>'
    rows = _row(1, "件") + _row(2, CANARY, ' hidden="true"') + _row(3, "無")
    yield "filtered_row", small_workbook("", rows, behind=filtered), True, ALL
    escaped = "".join(f"_x{ord(c):04X}_" for c in CANARY)
    yield "escaped", small_workbook(escaped), False, ALL
    entities = "".join(f"&#x{ord(c):X};" for c in CANARY)
    yield "references", small_workbook(entities), False, ALL
    yield "cdata", small_workbook(f"<![CDATA[{CANARY}]]>"), False, ALL
    numbers = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>{value}</v></c></row>'
        for n, value in enumerate((9007418523, 8007418524, 7007418525), 2)
    )
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>番号</t></is></c><c r="B1" t="inlineStr"><is><t>携帯電話</t></is></c></row>'
    yield "number", small_workbook("", head + numbers), False, frozenset({"phone"})


def _wide_parts() -> bytes:
    """The workbook with every part in UTF-16 and under names in capitals with a backslash."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(small_workbook(CANARY))) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            text = old.read(info).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
            name = info.filename if info.filename.startswith(("[", "_")) else info.filename.upper().replace("/", "\\")
            new.writestr(name, text.encode("utf-16"))
    return out.getvalue()


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr(name, data)
    return out.getvalue()


def _svg() -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><text>{CANARY}</text></svg>'.encode()


def _special() -> Iterator[tuple[str, int, Parts, dict[str, object]]]:
    """Places that are files or binaries of their own: (id, row, parts, how it differs)."""
    clean = "part_cannot_be_cleaned"
    picture = {"where": "drawing", "hidden": True, "location": "image9", "refused": clean}
    yield "media_emf", 42, {**_parts(0), "xl/media/image9.emf": template.emf(CANARY)}, picture
    yield "media_svg", 42, {**_parts(0), "xl/media/image9.svg": _svg()}, picture
    partial_status: dict[str, object] = {"status": Status.PARTIAL, "hidden": True, "refused": "copy_not_read_whole"}
    book = small_workbook(CANARY)
    yield (
        "embedded_xlsx",
        45,
        _inside("xl/embeddings/book1.xlsx", book),
        {"where": "cell", "member": "xl/embeddings/book1.xlsx"},
    )
    yield "embedded_zip", 45, _inside("xl/embeddings/a.zip", zipped("a.txt", CANARY.encode())), {"where": "text", "member": "xl/embeddings/a.zip/a.txt"}  # fmt: skip
    yield (
        "vba_module",
        44,
        {**_parts(0), _VBA: macro_files.project(CANARY)},
        {**partial_status, "where": "other", "location": "vbaProject"},
    )
    ole = outlook_files.compound({"\x01Ole10Native": macro_files.native("a.txt", CANARY.encode("cp932"))})
    yield "embedded_ole", 45, _inside("xl/embeddings/oleObject1.bin", ole), {**partial_status, "status": Status.SCANNED, "where": "text", "hidden": False, "member": "xl/embeddings/oleObject1.bin/a.txt", "refused": "copy_format_not_written"}  # fmt: skip
    control = outlook_files.compound({"contents": CANARY.encode("utf-16-le")})
    yield (
        "activex",
        45,
        _inside("xl/activeX/activeX1.bin", control),
        {**partial_status, "where": "other", "member": "xl/activeX/activeX1.bin"},
    )
    yield "data_model", 35, {**_parts(0), "xl/model/item.data": bytes(64) + CANARY.encode("utf-16-le")}, {**partial_status, "where": "other", "location": "item.data"}  # fmt: skip
    yield "trash", 48, {**_parts(0), "[trash]/0000.dat": bytes(64) + CANARY.encode("utf-16-le")}, {**partial_status, "where": "other", "location": "0000.dat", "refused": None}  # fmt: skip


def _variant(parts: Parts, kind: str, comment: bytes = b"") -> bytes:
    if kind == "strict":
        parts = {name: strict(part) if isinstance(part, str) else part for name, part in parts.items()}
    elif kind == "xlsm":
        types = str(parts["[Content_Types].xml"])
        parts = {**parts, "[Content_Types].xml": types.replace(f"{template.CT}.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml")}  # fmt: skip
    return template.build(parts, comment)


def strict(part: str) -> str:
    for old, new in _STRICT:
        part = part.replace(old, new)
    return part


def _make(number: int, kind: str) -> bytes:
    return _variant(_parts(number), kind)


def files() -> Iterator[Planted]:
    """All of them."""
    for kind in ("xlsx", "xlsm", "strict"):
        name = f"a.{'xlsm' if kind == 'xlsm' else 'xlsx'}"
        for number, (row, where, hidden, location) in _PLACES.items():
            entities = SHORT_ONES if number in (7, 85) else ALL
            yield Planted(f"{kind}-{row:02}-{number}", name, partial(_make, number, kind), where, hidden, location, entities=entities)  # fmt: skip
        for id_, row, parts, differs in _special():
            yield Planted(f"{kind}-{row:02}-{id_}", name, partial(_variant, parts, kind), **differs)  # type: ignore[arg-type]
        yield Planted(
            f"{kind}-48-zip_comment", name, partial(_variant, _parts(0), kind, CANARY.encode()), "other", hidden=True
        )

    for id_, data, hidden, entities in _cells():
        yield Planted(f"cells-01-{id_}", "a.xlsx", partial(bytes, data), "cell", hidden, "S", entities=entities)
    yield Planted("cells-01-utf16", "a.xlsx", _wide_parts, "cell")


def rows(all_files: Mapping[str, Planted]) -> set[int]:
    """The rows of the list that have a file."""
    return {int(id_.split("-")[1]) for id_ in all_files}
