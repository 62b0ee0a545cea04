"""xz: one compressed file, without a name of its own."""

from __future__ import annotations

import io
import lzma
from collections.abc import Iterator
from typing import BinaryIO, cast

from piiscan.errors import LimitError
from piiscan.formats._compressed import answer, copy, inner_name, items
from piiscan.model import Editor, Format, Item, Limits, Source

_MAGIC = b"\xfd7zXZ\0"
#: ``xz -9`` needs 65 MiB to unpack; a header may ask for 4 GiB.
_MEMORY = 256 * 1024**2


def sniff(source: Source) -> int:
    """60 for the signature."""
    return 60 if source.head(6) == _MAGIC else 0


class _Stream(io.RawIOBase):
    """The concatenated streams of an xz file, unpacked with bounded memory, which ``lzma.LZMAFile`` does not offer."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while True:
            if self._unpacker.eof:
                self._rest = self._unpacker.unused_data.lstrip(b"\0") or self._stream.read(65_536).lstrip(b"\0")
                if not self._rest:
                    return b""
                self._unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)
            if self._unpacker.needs_input and not self._rest:
                self._rest = self._stream.read(65_536)
                if not self._rest:
                    raise EOFError
            rest, self._rest = self._rest, b""
            try:
                if out := self._unpacker.decompress(rest, size):
                    return out
            except lzma.LZMAError as error:
                if "emory" in str(error):
                    raise LimitError("too_much_memory") from None
                raise


def _open(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", _Stream(stream))


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The file inside."""
    yield from items(source, inner_name(source), _open, limits)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """Writes the edited copy; with nothing to change it is the same bytes."""
    new = answer(source, inner_name(source), _open, editor, limits)
    if new is None:
        copy(source, out)
    else:
        out.write(lzma.compress(new, format=lzma.FORMAT_XZ))


FORMAT = Format(id="xz", label="xz 圧縮", suffixes=(".xz", ".txz"), sniff=sniff, read=read, rewrite=rewrite)
