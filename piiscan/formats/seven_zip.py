"""7z archives: each file in them is a member. Reading only, with the methods that Python itself knows.

Those are LZMA, LZMA2, Deflate, BZip2 and none, which is what 7-Zip writes for anything but programs; what was packed
otherwise (PPMd, filters for programs) is said. Written for hostile input: the directory is parsed here with every number
bounded, and bytes are counted as they inflate.
"""

from __future__ import annotations

import bz2
import lzma
import tempfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

from piiscan.errors import EncryptedError, LimitError, UnreadableError
from piiscan.formats._mail_names import clean_path, unique
from piiscan.formats._seven_header import ENCODED, SIGNATURE, START, Coder, Directory, Folder, read_directory
from piiscan.model import Format, Item, Limits, Member, Place, Skipped, Source, Text

_CHUNK = 256 * 1024
_SPOOL = 32 * 1024 * 1024
#: Bytes of the directory for each entry: a name is up to 520 long, and numbers are small.
_ENTRY_BYTES = 1024
_AES = "06f10701"
_COPY, _LZMA, _LZMA2, _DEFLATE, _BZIP2 = "00", "030101", "21", "040108", "040202"
_METHODS = frozenset({_COPY, _LZMA, _LZMA2, _DEFLATE, _BZIP2})
#: The filter for programs, which some writers put before everything; Python undoes it together with LZMA2.
_X86 = "03030103"
_FOREIGN = (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error)
#: Takes packed bytes and the most that may come out; gives what came out.
_Step = Callable[[bytes, int], bytes]


def sniff(source: Source) -> int:
    """90 for the signature."""
    return 90 if source.head(6) == SIGNATURE else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The names, then the files; ``EncryptedError`` when nothing can be read without a password."""
    directory = _directory(source, limits)
    for number, name in enumerate(directory.names, 1):
        if name.strip("/"):
            yield Text(Place(f"member {number}", "member_name"), name)
    folders = [f for f in directory.folders if f.files]
    if folders and all(_AES in f.methods for f in folders):
        raise EncryptedError("encrypted")
    full = iter([n for n, empty in zip(directory.names, directory.empty, strict=True) if not empty])
    taken: dict[str, int] = {}
    budget = [limits.inflated_bytes]
    for folder in folders:
        named = [unique(clean_path(next(full, ""), "member"), taken) for _ in folder.files]
        yield from _folder_items(source, folder, named, limits, budget)


def _directory(source: Source, limits: Limits) -> Directory:
    head = source.head(START.size)
    if len(head) < START.size:
        raise UnreadableError("zip_damaged")
    _, _, _, check, offset, size, _ = START.unpack(head)
    if zlib.crc32(head[12:]) != check or offset + size > source.size - START.size:
        raise UnreadableError("zip_damaged")
    most = limits.members * _ENTRY_BYTES
    if size > most:
        raise LimitError("zip_too_many_members", limit=limits.members)
    if not size:
        return Directory()

    def unpack(folder: Folder) -> bytes:
        if _AES in folder.methods:
            raise EncryptedError("encrypted")
        if folder.size > most:
            raise LimitError("zip_too_many_members", limit=limits.members)
        data = b"".join(_unpacked(source, folder, limits))
        if folder.check is not None and zlib.crc32(data) != folder.check:
            raise UnreadableError("zip_damaged")
        return data

    source.stream.seek(START.size + offset)
    data = source.stream.read(size)
    if not data or data[0] not in (1, ENCODED):
        raise UnreadableError("zip_damaged")
    try:
        return read_directory(data, limits.members, unpack)
    except _FOREIGN:
        raise UnreadableError("zip_damaged") from None


def _folder_items(
    source: Source, folder: Folder, names: list[str], limits: Limits, budget: list[int]
) -> Iterator[Item]:
    """The files of a folder, which can only be unpacked one after the other."""
    if _AES in folder.methods:
        yield from (Skipped(name, "encrypted_member") for name in names)
        return
    if not _known(folder):
        yield from (Skipped(name, "zip_method") for name in names)
        return
    pieces = _Pieces(_unpacked(source, folder, limits))
    for name, size, check in zip(names, folder.files, folder.checks, strict=True):
        spool = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_SPOOL))  # noqa: SIM115 - handed over
        done = crc = 0
        whole = True
        try:
            for piece in pieces.next(size):
                done += spool.write(piece)
                crc = zlib.crc32(piece, crc)
                budget[0] -= len(piece)
                if budget[0] < 0:
                    raise LimitError("zip_too_large", limit=limits.inflated_bytes)
        except _FOREIGN:
            whole = False
        except BaseException:
            spool.close()
            raise
        whole = whole and done == size and check in (None, crc)
        if done or whole:
            spool.seek(0)
            yield Member(name, spool, done)
        else:
            spool.close()
        if not whole:
            yield Skipped(name, "zip_damaged")


class _Pieces:
    """Cuts a stream of pieces into stretches of given lengths."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def next(self, size: int) -> Iterator[bytes]:
        """The next ``size`` bytes, fewer at the end."""
        while size:
            piece = self._rest or next(self._pieces, b"")
            if not piece:
                return
            given, self._rest = piece[:size], piece[size:]
            size -= len(given)
            yield given


