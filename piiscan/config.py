"""Configuration files: piiscan.toml, or tool.piiscan in pyproject.toml, looked for upward from the working folder.

A key is the long name of an option (``fail-on``), its value what the option takes; the command line wins. Paths in a
file are relative to that file. A wrong key or value stops the run and names file and line: a setting that is silently
ignored would make a scan look stricter than it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from piiscan.errors import UsageError
from piiscan.model import Limits

Setting = str | int | bool | list[str]


@dataclass(frozen=True, slots=True)
class Bound:
    """A key of the table ``limits``: the field of ``model.Limits``, what one unit of the key is in it, and its range."""

    field: str
    unit: float
    low: int
    high: int

    def value(self, number: int) -> int | float:
        """What the field is set to."""
        if self.field == "seconds_per_byte":
            return self.unit / number
        return number * int(self.unit) if self.unit != 1.0 else number


FILE = "piiscan.toml"
PYPROJECT = "pyproject.toml"
#: The table with the bounds of reading.
TABLE = "limits"

#: What may be configured, by long option name: the type, and for a path that it is relative to the file.
KEYS: Mapping[str, str] = {
    "format": "text",
    "report": "reports",
    "output": "path",
    "fail-on": "text",
    "rules": "paths",
    "exclude": "texts",
    "jobs": "number",
    "lang": "text",
    "quiet": "switch",
    "verbose": "switch",
    "no-progress": "switch",
    "show-values": "switch",
    "password-file": "path",
    "action": "texts",
    "key-file": "path",
    "profile": "text",
    "unknown": "text",
    "convert": "switch",
    "preserve": "switch",
    "no-manifest": "switch",
}
_MEBI = 1024**2
#: The keys of the table ``limits``; docs/limits.md says what each is for.
LIMITS: Mapping[str, Bound] = {
    "seconds": Bound("seconds", 1, 1, 86_400),
    "mebibytes-per-second": Bound("seconds_per_byte", 1 / _MEBI, 1, 1_000_000),
    "memory-mebibytes": Bound("memory_bytes", _MEBI, 256, 1_048_576),
    "result-mebibytes": Bound("result_bytes", _MEBI, 1, 65_536),
    "members": Bound("members", 1, 1, 10_000_000),
    "depth": Bound("depth", 1, 1, 20),
    "inflated-mebibytes": Bound("inflated_bytes", _MEBI, 1, 16_777_216),
    "ratio": Bound("ratio", 1, 2, 1_000_000),
    "ratio-from-mebibytes": Bound("ratio_from_bytes", _MEBI, 1, 1_048_576),
    "cell-characters": Bound("cell_chars", 1, 1_000, 1_073_741_824),
    "passwords": Bound("passwords", 1, 1, 100),
}
#: Too dangerous, or meaningless, to be set by a file that the user may not have in mind.
COMMAND_LINE_ONLY = frozenset(
    {
        "config",
        "force",
        "in-place",
        "no-backup",
        "dry-run",
        "stdin-name",
        "help",
        "version",
        "generate-password",
        "reversible",
        "vault",
        "manifest",
        "allow-links",
    }
)
CHOICES: Mapping[str, tuple[str, ...]] = {
    "fail-on": ("low", "medium", "high", "critical"),
    "lang": ("ja", "en"),
    "unknown": ("stop", "drop", "keep"),
}
#: A part of a dotted key.
_PART = r"[\w\"'-]+"
#: The beginning of a table of piiscan's in a pyproject.toml.
_OURS = re.compile(r"^[ \t]*\[+\s*[\"']?tool[\"']?\s*\.\s*[\"']?piiscan\b", re.MULTILINE)
#: Type → how it is written in TOML, for the message.
_WRITTEN = {
    "text": '"…"',
    "path": '"…"',
    "texts": '["…", "…"]',
    "paths": '["…", "…"]',
    "reports": '["json=…"]',
    "number": "0, 1, 2, …",
    "switch": "true / false",
}


def find(start: Path) -> Path | None:
    """The nearest configuration at or above ``start``: piiscan.toml, or a pyproject.toml with tool.piiscan in it."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder / FILE
        if (folder / PYPROJECT).is_file() and _names_us(folder / PYPROJECT):
            return folder / PYPROJECT
    return None


def _names_us(project: Path) -> bool:
    """Whether a pyproject.toml has settings of piiscan. One that is broken is ours only when a table of ours is in it."""
    text = _bytes(project).decode("utf-8-sig", "replace")
    try:
        tool = _parsed(text).get("tool")
    except ValueError:
        return bool(_OURS.search(text))
    return isinstance(tool, dict) and "piiscan" in tool


def load(file: Path | None) -> dict[str, Setting]:
    """The settings of ``file`` by long option name, checked; raises ``UsageError``. No file, no settings."""
    if file is None:
        return {}
    text, table = _table(file)
    first = _table_line(text, "tool.piiscan") if file.name == PYPROJECT else 0
    options = {key: value for key, value in table.items() if key != TABLE}
    return {key: _checked(key, value, file, _key_line(text, key, first)) for key, value in options.items()}


def line_of(file: Path, key: str) -> int:
    """The number of the line of a file that was loaded in which ``key`` is set."""
    text = _text(file)
    return _key_line(text, key, _table_line(text, "tool.piiscan") if file.name == PYPROJECT else 0)


