"""Header words: what the text over a column says about the column.

A Japanese header is read from its end: the last part carries the meaning (契約者 + 氏名), the parts before it say whose
(保護者, お届け先), and a mark behind it says how it is written or which half it is (カナ, 漢字, 姓).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from piiscan.shaped import later
from piiscan.text import fold_header

ROLES = ("self", "guardian", "child", "spouse", "emergency", "recipient", "sender", "organisation", "other")
_EXACT, _STRIPPED, _SUFFIX, _LIKELY, _WEAK, _WEAK_SUFFIX = 1.0, 0.95, 0.85, 0.62, 0.5, 0.4
_LONGEST = 60
_WORDS = later(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^A-Za-z]+")
#: What stands in brackets behind a header explains it: 年齢（当事者A）, お名前（本名）.
_NOTE = later(r"[(\[【〔<「][^()\[\]【】〔〕<>「」]*[)\]】〕>」]")
#: A number in brackets refers to something else, and is none of the column's: 担当営業（管理番号:19104）.
_REFERENCE = later(r"(?<=.)[(（\[【〔][^()（）\[\]【】〔〕0-9０-９]*[0-9０-９]{4,}[^()（）\[\]【】〔〕]*[)）\]】〕]")
#: What somebody was called before stands in brackets behind the name: 氏名（旧姓）.
_FORMER = later(r"[(（\[【〔][^()（）\[\]【】〔〕]{0,4}(?:旧|元の|以前の)[^()（）\[\]【】〔〕]{0,6}[)）\]】〕]")
_BOTH_WRITINGS = later("漢字.{0,3}(?:カナ|カタカナ|かな|ひらがな)|(?:カナ|カタカナ|かな|ひらがな).{0,3}漢字")
_ALTERNATIVES = later("[・/、,／|]|又は|または|及び|および")
#: The forms of forms: あなたの…を教えてください。, アレルギーがあれば書いてください.
_ASKED = later(
    "(?:を|について|に関して|が|は)?(?:あれば|ある場合(?:は)?|あるか)?、?(?:ご)?(?:教え|記入|入力|お聞かせ|聞かせ|お答え|選択|お選び|お書き|書い|"
    "回答|記載|知らせ|お知らせ)(?:て|し|し?て)?(?:くだ|下)さい.*$|(?:は|を)?(?:何|なん|どちら|どれ)?(?:です|ます)か.*$|[?？。].*$"
)
#: Every question and request has one of these.
_ASKING = later("さい|すか|[?？。]")
_REQUEST = later("^(?:[QqＱ]?[0-9]{1,3}[.．、:：)）] *)?(?:あなた|ご自身|ご自分|お客様|貴方|皆様)?の?")
_BUSINESS = {"phone": "business_phone", "fax": "business_phone", "address": "business_address"}


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
class HeaderRules:
    """The header vocabulary in force. All words are folded by ``text.fold_header``.

    ``extra`` are words that detectors bring, for headers that the rule files say nothing about.
    """

    exact: Words
    suffix: Words
    likely: Words
    weak: Words
    weak_suffix: Words
    extra: Mapping[str, str]
    qualifiers: Mapping[str, str]
    modifiers: Mapping[str, Mapping[str, str]]
    trailers: frozenset[str]
    organisation_words: frozenset[str]
    person_words: frozenset[str]

    def match(self, header: str) -> tuple[HeaderMatch, ...]:
        """The readings of ``header``, surest first; empty for a header that says nothing. Total for any string."""
        return _match(self, header)

    def about(self, header: str) -> Literal["organisation", "person"] | None:
        """Whether a header of this name says that the rows of its table are organisations or places, or people."""
        key = fold_header(header[:_LONGEST]).rstrip("0123456789")
        if key in self.organisation_words:
            return "organisation"
        return "person" if key in self.person_words else None


def without_reference(header: str) -> str:
    """A header without the numbers in brackets behind it that refer to something else."""
    return _REFERENCE.sub("", header)


@lru_cache(maxsize=8192)
def _match(rules: HeaderRules, header: str) -> tuple[HeaderMatch, ...]:
    if len(header) > 4 * _LONGEST:
        return ()
    header = without_reference(_FORMER.sub("", header)) or header
    key = fold_header(header)
    if not key or len(key) > _LONGEST:
        return ()
    best: dict[str, HeaderMatch] = {}
    for found in _read(rules, header, key):
        if found.meaning not in best or best[found.meaning].strength < found.strength:
            best[found.meaning] = found
    if not best and key in rules.extra:
        return (HeaderMatch(rules.extra[key], _EXACT, None, "exact"),)
    for found in list(best.values()):
        business = _BUSINESS.get(found.meaning)
        if found.role == "organisation" and business and business not in best:
            best[business] = replace(found, meaning=business, strength=found.strength * 0.7)
    return tuple(sorted(best.values(), key=lambda m: -m.strength))


def _read(rules: HeaderRules, header: str, key: str) -> list[HeaderMatch]:
    """The readings of the whole header; where that says nothing sure, of its question, of what stands in front of its
    brackets, of its alternatives (氏名・団体名)."""
    found = _resolve(rules, key, _word_starts(header), 0, len(key), 5)
    plain = unicodedata.normalize("NFKC", header)
    if _BOTH_WRITINGS.search(plain):  # 氏名(漢字・カタカナ) is the name itself
        found = [m for m in found if not m.meaning.endswith("_kana")]
    if _strong(found) and (found[0].rule != "suffix" or not _ALTERNATIVES.search(plain)):
        return found
    parts = [p for p in _ALTERNATIVES.split(plain) if p.strip()]
    if 2 <= len(parts) <= 3:
        each = [_part(rules, part) for part in parts]
        if all(any(m.strength >= _WEAK for m in one) for one in each):
            return [replace(m, strength=min(m.strength, _SUFFIX)) for one in each for m in one] + found
    asked = _REQUEST.sub("", _ASKED.sub("", plain) if _ASKING.search(plain) else plain)
    for other in (asked, _NOTE.sub("", plain), _NOTE.sub("", asked)):
        if not _strong(found) and other.strip() and other != plain and (inner := _part(rules, other)):
            return found + _weaken(inner)
    return found


def _part(rules: HeaderRules, part: str) -> list[HeaderMatch]:
    key = fold_header(part)
    return _resolve(rules, key, _word_starts(part), 0, len(key), 4) if 0 < len(key) <= _LONGEST else []


def _word_starts(header: str) -> frozenset[int]:
    """Where words begin in the folded header: a Latin word counts as the last part only from one of these on."""
    starts, length = set(), 0
    for piece in re.split(r"[\W_]+", unicodedata.normalize("NFKC", header)):
        for word in _WORDS.findall(piece):
            starts.add(length)
            length += len(fold_header(word))
    return frozenset(starts)


def _resolve(
    rules: HeaderRules, full: str, starts: frozenset[int], begin: int, end: int, depth: int
) -> list[HeaderMatch]:
    """The readings of ``full[begin:end]``, taking off at most ``depth`` parts."""
    key = full[begin:end]
    found = _whole(rules, key)
    if depth == 0 or not key or (found and found[0].strength >= _SUFFIX):
        return found
    for first, last in _without_number(key, last_word=end - 1 in starts):
        if inner := _resolve(rules, full, starts, begin + first, begin + last, depth - 1):
            return found + _weaken(inner)
    found = found + _by_modifier(rules, full, starts, begin, end, depth)
    if not _strong(found):
        found = found + _by_qualifier(rules, full, starts, begin, end, depth)
    if not found:
        found = found + _by_trailer(rules, full, starts, begin, end, depth)
    if not _strong(found):
        listed = bool(found) and found[0].rule in (
            "likely",
            "weak",
        )  # what a whole header may mean comes before its last part
        inner = _by_suffix(rules, full, starts, begin, end)
        found = found + [replace(m, strength=min(m.strength, _WEAK - 0.05)) if listed else m for m in inner]
    return found


def _strong(found: list[HeaderMatch]) -> bool:
    return any(m.strength >= _SUFFIX for m in found)


def _weaken(found: list[HeaderMatch]) -> list[HeaderMatch]:
    return [replace(m, strength=min(m.strength, _STRIPPED)) for m in found]


def _whole(rules: HeaderRules, key: str) -> list[HeaderMatch]:
    role = _role_of(rules, key)
    found = [HeaderMatch(m, _EXACT, role, "exact") for m in rules.exact.get(key, ())]
    if not found:
        found = [HeaderMatch(m, _STRIPPED, role, "exact") for m in rules.suffix.get(key, ())]
    found += [HeaderMatch(m, _LIKELY, role, "likely") for m in rules.likely.get(key, ())]
    return found + [HeaderMatch(m, _WEAK, role, "weak") for m in rules.weak.get(key, ())]


def _role_of(rules: HeaderRules, key: str) -> str | None:
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
    rules: HeaderRules, full: str, starts: frozenset[int], begin: int, end: int, depth: int
) -> list[HeaderMatch]:
    """What is left when a qualifier is taken off: 保護者|電話番号, and behind an exact word: 電話番号|自宅."""
    longest = min(end - begin - 1, 12)
    for size in range(longest, 0, -1):
        role = rules.qualifiers.get(full[begin : begin + size])
        if not role:
            continue
        after = begin + size + (full[begin + size] == "の")
        if inner := _resolve(rules, full, starts, after, end, depth - 1):
            # お届け先|名 is the name of the person, unless a column 姓 stands beside it
            cap = _WEAK_SUFFIX if full[after] == "名" and inner[0].meaning.startswith("given_name") else _STRIPPED
            return [
                replace(m, strength=min(m.strength, cap), role=role if m.role in (None, "self") else m.role)
                for m in inner
            ]
    for size in range(longest, 0, -1):
        role = rules.qualifiers.get(full[end - size : end])
        if role and _strong(inner := _whole(rules, full[begin : end - size])):
            return _weaken([replace(m, role=role) for m in inner])
    return []


def _by_modifier(
    rules: HeaderRules, full: str, starts: frozenset[int], begin: int, end: int, depth: int
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
            inner = [
                m for m in _resolve(rules, full, starts, first, last, depth - 1) if size > 1 or m.strength > _SUFFIX
            ]
            if size == 1:
                inner = [m for m in inner if m.meaning in turns]
            found += [replace(m, meaning=turns.get(m.meaning, m.meaning)) for m in inner]
        if found:
            return _weaken(found)
    return []


def _ends_in_qualifier(rules: HeaderRules, key: str) -> bool:
    """保護者|名 is the name of the guardian, 氏名|名 the given name."""
    return any(key[-size:] in rules.qualifiers for size in range(1, min(len(key), 12) + 1))


def _by_trailer(
    rules: HeaderRules, full: str, starts: frozenset[int], begin: int, end: int, depth: int
) -> list[HeaderMatch]:
    """Without a word at the end that means nothing (欄, 西暦, 円), or a polite お or ご at the beginning."""
    for size in range(min(end - begin - 1, 6), 0, -1):
        if full[end - size : end] in rules.trailers:
            inner = _resolve(rules, full, starts, begin, end - size, depth - 1)
            least = _LIKELY if full[end - size : end] == "確認" else _WEAK  # 班長確認 holds what the foreman ticks
            if inner and inner[0].rule != "suffix" and inner[0].strength > least:
                return _weaken(inner)
    if full[begin] in "おご御" and end - begin > 2:
        return _weaken(_whole(rules, full[begin + 1 : end]))
    return []


def _by_suffix(rules: HeaderRules, full: str, starts: frozenset[int], begin: int, end: int) -> list[HeaderMatch]:
    """By the longest last part that is known; a Latin one must be a word of its own."""
    found: list[HeaderMatch] = []
    for at in range(begin + 1, end):
        if full[at].isascii() and full[at - 1].isascii() and at not in starts:
            continue
        tail, role = full[at:end], _role_of(rules, full[begin:end])
        if tail in rules.suffix:
            found += [HeaderMatch(m, _SUFFIX, role, "suffix") for m in rules.suffix[tail]]
            break
        if tail in rules.weak_suffix and not found:
            found += [HeaderMatch(m, _WEAK_SUFFIX, role, "weak") for m in rules.weak_suffix[tail]]
    return found
