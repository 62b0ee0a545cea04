"""Times the csv reader against Python's own csv module on a generated list of invented people.

usage: python tools/bench_csv.py [ROWS] [FOLDER]
"""

from __future__ import annotations

import csv
import resource
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from piiscan.formats import csv as csv_format
from piiscan.model import Limits, Sheet, Source

SURNAMES = ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "長谷川"]
GIVEN = ["太郎", "花子", "一郎", "美咲", "翔太", "さくら", "健", "陽菜", "大輔", "裕子"]
KANA = ["サトウ", "スズキ", "タカハシ", "タナカ", "イトウ", "ワタナベ", "ヤマモト", "ナカムラ", "コバヤシ", "ハセガワ"]
TOWNS = ["東京都千代田区丸の内", "大阪府大阪市北区梅田", "北海道札幌市中央区大通西", "福岡県福岡市博多区博多駅前"]


def row(rng: Random) -> str:
    name = f"{rng.choice(SURNAMES)} {rng.choice(GIVEN)}"
    address = f"{rng.choice(TOWNS)}{rng.randint(1, 9)}-{rng.randint(1, 30)}-{rng.randint(1, 20)}"
    if rng.random() < 0.1:
        address = f'"{address},ハイツ{rng.randint(1, 9)}0{rng.randint(1, 9)}"'
    mail = f"user{rng.randint(1, 10**6)}@example.jp" if rng.random() < 0.55 else ""
    notes = '"備考\n二行目"' if rng.random() < 0.01 else "連絡済" if rng.random() < 0.03 else ""
    return (
        f"100-{rng.randint(0, 9999):04},{address},{name},{rng.choice(SURNAMES)} {rng.choice(GIVEN)},"
        f"{rng.choice(KANA)} {rng.choice(KANA)},19{rng.randint(40, 99)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02},"
        f"{rng.choice('男女')},090-0{rng.randint(0, 999):03}-{rng.randint(0, 9999):04},{mail},{notes}"
    )


def make(path: Path, rows: int, encoding: str) -> None:
    rng = Random(1)
    some = [row(rng) for _ in range(20_000)]
    with path.open("w", encoding=encoding, newline="") as out:
        out.write("郵便番号,住所,保護者氏名,氏名,氏名カナ,生年月日,性別,電話番号,メール,備考\r\n")
        for start in range(0, rows, len(some)):
            out.write("".join(line + "\r\n" for line in some[: rows - start]))


def with_module(path: Path, encoding: str) -> tuple[float, float, int]:
    start, cpu = time.perf_counter(), time.process_time()
    with path.open(encoding=encoding, newline="") as file:
        count = sum(1 for _ in csv.reader(file))
    return time.perf_counter() - start, time.process_time() - cpu, count


def with_piiscan(path: Path) -> tuple[float, float, int]:
    start, cpu, count = time.perf_counter(), time.process_time(), 0
    with path.open("rb") as stream:
        source = Source(str(path), None, path.name, stream, path.stat().st_size)
        for item in csv_format.FORMAT.read(source, Limits()):
            if isinstance(item, Sheet):
                count += sum(len(batch.rows) for batch in item.batches)
    return time.perf_counter() - start, time.process_time() - cpu, count


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    folder = sys.argv[2] if len(sys.argv) > 2 else None
    import polars as pl  # noqa: F401 -- its import is start-up cost, not reading

    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        for encoding in ("utf-8", "cp932"):
            path = Path(temporary) / f"{encoding}.csv"
            make(path, rows, encoding)
            for _ in range(3):
                (theirs, their_cpu, rows_there) = with_module(path, encoding)
                (ours, our_cpu, rows_here) = with_piiscan(path)
                print(
                    f"{encoding}: csv.reader {theirs:.2f} s, piiscan {ours:.2f} s, ratio {ours / theirs:.2f};",
                    f"processor {their_cpu:.2f} and {our_cpu:.2f} s, ratio {our_cpu / their_cpu:.2f};",
                    f"{rows_here:,} of {rows_there:,} rows, {path.stat().st_size / 2**20:.0f} MiB",
                )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
