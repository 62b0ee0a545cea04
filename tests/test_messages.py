"""Every message exists, is translated, is compiled, and has the placeholders that its callers fill."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from piiscan import labels, messages, severity
from piiscan.cli import _app

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "piiscan"
TABLES = {
    name: table
    for module in (messages, labels)
    for name, table in vars(module).items()
    if name.isupper() and isinstance(table, dict)
}
#: Calls whose argument at this position is a reason key.
REASON_AT = {"Skipped": 1, "PiiscanError": 0, "Mistake": 2, "Binary": 0}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def texts(node: ast.expr | None) -> Iterator[str]:
    """The constant strings that an argument can be: itself, or the branches of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.Call) and called(node) == "get":
        yield from (text for argument in node.args for text in texts(argument))


def reason_errors() -> set[str]:
    """Names of the classes of errors.py, found in its source so that a new one is included."""
    tree = ast.parse((PACKAGE / "errors.py").read_text(encoding="utf-8"))
    return {n.name for n in tree.body if isinstance(n, ast.ClassDef) and n.name.endswith("Error")}


def raised() -> Iterator[tuple[str, str, str, frozenset[str] | None]]:
    """(where, called, reason key, keywords) of every reason given as a constant; keywords None when ** hides them."""
    errors = reason_errors()
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.strip("_").startswith(("reason", "why_gone")):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return):
                        yield from ((f"{name}:{inner.lineno}", node.name, text, None) for text in texts(inner.value))
            if not isinstance(node, ast.Call):
                continue
            kind = called(node)
            at = REASON_AT.get(kind, 0 if kind in errors else None)
            for keyword in node.keywords:
                if keyword.arg == "reason" and at is None:
                    yield from ((f"{name}:{node.lineno}", kind, text, None) for text in texts(keyword.value))
            if at is None:
                continue
            argument = node.args[at] if len(node.args) > at else None
            argument = argument or next((k.value for k in node.keywords if k.arg in ("reason", "problem")), None)
            keywords = frozenset(k.arg for k in node.keywords if k.arg)
            hidden = any(k.arg is None for k in node.keywords)
            for text in texts(argument):
                yield f"{name}:{node.lineno}", kind, text, None if hidden else keywords


def said() -> Iterator[tuple[str, str]]:
    """(where, msgid) of every constant that is handed to a translator."""
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) == "say":
                for text in texts(node.args[0]):
                    yield f"{name}:{node.lineno}", text


def help_texts(command: Any = None, path: str = "piiscan") -> Iterator[tuple[str, str]]:
    """(where, msgid) of every help text of the command tree."""
    command = command or _app.build(lambda text: text)
    for name in ("help", "epilog"):
        if text := getattr(command, name, None):
            yield path, text
    for param in command.params:
        yield f"{path} {param.name}", param.help or ""
    for name, sub in getattr(command, "commands", {}).items():
        yield from help_texts(sub, f"{path} {name}")


def all_msgids() -> dict[str, str]:
    """msgid → one place where it is used."""
    found = {msgid: f"{name}[{key!r}]" for name, table in TABLES.items() for key, msgid in table.items()}
    found |= {msgid: where for where, msgid in said()}
    found |= dict.fromkeys(severity.MESSAGES, "severity.MESSAGES")
    return found


RAISED = list(raised())


@pytest.mark.parametrize("where, reason", [pytest.param(w, r, id=f"{w}-{r}") for w, _, r, _ in RAISED])
def test_reason_has_a_message(where: str, reason: str) -> None:
    assert reason in messages.REASONS, f"{where}: add {reason!r} to messages.REASONS and to the catalogue"


@pytest.mark.parametrize(
    "where, kind, reason, given", [pytest.param(*r, id=f"{r[0]}-{r[2]}") for r in RAISED if r[1] != "Mistake"]
)
def test_placeholders_are_filled(where: str, kind: str, reason: str, given: frozenset[str] | None) -> None:
    wanted = set(PLACEHOLDER.findall(messages.REASONS.get(reason, "")))
    if kind not in ("UsageError", "BrokenPluginError", "UnsafeCopyError"):
        # Such a reason becomes the status of a file, and its parameters are not kept.
        assert wanted <= {"path", "location"}
    elif given is not None:
        assert wanted <= given, where


