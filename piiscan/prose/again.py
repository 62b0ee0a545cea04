"""Names that a text has told, wherever it speaks of the same people again: by the surname, the given name, one word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from piiscan.detectors._name_parts import HONORIFIC
from piiscan.lexicon import names
from piiscan.prose.searching import Span
from piiscan.prose.told import ADDRESSED, KANJI
from piiscan.shaped import later

_BEFORE = later(rf"{KANJI}|[ァ-ヺーA-Za-z.@/_-]")
#: What each part of a name is, and what may stand behind it: a whole name, a surname, one of one sign, a given name, a word
#: from abroad, in kana (a part of the name) or in Latin letters.
_KINDS = {
    "whole": ("person_name", later(rf"(?!{KANJI}|[ァ-ヺー])")),
    "surname": (
        "surname",
        later(
            r"(?=より|から|まで|です|でご|宅|家[のを]|班|[がはもにをへとので:：、，,)）」\]】・／/→～\s\u3000（(]|$)"
        ),
    ),
    "sign": ("surname", later(rf"(?=[ \u3000]?{HONORIFIC}|[、，・／→（(:：]|より)")),
    "given": ("given_name", later(rf"(?=[ \u3000]?{HONORIFIC}|[、，・→がはもをのにとへ])")),
    "part": ("person_name", later(rf"(?=[ \u3000]?{HONORIFIC}|[ \u3000、，・:：はがもをのにとへ→」]|$)(?!・[ァ-ヺ])")),
    "latin": ("person_name_romaji", later(r"(?![A-Za-z@/_.-])")),
}
#: Names from abroad as they are written in Japan, of which any part may stand for the whole: ティン・ザー・ウィン.
_FOREIGN = later("[ァ-ヺー]{2,}(?:[・＝][ァ-ヺー]+)+")
#: No more words of each kind are looked for again.
_MOST = 100
#: Names from abroad that begin sentences as other words.
_ENGLISH = frozenset(
    ["Will", "May", "Mark", "Grace", "Hope", "Rich", "Bill", "Dean", "Grant", "Chase", "Faith", "Joy", "Rose", "Summer", "April", "June",
     "Van", "Don"]
)  # fmt: skip


def mentioned_again(text: str, found: Iterable[Span], *, halves: bool) -> Iterator[Span]:
    """The surnames that are told and those of the full names, wherever they are spoken of again; with ``halves`` also
    surnames of one sign, given names, words from abroad, and whole names written together."""
    words: dict[str, dict[str, None]] = {kind: {} for kind in _KINDS}
    for span in found:
        for kind, word in _words_of(text[span.start : span.end].strip(), span.entity):
            if halves or kind == "surname":
                words[kind][word] = None
    for kind, (entity, behind) in _KINDS.items():
        for word in islice(words[kind], _MOST):
            for start in _starts(text, word):
                if behind.match(text, start + len(word)):
                    yield Span(start, start + len(word), entity, 0.7)


def _words_of(name: str, entity: str) -> Iterator[tuple[str, str]]:
    """By what somebody may be called again, each with its kind."""
    if entity == "person_name_romaji":
        yield from (("latin", w) for w in name.split() if len(w) > 2 and w not in _ENGLISH and names.is_latin_name(w))
    if entity in ("person_name", "person_name_kana") and _FOREIGN.fullmatch(name):
        yield from (
            ("part", part) for part in name.replace("＝", "・").split("・") if len(part) > 2 or part == name[:2]
        )
    if entity == "given_name" and len(name) > 1:
        yield "given", name
    if entity == "surname":
        yield from _surname(name)
    parts = names.split_name(name) if entity == "person_name" else None
    if not parts:
        return
    if len(joined := "".join(name.split())) > 2:
        yield "whole", joined
    surname, own = parts
    if names.surname_score(surname) or names.is_given(own):  # in 印刷 中村 a firm stands before a surname
        yield from _surname(surname)
        if len(own) > 1:
            yield "given", own


def _surname(surname: str) -> Iterator[tuple[str, str]]:
    if len(surname) > 1:
        yield "surname", surname
    elif surname and surname not in ADDRESSED:
        yield "sign", surname


def _starts(text: str, word: str) -> Iterator[int]:
    """Where a word stands that is not the end of another."""
    at = text.find(word)
    while at >= 0:
        if not at or not _BEFORE.match(text, at - 1):
            yield at
        at = text.find(word, at + len(word))
