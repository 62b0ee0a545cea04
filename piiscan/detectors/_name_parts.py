"""What the detectors of names share: character classes, honorifics, cues, and names to make samples of."""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from random import Random

from piiscan.detectors._shapes import CLOSE, COLON, OPEN, SPACE
from piiscan.lexicon import names
from piiscan.lexicon.names import Given, Surname

#: Characters of names in kanji; 〇 and digits are not among them.
KANJI = "[々〆ヶヵケノ㐀-鿿豈-﫿\U00020000-\U000323af]"
HIRAGANA = "[ぁ-ゖー]"
KATAKANA = "[ァ-ヺーｦ-ﾟ]"
ANY_KANA = "[ァ-ヺーぁ-ゖｦ-ﾟ\u3099\u309a]"
LATIN = "[A-Za-zＡ-Ｚａ-ｚÀ-ÖØ-öø-ÿĀ-ž'’]"
HONORIFIC = "(?:様|さま|さん|殿|氏|君|くん|ちゃん|先生|サマ|ｻﾏ)"
#: Surnames of one sign that say where or what something is where no honorific stands: 山の中です, 役員の中から.
NO_SURNAMES = frozenset("中上下内間外前後横先本元方件事物者所")
#: An honorific or a note in brackets behind a name: 山田太郎 様, 山田太郎（退職）.
TAIL = f"(?:{SPACE}{{0,2}}{HONORIFIC})?(?:{SPACE}{{0,2}}{OPEN}[^()（）]{{0,24}}{CLOSE})?"
#: What must come for a name with an honorific: looked at before anything that takes longer.
HONOURED = f"(?={KANJI}{{1,4}}[ \u3000]?[{KANJI[1:-1]}{HIRAGANA[1:-1]}]{{0,4}}[ \u3000]?[様さ殿氏君くち先サｻ])"
#: Words in running text right before a name; a colon or space follows them.
CUES = (
    "氏名|お名前|名前|姓名|出席者|欠席者|発言者|担当者名?|担当|ご担当|責任者|代表者名?|代表取締役|申込者|応募者|参加者|受講者|契約者名?|利用者名?|患者名?|会員名|"
    "生徒名|児童名|保護者名?|世帯主|受取人|届け先|宛名|宛先|差出人|送信者|記入者|報告者|作成者|承認者|連絡者|紹介者|講師|執筆者?|文責|署名|本人|"
    "続柄本人|配偶者|妻|夫|長男|長女|次男|次女|三男|三女|祖父|祖母|父|母|相談者|通報者|申告者|行為者|当事者|相手方|目撃者|負傷者|運転手|運転者|被保険者|被害者|加害者|名義人?"
)
#: What somebody is, behind a surname: 山田部長.
TITLES = (
    "本部長", "部長代理", "部長", "次長", "課長代理", "課長", "係長", "主任", "社長", "専務", "常務", "会長", "所長", "店長", "室長", "委員長", "取締役",
)  # fmt: skip
TITLE = f"(?:{'|'.join(TITLES)})"
#: Where somebody works or what he is, between the cue and the name: 行為者：営業部長　山田一郎.
_POST = f"(?:[々㐀-鿿ァ-ヺーＡ-Ｚ]{{1,12}}(?:[部課係室班店]|支社|支店|本社|営業所|長|主任){SPACE}{{1,2}})?"
#: Looked at first: of the words behind it most texts have none, and trying each of them at every character is slow.
_FIRST = "".join(sorted({word[0] for word in (*CUES.split("|"), *TITLES)}))
CUE = f"(?=[{_FIRST}])(?:{CUES}|{TITLE}){SPACE}{{0,2}}(?:{COLON}|{SPACE}){SPACE}{{0,2}}{_POST}"
#: Words of offices and firms that stand before a name with a space: 営業部 山田様.
NOT_BEFORE = "(?:商事|商店|商会|工業|産業|建設|会社|法人|銀行|組合|支店|営業所|事務所|部|課|係|室|社|店|局|院|校|園|会|担当|御中|各位)"

#: Surnames that end like an office: 服部, 長谷部, 小室, 中園, 一色.
LIKE_OFFICES = (
    "(?:(?:服|阿|安|渡|長谷|磯|宮|矢|岡|園|神|日下|刑|建|物|海|軽|綾|伊|壬生|跡|忍|占|土師|部|鳥|沢|田|大|小|南|北|東|西|中|久|武|名|野|"
    "曽我|可児|我孫子|草壁)部|(?:小|氷|大|三|御|石|岩|中)室|(?:中|西|東|前|大|小|花|竹|梅|木|桑|御)園|(?:西|東|大|小|川)院|"
    "(?:本|中|一|五十)社|(?:熊野御|一)堂)"
)

#: 神様, お客様, 奥さん: an honorific behind what is no name.
NOBODY = (
    "(?:神|王|客|皆|仏|姫|奥|母|父|兄|姉|何|主|上|若|嬢|子|孫|人|本人|鬼|虫|猫|犬|熊|牛|象|魚|豆|芋|月|星|同|各|両|某|貴|諸|医|患者|会員|学生|生徒|"
    "業者|職人|店員|店長|社長|部長|課長|先輩|後輩|新人|利用者|家族|親御|息子|娘|旦那|花嫁|花婿)"
)


@cache
def _surnames() -> tuple[list[Surname], list[int]]:
    listed = [s for s in names.surnames_by_frequency() if s.people > 2_000]
    return listed, list(accumulate(s.people for s in listed))


@cache
def _given() -> list[Given]:
    kanji_and_hiragana = (g for g in names.given_names() if g.weight >= 0.6 and g.kana)
    return [g for g in kanji_and_hiragana if len(g.kanji) <= 3 and names.given_score(g.kanji) >= 0.6]


def any_surname(rng: Random) -> Surname:
    """A surname drawn as often as people bear it."""
    listed, sums = _surnames()
    return rng.choices(listed, cum_weights=sums)[0]


def any_given(rng: Random) -> Given:
    """A given name that several sources know."""
    return rng.choice(_given())
