"""Names without a cue: only with the extra, and never a surname alone."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from piiscan.prose import tagger

INSTALLED = find_spec("sudachipy") is not None


class Word:
    """A word as the analyser gives it: where it stands and what it is marked as."""

    def __init__(self, surface: str, begin: int, mark: str | None) -> None:
        self._surface, self._begin, self._mark = surface, begin, mark

    def surface(self) -> str:
        return self._surface

    def begin(self) -> int:
        return self._begin

    def end(self) -> int:
        return self._begin + len(self._surface)

    def part_of_speech(self) -> tuple[str, ...]:
        return ("名詞", "固有名詞", "人名", self._mark) if self._mark else ("名詞", "普通名詞", "一般", "*")


def words(*parts: tuple[str, str | None]) -> list[Word]:
    made, position = [], 0
    for surface, mark in parts:
        made.append(Word(surface, position, mark))
        position += len(surface)
    return made


@pytest.mark.parametrize(
    "parts, spans",
    [
        pytest.param([("山田", "姓"), ("花子", "名"), ("が", None)], [(0, 4)], id="surname and given name"),
        pytest.param([("山田", "姓"), (" ", None), ("花子", "名")], [(0, 5)], id="with a space"),
        pytest.param([("森", "姓"), ("を", None), ("歩く", None)], [], id="surname alone"),
        pytest.param([("花子", "名"), ("が", None)], [], id="given name alone"),
        pytest.param([("ジャン", "一般"), ("・", None), ("ルノー", "一般")], [(0, 7)], id="foreign name in parts"),
        pytest.param([("ルノー", "一般"), ("を", None)], [], id="one foreign word"),
    ],
)
def test_runs(parts: list[tuple[str, str | None]], spans: list[tuple[int, int]]) -> None:
    assert list(tagger._runs(words(*parts))) == spans  # type: ignore[arg-type]


@pytest.mark.skipif(INSTALLED, reason="the extra is installed")
def test_nothing_without_the_extra() -> None:
    assert tagger.tokenizer() is None
    assert list(tagger.tagged_names("昨日は山田花子と会った。")) == []


@pytest.mark.skipif(not INSTALLED, reason="needs piiscan[ner]")
def test_finds_a_name_in_prose() -> None:
    text = "昨日は髙橋花子と会った。"
    assert [text[a:b] for a, b in tagger.tagged_names(text)] == ["髙橋花子"]
