"""Both engines of ``columnar`` give the same answers, and the hashes tell people apart."""

from __future__ import annotations

import subprocess
import sys
from array import array

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from piiscan import columnar
from piiscan.judge import keys
from piiscan.people import distinct, hashing
from piiscan.repeats import Repeats, repeats
from piiscan.text import fold_name

PATTERNS = [
    r"[0-9０-９]{3}[-－][0-9]{4}",
    r"[一-龥々]{1,4}[ 　]?[ぁ-ゖァ-ヺー一-龥]{1,4}",
    r"a|ab",
    r"[ 　]*x?",
    r"[A-Za-z0-9._%+-]{1,64}@[a-z0-9.-]{1,40}\.jp",
]
ALPHABET = "0123456789０９-－ 　\t\n\r\x1c\x85\xa0\u200b\ufeffaAbxX@.jp山田﨑髙々ぁアがガ"
CELLS = st.lists(
    st.one_of(
        st.text(ALPHABET, max_size=8),
        st.sampled_from(["", " ", "　", "123-4567", "123-4567\n", "山田 太郎", "ab", "a", "a@b.example.jp", "\u2003"]),
    ),
    max_size=30,
)
NAME_TEXT = st.text(
    st.one_of(
        st.sampled_from("がカ゛゜\u3099\u309aｶﾞﾊﾟｳﾞﾜﾞ髙﨑邉𠮷葛\U000e0100\ufe00 　\u200bAaßÀé´İſﬃ㈱①½"),
        st.characters(codec="utf-8"),
        st.characters(min_codepoint=0x3000, max_codepoint=0x30FF),
        st.characters(min_codepoint=0xFF00, max_codepoint=0xFFEF),
    ),
    max_size=8,
)
SECRET = b"0123456789abcdef"


@settings(max_examples=100, deadline=None)
@given(CELLS, st.sampled_from(PATTERNS), st.sampled_from([None, 0, 1, 3]))
def test_both_engines_agree(cells, pattern, limit):
    series = pl.Series(cells, dtype=pl.String)
    assert columnar.containing(cells, pattern, limit) == columnar.containing(series, pattern, limit)
    for shapes in ((pattern,), (pattern, "x"), ("[0-9]+", pattern)):
        assert columnar.tally(cells, shapes, limit) == columnar.tally(series, shapes, limit)
    assert columnar.filled(cells) == columnar.filled(series) == sum(1 for c in cells if c.strip())


