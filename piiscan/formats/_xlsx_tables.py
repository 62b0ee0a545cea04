"""Tables of a workbook: their column names must equal their header cells, or Excel calls the file damaged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from piiscan.formats._ooxml_package import Part
from piiscan.formats._ooxml_xml import escape_xstring, parse, unescape_xstring
from piiscan.formats._xlsx_layout import Layout
from piiscan.formats._xlsx_names import column_name
from piiscan.formats._xlsx_sheet import cell_range
from piiscan.model import Place
from piiscan.text import cell_ref

if TYPE_CHECKING:
    from lxml import etree


@dataclass(repr=False)
class TableNames:
    """The column names of one table while a copy is made. ``headed``: its first row, at ``corner``, shows them."""

    part: Part
    sheet: str
    corner: tuple[int, int]
    headed: bool
    old: list[str]
    new: list[str] = field(default_factory=list)

    def settle(self, index: int, wanted: str) -> str:
        """Gives a column a new name, different from its neighbours', and tells it."""
        others = [name for i, name in enumerate(self.new) if i != index]
        self.new[index] = column_name(wanted, others)
        return self.new[index]

    def cell(self, index: int) -> str:
        """The header cell of a column, or where it would be."""
        return cell_ref(self.corner[0], self.corner[1] + index)

    def place(self, index: int) -> Place:
        """Where the name is reported."""
        return Place(f"{self.sheet}!{self.cell(index)}" if self.sheet else self.part.name, "header", hidden=False)

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
        sheet = layout.owners.get(part.key, "") if ref else ""
        headed = bool(sheet) and root.get("headerRowCount", "1") != "0"
        corner = (ref.first_row, ref.first_column) if ref else (0, 0)
        yield TableNames(part, sheet, corner, headed, names, list(names))
