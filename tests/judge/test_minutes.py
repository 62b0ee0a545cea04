"""Names in minutes, letters, forms and tables that stand in a text, and what stands there without being one."""

from __future__ import annotations

import pytest
from test_prose import found

TASKS = """宿題
・移行計画のたたき台（三上、11/8）
・更新失敗の原因調査 …… 高野、安藤（2/28）
応援者の人選　　　　　　風間　　　5/13
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TASKS, {"三上", "高野", "安藤", "風間"}),
        ("第2回会議\n参加　岩田（PM）、安藤、寺内、久米（法務）\n配布　資料一式\n", {"岩田", "安藤", "寺内", "久米"}),
        ("出席者：総務　星野\n　見本工場　渡部工場長、風間（Zoom）\n欠席者：なし\n", {"星野", "渡部", "風間"}),
        ("3. 会計報告（森田）\n　5月末の残高は別紙のとおりで、とくに意見は出なかった。\n", {"森田"}),
        ("不明な点がございましたら、渡辺または伊藤までご連絡くださいますようお願いします。", {"渡辺", "伊藤"}),
        ("手配の済んでいない件が三つある。担当は斉藤。説明は関根が担当、代理は渡邉です。", {"斉藤", "関根", "渡邉"}),
        ("ご予約の件、料理長の加藤に申し伝えております。前任の三浦が伺った内容です。", {"加藤", "三浦"}),
        ("お問い合わせ先は次のとおりです。\n総務課　山本・佐々木\n電話 03-0000-0000\n", {"山本", "佐々木"}),
        ("自治会の各班長：1班 石井、2班 福井、3班 菊池、の三名が集まりました。", {"石井", "菊池"}),
        ("契約者　口座名義　　イイジマ コウタロウ　（お支払いは毎月末となります）", {"イイジマ コウタロウ"}),
        ("振込先は見本銀行 本店 普通 0019953 ササガワユキコ とし、手数料は甲の負担とする。", {"ササガワユキコ"}),
        ("氏名（ローマ字）　NGUYEN THI THU HUONG\n家族　父　NGUYEN VAN TAM　農業\n", {"NGUYEN THI THU HUONG", "NGUYEN VAN TAM"}),
        ("Dear Thomas,\n\nThank you. Anna is away this week, so Thomas can decide.\n\nBest regards,\nAnna\n", {"Thomas", "Anna"}),
        ("経理担当のアンナさん宛に送りました。・ケラーさんの上司にも同じものを送っています。", {"アンナ", "ケラー"}),
        ("来月で定年を迎えられる黒田 敏明部長の送別会です。副幹事は郭さんと大谷副所長です。", {"黒田 敏明", "郭", "大谷"}),
    ],
)  # fmt: skip
def test_names_stand_where_minutes_letters_and_forms_have_them(text: str, expected: set[str]) -> None:
    assert expected <= found(text)


@pytest.mark.parametrize(
    "text",
    [
        "第1条　甲は、次の業務を乙に委託する。第5条　乙は、本業務に関して知り得たことを漏らさない。",
        "試算表は弥生会計のバックアップから作り、奥様より、夜でもよいとのことでした。駅から近いので大丈夫そう。",
        "責任者の同意を得て、役員の中から選ぶ。担当は未定。説明は次回です。代理は不可（要相談、5/13）。",
        "総務課　福岡\n営業部　大阪\n今月の売上は次のとおりです。福岡（5/13）、大阪（5/20）\n",
        "発送はヤマトさんにお願いし、棚はニトリさんで買いました。スタッフさん宛の荷物もあります。",
        "Dear Customer,\n\nPlease see below.\n\nBest regards,\nSupport\n",
    ],
)
def test_what_stands_there_as_well_is_nobody(text: str) -> None:
    assert not found(text)


LOG = """点検の記録
01 / 見本ビル / 滝口・鈴木 / 定期点検
02 / 例示マンション / 滝口 / 異常なし
03 / 見本図書館 / 曽我部 / 法定検査
05 / 例示コート / 島袋・鈴木 / 清掃
"""
BRANCHES = """| 拠点 | 都市 | 区分 |
|---|---|---|
| 本店 | 福岡 | 直営 |
| 支店 | 宮崎 | 直営 |
| 支店 | 大阪 | 委託 |
| 支店 | 千葉 | 委託 |
"""


def test_a_column_of_names_in_a_table_that_stands_in_a_text() -> None:
    assert found(LOG) == {"滝口", "鈴木", "曽我部", "島袋"}
    assert not found(BRANCHES)
