"""Names in kana and in Latin letters in running text: クマール氏, さくらさん, ｻｶｲ ﾋﾛｼ, PARK JIHOON 様, Mr. Rajesh Iyer."""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.lexicon import names, organisations
from piiscan.prose.searching import Span
from piiscan.prose.told import CALLED, KANJI, PARTICLE
from piiscan.shaped import later

#: Who is called by a name from abroad, or in kana.
_KANA_CALLED = later(
    f"(?<![ァ-ヺー=＝A-Za-z])(?<![ァ-ヺー]・)(?:(?<!{KANJI})|(?<=[者長員師士妻夫兄弟姉妹人当客職]))([ァ-ヺー]{{2,10}}(?:[・＝][ァ-ヺー]{{1,10}}){{0,3}})(?=[ \u3000]?{CALLED})"
)
_ROMAJI = later(r"(?<![A-Za-z.@/_-])(?:[A-Z][a-z]{2,12}|[A-Z]{3,12}) (?:[A-Z][a-z]{2,12}|[A-Z]{3,12})(?![A-Za-z@/_-])")
#: A whole name in kana or in Latin letters, in a list of guests: エビハラ　カオル　様, PARK JIHOON 様.
_KANA_WHOLE = later("(?<![ァ-ヺー])([ァ-ヺー]{2,8}[ \u3000][ァ-ヺー]{2,8})(?=[ \u3000]{0,2}(?:様|さん|氏|殿))")
_LATIN_WHOLE = later("(?<![A-Za-z.@/_-])([A-Z]{2,12}(?: [A-Z]{2,12}){1,3})(?=[ \u3000]{0,2}(?:様|さん|氏|殿))")
#: A name from abroad in both scripts: Michael Okafor（マイケル・オカフォー）.
_BOTH = later(
    r"(?<![A-Za-z])([A-Z][A-Za-z]{1,15}(?: [A-Z][A-Za-z]{1,15}){1,3})[ ]?[（(]([ァ-ヺー]{2,10}(?:[・ ][ァ-ヺー]{1,10}){1,3})[)）]"
    r"|([ァ-ヺー]{2,10}(?:[・ ][ァ-ヺー]{1,10}){1,3})[ ]?[（(]([A-Z][A-Za-z]{1,15}(?: [A-Z][A-Za-z]{1,15}){1,3})[)）]"
)
_HIRAGANA_CALLED = later("([ぁ-ゖ]{2,5}?)(?=ちゃん|くん)")
#: The same before さん and 様, where fewer words end: the name begins behind what is no hiragana, or a particle.
_HIRAGANA_HONOURED = later("(?<![ぁ-ゖ])([ぁ-ゖ]{2,8})(?=さん(?![ぁ-ゖ]{0,1}[ぽか])|[ 　]?様)")
#: Names in half-width kana, as gates, banks and call centres have them; nobody else writes such words with a space.
_HALF_WIDTH = later("(?<![ｦ-ﾟ])([ｦ-ﾟ]{2,10}[ \u3000][ｦ-ﾟ]{2,10})(?![ｦ-ﾟ])")
#: Given names in kana and 子 that are called: よし子先生.
_CHILD = later("(?:(?<![ぁ-ゖァ-ヺー])([ぁ-ゖ]{1,5})|(?<![ァ-ヺー])([ァ-ヺ]{1,3}))子(?=さん|先生|様|ちゃん)")
_LATIN_CALLED = later(
    "(?<![A-Za-z.@/_-])([A-Z][a-z]{2,15}(?: [A-Z][a-z]{2,15})?)(?=[ \u3000]?(?:様|さん|氏|くん|ちゃん))"
)
_ENGLISH_TITLE = later(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof)\.? ?([A-Z][a-z]{1,15}(?:[ -](?:[A-Z][a-z]{1,15}|van|der|den|de|von|da|di|al|bin)(?![A-Za-z])){0,5})(?![A-Za-z@])"
)
#: Katakana that are called 様 and さん and are nobody's name.
NOBODY = frozenset([
    "スタッフ", "ドライバー", "ヘルパー", "オーナー", "ユーザー", "ユーザ", "メーカー", "パート", "アルバイト", "バイト", "ママ", "パパ", "マネージャー",
    "クライアント", "ゲスト", "カスタマー", "リーダー", "サポーター", "メンバー", "オペレーター", "ケアマネ", "ケアマネージャー", "コーチ", "チーフ",
    "エンジニア", "デザイナー", "パートナー", "セミナー", "ディーラー", "ベンダー", "シェフ", "モデル", "ファン", "プレイヤー", "プレーヤー", "テナント",
    "ビジター", "インターン", "ボランティア", "ライター", "カメラマン", "サラリーマン", "タレント", "アイドル", "ホスト", "ホステス", "マスター", "ナース",
    "ドクター", "コンサル", "セールス", "トレーナー", "インストラクター", "ワンコ", "ニャンコ", "ネコ", "イヌ", "ペット", "ミナ", "オジ", "オバ", "オカア",
    "オトウ", "オク", "ヤマト", "ニトリ", "ヤマダデンキ", "イオン", "アスクル", "アマゾン", "ローソン", "ユニクロ", "ダイソー", "グーグル", "ソフトバンク",
    "ドコモ", "パナソニック", "ソニー", "シャープ", "カシオ", "クロネコ", "セブンイレブン", "ファミリーマート", "マクドナルド", "コストコ", "オニイ", "オネエ", "オ", "ゴ", "サ", "ジイ", "バア",
])  # fmt: skip
_HIRAGANA_NOBODY = frozenset([
    "おじい", "おばあ", "おにい", "おねえ", "おと", "あか", "あかち", "おぼ", "ぼっ", "ぼ", "みな", "わん", "にゃん", "しん", "どう", "どっ",
    "きちん", "ぞ", "さっ", "ど", "ご",
])  # fmt: skip
#: The least score of a given name of two signs in hiragana.
_SHORT = 0.8
#: おかあさん, おとなりさん, ごしゅじんさん.
_POLITE = ("お", "ご", "みな", "たく")


