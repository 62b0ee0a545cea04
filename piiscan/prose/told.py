"""Names in running text that their form or the word beside them tells: 檜垣 直人, 妻の沙織, クマール氏, 弊社の原より, 会計 穂積.

Those in kana and Latin letters are in :mod:`piiscan.prose.other_scripts`; what needs the lists, letters and chats around it is in
:mod:`piiscan.prose.mentions`.
"""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.detectors._name_parts import NO_SURNAMES
from piiscan.lexicon import names, organisations, places
from piiscan.prose.searching import Span
from piiscan.shaped import later

#: A sign of a name in kanji: what is a letter and neither Latin, kana nor a digit. The lexicon decides; and a class with the
#: range of all kanji in it takes Python a hundred times as long to compile.
KANJI = r"[^\W0-9A-Za-z_０-９Ａ-Ｚａ-ｚぁ-ヴヷ-ヿｦ-ﾟ①-⓿]"
_HONORIFIC = "(?:様|さま|さん|氏|君|くん|ちゃん)"
#: The same where it is no part of a word: 様式, 氏名, 君主.
CALLED = f"(?:さん|くん|ちゃん|(?:様|氏|君)(?:(?=[宛方側])|(?!{KANJI})))"
#: What somebody is, before his surname or behind it.
OFFICES = (
    "代表取締役|取締役|監査役|工場長|班長|主査|主幹|参事|理事長|理事|監事|議長|副会長|副部長|副社長|委員|幹事|書記|会計|教授|准教授|講師|"
    "弁護士|税理士|会計士|司法書士|社労士|医師|看護師|薬剤師|保健師|ケアマネ|巡査部長|巡査|刑事|記者|議員|監督|コーチ|チーフ|マネージャー|リーダー|"
    "首相|大臣|委員長|部会長|支部長|支社長|組合長|住職|女将|料理長|師範|塾長|管理員|警備員|フロント|師長|助教|GL|PL|容疑者|被告|選手|投手|座長|喪主|世話人|研究員|技師|代表|担任|教頭|校長|園長|院長|館長|所長|部長|課長|係長|次長|室長|店長|局長|主任|社長|会長|専務|常務|支配人|同乗者|運転者|同期|産業医|センター長|施設長|事務長|本部長|書記長|科長|医長|相談員|支援員|指導員|教諭|栄養士|介護士|保育士|機長|船長|署長|警部|隊員|隊長|分団長|団長|顧問|支店長"
)
#: 神様, 奥さん, 主様: nobody, though a surname as well.
ADDRESSED = frozenset(
    [
        *"神王客皆仏姫奥母父兄姉何主上若嬢子孫人鬼",
        "守衛",
        "大家",
        "家主",
        "地主",
        "店主",
        "仲間",
        "長男",
        "次男",
        "二男",
        "三男",
        "長女",
        "次女",
        "二女",
        "三女",
        "息子",
        "本人",
        "一行",
    ]
)
#: Words that stand before a name with a space between, and are surnames of a few people: 氏名　甲斐 真砂子, 上司　中村 英一.
BEFORE_NAMES = frozenset(["氏名", "上司", "同僚", "部下", "大家", "民生"])
#: A surname and a given name with one space between them, nothing of a word on either side.
_SPACED = later(
    f"(?<!{KANJI})(?<![ァ-ヺーA-Za-z0-9０-９])(?=({KANJI}{{1,4}})[ \u3000](?:((?:{KANJI}{{2,3}}|{KANJI}(?=[はがをにのとも]|さ[んま]|く[んら]|ちゃ|[^ぁ-ゖ]|$))(?!{KANJI}|[ァ-ヺー])"
    f"|{KANJI}{{1,3}}?(?=副?(?:{OFFICES})(?!{KANJI})|[様氏殿君]|先生))|([ァ-ヺー]{{1,4}}子?|[ぁ-ゖ]{{1,3}}子)(?=[様氏殿君]|(?!{KANJI}|[ァ-ヺー]))|([ぁ-ゖ]{{2,6}})))"
)
_SIGN = later(KANJI)
#: Four signs or more that are nothing but a surname and a given name.
_JOINED = later(
    f"(?<!{KANJI})(?<![ァ-ヺーA-Za-z・]){KANJI}{{4,6}}(?!{KANJI}|[ァ-ヺーA-Za-z]|[・、～][一二三四五六七八九十]{{1,2}}丁目)"
)
#: Names from abroad as they are written in Japan: マリア・サントス.
_FOREIGN = later(f"(?<![ァ-ヺー・＝])[ァ-ヺー]{{2,10}}(?:[・＝][ァ-ヺー]{{1,10}}){{1,3}}(?!{KANJI}|[ァ-ヺー・＝])")
_KANJI_CALLED = later(f"(?<!{KANJI})(?<![ァ-ヺーおご])({KANJI}{{1,4}}?)(?=[ \u3000]?(?:{CALLED}|先生(?!{KANJI})))")
#: Families by their surname: 関口家・安東家 結婚披露宴.
_HOUSE = later(f"(?<!{KANJI})({KANJI}{{2,3}})家(?=[・、とのは \u3000]|様|(?:ご?一同|親族|両家|葬儀|告別|結婚|共通))")
#: Somebody of the family, or a friend, and who it is.
_KIN = later(
    "(?:妻|(?<!丈)夫|長男|次男|二男|三男|長女|次女|二女|三女|娘|息子|孫|母|父|兄|弟|姉|妹|友人|友達|ご主人|奥様|新郎|新婦)"
    f"(?:の|は|、|：|:|[（(])?[ \u3000]?(?!{_HONORIFIC})({KANJI}{{1,3}}?|[ぁ-ゖ]{{2,4}}?|[ァ-ヺー]{{2,6}})(?={_HONORIFIC}|[がはをにともでの、。,（(）)]|$)"
)
_HONOURED = later(_HONORIFIC)
_DIGITS = "[0-9０-９]"
#: A day behind which 生 says that somebody was born on it; and a birthday without its year.
_BORN = later(
    f"(?<![0-9０-９./-])(?:(?:明治|大正|昭和|平成|令和|[MTSHRＭＴＳＨＲ])[.．]?(?:{_DIGITS}{{1,2}}|元)|(?:19|20|１９|２０){_DIGITS}{{2}})"
    f"(?:年|[./．／-])(?:[(（][^()（）]{{2,8}}[)）])?{_DIGITS}{{1,2}}(?:月|[./．／-]){_DIGITS}{{1,2}}日?(?=[ \u3000]?(?:生(?![産成徒活理])|に?誕生|[^\\s、。0-9]{{2,10}}[にで](?:生まれ|出生|誕生)))"
)
_BIRTHDAY = later(
    f"(?<![0-9０-９]){_DIGITS}{{1,2}}月{_DIGITS}{{1,2}}日(?=(?:に|ご)?(?:生まれ|誕生))|(?<=誕生日は){_DIGITS}{{1,2}}月{_DIGITS}{{1,2}}日"
)
#: What may stand between a surname and an office.
_RANK = "(?:副|主任|薬剤|看護|事務(?!所)|営業(?!所)|総務|経理|人事|技術|製造|品質|統括|執行|専任|上級|首席|特任|生産管理|生産|開発|研究|企画|情報|広報|購買|資材|物流|財務|法務|監査|販売|品質管理|品質保証|設計|工事|施工|保全|商品|安全)?"
#: A word that ends like what somebody is, and a surname, without a space: 店長井口さん, 管理人大村さん, 保安課海野へ.
_GLUED = later(
    f"(?<!{KANJI})(?:{KANJI}{{0,4}}(?:[長課部係室人士師者員役班局]|担当|幹事|大将|会計|看護|事務|検針|経理|総務|営業|人事|技術|主治医|当社|弊社|[本昨明今先前翌当後毎]日|[今昨翌]朝|[今昨]夜|[今来先毎]週|[今来先毎]月|[前次毎今]回))({KANJI}{{2,3}})(?={CALLED}|(?:{OFFICES})(?!{KANJI})|へ|[（(]|Dr|です|でございます|と申)"
    f"|(?:(?<=[（(])|(?<=[\\s\u3000]))担当({KANJI}{{2,3}})(?=[、。）)\n]|$)"
)
#: A department and a whole name without a space between: 編集部門脇 慎吾とし.
_GLUED_WHOLE = later(f"(?<={KANJI}[部課係室店当])(?=({KANJI}{{2,3}}[ \u3000]{KANJI}{{1,3}})(?!{KANJI}))")
_BEFORE_OFFICE = later(
    f"(?:(?<!{KANJI})(?<![ァ-ヺー])|(?<=[先今来]月|[本昨明今先]日|[先今来]週))({KANJI}{{1,4}}?){_RANK}(?!会計)(?:{OFFICES}|Dr|SV|先生)"
    f"(?:(?!{KANJI})|(?=代理|同行|同席|経由|判断|決裁|承認|指示|了承|名[でにの]|宛))"
)
_BEHIND_OFFICE = later(
    f"(?:{OFFICES})[ \u3000]{{0,4}}({KANJI}{{2,6}}?|{KANJI}(?=[、。）)]))(?=[はがをにのとも、。・／/,（()）\\s]|より|から|$)"
)
#: One's own people, and a department's: 弊社の原より, 営業企画部の今野が, 工場長の真壁、.
_OWN = later(
    f"(?:弊社|当社|当方|小社|部|課|係|室|支店|支社|営業所|工場|センター|担当|{OFFICES})の({KANJI}{{1,4}}?)(?=より|から|です|でございます|と申|(?:まで|宛)|[がはをにと、。]|と{KANJI})"
)
#: Who introduces himself at the beginning of a line or sentence.
_INTRODUCED = later(
    f"(?:^|(?<=[\\n。、\u3000 >」]))({KANJI}{{2,4}})(?=です。|です\\n|でございます|ですが、|と申します)"
)
#: Who ends a report on the radio or in a book of handovers: 以上、工藤でした.
_ENDED = later(f"(?<=以上、)({KANJI}{{1,3}})(?=でした)")
#: Words that join others, and are given names as well.
_PARTICLES = frozenset(["より", "から", "まで", "など", "とも", "あと", "いま", "そう", "ため", "ほう"])
#: 姉はまもなく: how what is said of her begins.
PARTICLE = frozenset("はがのにをもとで")
#: Names of eras, which are given names of a few people: 山田 太郎　昭和30年.
ERAS = frozenset(["明治", "大正", "昭和", "平成", "令和"])
#: Signs of the parties of a contract, and what stands before them: 第1条　甲は.
_PARTIES = frozenset("甲乙丙丁戊")
#: The least score of a surname that few people bear, which is enough beside a word that says who it is.
_RARE = 0.2
#: That of three signs which no lexicon has as a surname, but which look like one.
_LIKE_ONE = 0.28
#: How the names of trades end: 花屋さん, 板前さん.
TRADES = frozenset("屋方将前")
#: That of one that is joined to a word before it.
_SURELY = 0.6
_WHOLLY = 0.95
#: The least score of a given name that is called さん without a surname.
_KNOWN_GIVEN = 0.7


