"""A value that fits an entity has the sign by which columns without it are told."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piiscan import registry
from piiscan.judge.features import _SCORES
from piiscan.judge.grid import Grid
from piiscan.judge.signs import inside, may_score, sign

DETECTORS = registry.detectors()
SIGNED = [d for d in DETECTORS.values() if sign(d.id, d.shapes)]
TEXTS = [t for d in DETECTORS.values() for t in (*d.yes, *d.no)]


@pytest.mark.parametrize("detector", SIGNED, ids=lambda d: d.id)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_what_a_shape_matches_has_a_sign(detector, data) -> None:
    text = data.draw(st.one_of([st.from_regex(shape, fullmatch=True) for shape in detector.shapes]))
    assert sign(detector.id, detector.shapes)(text)
    assert sign(detector.id, detector.shapes)(f"山\n{text}\n田")


@pytest.mark.parametrize("detector", SIGNED, ids=lambda d: d.id)
def test_values_of_an_entity_have_a_sign_and_other_texts_have_none(detector) -> None:
    rng = Random(detector.id)
    found = sign(detector.id, detector.shapes)
    assert all(map(found, detector.yes))
    assert all(found(detector.sample(rng)) for _ in range(20))
    assert not found("々\n〆")


def test_a_shape_loses_its_ends_and_what_may_be_anything() -> None:
    assert inside("^(?s:.*)(?:あ|い)(?s:.*)$") == "(?:あ|い)"
    assert inside("^[^\\n]{0,8}(?:あ)[^\\n]{0,8}$") == "(?:あ)"
    assert inside("あ+") == "あ+"


@pytest.mark.parametrize("entity", _SCORES)
def test_what_the_lexicon_believes_may_be_scored(entity: str) -> None:
    rng = Random(entity)
    samples = [DETECTORS[e].sample(rng) for e in _SCORES for _ in range(200)]
    believed = [t for t in [*TEXTS, *samples] if _SCORES[entity](t) >= 0.5]
    assert len(believed) > 5
    assert all(may_score(entity, t) for t in believed)


def test_kanji_alone_are_neither_kana_nor_latin_nor_an_address() -> None:
    assert not any(may_score(e, "山田\n太郎") for e in ("person_name_kana", "person_name_romaji", "address"))


def test_the_cells_of_a_row_are_those_with_something_in_them() -> None:
    grid = Grid([4, 5], {2: ["a", " \u3000"], 7: ["", " b"]})
    assert [grid.cells(p) for p in (0, 1)] == [[(2, "a")], [(7, " b")]]
    assert Grid([0], {}).cells(0) == []
