"""Every place of xls, xlsb, doc and ppt files with a canary in it; none of these formats is written."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import partial

import biff_files as biff
import macro_files
import outlook_files
import test_rtf
import test_xlsb as xlsb
from planting import CANARY, NAME, Planted
from workbook_places import small_workbook

from piiscan.model import Status

_STRINGS = (("備考", "", 0), (CANARY, "", 0), ("花子", CANARY, 0))
_RAW = CANARY.encode("cp932")


def _sst(*used: tuple[str, str, int]) -> bytes:
    return biff.rec(0xFC, biff.shared(used))


def _xls(body: bytes = b"", extra: bytes = b"", name: str = "S", hidden: int = 0, **streams: object) -> bytes:
    sheet = biff.label(0, 0, 0) + body
    data = biff.stream(
        [(name, sheet)], _sst(_STRINGS[0]) + extra if extra[:2] != b"\xfc\x00" else extra, hidden=(hidden,)
    )
    return outlook_files.compound({"Workbook": data, **streams})  # type: ignore[dict-item]


def _label(text: str) -> bytes:
    """The header of a column of remarks."""
    return _sst((text, "", 0))


def _box(kind: int) -> bytes:
    """An object with a text box: a comment's (0x19) or a shape's (6)."""
    raw = CANARY.encode("utf-16-le")
    body = biff.rec(0x5D, struct.pack("<HHHHH", 0x15, 0x12, kind, 7, 0) + bytes(12))
    return body + biff.rec(0x1B6, struct.pack("<HH6xHHI", 0, 0, len(CANARY), 0, 0)) + biff.rec(0x3C, b"\1" + raw)


def _xls_bodies() -> Iterator[tuple[str, bytes, str, bool]]:
    """(id, records of the sheet, where, hidden)."""
    note = biff.rec(0x1C, struct.pack("<HHHH", 4, 2, 0, 7) + biff.wide("著者"))
    yield "comment", _box(0x19) + note, "comment", False
    yield (
        "author",
        _box(0x19)[:0] + biff.rec(0x1C, struct.pack("<HHHH", 4, 2, 0, 7) + biff.wide(CANARY)),
        "comment",
        False,
    )
    yield "shape", _box(6), "drawing", False
    yield "header", biff.rec(0x14, biff.wide(f'&L&"ＭＳ 明朝"{CANARY}')), "header_footer", False
    yield "footer", biff.rec(0x15, biff.wide(f"&R{CANARY}")), "header_footer", False
    prompts = (CANARY, "E", "P", "F")
    for shift in range(4):
        texts = b"".join(biff.wide(t) for t in prompts[-shift:] + prompts[:-shift])
        yield f"validation{shift}", biff.rec(0x1BE, struct.pack("<I", 0) + texts), "validation", True
    link = struct.pack("<HHHH", 0, 0, 0, 0) + bytes(20) + f"mailto:{CANARY}".encode("utf-16-le")
    yield "hyperlink", biff.rec(0x1B8, link), "hyperlink", False
    literal = b"\x17" + biff.wide(CANARY, 1)
    value = struct.pack("<d", 3.5) + bytes(6) + struct.pack("<H", len(literal)) + literal
    yield "formula_literal", biff.cell(0x06, 1, 0, value), "other", True
    result = biff.cell(0x06, 2, 0, b"\0\0\0\0\0\0\xff\xff" + bytes(6) + struct.pack("<H", 0)) + biff.rec(
        0x207, biff.wide(CANARY)
    )
    yield "formula_result", result, "cell", False
    yield "label", biff.cell(0x204, 3, 0, biff.wide(CANARY)), "cell", False
    yield "filter", biff.rec(0x9E, bytes(24) + b"\1" + CANARY.encode("utf-16-le")), "other", True
    yield "unknown_record", biff.rec(0x1234, biff.wide(CANARY)), "other", True
    chart = biff.bof(biff.CHART) + biff.rec(0x100D, b"\0\0" + biff.wide(CANARY, 1)) + biff.rec(0x0A)
    yield "chart", chart, "chart_cache", False


def _xls_globals() -> Iterator[tuple[str, bytes, str]]:
    """(id, records of the globals, where); all of them hidden."""
    name = struct.pack("<HBBHHHI", 0, 0, len(CANARY), 0, 0, 0, 0) + b"\1" + CANARY.encode("utf-16-le")
    yield "defined_name", biff.rec(0x18, name), "defined_name"
    yield "write_access", biff.rec(0x5C, biff.wide(CANARY) + b" " * 20), "property"
    yield "file_sharing", biff.rec(0x5B, bytes(4) + biff.wide(CANARY)), "property"
    book = struct.pack("<H", 1) + biff.wide("a.xls") + biff.wide(CANARY)
    yield "external_sheet", biff.rec(0x1AE, book), "external_link"
    yield "external_cell", biff.rec(0x5A, b"\0\0\0\0\2" + biff.wide(CANARY)), "external_link"


def _xls_files() -> Iterator[Planted]:
    one = partial(Planted, name="a.xls", writable=False)
    strings = _sst(_STRINGS[1])
    yield one(id="xls-cell", make=partial(_xls, extra=strings), where="cell", location="S!")
    yield one(id="xls-hidden_sheet", make=partial(_xls, extra=strings, hidden=1), where="cell", hidden=True)
    yield one(id="xls-very_hidden_sheet", make=partial(_xls, extra=strings, hidden=2), where="cell", hidden=True)
    yield one(
        id="xls-furigana", make=partial(_xls, extra=_sst(_STRINGS[2])), where="furigana", hidden=True, location="S!A1"
    )
    orphan = _sst(_STRINGS[0], _STRINGS[1])
    yield one(id="xls-orphan", make=partial(_xls, extra=orphan), where="orphan_string", hidden=True)
    short = f"{NAME}様"
    yield one(
        id="xls-sheet_name", make=partial(_xls, name=short), where="sheet_name", entities=frozenset({"person_name"})
    )
    for id_, body, where, hidden in _xls_bodies():
        yield one(id=f"xls-{id_}", make=partial(_xls, body), where=where, hidden=hidden)
    for id_, extra, where in _xls_globals():
        yield one(id=f"xls-{id_}", make=partial(_xls, extra=extra), where=where, hidden=True)
    for id_, streams, where, member, status in _beside():
        make = partial(_xls, **streams)
        yield one(id=f"xls-{id_}", make=make, where=where, hidden=member is None, member=member, status=status)
    for page in (932, 1252, None):
        yield one(id=f"xls5-cell-{page}", make=partial(_xls5, page), where="cell")
    yield one(
        id="xls5-header", make=partial(_xls5, 932, biff.rec(0x14, bytes([len(_RAW)]) + _RAW)), where="header_footer"
    )
    note = biff.rec(0x1C, struct.pack("<HHH", 0, 0, len(_RAW)) + _RAW)
    yield one(id="xls5-comment", make=partial(_xls5, 932, note), where="comment")
    for version in (2, 3, 4):
        yield one(id=f"xls{version}-cell", make=partial(_xls_old, version), where="cell")


def _beside() -> Iterator[tuple[str, dict[str, object], str, str | None, Status]]:
    """What stands in other streams of an Office file: (id, streams, where, member, status)."""
    yield "property", {"\x05SummaryInformation": properties(4, CANARY)}, "property", None, Status.SCANNED
    yield (
        "pivot_cache",
        {"_SX_DB_CUR": {"0001": biff.rec(0xCD, biff.wide(CANARY))}},
        "pivot_cache",
        None,
        Status.SCANNED,
    )
    yield "user_names", {"User Names": biff.rec(0x1234, biff.wide(CANARY))}, "revision", None, Status.SCANNED
    native = macro_files.native("a.txt", _RAW)
    yield "embedded_native", {"MBD0001": {"\x01Ole10Native": native}}, "text", "a.txt", Status.SCANNED
    yield "embedded_package", {"MBD0002": {"Package": small_workbook(CANARY)}}, "cell", "MBD0002.bin", Status.SCANNED
    yield "embedded_workbook", {"MBD0003": {"Workbook": _inner_book()}}, "cell", "MBD0003.xls", Status.SCANNED
    yield "unknown_stream", {"Strange": CANARY.encode("utf-16-le")}, "other", None, Status.SCANNED
    vba = macro_files.streams(CANARY)
    yield "macros", {"_VBA_PROJECT_CUR": vba}, "other", None, Status.PARTIAL


def _inner_book() -> bytes:
    return biff.stream([("S", biff.label(0, 0, 0))], _sst(_STRINGS[1]))


def properties(number: int, text: str) -> bytes:
    """A property set ([MS-OLEPS]) with one text in the code page of Japan."""
    raw = text.encode("cp932") + b"\0"
    raw += bytes(-len(raw) % 4)
    values = struct.pack("<III", 0x02, 932, 0x1E)[:8] + struct.pack("<II", 0x1E, len(raw)) + raw
    section = struct.pack("<II", 8 + 16 + len(values), 2) + struct.pack("<IIII", 1, 24, number, 32) + values
    return struct.pack("<HHI16sI16sI", 0xFFFE, 0, 0, bytes(16), 1, bytes(16), 48) + section


def _xls5(page: int | None, body: bytes = b"") -> bytes:
    extra = biff.rec(0x42, struct.pack("<H", page)) if page else b""
    cells = biff.cell(0x204, 0, 0, struct.pack("<H", len(_RAW)) + _RAW) if not body else b""
    return biff.workbook(biff.stream([("名簿", cells + body)], extra, version=5), "Book")


def _xls_old(version: int) -> bytes:
    if version == 2:
        cells = biff.rec(0x04, struct.pack("<HH3xB", 0, 0, len(_RAW)) + _RAW)
    else:
        cells = biff.cell(0x204, 0, 0, struct.pack("<H", len(_RAW)) + _RAW)
    return biff.bof(biff.SHEET, version) + biff.rec(0x42, struct.pack("<H", 932)) + cells + biff.rec(0x0A)


# ---------------------------------------------------------------- xlsb


def _xlsb_files() -> Iterator[Planted]:
    one = partial(Planted, name="a.xlsb", writable=False)
    wide, rec, cell, row = xlsb.wide, xlsb.rec, xlsb.cell, xlsb.row
    strings = rec(159, bytes(8)) + rec(19, xlsb.rich(CANARY)) + rec(160)
    shared = row(0) + cell(7, 0, struct.pack("<I", 0))
    yield one(id="xlsb-shared", make=partial(xlsb.book, [shared], sharedStrings=strings), where="cell")
    orphan = rec(159, bytes(8)) + rec(19, xlsb.rich("備考")) + rec(19, xlsb.rich(CANARY)) + rec(160)
    yield one(
        id="xlsb-orphan", make=partial(xlsb.book, [shared], sharedStrings=orphan), where="orphan_string", hidden=True
    )
    kana = rec(159, bytes(8)) + rec(19, xlsb.rich("花子", CANARY)) + rec(160)
    yield one(id="xlsb-furigana", make=partial(xlsb.book, [shared], sharedStrings=kana), where="furigana", hidden=True)
    plain = row(0) + cell(6, 0, wide("備考"))
    yield one(
        id="xlsb-inline", make=partial(xlsb.book, [row(0) + cell(6, 0, wide(CANARY))]), where="cell", location="!"
    )
    hidden = [plain, row(0) + cell(6, 0, wide(CANARY))]
    yield one(id="xlsb-hidden_sheet", make=partial(xlsb.book, hidden), where="cell", hidden=True)
    rich = row(0) + cell(62, 0, xlsb.rich(CANARY, "", 1))
    yield one(id="xlsb-rich", make=partial(xlsb.book, [rich]), where="cell")
    literal = b"\x17" + struct.pack("<H", len(CANARY)) + CANARY.encode("utf-16-le")
    result = row(0) + cell(8, 0, wide(CANARY) + struct.pack("<HI", 0, 0))
    yield one(id="xlsb-result", make=partial(xlsb.book, [result]), where="cell")
    formula = row(0) + cell(8, 0, wide("備考") + struct.pack("<HI", 0, len(literal)) + literal)
    yield one(id="xlsb-literal", make=partial(xlsb.book, [formula]), where="other", hidden=True)
    header = plain + rec(479, bytes(2) + wide(f"&L{CANARY}") + struct.pack("<5I", *[0xFFFFFFFF] * 5))
    yield one(id="xlsb-header", make=partial(xlsb.book, [header]), where="header_footer")
    link = plain + rec(494, struct.pack("<4I", 1, 1, 2, 2) + wide("rId9") + wide("") + wide(CANARY) + wide(""))
    yield one(id="xlsb-hyperlink", make=partial(xlsb.book, [link]), where="hyperlink", location="!C2")
    unknown = plain + rec(1999, wide(CANARY))
    yield one(id="xlsb-unknown_record", make=partial(xlsb.book, [unknown]), where="other", hidden=True)
    place = rec(635, struct.pack("<I4I", 0, 4, 4, 1, 1) + bytes(16))
    comment = rec(632, wide("著者")) + place + rec(637, xlsb.rich(CANARY))
    yield one(id="xlsb-comment", make=partial(xlsb.book, [plain], comments=comment), where="comment", location="!B5")
    author = rec(632, wide(CANARY)) + place + rec(637, xlsb.rich("確認"))
    yield one(id="xlsb-author", make=partial(xlsb.book, [plain], comments=author), where="comment")
    pivot = rec(24, wide(CANARY))
    yield one(
        id="xlsb-pivot_cache",
        make=partial(xlsb.book, [plain], pivotCacheRecords=pivot),
        where="pivot_cache",
        hidden=True,
    )


# ---------------------------------------------------------------- Word and PowerPoint


#: Parts of a Word document in the order of their characters: offset of their length in the FIB, where.
_STORIES = (
    (0x4C, "text"), (0x50, "text"), (0x54, "header_footer"), (0x5C, "comment"), (0x60, "text"), (0x64, "drawing"), (0x68, "header_footer"),
)  # fmt: skip


def word(story: int, *, text: str = CANARY, **streams: object) -> bytes:
    """A Word document whose canary stands in the story of this FIB offset, the others hold one word."""
    texts = ["備考\r" if offset != story else f"{text}\r" for offset, _ in _STORIES]
    whole = "".join(texts)
    fib = bytearray(0x200)
    struct.pack_into("<HH", fib, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", fib, 10, 0x0200)
    for (offset, _), text in zip(_STORIES, texts, strict=True):
        struct.pack_into("<I", fib, offset, len(text))
    raw = whole.encode("utf-16-le")
    table = b"\2" + struct.pack("<I", 4 * 2 + 8) + struct.pack("<II", 0, len(whole)) + struct.pack("<HIH", 0, 0x200, 0)
    struct.pack_into("<II", fib, 0x1A2, 0, len(table))
    return outlook_files.compound({"WordDocument": bytes(fib) + raw, "1Table": table, **streams})  # type: ignore[dict-item]


def slides(kind: int, container: int = 0x03EE, *, wide: bool = True) -> bytes:
    """A presentation with one text atom in one container: a slide's, notes', a comment's."""
    raw = CANARY.encode("utf-16-le")
    atom = struct.pack("<HHI", 0, kind, len(raw)) + raw
    inner = struct.pack("<HHI", 0x0F, container, len(atom)) + atom
    return outlook_files.compound({"PowerPoint Document": inner, "Current User": bytes(16)})


