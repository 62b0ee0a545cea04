"""The report of a stopped commit: one line a file, and how to go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TextIO

from piiscan.messages import Translate, fill, render, translator
from piiscan.model import FileReport, Level, Status
from piiscan.reports import Report, Run
from piiscan.reports._document import not_read
from piiscan.reports._words import Own, entity_label, level_words, people
from piiscan.text import printable

#: How many kinds of data are named for each file.
_KINDS = 5


def write(run: Run, out: TextIO) -> None:
    """Writes nothing when there is nothing to say; pre-commit shows what is written only when the commit is stopped."""
    say = translator(run.lang)
    found, unread = False, False
    for report in run.files:
        name = printable(report.path) + (f" › {printable(report.member)}" if report.member else "")
        if report.severity.level is not Level.NONE:
            found = True
            parts = [level_words(report.severity.level, say)]
            parts += [people(report.persons, report.persons_exact, say)] if report.persons else []
            out.write(f"{name}: {', '.join([*parts, *_kinds(report, run.lang, run.own)])}\n")
        if report.status is not Status.SCANNED:
            unread = True
            reason = next((s.reason for s in not_read(report)), report.status_reason)
            out.write(f"{name}: {say('not read')}: {render(reason or '', (), run.lang)}\n")
        out.flush()
    out.writelines(f"{line}\n" for line in _advice(say, found=found, unread=unread))


def _kinds(report: FileReport, lang: str, own: Own) -> Iterator[str]:
    """The kinds of data that there is most of, by name."""
    counts: Counter[str] = Counter()
    for table in report.tables:
        for column in table.columns:
            if column.entity:
                counts[column.entity] += column.matches
    for finding in report.findings:
        counts[finding.entity] += finding.count
    for entity, count in counts.most_common(_KINDS):
        if count:
            yield f"{entity_label(entity, lang, own=own)} {count:,}"


def _advice(say: Translate, *, found: bool, unread: bool) -> Iterator[str]:
    if found:
        yield ""
        yield say("This commit holds personal data. How to go on:")
        yield "  " + fill(say("Take it out:  {command}"), {"command": "piiscan redact --in-place FILE && git add FILE"})
        yield "  " + say("(the original stays beside it as FILE.bak: keep that out of the repository)")
        yield "  " + fill(say("See why:      {command}"), {"command": "piiscan explain FILE"})
        yield "  " + say("Invented data may stay: list the file under exclude in piiscan.toml or in the hook.")
    if unread:
        yield say("What could not be read may hold personal data: look at it yourself, or exclude it.")


REPORT = Report(
    id="commit",
    label="止めたコミットの理由と次の手順",
    label_en="why a commit is stopped, and how to go on",
    write=write,
    people=True,
)
