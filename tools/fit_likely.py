"""Fits the weights of ``piiscan/prose/likely.json`` to the marked texts in ``tests/texts``, and says how well they do.

usage: python tools/fit_likely.py [--check]

Every file is left out once, the weights are fitted to the others, and the names in it are looked for: that is what is
printed, because of texts that the weights were fitted to they say little. ``--check`` writes nothing.

A text is marked like this: ``[n:山田 太郎]様`` names somebody, ``[d:山田電機]`` may be either and is left out; ``[a:`` ``[p:`` ``[e:``
and ``[b:`` are addresses, telephone numbers, mail addresses and birth dates. All people in the texts are invented.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from piiscan.prose.finding import known_spans
from piiscan.prose.likely import least_weight, weighable
from piiscan.prose.searching import Same
from piiscan.registry import detectors

TEXTS = Path(__file__).parent.parent / "tests" / "texts"
WEIGHTS = Path(__file__).parent.parent / "piiscan" / "prose" / "likely.json"
MARK = re.compile(r"\[([nadpeb]):([^\[\]\n]*)\]")
#: Features that fewer words than this have say nothing.
FEWEST = 3
#: How strongly weights are drawn to zero, and how often they are improved.
PENALTY, STEPS, RATE = 1.0, 300, 0.1


class Marked(NamedTuple):
    """A text and what stands in it: (start, end, mark)."""

    text: str
    marks: list[tuple[int, int, str]]


class Word(NamedTuple):
    """A word that may be a name: whether it is one, its features, and what they must weigh to make it one."""

    named: bool
    features: list[str]
    least: float


def marked_texts(path: Path) -> Iterator[Marked]:
    """The texts of one file."""
    for part in path.read_text("utf-8").split("%%% ")[1:]:
        body = part.partition("\n")[2]
        text, marks, done = "", [], 0
        for mark in MARK.finditer(body):
            text += body[done : mark.start()]
            marks.append((len(text), len(text) + len(mark[2]), mark[1]))
            text, done = text + mark[2], mark.end()
        yield Marked(text + body[done:], marks)


def words_of(marked: Marked) -> Iterator[Word]:
    """The words of a text and of its paragraphs alone, of which the marks say what they are; not those that are a later
    part of a name. In a document of Office each paragraph is a text by itself."""
    for piece in (marked, *_paragraphs(marked)):
        found = known_spans(Same(detectors()), piece.text, prose=True)
        for word, features in weighable(piece.text, found):
            touched = [m for m in piece.marks if m[0] < word.end and word.start < m[1]]
            whole = [m for m in touched if m[2] == "n" and m[0] == word.start and word.end <= m[1]]
            begins = any(end == word.end or piece.text[word.end] in " \u3000・" for _, end, _ in whole)
            if begins or not any(m[2] in "nd" for m in touched):
                yield Word(begins, [f for group in features for f in group], least_weight(found))


def _paragraphs(marked: Marked) -> Iterator[Marked]:
    """The paragraphs of a text, and its lines, each as a text."""
    for border in (r"\n[ \t\u3000]*\n", r"\n"):
        start = 0
        for end, after in (*(m.span() for m in re.finditer(border, marked.text)), (len(marked.text), 0)):
            marks = [(a - start, b - start, kind) for a, b, kind in marked.marks if start <= a and b <= end]
            if end > start:
                yield Marked(marked.text[start:end], marks)
            start = after


def fitted(words: Sequence[Word]) -> dict[str, float]:
    """Weights of features by logistic regression with a penalty for large ones."""
    times = Counter(f for word in words for f in word.features)
    known = {f: n for n, f in enumerate(sorted(f for f, count in times.items() if count >= FEWEST))}
    given = [[known[f] for f in word.features if f in known] for word in words]
    columns = np.array([n for row in given for n in row])
    rows = np.repeat(np.arange(len(given)), list(map(len, given)))
    named = np.array([w.named for w in words], dtype=np.float64)
    weights, mean, spread = (np.zeros(len(known)) for _ in range(3))
    for step in range(1, STEPS + 1):  # Adam
        told = np.bincount(rows, weights[columns], len(given))
        wrong = 1 / (1 + np.exp(-told)) - named
        slope = np.bincount(columns, wrong[rows], len(known)) + PENALTY * weights
        mean, spread = 0.9 * mean + 0.1 * slope, 0.999 * spread + 0.001 * slope**2
        weights -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    return {f: round(float(weights[n]), 2) for f, n in known.items() if abs(weights[n]) >= 0.005}


def score(weights: Mapping[str, float], words: Iterable[Word]) -> tuple[int, int, int]:
    """How many names are found, how many words are wrongly, and how many names there are."""
    told = [(sum(weights.get(f, 0.0) for f in w.features) >= w.least, w.named) for w in words]
    return sum(t and n for t, n in told), sum(t and not n for t, n in told), sum(n for _, n in told)


def main(*arguments: str) -> int:
    """Prints how well the weights do on what they have not seen, and writes those fitted to everything."""
    files = {path.stem: [w for m in marked_texts(path) for w in words_of(m)] for path in sorted(TEXTS.glob("*.txt"))}
    for left_out, words in files.items():
        found, wrong, there = score(fitted([w for n, ws in files.items() if n != left_out for w in ws]), words)
        told = f"precision {found / max(1, found + wrong):.3f} recall {found / there:.3f} of {there}" if there else ""
        print(f"{left_out:14} {len(words):6} words: {found:5} found, {wrong:3} wrong  {told}")
    if "--check" not in arguments:
        weights: dict[str, Any] = fitted([w for words in files.values() for w in words])
        WEIGHTS.write_text(json.dumps(weights, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
