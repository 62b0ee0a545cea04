"""The fast ways give what the plain ones give: prefilters find no less, and both engines see the same file alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import polars as pl
import pytest

from piiscan import columnar, repeats
from piiscan.formats import csv as csv_format
from piiscan.inspection.inspecting import inspect
from piiscan.inspection.knowledge import knowledge
from piiscan.judge.confirm import Tally, confirm_column
from piiscan.judge.features import Features
from piiscan.model import Detector, FileReport, Limits, Source
from piiscan.prose import finding as texts
from piiscan.prose import searching
from piiscan.prose.mentions import mentions

SECRET = b"a key for tests"
PHRASES = (
    "{} に連絡済み", "連絡先：{}", "担当：{}", "氏名 {} 様", "住所は{}です", "（{}）", "TEL {}", "備考 {}、再送不要", "{}", "{} {}",
    "生年月日 {}", "会員番号: {}", "Fax {} まで", "{}\n{}", "パスワード：{}", "ＩＤ：{}", "国籍は{}", "病歴 {}", "年収{}", "{}さん より",
)  # fmt: skip
PLAIN = (
    "",
    " ",
    "済",
    "A-12",
    "2024-05-01",
    "1,200円",
    "担当者不在",
    "未確認",
    "札幌市",
    "ハイツ見本",
    "v1.2.3",
    "12:30",
    "同上",
)


def detectors() -> dict[str, Detector]:
    return dict(knowledge().detectors)


def cell(rng: Random, samples: list[Callable[[Random], str]]) -> str:
    """A cell of free text: nothing, something harmless, or samples of entities in a phrase."""
    if rng.random() < 0.3:
        return rng.choice(PLAIN)
    return rng.choice(PHRASES).format(rng.choice(samples)(rng), rng.choice(samples)(rng))


def cells(seed: int, count: int) -> list[str]:
    rng = Random(seed)
    samples = [d.sample for d in detectors().values() if d.sample]
    return [cell(rng, samples) for _ in range(count)]


def plain_spans(text: str) -> list[searching.Span]:
    """What ``find_spans`` says it gives: every pattern on the whole text."""
    if len(text) < 2:
        return []
    every, _ = searching._searches(searching.Same(detectors()))
    found = texts._without_overlaps(s for search in every for s in searching._finds(search, text, 0, len(text)))
    found = texts._without_overlaps([*found, *texts._addressees(text), *texts._names_beside(text, found)])
    found = texts._without_overlaps([*found, *mentions(text, found)])
    return sorted(found, key=lambda s: s.start)


def finds(values: columnar.Values, entity: str | None = None) -> Tally:
    known = knowledge().detectors
    tally = Tally()
    sample = list(dict.fromkeys(text for text in values if text and text.strip()))[:200]
    confirm_column(values, range(len(values)), entity, Features(sample, known, len(sample), len(values)), known, tally)
    return tally


@pytest.mark.parametrize("seed", range(3))
def test_what_is_skipped_could_not_be_found(seed: int) -> None:
    for text in cells(seed, 700):
        assert texts.find_spans(text, knowledge().detectors) == plain_spans(text), text


@pytest.mark.parametrize("seed", range(3))
def test_a_long_text_is_searched_near_its_signs_only_and_gives_the_same(seed: int) -> None:
    known = searching.Same(detectors())
    every, _ = searching._searches(known)
    rng = Random(seed)
    for start in range(0, 600, 30):
        filler = rng.choice(("本日は晴天なり", "the quick brown fox ", "一覧を下に示す。", "0,1,2,3,4\n"))
        text = "".join(c + filler * rng.randrange(1, 60) for c in cells(seed * 1000 + start, 30))
        assert len(text) > searching.SHORT
        plain = [s for search in every for s in searching._finds(search, text, 0, len(text))]
        assert sorted(map(repr, searching.pattern_finds(known, text))) == sorted(map(repr, plain))


@pytest.mark.parametrize("seed", range(3))
def test_a_column_without_entity_gives_what_every_cell_gives(seed: int) -> None:
    values = cells(seed + 100, 500)
    plain: dict[str, list[int]] = {}
    for row, text in enumerate(values):
        for span in plain_spans(text):
            plain.setdefault(span.entity, []).append(row)
    tally = finds(values)
    assert tally.counts == {entity: len(rows) for entity, rows in plain.items()}


@pytest.mark.parametrize("entity", [None, "address", "phone", "person_name", "email", "birth_date", "company"])
def test_both_engines_book_the_same(entity: str | None) -> None:
    rng = Random(7)
    sample = knowledge().detectors[entity].sample if entity else None
    values = [sample(rng) if sample and rng.random() < 0.7 else text for text in cells(5, 400)]
    values = [text.replace(" ", "\n", 1) if rng.random() < 0.1 else text for text in values]
    assert finds(values, entity) == finds(pl.Series(values), entity)


def test_a_line_break_in_a_cell_is_a_space() -> None:
    values = ["東京都千代田区見本1-2-3\n見本ハイツ101", "東京都千代田区見本1-2-3\r\n見本ハイツ101", "東京都\n", "x\ny"]
    pattern = "[^\r\n]*見本[^\r\n]*101"
    for column in (values, pl.Series(values)):
        look = columnar.tally(column, (pattern,), joined=True)
        assert (look.filled, look.matched) == (4, 2)
        assert look.exceptions == [(2, "東京都\n"), (3, "x\ny")]
        assert columnar.tally(column, (pattern,)).matched == 0


def table(rng: Random, rows: int) -> bytes:
    """A list of people with free text, odd cells, repeated headers and blank rows."""
    known = knowledge().detectors
    names = ("person_name", "person_name_kana", "birth_date", "phone", "email", "address", "sex")
    header = ["氏名", "フリガナ", "生年月日", "電話番号", "メールアドレス", "住所", "性別", "備考", "コード"]
    samples = [d.sample for d in known.values() if d.sample]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    for number in range(rows):
        if rng.random() < 0.01:
            writer.writerow(rng.choice((header, [], [""] * 9)))
        row = [known[name].sample(rng) for name in names]  # type: ignore[misc]
        row = [cell(rng, samples) if rng.random() < 0.03 else value for value in row]
        note = cell(rng, samples) if rng.random() < 0.1 else ""
        writer.writerow([*row, note, f"X{number % 97}"])
    return out.getvalue().encode()


def scanned(data: bytes) -> Iterator[FileReport]:
    source = Source("list.csv", None, "list.csv", io.BytesIO(data), len(data))
    yield from inspect(source, knowledge(), Limits(), SECRET).reports


def repeated(data: bytes, times: int) -> bytes:
    """A list whose columns hold the same few values again and again, put together anew for each row."""
    header, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    columns = [list(column) for column in zip(*(row for row in rows if len(row) == len(header)), strict=True)]
    rng = Random(len(rows))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([rng.choice(column) for column in columns] for _ in range(times * len(rows)))
    return out.getvalue().encode()


@pytest.mark.parametrize("times", [0, 30])
@pytest.mark.parametrize("seed", range(3))
def test_both_engines_give_the_same_report(seed: int, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = repeated(table(Random(seed), 100), times) if times else table(Random(seed), 1500)
    small = list(scanned(data))
    monkeypatch.setattr(csv_format, "SMALL", 0)
    if times:  # several parts, so that words of one are known in the next
        monkeypatch.setattr(csv_format, "BLOCK", 150_000)
    monkeypatch.setattr("piiscan.repeats._LOOKED_AT", 200 if times else 10**6)
    taken_apart: list[object] = []
    words = repeats.repeats
    monkeypatch.setattr(
        "piiscan.judge.part.repeats", lambda *asked: taken_apart.append(found := words(*asked)) or found
    )
    large = list(scanned(data))
    assert any(isinstance(found, repeats.Repeats) for found in taken_apart) == bool(times)
    assert small[0].tables[0].persons > 1000
    assert small == large
    assert list(small[0].person_keys) == list(large[0].person_keys)  # type: ignore[call-overload]


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_scan_takes_less_time_than_to_iterate_the_file(encoding: str, tmp_path: Path) -> None:
    import sys

    sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
    import bench_scan

    path = tmp_path / "big.csv"
    bench_scan.make(path, 1_000_000, encoding)
    best = bench_scan.compare(path, encoding)
    assert best["api.scan"] <= 0.8 * best["csv.reader"]
    assert best["command"] <= 0.8 * best["csv.reader"]
    assert bench_scan.peak_memory(bench_scan.command(path, tmp_path / "out.json")) <= 600 * 1024**2
