"""Puts the questions of a pass while a source is read to be judged, so that it need not be read again for them.

The pass that only asks which values must go, or whether any is left, goes along: the cells of a sheet are asked about as
soon as it is known what its columns are. With files inside files it does not work: they are gone through by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from piiscan.judge.sheets import SheetJudgement
from piiscan.model import Batch, Editor, Sheet, Text

#: Bytes of a file from which it is worth it.
WORTH = 256 * 1024
#: Characters of texts that wait for the end.
MOST = 4 * 1024 * 1024


@dataclass(repr=False)
class Asking:
    """``editor`` gives whom to ask about a sheet that is judged so, or about texts. ``whole``: all was asked about."""

    editor: Callable[[str, SheetJudgement], Editor]
    whole: bool = True
    _judged: set[str] = field(default_factory=set)
    _asked: Editor | None = None
    _held: list[Batch] = field(default_factory=list)
    _texts: list[Text] = field(default_factory=list)
    _size: int = 0

    def of(self, sheet: Sheet) -> Iterator[Batch]:
        """The batches of a sheet, asked about as they pass."""
        self._asked, self._held = None, []
        for batch in sheet.batches:
            if self.whole and self._asked is not None:
                _ask(self._asked, sheet.location, batch)
            elif self.whole:
                self._held.append(batch)
            yield batch

    def judged(self, location: str, judgement: SheetJudgement) -> None:
        """The sheet at hand was judged from what has passed."""
        if location in self._judged:
            self.stop()  # two sheets of one name are judged alike when they are written
        self._judged.add(location)
        if self.whole:
            self._asked = self.editor(location, judgement)
            for batch in self._held:
                _ask(self._asked, location, batch)
        self._held = []

    def text(self, text: Text) -> None:
        """Takes in a text; texts are asked about behind the cells."""
        self._texts.append(text)
        self._size += len(text.text)
        if self._size > MOST:
            self._ask_texts()

    def stop(self) -> None:
        """There is something that must be gone through by itself."""
        self.whole = False
        self._held, self._texts = [], []

    def finish(self) -> None:
        """Asks about what is left."""
        self._ask_texts()

    def _ask_texts(self) -> None:
        texts, self._texts, self._size = self._texts, [], 0
        if texts and self.whole:
            editor = self.editor("", SheetJudgement())
            for text in texts:
                editor.text(text.place, text.text, text.first_line)


def _ask(editor: Editor, location: str, batch: Batch) -> None:
    for column, values in batch.columns.items():
        texts = values if isinstance(values, list) else [text or "" for text in values.to_list()]
        if "" in texts:
            kept = [i for i, text in enumerate(texts) if text]
            if kept:
                editor.cells(location, [batch.rows[i] for i in kept], column, [texts[i] for i in kept])
        else:
            editor.cells(location, batch.rows, column, texts)
