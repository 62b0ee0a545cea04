"""The pass that writes a copy: finds are replaced, and everywhere else the values that were gathered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from piiscan.copies.passes import REMEMBERED, At, Column, Pass, Replace, Rules, replaced, to_replace
from piiscan.copies.removed import Removed, finder
from piiscan.inspection.inspecting import Inspection

#: Stands for a sign of a text that is already dealt with; a private character, in no value.
_TAKEN = "\ue000"


def writing(inspection: Inspection, rules: Rules, removed: Removed) -> Pass:
    """Replaces finds, and everywhere else the values that were gathered."""
    replace, spliced = rules.replace, _splicing(rules, removed.that_may_stand_elsewhere())

    def typed(entity: str, text: str, at: At, place: str) -> str | None:
        replacement = replace(entity, text, at)
        if replacement is None:
            return other(text, place, entity)
        if replacement != text:
            removed.changed({entity: 1}, column_of(place))
        return replacement

    def other(text: str, place: str, column: str | None = None, where: str = "") -> str:
        new, counts = spliced(text, column, where)
        if counts:
            removed.changed(counts, place if where else column_of(place))
        return new

    return Pass(
        inspection,
        rules.known,
        rules.limits,
        typed,
        other,
        changes=True,
        column=_writing_columns(rules, removed, _answering(rules, spliced)) if rules.by_value else None,
    )


def _writing_columns(rules: Rules, removed: Removed, answer: _Answer) -> Column:
    """Answers for many cells of a column, each distinct text once, and books what changes."""
    answers: dict[str | None, dict[str, tuple[str | None, Counter[str]]]] = {}

    def column(entity: str | None, texts: Sequence[str], place: Callable[[int], str]) -> list[str | None]:
        if entity and (done := _all_replaced(rules.replace, entity, texts)) is not None:
            new, changed = done
            if changed:
                removed.changed({entity: changed}, column_of(place(0)))
            return new
        known = answers.setdefault(entity, {})
        found = {text: known.get(text) or answer(entity, text) for text in set(texts)}
        if len(known) < REMEMBERED:
            known.update(found)
        answered = [found[text] for text in texts]
        for counts, times in _times(answered):
            removed.changed({what: count * times for what, count in counts.items()}, column_of(place(0)))
        return [new for new, _ in answered]

    return column


def _all_replaced(replace: Replace, entity: str, texts: Sequence[str]) -> tuple[list[str | None], int] | None:
    """The answers for cells of an entity and how many of them change, where all can be asked for at once."""
    found = replaced(replace, entity, list(set(texts)))
    if found is None:
        return None
    same = {text for text, new in found.items() if new == text or text.isspace()}
    new: list[str | None] = [found[text] for text in texts]
    if not same:
        return new, len(new)
    new = [None if text in same else one for text, one in zip(texts, new, strict=True)]
    return new, len(new) - new.count(None)


def column_of(place: str) -> str:
    """``Sheet1!C`` of the cell ``Sheet1!C5``."""
    return place.rstrip("0123456789")


#: Gives a text of a column of an entity without its finds and without other values, and the number of finds by entity.
_Splice = Callable[[str, "str | None", str], tuple[str, Counter[str]]]
#: Gives the new text of a cell of an entity, None when it stays, and the number of finds by entity.
_Answer = Callable[["str | None", str], "tuple[str | None, Counter[str]]"]


def _times(answered: list[tuple[str | None, Counter[str]]]) -> Iterator[tuple[Counter[str], int]]:
    """Each of the counts, the very same object, with how often it came."""
    by_id = {id(counts): counts for _, counts in answered if counts}
    for key, times in Counter(id(counts) for _, counts in answered).items():
        if key in by_id:
            yield by_id[key], times


def _answering(rules: Rules, spliced: _Splice) -> _Answer:

    none, ones = Counter[str](), dict[str | None, Counter[str]]()

    def answer(entity: str | None, text: str) -> tuple[str | None, Counter[str]]:
        if text.isspace():
            return None, none
        new = rules.replace(entity, text, None) if entity else None
        if new is None:
            new, counts = spliced(text, entity, "")
            return (new if new != text else None), counts
        if new == text:
            return None, none
        if entity not in ones:
            ones[entity] = Counter([str(entity)])
        return new, ones[entity]

    return answer


def _splicing(rules: Rules, values: Mapping[str, str]) -> _Splice:
    """A function that gives a text without its finds and without the values, and the number of finds by entity."""
    find = finder(values)

    def spliced(text: str, column: str | None, where: str) -> tuple[str, Counter[str]]:
        spans: list[tuple[int, int, str]] = []
        counts = Counter[str]()
        for span, found, replacement in to_replace(text, rules, column, where):
            spans.append((span.start, span.end, replacement))
            if replacement != found:
                counts[span.entity] += 1
        # What was put in is not searched: it may be like a value that stands elsewhere.
        rest = _spliced(text, [(start, end, _TAKEN * (end - start)) for start, end, _ in spans])
        spans += [(start, end, values[value]) for start, end, value in find(rest)]
        return _spliced(text, sorted(spans)), counts

    return spliced


def _spliced(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    """The text with every (start, end, new) replaced; in rising order, none overlapping another."""
    out, position = [], 0
    for start, end, new in edits:
        out += [text[position:start], new]
        position = end
    return "".join([*out, text[position:]]) if out else text
