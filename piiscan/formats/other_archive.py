"""Archives that are recognised and not unpacked: RAR, LZH, CAB, and others by their signature. Reading only.

The names of the files in them are read where they stand uncompressed; that the files were not is always said.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from piiscan.errors import EncryptedError, LimitError, UnreadableError
from piiscan.formats._archive_names import CAB, RAR4, RAR5, entries, is_lzh
from piiscan.model import Format, Item, Limits, Place, Skipped, Source, Text

#: RAR, CAB; ARJ, ACE (further in), compress, lzip, Zstandard, LZ4, StuffIt, Unix archives.
_SIGNATURES = (
    RAR4, RAR5, CAB, b"\x60\xea", b"\x1f\x9d", b"LZIP", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"StuffIt ", b"SIT!",
    b"!<arch>\n",
)  # fmt: skip


def sniff(source: Source) -> int:
    """70 for a signature of at least four bytes, 20 for a shorter one."""
    head = source.head(64)
    if is_lzh(head) or head[7:14] == b"**ACE**":
        return 70
    found = max((len(s) for s in _SIGNATURES if head.startswith(s)), default=0)
    return 70 if found >= 4 else 20 if found else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The names, and that the files were not read; ``EncryptedError`` when all of them need a password."""
    found = list(islice(entries(source.stream), limits.members + 1))
    if len(found) > limits.members:
        raise LimitError("too_many_members", limit=limits.members)
    for number, entry in enumerate(found, 1):
        if entry.name.strip():
            yield Text(Place(f"member {number}", "member_name"), entry.name)
    if found and all(entry.encrypted for entry in found):
        raise EncryptedError("encrypted")
    if not found:
        raise UnreadableError("archive_not_read")
    yield Skipped("", "archive_not_read")


FORMAT = Format(
    id="other_archive",
    label="その他の書庫",
    suffixes=(".rar", ".lzh", ".cab", ".lha", ".arj", ".ace", ".zst", ".lz", ".lz4", ".z", ".sit"),
    sniff=sniff,
    read=read,
)
