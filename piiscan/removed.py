"""What a copy must no longer hold: the removed values, how else they may be written, and finding them in any text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from piiscan.lexicon.names import trim_name
from piiscan.text import digits, fold

#: Shorter values occur in other words; they are removed where they stand, not searched for elsewhere.
DISTINCTIVE = {
    "person_name": 3,
    "person_name_kana": 4,
    "person_name_romaji": 6,
    "address": 6,
    "phone": 9,
    "fax": 9,
    "email": 6,
    "postal_code": 8,
    "birth_date": 10,
}
DISTINCTIVE_OTHER = 7
#: The parts of a name by what they make together.
HALVES = {
    "surname": ("person_name", 0),
    "given_name": ("person_name", 1),
    "surname_kana": ("person_name_kana", 0),
    "given_name_kana": ("person_name_kana", 1),
}
_GAPS = ("", " ", "\u3000")


@dataclass
class Removed:
    """Values that must not be in the copy → what stands for them. Held in memory only while the copy is made.

    ``made`` are the replacements: where a text is one of them, it is no find. ``counts``: entity → places changed.
    """

    values: dict[str, str] = field(default_factory=dict, repr=False)
    made: set[str] = field(default_factory=set, repr=False)
    counts: Counter[str] = field(default_factory=Counter)

    def remember(self, entity: str, text: str, replacement: str) -> None:
        """Notes a removed value, and its other spellings if they are long enough to be recognised elsewhere."""
        value, stand_in = text.strip(), replacement.strip()
        self.made.add(stand_in)
        if value == stand_in:
            return
        least = DISTINCTIVE.get(entity, DISTINCTIVE_OTHER)
        for spelling in _spellings(entity, value):
            # What is part of its own replacement stays by the rules: 東京都千代田区 of an address cut to the city.
            if len(fold(spelling)) >= least and spelling not in stand_in:
                self.values.setdefault(spelling, stand_in)

    def remember_name(self, entity: str, halves: Mapping[int, tuple[str, str]]) -> None:
        """Notes a name whose surname (0) and given name (1) stand in cells of their own, each with its replacement."""
        (family, family_stand_in), (given, given_stand_in) = halves[0], halves[1]
        self.remember(entity, f"{family.strip()} {given.strip()}", f"{family_stand_in} {given_stand_in}".strip())


def _spellings(entity: str, value: str) -> Iterator[str]:
    """The value as it stands, in its folded form, names also with other gaps, numbers also without signs."""
    yield value
    plain = fold(value)
    if plain != value:
        yield plain
    if entity in ("person_name", "person_name_kana"):
        for name in dict.fromkeys((plain, trim_name(value)[0])):  # 佐藤 太郎様 is 佐藤 太郎 elsewhere
            yield name
            parts = name.split()
            yield from (gap.join(parts) for gap in _GAPS if len(parts) > 1)
    elif entity in ("phone", "fax", "credit_card", "my_number"):
        bare = digits(value)
        if len(bare) >= 10 and not value.strip().startswith("+"):
            yield bare


def stands_alone(before: str, first: str, last: str, behind: str) -> bool:
    """Whether a match is no part of a longer number or Latin word; all four are one character or nothing."""
    return not (_joined(before, first) or _joined(last, behind))


def _joined(left: str, right: str) -> bool:
    if not (left.isascii() and right.isascii()):
        return False
    return (left.isdigit() and right.isdigit()) or (left.isalpha() and right.isalpha())


Finder = Callable[[str], Iterator[tuple[int, int, str]]]


def finder(values: Mapping[str, str]) -> Finder:
    """A function that gives (start, end, value) of every removed value in a text, longest first, none overlapping."""
    if not values:
        return lambda _: iter(())
    from ahocorasick_rs import AhoCorasick, MatchKind

    patterns = list(values)
    automaton = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest)

    def find(text: str) -> Iterator[tuple[int, int, str]]:
        for index, start, end in automaton.find_matches_as_indexes(text):
            if stands_alone(text[start - 1 : start] if start else "", text[start], text[end - 1], text[end : end + 1]):
                yield start, end, patterns[index]

    return find
