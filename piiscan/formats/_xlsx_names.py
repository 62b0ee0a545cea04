"""Names that formulas refer to: sheets and table columns, renamed everywhere or nowhere.

ECMA-376 part 1, 18.17: a sheet name stands before ``!``, in apostrophes when it needs them; a column in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_REFERENCE = re.compile(r"""'((?:[^']|'')+)'!|((?:[^\s'"!(),;:=+\-*/^&<>\[\]{}#])+)!""")
_LITERAL = re.compile(r'"(?:[^"]|"")*"')
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


def _unique(name: str, taken: Collection[str], longest: int) -> str:
    number, candidate = 2, name
    while candidate.casefold() in taken:
        end = f"_{number}"
        candidate = name[: longest - len(end)] + end
        number += 1
    return candidate


def rename(formula: str, sheets: Mapping[str, str], columns: Mapping[str, str]) -> str:
    """A formula or reference with sheets (case folded old → new) and table columns (old → new) renamed."""
    if not sheets and not columns:
        return formula
    out, at = [], 0
    for literal in _LITERAL.finditer(formula):
        out.append(_rename(formula[at : literal.start()], sheets, columns))
        out.append(literal.group())
        at = literal.end()
    return "".join(out) + _rename(formula[at:], sheets, columns)


def _rename(formula: str, sheets: Mapping[str, str], columns: Mapping[str, str]) -> str:
    def sheet(match: re.Match[str]) -> str:
        quoted, bare = match.groups()
        old = quoted.replace("''", "'") if quoted else bare
        parts = old.split(":")  # Sheet1:Sheet3!A1 spans sheets
        if not any(part.casefold() in sheets for part in parts):
            return match.group()
        new = ":".join(sheets.get(part.casefold(), part) for part in parts)
        return "'" + new.replace("'", "''") + "'!"

    if sheets and "!" in formula:
        formula = _REFERENCE.sub(sheet, formula)
    for old, new in columns.items():
        stored = _bracketed(old)
        formula = formula.replace(f"[{stored}]", f"[{_bracketed(new)}]").replace(
            f"[@{stored}]", f"[@{_bracketed(new)}]"
        )
    return formula


def _bracketed(name: str) -> str:
    return re.sub(r"(['\[\]#])", r"'\1", name)
