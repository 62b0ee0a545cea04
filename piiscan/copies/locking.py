"""Locks files with a password: Office files in Office's own encryption, everything else as an AES-256 zip.

What is written counts only when it has been decrypted again and compared with what went in, and when a wrong password
was refused. Clear text is in memory or in the source, never in a file of ours. Office: [MS-OFFCRYPTO] 2.3.4.10 (agile
encryption, AES-256, SHA-512, 100,000 rounds). Zip: WinZip's AE-1 and AE-2, https://www.winzip.com/en/support/aes-encryption/,
which leave the names of the files readable and which Windows Explorer does not open.
"""

from __future__ import annotations

import io
import os
import secrets
import shutil
import time
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from piiscan.errors import UnsafeCopyError
from piiscan.model import Limits, Source
from piiscan.zips.safe_zip import SafeZip, open_zip

_KINDS = ("xls", "xlt", "doc", "dot", "ppt", "pot", "pps")
#: Suffixes of the Office files that are packages; templates, shows and the kinds with macros among them.
OFFICE = frozenset(f".{kind}{end}" for kind in _KINDS for end in "xm")
#: A shorter package would be put where the compound file's short streams are, and msoffcrypto 6.1.0 writes that wrong.
LEAST_PACKAGE = 4096
MOST_PASSWORD = 255  # code units, [MS-OFFCRYPTO] 4
_CHUNK = 1024 * 1024
_TYPES = "[content_types].xml"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_EARLIEST = (1980, 1, 1, 0, 0, 0)

_VOWELS = {
    "k": "aiueo",
    "s": "aueo",
    "t": "aeo",
    "n": "aeo",
    "h": "aeo",
    "m": "aiueo",
    "y": "auo",
    "r": "aiueo",
    "w": "a",
}
#: Two-letter syllables that cannot be mistaken for one another when they are read aloud, and have one spelling each.
SYLLABLES = tuple(consonant + vowel for consonant, vowels in _VOWELS.items() for vowel in vowels)
_GROUPS = 4


@dataclass(frozen=True, repr=False)
class Entry:
    """A file to go into a zip. ``modified``: seconds since 1970."""

    name: str
    source: Source
    modified: float


def new_password() -> str:
    """A password to be read out on the telephone, like ``kamiso47-…``: four groups of three syllables and two digits.

    32 syllables give 5 bits each and two digits log2(100) = 6.64, so a group has 21.64 and the whole 86.6 bits.
    """
    words = ["".join(secrets.choice(SYLLABLES) for _ in range(3)) for _ in range(_GROUPS)]
    return "-".join(f"{word}{secrets.randbelow(100):02}" for word in words)


