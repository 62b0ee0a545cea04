"""What the places in a mail have in common: slots, their edits, and what the slots of one mail share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from piiscan.errors import UnsafeCopyError
from piiscan.formats._mail_map import Part
from piiscan.formats._mail_words import decode_words
from piiscan.model import Limits, Member, Skipped, Text

#: A stretch of the mail's bytes and what replaces it.
RawEdit = tuple[int, int, bytes]
Item = Text | Member | Skipped
Answer = str | bytes | None


@dataclass(frozen=True, repr=False)
class Slot:
    """Some items that are written together. ``write`` gets one answer an item (None: leave it) and gives edits.

    ``whole``: where the part begins and ends that can be left out with its header; the same number twice for none.
    """

    items: tuple[Item, ...]
    write: Callable[[Sequence[Answer]], list[RawEdit]]
    whole: tuple[int, int] = (0, 0)


@dataclass(slots=True, repr=False)
class Mail:
    """What the slots of one mail share; ``hint`` is the first charset that any part declares."""

    data: bytes
    limits: Limits
    newline: bytes
    hint: str | None
    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    encrypted_below: list[str] = field(default_factory=list)

    def count(self, kind: str) -> str:
        """``body`` the first time, then ``body/2`` and so on."""
        self.counts[kind] = number = self.counts.get(kind, 0) + 1
        return kind if number == 1 else f"{kind}/{number}"


def charset(part: Part) -> str | None:
    """The charset that a part declares, in lower case."""
    value = next((p.value for p in part.types if p.name == "charset"), "")
    return "".join(c for c in decode_words(value).lower() if "!" <= c <= "~")[:64] or None


def apply(data: bytes, edits: list[RawEdit]) -> Iterator[bytes]:
    """The mail with all edits made, in pieces; raises ``UnsafeCopyError`` when two edits touch the same bytes."""
    at = 0
    for start, end, new in sorted(edits, key=lambda e: (e[0], e[1])):
        if start < at:
            raise UnsafeCopyError("damaged")
        yield data[at:start]
        yield new
        at = end
    yield data[at:]
