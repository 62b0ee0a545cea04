"""OpenDocument spreadsheets and texts: cells at their addresses, canaries in every place, copies without any."""

from __future__ import annotations

import io
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from document_files import (
    asked,
    build,
    found,
    inner_zip,
    left_in,
    masking,
    members,
    numbers,
    places,
    rewritten,
    same_bytes,
    source,
)  # fmt: skip

from piiscan.errors import EncryptedError, PiiscanError, UnreadableError, UnsafeCopyError
from piiscan.formats import ods, odt
from piiscan.model import Editor, Limits, Member, Sheet, Skipped, Text
from piiscan.text import cell_ref

NAME = "名簿.ods"
URN = "urn:oasis:names:tc:opendocument:xmlns"
NS = (
    "".join(f' xmlns:{p}="{URN}:{u}:1.0"' for p, u in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("draw", "drawing"),
        ("meta", "meta"), ("config", "config"), ("svg", "svg-compatible"), ("form", "form"), ("manifest", "manifest"),
        ("chart", "chart"), ("fo", "xsl-fo-compatible"),
    ))
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)  # fmt: skip
KEEP = Editor(lambda *_: None, lambda *_: None, lambda *_: None)


def text_cell(text: str, attributes: str = "") -> str:
    return f"<table:table-cell office:value-type='string' {attributes}><text:p>{text}</text:p></table:table-cell>"


def number(value: str, shown: str, kind: str = "float", attributes: str = "") -> str:
    return (
        f"<table:table-cell office:value-type='{kind}' {attributes} {value}><text:p>{shown}</text:p></table:table-cell>"
    )


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def sheet(name: str, *rows: str, style: str = "") -> str:
    return f"<table:table table:name='{name}' table:style-name='{style}'>{''.join(rows)}</table:table>"


def content(inner: str, before: str = "", body: str = "spreadsheet") -> str:
    return f"<office:document-content{NS}>{before}<office:body><office:{body}>{inner}</office:{body}></office:body></office:document-content>"


def package(inner: str, before: str = "", kind: str = "spreadsheet", **more: str | bytes) -> dict[str, str | bytes]:
    body = "text" if kind == "text" else "spreadsheet"
    return {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": content(inner, before, body),
        "META-INF/manifest.xml": f"<manifest:manifest{NS}><manifest:file-entry manifest:full-path='/' manifest:media-type='x'/>"
        "<manifest:file-entry manifest:full-path='Thumbnails/thumbnail.png' manifest:media-type='image/png'/></manifest:manifest>",
        **more,
    }


