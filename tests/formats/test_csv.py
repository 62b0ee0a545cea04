"""Delimited text is read whole, the same way whatever its size, and no cell is lost."""

from __future__ import annotations

import csv as stdlib_csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiscan import early
from piiscan.encoding import Encoding, encode
from piiscan.errors import UnreadableError
from piiscan.formats import csv as csv_format
from piiscan.formats._csv_blocks import ahead, as_many_as_fit, batches
from piiscan.formats._csv_records import records, rows_of
from piiscan.formats._csv_split import Damage, _outside, pieces, scan, utf8_chunks
from piiscan.model import Batch, Limits, Sheet, Skipped, Source


def source(raw: bytes, name: str = "名簿.csv") -> Source:
    return Source(name, None, name, io.BytesIO(raw), len(raw))


def cells(found) -> dict[tuple[int, int], str]:
    return {
        (row, column): value
        for batch in found
        for column, values in batch.columns.items()
        for row, value in zip(batch.rows, values, strict=True)
        if value
    }


def read(raw: bytes, name: str = "名簿.csv", limits: Limits = Limits()):  # noqa: B008 -- frozen
    items = []
    found: dict[tuple[int, int], str] = {}
    for item in csv_format.FORMAT.read(source(raw, name), limits):
        items.append(item)
        if isinstance(item, Sheet):
            found = cells(item.batches)
    return found, [item for item in items if isinstance(item, Skipped)]


def rows(raw: bytes, name: str = "名簿.csv") -> list[list[str]]:
    found, _ = read(raw, name)
    height = max((row for row, _ in found), default=-1) + 1
    width = max((column for _, column in found), default=-1) + 1
    return [[found.get((row, column), "") for column in range(width)] for row in range(height)]


def in_blocks(raw: bytes, size: int, limits: Limits = Limits()):  # noqa: B008 -- frozen
    """What the reader of large files gives, with blocks of ``size`` bytes."""
    damage = Damage()
    chunks = utf8_chunks(io.BytesIO(raw), Encoding("utf-8"), size, damage)
    return cells(batches(pieces(chunks, ",", limits.cell_chars, damage, 0), ",", limits, 3, damage))


def in_one(text: str, limits: Limits = Limits()):  # noqa: B008 -- frozen
    return {
        (row, column): value
        for row, (fields, _) in enumerate(records(text, ",", limits.cell_chars, final=True))
        for column, (_, _, value) in enumerate(fields)
        if value
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16", "utf-16-le"])
def test_every_encoding(encoding):
    raw = "氏名,電話\r\n山田 太郎,090-0123-4567\r\n".encode(encoding)
    assert rows(raw) == [["氏名", "電話"], ["山田 太郎", "090-0123-4567"]]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("氏名\t電話\n山田\t1\n", [["氏名", "電話"], ["山田", "1"]]),
        ("氏名;電話\n山田;1\n", [["氏名", "電話"], ["山田", "1"]]),
        ("氏名|電話\n山田|1\n", [["氏名", "電話"], ["山田", "1"]]),
        ("sep=;\r\na,b;c\r\n", [["a,b", "c"]]),
        ("user@example.jp\nmember@example.jp\n", [["user@example.jp"], ["member@example.jp"]]),
        (
            "名簿\n\n氏名,住所,電話\n山田,東京,1\n",
            [["名簿", "", ""], ["", "", ""], ["氏名", "住所", "電話"], ["山田", "東京", "1"]],
        ),
        ("a,b,c\n1\n1,2,3,4\n", [["a", "b", "c", ""], ["1", "", "", ""], ["1", "2", "3", "4"]]),
        ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
        ("a,b\r1,2\n3,4\r\n5,6", [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]),
        ('a,"x\r\ny"\n"q""q",2\n', [["a", "x\r\ny"], ['q"q', "2"]]),
        ('5" x,b\n"a"z,"c" d\n', [['5" x', "b"], ["az", "c d"]]),
        ('a,="0901234567"\n"=""012""",\'0901\n', [["a", "0901234567"], ["012", "0901"]]),
        ('a,"b\n1,2\n3,4\n', [["a", '"b'], ["1", "2"], ["3", "4"]]),
        ("氏名,電話\n山田\0太郎,1\n", [["氏名", "電話"], ["山田\0太郎", "1"]]),
        (",,\n,,\na,,b\n", [["", "", ""], ["", "", ""], ["a", "", "b"]]),
    ],
)
def test_forms(text, expected):
    assert rows(text.encode()) == expected