def is_office(source: Source) -> bool:
    """Whether Office itself can open an encrypted copy: by its name, and by being a package with content types."""
    if source.suffix not in OFFICE or source.head(4) != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(source.stream) as package:
            return any(name.replace("\\", "/").lstrip("/").lower() == _TYPES for name in package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    finally:
        source.stream.seek(0)


def refuse_protected(source: Source) -> None:
    """Raises ``UnsafeCopyError`` for an Office file or a zip that has a password already."""
    head = source.head(1024 * 1024)
    if head.startswith(_COMPOUND) and _ENCRYPTED_STREAM in head:
        raise UnsafeCopyError("already_protected")
    if not head.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(source.stream) as package:
            locked = any(info.flag_bits & 1 for info in package.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return
    finally:
        source.stream.seek(0)
    if locked:
        raise UnsafeCopyError("already_protected")


# ---------------------------------------------------------------- Office


def lock_office(source: Source, out: BinaryIO, password: str, limits: Limits) -> bytes:
    """Writes the encrypted file; gives the package that is in it. Raises ``UnsafeCopyError`` when it cannot be made."""
    from msoffcrypto.exceptions import EncryptionError, FileFormatError
    from msoffcrypto.format.ooxml import OOXMLFile

    source.stream.seek(0)
    package = source.stream.read()
    if len(package) < LEAST_PACKAGE:
        package = _longer(source.stream, limits)
    try:
        OOXMLFile(io.BytesIO(package)).encrypt(password, out)
    except (EncryptionError, FileFormatError):
        raise UnsafeCopyError("protect_failed") from None
    return package


def check_office(stream: BinaryIO, package: bytes, source: Source, password: str, limits: Limits) -> None:
    """Raises ``UnsafeCopyError`` unless the password, and no other, gives back a package with every part of the source."""
    opened = _decrypted(stream, password)
    if opened is None or opened != package:
        raise UnsafeCopyError("copy_does_not_open")
    if _decrypted(stream, _another(password)) is not None:
        raise UnsafeCopyError("protect_any_password")
    source.stream.seek(0)
    if source.size == len(package) and source.stream.read() == package:
        return
    before, after = (_parts(s, limits) for s in (source.stream, cast(BinaryIO, io.BytesIO(package))))
    if [name for name, _ in before] != [name for name, _ in after]:
        raise UnsafeCopyError("copy_does_not_open")
    for (name, old), (_, new) in zip(before, after, strict=True):
        if old != new and not (_is_types(name) and new.startswith(old) and not new[len(old) :].strip(b" \0")):
            raise UnsafeCopyError("copy_does_not_open")


def _decrypted(stream: BinaryIO, password: str) -> bytes | None:
    """The package in an encrypted file, its integrity verified; None when the password does not open it."""
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    try:
        stream.seek(0)
        file = OOXMLFile(stream)
        file.load_key(password=password, verify_password=True)
        file.decrypt(out, verify_integrity=True)
    except (DecryptionError, FileFormatError, InvalidKeyError, ParseError, OSError, ValueError, KeyError, IndexError):
        return None
    return out.getvalue()


def _another(password: str) -> str:
    """A password that is not this one, not longer than allowed."""
    return password[:-1] + ("y" if password.endswith("x") else "x")


def _longer(stream: BinaryIO, limits: Limits) -> bytes:
    """The same package with its parts stored instead of deflated, and if need be white space behind the content types."""
    archive = open_zip(stream, limits)
    if archive.ambiguous:
        raise UnsafeCopyError("ambiguous_members")
    package = _stored(archive, 0)
    return package if len(package) >= LEAST_PACKAGE else _stored(archive, LEAST_PACKAGE - len(package))


def _stored(archive: SafeZip, padding: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for member in archive.members:
            content = b"" if member.is_folder else archive.read(member)
            if _is_types(member.name):
                wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
                blank = b" " if not wide else b" \0" if content[0] == 0xFF else b"\0 "
                content += blank * padding
            info = zipfile.ZipInfo(member.name, member.info.date_time)
            info.external_attr = member.info.external_attr
            package.writestr(info, content)
    return out.getvalue()


def _is_types(name: str) -> bool:
    return name.replace("\\", "/").lstrip("/").lower() == _TYPES


def _parts(stream: BinaryIO, limits: Limits) -> list[tuple[str, bytes]]:
    archive = open_zip(stream, limits)
    return [(m.name, b"" if m.is_folder else archive.read(m)) for m in archive.members]


# ---------------------------------------------------------------- zip


def lock_zip(entries: Sequence[Entry], out: BinaryIO, password: str) -> None:
    """Writes a zip of the entries, each encrypted with AES-256."""
    import pyzipper

    archive = pyzipper.AESZipFile(out, "w", compression=zipfile.ZIP_DEFLATED, encryption=pyzipper.WZ_AES)
    try:
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        for entry in entries:
            # Through a method of the archive, because pyzipper's own ZipInfo has fields that zipfile's lacks.
            info = archive.zipinfo_cls(unicode_name(entry.name), _date(entry.modified))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.file_size = entry.source.size
            entry.source.stream.seek(0)
            with archive.open(info, "w") as member:
                shutil.copyfileobj(entry.source.stream, member, _CHUNK)
        archive.close()
    except BaseException:
        archive.fp = None  # what is half written is not to be finished, nor to complain of that on standard error
        raise


def check_zip(stream: BinaryIO, entries: Sequence[Entry], password: str) -> None:
    """Raises ``UnsafeCopyError`` unless the password, and no other, gives back every entry byte for byte."""
    import pyzipper

    try:
        stream.seek(0)
        with pyzipper.AESZipFile(stream) as archive:
            infos = archive.infolist()
            if [i.filename for i in infos] != [unicode_name(e.name) for e in entries]:
                raise UnsafeCopyError("copy_does_not_open")
            if any(i.wz_aes_strength != 3 or not i.flag_bits & 1 for i in infos):  # 3 is AES-256
                raise UnsafeCopyError("protect_failed")
            archive.setpassword(password.encode())
            for info, entry in zip(infos, entries, strict=True):
                entry.source.stream.seek(0)
                with archive.open(info) as member:
                    if not _same(member, entry.source.stream):
                        raise UnsafeCopyError("copy_does_not_open")
    except (pyzipper.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        raise UnsafeCopyError("copy_does_not_open") from None
    smallest = min(range(len(entries)), key=lambda n: entries[n].source.size)
    if _opens(stream, smallest, _another(password)):
        raise UnsafeCopyError("protect_any_password")


def _opens(stream: BinaryIO, number: int, password: str) -> bool:
    """Whether the password opens an entry. One wrong password in 65,536 is only told by the checksum behind the data."""
    import pyzipper

    try:
        stream.seek(0)
        with pyzipper.AESZipFile(stream) as archive:
            archive.setpassword(password.encode())
            with archive.open(archive.infolist()[number]) as member:
                while member.read(_CHUNK):
                    pass
    except (pyzipper.BadZipFile, zlib.error, RuntimeError, EOFError):
        return False
    return True


def _same(one: Any, other: BinaryIO) -> bool:
    for piece in _pieces(one):
        if piece != other.read(len(piece)):
            return False
    return not other.read(1)


def _pieces(stream: Any) -> Iterator[bytes]:
    while piece := stream.read(_CHUNK):
        yield piece


def unicode_name(name: str) -> str:
    """A file name that UTF-8 can hold: bytes that the system could not decode are Japanese Windows names, or lost."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("cp932", "replace")
    return name


def _date(seconds: float) -> tuple[int, ...]:
    try:
        return max(time.localtime(seconds)[:6], _EARLIEST)
    except (OverflowError, ValueError, OSError):
        return _EARLIEST
