"""New texts for shared strings: which slot of the table which cell uses afterwards, and the table written again.

A string may serve many cells that get different answers. The first answer claims the slot, so that cells which agree
keep their bytes; every other answer gets a slot at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from piiscan.formats._ooxml_package import Package, Part
from piiscan.formats._ooxml_xml import spread, text_of, to_xml
from piiscan.formats._xlsx_strings import Strings, string_items

_PHONETIC = re.compile(r"<rPh\b.*?</rPh>|<phoneticPr\b[^>]*?(?:/>|>.*?</phoneticPr>)", re.DOTALL)
_T = re.compile(r"<t(?:\s[^<>]*+)?>([^<]*)</t>|<t(?:\s[^<>]*)?/>")
_NAMESPACE = re.compile(rb"""\sxmlns(?::[\w.-]+)?\s*=\s*["']([^"']*spreadsheetml/main)["']""")
_TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#: Excel holds no more characters in a cell.
LONGEST = 32_767


class Claims:
    """Who uses which shared string, while the cells are asked for."""

    def __init__(self, strings: Strings) -> None:
        self.strings = strings
        #: index → the new text, or None to keep it
        self.slots: dict[int, str | None] = {}
        #: (index of the string to copy, its new text or None), in the order of the new slots
        self.added: list[tuple[int, str | None]] = []
        #: strings whose furigana must go although the text stays
        self.silenced: set[int] = set()
        self._where: dict[tuple[int, str | None], int] = {}

    def index(self, index: int, new: str | None) -> int:
        """The slot that a cell with string ``index`` uses from now on; ``new`` None keeps the text."""
        if index not in self.slots:
            self.slots[index] = new
        if self.slots[index] == new:
            return index
        key = (index, new)
        if key not in self._where:
            self._where[key] = len(self.strings.texts) + len(self.added)
            self.added.append(key)
        return self._where[key]

    @property
    def changed(self) -> bool:
        """Whether the table must be written again."""
        return bool(self.added or self.silenced) or any(new is not None for new in self.slots.values())


def table(package: Package, part: Part, claims: Claims) -> Iterator[bytes]:
    """The shared string table with its new texts, as UTF-8 XML."""
    head = b""
    for piece in package.pieces(part):
        head += piece
        if b"<si" in head or len(head) > 65_536:
            break
    found = _NAMESPACE.search(head)
    namespace = found.group(1).decode() if found else _TRANSITIONAL
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<sst xmlns="{namespace}">'.encode()
    # The strings to be copied stand before their copies: what a copy needs is kept in passing.
    wanted = {index for index, _ in claims.added}
    bodies: dict[int, str] = {}
    at = 0
    for plain, rich in string_items(package, part):
        out = []
        for text, body in zip(plain, rich, strict=True):
            new = claims.slots.get(at)
            if at in wanted:
                bodies[at] = body or _plain(text or "")
            if body:
                out.append(_item(body, new, silent=at in claims.silenced))
            else:
                out.append(f"<si>{_plain(text or '' if new is None else to_xml(new[:LONGEST]))}</si>")
            at += 1
        yield "".join(out).encode("utf-8", "replace")
    yield "".join(_item(bodies[i], new, silent=i in claims.silenced) for i, new in claims.added).encode()
    yield b"</sst>"


def _plain(stored: str) -> str:
    space = ' xml:space="preserve"' if stored != stored.strip() else ""
    return f"<t{space}>{stored}</t>"


def _item(content: str, new: str | None, *, silent: bool) -> str:
    if new is not None:
        content = respread(content, new)
    elif silent:
        content = _PHONETIC.sub("", content)
    return f"<si>{content}</si>"


def respread(content: str, new: str) -> str:
    """The content of an ``si`` or ``is`` with another text: runs keep their format, furigana goes."""
    new = new[:LONGEST]
    bare = _PHONETIC.sub("", content)
    runs = list(_T.finditer(bare))
    if not runs:
        return f'<t xml:space="preserve">{to_xml(new)}</t>'
    out, at = [], 0
    for run, piece in zip(runs, spread([text_of(run.group(1) or "") for run in runs], new), strict=True):
        out.append(f'{bare[at : run.start()]}<t xml:space="preserve">{to_xml(piece)}</t>')
        at = run.end()
    return "".join(out) + bare[at:]
