"""Writes a delimited file again with some cells changed and every other byte as it was.

Encoding, byte order mark, delimiter, line ends and the quoting of each field stay, because only the stretches of the
changed fields are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from piiscan.encoding import Block, Encoding, decode, decode_stream, encode, offset_of, splice
from piiscan.errors import UnreadableError
from piiscan.formats._csv_dialect import dialect_of, head_of
from piiscan.formats._csv_records import Field, records, unwrap
from piiscan.formats._csv_split import with_last
from piiscan.model import Editor, Limits, Source

BLOCK = 1024**2
#: By these a spreadsheet takes a field for a formula (OWASP, CSV injection); in front of what is put in stands a "'".
FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
_NUMBER = re.compile(r"-[0-9]+(?:\.[0-9]+)?")


def rewrite(source: Source, out: BinaryIO, editor: Editor, limits: Limits) -> None:
    """Copies a file record by record, asking ``editor.cell`` about every cell that is not empty."""
    head = head_of(source) if source.size else None
    if head is None:
        if source.size:
            raise UnreadableError("not_text")
        return
    encoding, text = head
    dialect = dialect_of(text, source.suffix)
    source.stream.seek(0)
    out.write(source.stream.read(encoding.bom_length + len(encode(text[: dialect.skip], encoding))))
    row, rest, stray = 0, b"", False
    for block, final in with_last(_blocks(source.stream, encoding)):
        raw = rest + block.raw
        text = decode(raw, encoding)[0] if rest else block.text
        edits: list[tuple[int, int, str]] = []
        done = 0
        for fields, end in records(text, dialect.delimiter, limits.cell_chars, final=final):
            stray = stray or _has_stray_quote(text, fields)
            edits += _edits(text, fields, row, dialect.delimiter, stray, editor)
            row, done = row + 1, end
        cut = len(raw) if final else offset_of(raw, encoding, done)
        out.write(splice(raw[:cut], encoding, edits))
        rest = raw[cut:]


def _blocks(stream: BinaryIO, encoding: Encoding) -> Iterator[Block]:
    """The rest of the file; in one piece when a record could begin in another character set than ASCII."""
    if encoding.name == "cp50221":
        data = stream.read()
        yield Block(data, *decode(data, encoding))
    else:
        yield from decode_stream(stream, encoding, BLOCK)


def _edits(
    text: str, fields: list[Field], row: int, delimiter: str, stray: bool, editor: Editor
) -> list[tuple[int, int, str]]:
    edits = []
    for column, (start, end, value) in enumerate(fields):
        before, inner, behind = unwrap(value) if value[:1] in ("=", "'") else ("", value, "")
        if not inner:
            continue
        new = editor.cell("", row, column, inner)
        if new is not None and new != inner:
            if stray:
                new = "".join(" " if sign in (delimiter, '"', "\r", "\n") else sign for sign in new)
            if editor.gives_back:
                before = "" if before == "'" and inner[0] in FORMULA_STARTS else before
            elif not before and new[:1] in FORMULA_STARTS and not _NUMBER.fullmatch(new):
                before = "'"
            whole = before + new + behind
            if unwrap(whole)[1] != new:  # the wrapping was there for a number
                whole = new
            edits.append((start, end, _written(text[start:end], value, whole, new, delimiter)))
    return edits


def _written(raw: str, value: str, whole: str, new: str, delimiter: str) -> str:
    """A changed field in the style of the old one: quoted if it was, or if it has to be now."""
    if raw == value and not any(sign in new for sign in (delimiter, '"', "\r", "\n")):
        return whole
    return '"' + whole.replace('"', '""') + '"'


def _has_stray_quote(text: str, fields: list[Field]) -> bool:
    """Whether a quote opens a field and is never closed: a quote written behind it would seem to close it."""
    return any(value[:1] == '"' and value == text[start:end] for start, end, value in fields)
