"""Binary Excel workbooks."""

from __future__ import annotations

import io
import random
import struct
import zipfile

import pytest

from piiscan.errors import EncryptedError, LimitError, UnreadableError
from piiscan.formats import xlsb
from piiscan.model import Item, Limits, Sheet, Skipped, Source, Text

NAME, KANA, PHONE = "山田 太郎", "ヤマダ タロウ", "090-0123-4567"
TYPES = {
    "xl/workbook.bin": "sheet.binary.macroEnabled.main",
    "xl/worksheets/sheet1.bin": "worksheet",
    "xl/worksheets/sheet2.bin": "worksheet",
    "xl/sharedStrings.bin": "sharedStrings",
    "xl/styles.bin": "styles",
    "xl/comments1.bin": "comments",
    "xl/pivotCache/records1.bin": "pivotCacheRecords",
}


def rec(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(body)
    length = b""
    while True:
        byte, size = size & 0x7F, size >> 7
        length += bytes([byte | (0x80 if size else 0)])
        if not size:
            return head + length + body


def wide(text: str) -> bytes:
    raw = text.encode("utf-16-le")
    return struct.pack("<I", len(raw) // 2) + raw


def rich(text: str, kana: str = "", runs: int = 0) -> bytes:
    body = bytes([(1 if runs else 0) | (2 if kana else 0)]) + wide(text)
    body += struct.pack("<I", runs) + bytes(4 * runs) if runs else b""
    return body + (wide(kana) + struct.pack("<II", 0, 0) if kana else b"")


def row(index: int, *, hidden: bool = False) -> bytes:
    return rec(0, struct.pack("<IIHBBI", index, 0, 300, 0, 8 if hidden else 0, 0))


def cell(kind: int, column: int, body: bytes, style: int = 0) -> bytes:
    return rec(kind, struct.pack("<II", column, style) + body)


def relations(*targets: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="{i}" Type="urn:x/{t.rpartition("/")[2][:-5]}" Target="{t}"/>' for i, t in targets
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )


def book(sheets: list[bytes], **parts: bytes) -> bytes:
    """A package; ``parts`` by the last word of their content type."""
    out = io.BytesIO()
    names = {kind: name for name, kind in TYPES.items() if kind != "worksheet"}
    listed = b"".join(
        rec(156, struct.pack("<II", 2 if n else 0, n + 1) + wide(f"rId{n + 1}") + wide("名簿" if n == 0 else "隠し"))
        for n in range(len(sheets))
    )
    files = {"xl/workbook.bin": rec(153, struct.pack("<II", 0, 0)) + listed}
    files |= {f"xl/worksheets/sheet{n + 1}.bin": data for n, data in enumerate(sheets)}
    files |= {names[kind]: data for kind, data in parts.items()}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        kinds = "".join(f'<Override PartName="/{n}" ContentType="application/vnd.ms-excel.{TYPES[n]}"/>' for n in files)
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{kinds}</Types>',
        )
        archive.writestr("_rels/.rels", relations(("rId1", "xl/workbook.bin")))
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            relations(*((f"rId{n + 1}", f"worksheets/sheet{n + 1}.bin") for n in range(2))),
        )
        archive.writestr("xl/worksheets/_rels/sheet1.bin.rels", relations(("rId1", "../comments1.bin")))
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def source(data: bytes) -> Source:
    return Source("名簿.xlsb", None, "名簿.xlsb", io.BytesIO(data), len(data))


def read(data: bytes, limits: Limits | None = None) -> tuple[dict[str, dict[tuple[int, int], str]], list[Item]]:
    sheets: dict[str, dict[tuple[int, int], str]] = {}
    rest: list[Item] = []
    for item in xlsb.read(source(data), limits or Limits()):
        if isinstance(item, Sheet):
            sheets[item.location] = {
                (r, c): value
                for batch in item.batches
                for c, values in batch.columns.items()
                for r, value in zip(batch.rows, values, strict=True)
                if value
            }
        rest.append(item)
    return sheets, rest


def texts(items: list[Item], where: str) -> list[tuple[str, str]]:
    return [(i.place.location, i.text) for i in items if isinstance(i, Text) and i.place.where == where]


STRINGS = rec(159, bytes(8)) + rec(19, rich(NAME, KANA, 2)) + rec(19, rich(PHONE)) + rec(19, rich("退職者")) + rec(160)


