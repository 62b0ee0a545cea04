"""What stands beside names that are known: how they are read, when somebody was born; and who speaks in a chat.

白鳥（しらとり）さん, 佐藤様（1988年4月1日）, and in what a messenger has saved: 9:02 TAB みさき TAB おはよう.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from piiscan.detectors._name_parts import HONORIFIC
from piiscan.judge.priors import NAME_FAMILY
from piiscan.judge.prose import KANJI, OFFICES
from piiscan.judge.searching import Span
from piiscan.lexicon import names
from piiscan.shaped import later

_CALLED = f"(?:[ \u3000]?{HONORIFIC})?"
#: A reading in brackets behind a name.
_READ = later(
    f"{_CALLED}[ \u3000]?[（(](?:読み|よみ)?[:：]?(?:([ぁ-ゖー]{{2,8}}(?:[ \u3000]{{1,2}}[ぁ-ゖー]{{2,8}})?)|([ァ-ヺー]{{2,8}}(?:[ \u3000]{{1,2}}[ァ-ヺー]{{2,8}})?))"
    f"(?=(?:さん|様|氏)?[ \u3000]{{0,2}}(?:[）)、，。※]|と読))"
)
#: What stands in brackets behind names and is no reading.
_NO_READING = frozenset(
    [
        "など",
        "ほか",
        "から",
        "まで",
        "より",
        "のみ",
        "だけ",
        "なし",
        "あり",
        "かな",
        "ただし",
        "または",
        "および",
        "うち",
        "もと",
        "いずれも",
        "すみ",
        "ずみ",
        "つづき",
        "おなじ",
        "ひだり",
        "みぎ",
        "いない",
        "さん",
        "さま",
        "くん",
        "ちゃん",
    ]
)
#: So many kana read one sign of a name at most: 東海林 しょうじ, 林 はやし, 小鳥遊 たかなし.
_KANA_A_SIGN = 5
_NUMBER = "[0-9０-９]"
_YEAR = f"(?:(?:19|２０|20|１９){_NUMBER}{{2}}|(?:明治|大正|昭和|平成|[MTSHＭＴＳＨ])[.．]?(?:{_NUMBER}{{1,2}}|元))"
_DAY = f"{_YEAR}(?:年|[./．／-]){_NUMBER}{{1,2}}(?:月|[./．／-]){_NUMBER}{{1,2}}日?"
_HEISEI = later("(?:平成|[HＨ])[.．]?([0-9０-９]{1,2})")
#: A day, and nothing else, behind a name, an age between them at most: 青木様 1961-12-24, 見本 太郎　81M　1943.5.30.
_BORN = later(
    f"{_CALLED}(?:[ \u3000]{{1,3}}{_NUMBER}{{1,3}}(?:[MFＭＦ]|歳|才))?(?:[ \u3000]{{0,2}}[（(]|[ \u3000]{{1,3}}|、)(?:生年月日[:：]?)?({_DAY})(?![0-9０-９年月日/.-])"
    f"(?=[ \u3000]*(?:生|[）)、，。\n]|$|[ \u3000]))"
)
#: Nobody born after that signs or is signed for; what is younger is the day of something else.
_LAST_YEAR = 2012
#: Days in kanji, and what stands before or behind one that somebody was born on: 昭和十二年二月八日生.
_SIGNS = "[元〇一二三四五六七八九十]"
_IN_KANJI = later(
    f"(?:(?:明治|大正|昭和|平成|令和){_SIGNS}{{1,3}}年|{_SIGNS}{{4}}年){_SIGNS}{{1,3}}月{_SIGNS}{{1,3}}日"
)
_BORN_BEFORE = later("(?:生年月日|誕生日|生まれ|生れ)は?[ \u3000:：]{0,12}$")
_BORN_BEHIND = later("[ \u3000]?(?:生(?![産成徒活理])|に?誕生)")
#: A day in brackets behind the word: お生まれになる（昭和18年4月22日）.
_BORN_ON = later(f"生まれ(?:になる|た|ました|になりました)?[（(]({_DAY})(?=[)）])")
#: A word with its reading, that is somebody all the same whatever it is: 砂金（いさご）課長, 担当帖佐（ちょうさ）さん.
_READ_CALLED = later(
    f"(?<!{KANJI})(?:担当|経理|総務|営業|主治医|看護師|技術の)?({KANJI}{{1,4}}?)[（(]([ぁ-ゖ]{{2,8}})[）)](?=[ \u3000]?(?:{HONORIFIC}|(?:{OFFICES})(?!{KANJI})))"
)
#: A message as messengers save it, time TAB name TAB text; and as they are copied, the time and the name in a line of their own.
_SAVED = later("(?:^|(?<=\n))[0-9]{1,2}:[0-9]{2}\t([^\t\n]{1,20})(?=\t)")
_COPIED = later(
    "(?:^|(?<=\n))[ \u3000]{0,4}\\[?[0-9]{1,2}:[0-9]{2}\\]?[ \u3000]{1,2}([^\\s:：、。][^\n:：、。]{0,19}?)[ \u3000]*(?=\n)"
)
_COPIED_BEHIND = later(
    "(?:^|(?<=\n))([^\\s:：、。][^\n:：、。]{0,19}?)[ \u3000]{1,3}\\[?[0-9]{1,2}:[0-9]{2}\\]?[ \u3000]*(?=\n)"
)
#: Who speaks in an interview, before what is said.
_SAID = later("(?:^|(?<=\n))([ァ-ヺー]{2,8}|[ぁ-ゖー]{2,6})(?=[:：])")
_ROLE = later("[ \u3000]?[（(][^()（）]{1,12}[)）]$")
#: So often somebody speaks, and such a share of all who do must have names that are known.
_SPEAKS, _KNOWN = 2, 0.34


def also_called(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """What the names among ``found`` tell of what stands beside them, and the names of those who speak."""
    known = [s for s in found if s.entity in NAME_FAMILY]
    for span in known:
        yield from _beside(text, span)
    for match in _IN_KANJI.finditer(text) if "生" in text else ():
        if _BORN_BEHIND.match(text, match.end()) or _BORN_BEFORE.search(
            text[max(0, match.start() - 20) : match.start()]
        ):
            yield Span(match.start(), match.end(), "birth_date", 0.8)
    for match in _BORN_ON.finditer(text):
        yield Span(*match.span(1), "birth_date", 0.8)
    for match in _READ_CALLED.finditer(text):
        yield Span(*match.span(1), "surname", 0.65)
        yield Span(*match.span(2), "surname_kana", 0.65)
    yield from _speakers(text, known)


def _beside(text: str, name: Span) -> Iterator[Span]:
    if (read := _READ.match(text, name.end)) and _is_reading(read[1], read[2], name.end - name.start):
        group = 1 if read[1] else 2
        yield Span(read.start(group), read.end(group), "person_name_kana", 0.7)
    if (born := _BORN.match(text, name.end)) and _year(born[1]) <= _LAST_YEAR:
        yield Span(born.start(1), born.end(1), "birth_date", 0.7)


def _is_reading(hiragana: str | None, katakana: str | None, signs: int) -> bool:
    if hiragana:
        return hiragana not in _NO_READING and len(hiragana) <= _KANA_A_SIGN * signs
    scores = (names.kana_surname_score, names.kana_given_score, names.kana_name_score)
    return any(score(katakana or "") >= 0.5 for score in scores)


def _year(day: str) -> int:
    """The year of a day; 0 for one of an era that ended long ago."""
    heisei = _HEISEI.match(day)
    return 1988 + int(heisei[1]) if heisei else int(day[:4]) if day[:4].isdecimal() else 0


def _speakers(text: str, known: list[Span]) -> Iterator[Span]:
    for match in _SAVED.finditer(text) if "\t" in text else ():
        if shown := _ROLE.sub("", match[1]):
            yield Span(match.start(1), match.start(1) + len(shown), "person_name", 0.65)
    if ":" in text or "：" in text:
        for pattern in (_COPIED, _COPIED_BEHIND):
            yield from _of_a_chat([m.span(1) for m in pattern.finditer(text)], text, known)
        said = list(_SAID.finditer(text))
        times = Counter(m[1] for m in said)
        yield from (
            Span(m.start(1), m.end(1), "given_name", 0.6)
            for m in said
            if times[m[1]] > _SPEAKS and max(names.kana_given_score(m[1]), names.kana_surname_score(m[1])) >= 0.5
        )


def _of_a_chat(places: list[tuple[int, int]], text: str, known: list[Span]) -> Iterator[Span]:
    """The names over messages: of labels that return, where a third of them are known to be names."""
    times = Counter(text[a:b] for a, b in places)
    again = {label for label, count in times.items() if count >= _SPEAKS}
    if len(again) < 2:
        return
    names_there = {text[s.start : s.end] for s in known}
    sure = sum(
        label in names_there or names.full_name_score(label) >= 0.6 or names.is_surname(label) for label in again
    )
    if sure >= _KNOWN * len(again):
        yield from (Span(a, b, "person_name", 0.6) for a, b in places if text[a:b] in again)
