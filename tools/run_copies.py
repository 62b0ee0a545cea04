"""Redacts strange workbooks that each hold three invented secrets, and searches the copies for them.

    python tools/run_copies.py DIR [INDEX]                 every sound .xlsx of the collection
    python tools/run_copies.py DIR --libreoffice 100       and lets LibreOffice open 100 of the copies

Of every workbook three of its own cell texts are named personal by a rule file that is made for it. Then the copy must be
written, or refused for a true reason (at most 2 in 100); members that held none of the texts must have kept their bytes,
the compressed ones; and no member may hold one of the texts as UTF-8, UTF-16, cp932, escaped for XML or in base64.
LibreOffice must open every copy whose original it opens, with the same sheets, charts, shapes, notes and pivot tables.

Exit code 1 when anything of that does not hold, 2 without a collection. Only names, states and reasons are printed.
"""

from __future__ import annotations

import argparse
import base64
import html
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from piiscan import pipeline
from piiscan.errors import PiiscanError
from piiscan.formats import xlsx
from piiscan.model import CopyOptions, CopyStatus, Limits, ScanOptions, Sheet, Source

SECRETS = 3
SHORTEST, LONGEST = 4, 120
MOST_REFUSED = 0.02
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp932")
#: What may stand in the way of a copy of a sound workbook: something in it holds a secret and cannot be rewritten.
TRUE_REASONS = frozenset({"part_cannot_be_cleaned", "copy_not_read_whole", "copy_format_not_written", "macros"})
#: (file, reason) → why a copy is rightly refused that would otherwise be held against it; each was looked at.
EXCUSED = {("worksheets.xlsx", "copy_value_left"): "cells that are names of parts, which the package itself is made of"}
#: Parts that list the other parts, and change when one of those is left out.
_LISTS = re.compile(r"\[content_types\]\.xml|.*\.rels", re.IGNORECASE)
_STORED_OTHERWISE = re.compile("_x[0-9A-Fa-f]{4}_")
_DROPPED = re.compile(
    r"\.DS_Store|\[trash\]|thumbnail|calcchain|signature|revision|printersettings|usernames", re.IGNORECASE
)
_RULES = """
[planted]
label = "planted"
label_en = "planted"
group = "member_id"
shapes = [{shapes}]
search = {search}
"""
_ACTIONS = '[profile.planted]\ntitle = "planted"\nfallback = "keep"\n\n[profile.planted.entity]\nplanted = "mask"\n'
#: What LibreOffice's flat XML is counted for.
_COUNTED = {
    "sheets": re.compile(rb"<table:table [^>]*table:name="),
    "charts": re.compile(rb"<office:chart[ >]"),
    "shapes": re.compile(
        rb"<draw:(?:frame|custom-shape|rect|line|ellipse|polygon|polyline|path|connector|control)[ >]"
    ),
    "notes": re.compile(rb"<office:annotation[ >]"),
    "pivots": re.compile(rb"<table:data-pilot-table[ >]"),
}
_BATCH = 20


@dataclass(frozen=True)
class Outcome:
    """One workbook: its state and reason, and what is wrong with the copy, in words without values."""

    path: str
    state: str
    reason: str
    wrong: tuple[str, ...] = ()
    copy: Path | None = None
    source: Path | None = field(default=None, repr=False)


def books(folder: Path, index: Path) -> list[Path]:
    """The sound .xlsx files that an index lists."""
    listed: list[dict[str, Any]] = json.loads(index.read_text(encoding="utf-8"))
    chosen = [e for e in listed if e["format"] == "xlsx" and e["expected"] == "ok"]
    return [folder.joinpath(str(e["repo"]).replace("/", "+"), str(e["path"])) for e in chosen]


# ---------------------------------------------------------------- what is to be hidden


