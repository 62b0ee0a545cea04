"""Personal data in running text: what the detectors find by shape, and names by their cue, their line, their place.

A name without any cue is not looked for: in prose 森 and 林 are woods. A cue is a word (様, 氏名：), a mail address in
angle brackets behind it, a signature block around it, or a line that also holds a telephone number or an address.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import regex

from piiscan.judge.tagger import tagged_names
from piiscan.lexicon import names, organisations
from piiscan.model import Detector
from piiscan.text import HYPHEN_CLASS, fold, mask

CUE_REACH = 24
SIGNATURE_LINES = 6
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
#: Patterns that a text must all hold somewhere before the detector of that id can find anything in it. They follow from
#: its ``search`` pattern and only save time; a test holds them to the finds made without them.
NEEDS = {
    "email": (re.compile("[@＠]"),),
    "person_name": (
        re.compile(
            "[様殿氏君]|先生|さま|[さく]ん|ちゃん|サマ|ｻﾏ|[名前者当役主人先師筆責義][ 　\\t:：=＝]|[(（][ァ-ヺーぁ-ゖｦ-ﾟ 　]"
        ),
    ),
    "surname": (
        re.compile(
            "[様殿氏君]|先生|さま|[さく]ん|ちゃん|サマ|ｻﾏ|[名前者当役主人先師筆責義][ 　\\t:：=＝]|です|でご|と申|より|が[承伺担]"
        ),
    ),
    "person_name_kana": (re.compile("ナ|な|ﾅ|カナ|ヨミ|よみ|[)）]"),),
    "address": (re.compile("[都道府県市区郡町村]"), re.compile("[0-9０-９一二三四五六七八九十百]")),
    "ip_address": (re.compile(r"[0-9]\.[0-9]{1,3}\.[0-9]|[0-9A-Fa-f]:[0-9A-Fa-f]{0,4}:"),),
    "postal_code": (re.compile(f"〒|郵便番号|[0-9０-９]{HYPHEN_CLASS}[0-9０-９]"),),
    "phone": (re.compile("[0０]|[+＋][8８]"),),
}
#: Places in which a name needs no cue: it is who wrote, saved or made it, or whom the sheet is about.
SIGNED = frozenset({"property", "comment", "sheet_name", "header_footer", "revision", "drawing"})
SURE_NAME = 0.75
LONGEST_NAME = 20
#: Texts up to this many characters are remembered with what was found in them.
REMEMBERED = 200
#: What cells of columns about firms and places hold anyway: it is theirs, not a person's.
OF_BODIES = {
    "business_address": frozenset({"address", "address_part", "postal_code"}),
    "business_phone": frozenset({"phone", "fax"}),
    "facility_name": frozenset({"address", "address_part"}),
    "company": frozenset({"address", "address_part"}),
}
NAME_ENTITIES = ("person_name", "surname", "given_name", "person_name_kana", "person_name_romaji")
_LATIN_NAME = re.compile(r"[A-ZÀ-Þ][\w'’-]{1,20}(?: [A-ZÀ-Þ][\w.'’-]{0,20}){1,3}|[A-Z][a-z]{1,20}, [A-Z][a-z]{1,20}")
_KANA_NAME = re.compile("[ぁ-ゖー]{2,8}|[ァ-ヺー]{2,8}[ 　・][ァ-ヺー]{2,8}")
#: Display names of accounts that are nobody: lists, offices, machines.
_ROLE_ACCOUNT = re.compile(
    r"list|support|info|team|news|sales|admin|service|reply|system|daemon|master|group|office|help|desk|account|order|shop|"
    r"store|user|test|undisclosed|recipients|mail|事務|窓口|担当|係|管理|通知|お知らせ|サポート|ニュース|配信|受付|各位|御中"
)
_ADDRESSEE = re.compile(
    r"(?:^|[,;:\n])[ \t]*\"?([^\s\"<>,;:@][^\"<>,;:@\n]{1,40}?)\"?[ \t]*<[^<>@\s]{1,64}@[^<>\s]{1,255}>"
)
_WORD = re.compile(r"[^\s,、，。．:：;；/／|｜()（）\[\]【】「」<>\"'＝=・]+")
#: A short line that is a name, with a label before it and a reading behind it at most.
_NAME_LINE = re.compile(r"(?:[^:：（(]{1,10}[:：][ \t\u3000]*)?([^:：（(\[【]+?)[ \t\u3000]*(?:[（(\[【].*)?")
#: What stands between the names of a list.
_NEXT_IN_LIST = re.compile(
    r"[ \u3000]?(?:様|さま|さん|殿|氏)?[ \u3000]?[、,，・/／][ \u3000]?([㐀-鿿々〆ぁ-ゖァ-ヺー]{1,5}[ \u3000]?[㐀-鿿々〆ぁ-ゖァ-ヺー]{0,4})"
)
_INTRODUCTION = re.compile(r"(?<![㐀-鿿々〆])([㐀-鿿々〆]{1,4}[ \u3000]?[㐀-鿿々〆ぁ-ゖ]{1,4})と申")
_HONOURED = re.compile("[ \u3000]?(?:様|さま|殿|氏)(?![々〆㐀-鿿])")
_ANY_PII = re.compile(
    r"[0-9０-９@＠]|[都道府県市区町村様氏殿君]|さん|くん|ちゃん|先生|です|申し|[:：（(]|代表|取締|[A-Za-z]{2}"
)


@dataclass(frozen=True, slots=True)
class Span:
    """One find in a text: ``text[start:end]`` is of ``entity``."""

    start: int
    end: int
    entity: str
    confidence: float
    subtype: str | None = None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern)


def find_spans(text: str, detectors: Mapping[str, Detector], column: str | None = None) -> list[Span]:
    """All finds in a text, left to right, none overlapping another.

    ``column``: the entity of the column that the text is a cell of; what such cells hold anyway is no find.
    """
    if len(text) < 2:
        return []
    same = _Same(detectors)
    if not _ANY_PII.search(text) and not _searching(same)[2].search(text.lower()):
        return []
    found = _remembered(same, text) if len(text) <= REMEMBERED else _find(same, text)
    theirs = OF_BODIES.get(column or "", frozenset())
    return [s for s in found if s.entity not in theirs] if theirs else list(found)


def find_in_place(text: str, where: str, detectors: Mapping[str, Detector]) -> list[Span]:
    """All finds in a text that is no cell; where programs write who did something, a bare name is one too.

    ``where`` is that of :class:`piiscan.model.Place`. Office puts the author above a comment and into the properties.
    """
    found = find_spans(text, detectors)
    tagged = [Span(start, end, "person_name", 0.7) for start, end in tagged_names(text)]
    if tagged:
        found = sorted(_without_overlaps([*found, *tagged]), key=lambda s: s.start)
    if where not in SIGNED or len(text) < 3:
        return found
    line = text.lstrip().split("\n", 1)[0].rstrip(" \t\r　:：")
    start = text.index(line)
    end = start + len(line)
    if not 3 <= len(line) <= LONGEST_NAME or any(s.start < end and start < s.end for s in found):
        return found
    if names.full_name_score(line) < SURE_NAME:
        return found
    return sorted([*found, Span(start, end, "person_name", 0.75)], key=lambda s: s.start)


def without_finds(text: str, detectors: Mapping[str, Detector]) -> str:
    """A short text, such as a header, with what names somebody in it masked; whole when it is a name and nothing else."""
    if names.full_name_score(text) >= SURE_NAME:
        return mask(text)
    for span in reversed(find_spans(text, detectors)):
        if detectors[span.entity].group in ("sensitive", "attribute"):  # 障害支援区分 is a word for a kind of data
            continue
        text = text[: span.start] + mask(text[span.start : span.end]) + text[span.end :]
    return text


def _find(detectors: _Same, text: str) -> tuple[Span, ...]:
    found = [s for d in _worth_trying(detectors, text) for s in _by_pattern(d, text)]
    found = _without_overlaps(found)
    found = _without_overlaps(
        [*found, *_addressees(text), *_names_beside(text, found), *_listed(text, found), *_introduced(text)]
    )
    return tuple(sorted(found, key=lambda s: s.start))


@lru_cache(maxsize=4096)
def _remembered(detectors: _Same, text: str) -> tuple[Span, ...]:
    """Cells repeat: the same status, the same shop, the same note."""
    return _find(detectors, text)


def cue_words(detectors: Mapping[str, Detector]) -> tuple[str, ...]:
    """All cue words of the detectors that find nothing in running text without one."""
    able = (d for d in detectors.values() if d.search and d.group != "organisation" and d.needs_context)
    return tuple(sorted({cue for d in able for cue in d.cues}))


class _Same:
    """Detectors as a key of a cache: the very same mapping, not an equal one. The cache keeps it alive."""

    __slots__ = ("mapping",)

    def __init__(self, mapping: Mapping[str, Detector]) -> None:
        self.mapping = mapping

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.mapping is self.mapping

    def __hash__(self) -> int:
        return id(self.mapping)


def _worth_trying(detectors: _Same, text: str) -> Iterator[Detector]:
    """The detectors that cheap tests leave over: cue words, a mail sign, enough digits, any Japanese, what it NEEDS."""
    able, free, any_cue = _searching(detectors)
    lowered = text.lower()
    digits = sum(map(str.isdigit, text)) if len(text) < 400 else 400
    japanese = not text.isascii()
    for detector in able if any_cue.search(lowered) else free:
        entity = detector.id
        if (
            (detector.needs_context and detector.cues and not _cue_pattern(detector.cues).search(lowered))
            or digits < FEWEST_DIGITS.get(entity, 0)
            or (not japanese and entity in JAPANESE_ONLY)
            or (entity in NEEDS and not all(need.search(text) for need in NEEDS[entity]))
        ):
            continue
        yield detector


@lru_cache(maxsize=8)
def _searching(detectors: _Same) -> tuple[tuple[Detector, ...], tuple[Detector, ...], re.Pattern[str]]:
    """The detectors that have a pattern for running text, those of them that need no cue, and any cue of the others."""
    able = tuple(d for d in detectors.mapping.values() if d.search and d.group != "organisation")
    free = tuple(d for d in able if not (d.needs_context and d.cues))
    cues = tuple(sorted({cue for d in able if d not in free for cue in d.cues}))
    return able, free, _cue_pattern(cues) if cues else re.compile(r"(?!)")


@lru_cache(maxsize=256)
def _cue_pattern(cues: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(c.lower()) for c in cues))


def _by_pattern(detector: Detector, text: str) -> Iterator[Span]:
    assert detector.search is not None
    for match in _compiled(detector.search).finditer(text):
        start, end = match.span("value") if "value" in match.re.groupindex else match.span()
        value = text[start:end]
        if not value.strip():
            continue
        if detector.check and not detector.check(value.strip()) and not _addressed(detector, text, start, end):
            continue
        if detector.needs_context and not _has_cue(detector, text, match.start(), match.end()):
            continue
        subtype = detector.subtype(value) if detector.subtype else None
        yield Span(start, end, detector.id, 0.95 if detector.id in PRIORITY else 0.8, subtype)


def _addressed(detector: Detector, text: str, start: int, end: int) -> bool:
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


def _without_overlaps(spans: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    ordered = sorted(spans, key=lambda s: (-PRIORITY.get(s.entity, 1), s.start - s.end, s.start))
    taken: list[tuple[int, int]] = []  # in order and apart, so that only the neighbours of a span can overlap it
    for span in ordered:
        at = bisect_left(taken, (span.start, span.end))
        before = taken[at - 1][1] if at else 0
        behind = taken[at][0] if at < len(taken) else span.end
        if before <= span.start and span.end <= behind:
            kept.append(span)
            taken.insert(at, (span.start, span.end))
    return kept


def _addressees(text: str) -> Iterator[Span]:
    """Display names in front of a mail address in angle brackets: people, unless they are a list, an office or a firm."""
    if "<" not in text:
        return
    for match in _ADDRESSEE.finditer(text):
        start, end = match.span(1)
        found = list(_name_in(text, start, end, 0.5))
        if not found and (entity := _display_name(text[start:end].strip())):
            begin = start + len(text[start:end]) - len(text[start:end].lstrip())
            found = [Span(begin, begin + len(text[start:end].strip()), entity, 0.7)]
        yield from found


def _display_name(shown: str) -> str | None:
    """The entity of a display name that no dictionary knows: Latin words with capitals, or a few kana."""
    if _ROLE_ACCOUNT.search(shown.lower()) or organisations.organisation_score(shown) >= 0.5:
        return None
    if _LATIN_NAME.fullmatch(shown):
        return "person_name_romaji"
    return "person_name" if _KANA_NAME.fullmatch(shown) else None


def _names_beside(text: str, found: list[Span]) -> Iterator[Span]:
    """Names in lines that hold other personal data, and lines of a signature block that are nothing but a name."""
    anchors = [
        s.start
        for s in found
        if s.entity in ("email", "phone", "fax", "postal_code", "address", "birth_date", "my_number")
    ]
    if not anchors:
        return
    lines = _lines(text)
    hit = {_line_of(lines, a) for a in anchors}
    near = {n + d for n in hit for d in range(-SIGNATURE_LINES, SIGNATURE_LINES + 1)}
    for number in sorted(n for n in near if 0 <= n < len(lines)):
        start, end = lines[number]
        if number in hit and end - start <= 400:
            for first, last in _name_like_words(text, start, end):
                yield from _name_in(text, first, last, 0.75)
        elif 2 <= end - start <= 30 and (whole := _NAME_LINE.fullmatch(text, start, end)):
            yield from _name_in(text, whole.start(1), whole.end(1), 0.75)


def _name_like_words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Words of a line that may be a name, two with a space between where they are one name together."""
    words = [m.span() for m in _WORD.finditer(text, start, end)]
    number = 0
    while number < len(words):
        first, last = words[number]
        after = words[number + 1] if number + 1 < len(words) else (0, 0)
        pair = after[0] == last + 1 and text[last] in " \u3000"
        if pair and _scores(text[first : after[1]]):
            last = after[1]
            number += 1
        yield first, last
        number += 1


