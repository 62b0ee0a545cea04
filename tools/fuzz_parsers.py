"""Coverage-guided fuzzing of piiscan's own parsers; an exception that is not piiscan's own is a defect.

    python -m venv fuzz && fuzz/bin/pip install -e . atheris pytest openpyxl …    atheris is for this tool alone
    fuzz/bin/python tools/fuzz_parsers.py --seconds 600                           every parser for ten minutes
    fuzz/bin/python tools/fuzz_parsers.py --seconds 60 biff csv                   some of them
    fuzz/bin/python tools/fuzz_parsers.py --corpus DIR --tally FILE               goes on where an earlier run ended
    fuzz/bin/python tools/fuzz_parsers.py --again CRASH_FILE                      what one input does

With --corpus, inputs that reach something new are kept for the next run; with --tally, a line for each target is added to
a file: target, seconds of processor time, inputs, places found. What was found lies in --out as TARGET-KIND-LINE-DIGEST, one file for every place. Exit code 1 when there is any.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import importlib
import io
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

#: Seconds that one small input may take, and megabytes that the fuzzed process may have.
SECONDS, MEGABYTES = 20, 2048
Target = Callable[[bytes], object]


@dataclass(frozen=True)
class Fuzzed:
    """A parser: how it is run on bytes, and what it begins with."""

    run: Target
    seeds: Callable[[], Iterable[bytes]]


def _source(data: bytes, name: str):  # type: ignore[no-untyped-def]
    from piiscan.model import Source

    return Source(name, None, name, io.BytesIO(data), len(data))


def _drain(items: Iterable[object]) -> None:
    from piiscan.model import Member, Sheet, Text

    for item in items:
        if isinstance(item, Sheet):
            for batch in item.batches:
                assert all(len(values) == len(batch.rows) for values in batch.columns.values())
        elif isinstance(item, Member):
            item.stream.read()
            item.stream.close()
        elif isinstance(item, Text):
            item.text.encode("utf-8", "surrogatepass")


def _reads(format_id: str, name: str) -> Target:
    """Reads as one format, whatever sniffing says; what is taken for the format is rewritten as well."""

    def run(data: bytes) -> None:
        from piiscan import registry
        from piiscan.errors import PiiscanError
        from piiscan.model import Editor, Limits

        chosen = registry.formats()[format_id]
        sure = chosen.sniff(_source(data, name))
        try:
            _drain(chosen.read(_source(data, name), Limits()))
        except PiiscanError:
            return
        if chosen.rewrite is not None and sure:
            keep = Editor(lambda *_: None, lambda _, text, __: "■" if "a" in text else None, lambda *_: None)
            chosen.rewrite(_source(data, name), io.BytesIO(), keep, Limits())

    return run


def _whole(name: str) -> Target:
    """Everything that a scan does with a file of this name."""

    def run(data: bytes) -> None:
        from piiscan.inspection.inspecting import inspect
        from piiscan.inspection.knowledge import knowledge
        from piiscan.model import Limits

        inspect(_source(data, name), knowledge(), Limits(), b"k" * 32, ("ひみつ",))

    return run


def _part(format_id: str, seed: str, part: str) -> Fuzzed:
    """One part of a package, the rest of which is sound."""
    read = _reads(format_id, seed)

    def members() -> dict[str, bytes]:
        import seed_files

        with zipfile.ZipFile(io.BytesIO(seed_files.seeds()[seed])) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    others: dict[str, bytes] = {}

    def run(data: bytes) -> None:
        if not others:
            others.update(members())
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in others.items():
                archive.writestr(name, data if name == part else content)
        read(out.getvalue())

    return Fuzzed(run, lambda: [members()[part]])


def _decodes(data: bytes) -> None:
    """Guesses the encoding, decodes at once and in blocks, and puts a word into it again."""
    from piiscan import encoding
    from piiscan.formats._mail_words import decode_bytes, decode_words

    label, _, rest = data.partition(b"\n")
    encoding.decode_declared(rest, label.decode("latin-1"))
    encoding.decode_name(label)
    guess = encoding.detect(data[:8192], complete=len(data) <= 8192)
    text, _ = encoding.decode(data, guess)
    for _ in encoding.decode_stream(io.BytesIO(data), encoding.detect_stream(io.BytesIO(data)), 64):
        pass
    middle = len(text) // 2
    if guess.name != "cp50221":
        encoding.offset_of(data, guess, middle)
    assert encoding.splice(data, guess, []) == data
    encoding.splice(data, guess, [(middle, min(len(text), middle + 2), "■")])
    decode_words(decode_bytes(data)[0])


def _sniffs(data: bytes) -> None:
    """Every format's look at a file, by itself and with its head under the names of others."""
    from piiscan import registry

    for format_ in registry.formats().values():
        assert 0 <= format_.sniff(_source(data, f"a{(*format_.suffixes, '')[0]}")) <= 100


