"""What every copying command says about its copies: for people, or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from piiscan import __version__, labels
from piiscan.cli._output import Target, standard_output, write_text
from piiscan.errors import ExitCode
from piiscan.messages import fill, render, translator
from piiscan.model import CopyResult, CopyStatus
from piiscan.reports._document import dumps
from piiscan.reports._words import entity_label
from piiscan.text import printable

SCHEMA = "urn:piiscan:copies:1"
FORMATS = ("console", "json", "jsonl")


def lines(result: CopyResult, format_: str, lang: str) -> str:
    """What is printed as soon as one copy is done; nothing for json, which is one document."""
    if format_ == "jsonl":
        return dumps(_of_copy(result, lang)) + "\n"
    return "".join(f"{line}\n" for line in _told(result, lang)) if format_ == "console" else ""


def ending(results: Sequence[CopyResult], format_: str, lang: str) -> str:
    """What is printed when all copies are done."""
    if format_ == "json":
        tool = {"name": "piiscan", "version": __version__}
        copies = [_of_copy(result, lang) for result in results]
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
) -> list[CopyResult]:
    """Prints each result as it comes, writes the reports, and gives the results. ``clear`` hides a progress display."""
    format_ = targets[0].format
    out = standard_output(people=format_ == "console")
    done: list[CopyResult] = []
    for result in results:
        done.append(result)
        clear()
        out.write(lines(result, format_, lang))
        out.flush()
    clear()
    out.write(ending(done, format_, lang))
    for target in targets:
        if target.file:
            text = "".join(lines(result, target.format, lang) for result in done)
            write_text(target.file, text + ending(done, target.format, lang), force=force)
    return done


def exit_code(results: Sequence[CopyResult]) -> int:
    """4 when a copy was refused, else 3 when one failed, else 0."""
    found = {result.status for result in results}
    if CopyStatus.REFUSED in found:
        return ExitCode.UNSAFE
    return ExitCode.INCOMPLETE if CopyStatus.FAILED in found else ExitCode.CLEAN


def actions_of(texts: Sequence[str], rules: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """``("phone=mask", "address=generalise:place=city")`` as (entity, action with its options), checked by the rules."""
    if not texts:
        return ()
    from piiscan import policy

    known = policy.load(tuple(rules)).actions
    for text in texts:
        known.override(text)
    return tuple((entity.strip(), how.strip()) for entity, _, how in (text.partition("=") for text in texts))


def _of_copy(result: CopyResult, lang: str) -> dict[str, Any]:
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
    }


def _told(result: CopyResult, lang: str) -> Iterator[str]:
    say = translator(lang)
    status = say(labels.COPY_STATUSES[result.status])
    output = f" → {printable(result.output)}" if result.output else ""
    yield f"{printable(result.source)}{output}  [{status}]"
    if result.reason:
        yield f"  {render(result.reason, result.params, lang)}"
    if result.replaced:
        counts = ", ".join(f"{entity_label(entity, lang)} {count:,}" for entity, count in result.replaced)
        yield "  " + fill(say("replaced: {counts}"), {"counts": counts})
    for skipped in result.notes:
        place = f"{printable(skipped.location, 80)}: " if skipped.location else ""
        yield f"  {place}{render(skipped.reason, (), lang)}"