def secrets_of(path: Path) -> list[str]:
    """Three cell texts of a workbook, the same in every run; fewer where there are no more."""
    data = path.read_bytes()
    with path.open("rb") as stream:
        source = Source(str(path), None, path.name, stream, len(data))
        found: set[str] = set()
        try:
            for item in xlsx.read(source, Limits()):
                if isinstance(item, Sheet):
                    for batch in item.batches:
                        for column in batch.columns.values():
                            found.update(v for v in column if _is_choosable(v))
                elif hasattr(item, "stream"):
                    item.stream.close()
        except PiiscanError:
            return []
    words = _vocabulary(path)
    # A word that the format itself uses, or that is part of one, stands in parts that no copy can do without.
    able = sorted(v for v in found if not any(v in word for word in words))
    rng = random.Random(zlib.crc32(path.as_posix().rpartition("+")[2].encode("utf-8", "surrogateescape")))
    chosen: list[str] = []
    for value in rng.sample(able, len(able)):
        if len(chosen) < SECRETS and not any(value in other or other in value for other in chosen):
            chosen.append(value)
    return chosen


def _is_choosable(text: str) -> bool:
    return (
        SHORTEST <= len(text) <= LONGEST
        and text == text.strip()
        and any(c.isalpha() for c in text)
        and not text.startswith("#")  # the value of an error
        and text not in ("TRUE", "FALSE")
        and not _STORED_OTHERWISE.search(text)
        and not any(ord(c) < 32 or c == "\ufffd" for c in text)
    )


def _vocabulary(path: Path) -> set[str]:
    """Names of elements and attributes, and values of attributes with a bounded choice, in the package's XML."""
    words: set[str] = set()
    with zipfile.ZipFile(path) as package:
        for info in package.infolist():
            words.add(info.filename)
            for tag in re.findall(rb"<[^<>]{1,2000}>", package.read(info)):
                words.update(
                    w.decode("ascii") for w in re.findall(rb"[</: ]([A-Za-z][A-Za-z0-9]*)", tag.split(b'"')[0])
                )
                words.update(w.decode("ascii") for w in re.findall(rb"([A-Za-z][A-Za-z0-9]*)=[\"']", tag))
                words.update(
                    w.decode("ascii")
                    for w in re.findall(
                        rb"(?: (?:xmlns|ContentType|Type|PartName|type|t|s|r:id|style|val|uri|pane|state|visibility|patternType|dataType|ref|sqref)"
                        rb"(?::[a-z0-9]+)?=\"([ -~]{1,200})\")",
                        tag,
                    )
                )
    return words


def write_rules(folder: Path, values: Sequence[str]) -> None:
    """A rule folder in which the values, and nothing else, are of the entity ``planted``."""
    folder.mkdir(exist_ok=True)
    shapes = ", ".join(json.dumps(re.escape(v), ensure_ascii=False) for v in values)
    search = json.dumps(f"(?P<value>{'|'.join(re.escape(v) for v in values)})", ensure_ascii=False)
    (folder / "detectors.toml").write_text(_RULES.format(shapes=shapes, search=search), encoding="utf-8")
    (folder / "actions.toml").write_text(_ACTIONS, encoding="utf-8")


# ---------------------------------------------------------------- one copy


def check(path: Path, folder: Path, profile: str) -> Outcome:
    """Redacts one workbook into ``folder`` and looks at the copy."""
    name = "/".join(path.parts[-3:])
    # A workbook without such texts must become a copy as well.
    values = secrets_of(path) or ["nothing of the kind"]
    rules, target = folder / "rules", folder / path.name
    write_rules(rules, values)
    options = ScanOptions(rules=(str(rules),), isolate=False, jobs=1)
    (result,) = pipeline.redact([str(path)], str(target), options, CopyOptions(profile=profile))
    if result.status is not CopyStatus.WRITTEN:
        true = result.reason in TRUE_REASONS or (path.name, result.reason) in EXCUSED
        wrong = () if true else (f"not a true reason: {result.reason}",)
        why = ", ".join(sorted({n.reason for n in result.notes}))
        return Outcome(name, result.status.value, f"{result.reason or ''} {why}".strip(), wrong)
    wrong = tuple(
        dict.fromkeys([*_left(target, values), *(_changed(path, target, values) if profile == "planted" else ())])
    )
    return Outcome(name, "written", "", wrong, target, path)


