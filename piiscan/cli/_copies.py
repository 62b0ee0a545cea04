"""What every copying command says about its copies: for people, or as JSON, whose form is ``piiscan/schemas/copies-1.json``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from piiscan import __version__, labels
from piiscan.cli._output import Target, standard_output, write_text
from piiscan.errors import ExitCode
from piiscan.messages import fill, render, translator
from piiscan.model import Anonymity, CopyResult, CopyStatus, Level, Skipped
from piiscan.reports._document import dumps
from piiscan.reports._words import entity_label, level_words
from piiscan.text import printable

SCHEMA = "urn:piiscan:copies:1"
FORMATS = ("console", "json", "jsonl")
#: Notes of a kind that are told one by one.
_SHOWN = 3


def lines(result: CopyResult, format_: str, lang: str, *, verbose: bool = False) -> str:
    """What is printed as soon as one copy is done; nothing for json, which is one document."""
    if format_ == "jsonl":
        return dumps(of_copy(result, lang)) + "\n"
    return "".join(f"{line}\n" for line in _told(result, lang, verbose=verbose)) if format_ == "console" else ""


def ending(results: Sequence[CopyResult], format_: str, lang: str) -> str:
    """What is printed when all copies are done."""
    if format_ == "json":
        tool = {"name": "piiscan", "version": __version__}
        copies = [of_copy(result, lang) for result in results]
        return dumps({"schema": SCHEMA, "tool": tool, "copies": copies}, indent=2) + "\n"
    if format_ == "jsonl":
        return ""
    say = translator(lang)
    counts = {status.value: sum(r.status is status for r in results) for status in CopyStatus}
    shown = [f"{say(labels.COPY_STATUSES[name])}: {count:,}" for name, count in counts.items() if count]
    return (", ".join(shown) or say("nothing to copy")) + "\n"


def told(
    results: Iterable[CopyResult],
    targets: Sequence[Target],
    lang: str,
    *,
    force: bool,
    clear: Callable[[], None],
    verbose: bool = False,
) -> list[CopyResult]:
    """Prints each result as it comes, writes the reports, and gives the results. ``clear`` hides a progress display."""
    format_ = targets[0].format
    out = standard_output(people=format_ == "console")
    done: list[CopyResult] = []
    for result in results:
        done.append(result)
        clear()
        out.write(lines(result, format_, lang, verbose=verbose))
        out.flush()
    clear()
    out.write(ending(done, format_, lang))
    for target in targets:
        if target.file:
            text = "".join(lines(result, target.format, lang, verbose=verbose) for result in done)
            write_text(target.file, text + ending(done, target.format, lang), force=force)
    return done


def exit_code(results: Sequence[CopyResult], fail_on: Level | None = None) -> int:
    """4 when a copy was refused, else 10 when one still weighs ``fail_on`` or more, else 3 when one failed, else 0."""
    found = {result.status for result in results}
    if CopyStatus.REFUSED in found:
        return ExitCode.UNSAFE
    if fail_on is not None and any(result.level.rank >= fail_on.rank for result in results):
        return ExitCode.FOUND
    return ExitCode.INCOMPLETE if CopyStatus.FAILED in found else ExitCode.CLEAN


def why_found(results: Sequence[CopyResult], fail_on: Level, lang: str) -> str:
    """Which copy of those that weigh ``fail_on`` or more weighs most, and how many others there are; for exit code 10."""
    heavy = [result for result in results if result.level.rank >= fail_on.rank]
    worst = max(heavy, key=lambda result: result.level.rank)
    say = translator(lang)
    text = say("{file}: the copy still holds personal data at level {level}, and --fail-on is {limit}.")
    told = {"file": worst.output or worst.source, "level": level_words(worst.level, say)}
    line = fill(text, {**told, "limit": level_words(fail_on, say)})
    more = fill(say("Others at or above it: {count}."), {"count": len(heavy) - 1}) if len(heavy) > 1 else ""
    return f"{line} {more}".rstrip()


def actions_of(texts: Sequence[str], rules: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """``("phone=mask", "address=generalise:place=city")`` as (entity, action with its options), checked by the rules."""
    if not texts:
        return ()
    from piiscan import policy

    known = policy.load(tuple(rules)).actions
    for text in texts:
        known.override(text)
    return tuple((entity.strip(), how.strip()) for entity, _, how in (text.partition("=") for text in texts))


def of_copy(result: CopyResult, lang: str) -> dict[str, Any]:
    """One element of ``copies``, field by field as the schemas have it."""
    return {
        "source": result.source,
        "output": result.output,
        "status": result.status.value,
        "reason": result.reason,
        "message": render(result.reason, result.params, lang) if result.reason else None,
        "replaced": dict(result.replaced),
        "notes": [
            {"location": n.location, "reason": n.reason, "message": render(n.reason, (), lang)} for n in result.notes
        ],
        "level": result.level.value,
        "places": [
            {"location": c.location, "entity": c.entity, "action": c.action, "count": c.count} for c in result.places
        ],
        "anonymity": [_of_anonymity(one) for one in result.anonymity],
    }


def _of_anonymity(one: Anonymity) -> dict[str, Any]:
    return {
        "location": one.location,
        "rows": one.rows,
        "columns": list(one.columns),
        "k": one.k,
        "classes": one.classes,
        "least": one.least,
        "small": one.small,
        "rarest": [{"row": row, "size": size} for row, size in one.rarest],
        "suggestions": [{"column": column, "k": k, "small": small} for column, k, small in one.suggestions],
    }


def _told(result: CopyResult, lang: str, *, verbose: bool) -> Iterator[str]:
    say = translator(lang)
    status = say(labels.COPY_STATUSES[result.status])
    output = f" → {printable(result.output)}" if result.output else ""
    yield f"{printable(result.source)}{output}  [{status}]"
    if result.reason:
        yield f"  {render(result.reason, result.params, lang)}"
    if result.replaced:
        counts = ", ".join(f"{entity_label(entity, lang)} {count:,}" for entity, count in result.replaced)
        yield "  " + fill(say("replaced: {counts}"), {"counts": counts})
    if verbose or result.status is CopyStatus.PLANNED:
        yield from (
            f"    {printable(c.location, 80)}: {entity_label(c.entity, lang)} → {c.action} {c.count:,}"
            for c in result.places
        )
    yield from _notes(result.notes, lang, verbose=verbose)
    for one in result.anonymity:
        yield from (f"  {line}" for line in _of_people(one, lang))


def _notes(notes: Sequence[Skipped], lang: str, *, verbose: bool) -> Iterator[str]:
    """The notes; of many alike only the first few."""
    alike: dict[str, list[str]] = {}
    for note in notes:
        alike.setdefault(note.reason, []).append(printable(note.location, 80))
    for reason, places in alike.items():
        shown = places if verbose else places[:_SHOWN]
        where = ", ".join(filter(None, shown)) + (
            f" … (+{len(places) - len(shown):,})" if len(shown) < len(places) else ""
        )
        yield f"  {f'{where}: ' if where else ''}{render(reason, (), lang)}"


def _of_people(one: Anonymity, lang: str) -> Iterator[str]:
    say = translator(lang)
    where = printable(one.location, 80)
    told: dict[str, str | int] = {
        "rows": one.rows,
        "columns": ", ".join(one.columns) or "-",
        "k": one.k,
        "small": one.small,
        "least": one.least,
    }
    text = say("{rows} records, k = {k} over the columns {columns}; {small} in groups of fewer than {least}")
    yield (f"{where}: " if where else "") + fill(text, told)
    if one.rarest:
        rows = ", ".join(f"{row} ({size})" for row, size in one.rarest)
        yield "  " + fill(say("rows that stand out most (size of their group): {rows}"), {"rows": rows})
    for column, k, small in one.suggestions:
        text = say("without column {column}, or with a coarser one: k = {k}, {small} in small groups")
        yield "  " + fill(text, (("column", column), ("k", k), ("small", small)))
