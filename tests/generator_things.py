"""Invented tables that hold no person: goods, places, firms, numbers, codes, logs. See ``generator`` for those that do."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import islice
from random import Random

from generator import Table, words

from piiscan.lexicon import names, places

_GOODS = words(
    "緑茶 ボールペン シャンプー 洗剤 コピー用紙 乾電池 マスク カレー タオル インク 鉛筆 封筒 牛乳 食パン 電球 軍手 ホチキス 消しゴム のり 付箋"
)
_UNITS = words("500ml 10本入 詰替 1kg 500枚 30枚 2個セット 100g 5袋 12錠 大 小 赤 青 業務用")
_PREFECTURES = list(places.prefectures())


def _table(header: str, truth: tuple[str | None, ...], rows: list[tuple[object, ...]]) -> Table:
    return Table(tuple(header.split()), tuple(tuple(str(c) for c in row) for row in rows), truth)


@cache
def _surnames() -> list[str]:
    return [s.kanji for s in islice(names.surnames_by_frequency(), 3000)]


def _surname(rng: Random) -> str:
    return rng.choice(_surnames())


def products(rng: Random, rows: int) -> Table:
    """Goods with a code and a maker."""
    data = [(f"A{n:05}", f"{rng.choice(_GOODS)} {rng.choice(_UNITS)}", f"{_surname(rng)}製作所", rng.randint(1, 99) * 10)
            for n in range(rows)]  # fmt: skip
    return _table("商品コード 商品名 メーカー名 単価", (None, "product", "company", None), data)


def facilities(rng: Random, rows: int) -> Table:
    """Public places whose names begin like surnames."""
    kinds = words("小学校 中学校 公園 図書館 公民館 病院 医院 クリニック 神社 体育館")
    towns = list(places.towns(rng.choice(_PREFECTURES)))
    data = []
    for _ in range(rows):
        t = rng.choice(towns)
        data.append(
            (
                _surname(rng) + rng.choice(kinds),
                f"{t.prefecture}{t.city}{t.name}{rng.randint(1, 99)}",
                f"03-0{rng.randint(0, 999):03}-0000",
            )
        )
    return _table("施設名 所在地 電話番号", ("facility_name", "business_address", "business_phone"), data)


def companies(rng: Random, rows: int) -> Table:
    """Firms named after people, with capital and trade."""
    data = [(f"{rng.choice(('株式会社', '有限会社', '㈱'))}{_surname(rng)}{rng.choice(('商事', '工業', '建設', ''))}",
             rng.choice(("製造", "小売", "建設", "情報通信")), rng.randint(1, 99) * 100) for _ in range(rows)]  # fmt: skip
    return _table("会社名 業種 資本金（万円）", ("company", None, None), data)


def statistics(rng: Random, rows: int) -> Table:
    """Population by municipality."""
    cities = list(places.municipalities())
    picked = [rng.choice(cities) for _ in range(rows)]
    return _table("都道府県 市区町村 世帯数 男 女", ("address_part", "address_part", None, None, None),
                  [(c.prefecture, c.name, rng.randint(900, 99999), rng.randint(900, 99999), rng.randint(900, 99999)) for c in picked])  # fmt: skip


def codes(rng: Random, rows: int) -> Table:
    """Article numbers, serial numbers, versions."""
    data = [(f"{rng.randint(10**12, 10**13 - 1)}", f"SN-{rng.randint(0, 10**8):08}", f"{rng.randint(1, 9)}.{rng.randint(0, 20)}.{rng.randint(0, 9)}")
            for _ in range(rows)]  # fmt: skip
    return _table("JANコード シリアル番号 バージョン", (None, None, None), data)


def logs(rng: Random, rows: int) -> Table:
    """Server messages."""
    said = words("GET POST timeout retry started stopped 200 404 500")
    data = [(f"2026-11-{rng.randint(1, 30):02} {rng.randint(0, 23):02}:{rng.randint(0, 59):02}:00", rng.choice(("INFO", "WARN", "ERROR")),
             f"{rng.choice(said)} /api/v{rng.randint(1, 3)}/items") for _ in range(rows)]  # fmt: skip
    return _table("日時 レベル メッセージ", (None, None, None), data)


def stations(rng: Random, rows: int) -> Table:
    """Stations, which share their names with people."""
    stems = words(
        "渋谷 目黒 大崎 神田 上野 大塚 田端 赤羽 浦和 大宮 高崎 熊谷 本庄 深谷 鴻巣 桶川 上尾 千葉 石川 山口 福島 宮崎 長野 松本 岡谷 中野 三鷹 国分寺 立川"
    )
    data = [
        (n, rng.choice(stems), rng.choice(("中央線", "京浜東北線", "高崎線", "山手線")), rng.randint(1000, 90000))
        for n in range(rows)
    ]
    return _table("No 駅名 路線名 乗降人員", (None, "facility_name", None, None), data)


def postal_list(rng: Random, rows: int) -> Table:
    """Postal codes and towns, as the post office gives them out."""
    towns = [t for t in places.towns(rng.choice(_PREFECTURES)) if t.name]
    data = [(t.code, t.prefecture, t.city, t.name) for t in (rng.choice(towns) for _ in range(rows))]
    return _table(
        "郵便番号 都道府県 市区町村 町域", ("postal_code", "address_part", "address_part", "address_part"), data
    )


def price_list(rng: Random, rows: int) -> Table:
    """Services and prices."""
    data = [(f"{rng.choice(('基本', '特別', '早期', '団体'))}{rng.choice(('料金', '割引', 'プラン'))}{n}", rng.randint(5, 300) * 100, rng.choice(("税込", "税抜")))
            for n in range(rows)]  # fmt: skip
    return _table("品目 金額 区分", (None, None, None), data)


def inventory(rng: Random, rows: int) -> Table:
    """Stock by shelf; names of shelves look like given names of one kanji."""
    data = [(f"{rng.choice('松竹梅桜楓葵')}-{rng.randint(1, 40)}", rng.choice(_GOODS), rng.randint(0, 500), f"2026/{rng.randint(1, 12)}/{rng.randint(1, 28)}")
            for _ in range(rows)]  # fmt: skip
    return _table("棚番 品名 在庫数 入荷日", (None, "product", None, None), data)


def timetable(rng: Random, rows: int) -> Table:
    """Lessons; subjects are nouns of two kanji."""
    subjects = words("国語 数学 英語 理科 社会 音楽 美術 体育 道徳 書道")
    data = [(f"{n % 6 + 1}限", *(rng.choice(subjects) for _ in range(5))) for n in range(rows)]
    return _table("時限 月 火 水 木 金", (None,) * 6, data)


def survey_counts(rng: Random, rows: int) -> Table:
    """Answers counted by age group."""
    ages = words("10代 20代 30代 40代 50代 60代以上")
    data = [
        (ages[n % 6], rng.choice(("満足", "普通", "不満", "無回答")), rng.randint(0, 400), f"{rng.randint(0, 100)}%")
        for n in range(rows)
    ]
    return _table("年代 回答 件数 割合", (None, None, None, None), data)


def departments(rng: Random, rows: int) -> Table:
    """Departments and budgets."""
    data = [(f"{rng.choice(('総務', '営業', '人事', '経理', '製造', '企画'))}{rng.choice(('部', '課', '室', '第一課'))}", rng.randint(1, 9), rng.randint(10, 900) * 1000)
            for _ in range(rows)]  # fmt: skip
    return _table("部署 人数 予算", (None, None, None), data)


#: Every kind of table without a person, by name.
KINDS: dict[str, Callable[[Random, int], Table]] = {
    f.__name__: f
    for f in (products, facilities, companies, statistics, codes, logs, stations, postal_list, price_list, inventory, timetable, survey_counts, departments)
}  # fmt: skip