def _seven(data: bytes) -> None:
    """A 7z archive whose checksums are put right, so that what stands behind them is reached."""
    from piiscan.formats._seven_header import START

    if len(data) > START.size:
        _, _, _, _, offset, size, _ = START.unpack_from(data)
        offset %= len(data)
        size = min(size, len(data) - START.size)
        directory = data[START.size + offset : START.size + offset + size]
        tail = struct.pack("<QQI", offset, size, zlib.crc32(directory))
        data = b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(tail)) + tail + data[START.size :]
    _SEVEN(data)


def _xor(data: bytes) -> None:
    """Opens an obfuscated workbook with a password that its own check is made to fit."""
    from piiscan.unlocking import _xor

    found = _xor.open_book(io.BytesIO(data), "pa55")
    wanted = struct.pack("<H", _xor._verifier(b"pa55"))
    at = data.find(b"\x2f\x00\x06\x00\x00\x00")
    if found is None and at >= 0:
        _xor.open_book(io.BytesIO(data[: at + 8] + wanted + data[at + 10 :]), "pa55")


def _picture(data: bytes) -> None:
    """A picture, and the same one without its words, which says nothing any more."""
    from piiscan.formats._picture import picture_words, without_words
    from piiscan.formats._picture_tags import reader_of

    list(picture_words(reader_of(data), len(data)))
    plain = without_words(data)
    assert plain is None or not list(picture_words(reader_of(plain), len(plain)))


def _macros(data: bytes) -> None:
    """A macro project, and its compressed source by itself."""
    from piiscan.formats import _macros

    _macros.project_text(data)
    at = data.find(b"\x01")
    if at >= 0:
        _macros._container(data, at)


def _formats_numbers(data: bytes) -> None:
    from piiscan.formats._xlsx_numbers import formatter_for

    code, _, values = data.decode("utf-8", "replace").partition("\n")
    for value in values.split("\n")[:20]:
        formatter_for(len(code), code or None, date1904=bool(len(values) % 2))(value)


def _rtf(data: bytes) -> None:
    from piiscan.formats._mail_rtf import rtf_text, unpacked

    rtf_text(data)
    if (rtf := unpacked(data, 1_000_000)) is not None:
        rtf_text(rtf)


def _rtf_seeds() -> list[bytes]:
    import seed_files  # noqa: F401  it says where the tests are

    outlook_files = importlib.import_module("outlook_files")

    rtf = b"{\\rtf1\\ansicpg932{\\fonttbl{\\f0\\fcharset128 X;}}\\f0 \\'8e\\'52\\u23665?\\par{\\*\\htmltag <p>}\\bin3 abc}"
    return [rtf, outlook_files.lzfu(rtf)]


def _files(*names: str) -> Callable[[], list[bytes]]:
    def give() -> list[bytes]:
        import seed_files

        return [d for n, d in seed_files.seeds().items() if n in names or Path(n).suffix in names]

    return give


def _made(module: str, make: Callable[[ModuleType], Iterable[bytes]]) -> Callable[[], list[bytes]]:
    """Seeds by the builders of a module of the tests."""

    def give() -> list[bytes]:
        import seed_files  # noqa: F401  it says where the tests are

        return list(make(importlib.import_module(module)))

    return give


