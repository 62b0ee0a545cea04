"""Names in running text by their form, by the word beside them, and by those whom the text lists or lets speak."""

from __future__ import annotations

import pytest

from piiscan.inspection.knowledge import knowledge
from piiscan.prose.finding import find_in_place

NAMES = {
    "person_name", "surname", "given_name", "person_name_kana", "surname_kana", "given_name_kana", "person_name_romaji",
}  # fmt: skip


def found(text: str) -> set[str]:
    return {text[s.start : s.end] for s in find_in_place(text, "text", knowledge().detectors) if s.entity in NAMES}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本日の件は飯島 かおりから各拠点へあらためて説明する予定となっています。", {"飯島 かおり"}),
        ("書類は渡邉隆三が確認し、翌日までに見本商事の窓口へ送り返すことになりました。", {"渡邉隆三"}),
        ("書記は会場の準備ができしだいマリア・サントスにお願いすることになっております。", {"マリア・サントス"}),
        ("訪問介護のトゥイさんの調理がとても好評で、来月も続けてほしいとのことです。", {"トゥイ"}),
        ("食べていた長女のひよりちゃんが気づいたので、すぐに袋ごと見本市へ送りました。", {"ひより"}),
        ("お問い合わせの件、妻の沙織が詳しく調べており、来週にはお返事できる見込みです。", {"沙織"}),
        ("不明な点がございましたら、弊社の高橋より折り返しご連絡を差し上げるようにいたします。", {"高橋"}),
        ("会議の冒頭で御手洗課長から、先月の売上と来月の見込みについて説明があった。", {"御手洗"}),
        ("ご来日は Ms. Anneka Bergström ではなく Mr. Rajesh Iyer が代わりに来られるそうです。", {"Rajesh Iyer"}),
        ("記録　作成：緑川　承認：大久保　審査：服部（いずれも見本工場、三月末日まで）", {"緑川", "大久保", "服部"}),
        ("出席：大谷品証課長、筒井、安藤の三名で、四月の予定と体制について話し合いました。", {"大谷", "筒井", "安藤"}),
        ("廊下で転倒があり、職員江里口が間に入る。看護師宮地へ報告し、様子を見ることになった。", {"江里口", "宮地"}),
        ("解約の受付は、四月一日、窓口の担当釼持\n本日の件数は十四件、うち苦情は二件でした。", {"釼持"}),
        (
            "回覧の順は次のとおりです。　遊佐 → 芹沢 → 綿貫 → 泉 のあと、班長へ戻してください。",
            {"遊佐", "芹沢", "綿貫"},
        ),
        ("しほさん、昨日はありがとうございました。奥様のミヨ子様にもよろしくお伝えください。", {"しほ", "ミヨ子"}),
        ("本日の委員は次のとおり。委員：黒田(製造)・白石(品証)・青木(保全)、ほかは欠席。", {"黒田", "白石", "青木"}),
    ],
)
def test_names_are_told_by_form_or_by_the_word_beside_them(text: str, expected: set[str]) -> None:
    assert expected <= found(text)


@pytest.mark.parametrize(
    "text",
    [
        "森の中を歩いて林を抜けると、原っぱの先に小さな谷があり、星がよく見えました。",
        "福島 郡山、宮城 仙台、山形 酒田の各会場で、四月から順に説明会を開きます。",
        "山田商店、鈴木建設、佐藤製薬の三社から見積もりが届き、比較表にまとめました。",
        "ドライバーさんとスタッフさんに、お客様とユーザー様への案内をお願いしました。",
        "お子さんとお父さん、赤ちゃんも一緒に参加できます。奥さんもぜひお越しください。",
        "神様とよく呼ばれますが、普通の会社員です。渋谷駅から目黒駅まで歩いて通います。",
        "ケース・バイ・ケースで対応し、オン・ザ・ジョブ・トレーニングを続けていきます。",
        "民生委員と大家、上司や同僚と、ご夫婦とお子さん二人の分、万年筆　お客様の分です。",
        "システム開発の生産管理に関する品質保証体制、工程管理表、作業標準書を改訂した。",
    ],
)
def test_woods_places_firms_and_roles_are_nobody(text: str) -> None:
    assert found(text) == set()


