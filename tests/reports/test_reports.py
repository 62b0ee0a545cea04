"""Every report file is found, and every entity of the contract has a name."""

from __future__ import annotations

from pathlib import Path

import pytest

import piiscan.reports
from piiscan import policy
from piiscan.reports import reports
from piiscan.reports._words import duty_words, entity_label


def test_no_file_is_left_out() -> None:
    files = {p.stem for p in Path(piiscan.reports.__file__).parent.glob("*.py") if not p.stem.startswith("_")}
    assert files == set(reports())


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("entity", sorted(policy.ENTITIES))
def test_every_entity_has_a_name(entity: str, lang: str) -> None:
    assert entity_label(entity, lang) != entity or lang == "en"
    assert any(c >= "ぁ" for c in entity_label(entity, "ja"))


def test_every_duty_has_words() -> None:
    for duty in policy.load().severity.duties:
        assert duty_words(duty.id, duty.more_than, "ja") != duty.id


def test_an_unknown_duty_is_shown_by_its_id() -> None:
    assert duty_words("own-1", 5, "ja") == "own-1"
