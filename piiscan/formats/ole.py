"""Compound files that are no document known here: objects that Office embeds, and files of other old programs.

Files that such an object only wraps become members. Of all else the properties, the macros and whatever reads like words
are given, and the file counts as read in part. Reading only. [MS-OLEDS] 2.2.
"""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.formats._compound import MAGIC, Compound
from piiscan.formats._compound_items import object_items, property_items, slack_items
from piiscan.model import Format, Item, Limits, Member, Skipped, Source


def sniff(source: Source) -> int:
    """12 for any compound file: every format that knows it is surer."""
    return 12 if source.head(8) == MAGIC else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Files inside, texts, and a note when there was more than files; raises ``UnreadableError``, ``LimitError``."""
    with Compound(source.stream, limits) as file:
        files = False
        yield from property_items(file)
        for item in object_items(file, set()):
            files = files or isinstance(item, Member)
            yield item
        yield from slack_items(file)
        if not files:
            yield Skipped("", "embedded_object")


FORMAT = Format(id="ole", label="OLE 複合ファイル", suffixes=(), sniff=sniff, read=read)