def told_names(text: str) -> Iterator[Span]:
    """The names of a text that stand there by their form or beside a word that says who it is."""
    yield from _whole(text)
    yield from _called(text)
    yield from _of_kin(text)
    yield from _in_office(text)
    for pattern in (_BORN, _BIRTHDAY) if "生" in text else ():
        yield from (Span(m.start(), m.end(), "birth_date", 0.8) for m in pattern.finditer(text))


def _whole(text: str) -> Iterator[Span]:
    for match in _SPACED.finditer(text):
        given = match[2] or match[3] or own_in_kana(match[4])
        name = text[match.start() : match.end(1) + 1 + len(given)]
        known = names.is_surname(match[1]) and (names.full_name_score(name) >= 0.9 or _kana_and_child(given))
        likely = len(given) > 1 and names.full_name_score(name) >= 0.6  # a surname that no lexicon has
        towns = places.is_place_name(match[1]) and places.is_place_name(given)
        if given in _PARTIES or given in ERAS or match[1] in BEFORE_NAMES:
            continue
        body = organisations.organisation_score(match[1] + given) >= 0.5
        if given and (known or likely) and reads_as_given(given) and not towns and not body:
            yield Span(match.start(), match.start() + len(name), "person_name", 0.7)
    for match in _FOREIGN.finditer(text):
        if names.foreign_kana_name_score(match[0]) >= 0.6:
            yield Span(match.start(), match.end(), "person_name", 0.65)
    for match in _JOINED.finditer(text):
        begins = any(names.is_surname(match[0][:n]) for n in (2, 3, 1))
        if (
            begins
            and names.trim_name(match[0])[0] == match[0]
            and names.full_name_score(match[0]) >= 0.97
            and not _other(match[0])
        ):
            yield Span(match.start(), match.end(), "person_name", 0.65)


