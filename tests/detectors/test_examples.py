"""Every detector against its own examples; a new detector file is covered by being there."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from random import Random

import polars as pl
import pytest
import regex

from piiscan import detectors as package
from piiscan import registry
from piiscan.model import Detector

DETECTORS = registry.detectors()
ALL = [pytest.param(d, id=d.id) for d in DETECTORS.values()]
SHAPED = [pytest.param(d, id=d.id) for d in DETECTORS.values() if d.shapes]
WIDE = {c: c + 0xFEE0 for c in range(0x21, 0x7F)} | {0x20: 0x3000}


def fits(detector: Detector, text: str) -> bool:
    """What the contract says a match is: a shape explains the whole cell, and the check agrees."""
    shaped = any(re.fullmatch(shape, text) for shape in detector.shapes)
    return shaped and (detector.check is None or detector.check(text))


def test_no_file_is_left_out() -> None:
    files = {p.stem for p in Path(package.__path__[0]).glob("[!_]*.py")}
    assert files == set(DETECTORS)


@pytest.mark.parametrize("detector", ALL)
def test_carries_its_manual_and_enough_examples(detector: Detector) -> None:
    module = sys.modules[f"{package.__name__}.{detector.id}"]
    assert re.search(r"^ ?Sources?: \w", module.__doc__ or "", re.MULTILINE)
    assert detector.label
    assert detector.label_en
    if detector.shapes or detector.check:
        assert len(detector.yes) >= 4
        assert len(detector.no) >= 6
        assert detector.sample is not None


@pytest.mark.parametrize("detector", SHAPED)
def test_finds_its_examples(detector: Detector) -> None:
    assert [t for t in detector.yes if not fits(detector, t)] == []


@pytest.mark.parametrize("detector", SHAPED)
def test_leaves_the_counter_examples_alone(detector: Detector) -> None:
    assert [t for t in detector.no if fits(detector, t)] == []


@pytest.mark.parametrize("detector", SHAPED)
def test_finds_whatever_it_can_make(detector: Detector) -> None:
    assert detector.sample is not None
    rng = Random(20260101)
    for _ in range(500):
        text = detector.sample(rng)
        assert fits(detector, text)
        assert fits(detector, text.translate(WIDE))


@pytest.mark.parametrize("detector", SHAPED)
def test_both_engines_agree(detector: Detector) -> None:
    everything = sorted({t for d in DETECTORS.values() for t in (*d.yes, *d.no)})
    rng = Random(7)
    everything += [detector.sample(rng) for _ in range(50)] if detector.sample else []
    for shape in detector.shapes:
        rust = pl.Series(everything).str.contains(f"^(?:{shape})$").to_list()
        assert rust == [re.fullmatch(shape, t) is not None for t in everything]


@pytest.mark.parametrize("detector", ALL)
def test_keeps_to_the_common_subset(detector: Detector) -> None:
    for shape in detector.shapes:
        assert not re.search(r"\\[dDwWsSbB1-9]|\(\?[=!<]", shape)
        assert shape.startswith("^")
        assert shape.endswith("$")
    if detector.search:
        groups = regex.compile(detector.search).groupindex
        assert set(groups) <= {"value"}


@pytest.mark.parametrize("detector", ALL)
def test_functions_are_total(detector: Detector) -> None:
    odd = ["", " ", "\x00", "\ud800", "９" * 300, "-" * 50, "😀", "\n", "0" * 20, "²³¹²³¹²³", "٠١٢٣٤٥٦٧٨٩٠", "①②③④⑤⑥⑦"]
    everything = odd + [t for d in DETECTORS.values() for t in (*d.yes, *d.no)]
    for text in everything:
        if detector.check:
            assert detector.check(text) in (True, False)
        if detector.subtype:
            assert detector.subtype(text) is None or isinstance(detector.subtype(text), str)
        if detector.strength:
            assert 0.0 <= detector.strength(text) <= 1.0
