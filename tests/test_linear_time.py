"""No pattern may be slow on hostile text: a megabyte of each kind within a second, a cell as well."""

from __future__ import annotations

import re
import time

import pytest
import regex

from piiscan import registry

MEGABYTE = 1_000_000
PIECES = ("0", "0-", "a@", "a.", "山", "1年", "TEL:", "(", "a@a.a,", "昭和5", "03-0000-0000 ", "- ")
DETECTORS = registry.detectors()
SEARCHES = [pytest.param(d.search, id=d.id) for d in DETECTORS.values() if d.search]
SHAPES = [pytest.param(s, id=f"{d.id}-{i}") for d in DETECTORS.values() for i, s in enumerate(d.shapes)]


def slowest(pattern: re.Pattern[str], size: int) -> float:
    """The worst time in seconds over the hostile texts."""
    worst = 0.0
    for piece in PIECES:
        text = piece * (size // len(piece))
        start = time.process_time()
        for _ in pattern.finditer(text):
            pass
        worst = max(worst, time.process_time() - start)
    return worst


@pytest.mark.slow
@pytest.mark.parametrize("search", SEARCHES)
def test_search_takes_a_megabyte_within_a_second(search: str) -> None:
    assert slowest(regex.compile(search), MEGABYTE) < 1.0


@pytest.mark.parametrize("search", SEARCHES)
def test_search_does_not_grow_faster_than_the_text(search: str) -> None:
    """The quick version: a twentieth of the text in an eighth of the time."""
    assert slowest(regex.compile(search), MEGABYTE // 20) < 0.125


@pytest.mark.parametrize("shape", SHAPES)
def test_shape_gives_up_early(shape: str) -> None:
    pattern = re.compile(shape)
    for piece in PIECES:
        for tail in ("", "!", "\x00"):
            text = piece * (MEGABYTE // 20 // len(piece)) + tail
            start = time.process_time()
            pattern.fullmatch(text)
            assert time.process_time() - start < 0.1
