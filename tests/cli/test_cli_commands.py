"""The other commands: redact, explain, rules, key, init, doctor."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from piiscan import config, messages, registry
from piiscan.cli import _app, init
from piiscan.cli.key import PREFIX
from piiscan.model import (
    Column,
    CopyResult,
    CopyStatus,
    FileReport,
    Finding,
    Level,
    Records,
    Severity,
    Skipped,
    Status,
    Table,
)  # fmt: skip

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]
C = CopyStatus
REFUSED = CopyResult("b.xlsx", None, C.REFUSED, "copy_value_left")
FAILED = CopyResult("c.xlsx", None, C.FAILED, "output_exists", (("path", "out/c.xlsx"),))
WRITTEN = CopyResult("a.csv", "out/a.csv", C.WRITTEN, replaced=(("phone", 12), ("email", 3)))


@pytest.mark.parametrize(
    "copies, code",
    [
        ([], 0),
        ([WRITTEN], 0),
        ([WRITTEN, FAILED], 3),
        ([FAILED, REFUSED], 4),
        ([CopyResult("a", None, C.PLANNED)], 0),
    ],
)
def test_redact_exit_code(run: Run, pipeline: Any, copies: list[CopyResult], code: int) -> None:
    pipeline.copies = copies
    assert run("redact", "x", "-o", "out")[0] == code


def test_redact_says_what_became_of_each(run: Run, pipeline: Any) -> None:
    note = Skipped("xl/media/image1.png", "image", False)
    pipeline.copies = [WRITTEN, REFUSED, FAILED, CopyResult("d", "o/d", C.WRITTEN, notes=(note,))]
    _, out, err = run("redact", "x", "-o", "out", "--lang", "ja")
    assert "a.csv → out/a.csv  [書き出し済み]\n  置き換え: 電話番号 12, メールアドレス 3\n" in out
    assert "b.xlsx  [中止]\n  取り除いたはずの値がコピーに残っていたため" in out
    assert "out/c.xlsx: すでにファイルがあるため上書きしません" in out
    assert "xl/media/image1.png: 画像" in out
    assert out.endswith("書き出し済み: 2, 中止: 1, 失敗: 1\n")
    assert err == ""


def test_redact_says_which_copy_is_too_heavy(run: Run, pipeline: Any) -> None:
    heavy = [CopyResult(f"{n}.csv", f"out/{n}.csv", C.WRITTEN, level=level) for n, level in enumerate(Level)]
    pipeline.copies = heavy
    code, _, err = run("redact", "x", "-o", "out", "--no-progress")
    assert (code, err.count("\n")) == (10, 1)
    assert "out/4.csv: the copy still holds personal data at level critical, and --fail-on is medium." in err
    assert "Others at or above it: 2." in err
    pipeline.copies = heavy[:3]
    _, _, err = run("redact", "x", "-o", "out", "--no-progress", "--lang", "ja")
    assert err == "piiscan: out/2.csv: コピーに残る個人情報のレベルは 中 (medium) です（--fail-on は 中 (medium)）。\n"
    assert run("redact", "x", "-o", "out", "--quiet")[2] == ""
    assert run("redact", "x", "-o", "out", "--no-progress", "--fail-on", "high")[2] == ""


def test_redact_as_json(run: Run, pipeline: Any) -> None:
    pipeline.copies = [WRITTEN, REFUSED]
    document = json.loads(run("redact", "x", "-o", "out", "--format", "json", "--report", "jsonl=r.jsonl")[1])
    assert document["schema"] == "urn:piiscan:copies:1"
    assert document["copies"][0]["replaced"] == {"phone": 12, "email": 3}
    assert document["copies"][1]["reason"] == "copy_value_left"
    lines = [json.loads(line) for line in Path("r.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines == document["copies"]


def test_redact_options_reach_the_pipeline(run: Run, pipeline: Any) -> None:
    extra = ["--action", "phone=mask", "--action", "address = generalise:place=city"]
    run("redact", "x", "--in-place", "--no-backup", "--force", "--dry-run", *extra)
    paths, output, copy = pipeline.calls[0]
    assert (paths, output) == (["x"], None)
    assert (copy.in_place, copy.backup, copy.force, copy.dry_run) == (True, False, True, True)
    assert copy.actions == (("phone", "mask"), ("address", "generalise:place=city"))


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["x"], "Say where the copies go"),
        (["x", "-o", "out", "--in-place"], "exclude each other"),
        (["x", "-o", "out", "--no-backup"], "--no-backup belongs to --in-place"),
        (["x", "-o", "out", "--action", "phone"], "--action wants ENTITY=OPERATOR"),
        (["x", "-o", "out", "--action", "phone=zork"], "There is no action zork."),
        (["x", "-o", "out", "--action", "zork=mask"], "There is no entity zork."),
        (["x", "-o", "out", "--format", "html"], "There is no report format html."),
    ],
)
def test_redact_refuses(run: Run, pipeline: Any, arguments: list[str], said: str) -> None:
    code, _, err = run("redact", *arguments)
    assert code == 2
    assert said in err
    assert pipeline.calls == []


@pytest.mark.parametrize("entity", ["phone", "my_number", "company"])
def test_explain_an_entity(run: Run, entity: str) -> None:
    code, out, _ = run("explain", entity)
    assert code == 0
    assert out.startswith(f"{entity}: ")


def test_explain_prints_the_manual(run: Run) -> None:
    manual = sys.modules[f"piiscan.detectors.{next(iter(registry.detectors()))}"].__doc__ or ""
    assert manual.strip().splitlines()[0] in run("explain", next(iter(registry.detectors())))[1]


OWN = """
[member_card]
label = "会員証番号"
label_en = "Member card number"
shapes = ["M-?[0-9]{8}"]
search = '(?<![0-9A-Z])(?P<value>M-[0-9]{8})(?![0-9])'
headers = ["会員証番号"]
yes = ["M-01234567"]
no = ["M-0123"]
"""


def test_explain_knows_the_entities_of_rule_files(run: Run) -> None:
    Path("mine").mkdir()
    Path("mine/detectors.toml").write_text(OWN, encoding="utf-8")
    code, out, _ = run("explain", "member_card", "--rules", "mine")
    assert code == 0
    assert out.startswith("member_card: 会員証番号 / Member card number\n")
    for line in (
        "patterns of a whole cell: M-?[0-9]{8}",
        "headers: 会員証番号",
        "is one: M-01234567",
        "is none: M-0123",
    ):
        assert f"\n{line}\n" in out
    assert "文中での形" in run("explain", "member_card", "--rules", "mine", "--lang", "ja")[1]
    assert run("explain", "member_card")[0] == 2


def test_explain_an_entity_refuses_wrong_rules(run: Run) -> None:
    assert "There is no such rule folder." in run("explain", "phone", "--rules", "none")[2]
    Path("mine").mkdir()
    Path("mine/detectors.toml").write_text("[member_card]\nzork = 1\n", encoding="utf-8")
    assert run("explain", "phone", "--rules", "mine")[0] == 2


@pytest.mark.parametrize("command", [["scan"], ["explain"], ["scan", "--format", "commit"]])
@pytest.mark.parametrize("lang, label", [("en", "Member card number"), ("ja", "会員証番号")])
def test_reports_call_the_entities_of_rule_files_by_their_labels(
    run: Run, pipeline: Any, command: list[str], lang: str, label: str
) -> None:
    Path("mine").mkdir()
    Path("mine/detectors.toml").write_text(OWN, encoding="utf-8")
    Path("a.csv").touch()
    weighed = Severity(
        Level.LOW, why=(("It lists {count} values of {entity}.", (("entity", "member_card"), ("count", 9))),)
    )
    found = (Finding("member_card", "1:5", "text", 2, 0.9, "a-9999"),)
    column = Column(0, "番号", "member_card", 0.9, 10, 9)
    table = Table("", False, (1,), 2, 11, 10, Records.PERSONS, 10, True, (column,))
    pipeline.files = [
        FileReport("a.csv", None, "csv", 1, Status.SCANNED, tables=(table,), findings=found, severity=weighed)
    ]
    _, out, _ = run(*command, "a.csv", "--rules", "mine", "--lang", lang)
    assert label in out
    assert "member_card" not in out
    if command == ["scan"]:
        said = json.loads(run("scan", "a.csv", "--rules", "mine", "--lang", lang, "--format", "json")[1])
        assert label in said["files"][0]["severity"]["why"][0]


def test_explain_a_file(run: Run, pipeline: Any) -> None:
    Path("a.csv").touch()
    columns = (
        Column(0, "名\x1b前", "person_name", 0.9, 10, 9, "漢漢", None, ("header",), "company", 0.2),
        Column(1, "数", None, 0.1, 10, 0),
    )
    table = Table("", False, (1,), 2, 11, 10, Records.PERSONS, 10, True, columns)
    found = (Finding("email", "1:5", "text", 2, 0.9, "a@a.jp"),)
    pipeline.files = [FileReport("a.csv", None, "csv", 1, Status.SCANNED, tables=(table,), findings=found)]
    code, out, _ = run("explain", "a.csv")
    assert code == 0
    assert "A  名\ufffd前: Full name (90%, 9/10, 漢漢; header); next best: Company" in out
    assert "B  数: nothing personal (10)\n" in out
    assert "1:5 (text): " in out


def test_explain_an_unread_file(run: Run, pipeline: Any) -> None:
    Path("a.csv").touch()
    pipeline.files = [FileReport("a.csv", None, None, 1, Status.ENCRYPTED, "encrypted")]
    code, out, _ = run("explain", "a.csv")
    assert code == 3
    assert "not read: It is protected by a password." in out


def test_rules_check(run: Run) -> None:
    code, out, err = run("rules", "check")
    assert (code, err) == (0, "")
    assert "sha256:" in out


def test_rules_check_names_every_mistake(run: Run) -> None:
    Path("own").mkdir()
    Path("own/headers.toml").write_text("[zork]\nwords = 1\n\n[zurk]\nwords = 2\n", encoding="utf-8")
    code, out, err = run("rules", "check", "--rules", "own", "--lang", "ja")
    assert (code, out) == (2, "")
    assert [line for line in err.splitlines() if line.startswith(("own/headers.toml:1: ", "own/headers.toml:4: "))]
    assert len(err.splitlines()) >= 2


def test_rules_list(run: Run) -> None:
    code, out, _ = run("rules", "list")
    assert code == 0
    assert "weights: mental 2, economic 2" in out
    assert "headers: " in out
    assert "duty appi-7-4: " in out
    assert all(entity in out for entity in registry.detectors())


def test_key_new(run: Run) -> None:
    assert run("key", "new", "k")[:2] == (0, "")
    first = Path("k").read_text(encoding="ascii")
    assert first.startswith(PREFIX + " ")
    assert len(first.split()[1]) == 44
    if os.name == "posix":
        assert Path("k").stat().st_mode & 0o777 == 0o600
    code, _, err = run("key", "new", "k")
    assert code == 2
    assert "A key is never overwritten" in err
    assert Path("k").read_text(encoding="ascii") == first
    run("key", "new", "k2")
    assert Path("k2").read_text(encoding="ascii") != first


@pytest.mark.parametrize("lang, said", [("ja", "# piiscan の設定"), ("en", "# Settings of piiscan")])
def test_init(run: Run, lang: str, said: str) -> None:
    assert run("init", "--lang", lang)[0] == 0
    text = Path("piiscan.toml").read_text(encoding="utf-8")
    assert text.startswith(said)
    assert config.load(Path("piiscan.toml")) == {}
    code, _, err = run("init")
    assert code == 2
    assert "is not overwritten" in err
    assert "--force" not in err


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_init_says_above_every_setting_what_its_option_does(lang: str) -> None:
    """As a process of its own, which builds the tree of the command that is run and no other."""
    run = [sys.executable, "-m", "piiscan", "init", "--lang", lang]
    subprocess.run(run, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    lines = Path("piiscan.toml").read_text(encoding="utf-8").splitlines()
    helps = {
        param.help
        for command in _app.build(messages.translator(lang)).commands.values()
        for param in command.params
        if getattr(param, "help", None)
    }
    for key in config.KEYS:
        above = lines[next(i for i, line in enumerate(lines) if line.startswith(f"# {key} = ")) - 1]
        assert re.sub("^# ([a-z, ]+: )?", "", above) in helps, key


def test_init_explains_every_setting_with_an_example_that_works(run: Run) -> None:
    run("init")
    text = Path("piiscan.toml").read_text(encoding="utf-8")
    examples = "\n".join(
        line[2:] for line in text.splitlines() if line.startswith(tuple(f"# {k} = " for k in config.KEYS))
    )
    Path("all.toml").write_text(examples, encoding="utf-8")
    assert config.load(Path("all.toml")).keys() == config.KEYS.keys()
    assert tomllib.loads(examples).keys() == init.EXAMPLES.keys()


def test_every_long_option_can_be_configured_or_is_said_not_to(run: Run) -> None:
    def options(command: Any) -> set[str]:
        own = {opt[2:] for param in command.params for opt in param.opts if opt.startswith("--")}
        return own.union(*(options(sub) for sub in getattr(command, "commands", {}).values()))

    assert options(_app.build(str)) - set(config.KEYS) - config.COMMAND_LINE_ONLY == set()
    assert set(config.KEYS) <= options(_app.build(str))


def test_doctor_looks_for_every_dependency() -> None:
    from piiscan.cli import doctor

    project = Path(__file__).parents[2] / "pyproject.toml"
    needed = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    assert set(doctor.NEEDED) == {re.split(r"[<>=!~\[; ]", text)[0] for text in needed}


def test_doctor(run: Run) -> None:
    code, out, _ = run("doctor")
    assert code == 0
    for part in ("Python", "polars", "LibreOffice", "temporary folder", "encodings"):
        assert part in out


def test_doctor_says_what_is_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from piiscan.cli import doctor

    monkeypatch.setattr(doctor, "_temp_works", lambda: False)
    code, out, _ = run("doctor")
    assert code == 3
    assert "!!  temporary folder" in out
