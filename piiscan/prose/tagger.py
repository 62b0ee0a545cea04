"""Names without a cue, found by the morphological analyser SudachiPy where ``piiscan[ner]`` is installed.

The analyser splits a text into words and marks surnames and given names. A surname followed by a given name is taken
for a person; a surname alone is not, because it is a place or a firm as often. Nothing is downloaded: the dictionary is
a package like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from piiscan.lexicon import organisations
from piiscan.text import fold_kanji

if TYPE_CHECKING:
    from sudachipy import Morpheme, Tokenizer

#: SudachiPy refuses more than about 49,000 bytes at a time.
WINDOW = 12_000
_BETWEEN = (" ", "　", "・", "＝", "=")


@cache
def tokenizer() -> Tokenizer | None:
    """The analyser, or None when the extra is not installed."""
    if find_spec("sudachipy") is None or not any(find_spec(f"sudachidict_{d}") for d in ("core", "small", "full")):
        return None
    from sudachipy import Dictionary, SplitMode

    size = next(d for d in ("core", "small", "full") if find_spec(f"sudachidict_{d}"))
    dictionary = Dictionary(dict=size)
    return dictionary.tokenizer(SplitMode.C) if hasattr(dictionary, "tokenizer") else dictionary.create(SplitMode.C)


def tagged_names(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every name that the analyser sees in a text; nothing without the extra."""
    analyser = tokenizer()
    if analyser is None or text.isascii():
        return
    folded = fold_kanji(text)
    plain = folded if len(folded) == len(text) else text
    start = 0
    while start < len(plain):
        end = min(len(plain), start + WINDOW)
        if end < len(plain):
            end = max(plain.rfind("\n", start, end), plain.rfind("。", start, end)) + 1 or end
        words = list(analyser.tokenize(plain[start:end]))
        for first, last in _runs(words):
            yield start + first, start + last
        start = end


def _runs(words: list[Morpheme]) -> Iterator[tuple[int, int]]:
    """Runs of name words that hold a whole name: surname and given name, one word that is both, foreign names in parts."""
    position = 0
    while position < len(words):
        kind = _kind(words[position])
        if kind is None:
            position += 1
            continue
        begin, kinds = position, [kind]
        position += 1
        while position < len(words):
            if (kind := _kind(words[position])) is not None:
                kinds.append(kind)
            elif not (
                words[position].surface() in _BETWEEN and position + 1 < len(words) and _kind(words[position + 1])
            ):
                break
            position += 1
        whole = "姓" in kinds and "名" in kinds
        surface = words[begin].surface()
        one = (kinds == ["一般"] and len(surface) >= 3 and any("一" <= c <= "鿿" for c in surface)) or kinds.count(
            "一般"
        ) > 1
        follows = words[position].surface() if position < len(words) else ""
        if (whole or one) and organisations.organisation_score(surface + follows) < 0.5:
            yield words[begin].begin(), words[position - 1].end()


def _kind(word: Morpheme) -> str | None:
    """姓, 名 or 一般 for a word of a person's name."""
    tags = word.part_of_speech()
    return tags[3] if tags[1] == "固有名詞" and tags[2] == "人名" else None
