"""What deleted streams leave behind in a compound file: strings in sectors that belong to nothing any more.

Outlook does not wipe what is removed from a message; on a real file 200 recipients of a deleted draft were found there.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import olefile

_FREE = 0xFFFFFFFF
_FOREIGN = (OSError, ValueError, TypeError, IndexError, AttributeError, struct.error)
_WIDE = re.compile("[\t\x20-\x7e\u00a5\u2010-\u2015\u2460-\u2473\u3000-\u30ff\u3231\u4e00-\u9fff\uff01-\uff9f]{6,}")
#: Names of the file system itself.
_NAMES = ("__substg1.0_", "__properties_", "__nameid_", "__recip_", "__attach_", "Root Entry")
_NARROW = re.compile(rb"[\t\x20-\x7e]{8,}")


def unused_strings(file: olefile.OleFileIO, limit: int) -> str:
    """Strings of at least six characters in unused sectors, one a line; looks at no more than ``limit`` bytes."""
    found: dict[str, None] = {}
    for raw in _unused(file, limit):
        for match in _WIDE.finditer(raw.decode("utf-16-le", "replace")):
            # Binary data reads as rare kanji; what Shift_JIS can write is far less likely by chance.
            if _writable(match[0]):
                found[match[0].strip()] = None
        for narrow in _NARROW.finditer(raw):
            found[narrow[0].decode("ascii").strip()] = None
    return "\n".join(text for text in found if text and not text.startswith(_NAMES))


def _writable(text: str) -> bool:
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _unused(file: olefile.OleFileIO, limit: int) -> list[bytes]:
    """Runs of unused sectors and unused mini sectors; what cannot be read is left out."""
    runs: list[bytes] = []
    try:
        file.loadminifat()
        root = file.direntries[0]
        size = root.size if root.size <= min(limit, file._filesize) else 0
        mini = file._open(root.isectStart, size, force_FAT=True).read() if size else b""
        runs += _runs(mini, list(file.minifat or ()), file.mini_sector_size, limit)
        file.fp.seek(file.sector_size)
        body = file.fp.read(limit)
        runs += _runs(body, list(file.fat), file.sector_size, limit)
    except _FOREIGN:
        pass
    return runs


def _runs(data: bytes, table: list[int], size: int, limit: int) -> list[bytes]:
    runs: list[bytes] = []
    start = -1
    for index in range(min(len(table), len(data) // size, limit // size) + 1):
        free = index < len(table) and table[index] & 0xFFFFFFFF == _FREE
        if free and start < 0:
            start = index
        elif not free and start >= 0:
            runs.append(data[start * size : index * size])
            start = -1
    if start >= 0:
        runs.append(data[start * size :])
    return runs
