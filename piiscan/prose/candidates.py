"""The words of a running text that may be names, each with how well the lexicon knows it, and what stands on both sides.

Most of them are none: that is weighed in :mod:`piiscan.prose.likely`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from piiscan.detectors._name_parts import HONORIFIC, NO_SURNAMES
from piiscan.lexicon import names, organisations
from piiscan.prose.told import BEFORE_NAMES, ERAS, KANJI, OFFICES
from piiscan.shaped import later

_OFFICE = f"(?:副|主任|統括|専任)?(?:{OFFICES})"
#: Where a run of kanji begins that no letter or digit touches from the left.
_RUN = later(f"(?<!{KANJI})(?<![ァ-ヺーA-Za-z0-9０-９])(?={KANJI})")
#: The beginning of such a run that may be a surname: the whole of it, or what stands before an office or an honorific.
_HEAD = later(
    f"{KANJI}{{1,4}}?(?={_OFFICE}(?!{KANJI})|様(?![式子相態])|氏(?![名族])|[君殿](?!{KANJI})|先生|(?!{KANJI}))"
)
#: What somebody is or where he works, with his surname behind it without a space: 看護師峰, 解約受付担当釼持, リーダー堤.
_ROLE_IN_KANJI = later(
    f"{KANJI}{{0,5}}(?:[員師士者人係役長主班課部室科店]|担当|人事|総務|経理|営業|広報|配送|当直|会計|受付|司会)"
)
_ROLE_IN_KATAKANA = later(
    "(?<![ァ-ヺー])(?:リーダー|スタッフ|マネージャー|マネジャー|プランナー|ドライバー|ヘルパー|オーナー|コーチ|トレーナー|ナース|ドクター|カウンセラー"
    "|デザイナー|ディレクター|プロデューサー|エンジニア|インストラクター|アドバイザー|コンサルタント|オペレーター|アシスタント|サポーター|ワーカー"
    f"|ケアマネ|チーフ|キャプテン|シェフ|ガイド|パート|アルバイト|バイト|(?<=[0-9０-９])班)(?={KANJI})"
)
_KATAKANA = later(
    r"(?<![ァ-ヺー・＝=A-Za-z])(?:[ァ-ヺー]{2,10}(?:[・＝][ァ-ヺー]{1,10}){0,3}|[ァ-ヺー]{1,10}(?:[・＝][ァ-ヺー]{1,10}){1,3})"
    r"(?:[ \u3000][ァ-ヺー]{2,10})?(?![ァ-ヺー・＝])"
)
_LATIN = later(
    r"(?<![A-Za-z0-9@._/\\-])(?:[A-Z][a-z']{1,14}(?:-[A-Z]?[a-z]{1,9})?|[A-Z]{2,12})(?:(?: |, )(?:[A-Z][a-z']{1,14}|[A-Z]{2,12})){0,3}"
    r"(?![A-Za-z0-9@_/\\]|\.[A-Za-z])"
)
#: Words of which days are made: Mon May, Tuesday, June.
_CALENDAR = frozenset(
    [
        "Mon",
        "Tue",
        "Wed",
        "Thu",
        "Fri",
        "Sat",
        "Sun",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Sept",
        "Oct",
        "Nov",
        "Dec",
        "January",
        "February",
        "March",
        "April",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
)
#: Kana, without which nothing is written in Japanese.
_JAPANESE = later("[ぁ-ゖァ-ヺｦ-ﾝ]")
#: Words of which English sentences are made; You and To are given names as well.
_ENGLISH = frozenset(
    "you your yours we our us he she they them their its it if or and no not to in of for by as at on an any all each"  # noqa: SIM905
    " such is are was were be been the this that these those with without from into under over when where which who"
    " whom whose shall must can could would should has have had do does did but nor so than then there here what how"
    " why yes please thanks thank dear hello hi sorry regards other".split()
)
#: What somebody is to somebody, and no name; a word that is a given name in one list only.
_KIN = frozenset(
    ["長男", "次男", "二男", "三男", "長女", "次女", "二女", "三女", "本人", "両親", "夫婦", "兄弟", "姉妹", "夫人", "奥", "結果",
     "別嬪", "年", "一行", "早番", "遅番", "夜勤", "元請", "下請", "式場", "杜"]
)  # fmt: skip
_NEVER = _KIN | ERAS | BEFORE_NAMES
#: How words end that say what somebody is: 息子さん, 大工さん, 依頼主様, 取引先様.
_SOMEBODY = frozenset(
    "子主工手先父母名会人屋業員社職士店組院将那者生嫁輩長様男女娘僚司下徒童児客賓族戚御所方位師官友間達婦夫妻老王姫仏甥姪孫親身衆陣団労領傷苦意神堂館園庁省局部課室係班区町村市県府都道国校寺庵荘編"
)
#: In front of 様 these make a word of it: 仕様, 同様, 模様, 多様.
_WITH_SAMA = frozenset("仕同模多異各有両態左外上")
#: How the word before の ends that says where somebody works or what he is; read from its end.
_ROLE = "[部課係室店所社院校局班家者員長士師職役主夫方]|当担|業営|務総|理経|造製|場現|務事|付受|口窓|社本|場工|隣|くじ同|将女"
#: What stands before a word, read backwards from it: the first of these.
_LEFT = later(
    r"(?P<start>[ \t\u3000>]*(?:\n|\Z))|(?P<bullet>[ \u3000]*[-・●○■□◆◇★※＊*①-⑳△▲×→]+[ \t\u3000>]*(?:\n|\Z))"
    r"|(?P<list>[ \u3000]?[、，,・/／])|(?P<quoted>[（(][」』])|(?P<open>[（(「『【\[“\"])|(?P<colon>[ \t\u3000]*[:：])"
    rf"|(?P<role>の(?:{_ROLE}))|(?P<no>の)|(?P<period>[ \u3000]?[。．！？!?])|(?P<arrow>[ \u3000]?[→>~～⇒])|(?P<spaces>[ \u3000\t]{{2}}|[\u3000\t])|(?P<space>[ ])"
    r"|(?P<ka>か)|(?P<to>と)|(?P<wa>[はがも])|(?P<ni>[をにへでや])|(?P<digit>[0-9０-９])|(?P<close>[」』】)）\]])|(?P<kana>[ぁ-ゖ])"
)
#: And what stands behind it.
_RIGHT = later(
    rf"(?P<end>[ \t\u3000]*(?:\n|\Z))|(?P<called>[ \u3000]?{HONORIFIC})|(?P<office>{_OFFICE}|Dr|DR|SV)|(?P<titled>[ \u3000]?[（(](?:{KANJI}|[ァ-ヺー]){{0,6}}(?:{OFFICES}|担当)[）)])|(?P<list>[ \u3000]?[、，,・/／])"
    r"|(?P<open>[ \u3000]?[（(])|(?P<close>[)）」』】\]])|(?P<colon>[ \u3000]{0,2}[:：])|(?P<yori>より|から|まで|宛|あて|たち|ら[がはの])|(?P<desu>です|でした|でござ|と申)"
    r"|(?P<ga>が)|(?P<wa>は)|(?P<mo>も)|(?P<ni>に)|(?P<wo>を)|(?P<no>の)|(?P<to>と|および|ならびに|及び)|(?P<he>へ)|(?P<de>で)|(?P<ka>[かや])|(?P<arrow>[ \u3000]?[→>~～⇒])|(?P<spaces>[ \u3000\t]{2}|[\u3000\t])|(?P<space>[ ])"
    r"|(?P<period>[。．！？!?])|(?P<kana>[ぁ-ゖ])|(?P<katakana>[ァ-ヺー])|(?P<digit>[0-9０-９])|(?P<latin>[A-Za-z])"
)
_SIGN = later(KANJI)
#: A department and its head.
_HEADS = later(f"{KANJI}{{1,7}}[部課係室]長(?!{KANJI})")
#: Signs of a word that a name is glued to.
MOST_GLUED = 7
#: Characters before a word that may say something about it.
REACH = 12
#: The steps of a score between 0 and 1, and of that of a surname in kanji.
_STEPS, SURNAME_STEPS = (0.001, 0.3, 0.5, 0.75), (0.2, 0.4, 0.55, 0.7, 0.85)


class Candidate(NamedTuple):
    """A word that may be a name. ``script`` is kanji, katakana or latin, ``kind`` says how well the lexicon knows it, and
    ``left`` and ``right`` what kind of sign or word stands on both sides."""

    start: int
    end: int
    word: str
    script: str
    kind: str
    left: str
    right: str


def candidates(text: str) -> list[Candidate]:
    """The words of a text that may be names, in order: surnames and given names in kanji, any in katakana or Latin."""
    katakana = (_candidate(text, m, "katakana", _kind_of_katakana(m[0])) for m in _KATAKANA.finditer(text))
    japanese = _JAPANESE.search(text) is not None
    words = (m for m in _LATIN.finditer(text) if _may_name(re.split("[ ,]+", m[0]), japanese=japanese))
    latin = (_candidate(text, m, "latin", _kind_of_latin(m[0])) for m in words)
    kanji = list(_in_kanji(text))
    known = {candidate.end for candidate in kanji}
    return sorted([*kanji, *(c for c in _glued(text) if c.end not in known), *katakana, *latin])


def _may_name(words: Sequence[str], *, japanese: bool) -> bool:
    """Whether words in Latin letters may be a name: no days, no words of English sentences, and in a text that is all
    English at least two of them."""
    if _CALENDAR.issuperset(words) or any(word.lower() in _ENGLISH for word in words):
        return False
    return japanese or (len(words) > 1 and not any(word.isupper() for word in words))


def _in_kanji(text: str) -> Iterator[Candidate]:
    for run in _RUN.finditer(text):
        head = _HEAD.match(text, run.start())
        if head is None or head[0][-1] == "者" or head[0] in _NEVER or organisations.title_score(head[0]) >= 0.9:
            continue
        right = _behind(text, head.end())
        if head[0] in NO_SURNAMES and right != "called":
            continue
        kind = _kind_of_kanji(head[0])
        unknown = not kind and right == "called" and len(head[0]) in (2, 3)
        if unknown and not (head[0][-1] in _WITH_SAMA and text.startswith("様", head.end())):
            kind = f"called {len(head[0])} {int(head[0][-1] in _SOMEBODY)}"
        if kind:
            yield Candidate(head.start(), head.end(), head[0], "kanji", kind, _before(text, head.start()), right)


def _glued(text: str) -> Iterator[Candidate]:
    """Surnames and given names behind a word for what somebody is, without a space between."""
    for run in _RUN.finditer(text):
        for size in range(1, MOST_GLUED + 1):
            end = run.start() + size
            if not _SIGN.match(text, end):
                break
            if _ROLE_IN_KANJI.fullmatch(text, run.start(), end) and (found := _name_at(text, end)):
                yield found
                break
        if headed := _headed(text, run.start()):
            yield headed
    for role in _ROLE_IN_KATAKANA.finditer(text):
        if found := _name_at(text, role.end()):
            yield found


def _headed(text: str, start: int) -> Candidate | None:
    """The surname before the department that somebody heads: 大谷品証課長."""
    if not _HEADS.match(text, start):
        return None
    able = [text[start : start + size] for size in (2, 3, 1) if _HEADS.match(text, start + size)]
    word = max(able, key=names.surname_score, default="")
    if not names.is_surname(word) or len(word) == 1:
        return None
    return Candidate(start, start + len(word), word, "kanji", _kind_of_kanji(word), _before(text, start), "office")


def _name_at(text: str, start: int) -> Candidate | None:
    head = _HEAD.match(text, start)
    if head is None or head[0] in _NEVER | NO_SURNAMES or head[0] in _SOMEBODY:
        return None
    kind = _kind_of_kanji(head[0])
    if not kind or organisations.title_score(head[0]) >= 0.9:
        return None
    return Candidate(start, head.end(), head[0], "kanji", kind, "glued", _behind(text, head.end()))


def _candidate(text: str, match: re.Match[str], script: str, kind: str) -> Candidate:
    start, end = match.span()
    return Candidate(start, end, match[0], script, kind, _before(text, start), _behind(text, end))


@lru_cache(maxsize=4096)
def _kind_of_kanji(word: str) -> str:
    """How well the lexicon knows a surname or a given name; "" when the word is neither."""
    score = names.surname_score(word)
    if names.is_surname(word):
        return f"surname {min(3, len(word))} {step(score, SURNAME_STEPS)}"
    if len(word) <= 3 and score >= SURNAME_STEPS[0]:
        return f"like a surname {len(word)} {int(score >= 0.28)}"
    return f"given {min(2, len(word))} {int(names.given_score(word) >= 0.6)}" if names.is_given(word) else ""


@lru_cache(maxsize=4096)
def _kind_of_katakana(word: str) -> str:
    parts = re.split("[・＝ \u3000]", word)
    if len(parts) == 1:
        scores = (names.kana_surname_score, names.kana_given_score, names.foreign_kana_name_score)
        return "katakana " + " ".join(str(step(score(word), _STEPS)) for score in scores)
    joined = "apart" if " " in word or "\u3000" in word else "joined"
    return f"katakana {joined} {step(names.kana_name_score(word), _STEPS)} {step(names.foreign_kana_name_score(word), _STEPS)}"


@lru_cache(maxsize=4096)
def _kind_of_latin(word: str) -> str:
    parts = re.split("[ ,]+", word)
    known, whole = sum(map(names.is_latin_name, parts)), names.romaji_name_score(word) if len(parts) > 1 else 0.0
    return f"latin {min(3, len(parts))} {'upper' if word.isupper() else 'title'} {min(2, known)} {step(whole, _STEPS)}"


def step(score: float, steps: Sequence[float]) -> int:
    """How many of the steps a score has reached."""
    return bisect_right(steps, score)


def _before(text: str, start: int) -> str:
    match = _LEFT.match(text[max(0, start - REACH) : start][::-1])
    return match.lastgroup or "" if match and not (match.end() == REACH and match.lastgroup == "start") else "other"


def _behind(text: str, end: int) -> str:
    match = _RIGHT.match(text, end)
    return match.lastgroup or "" if match else "other"
