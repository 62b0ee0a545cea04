"""A canary in every place where a file can hold a text: found where it is, and gone from the copy."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from piiscan import api, pipeline
from piiscan.model import CopyOptions, CopyStatus, ScanOptions

sys.path.insert(0, str(Path(__file__).parents[1] / "formats"))
import archive_places
import binary_workbook_places
import document_places
import mail_places
import old_office_places
import pdf_places
import picture_places
import sealed_places
import text_places
import workbook_places
from planting import Planted, left, missing

SOURCES = (
    workbook_places, document_places, old_office_places, text_places, mail_places, archive_places, pdf_places, picture_places, sealed_places, binary_workbook_places,
)  # fmt: skip

OPTIONS = ScanOptions(isolate=False)
#: One of so many is tested on every change, all of them where slow tests run.
STRIDE = 11


@cache
def everything() -> dict[str, Planted]:
    """All files by their ids."""
    return {one.id: one for source in SOURCES for one in source.files()}


def chosen(files: Iterable[Planted]) -> list[Any]:
    """The files as parameters; what is not in the sample is slow."""
    return [
        pytest.param(one, id=one.id, marks=[] if number % STRIDE == 0 else [pytest.mark.slow])
        for number, one in enumerate(files)
    ]


def copied() -> list[Planted]:
    """The files of formats that can be written."""
    return [one for one in everything().values() if one.writable]


def test_every_place_has_a_file() -> None:
    files = everything()
    assert len(files) == sum(1 for source in SOURCES for _ in source.files()) > 850
    for kind in ("xlsx", "xlsm", "strict"):
        assert workbook_places.rows({i: o for i, o in files.items() if i.startswith(f"{kind}-")}) == set(range(1, 50))


@pytest.mark.parametrize("one", chosen(everything().values()))
def test_found_where_it_is(one: Planted) -> None:
    assert missing(api.scan(one.make(), name=one.name), one) == ""


@pytest.mark.parametrize("one", chosen(copied()))
def test_gone_from_the_copy(one: Planted, tmp_path: Path) -> None:
    source, out = tmp_path / one.name, tmp_path / "out" / one.name
    source.write_bytes(one.make())
    (result,) = pipeline.redact([str(source)], str(out), OPTIONS, CopyOptions())
    if one.refused:
        assert (result.status, result.reason) == (CopyStatus.REFUSED, one.refused)
        assert not out.exists()
        return
    assert (result.status, result.reason) == (CopyStatus.WRITTEN, None)
    assert left(source.read_bytes()) != [], "the search finds nothing in the original either"
    assert left(out.read_bytes()) == []
