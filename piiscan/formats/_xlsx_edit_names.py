"""New names of sheets, table columns, tables and defined names, settled before any formula is written."""

from __future__ import annotations

from piiscan.formats._ooxml_xml import parse
from piiscan.formats._xlsx_edit_parts import Asker, is_name
from piiscan.formats._xlsx_layout import Layout
from piiscan.formats._xlsx_names import Renames, defined_name, sheet_name
from piiscan.formats._xlsx_read import part_slots
from piiscan.formats._xlsx_tables import TableNames
from piiscan.model import Place


def new_names(layout: Layout, ask: Asker, tables: list[TableNames]) -> tuple[Renames, dict[tuple[str, str], str]]:
    """The new names of sheets and table columns, and the header cells that follow them."""
    cells: dict[tuple[str, str], str] = {}
    columns: dict[str, str] = {}
    for names in tables:
        for index, old in enumerate(names.old):
            if names.new[index] == old and (new := ask(names.place(index), old)) is not None:
                settled = names.settle(index, new)
                if names.headed:
                    cells[names.sheet, names.cell(index)] = settled
            if names.new[index] != old:
                columns[old] = names.new[index]
    return Renames(_sheet_names(layout, ask), columns, _defined_names(layout, ask)), cells


def _sheet_names(layout: Layout, ask: Asker) -> dict[str, str]:
    found: dict[str, str] = {}
    if layout.book.workbook is None:
        return found
    taken = {sheet.name for sheet in layout.book.sheets}
    for sheet in layout.book.sheets:
        new = ask(Place(layout.book.workbook.name, "sheet_name", hidden=False), sheet.name)
        if new is not None:
            name = sheet_name(new, taken)
            taken.add(name)
            found[sheet.name.casefold()] = name
    return found


def _defined_names(layout: Layout, ask: Asker) -> dict[str, str]:
    """New names of tables and defined names, by case-folded old name."""
    found: dict[str, str] = {}
    places: list[tuple[Place, str]] = []
    for part in layout.package.parts:
        root_name = layout.roots[part.key]
        if root_name in ("workbook", "table"):
            root = parse(layout.package.read(part))
            slots = part_slots(root, part, root_name, layout.owners.get(part.key))
            places += [(slot.place, slot.text) for field_, slot in slots if is_name(field_)]
    taken = {name for _, name in places}
    for place, name in places:
        new = ask(place, name)
        if new is not None and name.casefold() not in found:
            found[name.casefold()] = defined_name(new, taken)
            taken.add(found[name.casefold()])
    return found
