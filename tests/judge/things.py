"""More invented tables without a person: what companies and offices keep beside lists of people."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import generator_things
from generator import Table, words
from generator_things import _surname, _table

from piiscan.lexicon import places

_ILLNESS = words("高血圧 糖尿病 喘息 胃炎 不眠症 花粉症 腰痛 貧血 湿疹 片頭痛")
_DISHES = words(
    "親子丼 肉じゃが 鯖の味噌煮 味噌汁 カレーライス ほうれん草のお浸し 麻婆豆腐 焼き魚 筑前煮 茶碗蒸し 冷奴 天ぷら"
)
_PLANTS = words("桜 梅 松 竹 楓 葵 菫 百合 菊 薫衣草 山茶花 紫陽花 杏 柊 茜 楠 椿 蘭 藤 萩")
_COLOURS = words("茜 藍 紅 緑 紫 山吹 若草 桜 墨 群青 萌黄 朱 浅葱 鶯 瑠璃 珊瑚 琥珀")
_TOWNS = words("山口 川崎 福島 千葉 石川 宮崎 長野 松本 岡山 広島 大分 高知 前橋 福井 秋田 青森 長崎 熊本 徳島 三重")
_TEAMS = words("レッズ ベアーズ 東西クラブ 南北FC ウイングス 青山クラブ 大谷FC スターズ 若葉SC")


def _day(rng: Random) -> str:
    return f"2026/{rng.randint(1, 12)}/{rng.randint(1, 28)}"


def _line(rng: Random) -> str:
    return f"03-0{rng.randint(0, 999):03}-{rng.randint(0, 9999):04}"


def _address(rng: Random) -> str:
    city = rng.choice(list(places.municipalities()))
    return f"{city.prefecture}{city.name}{rng.randint(1, 30)}-{rng.randint(1, 20)}"


def firms_with_phone(rng: Random, rows: int) -> Table:
    """Firms named after people, with the number of their switchboard."""
    kinds = ("{}株式会社", "株式会社{}", "有限会社{}商店", "{}工業㈱", "医療法人{}会", "{}建設株式会社")
    data = [
        (f"T{n:04}", rng.choice(kinds).format(_surname(rng)), _address(rng), _line(rng), _line(rng))
        for n in range(rows)
    ]
    return _table("取引先コード 会社名 所在地 代表電話 代表FAX", (None, "company", "business_address", "business_phone", None), data)  # fmt: skip


def shops(rng: Random, rows: int) -> Table:
    """Branches, named after the towns that share their names with people."""
    data = [
        (
            f"{rng.choice(_TOWNS)}{rng.choice(('店', '支店', '営業所'))}",
            _address(rng),
            _line(rng),
            f"{rng.randint(8, 11)}:00",
        )
        for _ in range(rows)
    ]
    return _table("店舗名 住所 電話番号 開店時刻", ("facility_name", None, None, None), data)


def menus(rng: Random, rows: int) -> Table:
    """What there is for lunch."""
    data = [(_day(rng), *(rng.choice(_DISHES) for _ in range(3)), rng.randint(500, 900)) for _ in range(rows)]
    return _table("日付 主菜 副菜 汁物 カロリー", (None,) * 5, data)


def dishes(rng: Random, rows: int) -> Table:
    """Dishes and prices."""
    data = [
        (n + 1, rng.choice(_DISHES), rng.randint(3, 20) * 100, rng.choice(("小麦", "卵", "乳", "なし")))
        for n in range(rows)
    ]
    return _table("No 料理名 価格 アレルゲン", (None,) * 4, data)


def medicines(rng: Random, rows: int) -> Table:
    """Prices of medicines, with the illnesses they are for."""
    data = [(f"{rng.choice(('アムロ', 'ロキソ', 'カルボ', 'メトホ'))}{rng.choice(('ピン', 'プロフェン', 'システイン'))}錠{rng.randint(1, 9) * 5}mg", rng.choice(_ILLNESS), f"{rng.randint(50, 900) / 10}")
            for _ in range(rows)]  # fmt: skip
    return _table("薬品名 効能 薬価", (None,) * 3, data)


def reviews(rng: Random, rows: int) -> Table:
    """Reviews counted by product."""
    data = [
        (f"A{n:04}", rng.choice(generator_things._GOODS), rng.randint(0, 900), f"{rng.randint(10, 50) / 10}")
        for n in range(rows)
    ]
    return _table("商品コード 商品名 レビュー件数 平均評価", (None, "product", None, None), data)


def machine_logs(rng: Random, rows: int) -> Table:
    """Machines and their addresses in the office network."""
    data = [(f"2026-11-{rng.randint(1, 30):02} 0{rng.randint(0, 9)}:00:00", f"srv{rng.randint(1, 40):02}", f"192.168.{rng.randint(0, 9)}.{rng.randint(1, 254)}", rng.choice(("OK", "NG")))
            for _ in range(rows)]  # fmt: skip
    return _table("時刻 ホスト名 IPアドレス 状態", (None,) * 4, data)


def code_master(rng: Random, rows: int) -> Table:
    """Codes and what they stand for."""
    kinds = words("正社員 契約社員 派遣 役員 休職 退職 男 女 既婚 未婚 父 母 子 祖父 祖母 配偶者")
    data = [(rng.choice(("雇用", "続柄", "性別")), f"{n:03}", rng.choice(kinds), n + 1) for n in range(rows)]
    return _table("区分 コード 名称 表示順", (None,) * 4, data)


def post_office(rng: Random, rows: int) -> Table:
    """Lines of the post office's file, which has no header."""
    towns = [t for t in places.towns(rng.choice(list(places.prefectures()))) if t.name]
    data = [(f"{rng.randint(1000, 47999):05}", t.code[:3], t.code, t.prefecture, t.city, t.name, 0, 0) for t in (rng.choice(towns) for _ in range(rows))]  # fmt: skip
    rows_ = tuple(tuple(str(c) for c in row) for row in data)
    return Table(rows_[0], rows_[1:], (None,) * 8)