def own_in_kana(text: str) -> str:
    """The longest beginning that is a given name: かおり of かおりから."""
    return next((text[:n] for n in range(min(4, len(text)), 1, -1) if names.kana_given_score(text[:n]) >= 0.5), "")


def _kana_and_child(text: str) -> bool:
    """Given names that hardly any lexicon has: トミ子, とし子."""
    return len(text) > 2 and text[-1] == "子" and not _SIGN.search(text[:-1])


def reads_as_given(text: str) -> bool:
    return _kana_and_child(text) or names.is_given(text) or names.kana_given_score(text) >= 0.5


def _other(text: str) -> bool:
    """Whether what reads like a name is something else: a firm, a town, 鎌倉時代."""
    if text.endswith(("時代", "幕府", "街道", "地区", "地方", "方面", "周辺", "全域", "文化", "産業", "工業")):
        return True
    return organisations.organisation_score(text) >= 0.3 or places.is_place_name(text)


def _called(text: str) -> Iterator[Span]:
    for match in _KANJI_CALLED.finditer(text):
        name, young = match[1], text[match.end(1) :].lstrip().startswith(("くん", "ちゃん"))
        if young and names.is_given(name):
            yield Span(match.start(1), match.end(1), "given_name", 0.65)
        elif _may_be_called(name):
            yield Span(match.start(1), match.end(1), "surname", 0.65)
        elif (
            len(name) > 1 and name not in ADDRESSED and names.is_given(name) and names.given_score(name) >= _KNOWN_GIVEN
        ):
            yield Span(match.start(1), match.end(1), "given_name", 0.6)