def _sevens(module: ModuleType) -> Iterable[bytes]:
    yield from (base64.b64decode(text) for text in module.MADE.values())
    yield module.packed(b"aaabb", module.COPY, [3, 2], names="a b")


def _objects() -> list[bytes]:
    import seed_files

    import_ = importlib.import_module
    seed_files.seeds()
    sys.path.insert(0, str(ROOT / "tests/places"))
    macros, outlook = import_("macro_files"), import_("outlook_files")
    native = {"\x01Ole10Native": macros.native("a.txt", b"abc")}
    return [outlook.compound(native), outlook.compound(macros.streams("a")), macros.compressed(b"abcabcabc " * 9)]


def _raw_biff() -> list[bytes]:
    import seed_files

    kept = ("raw8.xls", "book2.xls", "book3.xls", "book4.xls")
    return [seed_files.seeds()[name] for name in kept]


def _pdfs() -> list[bytes]:
    seeds = _files(".pdf")()
    more = _made("test_pdf", lambda m: [m._changed(m.document([m.shows("a")]), m.shows("b"))])
    return seeds + more()


_SEVEN = _reads("seven_zip", "a.7z")
_SNIFFED = (
    ".csv",
    ".xlsx",
    ".xls",
    ".doc",
    ".msg",
    ".dat",
    ".eml",
    ".json",
    ".xml",
    ".html",
    ".pdf",
    ".tar",
    ".gz",
    ".ods",
)
TARGETS: dict[str, Fuzzed] = {
    "biff": Fuzzed(_reads("xls", "a.xls"), _raw_biff),
    "compound": Fuzzed(_reads("xls", "a.xls"), _files("book.xls", "book5.xls")),
    "doc": Fuzzed(_reads("doc", "a.doc"), _files(".doc", ".ppt")),
    "msg": Fuzzed(_reads("msg", "a.msg"), _files(".msg")),
    "tnef": Fuzzed(_reads("tnef", "winmail.dat"), _files(".dat")),
    "xlsb_sheet": _part("xlsb", "book.xlsb", "xl/worksheets/sheet1.bin"),
    "xlsb_strings": _part("xlsb", "book.xlsb", "xl/sharedStrings.bin"),
    "xlsb_book": _part("xlsb", "book.xlsb", "xl/workbook.bin"),
    "xlsx_sheet": _part("xlsx", "places.xlsx", "xl/worksheets/sheet1.xml"),
    "xlsx_strings": _part("xlsx", "places.xlsx", "xl/sharedStrings.xml"),
    "xlsx_styles": _part("xlsx", "places.xlsx", "xl/styles.xml"),
    "xlsx_book": _part("xlsx", "places.xlsx", "xl/workbook.xml"),
    "xlsx_rels": _part("xlsx", "places.xlsx", "xl/worksheets/_rels/sheet1.xml.rels"),
    "xlsx_drawing": _part("xlsx", "places.xlsx", "xl/drawings/vmlDrawing1.vml"),
    "numbers": Fuzzed(_formats_numbers, lambda: [b"yyyy/mm/dd\n45000\n-1\n1e9", "[$-411]ggge\"年\"m;@\n12345.5".encode()]),
    "rtf": Fuzzed(_rtf, _rtf_seeds),
    "encoding": Fuzzed(_decodes, _files("jis.csv", "sjis.csv", "utf16.csv", "euc.tsv", "prose.txt", "jis.eml")),
    "docx": _part("docx", "text.docx", "word/document.xml"),
    "pptx": _part("pptx", "slides.pptx", "ppt/slides/slide1.xml"),
    "ods": _part("ods", "sheet.ods", "content.xml"),
    "odt": _part("odt", "text.odt", "content.xml"),
    "zip": Fuzzed(_reads("zip", "a.zip"), _files("plain.zip", "sealed.zip", "text.odt")),
    "tar": Fuzzed(_reads("tar", "a.tar"), _files(".tar")),
    "gz": Fuzzed(_reads("gz", "a.gz"), _files(".gz")),
    "xz": Fuzzed(_reads("xz", "a.xz"), _files(".xz")),
    "csv": Fuzzed(_reads("csv", "a.csv"), _files(".csv", ".tsv")),
    "txt": Fuzzed(_reads("txt", "a.txt"), _files(".txt", ".log", "jis.csv", "utf16.csv")),
    "json": Fuzzed(_reads("json", "a.json"), _files(".json")),
    "jsonl": Fuzzed(_reads("jsonl", "a.jsonl"), _files(".jsonl")),
    "xml": Fuzzed(_reads("xml", "a.xml"), _files(".xml")),
    "html": Fuzzed(_reads("html", "a.html"), _files(".html")),
    "vcf": Fuzzed(_reads("vcf", "a.vcf"), _files(".vcf")),
    "ics": Fuzzed(_reads("ics", "a.ics"), _files(".ics")),
    "eml": Fuzzed(_reads("eml", "a.eml"), _files("jis.eml")),
    "mbox": Fuzzed(_reads("mbox", "a.mbox"), _files(".mbox")),
    "pdf": Fuzzed(_reads("pdf", "a.pdf"), _pdfs),
    "seven": Fuzzed(_seven, _made("test_seven_zip", _sevens)),
    "p7m": Fuzzed(
        _reads("p7m", "a.p7m"),
        _made("test_p7m", lambda m: [m.message(m.MAIL), m.message(m.MAIL, indefinite=True), m.message(zlib.compress(m.MAIL), m.SMIME + "09")]),
    ),
    "archives": Fuzzed(_reads("other_archive", "a.rar"), _made("test_seven_zip", lambda m: m.OTHERS.values())),
    "xor": Fuzzed(_xor, _made("test_unlock_xor", lambda m: [m.book(5, b"pa55"), m.book(8, b"pa55"), m.workbook(m.book(8, b"pa55").ljust(5000, b"\0"))])),
    "picture": Fuzzed(_picture, _files(".png", ".jpg", ".gif", ".tif")),
    "macros": Fuzzed(_macros, _objects),
    "ole": Fuzzed(_reads("ole", "a.bin"), _objects),
    "rtf_file": Fuzzed(_reads("rtf", "a.rtf"), _rtf_seeds),
    "bz2": Fuzzed(_reads("bz2", "a.bz2"), _files(".bz2")),
    "dbf": Fuzzed(_reads("dbf", "a.dbf"), _made("test_dbf", lambda m: [m.table(m.PEOPLE), m.table(m.PEOPLE, gone=1)])),
    "uu": Fuzzed(_reads("uu", "a.uu"), _made("test_uu", lambda m: [m.uuencoded(m.CSV), m.yencoded(m.CSV)])),
    "sniff": Fuzzed(_sniffs, _files(*_SNIFFED)),
    "unlock": Fuzzed(_whole("a.ods"), _files("locked.ods", "sealed.zip")),
    "scan_text": Fuzzed(_whole("a.txt"), _files(".txt", ".csv", ".vcf")),
}  # fmt: skip


