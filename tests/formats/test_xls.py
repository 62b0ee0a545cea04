"""Excel workbooks of versions 2 to 2003."""

from __future__ import annotations

import io
import random
import struct
import time

import biff_files as make
import pytest
from outlook_files import compound

from piiscan.errors import EncryptedError, LimitError, UnreadableError
from piiscan.formats import doc, xls
from piiscan.model import Item, Limits, Member, Sheet, Skipped, Source, Text

NAME, KANA, PHONE = "山田 太郎", "ヤマダ タロウ", "090-0123-4567"


def source(data: bytes, name: str = "名簿.xls") -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def grid(sheet: Sheet) -> dict[tuple[int, int], str]:
    return {
        (row, column): value
        for batch in sheet.batches
        for column, values in batch.columns.items()
        for row, value in zip(batch.rows, values, strict=True)
        if value
    }


def read(data: bytes, limits: Limits | None = None) -> tuple[dict[str, dict[tuple[int, int], str]], list[Item]]:
    """Cells by sheet, and everything else."""
    sheets: dict[str, dict[tuple[int, int], str]] = {}
    rest: list[Item] = []
    for item in xls.read(source(data), limits or Limits()):
        if isinstance(item, Sheet):
            sheets[item.location] = grid(item)
        rest.append(item)
    return sheets, rest


def texts(items: list[Item], where: str) -> list[tuple[str, str]]:
    return [(i.place.location, i.text) for i in items if isinstance(i, Text) and i.place.where == where]


def reasons(items: list[Item]) -> set[str]:
    return {i.reason for i in items if isinstance(i, Skipped) and i.partial}


SST = make.rec(0xFC, make.shared([(NAME, KANA, 1), (PHONE, "", 0), ("退職者", "タイショクシャ", 0)]))


def test_cells_readings_and_strings_that_no_cell_shows() -> None:
    sheets, items = read(make.workbook(make.stream([("名簿", make.label(0, 1, 0) + make.label(2, 3, 1))], SST)))
    assert sheets == {"名簿": {(0, 1): NAME, (2, 3): PHONE}}
    assert ("名簿!B1", KANA) in texts(items, "furigana")
    assert texts(items, "orphan_string") == [("", "退職者")]
    assert ("", "タイショクシャ") in texts(items, "furigana")
    assert not reasons(items)


@pytest.mark.parametrize("cut", [9, 12, 15, 20, 33, 45])
def test_strings_that_run_over_into_the_next_record(cut: int) -> None:
    body = make.shared([(NAME * 3, KANA, 2), (PHONE, "", 0)])
    # Where characters are cut, the next record begins with a byte that says their width.
    inside = 17 <= cut < 17 + 2 * len(NAME * 3)
    mark = b"\1" if inside else b""
    cut += (cut - 17) % 2 if inside else 0
    records = make.rec(0xFC, body[:cut]) + make.rec(0x3C, mark + body[cut:])
    sheets, items = read(make.workbook(make.stream([("S", make.label(0, 0, 0) + make.label(0, 1, 1))], records)))
    assert sheets["S"] == {(0, 0): NAME * 3, (0, 1): PHONE}
    assert texts(items, "furigana") == [("S!A1", KANA)]


def test_numbers_read_as_their_format_shows_them() -> None:
    codes = make.rec(0x41E, struct.pack("<H", 164) + make.wide("00000000000"))
    styles = b"".join(make.rec(0xE0, struct.pack("<HH", 0, n) + bytes(16)) for n in (0, 14, 164))
    cells = (
        make.number(0, 0, 27425.0, 1)
        + make.number(0, 1, 9001234567.0, 2)
        + make.cell(0x27E, 0, 2, struct.pack("<I", 12345 << 2 | 2))
        + make.cell(0x27E, 0, 3, struct.pack("<I", (-5 << 2 | 2) & 0xFFFFFFFF))
        + make.rec(0xBD, struct.pack("<HHHIHIH", 1, 0, 0, 100 << 2 | 3, 0, 7 << 2 | 2, 1))
        + make.cell(0x205, 2, 0, b"\1\0")
        + make.cell(0x205, 2, 1, b"\x2a\1")
    )
    sheets, _ = read(make.workbook(make.stream([("S", cells)], codes + styles)))
    assert sheets["S"] == {
        (0, 0): "1975-01-31", (0, 1): "09001234567", (0, 2): "12345", (0, 3): "-5", (1, 0): "1", (1, 1): "7",
        (2, 0): "TRUE", (2, 1): "#N/A",
    }  # fmt: skip


