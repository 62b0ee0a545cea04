"""Addresses are taken apart with real names, whatever endings those hold inside."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from piiscan.lexicon import places
from piiscan.lexicon.places import address_part_score, address_score, parse_address


@pytest.mark.parametrize(
    "text, prefecture, city, town, block",
    [
        ("東京都千代田区霞が関二丁目1番6号", "東京都", "千代田区", "霞が関", "二丁目1番6号"),
        ("千代田区霞ヶ関２−１−６", "東京都", "千代田区", "霞ヶ関", "2-1-6"),
        ("東京都　千代田区　霞が関　1ー2ー3", "東京都", "千代田区", "霞が関", "1-2-3"),
        ("〒100-0013 東京都千代田区霞が関1-2-3 見本ビル3F", "東京都", "千代田区", "霞が関", "1-2-3"),
        ("島本町桜井1-1-1", "大阪府", "三島郡島本町", "桜井", "1-1-1"),
        ("四日市市諏訪町1番5号", "三重県", "四日市市", "諏訪町", "1番5号"),
        ("千葉県市川市八幡1-1-1", "千葉県", "市川市", "八幡", "1-1-1"),
        ("余市町朝日町26", "北海道", "余市郡余市町", "朝日町", "26"),
        ("大和郡山市北郡山町248-4", "奈良県", "大和郡山市", "北郡山町", "248-4"),
        ("福岡県京都郡苅田町富久町1-19-1", "福岡県", "京都郡苅田町", "富久町", "1-19-1"),
        ("岩手県八幡平市大更第35地割62", "岩手県", "八幡平市", "大更", "第35地割62"),
        ("石川県金沢市イ38-4", "石川県", "金沢市", "", "イ38-4"),
        ("奈良県御所市1番地の3", "奈良県", "御所市", "", "1番地の3"),
        ("札幌市 中央区 北3条西6丁目", "北海道", "札幌市中央区", "", "北3条西6丁目"),
        (
            "京都市中京区寺町通御池上る上本能寺前町488番地",
            "京都府",
            "京都市中京区",
            "寺町通御池上る上本能寺前町",
            "488番地",
        ),
        ("府中市宮西町2-24", "東京都", "府中市", "宮西町", "2-24"),
        ("東京都青ヶ島村無番地", "東京都", "青ヶ島村", "", "無番地"),
        ("東京千代田区神田1-2", "東京都", "千代田区", "神田", "1-2"),
    ],
)
def test_takes_apart(text: str, prefecture: str, city: str, town: str, block: str) -> None:
    address = parse_address(text)
    assert address is not None
    assert (address.prefecture, address.city, address.town, address.block) == (prefecture, city, town, block)
    assert address.score > 0.5


@pytest.mark.parametrize(
    "text",
    ["東京都", "千葉市", "千葉市立中央図書館", "東京都水道局", "横浜市役所", "北海道産じゃがいも", "山形市長", "世田谷区在住", "横浜市で10", "佐藤太郎",
     "2026-04-01", "東京都の人口は1400万人", "", "町田", "京都府警察本部", "千葉市では3回開催"],
)  # fmt: skip
def test_refuses(text: str) -> None:
    assert address_score(text) <= 0.5


def test_finds_the_building() -> None:
    address = parse_address("神奈川県横浜市中区日本大通1 横浜ハイツ203号室")
    assert address is not None
    assert address.building == "横浜ハイツ203号室"


def test_real_towns_with_a_number_are_addresses() -> None:
    rng = random.Random(1)
    found = 0
    for _ in range(1000):
        prefecture = rng.choice(["沖縄県", "京都府", "岩手県", "北海道", "東京都", "石川県"])
        town = rng.choice(TOWNS[prefecture])
        found += address_score(f"{town.prefecture}{town.city}{town.name}{rng.randint(1, 9)}-{rng.randint(1, 99)}") > 0.5
    assert found >= 998


TOWNS = {
    p: [t for t in places.towns(p) if t.name] for p in ("沖縄県", "京都府", "岩手県", "北海道", "東京都", "石川県")
}


def test_other_scripts_score_less() -> None:
    assert 0.5 < address_score("ﾄｳｷﾖｳﾄ ﾁﾖﾀﾞｸ ｶｽﾐｶﾞｾｷ 1-2-3") < 0.9
    assert 0.5 < address_score("1-2-3 Kasumigaseki, Chiyoda-ku, Tokyo") < 0.9


@pytest.mark.parametrize(
    "text, kind",
    [("東京都", "prefecture"), ("横浜市", "city"), ("神奈川県横浜市", "city"), ("三島郡島本町", "city"), ("千代田区霞が関", "city_town"),
     ("霞ヶ関２−１−６", "town"), ("3丁目4番5号", "block"), ("1-2-3", "block"), ("グランドハイツ203", "building"), ("203号室", "building"),
     ("南1条西5丁目", "block"), ("1-2-3 コーポ見本101", "block"), ("トウキョウト", "prefecture"), ("ﾖｺﾊﾏｼ", "city")],
)  # fmt: skip
def test_parts(text: str, kind: str) -> None:
    score, found = address_part_score(text)
    assert (found, score >= 0.5) == (kind, True)


@pytest.mark.parametrize(
    "text", ["2026-1-1", "営業部", "りんご", "03-0000-0000", "", "佐藤太郎", "100", "ABC", "会議室"]
)
def test_no_parts(text: str) -> None:
    assert address_part_score(text)[0] < 0.5


def test_postal_codes() -> None:
    assert places.postal_exists("1000013")
    assert places.postal_exists("１００００１３")
    assert not places.postal_exists("1990000")
    assert not places.postal_exists("100013")
    assert [t.name for t in places.postal_places("1000013")] == ["霞が関"]
    assert len({t.prefecture for t in places.postal_places("4980000")}) == 2
    assert sum(places.postal_exists(f"{n:07}") for n in range(0, 10_000_000, 31)) == pytest.approx(
        142_920 / 31, rel=0.05
    )


def test_counts_of_places() -> None:
    assert len(places.prefectures()) == 47
    assert len(list(places.municipalities())) == 1892


def test_place_names() -> None:
    for text in ("東京都", "千葉", "横浜市", "新宿駅", "神奈川県横浜市", "中央区"):
        assert places.is_place_name(text), text
    for text in ("佐藤太郎", "会計", "", "りんご"):
        assert not places.is_place_name(text), text


def test_importing_loads_no_data() -> None:
    code = (
        "import piiscan.lexicon.names, piiscan.lexicon.places, piiscan.lexicon.organisations as o\n"
        "import piiscan.lexicon._name_data as n, piiscan.lexicon._place_data as p\n"
        "names = piiscan.lexicon.names\n"
        "for text in ('GET /index.html 200', '2026-01-01 12:00:00', 'error 12'):\n"
        "    names.full_name_score(text), names.kana_name_score(text), names.surname_score(text), o.organisation_score(text)\n"
        "    piiscan.lexicon.places.address_part_score(text)\n"
        "assert n.surnames.cache_info().currsize == n.given.cache_info().currsize == 0\n"
        "assert p.cities.cache_info().currsize == p.all_towns.cache_info().currsize == 0\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