# ---------------------------------------------------------------- running


def fuzz(name: str, out: Path, seconds: int, options: Sequence[str]) -> None:
    """Fuzzes one target in this process until it has had its seconds of processor time. Never returns."""
    import atheris

    # What every text runs through costs ten times as much with counters in it: it has a target of its own.
    beside = ["piiscan.encoding"] if name == "encoding" else []
    followed = [
        "piiscan.formats",
        "piiscan.zips.safe_zip",
        "piiscan.unlocking.unlock",
        "piiscan.unlocking._odf",
        "piiscan.unlocking._xor",
    ]
    with atheris.instrument_imports(include=[*followed, *beside]):
        from piiscan import registry
        from piiscan.errors import PiiscanError
        from piiscan.unlocking import _odf, _xor, unlock  # noqa: F401  only here they get counters

        registry.formats()
        registry.detectors()
    run = TARGETS[name].run
    seen: set[str] = set()
    count = 0
    end = time.process_time() + seconds

    def one(data: bytes) -> None:
        nonlocal count
        count += 1
        if time.process_time() > end:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"\nDONE {count} {peak}", file=sys.stderr, flush=True)
            os._exit(0)
        try:
            run(data)
        except PiiscanError:
            return
        except Exception as error:  # noqa: BLE001  this is what is looked for
            _keep(name, data, error, seen, out)

    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


