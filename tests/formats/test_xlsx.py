"""Cells of workbooks in all the shapes that producers write, and in the shapes that attackers write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from piiscan.errors import LimitError, PiiscanError, UnreadableError, UnsafeCopyError
from piiscan.formats import _xlsx_sheet, xlsx
from piiscan.formats._xlsx_numbers import formatter_for, plain_number
from piiscan.model import CellRange, Editor, Limits, Sheet, Skipped, Source, Text
from piiscan.text import cell_ref

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_REL = "http://purl.oclc.org/ooxml/officeDocument/relationships"
CT = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def book(
    rows: str = "",
    *,
    strings: str = "",
    styles: str = "",
    before: str = "",
    after: str = "",
    workbook: str = "",
    state: str = "",
    change: Callable[[dict[str, str | bytes]], None] = lambda parts: None,
) -> bytes:
    """A workbook of one sheet, 名簿; ``change`` may alter the parts before they are packed."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{CT}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{CT}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{CT}.sharedStrings+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">{workbook}<sheets><sheet name="名簿" sheetId="1" {state} r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>',
    }
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    if styles:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in parts.items():
            z.writestr(name, data)
    return out.getvalue()


def source(data: bytes, name: str = "名簿.xlsx") -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def sheets(data: bytes, limits: Limits | None = None) -> list[tuple[Sheet, dict[str, str]]]:
    found = []
    for item in xlsx.read(source(data), limits or Limits()):
        if isinstance(item, Sheet):
            cells: dict[str, str] = {}
            for batch in item.batches:
                assert list(batch.rows) == sorted(set(batch.rows))
                for column, values in batch.columns.items():
                    assert len(values) == len(batch.rows)
                    cells.update({cell_ref(r, column): str(v) for r, v in zip(batch.rows, values, strict=True) if v})
            found.append((item, cells))
    return found


def cells(data: bytes) -> dict[str, str]:
    return sheets(data)[0][1]


def copy_of(data: bytes, answer: Callable[[str], str | None]) -> bytes:
    out = io.BytesIO()
    editor = Editor(lambda s, r, c, text: answer(text), lambda place, text, line: answer(text), lambda n, s: None)
    xlsx.rewrite(source(data), out, editor, Limits())
    return out.getvalue()


# ---------------------------------------------------------------- kinds of cells


def test_kinds_of_cells() -> None:
    data = book(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><r><t>山</t></r><r><rPr><b/></rPr><t>田</t></r><rPh sb="0" eb="1"><t>ヤマ</t></rPh></is></c>'
        '<c r="C1" t="str"><f>A1&amp;"x"</f><v>a&amp;b&#10;c</v></c><c r="D1"><v>9.012345678E9</v></c><c r="E1" t="b"><v>1</v></c>'
        '<c r="F1" t="e"><v>#N/A</v></c><c r="G1" t="d"><v>1975-01-31T00:00:00</v></c><c r="H1" s="0"/><c r="I1"><v>0.10000000000000001</v></c>'
        '<c r="J1" t="s"><v>1</v></c><c r="K1" t="s"><v>99</v></c></row>',
        strings="<si><t>東京_x000D_\n都</t></si><si><r><t>佐</t></r><r><t xml:space='preserve'>藤 </t></r><rPh sb='0' eb='1'><t>サトウ</t></rPh></si>",
    )
    assert cells(data) == {
        "A1": "東京\r\n都", "B1": "山田", "C1": "a&b\nc", "D1": "9012345678", "E1": "TRUE", "F1": "#N/A",
        "G1": "1975-01-31", "I1": "0.1", "J1": "佐藤 ",
    }  # fmt: skip
    readings = []
    for item in xlsx.read(source(data), Limits()):
        if isinstance(item, Sheet):
            list(item.batches)
        elif isinstance(item, Text) and item.place.where == "furigana":
            readings.append((item.place.location, item.text))
    assert readings == [("名簿!B1", "ヤマ"), ("名簿!J1", "サトウ")]


STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="00000000000"/><numFmt numFmtId="165" formatCode="000\\-0000"/>'
    '<numFmt numFmtId="166" formatCode="[&lt;=99999999]####\\-####;\\(00\\)\\ ####\\-####"/>'
    '<numFmt numFmtId="167" formatCode="[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="168" formatCode="#,##0&quot;円&quot;"/></numFmts>'
    "<cellXfs>"
    + "".join(f'<xf numFmtId="{n}"/>' for n in (0, 14, 164, 165, 166, 167, 168, 22, 27, 57, 20))
    + "</cellXfs>"
)