def test_dates_from_1904() -> None:
    extra = make.rec(0x22, b"\1\0") + make.rec(0xE0, struct.pack("<HH", 0, 14) + bytes(16))
    sheets, _ = read(make.workbook(make.stream([("S", make.number(0, 0, 27425.0 - 1462))], extra)))
    assert sheets["S"] == {(0, 0): "1975-01-31"}


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), 1e308, -1.0, 3e9])
def test_numbers_that_are_no_date(value: float) -> None:
    extra = make.rec(0xE0, struct.pack("<HH", 0, 14) + bytes(16))
    sheets, _ = read(make.workbook(make.stream([("S", make.number(0, 0, value, 0))], extra)))
    assert len(sheets["S"]) == 1


def test_results_and_literals_of_formulas() -> None:
    text = make.cell(0x06, 0, 0, b"\0\0\0\0\0\0\xff\xff" + bytes(6) + struct.pack("<H", 0)) + make.rec(
        0x207, make.wide(NAME)
    )
    literal = make.wide("様 御中", 1)
    tokens = b"\x17" + literal
    value = make.cell(0x06, 1, 0, struct.pack("<d", 3.5) + bytes(6) + struct.pack("<H", len(tokens)) + tokens)
    sheets, items = read(make.workbook(make.stream([("S", text + value)])))
    assert sheets["S"] == {(0, 0): NAME, (1, 0): "3.5"}
    assert ("S!A2", "様 御中") in texts(items, "other")


def test_places_outside_the_cells() -> None:
    object_ = make.rec(0x5D, struct.pack("<HHHHH", 0x15, 0x12, 0x19, 7, 0) + bytes(12))
    box = make.rec(0x1B6, struct.pack("<HH6xHHI", 0, 0, len(NAME), 0, 0))
    note = make.rec(0x1C, struct.pack("<HHHH", 4, 2, 0, 7) + make.wide("鈴木 花子"))
    body = (
        make.rec(0x14, make.wide('&L&"ＭＳ 明朝"社外秘&R佐藤 次郎'))
        + make.label(0, 0, 1)
        + object_
        + box
        + make.rec(0x3C, b"\1" + NAME.encode("utf-16-le"))
        + note
        + make.rec(
            0x1BE, struct.pack("<I", 0) + make.wide("氏名を入力") + make.wide("E") + make.wide("P") + make.wide("F")
        )
    )
    name = make.rec(0x18, struct.pack("<HBBHHHI", 0, 0, 4, 0, 0, 0, 0) + b"\1" + "担当一覧".encode("utf-16-le"))
    extra = SST + make.rec(0x5C, make.wide("高橋 三郎") + b" " * 20) + name + make.rec(0x1234, make.wide("田中 四郎"))
    sheets, items = read(make.workbook(make.stream([("S", body)], extra)))
    assert {text for _, text in texts(items, "comment")} == {NAME, "鈴木 花子"}
    assert texts(items, "comment")[0][0] == "S!C5"
    assert any("佐藤 次郎" in text for _, text in texts(items, "header_footer"))
    assert ("S", "氏名を入力") in texts(items, "validation")
    assert ("", "担当一覧") in texts(items, "defined_name")
    assert ("", "高橋 三郎") in texts(items, "property")
    assert any("田中 四郎" in text for _, text in texts(items, "other")), "a record that nobody knows"
    assert sheets["S"] == {(0, 0): PHONE}


def test_hidden_sheets_rows_columns_and_merged_cells() -> None:
    body = (
        make.rec(0x7D, struct.pack("<HHHHHH", 2, 4, 0, 0, 1, 0))
        + make.rec(0x208, struct.pack("<HHHHIHBB", 3, 0, 1, 0, 0, 0x20, 0, 0)[:16])
        + make.label(3, 0, 0)
        + make.rec(0xE5, struct.pack("<HHHHH", 1, 0, 1, 2, 3))
    )
    data = make.workbook(make.stream([("見", make.label(0, 0, 1)), ("隠", body)], SST, hidden=(0, 2)))
    first, second = [i for i in xls.read(source(data), Limits()) if isinstance(i, Sheet)]
    assert (first.hidden, second.hidden) == (False, True)
    assert second.hidden_columns == {2, 3, 4}
    assert second.hidden_rows == {3}
    (merged,) = second.merged
    assert (merged.first_row, merged.first_column, merged.last_row, merged.last_column) == (0, 2, 1, 3)


