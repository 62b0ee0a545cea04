"""The files in examples/: what a scan says about each, and that a copy of each holds none of what was in it."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from ahocorasick_rs import AhoCorasick, MatchKind

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
FILES = (
    "顧客一覧.xlsx",
    "納車のご案内.eml",
    "会員家族.csv",
    "施設一覧.xlsx",
    "取引先と個人.csv",
    "申込集計.xlsx",
    "打合せ.eml",
)


def piiscan(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "piiscan", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
    )


@cache
def scanned() -> tuple[dict[str, dict[str, Any]], dict[str, Any], int]:
    """One scan of the whole folder: reports by name (a file inside another by both names), the summary, the exit code."""
    run = piiscan("scan", "examples", "--exclude", "*.py", "--exclude", "*.md", "--format", "json")
    document = json.loads(run.stdout)
    named = {Path(f["path"]).name + (f"/{f['member']}" if f["member"] else ""): f for f in document["files"]}
    return named, document["summary"], run.returncode


def columns(file: dict[str, Any], table: int = 0) -> dict[str, str | None]:
    return {c["name"]: c["entity"] for c in file["tables"][table]["columns"]}


def test_every_example_is_read_whole() -> None:
    files, summary, code = scanned()
    assert set(files) == {*FILES, "納車のご案内.eml/顧客一覧.xlsx"}
    assert {f["status"] for f in files.values()} == {"scanned"}
    assert (summary["incomplete"], summary["level"], summary["reportable"], code) == (0, "critical", True, 10)


def test_every_file_of_the_folder_is_tested_and_told_of() -> None:
    others = {"README.md", "make_examples.py", "__pycache__"}
    assert {p.name for p in EXAMPLES.iterdir()} - others == set(FILES)
    for page in (EXAMPLES / "README.md", ROOT / "README.md", ROOT / "README.ja.md"):
        told = page.read_text(encoding="utf-8")
        assert [name for name in FILES if name not in told] == [], page.name


@pytest.mark.parametrize("name", ["顧客一覧.xlsx", "納車のご案内.eml/顧客一覧.xlsx"])
def test_the_dealers_customers(name: str) -> None:
    file = scanned()[0][name]
    severity = file["severity"]
    assert (file["persons"], file["persons_exact"]) == (2_940, True)
    assert (severity["level"], severity["damage_yen_per_person"], severity["damage_yen"]) == (
        "critical",
        6_000,
        17_640_000,
    )
    assert severity["triggers"] == [{"rule": "appi-7-4", "persons": 2_940, "threshold": 1_000}]
    found = columns(file)
    assert {h: found[h] for h in ("氏名", "フリガナ", "郵便番号", "住所", "電話番号", "携帯電話", "メールアドレス", "納車予定日")} == {
        "氏名": "person_name", "フリガナ": "person_name_kana", "郵便番号": "postal_code", "住所": "address",
        "電話番号": "phone", "携帯電話": "phone", "メールアドレス": "email", "納車予定日": None,
    }  # fmt: skip
    assert ("phone", "comment") in {(f["entity"], f["where"]) for f in file["findings"]}


def test_the_mail_shows_its_recipients() -> None:
    file = scanned()[0]["納車のご案内.eml"]
    addresses = [f for f in file["findings"] if (f["entity"], f["location"]) == ("email", "header:Cc")]
    assert sum(f["count"] for f in addresses) == 29


def test_the_customers_are_counted_once_although_they_lie_in_two_files() -> None:
    files, summary, _ = scanned()
    assert summary["persons"] < 2_940 + sum(f["persons"] for n, f in files.items() if "顧客一覧" not in n) + 1


def test_guardians_and_children() -> None:
    file = scanned()[0]["会員家族.csv"]
    assert (file["persons"], file["tables"][0]["rows"]) == (120, 60)
    assert columns(file) == {
        "郵便番号": "postal_code", "住所": "address", "保護者氏名": "person_name", "お子様氏名": "person_name",
        "生年月日": "birth_date", "性別": "sex",
    }  # fmt: skip


def test_facilities_are_no_people() -> None:
    file = scanned()[0]["施設一覧.xlsx"]
    assert (file["persons"], file["severity"]["damage_yen"], file["findings"]) == (0, 0, [])
    assert columns(file)["所在地"] == "business_address"
    assert piiscan("scan", "examples/施設一覧.xlsx", "--fail-on", "medium").returncode == 0


def test_firms_and_natural_persons() -> None:
    file = scanned()[0]["取引先と個人.csv"]
    assert file["records"] == "mixed"
    assert file["persons"] == 40
    assert columns(file)["代表者"] == "person_name"


def test_a_sheet_as_people_make_it() -> None:
    file = scanned()[0]["申込集計.xlsx"]
    assert [(t["rows"] - t["persons"] <= 1, t["persons"]) for t in file["tables"]] == [(True, 24), (True, 8)]
    assert columns(file)["申込者 氏名"] == "person_name"
    assert file["persons"] == 32


def test_signatures_in_a_thread() -> None:
    file = scanned()[0]["打合せ.eml"]
    assert 2 <= file["persons"] <= 3
    assert {"person_name", "address", "phone", "email"} <= {f["entity"] for f in file["findings"]}


# ---------------------------------------------------------------- copies


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A redacted copy of every example."""
    out = tmp_path_factory.mktemp("copies")
    others = ["--exclude", "*.py", "--exclude", "*.md"]
    run = piiscan("redact", "examples", "-o", str(out), *others, "--action", "company=mask", "--lang", "en")
    assert run.returncode == 0, run.stdout
    return out


