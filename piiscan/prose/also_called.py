"""What stands beside names that are known: how they are read, when somebody was born; and who answers in an interview.

白鳥（しらとり）さん, 佐藤様（1988年4月1日）, ハナ：昭和30年です. Who speaks in a chat is in :mod:`piiscan.prose.mentions`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from piiscan.detectors._name_parts import HONORIFIC
from piiscan.families import NAME_FAMILY
from piiscan.lexicon import names
from piiscan.prose.searching import Span
from piiscan.prose.told import KANJI, OFFICES
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
#: Who speaks in an interview, before what is said.
_SAID = later("(?:^|(?<=\n))([ァ-ヺー]{2,8}|[ぁ-ゖー]{2,6})(?=[:：])")
#: Who says more than this many things is no word that begins a line by chance.
_SPEAKS = 2


def also_called(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """What the names among ``found`` tell of what stands beside them, and the names of those who answer."""
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
    yield from _interviewed(text)


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


def _interviewed(text: str) -> Iterator[Span]:
    said = list(_SAID.finditer(text)) if ":" in text or "：" in text else []
    times = Counter(m[1] for m in said)
    for match in said:
        reads = max(names.kana_given_score(match[1]), names.kana_surname_score(match[1])) >= 0.5
        if times[match[1]] > _SPEAKS and reads:
            yield Span(match.start(1), match.end(1), "given_name", 0.6)
