"""What the options of copying commands do: profiles, keys, manifest, dry run, links, attributes, formulas."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import canary_files
import jsonschema
import pytest

from piiscan import pipeline, registry
from piiscan.cli import _app
from piiscan.copies import pseudonymizing
from piiscan.copies.temporary import machine, sweep, working_folder
from piiscan.model import CopyOptions, CopyResult, CopyStatus, Editor, Limits, ScanOptions, Source

OPTIONS = ScanOptions(isolate=False)
SCHEMAS = Path(pipeline.__file__).parent / "schemas"
SCHEMA = json.loads((SCHEMAS / "manifest-1.json").read_text(encoding="utf-8"))
COPIES = json.loads((SCHEMAS / "copies-1.json").read_text(encoding="utf-8"))
posix = pytest.mark.skipif(os.name != "posix", reason="links and permissions of POSIX")


def redact(source: Path, out: Path | None, **copy: Any) -> CopyResult:
    (result,) = pipeline.redact([str(source)], str(out) if out else None, OPTIONS, CopyOptions(**copy))
    return result


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def run(*arguments: str | Path) -> int:
    quiet = () if arguments[0] == "key" else ("--no-progress", "--jobs", "1")
    return _app.run([*map(str, arguments), *quiet, "--lang", "en"])


def strict(schema: Any) -> Any:
    if isinstance(schema, dict):
        closed = {key: strict(value) for key, value in schema.items()}
        named = "properties" in schema and "additionalProperties" not in schema
        return closed | {"additionalProperties": False} if named else closed
    return [strict(value) for value in schema] if isinstance(schema, list) else schema


def customers(count: int) -> str:
    """A list in which everybody is one of a few kinds, and one man of 97 is not."""
    given = ("弦十郎", "燈真子", "麒一郎", "寧々香", "柊太朗")
    family = ("佐久間", "西園寺", "東海林", "武者小路", "綾小路", "五百旗頭", "勅使河原")
    rows = [
        f"{family[n % 7]} {given[n % 5]},{'男' if n % 2 else '女'},{30 + n % 10},100-000{n % 10},"
        f"東京都千代田区丸の内9丁目{n}番,090-0{n:03}-8523,C{n:05}"
        for n in range(count)
    ]
    rows.append("葛飾 北斎子,男,97,060-0001,北海道札幌市中央区北98条西76丁目,090-0999-8523,C99999")
    return "氏名,性別,年齢,郵便番号,住所,携帯電話,顧客番号\n" + "\n".join(rows) + "\n"


# ---------------------------------------------------------------- profiles


def test_pseudonymous_empties_what_rule_31_names(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", canary_files.delimited())
    assert redact(source, tmp_path / "b.csv", profile="pseudonymous").status is CopyStatus.WRITTEN
    rows = list(csv.reader((tmp_path / "b.csv").read_text(encoding="utf-8").splitlines()))
    name, kana, phone, mail, address, number, born = rows[1]
    assert (name, kana, phone, mail, number) == ("", "", "", "", "")
    assert (address, born) == ("東京都千代田区", "1971年3月")


def test_anonymous_draft_tells_who_stands_out_and_says_no_value(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", customers(60))
    result = redact(source, tmp_path / "b.csv", profile="anonymous-draft")
    assert result.status is CopyStatus.WRITTEN
    (told,) = result.anonymity
    assert (told.rows, told.k, told.small) == (61, 1, 1)
    assert told.columns == ("B", "C", "D", "E")
    assert told.rarest == ((62, 1),)
    assert told.suggestions == ()  # no single column would hide him
    copy = (tmp_path / "b.csv").read_text(encoding="utf-8")
    assert "90歳以上" in copy
    assert "97" not in copy.splitlines()[-1]
    assert "C00001" not in copy


def test_a_suggestion_names_the_column_that_gives_people_away(tmp_path: Path) -> None:
    lines = customers(40).splitlines()[:-1]
    lines = [f"{line},{'国籍' if n == 0 else ('ブータン' if n == 7 else '日本')}" for n, line in enumerate(lines)]
    source = write(tmp_path / "a.csv", "\n".join(lines) + "\n")
    (told,) = redact(source, tmp_path / "b.csv", profile="anonymous-draft").anonymity
    assert told.rarest == ((8, 1),)
    assert told.suggestions[0][0] == "H"
    assert told.suggestions[0][2] == 0


def test_the_other_profiles_say_nothing_about_anonymity(tmp_path: Path) -> None:
    assert redact(write(tmp_path / "a.csv", customers(9)), tmp_path / "b.csv").anonymity == ()


def test_an_unknown_profile_is_wrong_usage(tmp_path: Path, capsys: Any) -> None:
    write(tmp_path / "a.csv", canary_files.delimited())
    assert run("redact", tmp_path / "a.csv", "-o", tmp_path / "b.csv", "--profile", "nobody") == 2
    assert "anonymous-draft" in capsys.readouterr().err


# ---------------------------------------------------------------- actions with a key


def test_token_and_shift_need_a_key_and_get_it(tmp_path: Path, capsys: Any) -> None:
    source = write(tmp_path / "a.csv", canary_files.delimited())
    how = ("--action", "person_name=token", "--action", "birth_date=shift")
    assert run("redact", source, "-o", tmp_path / "b.csv", *how) == 2
    assert "--key-file" in capsys.readouterr().err
    assert run("key", "new", tmp_path / "k") == 0
    assert run("redact", source, "-o", tmp_path / "b.csv", *how, "--key-file", tmp_path / "k") == 0
    assert run("redact", source, "-o", tmp_path / "c.csv", *how, "--key-file", tmp_path / "k") == 0
    rows = list(csv.reader((tmp_path / "b.csv").read_text(encoding="utf-8").splitlines()))
    assert rows == list(csv.reader((tmp_path / "c.csv").read_text(encoding="utf-8").splitlines()))
    assert all(row[0].startswith("P-") for row in rows[1:])
    assert len({row[0] for row in rows}) == len(rows)
    assert rows[1][6][:2] in ("19", "20")
    assert rows[1][6] != canary_files.PEOPLE[0][6]
    assert set(rows[1][2]) == {"*", "-"}


# ---------------------------------------------------------------- the manifest


def whole(folder: Path) -> Path:
    folder.mkdir()
    for name in ("utf8.csv", "book.xlsx", "prose.txt", "mail.eml", "nested.zip"):
        (folder / name).write_bytes(canary_files.whole()[name])
    return folder


def test_the_manifest_fits_its_schema_and_holds_no_value(tmp_path: Path) -> None:
    assert run("redact", whole(tmp_path / "in"), "-o", tmp_path / "out") == 0
    text = (tmp_path / "out.piiscan.json").read_text(encoding="utf-8")
    assert [value for value in canary_files.VALUES if value in text] == []
    told = json.loads(text)
    jsonschema.validate(told, strict(SCHEMA))
    assert {Path(c["source"]).name for c in told["copies"]} == {p.name for p in (tmp_path / "in").iterdir()}
    for copy in told["copies"]:
        assert sum(place["count"] for place in copy["places"]) == sum(copy["replaced"].values())
    (table,) = [c for c in told["copies"] if c["source"].endswith("utf8.csv")]
    assert {"location": "A", "entity": "person_name", "action": "mask", "count": 7} in table["places"]


def test_a_place_named_after_a_person_is_not_told(tmp_path: Path) -> None:
    inner = canary_files.delimited()
    write(tmp_path / "a.zip", canary_files.zipped({"佐久間 柊太朗.csv": inner}))
    assert run("redact", tmp_path / "a.zip", "-o", tmp_path / "b.zip") == 0
    text = (tmp_path / "b.zip.piiscan.json").read_text(encoding="utf-8")
    assert "柊太朗" not in text
    assert json.loads(text)["copies"][0]["places"]


def test_what_is_printed_as_json_has_a_schema(tmp_path: Path, capsys: Any) -> None:
    """Of every command and of a copy that is written, planned, refused and failed; a line of jsonl is one of the copies."""
    source = write(tmp_path / "a.csv", canary_files.delimited())
    write(tmp_path / "in.pdf", b"%PDF-1.4 no more")
    run("key", "new", tmp_path / "k")
    write(tmp_path / "p", "a long password of words\n").chmod(0o600)
    key, vault = ("--key-file", tmp_path / "k"), tmp_path / "v"
    found = set()
    for name, command in (
        ("b.csv", ("redact", source, "--profile", "anonymous-draft")),
        ("plan", ("redact", source, "--dry-run")),
        ("out", ("redact", source, tmp_path / "in.pdf", tmp_path / "none.csv")),
        ("c.csv", ("pseudonymize", source, *key, "--reversible", vault)),
        ("d.csv", ("restore", tmp_path / "c.csv", *key, "--vault", vault)),
        ("e.zip", ("protect", source, "--password-file", tmp_path / "p")),
        ("a.csv", ("redact", source)),
    ):
        capsys.readouterr()
        run(*command, "-o", tmp_path / name, "--format", "json", "--report", f"jsonl={tmp_path / 'lines'}", "--force")
        told = json.loads(capsys.readouterr().out)
        jsonschema.validate(told, strict(COPIES))
        lines = (tmp_path / "lines").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line) for line in lines] == told["copies"]
        found |= {copy["status"] for copy in told["copies"]}
    assert found >= {"written", "planned", "refused", "failed"}
    assert COPIES["$defs"] == SCHEMA["$defs"]


def test_where_the_manifest_goes(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", canary_files.delimited())
    assert run("redact", source, "-o", tmp_path / "b.csv", "--no-manifest") == 0
    assert run("redact", source, "-o", tmp_path / "b.csv", "--force") == 0
    assert run("redact", source, "-o", tmp_path / "b.csv", "--force") == 0
    assert run("redact", source, "-o", tmp_path / "c.csv", "--manifest", tmp_path / "m.json") == 0
    assert run("redact", source, "-o", tmp_path / "d.csv", "--manifest", tmp_path / "m.json") == 2
    assert run("redact", source, "-o", tmp_path / "d.csv", "--manifest", tmp_path / "n.json", "--no-manifest") == 2
    assert run("redact", source, "--in-place") == 0
    assert {p.name for p in tmp_path.iterdir()} == {
        "a.csv", "a.csv.bak", "a.csv.piiscan.json", "b.csv", "b.csv.piiscan.json", "b.csv.2.piiscan.json", "c.csv", "m.json",
    }  # fmt: skip


def test_every_command_writes_one(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", canary_files.delimited())
    run("key", "new", tmp_path / "k")
    key = ("--key-file", tmp_path / "k")
    assert run("pseudonymize", source, "-o", tmp_path / "b.csv", *key, "--reversible", tmp_path / "v") == 0
    assert run("restore", tmp_path / "b.csv", "-o", tmp_path / "c.csv", *key, "--vault", tmp_path / "v") == 0
    assert run("protect", source, "-o", tmp_path / "p.zip", "--generate-password", tmp_path / "pw") == 0
    for name, command in (("b.csv", "pseudonymize"), ("c.csv", "restore"), ("p.zip", "protect")):
        text = (tmp_path / f"{name}.piiscan.json").read_text(encoding="utf-8")
        told = json.loads(text)
        jsonschema.validate(told, strict(SCHEMA))
        assert told["command"] == command
        assert [value for value in canary_files.VALUES if value in text] == []


# ---------------------------------------------------------------- dry run, exit codes


def test_a_dry_run_tells_the_plan_and_writes_nothing(tmp_path: Path, capsys: Any) -> None:
    source = write(tmp_path / "a.csv", canary_files.delimited())
    run("key", "new", tmp_path / "k")
    key = ("--key-file", tmp_path / "k")
    run("pseudonymize", source, "-o", tmp_path / "b.csv", *key, "--reversible", tmp_path / "v", "--no-manifest")
    before = {p.name: p.stat().st_mtime_ns for p in tmp_path.iterdir()}
    capsys.readouterr()
    for command in (
        ("redact", source, "-o", tmp_path / "x.csv"),
        ("redact", source, "--in-place"),
        ("pseudonymize", source, "-o", tmp_path / "x.csv", *key),
        ("restore", tmp_path / "b.csv", "-o", tmp_path / "x.csv", *key, "--vault", tmp_path / "v"),
        ("protect", source, "-o", tmp_path / "x.zip", "--generate-password", tmp_path / "pw"),
        ("protect", source, "-o", f"{tmp_path}/folder/", "--generate-password", tmp_path / "pw"),
    ):
        assert run(*command, "--dry-run") == 0
        assert "would be written: 1" in capsys.readouterr().out
    assert {p.name: p.stat().st_mtime_ns for p in tmp_path.iterdir()} == before
    run("redact", source, "-o", tmp_path / "x.csv", "--dry-run")
    assert "A: Full name → mask 7" in capsys.readouterr().out


def test_what_a_copy_still_holds_decides_the_exit_code(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", canary_files.delimited())
    kept = ("--action", "my_number=keep")
    assert run("redact", source, "-o", tmp_path / "b.csv") == 0
    assert run("redact", source, "-o", tmp_path / "c.csv", *kept) == 10
    told = json.loads((tmp_path / "c.csv.piiscan.json").read_text(encoding="utf-8"))["copies"][0]
    assert (told["status"], told["level"]) == ("written", "high")
    assert run("redact", source, "-o", tmp_path / "d.csv", "--action", "person_name=keep", "--fail-on", "critical") == 0


# ---------------------------------------------------------------- links, attributes, what dead runs left


@posix
def test_links_are_refused_unless_told(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", canary_files.delimited())
    other, link = tmp_path / "other.csv", tmp_path / "link.csv"
    other.hardlink_to(source)
    assert redact(source, None, in_place=True).reason == "output_has_links"
    result = redact(source, None, in_place=True, links=True)
    assert (result.status, [n.reason for n in result.notes]) == (CopyStatus.WRITTEN, ["other_names_keep"])
    assert "佐久間" in other.read_text(encoding="utf-8")
    assert "佐久間" not in source.read_text(encoding="utf-8")
    link.symlink_to(other)
    assert redact(link, None, in_place=True).reason == "output_is_link"
    assert redact(link, None, in_place=True, links=True, backup=False).status is CopyStatus.WRITTEN
    assert link.is_symlink()
    assert "佐久間" not in other.read_text(encoding="utf-8")


@posix
def test_a_copy_through_a_link_is_refused_unless_told(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", canary_files.delimited())
    there = write(tmp_path / "there.csv", "old")
    link = tmp_path / "link.csv"
    link.symlink_to(there)
    assert redact(source, link, force=True).reason == "output_is_link"
    assert there.read_text() == "old"
    assert redact(source, link, force=True, links=True).status is CopyStatus.WRITTEN
    assert link.is_symlink()
    assert "氏名" in there.read_text(encoding="utf-8")


@posix
def test_attributes_go_over_when_asked(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", canary_files.delimited())
    source.chmod(0o640)
    os.utime(source, (1_000_000_000, 1_100_000_000))
    try:
        os.setxattr(source, "user.note", b"x")
        with_xattr = True
    except (OSError, AttributeError):
        with_xattr = False
    redact(source, tmp_path / "plain.csv")
    redact(source, tmp_path / "same.csv", preserve=True)
    plain, same = (tmp_path / "plain.csv").stat(), (tmp_path / "same.csv").stat()
    assert stat.S_IMODE(plain.st_mode) == stat.S_IMODE(same.st_mode) == 0o640
    assert plain.st_mtime > 1_200_000_000
    assert int(same.st_mtime) == 1_100_000_000
    if with_xattr:
        assert os.listxattr(tmp_path / "same.csv") == ["user.note"]
        assert os.listxattr(tmp_path / "plain.csv") == []
    redact(source, None, in_place=True, preserve=True)
    assert int(source.stat().st_mtime) == 1_100_000_000


@posix
@pytest.mark.parametrize("command", ["redact", "in-place", "pseudonymize", "restore", "protect"])
def test_every_command_sweeps_what_dead_runs_left(command: str, tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", canary_files.delimited())
    key, vault = b"k" * 32, str(tmp_path / "v")
    copy = CopyOptions(profile="pseudonymize")
    list(pseudonymizing.pseudonymize([str(source)], str(tmp_path / "b.csv"), OPTIONS, copy, key, vault))
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    left = write(tmp_path / f".piiscan-tmp-{machine()}-{int(dead.stdout)}-0123456789abcdef.csv", "佐久間 柊太朗")
    out = str(tmp_path / "out.csv")
    if command == "redact":
        redact(source, Path(out))
    elif command == "in-place":
        redact(source, None, in_place=True)
    elif command == "pseudonymize":
        list(pseudonymizing.pseudonymize([str(source)], out, OPTIONS, copy, key))
    elif command == "restore":
        list(pseudonymizing.restore([str(tmp_path / "b.csv")], out, OPTIONS, CopyOptions(), key, vault))
    else:
        from piiscan.copies import protecting

        list(protecting.protect([str(source)], str(tmp_path / "out.zip"), OPTIONS, CopyOptions(), "long enough a word"))
    assert not left.exists()


@posix
def test_a_working_folder_is_private_and_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with working_folder() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "x").write_text("佐久間")
        assert sweep(tmp_path) == 0  # its process is alive
    assert list(tmp_path.iterdir()) == []
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    left = tmp_path / f".piiscan-tmp-{machine()}-{int(dead.stdout)}-0123456789abcdef"
    left.mkdir()
    (left / "source.xls").write_text("佐久間")
    redact(write(tmp_path / "a.csv", canary_files.delimited()), tmp_path / "b.csv")
    assert not left.exists()


# ---------------------------------------------------------------- formulas

NUMBERS = "氏名,電話番号,備考\n佐久間 柊太朗,+81-90-0741-8523,-5\n勅使河原 麒一郎,+81-80-0963-7412,=1+1\n綾小路 燈真子,+81-70-0258-1473,x\n"


def rewritten(format_: Any, data: bytes, name: str, editor: Editor) -> bytes:
    out = io.BytesIO()
    format_.rewrite(Source(name, None, name, io.BytesIO(data), len(data)), out, editor, Limits())
    return out.getvalue()


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
@pytest.mark.parametrize("new", ["=HYPERLINK(1)", "+1", "-x", "@x", "\rx", "＝x", "+81-90", "-", "=1,2"])
def test_what_is_put_into_a_field_is_no_formula(suffix: str, new: str) -> None:
    delimiter = "\t" if suffix == ".tsv" else ","
    data = "名,値,備考\nあ,い,=1+1\n".replace(",", delimiter).encode()
    change = Editor(lambda s, r, c, t: new if t == "い" else None, lambda *_: None, lambda *_: None)
    copy = rewritten(registry.formats()["csv"], data, f"a{suffix}", change)
    rows = list(csv.reader(io.StringIO(copy.decode(), newline=""), delimiter=delimiter))
    assert rows == [["名", "値", "備考"], ["あ", f"'{new}", "=1+1"]]
    # Read again it is what was put in, and the way back takes the sign away with it.
    seen: list[str] = []
    look = Editor(lambda s, r, c, t: seen.append(t), lambda *_: None, lambda *_: None)
    assert rewritten(registry.formats()["csv"], copy, f"a{suffix}", look) == copy
    assert new in seen
    back = Editor(lambda s, r, c, t: "い" if t == new else None, lambda *_: None, lambda *_: None, gives_back=True)
    rows = list(
        csv.reader(
            io.StringIO(rewritten(registry.formats()["csv"], copy, f"a{suffix}", back).decode(), newline=""),
            delimiter=delimiter,
        )
    )
    assert rows[1][1] == "い"


@pytest.mark.parametrize("new", ["-5", "-12.5", "1", "x=1", "■+1"])
def test_what_is_no_formula_is_written_as_it_is(new: str) -> None:
    change = Editor(lambda s, r, c, t: new if t == "い" else None, lambda *_: None, lambda *_: None)
    copy = rewritten(registry.formats()["csv"], "名,値\nあ,い\n".encode(), "a.csv", change)
    assert copy.decode() == f"名,値\nあ,{new}\n"


def test_a_masked_number_with_a_plus_stays_text(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", NUMBERS)
    assert redact(source, tmp_path / "b.csv").status is CopyStatus.WRITTEN
    rows = list(csv.reader((tmp_path / "b.csv").read_text(encoding="utf-8").splitlines()))
    assert [row[1] for row in rows[1:]] == ["'+**-**-****-****"] * 3
    assert [row[2] for row in rows] == ["備考", "-5", "=1+1", "x"]  # what piiscan did not write stays
    redact(tmp_path / "b.csv", tmp_path / "c.csv")
    assert (tmp_path / "c.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_stand_ins_are_no_formulas_and_come_back_bit_for_bit(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", NUMBERS)
    copy, key, vault = CopyOptions(profile="pseudonymize"), b"k" * 32, str(tmp_path / "v")
    list(pseudonymizing.pseudonymize([str(source)], str(tmp_path / "b.csv"), OPTIONS, copy, key, vault))
    rows = list(csv.reader((tmp_path / "b.csv").read_text(encoding="utf-8").splitlines()))
    assert [row[1][:3] for row in rows[1:]] == ["'+8"] * 3
    list(pseudonymizing.restore([str(tmp_path / "b.csv")], str(tmp_path / "c.csv"), OPTIONS, CopyOptions(), key, vault))
    assert (tmp_path / "c.csv").read_bytes() == source.read_bytes()


@pytest.mark.parametrize("name", ["book.xlsx", "sheet.ods"])
def test_cells_of_workbooks_stay_text(name: str) -> None:
    format_ = registry.formats()["xlsx" if name.endswith("xlsx") else "ods"]
    rows = [("氏名", "値"), ("あいう", "12"), ("えおか", "34")]
    data = canary_files.workbook() if format_.id == "xlsx" else spreadsheet(rows)
    editor = Editor(lambda *_: "=1+1", lambda *_: None, lambda *_: None)
    with zipfile.ZipFile(io.BytesIO(rewritten(format_, data, name, editor))) as package:
        parts = [package.read(n).decode() for n in package.namelist() if "sheet" in n or n == "content.xml"]
        parts += [package.read(n).decode() for n in package.namelist() if "sharedStrings" in n]
    assert any(">=1+1<" in part for part in parts)
    assert not any("1+1</f>" in part or 'formula="' in part for part in parts)


def spreadsheet(rows: list[tuple[str, ...]]) -> bytes:
    """The least OpenDocument spreadsheet."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in row
        )
        + "</table:table-row>"
        for row in rows
    )
    kinds = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{k}:1.0"' for k in kinds)
    content = (
        f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="a">{cells}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
    return out.getvalue()
