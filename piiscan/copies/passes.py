"""What each pass through a source asks and answers: gather what must go, replace it, look whether anything is left.

Where every cell of a column is of one entity, or of none, and the answer does not depend on the row, a pass is asked about
many cells at a time, and each distinct text among them is dealt with once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import BinaryIO, NamedTuple

from piiscan.copies.leftovers import Left, Leftovers
from piiscan.copies.removed import HALVES, Removed
from piiscan.inspection.inspecting import Inspection
from piiscan.inspection.knowledge import Knowledge
from piiscan.model import Detector, Limits, Place
from piiscan.policy import ENTITIES
from piiscan.prose.finding import find_in_place, find_spans
from piiscan.prose.searching import Span

#: Distinct texts of an entity that are remembered with their answers.
REMEMBERED = 5_000


class At(NamedTuple):
    """A cell: the file it is in (None for the outermost), the sheet, row and column from 0."""

    member: str | None
    sheet: str
    row: int
    column: int


#: Gives the replacement of a value of an entity, None when the entity is kept; with the cell, None in running text.
Replace = Callable[[str, str, At | None], str | None]


#: What a ``Replace`` may have besides, as its attribute ``many``: it gives the replacements of many values of an entity, or
#: None where they must be asked about one by one.
Many = Callable[[str, Sequence[str]], "Sequence[str] | None"]
#: Gives the answers for cells of a column, all of one entity or of none; the last gives the place of one in words.
Column = Callable[[str | None, Sequence[str], Callable[[int], str]], "list[str | None]"]


@dataclass(frozen=True)
class Pass:
    """One pass through a source. ``typed`` answers for a cell of an entity, ``other`` for any other text.

    ``typed`` gets entity, text, cell and place in words; ``other`` text and place in words, then the entity of
    the column for a cell of one that is kept, and for what is no cell the ``where`` of its place. ``column`` answers
    for many cells as these would one by one.
    """

    inspection: Inspection
    known: Knowledge
    limits: Limits
    typed: Callable[[str, str, At, str], str | None]
    other: Callable[..., str | None]
    changes: bool
    look_inside: Callable[[BinaryIO, str], None] | None = None
    any_cell: Callable[[str | None, str, At], str | None] | None = None
    any_text: Callable[[str, Place], str | None] | None = None
    column: Column | None = None


@dataclass(frozen=True)
class Rules:
    """What the passes of one copy share. ``by_value``: ``replace`` gives the same for the same text, wherever it is."""

    known: Knowledge
    limits: Limits
    replace: Replace
    by_value: bool = False

    @cached_property
    def own(self) -> Mapping[str, Detector]:
        """The detectors that are not built in."""
        return {name: d for name, d in self.known.detectors.items() if name not in ENTITIES}


def replaced(replace: Replace, entity: str, texts: Sequence[str]) -> dict[str, str] | None:
    """The replacements of many values, all at once; None where that cannot be, or where a value has none."""
    many: Many | None = getattr(replace, "many", None)
    new = many(entity, texts) if many is not None else None
    return dict(zip(texts, new, strict=True)) if new is not None else None


class _Seen:
    """Which texts of an entity have been dealt with, as far as that is remembered."""

    def __init__(self) -> None:
        self._seen: dict[str | None, set[str]] = {}

    def fresh(self, entity: str | None, texts: Sequence[str]) -> set[str]:
        """The distinct texts that are new, without blank ones."""
        seen = self._seen.setdefault(entity, set())
        fresh = {text for text in set(texts) - seen if not text.isspace()}
        seen.update(islice(fresh, max(0, REMEMBERED - len(seen))))
        return fresh

    def forget(self, entity: str | None, text: str) -> None:
        """This one is to be told every time."""
        self._seen[entity].discard(text)


def surveying(inspection: Inspection, rules: Rules) -> Pass:
    """Changes nothing and asks for the replacement of every value that must go."""

    def typed(entity: str, text: str, at: At, place: str) -> None:
        if rules.replace(entity, text, at) is None:
            other(text, place, entity)

    def other(text: str, _place: str, column: str | None = None, where: str = "") -> None:
        for _ in to_replace(text, rules, column, where):
            pass

    return Pass(inspection, rules.known, rules.limits, typed, other, changes=False)


def collecting(
    inspection: Inspection, rules: Rules, removed: Removed, remember: Callable[[str, str, str], None] | None = None
) -> Pass:
    """Changes nothing and gathers the values that must go; ``remember`` books one, if not at once."""
    remember = remember or removed.remember
    halves: dict[tuple[str | None, str, int, str], dict[int, tuple[str, str]]] = {}
    replace, seen = rules.replace, _Seen()

    def typed(entity: str, text: str, at: At, place: str) -> None:
        replacement = replace(entity, text, at)
        if replacement is None:
            return other(text, place, entity)
        remember(entity, text, replacement)
        if entity in HALVES:
            whole, half = HALVES[entity]
            pair = halves.setdefault((at.member, at.sheet, at.row, whole), {})
            pair.setdefault(half, (text, replacement))
            if len(pair) == 2:
                removed.remember_name(whole, halves.pop((at.member, at.sheet, at.row, whole)))
        return None

    def other(text: str, _place: str, column: str | None = None, where: str = "") -> None:
        removed.elsewhere.add(text)
        for span, found, replacement in to_replace(text, rules, column, where):
            remember(span.entity, found, replacement)

    def column(entity: str | None, texts: Sequence[str], _place: Callable[[int], str]) -> list[str | None]:
        pairs: dict[str, str] = {}
        fresh = list(seen.fresh(entity, texts))
        if entity and (all_new := replaced(replace, entity, fresh)) is not None:
            removed.remember_all(entity, all_new)
            return [None] * len(texts)
        for text in fresh:
            replacement = replace(entity, text, None) if entity else None
            if replacement is None:
                other(text, "", entity)
            else:
                pairs[text] = replacement
        if entity:
            removed.remember_all(entity, pairs)
        return [None] * len(texts)

    return Pass(
        inspection,
        rules.known,
        rules.limits,
        typed,
        other,
        changes=False,
        column=column if rules.by_value else None,
    )


def looking(inspection: Inspection, rules: Rules, removed: Removed, left: Left, leftovers: Leftovers) -> Pass:
    """Changes nothing and books whatever a redaction of the copy would change again."""
    replace, seen = rules.replace, _Seen()

    def typed(entity: str, text: str, at: At, place: str) -> None:
        if text.strip() in removed.made:
            return None
        replacement = replace(entity, text, at)
        if replacement is None:
            return other(text, place, entity)
        if replacement != text:
            left.counts[entity] += 1
        return None

    def other(text: str, place: str, column: str | None = None, where: str = "") -> None:
        left.counts.update(finds(text, column, where))
        leftovers.text(text, place)

    def finds(text: str, column: str | None, where: str) -> Counter[str]:
        return Counter(
            span.entity
            for span, found, replacement in to_replace(text, rules, column, where)
            if replacement != found and found.strip() not in removed.made
        )

    def column(entity: str | None, texts: Sequence[str], place: Callable[[int], str]) -> list[str | None]:
        for text in seen.fresh(entity, texts):
            if entity and text.strip() in removed.made:
                continue
            replacement = replace(entity, text, None) if entity else None
            counts = Counter({entity: 1}) if replacement not in (None, text) else Counter[str | None]()
            if replacement is None:
                counts = Counter(finds(text, entity, ""))
                leftovers.text(text, place(texts.index(text)))
            if counts:
                times = texts.count(text)
                left.counts.update({str(found): count * times for found, count in counts.items()})
                seen.forget(entity, text)
        return [None] * len(texts)

    return Pass(
        inspection,
        rules.known,
        rules.limits,
        typed,
        other,
        changes=False,
        look_inside=leftovers.file,
        column=column if rules.by_value else None,
    )


def to_replace(text: str, rules: Rules, column: str | None, where: str) -> Iterator[tuple[Span, str, str]]:
    """The finds in running text, or in a cell of a column that is kept, with their text and their replacement."""
    detectors = rules.known.detectors
    for span in find_in_place(text, where, detectors) if where else find_spans(text, detectors, column):
        found = text[span.start : span.end]
        replacement = rules.replace(span.entity, found, None)
        if replacement is not None:
            yield span, found, replacement
        elif rules.own:
            yield from _own_within(span, text, rules)


def _own_within(kept: Span, text: str, rules: Rules) -> Iterator[tuple[Span, str, str]]:
    """What the rules have added, where it stands in a find of another entity that stays as it is."""
    for span in find_spans(text, rules.own):
        found = text[span.start : span.end]
        if kept.start <= span.start and span.end <= kept.end:
            replacement = rules.replace(span.entity, found, None)
            if replacement is not None:
                yield span, found, replacement
