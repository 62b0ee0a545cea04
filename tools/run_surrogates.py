"""Makes copies with stand-ins of tables of people, looks at them as a stranger would, and joins them.

usage: python tools/run_surrogates.py [FOLDER] [--most BYTES] [--only PART]

For each file with people in it: the copy must scan as the original does, column by column, with as many people in every
table, and no text that has a stand-in somewhere may have stayed elsewhere. Then the table with most people is cut into two
lists that share a third of their rows: one as it is, as CSV, one upside down with its columns backwards, as a workbook.
Joined on any column of stand-ins, the two copies must give the rows that the two lists give. One list in a run of its own,
with the same key, must get the same stand-ins, but for the few that somebody else of the first run had as well.

Birth dates are no keys (they move by person), nor parts of addresses (a city follows the town), nor surnames and given names
beside each other, readings and Latin letters beside a name (they follow the whole name); of postal codes only those of the post office's list, by their town. Exit code
1 when anything differs.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from piiscan.copies import pseudonymizing, restoring
from piiscan.copies.passes import At
from piiscan.copies.removed import DISTINCTIVE, DISTINCTIVE_OTHER
from piiscan.copies.steps import inspect_whole, walk_through
from piiscan.errors import PiiscanError
from piiscan.files.opening import open_source
from piiscan.inspection.inspecting import Inspection
from piiscan.inspection.knowledge import knowledge
from piiscan.lexicon import places
from piiscan.model import CopyOptions, CopyStatus, Limits, ScanOptions, Table
from piiscan.text import digits

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "files"
OPTIONS = ScanOptions(isolate=False)
HOW = CopyOptions(profile="pseudonymize", unknown="keep")
KEY = bytes(range(1, 33))
SECRET = b"s" * 32
ACTIONS = knowledge(()).policy.actions
#: So many rows make a third that is worth a join; of more than so many only the first are cut.
FEWEST_ROWS, MOST_ROWS = 9, 3000
NO_KEYS = frozenset({"birth_date", "address_part"})
NAMES = frozenset({"person_name", "surname", "given_name"})
PARTS = frozenset({"surname", "given_name"})
FOLLOW_NAMES = frozenset({"person_name_kana", "surname_kana", "given_name_kana", "person_name_romaji"})
#: The part of the stand-ins that may be others in another run.
OTHERS = 0.005

Spot = tuple[int, ...]
Rows = list[list[str]]
#: Originals and what stands for them.
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, repr=False)
class Looked:
    """What a scan says of a file, and its cells: (entity, text) by the order of the files and sheets in it, and place."""

    inspection: Inspection
    cells: dict[Spot, tuple[str | None, str]]

    @property
    def entities(self) -> list[tuple[str | None, ...]]:
        """The entities of the columns of every table."""
        return [tuple(c.entity for c in t.columns) for r in self.inspection.reports for t in r.tables]

    @property
    def people(self) -> list[int]:
        """How many people stand in every table."""
        return [t.persons for r in self.inspection.reports for t in r.tables]


def look(path: Path) -> Looked:
    """Scans a file and reads its cells."""
    known, limits, found = knowledge(()), Limits(), restoring.Contents()
    cells: dict[Spot, tuple[str | None, str]] = {}
    source = open_source(str(path), limits, named=path.name)

    def cell(entity: str | None, text: str, at: At) -> None:
        cells[found.spot(at)] = (entity, text)

    with source.stream:
        inspection = inspect_whole(source, known, limits, SECRET, unknown=HOW.unknown)
        walk_through(source, None, inspection, known, limits, cell=cell, text=lambda *_: None)
    return Looked(inspection, cells)


def replaced(entity: str | None) -> bool:
    """Whether the values of an entity get stand-ins."""
    return entity is not None and ACTIONS.for_entity(entity, HOW.profile)[0] != "keep"


def copied(paths: Sequence[Path], folder: Path) -> str | None:
    """Makes copies with stand-ins, in one run; gives the reason of a refusal."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for made in pseudonymizing.pseudonymize([str(p) for p in paths], str(folder), OPTIONS, HOW, KEY, None):
        if made.status is not CopyStatus.WRITTEN:
            return f"refused: {made.reason}"
    return None


# ---------------------------------------------------------------- one file


def check(path: Path, folder: Path) -> list[str] | None:
    """What is wrong with the copy of one file, in words; a refusal is one of them. None for files without people."""
    try:
        before = look(path)
    except PiiscanError:
        return None
    if not sum(before.people):
        return None
    if reason := copied([path], folder / "copy"):
        return [reason]
    after = look(folder / "copy" / path.name)
    wrong = []
    if before.entities != after.entities:
        pairs = zip(before.entities, after.entities, strict=False)
        differ = [(n, a, b) for old, new in pairs for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b]
        wrong.append(f"columns: {differ[:4] or 'other tables'}")
    if before.people != after.people:
        wrong.append(f"people: {before.people} before, {after.people} after")
    wrong += originals(before, after)
    return [*wrong, *joined(before, folder)]


def originals(before: Looked, after: Looked) -> Iterator[str]:
    """Cells of people that are as they were although their text had a stand-in somewhere."""
    texts = {spot: after.cells.get(spot, (None, ""))[1] for spot in before.cells}
    gone: dict[str, int] = {}
    for spot, (entity, text) in before.cells.items():
        if entity is not None and entity not in NO_KEYS and replaced(entity) and texts[spot] != text:
            gone[text] = DISTINCTIVE.get(entity, DISTINCTIVE_OTHER)
    stood_in = set(texts.values()) - {text for _, text in before.cells.values()}
    left = Counter(
        entity or "no entity"
        for spot, (entity, text) in before.cells.items()
        if texts[spot] == text and text not in stood_in and len(text) >= gone.get(text, len(text) + 1)
    )
    if left:
        yield f"originals stay: {dict(left)}"