NOTE = (
    "<office:annotation draw:name='鳥014号'><dc:creator>鳥015号</dc:creator><dc:date>2026-01-01T00:00:00</dc:date>"
    "<text:p>鳥0<text:span>16号</text:span></text:p></office:annotation>"
)
ROWS = (
    row(text_cell("氏名"), text_cell("電話"), text_cell("生年月日")),
    row(text_cell("鳥0<text:span text:style-name='T1'>01号</text:span>"), number("office:value='9012340002'", "09012340002"), number("office:date-value='1975-01-31'", "昭和50年1月31日", "date")),
    row(text_cell("鳥003号", "table:number-columns-repeated='2'"), attributes="table:number-rows-repeated='2'"),
    row("<table:table-cell table:number-columns-repeated='3'/>", attributes="table:number-rows-repeated='5'"),
    row(text_cell("鳥004号"), attributes="table:visibility='collapse'"),
    row(f"<table:table-cell office:value-type='string'>{NOTE}<text:p><text:ruby><text:ruby-base>鳥017号</text:ruby-base><text:ruby-text>鳥018号</text:ruby-text></text:ruby></text:p></table:table-cell>"),
    row(text_cell("<text:a xlink:href='mailto:鳥019号@example.jp'>鳥020号</text:a>"), number("office:value='5'", "5", attributes="table:formula='of:=IF([.A1]=\"鳥021号\";1;2)'")),
    row(text_cell("表示", "office:string-value='鳥022号'"), number("office:value='7'", "鳥023号 7")),
    row("<table:table-cell office:value-type='string'><text:p>二行</text:p><text:p>鳥024号</text:p></table:table-cell>"),
    row("<table:table-cell table:number-columns-spanned='2' table:number-rows-spanned='2' office:value-type='string'><text:p>鳥025号</text:p></table:table-cell><table:covered-table-cell office:value-type='string'><text:p>鳥026号</text:p></table:covered-table-cell>"),
    row("<table:table-cell><draw:frame draw:name='鳥027号'><draw:text-box><text:p>鳥028号</text:p></draw:text-box><svg:title>鳥029号</svg:title></draw:frame></table:table-cell>"),
)  # fmt: skip
BEFORE = "<office:automatic-styles><style:style style:name='ta9' style:family='table'><style:table-properties table:display='false'/></style:style></office:automatic-styles>"
AROUND = (
    "<table:tracked-changes><table:cell-content-change><office:change-info><dc:creator>鳥030号</dc:creator></office:change-info>"
    "<table:previous><table:change-track-table-cell><text:p>鳥031号</text:p></table:change-track-table-cell></table:previous></table:cell-content-change></table:tracked-changes>"
    "<table:content-validations><table:content-validation table:name='v' table:condition='of:cell-content-is-in-list(\"鳥032号\")'>"
    "<table:error-message table:title='鳥033号'><text:p>鳥034号</text:p></table:error-message></table:content-validation></table:content-validations>"
)
BEHIND = (
    "<table:named-expressions><table:named-range table:name='鳥035号' table:cell-range-address='$名簿.$A$1'/><table:named-expression table:name='n' table:expression='of:=\"鳥036号\"'/></table:named-expressions>"
    "<table:database-ranges><table:database-range table:name='d'><table:filter><table:filter-condition table:value='鳥037号'/></table:filter></table:database-range></table:database-ranges>"
    "<table:data-pilot-tables><table:data-pilot-table table:name='p'><table:data-pilot-field table:source-field-name='氏名'><table:data-pilot-member table:name='鳥038号'/></table:data-pilot-field></table:data-pilot-table></table:data-pilot-tables>"
)  # fmt: skip
SHAPES = "<table:shapes><draw:custom-shape><text:p>鳥039号</text:p></draw:custom-shape></table:shapes>"
COLUMNS = "<table:table-column table:number-columns-repeated='2'/><table:table-column table:visibility='collapse'/>"


def parts() -> dict[str, str | bytes]:
    return package(
        AROUND + sheet("名簿", SHAPES, COLUMNS, *ROWS) + sheet("鳥040号", row(text_cell("鳥041号")), style="ta9") + BEHIND,
        BEFORE,
        **{
            "styles.xml": f"<office:document-styles{NS}><office:master-styles><style:master-page style:name='m'><style:header><style:region-left><text:p>鳥050号</text:p></style:region-left></style:header><style:footer><text:p>鳥051号</text:p></style:footer></style:master-page></office:master-styles></office:document-styles>",
            "meta.xml": f"<office:document-meta{NS}><office:meta><meta:initial-creator>鳥052号</meta:initial-creator><dc:creator>鳥053号</dc:creator><meta:user-defined meta:name='鳥054号'>鳥055号</meta:user-defined></office:meta></office:document-meta>",
            "settings.xml": f"<office:document-settings{NS}><office:settings><config:config-item config:name='PrinterName'>\\\\鳥056号\\P1</config:config-item><config:config-item config:name='x'>true</config:config-item></office:settings></office:document-settings>",
            "Object 1/content.xml": content("<chart:chart><chart:title><text:p>鳥057号</text:p></chart:title>" + sheet("local-table", row(text_cell("鳥058号"), number("office:value='9012340060'", "9012340060"))) + "</chart:chart>", body="chart"),
            "ObjectReplacements/Object 1": b"VCLMTFx",
            "Basic/Standard/Module1.xml": '<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd"><script:module xmlns:script="http://openoffice.org/2000/script">REM 鳥の歌</script:module>',
            "META-INF/documentsignatures.xml": "<document-signatures><x>鳥059号</x></document-signatures>",
            "Thumbnails/thumbnail.png": b"\x89PNG\r\n\x1a\n",
            "Pictures/1.png": b"\x89PNG\r\n\x1a\nx",
            "Object 2.zip": inner_zip("a"),
            "layout-cache": b"\1\2\3",
        },
    )  # fmt: skip