def foreign_names(text: str) -> Iterator[Span]:
    """The names in kana and Latin letters that their form or an honorific tells."""
    yield from _called_abroad(text)
    yield from _in_kana(text)
    yield from _guests(text)


def _guests(text: str) -> Iterator[Span]:
    """Whole names in kana or Latin letters, as lists of guests have them, and names from abroad in both."""
    for match in _KANA_WHOLE.finditer(text):
        if names.kana_name_score(match[1]) >= 0.5:
            yield Span(match.start(1), match.end(1), "person_name_kana", 0.7)
    for match in _BOTH.finditer(text):
        latin, kana = (1, 2) if match[1] else (4, 3)
        if names.romaji_name_score(match[latin]) > 0:
            yield Span(match.start(latin), match.end(latin), "person_name_romaji", 0.65)
            yield Span(match.start(kana), match.end(kana), "person_name_kana", 0.65)
    for match in _LATIN_WHOLE.finditer(text):
        if names.romaji_name_score(match[1]) > 0:  # no words of trade
            yield Span(match.start(1), match.end(1), "person_name_romaji", 0.65)


def _called_abroad(text: str) -> Iterator[Span]:
    """Who is called in kana or in Latin letters, and names in two words of Latin letters."""
    for match in _ROMAJI.finditer(text):
        if names.romaji_name_score(match[0].title()) >= 0.9:
            yield Span(match.start(), match.end(), "person_name_romaji", 0.65)
    for match in _KANA_CALLED.finditer(text):
        if match[1] not in NOBODY and organisations.organisation_score(match[1]) < 0.5:
            yield Span(match.start(1), match.end(1), "person_name_kana", 0.65)
    for pattern in (_LATIN_CALLED, _ENGLISH_TITLE):
        for match in pattern.finditer(text):
            yield Span(match.start(1), match.end(1), "person_name_romaji", 0.65)


def _in_kana(text: str) -> Iterator[Span]:
    for match in _HIRAGANA_CALLED.finditer(text):
        own = next((match[1][n:] for n in range(len(match[1]) - 1) if names.kana_given_score(match[1][n:]) >= 0.5), "")
        if own and own not in _HIRAGANA_NOBODY and own[-1] != "っ":
            yield Span(match.end(1) - len(own), match.end(1), "given_name", 0.6)
    for match in _HIRAGANA_HONOURED.finditer(text):
        own = next(filter(_reads_as_name, _words(match[1])), "")
        if own and not own.startswith(_POLITE) and (len(own) > 2 or names.kana_given_score(own) >= _SHORT):
            yield Span(match.end(1) - len(own), match.end(1), "person_name_kana", 0.6)
    for match in _HALF_WIDTH.finditer(text):
        if names.kana_name_score(match[1]) >= 0.5:
            yield Span(match.start(1), match.end(1), "person_name_kana", 0.7)
    for match in _CHILD.finditer(text):
        if (match[1] or "").endswith("お"):  # ご夫婦とお子さん
            continue
        own = next(filter(_reads_as_childs, _words(match[1] or match[2])), "")
        if own:
            yield Span(match.end() - 1 - len(own), match.end(), "given_name", 0.65)


def _words(hiragana: str) -> Iterator[str]:
    """The whole, and what stands behind each particle in it."""
    return (hiragana[n:] for n in range(len(hiragana)) if not n or hiragana[n - 1] in PARTICLE)


def _reads_as_childs(kana: str) -> bool:
    """Whether with 子 behind it is a given name."""
    return names.kana_given_score(kana + ("こ" if "ぁ" <= kana <= "ゖ" else "コ")) >= 0.5


def _reads_as_name(hiragana: str) -> bool:
    return len(hiragana) > 1 and max(names.kana_given_score(hiragana), names.kana_surname_score(hiragana)) >= 0.5
