"""Names that a text lists, puts before what they say, and mentions again: minutes, chats, letters, payments.

A surname alone is a wood or a river; here it stands in a list of those present, at the beginning of an answer, or for the
second time after a cue has told that it is somebody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from piiscan.detectors._name_parts import HONORIFIC, TITLE
from piiscan.judge.searching import Span
from piiscan.lexicon import names
from piiscan.shaped import later

#: Words for those who were there, whose list goes to the end of the line.
_PRESENT = later(
    r"(?:^|(?<=[\s\u3000■●○◆・【\[]))(?:出席|欠席|参加|列席|同席|陪席)者?[】\]]?[ \u3000]{0,4}[:：][ \u3000]*([^\n]{2,400})"
)
_SEPARATORS = later(r"[、，,・/／\t]|[ \u3000]{2,}")
#: A name, and behind it a title or a note: 山田部長, 鈴木（営業）, 田中さん.
_PRESENT_NAME = later(
    r"[ \u3000]*+([々㐀-鿿ぁ-ゖァ-ヺー]{1,8}?(?:[ \u3000][々㐀-鿿ぁ-ゖァ-ヺー]{1,6}?)?)"
    rf"(?:{HONORIFIC}|{TITLE}|委員|リーダー)?[ \u3000]*+(?:[(（][^()（）]{{0,30}}[)）]?[ \u3000]*+)?"
)
#: A line that says who somebody is, with where he works before the name: 当事者：見本運輸 運転手 鈴木次郎.
_WHO = later(r"(?:^|(?<=\n))[^\w\n]{0,4}(?:[^\s:：]{0,8}[者先人係任師]|担当)[ \u3000]{0,2}[:：]([^\n]{4,80})")
_WORD = later(r"[^ \u3000、，,・/／()（）:：\n]+")
_HONOURED = later(f"(?:{HONORIFIC}|{TITLE})\\Z")
#: A delimited field that says how to reach somebody: a telephone number, a postal code, a mail address, an address.
_REACHED = later(
    r"(?:^|[\n,\t|])\"?(?:0[0-9]{1,4}-?[0-9]{1,4}-?[0-9]{3,4}|〒?[0-9]{3}-[0-9]{4}|[\w.+-]{1,64}@[\w.-]{3,100}|"
    r"[^\s,\t|\"]{2,5}[都道府県市区][^,\t|\n]{2,80}[0-9０-９])\"?(?=[\n,\t|]|$)"
)
_FIELD = later(r"[^,\t|\"]+")
#: A line of a chat: the time, who says it, and what: 19:02 TAB 山田花子 TAB ….
_SAYS = later(r"(?:^|(?<=\n))(?:[^\t\n]{0,20}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)\t([^\t\n]{1,30})\t")
#: The line behind the one that separates a signature.
_SIGNATURE = later(
    r"(?:^|(?<=\n))[ \t]*(?:--|[-=━─＿_*＊~～]{3,80})[ \t]*\n(?:[ \t\u3000]*\n)?([^\n(（]{2,24})(?=[\n(（]|$)"
)
#: A payment in the format of the Japanese Bankers Association (全銀): kind of account, its number, and whose it is.
_PAYMENT = later(r"(?:^|(?<=\n))2[0-9 ]{4}[^\n]{15}[0-9 ]{3}[^\n]{15}[0-9 ]{4}[1249]([0-9]{7})([^\n]{30})[0-9]{10}")
#: Marks of firms in the names of accounts: ｶ)ﾐﾎﾝ, ﾐﾎﾝ(ﾕ.
_FIRM_MARK = later("[()（）]")
#: One of these is in whatever the patterns above find.
SIGNS = r"席|参加|[者先人係任師当][ \u3000]{0,2}[:：]|[0-9]\t|(?:--|[-=━─＿_*＊~～]{3})[ \t]*\n|(?:^|\n)2[0-9 ]{4}[^\n]{15}[0-9 ]{3}"
#: What stands behind a name of whom is spoken again.
_BEHIND = r"(?=より|から|[がはもにをへと:：、，)）」\s\u3000]|$)"
#: No more names of a text are looked for again.
_MOST = 100
SURE_NAME = 0.75
LONGEST_NAME = 20
_LONGEST_LINE = 2_000
LIKELY_SURNAME = 0.5


def mentions(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """The names of lists of those present, of chats, and what was ``found`` or listed when it is mentioned again."""
    told = [*_present(text), *_labelled(text), *_delimited(text), *_speakers(text), *_signed(text)]
    yield from told
    yield from _paid(text)
    yield from _again(text, [*found, *told])


def _present(text: str) -> Iterator[Span]:
    """Everybody in 出席者：山田部長、佐藤課長、鈴木（営業）."""
    for line in _PRESENT.finditer(text):
        for at, end in _parts(text, line.start(1), line.end(1)):
            if (name := _PRESENT_NAME.fullmatch(text, at, end)) and (entity := _entity(name[1])):
                yield Span(name.start(1), name.end(1), entity, 0.75)


def _labelled(text: str) -> Iterator[Span]:
    """Full names behind 目撃者： wherever in the line, and a surname behind the office where he works: 総務課 山本."""
    for line in _WHO.finditer(text):
        before = ""
        for word in _WORD.finditer(text, line.start(1), line.end(1)):
            name = _HONOURED.sub("", word[0])
            if names.full_name_score(name) >= SURE_NAME:
                yield Span(word.start(), word.start() + len(name), "person_name", 0.7)
            elif before.endswith(("部", "課", "係", "室")) and 2 <= len(name) <= 4 and names.surname_score(name) >= 0.6:
                yield Span(word.start(), word.start() + len(name), "surname", 0.7)
            before = word[0]


def _delimited(text: str) -> Iterator[Span]:
    """Full names among delimited fields, pasted into a mail or all in one cell, where another field says how to reach
    somebody: 001,田中太郎,090-…."""
    done = 0
    for reached in _REACHED.finditer(text):
        if reached.start() < done:
            continue
        low, high = max(done, reached.start() - _LONGEST_LINE), min(len(text), reached.end() + _LONGEST_LINE)
        start, end = text.rfind("\n", low, reached.start() + 1), text.find("\n", reached.end(), high)
        start, end = low if start < 0 else start + 1, high if end < 0 else end
        if sum(text.count(sign, start, end) for sign in ",\t|") < 2:
            continue
        done = end
        for field in _FIELD.finditer(text, start, end):
            value = field[0].strip()
            if len(value) <= LONGEST_NAME and names.full_name_score(value) >= SURE_NAME:
                at = text.index(value, field.start())
                yield Span(at, at + len(value), "person_name", 0.75)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between separators."""
    for separator in _SEPARATORS.finditer(text, start, end):
        yield start, separator.start()
        start = separator.end()
    yield start, end


