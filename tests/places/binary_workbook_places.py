"""Binary workbooks (xlsb) with a canary in records beside the cells, in other parts of records, and in parts of XML."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial

import macro_files
import picture_files
import test_xlsb as xlsb
from planting import CANARY, NAME, PHONE, SHORT_ONES, Planted
from workbook_places import small_workbook

from piiscan.model import Status

_PLAIN = xlsb.row(0) + xlsb.cell(6, 0, xlsb.wide("備考"))
rec, wide = xlsb.rec, xlsb.wide


def _literal(text: str) -> bytes:
    """A formula that is one text, as the records hold it."""
    tokens = b"\x17" + struct.pack("<H", len(text)) + text.encode("utf-16-le")
    return struct.pack("<I", len(tokens)) + tokens + struct.pack("<I", 0)


def _none() -> bytes:
    return struct.pack("<I", 0xFFFFFFFF)


def _name(name: str, formula: bytes, comment: bytes) -> bytes:
    return rec(39, struct.pack("<IBI", 0, 0, 0xFFFFFFFF) + wide(name) + formula + comment)


def _validation(title: str, prompt: str, formula: bytes) -> bytes:
    area = struct.pack("<I4I", 1, 0, 9, 0, 0)
    body = (
        struct.pack("<I", 3)
        + area
        + wide(title)
        + wide("")
        + wide("")
        + wide(prompt)
        + formula
        + struct.pack("<II", 0, 0)
    )
    return rec(573, struct.pack("<IIIII", 0, 0, 0, 0, 1)) + rec(64, body) + rec(574)


def _rule(text: str, formula: bytes) -> bytes:
    head = struct.pack("<IIIIIIH", 5, 8, 0xFFFFFFFF, 1, 0, 0, 0)
    sizes = struct.pack("<III", len(formula), 0, 0)
    return rec(461, struct.pack("<II", 1, 0)) + rec(463, head + sizes + wide(text) + formula) + rec(464) + rec(462)


def _with(parts: Mapping[str, tuple[str, str | bytes]], sheet: bytes = _PLAIN, main: bytes = b"") -> bytes:
    """The small workbook with more parts, name → (type, content), and more records in its workbook part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsb.book([sheet]))) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "[Content_Types].xml":
                more = "".join(f'<Override PartName="/{n}" ContentType="{t}"/>' for n, (t, _) in parts.items())
                data = data.replace(b"</Types>", more.encode() + b"</Types>")
            new.writestr(info, data + main if info.filename == "xl/workbook.bin" else data)
        for name, (_, content) in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def _one(name: str, stated: str, content: str | bytes) -> bytes:
    return _with({name: (stated, content)})


def _records() -> Iterator[tuple[str, bytes, str, bool]]:
    """(id, file, where, hidden) of what stands in records."""
    yield (
        "defined_name",
        _with({}, main=_name(f"{NAME.replace(' ', '')}様_{PHONE}", _literal("x"), _none())),
        "defined_name",
        True,
    )
    yield "name_literal", _with({}, main=_name("N", _literal(CANARY), _none())), "defined_name", True
    yield "name_comment", _with({}, main=_name("N", _literal("x"), wide(CANARY))), "defined_name", True
    yield "folder", _with({}, main=rec(2071, wide(f"C:\\{CANARY}\\"))), "other", True
    yield "shared_by", _with({}, main=rec(548, struct.pack("<HH", 1, 0) + wide(CANARY))), "other", True
    yield "validation_prompt", _with({}, _PLAIN + _validation("題", CANARY, _literal("a,b"))), "other", True
    yield "validation_list", _with({}, _PLAIN + _validation("題名", "入力", _literal(CANARY))), "other", True
    listed = _validation("題名", "入力", _literal(f"甲\0{CANARY}\0乙"))
    yield "validation_entries", _with({}, _PLAIN + listed), "other", True
    yield "conditional", _with({}, _PLAIN + _rule(CANARY, b"")), "other", True
    yield "conditional_literal", _with({}, _PLAIN + _rule("含む", _literal(CANARY)[4:-4])), "other", True
    yield (
        "filter",
        _with({}, _PLAIN + rec(161, bytes(16)) + rec(163, bytes(6)) + rec(167, wide(CANARY)) + rec(162)),
        "other",
        True,
    )
    yield (
        "protected_range",
        _with({}, _PLAIN + rec(536, struct.pack("<HI4I", 0, 1, 0, 0, 0, 0) + wide(CANARY) + bytes(8))),
        "other",
        True,
    )