ALL = {1, 3, 4, *range(14, 42), *range(50, 60)}
WHERE: dict[int, tuple[str, str, bool]] = {
    1: ("cell", "名簿!A2", False),
    3: ("cell", "名簿!B4", False),
    4: ("cell", "名簿!A10", False),
    **dict.fromkeys((15, 16), ("comment", "名簿!A11", False)),
    14: ("comment", "名簿!A11", True),
    17: ("cell", "名簿!A11", False),
    18: ("furigana", "名簿!A11", True),
    19: ("hyperlink", "名簿!A12", False),
    20: ("cell", "名簿!A12", False),
    21: ("other", "名簿!B12", True),
    22: ("other", "名簿!A13", True),
    23: ("cell", "名簿!B13", False),
    24: ("cell", "名簿!A14", False),
    25: ("cell", "名簿!A15", False),
    26: ("cell", "名簿!B15", False),
    **dict.fromkeys((27, 29), ("drawing", "名簿!A16", True)),
    28: ("drawing", "名簿!A16", False),
    **dict.fromkeys((30, 31), ("revision", "content.xml", True)),
    **dict.fromkeys((32, 33, 34), ("validation", "content.xml", True)),
    **dict.fromkeys((35, 36), ("defined_name", "content.xml", True)),
    37: ("other", "content.xml", True),
    38: ("pivot_cache", "content.xml", True),
    39: ("drawing", "名簿", False),
    40: ("sheet_name", "content.xml", False),
    41: ("cell", "鳥040号!A1", True),
    **dict.fromkeys((50, 51), ("header_footer", "styles.xml", False)),
    **dict.fromkeys((52, 53, 54, 55), ("property", "meta.xml", True)),
    56: ("property", "settings.xml", True),
    **dict.fromkeys((57, 58), ("chart_cache", "Object 1/content.xml", False)),
}


def data() -> bytes:
    return build(parts())


def sheets(data: bytes) -> list[Sheet]:
    items = []
    for item in ods.read(source(data, NAME), Limits()):
        if isinstance(item, Sheet):
            for _ in item.batches:
                pass
            items.append(item)
        elif isinstance(item, Member):
            item.stream.close()
    return items


def test_every_canary_is_found_where_it_is() -> None:
    texts, skipped = found(ods.FORMAT, data(), NAME)
    assert numbers(texts) == ALL
    assert {n: places(texts, n) for n, want in WHERE.items() if want not in places(texts, n)} == {}
    assert ("other", "Basic/Standard/Module1.xml") in {t[:2] for t in texts if "鳥の歌" in t[3]} or any(
        "鳥の歌" in t[3] for t in texts
    )
    assert {(s.location, s.reason, s.partial) for s in skipped} == {
        ("Thumbnails/thumbnail.png", "thumbnail", False),
        ("ObjectReplacements/Object 1", "image", False),
        ("Pictures/1.png", "image", False),
    }


def test_values() -> None:
    texts, _ = found(ods.FORMAT, data(), NAME)
    cells = {at: text for where, at, _, text in texts if where == "cell" and "鳥023" not in text}
    assert cells["名簿!B2"] == "09012340002"
    assert cells["名簿!C2"] == "1975-01-31"
    assert cells["名簿!A14"] == "二行\n鳥024号"
    assert cells["名簿!B13"] == "7"


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (number("office:value='3'", "3.00"), "3"),
        (number("office:value='1.5'", "150%", "percentage"), "1.5"),
        (number("office:value='1E+3'", "1000"), "1000"),
        (number("office:value='9012340002'", "090-1234-0002"), "090-1234-0002"),
        (number("office:date-value='1975-01-31T08:00:00'", "x", "date"), "1975-01-31 08:00:00"),
        (number("office:date-value='1975-01-31T00:00:00'", "x", "date"), "1975-01-31"),
        (number("office:time-value='PT08H05M00S'", "x", "time"), "08:05:00"),
        (number("office:boolean-value='true'", "WAHR", "boolean"), "TRUE"),
        (text_cell("a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d"), "a  b\tc\nd"),
        (text_cell("\n  a\n   b "), " a b "),
        ("<table:table-cell office:value-type='float' office:string-value='甲'/>", "甲"),
        ("<table:table-cell office:string-value='甲'/>", "甲"),
        ("<table:table-cell><text:p>甲</text:p></table:table-cell>", "甲"),
    ],
)
def test_a_cell_reads_as(stored: str, text: str) -> None:
    texts, _ = found(ods.FORMAT, build(package(sheet("S", row(stored)))), NAME)
    assert ("cell", "S!A1", False, text) in texts


