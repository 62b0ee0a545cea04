"""A walk over DER and BER: one pass, no recursion, every length checked against what is there. ITU-T X.690, 8.1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from piiscan.errors import LimitError, UnreadableError

#: Signed mail nests some fifteen deep.
_DEEPEST = 40
_MOST = 2_000_000
_CONSTRUCTED = 0x20


@dataclass(frozen=True, slots=True)
class Value:
    """A value that holds no others: where it stands in the tree (index of each step), its tag byte, and its stretch."""

    path: tuple[int, ...]
    tag: int
    start: int
    end: int


@dataclass(slots=True)
class _Open:
    """A value being walked: where it ends (None: at an end mark), and how many values were in it so far."""

    end: int | None
    count: int = 0


def values(data: bytes) -> Iterator[Value]:
    """The values without others in them, in order; raises ``UnreadableError`` where the structure breaks."""
    stack = [_Open(len(data))]
    at = seen = 0
    while stack:
        top = stack[-1]
        if top.end is not None and at >= top.end:
            stack.pop()
            continue
        tag, length, at = _head(data, at)
        if top.end is None and tag == 0 and length == 0:
            stack.pop()
            continue
        seen += 1
        if seen > _MOST or len(stack) > _DEEPEST:
            raise LimitError("too_deep" if len(stack) > _DEEPEST else "too_large")
        bound = next((o.end for o in reversed(stack) if o.end is not None), len(data))
        end = None if length is None else at + length
        if end is not None and end > bound:
            raise UnreadableError("damaged")
        index, top.count = top.count, top.count + 1
        if tag & _CONSTRUCTED:
            stack.append(_Open(end))
            continue
        if end is None:
            raise UnreadableError("damaged")
        if len(stack) > 1:
            path = (*(o.count - 1 for o in stack[1:-1]), index)
            yield Value(path, tag, at, end)
        at = end


def _head(data: bytes, at: int) -> tuple[int, int | None, int]:
    """Tag byte, length (None: to an end mark), and where the content begins."""
    try:
        tag = data[at]
        at += 1
        if tag & 0x1F == 0x1F:  # a tag number of several bytes, which only its first one is needed of
            while data[at] & 0x80:
                at += 1
            at += 1
        length = data[at]
        at += 1
        if length < 0x80:
            return tag, length, at
        if length == 0x80:
            return tag, None, at
        count = length & 0x7F
        if count > 8 or at + count > len(data):
            raise UnreadableError("damaged")
        return tag, int.from_bytes(data[at : at + count]), at + count
    except IndexError:
        raise UnreadableError("damaged") from None