def test_a_scan_of_the_copies_finds_nothing(copies: Path) -> None:
    run = piiscan("scan", str(copies), "--format", "json")
    assert (run.returncode, {Path(f["path"]).name for f in json.loads(run.stdout)["files"]}) == (0, set(FILES))


def contents(data: bytes) -> Iterator[bytes]:
    """The bytes, and those of everything that is packed in them, as UTF-8."""
    yield data
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for name in package.namelist():
                yield from contents(package.read(name))
    elif b"MIME-Version" in data:
        mail = email.message_from_bytes(data, policy=email.policy.default)
        yield "\n".join(f"{k}: {v}" for k, v in mail.items()).encode()
        for part in mail.walk():
            if not part.is_multipart():
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                yield from contents(payload)
                yield payload.decode(part.get_content_charset() or "utf-8", "replace").encode()
    else:
        yield data.decode("cp932", "replace").encode()
        yield unescape(data.decode("utf-8", "replace")).encode()


TELLING = re.compile(rb"0\d{1,4}-\d{2,4}-\d{4}|[0-9A-Za-z._+-]+@(?:[0-9a-z-]+\.)*example\.jp")
PERSONAL = {
    "氏名", "フリガナ", "住所", "電話番号", "携帯電話", "メールアドレス", "お名前", "ご住所", "電話", "保護者氏名", "お子様氏名", "代表者",
    "取引先名", "郵便番号", "生年月日",
}  # fmt: skip


def grid(name: str, data: bytes) -> list[list[str]]:
    """The cells of a table as texts."""
    if name.endswith(".csv"):
        text = data.decode("cp932" if name.startswith("会員") else "utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline="")))
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [
        row for sheet in book for row in ([], *([str(v or "") for v in r] for r in sheet.iter_rows(values_only=True)))
    ]


def values(name: str, data: bytes) -> set[str]:
    """What must be gone from the copy: numbers and mail addresses wherever they stand, and the cells below some headers."""
    found = {value.decode() for piece in contents(data) for value in TELLING.findall(piece)}
    if name == "施設一覧.xlsx":
        return set()  # everybody may know where a library is
    if name.endswith(".eml"):
        mail = email.message_from_bytes(data, policy=email.policy.default)
        found |= {a.display_name for header in ("From", "To") for a in mail[header].addresses} - {
            "",
            "見本モータース 営業部",
        }
        for part in mail.iter_attachments():
            found |= values(part.get_filename(), part.get_payload(decode=True))
        return found
    header: list[str] = []
    for row in grid(name, data):
        header = header if row else []
        header = [new or old for new, old in zip_longest(row, header, fillvalue="")] if PERSONAL & set(row) else header
        found |= {c for h, c in zip(header, row, strict=False) if h in PERSONAL and len(c) > 2 and c not in PERSONAL}
    return found


@pytest.mark.parametrize("name", FILES)
def test_the_values_are_gone_from_every_corner_of_the_copy(name: str, copies: Path) -> None:
    original = (EXAMPLES / name).read_bytes()
    gone = values(name, original)
    assert len(gone) > {"施設一覧.xlsx": -1, "打合せ.eml": 7}.get(name, 29)
    before = b"\n".join(contents(original)).decode("utf-8", "replace")
    after = b"\n".join(contents((copies / name).read_bytes())).decode("utf-8", "replace")
    search = AhoCorasick(sorted(gone), matchkind=MatchKind.LeftmostLongest)
    assert len(set(search.find_matches_as_strings(before))) >= 0.9 * len(gone), "the search itself finds what is there"
    assert set(search.find_matches_as_strings(after)) == set()


def test_the_facilities_stay_readable(copies: Path) -> None:
    rows = grid("施設一覧.xlsx", (EXAMPLES / "施設一覧.xlsx").read_bytes())
    kept = grid("施設一覧.xlsx", (copies / "施設一覧.xlsx").read_bytes())
    assert [r[:1] + r[3:5] for r in rows] == [r[:1] + r[3:5] for r in kept]


def test_the_dealers_workbook_is_still_a_workbook(copies: Path) -> None:
    old, new = (
        openpyxl.load_workbook(io.BytesIO((folder / "顧客一覧.xlsx").read_bytes())) for folder in (EXAMPLES, copies)
    )
    assert new.sheetnames == old.sheetnames
    a, b = old["顧客一覧"], new["顧客一覧"]
    assert (b.freeze_panes, b.auto_filter.ref, b.dimensions) == (a.freeze_panes, a.auto_filter.ref, a.dimensions)
    assert [c.value for c in b["I"]] == [c.value for c in a["I"]]
    assert [c.value for c in b["J"]] == [c.value for c in a["J"]]
    assert b["B3"].fill.fgColor.rgb == a["B3"].fill.fgColor.rgb == "001F4E79"
    assert new["集計"]["B6"].value == "=SUM(B2:B5)"


# ---------------------------------------------------------------- the script


def test_the_files_are_what_the_script_makes(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, str(EXAMPLES / "make_examples.py"), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    assert {p.name for p in tmp_path.iterdir()} == set(FILES)
    for name in FILES:
        made, kept = (tmp_path / name).read_bytes(), (EXAMPLES / name).read_bytes()
        if name.endswith(".xlsx"):  # how it is packed depends on the versions of libraries; what is in it does not
            assert grid(name, made) == grid(name, kept), name
        elif "納車" not in name:
            assert made == kept, name


def test_the_files_are_small() -> None:
    assert (EXAMPLES / "顧客一覧.xlsx").stat().st_size < 400_000
    assert sum(p.stat().st_size for p in EXAMPLES.glob("*.*")) < 1_000_000
