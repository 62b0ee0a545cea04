"""Names that no single sign tells: each word that may be one is weighed with all that stands around it.

A surname between two commas, at the beginning of an answer, behind の and before が: one of these proves nothing, and
森 is a wood. So every word that may be a name gets a list of *features*, and the sum of their weights is the log-odds that
it is one. The weights in ``likely.json`` were fitted to the invented texts in ``tests/texts`` by ``tools/fit_likely.py``,
which also says how well they do on texts that they were not fitted to.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from math import log

from piiscan.families import NAME_FAMILY
from piiscan.lexicon import names, organisations, places
from piiscan.lexicon.organisations import organisation
from piiscan.prose.candidates import REACH, SURNAME_STEPS, Candidate, candidates, step
from piiscan.prose.minutes import regions
from piiscan.prose.other_scripts import NOBODY
from piiscan.prose.searching import Span
from piiscan.prose.told import ADDRESSED, KANJI, TRADES, own_in_kana, reads_as_given
from piiscan.shaped import later

#: How sure one must be where somebody is known: more likely a name than not. Where nobody is
#: one must be surer: most such texts are about goods and woods.
SURE, SURE_OF_THE_FIRST = log(0.5 / 0.5), log(0.85 / 0.15)
#: The next word on either side, with a sign or spaces between at most; the one before is read backwards.
_WORD_BEFORE = later(f"[ \u3000]{{0,4}}[、，・/／（(：:の→]?[ \u3000]{{0,2}}({KANJI}{{1,6}})")
_WORD_BEHIND = later(f"[ \u3000]{{0,4}}[、，・/／）)（(：:の→]?[ \u3000]{{0,2}}({KANJI}{{1,6}})")
#: What the last sign of a word says that it is.
_ENDS = {
    "department": "部課係室局科班組",
    "house": "店所社院校園館場駅線",
    "role": "長員者師士役任当主手",
    "area": "都道府県市区町村郡島川山",
    "thing": "物品機器具費料金額数量率年月日時分式書表",
}
#: Of so many people the rules know.
_PEOPLE_STEPS = (1, 3, 8)
#: Characters of a line, a paragraph, a page.
_SIZES = (60, 240)
#: What follows a word that is somebody, and what one that is the stem of a verb or of a longer word.
_OF_SOMEBODY, _OF_A_WORD = frozenset({"called", "office", "yori"}), frozenset({"kana", "katakana", "digit"})
#: Words on either side in the same line that may say that it is a list of people.
_BESIDE = 6
#: Kinds of surnames that are hardly anything else, and those of one sign, which are words as well.
_TELLING = frozenset({"surname 3 2", *(f"surname {signs} {score}" for signs in (2, 3) for score in (3, 4, 5))})
_OF_ONE_SIGN = frozenset({"surname 1 3", "surname 1 4", "surname 1 5"})
_GIVEN = later(f"[ \u3000]({KANJI}{{1,3}}(?!{KANJI})|[ぁ-ゖ]{{2,6}}|[ァ-ヺー]{{2,6}}(?![ァ-ヺー]))")
#: The least score of what follows a surname and is a given name.
_OWN = 0.3


def likely_names(text: str, found: Sequence[Span]) -> Iterator[Span]:
    """The names among the words of a text that none of those ``found`` touches."""
    taken = sorted((s.start, s.end) for s in found)
    least = least_weight(found)
    for candidate, features in weighable(text, found):
        at = bisect_right(taken, (candidate.end, 0))
        if at and taken[at - 1][1] > candidate.start:
            continue
        if sum(map(_weight, features)) >= least:
            yield _span(text, candidate)


def least_weight(found: Iterable[Span]) -> float:
    """The least sum of weights of a name, in log-odds, in a text of which that much is known."""
    return SURE if any(s.entity in NAME_FAMILY for s in found) else SURE_OF_THE_FIRST


def weighable(text: str, found: Iterable[Span]) -> Iterator[tuple[Candidate, tuple[tuple[str, ...], ...]]]:
    """The words of a text that may be names, in order, each with its features: those of the word wherever it stands, of
    what is around it, and of the rest of the text. ``found``: what is known to be there."""
    words = candidates(text)
    known = {text[s.start : s.end] for s in found if s.entity in NAME_FAMILY}
    begun = {name[:size] for name in known for size in range(1, min(4, len(name) + 1))}
    people = f"{step(len(known), _PEOPLE_STEPS)} in {step(len(text), _SIZES)}"
    times = Counter(c.word for c in words)
    called = Counter(c.word for c in words if c.right in _OF_SOMEBODY)
    within = Counter(c.word for c in words if c.right in _OF_A_WORD)
    lines = _lines(text, words)
    for number, candidate in enumerate(words):
        word, script = candidate.word, candidate.script
        alone = _alone(word, script, candidate.kind)
        near = range(max(0, number - _BESIDE), min(len(words), number + _BESIDE + 1))
        telling = sum(words[n].kind in _TELLING for n in near if n != number and lines[n] == lines[number])
        signs = {
            f"{script} beside {min(3, telling)}": True,
            "called elsewhere": called[word] > (candidate.right in _OF_SOMEBODY),
            "in a word elsewhere": within[word] > (candidate.right in _OF_A_WORD),
            f"{script} again": times[word] > 1,
            f"{script} begins a name": word in begun,
        }
        elsewhere = (*_neighbours(text, candidate), *(sign for sign, there in signs.items() if there))
        yield candidate, (alone, _around(script, alone[1], candidate.left, candidate.right, people), elsewhere)


@lru_cache(maxsize=4096)
def _around(script: str, strength: str, left: str, right: str, people: str) -> tuple[str, ...]:
    """The features of what stands on both sides, together with how much of a name the word is by itself."""
    return (
        f"left {left}",
        f"right {right}",
        f"{script} left {left}",
        f"{script} right {right}",
        f"left {left} right {right}",
        f"left {left} {strength}",
        f"right {right} {strength}",
        f"people {people}",
        f"{script} people {people}",
        f"{strength} people {people}",
    )


@lru_cache(maxsize=16384)
def _weight(features: tuple[str, ...]) -> float:
    weights = _weights()
    return sum(weights.get(feature, 0.0) for feature in features)


@lru_cache(maxsize=4096)
def _alone(word: str, script: str, kind: str) -> tuple[str, ...]:
    """The features of a word wherever it stands; the second one says how much of a name it is by itself."""
    if script != "kanji":
        features = [script, kind]
        signs = {f"{script} for somebody": word in NOBODY}
    else:
        features = [script, "telling" if kind in _TELLING | _OF_ONE_SIGN else "not telling", kind]
        signs = {
            "word for somebody": word in ADDRESSED,
            "place": places.is_place_name(word),
            "region": word in regions(),
            "given": names.is_given(word),
            "trade": word[-1] in TRADES,
        }
    signs[f"{script} organisation"] = organisation(word) >= 0.5
    signs[f"{script} product"] = organisations.product_score(word) >= 0.5
    return (*features, *(sign for sign, there in signs.items() if there))


def _neighbours(text: str, candidate: Candidate) -> Iterator[str]:
    """What the words on both sides say: 大阪、福岡 are towns, 千葉 銀行 is a bank, 総務課 山本 works there."""
    ahead = _WORD_BEFORE.match(text[max(0, candidate.start - REACH) : candidate.start][::-1])
    behind = _WORD_BEHIND.match(text, candidate.end)
    for side, word in (("before", ahead and ahead[1][::-1]), ("behind", behind and behind[1])):
        if word:
            yield from (f"{side} {kind}" for kind in _kinds_of_word(word))
    if behind and candidate.script == "kanji" and organisation(candidate.word + behind[1]) >= 0.5:
        yield "with what is behind an organisation"


@lru_cache(maxsize=4096)
def _kinds_of_word(word: str) -> tuple[str, ...]:
    kinds = [name for name, ends in _ENDS.items() if word[-1] in ends]
    if not names.is_surname(word) and places.is_place_name(word):
        kinds.append("place")
    if names.is_surname(word) and names.surname_score(word) >= SURNAME_STEPS[2]:
        kinds.append("surname")
    if names.is_given(word):
        kinds.append("given")
    return tuple(kinds)


def _lines(text: str, words: list[Candidate]) -> list[int]:
    """The number of the line in which each word begins."""
    numbers, line = [], 0
    for last, start in pairwise([0, *(c.start for c in words)]):
        line += text.count("\n", last, start)
        numbers.append(line)
    return numbers


def _span(text: str, candidate: Candidate) -> Span:
    """The name that a candidate begins: with the given name behind a surname."""
    start, end, _, script, kind, *_ = candidate
    if script == "latin":
        return Span(start, end, "person_name_romaji", 0.6)
    if script == "katakana":
        return Span(start, end, "person_name_kana" if kind[9].isdigit() else "person_name", 0.6)
    if kind.startswith("given"):
        return Span(start, end, "given_name", 0.6)
    own = _GIVEN.match(text, end)
    if own is not None:
        given = _own(own[1])
        if given:
            return Span(start, own.start(1) + len(given), "person_name", 0.6)
    return Span(start, end, "surname", 0.6)


def _own(text: str) -> str:
    """The given name at the beginning of a word behind a surname, "" when there is none."""
    if "ぁ" <= text[0] <= "ゖ":
        return own_in_kana(text)
    return text if reads_as_given(text) or names.given_score(text) >= _OWN else ""


@cache
def _weights() -> Mapping[str, float]:
    weights: dict[str, float] = json.loads(files("piiscan.prose").joinpath("likely.json").read_text("utf-8"))
    return weights
