"""Names that formulas refer to: sheets, table columns, defined names; renamed everywhere or nowhere.

ECMA-376 part 1, 18.17: a sheet name stands before ``!``, in apostrophes when it needs them; a column in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

_REFERENCE = re.compile(
    r"""(?<!')'((?:[^']|'')++)'!|(?<![^\s'"!(),;:=+\-*/^&<>\[\]{}#])([^\s'"!(),;:=+\-*/^&<>\[\]{}#]++)!"""
)
_WORD = re.compile(r"[\w.]+")
_LITERAL = re.compile(r'"[^"]*(?:""[^"]*)*"')
_NOT_NAME = re.compile(r"[^\w.]")
_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+\Z|[RrCc][0-9]*\Z|[Rr][0-9]*[Cc][0-9]*\Z")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
#: Excel allows no longer sheet name.
_LONGEST_SHEET = 31
_LONGEST_COLUMN = 255


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """``wanted`` made fit for a sheet and different from the names ``taken``."""
    name = _FORBIDDEN.sub("_", wanted).strip("' ")[:_LONGEST_SHEET] or "Sheet"
    return _unique(name, {t.casefold() for t in taken}, _LONGEST_SHEET)


def column_name(wanted: str, taken: Collection[str]) -> str:
    """``wanted`` made fit for a table column and different from the names ``taken``."""
    name = wanted[:_LONGEST_COLUMN] or "列"
    return _unique(name, {t.casefold() for t in taken}, _LONGEST_COLUMN)


def defined_name(wanted: str, taken: Collection[str]) -> str:
    """``wanted`` made fit for a defined name or a table: letters, digits, ``_`` and ``.``, and no cell reference."""
    name = _NOT_NAME.sub("_", wanted)[:_LONGEST_COLUMN] or "_"
    if not (name[0].isalpha() or name[0] == "_") or _LIKE_CELL.match(name):
        name = f"_{name}"
    return _unique(name, {t.casefold() for t in taken}, _LONGEST_COLUMN)


def distinct(values: Sequence[str]) -> list[str]:
    """``values`` with a number behind those that were there before, whatever the case."""
    seen: set[str] = set()
    out = []
    for value in values:
        out.append(_unique(value, seen, 32_767))
        seen.add(out[-1].casefold())
    return out


def _unique(name: str, taken: Collection[str], longest: int) -> str:
    number, candidate = 2, name
    while candidate.casefold() in taken:
        end = f"_{number}"
        candidate = name[: longest - len(end)] + end
        number += 1
    return candidate


@dataclass(frozen=True, repr=False)
class Renames:
    """New names. ``sheets`` and ``names`` (defined names and tables) by case-folded old name, ``columns`` by old name."""

    sheets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.sheets or self.columns or self.names)

    def apply(self, formula: str) -> str:
        """A formula or reference with the new names; what stands in quotation marks is left alone."""
        if not self:
            return formula
        out, at = [], 0
        for literal in _LITERAL.finditer(formula):
            out.append(_rename(formula[at : literal.start()], self))
            out.append(literal.group())
            at = literal.end()
        return "".join(out) + _rename(formula[at:], self)


def _rename(formula: str, renames: Renames) -> str:
    sheets = renames.sheets

    def sheet(match: re.Match[str]) -> str:
        quoted, bare = match.groups()
        old = quoted.replace("''", "'") if quoted else bare
        parts = old.split(":")  # Sheet1:Sheet3!A1 spans sheets
        if not any(part.casefold() in sheets for part in parts):
            return match.group()
        new = ":".join(sheets.get(part.casefold(), part) for part in parts)
        return "'" + new.replace("'", "''") + "'!"

    # Names before sheets: a sheet's new name may contain what was a name.
    for word in {m.group().casefold() for m in _WORD.finditer(formula)} & renames.names.keys():
        pattern = rf"(?<![\w.'\]]){re.escape(word)}(?![\w.!'])"
        formula = re.sub(pattern, lambda _, new=renames.names[word]: new, formula, flags=re.IGNORECASE)  # type: ignore[misc]
    if sheets and "!" in formula:
        formula = _REFERENCE.sub(sheet, formula)
    for old, new in renames.columns.items():
        stored = _bracketed(old)
        formula = formula.replace(f"[{stored}]", f"[{_bracketed(new)}]").replace(
            f"[@{stored}]", f"[@{_bracketed(new)}]"
        )
    return formula


def _bracketed(name: str) -> str:
    return re.sub(r"(['\[\]#])", r"'\1", name)
