"""Words of special-care personal information (要配慮個人情報), by statutory category, and how a text is tested for them.

Categories: 個人情報保護法2条3項 and 施行令2条. Curated for this project after the wording of the law and of the PPC's
guidelines. *Strong* words make a value about a person sensitive wherever they stand; *weak* words do so when the value is
little else. Vetoes are everyday words that contain a strong one (がんばる, システム障害).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from piiscan.detectors._beginnings import any_of, beginnings
from piiscan.detectors._shapes import word

#: First characters that are asked together: a look ahead costs as much as some ten branches of an alternation.
_TOGETHER = 30


@dataclass(frozen=True)
class Words:
    """The words of one category. ``vetoes`` are deleted from a text before it is tested."""

    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()


def _any(texts: tuple[str, ...]) -> str:
    """An alternation of plain words, longest first, in half and full width."""
    return "|".join(word(t) for t in sorted(set(texts), key=lambda t: (-len(t), t)))


def shapes(words: Words) -> tuple[str, ...]:
    """A cell that has a strong word anywhere, and a cell that is little more than a weak word."""
    found = [f"^(?s:.*)(?:{_any(words.strong)})(?s:.*)$"]
    if words.weak:
        found.append(f"^[^\\n]{{0,8}}(?:{_any(words.weak)})[^\\n]{{0,8}}$")
    return tuple(found)


def _bounded(text: str) -> str:
    """A word as a ``regex`` pattern; Latin ones must not stand inside a longer Latin word."""
    plain = re.escape(text)
    # What stands before is asked last, as nearly no place of a text gets that far.
    return rf"{plain}(?<![A-Za-z]{plain})(?![A-Za-z])" if text.isascii() else plain


def search(words: Words) -> str:
    """The pattern for running text: strong words, entered only at two characters that one of them begins with.

    The library compares a text with every branch of an alternation, one after the other, at every place that it enters.
    """
    ordered = sorted(set(words.strong), key=lambda t: (-len(t), t))
    free, bounded = [t for t in ordered if not t.isascii()], [t for t in ordered if t.isascii()]
    starts = beginnings(free)
    # Within a Latin word no Latin word begins: not even a look at all the others is due there.
    starts += [f"(?<![A-Za-z]){pair}" for pair in beginnings(bounded)]
    guard = f"(?!{_by_beginnings(words.vetoes, re.escape)})" if words.vetoes else ""
    return f"(?={'|'.join(starts)}){guard}(?P<value>{_by_beginnings(ordered, _bounded)})"


def _by_beginnings(texts: Sequence[str], spell: Callable[[str], str]) -> str:
    """An alternation in the order given but for the first characters, which are asked together, thirty at a time."""
    firsts = list(dict.fromkeys(t[0] for t in texts))
    groups = []
    for at in range(0, len(firsts), _TOGETHER):
        those = firsts[at : at + _TOGETHER]
        inside = "|".join(spell(t) for t in texts if t[0] in those)
        groups.append(f"(?={any_of(those)})(?:{inside})")
    return "|".join(groups)


def checker(words: Words) -> Callable[[str], bool]:
    """A test that finds a strong word, or a weak one in a value of at most 24 characters, once vetoes are deleted."""
    strong, weak, veto = _compiled(words)

    def check(text: str) -> bool:
        plain = unicodedata.normalize("NFKC", text)
        plain = veto.sub("", plain) if veto else plain
        return bool(strong.search(plain)) or (weak is not None and len(plain) <= 24 and bool(weak.search(plain)))

    return check


def strength(words: Words) -> Callable[[str], float]:
    """0.7 for a strong word, 0.2 for a weak one, 0 for none."""
    strong, weak, veto = _compiled(words)

    def weigh(text: str) -> float:
        plain = unicodedata.normalize("NFKC", text)
        plain = veto.sub("", plain) if veto else plain
        if strong.search(plain):
            return 0.7
        return 0.2 if weak is not None and weak.search(plain) else 0.0

    return weigh


def _compiled(words: Words) -> tuple[re.Pattern[str], re.Pattern[str] | None, re.Pattern[str] | None]:
    strong = re.compile("|".join(_bounded(t) for t in sorted(set(words.strong), key=len, reverse=True)), re.IGNORECASE)
    weak = re.compile("|".join(_bounded(t) for t in words.weak), re.IGNORECASE) if words.weak else None
    veto = re.compile("|".join(re.escape(t) for t in words.vetoes)) if words.vetoes else None
    return strong, weak, veto