def test_what_is_hidden_and_merged() -> None:
    first, second = sheets(data())
    assert first.hidden_rows == {9}
    assert first.hidden_columns == {2}
    assert [(m.first_row, m.first_column, m.last_row, m.last_column) for m in first.merged] == [(14, 0, 15, 1)]
    assert (first.hidden, second.hidden) == (False, True)


def test_sheets_of_the_same_name_have_their_own_locations() -> None:
    twice = sheet("S", row(text_cell("a"))) + sheet("S", row(text_cell("b")))
    texts, _ = found(ods.FORMAT, build(package(twice)), NAME)
    assert {t[1] for t in texts if t[0] == "cell"} == {"S!A1", "S (2)!A1"}


def test_no_canary_survives_the_copy() -> None:
    copy = rewritten(ods.FORMAT, data(), NAME, masking())
    assert left_in(copy) == []
    assert numbers(found(ods.FORMAT, copy, NAME)[0]) == set()
    names = members(copy)
    gone = {"Thumbnails/thumbnail.png", "ObjectReplacements/Object 1", "META-INF/documentsignatures.xml"}
    assert set(parts()) - set(names) == gone
    assert b"Thumbnails" not in names["META-INF/manifest.xml"]
    assert next(iter(names)) == "mimetype"


def test_a_number_becomes_words_and_keeps_no_value() -> None:
    edit = Editor(lambda s, r, c, t: "■" if t == "09012340002" else None, lambda *_: None, lambda *_: None)
    body = members(rewritten(ods.FORMAT, data(), NAME, edit))["content.xml"].decode()
    assert "9012340002" not in body
    assert '<table:table-cell office:value-type="string"><text:p>■</text:p></table:table-cell>' in body


def test_copies_of_a_cell_are_parted_where_answers_differ() -> None:
    edit = Editor(lambda s, r, c, t: "■" if (r, c) == (3, 1) else None, lambda *_: None, lambda *_: None)
    texts, _ = found(ods.FORMAT, rewritten(ods.FORMAT, data(), NAME, edit), NAME)
    cells = {at: text for where, at, _, text in texts if where == "cell"}
    assert [cells[f"名簿!{at}"] for at in ("A3", "B3", "A4", "B4")] == ["鳥003号", "鳥003号", "鳥003号", "■"]
    assert cells["名簿!A10"] == "鳥004号"


def test_a_sheet_changes_its_name_in_every_address() -> None:
    edit = Editor(lambda *_: None, lambda p, t, n: "表[1]" if p.where == "sheet_name" and t == "名簿" else None, lambda *_: None)  # fmt: skip
    body = members(rewritten(ods.FORMAT, data(), NAME, edit))["content.xml"].decode()
    assert 'table:name="表_1_"' in body
    assert "table:cell-range-address=\"$'表_1_'.$A$1\"" in body


def test_nothing_asked_nothing_changed() -> None:
    assert rewritten(ods.FORMAT, data(), NAME, KEEP) == data()


def test_untouched_members_keep_their_compressed_bytes() -> None:
    edit = Editor(lambda *_: None, lambda p, t, n: "■" if "鳥050号" in t else None, lambda *_: None)
    copy = rewritten(ods.FORMAT, data(), NAME, edit)
    assert same_bytes(data(), copy) == set(members(copy)) - {"styles.xml", "META-INF/manifest.xml"}


def test_rewriting_asks_what_reading_gives() -> None:
    texts, _ = found(ods.FORMAT, data(), NAME)
    given = {(w, at, False if w == "cell" else hidden, text) for w, at, hidden, text in texts if w != "member"}
    assert asked(ods.FORMAT, data(), NAME) == given


def test_macros_that_would_have_to_change_are_refused() -> None:
    edit = Editor(lambda *_: None, lambda p, t, n: "■" if "鳥の歌" in t else None, lambda *_: None)
    with pytest.raises(UnsafeCopyError):
        rewritten(ods.FORMAT, data(), NAME, edit)


