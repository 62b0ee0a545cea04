"""The directory of a 7z archive: which bytes hold which files, and by which methods. Every number in it is bounded.

Format: 7zFormat.txt of the LZMA SDK (public domain), sections "Archive structure" to "FilesInfo".
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from piiscan.errors import LimitError, UnreadableError

SIGNATURE = b"7z\xbc\xaf\x27\x1c"
START = struct.Struct("<6sBBIQQI")
_END, _HEADER, _ARCHIVE, _ADDITIONAL, _MAIN, _FILES = 0, 1, 2, 3, 4, 5
_PACK, _UNPACK, _SUBSTREAMS, _SIZE, _CRC, _FOLDER, _UNPACK_SIZE, _COUNT = 6, 7, 8, 9, 10, 11, 12, 13
_EMPTY, _NAMES = 14, 17
ENCODED = 23
_MOST_CODERS = 4
_MOST_STREAMS = 32


@dataclass(frozen=True, slots=True)
class Coder:
    """A method, by its id in hexadecimal, with its properties."""

    method: str
    properties: bytes


@dataclass(slots=True)
class Folder:
    """Bytes that are unpacked in one go. ``coders`` in the order of unpacking; empty for a tree of methods.

    ``methods``: all there are. ``sizes``: what comes out of each coder. ``packed``: (offset, length) of its streams.
    ``files``: the sizes of the files in it; ``checks``: their CRC32, None where it is not stated.
    """

    coders: list[Coder]
    methods: frozenset[str]
    inputs: int
    order: list[int]
    outputs: int
    sizes: list[int] = field(default_factory=list)
    packed: list[tuple[int, int]] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    checks: list[int | None] = field(default_factory=list)
    check: int | None = None

    @property
    def size(self) -> int:
        """What comes out at the end."""
        return self.sizes[self.order[-1]] if self.order else max(self.sizes, default=0)


@dataclass(repr=False)
class Directory:
    """Folders, and the names of all files; ``empty``: which of them have no content."""

    folders: list[Folder] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    empty: Sequence[bool] = ()


class Numbers:
    """Reads from bytes and never beyond them; raises ``UnreadableError``."""

    def __init__(self, data: bytes, most: int) -> None:
        self._data, self._at, self.most = data, 0, most

    def take(self, count: int) -> bytes:
        if count < 0 or count > len(self._data) - self._at:
            raise UnreadableError("zip_damaged")
        self._at += count
        return self._data[self._at - count : self._at]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        """The bits set at the start of the first byte tell how many bytes follow."""
        first = self.byte()
        value, mask = 0, 0x80
        for index in range(8):
            if not first & mask:
                return value | ((first & (mask - 1)) << (8 * index))
            value |= self.byte() << (8 * index)
            mask >>= 1
        return value

    def count(self, most: int | None = None) -> int:
        """A number of things; ``LimitError`` for more than an archive may hold."""
        found = self.number()
        if found > (self.most if most is None else most):
            raise LimitError("zip_too_many_members", limit=self.most)
        return found

    def bits(self, count: int) -> list[bool]:
        raw = self.take((count + 7) // 8)
        return [bool(raw[i // 8] & (0x80 >> (i % 8))) for i in range(count)]

    def checks(self, count: int) -> list[int | None]:
        """CRC32 of each of so many things, None where it is not stated."""
        stated = [True] * count if self.byte() else self.bits(count)
        return [struct.unpack("<I", self.take(4))[0] if known else None for known in stated]

    def expect(self, wanted: int) -> None:
        if self.byte() != wanted:
            raise UnreadableError("zip_damaged")


def read_directory(data: bytes, most: int, unpack: Callable[[Folder], bytes]) -> Directory:
    """The directory that begins with ``data``; ``unpack`` gives the content of a folder that holds the real one."""
    for _ in range(4):
        numbers = Numbers(data, most)
        kind = numbers.byte()
        if kind == _HEADER:
            return _directory(numbers)
        if kind != ENCODED:
            raise UnreadableError("zip_damaged")
        folders = _streams(numbers)
        if len(folders) != 1:
            raise UnreadableError("zip_damaged")
        data = unpack(folders[0])
    raise UnreadableError("zip_damaged")


def _directory(numbers: Numbers) -> Directory:
    found = Directory()
    kind = numbers.byte()
    if kind == _ARCHIVE:
        while numbers.number() != _END:
            numbers.take(numbers.number())
        kind = numbers.byte()
    if kind == _ADDITIONAL:
        _streams(numbers)
        kind = numbers.byte()
    if kind == _MAIN:
        found.folders = _streams(numbers)
        kind = numbers.byte()
    if kind == _FILES:
        _files(numbers, found)
    return found


def _files(numbers: Numbers, found: Directory) -> None:
    count = numbers.count()
    found.names, found.empty = [""] * count, [False] * count
    while (kind := numbers.number()) != _END:
        data = numbers.take(numbers.number())
        if kind == _EMPTY:
            found.empty = Numbers(data, count).bits(count)
        elif kind == _NAMES and data[:1] == b"\0":
            names = data[1:].decode("utf-16-le", "replace").split("\0")
            found.names = (names + found.names)[:count] if len(names) > count else [*names, *found.names[len(names) :]]


def _streams(numbers: Numbers) -> list[Folder]:
    """The folders of a StreamsInfo, with where their bytes are and what files they hold."""
    packed: list[tuple[int, int]] = []
    folders: list[Folder] = []
    kind = numbers.byte()
    if kind == _PACK:
        packed = _packed(numbers)
        kind = numbers.byte()
    if kind == _UNPACK:
        folders = _folders(numbers)
        kind = numbers.byte()
    for folder in folders:
        folder.packed, packed = packed[: folder.inputs], packed[folder.inputs :]
        folder.files, folder.checks = [folder.size], [folder.check]
    if kind == _SUBSTREAMS:
        _substreams(numbers, folders)
        kind = numbers.byte()
    if kind != _END:
        raise UnreadableError("zip_damaged")
    return folders


def _packed(numbers: Numbers) -> list[tuple[int, int]]:
    at = numbers.number() + START.size
    count = numbers.count()
    sizes: list[int] = []
    while (kind := numbers.byte()) != _END:
        if kind == _SIZE:
            sizes = [numbers.number() for _ in range(count)]
        elif kind == _CRC:
            numbers.checks(count)
        else:
            raise UnreadableError("zip_damaged")
    found = []
    for size in sizes:
        found.append((at, size))
        at += size
    return found


def _folders(numbers: Numbers) -> list[Folder]:
    numbers.expect(_FOLDER)
    count = numbers.count()
    numbers.expect(0)  # not in a stream of its own
    folders = [_folder(numbers) for _ in range(count)]
    numbers.expect(_UNPACK_SIZE)
    for folder in folders:
        folder.sizes = [numbers.number() for _ in range(folder.outputs)]
    kind = numbers.byte()
    if kind == _CRC:
        for folder, check in zip(folders, numbers.checks(count), strict=True):
            folder.check = check
        kind = numbers.byte()
    if kind != _END:
        raise UnreadableError("zip_damaged")
    return folders


def _folder(numbers: Numbers) -> Folder:
    coders: list[Coder] = []
    inputs = outputs = 0
    simple = True
    for _ in range(numbers.count(_MOST_STREAMS)):
        flags = numbers.byte()
        method = numbers.take(flags & 0x0F).hex()
        wanted, given = (numbers.count(_MOST_STREAMS), numbers.count(_MOST_STREAMS)) if flags & 0x10 else (1, 1)
        properties = numbers.take(numbers.number()) if flags & 0x20 else b""
        coders.append(Coder(method, properties))
        inputs, outputs, simple = inputs + wanted, outputs + given, simple and wanted == given == 1
    if not coders or not 1 <= outputs <= inputs + 1:
        raise UnreadableError("zip_damaged")
    # What goes into a coder → what comes out of which other.
    pairs = {numbers.number(): numbers.number() for _ in range(outputs - 1)}
    streams = inputs - len(pairs)
    if streams > 1:
        for _ in range(streams):
            numbers.number()
    order = _order(pairs, len(coders)) if simple and len(coders) <= _MOST_CODERS else []
    return Folder([coders[i] for i in order], frozenset(c.method for c in coders), streams, order, outputs)


def _order(pairs: dict[int, int], count: int) -> list[int]:
    """The coders from the packed bytes to the files; none when they are no chain."""
    following = {out: into for into, out in pairs.items()}
    starts = [i for i in range(count) if i not in pairs]
    order = starts[:1]
    while order and len(order) < count and (after := following.get(order[-1])) is not None:
        order.append(after)
    return order if len(order) == len(set(order)) == count and max(order) < count else []


def _substreams(numbers: Numbers, folders: list[Folder]) -> None:
    counts = [1] * len(folders)
    kind = numbers.byte()
    if kind == _COUNT:
        counts = [numbers.count() for _ in folders]
        if sum(counts) > numbers.most:
            raise LimitError("zip_too_many_members", limit=numbers.most)
        kind = numbers.byte()
    for folder, count in zip(folders, counts, strict=True):
        sizes = [numbers.number() for _ in range(count - 1)] if kind == _SIZE else []
        folder.files = [*sizes, folder.size - sum(sizes)] if count else []
        if len(folder.files) != count or any(size < 0 for size in folder.files):
            raise UnreadableError("zip_damaged")
    if kind == _SIZE:
        kind = numbers.byte()
    known = [len(folder.files) == 1 and folder.check is not None for folder in folders]
    missing = sum(len(f.files) for f, one in zip(folders, known, strict=True) if not one)
    found: list[int | None] = [None] * missing
    while kind != _END:
        if kind == _CRC:
            found = numbers.checks(missing)
        else:
            numbers.take(numbers.number())
        kind = numbers.byte()
    for folder, one in zip(folders, known, strict=True):
        if one:
            folder.checks = [folder.check]
        else:
            folder.checks, found = found[: len(folder.files)], found[len(folder.files) :]
