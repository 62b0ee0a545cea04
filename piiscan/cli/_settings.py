"""What the configuration file means to a command line: its language, the defaults of options, and where a wrong one is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from piiscan import config
from piiscan.errors import PiiscanError
from piiscan.text import printable

#: Reasons for refusing what an option says → the options that may have said it.
_ABOUT: Mapping[str, tuple[str, ...]] = {
    "unknown_report": ("format", "report"),
    "report_without_file": ("report",),
    "report_same_file": ("report",),
    "unknown_profile": ("profile",),
    "unknown_action": ("action",),
    "unknown_entity": ("action",),
    "action_without_entity": ("action",),
    "action_unknown_option": ("action",),
    "action_wrong_option": ("action",),
    "password_file_unreadable": ("password-file",),
    "password_file_one_line": ("password-file",),
    "key_file_wrong": ("key-file",),
    "not_found": ("key-file", "password-file"),
    "permission": ("key-file", "password-file"),
    "secret_not_private": ("key-file", "password-file"),
}


def file_of(arguments: Sequence[str]) -> Path | None:
    """The configuration file that is named, else the nearest one."""
    given = value_of("--config", arguments)
    return Path(given) if given else config.find(Path.cwd())


def value_of(option: str, arguments: Sequence[str]) -> str | None:
    """The value of an option that must be known before the command line is parsed in full; of several, the last."""
    found = None
    for position, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == option and position + 1 < len(arguments):
            found = arguments[position + 1]
        elif argument.startswith(f"{option}="):
            found = argument.partition("=")[2]
    return found


def defaults(command: Any, settings: Mapping[str, config.Setting]) -> dict[str, Any]:
    """The settings as defaults for each command that has the option, in the shape of the command tree."""
    found: dict[str, Any] = {
        param.name: settings[opt[2:]] for param in command.params for opt in param.opts if opt[2:] in settings
    }
    for name, sub in getattr(command, "commands", {}).items():
        found[name] = defaults(sub, settings)
    return found


def place_of(
    error: PiiscanError, file: Path | None, settings: Mapping[str, config.Setting], arguments: Sequence[str]
) -> str:
    """``piiscan.toml:3: `` when that line says what was refused; empty when the command line does, or nobody knows."""
    told = str(error.params.get("name", error.params.get("path", "")))
    for key in _ABOUT.get(error.reason, ()):
        if file and key in settings and value_of(f"--{key}", arguments) is None and told in str(settings[key]):
            return f"{printable(str(file))}:{config.line_of(file, key)}: "
    return ""
