"""Names that a text has told, wherever it speaks of the same people again: by the surname, the given name, one word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from piiscan.detectors._name_parts import HONORIFIC
from piiscan.judge.prose import ADDRESSED
from piiscan.judge.searching import Span
from piiscan.lexicon import names

#: What stands behind a name of whom is spoken again.
_BEHIND = r"(?=より|から|まで|です|でご|宅|家[のを]|班|[がはもにをへとので:：、，,)）」\]】・／/→～\s\u3000（(]|$)"
#: Who is spoken of again by one sign of a name, or by his given name alone.
_BY_SIGN = rf"(?=[ \u3000]?{HONORIFIC}|[、，・／→（(:：]|より)"
_BY_GIVEN = rf"(?=[ \u3000]?{HONORIFIC}|[、，・→がはもをのにとへ])"
#: No more names of a text are looked for again.
_MOST = 100
#: Names from abroad that begin sentences as other words.
_ENGLISH = frozenset(
    [
        "Will",
        "May",
        "Mark",
        "Grace",
        "Hope",
        "Rich",
        "Bill",
        "Dean",
        "Grant",
        "Chase",
        "Faith",
        "Joy",
        "Rose",
        "Summer",
        "April",
        "June",
        "Van",
        "Don",
    ]
)


def mentioned_again(text: str, found: Iterable[Span], *, halves: bool) -> Iterator[Span]:
    """The surnames that are told and those of the full names, wherever they are spoken of again; with ``halves`` also
    surnames of one sign, and given names."""
    surnames, signs, given, latin = dict[str, None](), dict[str, None](), dict[str, None](), dict[str, None]()
    whole = dict[str, None]()
    for span in found:
        value = text[span.start : span.end].strip()
        parts = names.split_name(value) if span.entity == "person_name" else None
        if span.entity == "person_name_romaji" and halves:
            latin |= dict.fromkeys(
                w for w in value.split() if len(w) > 2 and w not in _ENGLISH and names.is_latin_name(w)
            )
        if parts and halves and len(joined := "".join(value.split())) > 2:
            whole[joined] = None
        if parts and not names.surname_score(parts[0]) and not names.is_given(parts[1]):
            parts = None  # 印刷 中村: a firm's name before a surname
        surname = value if span.entity == "surname" else parts[0] if parts else ""
        if len(surname) > 1:
            surnames[surname] = None
        elif surname and halves and surname not in ADDRESSED:
            signs[surname] = None
        own = value if span.entity == "given_name" else parts[1] if parts else ""
        if len(own) > 1 and halves:
            given[own] = None
    for words, behind, entity in (
        (whole, r"(?![々㐀-鿿ァ-ヺー])", "person_name"),
        (surnames, _BEHIND, "surname"),
        (signs, _BY_SIGN, "surname"),
        (given, _BY_GIVEN, "given_name"),
        (latin, r"(?![A-Za-z@/_.-])", "person_name_romaji"),
    ):
        if words:
            any_of = "|".join(sorted(map(re.escape, list(words)[:_MOST]), key=len, reverse=True))
            for match in re.finditer(rf"(?<![々㐀-鿿ァ-ヺーA-Za-z.@/_-])(?:{any_of}){behind}", text):
                yield Span(match.start(), match.end(), entity, 0.7)
