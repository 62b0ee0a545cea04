"""Actions: every one is total, refuses wrong options, and leaves nothing for a second look to find."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from random import Random

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from piiscan import actions, policy, registry
from piiscan.errors import UsageError

ACTIONS = registry.actions()
DETECTORS = registry.detectors()
#: One invented value for each entity; detectors add their own samples.
VALUES = {
    "person_name": ["山田 太郎", "髙﨑 花子", "John Smith", "グエン ヴァン アン"],
    "person_name_kana": ["ヤマダ タロウ", "やまだ たろう", "ﾔﾏﾀﾞ ﾀﾛｳ"],
    "postal_code": ["100-0001", "〒１００－０００１"],
    "address": ["東京都千代田区丸の内1-1-1", "大阪府大阪市北区梅田１丁目２番３号 梅田ビル４０１号室"],
    "phone": ["090-0123-4567", "０３（００００）０００１", "+81-90-0123-4567"],
    "email": ["taro.yamada@example.jp", "t@example.jp"],
    "birth_date": ["1975-01-31", "昭和50年1月31日", "S50.1.31", "19750131", "１９７５年１月３１日"],
    "my_number": ["123456789018", "1234-5678-9018"],
}


def act(action: str, entity: str, text: str, **options: str | int) -> str:
    return ACTIONS[action].apply(entity, text, options)


def test_no_file_is_left_out():
    files = {p.stem for p in Path(actions.__path__[0]).glob("*.py") if not p.stem.startswith("_")}
    assert files == set(ACTIONS) >= {"keep", "drop", "mask", "label", "generalise"}


@pytest.mark.parametrize("action", [a.id for a in ACTIONS.values() if not a.keyed])
@given(entity=st.sampled_from(list(policy.ENTITIES)), text=st.text(max_size=40))
def test_total_for_any_text(action, entity, text):
    assert isinstance(act(action, entity, text), str)


@pytest.mark.parametrize("action", [a.id for a in ACTIONS.values() if a.keyed])
def test_what_needs_a_key_says_so(action):
    with pytest.raises(UsageError) as caught:
        act(action, "phone", "090-0123-4567")
    assert caught.value.reason == "action_wants_key"


@pytest.mark.parametrize("action", ACTIONS)
def test_empty_stays_empty(action):
    assert act(action, "phone", "") == ""


@pytest.mark.parametrize(
    "action, options, reason",
    [
        ("keep", {"x": 1}, "action_unknown_option"),
        ("drop", {"keep": 1}, "action_unknown_option"),
        ("mask", {"keep": "3"}, "action_wrong_option"),
        ("mask", {"keep": True}, "action_wrong_option"),
        ("mask", {"keep": 17}, "action_wrong_option"),
        ("label", {"text": 3}, "action_wrong_option"),
        ("generalise", {"place": "town"}, "action_wrong_option"),
        ("generalise", {"date": 1975}, "action_wrong_option"),
        ("generalise", {"on": "yesterday"}, "action_wrong_option"),
        ("generalise", {"band": 1}, "action_wrong_option"),
    ],
)
def test_wrong_options_are_refused(action, options, reason):
    with pytest.raises(UsageError) as caught:
        ACTIONS[action].apply("phone", "", options)
    assert caught.value.reason == reason


# ---------------------------------------------------------------- mask, label


@pytest.mark.parametrize(
    "text, masked",
    [
        ("090-0123-4567", "***-****-****"),
        ("山田 太郎", "■■ ■■"),
        ("taro@example.jp", "****@*******.**"),
        ("昭和50年1月31日", "■■**■*■**■"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "■■■■ ■■■"),
        ("♀", "■"),
        ("㈱見本", "■■■"),
        ("〒100-0001", "〒***-****"),
        ("+81 90", "+** **"),
    ],
)
def test_mask_keeps_the_outline(text, masked):
    assert act("mask", "x", text) == masked


def test_mask_keeps_a_beginning_but_never_most():
    assert act("mask", "phone", "090-0123-4567", keep=3) == "090-****-****"
    assert act("mask", "person_name", "山田太郎", keep=9) == "山田■■"
    assert act("mask", "person_name", "林", keep=1) == "■"
    assert act("mask", "password", "sakura#1") == "********"
    assert act("mask", "my_number", "123456789018", keep=4) == "*" * 12


@given(st.text(max_size=60))
def test_mask_leaves_no_letter_and_no_digit(text):
    assert not any(c.isalnum() for c in act("mask", "phone", text).replace("■", ""))


def test_label_names_the_kind():
    assert ACTIONS["label"].apply("person_name", "山田 太郎", {"text": "氏名"}) == "〔氏名〕"
    assert policy.load().actions.for_entity("email", "readable")[0] == "label"


def values() -> list[tuple[str, str]]:
    random = Random(20261121)
    found = [(entity, value) for entity, values in VALUES.items() for value in values]
    for detector in DETECTORS.values():
        found += [(detector.id, text) for text in detector.yes]
        if detector.sample:
            found += [(detector.id, detector.sample(random)) for _ in range(20)]
    return found


@cache
def searchers() -> dict[str, regex.Pattern[str]]:
    return {d.id: regex.compile(d.search) for d in DETECTORS.values() if d.search}


def seen(entity: str, text: str) -> list[str]:
    """The detectors that take ``text`` for one of theirs, as a cell or inside a sentence.

    Detectors that need a header are asked only where the header would be theirs.
    """
    found = []
    for detector in DETECTORS.values():
        if detector.needs_context and detector.id != entity:
            continue
        fits = any(re.fullmatch(shape, text) for shape in detector.shapes)
        if fits and (detector.check is None or detector.check(text)):
            found.append(detector.id)
        for match in searchers()[detector.id].finditer(f"本日、{text}。") if detector.id in searchers() else ():
            value = match.group("value") if "value" in match.re.groupindex else match.group()
            if detector.check is None or detector.check(value):
                found.append(detector.id)
    return found


@pytest.mark.parametrize("action", ["mask", "label", "drop"])
def test_a_second_look_finds_nothing(action):
    left = {(entity, tuple(hits)) for entity, value in values() if (hits := seen(entity, act(action, entity, value)))}
    assert left == set()


# ---------------------------------------------------------------- generalise


@pytest.mark.parametrize(
    "entity, text, options, coarse",
    [
        ("birth_date", "1975-01-31", {}, "1975年"),
        ("birth_date", "1975-01-31 00:00:00", {}, "1975年"),
        ("birth_date", "昭和50年1月31日", {}, "1975年"),
        ("birth_date", "S50.1.31", {"date": "month"}, "1975年1月"),
        ("birth_date", "平成元年２月３日", {"date": "month"}, "1989年2月"),
        ("birth_date", "19750131", {"date": "decade"}, "1970年代"),
        ("birth_date", "1975/1/31(金)", {"date": "age_band", "on": "2025-01-30"}, "40代"),
        ("birth_date", "1975/1/31", {"date": "age_band", "on": "2025-01-31"}, "50代"),
        ("birth_date", "1975/1/31", {"date": "age_band", "band": 5, "on": "2025-01-31"}, "50〜54歳"),
        ("birth_date", "1910-05-05", {"on": "2025-01-31"}, "1935年以前"),
        ("birth_date", "1975-02-31", {}, "****-**-**"),
        ("birth_date", "不明", {}, "■■"),
        ("age", "52", {}, "50代"),
        ("age", "満９歳", {}, "10歳未満"),
        ("age", "104歳", {}, "90歳以上"),
        ("age", "五十", {}, "■■"),
        ("postal_code", "〒１００－０００１", {}, "100-****"),
        ("postal_code", "600001", {}, "060-****"),
        ("postal_code", "1234", {}, "****"),
        ("income", "4,500,000円", {}, "400万円以上500万円未満"),
        ("income", "450万円", {"step": 500000}, "450万円以上500万円未満"),
        ("income", "99000000", {}, "2,000万円以上"),
        ("income", "多い", {}, "■■"),
        ("person_name", "山田 太郎", {}, "■■ ■■"),
        ("phone", "090-0123-4567", {}, "***-****-****"),
    ],
)
def test_generalise(entity, text, options, coarse):
    assert act("generalise", entity, text, **options) == coarse


@pytest.mark.parametrize(
    "entity, text, place, coarse",
    [
        ("address", "東京都千代田区丸の内1-1-1", "prefecture", "東京都"),
        ("address", "東京都千代田区丸の内1-1-1", "city", "東京都千代田区"),
        ("address", "千代田区丸の内1-1-1", "prefecture", "東京都"),
        ("address", "〒100-0001 東京都千代田区千代田1-1", "prefecture", "東京都"),
        ("address_part", "東京都", "prefecture", "東京都"),
        ("address_part", "丸の内1-1-1", "prefecture", "■■■*-*-*"),
        ("address", "どこか遠く", "prefecture", "■■■■■"),
    ],
)
def test_generalise_a_place(entity, text, place, coarse):
    pytest.importorskip("piiscan.lexicon.places")
    assert act("generalise", entity, text, place=place) == coarse
