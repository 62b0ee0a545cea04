"""Configuration files: found upward, checked to the line, and relative to themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from piiscan import config
from piiscan.errors import UsageError


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_no_file_no_settings() -> None:
    assert config.load(None) == {}


@pytest.mark.parametrize(
    "text, expected",
    [
        ('fail-on = "high"', {"fail-on": "high"}),
        ("jobs = 2\nquiet = true", {"jobs": 2, "quiet": True}),
        ('exclude = ["*.bak", "旧/"]', {"exclude": ["*.bak", "旧/"]}),
        ('action = ["phone=mask"]', {"action": ["phone=mask"]}),
        ("\ufefflang = 'ja'", {"lang": "ja"}),
    ],
)
def test_values(tmp_path: Path, text: str, expected: object) -> None:
    assert config.load(write(tmp_path / "piiscan.toml", text)) == expected


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    text = 'rules = ["own", "/abs"]\npassword-file = "p.txt"\nreport = ["json=r.json"]\noutput = "o.txt"'
    settings = config.load(write(tmp_path / "piiscan.toml", text))
    assert settings["rules"] == [str(tmp_path / "own"), str(Path("/abs"))]
    assert settings["password-file"] == str(tmp_path / "p.txt")
    assert settings["report"] == [f"json={tmp_path / 'r.json'}"]
    assert settings["output"] == str(tmp_path / "o.txt")


@pytest.mark.parametrize(
    "text, reason, line",
    [
        ("jobs = 1\nfial-on = 'high'", "config_unknown_key", 2),
        ("# jobs\n\njobs = '2'", "config_wrong_type", 3),
        ("jobs = true", "config_wrong_type", 1),
        ("\njobs = -1", "config_wrong_type", 2),
        ("quiet = 1", "config_wrong_type", 1),
        ("exclude = '*.bak'", "config_wrong_type", 1),
        ("exclude = ['a', 1]", "config_wrong_type", 1),
        ("lang = 'ja'\nfail-on = 'none'", "config_wrong_choice", 2),
        ("\nforce = true", "config_command_line_only", 2),
        ("in-place = true", "config_command_line_only", 1),
        ("[scan]\nquiet = true", "config_unknown_key", 1),
        ("jobs = 1\nquiet = [", "config_not_toml", 2),
        ("jobs = 1\njobs = 2", "config_not_toml", 2),
    ],
)
def test_mistakes_name_the_line(tmp_path: Path, text: str, reason: str, line: int) -> None:
    file = write(tmp_path / "piiscan.toml", text)
    with pytest.raises(UsageError) as caught:
        config.load(file)
    assert (caught.value.reason, caught.value.params["line"]) == (reason, line)
    assert caught.value.params["file"] == str(file)


def test_mistakes_in_pyproject_name_the_line(tmp_path: Path) -> None:
    text = "[project]\nfoo = 1\n\n[tool.other]\nfoo = 2\n\n[tool.piiscan]\njobs = 1\nfoo = 3\n"
    with pytest.raises(UsageError) as caught:
        config.load(write(tmp_path / "pyproject.toml", text))
    assert caught.value.params["line"] == 9


def test_not_utf8(tmp_path: Path) -> None:
    file = tmp_path / "piiscan.toml"
    file.write_bytes("exclude = ['旧']".encode("cp932"))
    with pytest.raises(UsageError, match="config_not_utf8"):
        config.load(file)


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="config_not_found"):
        config.load(tmp_path / "no.toml")


def test_nearest_file_wins(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    far = write(tmp_path / "piiscan.toml", "")
    assert config.find(deep) == far
    write(tmp_path / "a" / "pyproject.toml", "[tool.other]\n")
    assert config.find(deep) == far
    near = write(tmp_path / "a" / "pyproject.toml", "[tool.piiscan]\n")
    assert config.find(deep) == near
    nearest = write(tmp_path / "a" / "piiscan.toml", "")
    assert config.find(deep) == nearest


def test_a_broken_pyproject_of_others_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.other\n")
    assert config.find(tmp_path) is None or config.find(tmp_path) != tmp_path / "pyproject.toml"


@pytest.mark.parametrize(
    "text, settings, limits",
    [
        ("[tool.piiscan.limits]\nseconds = 5\n", {}, {"seconds": 5}),
        ('tool.piiscan.fail-on = "high"\n', {"fail-on": "high"}, {}),
        ("[tool]\npiiscan = {jobs = 2, limits = {depth = 3}}\n", {"jobs": 2}, {"depth": 3}),
        ('["tool" . "piiscan"]\nquiet = true\n', {"quiet": True}, {}),
        ("[tool]\npiiscan.quiet = true\n", {"quiet": True}, {}),
    ],
)
def test_every_way_to_write_tool_piiscan_is_known(tmp_path: Path, text: str, settings: object, limits: object) -> None:
    file = write(tmp_path / "pyproject.toml", "[project]\nname = 'a'\n" + text if text[0] == "[" else text)
    assert config.find(tmp_path) == file
    assert (config.load(file), config.load_limits(file)) == (settings, limits)


@pytest.mark.parametrize(
    "text, line",
    [
        ("[project]\n\n[[tool.piiscan]]\njobs = 1\n", 3),
        ("[tool]\npiiscan = 1\n", 2),
        ("# a\ntool.piiscan.fail-on = 'x'\n", 2),
        ("[tool]\npiiscan = {quiet = true, fail-on = 'x'}\n", 2),
        ("[tool.piiscan.limits]\nseconds = 1\nratio = 1\n", 3),
        ("[tool]\n[tool.piiscan.limits\n", 2),
        ("x = \n[tool.piiscan]\n", 1),
    ],
)
def test_mistakes_of_every_way_name_the_line(tmp_path: Path, text: str, line: int) -> None:
    file = write(tmp_path / "pyproject.toml", text)
    assert config.find(tmp_path) == file
    with pytest.raises(UsageError) as caught:
        config.load_limits(file)
    assert (caught.value.params["file"], caught.value.params["line"]) == (str(file), line)


@pytest.mark.parametrize("data", [b"[tool.other\n", b"# [tool.piiscan] \nx =\n", b"x = '\x93\x8c'", b"tool = 1\n"])
def test_a_pyproject_that_does_not_name_us_is_left_alone(tmp_path: Path, data: bytes) -> None:
    near = write(tmp_path / "a" / "pyproject.toml", "")
    near.write_bytes(data)
    far = write(tmp_path / "piiscan.toml", "")
    assert config.find(near.parent) == far


def test_what_is_no_plain_file_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="config_not_a_file"):
        config.load(tmp_path)
