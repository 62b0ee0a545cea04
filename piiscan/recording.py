"""What reading a source has shown, packed in memory, so that a pass over it need not read it again.

A large table is read to be judged; the pass that only asks which values must go, or whether any is left, then works on
what was recorded. Files with files inside are not recorded, nor is more than fits: they are read again.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from piiscan.model import Batch, Editor, Sheet, Text

#: Bytes of a file from which recording is worth it, and bytes that a recording may take.
WORTH, MOST = 256 * 1024, 32 * 1024 * 1024


@dataclass(frozen=True, repr=False, slots=True)
class _Cells:
    """Some cells of a column, the texts packed."""

    sheet: str
    rows: Sequence[int]
    column: int
    texts: bytes


@dataclass(repr=False)
class Recording:
    """Cells and texts of one source. ``whole``: everything that was read is in it."""

    cells: list[_Cells] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    whole: bool = True
    _size: int = 0

    def of(self, sheet: Sheet) -> Iterator[Batch]:
        """The batches of a sheet, recorded as they pass."""
        for batch in sheet.batches:
            if self.whole:
                self._add(sheet.location, batch)
            yield batch

    def text(self, text: Text) -> None:
        """Records a text."""
        self.texts.append(text)
        self._grow(len(text.text))

    def stop(self) -> None:
        """There is something that is not recorded."""
        self.whole = False
        self.cells.clear()
        self.texts.clear()

    def replay(self, editor: Editor) -> None:
        """Asks an editor about everything; what it answers is not used."""
        for cells in self.cells:
            texts = zlib.decompress(cells.texts).decode("utf-8", "surrogatepass").split("\0")
            if "" in texts:
                kept = [i for i, text in enumerate(texts) if text]
                editor.cells(cells.sheet, [cells.rows[i] for i in kept], cells.column, [texts[i] for i in kept])
            else:
                editor.cells(cells.sheet, cells.rows, cells.column, texts)
        for text in self.texts:
            editor.text(text.place, text.text, text.first_line)

    def _add(self, sheet: str, batch: Batch) -> None:
        if not batch.rows:
            return None
        first, last = batch.rows[0], batch.rows[-1]
        even = last - first == len(batch.rows) - 1
        rows = range(first, last + 1) if even else array("I", batch.rows)
        for column, values in batch.columns.items():
            joined = "\0".join(values if isinstance(values, list) else [text or "" for text in values.to_list()])
            if joined.count("\0") != len(batch.rows) - 1:
                return self.stop()
            if len(joined) >= len(batch.rows):  # else all are empty
                packed = zlib.compress(joined.encode("utf-8", "surrogatepass"), 1)
                self.cells.append(_Cells(sheet, rows, column, packed))
                self._grow(len(packed))
        return None

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > MOST:
            self.stop()
