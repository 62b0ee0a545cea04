"""The way back: every value, bit for bit, in untouched, sorted and edited copies; and none without key and vault."""

from __future__ import annotations

import csv
import io
import random
import subprocess
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from random import Random
from typing import Any

import generator
import openpyxl
import pytest

from piiscan.copies import pseudonymizing, vault
from piiscan.errors import UsageError
from piiscan.model import CopyOptions, CopyResult, CopyStatus, ScanOptions

Call = Callable[..., subprocess.CompletedProcess[bytes]]
OPTIONS = ScanOptions(isolate=False)
KEY = b"k" * 32
DIRT = generator.Dirt(wide=0.1, spaces=0.2, variants=0.2, missing=0.05, notes=0.05)
COLUMNS = ("customer_id", "name", "kana", "sex", "birth_slash", "postal_code", "address", "phone", "email", "note")


def pseudonymize(paths: list[Path], out: Path, kept: Path) -> list[CopyResult]:
    how = CopyOptions(profile="pseudonymize")
    return list(pseudonymizing.pseudonymize([str(p) for p in paths], str(out), OPTIONS, how, KEY, str(kept)))


def restore(paths: list[Path], out: Path, kept: Path, key: bytes = KEY) -> list[CopyResult]:
    return list(pseudonymizing.restore([str(p) for p in paths], str(out), OPTIONS, CopyOptions(), key, str(kept)))


