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
