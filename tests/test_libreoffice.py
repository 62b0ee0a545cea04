"""A redacted workbook opens in LibreOffice with the sheets and formats of its original.

Runs where LibreOffice is installed; PIISCAN_INSTALL_LIBREOFFICE=1 lets the test install it (Debian, as root).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from calls import ROOT

DEALER = ROOT / "examples" / "顧客一覧.xlsx"


@pytest.fixture(scope="module")
def soffice() -> str:
    """The program, installed on request."""
    if not shutil.which("soffice") and os.environ.get("PIISCAN_INSTALL_LIBREOFFICE") == "1":
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "libreoffice-calc"], check=True)
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("LibreOffice is not installed")
    return found


def through(soffice: str, book: Path, out: Path) -> openpyxl.Workbook:
    """A workbook as LibreOffice opens and saves it."""
    out.mkdir()
    profile = f"-env:UserInstallation=file://{out}/profile"
    call = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(book)]
    subprocess.run(call, check=True, capture_output=True, timeout=180)
    return openpyxl.load_workbook(out / f"{book.stem}.xlsx")


@pytest.mark.slow
@pytest.mark.libreoffice
def test_the_dealers_copy_opens_as_it_was(soffice: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.xlsx"
    subprocess.run([sys.executable, "-m", "piiscan", "redact", str(DEALER), "-o", str(copy)], check=True, cwd=ROOT)
    before, after = through(soffice, DEALER, tmp_path / "a"), through(soffice, copy, tmp_path / "b")
    assert after.sheetnames == before.sheetnames
    for name in before.sheetnames:
        old, new = before[name], after[name]
        assert (new.max_row, new.max_column, new.freeze_panes) == (old.max_row, old.max_column, old.freeze_panes)
        assert new.merged_cells.ranges == old.merged_cells.ranges
        assert {k: round(d.width, 1) for k, d in new.column_dimensions.items()} == {
            k: round(d.width, 1) for k, d in old.column_dimensions.items()
        }
        for row in range(1, 30):
            for column in range(1, old.max_column + 1):
                a, b = old.cell(row, column), new.cell(row, column)
                assert (b.font.b, b.fill.fgColor.rgb, b.border.top.style) == (
                    a.font.b,
                    a.fill.fgColor.rgb,
                    a.border.top.style,
                )
