"""Canaries: an invented person in one place of a file that holds nothing else, and a search that knows every spelling."""

from __future__ import annotations

import base64
import binascii
import bz2
import email
import email.policy
import gzip
import io
import lzma
import quopri
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from typing import TypeVar
from urllib.parse import quote, unquote

from piiscan.model import FileReport, Status

NAME, READING, PHONE, MAIL = "佐久間 柊太朗", "サクマ シュウタロウ", "090-0741-8523", "shutaro.sakuma@example.jp"
#: What is planted where there is room for a sentence; a name with its reading, a phone, a mail address.
CANARY = f"{NAME}様（{READING}） {PHONE} {MAIL}"
#: What is planted where a name of at most 31 signs fits.
SHORT = f"{NAME}様 {PHONE}"
ALL = frozenset({"person_name", "person_name_kana", "phone", "email"})
SHORT_ONES = frozenset({"person_name", "phone"})
#: What a search of a cleaned copy looks for.
GONE = (
    NAME,
    NAME.replace(" ", ""),
    "柊太朗",
    READING,
    "シュウタロウ",
    PHONE,
    PHONE.replace("-", "")[1:],
    MAIL,
    "shutaro",
)
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "iso2022_jp")
_MARK = re.compile(r"鳥([0-9]{0,3})((?:<[^<>]+>)*)([0-9]{0,3})号(?:@example\.jp)?")
_QUOTED_MARK = re.compile(r"%E9%B3%A5([0-9]{3})%E5%8F%B7(?:@example\.jp)?")
Content = TypeVar("Content", str, bytes, str | bytes)


@dataclass(frozen=True)
class Planted:
    """A file with one canary. ``where`` and ``hidden`` as in a finding, ``location`` a part of the finding's location.

    ``member``: the way to the file inside the file that holds it. ``entities``: what must be found there. ``refused``:
    why no copy is written. ``status``: what a scan must say. ``writable``: whether the format can be written at all.
    """

    id: str
    name: str
    make: Callable[[], bytes]
    where: str
    hidden: bool = False
    location: str = ""
    member: str | None = None
    entities: frozenset[str] = ALL
    refused: str | None = None
    status: Status = Status.SCANNED
    writable: bool = True


# ---------------------------------------------------------------- planting


def planted(parts: Mapping[str, str | bytes], number: int, text: str = CANARY) -> dict[str, str | bytes]:
    """The parts of a package whose marks 鳥001号, 鳥002号 … are filled: one with the canary, the others with nothing."""
    return {name: _filled(part, number, text) for name, part in parts.items()}


def _filled(part: str | bytes, number: int, text: str) -> str | bytes:
    if isinstance(part, bytes):
        raw = part.decode("utf-16-le", "surrogatepass") if len(part) % 2 == 0 else ""
        if "鳥" not in raw:
            return part
        return re.sub("鳥([0-9]{3})号", r"項\1目", raw).encode("utf-16-le", "surrogatepass")

    def fill(match: re.Match[str]) -> str:
        digits = match[1] + match[3]
        if int(digits) != number:
            return f"項{match[1]}{match[2]}{match[3]}目"
        half = len(text) // 2 if match[2] else len(text)
        return text[:half] + match[2] + text[half:]

    def quoted(match: re.Match[str]) -> str:
        return quote(text) if int(match[1]) == number else quote(f"項{match[1]}目")

    return _QUOTED_MARK.sub(quoted, _MARK.sub(fill, part))


# ---------------------------------------------------------------- finding


def missing(reports: list[FileReport], one: Planted) -> str:
    """What a scan should have said of a planted file and did not; nothing when all is well."""
    report = next((r for r in reports if r.member == one.member), None)
    if report is None:
        return f"no report for {one.member}, only {[r.member for r in reports]}"
    if report.status is not one.status:
        return f"{report.status} ({report.status_reason})"
    at = {
        f.entity
        for f in report.findings
        if (f.where, f.hidden) == (one.where, one.hidden) and one.location in f.location
    }
    if one.where == "cell":
        tables = [t for t in report.tables if t.location in one.location]
        at |= {c.entity for t in tables for c in t.columns if c.entity}
    if one.entities <= at:
        return ""
    elsewhere = sorted({(f.where, f.hidden, f.location, f.entity) for f in report.findings})
    return f"{sorted(one.entities - at)} not in {one.where}, but {elsewhere}"


# ---------------------------------------------------------------- searching a copy


def left(data: bytes) -> list[str]:
    """The ways to whatever of the canary still stands in a file, in any spelling, packed or encoded; piiscan has no say."""
    return sorted({way for way, layer in _layers(data, "", 0) if _holds(layer)})


def _layers(data: bytes, way: str, depth: int) -> Iterator[tuple[str, bytes]]:
    """The bytes, what is packed in them, and what text-safe encodings in them say."""
    yield way, data
    if depth > 6:
        return
    for name, inner in _unpacked(data):
        yield from _layers(inner, f"{way}/{name}", depth + 1)
    if way.endswith(("~base64", "~quoted")):
        return
    for match in re.finditer(rb"[A-Za-z0-9+/]{16,}", data):
        for shift in range(4):
            piece = match[0][shift:]
            yield f"{way}~base64", base64.b64decode(piece[: len(piece) // 4 * 4])
    if b"=" in data:
        yield f"{way}~quoted", quopri.decodestring(data)
        yield f"{way}~quoted", quopri.decodestring(data, header=True)
    for block in re.findall(rb"^begin [0-7]{3} [^\r\n]*\r?\n(.*?)^end", data, re.DOTALL | re.MULTILINE):
        yield f"{way}~uu", b"".join(binascii.a2b_uu(line) for line in block.splitlines())


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for info in package.infolist():
                yield (
                    f"{info.filename}?",
                    info.filename.encode("utf-8", "replace") + b"\0" + info.comment + b"\0" + info.extra,
                )
                yield info.filename, package.read(info)
            yield "comment", package.comment
    elif data[:2] == b"\x1f\x8b":
        yield "gz", gzip.decompress(data)
    elif data[:3] == b"BZh":
        yield "bz2", bz2.decompress(data)
    elif data[:6] == b"\xfd7zXZ\0":
        yield "xz", lzma.decompress(data)
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as package:
            for member in package:
                yield (
                    "header",
                    repr((member.name, member.linkname, member.uname, member.gname, member.pax_headers)).encode(),
                )
                if member.isreg() and (opened := package.extractfile(member)) is not None:
                    yield member.name, opened.read()
    elif b"MIME-Version" in data[:5000] or b"\nContent-T" in data[:5000]:
        for part in email.message_from_bytes(data, policy=email.policy.compat32).walk():
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload != data:
                yield str(part.get_content_type()), payload


def _holds(data: bytes) -> bool:
    if any(spelling in data for spelling in _spellings()):
        return True
    for encoding in ("utf-8", "cp932"):
        text = data.decode(encoding, "replace")
        plain = re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), unquote(unescape(text)))
        folded = re.sub(r"\r?\n[ \t]", "", plain)
        if any(value in version for value in GONE for version in (plain, folded)):
            return True
    return False


@cache
def _spellings() -> frozenset[bytes]:
    found: set[bytes] = set()
    for value in GONE:
        for text in (value, escape(value), quote(value), value.encode("unicode_escape").decode()):
            for encoding in _ENCODINGS:
                try:
                    raw = text.encode(encoding)
                except UnicodeEncodeError:
                    continue
                raw = raw.replace(b"\x1b$B", b"").replace(b"\x1b(B", b"")
                found.add(raw)
    return frozenset(s for s in found if len(s) > 5)