@pytest.mark.parametrize(
    "style, value, text",
    [(1, "27425", "1975-01-31"), (2, "9012345678", "09012345678"), (3, "600001", "060-0001"), (4, "300000000", "(03) 0000-0000"),
     (4, "12345678", "1234-5678"), (5, "27425", "1975-01-31"), (6, "6000", "6000"), (7, "27425.333333333332", "1975-01-31 08:00:00"),
     (8, "27425", "1975-01-31"), (9, "27425", "1975-01-31"), (10, "0.5", "12:00:00"), (1, "abc", "abc"), (1, "1E9", "1000000000"), (0, "1.0", "1"), (99, "5", "5")],
)  # fmt: skip
def test_numbers_read_as_they_show(style: int, value: str, text: str) -> None:
    assert cells(book(f'<row r="1"><c r="A1" s="{style}"><v>{value}</v></c></row>', styles=STYLES)) == {"A1": text}


def test_the_1904_calendar() -> None:
    data = book(
        '<row r="1"><c r="A1" s="1"><v>25963</v></c></row>', styles=STYLES, workbook='<workbookPr date1904="1"/>'
    )
    assert cells(data) == {"A1": "1975-01-31"}


@pytest.mark.parametrize(
    "code, kind",
    [("General", ""), ("0.00E+00", ""), ('0"日"', ""), ("[h]:mm:ss", "time"), ("yyyy/m/d;@", "date"), ("m\\月", "date"), ("@", ""), ("[Red]0", ""), ("mm:ss.0", "time")],
)  # fmt: skip
def test_date_formats(code: str, kind: str) -> None:
    shown = formatter_for(200, code, date1904=False)("27425.5")
    assert shown == {"": "27425.5", "date": "1975-01-31 12:00:00", "time": "1975-01-31 12:00:00"}[kind]


def test_plain_numbers() -> None:
    assert [plain_number(n) for n in ("007", "1e-7", "123456789012345678", " 5 ", "nan", "-0.50")] == [
        "007", "0.0000001", "123456789012345678", "5", "nan", "-0.5",
    ]  # fmt: skip


# ---------------------------------------------------------------- shapes of parts

PLAIN = (
    '<row r="7"><c r="C7" t="s"><v>0</v></c><c r="D7"><v>5</v></c></row>'
    '<row r="8"><c r="C8" t="inlineStr"><is><t>佐藤 &lt;健&gt;</t></is></c><c r="E8" t="str"><f>A1</f><v>x</v></c></row>'
)
TRUTH = {"C7": "山田 太郎", "D7": "5", "C8": "佐藤 <健>", "E8": "x"}


def strict_form(parts: dict[str, str | bytes]) -> None:
    for name, data in parts.items():
        parts[name] = str(data).replace(MAIN, STRICT).replace(REL, STRICT_REL)


def utf16(parts: dict[str, str | bytes]) -> None:
    for name, data in parts.items():
        parts[name] = f'<?xml version="1.0" encoding="UTF-16"?>{data}'.encode("utf-16")


def cp932(parts: dict[str, str | bytes]) -> None:
    for name, data in parts.items():
        parts[name] = f'<?xml version="1.0" encoding="Shift_JIS"?>{data}'.encode("cp932")


def backslashes(parts: dict[str, str | bytes]) -> None:
    for name in [n for n in parts if n.startswith("xl/")]:
        parts[name.replace("/", "\\")] = parts.pop(name)


def absolute(parts: dict[str, str | bytes]) -> None:
    for name in [n for n in parts if n.startswith("xl/")]:
        parts["/" + name] = parts.pop(name)


def prefixed(parts: dict[str, str | bytes]) -> None:
    import re

    for name in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"):
        text = re.sub(r"<(/?)(\w)", r"<\1x:\2", str(parts[name])).replace("xmlns=", "xmlns:x=")
        parts[name] = text


def comments(parts: dict[str, str | bytes]) -> None:
    name = "xl/worksheets/sheet1.xml"
    parts[name] = str(parts[name]).replace('<c r="D7">', '<!-- <c r="Z9"><v>1</v></c> --><c r="D7">')
    parts["xl/sharedStrings.xml"] = str(parts["xl/sharedStrings.xml"]).replace("<t>山田", "<t><!-- no -->山田")


