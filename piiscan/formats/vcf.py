"""Address cards (vCard 2.1 to 4.0): one table, each card a row, the parts of names and addresses in columns."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from piiscan.encoding import decode
from piiscan.formats import _slots
from piiscan.formats._content_lines import (
    Property,
    in_parameter,
    parts,
    properties,
    spoken,
    value_edits,
    value_view,
    writer,
)
from piiscan.formats._slots import Slot
from piiscan.formats._tree_tables import Tables
from piiscan.model import Editor, Format, Item, Limits, Skipped, Source

SUFFIXES = (".vcf", ".vcard")
_PARTED = {
    "N": ("姓", "名", "ミドルネーム", "敬称", "称号"),
    "ADR": ("私書箱", "建物名", "住所", "市区町村", "都道府県", "郵便番号", "国"),
    "ORG": ("会社名", "部署", "部署2"),
    "SOUND": ("姓（カナ）", "名（カナ）"),
}
_NAMES = {
    "FN": "氏名", "TEL": "電話番号", "EMAIL": "メールアドレス", "BDAY": "生年月日", "TITLE": "役職", "ROLE": "職務",
    "NOTE": "備考", "NICKNAME": "ニックネーム", "LABEL": "住所", "SORT-STRING": "フリガナ", "GENDER": "性別",
    "X-PHONETIC-LAST-NAME": "姓（カナ）", "X-PHONETIC-FIRST-NAME": "名（カナ）",
}  # fmt: skip
_SILENT = frozenset(("BEGIN", "END", "VERSION", "PRODID", "REV"))


def sniff(source: Source) -> int:
    """90 for a file that begins with a card."""
    encoding = source.encoding()
    if encoding is None:
        return 0
    start = decode(source.head(64)[encoding.bom_length :], encoding)[0].lstrip()
    return 90 if start.upper().startswith("BEGIN:VCARD") else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:  # noqa: ARG001 -- the size is bounded
    """The cards as one sheet with a header row; pictures are listed."""
    if not source.size:
        return
    found = _slots.content(source)
    tables = Tables()
    yield from _slots.items(_cells(found.text, tables), tables.headers)
    if any(line.binary for line in properties(found.text)):
        yield Skipped("", "image", partial=False)
    yield from _slots.damage(found)


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:  # noqa: ARG001
    """Copies the cards; only changed values differ."""
    if not source.size:
        return
    found = _slots.content(source)
    _slots.rewrite(source, found, _cells(found.text, Tables()), out, editor)


def _cells(text: str, tables: Tables) -> Iterator[Slot]:
    row, seen = 0, dict[str, int]()
    for line in properties(text):
        if line.name == "BEGIN" or not row:
            row, seen = tables.row(""), {}
        if line.name in _SILENT or line.binary:
            continue
        for label, view in spoken(text, line):
            column = tables.column("", _numbered(f"{line.name} {label}", seen))
            yield Slot(view.text, partial(value_edits, view, in_parameter), row=row, column=column)
        names = _PARTED.get(line.name)
        places = parts(text, line) if names else [(line.start, line.end)]
        for number, (start, end) in enumerate(places):
            view = value_view(text, line, start, end)
            name = names[min(number, len(names) - 1)] if names else _name(line)
            if view.text:
                edits = partial(value_edits, view, writer(text, line))
                yield Slot(view.text, edits, row=row, column=tables.column("", _numbered(name, seen)))


def _numbered(name: str, seen: dict[str, int]) -> str:
    """The column of a name in one card: a second telephone number goes into a column of its own."""
    seen[name] = seen.get(name, 0) + 1
    return name if seen[name] == 1 else f"{name}{seen[name]}"


def _name(line: Property) -> str:
    if line.name == "TEL" and "FAX" in line.parameters.upper():
        return "FAX"
    if line.name == "TEL" and "CELL" in line.parameters.upper():
        return "携帯電話"
    return _NAMES.get(line.name, line.name or "備考")


FORMAT = Format(id="vcf", label="vCard", suffixes=SUFFIXES, sniff=sniff, read=read, rewrite=rewrite)
