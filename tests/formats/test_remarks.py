"""What a report remarks on: names that promise another type; sheets, rows and columns that nobody sees."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import datetime

import pytest
from biff_files import label, shared, stream, workbook
from biff_files import rec as biff
from document_files import build
from test_ods import NAME as ODS
from test_ods import package, text_cell
from test_ods import row as ods_row
from test_ods import sheet as ods_sheet
from test_xlsb import book as xlsb_book
from test_xlsb import cell as xlsb_cell
from test_xlsb import rec as xlsb
from test_xlsb import row as xlsb_row
from test_xlsb import wide
from test_xlsx import book

from piiscan.inspection.inspecting import inspect
from piiscan.inspection.knowledge import knowledge
from piiscan.model import FileReport, Limits, Source, Status
from piiscan.pipeline import summarise
from piiscan.reports import Run, reports
from piiscan.reports._document import of_file

NAMES = ("山田", "佐藤", "鈴木", "高橋")
PEOPLE = [("氏名", "メール"), *((f"{n} 太郎", f"a{i}@example.jp") for i, n in enumerate(NAMES))]
CSV = "\n".join(",".join([*r, str(n) if n else "番号"]) for n, r in enumerate(PEOPLE)).encode()
REMARKS = ("hidden_sheet", "very_hidden_sheet", "hidden_rows", "hidden_columns", "filtered_rows", "other_type")


def looked_at(data: bytes, name: str) -> FileReport:
    source = Source(name, None, name, io.BytesIO(data), len(data))
    return inspect(source, knowledge(), Limits(), b"k" * 32).reports[0]


def remarks(data: bytes, name: str) -> list[tuple[str, str]]:
    return [(s.reason, s.location) for s in looked_at(data, name).skipped if s.reason in REMARKS]


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("name", ["名簿.csv", "名簿.txt", "名簿.log", "名簿.dat", "名簿", "名簿.old", "名簿.tsv"])
def test_a_name_that_may_hold_this_is_not_remarked_on(name: str) -> None:
    assert remarks(CSV, name) == []


@pytest.mark.parametrize("name", ["名簿.xls", "名簿.xlsx", "名簿.pdf", "名簿.eml.zip", "名簿.jpg"])
def test_a_name_of_another_type_is_remarked_on_and_the_content_read(name: str) -> None:
    report = looked_at(CSV, name)
    assert (report.format, report.persons, report.status) == ("csv", 4, Status.SCANNED)
    assert remarks(CSV, name) == [("other_type", "")]
    assert [s["reason"] for s in of_file(report, "ja")["skipped"]] == ["other_type"]
    assert "拡張子と中身" in of_file(report, "ja")["skipped"][0]["message"]


def test_web_pages_and_new_workbooks_that_are_called_xls() -> None:
    page = b"<html><body><table><tr><td>x</td></tr></table></body></html>"
    assert remarks(page, "a.xls") == remarks(book(), "a.xls") == [("other_type", "")]
    assert remarks(CSV, "a.json") == [("other_type", "")]
    assert remarks(page, "a.xml") == remarks(book(), "a.xlsm") == []


def test_the_remark_is_shown_even_where_nothing_was_found() -> None:
    out = io.StringIO()
    report = looked_at(b'{"a": [1, 2]}', "a.xlsx")
    started = datetime.now().astimezone()
    run = Run([report], lambda: summarise([report]), lambda: 1.0, started, "1", "sha256:0", "en")
    reports()["console"].write(run, out)
    assert "note: Its content is not of the type its name says" in out.getvalue()


# ---------------------------------------------------------------- rows and columns


def xlsx_rows(*hidden: int) -> str:
    hide = " hidden='1'"
    return "".join(
        f"<row r='{n}'{hide if n in hidden else ''}>"
        + "".join(f'<c r="{"AB"[c]}{n}" t="inlineStr"><is><t>{v}</t></is></c>' for c, v in enumerate(values))
        + "</row>"
        for n, values in enumerate(PEOPLE, 1)
    )


COLUMN_B = '<cols><col min="2" max="2" hidden="1"/></cols>'
FILTER = (
    '<autoFilter ref="A1:B5"><filterColumn colId="0"><filters><filter val="x"/></filters></filterColumn></autoFilter>'
)


def test_xlsx() -> None:
    assert remarks(book(xlsx_rows()), "a.xlsx") == []
    assert remarks(book(xlsx_rows(3, 4), before=COLUMN_B), "a.xlsx") == [
        ("hidden_rows", "名簿!3:4"),
        ("hidden_columns", "名簿!B:B"),
    ]
    assert remarks(book(xlsx_rows(2, 5), after=FILTER), "a.xlsx") == [
        ("filtered_rows", "名簿!2:2"),
        ("filtered_rows", "名簿!5:5"),
    ]
    assert remarks(book(xlsx_rows(), state='state="hidden"'), "a.xlsx") == [("hidden_sheet", "名簿")]
    assert remarks(book(xlsx_rows(), state='state="veryHidden"'), "a.xlsx") == [("very_hidden_sheet", "名簿")]


def test_xlsx_filter_of_a_table() -> None:
    """A table has its filter in a part of its own; rows of no height and columns of no width are hidden as well."""
    rel = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="urn:x/table" Target="../tables/table1.xml"/></Relationships>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    def change(parts: dict[str, str | bytes]) -> None:
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = rel
        parts["xl/tables/table1.xml"] = f'<table xmlns="{main}" ref="A1:B5">{FILTER}</table>'

    rows = xlsx_rows().replace("<row r='3'", "<row r='3' ht='0' customHeight='1'")
    narrow = COLUMN_B.replace('hidden="1"', 'width="0"')
    assert remarks(book(rows, before=narrow, change=change), "a.xlsx") == [
        ("filtered_rows", "名簿!3:3"),
        ("hidden_columns", "名簿!B:B"),
    ]


def xls_sheet(*extra: bytes, hidden: tuple[int, ...] = ()) -> bytes:
    rows = b"".join(
        biff(0x208, struct.pack("<HHHHHHHH", n, 0, 2, 255, 0, 0, 0x20 if n in hidden else 0, 0)) for n in range(5)
    )
    cells = b"".join(label(n, c, 2 * n + c) for n in range(5) for c in range(2))
    return b"".join(extra) + rows + cells


def test_xls() -> None:
    table = biff(0xFC, shared([(v, "", 0) for r in PEOPLE for v in r]))

    def made(body: bytes, state: int = 0) -> list[tuple[str, str]]:
        return remarks(workbook(stream([("名簿", body)], table, hidden=[state])), "a.xls")

    column_b = biff(0x7D, struct.pack("<HHHHHH", 1, 1, 2048, 15, 1, 0))
    assert made(xls_sheet()) == []
    assert made(xls_sheet(column_b, hidden=(2, 3))) == [("hidden_rows", "名簿!3:4"), ("hidden_columns", "名簿!B:B")]
    assert made(xls_sheet(biff(0x9B), hidden=(4,))) == [("filtered_rows", "名簿!5:5")]
    assert made(xls_sheet(), 1) == [("hidden_sheet", "名簿")]
    assert made(xls_sheet(), 2) == [("very_hidden_sheet", "名簿")]


def test_xlsb() -> None:
    def sheet(*extra: bytes, hidden: tuple[int, ...] = ()) -> bytes:
        body = b"".join(extra)
        for n, values in enumerate(PEOPLE):
            body += xlsb_row(n, hidden=n in hidden)
            body += b"".join(xlsb_cell(6, c, wide(v)) for c, v in enumerate(values))
        return body

    column_b = xlsb(60, struct.pack("<IIIIH", 1, 1, 256, 0, 1))
    assert remarks(xlsb_book([sheet(column_b, hidden=(1, 2))]), "a.xlsb") == [
        ("hidden_rows", "名簿!2:3"),
        ("hidden_columns", "名簿!B:B"),
    ]
    assert remarks(xlsb_book([sheet(xlsb(163, bytes(6)), hidden=(4,)), sheet()]), "a.xlsb") == [
        ("filtered_rows", "名簿!5:5"),
        ("very_hidden_sheet", "隠し"),
    ]


def test_ods() -> None:
    def made(visibility: str, columns: str = "") -> list[tuple[str, str]]:
        rows = [ods_row(*map(text_cell, r), attributes=visibility if n in (2, 3) else "") for n, r in enumerate(PEOPLE)]
        return remarks(build(package(ods_sheet("名簿", columns, *rows))), ODS)

    hidden_b = "<table:table-column/><table:table-column table:visibility='collapse'/>"
    assert made("") == []
    assert made("table:visibility='collapse'", hidden_b) == [
        ("hidden_rows", "名簿!3:4"),
        ("hidden_columns", "名簿!B:B"),
    ]
    assert made("table:visibility='filter'") == [("filtered_rows", "名簿!3:4")]


def test_an_empty_archive_is_no_other_type() -> None:
    out = io.BytesIO()
    zipfile.ZipFile(out, "w").close()
    assert remarks(out.getvalue(), "a.zip") == []
