"""Office files behind a password (xlsx, docx, pptx): a compound file around one encrypted package. [MS-OFFCRYPTO] 2.3.

Nothing in them can be read without the password; to say so is all this format does.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from piiscan.errors import EncryptedError
from piiscan.model import Format, Item, Limits, Source

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = ("EncryptedPackage", "EncryptionInfo")
#: Version and sector size, [MS-CFB] 2.2: olefile believes any other too.
_SIZES = ((9, 6), (12, 6))
_FOREIGN = (
    OSError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    AttributeError,
    struct.error,
    EOFError,
    RecursionError,
)


def sniff(source: Source) -> int:
    """95 for a compound file with the streams of an encrypted package, 45 for a damaged one that names them."""
    head = source.head(512)
    if not head.startswith(_MAGIC) or len(head) < 512:
        return 0
    import olefile

    try:
        if struct.unpack_from("<HH", head, 30) in _SIZES:
            with olefile.OleFileIO(source.stream) as file:
                return 95 if any(file.exists(name) for name in _STREAMS) else 0
    except _FOREIGN:
        return 45 if _names_them(source) else 0
    finally:
        source.stream.seek(0)
    return 0


def _names_them(source: Source) -> bool:
    """Whether the start of the file, where Office writes the directory, has the name of one of the streams."""
    start = source.head(1024 * 1024)
    return any(name.encode("utf-16-le") in start for name in _STREAMS)


def read(source: Source, limits: Limits) -> Iterator[Item]:  # noqa: ARG001 -- nothing is read
    """Raises ``EncryptedError``."""
    raise EncryptedError("encrypted")
    yield


FORMAT = Format(
    id="encrypted_office",
    label="パスワード付き Office ファイル",
    suffixes=(".xlsx", ".xlsm", ".docx", ".pptx"),
    sniff=sniff,
    read=read,
)