def test_address_commas_do_not_beat_tabs():
    raw = "".join(f"山田\t東京都,千代田区,丸の内{n}\t090\n" for n in range(9)).encode()
    assert len(rows(raw, "名簿.txt")[0]) == 3


def test_an_unclosed_quote_costs_one_line_even_when_the_file_is_large():
    raw = b'a,"b\n' + b"1,2\n" * 60_000
    small = Limits(cell_chars=150_000)
    for found in (in_blocks(raw, 100_000, small), in_one(raw.decode(), small)):
        assert found[0, 1] == '"b'
        assert found[60_000, 0] == "1"


def test_giant_lines_are_cut_not_held():
    raw = b"x" * 3000 + b"," + b"y" * 10
    found = in_blocks(raw, 500, Limits(cell_chars=1000))
    assert sum(len(value) for value in found.values()) == 3010
    assert max(len(value) for value in found.values()) == 1000
    wide = ",".join(str(n) for n in range(40_000))
    found = in_blocks(wide.encode(), 50_000)
    assert set(found.values()) == {str(n) for n in range(40_000)}
    assert max(row for row, _ in found) == 2


def test_damaged_bytes_are_reported_with_their_row():
    raw = "氏名,電話\n山田,1\n".encode() + b"\xff\xfe\xfd,2\n" + "鈴木,3\n".encode()
    found, skipped = read(raw)
    assert skipped == [Skipped("3", "undecodable_bytes")]
    assert found[3, 0] == "鈴木"


def test_damaged_bytes_in_a_large_file(monkeypatch):
    monkeypatch.setattr(csv_format, "SMALL", 0)
    raw = b"a,b\n" * 1000 + b"\xff,2\n" + "鈴木,3\n".encode()
    found, skipped = read(raw)
    assert skipped == [Skipped("1001", "undecodable_bytes")]
    assert found[1001, 0] == "鈴木"


def test_empty_files_hold_nothing():
    assert list(csv_format.FORMAT.read(source(b""), Limits())) == []
    assert read(b"\r\n\r\n") == ({}, [])


@pytest.mark.parametrize(
    "raw, name, least, most",
    [
        ("氏名,電話\n山田,1\n".encode("cp932"), "a.csv", 60, 60),
        ("一列だけ\n".encode(), "a.csv", 60, 60),
        ("氏名\t住所\t電話\tメール\n山田\t東京\t1\tx\n".encode("cp932"), "a.txt", 20, 30),
        ("本日はありがとうございます。\nよろしくお願いします。\n".encode(), "a.txt", 0, 0),
        (b"PK\x03\x04" + bytes(200), "a.csv", 0, 0),
        (bytes(range(256)) * 4, "a.csv", 0, 0),
        (b"2026-01-01 10:00:00,123 INFO a\n" * 20, "a.log", 0, 0),
    ],
)
def test_sniff(raw, name, least, most):
    assert least <= csv_format.FORMAT.sniff(source(raw, name)) <= most


def test_large_files_take_the_columnar_way(monkeypatch):
    monkeypatch.setattr(csv_format, "SMALL", 0)
    raw = ("氏名,備考\r\n" + '山田,"一\n二"\r\n' * 500 + ",\r\n鈴木,終\r\n").encode("cp932")
    items = list(csv_format.FORMAT.read(source(raw), Limits()))
    made: list[Batch] = list(items[0].batches)
    assert not isinstance(made[0].columns[0], list)
    assert cells(made)[502, 1] == "終"
    assert 501 not in made[0].rows


def test_ragged_rows_widen_a_large_file(monkeypatch):
    monkeypatch.setattr(csv_format, "SMALL", 0)
    monkeypatch.setattr(csv_format, "BLOCK", 4096)
    raw = b"a,b\n" * 20_000 + b"1,2,3,4,5\n" + b"x,y,z\n" * 3000
    found, _ = read(raw)
    assert found[20_000, 4] == "5"
    assert found[23_000, 2] == "z"


def test_a_splitter_counts_records_not_lines():
    assert scan(b'a,"x\ny"\nb,c\n"open', ",") == (12, 2)
    assert scan(b'a,"x"y\n', ",") == (0, 0)
    assert scan(b"a\rb\n", ",") == (0, 0)


TEXT = st.text(st.sampled_from("ab山,\"\r\n\t ='"), max_size=60)


