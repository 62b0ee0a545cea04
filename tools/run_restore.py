"""Makes a copy with stand-ins of every file of a folder, gives the originals back, and compares.

usage: python tools/run_restore.py [FOLDER] [--most BYTES] [--only PART] [--convert] [--password-file FILE]

What cannot be cleaned, such as pictures, is kept in the copies. For each file that can be written: every cell and every
text of what comes back must be what it was; the copy must scan as the original does, the entities of its columns and the
number of its people; and none of the originals may be in it. With --convert, what can only be read is converted first, and
what comes back is compared with that. Files that are refused are listed with the reason. Exit code 1 when anything differs.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from piiscan.copies import pseudonymizing, restoring
from piiscan.copies.converting import workable
from piiscan.copies.steps import inspect_whole
from piiscan.files.opening import open_source
from piiscan.inspection.inspecting import Inspection
from piiscan.inspection.knowledge import knowledge
from piiscan.model import CopyOptions, CopyStatus, Limits, ScanOptions

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "files"
OPTIONS = ScanOptions(isolate=False)
HOW = CopyOptions(profile="pseudonymize", unknown="keep")
KEY = bytes(range(32))
SECRET = b"s" * 32


def look(
    path: Path, *, convert: bool = False, passwords: tuple[str, ...] = ()
) -> tuple[Inspection, restoring.Contents]:
    """What a scan says of a file, or of what it is converted to, and all that is in it."""
    known, limits = knowledge(()), Limits()
    named = open_source(str(path), limits, named=path.name)
    with named.stream, workable(named, limits, known.formats, passwords, convert=convert) as (source, _):
        inspection = inspect_whole(source, known, limits, SECRET, unknown=HOW.unknown)
        return inspection, restoring.contents(source, inspection, known, limits)


def entities(inspection: Inspection) -> list[tuple[str | None, ...]]:
    """The entities of the columns of every table."""
    return [tuple(c.entity for c in t.columns) for r in inspection.reports for t in r.tables]


def people(inspection: Inspection) -> int:
    """How many people were counted in all files of a source."""
    return sum(r.persons for r in inspection.reports)


def check(path: Path, folder: Path, *, convert: bool = False, passwords: tuple[str, ...] = ()) -> list[str]:
    """What is wrong with the copy of one file and with the way back; raises nothing for a refusal, which is a line."""
    options, how = replace(OPTIONS, passwords=passwords), replace(HOW, convert=convert)
    vault = folder / "vault"
    vault.unlink(missing_ok=True)
    for target in (folder / "copy", folder / "back"):
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
    (made,) = pseudonymizing.pseudonymize([str(path)], str(folder / "copy" / path.name), options, how, KEY, str(vault))
    if made.status is not CopyStatus.WRITTEN:
        return [f"refused: {made.reason} {dict(made.params)}"]
    copy = Path(made.output or "")
    back = folder / "back" / copy.name
    before, was = look(path, convert=convert, passwords=passwords)
    after, _ = look(copy)
    wrong = []
    if not made.replaced:
        same = path.read_bytes() == copy.read_bytes() or convert or passwords
        return [] if same else ["nothing replaced, yet another file"]
    (given,) = pseudonymizing.restore([str(copy)], str(back), OPTIONS, HOW, KEY, str(vault))
    if given.status is not CopyStatus.WRITTEN:
        wrong.append(f"not restored: {given.reason} {dict(given.params)}")
    else:
        _, again = look(back)
        differ = sum(again.cells.get(spot) != text for spot, text in was.cells.items())
        differ += len(again.cells.keys() - was.cells.keys())
        differ += sum((Counter(was.texts + was.aside) - Counter(again.texts + again.aside)).values())
        if differ:
            wrong.append(f"{differ} of {len(was.cells) + len(was.texts)} texts do not come back")
    if entities(before) != entities(after):
        pairs = zip(entities(before), entities(after), strict=False)
        wrong.append(f"columns: {[(a, b) for a, b in pairs if a != b][:3]}")
    if people(before) != people(after):
        wrong.append(f"people: {people(before)} before, {people(after)} after")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--most", type=int, default=2_000_000, help="leave out larger files")
    parser.add_argument("--only", default="", help="only files with this in their path")
    parser.add_argument("--convert", action="store_true", help="convert what can only be read")
    parser.add_argument("--password-file", type=Path, help="passwords of encrypted files, one a line")
    told = parser.parse_args()
    passwords = tuple(told.password_file.read_text("utf-8").splitlines()) if told.password_file else ()
    count, bad, refused = 0, 0, Counter[str]()
    with tempfile.TemporaryDirectory() as temporary:
        for path in sorted(p for p in told.folder.rglob("*") if p.is_file()):
            if path.stat().st_size > told.most or told.only not in str(path):
                continue
            wrong = check(path, Path(temporary), convert=told.convert, passwords=passwords)
            count += 1
            if wrong and wrong[0].startswith("refused"):
                refused[wrong[0].split()[1]] += 1
                print(f"- {path.relative_to(told.folder)}: {wrong[0]}", flush=True)
            elif wrong:
                bad += 1
                print(f"! {path.relative_to(told.folder)}: {'; '.join(wrong)}", flush=True)
    print(f"{count} files, {bad} wrong, {sum(refused.values())} refused: {dict(refused)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