def cdata(parts: dict[str, str | bytes]) -> None:
    name = "xl/worksheets/sheet1.xml"
    parts[name] = str(parts[name]).replace("<t>佐藤 &lt;健&gt;</t>", "<t><![CDATA[佐藤 <健>]]></t>")


def odd_attributes(parts: dict[str, str | bytes]) -> None:
    name = "xl/worksheets/sheet1.xml"
    parts[name] = str(parts[name]).replace('<c r="C7" t="s">', "<c t='s' r='C7'>").replace("\n", "\r\n")


def other_names(parts: dict[str, str | bytes]) -> None:
    parts["xl/a.bin"] = parts.pop("xl/worksheets/sheet1.xml")
    parts["xl/_rels/workbook.xml.rels"] = str(parts["xl/_rels/workbook.xml.rels"]).replace(
        "worksheets/sheet1.xml", "a.bin"
    )


SHAPES = [strict_form, utf16, cp932, backslashes, absolute, prefixed, comments, cdata, odd_attributes, other_names]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda f: f.__name__)
def test_every_shape_gives_the_same_cells(shape: Callable[[dict[str, str | bytes]], None]) -> None:
    data = book(PLAIN, strings="<si><t>山田 太郎</t></si>", change=shape)
    assert xlsx.sniff(source(data)) == 90
    (sheet, found), *more = sheets(data)
    assert (sheet.location, found, more) == ("名簿", TRUTH, [])


@pytest.mark.parametrize("shape", SHAPES, ids=lambda f: f.__name__)
def test_every_shape_can_be_rewritten(shape: Callable[[dict[str, str | bytes]], None]) -> None:
    data = book(PLAIN, strings="<si><t>山田 太郎</t></si>", change=shape)
    copy = copy_of(data, lambda text: "■" if text in ("山田 太郎", "佐藤 <健>") else None)
    assert cells(copy) == {**TRUTH, "C7": "■", "C8": "■"}
    with zipfile.ZipFile(io.BytesIO(copy)) as z:
        assert [n for n in z.namelist() if "山田".encode() in z.read(n)] == []


def test_rows_and_cells_without_references() -> None:
    data = book(
        "<row><c><v>1</v></c><c><v>2</v></c></row><row r='5'><c><v>3</v></c><c r='D5'><v>4</v></c><c><v>5</v></c></row><row><c><v>6</v></c></row>"
    )
    assert cells(data) == {"A1": "1", "B1": "2", "A5": "3", "D5": "4", "E5": "5", "A6": "6"}


def test_a_pattern_and_a_parser_give_the_same_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(
        f'<row r="{i}" hidden="0"><c r="A{i}" t="s"><v>{i % 3}</v></c><c r="B{i}" s="1"><v>{20000 + i}</v></c>'
        + (f'<c r="D{i}" t="inlineStr"><is><r><t>a{i}</t></r><r><t> &amp;b</t></r></is></c>' if i % 7 == 0 else "")
        + (f'<c r="F{i}" t="str"><f t="shared" si="0"/><v>_x0041_{i}</v></c>' if i % 5 == 0 else f'<c r="F{i}"/>')
        + "</row>"
        for i in range(1, 2500)
    )
    data = book(rows, strings="<si><t>甲</t></si><si><r><t>乙</t></r></si><si><t/></si>", styles=STYLES)
    quick = cells(data)
    monkeypatch.setattr(_xlsx_sheet, "plain_cells", lambda chunk, **_: None)
    assert cells(data) == quick
    assert len(quick) == 2499 + 2499 // 3 * 2 + 357 + 499


def test_a_sheet_that_turns_odd_in_the_middle() -> None:
    rows = [f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, 60_000)]
    rows[40_000] = rows[40_000].replace("<c r", "<!-- --><c r")
    assert cells(book("".join(rows))) == {f"A{i}": str(i) for i in range(1, 60_000)}


def test_rows_out_of_order_and_doubled_cells() -> None:
    data = book('<row r="5"><c r="A5"><v>5</v></c></row><row r="2"><c r="A2"><v>2</v></c><c r="A2"><v>3</v></c></row>')
    assert cells(data) == {"A5": "5", "A2": "2\n3"}


def test_far_corners_cost_nothing() -> None:
    data = book(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row><row r="99999999"><c r="A99999999"><v>3</v></c></row>',
        before='<dimension ref="A1:XFD1048576"/>',
    )
    assert cells(data) == {"A1": "1", "XFD1048576": "2", "A99999999": "3"}