def _speakers(text: str) -> Iterator[Span]:
    """Who says something in a chat."""
    if "\t" not in text:
        return
    for line in _SAYS.finditer(text):
        name = line[1].strip()
        if name and (entity := _entity(name)):
            yield Span(line.start(1), line.start(1) + len(line[1].rstrip()), entity, 0.75)


def _signed(text: str) -> Iterator[Span]:
    """Whose name alone begins a signature."""
    for line in _SIGNATURE.finditer(text):
        name = line[1].strip()
        if names.full_name_score(name) >= SURE_NAME:
            start = line.start(1) + line[1].index(name)
            yield Span(start, start + len(name), "person_name", 0.75)


def _paid(text: str) -> Iterator[Span]:
    """The accounts of people, and their names, in a file of payments."""
    for line in _PAYMENT.finditer(text):
        holder = line[2].strip()
        if holder and not holder.isdecimal() and not _FIRM_MARK.search(holder):
            start = line.start(2) + line[2].index(holder)
            yield Span(line.start(1), line.end(1), "bank_account", 0.9)
            yield Span(start, start + len(holder), "person_name_kana", 0.9)


def _entity(name: str) -> str | None:
    if names.full_name_score(name) >= SURE_NAME:
        return "person_name"
    if " " in name and names.romaji_name_score(name) >= SURE_NAME:
        return "person_name_romaji"
    return "surname" if names.surname_score(name) >= LIKELY_SURNAME else None


def _again(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """The surnames that are told, and those of the full names, wherever they are spoken of again."""
    surnames: dict[str, None] = {}
    for span in found:
        value = text[span.start : span.end].strip()
        if span.entity == "surname" and len(value) > 1:
            surnames[value] = None
        elif span.entity == "person_name" and (parts := names.split_name(value)) and len(parts[0]) > 1:
            surnames[parts[0]] = None
    if not surnames:
        return
    words = "|".join(sorted(map(re.escape, list(surnames)[:_MOST]), key=len, reverse=True))
    for match in re.finditer(rf"(?<![々㐀-鿿ァ-ヺー])(?:{words}){_BEHIND}", text):
        yield Span(match.start(), match.end(), "surname", 0.7)
