"""What stands beside known names, and who speaks: readings, birthdays, messages as they are saved and copied."""

from __future__ import annotations

import pytest

from piiscan.prose.finding import find_spans
from piiscan.registry import detectors


def found(text: str) -> set[tuple[str, str]]:
    """(entity, text) of everything found in a text that is no cell."""
    return {(s.entity, text[s.start : s.end]) for s in find_spans(text, detectors(), prose=True)}


def values(text: str) -> set[str]:
    return {value for _, value in found(text)}


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("窓口は総務部の白鳥さん（しらとり）です。", "しらとり"),
        ("見本商事 東海林様（ショウジ様）より入電。", "ショウジ"),
        ("担当：神戸 太郎（かんべ　たろう）", "かんべ　たろう"),
        ("朝礼は砂金（いさご）課長より。", "いさご"),
    ],
)
def test_a_reading_behind_a_name(text: str, reading: str) -> None:
    assert reading in values(text)


@pytest.mark.parametrize("text", ["山田さん（ほか）が出席。", "田中様（カメラ）を手配。", "佐藤部長（のみ）了承。"])
def test_other_words_behind_a_name_are_no_readings(text: str) -> None:
    assert not any("kana" in entity for entity, _ in found(text))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("契約者は仁科様（1999年5月5日）と確認。", "1999年5月5日"),
        ("多気郡にお生まれになる（昭和18年4月22日）", "昭和18年4月22日"),
        ("契約者は仁科様（平成5年7月7日）と確認。", "平成5年7月7日"),
        ("保険の申込み：小林様 1961-12-24、以上。", "1961-12-24"),
        ("502　山田 幸子　81F　1943.5.30　骨折", "1943.5.30"),
        ("故人　昭和十二年二月八日生　通夜は未定", "昭和十二年二月八日"),
        ("生年月日：昭和三十年四月一日　本籍 見本市", "昭和三十年四月一日"),
    ],
)
def test_a_day_on_which_somebody_was_born(text: str, day: str) -> None:
    assert ("birth_date", day) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "山田様（2024年5月5日）に発送。",
        "佐藤様 2025-12-24 来店。",
        "鈴木様（平成30年4月1日）",
        "鈴木様（令和元年5月1日）",
        "昭和三十八年五月一日に公募で決まった。",
    ],
)
def test_other_days_are_none(text: str) -> None:
    assert not any(entity == "birth_date" for entity, _ in found(text))


def test_messages_that_a_messenger_has_saved() -> None:
    text = (
        "2024/08/14(水)\n7:03\tきくえ(店長)\tおはよう！\n7:05\tぽん太\t了解です\n7:06\tひろがグループに参加しました。\n"
        "7:08\tきくえ(店長)\t助かる\n7:09\tぽん太\t今から出ます\n8:00\t日報アプリ\t提出済み\n8:30\t日報アプリ\t提出済み\n"
    )
    assert {"きくえ(店長)", "ぽん太"} <= values(text)
    assert not {"ひろがグループに参加しました。", "日報アプリ"} & values(text)
    assert values("7:03\t(管理者)\tおはようございます。本日は全員が在宅です。\n") == set()


def test_messages_that_were_copied() -> None:
    text = "09:01 鈴木 葵\nおはようございます。\n09:05 ぽん太\n遅れます。\n09:08 鈴木 葵\n了解です。\n09:09 ぽん太\n着きました。\n"
    assert {"鈴木 葵", "ぽん太"} <= values(text)
    plan = "09:00 朝礼\n全員\n12:00 休憩\n各自\n15:00 休憩\n各自\n17:00 朝礼\n全員\n"
    assert values(plan) == set()


def test_who_speaks_in_an_interview() -> None:
    text = "ハナ：昭和30年です。\n——名前の由来は。\nハナ：いえいえ。\n——お酒は。\nハナ：飲みません。\n"
    assert "ハナ" in values(text)
    assert "メモ" not in values("メモ：一件目\nメモ：二件目\nメモ：三件目\n")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("旧姓は躑躅森といいまして。", "躑躅森"),
        ("鴨井 佳奈子（旧姓・安心院）より", "安心院"),
        ("来春ご結婚で姓が平野に変わる。", "平野"),
        ("ｶﾅ氏名：ｻｶｲ ﾋﾛｼ　漢字：酒井 弘志", "ｻｶｲ ﾋﾛｼ"),
        ("経理大河原さんに聞く。", "大河原"),
        ("①5個　②藤原様 15個", "藤原"),
        ("残数は合っています、数え直し済みです。以上、工藤でした。", "工藤"),
        ("会社からは藤田生産管理部長が参列します。", "藤田"),
        ("関口家・安東家 結婚披露宴 お席次表（校正）", "安東"),
        ("20:06 退 品質管理 ｻｶﾓﾄ ﾅｵｷ カード", "ｻｶﾓﾄ ﾅｵｷ"),
        ("連絡はよし子先生までお願いします。", "よし子"),
        ("内出血は写真あり。明日濱田さんが来訪。", "濱田"),
        ("アンカーのさくらさんに手を貸した。", "さくら"),
    ],
)
def test_other_ways_in_which_people_are_named(text: str, name: str) -> None:
    assert name in values(text)


@pytest.mark.parametrize(
    "text", ["おかあさんと来店。", "みなさん、こんにちは。", "長男さんが来訪。", "たくさんの応募。"]
)
def test_words_for_people_are_no_names(text: str) -> None:
    assert values(text) == set()


def test_a_new_town_in_kana_behind_a_direction() -> None:
    assert "長野県塩尻市東みどり野2200-8" in values("届け先は長野県塩尻市東みどり野2200-8です。")
    assert "川越市新町通り3丁目5番9号" in values("住所　川越市新町通り3丁目5番9号　電話は不明")
