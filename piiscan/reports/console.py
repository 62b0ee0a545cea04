"""The report for people: what was found, whose, how bad, what was not read and why; made for a privacy officer.

Names and headers come from the files and are hostile until proven otherwise: they pass ``text.printable`` and are never
read as markup. Colour only repeats what the words say, so nothing is lost in a pipe.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from piiscan import labels, messages
from piiscan.messages import Translate, fill
from piiscan.model import FileReport, Finding, Level, Severity, Status, Summary, Table
from piiscan.reports import Report, Run
from piiscan.reports._document import not_read
from piiscan.reports._words import Own, duty_words, entity_label, evidence_words, level_words, people, why
from piiscan.text import column_letters, printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as Grid

_STYLES = {
    Level.NONE: "dim",
    Level.LOW: "cyan",
    Level.MEDIUM: "yellow",
    Level.HIGH: "bold red",
    Level.CRITICAL: "bold white on red",
}
_PIPE_WIDTH = 160
#: How many places of the same kind are named before the rest is only counted.
_PLACES = 3


def write(run: Run, out: TextIO) -> None:
    """Prints each file as soon as it is done, and the sum at the end."""
    from rich.console import Console

    terminal = out.isatty()
    # A pipe has no width: one sentence stays one line there, and tables get room.
    width = None if terminal else _PIPE_WIDTH
    console = Console(file=out, width=width, markup=False, highlight=False, emoji=False, soft_wrap=not terminal)
    quiet_files = 0
    for report in run.files:
        if _is_clean(report):
            quiet_files += 1
            if run.verbose:
                say = messages.translator(run.lang)
                console.print(f"{_name(report)}: {say('nothing found')}", style="dim")
            continue
        _print_file(console, report, run.lang, run.own)
    _print_summary(console, run.summary(), quiet_files, run.lang)


def _line(console: Console, text: str, indent: int, style: str = "") -> None:
    """One sentence; where it has to be broken, the rest is indented as well."""
    from rich.padding import Padding
    from rich.text import Text

    if console.soft_wrap:
        console.print(" " * indent + text, style=style)
    else:
        console.print(Padding(Text(text, style), (0, 0, 0, indent), expand=False))


def _is_clean(report: FileReport) -> bool:
    """Read whole, and nothing personal in it."""
    personal = any(c.entity for t in report.tables for c in t.columns) or report.findings
    told = any(s.partial or s.reason == "other_type" for s in report.skipped)
    return report.status is Status.SCANNED and not personal and not told


def _name(report: FileReport) -> str:
    inside = f" › {printable(report.member)}" if report.member else ""
    return printable(report.path) + inside


def _print_file(console: Console, report: FileReport, lang: str, own: Own) -> None:
    from rich.text import Text

    say = messages.translator(lang)
    head = Text(_name(report), style="bold")
    if report.status in (Status.SCANNED, Status.PARTIAL):
        head.append("  ").append(f" {level_words(report.severity.level, say)} ", _STYLES[report.severity.level])
    if report.status is not Status.SCANNED:
        head.append("  ").append(f"[{messages.label(labels.STATUSES, report.status, lang)}]", "yellow")
    console.print(head)
    for line in _file_lines(report, lang, own):
        _line(console, line, 2)
    for table in report.tables:
        _print_table(console, table, lang, own)
    _print_findings(console, report.findings, lang, own)
    _print_not_read(console, report, lang)
    console.print()


def _file_lines(report: FileReport, lang: str, own: Own) -> Iterator[str]:
    say = messages.translator(lang)
    if report.persons:
        yield people(report.persons, report.persons_exact, say)
    yield from _severity_lines(report.severity, lang, own)


def _severity_lines(weighed: Severity, lang: str, own: Own) -> Iterator[str]:
    from piiscan.severity import MESSAGES

    say = messages.translator(lang)
    if weighed.damage_yen:
        params: dict[str, str | int] = {"yen": weighed.damage_yen, "each": weighed.damage_yen_per_person}
        yield fill(say("estimated damage if lost: {yen} yen ({each} yen per person)"), params)
    for trigger in weighed.triggers:
        text = say("losing it must be reported: {duty}; people concerned: {count}")
        duty = duty_words(trigger.rule, trigger.threshold, lang)
        concerned: dict[str, str | int] = {"duty": duty, "count": trigger.persons}
        yield fill(text, concerned)
    for msgid, sentence in why(weighed, lang, own):
        if msgid not in MESSAGES[:2]:  # the duty and the people: said above
            yield fill(say("why: {reason}"), {"reason": sentence})


def _print_table(console: Console, table: Table, lang: str, own: Own) -> None:
    from rich.padding import Padding

    say = messages.translator(lang)
    personal = [column for column in table.columns if column.entity]
    if not personal:
        return
    where = printable(table.location) or say("table")
    hidden = f" [{say('hidden')}]" if table.hidden else ""
    about = messages.label(labels.RECORDS, table.records, lang)
    size = fill(say("rows: {rows}, from row {first}"), {"rows": table.rows, "first": table.first_row})
    counted = [people(table.persons, table.persons_exact, say)] if table.persons else []
    _line(console, f"{where}{hidden}: {('、' if lang == 'ja' else ', ').join([size, about, *counted])}", 2, "bold")
    grid = _grid([say("column"), say("header"), say("kind"), say("matching"), say("sure"), say("form"), say("because")])
    for column in personal:
        grid.add_row(
            column_letters(column.index),
            printable(column.name, 40),
            entity_label(column.entity or "", lang, column.subtype, own),
            f"{column.matches:,}/{column.values:,}",
            f"{column.confidence:.0%}",
            printable(column.shape),
            evidence_words(column.evidence, lang),
        )
    console.print(Padding(grid, (0, 0, 0, 4), expand=False))
    if rest := len(table.columns) - len(personal):
        _line(console, fill(say("columns without personal data: {count}"), {"count": rest}), 4, "dim")


def _grid(titles: list[str]) -> Grid:
    from rich.table import Table as Grid

    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for number, title in enumerate(titles):
        # The number columns are right-aligned and never broken; the others give way on a narrow terminal.
        grid.add_column(
            title,
            justify="right" if number in (0, 3, 4) else "left",
            no_wrap=number in (0, 3, 4),
            overflow="fold",
        )
    return grid


def _print_findings(console: Console, findings: tuple[Finding, ...], lang: str, own: Own) -> None:
    say = messages.translator(lang)
    groups: dict[tuple[str, str, bool], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.entity, finding.where, finding.hidden), []).append(finding)
    if groups:
        _line(console, say("outside tables"), 2, "bold")
    for (entity, where, hidden), group in sorted(groups.items(), key=lambda item: -sum(f.count for f in item[1])):
        params: dict[str, str | int] = {
            "entity": entity_label(entity, lang, own=own),
            "where": messages.label(labels.WHERES, where, lang),
            "count": sum(f.count for f in group),
        }
        line = fill(say("{entity} in {where}: {count}"), params) + _places(group, say)
        _line(console, line + (f" [{say('not visible when the file is opened')}]" if hidden else ""), 4)


def _places(group: list[Finding], say: Translate) -> str:
    named = list(dict.fromkeys(printable(f.location, 60) for f in group if f.location))
    more = " " + fill(say("and {count} more"), {"count": len(named) - _PLACES}) if len(named) > _PLACES else ""
    return f" ({', '.join(named[:_PLACES])}{more})" if named else ""


def _print_not_read(console: Console, report: FileReport, lang: str) -> None:
    say = messages.translator(lang)
    parts: dict[tuple[str, bool], list[str]] = {}
    for skipped in not_read(report):
        parts.setdefault((skipped.reason, skipped.partial), []).append(printable(skipped.location, 80))
    for (reason, partial), locations in parts.items():
        remark = say("note") if reason in messages.REMARKS else say("holds no text")
        title = say("not read") if partial else remark
        named = ", ".join(location for location in locations[:_PLACES] if location)
        more = (
            " " + fill(say("and {count} more"), {"count": len(locations) - _PLACES}) if len(locations) > _PLACES else ""
        )
        place = f" {named}{more}" if named else ""
        _line(console, f"{title}{place}: {messages.render(reason, (), lang)}", 2, "yellow" if partial else "dim")


def _print_summary(console: Console, summary: Summary, without: int, lang: str) -> None:
    from rich.text import Text

    say = messages.translator(lang)
    counts = {"files": summary.files, "scanned": summary.scanned, "without": without, "incomplete": summary.incomplete}
    console.print(fill(say("files: {files}, read whole: {scanned}, nothing found in: {without}"), counts), style="bold")
    if summary.incomplete:
        console.print(fill(say("not read whole: {incomplete}; what is in there is unknown"), counts), style="yellow")
    line = Text(f"{say('severity')}: ").append(f" {level_words(summary.level, say)} ", _STYLES[summary.level])
    if summary.persons:
        line.append(f"  {people(summary.persons, summary.persons_exact, say)}")
    if summary.damage_yen:
        line.append("  " + fill(say("estimated damage: {yen} yen"), {"yen": summary.damage_yen}))
    console.print(line)
    if summary.reportable:
        text = say("Losing one of these files must be reported to the Personal Information Protection Commission.")
        console.print(text, style="bold")


REPORT = Report(id="console", label="画面に読みやすく", label_en="for people, on the screen", write=write, people=True)
