"""The name scores against hand-made lists of what is no name, and generated lists of what is one."""

from __future__ import annotations

import random

import pytest

from piiscan.lexicon import names, organisations
from piiscan.lexicon.names import full_name_score, split_name


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


THINGS = words("""
会計 経理 総務 人事 営業 広報 企画 法務 情報 開発 製造 品質 管理 購買 物流 総務部 人事部 経理課 営業部 営業第一課 企画室 開発本部 品質保証部
製造課 法務室 広報課 資材部 情報システム部 第一係 庶務係 生活福祉課 市民課 税務課 戸籍係 教育委員会 会計課 秘書室 監査室 業務部 技術部 研究所
国語 数学 算数 理科 社会 英語 体育 音楽 美術 図工 家庭科 道徳 物理 化学 生物 地学 日本史 世界史 地理 公民 倫理 政治経済 現代文 古典 漢文 情報科
未入力 入力済 未処理 処理中 完了 保留 取消 承認 否認 却下 確認済 未確認 対応済 未対応 対応中 済 未 可 不可 有 無 男 女 男性 女性 既婚 未婚 正社員 契約社員
派遣社員 役員 部長 課長 係長 主任 一般 管理職 部長代理 支店長 営業部長 総務課長 代表取締役 東京 大阪 名古屋 横浜 京都 神戸 福岡 札幌 仙台 広島 北九州 千葉市
川崎市 東京都 北海道 京都府 大阪府 神奈川県 愛知県 千葉県 石川県 山口県 長野県 宮崎県 千代田区 中央区 港区 新宿区 文京区 台東区 墨田区 江東区 品川区 目黒区
大田区 世田谷区 渋谷区 中野区 杉並区 豊島区 北区 荒川区 板橋区 練馬区 足立区 葛飾区 江戸川区 高田馬場 新大久保 西日暮里 御茶ノ水 秋葉原 有楽町 新橋 浜松町
田町 品川 大崎 五反田 目黒 恵比寿 渋谷 原宿 代々木 新宿 池袋 大塚 巣鴨 駒込 田端 日暮里 鶯谷 上野 御徒町 神田 三軒茶屋 二子玉川 自由が丘 武蔵小杉 東新宿
新大阪 西宮北口 京都駅 新宿駅 千葉公園 上野公園 中央公園 市民会館 文化会館 中央図書館 市立病院 総合病院 山田医院 田中歯科 佐藤小児科 鈴木商店 高橋工務店 伊藤製作所
渡辺建設 山本運輸 中村酒店 小林書店 加藤電機 吉田自動車 山田太郎商店 三井住友銀行 本田技研 松下電器 武田薬品 山崎製パン 森永乳業 明治製菓 雪印 伊藤園 三菱商事
平成 昭和 令和 大正 明治 平成元年 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 一月 二月 三月 四月 正月 午前 午後 春夏秋冬 東西南北 前期 後期 上期 下期
年度 今年度 当月 翌月 前年 冷蔵庫 洗濯機 掃除機 扇風機 電子辞書 自転車 自動車 乾電池 蛍光灯 電球 机 椅子 本棚 鉛筆 消しゴム 定規 封筒 便箋 名刺 手帳 用紙 印鑑
緑茶 紅茶 麦茶 牛乳 豆腐 納豆 味噌 醤油 砂糖 塩 酢 小麦粉 白米 玄米 食パン 豚肉 牛肉 鶏肉 鮭 鯖 秋刀魚 大根 人参 玉葱 白菜 胡瓜 茄子 南瓜 林檎 蜜柑 葡萄
苺 西瓜 桃 梨 栗 柿 生姜 大葉 赤 青 黄色 緑 白 黒 紫 灰色 茶色 水色 桃色 金色 銀色 紺色 赤色 青色 大 中 小 特大 合計 小計 総計 平均 最大 最小 件数 数量
単価 金額 税込 税抜 消費税 送料 手数料 割引 値引 売上 仕入 在庫 入庫 出庫 発注 受注 納品 請求 領収 支払 入金 出金 残高 貸方 借方 勘定科目 現金 預金 普通預金
当座預金 売掛金 買掛金 未払金 前払金 資本金 利益 損失 給与 賞与 交通費 通信費 水道光熱費 消耗品費 雑費 会議費 交際費 福利厚生費 本社 支社 支店 工場 倉庫
営業所 出張所 会議室 応接室 受付 玄関 駐車場 食堂 更衣室 一階 二階 地下 屋上 田んぼ 畑 山林 宅地 雑種地 原野 公衆用道路 河川 海岸 高原 平野 盆地 火山 大雨
洪水 地震 津波 台風 大雪 強風 晴 曇 雨 雪 高血圧 糖尿病 風邪 骨折 肺炎 胃炎 花粉症 腰痛 頭痛 内科 外科 眼科 耳鼻科 皮膚科 小児科 産婦人科 整形外科 歯科
救急 入院 退院 通院 手術 検査 診察 薬剤 野球 水泳 柔道 剣道 卓球 庭球 陸上 体操 将棋 囲碁 書道 茶道 華道 吹奏楽 合唱 演劇 写真 山登り 旅行 読書 料理
会議 出張 研修 面談 来客 電話 訪問 朝礼 残業 早退 遅刻 欠勤 有給 振替 休日 祝日 営業日 定休日 公開 非公開 限定 共有 個人 法人 団体 学生 社会人 大学生
高校生 中学生 小学生 幼児 大人 子供 高齢者 会員 非会員 一般会員 特別会員 名誉会員 本人 配偶者 長男 長女 次男 次女 祖父 祖母 父 母 兄 弟 姉 妹 同居 別居
市役所 県庁 区役所 警察署 消防署 税務署 裁判所 国会 内閣 文部科学省 厚生労働省 経済産業省 総務省 外務省 環境省 東海道 中山道 山陽新幹線 東北本線 中央線 山手線
小田急線 京王線 国道一号 県道 市道 高速道路 平日 休前日 始発 終電 上り 下り 普通 急行 快速 特急 各駅停車 往復 片道 回数券 定期券 指定席 自由席
""")


def full_names(count: int, *, spaced: bool, seed: int, uniform: bool = False) -> list[str]:
    rng = random.Random(seed)
    families = list(names.surnames_by_frequency())
    weights = [1 if uniform else f.people for f in families]
    given = [g.kanji for g in names.given_names() if g.weight > 0.5]
    chosen = rng.choices(families, weights, k=count)
    return [f.kanji + (" " if spaced else "") + rng.choice(given) for f in chosen]


def share(words: list[str], score: object) -> float:
    return sum(score(w) >= 0.5 for w in words) / len(words)  # type: ignore[operator]


def test_there_are_enough_words() -> None:
    assert len(set(THINGS)) >= 300


def test_things_are_no_full_names() -> None:
    assert [w for w in THINGS if full_name_score(w) >= 0.5] == []


def test_things_are_seldom_surnames_or_given_names() -> None:
    # 東京 is nobody, but 新宿, 神田, 大塚 and 上野 are surnames as well as stations: those may score.
    assert share(THINGS, names.surname_score) < 0.08
    assert share(THINGS, names.given_score) < 0.04


@pytest.mark.parametrize("spaced", [True, False])
@pytest.mark.parametrize("uniform", [True, False])
def test_names_are_names(spaced: bool, uniform: bool) -> None:
    assert share(full_names(600, spaced=spaced, seed=5, uniform=uniform), full_name_score) >= 0.99


def test_reads_through_width_variants_honorifics_and_notes() -> None:
    for text in (
        "佐藤　太郎",
        "髙橋 太郎 様",
        "渡邉花子（退職）",
        "佐藤太郎(サトウタロウ)",
        "佐　藤　太　郎",
        "氏名：佐藤太郎",
        "斎藤 エミリ",
        "王 小明",
    ):
        assert full_name_score(text) >= 0.5, text


def test_names_with_kana_and_unknown_surnames() -> None:
    hiragana = [f"{s} {g}" for s in ("佐藤", "五十嵐", "林") for g in ("さくら", "ひなた", "まなみ", "あかり", "はな")]
    assert share(hiragana, full_name_score) == 1.0
    hiragana += [f"佐藤 {g}" for g in ("トミ子", "マヤ子", "きく江", "スミ枝")]
    unknown = ["架空島 太郎", "例崎 花子", "麗沢 健一"]
    assert not any(names.is_surname(u.split()[0]) for u in unknown)
    assert share(unknown, full_name_score) >= 0.6


@pytest.mark.parametrize(
    "text, expected",
    [
        ("佐藤太郎", ("佐藤", "太郎")),
        ("長谷川誠", ("長谷川", "誠")),
        ("林 誠", ("林", "誠")),
        ("髙橋　さくら様", ("髙橋", "さくら")),
        ("勅使河原翔太", ("勅使河原", "翔太")),
        ("佐藤さくら", ("佐藤", "さくら")),
        ("山 田 太 郎", ("山田", "太郎")),
        ("会計", None),
        ("", None),
        ("ABC", None),
    ],
)
def test_divides_names(text: str, expected: tuple[str, str] | None) -> None:
    assert split_name(text) == expected


def test_dividing_agrees_with_how_names_were_joined() -> None:
    joined = full_names(1000, spaced=True, seed=9)
    right = sum(split_name(n.replace(" ", "")) == tuple(n.split(" ")) for n in joined)
    assert right >= 985


def test_kana_names() -> None:
    rng = random.Random(4)
    families = list(names.surnames_by_frequency())
    given = [g for g in names.given_names() if g.weight > 0.5]
    pairs = [(rng.choices(families, [f.people for f in families])[0].kana, rng.choice(given).kana) for _ in range(400)]
    assert share([f"{s} {g}" for s, g in pairs], names.kana_name_score) >= 0.99
    assert share([f"{s}{g}" for s, g in pairs], names.kana_name_score) >= 0.97
    bank = [f"{s} {g}".translate(str.maketrans("ャュョッ", "ヤユヨツ")) for s, g in pairs]
    assert share(bank, names.kana_name_score) >= 0.99


KANA_THINGS = words("""
テレビ パソコン ノートパソコン シャンプー リンス コーヒー ボールペン カレーライス スパゲッティ アイスクリーム チョコレート キャンセル コピー トナー インク
マウス キーボード モニター プリンター スキャナー カメラ レンズ バッテリー ケーブル アダプター イヤホン スピーカー マンション アパート ビル ホテル レストラン
スーパー コンビニ デパート タクシー バス トラック オートバイ ヘルメット シートベルト タイヤ エンジン オイル ガソリン トマト キャベツ レタス キュウリ ナス
ピーマン タマネギ ニンジン ジャガイモ サツマイモ ダイコン ハクサイ リンゴ ミカン バナナ ブドウ メロン スイカ イチゴ カ)ヤマダ ｶ)ｽｽﾞｷ ﾕ)ﾀﾅｶ トウキョウト
オオサカフ カナガワケン ホッカイドウ ヨコハマシ ナゴヤシ サッポロシ エイギョウブ ケイリ ソウムカ ジンジ テイキヨキン フツウ トウザ
""")


def test_kana_things_are_no_names() -> None:
    assert [w for w in KANA_THINGS if names.kana_name_score(w) >= 0.5] == []


def test_romaji_names() -> None:
    for text in (
        "Taro Sato",
        "SATO TARO",
        "Sato, Taro",
        "Satō Tarō",
        "Syunsuke Ohno",
        "Kyoko Itoh",
        "ＴＡＲＯ ＳＡＴＯ",
    ):
        assert names.romaji_name_score(text) >= 0.6, text
    assert 0.4 <= names.romaji_name_score("ALICE MARIE SMITH") <= 0.65
    for text in (
        "Sato",
        "Product Name",
        "New York",
        "USB Cable",
        "Windows Server",
        "A B",
        "Tokyo Station",
        "12 34",
        "",
    ):
        assert names.romaji_name_score(text) < 0.4, text


def test_foreign_kana_names_are_possible() -> None:
    assert names.foreign_kana_name_score("グエン ヴァン アン") >= 0.6
    assert 0.4 <= names.foreign_kana_name_score("ジョン・スミス") <= 0.75
    assert names.foreign_kana_name_score("アイスクリーム") < 0.4


def test_readings_and_sex() -> None:
    assert names.readings(surname="佐藤")[0] == "サトウ"
    assert "ハナコ" in names.readings(given="花子")
    assert names.readings(surname="存在外") == ()
    assert (names.sex_of_given("花子"), names.sex_of_given("太郎"), names.sex_of_given("無い名")) == ("f", "m", None)


def test_organisations_departments_titles_and_goods() -> None:
    for text in (
        "株式会社見本",
        "㈱見本",
        "（有）見本",
        "ｶ)ﾔﾏﾀﾞ",
        "Mihon Inc.",
        "見本商店",
        "市立病院",
        "千葉公園",
        "新宿駅",
        "見本小学校",
    ):
        assert organisations.organisation_score(text) >= 0.5, text
    people = full_names(400, spaced=True, seed=6)
    assert share(people, organisations.organisation_score) == 0.0
    assert share(people, organisations.department_score) < 0.01
    assert share(people, organisations.product_score) == 0.0
    assert organisations.department_score("総務部") > 0.9
    assert organisations.department_score("渡部") < 0.5
    assert organisations.title_score("営業部長") >= 0.5
    assert organisations.title_score("代表取締役社長") >= 0.5
    assert organisations.product_score("緑茶 500ml") >= 0.5


@pytest.mark.parametrize(
    "text",
    ["", " ", "\ud800", "\x00", "ー" * 50, "㈱", "（）", "様", "さん", "1", "々", "\U000e0100", "a" * 5000, "ﾞ", "、"],
)
def test_every_function_answers_any_text(text: str) -> None:
    scores = [
        names.full_name_score, names.surname_score, names.given_score, names.kana_name_score, names.kana_surname_score,
        names.kana_given_score, names.romaji_name_score, names.foreign_kana_name_score, names.surname_weight,
        names.given_weight, organisations.organisation_score, organisations.department_score,
        organisations.title_score, organisations.product_score,
    ]  # fmt: skip
    assert all(0.0 <= score(text) <= 1.0 for score in scores)
    assert split_name(text) is None