def test_a_sheet_that_the_workbook_does_not_list_is_read() -> None:
    data = make.stream([("S", make.label(0, 0, 1))], SST) + make.bof(make.SHEET) + make.label(0, 0, 0) + make.rec(0x0A)
    sheets, _ = read(make.workbook(data))
    assert list(sheets.values()) == [{(0, 0): PHONE}, {(0, 0): NAME}]


def test_version_5_in_shift_jis() -> None:
    raw = NAME.encode("cp932")
    cells = make.cell(0x204, 0, 0, struct.pack("<H", len(raw)) + raw)
    for page in (932, 1252, None):
        extra = make.rec(0x42, struct.pack("<H", page)) if page else b""
        sheets, _ = read(make.workbook(make.stream([("名簿", cells)], extra, version=5), "Book"))
        assert sheets == {"名簿": {(0, 0): NAME}}, page


@pytest.mark.parametrize("version", [2, 3, 4])
def test_old_versions_without_a_container(version: int) -> None:
    raw = NAME.encode("cp932")
    if version == 2:
        cells = make.rec(0x04, struct.pack("<HH3xB", 0, 0, len(raw)) + raw)
        cells += make.rec(0x03, struct.pack("<HH3xd", 1, 0, 5.0)) + make.rec(0x02, struct.pack("<HH3xH", 2, 0, 7))
        expected = {(0, 0): NAME, (1, 0): "5", (2, 0): "7"}
    else:
        cells = make.cell(0x204, 0, 0, struct.pack("<H", len(raw)) + raw) + make.number(1, 0, 5.0)
        expected = {(0, 0): NAME, (1, 0): "5"}
    data = make.bof(make.SHEET, version) + make.rec(0x42, struct.pack("<H", 932)) + cells + make.rec(0x0A)
    assert xls.sniff(source(data)) == 90
    assert list(read(data)[0].values()) == [expected]


def test_a_workspace_of_version_4() -> None:
    sheets = [make.bof(make.SHEET, 4) + make.number(0, 0, float(n)) + make.rec(0x0A) for n in (1, 2)]
    data = make.bof(0x100, 4) + b"".join(make.rec(0x8F, b"\0\0\0\0\1S") + sheet for sheet in sheets) + make.rec(0x0A)
    cells, items = read(data)
    assert list(cells.values()) == [{(0, 0): "1"}, {(0, 0): "2"}]
    assert not reasons(items)


def test_protected_by_a_password() -> None:
    data = make.workbook(make.stream([("S", make.label(0, 0, 0))], make.rec(0x2F, bytes(6)) + SST))
    with pytest.raises(EncryptedError):
        read(data)


def test_macros_pivot_caches_and_files_inside() -> None:
    native = b"\0\0\0\0\2\0" + "名簿.csv".encode("cp932") + b"\0C:\\x\0" + bytes(4) + struct.pack("<I", 0)
    native += struct.pack("<I", 12) + "氏名,電話".encode("cp932")[:12].ljust(12, b"x")
    data = compound({
        "Workbook": make.stream([("S", make.label(0, 0, 1))], SST),
        "_SX_DB_CUR": {"0001": make.rec(0xCD, make.wide(NAME))},
        "_VBA_PROJECT_CUR": {"VBA": {"dir": b"x" * 50}},
        "MBD00000001": {"\x01Ole10Native": native},
    })  # fmt: skip
    _, items = read(data)
    assert NAME in [text for _, text in texts(items, "pivot_cache")]
    assert [(m.name, m.size) for m in items if isinstance(m, Member)] == [("名簿.csv", 12)]
    assert reasons(items) == {"macros"}


def test_cells_out_of_order_and_twice() -> None:
    cells = make.number(5, 0, 1.0) + make.number(2, 0, 2.0) + make.number(5, 0, 3.0)
    (sheet,) = [
        i for i in xls.read(source(make.workbook(make.stream([("S", cells)]))), Limits()) if isinstance(i, Sheet)
    ]
    (batch,) = sheet.batches
    assert (list(batch.rows), batch.columns[0]) == ([2, 5], ["2", "1\n3"]), "neither of two values in one cell is lost"


