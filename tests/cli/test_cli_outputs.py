"""Where a run may write: never over what it reads, over a secret, or over another of its outputs; and the manifest."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from small_list import ROWS, names, secret

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def files(folder: Path, run: Run) -> None:
    """A list of people, the same in a folder, a key and passwords, in the working folder."""
    Path("small.csv").write_bytes((folder / "small.csv").read_bytes())
    run("key", "new", "key")
    secret(Path("words"), "a long password")


def everything() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}


# ---------------------------------------------------------------- sources


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan", "d", "--report", "json=d/small.csv"),
        ("scan", "d", "-o", "./d/../d/small.csv"),
        ("redact", "d", "-o", "out", "--report", "json=d/small.csv"),
        ("redact", "d", "-o", "out", "--manifest", "d/small.csv"),
        ("redact", "d", "--in-place", "--report", "json=d/small.csv"),
        ("protect", "d", "-o", "out", "--password-file", "words", "--report", "json=d/small.csv"),
    ],
)
@pytest.mark.usefixtures("files")
def test_no_file_of_a_folder_that_is_read_is_overwritten(arguments: list[str], run: Run) -> None:
    before = everything()
    code, _, err = run(*arguments, "--force")
    assert code == 2
    assert "lies in a folder that is being read" in err
    assert everything() == before


@pytest.mark.usefixtures("files")
def test_an_earlier_report_in_the_folder_is_replaced(run: Run) -> None:
    assert run("scan", "d", "--report", "json=d/report.json", "--fail-on", "critical")[0] == 0
    assert run("scan", "d", "--report", "json=d/report.json", "--fail-on", "critical")[0] == 2
    assert run("scan", "d", "--report", "json=d/report.json", "--fail-on", "critical", "--force")[0] == 0
    copies = ("redact", "d", "-o", "out", "--force", "--manifest", "d/m.json")
    assert [run(*copies)[0], run(*copies)[0]] == [0, 0]


def test_standard_input_is_not_overwritten(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "small.csv"
    with file.open(encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        code, _, err = run("scan", "-", "-o", str(file), "--force")
    assert code == 2
    assert "is being read" in err
    assert file.read_text(encoding="utf-8").splitlines() == ROWS
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x")))
    assert run("scan", "-", "-o", "report.txt")[0] == 0


# ---------------------------------------------------------------- other files of the run


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan", "small.csv", "-o", "words", "--password-file", "words"),
        ("scan", "small.csv", "--report", "json=piiscan.toml"),
        ("scan", "small.csv", "--config", "own.toml", "--report", "json=own.toml"),
        ("redact", "small.csv", "-o", "r.csv", "--report", "json=r.csv"),
        ("redact", "small.csv", "-o", "r.csv", "--report", "json=d/../r.csv"),
        ("redact", "small.csv", "-o", "r.csv", "--manifest", "r.csv"),
        ("redact", "small.csv", "-o", "r.csv", "--manifest", "m", "--report", "json=m"),
        ("redact", "small.csv", "-o", "key", "--key-file", "key"),
        ("redact", "small.csv", "-o", "r.csv", "--key-file", "key", "--report", "json=key"),
        ("redact", "small.csv", "-o", "r.csv", "--password-file", "words", "--manifest", "words"),
        ("redact", "small.csv", "-o", "piiscan.toml"),
        ("redact", "small.csv", "--in-place", "--report", "json=small.csv.bak"),
        ("pseudonymize", "small.csv", "-o", "r.csv", "--key-file", "key", "--reversible", "r.csv"),
        ("pseudonymize", "small.csv", "-o", "r.csv", "--key-file", "key", "--reversible", "v", "--report", "json=v"),
        ("pseudonymize", "small.csv", "-o", "r.csv", "--key-file", "key", "--reversible", "v", "--manifest", "v"),
        ("restore", "small.csv", "-o", "v", "--key-file", "key", "--vault", "v"),
        ("protect", "small.csv", "-o", "r.zip", "--generate-password", "r.zip"),
        ("protect", "small.csv", "-o", "r.zip", "--generate-password", "p", "--report", "json=p"),
        ("protect", "small.csv", "-o", "r.zip", "--password-file", "words", "--report", "json=words"),
    ],
)
@pytest.mark.usefixtures("files")
def test_no_two_things_of_a_run_share_a_file(arguments: list[str], run: Run) -> None:
    for name in ("piiscan.toml", "own.toml"):
        Path(name).write_text("quiet = false\n", encoding="utf-8")
    before = everything()
    code, out, err = run(*arguments, "--force")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "something else here" in err
    assert everything() == before


@pytest.mark.usefixtures("files")
def test_no_copy_lands_on_a_report_or_the_configuration(run: Run) -> None:
    for name in ("piiscan.toml", "r.json"):
        Path("d", name).write_text("[]\n", encoding="utf-8")
    Path("piiscan.toml").write_text("quiet = true\n", encoding="utf-8")
    code, out, _ = run("redact", "d", "-o", ".", "--report", "json=r.json", "--force")
    assert code == 4
    assert out.count("something else here") == 2
    assert Path("piiscan.toml").read_text(encoding="utf-8") == "quiet = true\n"
    assert json.loads(Path("r.json").read_text(encoding="utf-8"))["schema"] == "urn:piiscan:copies:1"


@pytest.mark.usefixtures("files")
def test_the_manifest_gives_way_to_a_report_of_its_name(run: Run) -> None:
    assert run("redact", "small.csv", "-o", "r.csv", "--report", "json=r.csv.piiscan.json")[0] == 0
    assert {"r.csv.piiscan.json", "r.csv.2.piiscan.json"} <= names(".")


def test_a_name_that_no_file_can_have_is_wrong_usage(run: Run) -> None:
    Path("piiscan.toml").write_text('output = "a\\u0000b"\n', encoding="utf-8")
    for command in ("scan", "redact"):
        code, _, err = run(command, "x")
        assert (code, "could not be written here" in err) == (2, True)


# ---------------------------------------------------------------- beside a folder without a name


@pytest.mark.parametrize(
    "arguments, manifest",
    [
        (("redact", "../d", "-o", "."), "w.piiscan.json"),
        (("redact", "../d/small.csv", "-o", "."), "w.piiscan.json"),
        (("redact", "../d", "-o", "../w/x/.."), "w.piiscan.json"),
        (("protect", ".", "-o", ".", "--password-file", "../words"), "w.piiscan.json"),
        (("redact", ".", "--in-place"), "w.piiscan.json"),
        (("redact", "../d", "-o", "x/.."), "w.piiscan.json"),
    ],
)
@pytest.mark.usefixtures("files")
def test_the_manifest_stands_beside_the_folder_that_is_meant(
    arguments: list[str], manifest: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("w/x").mkdir(parents=True)
    Path("w/other.csv").write_text("\n".join(ROWS) + "\n", encoding="utf-8")
    monkeypatch.chdir("w")
    code, _, err = run(*arguments)
    assert (code, err) == (0, "")
    assert manifest in names("..")


@pytest.mark.usefixtures("files")
def test_where_nothing_can_stand_beside_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = run("redact", "small.csv", "-o", os.path.abspath(os.sep))
    assert code == 2
    assert "no room beside this folder" in err
    # Beside a folder where nothing may be written it goes into the folder.
    Path("out").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != Path())
    assert run("redact", "small.csv", "-o", "out")[0] == 0
    assert names("out") == {"small.csv", "out.piiscan.json"}


@pytest.mark.usefixtures("files")
def test_a_copy_into_the_folder_of_its_source_is_refused(run: Run) -> None:
    code, out, _ = run("redact", "small.csv", "-o", ".")
    assert code == 4
    assert "is being read and is never written to" in out
