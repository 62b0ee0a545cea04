"""Outlines of values: nothing of the value is in them, and the outline of a mail address is none itself."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
import regex

from piiscan.detectors.email import DETECTOR, check, sample
from piiscan.model import ScanOptions
from piiscan.pipeline import scan
from piiscan.reports._document import dumps, of_file
from piiscan.text import shape


@pytest.mark.parametrize(
    "text, outline",
    [
        ("山田 太郎", "漢漢 漢漢"),
        ("090-0123-4567", "999-9999-9999"),
        ("taro.yamada7@example.co.jp", "aaaa.aaaa9@aaaa.aa.a"),
        ("taro@example.jp; hanako@example.jp", "aaaa@aaaa.a・ aaaa@aaaa.…"),
        ("taro@aaaaa.bbbbb.ccccc.ddddd.jp", "aaaa@aaaa.aaaa.aaaa.a…"),
        ("山田 <taro@example.museum>", "漢漢 ・aaaa@aaaa.a・"),
    ],
)
def test_shape(text: str, outline: str) -> None:
    assert shape(text) == outline


def test_the_outline_of_a_mail_address_is_no_mail_address() -> None:
    rng = Random(1)
    parts = ("jp", "co", "example", "a-b", "x9", "museum", "xn--wgv71a")
    made = [
        f"{'taro.' * rng.randrange(1, 7)}y@{'.'.join(rng.choices(parts, k=rng.randrange(2, 8)))}" for _ in range(500)
    ]
    for text in [*DETECTOR.yes, *made, *(sample(rng) for _ in range(200))]:
        outline = shape(text)
        assert not regex.search(DETECTOR.search or "", outline), outline
        assert not (any(re.fullmatch(pattern, outline) for pattern in DETECTOR.shapes) and check(outline)), outline


def test_nothing_is_found_in_a_report_of_piiscan(tmp_path: Path) -> None:
    rows = "".join(f"山田 太郎,taro{n}@example.jp\n" for n in range(20))
    (tmp_path / "a.csv").write_text(f"氏名,メールアドレス\n{rows}", encoding="utf-8")
    (tmp_path / "a.txt").write_text("連絡は taro@example.co.jp まで。", encoding="utf-8")
    options = ScanOptions(isolate=False)
    said = [of_file(report, "ja") for report in scan([str(tmp_path)], options)]
    assert "@aaaa.a" in dumps(said)
    (tmp_path / "report.json").write_text(dumps(said, indent=2), encoding="utf-8")
    (report,) = scan([str(tmp_path / "report.json")], options)
    assert (report.findings, [c.entity for t in report.tables for c in t.columns if c.entity]) == ((), [])
