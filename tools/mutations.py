"""Damages a file at random, by its structure or by its bytes; the same generator of numbers gives the same mutant."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
from collections.abc import Callable
from random import Random

Op = Callable[[bytes, Random], bytes]

EXTREMES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOF = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x00\x08\x00", b"\x09\x02\x08\x00", b"\x09\x04\x08\x00")
_WORDS = (b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b$B", b"\x1b(B", b"\x81", b"\r", b"\n", b'"', b"\t", b",", b"A" * 70_000, "髙①㈱".encode("cp932"))  # fmt: skip


def mutate(data: bytes, others: tuple[bytes, ...], rng: Random) -> bytes:
    """One to three damages; ``others`` are files to splice with. At most about a megabyte longer than before."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        structured = structure_of(data)
        if structured and rng.random() < 0.75:
            data = rng.choice(structured)(data, rng)
        elif rng.random() < 0.1:
            data = _splice(data, rng.choice(others), rng)
        else:
            data = rng.choice(BYTES)(data, rng)
        if len(data) > 4_000_000:
            break
    return data


def structure_of(data: bytes) -> tuple[Op, ...]:
    """The damages that fit a file's structure; empty when only bytes are left to be damaged."""
    if data[:2] == b"PK":
        return (_member, _member, _member, _members, _directory)
    if data[:8] == _CFB:
        return (_compound, _compound, _records, _inside_compound)
    if data[:4] in _BOF or data[:2] in (b"\x09\x08", b"\x09\x00"):
        return (_records,)
    if data[257:262] == b"ustar":
        return (_tar,)
    if re.search(rb"(?im)^(subject|from|mime-version|content-type):", data[:2000]):
        return (_mail, _mail, _lines)
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return (_xml,)
    if data[:5] == b"%PDF-":
        return (_pdf,)
    if b"\0" not in data[:200]:
        return (_lines, _lines, _text)
    return ()


# ---------------------------------------------------------------- bytes


