"""The parts of a header: what its words mean whole, without a part, and by the last part.

A Japanese header is read from its end: the last part carries the meaning (契約者 + 氏名), the parts before it say whose
(保護者, お届け先), and a mark behind it says how it is written or which half it is (カナ, 漢字, 姓).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from piiscan.shaped import later
from piiscan.text import fold_header

EXACT, STRIPPED, SUFFIX, LIKELY, WEAK, WEAK_SUFFIX = 1.0, 0.95, 0.85, 0.62, 0.5, 0.4
#: Behind a word for somebody these make it the name of him.
NAMING = ("name", "名", "さん")
_WORDS = later(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^A-Za-z]+")


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """One reading of a header. ``meaning`` is an entity id, or ``other.<class>`` for what is not an entity.

    ``strength`` is 0..1: 1 the very word, 0.95 after taking parts off, 0.85 by its last part, 0.62 unless the values
    speak against it, 0.5 and below: only if the values agree. ``role`` is whom the header speaks of, one of :data:`ROLES`, or None when it does not say.
    """

    meaning: str
    strength: float
    role: str | None
    rule: Literal["exact", "suffix", "likely", "weak"]


Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class HeaderWords:
    """Words of headers and what they mean. All are folded by ``text.fold_header``.

    ``numbers`` behind a word of ``whose`` are the number of such a person, of the entity there: 生徒|コード, member|no.
    ``codes`` are put behind what is told in few words, the entities ``coded``: 性別|区分, アレルギー|の有無.
    ``abbreviations`` of Latin words, as they are spelled out: cust is customer.
    """

    exact: Words
    suffix: Words
    likely: Words
    weak: Words
    weak_suffix: Words
    qualifiers: Mapping[str, str]
    modifiers: Mapping[str, Mapping[str, str]]
    trailers: frozenset[str]
    numbers: frozenset[str]
    whose: Mapping[str, str]
    codes: frozenset[str]
    coded: frozenset[str]
    abbreviations: Mapping[str, str]

    def meanings(self) -> tuple[Words, ...]:
        """The words that mean something by themselves, the surest first."""
        return self.exact, self.suffix, self.likely, self.weak, self.weak_suffix

    def ends(self) -> tuple[Collection[str], ...]:
        """Everything a header that says something can end in."""
        parts = (self.qualifiers, self.modifiers, self.trailers, self.numbers, self.codes, NAMING, self.abbreviations)
        return *self.meanings(), *parts


def words_of(header: str) -> list[str]:
    """The words of a header: driver, lic and no of driverLicNo."""
    return [w for piece in re.split(r"[\W_]+", unicodedata.normalize("NFKC", header)) for w in _WORDS.findall(piece)]


def spelled_out(rules: HeaderWords, header: str) -> str:
    """A header with its Latin words apart, and abbreviations among them spelled out."""
    words = words_of(header)
    known = rules.abbreviations
    return " ".join(known.get(w.lower(), w) for w in words) if any(w.lower() in known for w in words) else header


def word_starts(header: str) -> frozenset[int]:
    """Where words begin in the folded header: a Latin word counts as the last part only from one of these on."""
    starts, length = set(), 0
    for piece in re.split(r"[\W_]+", unicodedata.normalize("NFKC", header)):
        for word in _WORDS.findall(piece):
            starts.add(length)
            length += len(fold_header(word))
    return frozenset(starts)


def resolve(
    rules: HeaderWords, full: str, starts: frozenset[int], begin: int, end: int, depth: int
) -> list[HeaderMatch]:
    """The readings of ``full[begin:end]``, taking off at most ``depth`` parts."""
    key = full[begin:end]
    found = _whole(rules, key)
    if depth == 0 or not key or (found and found[0].strength >= SUFFIX):
        return found
    for first, last in _without_number(key, last_word=end - 1 in starts):
        if inner := resolve(rules, full, starts, begin + first, begin + last, depth - 1):
            return found + weaken(inner)
    if composed := _composed(rules, full, starts, begin, end, depth):
        return composed + found
    found = found + _by_modifier(rules, full, starts, begin, end, depth)
    if not strong(found):
        found = found + _by_qualifier(rules, full, starts, begin, end, depth)
    if not found:
        found = found + _by_trailer(rules, full, starts, begin, end, depth)
    if not strong(found):
        listed = bool(found) and found[0].rule in (
            "likely",
            "weak",
        )  # what a whole header may mean comes before its last part
        inner = _by_suffix(rules, full, starts, begin, end)
        found = found + [replace(m, strength=min(m.strength, WEAK - 0.05)) if listed else m for m in inner]
    return found


def strong(found: list[HeaderMatch]) -> bool:
    return any(m.strength >= SUFFIX for m in found)


def weaken(found: list[HeaderMatch]) -> list[HeaderMatch]:
    return [replace(m, strength=min(m.strength, STRIPPED)) for m in found]


def _whole(rules: HeaderWords, key: str) -> list[HeaderMatch]:
    role = _role_of(rules, key)
    found = [HeaderMatch(m, EXACT, role, "exact") for m in rules.exact.get(key, ())]
    if not found:
        found = [HeaderMatch(m, STRIPPED, role, "exact") for m in rules.suffix.get(key, ())]
    found += [HeaderMatch(m, LIKELY, role, "likely") for m in rules.likely.get(key, ())]
    return found + [HeaderMatch(m, WEAK, role, "weak") for m in rules.weak.get(key, ())]


def _role_of(rules: HeaderWords, key: str) -> str | None:
    """Whom a listed word speaks of: 保護者名 and 父携帯 begin with a qualifier. 母国 does not, 国 being no strong word."""
    for size in range(min(len(key), 12), 0, -1):
        role = rules.qualifiers.get(key[:size])
        if role and (
            size == len(key) or (size > 1 and not key.isascii()) or key[size:].removeprefix("の") in rules.exact
        ):
            return role
    return None


def _without_number(key: str, *, last_word: bool) -> Iterable[tuple[int, int]]:
    """Bounds of the key without numbers at its end, or at its beginning, or a letter that counts: 電話番号1, 1.氏名, team_a.

    ``last_word``: the last letter is a word by itself.
    """
    if last_word and len(key) > 2 and "a" <= key[-1] <= "z":
        yield 0, len(key) - 1
    if key[-1].isdigit():
        stripped = key.rstrip("0123456789")
        if stripped:
            yield 0, len(stripped)
    if key[0].isdigit():
        yield len(key) - len(key.lstrip("0123456789")), len(key)


def _by_qualifier(
    rules: HeaderWords, full: str, starts: frozenset[int], begin: int, end: int, depth: int
) -> list[HeaderMatch]:
    """What is left when a qualifier is taken off: 保護者|電話番号, and behind an exact word: 電話番号|自宅."""
    longest = min(end - begin - 1, 12)
    for size in range(longest, 0, -1):
        role = rules.qualifiers.get(full[begin : begin + size])
        if not role:
            continue
        after = begin + size + (full[begin + size] == "の")
        if inner := resolve(rules, full, starts, after, end, depth - 1):
            # お届け先|名 is the name of the person, unless a column 姓 stands beside it
            cap = WEAK_SUFFIX if full[after] == "名" and inner[0].meaning.startswith("given_name") else STRIPPED
            return [
                replace(m, strength=min(m.strength, cap), role=role if m.role in (None, "self") else m.role)
                for m in inner
            ]
    for size in range(longest, 0, -1):
        role = rules.qualifiers.get(full[end - size : end])
        if role and strong(inner := _whole(rules, full[begin : end - size])):
            return weaken([replace(m, role=role) for m in inner])
    return []


def _by_modifier(
    rules: HeaderWords, full: str, starts: frozenset[int], begin: int, end: int, depth: int
) -> list[HeaderMatch]:
    """氏名|カナ, カナ|氏名: the reading of the rest, turned by the mark. A mark of one letter needs a strong rest."""
    found: list[HeaderMatch] = []
    for size in range(min(end - begin - 1, 8), 0, -1):
        for first, last, mark in (
            (begin, end - size, full[end - size : end]),
            (begin + size, end, full[begin : begin + size]),
        ):
            turns = rules.modifiers.get(mark)
            if turns is None or (size == 1 and (first > begin or _ends_in_qualifier(rules, full[begin:last]))):
                continue
            if mark == "en" and (first if first > begin else last) not in starts:
                continue  # name_en, but no token
            if full[last - 1] == "の":
                last -= 1
            inner = [m for m in resolve(rules, full, starts, first, last, depth - 1) if size > 1 or m.strength > SUFFIX]
            if size == 1:
                inner = [m for m in inner if m.meaning in turns]
            found += [replace(m, meaning=turns.get(m.meaning, m.meaning)) for m in inner]
        if found:
            return weaken(found)
    return []


def _ends_in_qualifier(rules: HeaderWords, key: str) -> bool:
    """保護者|名 is the name of the guardian, 氏名|名 the given name."""
    return any(key[-size:] in rules.qualifiers for size in range(1, min(len(key), 12) + 1))


def _by_trailer(
    rules: HeaderWords, full: str, starts: frozenset[int], begin: int, end: int, depth: int
) -> list[HeaderMatch]:
    """Without a word at the end that means nothing (欄, 西暦, 円), or a polite お or ご at the beginning."""
    for size in range(min(end - begin - 1, 6), 0, -1):
        if full[end - size : end] in rules.trailers:
            inner = resolve(rules, full, starts, begin, end - size, depth - 1)
            least = LIKELY if full[end - size : end] == "確認" else WEAK  # 班長確認 holds what the foreman ticks
            if inner and inner[0].rule != "suffix" and inner[0].strength > least:
                return weaken(inner)
    if full[begin] in "おご御" and end - begin > 2:
        return weaken(_whole(rules, full[begin + 1 : end]))
    return []


def _composed(
    rules: HeaderWords, full: str, starts: frozenset[int], begin: int, end: int, depth: int
) -> list[HeaderMatch]:
    """What two words say together that one alone does not: the number of a person, a code for what people are, the name
    of somebody in a role."""
    for size in range(min(end - begin - 1, 8), 0, -1):
        tail, border = full[end - size : end], end - size
        if full[border].isascii() and full[border - 1].isascii() and border not in starts:
            continue
        before = border - (full[border - 1] == "の" and border - 1 > begin)
        if tail in rules.numbers and (found := _whose(rules, full, starts, begin, before)):
            return [found]
        if tail in rules.codes and depth:
            inner = [m for m in resolve(rules, full, starts, begin, before, depth - 1) if m.meaning in rules.coded]
            if inner:
                return weaken(inner)
        if tail in NAMING:
            for words, strength in ((rules.exact, STRIPPED), (rules.likely, LIKELY), (rules.weak, WEAK)):
                meanings = words.get(full[begin:border], ())
                if "person_name" in meanings and "company" not in meanings:
                    return [HeaderMatch("person_name", strength, _role_of(rules, full[begin:border]), "likely")]
    return []


def _whose(rules: HeaderWords, full: str, starts: frozenset[int], begin: int, end: int) -> HeaderMatch | None:
    """What the number of the person is that ``full[begin:end]`` ends with the word for. Behind a foreign word of its own it
    refers to somebody elsewhere, where there is any at all: shop_owner_id, winner_player_id."""
    for at in range(max(begin, end - 12), end):
        if full[at:end] in rules.whose and (at == begin or not full[at].isascii() or at in starts):
            entity = rules.whose[full[at:end]]
            if full[at].isascii() and at > begin and rules.qualifiers.get(full[begin:at]) in (None, "organisation"):
                return HeaderMatch(entity, WEAK, None, "weak")
            return HeaderMatch(entity, STRIPPED if entity != "customer_id" else SUFFIX, None, "suffix")
    return None


def _by_suffix(rules: HeaderWords, full: str, starts: frozenset[int], begin: int, end: int) -> list[HeaderMatch]:
    """By the longest last part that is known; a Latin one must be a word of its own."""
    found: list[HeaderMatch] = []
    for at in range(begin + 1, end):
        if full[at].isascii() and full[at - 1].isascii() and at not in starts:
            continue
        tail, role = full[at:end], _role_of(rules, full[begin:end])
        if tail in rules.suffix:
            found += [HeaderMatch(m, SUFFIX, role, "suffix") for m in rules.suffix[tail]]
            break
        if tail in rules.weak_suffix and not found:
            found += [HeaderMatch(m, WEAK_SUFFIX, role, "weak") for m in rules.weak_suffix[tail]]
    return found