@settings(max_examples=100, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=2), st.sampled_from(PATTERNS), st.randoms(use_true_random=False))
def test_a_column_taken_apart_answers_as_the_whole(lists, pattern, rng):
    cells = [c for cells in lists for c in [*cells, None]] * 6
    rng.shuffle(cells)
    series = pl.Series(cells, dtype=pl.String)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("piiscan.repeats._LOOKED_AT", len(cells) // 2)
        apart = repeats(series)
        assert isinstance(apart, Repeats)
        above = pl.Series(["words of rows above", *[c for c in cells if c is not None][:3]], dtype=pl.String).unique()
        below = repeats(series.reverse(), apart)
        assert below.words is apart.words
        joint = repeats(series, Repeats(above, apart.codes[:0]))
    assert isinstance(joint, pl.Series) or [joint.words[int(c)] for c in joint.codes] == [c or "" for c in cells]
    for limit in (None, 0, 2):
        assert columnar.containing(apart, pattern, limit) == columnar.containing(series, pattern, limit)
        for joined in (False, True):
            shapes = (pattern, "a b")
            expected = columnar.tally(series.fill_null(""), shapes, limit, joined=joined)
            assert columnar.tally(apart, shapes, limit, joined=joined) == expected
            turned = columnar.tally(series.fill_null("").reverse(), shapes, limit, joined=joined)
            assert columnar.tally(below, shapes, limit, joined=joined) == turned
    assert columnar.filled(apart) == columnar.filled(series)
    assert keys.blank_rows([apart]) == keys.blank_rows([series])
    words = frozenset(c for c in cells[:3] if c)
    assert keys.positions_in(apart, words) == keys.positions_in(series, words)
    for kind in ("name", "plain", "phone", "digits"):
        assert columnar.hashes(apart, kind, SECRET).tolist() == columnar.hashes(series, kind, SECRET).tolist()


def test_a_column_of_many_values_is_not_taken_apart():
    assert isinstance(repeats(pl.Series([str(i) for i in range(10_000)])), pl.Series)
    assert isinstance(repeats(pl.Series(["a"] * 100)), pl.Series)
    assert isinstance(repeats(["a"] * 10_000), list)
    assert isinstance(repeats(pl.Series(["a", "b"] * 5_000)), Repeats)


@pytest.mark.parametrize("make", [list, pl.Series])
def test_equal_hashes_are_those_of_the_same_name(make):
    left, right = make(["山田 太郎", "", "佐藤", "ｻﾄｳ"]), make(["山田太郎", "　", "加藤", "サトウ"])
    one, other = (columnar.hashes(side, "name", SECRET) for side in (left, right))
    assert keys.equal_hashes(one, other) == [0, 3]


def test_a_trailing_newline_is_no_match():
    for values in (["a", "a\n"], pl.Series(["a", "a\n"])):
        assert columnar.tally(values, ("a",)) == columnar.Tally(2, 1, [(1, "a\n")])


def test_alternatives_are_tried_to_the_end():
    for values in (["ab"], pl.Series(["ab"])):
        assert columnar.tally(values, ("a|ab",)).matched == 1


def test_missing_values_are_empty_cells():
    series = pl.Series(["x", None, "y"])
    assert columnar.tally(series, ("x",)) == columnar.Tally(2, 1, [(2, "y")])
    assert columnar.take(series, [1, 2]) == ["", "y"]
    assert columnar.containing(series, "y") == [(2, "y")]
    assert hashing.person_hashes([(series, "name")], SECRET)[1] == 0


def test_a_pattern_that_rust_refuses_still_works():
    pattern = r"(?=a)[a-z]{2}"
    cells = ["ab", "ba", "", " "]
    assert columnar.tally(pl.Series(cells), (pattern,)) == columnar.tally(cells, (pattern,))
    assert columnar.containing(pl.Series(cells), pattern) == [(0, "ab")]


@pytest.mark.parametrize("make", [list, pl.Series])
def test_repeated_headers_are_found(make):
    columns = {0: make(["氏名", "山田", "氏名", "氏名"]), 2: make(["電話", "x", "電話", ""])}
    assert columnar.rows_equal(columns, {0: "氏名", 2: "電話"}) == [0, 2]
    assert columnar.rows_equal(columns, {0: "氏名", 1: "住所"}) == []
    assert columnar.rows_equal(columns, {}) == []


# ---------------------------------------------------------------- hashes


@settings(max_examples=200, deadline=None)
@given(st.lists(NAME_TEXT, max_size=12))
@example(["ｶﾞ", "ﾞ", "か", "\u3099", "ﾊﾟﾊﾞ", "ｳﾞ", "わ\u3099", "か\ufe00\u3099", "か\u3099\u3099", "e\u0301", "e´"])
def test_names_fold_as_in_text(cells):
    assert hashing.fold_name_series(pl.Series(cells, dtype=pl.String)).to_list() == [fold_name(c) for c in cells]


PHONES = st.text("0123456789０９①²-－ ()+８１x一", max_size=24)


def _rows(*columns):
    return list(zip(*columns, strict=True))


#: Mostly ASCII, which takes a way of its own, and what does not fit on it.
ASCII = _rows(
    ["Ann Lee", "ANN\tLEE", "", "x\x00y", "a" * 97, "Ｂｏｂ"],
    ["81" + "9" * 10, "0" * 18, "1" * 19, "(09)\x000", "0０1", "2\n3"],
    ["9" * 18, "9" * 18 + "0", "000", "", "12\x1c3", "٣4"],
    ["a@example.jp", "B@EXAMPLE.jp", " a b ", "\x1c", "a\x00", "ab"],
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(NAME_TEXT, PHONES, PHONES, NAME_TEXT), max_size=12))
@example(ASCII)
@example([row for row in ASCII if "\x00" not in "".join(row)])
@example([("長" * 97, "81" + "9" * 9, "0" * 19, "a" * 5), ("", "+81 (0)90-0000-0000", "000", ""), ("", "", "", " ")])
def test_hashes_agree(rows):
    kinds = ("name", "phone", "digits", "plain")
    lists = [[row[i] for row in rows] for i in range(4)]
    slow = hashing.person_hashes(list(zip(lists, kinds, strict=True)), SECRET)
    fast = hashing.person_hashes(
        [(pl.Series(c, dtype=pl.String), k) for c, k in zip(lists, kinds, strict=True)], SECRET
    )
    assert isinstance(slow, array)
    assert fast.tolist() == slow.tolist()
    mixed = [(lists[0], "name"), (pl.Series(lists[1], dtype=pl.String), "phone")]
    assert (
        hashing.person_hashes(mixed, SECRET).tolist()
        == hashing.person_hashes([(lists[0], "name"), (lists[1], "phone")], SECRET).tolist()
    )


