"""A thousand damaged files through the real pipeline: no crash, no hang, no traceback, no unexpected exception."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import mutations  # noqa: E402
import run_mutants  # noqa: E402
import seed_files  # noqa: E402


def test_seeds_are_what_they_are_called() -> None:
    """Damage is worth something only where the sound file is read."""
    states = {}
    for name, data in seed_files.seeds().items():
        states[name] = run_mutants.state_of(name, data)
    in_part = {n for n, s in states.items() if s == "partial"}
    assert {n: s for n, s in states.items() if s not in ("scanned", "encrypted") and n not in in_part} == {}
    assert in_part == {n for n in states if n.startswith("photo.")} | {
        "places.xlsm", "macros.bin", "files.cab", "files.lzh", "files.rar",
    }  # fmt: skip


def test_a_mutant_can_be_made_again() -> None:
    files = run_mutants.sources([])
    assert [run_mutants.mutant(n, 7, files) for n in range(20)] == [run_mutants.mutant(n, 7, files) for n in range(20)]
    assert len({run_mutants.mutant(n, 7, files)[1] for n in range(50)}) > 40


def test_every_kind_of_damage_is_done() -> None:
    for name, data in seed_files.seeds().items():
        for operation in mutations.structure_of(data):
            assert any(operation(data, Random(n)) != data for n in range(20)), (name, operation.__name__)


def test_a_thousand_mutants() -> None:
    tally = run_mutants.run(1000, seed=20260101, jobs=2)
    assert tally.crashes == []
    assert tally.defects == []
    assert sum(tally.states.values()) == 1000
    assert tally.megabytes <= run_mutants.MEGABYTES


@pytest.mark.parametrize("reason", ["internal", "timed_out", "too_much_memory", "parser_crashed", "none"])
def test_what_is_a_defect(reason: str) -> None:
    tally = run_mutants.Tally()
    run_mutants.book(tally, ["000003-a.csv"], {"000003-a.csv": ["unreadable", reason]})
    assert tally.defects == [(3, "000003-a.csv", reason)]
