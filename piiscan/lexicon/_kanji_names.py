"""How much a string in kanji looks like the name of one person.

The lexicon decides where it knows the parts. Where it does not (one person in five bears a surname outside any list of
two thousand), the kanji decide: how often each stands first, between or last in known surnames or given names.
"""

from __future__ import annotations

from piiscan.lexicon._foreign_names import CONTINENTAL, FOREIGN_KANA
from piiscan.lexicon._kana_names import kana_name_score
from piiscan.lexicon._name_data import Table, foreign_kana, given, given_kana, kanji_counts, lookalikes, surnames
from piiscan.lexicon._name_keys import FLAG_NOUN, FLAG_PLACE, name_key
from piiscan.lexicon._name_trim import trim_name
from piiscan.shaped import later
from piiscan.text import katakana

_NAME_CHARS = later(r"[々〆ヶケノヵ之ぁ-ゖァ-ヺー㐀-鿿豈-﫿\U00020000-\U0003134f ・]+")
_HIRAGANA = later(r"[ぁ-ゖー]+")
_KATAKANA = later(r"[ァ-ヺー]+")
_ONE_KANA = later(r"[ぁ-ゖー]+|[ァ-ヺー]+")
_PARTICLES = frozenset(
    (
        "から",
        "なら",
        "など",
        "まで",
        "より",
        "だけ",
        "ほど",
        "では",
        "には",
        "とは",
        "です",
        "ます",
        "する",
        "した",
        "こと",
        "もの",
        "ため",
        "たち",
    )
)
#: Last characters of organisations, departments, facilities, places and things, which given names do not end in.
_STATUS = frozenset("男女有無可否不未済非外内計他要")
_THING_ENDS = frozenset(
    "部課係局署庁省店駅院校園館場所社団会組寺宮県府都区町村郡線道橋港品料金費額数率量表書票証号番室棟階台機器具材剤類種型式版色味用別等他"
)


def surname_weight(text: str) -> float:
    """0 for a kanji surname nobody is known to bear, 0.15 to 0.3 for a rare one, 0.45 for the 1,999th, 1 for 佐藤."""
    return surnames().weight.get(name_key(text.strip()), 0) / 255


def given_weight(text: str) -> float:
    """0 for an unknown given name, 0.3 for one source, 0.5 and more for names that several sources know."""
    return _given_weight(name_key(text.strip())) / 255


#: How names of women end whose beginning is written in kana, トミ子, きく江, and how that is read.
_ENDS_OF_WOMEN = {"子": "コ", "江": "エ", "枝": "エ", "代": "ヨ", "美": "ミ"}
_KANA = later("(?!の)[ぁ-ゖ]{1,3}|[ァ-ヺー]{1,3}")


def _given_weight(key: str) -> int:
    weight = given().weight.get(key, 0)
    if not weight and 1 < len(key) < 8 and key not in _PARTICLES and _ONE_KANA.fullmatch(key):
        plain = _plain_kana(key)
        weight = given_kana().get(plain, 0) * 3 // 4
        if not weight and _KATAKANA.fullmatch(key):
            weight = 90 if plain in foreign_kana() or plain in FOREIGN_KANA else 0
    if not weight and len(key) < 5 and key[-1:] in _ENDS_OF_WOMEN and _KANA.fullmatch(key[:-1]):
        weight = given_kana().get(_plain_kana(key[:-1]) + _ENDS_OF_WOMEN[key[-1]], 0) * 3 // 4
    return weight


def _plain_kana(key: str) -> str:
    return katakana(key).translate(str.maketrans("ァィゥェォッャュョヮヂヅヲ", "アイウエオツヤユヨワジズオ"))


def plausible(key: str, which: str) -> float:
    """0..1: are these the kanji of a surname (or a given name), each where it usually stands? 0 if one never is."""
    if not 1 <= len(key) <= 4:
        return 0.0
    counts = kanji_counts(which)
    total = 0
    for i, c in enumerate(key):
        row = counts.get(c)
        if row is None:
            return 0.0
        seen = row[0] if len(key) == 1 else row[1] if i == 0 else row[3] if i == len(key) - 1 else row[2]
        if seen < 16:
            return 0.0
        total += min(seen, 128)
    return total / (128 * len(key))


def _pair(surname: str, first: str, spaced: bool) -> float:
    """Score of one division of a folded name."""
    family, own = surnames().weight.get(surname, 0), _given_weight(first)
    if family and own:
        if spaced:
            return 0.9 + 0.1 * min(1.0, (family + own) / 400)
        score = 0.5 + 0.25 * min(1.0, family / 140) + 0.25 * min(1.0, own / 150)
        if len(surname) + len(first) == 2:
            score -= 0.3
        return score
    if own:
        likely = plausible(surname, "surname")
        if spaced:
            known = min(1.0, own / 130)
            return (0.5 + 0.42 * likely) * known if surname[-1] not in _THING_ENDS else 0.3 * likely
        return 0.68 * likely * min(1.0, own / 130) if len(first) > 1 else 0.3 * likely
    if family:
        likely = plausible(first, "given") if first[-1:] not in _THING_ENDS else 0.0
        if surname in CONTINENTAL and len(first) <= 2 and first[-1:] not in _THING_ENDS:
            return max(0.62 if spaced else 0.45, 0.4 + 0.5 * likely if spaced else 0.75 * likely)
        if spaced:
            return 0.4 + 0.5 * likely if likely else 0.15 * min(1.0, family / 115)
        return 0.75 * likely * min(1.0, family / 115)
    if spaced:
        return 0.55 * min(plausible(surname, "surname"), plausible(first, "given"))
    return 0.0