def spellings(value: str) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of the ways in which a text may stand in a file."""
    numbered = "".join(f"&#{ord(c)};" for c in value)
    hexed = "".join(f"&#x{ord(c):x};" for c in value)
    for form, text in {
        "plain": value, "escaped": html.escape(value, quote=True), "escaped text": html.escape(value, quote=False),
        "numbers": numbered, "hexadecimal": hexed,
    }.items():  # fmt: skip
        for encoding in ENCODINGS:
            try:
                raw = text.encode(encoding)
            except UnicodeEncodeError:
                continue
            yield f"{form} {encoding}", raw
            if form == "plain" and len(raw) >= 9:
                for shift in range(3):
                    coded = base64.b64encode(b"\0" * shift + raw)
                    yield f"base64 {encoding}", coded[4 if shift else 0 : len(coded) // 4 * 4 - 4]


def _search(data: bytes, values: Iterable[str]) -> str | None:
    return next((form for v in values for form, raw in spellings(v) if raw in data), None)


def _left(copy: Path, values: Sequence[str]) -> Iterator[str]:
    """Members, names and comments of the copy in which a value stands."""
    with zipfile.ZipFile(copy) as package:
        told = b"\0".join(m.filename.encode() + b"\0" + m.comment + b"\0" + m.extra for m in package.infolist())
        if form := _search(told + package.comment, values):
            yield f"left in the directory ({form})"
        for info in package.infolist():
            data = package.read(info)
            if form := _search(data, values) or _search(_joined(data), values):
                yield f"left in {info.filename} ({form})"


def _joined(data: bytes) -> bytes:
    """The texts of an XML part without its tags: a value may be cut into runs."""
    return re.sub(rb"<[^>]*>", b"", data) if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else b""


def _changed(source: Path, copy: Path, values: Sequence[str]) -> Iterator[str]:
    """Members that held no value and are not as they were, the compressed bytes included."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(copy) as after:
        strings = _strings_with(before, values)
        made = {i.filename: i for i in after.infolist()}
        kept = [i.filename for i in before.infolist() if i.filename in made]
        if [i.filename for i in after.infolist() if i.filename in kept] != kept:
            yield "other order of members"
        dropped = [i.filename for i in before.infolist() if i.filename not in made]
        for name in dropped:
            if not _DROPPED.search(name):
                yield f"left out: {name}"
        for info in before.infolist():
            new = made.get(info.filename)
            if new is None or info.is_dir() or (_LISTS.fullmatch(info.filename) and dropped):
                continue
            old = before.read(info)
            if _raw(source, info) == _raw(copy, new):
                continue
            if after.read(new) == old:
                yield f"packed again: {info.filename}"
            elif not (_holds(old, values) or _refers(old, strings)):
                yield f"changed without need: {info.filename}"


def _holds(data: bytes, values: Sequence[str]) -> bool:
    plain = html.unescape(data.decode("utf-8", "replace")).encode()
    if any(_search(form, values) for form in (data, plain, _joined(data))):
        return True
    # A text may be stored with characters as _xHHHH_, and its runs on lines of their own.
    text = html.unescape(_joined(data).decode("utf-8", "replace"))
    bare = re.sub(r"\s", "", re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text))
    return any(re.sub(r"\s", "", value) in bare for value in values)


def _strings_with(package: zipfile.ZipFile, values: Sequence[str]) -> set[int]:
    """The numbers of the shared strings that hold a value."""
    found: set[int] = set()
    for info in package.infolist():
        if info.filename.lower().endswith("sharedstrings.xml"):
            items = re.split(rb"<(?:\w+:)?si[ >/]", package.read(info))[1:]
            texts = (html.unescape(_joined(b"<" + item).decode("utf-8", "replace")) for item in items)
            found |= {n for n, text in enumerate(texts) if any(v in text for v in values)}
    return found


def _refers(sheet: bytes, strings: set[int]) -> bool:
    """Whether a cell or a link of a sheet shows one of the shared strings: its number, or what the link shows, may change."""
    used = re.findall(rb"t=[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>([0-9]+)<", sheet)
    return any(int(n) in strings for n in used)


def _raw(path: Path, info: zipfile.ZipInfo) -> bytes:
    """The compressed bytes of a member."""
    with path.open("rb") as stream:
        stream.seek(info.header_offset + 26)
        lengths = stream.read(4)
        stream.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
        return stream.read(info.compress_size)


# ---------------------------------------------------------------- LibreOffice


