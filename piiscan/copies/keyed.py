"""Numbers that follow from a secret key and a value, and from nothing else: what stand-ins are made of.

Every purpose has a key of its own, derived with HMAC-SHA-256, so that a telephone number and a customer number that
look alike say nothing about each other. The permutation is a Feistel network of ten rounds of keyed BLAKE2b with cycle walking. Over
a small set, such as all numbers of four digits, no cipher is strong against one who knows some pairs already:
NIST SP 800-38G Rev. 1 asks for a million at least.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from piiscan.copies.secret_file import read_secret
from piiscan.errors import UsageError
from piiscan.model import Draw, Keyed

#: First word of a key file, so that a wrong file is told from a key; the 32 random bytes follow, base64url.
PREFIX = "piiscan-key-1"
KEY_BYTES = 32
#: How many stand-ins are thought of for each value, should others of the run have the first ones.
CHOICES = 4
_ROUNDS = 10
#: Stand-ins that are remembered; more are thought of anew, which gives the same.
_MADE = 100_000
_MARK = 10
#: Numbers below so many are remembered: there are few, such as the towns of a prefecture, and they come often.
_FEW = 10_000

#: Value of a purpose, hashed → how many of its first stand-ins others have already.
Bumps = Mapping[bytes, int]


def read_key(path: str) -> bytes:
    """The key in a file that ``piiscan key new`` made; raises ``UsageError`` for another file or one others may read."""
    word, _, text = read_secret(path, "key_file_wrong").partition(" ")
    try:
        key = urlsafe_b64decode(text)
    except (Base64Error, ValueError):
        key = b""
    if word != PREFIX or len(key) != KEY_BYTES:
        raise UsageError("key_file_wrong", path=path)
    return key


@lru_cache(maxsize=256)
def subkey(key: bytes, purpose: str) -> bytes:
    """The key for one purpose: 32 bytes that say nothing about those for others."""
    return hmac.digest(key, b"piiscan stand-in 1\0" + purpose.encode(), "sha256")


def digest(key: bytes, purpose: str, value: str) -> bytes:
    """16 bytes by which a value is known without being told."""
    return hmac.digest(subkey(key, purpose), value.encode("utf-8", "surrogatepass"), "sha256")[:16]


class StandIns:
    """Makes the parts of stand-ins for one key, and remembers which value was given which.

    ``wishes``: hashed value → hashes of its first stand-ins, best first; filled when ``survey`` is set. ``firsts``: the
    same of the very first alone, filled when ``tell_firsts`` is; ``used`` then gathers the hashed values that were asked
    about, for whoever empties it.
    """

    def __init__(
        self,
        key: bytes,
        bumps: Bumps | None = None,
        *,
        survey: bool = False,
        exact: bool = False,
        tell_firsts: bool = False,
    ) -> None:
        self._key, self._bumps, self._survey, self.exact = key, bumps or {}, survey, exact
        self._made: dict[tuple[str, str], tuple[str, bytes]] = {}
        self._tell_firsts = tell_firsts
        self.wishes: dict[bytes, tuple[bytes, ...]] = {}
        self.firsts: dict[bytes, bytes] = {}
        self.used: list[bytes] = []

    def for_row(self, row: Mapping[str, str]) -> Keyed:
        """What a keyed action gets for a value with these neighbours."""
        return Keyed(self.unique, self.permute, row, self.exact)

    def no_row(self, _at: object) -> Keyed:
        """The same for a value without neighbours."""
        return self.for_row({})

    def unique(self, purpose: str, value: str, make: Callable[[Draw], str]) -> str:
        """What ``make`` makes of the value's numbers. What it says behind a vertical tab must differ, part by part."""
        known = self._made.get((purpose, value))
        if known is None:
            name = digest(self._key, purpose, value)
            found = make(_draw(subkey(self._key, purpose), name, self._bumps.get(name, 0)))
            if len(self._made) < _MADE:
                self._made[purpose, value] = found, name
            if self._survey and name not in self.wishes:
                # What differs by one mark, such as a surname, comes from a set that a run may fill to a good part.
                choices = 4 * CHOICES if found.count("\v") == 1 else CHOICES
                rest = (make(_draw(subkey(self._key, purpose), name, n)) for n in range(1, choices))
                self.wishes[name] = tuple(_marks(purpose, text) for text in (found, *rest))
            if self._tell_firsts and name not in self.firsts:
                self.firsts[name] = _marks(purpose, found)
        else:
            found, name = known
        if self._tell_firsts:
            self.used.append(name)
        return found

    def permute(self, purpose: str, number: int, size: int) -> int:
        """Another number below ``size``; different numbers give different ones."""
        moved = _permuted if size > _FEW else _permuted_few
        return moved(subkey(self._key, f"{purpose} {size}"), number, size)


def settle(wishes: Mapping[bytes, tuple[bytes, ...]]) -> dict[bytes, int]:
    """Who must take another than the first wish so that no two get the same; what is not named keeps its first.

    The same for the same set of values, in whatever order they come.
    """
    return settle_late({name: wishes[name][0] for name in wishes}, lambda _: wishes)


def settle_late(
    firsts: Mapping[bytes, bytes], wishes_of: Callable[[frozenset[bytes]], Mapping[bytes, tuple[bytes, ...]]]
) -> dict[bytes, int]:
    """The same from the first wishes alone. ``wishes_of`` is asked for all wishes of those who come too late for theirs."""
    taken: set[bytes] = set()
    late: list[bytes] = []
    for name in sorted(firsts):
        first = _parts(firsts[name])
        if not taken.isdisjoint(first):
            late.append(name)
        taken.update(first)
    bumps: dict[bytes, int] = {}
    wishes = wishes_of(frozenset(late)) if late else {}
    for name in late:
        free = [n for n, wish in enumerate(wishes[name]) if n and taken.isdisjoint(_parts(wish))]
        if free:
            bumps[name] = free[0]
            taken.update(_parts(wishes[name][free[0]]))
    return bumps


def _marks(purpose: str, text: str) -> bytes:
    """The hashes of all by which a stand-in may be known: of what stands behind vertical tabs, else of all of it."""
    _, *told = text.split("\v")
    marks = (f"{purpose}\0{part}".encode("utf-8", "surrogatepass") for part in told or [text])
    return b"".join(hashlib.blake2b(mark, digest_size=_MARK).digest() for mark in marks)


def _parts(marks: bytes) -> set[bytes]:
    return {marks[at : at + _MARK] for at in range(0, len(marks), _MARK)}


def _draw(key: bytes, name: bytes, bump: int) -> Draw:
    """Numbers from a stream of keyed bytes; 128 bits for each, so that none is likelier than another."""

    def numbers() -> Iterator[int]:
        count = 0
        while True:
            block = hmac.digest(key, name + bytes((bump,)) + count.to_bytes(4, "big"), "sha256")
            yield int.from_bytes(block[:16], "big")
            yield int.from_bytes(block[16:], "big")
            count += 1

    stream = numbers()
    return lambda below: next(stream) % below


def _permuted(key: bytes, number: int, size: int) -> int:
    if size < 2:
        return number
    half = ((size - 1).bit_length() + 1) // 2
    mask = (1 << half) - 1
    width = (half + 7) // 8
    while True:
        left, right = number >> half, number & mask
        for step in range(_ROUNDS):
            mixed = hashlib.blake2b(bytes((step,)) + right.to_bytes(width, "big"), key=key, digest_size=64).digest()
            left, right = right, left ^ (int.from_bytes(mixed, "big") & mask)
        number = left << half | right
        if number < size:
            return number


_permuted_few = lru_cache(maxsize=1 << 18)(_permuted)
