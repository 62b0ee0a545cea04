"""One JSON document for the whole run, as ``piiscan/schemas/report-1.json`` describes it."""

from __future__ import annotations

from typing import TextIO

from piiscan.reports import Report, Run
from piiscan.reports._document import SCHEMA, dumps, of_file, of_summary


def write(run: Run, out: TextIO) -> None:
    """Writes the document; nothing is written before the last file is done, since the summary stands first."""
    files = [of_file(report, run.lang, run.own) for report in run.files]
    document = {
        "schema": SCHEMA,
        "tool": {"name": "piiscan", "version": run.version, "rules": run.rules},
        "started": run.started.isoformat(timespec="seconds"),
        "seconds": round(run.seconds(), 3),
        "summary": of_summary(run.summary()),
        "files": files,
    }
    out.write(dumps(document, indent=2) + "\n")


REPORT = Report(id="json", label="JSON文書（プログラム向け）", label_en="one JSON document, for programs", write=write)
