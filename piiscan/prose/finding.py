"""Personal data in running text: what the detectors find by shape, and names by their cue, their line, their place.

In a cell a surname without any cue is not looked for: 森 and 林 are woods. A cue is a word (様, 氏名：), a mail address in
angle brackets behind it, a signature block around it, or a line that also holds a telephone number or an address. In a
text that is no cell whole names need none, and other places tell a surname as well: what somebody does
(:mod:`~piiscan.prose.told`), lists, chats (``mentions``), minutes, letters, forms (``minutes``), pasted tables (``pasted``),
and whoever was told before (``again``). What none of them settles is weighed with all that stands around it (``likely``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from piiscan.families import SENSITIVE
from piiscan.lexicon import names, organisations
from piiscan.model import Detector
from piiscan.prose.also_called import also_called
from piiscan.prose.likely import likely_names
from piiscan.prose.mentions import LONGEST_NAME, SIGNS, SURE_NAME, mentions
from piiscan.prose.minutes import recorded_names
from piiscan.prose.other_scripts import foreign_names
from piiscan.prose.pasted import names_in_columns
from piiscan.prose.searching import PRIORITY, Same, Span, any_cue, finds_anywhere, pattern_finds
from piiscan.prose.tagger import tagged_names
from piiscan.prose.told import told_names
from piiscan.shaped import later
from piiscan.text import fold, mask

SIGNATURE_LINES = 6
#: Places in which a name needs no cue: it is who wrote, saved or made it, or whom the sheet is about.
SIGNED = frozenset({"property", "comment", "sheet_name", "header_footer", "revision", "drawing"})
#: Texts from this many characters on say something, rather than being one value.
PROSE = 24
#: Texts up to this many characters are remembered with what was found in them.
REMEMBERED = 200
#: Stands for the entity of a column where the cell is a word of the vocabulary in a header.
HEADER = "header"
#: What cells of columns about firms and places hold anyway: it is theirs, not a person's. And what a header only has the
#: word of: 病名 and 障害支援区分 are kinds of data.
NO_FINDS = {
    HEADER: frozenset({*SENSITIVE, "sex", "age", "income", "evaluation", "nationality"}),
    "business_address": frozenset({"address", "address_part", "postal_code"}),
    "business_phone": frozenset({"phone", "fax"}),
    "facility_name": frozenset({"address", "address_part"}),
    "company": frozenset({"address", "address_part"}),
}
_LATIN_NAME = later(r"[A-ZÀ-Þ][\w'’-]{1,20}(?: [A-ZÀ-Þ][\w.'’-]{0,20}){1,3}|[A-Z][a-z]{1,20}, [A-Z][a-z]{1,20}")
_KANA_NAME = later("[ぁ-ゖー]{2,8}|[ァ-ヺー]{2,8}[ 　・][ァ-ヺー]{2,8}")
#: Display names of accounts that are nobody: lists, offices, machines.
_ROLE_ACCOUNT = later(
    r"list|support|info|team|news|sales|admin|service|reply|system|daemon|master|group|office|help|desk|account|order|shop|"
    r"store|user|test|undisclosed|recipients|mail|事務|窓口|担当|係|管理|通知|お知らせ|サポート|ニュース|配信|受付|各位|御中"
)
_ADDRESSEE = later(r"(?:^|[,;:\n])[ \t]*\"?([^\s\"<>,;:@][^\"<>,;:@\n]{1,40}?)\"?[ \t]*<[^<>@\s]{1,64}@[^<>\s]{1,255}>")
_WORD = later(r"[^\s,、，。．:：;；/／|｜()（）\[\]【】「」<>\"'＝=・]+")
#: A short line that is a name, with a label before it and a reading behind it at most.
_NAME_LINE = later(
    r"(?:[^:：（(]{1,10}[:：][ \t\u3000]*+)?([ \t\u3000]*+[^:：（(\[【 \t\u3000]++(?:[ \t\u3000]++[^:：（(\[【 \t\u3000]++)*+)[ \t\u3000]*+(?:[（(\[【].*)?"
)
#: The word for what follows, in a form of which only the spaces are left: 氏名　山田　太郎.
_LABEL = later(
    r"[ \t\u3000]*(?:(ふりがな|フリガナ|ﾌﾘｶﾞﾅ|よみがな|カナ)|氏[ \u3000]?名|お名前|名[ \u3000]?前|姓名|担当者?|代表者?|記入者|申込者|申請者|契約者)[:：]?[ \t\u3000]+"
)
#: What is said behind a name and is no part of it.
_POLITE = later("(?<=..)[ \u3000]?(?:様|さま|さん|殿|氏|君)\\Z")
#: What stands between the names of a list.
_NEXT_IN_LIST = later(
    r"[ \u3000]?(?:様|さま|さん|殿|氏)?[ \u3000]?[、,，・/／][ \u3000]?([㐀-鿿々〆ぁ-ゖァ-ヺー]{1,5}[ \u3000]?[㐀-鿿々〆ぁ-ゖァ-ヺー]{0,4})"
)
#: Without one of these nothing but the detectors' own patterns finds a name.
_MAY_NAME = later(f"<|と申|{SIGNS}")
_INTRODUCTION = later(r"(?<![㐀-鿿々〆])([㐀-鿿々〆]{1,4}[ \u3000]?[㐀-鿿々〆ぁ-ゖ]{1,4})と申")
#: Two words of Japanese, or four signs and more: in a text that is no cell a name may stand there without any cue.
_MAY_BE_NAME = later("[々㐀-鿿]{4}|[々㐀-鿿][ \u3000][々㐀-鿿ぁ-ゖァ-ヺ]|[ァ-ヺ]{2}[・＝][ァ-ヺ]")
_ANY_PII = later(
    r"[0-9０-９@＠]|[都道府県市区町村様氏殿君姓]|さん|くん|ちゃん|先生|です|申し|[:：（(]|代表|取締|[部課係社会所店室次員]長|主任|[A-Za-z]{2}|\n[-=━─＿_*＊~～]{2}|出席|欠席|参加|振込|振替|送金|[フﾌ][リﾘ][コｺカｶ]|[ソｿ][ウｳ][キｷ]"
)


def find_spans(
    text: str, detectors: Mapping[str, Detector], column: str | None = None, *, prose: bool = False
) -> list[Span]:
    """All finds in a text, left to right, none overlapping another.

    ``prose``: the text says something, so that its names need less of a sign than those in a cell do.

    ``column``: the entity of the column that the text is a cell of, or :data:`HEADER`; what such cells hold anyway is
    no find.
    """
    if len(text) < 2:
        return []
    same = Same(detectors)
    if (
        len(text) < PROSE
        and not (prose and _MAY_BE_NAME.search(text))
        and not _ANY_PII.search(text)
        and not finds_anywhere(same)
        and not any_cue(same).search(text.lower())
    ):
        return []
    found = (_remembered if len(text) <= REMEMBERED else _find)(same, text, prose)
    theirs = NO_FINDS.get(column or "", frozenset())
    return [s for s in found if s.entity not in theirs] if theirs else list(found)


def find_in_place(text: str, where: str, detectors: Mapping[str, Detector]) -> list[Span]:
    """All finds in a text that is no cell; where programs write who did something, a bare name is one too.

    ``where`` is that of :class:`piiscan.model.Place`. Office puts the author above a comment and into the properties.
    """
    if where == "identifier":
        return []
    found = find_spans(text, detectors, prose=True)
    tagged = [Span(start, end, "person_name", 0.7) for start, end in tagged_names(text)]
    if tagged:
        found = sorted(_without_overlaps([*found, *tagged]), key=lambda s: s.start)
    if where not in SIGNED or len(text) < 3:
        return found
    line = text.lstrip().split("\n", 1)[0].rstrip(" \t\r　:：")
    start = text.index(line)
    end = start + len(line)
    if not 3 <= len(line) <= LONGEST_NAME or names.full_name_score(line) < SURE_NAME:
        return found
    others = [s for s in found if (s.start, s.end) != (start, end)]
    if any(s.start < end and start < s.end for s in others):
        return found
    return sorted([*others, Span(start, end, "person_name", 0.75)], key=lambda s: s.start)


def without_finds(text: str, detectors: Mapping[str, Detector]) -> str:
    """A short text, such as a header, with what names somebody in it masked; whole when it is a name and nothing else."""
    if names.full_name_score(text) >= SURE_NAME:
        return mask(text)
    for span in reversed(find_spans(text, detectors)):
        if detectors[span.entity].group in ("sensitive", "attribute"):  # 障害支援区分 is a word for a kind of data
            continue
        text = text[: span.start] + mask(text[span.start : span.end]) + text[span.end :]
    return text


def _find(detectors: Same, text: str, prose: bool) -> tuple[Span, ...]:
    found = known_spans(detectors, text, prose=prose)
    if prose:
        found = [*found, *likely_names(text, found)]
        found = _without_overlaps([*found, *also_called(text, found)])
    elif not found and not _MAY_NAME.search(text):
        return ()
    found = _without_overlaps([*found, *mentions(text, found, prose=prose)])
    return tuple(sorted(found, key=lambda s: s.start))


def known_spans(detectors: Same, text: str, *, prose: bool) -> list[Span]:
    """What a pattern, a cue or a place tells by itself."""
    found = _without_overlaps(pattern_finds(detectors, text))
    if not found and not prose and not _MAY_NAME.search(text):
        return []
    found = _without_overlaps(
        [*found, *_addressees(text), *_names_beside(text, found), *_listed(text, found), *_introduced(text)]
    )
    if not prose:
        return found
    return _without_overlaps(
        [*found, *told_names(text), *foreign_names(text), *recorded_names(text), *names_in_columns(text)]
    )


@lru_cache(maxsize=4096)
def _remembered(detectors: Same, text: str, prose: bool) -> tuple[Span, ...]:
    """Cells repeat: the same status, the same shop, the same note."""
    return _find(detectors, text, prose)


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


_SCORED = (
    ("person_name", names.full_name_score),
    ("person_name_romaji", names.romaji_name_score),
    ("person_name_kana", names.kana_name_score),
)


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
    """The entity of a display name that is half of a name, or of one that no dictionary knows: Latin words with
    capitals, or a few kana."""
    if names.is_given(shown) or names.is_surname(shown):
        return "given_name" if names.is_given(shown) else "surname"
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
        while first < last - 1 and text[first].isdigit():  # a number before the name, where columns have fixed widths
            first += 1
        after = words[number + 1] if number + 1 < len(words) else (0, 0)
        pair = after[0] == last + 1 and text[last] in " \u3000"
        if pair and _scores(text[first : after[1]]):
            last = after[1]
            number += 1
        yield first, last
        number += 1


def _scores(value: str) -> bool:
    return max(names.full_name_score(value), names.romaji_name_score(value), names.kana_name_score(value)) >= 0.75


def _introduced(text: str) -> Iterator[Span]:
    """Who introduces himself: 見本商事の山田 太郎と申します."""
    if "と申" not in text:
        return
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
    reading = False
    if label := _LABEL.match(text, start, end):
        start, reading = label.end(), bool(label[1])
    raw = text[start:end]
    value = raw.strip(" \t　\r\n\"'")
    start += len(raw) - len(raw.lstrip(" \t　\r\n\"'"))
    plain = fold(value)
    if not 2 <= len(plain) <= 30 or any(c.isdigit() for c in plain):
        return
    for entity, score in _SCORED:
        if score(value) >= max(least, 0.7 if entity != "person_name" else least) and (
            entity == "person_name" or " " in plain
        ):
            value = _POLITE.sub("", value)
            kana = reading and entity == "person_name" and not any("㐀" <= c <= "鿿" for c in value)
            yield Span(start, start + len(value), "person_name_kana" if kana else entity, 0.75)
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
