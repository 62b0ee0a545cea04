"""A rewritten csv file differs from its source in the changed fields and nowhere else."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiscan.encoding import Encoding, decode, encode
from piiscan.formats import _csv_rewrite
from piiscan.formats import csv as csv_format
from piiscan.model import Editor, Limits, Sheet, Source


def rewritten(raw: bytes, change, name: str = "名簿.csv", limits: Limits = Limits()) -> bytes:  # noqa: B008 -- frozen
    out = io.BytesIO()
    editor = Editor(change, lambda *_: pytest.fail("csv has no text"), lambda *_: pytest.fail("csv has no members"))
    csv_format.FORMAT.rewrite(Source(name, None, name, io.BytesIO(raw), len(raw)), out, editor, limits)
    return out.getvalue()


def keep(*_):
    return None


def swap(old: str, new: str):
    return lambda sheet, row, column, text: new if text == old else None


def places(raw: bytes, name: str = "名簿.csv", limits: Limits = Limits()):  # noqa: B008 -- frozen
    found = {}
    for item in csv_format.FORMAT.read(Source(name, None, name, io.BytesIO(raw), len(raw)), limits):
        if isinstance(item, Sheet):
            for batch in item.batches:
                for column, values in batch.columns.items():
                    for row, value in zip(batch.rows, values, strict=True):
                        if value:
                            found[row, column] = value
    return found


@pytest.mark.parametrize(
    "raw, expected",
    [
        (b"a,OLD\r\nb,c\n", b"a,NEW\r\nb,c\n"),
        (b'a,"OLD",""\n', b'a,"NEW",""\n'),
        (b'sep=;\nOLD;"x"', b'sep=;\nNEW;"x"'),
        (b'="OLD",\'0901\n', b'="NEW",\'0901\n'),
        (b'"=""OLD""",b\n', b'"=""NEW""",b\n'),
        (b'"O"LD,b\n', b'"NEW",b\n'),
        (b"\xff,OLD\n\x81,b\n", b"\xff,NEW\n\x81,b\n"),
        (b"title\n\n\nx,OLD,y\n", b"title\n\n\nx,NEW,y\n"),
    ],
)
def test_only_the_field_changes(raw, expected):
    assert rewritten(raw, swap("OLD", "NEW")) == expected


@pytest.mark.parametrize(
    "new, written", [("a,b", b'"a,b"'), ('say "x"', b'"say ""x"""'), ("l1\nl2", b'"l1\nl2"'), ("", b"")]
)
def test_new_text_is_quoted_when_it_must_be(new, written):
    assert rewritten(b"x,OLD,y\n", swap("OLD", new)) == b"x," + written + b",y\n"


def test_a_leading_apostrophe_stays():
    assert rewritten(b"'0901234567,b\n", swap("0901234567", "0900000000")) == b"'0900000000,b\n"


@pytest.mark.parametrize("name", ["utf-8", "cp932", "eucjp-ms", "cp50221", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("block", [40, 1024**2])
def test_every_encoding_in_blocks(monkeypatch, name, block):
    monkeypatch.setattr(_csv_rewrite, "BLOCK", block)
    before = "".join(f'髙橋 {n},㈱山﨑,"ソ表\r\n{n}"\r\n' for n in range(50))
    after = before.replace("髙橋 7,", "■■,").replace('"ソ表\r\n9"', '"伏字"')
    change = {"髙橋 7": "■■", "ソ表\r\n9": "伏字"}
    raw = rewritten(encode(before, Encoding(name)), lambda sheet, row, column, text: change.get(text))
    if name == "cp50221":  # escapes may be written twice
        assert decode(raw, Encoding(name)) == (after, 0)
    else:
        assert raw == encode(after, Encoding(name))


def test_a_stray_quote_is_not_closed_by_a_new_one():
    assert rewritten(b'a,"b\n1,OLD\n', swap("OLD", "x,y")) == b'a,"b\n1,x y\n'


def test_marks_stay():
    for encoding in ("utf-8-sig", "utf-16"):
        raw = rewritten("氏名,電話\nOLD,1\n".encode(encoding), swap("OLD", "NEW"))
        assert raw == "氏名,電話\nNEW,1\n".encode(encoding)


def test_bytes_that_mean_the_same_stay_as_they_are():
    raw = b"\xed\xf8,\xfa\xb1,OLD\n" * 2  # the same kanji in NEC's and in IBM's place
    assert rewritten(raw, swap("OLD", "NEW")) == raw.replace(b"OLD", b"NEW")
    raw = b"\xfc\xe2,\x8f\xf4\xfc,\x8e\xb1\x8e\xb2,OLD,\xa4\xb3\xa4\xec\xa4\xcf\n" * 2
    assert rewritten(raw, swap("OLD", "NEW")) == raw.replace(b"OLD", b"NEW")


def test_characters_the_encoding_lacks_are_replaced():
    raw = "氏名,電話\r\n山田,1\r\n".encode("cp932")
    assert rewritten(raw, swap("山田", "𠮷😀")).decode("cp932") == "氏名,電話\r\n■■,1\r\n"


SIGNS = st.sampled_from([b"a", b"1", b",", b'"', b'""', b"\r", b"\n", b"\r\n", b";", b"\t", b"=", b"'", b"\xff",
                         "山".encode(), "山田".encode("cp932"), "山".encode("euc_jp"), b"\x1b$B;3\x1b(B"])  # fmt: skip
BYTES = st.lists(SIGNS, max_size=40).map(b"".join)


@given(BYTES, st.sampled_from([1, 5, 1024]), st.sampled_from([4, 1024**2]))
@settings(max_examples=600, deadline=None)
def test_untouched_is_identical(raw, block, cell_chars):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_csv_rewrite, "BLOCK", block)
        try:
            assert rewritten(raw, keep, limits=Limits(cell_chars=cell_chars)) == raw
        except csv_format.UnreadableError:
            assert b"\xff" in raw


@given(BYTES, st.sampled_from([7, 1024]), st.sampled_from([4, 1024**2]))
@settings(max_examples=600, deadline=None)
def test_the_editor_is_asked_about_what_read_gives(raw, block, cell_chars):
    try:
        raw.decode()
    except UnicodeDecodeError:
        block = 1024  # a damaged line is read as a whole or not at all, and lines over a block are cut
    limits = Limits(cell_chars=cell_chars)
    asked = {}

    def ask(sheet, row, column, text):
        asked[row, column] = text

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_csv_rewrite, "BLOCK", block)
        try:
            rewritten(raw, ask, limits=limits)
        except csv_format.UnreadableError:
            return
    assert asked == places(raw, limits=limits)


@given(BYTES, st.sampled_from(["x", "伏字", "a,b", 'q"q', "l1\r\nl2", ""]))
@settings(max_examples=500, deadline=None)
def test_the_copy_reads_back_changed(raw, new):
    raw = "氏名,住所,電話\r\n".encode() * 20 + raw.replace(b"\xff", b"").replace("山田".encode("cp932"), b"")
    raw = raw.replace("山".encode("euc_jp"), b"").replace(b"\x1b", b"")
    before = places(raw)
    target = max(before)
    copy = rewritten(raw, lambda sheet, row, column, text: new if (row, column) == target else None)
    after = {place: text for place, text in before.items() if place != target} | ({target: new} if new else {})
    if '"' in "".join(text[:1] for text in before.values()):
        return  # a stray quote: what would need quotes is written without them
    assert places(copy) == after
