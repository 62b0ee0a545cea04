"""What words begin with, as classes of characters: a pattern that looks at two characters first is entered far less often.

The library compares a text with every branch of an alternation, one after the other, at every place that it enters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

#: First characters whose second ones are asked together.
_ALIKE = 16


def beginnings(texts: Sequence[str]) -> list[str]:
    """Pairs of classes that the first two characters of every text fit; a text of one character has a class alone.

    No character stands in both classes of a pair, so that one that is repeated fits none.
    """
    groups: list[tuple[set[str], set[str]]] = []
    for first in dict.fromkeys(t[0] for t in sorted(texts, key=lambda t: t[1:2]) if len(t) > 1):
        seconds = {t[1] for t in texts if len(t) > 1 and t[0] == first}
        room = (g for g in groups if len(g[0]) < _ALIKE and first not in g[1] and not seconds & g[0])
        group = next(room, None)
        if group is None:
            groups.append(group := (set(), set()))
        group[0].add(first)
        group[1].update(seconds)
    short = [t for t in texts if len(t) == 1]
    return [any_of(first) + any_of(second) for first, second in groups] + ([any_of(short)] if short else [])


def any_of(characters: Iterable[str]) -> str:
    """A class of these characters."""
    return f"[{re.escape(''.join(sorted(set(characters))))}]"
