"""Names and addresses in running text: the span is the value itself, not its cue."""

from __future__ import annotations

import pytest
import regex

from piiscan import registry

FOUND = [
    ("山田太郎様 いつもありがとうございます。", "person_name", "山田太郎"),
    ("株式会社テスト 山田様", "surname", "山田"),
    ("テスト商事 山田様", "surname", "山田"),
    ("営業部 佐藤 花子 様", "person_name", "佐藤 花子"),
    ("担当：鈴木", "surname", "鈴木"),
    ("担当：鈴木一郎（内線123）", "person_name", "鈴木一郎"),
    ("氏名：高橋 さくら", "person_name", "高橋 さくら"),
    ("代表取締役 田中一郎", "person_name", "田中一郎"),
    ("例示商事の山田です。", "surname", "山田"),
    ("伊藤花子(イトウハナコ)です", "person_name", "伊藤花子"),
    ("フリガナ：サトウ タロウ", "person_name_kana", "サトウ タロウ"),
    ("渡邉氏より連絡", "surname", "渡邉"),
    ("〒100-0013 東京都千代田区霞が関1-2-3 見本ビル3F です", "postal_code", "〒100-0013"),
    ("〒100-0013 東京都千代田区霞が関1-2-3 見本ビル3F です", "address", "東京都千代田区霞が関1-2-3 見本ビル3F"),
    ("住所は千代田区霞が関2-1-6です。", "address", "千代田区霞が関2-1-6"),
    ("さいたま市浦和区高砂3-15-1へ送る", "address", "さいたま市浦和区高砂3-15-1"),
    ("郵便番号：100-0013", "postal_code", "100-0013"),
]

NOTHING = [
    "お客様各位", "神様、仏様", "皆様にはお変わりなく", "患者様が来院", "学生さんが多い", "東京都の人口は1400万人", "千葉県産の落花生 500g",
    "平成5年に千葉市で開催", "王様の耳", "こちらは本です。", "電話番号 123-4567", "横浜市で10回、20人が参加", "奥さんとお子さん",
    "商品名：テレビ", "会員様限定", "担当：未定", "備考：特になし", "部長様",
]  # fmt: skip


def spans(entity: str, text: str) -> list[str]:
    """What one detector finds, as the contract says: its pattern, then its check on the span."""
    detector = registry.detectors()[entity]
    assert detector.search is not None
    matches = (m["value"] or m[0] for m in regex.finditer(detector.search, text))
    return [v for v in matches if detector.check is None or detector.check(v)]


@pytest.mark.parametrize("text, entity, value", FOUND)
def test_finds_the_value_alone(text: str, entity: str, value: str) -> None:
    assert value in spans(entity, text)


@pytest.mark.parametrize("text", NOTHING)
def test_finds_nobody(text: str) -> None:
    for entity in ("person_name", "surname", "person_name_kana", "address", "postal_code"):
        assert spans(entity, text) == []