def _unpacked(source: Source, folder: Folder, limits: Limits) -> Iterator[bytes]:
    """What comes out of a folder, and never more than it states; raises ``LimitError`` for a bomb."""
    if not _known(folder) or len(folder.packed) != 1:
        raise UnreadableError("zip_method")
    start, length = folder.packed[0]
    if start + length > source.size:
        raise UnreadableError("zip_damaged")
    steps = _steps(folder, limits)
    done = 0
    for piece in _through(_packed(source, start, length), steps):
        done += len(piece)
        if done > limits.ratio_from_bytes and done > limits.ratio * max(1, length):
            raise LimitError("zip_ratio", limit=limits.ratio)
        yield piece[: len(piece) - max(0, done - folder.size)]
        if done >= folder.size:
            return


def _known(folder: Folder) -> bool:
    """Whether all methods of a folder are known, in an order that can be undone."""
    methods = [coder.method for coder in folder.coders]
    return bool(methods) and (methods == [_LZMA2, _X86] or set(methods) <= _METHODS)


def _steps(folder: Folder, limits: Limits) -> list[_Step]:
    sized = [(coder, folder.sizes[index]) for coder, index in zip(folder.coders, folder.order, strict=True)]
    if folder.coders[-1].method == _X86:
        coder, size = sized[0]
        return [_lzma(coder, size, limits, [{"id": lzma.FILTER_X86}])]
    return [_step(coder, size, limits) for coder, size in sized]


def _packed(source: Source, start: int, length: int) -> Iterator[bytes]:
    end = start + length
    while start < end:
        source.stream.seek(start)  # others read from the stream between two pieces
        piece = source.stream.read(min(_CHUNK, end - start))
        if not piece:
            return
        start += len(piece)
        yield piece


def _through(pieces: Iterator[bytes], steps: list[_Step]) -> Iterator[bytes]:
    for step in steps:
        pieces = _one(pieces, step)
    return pieces


def _one(pieces: Iterator[bytes], step: _Step) -> Iterator[bytes]:
    """What a step makes of the pieces, in pieces of bounded size; the step keeps what it could not give yet."""
    for piece in pieces:
        given = step(piece, _CHUNK)
        while given:
            yield given
            given = step(b"", _CHUNK)


def _step(coder: Coder, size: int, limits: Limits) -> _Step:
    """A coder's method as a step; ``size`` is what comes out of it in all."""
    if coder.method == _COPY:
        return lambda data, _: data
    if coder.method == _DEFLATE:
        return _deflate()
    if coder.method == _BZIP2:
        return _by(bz2.BZ2Decompressor())
    return _lzma(coder, size, limits, [])


def _lzma(coder: Coder, size: int, limits: Limits, before: list[dict[str, int]]) -> _Step:
    """LZMA or LZMA2 by its properties, behind the filters ``before``."""
    method, properties = coder.method, coder.properties
    if method == _LZMA and len(properties) == 5 and properties[0] < 225:
        rest, lc = divmod(properties[0], 9)
        pb, lp = divmod(rest, 5)
        dictionary = int.from_bytes(properties[1:], "little")
        options = {"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb}
    elif method == _LZMA2 and len(properties) == 1 and properties[0] <= 40:
        bits = properties[0]
        dictionary = 0xFFFFFFFF if bits == 40 else (2 | bits & 1) << (bits // 2 + 11)
        options = {"id": lzma.FILTER_LZMA2}
    else:
        raise UnreadableError("zip_damaged")
    # Nothing can refer further back than what comes out, whatever is stated.
    dictionary = max(4096, min(dictionary, size))
    if dictionary > limits.memory_bytes // 4:
        raise LimitError("too_much_memory")
    try:
        return _by(lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[*before, {**options, "dict_size": dictionary}]))
    except (lzma.LZMAError, ValueError):
        raise UnreadableError("zip_damaged") from None


def _by(unpacker: Any) -> _Step:
    def step(data: bytes, most: int) -> bytes:
        return b"" if unpacker.eof else cast("bytes", unpacker.decompress(data, most))

    return step


def _deflate() -> _Step:
    unpacker = zlib.decompressobj(-15)

    def step(data: bytes, most: int) -> bytes:
        return unpacker.decompress(unpacker.unconsumed_tail + data, most)

    return step


FORMAT = Format(id="seven_zip", label="7z 書庫", suffixes=(".7z",), sniff=sniff, read=read)
