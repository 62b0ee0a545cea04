"""Times a whole scan of a generated list of invented people against Python's csv module merely iterating it.

usage: python tools/bench_scan.py [ROWS] [FOLDER]

Ten columns: postal code, address, guardian, child, kana, birth date, sex, phone, mail (55 % filled), notes (3 %), in
mixed notations. The reader and the scans take turns, so that a machine whose speed drifts treats them alike; what
counts is the smallest time of each. Memory is that of the command and its worker together, at the worst moment.
The children may keep the bytecode of what they import, as they do for everybody who uses the program twice, even where
PYTHONDONTWRITEBYTECODE forbids it to this process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

ROUNDS = 3
COLUMNS = (
    "郵便番号",
    "住所",
    "保護者氏名",
    "氏名",
    "氏名カナ",
    "生年月日",
    "性別",
    "電話番号",
    "メールアドレス",
    "備考",
)
READ = """
import csv, sys, time
start = time.perf_counter()
with open(sys.argv[1], encoding=sys.argv[2], newline="") as file:
    for row in csv.reader(file):
        pass
print(time.perf_counter() - start)
"""
SCAN = """
import sys, time
from piiscan import api
start = time.perf_counter()
api.scan(sys.argv[1])
print(time.perf_counter() - start)
"""
_SURNAMES = tuple(
    zip(
        [
            "佐藤",
            "鈴木",
            "高橋",
            "田中",
            "伊藤",
            "渡辺",
            "山本",
            "中村",
            "小林",
            "加藤",
            "吉田",
            "山田",
            "佐々木",
            "山口",
            "松本",
            "井上",
            "木村",
            "林",
            "斎藤",
            "清水",
            "長谷川",
            "髙橋",
        ],
        [
            "サトウ",
            "スズキ",
            "タカハシ",
            "タナカ",
            "イトウ",
            "ワタナベ",
            "ヤマモト",
            "ナカムラ",
            "コバヤシ",
            "カトウ",
            "ヨシダ",
            "ヤマダ",
            "ササキ",
            "ヤマグチ",
            "マツモト",
            "イノウエ",
            "キムラ",
            "ハヤシ",
            "サイトウ",
            "シミズ",
            "ハセガワ",
            "タカハシ",
        ],
        strict=True,
    )
)
_GIVEN = tuple(
    zip(
        [
            "太郎",
            "花子",
            "一郎",
            "美咲",
            "翔太",
            "さくら",
            "健",
            "陽菜",
            "大輔",
            "裕子",
            "直樹",
            "恵",
            "誠",
            "由美子",
            "拓也",
            "愛",
            "蓮",
            "葵",
            "大翔",
            "結衣",
        ],
        [
            "タロウ",
            "ハナコ",
            "イチロウ",
            "ミサキ",
            "ショウタ",
            "サクラ",
            "ケン",
            "ヒナ",
            "ダイスケ",
            "ユウコ",
            "ナオキ",
            "メグミ",
            "マコト",
            "ユミコ",
            "タクヤ",
            "アイ",
            "レン",
            "アオイ",
            "ヒロト",
            "ユイ",
        ],
        strict=True,
    )
)
_TOWNS = (
    ("100-0005", "東京都千代田区丸の内"),
    ("530-0001", "大阪府大阪市北区梅田"),
    ("060-0042", "北海道札幌市中央区大通西"),
    ("812-0011", "福岡県福岡市博多区博多駅前"),
    ("460-0008", "愛知県名古屋市中区栄"),
    ("220-0012", "神奈川県横浜市西区みなとみらい"),
    ("980-0811", "宮城県仙台市青葉区一番町"),
    ("730-0011", "広島県広島市中区基町"),
)
_NOTES = (
    "電話は夕方以降",
    "連絡済",
    "転居予定あり。要確認",
    "資料送付済み 再送不要",
    "紹介特典の対象",
    "二重登録の疑い",
)
_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
_HALF = str.maketrans(
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンー　",
    "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝｰ ",
)
_VOICED = dict(
    zip(
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポョュ",
        [
            "ｶﾞ",
            "ｷﾞ",
            "ｸﾞ",
            "ｹﾞ",
            "ｺﾞ",
            "ｻﾞ",
            "ｼﾞ",
            "ｽﾞ",
            "ｾﾞ",
            "ｿﾞ",
            "ﾀﾞ",
            "ﾁﾞ",
            "ﾂﾞ",
            "ﾃﾞ",
            "ﾄﾞ",
            "ﾊﾞ",
            "ﾋﾞ",
            "ﾌﾞ",
            "ﾍﾞ",
            "ﾎﾞ",
            "ﾊﾟ",
            "ﾋﾟ",
            "ﾌﾟ",
            "ﾍﾟ",
            "ﾎﾟ",
            "ｮ",
            "ｭ",
        ],
        strict=True,
    )
)


def person_row(rng: Random) -> list[str]:
    """One invented family: a guardian, a child, where they live and how they are reached."""
    (family, family_kana), (parent, _), (child, child_kana) = (
        rng.choice(_SURNAMES),
        rng.choice(_GIVEN),
        rng.choice(_GIVEN),
    )
    postal, town = rng.choice(_TOWNS)
    space = rng.choice(" 　")
    address = f"{town}{rng.randint(1, 9)}-{rng.randint(1, 30)}-{rng.randint(1, 20)}"
    if rng.random() < 0.25:
        address += f"{rng.choice(('　', ',', chr(10)))}見本ハイツ{rng.randint(1, 9)}0{rng.randint(1, 9)}"
    year, month, day = rng.randint(1940, 2019), rng.randint(1, 12), rng.randint(1, 28)
    birth = rng.choice((f"{year}-{month:02}-{day:02}", f"{year}/{month}/{day}", f"{year}年{month}月{day}日"))
    kana = f"{family_kana}{space}{child_kana}"
    if rng.random() < 0.08:
        kana = "".join(_VOICED.get(c, c) for c in kana).translate(_HALF)
    phone = rng.choice(
        (f"090-0{rng.randint(0, 999):03}-{rng.randint(0, 9999):04}", f"0800{rng.randint(0, 9999999):07}")
    )
    phone = phone.translate(_WIDE) if rng.random() < 0.05 else phone
    mail = f"user{rng.randint(1, 10**7)}@example.jp" if rng.random() < 0.55 else ""
    note = rng.choice(_NOTES) if rng.random() < 0.03 else ""
    sex = rng.choice("男女")
    return [postal, address, f"{family}{space}{parent}", f"{family}{space}{child}", kana, birth, sex, phone, mail, note]


def make(path: Path, rows: int, encoding: str = "utf-8") -> None:
    """Writes the list; the same rows for the same number of them."""
    import csv

    rng = Random(20260101)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(person_row(rng) for _ in range(rows))


def environment() -> dict[str, str]:
    """That of this process, with bytecode kept."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def timed_child(*arguments: str) -> float:
    """The seconds that a child says it took."""
    done = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True, env=environment())
    return float(done.stdout)


