"""JSON values are read as tables and changed one literal at a time."""

from __future__ import annotations

import io
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiscan.errors import PiiscanError, UnreadableError
from piiscan.formats import json as json_format
from piiscan.model import Editor, Limits, Sheet, Source, Text

DOCUMENT = {
    "title": "顧客",
    "customers": [
        {
            "name": "山田 太郎",
            "phone": "090-0123-4567",
            "address": {"zip": "100-0000"},
            "mails": ["a@example.jp", "b@example.jp"],
        },
        {"name": "鈴木 花子", "age": 41, "active": True, "orders": [{"id": 1.0}, {"id": 2}]},
    ],
}


def source(raw: bytes, name: str = "顧客.json") -> Source:
    return Source(name, None, name, io.BytesIO(raw), len(raw))


def sheets(raw: bytes) -> dict[str, dict[tuple[int, int], str]]:
    found = {}
    for item in json_format.FORMAT.read(source(raw), Limits()):
        if isinstance(item, Text) and item.place.location == "names":
            continue  # of lists; they are in no table
        assert isinstance(item, Sheet)
        cells = found.setdefault(item.location, {})
        for batch in item.batches:
            for column, values in batch.columns.items():
                cells.update({(row, column): v for row, v in zip(batch.rows, values, strict=True) if v})
    return found


def rewritten(raw: bytes, change) -> bytes:
    out = io.BytesIO()
    editor = Editor(
        change, lambda place, text, _: change(place.location, 0, 0, text), lambda *_: pytest.fail("no members")
    )
    json_format.FORMAT.rewrite(source(raw), out, editor, Limits())
    return out.getvalue()


def test_lists_of_objects_are_tables_with_headers():
    found = sheets(json.dumps(DOCUMENT, ensure_ascii=False).encode())
    customers = found["/customers"]
    assert [customers[0, n] for n in range(4)] == ["name", "phone", "address.zip", "age"]
    assert customers[1, 2] == "100-0000"
    assert customers[2, 3] == "41"
    assert found["/customers/*/mails"] == {(0, 0): "mails", (1, 0): "a@example.jp", (2, 0): "b@example.jp"}
    assert found["/customers/*/orders"] == {(0, 0): "id", (1, 0): "1", (2, 0): "2"}
    assert found[""] == {(0, 0): "title", (1, 0): "顧客"}


def test_an_object_of_like_objects_is_a_table():
    raw = json.dumps({f"id{n}": {"name": "山田", "age": n} for n in range(5)}).encode()
    assert sheets(raw)[""][5, 0] == "id4"


def test_names_that_come_twice_lose_nothing():
    raw = b'{"a": "1", "a": "2", "b": {"c": "3"}, "b.c": "4"}'
    assert {text for (row, _), text in sheets(raw)[""].items() if row} == {"1", "2", "3", "4"}
    assert rewritten(raw, lambda s, r, c, text: "x" if text == "2" else None) == raw.replace(b'"2"', b'"x"')


def test_objects_with_very_many_members():
    raw = json.dumps({f"k{n}": f"v{n}" for n in range(600)}).encode()
    assert sheets(raw)[""][600, 1] == "v599"
    wide = json.dumps({f"k{n}": [] if n == 0 else n for n in range(17_000)}).encode()
    texts = [item for item in json_format.FORMAT.read(source(wide), Limits()) if not isinstance(item, Sheet)]
    assert len(texts) == 16_999 - 16_384


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_only_the_changed_literal_differs(encoding):
    text = '{ "氏名" : "山田\\u3000太郎",\r\n "番号":0.50, "x":[1 ,2,"\\"q\\""]}'
    raw = text.encode(encoding)
    assert rewritten(raw, lambda *_: None) == raw
    change = {"山田　太郎": "■■", "0.50": "***", "1": "7", '"q"': 'a"b'}
    expected = text.replace('"山田\\u3000太郎"', '"\\u25a0\\u25a0"').replace("0.50", '"***"').replace("[1", "[7")
    assert rewritten(raw, lambda s, r, c, t: change.get(t)) == expected.replace('\\"q\\"', 'a\\"b').encode(encoding)


def test_broken_and_deep_documents_are_errors_not_crashes():
    for raw in (b'{"a": ', b"[" * 100_000, b"[" * 3000 + b"1" + b"]" * 3000, b"{'a': 1}"):
        with pytest.raises(PiiscanError):
            list(json_format.FORMAT.read(source(raw), Limits()))
    with pytest.raises(UnreadableError):
        rewritten(b'{"a": ', lambda *_: None)


@pytest.mark.parametrize(
    "raw, name, expected",
    [
        (b'{"a": 1}', "a.json", 60),
        (b'[{"a": 1}]', "a.dat", 30),
        (b"[INFO] x", "a.log", 0),
        (b"a,b", "a.json", 0),
        (b"", "a", 0),
    ],
)
def test_sniff(raw, name, expected):
    assert json_format.FORMAT.sniff(source(raw, name)) == expected


LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=4)
)


@given(TREES, st.booleans(), st.sampled_from([None, 1]))
@settings(max_examples=400, deadline=None)
def test_read_and_rewrite_see_the_same_cells(tree, escaped, indent):
    raw = json.dumps(tree, ensure_ascii=escaped, indent=indent).encode("utf-8", "replace")
    asked = {}

    def ask(sheet, row, column, text):
        asked[sheet, row, column] = text

    try:
        assert rewritten(raw, ask) == raw
        found = sheets(raw)
    except UnreadableError:
        return  # control characters: binary
    cells = {(sheet, *place): text for sheet, places in found.items() for place, text in places.items()}
    asked = {key: text for key, text in asked.items() if key[0] != "names"}
    assert {key: text for key, text in cells.items() if key in asked} == asked
    assert all(key in asked or text in raw.decode() for key, text in cells.items())


@given(TREES)
@settings(max_examples=200, deadline=None)
def test_a_changed_document_stays_json(tree):
    raw = json.dumps(tree).encode()
    assert json.loads(rewritten(raw, lambda *_: '伏"字\n')) is not ...


def test_names_that_are_personal_are_changed_and_kept_apart():
    raw = '{"一覧": {"山田 一": {"a": 1}, "山田 二": {"a": 2}, "鈴木": {"a": 3}}, "山田様": {"b": [1]}}'.encode()
    copy = rewritten(raw, lambda s, r, c, text: re.sub("山田 ?.", "■", text) if "山田" in text else None)
    assert json.loads(copy) == {"一覧": {"■": {"a": 1}, "■ 2": {"a": 2}, "鈴木": {"a": 3}}, "■ 3": {"b": [1]}}