def test_problems_of_rule_files_have_messages() -> None:
    used = {
        (name, node.value)
        for name, tree in modules()
        if "/policy" in name
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"rule_[a-z0-9_]+", node.value)
    }
    assert {u for u in used if u[1] not in messages.REASONS} == set()


@pytest.mark.parametrize("msgid", [pytest.param(m, id=f"{w}-{m[:30]}") for m, w in all_msgids().items()])
def test_is_translated(msgid: str) -> None:
    japanese = messages.translator("ja")(msgid)
    assert japanese != msgid
    assert sorted(PLACEHOLDER.findall(japanese)) == sorted(PLACEHOLDER.findall(msgid))
    assert messages.translator("en")(msgid) == msgid


def test_help_is_translated() -> None:
    say = messages.translator("ja")
    plain = dict(help_texts(_app.build(lambda text: text)))
    japanese = dict(help_texts(_app.build(say)))
    assert plain.keys() == japanese.keys()
    assert [where for where, text in plain.items() if not text or japanese[where] == text] == []


def test_catalogues_are_compiled() -> None:
    done = subprocess.run([sys.executable, "tools/compile_messages.py", "--check"], cwd=ROOT, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_catalogue_holds_nothing_unused() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import compile_messages
    finally:
        sys.path.pop(0)
    entries = compile_messages.read_po((messages.LOCALE_DIR / "ja/LC_MESSAGES/piiscan.po").read_text(encoding="utf-8"))
    helps = {text for _, text in raw_help_texts()}
    used = set(all_msgids()) | helps | {"", "Arguments", "Options", "Commands"}
    assert set(entries) - used == set()


def raw_help_texts() -> Iterator[tuple[str, str]]:
    """Help texts with their placeholders still in them, from the source."""
    for name, tree in modules():
        if "/cli/" in name:
            for node in ast.walk(tree):
                if isinstance(node, ast.keyword) and node.arg in ("help", "epilog"):
                    for text in texts(node.value):
                        yield name, text
    yield "typer", "Show this message and exit."


@pytest.mark.parametrize(
    "explicit, environ, expected",
    [
        ("ja", {"LANG": "en_US.UTF-8"}, "ja"),
        ("en", {"LANG": "ja_JP.UTF-8"}, "en"),
        (None, {"LANG": "ja_JP.UTF-8"}, "ja"),
        (None, {"LC_ALL": "C", "LANG": "ja_JP.UTF-8"}, "en"),
        (None, {"LC_MESSAGES": "ja_JP.eucJP", "LANG": "C"}, "ja"),
        (None, {"LC_ALL": "", "LANG": "Japanese_Japan.932"}, "ja"),
        ("fr", {"LANG": "fr_FR"}, "en"),
        (None, {"LANG": "de_DE"}, "en"),
    ],
)
def test_language(explicit: str | None, environ: dict[str, str], expected: str) -> None:
    assert messages.language(explicit, environ) == expected


@pytest.mark.parametrize(
    "reason, params, expected",
    [
        ("encrypted", {"path": "a.xlsx"}, "a.xlsx: It is protected by a password."),
        ("encrypted", {}, "It is protected by a password."),
        (
            "config_unknown_key",
            {"file": "piiscan.toml", "line": 3, "key": "x"},
            "piiscan.toml:3: The key x is not known.",
        ),
        ("unknown_report", {}, "There is no report format …."),
        ("no_such_reason", {}, "no_such_reason"),
        ("encrypted", {"path": "a\x1b[31m\u202e.xlsx"}, "a\ufffd[31m\ufffd.xlsx: It is protected"),
        ("unknown_report", {"name": "{choices}\x07", "choices": "json"}, "There is no report format {choices}\ufffd."),
    ],
)
def test_render(reason: str, params: dict[str, str | int], expected: str) -> None:
    assert messages.render(reason, params, "en").startswith(expected)


def test_numbers_have_separators() -> None:
    assert messages.fill("{yen} yen", {"yen": 17640000}) == "17,640,000 yen"
