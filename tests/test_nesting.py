"""Files inside files inside files: read while they are few, stopped when they multiply."""

from __future__ import annotations

import io
import time
import zipfile

from piiscan.inspection.inspecting import inspect
from piiscan.inspection.knowledge import knowledge
from piiscan.model import Limits, Source, Status

CSV = "氏名,電話番号\n山田 太郎,090-0123-4567\n鈴木 花子,090-0123-4568\n佐藤 次郎,090-0123-4569\n".encode()


def nested(levels: int, copies: int) -> bytes:
    data, name = CSV, "名簿.csv"
    for _ in range(levels):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(copies):
                archive.writestr(f"{copy}-{name}", data)
        data, name = out.getvalue(), "a.zip"
    return data


def look(data: bytes) -> tuple[Status, set[str], int]:
    reports = inspect(
        Source("a.zip", None, "a.zip", io.BytesIO(data), len(data)), knowledge(), Limits(), b"k" * 32
    ).reports
    return reports[0].status, {s.reason for r in reports for s in r.skipped}, max(r.persons for r in reports)


def test_some_levels_are_read() -> None:
    assert look(nested(4, 2)) == (Status.SCANNED, set(), 3)


def test_a_bomb_of_archives_is_stopped() -> None:
    start = time.process_time()
    status, reasons, _ = look(nested(5, 8))
    assert status is Status.PARTIAL
    assert "too_many_members" in reasons
    assert time.process_time() - start < 10
