"""Reads a spreadsheet package: every sheet, then every other place where a text can stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from piiscan.errors import UnreadableError
from piiscan.formats import _ooxml_binary as binary
from piiscan.formats._ooxml_package import Package, Part, relationship
from piiscan.formats._ooxml_xml import local, parse, parse_without
from piiscan.formats._xlsx_book import SHEET_ROOTS, Book
from piiscan.formats._xlsx_cells import Notes, batches
from piiscan.formats._xlsx_layout import PICTURE_ROOTS, Layout, OpenSheet, head_of, open_sheets, read_layout
from piiscan.formats._xlsx_map import kind_of
from piiscan.formats._xlsx_places import Field, Slot, fields, slots
from piiscan.formats._xlsx_sheet import cell_range, hidden_columns, merged
from piiscan.formats._zip_corners import corner_texts
from piiscan.model import Item, Limits, Member, Place, Sheet, Skipped, Text
from piiscan.text import cell_ref

if TYPE_CHECKING:
    from lxml import etree

_TAG = re.compile(r"<[^<>]*>")
#: Bytes of a sheet from which it is large.
LARGE = 12 * 1024 * 1024


def sheet_item(sheet: OpenSheet, book: Book, notes: Notes, limits: Limits) -> Sheet:
    """The cells of a sheet as the model knows them; reading them fills ``notes`` and marks the strings used."""
    return Sheet(
        location=sheet.location,
        batches=batches(
            sheet.file.rows(),
            book.style,
            book.strings,
            notes,
            limits.cell_chars,
        ),
        hidden=sheet.hidden,
        merged=merged(sheet.root),
        hidden_rows=sheet.file.hidden_rows,
        hidden_columns=hidden_columns(sheet.root),
        very_hidden=sheet.very_hidden,
        filtered=sheet.filtered,
        large=sheet.file.part.member.info.file_size > LARGE,
    )


def location_of(field: Field, part: Part, sheet: str | None) -> str:
    """The cell a text belongs to when its element or one around it names one, else the sheet, else the part."""
    if sheet is None:
        return part.name
    element: etree._Element | None = field.element
    column = 0
    for _ in range(6):
        if element is None:
            break
        ref = element.get("ref") or element.get("sqref") or ""
        if not ref and local(element) in ("dataValidation", "conditionalFormatting"):  # those of an extension
            ref = element.findtext("{*}sqref") or ""
        if ref.strip() and (found := cell_range(ref.split()[0])):
            return f"{sheet}!{cell_ref(found.first_row, found.first_column + column)}"
        if local(element) == "tableColumn":
            column = sum(local(e) == "tableColumn" for e in element.itersiblings(preceding=True))
        element = element.getparent()
    return sheet or part.name


def part_slots(root: etree._Element, part: Part, root_name: str, sheet: str | None) -> Iterator[tuple[Field, Slot]]:
    """Every text of an XML part."""
    for field in fields(root, kind_of(root_name)):
        for slot in slots(field, location_of(field, part, sheet)):
            yield field, slot


def link_cells(sheets: Iterable[OpenSheet]) -> dict[tuple[str, str], str]:
    """Where the hyperlinks stand: (key of the relationships part, id) → cell."""
    found: dict[tuple[str, str], str] = {}
    for sheet in sheets:
        folder, _, name = sheet.file.part.key.rpartition("/")
        for element in sheet.root.iter("{*}hyperlink"):
            ref = cell_range(element.get("ref") or "")
            rid = next((str(v) for k, v in element.attrib.items() if str(k).endswith("}id")), "")
            if ref and rid:
                location = f"{sheet.location}!{cell_ref(ref.first_row, ref.first_column)}"
                found[f"{folder}/_rels/{name}.rels", rid] = location
    return found


def relationship_slots(
    root: etree._Element, part: Part, cells: Mapping[tuple[str, str], str] = MappingProxyType({})
) -> Iterator[Slot]:
    """External targets, and internal ones that name a cell. ``cells`` as given by :func:`link_cells`."""
    from urllib.parse import quote, unquote

    for element in root.iter("{*}Relationship"):
        relation = relationship(part.key, dict(element.attrib))
        if not relation.external and not relation.target.startswith("#"):
            continue
        where = "hyperlink" if relation.type.endswith("/hyperlink") else "external_link"

        def put(text: str, element: etree._Element = element) -> None:
            element.set("Target", quote(text, safe=":/?#[]@!$&'()*+,;=%\\-._~"))

        location = cells.get((part.key, relation.id), part.name)
        yield Slot(Place(location, where, where != "hyperlink"), unquote(relation.target), put)


def xml_texts(layout: Layout, part: Part, cells: Mapping[tuple[str, str], str]) -> Iterator[Text]:
    """The texts of an XML part, each once."""
    root_name = layout.roots[part.key]
    if root_name == "styleSheet":
        root = parse_without(layout.package.pieces(part), "xf", lambda _: None)
    else:
        root = parse(layout.package.read(part), recover=root_name == "xml")
    seen: set[tuple[Place, str]] = set()
    found: Iterator[Slot] = (slot for _, slot in part_slots(root, part, root_name, layout.owners.get(part.key)))
    if root_name == "Relationships":
        found = relationship_slots(root, part, cells)
    for slot in found:
        if (slot.place, slot.text) not in seen:
            seen.add((slot.place, slot.text))
            yield Text(slot.place, slot.text)


def binary_items(layout: Layout, part: Part) -> Iterator[Item]:
    """What a part that is not XML gives: words, a file of its own, or a note that it was not read."""
    found = binary.classify(part, head_of(layout.package, part), thumbnail=part.key in layout.thumbnails)
    if found is None:
        return
    if found.file:
        stream, size = layout.package.zip.open(part.member)
        yield Member(part.name, stream, size)
        return
    data = layout.package.read(part)
    for text in binary.words(data, found.reason):
        yield Text(Place(part.name, binary.where(data, found.reason), hidden=True), text)
    yield Skipped(part.name, found.reason, found.partial)


def picture_text(data: bytes) -> str:
    """The words of a picture that is XML or HTML, without the markup."""
    lines = _TAG.sub("\n", data.decode("utf-8", "replace")).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def part_items(layout: Layout, part: Part, cells: Mapping[tuple[str, str], str]) -> Iterator[Item]:
    """Everything in a part that is neither a sheet nor the shared strings."""
    try:
        if layout.roots[part.key] in PICTURE_ROOTS:
            if text := picture_text(layout.package.read(part)):
                yield Text(Place(part.name, "drawing", hidden=True), text)
        elif layout.roots[part.key]:
            yield from xml_texts(layout, part, cells)
        else:
            yield from binary_items(layout, part)
    except UnreadableError as error:
        if error.reason == "dtd":
            raise
        yield Skipped(part.name, error.reason)


def string_texts(layout: Layout, left: Mapping[int, str]) -> Iterator[Text]:
    """Shared strings that no cell shows, and readings whose cell is not known."""
    strings, part = layout.book.strings, layout.book.strings_part
    if part is None:
        return
    orphan = Place(part.name, "orphan_string", hidden=True)
    for index, text in enumerate(strings.texts):
        if not strings.used[index] and text.strip():
            yield Text(orphan, text)
    for reading in left.values():
        yield Text(Place(part.name, "furigana", hidden=True), reading)


def read_package(package: Package, limits: Limits) -> Iterator[Item]:
    """All items of a spreadsheet: sheets first, in the order of the workbook."""
    yield from corner_texts(package.zip)
    for member in package.zip.ambiguous:
        yield Skipped(member.name, "ambiguous_members")
    layout = read_layout(package)
    book = layout.book
    done = {part.key for part in package.parts if layout.roots[part.key] in SHEET_ROOTS}
    done.update(sheet.key for sheet in book.sheets)
    if book.strings_part:
        done.add(book.strings_part.key)
    opened: list[tuple[OpenSheet, Notes]] = []
    for sheet in open_sheets(layout):
        if isinstance(sheet, Skipped):
            yield sheet
            continue
        notes = Notes()
        yield sheet_item(sheet, book, notes, limits)
        opened.append((sheet, notes))
    nothing = True
    for item in _texts(layout, opened, done):
        nothing = nothing and isinstance(item, Skipped)
        yield item
    if nothing and not opened and len(package.parts) > 3:
        yield Skipped("", "nothing_read")


def _texts(layout: Layout, opened: list[tuple[OpenSheet, Notes]], done: set[str]) -> Iterator[Item]:
    located: set[str] = set()
    for sheet, notes in opened:
        part, location = sheet.file.part, sheet.location
        for ref, reading, _ in notes.readings:
            located.add(reading)
            yield Text(Place(f"{location}!{ref}", "furigana", hidden=True), reading)
        for literal, ref in notes.literals.items():
            yield Text(Place(f"{location}!{ref}", "other", hidden=True), literal)
        for _, slot in part_slots(sheet.root, part, "worksheet", location):
            yield Text(slot.place, slot.text)
        if notes.bad_index:
            # Without any string it is not a slip of the writer: the texts of the sheet are missing.
            yield Skipped(part.name, "bad_string_index", partial=not layout.book.strings.texts)
    strings = layout.book.strings
    yield from string_texts(layout, {i: r for i, r in strings.readings.items() if r not in located})
    cells = link_cells(sheet for sheet, _ in opened)
    for part in layout.package.parts:
        if part.key not in done:
            yield from part_items(layout, part, cells)