def test_cells_of_every_kind() -> None:
    styles = rec(617, bytes(4)) + b"".join(rec(47, struct.pack("<HH", 0, n) + bytes(12)) for n in (0, 14)) + rec(618)
    sheet = (
        row(0)
        + cell(7, 1, struct.pack("<I", 0))
        + rec(18, struct.pack("<II", 0, 1))  # the next column
        + row(3)
        + cell(5, 0, struct.pack("<d", 27425.0), 1)
        + cell(2, 1, struct.pack("<I", 12345 << 2 | 2))
        + cell(6, 2, wide("直接"))
        + cell(4, 3, b"\1")
        + cell(3, 4, b"\x2a")
        + cell(
            8,
            5,
            wide("結果") + struct.pack("<HI", 0, 9) + b"\x17" + struct.pack("<H", 3) + "様です".encode("utf-16-le"),
        )
        + cell(62, 6, rich("混在", "コンザイ", 1))
    )
    sheets, items = read(book([sheet], sharedStrings=STRINGS, styles=styles))
    assert sheets["名簿"] == {
        (0, 1): NAME, (0, 2): PHONE, (3, 0): "1975-01-31", (3, 1): "12345", (3, 2): "直接", (3, 3): "TRUE",
        (3, 4): "#N/A", (3, 5): "結果", (3, 6): "混在",
    }  # fmt: skip
    assert texts(items, "furigana")[:2] == [("名簿!B1", KANA), ("名簿!G4", "コンザイ")]
    assert ("名簿!F4", "様です") in texts(items, "other")
    assert texts(items, "orphan_string") == [("", "退職者")]


def test_what_stands_around_the_cells() -> None:
    sheet = (
        rec(60, struct.pack("<4IH", 1, 2, 0, 0, 1))
        + row(2, hidden=True)
        + cell(6, 0, wide("x"))
        + rec(176, struct.pack("<4I", 0, 1, 0, 3))
        + rec(479, bytes(2) + wide('&L&"ＭＳ 明朝"佐藤 次郎') + struct.pack("<5I", *[0xFFFFFFFF] * 5))
        + rec(494, struct.pack("<4I", 1, 1, 2, 2) + wide("rId9") + wide("") + wide("田中 四郎") + wide(""))
        + rec(1999, wide("高橋 三郎"))
    )
    comments = (
        rec(632, wide("鈴木 花子"))
        + rec(635, struct.pack("<I4I", 0, 4, 4, 1, 1) + bytes(16))
        + rec(637, rich("要確認"))
    )
    pivot = rec(24, wide("伊藤 五郎"))
    _, items = read(book([sheet, row(0) + cell(6, 0, wide("y"))], comments=comments, pivotCacheRecords=pivot))
    first, second = [i for i in items if isinstance(i, Sheet)]
    assert (first.hidden, second.hidden) == (False, True)
    assert (first.hidden_rows, first.hidden_columns, len(first.merged)) == ({2}, {1, 2}, 1)
    assert ("名簿", "佐藤 次郎") in texts(items, "header_footer")
    assert ("名簿!C2", "田中 四郎") in texts(items, "hyperlink")
    assert ("名簿!B5", "要確認") in texts(items, "comment")
    assert any(text == "鈴木 花子" for _, text in texts(items, "comment"))
    assert [text for _, text in texts(items, "pivot_cache")] == ["伊藤 五郎"]
    assert ("名簿", "高橋 三郎") in texts(items, "other"), "a record that nobody knows"


def test_sniff_and_damage() -> None:
    data = book([row(0) + cell(6, 0, wide(NAME))])
    assert xlsb.sniff(source(data)) == 90
    sheets, items = read(book([(row(0) + cell(6, 0, wide(NAME)) + rec(5, bytes(40)))[:-20]]))
    assert sheets["名簿"][0, 0].startswith(NAME)
    assert [i.reason for i in items if isinstance(i, Skipped)] == ["damaged"]
    _, items = read(book([]))
    assert [i.reason for i in items if isinstance(i, Skipped)] == ["nothing_read"]
    with pytest.raises(LimitError):
        read(data, Limits(cell_chars=2))


def test_mutants_end_in_declared_errors() -> None:
    rng = random.Random(3)
    sheet = b"".join(row(n) + cell(7, 0, struct.pack("<I", n % 3)) + cell(6, 1, wide(NAME)) for n in range(20))
    for _ in range(150):
        mutant = bytearray(sheet)
        strings = bytearray(STRINGS)
        for part in (mutant, strings):
            for _ in range(rng.randint(1, 6)):
                part[rng.randrange(len(part))] = rng.randrange(256)
        try:
            read(book([bytes(mutant)], sharedStrings=bytes(strings)))
        except (UnreadableError, EncryptedError, LimitError):
            continue