def test_hidden_and_merged() -> None:
    data = book(
        '<row r="2" hidden="1"><c r="A2"><v>1</v></c></row><row r="4" spans="1:2" hidden="true"/><row r="5" hidden="0"/>',
        before='<cols><col min="2" max="3" hidden="1"/><col min="5" max="5"/><col min="16384" max="16384" hidden="1"/></cols>',
        after='<mergeCells><mergeCell ref="A1:C2"/></mergeCells>',
        state='state="veryHidden"',
    )
    sheet = sheets(data)[0][0]
    assert sheet.hidden
    assert sheet.hidden_rows == {1, 3}
    assert sheet.hidden_columns == {1, 2, 16383}
    assert sheet.merged == (CellRange(0, 0, 1, 2),)


def test_large_sheets_are_scanned_as_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_xlsx_sheet, "KEEP_BYTES", 0)
    rows = "".join(
        f'<row r="{i}"{" hidden=" + chr(34) + "1" + chr(34) if i == 70_000 else ""}><c r="A{i}"><v>{i}</v></c></row>'
        for i in range(1, 70_001)
    )
    data = book(rows, after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>')
    (sheet, found), *_ = sheets(data)
    assert len(found) == 70_000
    assert (sheet.hidden_rows, len(sheet.merged)) == ({69_999}, 1)


def test_a_sheet_the_workbook_does_not_list() -> None:
    def unlink(parts: dict[str, str | bytes]) -> None:
        parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace('r:id="rId1"', "")

    sheet, found = sheets(book(PLAIN, strings="<si><t>山田 太郎</t></si>", change=unlink))[0]
    assert (sheet.location, sheet.hidden, found) == ("xl/worksheets/sheet1.xml", True, TRUTH)


# ---------------------------------------------------------------- what is refused, what is reported


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "_rels/.rels", "docProps/core.xml"])  # fmt: skip
def test_dtd_is_refused(name: str) -> None:
    def attack(parts: dict[str, str | bytes]) -> None:
        parts[name] = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + str(
            parts.get(name, "<coreProperties>&e;</coreProperties>")
        )

    with pytest.raises(UnreadableError) as caught:
        sheets(
            book(
                PLAIN,
                strings="<si><t>&e;</t></si>" if name.endswith("Strings.xml") else "<si><t>a</t></si>",
                change=attack,
            )
        )
    assert caught.value.reason == "dtd"


