"""Short forms of the tools that prove copies: kills, broken calls, locks, and secrets in strange workbooks."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import canary_files
import canary_others
import generator
import openpyxl
import pytest
from openpyxl.chart import BarChart, LineChart, PieChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from piiscan import registry
from piiscan.copies import safe_copy
from piiscan.inspection.inspecting import Inspection, sniff
from piiscan.model import CopyResult, CopyStatus, Source

ROOT = Path(__file__).parents[2]
HOSTILE = ROOT.parent / "shared" / "hostile_files"
sys.path.insert(0, str(ROOT / "tools"))
import _trials as t  # noqa: E402
import run_copies as rc  # noqa: E402
import run_faults as rf  # noqa: E402
import run_kills as rk  # noqa: E402
import run_locks as rl  # noqa: E402
import run_restore as rr  # noqa: E402
import run_surrogates as rs  # noqa: E402

posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")
collection = pytest.mark.skipif(not HOSTILE.exists(), reason="the collection is not here")


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Path]]:
    """A folder for the trials, and one for the temporary files of the system's own."""
    place, temporary = tmp_path / "place", tmp_path / "temp"
    place.mkdir()
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    yield place, temporary
    assert list(temporary.iterdir()) == []


@posix
def test_two_hundred_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)  # the tool sets it
    outcomes = list(rk.run(200, tmp_path, weight_of_csv=6))
    assert len(outcomes) == 200
    assert len({name for name, _ in outcomes}) == len(t.trials())
    assert Counter((name, what) for name, wrong in outcomes for what in wrong) == {}


@posix
def test_without_a_sweep_the_kills_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)
    monkeypatch.setattr(rk, "sweep", lambda _: 0)
    monkeypatch.setattr(t, "trials", lambda: list(t._of("名簿.csv", t.csv_file()))[:1])
    monkeypatch.setattr(rk, "AGAIN", 1000)
    assert any("left over" in what for _, wrong in rk.run(40, tmp_path) for what in wrong)


@posix
def test_broken_calls(places: tuple[Path, Path]) -> None:
    outcomes = list(rf.run(151, places[0]))
    assert len({fault.trial for fault in outcomes}) >= len(t.trials()) - 2  # the last ones make few calls
    assert len({fault.call for fault in outcomes}) > 8
    assert [fault for fault in outcomes if fault.wrong] == []


@posix
def test_a_tally_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(t, "trials", lambda: [next(t._of("名簿.csv", t.csv_file()))])
    tally, command = tmp_path / "tally", ["--stride", "40", "--tally", str(tmp_path / "tally")]
    assert rf.main(command) == 0
    lines = tally.read_text("utf-8").splitlines()[1:]
    assert len(lines) > 30
    # The last line was cut off by a kill, and one fault did harm.
    first = rf.read_tally(tally)[0]
    with tally.open("w", encoding="utf-8") as out:
        rf.write_fault(out, replace(first, wrong=("left over: x",)))
        out.write("\n".join(["", *lines[1:-1], lines[-1][:5]]))
    assert rf.main(command) == 1
    assert f"{len(lines)} faults, 1 things wrong" in capsys.readouterr().out
    assert tally.read_text("utf-8").splitlines()[-1] == lines[-1]