def test_sniff() -> None:
    assert ods.sniff(source(data(), "x")) == 90
    assert ods.sniff(source(build(package("", kind="spreadsheet-template")), "x")) == 90
    assert ods.sniff(source(build(package("", kind="text")), "x.zip")) == 0
    assert ods.sniff(source(data()[:900], NAME)) == 20
    assert ods.sniff(source(b"text", NAME)) == 0


def test_encrypted() -> None:
    locked = "<manifest:manifest><manifest:file-entry manifest:full-path='content.xml'><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    with pytest.raises(EncryptedError):
        found(ods.FORMAT, build(package("", **{"META-INF/manifest.xml": locked})), NAME)


@pytest.mark.parametrize(
    ("name", "evil", "reason"),
    [
        ("content.xml", '<!DOCTYPE l [<!ENTITY a "lol">]>' + content(sheet("S", row(text_cell("&a;")))), "dtd"),
        ("content.xml", '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + content(""), "dtd"),
        ("meta.xml", "<!DOCTYPE l><l/>", "dtd"),
        ("content.xml", content(sheet("S", row(text_cell("a"))))[:-40], "damaged_xml"),
    ],
)
def test_what_is_refused(name: str, evil: str, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        found(ods.FORMAT, build(package("", **{name: evil})), NAME)
    assert caught.value.reason == reason


HOSTILE = {
    "rows and columns": (row(text_cell("鳥", "table:number-columns-repeated='16384'"), attributes="table:number-rows-repeated='1048576'"), True),
    "a thousand million rows": (row(text_cell("鳥"), attributes="table:number-rows-repeated='1000000000'"), True),
    "a thousand million columns": (row(text_cell("鳥", "table:number-columns-repeated='999999999'")), True),
    "empty to the end": (row("<table:table-cell table:number-columns-repeated='16384'/>", attributes="table:number-rows-repeated='1048576'") + row(text_cell("鳥")), False),
    "spaces": (row(text_cell("a<text:s text:c='1000000000'/>鳥")), False),
    "spans": (row(text_cell("鳥", "table:number-columns-spanned='999999999' table:number-rows-spanned='999999999'")), False),
    "hidden rows": (row(text_cell("鳥"), attributes="table:visibility='collapse' table:number-rows-repeated='1048576'"), False),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_counts_end_soon(case: str) -> None:
    rows, cut = HOSTILE[case]
    start = time.process_time()
    cells, skipped = Counter[str](), []
    for item in ods.read(source(build(package(sheet("S", rows))), NAME), Limits()):
        if isinstance(item, Sheet):
            for batch in item.batches:
                assert all(len(values) == len(batch.rows) for values in batch.columns.values())
                for values in batch.columns.values():
                    cells.update(values)
        elif isinstance(item, Skipped):
            skipped.append(item.reason)
    assert time.process_time() - start < 2
    assert any("鳥" in text for text in cells)
    assert skipped == (["part_too_large"] if cut else [])


# ---------------------------------------------------------------- texts


ODT = (
    "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>鳥001号</dc:creator></office:change-info><text:p>鳥002号</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    "<text:p>鳥0<text:span>03号</text:span><text:note><text:note-body><text:p>鳥004号</text:p></text:note-body></text:note> 様</text:p>"
    "<text:p><text:span text:style-name='gone'>鳥005号</text:span><text:a xlink:href='mailto:鳥006号@example.jp'>鳥007号</text:a>"
    "<office:annotation><dc:creator>鳥008号</dc:creator><text:p>鳥009号</text:p></office:annotation><text:bookmark text:name='鳥010号'/></text:p>"
    "<text:p><draw:frame><draw:text-box><text:p>鳥011号</text:p></draw:text-box></draw:frame></text:p>"
    "<text:user-field-decls><text:user-field-decl text:name='f' office:string-value='鳥012号'/></text:user-field-decls>"
    + sheet("表1", row(text_cell("氏名"), text_cell("電話")), row(text_cell("鳥013号"), number("office:value='9012340014'", "090-1234-0014")))
    + sheet("表2", row(text_cell("鳥015号")))
)  # fmt: skip
GONE = "<office:automatic-styles><style:style style:name='gone'><style:text-properties text:display='none'/></style:style></office:automatic-styles>"


def test_text_documents() -> None:
    text = build(package(ODT, GONE, "text"))
    assert odt.sniff(source(text, "x")) == 90
    texts, _ = found(odt.FORMAT, text, "x.odt")
    want = {
        **dict.fromkeys((1, 2), ("revision", "content.xml", True)),
        **dict.fromkeys((3, 4, 7, 15), ("text", "content.xml", False)),
        5: ("text", "content.xml", True),
        6: ("hyperlink", "content.xml", False),
        **dict.fromkeys((8, 9), ("comment", "content.xml", False)),
        10: ("defined_name", "content.xml", True),
        11: ("drawing", "content.xml", False),
        12: ("other", "content.xml", True),
        13: ("cell", "table 1!A2", False),
    }
    assert {n: places(texts, n) for n, place in want.items() if place not in places(texts, n)} == {}
    assert any(t[3].startswith("鳥003号 様\n") for t in texts)
    copy = rewritten(odt.FORMAT, text, "x.odt", masking())
    assert left_in(copy) == []
    assert rewritten(odt.FORMAT, text, "x.odt", KEEP) == text
    assert asked(odt.FORMAT, text, "x.odt") == set(texts)


# ---------------------------------------------------------------- files from outside the project


SHARED = Path(__file__).resolve().parents[3] / "shared"


def entries() -> Iterator[tuple[str, Path]]:
    index = SHARED / "hostile_files" / "index.json"
    if not index.exists():
        return
    for entry in json.loads(index.read_text()):
        path = SHARED / "hostile_files" / entry["repo"].replace("/", "+") / entry["path"]
        if entry["format"] in ("ods", "ots") and path.exists():
            yield entry["expected"], path


def outcome(path: Path) -> str:
    data = path.read_bytes()
    try:
        for item in ods.read(source(data, path.name), Limits()):
            if isinstance(item, Sheet):
                for batch in item.batches:
                    assert all(len(values) == len(batch.rows) for values in batch.columns.values())
            elif isinstance(item, Member):
                item.stream.close()
            elif isinstance(item, Skipped) and item.partial:
                return item.reason
            else:
                assert isinstance(item, Text | Skipped)
    except PiiscanError as error:
        return error.reason
    return "read"


@pytest.mark.slow
def test_every_file_has_an_outcome() -> None:
    files = list(entries())
    if not files:
        pytest.skip("no files from outside")
    table: Counter[tuple[str, str]] = Counter((expected, outcome(path)) for expected, path in files)
    assert {reason for (expected, reason) in table if expected == "encrypted"} <= {"encrypted"}
    assert {reason for (expected, reason) in table if expected == "ok"} <= {"read", "part_too_large", "embedded_object"}
    assert {reason for (expected, reason) in table if expected == "corrupt"} <= {"zip_damaged", "damaged_xml"}


@pytest.mark.slow
def test_cells_are_those_of_another_reader() -> None:
    """At the same addresses; durations look otherwise, and the other reader mixes readings into the text."""
    calamine = pytest.importorskip("python_calamine")
    if not list(entries()):
        pytest.skip("no files from outside")
    unlike: Counter[str] = Counter()
    for expected, path in entries():
        if expected != "ok" or path.stat().st_size > 1_000_000 or path.name.startswith(("issue_594", "format_cell")):
            continue
        texts, _ = found(ods.FORMAT, path.read_bytes(), path.name)
        ours = {at: "".join(text.split()) for where, at, _, text in texts if where == "cell"}
        for at, text in _theirs(calamine, path):
            unlike[path.name] += "".join(text.split()) != ours.get(at, "")
    assert {name for name, count in unlike.items() if count} == set()


def _theirs(calamine: Any, path: Path) -> Iterator[tuple[str, str]]:
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        if len(set(book.sheet_names)) < len(book.sheet_names):
            return
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for number, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, str) and value.strip() and not re.match(r"PT[0-9]|[0-9]{4}-.*T", value):
                        yield f"{name}!{cell_ref(number, column)}", value
    except (calamine.CalamineError, ValueError):
        return