def _divisions(key: str) -> list[tuple[float, int]]:
    """(score, length of the surname), best first; a longer surname wins a tie."""
    found = []
    for cut in range(1, min(4, len(key) - 1) + 1):
        if len(key) - cut <= 5:
            score = _pair(key[:cut], key[cut:], spaced=False)
            if score > 0:
                found.append((score, cut))
    found.sort(reverse=True)
    return found


def split_name(text: str) -> tuple[str, str] | None:
    """Surname and given name of a full name with or without a space, or None when it does not divide into two.

    Honorifics and bracketed notes are left out; spelling is kept but for width.
    """
    name, _, _ = trim_name(text)
    parts = name.split(" ")
    if len(parts) == 2 and all(parts) and len(name) <= 12:
        return parts[0], parts[1]
    if len(parts) > 2 and all(len(p) == 1 for p in parts):
        name = "".join(parts)
    if " " in name or not 2 <= len(name) <= 9:
        return None
    key = name_key(name)
    if len(key) != len(name):
        name = key
    best = _divisions(key)
    return (name[: best[0][1]], name[best[0][1] :]) if best else None


def full_name_score(text: str) -> float:
    """0..1: is the whole string one person's full name, in kanji or kanji with kana? 0.5 is a fair threshold."""
    if not text or text.isascii():
        return 0.0
    name, _, polite = trim_name(text)
    if name.count(" ") >= 2 and len(name) > 6 and (titled := _behind_title(name)):
        return titled
    if not 2 <= len(name) <= 14 or not _NAME_CHARS.fullmatch(name) or _KATAKANA.fullmatch(name):
        return 0.0
    key = name_key(name)
    if _HIRAGANA.fullmatch(key.replace(" ", "")):
        return kana_name_score(key)
    if " " in key:
        return _spaced_score(key.split(" "))
    score = _unspaced_score(key)
    if polite and key in surnames().weight:
        score = max(score, 0.45 + 0.4 * surnames().weight[key] / 255)
    return score


def _behind_title(name: str) -> float:
    """The score of a name behind an office that no list knows, 見本庁補佐官 山田 太郎; 0 unless it is surely one."""
    tail = name.split(" ")[-2:]
    if not all(1 <= len(part) <= 4 and _NAME_CHARS.fullmatch(part) for part in tail):
        return 0.0
    score = _spaced_score(tail)
    return 0.9 * score if score >= 0.8 else 0.0


def _spaced_score(parts: list[str]) -> float:
    if len(parts) > 2 and all(len(p) == 1 for p in parts):
        return _unspaced_score("".join(parts))
    if len(parts) > 3 or not parts[0] or not parts[-1]:
        return 0.0
    if len(parts) == 3:  # a middle name, or a department before the name
        return 0.6 * _pair(parts[0], parts[2], spaced=True)
    if parts[0] + parts[1] in lookalikes():  # 東　京 spread out for looks
        return min(0.75, _pair(parts[0], parts[1], spaced=True))
    return _pair(parts[0], parts[1], spaced=True)


def _unspaced_score(key: str) -> float:
    if not 2 <= len(key) <= 8 or _HIRAGANA.fullmatch(key):
        return 0.0
    best = _divisions(key)
    if not best:
        return 0.0
    score = best[0][0]
    if key in lookalikes():
        return min(score, 0.9) * 0.4
    if key in surnames().weight or key in given().weight:
        score *= 0.45  # 三浦, 有希: one part alone, and the column has the rest elsewhere
    return score


def _single(key: str, table: Table, noun: float, place: float) -> float:
    """Score of a single surname or given name that is known to the lexicon, or 0."""
    weight = table.weight.get(key, 0)
    if not weight:
        return 0.0
    score = 0.55 + 0.45 * min(1.0, weight / 160)
    flag = table.flags.get(key, 0)
    if flag & FLAG_NOUN:
        score *= noun if weight < 115 else 0.9
    if flag & FLAG_PLACE:
        score *= place if weight < 115 else 0.95
    return score


def surname_score(text: str) -> float:
    """0..1: is the whole string a kanji surname? Names that are also nouns or places (千葉) score less."""
    if not text or text.isascii():
        return 0.0
    name, _, _ = trim_name(text)
    if not 1 <= len(name) <= 6 or " " in name or not _NAME_CHARS.fullmatch(name):
        return 0.0
    key = name_key(name)
    known = _single(key, surnames(), 0.4, 0.8)
    if known or len(key) == 1 or key in given().weight or key[-1] in _THING_ENDS:
        return known
    return 0.45 * plausible(key, "surname") if len(key) < 4 else 0.0


def given_score(text: str) -> float:
    """0..1: is the whole string a given name in kanji or hiragana? Names that are also nouns (光) score less."""
    if not text or text.isascii():
        return 0.0
    name, _, _ = trim_name(text)
    if not 1 <= len(name) <= 6 or " " in name or not _NAME_CHARS.fullmatch(name):
        return 0.0
    key = name_key(name)
    known = _single(key, given(), 0.5, 0.7) if key not in _STATUS else 0.1
    if not known and _given_weight(key):
        return 0.45 if _KATAKANA.fullmatch(key) else 0.6
    if known or len(key) == 1 or key in surnames().weight or key[-1] in _THING_ENDS:
        return known
    return 0.5 * plausible(key, "given") if len(key) < 4 else 0.0
