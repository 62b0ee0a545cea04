"""A workbook whose reader crashes, hangs or grows is read by another one, and the report says so."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from calls import ROOT

from piiscan import pipeline
from piiscan.errors import LimitError, UnreadableError
from piiscan.formats import _spare
from piiscan.model import FileReport, Limits, ScanOptions, Sheet, Skipped, Source

PEOPLE = [("氏名", "メール", "番号"), ("山田 太郎", "a1@example.jp", 1), ("佐藤 花子", "a2@example.jp", 2.5)]
PEOPLE_TEXTS = [["氏名", "山田 太郎", "佐藤 花子"], ["メール", "a1@example.jp", "a2@example.jp"], ["番号", "1", "2.5"]]

#: A reader for files called deadly…, which ends as the name says.
DEADLY = """
import os, time
import piiscan.registry as registry
from piiscan.model import Format

def read(source, limits):
    if "abort" in source.name:
        os.abort()
    if "sleep" in source.name:
        time.sleep(600)
    if "memory" in source.name:
        held = bytearray(8 * 1024**3)
        held[::4096] = b"x" * len(held[::4096])
    raise ValueError(source.name)
    yield

def sniff(source):
    return 99 if source.name.startswith("deadly") else 0

real = registry.formats
def formats():
    found = real()
    found.setdefault("deadly", Format("deadly", "deadly", (), sniff, read))
    return found
registry.formats = formats
"""


def workbook() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in PEOPLE:
        book.active.append(row)  # type: ignore[union-attr]
    book.create_sheet("隠し").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def source(data: bytes, name: str = "a.xlsx") -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def scanned(folder: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, seconds: float) -> list[FileReport]:
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(DEADLY)
    (folder / "in").mkdir()
    for name, data in files.items():
        (folder / "in" / name).write_bytes(data)
    monkeypatch.setenv("PYTHONPATH", f"{folder / 'site'}{os.pathsep}{ROOT}")
    return list(pipeline.scan([str(folder / "in")], ScanOptions(jobs=1, limits=Limits(seconds=seconds))))


@pytest.mark.skipif(os.name != "posix", reason="workers are broken through sitecustomize")
@pytest.mark.parametrize(
    "fate, reason",
    [
        ("abort", "parser_crashed"),
        ("raise", "internal"),
        pytest.param("sleep", "timed_out", marks=pytest.mark.slow),
        ("memory", "too_much_memory"),
    ],
)
def test_a_workbook_is_tried_once_more(fate: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = "氏名,電話,番号\n山田 太郎,03-0000-1234,1\n".encode()
    files = {f"deadly-{fate}.xlsx": workbook(), "z.csv": table}
    book, other = scanned(tmp_path, files, monkeypatch, 14.0 if fate == "sleep" else 60.0)
    assert (book.format, book.status, book.status_reason, book.persons) == ("xlsx", "partial", "second_reader", 2)
    assert [(s.location, s.reason) for s in book.skipped] == [("", reason), ("", "second_reader")]
    assert (other.status, other.persons) == ("scanned", 1)


@pytest.mark.skipif(os.name != "posix", reason="workers are broken through sitecustomize")
def test_what_the_other_reader_cannot_read_either_keeps_the_first_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"deadly-abort.csv": b"a,b,c\n", "deadly-abort.xls": b"PK\3\4 no workbook", "deadly-abort.xlsx": b"text"}
    found = scanned(tmp_path, files, monkeypatch, 60.0)
    assert [(r.status, r.status_reason) for r in found] == [("unreadable", "parser_crashed")] * 3
    assert [r.format for r in found] == [None] * 3


@pytest.mark.parametrize("calamine", [True, False])
def test_both_readers_give_the_cells(calamine: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not calamine:
        monkeypatch.setattr(_spare, "find_spec", lambda name: None if name == "python_calamine" else True)
    assert _spare.kind_of(source(workbook())) == "xlsx"
    sheets = []
    rest = []
    for item in _spare.read(source(workbook()), Limits()):
        if isinstance(item, Sheet):
            sheets.append((item.location, item.hidden, [dict(b.columns) for b in item.batches]))
        else:
            rest.append(item)
    assert sheets == [("Sheet", False, [dict(enumerate(PEOPLE_TEXTS))]), ("隠し", True, [])]
    assert rest == [Skipped("", "second_reader")]
    with pytest.raises(UnreadableError, match="damaged"):
        list(_spare.read(source(b"PK\3\4 no workbook"), Limits()))


def test_values_are_written_as_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt

    def rows(_: Source) -> Iterator[tuple[str, bool, list[list[object]]]]:
        yield (
            "S",
            False,
            [
                [dt.datetime(1975, 1, 31), dt.date(1975, 1, 31), True, 5.0, 1e300, None, "x"],  # noqa: DTZ001
                [],
                [struct.pack("<d", 1.5)],
            ],
        )

    monkeypatch.setattr(_spare, "_by_calamine", rows)
    (sheet, _) = _spare.read(source(b""), Limits())
    assert isinstance(sheet, Sheet)
    (batch,) = sheet.batches
    assert list(batch.rows) == [0, 2]
    assert [v[0] for _, v in sorted(batch.columns.items())] == ["1975-01-31", "1975-01-31", "TRUE", "5", "1e+300", "x"]
    monkeypatch.setattr(_spare, "_by_calamine", lambda _: [("S", False, [["x" * 11]])])
    (sheet, _) = _spare.read(source(b""), Limits(cell_chars=10))
    with pytest.raises(LimitError):
        list(sheet.batches)  # type: ignore[union-attr]
