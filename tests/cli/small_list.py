"""A small list of invented people, and what tests do with files."""

from __future__ import annotations

from pathlib import Path

ROWS = [
    "氏名,生年月日,電話番号,メールアドレス,郵便番号,住所",
    "山田 太郎,1980-01-02,090-0123-4567,taro@example.jp,100-0001,東京都千代田区千代田1-1",
    "佐藤 花子,1975-03-04,090-0234-5678,hanako@example.jp,150-0001,東京都渋谷区神宮前2-2",
    "鈴木 一郎,1990-05-06,090-0345-6789,ichiro@example.jp,530-0001,大阪府大阪市北区梅田3-3",
    "高橋 美咲,1988-07-08,090-0456-7890,misaki@example.jp,460-0001,愛知県名古屋市中区三の丸4-4",
    "田中 健,1969-09-10,090-0567-8901,ken@example.jp,810-0001,福岡県福岡市中央区天神5-5",
]


def names(folder: str) -> set[str]:
    return {path.name for path in Path(folder).iterdir()}


def secret(path: Path, text: str) -> str:
    path.write_text(f"{text}\n", encoding="utf-8")
    path.chmod(0o600)
    return str(path)