def _flip(data: bytes, rng: Random) -> bytes:
    out = bytearray(data)
    for _ in range(min(len(out), rng.choice((1, 2, 8, 64)))):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def _cut(data: bytes, rng: Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _remove(data: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.choice((1, 2, 3, 16, 512, 4096)) :]


def _insert(data: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice((rng.choice(_WORDS), rng.randbytes(rng.choice((1, 2, 40))))) + data[at:]


def _repeat(data: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    size = rng.choice((1, 7, 64, 512))
    return data[:at] + data[at : at + size] * min(rng.choice((2, 30, 1000)), 1_000_000 // size) + data[at:]


def _number(data: bytes, rng: Random) -> bytes:
    """A little-endian number becomes an extreme one."""
    size = rng.choice((1, 2, 4))
    at = rng.randrange(max(1, len(data)))
    return data[:at] + _little(rng.choice(EXTREMES), size) + data[at + size :]


def _splice(data: bytes, other: bytes, rng: Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def _little(value: int, size: int) -> bytes:
    return (value & (256**size - 1)).to_bytes(size, "little")


BYTES: tuple[Op, ...] = (_flip, _flip, _cut, _remove, _insert, _repeat, _number)

# ---------------------------------------------------------------- XML, also inside packages

_DOCTYPES = (
    b'<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>',
    b'<!DOCTYPE l SYSTEM "file:///nowhere">',
    b'<?xml version="1.0" encoding="UTF-16"?>',
    b'<?xml version="1.0" encoding="Shift_JIS"?>',
    b'<?xml version="1.0" encoding="no-such"?>',
    b"\xef\xbb\xbf",
    b"<?x " + b"y" * 2000,
    b"<!-- ",
)
_TEXTS = (
    b"&", b"&a;", b"&#0;", b"&#xD800;", b"&#99999999;", b"&#x1F600;", b"<![CDATA[<x>]]>", b"_x0000__xD83D_", b"-1", b"1e999", b"nan",
    b"99999999999999999999", b"9" * 5000, "፩²".encode(), b"\xff", b"\0", b"A" * 200_000, b" " * 50_000, b"]]>", b"", "１９４５年".encode(), b"2958466", b"-0.5", b"true",
)  # fmt: skip
_TAG = re.compile(rb"<[^<>]*>")
_VALUE = re.compile(rb"=\s*(\"[^\"]*\"|'[^']*')")
_INNER = re.compile(rb">([^<>]+)<")


def _xml(data: bytes, rng: Random) -> bytes:
    tags = list(_TAG.finditer(data))
    if not tags:
        return _insert(data, rng)
    return rng.choice(_XML)(data, rng, tags)


def _xml_drop(data: bytes, rng: Random, tags: list[re.Match[bytes]]) -> bytes:
    """A tag goes, or everything between two tags."""
    first = rng.randrange(len(tags))
    last = min(len(tags) - 1, first + rng.choice((0, 0, 1, 3, 20)))
    return data[: tags[first].start()] + data[tags[last].end() :]


def _xml_twice(data: bytes, rng: Random, tags: list[re.Match[bytes]]) -> bytes:
    first = rng.randrange(len(tags))
    last = min(len(tags) - 1, first + rng.choice((0, 1, 3, 20)))
    piece = data[tags[first].start() : tags[last].end()]
    return data[: tags[first].start()] + piece * min(rng.choice((2, 2, 300)), 500_000 // len(piece) + 1) + data[tags[first].start() :]  # fmt: skip


def _xml_move(data: bytes, rng: Random, tags: list[re.Match[bytes]]) -> bytes:
    """A piece stands where it must not."""
    one, two = rng.choice(tags), rng.choice(tags)
    return data[: two.end()] + data[one.start() : one.end() + rng.randrange(200)] + data[two.end() :]


def _xml_nest(data: bytes, rng: Random, tags: list[re.Match[bytes]]) -> bytes:
    tag = rng.choice(tags)
    name = (re.match(rb"</?([^\s/>]+)", tag[0]) or [b"", b"x"])[1]
    depth = rng.choice((3, 300, 5000))
    close = b"</" + name + b">" if rng.random() < 0.7 else b""
    return data[: tag.start()] + (b"<" + name + b">") * depth + close * depth + data[tag.start() :]


def _xml_value(data: bytes, rng: Random, _tags: list[re.Match[bytes]]) -> bytes:
    """An attribute's value becomes another, or the one of another attribute."""
    values = list(_VALUE.finditer(data))
    if not values:
        return data
    hit = rng.choice(values)
    if rng.random() < 0.3:
        new = rng.choice(values)[1][1:-1]
    elif rng.random() < 0.5:
        new = str(rng.choice((-1, *EXTREMES, 10**18))).encode()
    else:
        new = rng.choice(_TEXTS)
    return data[: hit.start(1)] + b'"' + new + b'"' + data[hit.end(1) :]


def _xml_text(data: bytes, rng: Random, _tags: list[re.Match[bytes]]) -> bytes:
    texts = list(_INNER.finditer(data))
    if not texts:
        return data
    hit = rng.choice(texts)
    return data[: hit.start(1)] + rng.choice(_TEXTS) + data[hit.end(1) :]


def _xml_attribute(data: bytes, rng: Random, tags: list[re.Match[bytes]]) -> bytes:
    at = rng.choice(tags).end() - 1
    return data[:at] + rng.choice((b" q=''", b" r='A0'", b" r='XFE1'", b" t='s'", b" s='-9'", b" q", b" n='" + b"v" * 100_000 + b"'")) + data[at:]  # fmt: skip


def _xml_start(data: bytes, rng: Random, tags: list[re.Match[bytes]]) -> bytes:
    at = tags[0].end() if tags[0][0].startswith(b"<?") and rng.random() < 0.6 else 0
    return data[:at] + rng.choice(_DOCTYPES) + data[at:]


def _xml_wide(data: bytes, rng: Random, _tags: list[re.Match[bytes]]) -> bytes:
    """Another encoding than is said."""
    return data.decode("utf-8", "replace").encode(rng.choice(("utf-16", "utf-16-le", "utf-16-be", "cp932", "utf-7", "utf-32", "euc_jp")), "replace")  # fmt: skip


_XML = (_xml_drop, _xml_drop, _xml_twice, _xml_move, _xml_nest, _xml_value, _xml_value, _xml_text, _xml_text, _xml_attribute, _xml_start, _xml_wide)  # fmt: skip

# ---------------------------------------------------------------- zip


def _opened(data: bytes) -> list[tuple[str, bytes]] | None:
    """The members of an archive; None when the stdlib cannot read it any more."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(i.file_size for i in archive.infolist()) > 8_000_000:
                return None
            return [(i.filename, archive.read(i)) for i in archive.infolist()]
    except Exception:  # noqa: BLE001  a mutant of a mutant may be anything
        return None


def _packed(members: list[tuple[str, bytes]], rng: Random) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that come twice
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in members:
                kind = zipfile.ZIP_STORED if name == "mimetype" else rng.choice((0, 8, 8, 8, 8, 8, 12, 14))
                archive.writestr(zipfile.ZipInfo(name or "x", (2026, 1, 2, 3, 4, 6)), content, kind)
    return out.getvalue()


def _member(data: bytes, rng: Random) -> bytes:
    """Damage inside one member, the archive itself is sound."""
    members = _opened(data)
    if not members:
        return _flip(data, rng) if data else data
    position = rng.randrange(len(members))
    name, content = members[position]
    ops = structure_of(content) or BYTES
    members[position] = name, rng.choice(ops)(content, rng)
    return _packed(members, rng)


def _members(data: bytes, rng: Random) -> bytes:
    """Members go, come twice, change their names or places, are empty."""
    members = _opened(data)
    if not members:
        return _cut(data, rng)
    position = rng.randrange(len(members))
    name, content = members[position]
    kind = rng.randrange(6)
    if kind == 0:
        del members[position]
    elif kind == 1:
        members.insert(rng.randrange(len(members) + 1), (rng.choice((name, name.upper(), name.replace("/", "\\"), "/" + name)), content))  # fmt: skip
    elif kind == 2:
        new = (
            name + "\0x",
            "../" + name,
            "",
            "a" * 300,
            "\u202e" + name,
            name.replace("/", "\\"),
            name + "/",
            "xl/workbook.xml",
        )
        members[position] = rng.choice(new), content
    elif kind == 3:
        rng.shuffle(members)
    elif kind == 4:
        members[position] = name, b"" if rng.random() < 0.5 else rng.choice(members)[1]
    else:
        members += [(f"xl/media/{i}.bin", b"") for i in range(rng.choice((3, 300)))]
    return _packed(members, rng)


def _directory(data: bytes, rng: Random) -> bytes:
    """The archive's own records say something else: sizes, offsets, flags, methods, counts."""
    heads = [m.start() for m in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", data)]
    if not heads:
        return _insert(data, rng)
    if rng.random() < 0.15:
        return rng.choice((b"MZ" + bytes(600), b"PK00", b"\n")) + data
    if rng.random() < 0.1:
        return data + rng.randbytes(rng.choice((1, 30, 70_000)))
    at = rng.choice(heads)
    field, size = rng.choice({
        b"\x01\x02": ((8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2), (32, 2), (38, 4), (42, 4)),
        b"\x03\x04": ((6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)),
        b"\x05\x06": ((4, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)),
    }[data[at + 2 : at + 4]])  # fmt: skip
    old = int.from_bytes(data[at + field : at + field + size], "little")
    new = rng.choice((rng.choice(EXTREMES), old + 1, old - 1, old ^ 1, old ^ 0x800, old ^ 8, old * 2))
    return data[: at + field] + _little(new, size) + data[at + field + size :]


# ---------------------------------------------------------------- compound files and BIFF


def _compound(data: bytes, rng: Random) -> bytes:
    """A number in the header, in the table of sectors or in the directory is another."""
    out = bytearray(data)
    if len(out) < 1024:
        return _flip(data, rng)
    directory = out.find("Root Entry".encode("utf-16-le"))
    place = rng.randrange(3)
    if place == 0 or directory < 0:
        at = rng.choice((24, 26, 28, 30, 32, 40, 44, 48, 56, 60, 64, 68, 72, 76, 80))
    elif place == 1:
        at = directory + 128 * rng.randrange(8) + rng.choice((64, 66, 68, 72, 76, 116, 120))
    else:
        sectors = int.from_bytes(out[76:80], "little")
        at = 512 * (min(sectors, len(out) // 512) + 1) + 4 * rng.randrange(128)
    size = 2 if at in (24, 26, 28, 30, 32) or (place == 1 and at % 128 == directory % 128 + 64) else 4
    new = rng.choice((*EXTREMES, *range(12), rng.randrange(200)))
    if at + size <= len(out):
        out[at : at + size] = _little(new, size)
    return bytes(out)


def _inside_compound(data: bytes, rng: Random) -> bytes:
    """Bytes of one of the streams, whose places are kept."""
    at = rng.randrange(512, max(513, len(data)))
    damaged = rng.choice((_flip, _number))(data[at : at + 512], rng) if data[at : at + 512] else b""
    return data[:at] + damaged[:512] + data[at + 512 :]


def _records(data: bytes, rng: Random) -> bytes:
    """A BIFF record has another length or kind, another body, comes twice, is missing."""
    start = min((p for p in (data.find(b) for b in _BOF) if p >= 0), default=-1)
    if start < 0:
        return _inside_compound(data, rng)
    records, at = [], start
    while at + 4 <= len(data) and len(records) < 2000:
        kind, length = struct.unpack_from("<HH", data, at)
        if (kind, length) == (0, 0):
            break
        records.append((at, at + 4 + length))
        at += 4 + length
    first, last = rng.choice(records)
    what = rng.randrange(6)
    body = data[first + 4 : last]
    if what == 0:
        new = data[first : first + 2] + _little(rng.choice((*EXTREMES, len(body) + 1, len(body) - 1, 8224)), 2) + body
    elif what == 1:
        kinds = (
            0xFD,
            0x204,
            0xFC,
            0x3C,
            0x85,
            0x1C,
            0x1B6,
            0x14,
            0x18,
            0x203,
            0x27E,
            0xBD,
            0x06,
            0x207,
            0x2F,
            0x0A,
            0x09,
            0xEC,
            0xE5,
            0x1AE,
        )
        new = _little(rng.choice((*kinds, rng.randrange(0x900))), 2) + data[first + 2 : last]
    elif what == 2 and body:
        new = data[first : first + 4] + rng.choice((_flip, _number))(body, rng)[: len(body)]
    elif what == 3:
        new = data[first:last] * rng.choice((2, 2, 200))
    elif what == 4:
        new = b""
    else:
        cut = rng.randrange(len(body) + 1)
        new = data[first : first + 2] + _little(cut, 2) + body[:cut]
    if data[:8] == _CFB:  # the sectors stay where they are
        return (data[:first] + new + data[last:])[: len(data)].ljust(len(data), b"\0")
    return data[:first] + new + data[last:]


def _tar(data: bytes, rng: Random) -> bytes:
    out = bytearray(data)
    at = 512 * rng.randrange(max(1, min(len(out) // 512, 12)))
    field, size = rng.choice(((0, 100), (100, 8), (124, 12), (136, 12), (148, 8), (156, 1), (157, 100), (257, 8)))
    new = rng.choice((b"\xff" * size, b"77777777777\0"[:size], b"-1", b"\x80" + b"\xff" * (size - 1), bytes(size), b"LKxg125S"[rng.randrange(8) :][:1]))  # fmt: skip
    out[at + field : at + field + len(new)] = new
    if rng.random() < 0.8 and len(out) >= at + 512:  # the checksum is right again
        total = sum(out[at : at + 148]) + 8 * 32 + sum(out[at + 156 : at + 512])
        out[at + 148 : at + 156] = b"%06o\0 " % total
    return bytes(out)


# ---------------------------------------------------------------- texts


def _lines(data: bytes, rng: Random) -> bytes:
    """Lines go, come twice, change places, are joined or ended otherwise."""
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    one, two = sorted((rng.randrange(len(lines)), rng.randrange(len(lines))))
    kind = rng.randrange(6)
    if kind == 0:
        del lines[one:two]
    elif kind == 1:
        lines[one:one] = lines[one:two] * rng.choice((2, 50))
    elif kind == 2:
        lines[one], lines[two] = lines[two], lines[one]
    elif kind == 3:
        lines[one] = lines[one].rstrip(b"\r\n")
    elif kind == 4:
        lines = [line.rstrip(b"\r\n") + rng.choice((b"\r", b"\n", b"\r\n", b"\r\r\n", b"\0\n")) for line in lines]
    else:
        lines[one] = lines[one] * rng.choice((2, 1000))
    return b"".join(lines)[:1_500_000]


def _text(data: bytes, rng: Random) -> bytes:
    """Quotes, brackets, separators, escapes and bytes of other encodings among the text."""
    out = data
    for _ in range(rng.choice((1, 3, 20))):
        at = rng.randrange(len(out) + 1)
        piece = rng.choice((b'"', b'""', b"'", b"{", b"}", b"[", b"]", b"\\", b"\\u", b"\\ud83d", b",", b";", b"\t", b"=", b":", b"\0", b"\x80", b"\xa0\xff", b"\x1b$B", b"\x1b(", b"\xef\xbb\xbf", b"\xff\xfe", b"-1e999", b"[" * 3000, b"BEGIN:VCARD\r\n", b"END:VEVENT\r\n", b"<table><tr><td>"))  # fmt: skip
        out = out[:at] + piece + out[at + rng.choice((0, 0, 1, 5)) :]
    return out


_FIELDS = (
    b"Content-Type: multipart/mixed; boundary=%s", b"Content-Type: multipart/mixed", b"Content-Type: message/rfc822", b"Content-Type: text/html; charset=iso-2022-jp",
    b"Content-Type: text/plain; charset=utf-7", b"Content-Type: text/plain; charset=no-such", b"Content-Type: application/ms-tnef; name=winmail.dat",
    b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: quoted-printable", b"Content-Transfer-Encoding: x-uuencode", b"Content-Transfer-Encoding: binary",
    b"Subject: =?iso-2022-jp?B?GyRCOzM=?= =?utf-8?Q?=E5=B1?= =?x?B?!!?=", b"To: " + b"(" * 400 + b"a@example.jp", b"From: \"" + b"\\" * 301, b"X: " + b"=?utf-8?B?5bGx?= " * 500,
    b"Content-Disposition: attachment; filename*0*=utf-8''%E5; filename*1*=%B1; filename*2=x", b"Content-Disposition: attachment; filename*=x'y'%zz%", b"\t folded", b"no colon", b": empty",
)  # fmt: skip


def _mail(data: bytes, rng: Random) -> bytes:
    """A field is added or gone, a boundary is repeated or broken, a part is nested or cut."""
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    bounds = [i for i, line in enumerate(lines) if line.startswith(b"--")]
    heads = [i for i, line in enumerate(lines) if re.match(rb"[A-Za-z-]+:", line)]
    kind = rng.randrange(6)
    if kind <= 1:
        at = rng.choice(heads) if heads else 0
        field = rng.choice(_FIELDS).replace(b"%s", lines[rng.choice(bounds)][2:].strip() if bounds else b"q")
        lines.insert(at, field + b"\r\n")
    elif kind == 2 and heads:
        del lines[rng.choice(heads)]
    elif kind == 3 and bounds:
        at = rng.choice(bounds)
        lines[at : at + 1] = [lines[at]] * rng.choice((0, 2, 500))
    elif kind == 4 and bounds:
        lines[rng.choice(bounds)] = rng.choice(
            (b"--\r\n", b"----\r\n", lines[bounds[0]].rstrip() + b"--\r\n", lines[bounds[0]].rstrip() + b"x\r\n")
        )
    else:
        lines = [b"Content-Type: message/rfc822\r\n\r\n"] * rng.choice((1, 3, 300)) + lines
    return b"".join(lines)


def _pdf(data: bytes, rng: Random) -> bytes:
    """A number, a name or a reference is another."""
    words = list(re.finditer(rb"[0-9]+|/[A-Za-z]+", data))
    if not words:
        return _flip(data, rng)
    hit = rng.choice(words)
    new = rng.choice((rng.choice(words)[0], b"-1", b"0", b"999999999", b"/Kids", b"[", b"<<", b">>", b"1 0 R"))
    return data[: hit.start()] + new + data[hit.end() :]
