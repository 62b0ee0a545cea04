"""Files with very many values go another way, which must come to the same: packed values, recorded reading, columns."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import canary_files
import pytest

from piiscan import pipeline
from piiscan.copies import passes, removed, steps, traces, walking, writing
from piiscan.copies.choosing import chooser
from piiscan.copies.leftovers import searcher
from piiscan.copies.removed import Removed
from piiscan.inspection.knowledge import knowledge
from piiscan.model import CopyOptions, CopyStatus, Limits, ScanOptions, Source

OPTIONS = ScanOptions(isolate=False, person_secret=b"s" * 32)
NAMES = sorted(canary_files.whole())


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three values are many, and every file is large."""
    monkeypatch.setattr(removed, "MOST", 2)
    monkeypatch.setattr(removed, "LATER", 2)
    monkeypatch.setattr(walking, "WORTH", -1)
    monkeypatch.setattr(passes, "REMEMBERED", 1)
    monkeypatch.setattr(writing, "REMEMBERED", 1)


def copy_of(name: str, folder: Path) -> tuple[Any, bytes]:
    source, out = folder / name, folder / "out" / name
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_bytes(canary_files.whole()[name])
    (result,) = pipeline.redact([str(source)], str(out), OPTIONS, CopyOptions())
    return (result.status, result.reason, sorted(result.replaced)), out.read_bytes() if out.exists() else b""


@pytest.mark.parametrize("name", NAMES[::2])
def test_the_copies_are_the_same(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    few = copy_of(name, tmp_path / "few")
    request.getfixturevalue("many")
    assert copy_of(name, tmp_path / "many") == few
    assert few[0][0] is CopyStatus.WRITTEN


def left_in_the_original(name: str) -> tuple[bool, dict[str, int]]:
    """What the second look says of a copy in which nothing was changed."""
    known, limits = knowledge(()), Limits()
    data = canary_files.whole()[name]
    source = Source(name, None, name.rsplit("/", 1)[-1], io.BytesIO(data), len(data))
    replace = chooser(known, CopyOptions())
    gone, was = steps.make_copy(source, io.BytesIO(), known, limits, b"s" * 32, replace)
    left = steps.look_again(source, known, limits, b"s" * 32, replace, gone, was.unread)
    return bool(left.places), dict(left.counts)


@pytest.mark.parametrize("name", NAMES[1::4])
def test_an_original_is_no_copy(name: str, request: pytest.FixtureRequest) -> None:
    few = left_in_the_original(name)
    request.getfixturevalue("many")
    assert left_in_the_original(name) == few
    assert any(few)


def test_values_in_every_encoding_survive_the_sieve() -> None:
    values = [f"見本 太郎{n}" for n in range(50)] + [f"taro{n}@example.jp" for n in range(50)] + ["甲 & 乙 <丙>"]
    gone = Removed()
    for start in range(0, len(values), 10):
        gone.packed.add(dict.fromkeys(values[start : start + 10], "■"))
    for value in values[::7]:
        for codec, errors in traces.CODECS:
            spelt = value.encode(codec, errors)
            grams = traces.Grams()
            grams.add(b"abc" + spelt + b"xyz")
            assert value in gone.packed.among(grams), codec
            assert searcher([value])(io.BytesIO(b"abc\0\0" + spelt + b"\0\0xyz")) == [""]
    grams = traces.Grams()
    grams.add("見本 次郎1、taro@example.jp".encode())
    assert gone.packed.among(grams) == {"甲 & 乙 <丙>": "■"}  # which XML may write otherwise


@pytest.mark.parametrize("step", [1, 2, 4])
def test_a_run_over_the_end_of_a_piece_is_seen(step: int) -> None:
    grams, words = traces.Grams(step=step), [f"{n * 7_919_919_919 % 10**9:09}" for n in range(1, 1001)]
    whole = ",".join(words).encode()
    for start in range(0, len(whole), 7):
        grams.add(whole[start : start + 7])
    assert grams.possible(words, "utf-8", "strict") == list(range(1000))
    others = [f"{n * 7_919_919_919 % 10**9:09}" for n in range(1001, 2001)]
    assert len(grams.possible(others, "utf-8", "strict")) < 100
    assert grams.possible(["absent0", "absently0"], "utf-8", "strict") == ([0] if step == 4 else [])


def test_many_values_of_one_kind_are_sought_as_each_of_them_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {
        "phone": ["090-0123-4567", "（03）0000-1234", "+81 90 0123 4568", " 0900-00", "同上", "09001234569"],
        "address": ["東京都千代田区丸の内0-0-0", "大阪市北区０丁目", "港区 & 区"],
        "birth_date": ["1975年1月31日", "1975-01-31", "31"],
    }
    one_by_one, at_once = Removed(), Removed()
    for entity, values in kinds.items():
        for value in values:
            one_by_one.remember(entity, value, "■")
    monkeypatch.setattr(removed, "LATER", 2)
    for entity, values in kinds.items():
        at_once.remember_all(entity, dict.fromkeys(values, "■"))
    assert dict(at_once.items()) == one_by_one.values
    for value in one_by_one.values:
        for codec, errors in traces.CODECS:
            grams = traces.Grams(step=at_once.packed.step)
            grams.add(b"..." + value.encode(codec, errors) + b"...")
            assert value in at_once.among(grams), codec


def test_masks_at_once_are_masks_one_by_one() -> None:
    choose = chooser(knowledge(()), CopyOptions())
    texts = ["山田 太郎", "090-0123-4567", "", "㈱\u0301♀", "\U00020bb7野屋", " \n"]
    many = choose.many("person_name", texts)  # type: ignore[attr-defined]
    assert many == [choose("person_name", text, None) for text in texts]
    assert choose.many("person_name", ["a\0b", "c"]) is None  # type: ignore[attr-defined]