def _scores(value: str) -> bool:
    return max(names.full_name_score(value), names.romaji_name_score(value)) >= 0.75


def _introduced(text: str) -> Iterator[Span]:
    """Who introduces himself: 見本商事の山田 太郎と申します."""
    for match in _INTRODUCTION.finditer(text):
        if names.full_name_score(match[1]) >= SURE_NAME:
            yield Span(match.start(1), match.end(1), "person_name", 0.75)


def _listed(text: str, found: list[Span]) -> Iterator[Span]:
    """The names that go on a list which a name with a cue begins: 出席者：山田 太郎、佐藤 花子."""
    for span in found:
        if span.entity != "person_name":
            continue
        end = span.end
        while (after := _NEXT_IN_LIST.match(text, end)) and names.full_name_score(after[1]) >= SURE_NAME:
            yield Span(after.start(1), after.end(1), "person_name", 0.75)
            end = after.end(1)


def _name_in(text: str, start: int, end: int, least: float) -> Iterator[Span]:
    """The stretch as a name if it reads like one; otherwise its first word, if that does."""
    raw = text[start:end]
    value = raw.strip(" \t　\r\n\"'")
    start += len(raw) - len(raw.lstrip(" \t　\r\n\"'"))
    plain = fold(value)
    if not 2 <= len(plain) <= 30 or any(c.isdigit() for c in plain):
        return
    for entity, score in (("person_name", names.full_name_score), ("person_name_romaji", names.romaji_name_score)):
        if score(value) >= max(least, 0.7 if entity != "person_name" else least) and (
            entity == "person_name" or " " in plain
        ):
            yield Span(start, start + len(value), entity, 0.75)
            return


def _lines(text: str) -> list[tuple[int, int]]:
    bounds, start = [], 0
    for line in text.splitlines(keepends=True):
        bounds.append((start, start + len(line.rstrip("\r\n"))))
        start += len(line)
    return bounds or [(0, len(text))]


def _line_of(lines: list[tuple[int, int]], position: int) -> int:
    low, high = 0, len(lines) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if lines[middle][0] <= position else (low, middle - 1)
    return low
