"""One JSON object a line for every file, written as soon as the file is done: an element of the document's ``files``."""

from __future__ import annotations

from typing import TextIO

from piiscan.reports import Report, Run
from piiscan.reports._document import dumps, of_file


def write(run: Run, out: TextIO) -> None:
    """Writes and flushes one line a file."""
    for report in run.files:
        out.write(dumps(of_file(report, run.lang, run.own)) + "\n")
        out.flush()


REPORT = Report(
    id="jsonl",
    label="1ファイル1行のJSON（プログラム向け）",
    label_en="JSON, one file a line, for programs",
    write=write,
)