@posix
def test_what_is_left_after_a_broken_call_is_noticed(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = next(t._of("名簿.csv", t.csv_file()))
    monkeypatch.setattr(safe_copy, "_remove", lambda _: None)
    wrong = [what for at in range(1, 300, 4) for what in rf.break_one(trial, places[0], at, 5)[1]]
    assert any("left over: a temporary file" in what for what in wrong)


def test_what_holds_in_a_folder(tmp_path: Path) -> None:
    trial = t.Trial("x", {"a": b"old"}, "a", "b", lambda _: [], b"new".__eq__)

    def wrong(**files: bytes) -> list[str]:
        t.empty(tmp_path)
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        return t.wrong_in(trial, tmp_path)

    assert wrong(a=b"old") == wrong(a=b"old", b=b"new") == []
    assert wrong(a=b"", b=b"new") == wrong(b=b"new") == ["an original is lost or changed"]
    assert wrong(a=b"old", b=b"ne") == ["the target is neither old nor new"]
    assert wrong(a=b"old", c=b"") == ["left over: c"]
    assert "clear text in b" in wrong(a=b"old", b=t.csv_file())


def test_locks_of_some_sizes(tmp_path: Path) -> None:
    sizes = [1024, 3400, 3695, 4095, 4096, 4200, 70_000]
    assert [outcome for outcome in rl.run(sizes, tmp_path, lambda _: False) if outcome[2]] == []
    assert [len(rl.workbook(size)) for size in sizes[1:]] == sizes[1:]


@pytest.mark.slow
@pytest.mark.libreoffice
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_what_is_locked(tmp_path: Path) -> None:
    files = [Path(str(rl.lock(f"{size}.xlsx", rl.workbook(size), tmp_path))) for size in (1024, 3900, 70_000)]
    assert rl.opened_by_libreoffice(files, rl.PASSWORD, tmp_path) == ["opened"] * 3
    assert rl.opened_by_libreoffice(files, rl.WRONG, tmp_path) == ["refused"] * 3


def write_book(number: int, path: Path) -> Path:
    """A workbook of invented people; each bit of the number decides about something that a sheet can have."""
    book = openpyxl.Workbook()
    sheet, other = book.active, book.create_sheet("集計")
    table = generator.person_table(Random(number), 12, ("customer_id", "name", "address", "phone", "note"))
    for row in [table.header, *table.rows]:
        sheet.append(list(row))
    for n in range(1, 8):
        other.append([f"区分{n}", n * 3, f"=B{n}*2"])
    if number & 1:
        chart = (BarChart, LineChart, PieChart)[number % 3]()
        chart.add_data(Reference(other, min_col=2, min_row=1, max_row=7))
        chart.set_categories(Reference(other, min_col=1, min_row=1, max_row=7))
        other.add_chart(chart, "E2")
    if number & 2:
        sheet["B3"].comment = Comment(f"{table.rows[1][1]}様より", "受付")
        sheet["C4"].hyperlink = "https://example.jp/"
    if number & 4:
        sheet.conditional_formatting.add("A2:A13", CellIsRule(operator="equal", formula=['"C1"'], font=Font(bold=True)))
        choice = DataValidation(type="list", formula1='"甲,乙"')
        sheet.add_data_validation(choice)
        choice.add("F2:F13")
        sheet.auto_filter.ref = "A1:E13"
    if number & 8:
        other.merge_cells("A9:C9")
        other.sheet_state = "hidden"
        sheet.freeze_panes = "B2"
        sheet.print_title_rows = "1:1"
        book.defined_names["範囲"] = DefinedName("範囲", attr_text=f"'{sheet.title}'!$B$2:$B$13")
    if number & 16:
        sheet.add_table(Table(displayName="名簿表", ref="A1:E13"))
        sheet.auto_filter.ref = None
    book.save(path)
    return path


def sample(count: int) -> list[Path]:
    books = [p for p in rc.books(HOSTILE, HOSTILE / "index.json") if p.stat().st_size < 60_000 and rc.secrets_of(p)]
    return books[:: max(1, len(books) // count)][:count]


@collection
@pytest.mark.filterwarnings("ignore")
def test_secrets_in_a_sample_of_strange_workbooks(tmp_path: Path) -> None:
    outcomes = list(rc.run(sample(12), tmp_path, "planted"))
    assert [(o.path, o.wrong) for o in outcomes if o.wrong] == []
    assert sum(o.state == "written" for o in outcomes) >= 11


@pytest.mark.libreoffice
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_twenty_copies(tmp_path: Path) -> None:
    books = [write_book(n, tmp_path / f"{n}.xlsx") for n in range(20)]
    outcomes = list(rc.run(books, tmp_path, "planted"))
    assert [(o.path, o.state, o.wrong) for o in outcomes if o.wrong or o.state != "written"] == []
    told = rc._counts(str(shutil.which("soffice")), [o.copy for o in outcomes[:4] if o.copy], tmp_path)
    assert all(found and found["sheets"] >= 2 for found in told)
    assert [(found["charts"], found["notes"]) for found in told if found] == [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert rc.look_with_libreoffice(outcomes, 20, tmp_path) == []


@collection
@pytest.mark.slow
@pytest.mark.libreoffice
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.filterwarnings("ignore")
def test_libreoffice_opens_a_sample_of_copies(tmp_path: Path) -> None:
    outcomes = list(rc.run(sample(20), tmp_path, "planted"))
    assert rc.look_with_libreoffice(outcomes, 20, tmp_path) == []


def test_a_secret_that_is_left_is_found(tmp_path: Path) -> None:
    secret = "案件 Ä & 9"
    forms = dict(rc.spellings(secret))
    assert {"plain utf-8", "plain utf-16-le", "escaped utf-8", "numbers utf-8", "base64 utf-8"} <= forms.keys()
    for form, raw in forms.items():
        path = tmp_path / "copy.zip"
        with zipfile.ZipFile(path, "w") as package:
            package.writestr("a.xml", b"<a>" + raw + b"</a>")
        assert list(rc._left(path, [secret])), form
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.xml", "<a><b>案件</b><b> Ä &amp; 8</b></a>")
    assert list(rc._left(path, [secret])) == []


EVERY = {**canary_files.whole(), **canary_others.files()}
#: What is only read, and so has no copy.
ONLY_READ = ("refused: copy_wants_", "refused: copy_format_not_written", "refused: copy_not_read_whole")


@pytest.mark.parametrize("name", EVERY)
def test_every_format_comes_back_and_is_scanned_alike(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(EVERY[name])
    wrong = rr.check(path, tmp_path)
    written = {f.id for f in registry.formats().values() if f.rewrite}
    with path.open("rb") as stream:
        format_ = sniff(Source(name, None, path.name, stream, path.stat().st_size), registry.formats())
    assert format_ is not None
    assert wrong == [] if format_.id in written - {"image"} else wrong[0].startswith(ONLY_READ)


def test_what_does_not_come_back_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(canary_files.delimited())

    def lazily(paths: list[str], output: str, *_: object) -> list[CopyResult]:
        shutil.copyfile(paths[0], output)
        return [CopyResult(paths[0], output, CopyStatus.WRITTEN)]

    monkeypatch.setattr(rr.pseudonymizing, "restore", lazily)
    assert "texts do not come back" in rr.check(path, tmp_path)[0]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A list of people with all that lists are joined by."""
    columns = ("customer_id", "name", "kana", "birth_slash", "postal_code", "address", "phone", "email", "note")
    path = tmp_path / "a.csv"
    path.write_bytes(generator.csv_bytes(generator.person_table(Random(4), 90, columns)))
    return path


def test_lists_of_stand_ins_are_scanned_alike_and_joined(people: Path, tmp_path: Path) -> None:
    assert rs.check(people, tmp_path) == []


@pytest.mark.parametrize(
    ("spoil", "noticed"),
    [
        (lambda text, n: text.replace("@", f"{n}@"), "originals with several stand-ins"),
        (lambda text, n: "a@example.jp" if "@" in text else text, "stand-ins of several originals"),
    ],
)
def test_lists_that_come_apart_are_noticed(
    spoil: Callable[[str, int], str], noticed: str, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = rs.look

    def spoiled(path: Path) -> rs.Looked:
        found = look(path)
        if path.parent.name not in ("copy", "both", "one"):
            return found
        cells = {spot: (e, spoil(t, n)) for n, (spot, (e, t)) in enumerate(found.cells.items())}
        return rs.Looked(found.inspection, cells)

    monkeypatch.setattr(rs, "look", spoiled)
    assert any(noticed in what for what in rs.check(people, tmp_path) or [])


def test_an_original_that_stays_is_noticed() -> None:
    def looked(*texts: str) -> rs.Looked:
        return rs.Looked(Inspection((), {}), {(0, 0, n, 0): ("person_name", t) for n, t in enumerate(texts)})

    before = looked("山田太郎", "山田太郎", "鈴木花子", "別人")
    assert [*rs.originals(before, looked("甲野一", "山田太郎", "乙野二", "別人"))] == [
        "originals stay: {'person_name': 1}"
    ]
    assert [*rs.originals(before, looked("甲野一", "甲野一", "山田太郎", "別人"))] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["会員家族.csv", "取引先と個人.csv", "納車のご案内.eml", "申込集計.xlsx", "顧客一覧.xlsx"]
)
def test_the_examples_with_stand_ins_are_scanned_alike_and_joined(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rs, "MOST_ROWS", 300)
    assert rs.check(ROOT / "examples" / name, tmp_path) == []
