"""How many different hashes there are: of a file, of a run, and of each file those that no other has had.

Small numbers are counted in a set, large ones by sorting in numpy, which takes as long to import as a set to fill.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from piiscan.people.hashing import Hashes

if TYPE_CHECKING:
    from piiscan.people.hashing import Words

#: Below so many hashes a set is as fast as importing numpy.
_SMALL = 200_000


def count(hashes: Iterable[Hashes]) -> int:
    """How many different hashes there are, exactly; 0, the row with nothing in it, is not counted."""
    return len(_distinct(list(hashes)))


def ordered(hashes: Hashes) -> Hashes:
    """The same hashes, those of a large part in order: parts are sorted side by side, the whole is not."""
    if isinstance(hashes, array):
        return hashes
    import numpy as np

    return np.sort(hashes)


def merge(hashes: Iterable[Hashes]) -> Hashes:
    """The different hashes without 0, sorted: what one file hands on to the count of the run.

    Never a numpy array: who takes it from another process shall not have to import numpy.
    """
    found = _distinct(list(hashes))
    if isinstance(found, set):
        return array("Q", sorted(found))
    merged = array("Q")
    merged.frombytes(found.tobytes())
    return merged


def fresh(hashes: Sequence[Hashes]) -> list[int]:
    """How many hashes of each are in none before it; 0 is not counted."""
    if sum(map(len, hashes)) < _SMALL:
        seen = {0}
        counts = []
        for part in hashes:
            new = set(part.tolist()) - seen
            seen |= new
            counts.append(len(new))
        return counts
    import numpy as np

    whole = np.concatenate([np.frombuffer(part, dtype=np.uint64) for part in hashes])
    owner = np.repeat(np.arange(len(hashes)), [len(part) for part in hashes])
    order = np.argsort(whole, kind="stable")  # equal ones stay in the order of their owners
    whole, owner = whole[order], owner[order]
    first = np.concatenate(([True], whole[1:] != whole[:-1])) & (whole != 0)
    counted: list[int] = np.bincount(owner[first], minlength=len(hashes)).tolist()
    return counted


def _distinct(arrays: list[Hashes]) -> set[int] | Words:
    total = sum(map(len, arrays))
    if total == 0 or total < _SMALL:
        small: set[int] = set()
        for part in arrays:
            small.update(part.tolist())
        return small - {0}
    import numpy as np

    whole = np.concatenate([np.frombuffer(part, dtype=np.uint64) for part in arrays if len(part)])
    whole.sort(kind="stable")  # merges what is in order already, as parts are that went through ``ordered``
    fresh = np.empty(len(whole), dtype=bool)
    fresh[0] = whole[0] != 0
    np.not_equal(whole[1:], whole[:-1], out=fresh[1:])
    return whole[fresh]
