"""A value that fits an entity has the sign by which columns without it are told."""

from __future__ import annotations

from random import Random
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piiscan import registry
from piiscan.judge import cells
from piiscan.judge.grid import Grid
from piiscan.judge.signs import inside, may_score, sign
from piiscan.judge.values import SCORES
from piiscan.lexicon import organisations
from piiscan.lexicon._organisation_words import ABBREVIATIONS, COMPANY_ENDS, FACILITY_ENDS, LEGAL_FORMS
from piiscan.text import _SELECTORS, _VARIANT_TABLE, fold, fold_kanji

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


@pytest.mark.parametrize("entity", SCORES)
def test_what_the_lexicon_believes_may_be_scored(entity: str) -> None:
    rng = Random(entity)
    samples = [DETECTORS[e].sample(rng) for e in SCORES for _ in range(200)]
    believed = [t for t in [*TEXTS, *samples] if SCORES[entity](t) >= 0.5]
    assert len(believed) > 5
    assert all(may_score(entity, t) for t in believed)


def test_kanji_alone_are_neither_kana_nor_latin_nor_an_address() -> None:
    assert not any(may_score(e, "山田\n太郎") for e in ("person_name_kana", "person_name_romaji", "address"))


def test_the_cells_of_a_row_are_those_with_something_in_them() -> None:
    grid = Grid([4, 5], {2: ["a", " \u3000"], 7: ["", " b"]})
    assert [grid.cells(p) for p in (0, 1)] == [[(2, "a")], [(7, " b")]]
    assert Grid([0], {}).cells(0) == []


ODD = "山田々〆ヶヵ〇○元年月1一.-昭和 \u3000カあaA@*×△…㐀鿿豈髙﨑\ufe00"


@settings(max_examples=300)
@given(st.text(alphabet=ODD, max_size=7))
def test_the_kind_of_a_cell_is_the_first_that_it_fits(text: str) -> None:
    plain = fold(text)
    first = next((name for pattern, name in cells._ORDER if pattern.fullmatch(plain)), "mixed")
    assert cells.kind(text) == (first if plain else "empty")


@settings(max_examples=200)
@given(st.text(alphabet=ODD, max_size=7))
def test_kanji_are_folded_wherever_one_is_to_be(text: str) -> None:
    assert fold_kanji(text) == _SELECTORS.sub("", text).translate(_VARIANT_TABLE)


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from([*COMPANY_ENDS, *FACILITY_ENDS, *LEGAL_FORMS, *"(株)ｶK1 田Inc.", "ホウジン"]), max_size=4)
)
def test_organisations_are_found_by_every_word_and_sign(parts: list[str]) -> None:
    plain = normalize("NFKC", "".join(parts)).strip()
    if 2 <= len(plain) <= 60:
        assert not ABBREVIATIONS.search(plain) or organisations.is_company(plain)
        assert not (plain.endswith(COMPANY_ENDS) and plain not in COMPANY_ENDS) or organisation_or_short(plain)
        longest = max((e for e in FACILITY_ENDS if plain.endswith(e)), key=len, default="")
        assert len(longest) < 2 or plain == longest or organisations.is_facility(plain)


def organisation_or_short(plain: str) -> bool:
    """Whether a text that ends like a company scores as one: an end of one character alone, 組, scores less."""
    return organisations.organisation_score(plain) >= 0.4