def _table(file: Path) -> tuple[str, dict[str, Any]]:
    """The text of ``file``, and what it says to piiscan; raises ``UsageError``."""
    if not file.is_file():
        raise UsageError("config_not_a_file" if file.exists() else "config_not_found", file=str(file))
    text = _text(file)
    try:
        document = _parsed(text)
    except ValueError as error:
        found = re.search(r"at line (\d+)", str(error))
        # Without a line the parser met the end of the file.
        line = int(found[1]) if found else len(text.splitlines())
        raise UsageError("config_not_toml", file=str(file), line=line) from None
    if file.name != PYPROJECT:
        return text, document
    tool = document.get("tool")
    table = tool.get("piiscan", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        ours = _OURS.search(text)
        line = text.count("\n", 0, ours.end()) + 1 if ours else _key_line(text, "piiscan", 0)
        params: dict[str, str | int] = {"file": str(file), "line": line}
        raise UsageError("config_wrong_type", key="tool.piiscan", expected="[tool.piiscan]", **params)
    return text, table


def _parsed(text: str) -> dict[str, Any]:
    """The document; raises ``ValueError`` when it is not TOML."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError from None


def load_limits(file: Path | None) -> dict[str, int | float]:
    """The fields of ``model.Limits`` that the table ``limits`` of ``file`` sets, checked; raises ``UsageError``."""
    if file is None:
        return {}
    load(file)  # what is wrong elsewhere in it is told first
    text, settings = _table(file)
    table = settings.get(TABLE, {})
    first = _table_line(text, f"tool.piiscan.{TABLE}" if file.name == PYPROJECT else TABLE)
    if not isinstance(table, dict):
        raise UsageError(
            "config_wrong_type", file=str(file), line=_key_line(text, TABLE, 0), key=TABLE, expected="[limits]"
        )
    return dict(_limit(key, value, file, _key_line(text, key, first)) for key, value in table.items())


def defaults() -> dict[str, int]:
    """The number of each limit that is in force where nothing is configured."""
    known = Limits()
    return {
        key: round(bound.unit / known.seconds_per_byte)
        if bound.field == "seconds_per_byte"
        else round(getattr(known, bound.field) / bound.unit)
        for key, bound in LIMITS.items()
    }


def _limit(key: str, value: object, file: Path, line: int) -> tuple[str, int | float]:
    if key not in LIMITS:
        raise UsageError("config_unknown_limit", file=str(file), line=line, key=key, choices=", ".join(LIMITS))
    bound = LIMITS[key]
    if not isinstance(value, int) or isinstance(value, bool):
        raise UsageError("config_wrong_type", file=str(file), line=line, key=key, expected="1, 2, …")
    if not bound.low <= value <= bound.high:
        raise UsageError("config_limit_range", file=str(file), line=line, key=key, low=bound.low, high=bound.high)
    return bound.field, bound.value(value)


def _text(file: Path) -> str:
    try:
        return _bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("config_not_utf8", file=str(file)) from None


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise UsageError("permission", file=str(file)) from None


def _table_line(text: str, name: str) -> int:
    """The number, from 1, of the line with the table's header; 0 when there is none."""
    pattern = r"\s*\.\s*".join(rf"[\"']?{re.escape(part)}[\"']?" for part in name.split("."))
    found = re.search(rf"^[ \t]*\[\s*{pattern}\s*\]", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 0


def _key_line(text: str, key: str, after: int) -> int:
    """The number of the line that sets ``key``. tomllib does not tell, so the first line that looks like it: one that
    begins with the key or a table of its name, else one that has it in an inline table."""
    name = rf"(?:{_PART}\s*\.\s*)*[\"']?{re.escape(key)}[\"']?\s*[=.\]]"
    for begin in (r"\s*(?:\[+\s*)?", r"[^#]*[{,]\s*"):
        pattern = re.compile(begin + name)
        for number, line in enumerate(text.splitlines(), 1):
            if number > after and pattern.match(line):
                return number
    return max(after, 1)


def _checked(key: str, value: object, file: Path, line: int) -> Setting:
    if key in COMMAND_LINE_ONLY:
        raise UsageError("config_command_line_only", file=str(file), line=line, key=key)
    if key not in KEYS:
        raise UsageError("config_unknown_key", file=str(file), line=line, key=key)
    setting = _typed(KEYS[key], value, file.parent)
    if setting is None:
        raise UsageError("config_wrong_type", file=str(file), line=line, key=key, expected=_WRITTEN[KEYS[key]])
    if key in CHOICES and setting not in CHOICES[key]:
        raise UsageError("config_wrong_choice", file=str(file), line=line, key=key, choices=", ".join(CHOICES[key]))
    return setting


def _typed(kind: str, value: object, folder: Path) -> Setting | None:
    """``value`` as the option wants it, or None when its type is wrong."""
    if kind in ("switch", "number"):
        wanted = bool if kind == "switch" else int
        return value if isinstance(value, int) and type(value) is wanted and value >= 0 else None
    if kind in ("text", "path"):
        if not isinstance(value, str):
            return None
        return str(folder / value) if kind == "path" else value
    texts = [v for v in value if isinstance(v, str)] if isinstance(value, list) else None
    if texts is None or not isinstance(value, list) or len(texts) != len(value):
        return None
    if kind == "paths":
        return [str(folder / text) for text in texts]
    if kind == "reports":
        return [f"{name}={folder / rest}" if eq else text for text in texts for name, eq, rest in [text.partition("=")]]
    return texts
