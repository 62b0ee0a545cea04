"""Names that nothing but what stands around them tells, and the marked texts that the weights were fitted to."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from piiscan import registry
from piiscan.families import NAME_FAMILY
from piiscan.prose.candidates import candidates
from piiscan.prose.finding import find_in_place, known_spans
from piiscan.prose.likely import likely_names, weighable
from piiscan.prose.searching import Same, Span

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from fit_likely import TEXTS, WEIGHTS, marked_texts


def masked(text: str) -> list[tuple[int, int]]:
    return [(s.start, s.end) for s in find_in_place(text, "text", registry.detectors()) if s.entity in NAME_FAMILY]


@pytest.mark.parametrize(
    ("name", "recall"),
    [
        ("ordinary_1", 0.97),
        ("ordinary_2", 0.96),
        ("ordinary_3", 0.96),
        ("ordinary_4", 0.95),
        ("ordinary_5", 0.93),
        ("ordinary_6", 0.94),
        ("ordinary_7", 0.94),
        ("ordinary_8", 0.93),
        ("ordinary_9", 0.93),
        ("ordinary_10", 0.95),
        ("from_abroad", 0.91),
        ("nasty", 0.88),
        ("tricky", 0.83),
    ],
)
def test_the_people_of_a_text_are_found_and_hardly_anything_else(name: str, recall: float) -> None:
    """These numbers are of texts that were looked at while the rules were made: they say that nothing has got worse."""
    found = there = wrong = 0
    for text, marks in marked_texts(TEXTS / f"{name}.txt"):
        spans = masked(text)
        for start, end, kind in marks:
            if kind == "n":
                there += 1
                found += sum(max(0, min(end, e) - max(start, s)) for s, e in spans) == end - start
        known = [m for m in marks if m[2] in "nde"]
        wrong += sum(not any(s < end and start < e for s, e, _ in known) for start, end in spans)
    assert found / there >= recall
    assert found / (found + wrong) >= (0.91 if name == "tricky" else 0.96)  # written to be mistaken


def test_texts_without_people_have_hardly_any() -> None:
    texts = list(marked_texts(TEXTS / "nobody.txt"))
    wrong = [
        1 for text, marks in texts for s, e in masked(text) if not any(s < end and start < e for start, end, _ in marks)
    ]
    assert len(texts) == 60
    assert len(wrong) <= 50


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("佐藤さんの見解を聞いた。\n安達、羽鳥、上田は展示会の設営に回る。\n以上", "羽鳥"),
        (
            "お世話になっております。鈴木です。\n明日の立会いは星野に任せますので、午後に田中様とお越しください。",
            "星野",
        ),
        ("当番表\n11/1(日)　早 安達　日 百瀬　夜 金丸\n11/2(月)　早 百瀬　日 瓜生　夜 安達\n", "金丸"),
        (
            "担当は佐藤さん、通訳は王さんです。\nムハンマド・アリフさんとタパ ビカスさんも同席します。",
            "ムハンマド・アリフ",
        ),
    ],
)
def test_what_stands_around_a_word_tells_that_it_is_a_name(text: str, name: str) -> None:
    start = text.index(name)
    assert any(s <= start and start + len(name) <= e for s, e in masked(text))


def test_what_is_known_is_not_weighed_again() -> None:
    text = "佐藤さんの見解を聞いた。\n安達、羽鳥、上田は展示会の設営に回る。"
    known = [Span(0, 2, "surname", 0.7)]
    spans = list(likely_names(text, known))
    assert spans
    assert not [s for s in likely_names(text, known + spans) if (s.start, s.end) in {(o.start, o.end) for o in spans}]


def test_every_weight_is_that_of_a_feature() -> None:
    """Otherwise a feature was renamed, and its weight is lost without a word."""
    weights = json.loads(WEIGHTS.read_text("utf-8"))
    features: set[str] = set()
    for path in sorted(TEXTS.glob("*.txt")):
        for text, _ in marked_texts(path):
            for _, groups in weighable(text, known_spans(Same(registry.detectors()), text, prose=True)):
                features.update(*groups)
    lost = {w for w in weights if w not in features and "people" not in w}
    assert not lost


def test_days_are_nobody() -> None:
    words = [
        c.word for c in candidates("From user Mon May 26 2024. Sent: Tuesday, June 25. May Lee and April Jones came.")
    ]
    assert "May Lee" in words
    assert not {"Mon May", "Tuesday, June"} & set(words)


def test_a_part_of_a_name_from_abroad_stands_for_the_whole() -> None:
    text = "話し手　製造課　ティン・ザー・ウィンさん\n\nティン とても静かでした。\nウィンさんから見て、どうですか。リング・ゲージは三階です。"
    assert {text[s:e] for s, e in masked(text)} == {"ティン・ザー・ウィン", "ティン", "ウィン"}


def test_sentences_in_english_name_nobody() -> None:
    text = (
        "Copyright 2026 Kenji Sampleworth\n\nYou may reproduce and distribute copies of the Work. If You institute patent "
        "litigation, any licenses granted to You shall terminate. THE SOFTWARE IS PROVIDED AS IS, WITHOUT WARRANTY OF ANY "
        "KIND, EXPRESS OR IMPLIED, FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY.\n"
    )
    assert {text[s:e] for s, e in masked(text)} <= {"Kenji Sampleworth"}
