"""Where the members of a tar archive stand: old, ustar, GNU and pax headers, read without believing any of them.

The standard library's reader follows sparse maps and links and gives no offsets. Format: POSIX.1-2018 pax, GNU tar manual.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from piiscan.encoding import decode_name
from piiscan.errors import LimitError, UnreadableError

BLOCK = 512
#: Long names and pax headers above this are not metadata but an attack on memory.
_META = 1024**2
#: Records of a pax header that say nothing in words, or are read by themselves.
_NO_WORDS = re.compile(
    rb"path|linkpath|size|[ug]id|[ug]name|[mac]time|(?:hdr)?charset|GNU\.sparse\..*|SCHILY\.(?:dev|ino|nlink|fflags|filetype|"
    rb"acl\..*)|LIBARCHIVE\.creationtime"
)
_NUMBER_LINE = re.compile(rb"([0-9]{1,15})\n")
_MOST_PIECES = 100_000
_RECORD = re.compile(rb"([0-9]{1,10}) ([^=\n]{1,200})=")


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """One member. ``start``: its first header block, ``header``: the block that describes it, ``data``: its content.

    ``kind`` is the type flag: "0" a file, "1" "2" links, "5" a folder, "S" a file without the zeros in it, in any of the
    ways of GNU tar; ``data`` and ``size`` are then what is left of it. ``end`` is a whole block.
    """

    name: str
    kind: str
    start: int
    header: int
    data: int
    size: int
    end: int
    owner: str
    link: str
    comment: str


def entries(stream: BinaryIO, total: int, limit: int) -> Iterator[Entry]:
    """The members in their order; raises ``UnreadableError`` for a broken header, ``LimitError`` above ``limit``."""
    at = start = 0
    pax: dict[bytes, bytes] = {}
    shared: dict[bytes, bytes] = {}
    count = 0
    while at + BLOCK <= total:
        block = _read(stream, at, BLOCK)
        if not block.strip(b"\0"):
            return
        if not plausible(block):
            raise UnreadableError("damaged")
        size = _number(block[124:136])
        kind = chr(block[156]) if block[156] else "0"
        if kind not in "LKxgX" and b"size" in pax | shared:
            size = _decimal((shared | pax)[b"size"])
        if size < 0 or at + BLOCK + size > total:
            raise UnreadableError("damaged")
        more = _more_blocks(stream, at, block, total) if kind == "S" else 0
        following = at + BLOCK + more + (size + BLOCK - 1) // BLOCK * BLOCK
        if kind in "LKxgX":
            if size > _META:
                raise LimitError("too_large")
            body = _read(stream, at + BLOCK, size)
            if kind in "LK":
                pax[b"path" if kind == "L" else b"linkpath"] = body.rstrip(b"\0")
            elif kind == "g":
                shared |= _records(body)
            else:
                pax |= _records(body)
            at = following
            continue
        count += 1
        if count > limit:
            raise LimitError("too_many_members")
        known = shared | pax
        entry = _entry(block, known, kind, start, at, size, min(following, total))
        yield _without_map(stream, replace(entry, data=entry.data + more), known)
        pax = {}
        at = start = following


def _entry(block: bytes, known: dict[bytes, bytes], kind: str, start: int, at: int, size: int, end: int) -> Entry:
    name = _text(block[:100])
    if block[257:263] == b"ustar\0" and block[345:500].strip(b"\0"):
        name = _text(block[345:500]) + b"/" + name
    owner = b" ".join((known.get(b"uname", _text(block[265:297])), known.get(b"gname", _text(block[297:329]))))
    return Entry(
        name=decode_name(known.get(b"path", name)),
        kind="0" if kind in "07" else kind,
        start=start,
        header=at,
        data=at + BLOCK,
        size=size,
        end=end,
        owner=decode_name(owner).strip(),
        link=decode_name(known.get(b"linkpath", _text(block[157:257]))),
        comment="\n".join(decode_name(value) for key, value in known.items() if not _NO_WORDS.fullmatch(key)),
    )


def _more_blocks(stream: BinaryIO, at: int, block: bytes, total: int) -> int:
    """The bytes of the blocks that go on with the map of a sparse file in the old form."""
    length, goes_on = 0, block[482]
    while goes_on and at + 2 * BLOCK + length <= total:
        goes_on = _read(stream, at + BLOCK + length, BLOCK)[504]
        length += BLOCK
    return length


def _without_map(stream: BinaryIO, entry: Entry, known: dict[bytes, bytes]) -> Entry:
    """The entry of a sparse file in the newer forms under its own name, and without the map before its content."""
    if entry.kind != "0" or not any(key.startswith(b"GNU.sparse.") for key in known):
        return entry
    start = entry.data
    if known.get(b"GNU.sparse.major") == b"1":
        head = _read(stream, start, min(entry.size, _META))
        count = _NUMBER_LINE.match(head)
        at = count.end() if count else 0
        for _ in range(2 * min(int(count[1]), _MOST_PIECES)) if count else ():
            line = _NUMBER_LINE.match(head, at)
            if line is None:
                break
            at = line.end()
        start += min((at + BLOCK - 1) // BLOCK * BLOCK, entry.size)
    name = known.get(b"GNU.sparse.name")
    return replace(
        entry,
        kind="S",
        name=decode_name(name) if name else entry.name,
        data=start,
        size=entry.size + entry.data - start,
    )


def plausible(block: bytes) -> bool:
    """Whether the header's checksum is right; old programs summed signed bytes."""
    stated = _number(block[148:156])
    plain = block[:148] + b" " * 8 + block[156:BLOCK]
    unsigned = sum(plain)
    return stated in (unsigned, unsigned - 256 * sum(b > 127 for b in plain)) and stated > 0