def _parts() -> Iterator[tuple[str, bytes, str, bool]]:
    """The same of other parts."""
    kind = "application/vnd.ms-excel."
    column = rec(347, struct.pack("<6I", 1, 0, 0, 0, 0, 0) + wide(CANARY) + wide(CANARY) + _none() * 4)
    yield "table_column", _one("xl/tables/table1.bin", f"{kind}table", column), "header", False
    yield (
        "external_sheet",
        _one(
            "xl/externalLinks/externalLink1.bin", f"{kind}externalLink", rec(358, struct.pack("<I", 1) + wide(CANARY))
        ),
        "external_link",
        True,
    )
    yield (
        "external_cell",
        _one(
            "xl/externalLinks/externalLink1.bin", f"{kind}externalLink", rec(372, struct.pack("<I", 0) + wide(CANARY))
        ),
        "external_link",
        True,
    )
    yield (
        "connection",
        _one("xl/connections.bin", f"{kind}connections", rec(201, bytes(20) + wide("Q") + wide(CANARY))),
        "external_link",
        True,
    )
    yield (
        "pivot_definition",
        _one(
            "xl/pivotCache/pivotCacheDefinition1.bin", f"{kind}pivotCacheDefinition", rec(183, bytes(20) + wide(CANARY))
        ),
        "pivot_cache",
        True,
    )
    yield (
        "pivot_table",
        _one("xl/pivotTables/pivotTable1.bin", f"{kind}pivotTable", rec(280, bytes(30) + wide(CANARY))),
        "pivot_cache",
        True,
    )
    yield (
        "users",
        _one("xl/revisions/userNames.bin", f"{kind}userNames", rec(2, bytes(20) + wide(CANARY))),
        "revision",
        True,
    )
    chart = f'<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart><c:strCache><c:pt idx="0"><c:v>{CANARY}</c:v></c:pt></c:strCache></c:chart></c:chartSpace>'
    yield (
        "chart",
        _one("xl/charts/chart1.xml", "application/vnd.openxmlformats-officedocument.drawingml.chart+xml", chart),
        "chart_cache",
        False,
    )
    core = f'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{CANARY}</dc:creator></cp:coreProperties>'
    yield (
        "property",
        _one("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", core),
        "property",
        True,
    )
    threaded = f'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="A1" id="1"><text>{CANARY}</text></threadedComment></ThreadedComments>'
    yield (
        "threaded_comment",
        _one("xl/threadedComments/threadedComment1.xml", "application/vnd.ms-excel.threadedcomments+xml", threaded),
        "comment",
        False,
    )
    shape = f'<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:sp><xdr:txBody><a:p><a:r><a:t>{CANARY}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>'
    yield (
        "shape",
        _one("xl/drawings/drawing1.xml", "application/vnd.openxmlformats-officedocument.drawing+xml", shape),
        "drawing",
        False,
    )
    picture = picture_files.png(picture_files.text("Comment", CANARY.encode()))
    yield "picture", _one("xl/media/image1.png", "image/png", picture), "property", True


def files() -> Iterator[Planted]:
    """All of them."""
    for id_, data, where, hidden in (*_records(), *_parts()):
        entities = {"entities": SHORT_ONES} if id_ == "defined_name" else {}
        yield Planted(f"xlsb-{id_}", "a.xlsb", partial(bytes, data), where, hidden, writable=False, **entities)  # type: ignore[arg-type]
    inner = _one(
        "xl/embeddings/b.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        small_workbook(CANARY),
    )
    yield Planted(
        "xlsb-embedded", "a.xlsb", partial(bytes, inner), "cell", member="xl/embeddings/b.xlsx", writable=False
    )
    macros = _one("xl/vbaProject.bin", "application/vnd.ms-office.vbaProject", macro_files.project(CANARY))
    yield Planted(
        "xlsb-macros", "a.xlsb", partial(bytes, macros), "other", hidden=True, status=Status.PARTIAL, writable=False
    )
