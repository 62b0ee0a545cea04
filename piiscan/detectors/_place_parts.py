"""What the detectors of addresses share: house numbers, municipalities and buildings as patterns, and samples."""

from __future__ import annotations

import re
from functools import cache
from random import Random

from piiscan.detectors._beginnings import beginnings
from piiscan.detectors._shapes import HYPHEN, SPACE, D
from piiscan.lexicon import places
from piiscan.lexicon.places import Town

PLACE_CHARS = "[々〆ヶヵケノツッァ-ヺーぁ-ゖ㐀-鿿豈-﫿\U00020000-\U000323af]"
PREFECTURE = (
    "(?:北海道|東京都|京都府|大阪府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|"
    "愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県)"
)
#: Municipalities whose names hold kana, and the run of kanji that the others are made of. The lexicon decides.
_KANA_CITIES = (
    "さいたま|つくばみらい|つくば|いわき|ひたちなか|かすみがうら|つがる|にかほ|さくら|みどり|ふじみ野|いすみ|あきる野|かほく|あわら|みよし|"
    "東みよし|あま|いなべ|たつの|南あわじ|うきは|みやま|えびの|いちき串木野|うるま|東かがわ|さぬき|南さつま|さつま|南アルプス|せたな|むかわ|"
    "えりも|ニセコ|ときがわ|みなかみ|おいらせ|おおい|まんのう|つるぎ|かつらぎ|みなべ|すさみ|みやき|あさぎり|のいち|ひだか"
)
CITY = f"(?:(?:[々㐀-鿿豈-﫿]{{1,5}}(?:[ケヶがノの][々㐀-鿿]{{1,4}})?|{_KANA_CITIES})[市区郡町村])"
#: The first two characters of a prefecture or municipality, or the first alone where that is kanji.
PLACE_BEGINS = "|".join(
    ("[々㐀-鿿豈-﫿]", *beginnings([name for name in _KANA_CITIES.split("|") if not name[0] > "\u3400"]))
)
POSTAL = f"〒?{SPACE}?{D}{{3}}{HYPHEN}?{D}{{4}}{SPACE}{{0,2}}"
NUMERALS = "0-9０-９一二三四五六七八九十百"
NUMBER = "(?:[0-9０-９]{1,5}|[一二三四五六七八九十百]{1,4})"
_UNIT = "(?:丁目|番地の?|番町|番丁|番|号|丁|地割|条|線|の|ノ)"
#: House numbers: 1-2-3, 二丁目1番6号, 北1条西2丁目, 第35地割62. In text the run ends where the numbers end.
BLOCK = f"第?{NUMBER}(?:{_UNIT}?{HYPHEN}?[東西南北]?{NUMBER}|{_UNIT}){{1,8}}"
BUILDING_WORDS = (
    "ビル(?:ディング)?|マンション|ハイツ|コーポ|アパート|レジデンス|ハウス|団地|メゾン|パレス|ヴィラ|タワー|荘|寮|社宅|ハイム|シャトー|"
    "プラザ|ヒルズ|テラス|コート|住宅|雇用促進|号室|号棟|階"
)
_ROOM_NUMBER = "(?:[A-ZＡ-Ｚ]?[\\-－‐−]?[0-9０-９]{1,4}(?:[\\-－‐−][0-9０-９]{1,4})?|[一二三四五六七八九][〇一二三四五六七八九]{2})"
_ROOM = f"{_ROOM_NUMBER}(?:号室|号|階|F|Ｆ)?(?![0-9０-９:：年月日時分名人円個件,，.．\\-－‐−])"
#: What follows a house number in text: words up to one for a kind of house, with a room or without, or a name in katakana
#: with a room.
BUILDING = (
    f"[ \u3000]{{1,2}}[0-9０-９]{{1,2}}(?:F|Ｆ|階)(?![0-9０-９A-Za-z])"
    f"|[ \u3000]{{0,2}}[^\\s、。,，「」()（）<>]{{0,16}}(?:{BUILDING_WORDS})(?:[^\\s、。,，「」()（）<>0-9０-９：:]{{0,12}}[ \u3000]?{_ROOM})?"
    f"|[ \u3000]{{1,2}}(?=[^\\s0-9０-９]{{0,12}}[ァ-ヺー]{{2}})[A-Za-zァ-ヺー・々㐀-鿿ぁ-ゖ]{{2,20}}[ \u3000]?{_ROOM}"
)


@cache
def _towns(prefecture: str) -> tuple[Town, ...]:
    plain = re.compile("[々ケノ\u3041-\u3096\u3400-\u9fff]{1,8}")
    return tuple(t for t in places.towns(prefecture) if plain.fullmatch(t.name))


def any_town(rng: Random) -> Town:
    """A real town of one of eight prefectures, with the postal code that belongs to it."""
    prefecture = rng.choice(("東京都", "大阪府", "神奈川県", "愛知県", "福岡県", "宮城県", "広島県", "北海道"))
    return rng.choice(_towns(prefecture))


def any_block(rng: Random) -> str:
    """A house number in one of the usual ways."""
    a, b, c = rng.randint(1, 9), rng.randint(1, 40), rng.randint(1, 30)
    return rng.choice((f"{a}-{b}-{c}", f"{a}丁目{b}番{c}号", f"{a}丁目{b}-{c}", f"{b}番地{c}", f"{b}-{c}"))


def any_building(rng: Random) -> str:
    """An invented house and room."""
    name = rng.choice(("サンプルハイツ", "見本マンション", "コーポ青葉", "メゾン試験", "第2例示ビル"))
    return f"{name}{rng.randint(1, 12)}0{rng.randint(1, 9)}{rng.choice(('', '号室'))}"