def _text(raw: bytes) -> bytes:
    return raw.partition(b"\0")[0]


def _number(raw: bytes) -> int:
    if raw[0] in (0x80, 0xFF):  # base 256, for sizes above 8 GiB
        return int.from_bytes(raw[1:], "big") if raw[0] == 0x80 else -1
    digits = raw.partition(b"\0")[0].strip()
    return int(digits, 8) if re.fullmatch(rb"[0-7]{1,12}", digits) else 0 if not digits else -1


def _decimal(raw: bytes) -> int:
    return int(raw) if re.fullmatch(rb"[0-9]{1,15}", raw) else -1


def _records(body: bytes) -> dict[bytes, bytes]:
    """The records of a pax header: ``length key=value`` with a line end, the length counting all of it."""
    found: dict[bytes, bytes] = {}
    at = 0
    while match := _RECORD.match(body, at):
        end = at + int(match[1])
        if end <= match.end() or end > len(body):
            break
        found[match[2]] = body[match.end() : end - 1]
        at = end
    return found


def _read(stream: BinaryIO, at: int, size: int) -> bytes:
    stream.seek(at)
    data = stream.read(size)
    if len(data) != size:
        raise UnreadableError("damaged")
    return data


def with_size(block: bytes, size: int, name: bytes | None = None) -> bytes:
    """A header block with another size, and another name when one is given, and the checksum that belongs to it."""
    new = bytearray(block)
    new[124:136] = b"%011o\0" % size
    if name is not None:
        new[:100] = name[:100].ljust(100, b"\0")
        if new[257:263] == b"ustar\0":
            new[345:500] = bytes(155)
    new[148:156] = b" " * 8
    new[148:156] = b"%06o\0 " % sum(new)
    return bytes(new)


def pax_block(records: dict[str, str]) -> bytes:
    """A pax header for the member that follows."""
    body = b""
    for key, value in records.items():
        rest = b" " + key.encode() + b"=" + value.encode("utf-8", "replace") + b"\n"
        length = len(rest)
        while length != len(rest) + len(str(length)):
            length = len(rest) + len(str(length))
        body += str(length).encode() + rest
    head = bytearray(BLOCK)
    head[:9] = b"PaxHeader"
    head[100:108], head[108:116], head[116:124] = b"0000644\0", b"0000000\0", b"0000000\0"
    head[136:148], head[156:157], head[257:265] = b"00000000000\0", b"x", b"ustar\x0000"
    return with_size(bytes(head), len(body)) + body + bytes(-len(body) % BLOCK)