SAME = [
    ("name", "髙橋　さくら", "高橋 サクラ"),
    ("name", "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダタロウ"),
    ("phone", "090-0123-4567", "+81 90 0123 4567"),
    ("phone", "０９０（０１２３）４５６７", "9001234567"),
    ("phone", "+81 (0)3-0000-1234", "0300001234"),
    ("digits", "00042", "42"),
    ("plain", " Taro@Example.JP ", "taro@example.jp"),
    ("date", "1975-01-31", "１９７５-01-31"),
]
DIFFERENT = [
    ("name", "山田太郎", "山田太朗"),
    ("name", "abc", "abcabc"),
    ("name", "a", "a\x00"),
    ("phone", "090-0123-4567", "090-0123-4568"),
    ("digits", "8190012345", "90012345"),
    ("digits", "0", ""),
]


@pytest.mark.parametrize("make", [list, pl.Series])
@pytest.mark.parametrize("kind, one, other", SAME)
def test_the_same_person_has_the_same_hash(make, kind, one, other):
    first, second = hashing.person_hashes([(make([one, other]), kind)], SECRET)
    assert first == second != 0


@pytest.mark.parametrize("make", [list, pl.Series])
@pytest.mark.parametrize("kind, one, other", DIFFERENT)
def test_different_people_have_different_hashes(make, kind, one, other):
    first, second = hashing.person_hashes([(make([one, other]), kind)], SECRET)
    assert first != second


def test_a_hash_depends_on_part_and_secret():
    def hashes(*parts, secret=SECRET):
        return hashing.person_hashes(parts, secret)[0]

    seen = [
        hashes((["ab"], "name"), ([""], "name")),
        hashes(([""], "name"), (["ab"], "name")),
        hashes((["a"], "name"), (["b"], "name")),
        hashes((["ab"], "name"), secret=b"other"),
        hashes((["ab"], "plain")),
    ]
    assert len(set(seen)) == len(seen)
    assert hashes(([" 　"], "name"), (["なし"], "phone")) == 0


def test_many_similar_people_do_not_collide():
    names = [f"{i:05x}" for i in range(160_000)]
    phones = [f"090{i:08}" for i in range(160_000)]
    for parts in ([(pl.Series(names), "name")], [(pl.Series(phones), "phone")]):
        hashes = hashing.person_hashes(parts, SECRET)
        assert distinct.count([hashes]) == 160_000
        # every bit is set about half of the time
        assert all(70_000 < int(((hashes >> bit) & 1).sum()) < 90_000 for bit in range(64))


def test_hashes_are_the_same_in_every_process():
    code = f"from piiscan.people.hashing import person_hashes as p; print(p([(['山田'], 'name')], {SECRET!r})[0])"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(other) == hashing.person_hashes([(["山田"], "name")], SECRET)[0]


def test_lists_load_neither_polars_nor_numpy():
    code = (
        "import sys; from piiscan import columnar as c; from piiscan.people import distinct as d, hashing as h; c.tally(['a'], ('a',)); d.count([h.person_hashes([(['a'], 'name')], b'')]);"
        "assert not {'polars', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("small", [0, 10**9])
def test_distinct_is_exact(monkeypatch, small):
    monkeypatch.setattr(distinct, "_SMALL", small)
    parts = [array("Q", [5, 0, 7, 2**64 - 1]), pl.Series([7, 9, 0], dtype=pl.UInt64).to_numpy(), array("Q")]
    assert distinct.count(parts) == 4
    assert distinct.merge(parts).tolist() == [5, 7, 9, 2**64 - 1]
    assert parts[0].tolist() == [5, 0, 7, 2**64 - 1]
    assert distinct.count([]) == 0
