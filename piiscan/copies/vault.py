"""The vault of a reversible run: the originals, encrypted and authenticated, apart from the key and from the copies.

A header line and then one line for each block: base64 of a nonce and of AES-256-GCM over zlib over JSON. The key of a
vault is derived from the secret key and the vault's own salt; salt, number of the block and whether it is the last are
authenticated with it, so that no block can be changed, moved, taken out or cut off unnoticed.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import zlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from piiscan.copies.keyed import subkey
from piiscan.errors import UnsafeCopyError, UsageError

_HEAD = "piiscan-vault-1"
_NONCE = 12


@dataclass(repr=False)
class VaultWriter:
    """A vault being written; ``close`` makes it whole."""

    _stream: BinaryIO
    _key: bytes
    _salt: bytes
    _path: str
    _count: int = 0

    def add(self, block: bytes) -> None:
        """Puts a packed block in; it is on the disk when this returns. Raises ``UnsafeCopyError("vault_not_written")``."""
        self._put(block, last=False)

    def close(self) -> None:
        """Marks the end. A vault without it is refused; one that holds nothing goes."""
        if self._count:
            self._put(pack({}), last=True)
        self.leave()

    def leave(self) -> None:
        """Lets go of the file, whole or not; removes it when it holds nothing."""
        if self._stream.closed:
            return
        empty = not self._count and self._is_ours()
        with suppress(OSError):  # what counts has been synced
            self._stream.close()
        if empty:
            with suppress(OSError):
                Path(self._path).unlink()

    def _is_ours(self) -> bool:
        """Whether the file that was made still has its name."""
        with suppress(OSError):
            return os.path.samestat(os.fstat(self._stream.fileno()), os.lstat(self._path))
        return False

    def _put(self, block: bytes, *, last: bool) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(self._key).encrypt(nonce, block, _bound(self._salt, self._count, last=last))
        try:
            self._stream.write(b64encode(nonce + sealed) + b"\n")
            self._stream.flush()
            os.fsync(self._stream.fileno())
        except OSError:
            raise UnsafeCopyError("vault_not_written", path=self._path) from None
        self._count += 1


def new_vault(path: str, key: bytes) -> VaultWriter:
    """Makes an empty vault that only its owner can read; raises ``UsageError`` when the file exists already."""
    salt = secrets.token_bytes(16)
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError:
        raise UsageError("vault_exists", path=path) from None
    except OSError:
        raise UsageError("output_not_writable", path=path) from None
    stream = os.fdopen(number, "wb")
    stream.write(f"{_HEAD} {salt.hex()}\n".encode())
    return VaultWriter(stream, _vault_key(key, salt), salt, path)


def read_vault(path: str, key: bytes) -> Iterator[dict[str, Any]]:
    """The blocks of a vault; raises ``UsageError``: vault_unreadable, vault_wrong_key, vault_damaged."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        lines = Path(path).read_bytes().splitlines()
        word, _, told = lines[0].decode("ascii").partition(" ")
        salt = bytes.fromhex(told)
        sealed = [b64decode(line, validate=True) for line in lines[1:]]
    except (OSError, UnicodeDecodeError, ValueError, IndexError, Base64Error):
        raise UsageError("vault_unreadable", path=path) from None
    if word != _HEAD or not sealed:
        raise UsageError("vault_unreadable", path=path)
    cipher = AESGCM(_vault_key(key, salt))
    for number, block in enumerate(sealed):
        bound = _bound(salt, number, last=number == len(sealed) - 1)
        try:
            plain = cipher.decrypt(block[:_NONCE], block[_NONCE:], bound)
        except (InvalidTag, ValueError):
            raise UsageError("vault_wrong_key" if number == 0 else "vault_damaged", path=path) from None
        yield unpack(plain)


def pack(block: dict[str, Any]) -> bytes:
    """A block as bytes."""
    return zlib.compress(json.dumps(block, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def unpack(data: bytes) -> dict[str, Any]:
    """What ``pack`` packed; only for data that has been authenticated."""
    found: dict[str, Any] = json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
    return found


def _vault_key(key: bytes, salt: bytes) -> bytes:
    return hmac.digest(subkey(key, "vault"), salt, "sha256")


def _bound(salt: bytes, number: int, *, last: bool) -> bytes:
    return salt + number.to_bytes(8, "big") + bytes((last,))
