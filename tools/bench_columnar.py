"""Times ``columnar`` on an invented list: ``python tools/bench_columnar.py [rows]``; nanoseconds a cell, both engines."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

import polars as pl

from piiscan import columnar
from piiscan.people import distinct, hashing

SECRET = b"benchmark"
DIGIT = "[0-9０-９]"
HYPHEN = "[-－‐−]?"
PATTERNS = {
    "postal": rf"〒?{DIGIT}{{3}}{HYPHEN}{DIGIT}{{4}}",
    "address": r"(?:東京都|北海道|(?:大阪|京都)府|.{2,3}県).{2,80}",
    "name": r"[一-龥々]{1,4}[ 　]?[ぁ-ゖァ-ヺー一-龥々]{1,4}",
    "child": r"[一-龥々]{1,4}[ 　]?[ぁ-ゖァ-ヺー一-龥々]{1,4}",
    "kana": r"[ァ-ヺーｦ-ﾟ]{1,8}[ 　]?[ァ-ヺーｦ-ﾟ]{1,10}",
    "birth": r"(?:19|20)[0-9]{2}[-/年][01]?[0-9][-/月][0-3]?[0-9]日?",
    "sex": r"男性?|女性?|その他",
    "phone": rf"[0０]{DIGIT}{{1,4}}{HYPHEN}{DIGIT}{{1,4}}{HYPHEN}{DIGIT}{{3,4}}",
    "mail": r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,60}\.[A-Za-z]{2,10}",
    "notes": r"[^0-9@]{0,200}",
}
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
HALF = str.maketrans("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ", "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎ")


def invented(rows: int) -> dict[str, list[str]]:
    """Ten columns in mixed notations: 5 % full-width numbers, 8 % half-width kana, 55 % mails, 3 % notes."""
    rng = random.Random(1)
    kanji = [chr(c) for c in range(0x4E00, 0x8000, 7)]
    kana = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ"

    def name() -> str:
        return "".join(rng.choices(kanji, k=2)) + rng.choice(" 　") + "".join(rng.choices(kanji, k=2))

    def reading() -> str:
        text = "".join(rng.choices(kana, k=4)) + "　" + "".join(rng.choices(kana, k=3))
        return text.translate(HALF) if rng.random() < 0.08 else text

    def number(text: str) -> str:
        return text.translate(WIDE) if rng.random() < 0.05 else text

    return {
        "postal": [number(f"{rng.randrange(1000):03}-{rng.randrange(10000):04}") for _ in range(rows)],
        "address": [
            f"東京都見本区例町{rng.randrange(1, 9)}-{rng.randrange(1, 30)}-{rng.randrange(1, 30)}" for _ in range(rows)
        ],
        "name": [name() for _ in range(rows)],
        "child": [name() for _ in range(rows)],
        "kana": [reading() for _ in range(rows)],
        "birth": [
            f"{rng.randrange(1940, 2024)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}" for _ in range(rows)
        ],
        "sex": [rng.choice("男女") for _ in range(rows)],
        "phone": [number(f"090-0{rng.randrange(1000):03}-{rng.randrange(10000):04}") for _ in range(rows)],
        "mail": [f"u{rng.randrange(10**8)}@example.jp" if rng.random() < 0.55 else "" for _ in range(rows)],
        "notes": ["電話希望 夕方" if rng.random() < 0.03 else "" for _ in range(rows)],
    }


def best(work: Callable[[], object], times: int = 3) -> float:
    """The fastest of a few runs, in seconds."""
    measured = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        measured.append(time.perf_counter() - start)
    return min(measured)


def main() -> None:
    """Prints one line a question."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    lists = invented(rows)
    few = {name: values[: rows // 20] for name, values in lists.items()}
    series = {name: pl.Series(name, values) for name, values in lists.items()}
    for title, columns in (("polars", series), ("python", few)):
        height = len(next(iter(columns.values())))
        total = 0.0
        for name, values in columns.items():
            seconds = best(lambda v=values, p=PATTERNS[name]: columnar.tally(v, p))
            total += seconds
            print(f"{title:7} tally {name:8} {seconds / height * 1e9:8.1f} ns/cell")
        people = best(lambda c=columns: hashing.person_hashes([(c["name"], "name"), (c["phone"], "phone")], SECRET))
        kana = best(lambda c=columns: hashing.person_hashes([(c["kana"], "name"), (c["mail"], "plain")], SECRET))
        print(
            f"{title:7} ten columns   {total / height / 10 * 1e9:8.1f} ns/cell, {total * 1e6 / height:.2f} s per 1 M rows"
        )
        print(
            f"{title:7} name + phone  {people * 1e9 / height:8.1f} ns/row;  kana + mail {kana * 1e9 / height:8.1f} ns/row"
        )
    hashes = hashing.person_hashes([(series["name"], "name"), (series["phone"], "phone")], SECRET)
    print(f"distinct {distinct.count([hashes])} in {best(lambda: distinct.count([hashes])) * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
