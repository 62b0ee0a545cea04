"""Locks files of many sizes with a password, and opens them again with other people's programs.

    python tools/run_locks.py                     20 sizes from 1 KB to 20 MB, and every size from 3,400 to 4,200 bytes
    python tools/run_locks.py --step 100          of the latter only every hundredth

Workbooks must decrypt with msoffcrypto to what went in, part by part, and a wrong password must be refused; a sample is
opened by LibreOffice with the password, where it is installed. Zips must be opened by 7-Zip, where that is installed, and
not with a wrong password. Exit code 1 when anything fails; what could not be tried is said.
"""

from __future__ import annotations

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

import msoffcrypto
import pyzipper

from piiscan.copies import protecting
from piiscan.model import CopyOptions, CopyStatus, ScanOptions

PASSWORD, WRONG = "kamiso47-tareno12", "kamiso47-tareno13"
SIZES = tuple(round(1024 * (20 * 1024) ** (n / 19)) for n in range(20))
EDGE = range(3400, 4201)
OPTIONS = ScanOptions(isolate=False, jobs=1)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="bin" ContentType="application/octet-stream"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/s.xml" ContentType="{_SHEET}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="a" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="a" '
    f'Type="{_OFFICE}/worksheet" Target="s.xml"/></Relationships>',
    "xl/s.xml": f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>opened</t></is></c>'
    "</row></sheetData></worksheet>",
}
#: What LibreOffice runs: opens every file of a list with the password, and writes what stands in its first cell.
_MACRO = """
Sub OpenAll(list As String, result As String, password As String)
  Dim take(1) As New com.sun.star.beans.PropertyValue
  take(0).Name = "Hidden" : take(0).Value = True
  take(1).Name = "Password" : take(1).Value = password
  Dim source As Integer, target As Integer, entry As String, told As String, book As Object
  source = FreeFile : Open list For Input As #source
  target = FreeFile : Open result For Output As #target
  Do While Not EOF(source)
    Line Input #source, entry
    told = "refused"
    On Error Resume Next
    book = Nothing
    book = StarDesktop.loadComponentFromURL(ConvertToURL(entry), "_blank", 0, take())
    If Not IsNull(book) Then
      told = book.Sheets(0).getCellByPosition(0, 0).String
      book.close(True)
    End If
    On Error GoTo 0
    Print #target, told
  Loop
  Close #source
  Close #target
  StarDesktop.terminate()
End Sub
"""
_LIBRARY = "http://openoffice.org/2000/library"
_DOCTYPE = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE library:{0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">'


def workbook(size: int) -> bytes:
    """A workbook of exactly ``size`` bytes, or the smallest there is."""
    bare = _packed(0)
    return bare if size <= len(bare) else _packed(size - len(bare))


def _packed(padding: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in PARTS.items():
            package.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
        package.writestr(zipfile.ZipInfo("xl/pad.bin"), Random(padding).randbytes(padding), zipfile.ZIP_STORED)
    return out.getvalue()


def lock(name: str, data: bytes, folder: Path) -> Path | str:
    """The locked copy of a file, or the reason why there is none."""
    source = folder / name
    source.write_bytes(data)
    target = folder / (f"locked-{name}" if name.endswith(".xlsx") else f"locked-{name}.zip")
    (result,) = protecting.protect([str(source)], str(target), OPTIONS, CopyOptions(), PASSWORD)
    source.unlink()
    return target if result.status is CopyStatus.WRITTEN else str(result.reason)


def wrong_workbook(locked: Path, data: bytes) -> str:
    """What is wrong with a locked workbook; nothing when all is well."""
    opened = _decrypted(locked, PASSWORD)
    if opened is None:
        return "does not decrypt"
    if opened != data and not _same_parts(opened, data):
        return "other content"
    return "opens with a wrong password" if _decrypted(locked, WRONG) is not None else ""


def _decrypted(locked: Path, password: str) -> bytes | None:
    out = io.BytesIO()
    try:
        with locked.open("rb") as stream:
            file = msoffcrypto.OfficeFile(stream)
            file.load_key(password=password, verify_password=True)
            file.decrypt(out, verify_integrity=True)
    except Exception:  # noqa: BLE001  however it fails, it does not decrypt
        return None
    return out.getvalue()


def _same_parts(one: bytes, other: bytes) -> bool:
    """Whether two packages hold the same; a short one is padded by blanks behind its list of content types."""
    with zipfile.ZipFile(io.BytesIO(one)) as a, zipfile.ZipFile(io.BytesIO(other)) as b:
        return a.namelist() == b.namelist() and all(a.read(n).rstrip() == b.read(n).rstrip() for n in a.namelist())


def wrong_zip(locked: Path, data: bytes, program: str | None) -> str:
    """What is wrong with a locked zip; 7-Zip is asked where there is one."""
    with pyzipper.AESZipFile(locked) as archive:
        archive.setpassword(PASSWORD.encode())
        if [archive.read(i) for i in archive.infolist()] != [data]:
            return "other content"
    if program is None:
        return ""
    if _seven(program, locked, PASSWORD) != data:
        return "7-Zip gives another content"
    return "7-Zip opens it with a wrong password" if _seven(program, locked, WRONG) == data else ""


def _seven(program: str, locked: Path, password: str) -> bytes:
    call = [program, "x", "-so", f"-p{password}", str(locked)]
    return subprocess.run(call, capture_output=True, timeout=120, check=False, stdin=subprocess.DEVNULL).stdout


# ---------------------------------------------------------------- LibreOffice


def opened_by_libreoffice(files: Sequence[Path], password: str, folder: Path) -> list[str] | None:
    """What stands in the first cell of each file, "refused" where it does not open; None without LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        return None
    start = [program, f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--norestore", "--invisible"]
    basic = folder / "profile" / "user" / "basic"
    if not basic.exists():  # the first start writes the folder of macros, whatever stands in it
        _office([*start, "--terminate_after_init"], 60)
    (basic / "Standard").mkdir(parents=True, exist_ok=True)
    (basic / "script.xlc").write_text(
        _DOCTYPE.format("libraries", "libraries") + f'<library:libraries xmlns:library="{_LIBRARY}" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard" '
        'xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple" library:link="false"/></library:libraries>'
    )
    (basic / "Standard" / "script.xlb").write_text(
        _DOCTYPE.format("library", "library") + f'<library:library xmlns:library="{_LIBRARY}" library:name="Standard" '
        'library:readonly="false" library:passwordprotected="false"><library:element library:name="Locks"/></library:library>'
    )
    (basic / "Standard" / "Locks.xba").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument '
        '1.0//EN" "module.dtd"><script:module xmlns:script="http://openoffice.org/2000/script" script:name="Locks" '
        f'script:language="StarBasic">{escape(_MACRO)}</script:module>'
    )
    listed, result = folder / "list.txt", folder / "result.txt"
    listed.write_text("".join(f"{path}\n" for path in files))
    result.unlink(missing_ok=True)
    call = f'macro:///Standard.Locks.OpenAll("{listed}","{result}","{password}")'
    _office([*start, call], 60 + 10 * len(files))
    return result.read_text().splitlines() if result.exists() else []


def _office(call: Sequence[str], seconds: int) -> None:
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(call, capture_output=True, timeout=seconds, check=False)


# ---------------------------------------------------------------- the command


def run(sizes: Iterable[int], folder: Path, keep: Callable[[int], bool]) -> Iterator[tuple[str, int, str]]:
    """(kind, size, what is wrong) of every locked file; those that ``keep`` chooses stay in the folder."""
    seven = shutil.which("7zz") or shutil.which("7z")
    for size in sizes:
        data = workbook(size)
        locked = lock(f"{size}.xlsx", data, folder)
        yield "xlsx", size, locked if isinstance(locked, str) else wrong_workbook(locked, data)
        if isinstance(locked, Path) and not keep(size):
            locked.unlink()
        data = Random(size).randbytes(size)
        packed = lock(f"{size}.dat", data, folder)
        yield "zip", size, packed if isinstance(packed, str) else wrong_zip(packed, data, seven)
        if isinstance(packed, Path):
            packed.unlink()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the largest size, in bytes")
    chosen = parser.parse_args(arguments)
    edge = range(EDGE.start, EDGE.stop, chosen.step)
    sizes = [*(s for s in SIZES if s <= chosen.most), *edge]
    shown = {*SIZES, *edge[:: max(1, len(edge) // 20)]}
    failed = 0
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        outcomes = list(run(sizes, folder, shown.__contains__))
        print(f"{'kind':14}{'files':>6}{'failed':>8}")
        for kind in ("xlsx", "zip"):
            of_kind = [what for of, _, what in outcomes if of == kind]
            print(f"{kind:14}{len(of_kind):6}{sum(map(bool, of_kind)):8}")
        failed += sum(bool(what) for _, _, what in outcomes)
        for what, count in Counter((kind, what) for kind, _, what in outcomes if what).items():
            print(f"  {what[0]}: {what[1]} ({count})")
        files = sorted(folder.glob("locked-*.xlsx"))
        for name, password, wanted in (("LibreOffice", PASSWORD, "opened"), ("wrong password", WRONG, "refused")):
            told = opened_by_libreoffice(files if password == PASSWORD else files[:3], password, folder)
            if told is None:
                print("LibreOffice is not here: nothing was opened with it")
                break
            tried = len(files) if password == PASSWORD else min(3, len(files))
            right = told.count(wanted)
            print(f"{name:14}{tried:6}{tried - right:8}")
            failed += tried - right
    if not (shutil.which("7zz") or shutil.which("7z")):
        print("7-Zip is not here: zips were opened with pyzipper alone")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
