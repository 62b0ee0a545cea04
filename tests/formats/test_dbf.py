"""dBASE tables: rows, deleted rows, encodings; damage ends in an error, and other files are none."""

from __future__ import annotations

import io
import random
import struct

import pytest

from piiscan.errors import PiiscanError
from piiscan.formats import dbf
from piiscan.inspection.inspecting import inspect
from piiscan.inspection.knowledge import knowledge
from piiscan.model import FileReport, Limits, Sheet, Source

FIELDS = (("氏名", "C", 20), ("電話", "C", 15), ("生年月日", "D", 8), ("番号", "N", 5))
PEOPLE = [("山田 太郎", "090-0123-4567", "19750131", "1"), ("佐藤 花子", "090-0123-4568", "19800203", "2"), ("鈴木 一郎", "03-0000-1234", "19901224", "3")]  # fmt: skip


def table(rows: list[tuple[str, ...]], *, encoding: str = "cp932", driver: int = 0x7B, gone: int = -1) -> bytes:
    fields = b"".join(
        n.encode(encoding)[:10].ljust(11, b"\0") + k.encode() + bytes(4) + bytes([w]) + bytes(15) for n, k, w in FIELDS
    )
    length = 1 + sum(w for _, _, w in FIELDS)
    head = (
        struct.pack("<BBBBIHH", 3, 126, 1, 2, len(rows), 33 + len(fields), length) + bytes(17) + bytes([driver, 0, 0])
    )
    body = b"".join(
        (b"*" if n == gone else b" ") + b"".join(v.encode(encoding).ljust(w) for v, (_, _, w) in zip(row, FIELDS, strict=True))
        for n, row in enumerate(rows)
    )  # fmt: skip
    return head + fields + b"\r" + body + b"\x1a"


def source(data: bytes, name: str = "a.dbf") -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def report(data: bytes) -> FileReport:
    return inspect(source(data), knowledge(), Limits(), b"k" * 32).reports[0]


@pytest.mark.parametrize(("encoding", "driver"), [("cp932", 0x7B), ("cp932", 0), ("utf-8", 0)])
def test_people_are_counted(encoding: str, driver: int) -> None:
    found = report(table(PEOPLE, encoding=encoding, driver=driver))
    assert (found.format, found.status, found.persons) == ("dbf", "scanned", 3)
    assert {c.entity for c in found.tables[0].columns} >= {"person_name", "phone"}


def test_cells_stand_where_they_are() -> None:
    (sheet,) = dbf.read(source(table(PEOPLE)), Limits())
    assert isinstance(sheet, Sheet)
    (batch,) = sheet.batches
    assert list(batch.rows) == [0, 1, 2, 3]
    assert list(batch.columns[0]) == ["氏名", "山田 太郎", "佐藤 花子", "鈴木 一郎"]
    assert list(batch.columns[2])[1] == "1975-01-31"


def test_what_was_deleted_is_still_there() -> None:
    found = report(table(PEOPLE * 4, gone=1))
    assert found.persons == 3
    shown, deleted = dbf.read(source(table(PEOPLE, gone=1)), Limits())
    assert isinstance(shown, Sheet)
    assert isinstance(deleted, Sheet)
    assert (deleted.location, deleted.hidden) == ("deleted", True)
    assert [list(b.rows) for b in deleted.batches] == [[0, 2]]
    assert [list(b.rows) for b in shown.batches] == [[0, 1, 3]]


def test_large_tables_come_in_batches() -> None:
    (sheet,) = dbf.read(source(table(PEOPLE * 5000)), Limits())
    assert isinstance(sheet, Sheet)
    assert sum(len(b.rows) for b in sheet.batches) == 15_001


def test_other_files_and_damage() -> None:
    for data in (b"", b"\3", b"\3" + b"a,b\n" * 100, b"\3" * 200, table([])[:50]):
        assert dbf.sniff(source(data)) == 0
    chosen, seen = random.Random(2), 0
    whole = table(PEOPLE)
    for _ in range(3000):
        data = bytearray(whole)
        for _ in range(chosen.randint(1, 3)):
            data[chosen.randrange(170)] = chosen.choice((0, 1, 0x7F, 0xFF, chosen.randrange(256)))
        dbf.sniff(source(bytes(data)))
        try:
            for item in dbf.read(source(bytes(data)), Limits()):
                if isinstance(item, Sheet):
                    seen += sum(len(b.rows) for b in item.batches)
        except PiiscanError:
            continue
    assert seen > 1000