@given(TEXT)
@settings(max_examples=800, deadline=None)
def test_the_tokenizer_agrees_with_the_csv_module(text):
    ours = [[value for _, _, value in fields] for fields, _ in records(text, ",", 10**6, final=True)]
    module = list(stdlib_csv.reader(io.StringIO(text, newline="")))
    if rows_of(text, ",", 10**6)[0] == list(module):
        assert [row for row in ours if row != [""]] == [row for row in module if row not in ([], [""])]
        assert len(ours) == len(module)
    else:  # only an unclosed quote is read differently
        assert text.count('"')


@given(TEXT, st.integers(1, 30), st.sampled_from([3, 7, 10**6]))
@settings(max_examples=500, deadline=None)
def test_blocks_of_any_size_give_the_same_cells(text, size, cell_chars):
    from piiscan.formats._csv_records import unwrap

    limits = Limits(cell_chars=cell_chars)
    expected = {place: unwrap(value)[1] for place, value in in_one(text, limits).items()}
    assert in_blocks(text.encode(), size, limits) == {place: value for place, value in expected.items() if value}


@given(st.lists(st.lists(st.text(st.sampled_from('a山,"\r\n= '), max_size=5), min_size=1, max_size=5), max_size=8))
@settings(max_examples=300, deadline=None)
def test_what_the_module_writes_is_read(table):
    out = io.StringIO(newline="")
    stdlib_csv.writer(out).writerows(table)
    wanted = {(r, c): v for r, row in enumerate(table) for c, v in enumerate(row) if v}
    assert in_one(out.getvalue()) == wanted


def test_public_examples_when_present():
    folder = next((p for p in Path(__file__).resolve().parents if (p / "shared" / "hostile_files").is_dir()), None)
    files = sorted((folder / "shared" / "hostile_files").rglob("*.csv")) if folder else []
    if not files:
        pytest.skip("no files beside the project")
    for file in files:
        raw = file.read_bytes()
        head = csv_format.head_of(source(raw)) if raw else None
        if head is None or "".join(head[1].split()) == "":
            continue
        assert read(raw)[0], file.name


@pytest.mark.parametrize("name", ["cp932", "eucjp-ms", "cp50221", "utf-16-le"])
def test_large_files_in_other_encodings(monkeypatch, name):
    monkeypatch.setattr(csv_format, "SMALL", 0)
    monkeypatch.setattr(csv_format, "BLOCK", 5000)
    text = "氏名,会社,備考\r\n" + "".join(f'髙橋 {n},㈱山﨑ソ表,"一,二\r\n{n}"\r\n' for n in range(900))
    found, skipped = read(encode(text, Encoding(name)))
    assert skipped == []
    assert (found[900, 0], found[900, 1], found[900, 2]) == ("髙橋 899", "㈱山﨑ソ表", "一,二\r\n899")


@given(st.text('a",\n', max_size=40))
def test_line_ends_outside_of_quotes(text: str) -> None:
    data = np.frombuffer(text.encode(), np.uint8)
    lines, quotes = np.flatnonzero(data == 10), np.flatnonzero(data == 34)
    expected = [at for at, c in enumerate(text) if c == "\n" and text.count('"', 0, at) % 2 == 0]
    assert _outside(lines, quotes).tolist() == expected if len(quotes) else len(lines) == len(expected)


@pytest.mark.parametrize("most", [1, 3])
def test_what_is_made_ahead_keeps_its_order_and_its_bounds(most: int) -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(20):
            made.append(number)
            yield number
        raise UnreadableError("damaged")

    coming = ahead(items(), lambda _: most)
    for number in range(20):
        assert next(coming) == number
        assert len(made) <= number + 1 + most
    with pytest.raises(UnreadableError):
        next(coming)


def test_fewer_batches_wait_the_more_memory_they_take() -> None:
    def batch(cells: int, column: type) -> Batch:
        return Batch(range(cells), {0: column(["見本の値"] * cells)})

    for column in (list, pl.Series):
        few, many = as_many_as_fit(batch(100_000, column)), as_many_as_fit(batch(1_000_000, column))
        assert 16 >= few > many >= 1
        assert as_many_as_fit(batch(10_000_000, column)) == 1


@pytest.mark.parametrize("filling", [b"\0" * 3, b"\0" * 4000, b"\x1a\0\0\0"])
def test_what_is_filled_up_with_zeros_is_read(filling: bytes) -> None:
    raw = "氏名,番号\r\n山田 太郎,1\r\n".encode("cp932") + filling
    assert csv_format.FORMAT.sniff(source(raw)) > 0
    assert read(raw)[0][1, 0] == "山田 太郎"
    assert csv_format.FORMAT.sniff(source(filling)) == 0


def test_the_engine_is_loaded_early_for_those_files_that_need_it() -> None:
    assert early.LARGE == csv_format.SMALL