def mail(table: generator.Table) -> bytes:
    message = EmailMessage()
    first = table.rows[0]
    message["Subject"], message["From"], message["To"] = "名簿の件", "a@example.jp", "b@example.jp"
    message.set_content(f"{first[1]}様\n電話は 090-0123-4567 です。\n")
    message.add_attachment(generator.csv_bytes(table), maintype="text", subtype="csv", filename="名簿.csv")
    return message.as_bytes()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Originals in ``in``, copies in ``out``, what they need to become originals again in ``kept``."""
    top = tmp_path_factory.mktemp("made")
    (top / "in").mkdir()
    table = generator.person_table(Random(21), 50, COLUMNS, DIRT)
    first = table.rows[1]
    files = {
        "a.csv": generator.csv_bytes(table),
        "b.csv": generator.csv_bytes(table, "cp932", "\t"),
        "c.xlsx": generator.xlsx_bytes(table),
        "d.eml": mail(table),
        "e.txt": f"担当は佐藤 健一様です。\n電話 090-0765-4321、{first[8]}\n氏名: {first[1]}\n".encode(),
    }
    for name, data in files.items():
        (top / "in" / name).write_bytes(data)
    results = pseudonymize([top / "in"], top / "out", top / "kept")
    assert [(Path(r.source).name, r.status, r.reason) for r in results] == [
        (n, CopyStatus.WRITTEN, None) for n in files
    ]
    return top


def cells(path: Path) -> list[list[Any]]:
    from openpyxl import load_workbook

    return [list(row) for row in load_workbook(path).active.iter_rows(values_only=True)]


@pytest.mark.parametrize("name", ["a.csv", "b.csv", "d.eml", "e.txt"])
def test_untouched_copies_become_their_originals(name: str, made: Path, tmp_path: Path) -> None:
    assert (made / "out" / name).read_bytes() != (made / "in" / name).read_bytes()
    (result,) = restore([made / "out" / name], tmp_path / name, made / "kept")
    assert (result.status, result.notes) == (CopyStatus.WRITTEN, ())
    assert (tmp_path / name).read_bytes() == (made / "in" / name).read_bytes()


def test_workbooks_get_every_value_back(made: Path, tmp_path: Path) -> None:
    restore([made / "out" / "c.xlsx"], tmp_path / "c.xlsx", made / "kept")
    assert cells(tmp_path / "c.xlsx") == cells(made / "in" / "c.xlsx") != cells(made / "out" / "c.xlsx")


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def written(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def test_sorted_and_edited_copies(made: Path, tmp_path: Path) -> None:
    old, new = (read((made / folder / "a.csv").read_bytes()) for folder in ("in", "out"))
    order = list(range(1, len(old)))
    random.Random(3).shuffle(order)
    order = order[:40]
    copy = [[*new[0], "印"], *([*new[n], f"済{n}"] for n in order)]
    copy[1][9] = "新しい備考"
    (tmp_path / "a.csv").write_bytes(written(copy))
    (result,) = restore([tmp_path / "a.csv"], tmp_path / "o.csv", made / "kept")
    assert (result.status, result.notes) == (CopyStatus.WRITTEN, ())
    expected = [[*old[0], "印"], *([*old[n], f"済{n}"] for n in order)]
    expected[1][9] = "新しい備考"
    assert read((tmp_path / "o.csv").read_bytes()) == expected


def test_an_edited_text(made: Path, tmp_path: Path) -> None:
    copy = (made / "out" / "e.txt").read_text(encoding="utf-8")
    (tmp_path / "e.txt").write_text(f"前置き\n{copy}以上\n", encoding="utf-8")
    restore([tmp_path / "e.txt"], tmp_path / "o.txt", made / "kept")
    original = (made / "in" / "e.txt").read_text(encoding="utf-8")
    assert (tmp_path / "o.txt").read_text(encoding="utf-8") == f"前置き\n{original}以上\n"


def test_moved_dates_find_their_way_back_by_the_row(tmp_path: Path) -> None:
    """Among a thousand people many have the same date after it was moved, and had different ones before."""
    table = generator.person_table(Random(4), 1000, ("customer_id", "name", "birth_iso", "phone"))
    (tmp_path / "a.csv").write_bytes(generator.csv_bytes(table))
    pseudonymize([tmp_path / "a.csv"], tmp_path / "o.csv", tmp_path / "kept")
    old, new = (read((tmp_path / n).read_bytes()) for n in ("a.csv", "o.csv"))
    moved: dict[str, set[str]] = {}
    for before, after in zip(old, new, strict=True):
        moved.setdefault(after[2], set()).add(before[2])
    assert any(len(dates) > 1 for dates in moved.values())
    (tmp_path / "s.csv").write_bytes(written([new[0], *sorted(new[1:])]))
    restore([tmp_path / "s.csv"], tmp_path / "r.csv", tmp_path / "kept")
    assert sorted(read((tmp_path / "r.csv").read_bytes())[1:]) == sorted(old[1:])


def test_what_may_have_several_originals_is_left_and_said(made: Path, tmp_path: Path) -> None:
    table = generator.person_table(Random(4), 1000, ("customer_id", "name", "birth_iso"))
    (tmp_path / "a.csv").write_bytes(generator.csv_bytes(table))
    pseudonymize([tmp_path / "a.csv"], tmp_path / "o.csv", tmp_path / "kept")
    bare = [
        ["番号", "生年月日"],
        *([str(n), row[2]] for n, row in enumerate(read((tmp_path / "o.csv").read_bytes())[1:])),
    ]
    (tmp_path / "b.csv").write_bytes(written(bare))
    (result,) = restore([tmp_path / "b.csv"], tmp_path / "r.csv", tmp_path / "kept")
    assert [n.reason for n in result.notes] == ["restore_open"]
    for (_, copied), (_, back), (_, _, old) in zip(
        bare[1:], read((tmp_path / "r.csv").read_bytes())[1:], read((tmp_path / "a.csv").read_bytes())[1:], strict=True
    ):
        assert back in (copied, old)


def with_furigana(data: bytes) -> bytes:
    """A workbook whose texts all have a reading, as Excel's input method records it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            body = old.read(info)
            if info.filename.startswith("xl/worksheets/"):
                body = body.replace(b"</t></is>", '</t><rPh sb="0" eb="1"><t>ヨミ</t></rPh></is>'.encode())
            new.writestr(info.filename, body)
    return out.getvalue()


