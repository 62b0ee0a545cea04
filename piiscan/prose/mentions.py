"""Names that a text lists, puts before what they say, and mentions again: minutes, chats, letters, payments.

A surname alone is a wood or a river; here it stands in a list of those present, at the beginning of an answer, or for the
second time after a cue has told that it is somebody's.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator

from piiscan.detectors._name_parts import HONORIFIC, TITLE
from piiscan.lexicon import names
from piiscan.prose.again import mentioned_again
from piiscan.prose.searching import Span
from piiscan.prose.told import ADDRESSED, OFFICES
from piiscan.shaped import later

#: Words for those who were there, whose list goes to the end of the line.
_PRESENT = later(
    r"(?:^|(?<=[\s\u3000■●○◆・【\[]))(?:出席|欠席|参加|列席|同席|陪席)者?[】\]]?(?:[ \u3000]{0,4}[:：][ \u3000]*|[ \u3000]{1,8}(?![ \u3000]))([^\n]{2,400})"
)
#: A line that goes on with the list of the one before: it begins further in, with names of departments.
_GOES_ON = later(r"\n[ \u3000]{1,12}(?![ \u3000])([^\n:：。]{2,400})(?=\n|$)")
_MOST_LINES = 12
_SEPARATORS = later(r"[、，,・/／\t]|[ \u3000]{2,}")
#: A name, and behind it a title or a note: 山田部長, 鈴木（営業）, 田中さん.
_PRESENT_NAME = later(
    r"[ \u3000]*+([々㐀-鿿ぁ-ゖァ-ヺー]{1,8}?(?:[ \u3000][々㐀-鿿ぁ-ゖァ-ヺー]{1,6}?)?|[A-Z][A-Za-z]{1,15}(?: [A-Z][A-Za-z]{1,15})?)"
    rf"(?:{HONORIFIC}|副?(?:{OFFICES})|{TITLE}|委員|リーダー)?[ \u3000]*+(?:[(（][^()（）]{{0,30}}[)）]?[ \u3000]*+)?"
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
#: The next of a list, and the one before: what may stand between two names, and behind each.
_BETWEEN = rf"(?:{HONORIFIC}|{TITLE})?(?:[(（][^()（）\n]{{0,12}}[)）])?[ \u3000]?[、，・/／→][ \u3000]?"
_ONE = r"((?<![々㐀-鿿])[々㐀-鿿]{1,4}(?:[ \u3000][々㐀-鿿ぁ-ゖァ-ヺー]{1,4})?)"
_AFTER = later(rf"{_BETWEEN}{_ONE}(?![々㐀-鿿ァ-ヺー])")
_AHEAD = later(rf"{_ONE}{_BETWEEN}")
_MOST_LISTED = 40
_NOTE = later(r"[ \u3000]{0,4}[(（][^()（）]{0,40}[)）]?")
#: The line behind the one that separates a signature.
_SIGNATURE = later(
    r"(?:^|(?<=\n))[ \t]*(?:--|[-=━─＿_*＊~～]{3,80})[ \t]*\n(?:[ \t\u3000]*\n)?([^\n(（]{2,24})(?=[\n(（]|$)"
)
#: A payment in the format of the Japanese Bankers Association (全銀): kind of account, its number, and whose it is.
_PAYMENT = later(r"(?:^|(?<=\n))2[0-9 ]{4}[^\n]{15}[0-9 ]{3}[^\n]{15}[0-9 ]{4}[1249]([0-9]{7})([^\n]{30})[0-9]{10}")
#: Marks of firms in the names of accounts: ｶ)ﾐﾎﾝ, ﾐﾎﾝ(ﾕ.
_FIRM_MARK = later("[()（）]")
#: One of these is in whatever the patterns above find.
SIGNS = r"席|参加|[者先人係任師当][ \u3000]{0,2}[:：]|[0-9]\t|[0-9]:[0-9]{2}|(?:--|[-=━─＿_*＊~～]{3})[ \t]*\n|(?:^|\n)2[0-9 ]{4}[^\n]{15}[0-9 ]{3}"
#: A word for what somebody does in what is recorded, and who: 作成：緑川　承認：大久保, 担　当　茂木→岩永.
_DOES = later(
    r"(?:^|(?<=[\s\u3000■●○◆・【\[（(/／。、]))(?:担[ \u3000]{0,3}当|作成|承認|審査|起票|確認|記録|記入|書記|議長|司会|進行|報告|受付|受持|対応|決裁|検印|幹事|講師|会計|防犯|防災|"
    r"主治医|担任|勤務|日勤|夜勤|早番|遅番|宿直|当直|NA|応対者?|対応者|[々㐀-鿿]{1,4}者|承認印|訪問|説明|代理|代行|入力|進行役|検収|立会い?|OP|SV|PT|OT|ST|CM|筆頭|座長|発表|窓口|引率|当番|日直|未受診者|委[ \u3000]{0,3}員|監事|理事|世話人|喪[ \u3000]{0,3}主)[】\]]?(?:[ \u3000]{0,4}[:：][ \u3000]{0,4}|[ \u3000]{1,8})(?=([^\n]{1,200}))"
)
_ARROWS = later(r"[、，,・/／→。\t]|[ \u3000]{1,8}")
#: Who says something in a chat: 08:05 岩渕: …; 檜垣 直人  9:02 AM; [2024/10/02 13:01] 丸亀 俊介.
_TIMED = later(
    r"(?:^|(?<=\n))(?:\[?(?:[0-9]{2,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?[ T]?)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\]?[ \u3000]{1,4}([^\s:：0-9\[\]<>][^:：\n\[\]<>]{0,24}?)[:：]"
    r"|\[[^\]\n]{0,30}[0-9]{1,2}:[0-9]{2}[^\]\n]{0,10}\][ \u3000]{0,4}([^\n\[\]<>:：]{2,40})(?=\n|$)"
    r"|([^\n0-9\[\]<>:：]{2,24}?)[ \u3000\t]{1,4}[0-9]{1,2}:[0-9]{2}(?:[ \u3000]?[AP]M)?[ \t]*(?=\n|$))"
)
#: The time and the name in a line of their own, as a chat is copied; a plan of the day looks alike.
_COPIED = later(
    "(?:^|(?<=\n))[ \u3000]{0,4}[0-9]{1,2}:[0-9]{2}[ \u3000]{1,2}([^\\s:：、。][^\n:：、。]{0,19}?)[ \u3000]*(?=\n)"
)
#: No people: programs that write to chats.
_PROGRAM = later(
    "(?i:bot|app|alert|system|info|error|warn|notice|debug|team|support|desk|api|nightly|sudo|server)|(?a:[a-z][0-9]{2}\\b)"
    "|アプリ|システム|通知|ゲスト$|スタンプ|写真|アラート|管理|自動|事務局|受付|[着発受送]信|[入架]電|処理|受領|対応|確認|完了|開始|終了|休憩|朝礼|会議|到着|出発|入庫|出庫|出荷|(?-i:OP)\\b"
)
_KATAKANA = later("[ァ-ヺー]{2,8}")
SURE_NAME = 0.75
LONGEST_NAME = 20
_LONGEST_LINE = 2_000
LIKELY_SURNAME = 0.5
#: When so many of those who speak are people, the others are, too.
MOSTLY = 0.6
#: The same where the form alone says less.
KNOWN_SPEAKERS = 0.34


def mentions(text: str, found: Iterable[Span], *, prose: bool = False) -> Iterator[Span]:
    """The names of lists of those present, of chats, and what was ``found`` or listed when it is mentioned again.

    ``prose``: the text is no cell, so that lists of whatever kind and whoever speaks are looked at as well.
    """
    told = [*_present(text), *_labelled(text), *_delimited(text), *_speakers(text), *_signed(text)]
    if prose:
        told += [*_doing(text), *_timed(text), *_copied(text, found)]
        told += _beside(text, [*found, *told])
    yield from told
    yield from _paid(text)
    yield from mentioned_again(text, [*found, *told], halves=prose)


def _present(text: str) -> Iterator[Span]:
    """Everybody in 出席者：山田部長、佐藤課長、鈴木（営業）."""
    for line in _PRESENT.finditer(text):
        start, end = line.span(1)
        for _ in range(_MOST_LINES):
            found = list(_listed_in(text, start, end))
            yield from found
            more = _GOES_ON.match(text, end)
            if more is None or not found:
                break
            start, end = more.span(1)


def _listed_in(text: str, start: int, end: int) -> Iterator[Span]:
    """The names between separators; behind the name of a department, the last word."""
    for at, stop in _parts(text, start, end):
        name = _PRESENT_NAME.fullmatch(text, at, stop)
        if name is None or not _entity(name[1]):
            last = max(text.rfind(" ", at, stop), text.rfind("\u3000", at, stop)) + 1
            name = _PRESENT_NAME.fullmatch(text, last, stop) if last > at else None
        if name is not None and (entity := _entity(name[1])):
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
    return _cut(text, start, end, _SEPARATORS)


def _cut(text: str, start: int, end: int, separators: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for separator in separators.finditer(text, start, end):
        yield start, separator.start()
        start = separator.end()
    yield start, end


def _speakers(text: str) -> Iterator[Span]:
    """Who says something in a chat."""
    if "\t" not in text:
        return
    lines = list(_SAYS.finditer(text))
    times = Counter(line[1].strip() for line in lines)
    for line in lines:
        name = _speaker(line[1])
        told = bool(name) and times[line[1].strip()] >= 2
        if name and (entity := _entity(name) or ("person_name" if told else None)):
            yield Span(line.start(1), line.start(1) + len(line[1].rstrip()), entity, 0.75)  # 店長（小峰）


def _signed(text: str) -> Iterator[Span]:
    """Whose name alone begins a signature."""
    for line in _SIGNATURE.finditer(text):
        name = line[1].strip()
        if names.full_name_score(name) >= SURE_NAME:
            start = line.start(1) + line[1].index(name)
            yield Span(start, start + len(name), "person_name", 0.75)


def _doing(text: str) -> Iterator[Span]:
    """The surnames behind a word for what somebody does in what is recorded, as far as they follow each other."""
    for line in _DOES.finditer(text):
        for at, end in _cut(text, line.start(1), line.end(1), _ARROWS):
            name = _PRESENT_NAME.fullmatch(text, at, end)
            if name is None and text[at:end].strip():
                break
            if name is not None:
                entity = _entity(name[1])
                if entity is None:
                    break
                yield Span(name.start(1), name.end(1), entity, 0.7)


def _timed(text: str) -> Iterator[Span]:
    """Those who speak at least twice in a chat that says when, or whose names are names."""
    lines = [(m.start(m.lastindex), m[m.lastindex]) for m in _TIMED.finditer(text) if m.lastindex]
    if len(lines) < 3:
        return
    times = Counter(name.strip() for _, name in lines)
    told = [(start, shown, times[name.strip()] >= 2) for start, name in lines if (shown := _speaker(name))]
    known = [(start, shown, _entity(shown) or ("person_name" if often else None)) for start, shown, often in told]
    mostly = sum(entity is not None for *_, entity in known) >= MOSTLY * len(lines)
    for start, shown, entity in known:
        if entity or mostly:
            yield Span(start, start + len(shown), entity or "person_name", 0.7)


def _copied(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """Those whose names stand over their messages: of names that return, where a third are known to be names."""
    lines = [(m.start(1), shown) for m in _COPIED.finditer(text) if (shown := _speaker(m[1]))]
    times = Counter(name for _, name in lines)
    again = {name for name, count in times.items() if count >= 2}
    known = {text[s.start : s.end] for s in found}
    sure = sum(name in known or _entity(name) is not None for name in again)
    if len(again) >= 2 and sure >= KNOWN_SPEAKERS * len(again):
        yield from (Span(start, start + len(name), "person_name", 0.6) for start, name in lines if name in again)


def _speaker(name: str) -> str:
    """Who speaks, without a note; nobody where it is a program."""
    shown = _NOTE.sub("", name).strip()
    return shown if 1 <= len(shown) <= LONGEST_NAME and not _PROGRAM.search(name) else ""


def _beside(text: str, found: Iterable[Span]) -> list[Span]:
    """Names that stand with a name in one list: 黒田(製造)・白石(品証), 林 芳樹、谷 育代、百目鬼さん."""
    listed: list[Span] = []
    for span in found:
        if span.entity not in ("surname", "person_name"):
            continue
        for pattern, forward in ((_AFTER, True), (_AHEAD, False)):
            start, end = span.start, span.end
            for _ in range(_MOST_LISTED):
                near = pattern.match(text, end) if forward else _last(pattern, text, start)
                name = _HONOURED.sub("", near[1]) if near is not None else ""
                if near is None or name in ADDRESSED or not (entity := _entity(name)):
                    break
                start, end = near.span(1)
                listed.append(Span(start, start + len(name), entity, 0.65))
    return listed


def _last(pattern: re.Pattern[str], text: str, start: int) -> re.Match[str] | None:
    """What the pattern matches right in front of a place."""
    low = max(0, start - 40)
    found = deque(pattern.finditer(text, low, start), maxlen=1)
    return found[0] if found and found[0].end() == start else None


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
    if name.isascii():
        return "person_name_romaji" if name[:1].isupper() and names.is_latin_name(name) else None
    if _KATAKANA.fullmatch(name):
        known = (
            names.kana_surname_score(name) >= LIKELY_SURNAME or names.foreign_kana_name_score(name) >= LIKELY_SURNAME
        )
        return "person_name_kana" if known else None
    spaced = " " in name or "\u3000" in name
    return "surname" if not spaced and names.surname_score(name) >= LIKELY_SURNAME else None