def look_with_libreoffice(outcomes: Sequence[Outcome], count: int, folder: Path) -> list[tuple[str, str]]:
    """(workbook, what is wrong) for a sample of the written copies; raises ``FileNotFoundError`` without soffice."""
    program = shutil.which("soffice")
    if program is None:
        raise FileNotFoundError("soffice")
    written = [o for o in outcomes if o.copy is not None]
    chosen = written[:: max(1, len(written) // count)][:count] if count else []
    wrong = []
    for start in range(0, len(chosen), _BATCH):
        part = chosen[start : start + _BATCH]
        pairs = [(o.source, o.copy) for o in part]
        before = _counts(program, [b for b, _ in pairs if b], folder)
        after = _counts(program, [a for _, a in pairs if a], folder)
        for outcome, old, new in zip(part, before, after, strict=True):
            if old is None:
                continue
            if new is None:
                wrong.append((outcome.path, "LibreOffice opens the original, not the copy"))
            elif old != new:
                told = ", ".join(f"{k} {old[k]} → {new[k]}" for k in old if old[k] != new[k])
                wrong.append((outcome.path, f"LibreOffice: {told}"))
    return wrong


def _counts(program: str, files: Sequence[Path], folder: Path) -> list[dict[str, int] | None]:
    """What LibreOffice finds in each file, None where it does not open it."""
    with tempfile.TemporaryDirectory(dir=folder) as held:
        place = Path(held)
        named = []
        for number, path in enumerate(files):
            named.append(place / f"{number}.xlsx")
            shutil.copyfile(path, named[-1])
        _convert(program, named, place)
        missing = [p for p in named if not p.with_suffix(".fods").exists()]
        for path in missing:  # one that ends the program takes those behind it along
            _convert(program, [path], place)
        made = [p.with_suffix(".fods") for p in named]
        return [_count(p.read_bytes()) if p.exists() else None for p in made]


def _convert(program: str, files: Sequence[Path], place: Path) -> None:
    profile = f"-env:UserInstallation=file://{place}/profile"
    call = [program, profile, "--headless", "--norestore", "--convert-to", "fods", "--outdir", str(place)]
    try:
        subprocess.run([*call, *map(str, files)], capture_output=True, timeout=60 + 20 * len(files), check=False)
    except subprocess.TimeoutExpired:
        return


def _count(document: bytes) -> dict[str, int]:
    return {name: len(pattern.findall(document)) for name, pattern in _COUNTED.items()}


# ---------------------------------------------------------------- the command


def run(paths: Sequence[Path], folder: Path, profile: str) -> Iterator[Outcome]:
    """Checks every workbook, each in a folder of its own below ``folder``."""
    for number, path in enumerate(paths):
        place = folder / f"{profile}{number}"
        place.mkdir()
        yield check(path, place, profile)


def table(outcomes: Iterable[Outcome]) -> str:
    """State × reason with their numbers."""
    counts = Counter((o.state, o.reason, "wrong" if o.wrong else "") for o in outcomes)
    lines = [f"{'state':10}{'reason':60}{'books':>6}"]
    lines += [f"{s:10}{r:60}{n:6}  {w}".rstrip() for (s, r, w), n in sorted(counts.items())]
    return "\n".join(lines)


def too_many_refused(outcomes: Sequence[Outcome]) -> bool:
    """Whether more than 2 in 100 of the workbooks were not written."""
    return sum(o.state != "written" for o in outcomes) > MOST_REFUSED * len(outcomes)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("index", type=Path, nargs="?")
    parser.add_argument("--profile", action="append", help="planted (nothing else is touched) or one of the rules")
    parser.add_argument("--libreoffice", type=int, default=0, metavar="N", help="open N copies with LibreOffice")
    chosen = parser.parse_args(arguments)
    index = chosen.index or chosen.folder / "index.json"
    if not index.exists():
        print("no collection there")
        return 2
    failed = False
    with tempfile.TemporaryDirectory() as held:
        for profile in chosen.profile or ["planted", "default"]:
            outcomes = list(run(books(chosen.folder, index), Path(held), profile))
            print(f"profile {profile}\n{table(outcomes)}")
            wrong = [(o.path, w) for o in outcomes for w in o.wrong]
            if chosen.libreoffice and profile == "planted":
                wrong += look_with_libreoffice(outcomes, chosen.libreoffice, Path(held))
            print("\n".join(f"  {path}: {what}" for path, what in wrong))
            print(f"{len(outcomes)} workbooks, {len(wrong)} things wrong")
            failed = failed or bool(wrong) or too_many_refused(outcomes)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
