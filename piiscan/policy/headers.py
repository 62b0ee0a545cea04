"""Header words: what the text over a column says about the column.

A Japanese header is read from its end: the last part carries the meaning (契約者 + 氏名), the parts before it say whose
(保護者, お届け先), and a mark behind it says how it is written or which half it is (カナ, 漢字, 姓).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from piiscan.policy._header_parts import (
    EXACT,
    SUFFIX,
    WEAK,
    WEAK_SUFFIX,
    HeaderMatch,
    HeaderWords,
    resolve,
    spelled_out,
    strong,
    weaken,
    word_starts,
    words_of,
)
from piiscan.shaped import later
from piiscan.text import fold_header

ROLES = ("self", "guardian", "child", "spouse", "emergency", "recipient", "sender", "organisation", "other")
_LONGEST = 60
#: What stands in brackets behind a header explains it: 年齢（当事者A）, お名前（本名）.
_NOTE = later(r"[(\[【〔<「][^()\[\]【】〔〕<>「」]*[)\]】〕>」]")
#: A number in brackets refers to something else, and is none of the column's: 担当営業（管理番号:19104）.
_REFERENCE = later(r"(?<=.)[(（\[【〔][^()（）\[\]【】〔〕0-9０-９]*[0-9０-９]{4,}[^()（）\[\]【】〔〕]*[)）\]】〕]")
#: What somebody was called before stands in brackets behind the name: 氏名（旧姓）.
_FORMER = later(r"[(（\[【〔][^()（）\[\]【】〔〕]{0,4}(?:旧|元の|以前の)[^()（）\[\]【】〔〕]{0,6}[)）\]】〕]")
#: What stands behind a sign is a remark: メール※携帯不可. So is a line below, where the first one says something.
_REMARK = later(r"(?s)(?<=.)[※＊*].*")
_BOTH_WRITINGS = later("漢字.{0,3}(?:カナ|カタカナ|かな|ひらがな)|(?:カナ|カタカナ|かな|ひらがな).{0,3}漢字")
_ALTERNATIVES = later("[・/、,／|]|又は|または|及び|および")
#: The forms of forms: あなたの…を教えてください。, アレルギーがあれば書いてください.
_ASKED = later(
    "(?:を|について|に関して|が|は)?(?:あれば|ある場合(?:は)?|あるか)?、?(?:ご)?(?:教え|記入|入力|お聞かせ|聞かせ|お答え|選択|お選び|お書き|書い|"
    "回答|記載|知らせ|お知らせ)(?:て|し|し?て)?(?:くだ|下)さい.*$|(?:は|を)?(?:何|なん|どちら|どれ)?(?:です|ます)か.*$|[?？。].*$"
)
#: Every question and request has one of these.
_ASKING = later("さい|すか|[?？。]")
_REQUEST = later("^(?:[QqＱ]?[0-9]{1,3}[.．、:：)）] *)?(?:あなた|ご自身|ご自分|お客様|貴方|皆様)?の?")
#: English words for who does something, and those that end so and are none: team builder, but no folder.
_AGENT = later(
    "(?!(?:num|or|head|foot|fold|serv|oth|lett|pap|pow|tow|wat|comput|print|rout|lay|filt|buff|paramet|charact|quart|semest|regist|chapt|met|cent|mast|clust|count|tim|trigg|mark|"
    "point|contain|integ|identifi|brows|dinn|summ|wint|septemb|octob|novemb|decemb|off|transf|stick|post|bann|newslett|numb|ord|und|aft|ov|nev|fev|cov|lev|riv|silv|volt|trail|"
    "adapt|schedul|vouch|lock|render|handl|wrapp|help|provid|custom|us)er$|(?:col|err|sens|fact|vect|fl|d|mot|sect|monit|elevat|indicat|maj|min|descript|generat|connect|err|mirr|hum|rum|lab|fav|harb)or$|"
    "(?:f|degr|committ|employ|coff|guarant|thr|fr|tr|s)ee$)[a-z]{3,12}(?:er|or|ee|ist)"
)
#: The name of a field: projectManager, SITE_INSPECTOR; what has spaces or begins with a capital may be a job of somebody.
_FIELD = later("(?:[A-Za-z0-9]+_)+[A-Za-z]+|[a-z]+(?:[A-Z][a-z]+)*")
_BUSINESS = {"phone": "business_phone", "fax": "business_phone", "address": "business_address"}


@dataclass(frozen=True, eq=False)
class HeaderRules:
    """The header vocabulary in force. All words are folded by ``text.fold_header``.

    ``extra`` are words that detectors bring, for headers that the rule files say nothing about.
    """

    words: HeaderWords
    extra: Mapping[str, str]

    def match(self, header: str) -> tuple[HeaderMatch, ...]:
        """The readings of ``header``, surest first; empty for a header that says nothing. Total for any string."""
        return _match(self, header)


def without_reference(header: str) -> str:
    """A header without the numbers in brackets behind it that refer to something else."""
    return _REFERENCE.sub("", header)


@lru_cache(maxsize=8192)
def _match(rules: HeaderRules, header: str) -> tuple[HeaderMatch, ...]:
    if len(header) > 4 * _LONGEST:
        return ()
    header = without_reference(_FORMER.sub("", header)) or header
    key = fold_header(header)
    if not key or len(key) > _LONGEST:
        return ()
    best: dict[str, HeaderMatch] = {}
    for found in _read(rules, header, key):
        if found.meaning not in best or best[found.meaning].strength < found.strength:
            best[found.meaning] = found
    if not best and key in rules.extra:
        return (HeaderMatch(rules.extra[key], EXACT, None, "exact"),)
    for found in list(best.values()):
        business = _BUSINESS.get(found.meaning)
        if found.role == "organisation" and business and business not in best:
            best[business] = replace(found, meaning=business, strength=found.strength * 0.7)
    return tuple(sorted(best.values(), key=lambda m: -m.strength))


def _read(rules: HeaderRules, header: str, key: str) -> list[HeaderMatch]:
    """The readings of the whole header; where that says nothing sure, of its question, of what stands in front of its
    brackets or its remark, of its alternatives (氏名・団体名), and of its Latin words when abbreviations are spelled out."""
    found = resolve(rules.words, key, word_starts(header), 0, len(key), 5)
    plain = unicodedata.normalize("NFKC", header)
    if _BOTH_WRITINGS.search(plain):  # 氏名(漢字・カタカナ) is the name itself
        found = [m for m in found if not m.meaning.endswith("_kana")]
    if found and found[0].meaning == "other.code" and found[0].rule == "suffix" and _NOTE.search(plain):
        before = _part(rules, _NOTE.sub("", plain))  # 電話番号（日中連絡のつく番号）
        found = before if strong(before) else found
    if strong(found) and (found[0].rule != "suffix" or not _ALTERNATIVES.search(plain)):
        return found if found[0].rule != "suffix" else [*found, *_abbreviated(rules, header, found)]
    parts = [p for p in _ALTERNATIVES.split(plain) if p.strip()]
    if 2 <= len(parts) <= 3:
        each = [_part(rules, part) for part in parts]
        if all(any(m.strength >= WEAK for m in one) for one in each):
            return [replace(m, strength=min(m.strength, SUFFIX)) for one in each for m in one] + found
    asked = _REQUEST.sub("", _ASKED.sub("", plain) if _ASKING.search(plain) else plain)
    for other in (asked, _NOTE.sub("", plain), _NOTE.sub("", asked), _REMARK.sub("", header)):
        if not strong(found) and other.strip() and other != plain and (inner := _part(rules, other)):
            return found + weaken(inner)
    if not found and len(lines := header.strip().splitlines()) > 1:
        found = weaken(_part(rules, lines[0]))
    return found + _abbreviated(rules, header, found) or _agents(header)


def _agents(header: str) -> list[HeaderMatch]:
    """Who does something, by the end of an English word in the name of a field; the values decide."""
    last = words_of(header)[-1] if _FIELD.fullmatch(header.strip()) else ""
    return [HeaderMatch("person_name", WEAK_SUFFIX, None, "weak")] if _AGENT.fullmatch(last.lower()) else []


def _abbreviated(rules: HeaderRules, header: str, found: list[HeaderMatch]) -> list[HeaderMatch]:
    """What a header with abbreviations says when they are spelled out, if that says more: KOKYAKU_CD, driver_lic_no."""
    if not rules.words.abbreviations or (whole := spelled_out(rules.words, header)) == header:
        return []
    inner = _part(rules, whole)
    if any(not m.meaning.startswith("other.") for m in found) or all(m.meaning.startswith("other.") for m in inner):
        return []
    return [replace(m, strength=min(m.strength, SUFFIX + 0.05)) for m in inner]


def _part(rules: HeaderRules, part: str) -> list[HeaderMatch]:
    key = fold_header(part)
    return resolve(rules.words, key, word_starts(part), 0, len(key), 4) if 0 < len(key) <= _LONGEST else []