def election(rng: Random, rows: int) -> Table:
    """Votes by district."""
    data = [
        (
            rng.choice(list(places.municipalities())).name,
            rng.randint(1000, 90000),
            rng.randint(1000, 90000),
            f"{rng.randint(30, 70)}.{rng.randint(0, 9)}%",
        )
        for _ in range(rows)
    ]
    return _table("選挙区 有権者数 投票者数 投票率", (None,) * 4, data)


def weather(rng: Random, rows: int) -> Table:
    """Weather in towns."""
    data = [
        (_day(rng), rng.choice(_TOWNS), rng.choice(("晴", "曇", "雨", "雪")), rng.randint(-5, 38), rng.randint(20, 90))
        for _ in range(rows)
    ]
    return _table("観測日 地点 天気 気温 湿度", (None,) * 5, data)


def stocks(rng: Random, rows: int) -> Table:
    """Shares of firms named after people."""
    data = [
        (
            rng.randint(1301, 9999),
            f"{_surname(rng)}{rng.choice(('製作所', '電機', '工業', '食品', 'HD'))}",
            rng.randint(100, 9000),
            f"{rng.randint(-50, 50) / 10}%",
        )
        for _ in range(rows)
    ]
    return _table("証券コード 銘柄 終値 前日比", (None,) * 4, data)


def scores(rng: Random, rows: int) -> Table:
    """Games between teams."""
    data = [
        (_day(rng), rng.choice(_TEAMS), rng.randint(0, 9), rng.randint(0, 9), rng.choice(_TEAMS)) for _ in range(rows)
    ]
    return _table("試合日 チーム名 得点 失点 対戦相手", (None,) * 5, data)


def colours(rng: Random, rows: int) -> Table:
    """Colours, many of them given names too."""
    data = [
        (n + 1, rng.choice(_COLOURS) + rng.choice(("色", "")), f"#{rng.randint(0, 0xFFFFFF):06X}") for n in range(rows)
    ]
    return _table("番号 色名 カラーコード", (None,) * 3, data)


