"""Reads the public sources of the lexicon: two Japanese dictionaries and a name list, as plain tuples."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

KANJI = re.compile(r"[々㐀-鿿豈-﫿\U00020000-\U0003134f]")
KANA = re.compile(r"[ァ-ヺー]+|[ぁ-ゖー]+")
NAME = re.compile(r"[々〆ヶケノヵ之ぁ-ゖ㐀-鿿豈-﫿\U00020000-\U0003134f]{1,5}")
KATAKANA = re.compile(r"[ァ-ヺー]+")


class Word(NamedTuple):
    """One dictionary entry. ``kind``: surname, given, person, place, noun or other; ``reading`` in katakana."""

    text: str
    kind: str
    reading: str
    source: str
    cost: int = 0


def name_dataset() -> tuple[list[tuple[str, int, str]], list[tuple[str, str, str, bool]]]:
    """Surnames with population and kana; given names with kana, sex (m, f) and whether they are in common use."""
    folder = files("japanese_personal_name_dataset") / "dataset"
    surnames, given = [], []
    for kanji, people, kana, _ in csv.reader((folder / "last_name_org.csv").read_text("utf-8").splitlines()):
        surnames.append((kanji, int(people), kana))
    for sex, word in (("m", "man"), ("f", "woman")):
        common = {
            (row[0], kanji)
            for row in csv.reader((folder / f"first_name_{word}_opti.csv").read_text("utf-8").splitlines())
            for kanji in row[2:]
        }
        for row in csv.reader((folder / f"first_name_{word}_org.csv").read_text("utf-8").splitlines()):
            given.extend((kanji, row[0], sex, (row[0], kanji) in common) for kanji in row[2:] if kanji)
            given.append((row[0], row[0], sex, False))
    return surnames, given


def ipadic(folder: Path) -> Iterator[Word]:
    """Entries of mecab-ipadic; ``cost`` is the dictionary's own, lower for words met more often."""
    kinds = {"姓": "surname", "名": "given"}
    for path in sorted(folder.glob("Noun*.csv")):
        for row in csv.reader(path.read_text("euc-jp").splitlines()):
            if row[6] == "人名":
                kind = kinds.get(row[7], "person")
            elif row[6] == "地域":
                kind = "place"
            else:
                kind = "noun"
            yield Word(row[0], kind, row[11] if len(row) > 11 else "", "ipadic", int(row[3]))


def sudachi() -> Iterator[Word]:
    """Entries of the small SudachiDict."""
    from sudachipy import Dictionary

    for entry in Dictionary(dict="small").entries():
        pos = entry.part_of_speech()
        if pos[2] == "人名":
            kind = {"姓": "surname", "名": "given"}.get(pos[3], "person")
        elif pos[2] == "地名":
            kind = "place"
        else:
            kind = "noun" if pos[0] in ("名詞", "副詞", "形状詞", "代名詞", "感動詞", "接続詞") else "other"
        yield Word(entry.surface(), kind, entry.reading_form(), "sudachi")