def _ichitaro() -> bytes:
    text = b"SsmgV.01" + bytes(8) + "\x1c\x01備考\r".encode("utf-16-be") + CANARY.encode("utf-16-be") + b"\0\r"
    return outlook_files.compound({"DocumentText": text, "DocumentViewStyles": bytes(600)})


def _word_files() -> Iterator[Planted]:
    yield Planted("jtd-text", "a.jtd", _ichitaro, "text", status=Status.PARTIAL, writable=False)
    one = partial(Planted, name="a.doc", writable=False)
    for offset, where in _STORIES:
        yield one(id=f"doc-{offset:02x}", make=partial(word, offset), where=where)
    for id_, streams, where, member, status in _beside():
        if id_ in ("property", "embedded_native", "embedded_package", "unknown_stream", "macros"):
            pool = {"Macros": streams["_VBA_PROJECT_CUR"]} if id_ == "macros" else streams
            make = partial(word, 0, **pool)
            yield one(id=f"doc-{id_}", make=make, where=where, hidden=member is None, member=member, status=status)
    show = partial(Planted, name="a.ppt", writable=False)
    yield show(id="ppt-slide", make=partial(slides, 0x0FA0), where="text", location="slide 1")
    yield show(id="ppt-string", make=partial(slides, 0x0FBA), where="text", location="slide 1")
    yield show(id="ppt-notes", make=partial(slides, 0x0FA0, 0x03F0), where="text")
    yield show(id="ppt-comment", make=partial(slides, 0x0FBA, 0x2EE0), where="comment")


