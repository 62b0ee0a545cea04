"""JSON lines are rows of one table, whatever their number, and broken lines are not lost."""

from __future__ import annotations

import io
import json

import pytest

from piiscan.formats import jsonl
from piiscan.formats.json import FORMAT as json_format
from piiscan.model import Editor, Limits, Sheet, Skipped, Source


def source(raw: bytes, name: str = "log.jsonl") -> Source:
    return Source(name, None, name, io.BytesIO(raw), len(raw))


def read(raw: bytes):
    cells, skipped = {}, []
    for item in jsonl.FORMAT.read(source(raw), Limits()):
        if isinstance(item, Skipped):
            skipped.append(item)
        elif isinstance(item, Sheet):
            for batch in item.batches:
                for column, values in batch.columns.items():
                    cells.update({(row, column): v for row, v in zip(batch.rows, values, strict=True) if v})
    return cells, skipped


def rewritten(raw: bytes, change) -> bytes:
    out = io.BytesIO()
    jsonl.FORMAT.rewrite(source(raw), out, Editor(change, lambda *_: None, lambda *_: None), Limits())
    return out.getvalue()


RAW = '{"氏名":"山田","tel":{"home":"03-0000-0000"},"ids":[1,2]}\n\nbroken 山田\n{"tel":{"home":"x"},"氏名":"鈴木","new":"y"}'.encode()


def test_lines_are_rows_under_the_names_of_the_first_block():
    cells, _ = read(RAW)
    assert [cells[0, n] for n in range(6)] == ["氏名", "tel.home", "ids.0", "ids.1", "text", "new"]
    assert (cells[1, 1], cells[2, 4], cells[3, 0]) == ("03-0000-0000", "broken 山田", "鈴木")


def test_only_changed_literals_differ():
    assert rewritten(RAW, lambda *_: None) == RAW
    copy = rewritten(RAW, lambda s, r, c, text: text.replace("山田", "■■"))
    assert copy == RAW.replace("山田".encode(), "■■".encode())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
def test_blocks_and_encodings(monkeypatch, encoding):
    monkeypatch.setattr(jsonl, "BLOCK", 300)
    raw = "".join(
        json.dumps({"名": f"髙橋{n}", "長": "あ" * (n % 7) * 90}, ensure_ascii=False) + "\r\n" for n in range(60)
    ).encode(encoding)
    cells, skipped = read(raw)
    assert skipped == []
    assert cells[60, 0] == "髙橋59"
    asked = {}
    assert rewritten(raw, lambda s, r, c, text: asked.__setitem__((r, c), text)) == raw
    assert asked == cells


def test_sniff():
    assert jsonl.FORMAT.sniff(source(RAW)) == 60
    assert jsonl.FORMAT.sniff(source(b'{"a":1}\n{"a":2}\n', "x.txt")) == 65
    assert jsonl.FORMAT.sniff(source(b'{"a":1}\n{"a":2}\n', "x.json")) > json_format.sniff(source(b'{"a":1}', "x.json"))
    assert jsonl.FORMAT.sniff(source(b'{\n"a":1}\n', "x.json")) == 0


def test_damage_is_reported():
    assert read(b'{"a":"\xff"}\n{"a":"b"}\n')[1] == [Skipped("1", "undecodable_bytes")]


def test_names_that_are_personal_are_changed_from_where_they_begin(monkeypatch):
    monkeypatch.setattr(jsonl, "BLOCK", 8)
    raw = '{"x":1}\n{"x":2}\n{"山田":3,"x":4}\n{"a":{"山田":5}}\n'.encode()
    later = [i for i in jsonl.FORMAT.read(source(raw), Limits()) if not isinstance(i, Sheet) or list(i.batches) is None]
    assert [i.text for i in later] == ["山田\na.山田"]
    copy = rewritten(raw, lambda s, r, c, text: text.replace("山田", "■") if "山田" in text else None)
    assert copy == raw.replace("山田".encode(), "■".encode())
