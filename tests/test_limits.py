"""Every limit can be set in piiscan.toml, is checked there, is told of in docs/limits.md, and is named when it is hit."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from calls import Call

from piiscan import config, messages, pipeline
from piiscan.errors import LimitError, UsageError
from piiscan.inspection import piped
from piiscan.model import Limits, ScanOptions

ROOT = Path(__file__).parents[1]


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def nested(depth: int) -> bytes:
    data = zipped({"a.txt": b"hello"})
    for _ in range(depth):
        data = zipped({"a.zip": data})
    return data


def long_cell() -> bytes:
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 2000}</t></is></c></row>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    return zipped({
        "[Content_Types].xml": f'<Types xmlns="{types}"><Override PartName="/s.xml" ContentType="{kind}"/></Types>'.encode(),
        "s.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'.encode(),
    })  # fmt: skip


def mail() -> bytes:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
    return (
        b"From: a@example.jp\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + part * 9
        + b"--b--\r\n"
    )


def wide() -> bytes:
    """Every column is told of: those of three tables of 16,000 are more than a MiB."""
    table = b"".join(b"a%d," % n for n in range(16_000)) + b"\n" + b"1," * 16_000
    return zipped({f"{n}.csv": table for n in range(3)})


def greedy() -> bytes:
    """An xz file that says it needs 1 GiB to be unpacked: byte 17 is the size of its dictionary. xz 1.2.0, 3.1, 5.3.1"""
    data = bytearray(lzma.compress(b"hello", check=lzma.CHECK_NONE))
    data[16] = 36
    end = 12 + (data[12] + 1) * 4 - 4
    data[end : end + 4] = struct.pack("<I", zlib.crc32(data[12:end]))
    return bytes(data)


#: Limit → name and content of a file that hits it, what is set, the reason.
HIT: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "members": ("a.zip", lambda: zipped({f"{n}.txt": b"x" for n in range(9)}), "members = 8", "zip_too_many_members"),
    "mail parts": ("a.eml", mail, "members = 8", "too_many_members"),
    "depth": ("a.zip", lambda: nested(3), "depth = 2", "too_deep"),
    "inflated-mebibytes": ("a.zip", lambda: zipped({"a.txt": bytes(3_000_000)}), "inflated-mebibytes = 2", "zip_too_large"),
    "gz": ("a.gz", lambda: gzip.compress(bytes(3_000_000)), "inflated-mebibytes = 2", "zip_too_large"),
    "ratio": ("a.zip", lambda: zipped({"a.txt": bytes(3_000_000)}), "ratio-from-mebibytes = 1", "zip_ratio"),
    "cell-characters": ("a.xlsx", long_cell, "cell-characters = 1000", "cell_too_long"),
    "memory (a mail that must be held)": ("a.eml", lambda: b"From: a@example.jp\r\nTo: b@example.jp\r\n\r\n" + b"x\r\n" * 12_000_000, "memory-mebibytes = 256", "too_large"),
    "memory to unpack (fixed)": ("a.xz", greedy, "", "too_much_memory"),
    "seconds": ("a.txt", lambda: "山田 太郎 mail a@example.jp 電話 03-0000-1234\n".encode() * 400_000, "seconds = 1\nmebibytes-per-second = 1000000", "timed_out"),
    "result-mebibytes": ("a.zip", wide, "result-mebibytes = 1", "too_much_output"),
}  # fmt: skip


@pytest.mark.parametrize("name, content, setting, reason", HIT.values(), ids=HIT)
def test_a_limit_that_is_hit_is_named(
    piiscan: Call, tmp_path: Path, name: str, content: Callable[[], bytes], setting: str, reason: str
) -> None:
    (tmp_path / name).write_bytes(content())
    (tmp_path / "piiscan.toml").write_text(f"[limits]\n{setting}\n")
    done = piiscan("scan", name, "--format", "json", "--report", "console=shown.txt", "--lang", "en", cwd=tmp_path)
    files = json.loads(done.stdout)["files"]
    said = {s["reason"]: s["message"] for f in files for s in f["skipped"]}
    assert reason in said
    assert said[reason] == messages.REASONS[reason]
    assert {f["status"] for f in files} & {"unreadable", "partial"}
    assert done.returncode in (3, 10)
    assert messages.REASONS[reason] in (tmp_path / "shown.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["members", "mail parts", "depth", "ratio", "cell-characters", "result-mebibytes"])
def test_the_same_file_does_not_hit_the_limit_that_is_not_lowered(piiscan: Call, tmp_path: Path, name: str) -> None:
    file, content, _, reason = HIT[name]
    (tmp_path / file).write_bytes(content())
    done = piiscan("scan", file, "--format", "json", cwd=tmp_path)
    assert reason not in {s["reason"] for f in json.loads(done.stdout)["files"] for s in f["skipped"]}


# ---------------------------------------------------------------- configuration


def load(tmp_path: Path, text: str, name: str = "piiscan.toml") -> dict[str, int | float]:
    (tmp_path / name).write_text(text)
    return config.load_limits(tmp_path / name)


def test_units(tmp_path: Path) -> None:
    found = load(tmp_path, "jobs = 1\n[limits]\nseconds = 5\nmemory-mebibytes = 512\nmebibytes-per-second = 4\n")
    assert found == {"seconds": 5, "memory_bytes": 512 * 1024**2, "seconds_per_byte": 1 / (4 * 1024**2)}
    assert load(tmp_path, "[tool.piiscan.limits]\ndepth = 9\n", "pyproject.toml") == {"depth": 9}
    assert config.load_limits(None) == load(tmp_path, "jobs = 1\n") == {}


def test_what_is_told_as_default_is_the_default(tmp_path: Path) -> None:
    text = "[limits]\n" + "".join(f"{key} = {number}\n" for key, number in config.defaults().items())
    assert Limits(**load(tmp_path, text)) == Limits()  # type: ignore[arg-type]
    assert set(load(tmp_path, text)) == set(Limits.__slots__)


@pytest.mark.parametrize(
    "text, reason, line",
    [
        ("[limits]\nmembres = 5", "config_unknown_limit", 2),
        ("jobs = 1\n\n[limits]\ndepth = 0", "config_limit_range", 4),
        ("[limits]\ndepth = 21", "config_limit_range", 2),
        ("[limits]\nratio = '5'", "config_wrong_type", 2),
        ("[limits]\nratio = true", "config_wrong_type", 2),
        ("[limits]\nseconds = 1.5", "config_wrong_type", 2),
        ("limits = 5", "config_wrong_type", 1),
    ],
)
def test_a_wrong_limit_stops_the_run(tmp_path: Path, text: str, reason: str, line: int) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, text)
    assert (caught.value.reason, caught.value.params["line"]) == (reason, line)


def test_a_wrong_limit_is_told_on_the_command_line(piiscan: Call, tmp_path: Path) -> None:
    (tmp_path / "piiscan.toml").write_text("[limits]\ndepth = 99\n")
    done = piiscan("scan", ".", "--lang", "en", cwd=tmp_path)
    assert done.returncode == 2
    assert b"piiscan.toml:2: depth must lie between 1 and 20." in done.stderr


def test_the_page_tells_of_every_limit() -> None:
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| ([\d,]+) \| ([\d,]+)–([\d,]+) \|", page, re.MULTILINE)
    told = {key: tuple(int(n.replace(",", "")) for n in numbers) for key, *numbers in rows}
    defaults = config.defaults()
    assert told == {key: (defaults[key], bound.low, bound.high) for key, bound in config.LIMITS.items()}
    reasons = {
        r for line in page.splitlines() if line.startswith("|") for r in re.findall(r"`([a-z]+(?:_[a-z]+)+|dtd)`", line)
    }
    assert reasons <= set(messages.REASONS)


# ---------------------------------------------------------------- standard input


def test_standard_input_is_read_within_the_limits(piiscan: Call, tmp_path: Path) -> None:
    (tmp_path / "piiscan.toml").write_text("[limits]\nseconds = 1\nmebibytes-per-second = 1000000\n")
    data = HIT["seconds"][1]()
    done = piiscan("scan", "-", "--stdin-name", "a.txt", "--format", "json", stdin=data, cwd=tmp_path)
    assert [(f["status"], f["skipped"][0]["reason"]) for f in json.loads(done.stdout)["files"]] == [
        ("unreadable", "timed_out")
    ]


def test_endless_standard_input_is_cut_off() -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return b"x" * size

    with pytest.raises(LimitError, match="too_large"):
        piped.hold(Endless(), Limits(inflated_bytes=3_000_000))  # type: ignore[arg-type]
    options = ScanOptions(limits=Limits(inflated_bytes=3_000_000))
    (report,) = pipeline.scan_stream(Endless(), "a.txt", options)  # type: ignore[arg-type]
    assert (report.status, report.status_reason) == ("unreadable", "too_large")


def test_a_worker_reads_what_is_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With and without memory files, and as bytes where files cannot be handed on; nothing is left with a name."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    data = "氏名,電話,番号\n山田 太郎,03-0000-1234,1\n佐藤 花子,03-0000-1235,2\n".encode()

    def persons() -> list[int]:
        return [r.persons for r in pipeline.scan_stream(io.BytesIO(data), "a.csv", ScanOptions(jobs=1))]

    assert persons() == [2]
    monkeypatch.setattr(piped, "_in_memory", lambda _: None)
    assert persons() == [2]
    held, _ = piped.hold(io.BytesIO(data), Limits())
    with held:
        assert list(tmp_path.iterdir()) == []
        assert held.fileno() > 2
    monkeypatch.setattr(piped, "SHARES", False)
    assert persons() == [2]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="asks the system")
def test_the_parent_does_not_read_what_is_piped(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError("read in the parent")

    monkeypatch.setattr("piiscan.inspection.inspecting.inspect", forbidden)
    (report,) = pipeline.scan_stream(io.BytesIO(b"a@example.jp"), "a.txt", ScanOptions(jobs=1))
    assert report.status == "scanned"
