"""What stands in a column of names, numbers or dates without being anybody's: fields of a template, firms, users by number.

A stand-in that looks like a person would make people of them, so each stays of its kind.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from piiscan.lexicon import names, organisations
from piiscan.model import Draw, Keyed
from piiscan.text import fold, is_telling

_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}|\$\{[^{}]*\}|%[A-Za-z_]+%")
#: Signs that say nothing where they are all there is; others (♀ ◎ ㈱) may be values in themselves.
_SILENT = frozenset("+<=>^`|~＋＜＝＞＾｀｜～■□●○◯△×")
_NONE = frozenset(
    [
        "null",
        "none",
        "nil",
        "n/a",
        "unknown",
        "なし",
        "無し",
        "無",
        "不明",
        "未定",
        "未登録",
        "未記入",
        "未入力",
        "未設定",
        "未回答",
        "該当なし",
        "記載なし",
        "回答なし",
        "同上",
        "匿名",
        "空白",
        "非公開",
    ]
)
_LEGAL = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|一般財団法人|社会福祉法人|医療法人|"
    r"[（(](?:[一公]?[社財]|[株有同資名学医福宗独])[)）]|[㈰-㉃]"
)
#: How firms end that nobody takes for people.
_ENDS = (("商店", "ショウテン"), ("商会", "ショウカイ"), ("工務店", "コウムテン"), ("工業", "コウギョウ"),
         ("製作所", "セイサクショ"))  # fmt: skip
_DIGITS = ("ゼロ", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュウ")
_NAMED = 0.5


def says_nothing(text: str) -> bool:
    """Whether a cell holds no value at all: a field of a template such as ``{{氏名}}``, or words or signs that mean none."""
    plain = text.strip()
    if _TEMPLATE.fullmatch(plain) or plain.strip("()（）<>[]").lower() in _NONE:
        return True
    return not any(is_telling(c) or (c not in _SILENT and unicodedata.category(c)[0] not in "PZ") for c in plain)


@lru_cache(maxsize=65_536)
def kind_of(name: str) -> str:
    """``firm``, ``nobody`` for what numbers or duties stand for, else ``person``; for a text in a column of names."""
    if names.full_name_score(name) >= _NAMED or names.romaji_name_score(name) >= _NAMED:
        return "person"
    if organisations.FIRM_MARK.search(name) or organisations.organisation_score(name) >= _NAMED:
        return "firm"
    plain = fold(name).lower()
    duty = names.ROLE_WORDS.fullmatch(plain) or organisations.title_score(name) >= 0.9
    return "nobody" if duty or any(c.isdigit() for c in plain) else "person"


def stand_in(kind: str, name: str, who: str, keyed: Keyed, script: str) -> str:
    """What stands for the firm or the user ``who``; ``script``: of what is written, ``name`` where the kind was told."""
    if kind == "nobody":
        number = keyed.unique("nobody", who, lambda draw: f"{draw(10**6):06}")
        if script in ("kana", "half", "hiragana"):
            return "リヨウシャ" + "".join(_DIGITS[int(d)] for d in number)
        return f"user{number}" if script == "latin" else f"利用者{number}"
    made = keyed.unique("firm", who, _firm).split("\v")[0].split("\t")
    if script == "latin":
        return f"{made[2].title()} Inc."
    new = made[1 if script in ("kana", "half", "hiragana") else 0]
    legal = _LEGAL.search(name)
    form = legal.group() if legal else ""
    return new + form if legal and legal.start() else form + new


def _firm(draw: Draw) -> str:
    family = _families()[draw(len(_families()))]
    end, read = _ENDS[draw(len(_ENDS))]
    return _marked(f"{family.kanji}{end}\t{family.kana}{read}\t{family.romaji} {names.romaji(read)}")


def _marked(text: str) -> str:
    return text + "".join(f"\v{part}" for part in text.split("\t"))


@cache
def _families() -> tuple[names.Surname, ...]:
    return tuple(s for s in names.surnames_by_frequency() if len(s.kanji) > 1)