def timed_command(path: Path, out: Path) -> float:
    """The seconds of the whole command, from its start to its end."""
    start = time.perf_counter()
    done = subprocess.run(command(path, out), check=False, capture_output=True, env=environment())
    assert done.returncode == 10, done.stderr.decode()
    return time.perf_counter() - start


def command(path: Path, out: Path) -> list[str]:
    """``piiscan scan`` with a report in JSON."""
    return [sys.executable, "-m", "piiscan", "scan", str(path), "--format", "json", "-o", str(out), "--force"]


def peak_memory(arguments: list[str]) -> int:
    """Bytes of memory that a command and its children hold together at the worst moment (Linux only)."""
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(_resident, _family(process.pid))))
        time.sleep(0.01)
    return peak


def _family(pid: int) -> list[int]:
    try:
        children = [
            int(c) for task in Path(f"/proc/{pid}/task").iterdir() for c in (task / "children").read_text().split()
        ]
    except OSError:  # it has just ended
        return []
    return [pid, *(grandchild for child in children for grandchild in _family(child))]


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def in_turns(functions: dict[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, float]:
    """The smallest time of each function, all of them run one after the other in every round."""
    best = dict.fromkeys(functions, float("inf"))
    for _ in range(rounds):
        for name, function in functions.items():
            best[name] = min(best[name], function())
    return best


def compare(path: Path, encoding: str, rounds: int = ROUNDS) -> dict[str, float]:
    """Seconds of the module's reader, of a scan in the same process, and of the command."""
    out = path.with_suffix(".json")
    return in_turns(
        {
            "csv.reader": lambda: timed_child("-c", READ, str(path), encoding),
            "api.scan": lambda: timed_child("-c", SCAN, str(path)),
            "command": lambda: timed_command(path, out),
        },
        rounds,
    )


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    folder = sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        for encoding in ("utf-8", "cp932"):
            path = Path(temporary) / f"{encoding}.csv"
            make(path, rows, encoding)
            best = compare(path, encoding)
            reader = best.pop("csv.reader")
            print(f"{encoding}: {rows:,} rows, {path.stat().st_size / rows:.0f} bytes a row; csv.reader {reader:.2f} s")
            for name, seconds in best.items():
                print(f"  {name}: {seconds:.2f} s, {seconds / reader:.2f} of the reader")
            print(f"  memory: {peak_memory(command(path, path.with_suffix('.json'))) / 1024**2:.0f} MiB")


if __name__ == "__main__":
    main()