# ---------------------------------------------------------------- rich text


def _rich(inner: bytes) -> bytes:
    return b"{\\rtf1\\ansi\\ansicpg932{\\fonttbl{\\f0\\fcharset128 M;}}\\f0 x\\par " + inner + b"}"


def _rtf_files() -> Iterator[Planted]:
    one = partial(Planted, name="a.rtf", writable=False)
    raw = test_rtf.escaped(CANARY)
    narrow = test_rtf.narrow(CANARY)
    ole = outlook_files.compound({"\x01Ole10Native": macro_files.native("a.txt", _RAW)})
    for id_, inner, where, hidden in (
        ("text", raw + b"\\par", "text", False), ("narrow", narrow + b"\\par", "text", False),
        ("header", b"{\\header " + raw + b"\\par}", "text", False), ("author", b"{\\info{\\author " + narrow + b"}}", "text", False),
        ("comment", b"{\\*\\annotation " + raw + b"}", "other", True), ("link", b'{\\*\\fldinst HYPERLINK "' + narrow + b'"}', "other", True),
    ):  # fmt: skip
        yield one(id=f"rtf-{id_}", make=partial(_rich, inner), where=where, hidden=hidden)
    wrapped = b"{\\object{\\*\\objdata 0105" + ole.hex().encode() + b"}}"
    yield one(id="rtf-object", make=partial(_rich, wrapped), where="text", member="object-1.bin/a.txt")


def files() -> Iterator[Planted]:
    """All of them."""
    yield from _rtf_files()
    yield from _xls_files()
    yield from _xlsb_files()
    yield from _word_files()
