"""Trees of named values as tables: what stands in a list is a row, names are columns, and names inside names are joined.

``{"customers": [{"name": "…", "phone": "…"}]}`` becomes the sheet ``/customers`` with the header row name, phone. A
lone object is a table of one row. Locations are JSON pointers with ``*`` for the place in a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from piiscan.errors import LimitError
from piiscan.formats._csv_records import MOST_FIELDS

DEPTH = 200
#: An object with more plain values than this is no record.
MOST_VALUES = 500


class Pairs(list[tuple[str, object]]):
    """An object: its members in their order, names that come twice included."""


@dataclass(slots=True)
class Tables:
    """The tables found so far: column names by location, how many rows each has, and what its last row holds."""

    headers: dict[str, list[str]] = field(default_factory=dict)
    columns: dict[str, dict[str, int]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    used: dict[str, set[int]] = field(default_factory=dict)

    def row(self, location: str) -> int:
        """A new row of a table; the first is 1, behind the header."""
        self.rows[location] = self.rows.get(location, 0) + 1
        self.used[location] = set()
        return self.rows[location]

    def column(self, location: str, name: str) -> int:
        """The column of a name in the last row; a name that comes again in the row has another column."""
        known = self.columns.setdefault(location, {})
        used = self.used.setdefault(location, set())
        title, number = name, 1
        while known.setdefault(title, len(known)) in used:
            number += 1
            title = f"{name} {number}"
        column = known[title]
        used.add(column)
        names = self.headers.setdefault(location, [])
        if column == len(names) < MOST_FIELDS:
            names.append(title)
        return column


Cell = tuple[str, int, int, object]


def cells(tree: object, tables: Tables) -> Iterator[Cell]:
    """(location, row, column, leaf) of every leaf of a tree of ``Pairs`` and lists; None, true and false are left out.

    Raises ``LimitError`` for a tree nested deeper than ``DEPTH``.
    """
    if isinstance(tree, Pairs) and not _is_map(tree):
        yield from _members(tree, tables, "", tables.row(""), "", 0)
    elif isinstance(tree, (list, Pairs)):
        yield from _elements(tree, tables, "", "", 0)
    elif tree is not None and tree is not True and tree is not False:
        yield "", tables.row(""), tables.column("", "value"), tree


def _members(pairs: Pairs, tables: Tables, table: str, row: int, prefix: str, depth: int) -> Iterator[Cell]:
    for name, value in pairs:
        yield from _value(value, tables, table, row, f"{prefix}.{name}" if prefix else name, depth + 1)


def _value(value: object, tables: Tables, table: str, row: int, name: str, depth: int) -> Iterator[Cell]:
    if depth > DEPTH:
        raise LimitError("too_deep")
    if isinstance(value, Pairs) and not _is_map(value):
        yield from _members(value, tables, table, row, name, depth)
    elif isinstance(value, (list, Pairs)):
        inside = f"{table}/*" if tables.rows.get(table, 0) and table else table
        yield from _elements(value, tables, f"{inside}/{name}", name, depth)
    elif value is not None and value is not True and value is not False:
        yield table, row, tables.column(table, name), value


def _elements(elements: list[object] | Pairs, tables: Tables, table: str, name: str, depth: int) -> Iterator[Cell]:
    """The rows of a list, or of an object that maps keys to objects of one kind."""
    for element in elements:
        row = tables.row(table)
        value = element[1] if isinstance(elements, Pairs) and isinstance(element, tuple) else element
        if isinstance(elements, Pairs) and isinstance(element, tuple):
            yield table, row, tables.column(table, "key"), Key.of(element[0])
        if isinstance(value, Pairs):
            yield from _members(value, tables, table, row, "", depth + 1)
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                yield from _value(inner, tables, table, row, str(number), depth + 2)
        else:
            yield from _value(value, tables, table, row, name.rpartition(".")[2] or "value", depth + 1)


class Key(str):
    """A name of a member that stands in a table as a value; ``span``: where, if that is known."""

    __slots__ = ("span",)
    span: tuple[int, int] | None

    @classmethod
    def of(cls, name: str) -> Key:
        """The name as a value, with the place of the name if it has one."""
        key = cls(name)
        key.span = getattr(name, "span", None)
        return key


def _is_map(pairs: Pairs) -> bool:
    """Whether an object is a list in disguise: members that are objects with the same names, or very many values."""
    if len(pairs) > MOST_VALUES and not any(isinstance(value, list) for _, value in pairs):
        return True
    if len(pairs) < 3 or not all(isinstance(value, Pairs) and value for _, value in pairs):
        return False
    kinds = {tuple(name for name, _ in value) for _, value in pairs if isinstance(value, Pairs)}
    return len(kinds) <= 1 + len(pairs) // 10
