"""What a copy is made of when it cannot be made of the source as it stands: without its password, or in a newer format.

Old formats are converted by an installed LibreOffice in a private folder, with a profile that is made for this one run:
no macros, no links, on Linux no network at all, and an end of its own at the latest when piiscan ends. Outlook messages
become mails without any other program.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from piiscan.copies.temporary import working_folder
from piiscan.errors import PiiscanError, UnsafeCopyError
from piiscan.files.opening import open_source
from piiscan.formats._msg_eml import write_mail
from piiscan.inspection.inspecting import sniff
from piiscan.model import Format, Limits, Member, Skipped, Source, Text
from piiscan.unlocking import unlock

#: How long LibreOffice may take for one file.
MOST_SECONDS = 180.0
#: Format → what it becomes.
_BECOMES = {"xls": "xlsx", "xlsb": "xlsx", "doc": "docx", "msg": "eml"}
_FILTERS = {
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "docx": "docx:MS Word 2007 XML",
    "pptx": "pptx:Impress MS PowerPoint 2007 XML",
}
_NAMES = ("soffice", "libreoffice")
_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_OLE = b"\xd0\xcf\x11\xe0"
_SLIDES = "PowerPoint Document".encode("utf-16-le")
_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Common/Save/Document", "CreateBackup", "false"),
    ("org.openoffice.Office.Common/Misc", "UseLocking", "false"),
)


def office() -> str | None:
    """The program that converts, None when LibreOffice is not installed."""
    on_path = (shutil.which(name) for name in _NAMES)
    installed = (place for place in _PLACES if Path(place).is_file())
    return next((place for place in (*on_path, *installed) if place), None)


def new_suffix(path: str, limits: Limits, formats: Mapping[str, Format]) -> str | None:
    """The suffix that the copy of a file will have when it is converted, None when it need not be."""
    try:
        source = open_source(path, limits)
    except PiiscanError:
        return None
    with source.stream:
        kind = _kind(source, formats)
    return f".{kind}" if kind else None


@contextmanager
def workable(
    source: Source, limits: Limits, formats: Mapping[str, Format], passwords: Sequence[str], *, convert: bool = False
) -> Iterator[tuple[Source, tuple[Skipped, ...]]]:
    """The source, or what it becomes without its password and in a format that can be written; and what to say of that.

    Raises ``UnsafeCopyError`` when it was to be converted and cannot be.
    """
    notes: list[Skipped] = []
    with ExitStack() as stack:
        if passwords or source.head(4) == _OLE:
            opened = unlock.whole(source, passwords, limits)
            if opened is not None:
                stack.enter_context(opened.stream)
                notes.append(Skipped("", "password_gone", partial=False))
                source = opened
        kind = _kind(source, formats) if convert else None
        if kind is not None:
            source = _as_mail(source, limits, formats) if kind == "eml" else _converted(source, kind)
            stack.enter_context(source.stream)
            notes.append(Skipped("", "converted_mail" if kind == "eml" else "converted", partial=False))
        yield source, tuple(notes)


def _kind(source: Source, formats: Mapping[str, Format]) -> str | None:
    format_ = sniff(source, formats)
    kind = _BECOMES.get(format_.id) if format_ else None
    if kind == "docx":
        kind = "pptx" if _SLIDES in source.stream.read() else kind
        source.stream.seek(0)
    return kind


def _converted(source: Source, kind: str) -> Source:
    program = office()
    if program is None:
        raise UnsafeCopyError("convert_no_office")
    # Neither the name nor the folder of the source is shown to other programs.
    with working_folder() as folder:
        given = folder / f"source{source.suffix if source.suffix.isascii() else ''}"
        with given.open("xb") as out:
            shutil.copyfileobj(source.stream, out)
        source.stream.seek(0)
        _write_profile(folder / "profile")
        _run(program, given, folder, kind, MOST_SECONDS)
        made = folder / "made" / f"{given.stem}.{kind}"
        if not made.is_file() or not made.stat().st_size:
            raise UnsafeCopyError("convert_failed")
        held = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  handed over
        with made.open("rb") as stream:
            shutil.copyfileobj(stream, held)
    return _instead(source, held, kind)


def _instead(source: Source, held: BinaryIO, kind: str) -> Source:
    size = held.tell()
    held.seek(0)
    name = f"{source.name.removesuffix(source.suffix) if source.suffix else source.name}.{kind}"
    return Source(source.path, source.member, name, held, size, source.depth)


def _as_mail(source: Source, limits: Limits, formats: Mapping[str, Format]) -> Source:
    """An Outlook message as a mail; raises ``UnsafeCopyError`` when that does not say and carry all that it shows."""
    held = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  handed over
    with ExitStack() as stack:
        stack.enter_context(held)
        write_mail(source, held, limits)
        made = _instead(source, held, "eml")
        (bodies, files), (texts, carried) = (_shown(s, f, formats, limits) for s, f in ((source, "msg"), (made, "eml")))
        shown = [text for place, text in bodies.items() if place.endswith(("body", "html"))] or bodies.values()
        everything = "\n".join(texts.values())
        if any(text not in everything for text in shown) or files - carried:
            raise UnsafeCopyError("convert_lost")
        stack.pop_all()
    source.stream.seek(0)
    held.seek(0)
    return made


def _shown(
    source: Source, kind: str, formats: Mapping[str, Format], limits: Limits
) -> tuple[dict[str, str], Counter[bytes]]:
    """The texts that a mail shows by their place, without white space, and hashes of its attachments; those of the
    mails in it, too."""
    texts, files = dict[str, str](), Counter[bytes]()
    for item in formats[kind].read(source, limits):
        if isinstance(item, Member):
            with item.stream as stream:
                data = stream.read()
            files[hashlib.sha256(data).digest()] += 1
            if kind == "eml" and item.name.lower().endswith(".eml") and source.depth < limits.depth:
                inner = Source(source.path, item.name, item.name, io.BytesIO(data), len(data), source.depth + 1)
                said, carried = _shown(inner, kind, formats, limits)
                texts.update({f"{item.name}/{place}": text for place, text in said.items()})
                files.update(carried)
        elif isinstance(item, Text) and item.place.where == "text" and not item.place.hidden:
            place = item.place.location
            texts[place] = texts.get(place, "") + "".join(item.text.split())
    return texts, files


def _write_profile(folder: Path) -> None:
    (folder / "user").mkdir(parents=True, mode=0o700)
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for path, name, value in _SETTINGS
    )
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">\n{items}</oor:items>\n',
        encoding="utf-8",
    )


def _run(program: str, given: Path, folder: Path, kind: str, seconds: float) -> None:
    """Lets LibreOffice write ``folder``/made; raises ``UnsafeCopyError`` when it takes longer or fails."""
    arguments = [
        *_alone(), program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard", "--convert-to", _FILTERS[kind],
        "--outdir", str(folder / "made"), str(given),
    ]  # fmt: skip
    quiet = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    null = subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603  our own arguments
            arguments, stdin=null, stdout=null, stderr=null, cwd=folder, env=quiet, start_new_session=os.name == "posix"
        )
    except OSError:
        raise UnsafeCopyError("convert_failed") from None
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise UnsafeCopyError("convert_too_long") from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the program and all that it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _alone() -> list[str]:
    """On Linux: in name spaces of its own, without a network, and dying with whoever started it."""
    if sys.platform != "linux":
        return []
    for shield in (["unshare", "-rnp", "--fork", "--kill-child=SIGKILL", "--"], ["unshare", "-rn", "--"]):
        try:
            done = subprocess.run([*shield, "true"], capture_output=True, timeout=20, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            dying = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
            return [*dying, *shield]
    return []
