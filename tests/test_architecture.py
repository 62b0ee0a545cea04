"""The order of imports in docs/design.md, what plug-ins may import, and what must never be imported."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "piiscan"
FILES = sorted(PACKAGE.rglob("*.py"))
PLUGIN_FOLDERS = ("detectors", "formats", "actions", "reports")

#: What a plug-in may import of piiscan besides the modules with an underscore of its own folder.
MAY_IMPORT = {
    "detectors": {"lexicon", "model", "shaped", "text", "errors"},
    "formats": {"collecting", "encoding", "errors", "model", "text", "zips"},
    "actions": {"errors", "lexicon", "model", "text"},
    "reports": {"labels", "messages", "model", "registry", "severity", "text"},
}
HEAVY = {
    "polars", "pandas", "numpy", "openpyxl", "lxml", "phonenumbers", "msoffcrypto", "olefile", "regex",
    "ahocorasick_rs", "pyzipper", "pyarrow",
}  # fmt: skip
NETWORK = {
    "socket", "ssl", "http", "urllib.request", "urllib.error", "ftplib", "smtplib", "imaplib", "poplib", "xmlrpc",
    "socketserver", "asyncio", "webbrowser", "requests", "httpx", "urllib3", "aiohttp",
}  # fmt: skip


def name_of(path: Path) -> str:
    """``piiscan.judge.columns`` of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in FILES}


def part_of(module: str) -> str:
    """The room of a module: ``judge`` of ``piiscan.judge.columns``; "" of piiscan itself."""
    return module.partition(".")[2].partition(".")[0]


@cache
def imports(path: Path) -> tuple[tuple[str, bool], ...]:
    """(module, whether it is imported as soon as the file is) for every import that is not for type checkers alone."""
    return tuple(_imports(ast.parse(path.read_text(encoding="utf-8")), at_once=True))


def _imports(node: ast.AST, *, at_once: bool) -> Iterator[tuple[str, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from ((alias.name, at_once) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are written in full"
            module = child.module or ""
            inner = [f"{module}.{alias.name}" for alias in child.names]
            # `from piiscan import messages` imports a module, `from piiscan.text import fold` a function of one.
            yield from ((name if name in NAMES else module, at_once) for name in inner)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _imports(child, at_once=False)
        else:
            yield from _imports(child, at_once=at_once)


def order() -> list[list[str]]:
    """The lines of the design's order, the lowest first; a room's name ends where two spaces begin."""
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    found = re.search(r"^```order\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert found, "docs/design.md has a block ```order"
    return [line.split("  ")[0].split() for line in reversed(found[1].splitlines())]


LINES = order()
LEVEL = {room: number for number, line in enumerate(LINES) for room in line}


def test_every_room_has_its_place_in_the_design() -> None:
    rooms = {part_of(name) for name in NAMES} - {"", "__main__"}
    assert rooms == set(LEVEL)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_point_downwards(path: Path) -> None:
    own = part_of(name_of(path))
    if own in ("", "__main__"):
        return
    for module, _ in imports(path):
        other = part_of(module)
        if module.partition(".")[0] == "piiscan" and other not in ("", own):
            assert LEVEL[other] < LEVEL[own], f"{name_of(path)} imports {module}"


def test_no_module_waits_for_itself() -> None:
    """No circle among the imports that happen when a module is loaded."""
    edges = {name: {m for m, at_once in imports(path) if at_once and m in NAMES} for name, path in NAMES.items()}
    # The folder of a module is loaded before it, so that its own name on the way down is no circle.
    edges = {name: {m for m in found if not name.startswith(m + ".")} for name, found in edges.items()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join([*way, name])
        if name not in done:
            for other in edges[name]:
                visit(other, (*way, name))
            done.add(name)

    for name in edges:
        visit(name, ())


@pytest.mark.parametrize("folder", PLUGIN_FOLDERS)
def test_plug_ins_import_only_what_they_may(folder: str) -> None:
    for path in sorted((PACKAGE / folder).glob("*.py")):
        if path.stem == "__init__":
            continue
        for module, _ in imports(path):
            if module.partition(".")[0] != "piiscan":
                continue
            room, _, rest = module.partition(".")[2].partition(".")
            if room == folder and rest:
                assert rest.startswith("_"), f"{name_of(path)} imports the plug-in {module}"
            else:
                assert room in MAY_IMPORT[folder] | {folder}, f"{name_of(path)} imports {module}"


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    """regex is wanted for any text at all and loads fast; it only must not burden ``piiscan --version``."""
    for path in FILES:
        at_once = {module.partition(".")[0] for module, at_once in imports(path) if at_once}
        assert not at_once & (HEAVY - {"regex"}), name_of(path)


def test_no_module_can_reach_a_network() -> None:
    for path in FILES:
        found = {module for module, _ in imports(path)}
        assert not {m for m in found if m in NETWORK or m.partition(".")[0] in NETWORK}, name_of(path)


@pytest.mark.parametrize("statement", [
    "import piiscan",
    "sys.argv = ['piiscan', '--version']; from piiscan.cli import main; main()",
    "sys.argv = ['piiscan', '--help']; from piiscan.cli import main; main()",
    "sys.argv = ['piiscan', 'scan', '--help']; from piiscan.cli import main; main()",
])  # fmt: skip
def test_what_a_short_call_loads(statement: str) -> None:
    """Imports of imports count as well: this looks at a process, not at the source."""
    code = f"import sys\n{statement}\nprint('\\n' + ' '.join(m for m in sys.modules if '.' not in m))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not set(run.stdout.splitlines()[-1].split()) & HEAVY


def test_modules_can_be_read_in_one_sitting() -> None:
    """The aim is 300 lines; model.py, a list of nouns, may be longer."""
    sizes = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in NAMES.items()}
    assert {name: n for name, n in sizes.items() if n > (600 if name == "piiscan.model" else 450)} == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        name for name, path in NAMES.items() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []
