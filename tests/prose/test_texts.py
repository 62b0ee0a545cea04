"""Running text: a hundred invented snippets with what is to be found in them, and what is not."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from judging import scan_rows

from piiscan.inspection.knowledge import knowledge
from piiscan.model import Detector
from piiscan.prose import searching
from piiscan.prose.finding import find_spans

#: [n:…] name, [e:…] mail address, [p:…] phone or fax, [z:…] postal code, [a:…] address, [b:…] date of birth.
KINDS = {
    "n": ("person_name", "person_name_kana", "person_name_romaji", "surname"),
    "e": ("email",),
    "p": ("phone", "fax"),
    "z": ("postal_code",),
    "a": ("address",),
    "b": ("birth_date",),
}
SNIPPETS = r"""
[n:佐藤 健一]様\nいつもお世話になっております。株式会社見本の[n:田中]です。
お世話になっております。見本商事の[n:鈴木一郎]と申します。
[n:山本太郎] <[e:taro.yamamoto@example.jp]>
住所　[a:東京都千代田区霞が関9-99-3 グランシャトー石川203号]
住所：[a:東京都千代田区霞が関9-99 メゾン・ド・霞 B-501]　電話：[p:052 (000) 7377]
[a:東京都千代田区霞が関9丁目99番7号　メゾン林２Ｆ]
[a:東京都千代田区霞が関9-99 市営住宅6-402]
[a:東京都千代田区霞が関九丁目九十九番　コーポ泉三〇二]
[a:東京都千代田区霞が関9-99-3] フリーダイヤル [p:0120-000-000]
[a:東京都千代田区霞が関9-99-3] コンサート 10:00 コロッケ 100円
生年月日：[b:1988年（昭和63年）3月30日]
生年月日　[b:昭和63年3月30日]（満35歳）
user birth="[b:19881105]" birth_rate: 20200101
From: [n:高橋 花子] <[e:hanako@example.jp]>\nTo: [n:伊藤 誠] <[e:makoto.ito@example.jp]>\nSubject: 打合せの件
From: "[n:Kenji Tanaka]" <[e:k.tanaka@example.jp]>
--\n株式会社見本 営業部\n[n:渡辺 直樹]\n〒[z:100-0001] [a:東京都千代田区千代田1-1]\nTEL: [p:03-0123-4567] FAX: [p:03-0123-4568]\nE-mail: [e:watanabe@example.jp]
------------\n[n:小林 美咲]（[n:コバヤシ ミサキ]）\n携帯 [p:090-0123-4567]\n[e:kobayashi@example.jp]
ご連絡は [p:090-0123-4567] までお願いします。
電話：[p:03(0123)4567]
TEL [p:０３－０１２３－４５６７]
携帯は[p:08001234567]です。
代表 [p:06-0123-4567] 内線 123
国際電話 [p:+81-3-0123-4567]
連絡先：[p:090 0123 4567]
電話番号 [p:0120-000-123] 受付 9:00-18:00
住所：[a:大阪府大阪市北区梅田1-2-3]
[a:東京都渋谷区渋谷2丁目3番4号 見本ビル5階]に移転しました。
届け先は[a:神奈川県横浜市西区みなとみらい1丁目2番3号]です。
[z:530-0001] [a:大阪府大阪市北区梅田3-1-1]
〒[z:150-0002] [a:東京都渋谷区渋谷1-1-1 サンプル荘101]
[a:北海道札幌市中央区北1条西2丁目]
[a:京都府京都市中京区寺町通御池上る上本能寺前町488]
郵便番号は[z:980-0011]です。
生年月日：[b:1975年1月31日]
[b:昭和50年1月31日]生まれ
氏名：[n:中村 明]\n生年月日：[b:1980/5/4]\n住所：[a:愛知県名古屋市中区栄3-4-5]\n電話：[p:052-012-3456]
担当：[n:加藤 修]（[p:03-0123-4567]）
担当者は[n:吉田 健太]さんです。
[n:山田 恵子]さんから電話がありました。折り返し [p:090-0111-2222] へ。
[n:斎藤]様より入電。
[n:松本先生]に相談した。
代表取締役 [n:田中 一郎]
部長の[n:清水 隆]氏が出席した。
出席者：[n:井上 豊]、[n:木村 進]、[n:林 和子]
議事録 作成者：[n:山崎 亮]
講師：[n:池田 陽子]先生
[n:森田くん]と[n:石井ちゃん]が来た。
被保険者氏名 [n:橋本 翔太]
署名 [n:山口 葵]
申込者：[n:前田 優子]（[n:マエダ ユウコ]）
お名前：[n:藤田 拓也]　年齢：34
フリガナ：[n:オカダ ナオキ]
メールは [e:info-desk@example.jp] まで
mailto:[e:support@example.co.jp]
連絡先: [e:a.b+c@mail.example.jp]、[e:x_y@example.jp]
＜[e:user@example.jp]＞ に送信
拝啓 [n:後藤 武]様 ますますご清栄のことと
[n:村上 学] 様
[n:青木 大輔]殿
宛先：[n:坂本 誠]様方 [n:遠藤 遥]様
緊急連絡先：母 [n:岡本 久美子] [p:090-0222-3333]
紹介者 [n:西村 博]様
受付：[n:福田]／対応：[n:太田]
[n:三浦 蓮]（営業）[p:070-0333-4444]
[n:藤井 七海],[p:03-0222-3333],[e:fujii@example.jp]
本人確認済み [n:岡田 実] [b:平成2年3月4日]生
履歴書 氏名 [n:中島 彩] 昭和60年入社
保護者：[n:原田 智子] 連絡先 [p:080-0444-5555]
RE: [n:小川 哲也]様ご依頼の件
Best regards,\n[n:Yuki Sato]\n[e:yuki.sato@example.jp]
森の中を歩いて林に出た。
東の空に水と木の精がいた。
田中電機株式会社の新製品です。
松本市は長野県の中央にある。
山口県と福島県の統計を比べた。
大和ハウスと三菱の資料を見る。
本日の議題は予算と人事について。
請求書番号 2026-1105-0012 を送付します。
品番 090-AB-12 を 12 個発注。
2026年11月22日 10:00 より会議を行う。
金額は 1,234,567 円です。
バージョン 3.11.7 に更新してください。
https://example.jp/products/0312345678 を参照
ISBN 978-4-00-000000-0
川崎と千葉の店舗で販売中。
高橋商店にて購入。
青山通り沿いの店が混んでいる。
桜と梅が咲いた。葵祭は五月だ。
株式会社佐藤工務店 御中
営業部各位 明日の朝礼は中止です。
お客様のご意見をお聞かせください。
皆様、お疲れ様です。
神様仏様、どうか。
同様の事例、仕様の変更、模様替えの件。
有様をご覧ください。
担当者が不在のため、後日連絡します。
責任者：未定
氏名：○○ ○○
名前：
会員様限定のセールです。
郵便局の隣にある。
伝票番号 1234-5678-9012 で追跡できます。
サーバー 192.168.0.10 が停止した。
温度は 36.5 度、血圧 120-80。
第3回 東京都大会は中止。
大阪府は本日、方針を発表した。
注文番号：A-0312-4567
昭和の時代、平成元年の法律。
合計 03 個、予備 0120 個。
北海道旅行 3 泊 4 日 のご案内
石川啄木記念館で展示中の資料です。
受付時間 9:00-12:00、13:00-17:00
"""
_MARK = re.compile(r"\[([nepzab]):([^\]]+)\]")
#: Recall and precision below which something has broken.
LEAST = {
    "e": (0.95, 0.95),
    "p": (0.95, 0.95),
    "z": (0.95, 0.95),
    "a": (0.95, 0.95),
    "n": (0.9, 0.95),
    "b": (0.75, 0.95),
}


def marked(snippet: str) -> tuple[str, list[tuple[str, str]]]:
    """The text without marks, and (kind, value) of what is marked."""
    snippet = snippet.replace("\\n", "\n")
    return _MARK.sub(lambda m: m[2], snippet), [(m[1], m[2]) for m in _MARK.finditer(snippet)]


def core(kind: str, value: str) -> str:
    """A value without space, and a name without title, so that only what matters is compared."""
    plain = re.sub(r"[\s〒]", "", value)
    return re.sub(r"(先生|さん|くん|ちゃん|様|殿|氏)$", "", plain) if kind == "n" else plain


def measured() -> tuple[Counter[str], Counter[str], Counter[str], list[str]]:
    """Right, missed and wrong by kind, and what the misses and wrongs were."""
    detectors = knowledge().detectors
    right, missed, wrong, said = Counter[str](), Counter[str](), Counter[str](), []
    for line in SNIPPETS.strip().split("\n"):
        text, wanted = marked(line)
        left = Counter((k, core(k, v)) for k, v in wanted)
        for span in find_spans(text, detectors):
            kind = next((k for k, entities in KINDS.items() if span.entity in entities), None)
            if kind is None:
                continue
            found = (kind, core(kind, text[span.start : span.end]))
            if left[found]:
                left[found] -= 1
                right[kind] += 1
            else:
                wrong[kind] += 1
                said.append(f"wrong {found} in {line}")
        for (kind, value), count in left.items():
            missed[kind] += count
            said += [f"missed {kind} {value} in {line}"] * count
    return right, missed, wrong, said


def test_there_are_a_hundred() -> None:
    assert len(SNIPPETS.strip().split("\n")) >= 100


@pytest.mark.parametrize("kind", KINDS)
def test_recall_and_precision(kind: str) -> None:
    right, missed, wrong, said = measured()
    recall = right[kind] / (right[kind] + missed[kind])
    precision = right[kind] / max(1, right[kind] + wrong[kind])
    least = LEAST[kind]
    assert (recall >= least[0], precision >= least[1]) == (True, True), (recall, precision, said)


def test_a_detector_of_ones_own_may_look_for_anything() -> None:
    """Quick tests know what the built-in detectors need; a rule or a plug-in may want what they would pass over."""
    wanted = ["案件桜", "Просто", "U.S.", "원자", "no"]
    own = Detector(
        id="project",
        group="member_id",
        label="案件",
        label_en="project",
        search=f"(?P<value>{'|'.join(map(re.escape, wanted))})",
    )
    detectors = {**knowledge().detectors, "project": own}
    for text in wanted:
        assert [(s.start, s.end, s.entity) for s in find_spans(text, detectors)] == [(0, len(text), "project")]
        assert not any(s.entity == "project" for s in find_spans(text, knowledge().detectors))


def test_the_quick_tests_are_about_detectors_that_exist() -> None:
    free = {
        d.id
        for d in knowledge().detectors.values()
        if d.search and d.group != "organisation" and not (d.needs_context and d.cues)
    }
    assert free == searching.QUICKLY_TOLD


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ﾌﾘｺﾐ ﾔﾏﾀﾞ ﾀﾛｳ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("ﾌﾘｺﾐｺﾊﾞﾔｼ ﾕｳｺ", "ｺﾊﾞﾔｼ ﾕｳｺ"),
        ("フリコミ）タナカ　ケンタ", "タナカ　ケンタ"),
        ("振込　サトウハナコ", "サトウハナコ"),
        ("ﾌﾘｺﾐ ｶ)ﾐﾎﾝｼｮｳｼﾞ", None),
        ("ﾌﾘｺﾐ ﾐﾎﾝｼﾖｳｼﾞ(ｶ", None),
        ("振込 カブシキガイシャミホン", None),
        ("フリコミ テスウリョウ", None),
        ("フリカエ ガスリョウキン", None),
        ("振込手数料", None),
    ],
)
def test_who_pays_stands_behind_the_word_of_the_bank(text: str, name: str | None) -> None:
    found = [text[s.start : s.end] for s in find_spans(text, knowledge().detectors) if s.entity == "person_name_kana"]
    assert found == ([name] if name else [])


def test_who_pays_is_found_in_the_remarks_of_a_bank_statement() -> None:
    rows = [["日付", "摘要", "入金"], ["2026/01/05", "ﾌﾘｺﾐ ﾔﾏﾀﾞ ﾀﾛｳ", "25000"], ["2026/01/06", "電気料金", ""], ["2026/01/07", "ﾌﾘｺﾐ ｻﾄｳ ﾊﾅｺ", "25000"]]  # fmt: skip
    found = [f for f in scan_rows(rows).findings if f.entity == "person_name_kana"]
    assert sum(f.count for f in found) == 2


MINUTES = """出席者：山田部長、佐藤課長、鈴木（営業）、高橋
欠席：田中
佐藤より報告。鈴木：4月末に発売したい。
次回：5月8日　記録：高橋"""


def names_in(text: str) -> list[str]:
    return [text[s.start : s.end] for s in find_spans(text, knowledge().detectors) if "name" in s.entity]


def test_everybody_who_was_there_is_found_and_found_again_where_he_is_mentioned() -> None:
    assert names_in(MINUTES) == ["山田", "佐藤", "鈴木", "高橋", "田中", "佐藤", "鈴木", "高橋"]


@pytest.mark.parametrize(
    "text",
    [
        "参加：自由、雨天中止",
        "出席：30名、欠席：5名",
        "出席者：営業部、総務部、東京支店",
        "佐藤より報告。鈴木：発売したい。",
    ],
)
def test_who_was_there_takes_a_name_and_a_mention_takes_a_first_time(text: str) -> None:
    assert names_in(text) == []


def test_who_says_something_in_a_chat_is_found() -> None:
    chat = "2026/04/11(土)\n19:02\t山田花子\t明日は？\n19:05\t佐藤健\t9時に駅前\n19:06\tスタンプ\tok\n"
    assert names_in(chat) == ["山田花子", "佐藤健"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("山田と申します。商品が届きません。", ["山田"]),
        ("大阪の佐藤花子です。返品したい。", ["佐藤花子"]),
        ("今日は晴天です。返品したい。", []),
        ("ふりがな　やまだ　たろう\n氏名　山田　太郎\n電話 090-0123-4567", ["やまだ　たろう", "山田　太郎"]),
    ],
)
def test_who_introduces_himself_and_who_fills_in_a_form_is_found_without_the_label(text: str, name: list[str]) -> None:
    assert names_in(text) == name


def payment(kind: str, account: str, holder: str) -> str:
    bank, branch = "ﾚｲｼﾞｷﾞﾝｺｳ".ljust(15), "ｴｷﾏｴ".ljust(15)
    return f"20002{bank}002{branch}0000{kind}{account}{holder:30}00000500001{'':20}7{'':8}"


def test_who_is_paid_is_found_in_a_file_for_the_bank_and_a_firm_is_not() -> None:
    lines = [payment("1", "1111111", "ﾔﾏﾀﾞ ﾀﾛｳ"), payment("2", "3333333", "ｶ)ﾚｲｼﾞｼﾖｳｶｲ")]
    text = "\r\n".join(["1210" + "0" * 116, *lines, "8000001" + "0" * 113])
    found = [(s.entity, text[s.start : s.end]) for s in find_spans(text, knowledge().detectors)]
    assert found == [("bank_account", "1111111"), ("person_name_kana", "ﾔﾏﾀﾞ ﾀﾛｳ")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("0001山田　太郎　　　　ﾔﾏﾀﾞ ﾀﾛｳ       19800102 東京都千代田区千代田１－２－３", ["山田　太郎", "ﾔﾏﾀﾞ ﾀﾛｳ"]),
        ("世帯主　山田太郎（45）\n妻　山田花子（42）\n長男　山田一郎（12）", ["山田太郎", "山田花子", "山田一郎"]),
        ("よろしくお願いします。\n--\n山田太郎\n見本商事", ["山田太郎"]),
        ("よろしくお願いします。\n━━━━━━\n\n見本商事\n", []),
    ],
)
def test_names_are_found_where_columns_have_fixed_widths_in_families_and_below_letters(
    text: str, name: list[str]
) -> None:
    assert names_in(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("行為者：営業部長　山田一郎", ["山田一郎"]),
        ("相談者：営業部 佐藤（女性・32歳）", ["佐藤"]),
        ("人事部 高橋が4/5に山田部長へ聞き取り。", ["高橋", "山田"]),
        ("責任者：佐藤 健一部長", ["佐藤 健一"]),
        ("営業部長が出席し、副社長、総務課長、新会長に報告。店長会議。", []),
        ("総務部 大阪が対象です。経理課 各位から", []),
    ],
)
def test_a_title_or_an_office_beside_a_surname_says_that_it_is_somebodys(text: str, name: list[str]) -> None:
    assert names_in(text) == name


def test_a_line_that_says_who_somebody_is_may_say_where_he_works_first() -> None:
    text = "当事者：見本運輸 運転手 鈴木次郎\n目撃者：近隣住民　田中優子様\n連絡先：総務課 山本 03-0000-0000\n"
    assert names_in(text) == ["鈴木次郎", "田中優子", "山本"]
    assert (
        names_in(
            "連絡先：港区 中央 山口 本店\n宛先：株式会社見本 営業部 各位\n担当：経理部 請求書係\n仕入先：青森 農園\n"
        )
        == []
    )


def test_names_among_delimited_fields_beside_how_to_reach_somebody() -> None:
    rows = '001,田中優子,営業,03-0000-0000\n002\t鈴木次郎\t東京都千代田区霞が関1-2-3\n"003","佐藤健一","k.sato@example.jp"\n'
    assert names_in("次の三名です。\n" + rows) == ["田中優子", "鈴木次郎", "佐藤健一"]
    assert names_in("品番,山本,3,1200\nA,B,C\n山口,長崎,広島\n") == []
