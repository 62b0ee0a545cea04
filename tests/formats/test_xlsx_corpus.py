"""Our cells against those of two other readers, on workbooks that lie outside the project; skipped without them."""

from __future__ import annotations

import io
import json
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from piiscan.errors import PiiscanError
from piiscan.formats import xlsx
from piiscan.model import Limits, Sheet, Skipped, Source, Text

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "hostile_files"
KINDS = ("xlsx", "xlsm", "xltx", "xltm")


def entries() -> list[dict[str, Any]]:
    index = CORPUS / "index.json"
    if not index.exists():
        return []
    return [e for e in json.loads(index.read_text()) if e["format"] in KINDS and path_of(e).exists()]


def path_of(entry: dict[str, Any]) -> Path:
    return CORPUS / entry["repo"].replace("/", "+") / entry["path"]


def source_of(path: Path) -> Source:
    data = path.read_bytes()
    return Source(str(path), None, path.name, io.BytesIO(data), len(data))


def outcome(path: Path) -> tuple[str, dict[str, Counter[str]], list[Skipped], int]:
    """(what happened, cell texts by sheet, what was skipped, number of other texts)."""
    cells: dict[str, Counter[str]] = {}
    skipped, texts = [], 0
    source = source_of(path)
    if not xlsx.sniff(source):
        return "other", {}, [], 0
    try:
        for item in xlsx.read(source, Limits()):
            if isinstance(item, Sheet):
                found = cells.setdefault(item.location, Counter())
                for batch in item.batches:
                    for column in batch.columns.values():
                        assert len(column) == len(batch.rows)
                        found.update(v for v in column if v)
            elif isinstance(item, Skipped):
                skipped.append(item)
            elif isinstance(item, Text):
                texts += 1
            else:
                item.stream.close()
    except PiiscanError as error:
        return f"{type(error).__name__}:{error.reason}", cells, skipped, texts
    return "ok", cells, skipped, texts


def by_openpyxl(path: Path) -> Iterator[tuple[str, str]]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(path, read_only=False, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                for cell in sheet._cells.values():  # iter_rows would walk 17 thousand million empty cells
                    if isinstance(cell.value, str) and cell.value:
                        yield sheet.title, cell.value
        except Exception:
            return


def by_calamine(path: Path) -> Iterator[tuple[str, str]]:
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            for row in book.get_sheet_by_name(name).to_python():
                for value in row:
                    if isinstance(value, str) and value:
                        yield name, value
    except BaseException:
        return


def readers_of(entry: dict[str, Any], path: Path) -> list[Callable[[Path], Iterator[tuple[str, str]]]]:
    """Those that survive the file: calamine may end the process, openpyxl may take minutes."""
    readers = [by_calamine] if entry["readers"].get("calamine") == "ok" else []
    return [by_openpyxl, *readers] if path.stat().st_size < 500_000 else readers


@pytest.mark.slow
@pytest.mark.skipif(not entries(), reason="no workbooks beside the project")
def test_no_text_that_another_reader_finds_is_missing() -> None:
    wrong = []
    for entry in entries():
        path = path_of(entry)
        status, cells, skipped, _ = outcome(path)
        if entry["expected"] == "ok" and status != "ok":
            wrong.append((entry["path"], status))
            continue
        if status != "ok" or any(s.partial and s.reason == "damaged_xml" for s in skipped):
            continue
        for reader in readers_of(entry, path):
            for sheet, text in set(reader(path)):
                plain = " ".join(text.replace("\r", "").split())
                if plain and plain not in {" ".join(t.replace("\r", "").split()) for t in cells.get(sheet, ())}:
                    wrong.append((entry["path"], reader.__name__, sheet, text[:40]))
    assert wrong == []
