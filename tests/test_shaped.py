"""Shapes that are compiled late give what they would give together, compiled at once."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiscan import registry, shaped

#: Each asks something of how a shape is cut: escapes, classes with brackets and hyphens in them, ranges, groups.
SHAPES = (
    r"^[0-9０-９]{2,4}-[a-c]$", r"(?:あ|い)+\.?", r"[-a]{1,3}", r"[a-]{1,3}", r"[]x]+", r"[a\]b]{2}", r"\[a-c\]", r"[\-.．]{1,2}",
    r"[a\\-\]]+", r"(a|b)?c*", r"x|yz", r"[+-9]{2}", "[(（\\[［]a[)）\\]］]", r"a{1,2}b", r"[#-%]+", "[\n ]{1,2}", r"[ア-ンー]{2}",
)  # fmt: skip
#: What these match is not listed, so that they are always asked.
OPEN_SHAPES = (
    ".",
    "[^a]",
    r"\d",
    r"\x41",
    r"[\d]",
    r"[\x41]",
    "[一-龥]",
    "(?i:a)",
    "(?=a)a",
    r"a\x2e",
    r"[\n]",
    r"(?P<n>a)",
)


def fresh(shapes: tuple[str, ...]):
    return shaped.wholly.__wrapped__(shapes)


def at_once(shapes: tuple[str, ...], text: str) -> bool:
    return re.fullmatch("|".join(f"(?:{s})" for s in shapes), text) is not None if shapes else False


@pytest.mark.parametrize("shape", SHAPES)
@given(data=st.data())
def test_what_a_shape_matches_is_in_its_alphabet(shape: str, data) -> None:
    letters = shaped.alphabet(shape)
    assert letters is not None
    text = data.draw(st.from_regex(shape, fullmatch=True))
    assert letters.issuperset(text)
    assert fresh((shape,))(text)


@pytest.mark.parametrize("shape", OPEN_SHAPES)
def test_what_cannot_be_told_is_asked_of_the_pattern(shape: str) -> None:
    assert shaped.alphabet(shape) is None


@pytest.mark.parametrize("detector", registry.detectors().values(), ids=lambda d: d.id)
def test_the_same_cells_fit_as_with_one_pattern(detector) -> None:
    rng = Random(detector.id)
    every = registry.detectors().values()
    texts = [t for d in every for t in (*d.yes, *d.no)] + [d.sample(rng) for d in every if d.sample for _ in range(8)]
    texts += ["", " ", "\n", *(t + rng.choice("\n 0あ") for t in texts[::7])]
    matches = fresh(detector.shapes)
    assert [t for t in texts if matches(t)] == [t for t in texts if at_once(detector.shapes, t)]


def test_a_shape_that_cannot_match_is_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    matches = fresh(("[あ-ん]+", "[0-9]+"))
    compiled: list[str] = []
    plain = re.compile
    monkeypatch.setattr(re, "compile", lambda shape: compiled.append(shape) or plain(shape))
    assert matches("12")
    assert not matches("xy")
    assert compiled == ["[0-9]+"]


def test_a_pattern_of_a_module_is_compiled_when_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[object] = []
    plain = re.compile
    monkeypatch.setattr(re, "compile", lambda *made_of: compiled.append(made_of) or plain(*made_of))
    pattern = shaped.later("(a)b*", re.IGNORECASE)
    raw = shaped.later(b"[0-9]")
    assert compiled == []
    assert pattern.sub(r"<\1>", "xABBa") == "x<A><a>"
    assert [m[0] for m in pattern.finditer("Ab")] == ["Ab"]
    assert pattern.pattern == "(a)b*"
    assert raw.search(b"a1")
    assert compiled == [("(a)b*", re.IGNORECASE), (b"[0-9]", 0)]
    with pytest.raises(AttributeError):
        pattern.no_such_method  # noqa: B018
