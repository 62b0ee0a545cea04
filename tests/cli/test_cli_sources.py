"""What is never copied: files with secrets of the run, and the backups that copies in place keep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_list import names, secret

Run = Callable[..., tuple[int, str, str]]


def test_the_key_the_vault_and_passwords_stay_out_of_the_copies(folder: Path, run: Run) -> None:
    run("key", "new", "d/key.txt")
    Path("other-name").hardlink_to("d/key.txt")
    words = secret(folder / "words.txt", "a long password")
    key = ("--key-file", "other-name")
    code, out, _ = run("pseudonymize", "d", "-o", "p", *key, "--reversible", "d/vault", "--password-file", words)
    assert (code, names("p")) == (0, {"small.csv"})
    assert out.count("[left alone]") == 3
    assert "would undo the copies" in out
    code, out, _ = run("redact", "d", "-o", "r", *key, "--password-file", words, "--exclude", "vault")
    assert (code, names("r")) == (0, {"small.csv"})
    code, out, _ = run("restore", "p", "d/key.txt", "d/vault", "-o", "b", *key, "--vault", "d/vault")
    assert (code, names("b")) == (0, {"small.csv"})


@pytest.mark.parametrize("output, made", [("q", {"small.csv.zip"}), ("q.zip", None)])
def test_what_locks_is_not_locked_in(output: str, made: set[str] | None, folder: Path, run: Run) -> None:
    words = secret(folder / "words.txt", "a long password")
    code, out, _ = run("protect", "d", "-o", output, "--password-file", words)
    assert code == 0
    assert "words.txt  [left alone]" in out
    if made:
        assert names(output) == made
    code, out, _ = run("protect", "d", "-o", f"2{output}", "--generate-password", "d/new.txt", "--exclude", "words.txt")
    assert code == 0
    assert "new.txt  [left alone]" in out


def test_a_copy_never_lands_on_a_secret(folder: Path, run: Run) -> None:
    run("key", "new", "key")
    before = Path("key").read_bytes()
    (folder / "small.csv").rename(folder / "key")
    Path("o").mkdir()
    Path("key").rename("o/key")
    code, out, _ = run("redact", "d", "-o", "o", "--key-file", "o/key", "--force")
    assert code == 4
    assert "something else here" in out
    assert Path("o/key").read_bytes() == before


@pytest.mark.parametrize("more", [[], ["--no-backup"]])
def test_copies_in_place_leave_their_backups_alone(more: list[str], folder: Path, run: Run) -> None:
    original = (folder / "small.csv").read_bytes()
    assert run("redact", "d", "--in-place")[0] == 0
    assert (folder / "small.csv.bak").read_bytes() == original
    code, out, _ = run("redact", "d", "--in-place", *more)
    assert code == 0
    assert "small.csv.bak  [left alone]" in out
    assert (folder / "small.csv.bak").read_bytes() == original
    code, out, _ = run("redact", "d/small.csv.bak", "--in-place", *more)
    assert code == 4
    assert "only original" in out
    assert (folder / "small.csv.bak").read_bytes() == original
    assert run("redact", "d/small.csv.bak", "-o", "copy.csv")[0] == 0
    assert run("scan", "d")[1].count(".bak") > 0


def test_a_name_like_a_backup_without_its_file_is_a_file(folder: Path, run: Run) -> None:
    (folder / "small.csv").rename(folder / "small.csv.bak2")
    code, out, _ = run("redact", "d", "--in-place")
    assert code == 0
    assert "written: 1" in out


def test_a_vault_of_a_run_without_a_copy_goes(folder: Path, run: Run) -> None:
    run("key", "new", "key")
    how = ("-o", "q", "--key-file", "key", "--reversible")
    code, _, err = run("pseudonymize", "nope", *how, "v")
    assert (code, err) == (3, "")
    assert not Path("v").exists()
    (folder / "sound.csv").write_bytes(b"\x00\x01\x02" * 100)
    code, _, err = run("pseudonymize", "d/sound.csv", *how, "v")
    assert (code, err) == (4, "")
    assert not Path("v").exists()
    code, _, err = run("pseudonymize", "d/small.csv", *how, "v")
    assert code == 0
    assert "v: the originals, encrypted" in err
    assert Path("v").exists()