def plants(rng: Random, rows: int) -> Table:
    """Plants, many of them given names too."""
    data = [
        (
            rng.choice(_PLANTS),
            rng.choice(("バラ科", "キク科", "マメ科", "ツバキ科")),
            f"{rng.randint(1, 12)}月",
            rng.randint(1, 80),
        )
        for _ in range(rows)
    ]
    return _table("名前 科名 開花時期 株数", (None,) * 4, data)


def sales_by_town(rng: Random, rows: int) -> Table:
    """Sales in towns whose names are surnames."""
    data = [
        (rng.choice(_TOWNS), rng.randint(1, 900) * 1000, rng.randint(1, 900) * 1000, f"{rng.randint(50, 150)}%")
        for _ in range(rows)
    ]
    return _table("エリア 今年度 前年度 前年比", (None,) * 4, data)


def extensions(rng: Random, rows: int) -> Table:
    """Departments and their extensions."""
    data = [
        (
            f"{rng.choice(('総務', '営業', '人事', '経理', '製造', '企画', '法務'))}{rng.choice(('部', '課', '室'))}",
            f"{rng.randint(2, 9)}階",
            rng.randint(1000, 9999),
        )
        for _ in range(rows)
    ]
    return _table("部署名 フロア 内線番号", (None,) * 3, data)


def books(rng: Random, rows: int) -> Table:
    """Books by title and publisher."""
    data = [(f"978-4-{rng.randint(0, 99999):05}-{rng.randint(0, 999):03}-0", f"{rng.choice(('入門', '実践', '図解'))}{rng.choice(('統計学', '簿記', '園芸', '料理', '歴史'))}", f"{_surname(rng)}書店", rng.randint(8, 40) * 100)
            for _ in range(rows)]  # fmt: skip
    return _table("ISBN 書名 出版社 価格", (None,) * 4, data)


def equipment(rng: Random, rows: int) -> Table:
    """Things a company owns."""
    data = [
        (
            f"PC-{n:05}",
            rng.choice(("ノートPC", "モニター", "プリンター", "椅子")),
            rng.choice(("本社3階", "倉庫", "会議室A")),
            _day(rng),
            rng.randint(1, 30) * 10000,
        )
        for n in range(rows)
    ]
    return _table("管理番号 品名 設置場所 購入日 取得価額", (None,) * 5, data)


def rooms(rng: Random, rows: int) -> Table:
    """Rooms, booked by departments."""
    data = [
        (
            _day(rng),
            f"{rng.randint(9, 17)}:00",
            rng.choice(("松", "竹", "梅", "桜")) + "の間",
            rng.choice(("総務部", "営業部", "企画室")),
        )
        for _ in range(rows)
    ]
    return _table("利用日 時間 会議室 利用部署", (None,) * 4, data)


def classes_by_sex(rng: Random, rows: int) -> Table:
    """Pupils counted by class and sex."""
    data = [
        (f"{n % 6 + 1}年{n // 6 % 4 + 1}組", rng.randint(10, 20), rng.randint(10, 20), rng.randint(20, 40))
        for n in range(rows)
    ]
    return _table("クラス 男子 女子 合計", (None,) * 4, data)


def shipments(rng: Random, rows: int) -> Table:
    """Parcels between branches."""
    data = [
        (
            f"{rng.randint(10**11, 10**12 - 1)}",
            _day(rng),
            f"{rng.choice(_TOWNS)}営業所",
            rng.randint(1, 30),
            f"{rng.randint(1, 20)}kg",
        )
        for _ in range(rows)
    ]
    return _table("伝票番号 発送日 配送営業所 個数 重量", (None,) * 5, data)


#: Every kind of table without a person, those of ``generator_things`` among them.
KINDS: dict[str, Callable[[Random, int], Table]] = generator_things.KINDS | {
    f.__name__: f
    for f in (
        firms_with_phone, shops, menus, dishes, medicines, reviews, machine_logs, code_master, post_office, election, weather, stocks, scores,
        colours, plants, sales_by_town, extensions, books, equipment, rooms, classes_by_sex, shipments,
    )
}  # fmt: skip