def _may_be_called(name: str) -> bool:
    """Whether what stands before さん is a surname: 土屋, and 多久和 that no lexicon has, but no 花屋 and no 患者."""
    score = names.surname_score(name)
    if name in ADDRESSED or (name[-1] in TRADES and score < _SURELY):
        return False
    return score >= (_RARE if names.is_surname(name) else _LIKE_ONE if len(name) == 3 else 1)


def _of_kin(text: str) -> Iterator[Span]:
    for match in _HOUSE.finditer(text):
        if names.is_surname(match[1]) and names.surname_score(match[1]) >= _SURELY:
            yield Span(match.start(1), match.end(1), "surname", 0.6)
    for match in _KIN.finditer(text):
        if (
            reads_as_given(match[1])
            and match[1] not in _PARTICLES
            and match[1][0] not in PARTICLE
            and (len(match[1]) > 1 or _HONOURED.match(text, match.end(1)))
        ):
            yield Span(match.start(1), match.end(1), "given_name", 0.65)


def _in_office(text: str) -> Iterator[Span]:
    for match in _GLUED.finditer(text):
        group = match.lastindex or 1
        if names.is_surname(match[group]) and names.surname_score(match[group]) >= _SURELY:
            yield Span(match.start(group), match.end(group), "surname", 0.65)
    for match in _GLUED_WHOLE.finditer(text):
        if names.full_name_score(match[1]) >= _WHOLLY:
            yield Span(match.start(1), match.end(1), "person_name", 0.65)
    for pattern in (_BEFORE_OFFICE, _BEHIND_OFFICE, _OWN, _INTRODUCED, _ENDED):
        for match in pattern.finditer(text):
            name = match[1]
            if name in NO_SURNAMES:
                continue
            if names.full_name_score(name) >= 0.75 and len(name) >= 3:
                yield Span(match.start(1), match.end(1), "person_name", 0.7)
            elif names.surname_score(name) >= (_RARE if len(name) > 1 else 0.8) and names.is_surname(name):
                yield Span(match.start(1), match.end(1), "surname", 0.65)