ODD = {
    "raw.eml": 'From: "佐藤 健一" <k@example.jp>\r\nTo: b@example.jp\r\nSubject: x\r\n\r\n担当: 佐藤 健一\r\n'.encode(),
    "nested.json": '{"author": "佐藤 健一", "title": "x", "by": {"佐藤 健一": {"n": 1}, "other": {"n": 2}}}'.encode(),
    "read.xlsx": with_furigana(generator.xlsx_bytes(generator.person_table(Random(8), 9, ("customer_id", "name")))),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_not_written_as_it_was_comes_back_all_the_same(name: str, tmp_path: Path) -> None:
    """Raw bytes in a quoted name, names in a JSON document's names, furigana: no copy can carry these."""
    source, copied, back = (tmp_path / f"{n}-{name}" for n in "scb")
    source.write_bytes(ODD[name])
    (made,) = pseudonymize([source], copied, tmp_path / "kept")
    assert (made.status, made.reason) == (CopyStatus.WRITTEN, None)
    assert copied.read_bytes() != ODD[name]
    assert made.replaced
    (given,) = restore([copied], back, tmp_path / "kept")
    assert given.status is CopyStatus.WRITTEN
    assert back.read_bytes() == ODD[name]


def test_a_sorted_workbook_gets_its_values_back_though_its_furigana_is_gone(tmp_path: Path) -> None:
    source, copied = tmp_path / "s.xlsx", tmp_path / "c.xlsx"
    source.write_bytes(ODD["read.xlsx"])
    pseudonymize([source], copied, tmp_path / "kept")
    book = openpyxl.load_workbook(copied)
    rows = list(book.active.values)
    book.active.delete_rows(1, len(rows))
    for row in [rows[0], *reversed(rows[1:])]:
        book.active.append(row)
    book.save(copied)
    restore([copied], tmp_path / "b.xlsx", tmp_path / "kept")
    old = cells(source)
    assert cells(tmp_path / "b.xlsx") == [old[0], *reversed(old[1:])]


# ---------------------------------------------------------------- the vault itself


def test_the_vault_tells_nothing(made: Path) -> None:
    data = (made / "kept").read_bytes()
    assert (made / "kept").stat().st_mode & 0o077 == 0
    for row in read((made / "in" / "a.csv").read_bytes())[1:]:
        assert not any(cell.encode() in data for cell in row if len(cell) > 3)


def test_without_the_key_there_is_no_way_back(made: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        restore([made / "out" / "a.csv"], tmp_path / "o.csv", made / "kept", b"x" * 32)
    assert caught.value.reason == "vault_wrong_key"
    other = tmp_path / "other"
    writer = vault.new_vault(str(other), KEY)
    writer.add(vault.pack({}))
    writer.close()
    (result,) = restore([made / "out" / "a.csv"], tmp_path / "o.csv", other)
    assert (result.status, result.reason) == (CopyStatus.REFUSED, "nothing_to_restore")
    assert not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize("harm", ["flip", "cut", "swap", "drop", "salt", "empty"])
def test_a_harmed_vault_is_refused(harm: str, made: Path, tmp_path: Path) -> None:
    lines = (made / "kept").read_bytes().splitlines(keepends=True)
    if harm == "flip":
        lines[2] = lines[2][:40] + (b"A" if lines[2][40:41] != b"A" else b"B") + lines[2][41:]
    elif harm == "cut":
        lines.pop()
    elif harm == "swap":
        lines[2], lines[3] = lines[3], lines[2]
    elif harm == "drop":
        del lines[2]
    elif harm == "salt":
        lines[0] = lines[0].replace(lines[0][-5:-1], b"0000")
    else:
        lines = []
    (tmp_path / "kept").write_bytes(b"".join(lines))
    with pytest.raises(UsageError) as caught:
        restore([made / "out" / "a.csv"], tmp_path / "o.csv", tmp_path / "kept")
    assert caught.value.reason in ("vault_damaged", "vault_wrong_key", "vault_unreadable")


def test_a_vault_is_never_overwritten(made: Path, tmp_path: Path) -> None:
    before = (made / "kept").read_bytes()
    with pytest.raises(UsageError) as caught:
        pseudonymize([made / "in" / "a.csv"], tmp_path / "o.csv", made / "kept")
    assert (caught.value.reason, (made / "kept").read_bytes()) == ("vault_exists", before)


def test_a_copy_that_cannot_be_turned_back_is_refused(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pseudonymizing.restoring.record

    def forgetful(*arguments: Any) -> dict[str, Any]:
        block = real(*arguments)
        return {**block, "cells": block["cells"][:-1]}

    monkeypatch.setattr(pseudonymizing.restoring, "record", forgetful)
    (result,) = pseudonymize([made / "in" / "a.csv"], tmp_path / "o.csv", tmp_path / "kept")
    assert (result.status, result.reason) == (CopyStatus.REFUSED, "copy_not_restorable")
    assert not (tmp_path / "o.csv").exists()


def test_the_commands(piiscan: Call, made: Path, tmp_path: Path) -> None:
    piiscan("key", "new", "k", cwd=tmp_path)
    source, options = made / "in" / "a.csv", ("--key-file", "k", "--lang", "en")
    done = piiscan("pseudonymize", source, "-o", "o.csv", "--reversible", "v", *options, cwd=tmp_path)
    assert (done.returncode, b"v: the originals, encrypted." in done.stderr) == (0, True)
    back = piiscan("restore", "o.csv", "-o", "r.csv", "--vault", "v", *options, cwd=tmp_path)
    assert (back.returncode, back.stderr) == (0, b"")
    assert (tmp_path / "r.csv").read_bytes() == source.read_bytes()
    wrong = piiscan("pseudonymize", source, "--in-place", "--no-backup", "--reversible", "w", *options, cwd=tmp_path)
    assert (wrong.returncode, (tmp_path / "w").exists()) == (2, False)
