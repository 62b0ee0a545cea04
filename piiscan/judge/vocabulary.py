"""How strong a text is as a header word, with a cheap refusal first: most cells end like no word of the vocabulary."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import normalize

from piiscan.judge.headrows import STRONG_WORD, Vocabulary
from piiscan.policy import Policy
from piiscan.policy.headers import HeaderRules
from piiscan.text import fold_header

LONGEST_HEADER = 60
#: So much of a text's end is folded to see how it ends; marks such as (必須) are no longer.
_TAIL = 12


def vocabulary(policy: Policy) -> Vocabulary:
    """Gives the strength, 0 to 1, of a text as a word of the header vocabulary, whatever it means."""
    return _vocabulary(policy.headers)


def is_header_word(text: str, policy: Policy) -> bool:
    """Whether a text is a sure word of the header vocabulary: 病名, but not 糖尿病."""
    return vocabulary(policy)(text) >= STRONG_WORD


@lru_cache(maxsize=8)
def _vocabulary(rules: HeaderRules) -> Vocabulary:
    ends, letters = _ends(rules), _letters(rules)
    meanings = (*rules.words.meanings(), rules.extra)
    numbers = any(word.isascii() and _letterless(word) for words in meanings for word in words)

    def strength(text: str) -> float:
        if len(text) > LONGEST_HEADER or not text or (text[-1] not in letters and text[-1].isalpha()):
            return 0.0
        return weigh(text)

    @lru_cache(maxsize=16384)  # the same words stand over, in and below the tables of a run
    def weigh(text: str) -> float:
        if text[0].isdigit() and sum(map(str.isdigit, text)) >= 4:
            return 0.0  # 1975年1月31日 ends like a word
        if not numbers and text.isascii() and _letterless(text):
            return 0.0
        tail = fold_header(text[-_TAIL:]).removesuffix("の").rstrip("0123456789")
        if tail and tail[-2:] not in ends and tail[-1] not in ends:
            return 0.0
        matches = rules.match(text)
        return matches[0].strength if matches else 0.0

    return strength


def _letterless(text: str) -> bool:
    return not any(map(str.isalpha, text))


@lru_cache(maxsize=8)
def _ends(rules: HeaderRules) -> frozenset[str]:
    """The last two letters of every word that can stand at the end of a header, or its only one."""
    words = {w for group in (*rules.words.ends(), rules.extra) for w in group}
    words |= {w.rstrip("0123456789") for w in words}
    return frozenset(w[-2:] for w in words if w)


@lru_cache(maxsize=8)
def _letters(rules: HeaderRules) -> frozenset[str]:
    """The last letters of those words in every width and case."""
    last = {end[-1] for end in _ends(rules)}
    both = {c for code in range(0xFF00, 0xFFEF) if normalize("NFKC", c := chr(code)).lower() in last}
    return frozenset(last | {c.upper() for c in last} | both | set("のﾞﾟ"))
