"""The detectors' patterns run over a text, each only where it can find something: near its signs and its cue words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from piiscan.lexicon import organisations
from piiscan.model import Detector
from piiscan.shaped import later
from piiscan.text import HYPHEN_CLASS

if TYPE_CHECKING:
    import regex

#: A cue word stands in a match, at most so many characters before it, or right behind it.
CUE_REACH = 24
#: Which of two overlapping spans stays; higher wins, then the longer, then the earlier.
PRIORITY = {
    "email": 9,
    "credit_card": 8,
    "my_number": 8,
    "phone": 7,
    "fax": 7,
    "postal_code": 6,
    "address": 6,
    "birth_date": 5,
}
#: Fewer digits than these anywhere in a text, and it cannot hold one.
FEWEST_DIGITS = {"phone": 9, "fax": 9, "postal_code": 7, "credit_card": 13, "my_number": 12, "drivers_license": 12}
JAPANESE_ONLY = (
    "address",
    "address_part",
    "surname",
    "given_name",
    "person_name_kana",
    "surname_kana",
    "given_name_kana",
)
#: Behind a name, so never at the start of a text, where 氏名 stands as a header.
_HONORIFIC = "[様殿氏君](?<=..)|先生|さま|[さく]ん|ちゃん|サマ|ｻﾏ"
#: Patterns that a text must all hold somewhere before the detector of that id can find anything in it. They follow from
#: its ``search`` pattern and only save time; a test holds them to the finds made without them.
NEEDS = {
    "email": (later("[@＠]"),),
    "person_name": (
        later(
            f"{_HONORIFIC}|[名前者当役主人先師筆責義妻夫男女父母方手長任務常][ 　\\t:：=＝]|[(（][ァ-ヺーぁ-ゖｦ-ﾟ 　]|です|でご|と申"
        ),
    ),
    "surname": (
        later(
            f"{_HONORIFIC}|[名前者当役主人先師筆責義妻夫男女父母方手長任務常][ 　\\t:：=＝]|です|でご|と申|より|から|が[承伺担]|[部課係社会所店室次員]長|主任|専務|常務|取締|[部課係室][ 　]"
        ),
    ),
    "person_name_kana": (later("ナ|な|ﾅ|カナ|ヨミ|よみ|[)）]|振|込|送金|コミ|ｺﾐ|カエ|ｶｴ|[ｷキ][ﾝン]"),),
    "address": (later("[都道府県市区郡町村]"), later("[0-9０-９一二三四五六七八九十百]")),
    "ip_address": (later(r"[0-9]\.[0-9]{1,3}\.[0-9]|[0-9A-Fa-f]:[0-9A-Fa-f]{0,4}:"),),
    "postal_code": (later(f"〒|郵便番号|[0-9０-９]{HYPHEN_CLASS}[0-9０-９]"),),
    "phone": (later("[0０]|[+＋][8８]"),),
}
_DIGITS = "0123456789０１２３４５６７８９"
_OF_NAMES = "様殿氏君先さくちサｻ名前者当役主人師筆責義妻夫男女父母方手長任務常"
#: Characters, one of which is in whatever the first pattern of ``NEEDS`` matches, or in every find.
MARKS = {
    "email": "@＠",
    "person_name": f"{_OF_NAMES}(（でと",
    "surname": f"{_OF_NAMES}でとよがか長任専常取部課係室",
    "person_name_kana": "ナなﾅカヨよ)）振込送コｺｶキｷ",
    "address": "都道府県市区郡町村",
    "ip_address": ".:",
    "postal_code": f"〒郵{_DIGITS}",
    "credit_card": _DIGITS,
    "phone": "0０+＋",
}
#: The detectors without a cue whose finds all hold a digit, a mail sign, a cue of a name or two letters.
QUICKLY_TOLD = frozenset(
    {"address", "credit_card", "email", "ip_address", "person_name", "person_name_kana", "phone", "postal_code"}
)
#: No find, its cue included, is longer; windows reach so far to both sides of a sign. By entity where it differs.
REACH = 160
REACHES = {"email": 340, "address": 240, "person_name": 60, "surname": 60, "person_name_kana": 60}
_HONOURED = later("[ \u3000]?(?:様|さま|殿|氏)(?![々〆㐀-鿿])")
#: Cue words and other signs are hardly longer.
LONGEST_SIGN = 40
#: Texts up to this long are searched whole: windows would cost more than they save.
SHORT = 600


@dataclass(frozen=True, slots=True)
class Span:
    """One find in a text: ``text[start:end]`` is of ``entity``."""

    start: int
    end: int
    entity: str
    confidence: float
    subtype: str | None = None


class Same:
    """Detectors as a key of a cache: the very same mapping, not an equal one. The cache keeps it alive."""

    __slots__ = ("mapping",)

    def __init__(self, mapping: Mapping[str, Detector]) -> None:
        self.mapping = mapping

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.mapping is self.mapping

    def __hash__(self) -> int:
        return id(self.mapping)


@dataclass(frozen=True, slots=True)
class _Search:
    """How one detector is run. ``cues``: its cue words where nothing is found without one, else none. ``marks``: a
    text in lower case that has none of these characters holds no find; None where that cannot be said."""

    detector: Detector
    cues: tuple[str, ...]
    needs: tuple[re.Pattern[str], ...]
    fewest: int
    japanese: bool
    reach: int
    marks: frozenset[str] | None

    @property
    def pattern(self) -> regex.Pattern[str]:
        return _pattern(self.detector.search or "(?!)")

    @property
    def cue(self) -> re.Pattern[str]:
        """Finds one of the cue words in a text in lower case."""
        return _cue_pattern(self.cues)


def able(detectors: Mapping[str, Detector]) -> tuple[Detector, ...]:
    """The detectors that have a pattern for running text."""
    return tuple(d for d in detectors.values() if d.search and d.group != "organisation")


def cue_words(detectors: Mapping[str, Detector]) -> tuple[str, ...]:
    """All cue words of the detectors that find nothing in running text without one."""
    return tuple(sorted({cue for d in able(detectors) if d.needs_context for cue in d.cues}))


@lru_cache(maxsize=8)
def any_cue(detectors: Same) -> re.Pattern[str]:
    """A pattern, for text in lower case, that finds any cue word of :func:`cue_words`."""
    cues = cue_words(detectors.mapping)
    return _cue_pattern(cues) if cues else re.compile(r"(?!)")


def may_find_in_any_text(detectors: Mapping[str, Detector]) -> bool:
    """Whether one of the detectors, of a rule file or a new plug-in, may look for what no quick test here knows of."""
    return finds_anywhere(Same(detectors))


@lru_cache(maxsize=8)
def finds_anywhere(detectors: Same) -> bool:
    """As :func:`may_find_in_any_text`."""
    return any(s.detector.id not in QUICKLY_TOLD for s in _searches(detectors)[1])


@lru_cache(maxsize=8)
def _searches(detectors: Same) -> tuple[tuple[_Search, ...], tuple[_Search, ...]]:
    """How every detector is run, and those of them that need no cue word."""
    every = tuple(map(_search, able(detectors.mapping)))
    return every, tuple(s for s in every if not s.cues)


def _search(detector: Detector) -> _Search:
    entity = detector.id
    cues = tuple(c.lower() for c in detector.cues) if detector.needs_context else ()
    marks = MARKS.get(entity) or [c[:1] for c in cues]
    return _Search(
        detector,
        cues,
        NEEDS.get(entity, ()),
        FEWEST_DIGITS.get(entity, 0),
        entity in JAPANESE_ONLY,
        REACHES.get(entity, REACH),
        frozenset(marks) if marks and all(marks) else None,
    )


@cache
def _pattern(search: str) -> regex.Pattern[str]:
    """Compiled when a text first comes that may hold a find: all of them together take longer than a small file."""
    import regex

    return regex.compile(search)


@lru_cache(maxsize=256)
def _cue_pattern(cues: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(c.lower()) for c in cues))


def pattern_finds(detectors: Same, text: str) -> list[Span]:
    """What the detectors find by their patterns, in no order; finds may overlap."""
    lowered = text.lower()
    signs = frozenset(lowered)
    every, _ = _searches(detectors)
    able = [s for s in every if s.marks is None or not s.marks.isdisjoint(signs)]
    if any(s.cues for s in able) and not any_cue(detectors).search(lowered):
        able = [s for s in able if not s.cues]
    found: list[Span] = []
    if not able:
        return found
    digits = sum(map(str.isdigit, text)) if len(text) < 400 else 400
    japanese = not text.isascii()
    for search in able:
        if (
            digits < search.fewest
            or (search.japanese and not japanese)
            or (search.cues and not any(map(lowered.__contains__, search.cues)))
            or (search.needs and not all(need.search(text) for need in search.needs))
        ):
            continue
        for start, end in _windows(search, text, lowered):
            found.extend(_finds(search, text, start, end))
    return found


def _windows(search: _Search, text: str, lowered: str) -> list[tuple[int, int]]:
    """Where a find can be, in order and apart: around what it needs, or around its cue words."""
    whole = [(0, len(text))]
    if len(text) <= SHORT or not (search.cues or search.needs) or len(lowered) != len(text):
        return whole
    signs, look = (search.needs[0], text) if search.needs else (search.cue, lowered)
    windows: list[tuple[int, int]] = []
    covered = 0
    sign = signs.search(look)
    while sign:
        # What stands within half a reach is covered as well, so that not every sign of many is looked at.
        beyond = sign.end() + search.reach // 2
        start, end = max(0, sign.start() - search.reach), min(len(text), beyond + LONGEST_SIGN + search.reach)
        if windows and start <= windows[-1][1]:
            covered += end - windows[-1][1]
            windows[-1] = (windows[-1][0], end)
        else:
            covered += end - start
            windows.append((start, end))
        if covered > 0.7 * len(text):
            return whole
        sign = signs.search(look, beyond)
    return windows


def _finds(search: _Search, text: str, first: int, last: int) -> Iterator[Span]:
    detector, pattern = search.detector, search.pattern
    valued = "value" in pattern.groupindex
    for match in pattern.finditer(text, first, last):
        start, end = match.span("value") if valued else match.span()
        value = text[start:end].strip()
        if not value:
            continue
        if detector.check and not detector.check(value) and not _honoured(detector, text, start, end):
            continue
        if detector.needs_context and not _has_cue(detector, text, match.start(), match.end()):
            continue
        subtype = detector.subtype(text[start:end]) if detector.subtype else None
        yield Span(start, end, detector.id, 0.95 if detector.id in PRIORITY else 0.8, subtype)


def _honoured(detector: Detector, text: str, start: int, end: int) -> bool:
    """Two words in kanji in front of 様 are a name that no dictionary need know, unless they are an office or a firm."""
    if detector.id != "person_name" or not _HONOURED.match(text, end):
        return False
    parts = text[start:end].split()
    return len(parts) == 2 and all(
        organisations.organisation_score(p) < 0.5
        and organisations.department_score(p) < 0.5
        and organisations.title_score(p) < 0.5
        for p in parts
    )


def _has_cue(detector: Detector, text: str, start: int, end: int) -> bool:
    """Whether a cue word of the detector stands in the match or close before it, or just behind."""
    if not detector.cues:
        return True
    before = text[max(0, start - CUE_REACH) : end].lower()
    behind = text[end : end + 8].lower()
    return any(cue.lower() in before or behind.startswith(cue.lower()) for cue in detector.cues)