# ---------------------------------------------------------------- two lists


def rows_of(looked: Looked, table: Table) -> Rows:
    """The texts of a table's rows, by their place among the columns."""
    wanted = {c.index for c in table.columns}
    by_sheet: dict[Spot, dict[int, dict[int, str]]] = {}
    for (*sheet, row, column), (_, text) in looked.cells.items():
        if column in wanted and table.first_row <= row + 1 <= table.last_row:
            by_sheet.setdefault(tuple(sheet), {}).setdefault(row, {})[column] = text
    rows = max(by_sheet.values(), key=len, default={})
    return [[row.get(c.index, "") for c in table.columns] for _, row in sorted(rows.items())]


def write_lists(rows: Rows, names: Sequence[str], folder: Path) -> tuple[Path, Path]:
    """Two lists that share the middle third of the rows; the other one has everything backwards."""
    import openpyxl

    third = len(rows) // 3
    left, right = folder / "left.csv", folder / "right.xlsx"
    with left.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([names, *rows[: 2 * third]])
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in [names, *rows[third:][::-1]]:
        sheet.append(row[::-1])
    book.save(right)
    return left, right


def joined(before: Looked, folder: Path) -> Iterator[str]:
    """What two lists cut from the table with most people no longer share."""
    table = max((t for r in before.inspection.reports for t in r.tables), key=lambda t: t.persons)
    rows, wide = rows_of(before, table)[:MOST_ROWS], len(table.columns)
    if len(rows) < FEWEST_ROWS:
        return
    names = [c.name or f"列{c.index}" for c in table.columns]
    lists = write_lists(rows, names, folder)
    for paths, target in ((lists, "both"), (lists[:1], "one")):
        if reason := copied(paths, folder / target):
            yield f"a list of it was {reason}"
            return
    found = [(look(path), look(folder / "both" / path.name)) for path in lists]
    one = look(folder / "one" / lists[0].name).cells
    others = sum(one[spot] != cell for spot, cell in found[0][1].cells.items())
    if others > OTHERS * len(one):
        yield f"{others} of {len(one)} stand-ins are others in another run"
    pairs = [_pairs(*found[0], range(wide)), _pairs(*found[1], range(wide - 1, -1, -1))]
    (left, of_left), (right, of_right) = pairs
    for column in range(wide):
        if (column in of_left) != (column in of_right):
            yield f"column {column} has stand-ins in one list only"
        elif column in of_left:
            yield from (f"column {column}: {what}" for what in _differs(left[column] + right[column]))


def _pairs(was: Looked, now: Looked, order: Sequence[int]) -> tuple[list[Pairs], frozenset[int]]:
    """(original, stand-in) of every column of the table as it was, and which columns are keys made of stand-ins."""
    found: list[Pairs] = [[] for _ in order]
    told: list[Counter[str | None]] = [Counter() for _ in order]
    for spot, (entity, text) in was.cells.items():
        *_, row, column = spot
        pair = text, now.cells[spot][1]
        if entity == "postal_code":
            pair = _town(text), digits(pair[1])
        if row and column < len(order) and pair[0].strip():
            found[order[column]].append(pair)
            told[order[column]][entity] += 1
    entities = [counted.most_common(1)[0][0] if counted else None for counted in told]
    no_keys = NO_KEYS | (FOLLOW_NAMES if NAMES & {*entities} else frozenset())
    no_keys |= PARTS if {*entities} >= PARTS else frozenset()
    return found, frozenset(
        n for n, e in enumerate(entities) if replaced(e) and e not in no_keys and len(found[n]) >= FEWEST_ROWS
    )


def _differs(pairs: Pairs) -> Iterator[str]:
    """One original with two stand-ins, or two with one; spellings of the same are the same."""
    there: dict[str, set[str]] = {}
    back: dict[str, set[str]] = {}
    for old, new in pairs:
        there.setdefault(old, set()).add(new)
        back.setdefault(new, set()).add(_folded(old))
    parted, merged = sum(len(v) > 1 for v in there.values()), sum(len(v) > 1 for v in back.values())
    if parted:
        yield f"{parted} originals with several stand-ins"
    if merged:
        yield f"{merged} stand-ins of several originals"


def _town(text: str) -> str:
    """The town of a postal code, or an empty string."""
    number = digits(text)
    found = next(iter(places.postal_places(number.zfill(7))), None) if 6 <= len(number) <= 7 else None
    return f"{found.prefecture}{found.city}{found.name}" if found else ""


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--most", type=int, default=4_000_000, help="leave out larger files")
    parser.add_argument("--only", default="", help="only files with this in their path")
    told = parser.parse_args()
    count, bad, refused = 0, 0, Counter[str]()
    with tempfile.TemporaryDirectory() as temporary:
        for path in sorted(p for p in told.folder.rglob("*") if p.is_file()):
            if path.stat().st_size > told.most or told.only not in str(path):
                continue
            wrong = check(path, Path(temporary))
            if wrong is None:
                continue
            count += 1
            if wrong and wrong[0].startswith("refused"):
                refused[wrong[0].split()[1]] += 1
            else:
                bad += bool(wrong)
            if wrong:
                print(f"! {path.relative_to(told.folder)}: {'; '.join(wrong)}", flush=True)
    print(f"{count} files with people in tables, {bad} wrong, {sum(refused.values())} refused: {dict(refused)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
