"""Decrypts OpenDocument packages, whose parts are encrypted one by one. OpenDocument 1.3 part 2, chapter 4.

Blowfish and AES-CBC with PBKDF2, as all programs wrote until 2024; and the whole package in AES-GCM with Argon2id, as
LibreOffice does since.
"""

from __future__ import annotations

import base64
import hashlib
import io
import time
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from piiscan.errors import LimitError, UnreadableError
from piiscan.model import Limits, Source
from piiscan.zips.safe_zip import SafeZip, open_zip

if TYPE_CHECKING:
    from lxml import etree

_MANIFEST = "meta-inf/manifest.xml"
_WHOLE = "encrypted-package"
_MOST_ITERATIONS = 10_000_000
_MOST_KIBIBYTES = 512 * 1024
_CHECKED = 1024
_RATIO = 1032  # deflate cannot do better


@dataclass(frozen=True, slots=True)
class _Locked:
    """How one part is encrypted."""

    name: str
    algorithm: str
    vector: bytes
    checksum: bytes
    checksum_kind: str
    derivation: str
    salt: bytes
    iterations: int
    key_size: int
    start: str
    memory: int
    lanes: int


def open_document(source: Source, passwords: Iterable[str], limits: Limits, deadline: float) -> bytes | None:
    """The package with all parts in the clear; None when it is none, or no password opens it before ``deadline``."""
    source.stream.seek(0)
    try:
        archive = open_zip(source.stream, limits)
        listing = next((m for m in archive.members if m.key == _MANIFEST), None)
        locked = _locked(archive.read(listing)) if listing else []
    except UnreadableError:
        return None
    if not locked:
        return None
    for password in dict.fromkeys(passwords):
        if time.monotonic() > deadline:
            return None
        opened = _open(archive, locked, password, limits)
        if opened is not None:
            return opened
    return None