def test_long_cells_and_bombs_are_limits() -> None:
    with pytest.raises(LimitError):
        sheets(book(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 2_000_000}</t></is></c></row>'))
    with pytest.raises(LimitError):
        sheets(book("<row r='1'>" + " " * 80_000_000 + "</row>"), Limits(ratio_from_bytes=1_000_000))


def test_double_members_are_read_and_never_rewritten() -> None:
    data = book('<row r="1"><c r="A1"><v>1</v></c></row>')
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as z:
        z.writestr(
            "xl/Worksheets/Sheet1.xml",
            f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>2</v></c></row></sheetData></worksheet>',
        )
    items = list(xlsx.read(source(out.getvalue()), Limits()))
    assert [i.reason for i in items if isinstance(i, Skipped)] == ["ambiguous_members"] * 2
    assert [c["A1"] for _, c in sheets(out.getvalue())] == ["1", "2"]
    with pytest.raises(UnsafeCopyError):
        copy_of(out.getvalue(), lambda text: None)


def test_damaged_sheet_is_reported_not_skipped_over() -> None:
    def damage(parts: dict[str, str | bytes]) -> None:
        parts["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData></sheetData><mergeCells></worksheet>'

    data = book(change=damage)
    assert [(i.location, i.reason) for i in xlsx.read(source(data), Limits()) if isinstance(i, Skipped)] == [
        ("名簿", "damaged_xml")
    ]
    with pytest.raises(UnsafeCopyError):
        copy_of(data, lambda text: None)


def test_a_package_that_gives_nothing_says_so() -> None:
    def empty(parts: dict[str, str | bytes]) -> None:
        parts.clear()
        parts["[Content_Types].xml"] = f'<Types xmlns="x"><Override PartName="/a" ContentType="{CT}.main"/></Types>'
        for name in "abcd":
            parts[name] = b""

    assert Skipped("", "nothing_read") in list(xlsx.read(source(book(change=empty)), Limits()))


@pytest.mark.parametrize(
    "data, name, sure",
    [(b"", "a.xlsx", 0), (b"PK\x03\x04broken", "a.xlsx", 20), (b"PK\x03\x04broken", "a.zip", 0), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx", 0)],
)  # fmt: skip
def test_sniff(data: bytes, name: str, sure: int) -> None:
    assert xlsx.sniff(source(data, name)) == sure


def test_truncated_workbook_is_unreadable() -> None:
    data = book(PLAIN)
    for end in (100, len(data) // 2, len(data) - 30):
        with pytest.raises(PiiscanError):
            list(xlsx.read(source(data[:end]), Limits()))


# ---------------------------------------------------------------- rewriting


def test_one_string_with_two_answers() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>0</v></c><c r="C1" t="s"><v>0</v></c></row>'
    data = book(
        rows,
        strings="<si><r><t>山田</t></r><r><rPr><b/></rPr><t>太郎</t></r><rPh sb='0' eb='1'><t>ヤマダ</t></rPh></si>",
    )
    answers = iter(["■■■■", None, "甲"])
    out = io.BytesIO()
    xlsx.rewrite(source(data), out, Editor(lambda *_: next(answers), lambda *_: None, lambda *_: None), Limits())
    assert cells(out.getvalue()) == {"A1": "■■■■", "B1": "山田太郎", "C1": "甲"}
    with zipfile.ZipFile(out) as z:
        table = z.read("xl/sharedStrings.xml").decode()
    assert table.count("<si>") == 3
    assert "<rPr><b/></rPr>" in table.split("</si>")[0]
    assert "ヤマダ" not in table.split("</si>")[0]
    assert "ヤマダ" in table.split("</si>")[1]


@pytest.mark.parametrize("around", ["\x1f\x1f", " \n", "\u3000"])
def test_the_number_of_a_string_with_spaces_around_it(around: str) -> None:
    rows = f'<row r="1"><c r="A1" t="s"><v>{around}0{around}</v></c></row>'
    copy = copy_of(book(rows, strings="<si><t>山田</t></si>"), lambda text: "■" if text == "山田" else None)
    assert cells(copy) == {"A1": "■"}


def test_style_stays_and_numbers_become_text() -> None:
    data = book(
        '<row r="1"><c r="A1" s="2"><v>9012345678</v></c><c r="B1" s="1" t="str"><f>A1+1</f><v>9</v></c></row>',
        styles=STYLES,
    )
    copy = copy_of(data, lambda text: {"09012345678": "<■> ", "9": "■"}.get(text))
    with zipfile.ZipFile(io.BytesIO(copy)) as z:
        sheet = z.read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="A1" s="2" t="inlineStr"><is><t xml:space="preserve">&lt;■&gt; </t></is></c>' in sheet
    assert '<c r="B1" s="1" t="str"><f>A1+1</f><v>■</v></c>' in sheet


def test_control_characters_survive_and_are_escaped() -> None:
    data = book('<row r="1"><c r="A1" t="inlineStr"><is><t>山</t></is></c></row>')
    copy = copy_of(data, lambda text: "a\x01\r_x0041_\x0b" if text == "山" else None)
    assert cells(copy) == {"A1": "a\x01\r_x0041_\x0b"}


def test_long_answers_are_cut_to_what_excel_holds() -> None:
    copy = copy_of(book('<row r="1"><c r="A1"><v>1</v></c></row>'), lambda text: "長" * 40_000 if text == "1" else None)
    assert len(cells(copy)["A1"]) == 32_767


def test_shared_formula_master_loses_its_number_not_its_formula() -> None:
    data = book(
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1+312340000</f><v>312340000</v></c></row><row r="2"><c r="A2"><f t="shared" si="0"/><v>7</v></c></row>'
    )
    copy = copy_of(data, lambda text: "■" if text == "312340000" else None)
    with zipfile.ZipFile(io.BytesIO(copy)) as z:
        assert '<f t="shared" ref="A1:A2" si="0">B1+0</f><v>■</v>' in z.read("xl/worksheets/sheet1.xml").decode()


def test_change_late_in_a_long_sheet_keeps_the_rest() -> None:
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, 60_001))
    copy = copy_of(book(rows), lambda text: "■" if text == "59999" else None)
    assert cells(copy) == {f"A{i}": "■" if i == 59_999 else str(i) for i in range(1, 60_001)}
