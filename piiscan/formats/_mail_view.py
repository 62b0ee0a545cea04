"""A readable view of a raw text, and the way back: a change in the view as changes in the raw text.

The view leaves out markup, folds and carriage returns; every piece of it knows where it comes from. An editor gives back
only the whole new view, so what changed is found by comparing, line by line and in bounded time.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, groupby

from piiscan.text import is_telling

#: A stretch of the raw text and how the view shows it; start == end for what only the view has.
Piece = tuple[int, int, str]
#: A stretch of a text and what replaces it.
Edit = tuple[int, int, str]
#: The product of lengths up to which two lines are compared character by character.
_CAREFUL = 400_000
#: What masks put in the place of letters and digits.
_MASKS = "■*"


@dataclass(frozen=True, repr=False)
class View:
    """The pieces of a view in their order; ``text`` is all of them."""

    pieces: Sequence[Piece]

    @property
    def text(self) -> str:
        """The view as one string."""
        return "".join(p[2] for p in self.pieces)

    def raw_edits(self, edits: Iterable[Edit]) -> Iterator[Edit]:
        """Rising, non-overlapping edits of the view as edits of the raw text."""
        for index, group in groupby(self._by_piece(edits), key=lambda found: found[0]):
            raw_start, raw_end, shown = self.pieces[index]
            inner = [edit for _, edit in group]
            if raw_end - raw_start == len(shown):
                yield from ((raw_start + low, raw_start + high, new) for low, high, new in inner)
            elif raw_start < raw_end:
                # Atomic: an entity, an encoded word, a line end. What the edits leave of it is written again.
                yield raw_start, raw_end, edited(shown, inner)
            elif new := "".join(new for _, _, new in inner):
                yield raw_start, raw_start, new

    def _by_piece(self, edits: Iterable[Edit]) -> Iterator[tuple[int, Edit]]:
        """Edits cut at the borders of pieces, in positions of the piece. The first one takes the new text, unless it has
        the outline of the old: then every piece takes what stands in its place."""
        starts, whole = [0, *accumulate(len(p[2]) for p in self.pieces)], self.text
        for start, end, new in edits:
            index = min(bisect_right(starts, start), len(self.pieces)) - 1
            if index < 0:
                continue
            if start == end:
                yield index, (start - starts[index], start - starts[index], new)
            text = new
            in_place = _same_outline(whole[start:end], new)
            while index < len(self.pieces) and starts[index] < end:
                low, high = max(start - starts[index], 0), min(end - starts[index], len(self.pieces[index][2]))
                if low < high:
                    at = starts[index] - start
                    yield index, (low, high, new[at + low : at + high] if in_place else text)
                    text = ""
                index += 1


def edited(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with rising, non-overlapping edits made in it."""
    out, at = [], 0
    for start, end, new in edits:
        out += [text[at:start], new]
        at = end
    return "".join([*out, text[at:]])


@dataclass(frozen=True, repr=False)
class LinesView:
    """A view that only writes every line end as ``\\n``; ``wide`` are the places of those that are two characters."""

    text: str
    wide: array[int]

    def raw_edits(self, edits: Iterable[Edit]) -> Iterator[Edit]:
        """As :meth:`View.raw_edits`; new line ends are written like those of the text."""
        for start, end, new in edits:
            low, high = start + bisect_left(self.wide, start), end + bisect_left(self.wide, end)
            yield low, high, new.replace("\n", "\r\n") if self.wide else new


def lines_view(text: str) -> LinesView:
    """``text`` with every line end as ``\\n``."""
    wide = array("q")
    at = text.find("\r\n")
    while at >= 0:
        wide.append(at - len(wide))
        at = text.find("\r\n", at + 2)
    return LinesView(text.replace("\r\n", "\n").replace("\r", "\n"), wide)


def flowed_view(text: str, delsp: bool) -> View:
    """Text with format=flowed as paragraphs (RFC 3676): soft line breaks joined, space-stuffing removed.

    ``delsp``: the space before a soft break is not part of the text, which Japanese mail relies on.
    """
    pieces: list[Piece] = []
    open_depth = -1
    for match in re.finditer(r"([^\r\n]*)(\r\n|\r|\n|$)", text):
        line, end = match[1], match[2]
        if not line and not end:
            break
        depth = len(line) - len(line.lstrip(">"))
        skip = depth + (line[depth : depth + 1] == " ")
        joined = open_depth == depth and line[skip:] != "-- "
        begin = match.start() + (skip if joined else 0 if depth else skip)
        if open_depth >= 0 and not joined:
            pieces.append((match.start(), match.start(), "\n"))
        soft = line.endswith(" ") and line[skip:] != "-- " and bool(end)
        stop = match.end(1) - (1 if soft and delsp else 0)
        pieces.append((begin, max(begin, stop), text[begin : max(begin, stop)]))
        open_depth = depth if soft else -1
        if not soft and end:
            pieces.append((match.start(2), match.end(2), "\n"))
    return View(pieces)


def windows(text: str, size: int) -> list[tuple[int, int, int]]:
    """(start, end, number of the first line) of stretches of at most about ``size`` characters, cut behind line ends."""
    found = []
    start, line = 0, 1
    while start < len(text):
        end = len(text)
        if end - start > size:
            cut = text.rfind("\n", start, start + size) + 1 or text.find("\n", start + size) + 1
            end = cut or end
        found.append((start, end, line))
        line += text.count("\n", start, end)
        start = end
    return found


def differences(old: str, new: str) -> list[Edit]:
    """Edits that turn ``old`` into ``new``, rising; small where that is cheap to find out, always correct."""
    if old == new:
        return []
    before, after = old.split("\n"), new.split("\n")
    if len(before) != len(after):
        return _trimmed(old, new, 0)
    edits: list[Edit] = []
    at = 0
    for one, other in zip(before, after, strict=True):
        if one != other:
            edits += _line(one, other, at)
        at += len(one) + 1
    return edits


def _same_outline(old: str, new: str) -> bool:
    """Whether ``new`` may be a mask of ``old``: as long, with its spaces and its punctuation in their places."""
    return len(old) == len(new) and all(a == b or not (_is_gap(a) or _is_gap(b)) for a, b in zip(old, new, strict=True))


def _is_gap(sign: str) -> bool:
    return not (is_telling(sign) or sign in _MASKS)


def _trimmed(old: str, new: str, at: int) -> list[Edit]:
    low, high = _common(old, new)
    return [(at + low, at + len(old) - high, new[low : len(new) - high])]


def _common(old: str, new: str) -> tuple[int, int]:
    """How many characters are equal at the start and, of the rest, at the end."""
    bound = min(len(old), len(new))
    low = next((i for i in range(bound) if old[i] != new[i]), bound)
    high = next((i for i in range(bound - low) if old[-1 - i] != new[-1 - i]), bound - low)
    return low, high


def _line(old: str, new: str, at: int) -> list[Edit]:
    if _same_outline(old, new):  # masks: compare place by place
        pairs = "".join("0" if a == b else "1" for a, b in zip(old, new, strict=True))
        return [(at + m.start(), at + m.end(), new[m.start() : m.end()]) for m in re.finditer("1+", pairs)]
    low, high = _common(old, new)
    middle, other = old[low : len(old) - high], new[low : len(new) - high]
    if len(middle) * len(other) > _CAREFUL:
        return [(at + low, at + low + len(middle), other)]
    codes = SequenceMatcher(None, middle, other, autojunk=False).get_opcodes()
    base = at + low
    return [(base + i, base + j, other[k:m]) for kind, i, j, k, m in codes if kind != "equal"]
