"""A canary in every place where a file can hold a text: found where it is, and gone from the copy."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import pytest

from piiscan import api, pipeline
from piiscan.model import CopyOptions, CopyStatus, ScanOptions

sys.path.insert(0, str(Path(__file__).parents[1] / "formats"))
import archive_places
import document_places
import mail_places
import old_office_places
import text_places
import workbook_places
from planting import Planted, left, missing

SOURCES = (workbook_places, document_places, old_office_places, text_places, mail_places, archive_places)

OPTIONS = ScanOptions(isolate=False)
#: One of so many is tested on every change, all of them by ``-m slow``.
STRIDE = 9


@cache
def everything() -> dict[str, Planted]:
    """All files by their ids."""
    return {one.id: one for source in SOURCES for one in source.files()}


def sampled() -> list[object]:
    """The files as parameters; what is not in the sample is slow."""
    return [
        pytest.param(one, id=id_, marks=[] if number % STRIDE == 0 else [pytest.mark.slow])
        for number, (id_, one) in enumerate(everything().items())
    ]


@pytest.mark.parametrize("one", sampled())
def test_found_where_it_is(one: Planted) -> None:
    assert missing(api.scan(one.make(), name=one.name), one) == ""


@pytest.mark.parametrize("one", [p for p in sampled() if p.values[0].writable])
def test_gone_from_the_copy(one: Planted, tmp_path: Path) -> None:
    source = tmp_path / one.name
    source.write_bytes(one.make())
    (result,) = pipeline.redact([str(source)], str(tmp_path / "out"), OPTIONS, CopyOptions())
    if one.refused:
        assert (result.status, result.reason) == (CopyStatus.REFUSED, one.refused)
        assert not (tmp_path / "out").exists()
        return
    assert (result.status, result.reason) == (CopyStatus.WRITTEN, None)
    (copy,) = (p for p in (tmp_path / "out").rglob("*") if p.is_file() and not p.name.endswith(".manifest.json"))
    assert left(copy.read_bytes()) == []


def test_the_search_finds_what_is_planted() -> None:
    seen = [id_ for id_, one in everything().items() if one.writable and not one.refused and not left(one.make())]
    assert seen == []
