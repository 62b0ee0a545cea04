"""Shared strings: text, readings (furigana), and which of them no cell uses.

ECMA-376 part 1, 18.4. ``rPh`` is not part of the text: it is what Excel's input method recorded when somebody typed a
name, usually invisible, and it is the name in katakana.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from piiscan.formats._ooxml_package import Package, Part
from piiscan.formats._ooxml_xml import text_of, texts_of
from piiscan.formats._xlsx_stream import cut, plain_strings, strict_strings

_T = re.compile(r"<t(?:\s[^<>]*+)?>([^<]*)</t>")
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>", re.DOTALL)


@dataclass(frozen=True, repr=False)
class Strings:
    """The shared strings in order. ``readings``: index → furigana; ``used`` is marked by whoever reads cells."""

    texts: list[str] = field(default_factory=list)
    readings: dict[int, str] = field(default_factory=dict)
    used: bytearray = field(default_factory=bytearray)


def string_items(package: Package, part: Part) -> Iterator[tuple[list[str | None], list[str | None]]]:
    """The strings in order, some at a time: plain texts and other contents, both as they stand in XML, else None."""
    done = 0
    for chunk in cut(package.pieces(part), b"</si>"):
        items = plain_strings(chunk)
        if items is None:
            break
        done += len(items[0])
        yield items
    else:
        return
    for texts, bodies in strict_strings(package.pieces(part)):
        if done >= len(texts):
            done -= len(texts)
        else:
            yield texts[done:], bodies[done:]
            done = 0


def read_strings(package: Package, part: Part) -> Strings:
    """All strings of the part."""
    texts: list[str] = []
    readings: dict[int, str] = {}
    for plain, rich in string_items(package, part):
        start = len(texts)
        texts.extend(texts_of([text or "" for text in plain]))
        for index, body in enumerate(rich, start):
            if body:
                texts[index], reading = rich_text(body)
                if reading:
                    readings[index] = reading
    return Strings(texts, readings, bytearray(len(texts)))


def rich_text(body: str) -> tuple[str, str]:
    """Text and furigana of the content of an ``si`` or ``is`` in plain shape."""
    reading = ""
    if "<rPh" in body:
        reading = "".join(text_of(t) for part in _PHONETIC.findall(body) for t in _T.findall(part))
        body = _PHONETIC.sub("", body)
    return "".join([text_of(t) for t in _T.findall(body)]), reading
