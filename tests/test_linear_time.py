"""No pattern may be slow on hostile text: texts made from every pattern of the project, up to a megabyte, for each of them."""

from __future__ import annotations

import re
import time

import pytest
from adversarial import Attack, Use, attacks, patterns

USES = sorted(patterns(), key=lambda use: sorted(use.names))
CASES = [pytest.param(use, id=sorted(use.names)[0].removeprefix("piiscan.")) for use in USES]
MEGABYTE, LARGE = 1_000_000, 16_000
#: What was hostile to patterns that were once here, or elsewhere.
PIECES = (
    "0",
    "0-",
    "a@",
    "a.",
    "山",
    "1年",
    "TEL:",
    "(",
    "a@a.a,",
    "昭和5",
    "03-0000-0000 ",
    "- ",
    " ",
    "'",
    '"',
    "<a ",
    "&",
)


def hostile(use: Use) -> list[Attack]:
    return attacks(use.pattern.pattern, use.pattern.flags) + [Attack("", piece, "!") for piece in PIECES]


def pace() -> float:
    """How many times slower than usual this machine is at the moment; other work may share its cores."""
    text, pattern = "a山0 " * 50_000, re.compile("[a-z]+[0-9]")
    start = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return max(1.0, (time.process_time() - start) / 0.005)


def slow(use: Use, attack: Attack) -> str | None:
    """What is wrong with a pattern: the time that it takes grows faster than the text, or is too long as it is.

    Small texts first, so that a bad pattern fails instead of hanging.
    """
    if min(use.busy(attack.text(1000)) for _ in range(2)) > 0.05:
        return f"more than 0.05 s for 1,000 characters of {attack}"
    large = use.busy(attack.text(LARGE))
    if large > 0.012:
        large = min(large, *(use.busy(attack.text(LARGE)) for _ in range(2)))
        quarter = min(use.busy(attack.text(LARGE // 4)) for _ in range(3))
        if large > 0.15 or (large > 0.012 and large > 8 * quarter):
            return f"{large:.3f} s for {LARGE} characters, {quarter:.3f} s for a quarter of {attack}"
    return None


@pytest.mark.parametrize("use", CASES)
def test_time_grows_no_faster_than_the_text(use: Use) -> None:
    assert [why for attack in hostile(use) if (why := slow(use, attack))] == []


@pytest.mark.slow
@pytest.mark.parametrize("use", CASES)
def test_a_megabyte_takes_less_than_a_second(use: Use) -> None:
    allowed = 1.0
    for attack in hostile(use):
        if use.busy(attack.text(MEGABYTE // 20)) * 20 < 0.3:
            continue  # the other test has shown that it will not be four times that
        if use.busy(attack.text(MEGABYTE)) > allowed:
            best = min(use.busy(attack.text(MEGABYTE)) for _ in range(2))
            assert best < allowed * pace(), attack


def test_patterns_are_found_where_they_are() -> None:
    """The list is not empty by accident: constants, tables, calls, detectors."""
    names = {name for use in USES for name in use.names}
    assert "piiscan.formats._xlsx_stream.CELL" in names
    assert any(name.startswith("piiscan.judge.cells._ORDER") for name in names)
    assert any(name.startswith("text.py:") for name in names)
    assert {"search of phone", "shape of phone"} <= names
    assert len(USES) > 400


@pytest.mark.parametrize(
    "pattern",
    [r"a+b", r"<t[^>]*>", r"\s*(?:x|y)$", r"(?:[a-z]+ ?)+!", r"'(?:[^']|'')+'!", r"[0-9][0-9 ]*(?:-[0-9 ]*)+"],
)
def test_a_pattern_that_is_not_linear_is_caught(pattern: str) -> None:
    use = Use(re.compile(pattern), {"x"}, {"finditer"})
    assert any(slow(use, attack) for attack in attacks(pattern))


def test_a_removed_value_that_repeats_itself_is_sought_in_linear_time() -> None:
    """The quicker automata of the library take a minute to be made of it."""
    from piiscan.copies.removed import finder

    start = time.process_time()
    find = finder({"A" * 200_000: "password", "山田太郎": "person_name"})
    assert [(a, b) for a, b, _ in find("山田太郎 " + "A" * 200_000)] == [(0, 4), (5, 200_005)]
    assert time.process_time() - start < 5