def _keep(name: str, data: bytes, error: BaseException, seen: set[str], out: Path) -> None:
    """Writes the first input for every place that an exception comes from."""
    own = [
        f for f in traceback.extract_tb(error.__traceback__) if "piiscan" in f.filename and "tools" not in f.filename
    ]
    at = f"{Path(own[-1].filename).stem}_{own[-1].lineno}" if own else "unknown"
    label = f"{name}-{type(error).__name__}-{at}"
    if label not in seen:
        seen.add(label)
        (out / f"{label}-{hashlib.sha256(data).hexdigest()[:8]}").write_bytes(data)
        print(f"FOUND {label}", file=sys.stderr, flush=True)


def run_all(names: Sequence[str], seconds: int, out: Path, corpus: Path | None, tally: Path | None) -> int:
    """Fuzzes one target after the other, each in a process of its own; the number of things found."""
    wrong = 0
    for name in names:
        start = time.perf_counter()
        before = set(out.iterdir())
        with tempfile.TemporaryDirectory(prefix="piiscan-fuzz-") as folder:
            seeds = list(TARGETS[name].seeds())
            for number, seed in enumerate(seeds):
                Path(folder, f"seed{number}").write_bytes(seed)
            kept = folder if corpus is None else str(corpus / name)
            Path(kept).mkdir(parents=True, exist_ok=True)
            options = (
                f"-timeout={SECONDS}", f"-rss_limit_mb={MEGABYTES}", f"-max_len={max(map(len, seeds)) + 2000}",
                f"-artifact_prefix={out}/{name}-", "-verbosity=0", *dict.fromkeys((kept, folder)),
            )  # fmt: skip
            command = [
                sys.executable,
                __file__,
                "--target",
                name,
                "--seconds",
                str(seconds),
                "--out",
                str(out),
                "--",
                *options,
            ]
            child = subprocess.run(command, capture_output=True, check=False, cwd=folder, env={**os.environ})
        said = child.stderr.decode("utf-8", "replace").splitlines()
        runs, peak = next((line.split()[1:] for line in said if line.startswith("DONE ")), ("?", "?"))
        found = sorted(p.name for p in set(out.iterdir()) - before)
        wrong += len(found) + (child.returncode != 0 and not found)
        print(
            f"{name:14}{runs:>9} inputs in {time.perf_counter() - start:5.0f} s, {peak:>5} MB, exit {child.returncode}, "
            f"{len(found)} found {' '.join(found)}",
            flush=True,
        )
        if child.returncode and not found:
            print("\n".join(said[-12:]))
        if tally is not None:
            with tally.open("a", encoding="utf-8") as lines:
                lines.write(f"{name}\t{seconds}\t{runs}\t{' '.join(found) or '-'}\n")
    return wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", help=f"some of: {' '.join(TARGETS)}")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--out", type=Path, default=Path("fuzz-found"))
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--tally", type=Path)
    parser.add_argument("--again", type=Path)
    parser.add_argument("--target", help=argparse.SUPPRESS)
    own = list(sys.argv[1:] if arguments is None else arguments)
    own, _, rest = (own[: own.index("--")], "--", own[own.index("--") + 1 :]) if "--" in own else (own, "", [])
    chosen = parser.parse_args(own)
    chosen.out.mkdir(parents=True, exist_ok=True)
    if chosen.again:
        TARGETS[chosen.again.name.split("-")[0]].run(chosen.again.read_bytes())
        return 0
    if chosen.target:
        fuzz(chosen.target, chosen.out.resolve(), chosen.seconds, rest)
    corpus = chosen.corpus.resolve() if chosen.corpus else None
    wrong = run_all(chosen.targets or list(TARGETS), chosen.seconds, chosen.out.resolve(), corpus, chosen.tally)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
