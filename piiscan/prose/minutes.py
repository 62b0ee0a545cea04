"""Names in minutes, letters and forms: who does it by when, whom to write to, whose account it is, Dear Thomas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from piiscan.detectors._name_parts import NO_SURNAMES
from piiscan.lexicon import names, organisations, places
from piiscan.prose.searching import Span
from piiscan.prose.told import ADDRESSED, KANJI
from piiscan.shaped import later

#: Kanji or kana.
_NATIVE = r"[^\W0-9A-Za-z_０-９Ａ-Ｚａ-ｚ]"
# Every class of characters beyond Latin-1 takes Python milliseconds to compile, so the names have few: a space is no line end.
_NAME = f"{KANJI}{{1,4}}(?:[^\\S\n]{_NATIVE}{{1,4}})?"
_NAMES = f"{_NAME}(?:(?:[、，・／/かと]|または){_NAME}){{0,4}}"
_JOIN, NAMES, _LONGEST_LIST = later(f"[、，・／/]|または|(?<={KANJI})[かと](?={KANJI})"), later(_NAMES), 40
_DAY = "(?:[0-9０-９]{1,2}[/／月][0-9０-９]{1,2}日?|[0-9０-９]{1,2}月(?:末|中|上旬|中旬|下旬)|今週|来週|次回|月末|至急)"
#: What is to be done, by whom and by when: 移行計画のたたき台（三上、11/8）, 原因調査 …… 高野（2/28）, 人選　　　風間　　5/13.
_TASKS = (
    later(f"[(（]({_NAMES})[ \u3000、，,・/／]{{0,2}}(?:～|〜|-)?{_DAY}(?:まで)?(?:[(（][月火水木金土日][)）])?[)）]"),
    later(f"(?:[ \u3000]{{2}}|[…・.]{{2}}[ \u3000]?)({_NAMES})[ \u3000]?[(（](?:～|〜)?{_DAY}"),
    later(f"[ \u3000]{{2}}({_NAMES})[ \u3000]{{2,40}}+(?:～|〜)?{_DAY}"),
    later(f"(?:→|⇒)[ \u3000]?({_NAMES})(?=[ \u3000]*(?:\n|$|[（(]))"),
    later(f"[。.][ \u3000]?[(（]({_NAMES})[)）](?=[ \u3000]*(?:\n|$))"),
    later(
        f"[(（](?:[0-9０-９]{{1,2}}[:：][0-9０-９]{{2}}[ \u3000]?|[A-Z]{{2,3}})?({_NAMES})(?:記|了承|確認|指示|担当|対応|承認|済み?|同席|立会い?|記入|入力|作成)[)）]"
    ),
    later(f"[(（][0-9０-９]{{1,2}}[:：][0-9０-９]{{2}}[ \u3000]?({_NAMES})[)）]"),
)
#: Whose turn it is from which day on, and who has signed: 4/20〜 宇佐美, 5/4〜 加藤（角）, □飯島 □石渡.
_TURNS = (
    later(
        f"(?<![0-9０-９/])[0-9０-９]{{1,2}}/[ ]?[0-9０-９]{{1,2}}(?:[(（][月火水木金土日][)）])?[ ]?[～〜~-]?[ \u3000]{{1,4}}({_NAME})(?=[ \u3000]?(?:[（(\n、※]|$)|[ \u3000]+[^\n])"
    ),
    later(f"[□☐☑■✓]({_NAME})(?=[ \u3000]*(?:[□☐☑■✓\n]|$))"),
)
#: Who is in charge of an item of the agenda, at the end of its line: 会計報告（森）.
_ITEM = later(
    f"(?:^|(?<=\n))[ \u3000]{{0,6}}(?:[0-9０-９]{{1,2}}[.．、)）]|[(（][0-9０-９]{{1,2}}[)）]|[①-⑳■●◆]|議[題事案][0-9０-９]{{0,2}})"
    f"[^\n(（]{{2,40}}[(（]({_NAMES})[)）][ \u3000]*(?=\n|$)"
)
#: What stands behind the name of whom to write to or to call: 渡辺または松尾までご連絡, 福田あてにお知らせ, 黒田携帯(090-….
_REACH = later(
    "まで[、 ]?(?:に|、)?(?:ご?連絡|お知らせ|お申し?込|お申し?出|お問い?合|ご相談|ご返信|ご?一報|お電話)|(?:あて|宛て?)に|の?携帯[ \u3000]?[(（:：0-9０-９]|まで"
)
_NAMES_BEFORE, _MOST_BEFORE = later(f"(?<!{KANJI})(?<![0-9０-９])({_NAMES})\\Z"), 40
#: Somebody of a trade or an office, in what a sentence says of him: 料理長の加藤に, 前任の三浦が, 営業の寺田へ.
_OF_TRADE = later(
    f"(?:[者長士師役]|前任|後任|上司|同僚|先輩|後輩|営業|総務|経理|人事|事務|秘書|店員|受付|部下|マネージャー|マネジャー|リーダー|アシスタント)の({KANJI}{{1,4}}?)"
    f"(?=[がはにをもへ、。]|から|より|まで|宛|です)"
)
#: A department and who is there, with nothing behind: 総務課　山本・佐々木, 総務部 坂口（内線3306）.
_DESK = later(
    f"(?:[部課係室局科]|グループ|チーム)(?:[ \u3000]{{1,2}}|[:：][ \u3000]?)({_NAMES})(?=[ \u3000]*(?:\n|$|[(（][ \u3000]*(?:内線|直通|TEL|電話|記|[0-9０-９]))|[、，]|[ \u3000]{{2}}|(?<=[:：]..)[ \u3000（(])"
)
#: Somebody behind a word from abroad for what he does: ドライバー 野口.
_CREW = later(
    f"(?:ドライバー|ヘルパー|リーダー|オーナー|マネージャー|マネジャー|コーチ|アシスタント|デザイナー|エンジニア|ディレクター|トレーナー)[ \u3000:：]{{1,3}}({_NAMES})(?=[ \u3000]|[\n（(、。→]|$)"
)
#: Who does something: 担当は斉藤。, 説明は関根が担当.
_DONE_BY = later(
    f"(?:担当|説明|司会|進行|記録|書記|代理|代行|作成|確認|連絡先|窓口|責任者|発明者|幹事|講師|係|議長|当番|受付|引率|指導)[はが]({_NAMES})(?=[。がにと（(\n]|です|さん|、(?!{KANJI})|$)"
)
#: Who is called in a chat: @高木.
_AT = later(f"(?<![A-Za-z0-9])[@＠]({KANJI}{{2,4}}(?:[ \u3000]{KANJI}{{1,4}})?)(?=[ \u3000\n、。さ]|$)")
#: What somebody was called before, or is called elsewhere: （旧姓 大平）, 本名は見本 花子.
_FORMERLY = later(
    f"(?:本名|中国名|韓国名|日本名|俗名)[はが]?[ \u3000:：]{{0,3}}({KANJI}{{1,3}}[ \u3000]?{KANJI}{{1,3}})(?=[)）、。，\\s]|さん|で|と[いな申]|$)|旧姓[はが・]?[ \u3000:：・]{{0,3}}({KANJI}{{1,4}}?)(?=[)）、。，\\s]|さん|で|から|と[いな申]|の|$)|姓[がはも]({KANJI}{{1,4}})(?=に変|となり|になり|へ変)"
)
#: A relative with a name in Latin letters, in a form: 父　NGUYEN VAN TAM.
_KIN_ABROAD = later(
    r"(?:[父母夫妻兄弟姉妹]|[長次][男女])[ \u3000]{1,6}([A-Z][A-Za-z]{1,15}(?: [A-Z][A-Za-z]{1,15}){1,3})(?![A-Za-z])"
)
#: Parts of a neighbourhood and who speaks for each: 1班 石井、2班 福井.
_GROUP = later(f"(?<![0-9０-９])[0-9０-９]{{1,2}}(?:班|組)[ \u3000]({_NAME})(?=[、，,\n（(]|$)")
#: A surname alone between blank lines, as it ends a mail: 佐藤.
_ALONE = later(f"(?<=\n\n)[ \u3000]{{0,8}}({KANJI}{{2,3}})[ \t]*(?=\n[ \t]*(?:\n|[-=_━─＿]{{3}})|\n?$)")
#: Who does what only people do: 事務局の公文がお迎え, 同じ課の浅野が対応.
_ACTS = later(
    f"の({KANJI}{{2,3}})(?=が(?:[おご]{KANJI}|不在|担当|対応|参り|伺|欠席|出席|説明|報告|確認|乗車|同乗|案内|同行|休み)|[（(][ぁ-ゖ]{{2,6}}[)）])"
)
#: Roles in tickets of programs, and who speaks in them: Assignee: 角田, **角田** 12/03.
_TICKET = later(
    f"(?:(?:[Aa]ssignee|[Rr]eviewer|[Aa]uthor|[Rr]eporter|[Oo]wner|[Aa]pprover)(?:\\*\\*)?[ ]?[:：](?:\\*\\*)?[ ]{{0,4}}@?({_NAME})(?!{KANJI})|\\*\\*({_NAME})\\*\\*(?=[ \u3000][0-9]))"
)
_BRACKETS = "(（"
#: Each with signs, one of which is in whatever it finds.
_PLACES: tuple[tuple[re.Pattern[str], Sequence[str]], ...] = (
    *((pattern, _BRACKETS + "→⇒ \u3000") for pattern in _TASKS),
    (_TURNS[0], "/"),
    (_TURNS[1], "□☐☑■✓"),
    (_ITEM, _BRACKETS),
    (_GROUP, "班組"),
    (_OF_TRADE, "の"),
    (_DESK, "部課係室局科プム"),
    (_CREW, "ー"),
    (_DONE_BY, "はが"),
    (_AT, "@＠"),
    (_ALONE, ("\n\n",)),
    (_ACTS, "の"),
    (_TICKET, (":", "**")),
)
#: The label of a form with the script in brackets, and what is filled in.
_FILLED = later(
    r"(?:氏名|名前|お名前)[(（](?:ローマ字|英字|英語|アルファベット|カタカナ|カナ|フリガナ|ふりがな|漢字)(?:表記)?[)）][ \u3000:：]{1,20}"
    r"([^\W0-9_](?:[^\W0-9_]|[・ \u3000.,'-]){2,40}?)(?=[ \u3000]{2}|[\n\t(（、]|$)"
)
#: Names that are drawn apart in a form: 氏　　名　　谷口　　穂乃花, フリガナ　　　チダ　ミオ.
_DRAWN = later(
    f"(?:氏[ \u3000]{{0,4}}名|名[ \u3000]{{0,4}}前)[ \u3000:：]{{1,12}}({KANJI}{{1,4}}[ \u3000]{{1,3}}{_NATIVE}{{1,4}})(?!{_NATIVE})"
    "|(?:フリガナ|ふりがな|カナ|かな)[ \u3000:：]{1,12}(?!\\S{1,6}(?:けん|ふ|どう|ケン|フ|ドウ)[ \u3000])([ァ-ヺー]{2,8}[ \u3000]{1,3}[ァ-ヺー]{2,8}|[ぁ-ゖ]{2,8}[ \u3000]{1,3}[ぁ-ゖ]{2,8})(?![ァ-ヺーぁ-ゖ])"
)
#: A name in half-width kana, as programs of call centres and banks have it: ｶﾅ氏名：ｻﾄｳ ﾐｻｷ.
_IN_HALF_WIDTH = later(
    "(?:ｶﾅ|カナ|ﾌﾘｶﾞﾅ|フリガナ)(?:氏名|名|名義)?[ \u3000]?[:：]?[ \u3000]{0,3}([ｦ-ﾟ]{2,12}[ \u3000][ｦ-ﾟ]{2,12})(?![ｦ-ﾟ])"
)
#: Whose account it is: 名義　フルタ キクオ, 普通 0019953 ササガワユキコ.
_ACCOUNT = later(
    r"(?:名義人?[ \u3000]{0,4}[:：]?[ \u3000]{1,10}|名義人?[:：]|(?:普通?|当座?|貯蓄?)(?:預金|口座)?[ \u3000:：]{0,4}[0-9０-９]{6,8}[ \u3000]{1,10})"
    r"([ァ-ヺｦ-ﾟー]{2,12}[ \u3000]?[ァ-ヺｦ-ﾟー]{0,12})(?![ァ-ヺｦ-ﾟー(（])"
)
#: Whom a letter in English is from, and to.
_LETTER = later(
    r"(?:\b(?:Dear|Hi|Hello)[ ]|\b(?:[Rr]egards|[Ss]incerely|[Cc]heers|Thanks|Best wishes|Many thanks),?[ \t]*(?:\n[ \t]*){1,2}"
    r"|(?:^|(?<=\n))[> \t]{0,6}(?:From|To|Cc):[ \t]{1,4})"
    r"([A-Z][a-z]{1,15}(?:(?:[ -]|, )[A-Z][a-z']{1,15}){0,2})(?=-san|,|[ \t]*(?:\n|$)|[ \t]*[<(])"
)
#: One of these is in whatever that finds.
_LETTER_WORDS = ("Dear ", "Hi ", "Hello ", "egards", "incerely", "heers", "hanks", "ishes", "From:", "To:", "Cc:")
_NOT_WRITTEN_TO = frozenset(
    ["All", "Team", "Sir", "Sirs", "Madam", "Customer", "Customers", "Everyone", "Colleagues", "Support", "Sales", "Info"]
)  # fmt: skip
#: The least scores: of a surname beside no other sign, and of a whole name.
_SURNAME, _WHOLE = 0.5, 0.75
#: That of two words in kana behind the number of an account.
_OF_ACCOUNT = 0.1
#: That of two words in kana in a form.
_OF_FORM = 0.3
#: That of a surname before a given name that is not known.
_SURELY = 0.7


def recorded_names(text: str) -> Iterator[Span]:
    """The names that stand in a text at one of the places where minutes, letters and forms have them."""
    for pattern, signs in _PLACES:
        for match in pattern.finditer(text) if any(sign in text for sign in signs) else ():
            yield from _each(match[match.lastindex or 1], match.start(match.lastindex or 1))
    yield from _reached(text)
    for match in _FILLED.finditer(text):
        value = match[1].rstrip()
        yield Span(match.start(1), match.start(1) + len(value), _script(value), 0.75)
    for match in _DRAWN.finditer(text):
        group = match.lastindex or 1
        entity = "person_name" if group == 1 else "person_name_kana"
        if names.is_surname(match[1].split()[0]) if group == 1 else names.kana_name_score(match[2]) >= _OF_FORM:
            yield Span(match.start(group), match.end(group), entity, 0.75)
    yield from (Span(*m.span(1), "person_name_kana", 0.75) for m in _IN_HALF_WIDTH.finditer(text))
    for match in _ACCOUNT.finditer(text):
        value = match[1].rstrip()
        if names.kana_name_score(value) >= (_SURNAME if " " not in value else _OF_ACCOUNT):
            yield Span(match.start(1), match.start(1) + len(value), "person_name_kana", 0.8)
    for match in _FORMERLY.finditer(text) if "姓" in text else ():
        yield Span(*match.span(match.lastindex or 1), "surname", 0.7)
    for match in _KIN_ABROAD.finditer(text):
        yield Span(match.start(1), match.end(1), "person_name_romaji", 0.65)
    yield from _of_letters(text)


def _reached(text: str) -> Iterator[Span]:
    """Whom to write to or to call; before まで alone stand places, too, but no 西野または山下."""
    for word in _REACH.finditer(text):
        listed = _NAMES_BEFORE.search(text, max(0, word.start() - _MOST_BEFORE), word.start())
        if listed and (word[0] != "まで" or _JOIN.search(listed[1])):
            yield from _each(listed[1], listed.start(1))


def people_of(listed: str, start: int) -> Iterator[Span]:
    """The people of a list that begins at ``start`` of a text; nobody where any of it is something else."""
    if len(listed) <= _LONGEST_LIST and NAMES.fullmatch(listed):
        yield from _each(listed, start)


def _each(listed: str, start: int) -> Iterator[Span]:
    """The people of a list, unless any of it is something else: a firm, a town, a department."""
    bounds = [0, *(n for m in _JOIN.finditer(listed) for n in m.span()), len(listed)]
    parts = list(zip(bounds[::2], bounds[1::2], strict=True))
    spans = [Span(start + a, start + b, entity, 0.65) for a, b in parts if (entity := _entity(listed[a:b]))]
    if len(spans) == len(parts):
        yield from spans


def _entity(name: str) -> str | None:
    if not name.strip():
        return None
    if organisations.organisation_score(name) >= 0.5 or organisations.title_score(name) >= 0.9:
        return None
    if names.full_name_score(name) >= _WHOLE:
        return "person_name"
    surname, *given = name.split()
    if given and len(given) == 1 and names.is_surname(surname) and names.surname_score(surname) >= _SURELY:
        return "person_name"  # 橋本 崚: a given name that no lexicon has
    if name in regions() or name in ADDRESSED or name in NO_SURNAMES or name[-1:] in "都道府県市区町":
        return None
    return "surname" if names.is_surname(name) and names.surname_score(name) >= _SURNAME else None


@cache
def regions() -> frozenset[str]:
    """Prefectures as they are called, which are surnames as well: 福岡, 千葉."""
    return frozenset(name[:-1] for name in places.prefectures())


def _script(value: str) -> str:
    if value.isascii():
        return "person_name_romaji"
    return "person_name" if any("㐀" <= c <= "鿿" for c in value) else "person_name_kana"


def _of_letters(text: str) -> Iterator[Span]:
    """Those whom letters in English name."""
    if not any(word in text for word in _LETTER_WORDS):
        return
    for match in _LETTER.finditer(text):
        words = match[1].replace(",", " ").split()
        if words[0] not in _NOT_WRITTEN_TO and (names.is_latin_name(words[0]) or names.is_latin_name(words[-1])):
            yield Span(match.start(1), match.end(1), "person_name_romaji", 0.65)
