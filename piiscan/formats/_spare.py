"""A second reader of workbooks, for files on which piiscan's own crashed, hung or grew: cells only, by another library.

calamine reads all four kinds, openpyxl only xlsx. Either may crash on hostile files too, so this runs in a worker alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec

from piiscan.errors import LimitError, UnreadableError
from piiscan.model import Batch, Item, Limits, Sheet, Skipped, Source

_ROWS = 5_000
#: The kinds of workbook there is a second reader for: suffix → format.
KINDS = {
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xltx": "xlsx", ".xltm": "xlsx",
    ".xls": "xls", ".xlt": "xls", ".xla": "xls", ".xlsb": "xlsb", ".ods": "ods",
}  # fmt: skip
_SIGNATURES = {b"PK\x03\x04": "xlsx", b"\xd0\xcf\x11\xe0": "xls"}


def kind_of(source: Source) -> str | None:
    """The format the second reader would read a source as; None where there is none."""
    if not (find_spec("python_calamine") or find_spec("openpyxl")):
        return None
    signed = _SIGNATURES.get(source.head(4))
    return KINDS.get(source.suffix, signed) if signed else None


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """The cells of every sheet, then the note that it is no more than that; raises ``UnreadableError``, ``LimitError``."""
    source.stream.seek(0)
    sheets = _by_calamine(source) if find_spec("python_calamine") else _by_openpyxl(source)
    read_any = False
    for name, hidden, rows in sheets:
        read_any = True
        yield Sheet(name, _batches(rows, limits), hidden)
    if not read_any:
        raise UnreadableError("nothing_read")
    yield Skipped("", "second_reader")


_Rows = tuple[str, bool, Iterable[Sequence[object]]]


def _by_calamine(source: Source) -> Iterator[_Rows]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(source.stream)
        for sheet in book.sheets_metadata:
            shown = sheet.visible == calamine.SheetVisibleEnum.Visible
            found = book.get_sheet_by_name(sheet.name)
            # Columns before the first value are left out unless asked for; rows too.
            yield sheet.name, not shown, found.to_python(skip_empty_area=False)
    except (calamine.CalamineError, OSError, ValueError):
        raise UnreadableError("damaged") from None


def _by_openpyxl(source: Source) -> Iterator[_Rows]:
    import zipfile

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(source.stream, read_only=True, data_only=True)
        for sheet in book.worksheets:
            # What the file says about its size may be a million rows of nothing.
            sheet.reset_dimensions()
            yield sheet.title, sheet.sheet_state != "visible", sheet.iter_rows(values_only=True)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        OSError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
    ):
        raise UnreadableError("damaged") from None


def _batches(rows: Iterable[Sequence[object]], limits: Limits) -> Iterator[Batch]:
    numbers: list[int] = []
    columns: dict[int, list[str]] = {}
    for number, row in enumerate(rows):
        values = {column: text for column, value in enumerate(row) if (text := _text(value))}
        if not values:
            continue
        if max(map(len, values.values())) > limits.cell_chars:
            raise LimitError("cell_too_long", limit=limits.cell_chars)
        for column in values.keys() - columns.keys():
            columns[column] = [""] * len(numbers)
        for column, texts in columns.items():
            texts.append(values.get(column, ""))
        numbers.append(number)
        if len(numbers) == _ROWS:
            yield Batch(numbers, columns)
            numbers, columns = [], {}
    if numbers:
        yield Batch(numbers, columns)


def _text(value: object) -> str:
    """A value as the model wants it: plain numbers, ISO dates."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return str(value.replace(microsecond=0)).removesuffix(" 00:00:00")
    return str(value)
