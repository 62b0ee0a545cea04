"""Tables of a workbook: their column names must equal their header cells, or Excel calls the file damaged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from piiscan.formats._ooxml_package import Part
from piiscan.formats._ooxml_xml import escape_xstring, parse, unescape_xstring
from piiscan.formats._xlsx_names import column_name
from piiscan.formats._xlsx_read import Layout
from piiscan.formats._xlsx_sheet import cell_range
from piiscan.model import Place
from piiscan.text import cell_ref

if TYPE_CHECKING:
    from lxml import etree


@dataclass(repr=False)
class TableNames:
    """The column names of one table while a copy is made. ``row`` None: the table has no header cells."""

    part: Part
    sheet: str
    row: int | None
    first_column: int
    old: list[str]
    new: list[str] = field(default_factory=list)

    def settle(self, index: int, wanted: str) -> str:
        """Gives a column a new name, different from its neighbours', and tells it."""
        others = [name for i, name in enumerate(self.new) if i != index]
        self.new[index] = column_name(wanted, others)
        return self.new[index]

    def place(self, index: int) -> Place:
        """Where the name is reported."""
        location = self.part.name
        if self.row is not None:
            location = f"{self.sheet}!{cell_ref(self.row, self.first_column + index)}"
        return Place(location, "header", hidden=False)

    def put(self, root: etree._Element) -> bool:
        """Writes the new names; whether there are any."""
        for element, old, new in zip(root.iter("{*}tableColumn"), self.old, self.new, strict=False):
            if old != new:
                element.set("name", escape_xstring(new))
        return self.old != self.new


def read_tables(layout: Layout) -> Iterator[TableNames]:
    """The tables of the workbook."""
    for part in layout.package.parts:
        if layout.roots[part.key] != "table":
            continue
        root = parse(layout.package.read(part))
        ref = cell_range(root.get("ref") or "")
        names = [unescape_xstring(c.get("name") or "") for c in root.iter("{*}tableColumn")]
        headed = ref is not None and root.get("headerRowCount", "1") != "0" and part.key in layout.owners
        yield TableNames(
            part,
            layout.owners.get(part.key, ""),
            ref.first_row if ref and headed else None,
            ref.first_column if ref else 0,
            names,
            list(names),
        )