def _locked(manifest: bytes) -> list[_Locked]:
    from lxml import etree

    if b"<!DOCTYPE" in manifest and b"<!ENTITY" in manifest:
        return []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(manifest, parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    found = []
    for entry in root.iter("{*}file-entry"):
        data = next(entry.iter("{*}encryption-data"), None)
        if data is not None:
            found.append(_entry(_get(entry, "full-path"), data))
    return found


def _entry(name: str, data: etree._Element) -> _Locked:
    algorithm = next(data.iter("{*}algorithm"), data)
    derivation = next(data.iter("{*}key-derivation"), data)
    start = next(data.iter("{*}start-key-generation"), None)
    return _Locked(
        name=name,
        algorithm=_get(algorithm, "algorithm-name").lower(),
        vector=_bytes(_get(algorithm, "initialisation-vector")),
        checksum=_bytes(_get(data, "checksum")),
        checksum_kind=_get(data, "checksum-type").lower(),
        derivation=_get(derivation, "key-derivation-name").lower(),
        salt=_bytes(_get(derivation, "salt")),
        iterations=_int(_get(derivation, "iteration-count") or _get(derivation, "argon2-iterations")),
        key_size=_int(_get(derivation, "key-size")) or 16,
        start=_get(start, "start-key-generation-name").lower() if start is not None else "sha1",
        memory=_int(_get(derivation, "argon2-memory")),
        lanes=_int(_get(derivation, "argon2-lanes")),
    )


def _get(element: etree._Element, name: str) -> str:
    return next((str(v) for k, v in element.attrib.items() if str(k).rpartition("}")[2] == name), "")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


def _int(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _open(archive: SafeZip, locked: list[_Locked], password: str, limits: Limits) -> bytes | None:
    by_name = {entry.name: entry for entry in locked}
    # The smallest part first: a wrong password is known before the large ones are touched.
    order = sorted(archive.members, key=lambda m: (m.name not in by_name, m.info.file_size))
    plain: dict[int, bytes] = {}
    total = 0
    for member in order:
        entry = by_name.get(member.name)
        if member.is_folder:
            continue
        data = archive.read(member)
        if entry is not None:
            content = _decrypt(data, entry, password, limits)
            if content is None:
                return None
            if member.name == _WHOLE:
                return content
            data = content
        plain[member.index] = data
        total += len(data)
        if total * 4 > limits.memory_bytes:
            raise LimitError("too_large")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        for member in archive.members:
            if member.index not in plain:
                continue
            data = plain[member.index]
            if member.key == _MANIFEST:
                data = _without_encryption(data)
            written.writestr(zipfile.ZipInfo(member.name), data)
    return out.getvalue()


def _without_encryption(manifest: bytes) -> bytes:
    """The manifest of a package in the clear, so that no reader takes the copy for encrypted."""
    from lxml import etree

    root = etree.fromstring(manifest, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    for element in list(root.iter("{*}encryption-data", "{*}keyinfo")):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return etree.tostring(root)


def _decrypt(data: bytes, entry: _Locked, password: str, limits: Limits) -> bytes | None:
    """The content of a part; None when the password is wrong or the method unknown."""
    key = _key(entry, password)
    if key is None:
        return None
    packed = _decipher(data, entry, key)
    if packed is None:
        return None
    if entry.checksum_kind and not _matches(packed, entry):
        return None
    if entry.name == _WHOLE and packed.startswith(b"PK"):
        return packed
    inflater = zlib.decompressobj(-15)
    most = min(limits.inflated_bytes, limits.memory_bytes // 4, max(1, len(packed)) * _RATIO)
    try:
        content = inflater.decompress(packed, most)
    except zlib.error:
        return None
    if inflater.unconsumed_tail:
        raise LimitError("zip_too_large")
    return content if inflater.eof else None


def _matches(packed: bytes, entry: _Locked) -> bool:
    """Whether the checksum over the first kilobyte of the packed content fits; padding may have been cut or not."""
    hashed = hashlib.sha256 if "sha256" in entry.checksum_kind else hashlib.sha1
    return hashed(packed[:_CHECKED]).digest() == entry.checksum


def _key(entry: _Locked, password: str) -> bytes | None:
    hashed = hashlib.sha256 if "sha256" in entry.start else hashlib.sha1
    start = hashed(password.encode("utf-8")).digest()
    if "argon2id" in entry.derivation:
        return _argon2(entry, start)
    if not 0 < entry.iterations <= _MOST_ITERATIONS or entry.key_size > 64:
        return None
    return hashlib.pbkdf2_hmac("sha1", start, entry.salt, entry.iterations, entry.key_size)


def _argon2(entry: _Locked, start: bytes) -> bytes | None:
    if not (0 < entry.memory <= _MOST_KIBIBYTES and 0 < entry.iterations <= 64 and 0 < entry.lanes <= 64):
        return None
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
    except ImportError:
        return None
    try:
        kdf = Argon2id(
            salt=entry.salt, length=entry.key_size, iterations=entry.iterations, lanes=entry.lanes,
            memory_cost=entry.memory,
        )  # fmt: skip
        return kdf.derive(start)
    except (ValueError, UnsupportedAlgorithm):
        return None


def _decipher(data: bytes, entry: _Locked, key: bytes) -> bytes | None:
    from Cryptodome.Cipher import AES, Blowfish

    try:
        if "blowfish" in entry.algorithm:
            cipher = Blowfish.new(key, Blowfish.MODE_CFB, iv=entry.vector, segment_size=64)  # noqa: S304 -- read only
            return bytes(cipher.decrypt(_blocks(data)))[: len(data)]
        if "gcm" in entry.algorithm:
            vector, body = (
                (entry.vector, data) if entry.vector and data[:12] != entry.vector else (data[:12], data[12:])
            )
            return bytes(AES.new(key, AES.MODE_GCM, nonce=vector).decrypt_and_verify(body[:-16], body[-16:]))
        if "cbc" in entry.algorithm:
            plain = bytes(AES.new(key, AES.MODE_CBC, iv=entry.vector).decrypt(data))
            return plain[: -plain[-1]] if plain and 1 <= plain[-1] <= 16 else plain
    except ValueError:
        return None
    return None


def _blocks(data: bytes) -> bytes:
    return data + bytes(-len(data) % 8)
