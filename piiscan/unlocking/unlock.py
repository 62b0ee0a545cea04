"""Opens what is protected by a password: Office files, OpenDocument, PDF, and entries of zip archives.

Tried are the password that Excel itself gives to workbooks it protects, and those the user passed. What comes out stays
in memory. [MS-OFFCRYPTO]; OpenDocument 1.3 part 2, chapter 4; PKWARE APPNOTE 6.3.10 and WinZip AE-2.
"""

from __future__ import annotations

import io
import struct
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO
from xml.parsers.expat import ExpatError

from piiscan.errors import LimitError
from piiscan.formats._mail_names import clean_path, unique
from piiscan.model import Limits, Member, Skipped, Source
from piiscan.unlocking._odf import open_document
from piiscan.unlocking._xor import open_book

if TYPE_CHECKING:
    from pyzipper import AESZipFile

#: Excel encrypts a workbook whose structure is protected with this, and opens it without asking. [MS-OFFCRYPTO] 2.4.2.3
BUILT_IN = "VelvetSweatshop"
MOST_SECONDS = 60.0
#: What is opened in memory may be this part of the memory that is allowed: it is held twice, and then read.
_MEMORY_PART = 6
_OLE, _ZIP, _PDF, _BIFF = b"\xd0\xcf\x11\xe0", b"PK", b"%PDF", b"\x09\x08"
_CHUNK = 1024 * 1024
_Attempt = Callable[[BinaryIO, str], bytes | None]
_FOREIGN = (
    OSError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    AttributeError,
    EOFError,
    RuntimeError,
    ArithmeticError,
    AssertionError,
    NameError,
    UnicodeError,
    ExpatError,
    zlib.error,
    struct.error,
)


def whole(source: Source, passwords: Iterable[str], limits: Limits) -> Source | None:
    """The same source without its protection; None when no password opens it. Raises ``LimitError`` for a giant."""
    head = source.head(8)
    if source.size * _MEMORY_PART > limits.memory_bytes:
        raise LimitError("too_large")
    given = tuple(passwords)[: limits.passwords]
    deadline = time.monotonic() + MOST_SECONDS
    opened: bytes | None = None
    if head.startswith(_OLE):
        opened = _first(_office, source, (BUILT_IN, *given), deadline)
        opened = opened or _first(open_book, source, (BUILT_IN, *given), deadline)
    elif head.startswith(_BIFF):
        opened = _first(open_book, source, (BUILT_IN, *given), deadline)
    elif head.startswith(_ZIP):
        opened = open_document(source, given, limits, deadline)
    elif _PDF in source.head(1024):
        opened = _first(_pdf, source, given, deadline)
    source.stream.seek(0)
    if opened is None:
        return None
    return Source(source.path, source.member, source.name, io.BytesIO(opened), len(opened), source.depth)


def _first(attempt: _Attempt, source: Source, passwords: Iterable[str], deadline: float) -> bytes | None:
    for password in dict.fromkeys(passwords):
        if time.monotonic() > deadline:
            return None
        source.stream.seek(0)
        opened = attempt(source.stream, password)
        if opened:
            return opened
    return None


def _office(stream: BinaryIO, password: str) -> bytes | None:
    """An Office file of any version without its encryption."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    out = io.BytesIO()
    try:
        file = OfficeFile(stream)
        if file.format == "ooxml":
            # The library's check refuses the right password of files with SHA-1; there the content tells.
            sha1 = "SHA1" in str(file.info.get("passwordHashAlgorithm")) if isinstance(file.info, dict) else False
            file.load_key(password=password, verify_password=not sha1)
        else:
            file.load_key(password=password)
        file.decrypt(out)
    except (*_FOREIGN, DecryptionError, FileFormatError, InvalidKeyError, ParseError, UnsupportedAlgorithm):
        return None
    data = out.getvalue()
    return data if data.startswith((_ZIP, _OLE)) else None


def _pdf(stream: BinaryIO, password: str) -> bytes | None:
    """A PDF file without its encryption; None as well when the library for PDF is not installed."""
    try:
        import pypdfium2  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        return None
    out = io.BytesIO()
    data = stream.read()
    try:
        document = pypdfium2.PdfDocument(data, password=password)
        try:
            for number, state in _earlier_states(data, password):
                document.new_attachment(f"revision-{number}.pdf").set_data(state)
            document.save(out, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
        finally:
            document.close()
    except (*_FOREIGN, pypdfium2.PdfiumError):
        return None
    return out.getvalue()


def _earlier_states(data: bytes, password: str) -> Iterator[tuple[int, bytes]]:
    """What was appended to, without its encryption where it opens: a file that is saved anew holds its last state alone."""
    import pypdfium2

    from piiscan.formats.pdf import MOST_REVISIONS, earlier_ends

    ends = list(enumerate(earlier_ends(data), 1))
    if len(ends) > MOST_REVISIONS:
        yield 0, data[: ends[-MOST_REVISIONS - 1][1]]  # all that is older; nobody opens it, and that is said
    for number, end in ends[-MOST_REVISIONS:]:
        out = io.BytesIO()
        try:
            document = pypdfium2.PdfDocument(data[:end], password=password)
            try:
                document.save(out, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
            finally:
                document.close()
        except (*_FOREIGN, pypdfium2.PdfiumError):
            yield number, data[:end]
        else:
            yield number, out.getvalue()


# ---------------------------------------------------------------- entries of archives


def members(source: Source, passwords: Iterable[str], limits: Limits) -> Iterator[Member | Skipped]:
    """The encrypted entries of a zip archive, under the names that its reader gives them; those not opened as notes."""
    if not source.head(4).startswith(_ZIP):
        return
    import pyzipper

    given = tuple(dict.fromkeys(passwords))[: limits.passwords]
    deadline = time.monotonic() + MOST_SECONDS
    try:
        archive = pyzipper.AESZipFile(source.stream)
        listed = archive.infolist()
    except (*_FOREIGN, pyzipper.BadZipFile):
        return
    taken: dict[str, int] = {}
    left = limits.memory_bytes // _MEMORY_PART
    for index, info in enumerate(listed):
        if info.filename.endswith("/") and not info.file_size:
            continue
        name = unique(clean_path(_name(info.orig_filename, info.flag_bits), f"member-{index + 1}"), taken)
        if not info.flag_bits & 1:
            continue
        data = None
        for password in given:
            if time.monotonic() < deadline:
                data = _entry(archive, info, password, left)
            if data is not None:
                break
        if data is None:
            yield Skipped(name, "encrypted_member")
            continue
        left -= len(data)
        yield Member(name, io.BytesIO(data), len(data))
    source.stream.seek(0)


def _entry(archive: AESZipFile, info: object, password: str, most: int) -> bytes | None:
    """The content of an entry; None for a wrong password, damage, or more than ``most`` bytes."""
    import pyzipper

    pieces, size = [], 0
    try:
        with archive.open(info, pwd=password.encode("utf-8")) as stream:
            # Only the end shows whether the password was right: the older encryption checks a single byte before.
            while piece := stream.read(_CHUNK):
                pieces.append(piece)
                size += len(piece)
                if size > most:
                    return None
    except (*_FOREIGN, pyzipper.BadZipFile, NotImplementedError):
        return None
    return b"".join(pieces)


def _name(name: str, flags: int) -> str:
    """The name as the zip reader decodes it."""
    if flags & 0x800 or name.isascii():
        return name
    for encoding in ("utf-8", "cp932"):
        try:
            return name.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return name
