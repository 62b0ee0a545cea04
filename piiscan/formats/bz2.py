"""bzip2: one compressed file, without a name of its own."""

from __future__ import annotations

import bz2
from collections.abc import Iterator
from typing import BinaryIO, cast

from piiscan.formats._compressed import answer, copy, inner_name, items
from piiscan.model import Editor, Format, Item, Limits, Source

_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")


def sniff(source: Source) -> int:
    """60 for the signature with a block, or the end of an empty file, behind it."""
    head = source.head(10)
    return 60 if head[:3] == b"BZh" and head[4:10] in _BLOCKS else 0


def _open(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", bz2.BZ2File(stream))


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The file inside."""
    yield from items(source, inner_name(source), _open, limits)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """Writes the edited copy; with nothing to change it is the same bytes."""
    new = answer(source, inner_name(source), _open, editor, limits)
    if new is None:
        copy(source, out)
    else:
        out.write(bz2.compress(new))


FORMAT = Format(id="bz2", label="bzip2 圧縮", suffixes=(".bz2", ".tbz2"), sniff=sniff, read=read, rewrite=rewrite)