def test_who_speaks_in_a_chat_is_somebody_whatever_the_name() -> None:
    text = "08:05 まちゃみ: おはようございます\n08:06 岩渕: はい\n08:10 まちゃみ: 出ます\n08:11 通知bot: 更新\n08:12 通知bot: 更新\n"
    assert found(text) == {"まちゃみ", "岩渕"}
    slack = "飯島 かおり  9:02 AM\nおはようございます\nMika Sakata  9:04 AM\n了解です\n飯島 かおり  9:05 AM\nはい\nMika Sakata  9:06 AM\nでは\n"
    assert {"飯島 かおり", "Mika Sakata"} <= found(slack)


def test_who_was_named_is_found_again_by_either_half() -> None:
    text = "見積は小野寺 正人に渡した。夕方、小野寺が来た。正人さんは急いでいた。小野寺川と正人町は別である。"
    spans = [text[s.start : s.end] for s in find_in_place(text, "text", knowledge().detectors)]
    assert spans.count("小野寺") == 1
    assert spans.count("正人") == 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("長男（令和3年10月5日生）は保育園の入園を希望し、来月から通う予定である。", "令和3年10月5日"),
        ("昭和55年5月5日生まれの男性で、見本市に二十年ほど住んでいるとのことです。", "昭和55年5月5日"),
        ("運転者は1980-05-05生、免許証は携帯していたが、車検証は会社に置いてあった。", "1980-05-05"),
        ("プリヤさんのところのお子さんは6月9日生まれで、もうすぐ一歳になるそうです。", "6月9日"),
    ],
)
def test_a_day_on_which_somebody_was_born(text: str, day: str) -> None:
    spans = find_in_place(text, "text", knowledge().detectors)
    assert (day, "birth_date") in {(text[s.start : s.end], s.entity) for s in spans}


def test_days_of_other_things_are_not_birthdays() -> None:
    text = "2024年4月1日生産分から、令和6年5月1日生徒総会、10月5日生放送の三件を改めて予定表に入れた。"
    assert not [s for s in find_in_place(text, "text", knowledge().detectors) if s.entity == "birth_date"]


@pytest.mark.parametrize("text", ["山田 太郎", "高橋太郎", "不明な点は、山田 さとみまで"])
def test_a_short_text_may_be_nothing_but_a_name(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize("text", ["山口 大学", "福岡 支店", "千葉 銀行", "別紙 参照", "東京都港区", "株式会社見本"])
def test_a_short_text_of_two_words_may_be_something_else(text: str) -> None:
    assert not found(text)


def everything(text: str) -> set[str]:
    return {text[s.start : s.end] for s in find_in_place(text, "text", knowledge().detectors)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("集合場所は栃木県小山市ひばりが丘99-15です。", "栃木県小山市ひばりが丘99-15"),
        ("住所　愛知県名古屋市守山区けやき台2-99-17", "愛知県名古屋市守山区けやき台2-99-17"),
        ("甲　京都府京都市下京区五条橋西99番地", "京都府京都市下京区五条橋西99番地"),
        ("Tel.049-000-6161 Fax.049-000-6162", "049-000-6161"),
        ("1　辻 久美子　昭和30年の入会です。", "辻 久美子"),
    ],
)
def test_what_stands_there_is_found_whole(text: str, value: str) -> None:
    assert value in everything(text)


@pytest.mark.parametrize(
    "text", ["小山市でみんなで10-15を歩く。", "開講の7日前までにご連絡ください。", "石井の主人のほうが当日来ます。"]
)
def test_what_looks_like_an_address_or_a_name(text: str) -> None:
    assert not {"小山市でみんなで10-15", "日前", "ほう"} & everything(text)