def test_a_long_row_and_many_short_ones_stay_small() -> None:
    cells = b"".join(make.number(0, column, 1.0) for column in range(0, 60_000, 4))
    cells += b"".join(make.number(row, 0, 1.0) for row in range(1, 5_000))
    (sheet,) = [
        i for i in xls.read(source(make.workbook(make.stream([("S", cells)]))), Limits()) if isinstance(i, Sheet)
    ]
    sizes = [len(batch.rows) * len(batch.columns) for batch in sheet.batches]
    assert max(sizes) <= 8_000_000
    assert len(sizes) > 1


def test_damage_is_said() -> None:
    whole = make.stream([("S", make.label(0, 0, 1))], SST)
    _, items = read(make.workbook(whole[:-4]))  # no end of the sheet
    assert reasons(items) == {"damaged"}
    sheets, items = read(whole)  # a stream without its container
    assert sheets["S"] == {(0, 0): PHONE}
    broken = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + whole
    assert xls.sniff(source(broken)) == 42
    sheets, items = read(broken)
    assert sheets["S"] == {(0, 0): PHONE}
    assert reasons(items) == {"damaged"}
    with pytest.raises(UnreadableError):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))


def test_a_workbook_without_sheets_is_not_clean() -> None:
    assert reasons(read(make.workbook(make.stream([], SST)))[1]) == {"nothing_read"}


def test_too_long_a_cell() -> None:
    data = make.workbook(make.stream([("S", make.label(0, 0, 0))], SST))
    with pytest.raises(LimitError):
        read(data, Limits(cell_chars=3))


def test_mutants_end_in_declared_errors() -> None:
    """Bytes turned at random: a result or an error of ours, in little time."""
    data = make.workbook(make.stream([("S", b"".join(make.label(r, 0, r % 3) for r in range(30)))], SST))
    rng = random.Random(5)
    start = time.perf_counter()
    for _ in range(400):
        mutant = bytearray(data)
        for _ in range(rng.randint(1, 12)):
            mutant[rng.randrange(len(mutant))] = rng.choice((0, 1, 0xFF, rng.randrange(256)))
        for format_ in (xls, doc):
            try:
                for item in format_.read(source(bytes(mutant)), Limits()):
                    if isinstance(item, Sheet):
                        grid(item)
            except (UnreadableError, EncryptedError, LimitError):
                continue
    assert time.perf_counter() - start < 60


# ---------------------------------------------------------------- Word and PowerPoint of the same age


def word(text: str, note: str = "", *, encrypted: bool = False) -> bytes:
    body = text.encode("utf-16-le") + note.encode("utf-16-le")
    fib = bytearray(0x400)
    struct.pack_into("<HH", fib, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", fib, 10, 0x0200 | (0x0100 if encrypted else 0))
    struct.pack_into("<I", fib, 0x4C, len(text))
    struct.pack_into("<I", fib, 0x5C, len(note))
    pieces = struct.pack("<II", 0, len(text) + len(note)) + struct.pack("<HIH", 0, 0x400, 0)
    clx = b"\2" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", fib, 0x1A2, 0, len(clx))
    return compound({"WordDocument": bytes(fib) + body, "1Table": clx})


def test_word_text_and_comments() -> None:
    data = word(f"氏名\x07{NAME}\r", "要確認\r")
    assert doc.sniff(source(data, "a.doc")) == 90
    items = list(doc.read(source(data, "a.doc"), Limits()))
    assert texts(items, "text")[0][1] == f"氏名\t{NAME}\n"
    assert texts(items, "comment")[0][1] == "要確認\n"
    with pytest.raises(EncryptedError):
        list(doc.read(source(word("x", encrypted=True)), Limits()))


def test_slides() -> None:
    atom = struct.pack("<HHI", 0, 0x0FA0, len(NAME) * 2) + NAME.encode("utf-16-le")
    slide = struct.pack("<HHI", 0x0F, 0x03EE, len(atom)) + atom
    data = compound({"PowerPoint Document": slide + slide, "Current User": bytes(30)})
    items = list(doc.read(source(data, "a.ppt"), Limits()))
    assert texts(items, "text") == [("slide 1", NAME), ("slide 2", NAME)]
