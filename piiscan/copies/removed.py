"""What a copy must no longer hold: the removed values, how else they may be written, and finding them in any text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from piiscan.copies.traces import CODECS, Grams, Spelling, Traces, Values
from piiscan.lexicon.names import ROLE_WORDS, trim_name
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
#: What may be written with other gaps, and without signs.
_NAMES = ("person_name", "person_name_kana")
_NUMBERS = ("phone", "fax", "credit_card", "my_number")
_NO_DIGITS = re.compile("[^0-9\0]+")
_GAPS = ("", " ", "\u3000")
#: Values of one kind that come together, of which only those that may be somewhere are looked at one by one.
LATER = 2_000
#: Values of one kind that are remembered in one go.
TOGETHER = 10_000
#: Values that are searched for as they are; of more, those that can be in a text at all are found out first.
MOST = 10_000


@dataclass
class Removed:
    """Values that must not be in the copy → what stands for them. Held in memory only while the copy is made.

    ``values`` are the last ones; when there are too many they are packed away into ``packed``. ``made`` are the
    replacements: where a text is one of them, it is no find. ``counts``: entity → places changed; ``places``: the same by
    (column or place, entity). ``elsewhere``: the texts that are no values themselves but may hold some.
    """

    values: dict[str, str] = field(default_factory=dict, repr=False)
    made: set[str] = field(default_factory=set, repr=False)
    counts: Counter[str] = field(default_factory=Counter)
    places: Counter[tuple[str, str]] = field(default_factory=Counter, repr=False)
    packed: Values = field(default_factory=Values, repr=False)
    elsewhere: Traces = field(default_factory=Traces, repr=False)

    def changed(self, counts: Mapping[str, int], place: str) -> None:
        """Books replacements, by entity, at a place."""
        self.counts.update(counts)
        for entity, count in counts.items():
            self.places[place, entity] += count

    def remember(self, entity: str, text: str, replacement: str) -> None:
        """Notes a removed value, and its other spellings if they are long enough to be recognised elsewhere."""
        self.remember_all(entity, {text: replacement})

    @contextmanager
    def together(self) -> Iterator[Callable[[str, str, str], None]]:
        """Gives a function that does as ``remember`` does, for many values at a time, and for all at the end."""
        waiting: dict[str, dict[str, str]] = {}

        def remember(entity: str, text: str, replacement: str) -> None:
            pairs = waiting.setdefault(entity, {})
            if pairs.setdefault(text, replacement) != replacement:  # the same day, of somebody else
                self.made.add(replacement.strip())
            if len(pairs) >= TOGETHER:
                self.remember_all(entity, waiting.pop(entity))

        yield remember
        for entity, pairs in waiting.items():
            self.remember_all(entity, pairs)

    def remember_all(self, entity: str, pairs: Mapping[str, str]) -> None:
        """The same for many values of an entity, each with its replacement."""
        values = [text.strip() for text in pairs]
        stand_ins = [text.strip() for text in pairs.values()]
        self.made.update(stand_ins)
        if entity not in _NAMES and len(values) > LATER:
            self._remember_later(entity, dict(zip(values, stand_ins, strict=True)))
            return
        least = DISTINCTIVE.get(entity, DISTINCTIVE_OTHER)
        found = self.values
        for value, plain, more, stand_in in zip(
            values, _each(values, fold), _more_spellings(entity, values), stand_ins, strict=True
        ):
            if value == stand_in:
                continue
            # What is part of its own replacement stays by the rules: 東京都千代田区 of an address cut to the city.
            if len(plain) >= least:
                if value not in stand_in:
                    found.setdefault(value, stand_in)
                if plain != value and plain not in stand_in:
                    found.setdefault(plain, stand_in)
            for spelling in more:
                if len(fold(spelling)) >= least and spelling not in stand_in:
                    found.setdefault(spelling, stand_in)
        if len(found) > MOST:
            self._pack()

    def _remember_later(self, entity: str, pairs: dict[str, str]) -> None:
        """Notes very many values as they are; how else they may be written is for those to say that may be somewhere."""
        packed = {value: new for value, new in pairs.items() if value != new and "\0" not in value + new}
        for value, new in pairs.items() if len(packed) < len(pairs) else ():
            if value != new and value not in packed:
                self.values.update(_exact(entity, value, new))
        if packed:
            self.packed.add(packed, Spelling(partial(_forms, entity), partial(_exact, entity)))

    def remember_name(self, entity: str, halves: Mapping[int, tuple[str, str]]) -> None:
        """Notes a name whose surname (0) and given name (1) stand in cells of their own, each with its replacement."""
        (family, family_stand_in), (given, given_stand_in) = halves[0], halves[1]
        self.remember(entity, f"{family.strip()} {given.strip()}", f"{family_stand_in} {given_stand_in}".strip())

    def join(self, later: Removed) -> None:
        """Takes in what was removed from the copy in a later round."""
        for value, stand_in in later.items():
            self.values.setdefault(value, stand_in)
            if len(self.values) > MOST:
                self._pack()
        self.made |= later.made
        self.counts += later.counts
        self.places += later.places

    def items(self) -> Iterator[tuple[str, str]]:
        """All values with what stands for them; the first of several counts."""
        yield from self.packed.items()
        yield from self.values.items()

    def that_may_stand_elsewhere(self) -> dict[str, str]:
        """The values that a text which is no value may hold, with what stands for them; all while they are few.

        Asked once: the texts are forgotten."""
        texts, self.elsewhere = self.elsewhere, Traces()
        return self._among(texts)

    def those_in(self, texts: Iterable[str]) -> dict[str, str]:
        """The values that one of the texts may hold, with what stands for them; all while they are few."""
        traces = Traces()
        for text in texts:
            traces.add(text)
        return self._among(traces)

    def _among(self, texts: Traces) -> dict[str, str]:
        return self.among(texts.grams(), codecs=CODECS[:1]) if self.packed else self.values

    def among(self, *texts: Grams, codecs: tuple[tuple[str, str], ...] = CODECS) -> dict[str, str]:
        """The values that one of the texts may hold in one of the encodings, with what stands for them."""
        self._pack()
        found = self.packed.among(*texts, codecs=codecs)
        for value, stand_in in self.values.items():
            found.setdefault(value, stand_in)
        return found

    def _pack(self) -> None:
        if not self.values:
            return
        odd = {value: new for value, new in self.values.items() if "\0" in value or "\0" in new}
        self.packed.add({value: new for value, new in self.values.items() if value not in odd})
        self.values = odd


def _exact(entity: str, value: str, stand_in: str) -> dict[str, str]:
    """What is to be sought for one value."""
    one = Removed()
    one.remember(entity, value, stand_in)
    return dict(one.items())


def _forms(entity: str, joined: str) -> Iterator[str]:
    """How else values that are joined by NUL may be written, in one text each."""
    folded = "\0".join(_each(joined.split("\0"), fold))
    yield folded
    if entity in _NUMBERS:
        yield _NO_DIGITS.sub("", folded)


def _each(values: list[str], change: Callable[[str], str]) -> list[str]:
    """``change`` of each; all at once where that is the same."""
    joined = "\0".join(values)
    changed = change(joined).split("\0")
    if len(changed) != len(values):  # one of them has the separator in it
        return [change(value) for value in values]
    return [text.strip() for text in changed]


def _more_spellings(entity: str, values: list[str]) -> Iterable[Iterable[str]]:
    """How else each value may be written: names with other gaps, numbers without signs."""
    if entity in _NAMES:
        return map(_names, values)
    if entity in _NUMBERS:
        return map(_bare, values)
    return ((),) * len(values)


def _names(value: str) -> Iterator[str]:
    trimmed = trim_name(value)[0]  # 佐藤 太郎様 is 佐藤 太郎 elsewhere, and テストマネージャー not テスト
    for name in dict.fromkeys((fold(value), "" if ROLE_WORDS.fullmatch(trimmed.lower()) else trimmed)):
        yield name
        parts = name.split()
        yield from (gap.join(parts) for gap in _GAPS if len(parts) > 1)


def _bare(value: str) -> tuple[str, ...]:
    bare = digits(value)
    return (bare,) if len(bare) >= 10 and not value.startswith("+") else ()


def stands_alone(before: str, first: str, last: str, behind: str) -> bool:
    """Whether a match is no part of a longer number or Latin word; all four are one character or nothing."""
    return not (_joined(before, first) or _joined(last, behind))


def _joined(left: str, right: str) -> bool:
    if not (left.isascii() and right.isascii()):
        return False
    return (left.isdigit() and right.isdigit()) or (left.isalpha() and right.isalpha())


#: Longer values are sought by an automaton that is made in linear time.
LONG_VALUE = 1000
Finder = Callable[[str], Iterator[tuple[int, int, str]]]


def finder(values: Mapping[str, str]) -> Finder:
    """A function that gives (start, end, value) of every removed value in a text, longest first, none overlapping."""
    if not values:
        return lambda _: iter(())
    from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

    patterns = list(values)
    # The quicker kinds take quadratic time to make of a monstrous value that repeats itself.
    kind = Implementation.NoncontiguousNFA if max(map(len, patterns)) > LONG_VALUE else None
    automaton = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest, implementation=kind)

    def find(text: str) -> Iterator[tuple[int, int, str]]:
        for index, start, end in automaton.find_matches_as_indexes(text):
            if stands_alone(text[start - 1 : start] if start else "", text[start], text[end - 1], text[end : end + 1]):
                yield start, end, patterns[index]

    return find
