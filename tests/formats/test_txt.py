"""Text comes in windows that lose nothing, and goes back with only the changed lines touched."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiscan.encoding import Encoding, decode, encode
from piiscan.errors import UnreadableError
from piiscan.formats import txt
from piiscan.model import Editor, Limits, Skipped, Source, Text


def source(raw: bytes, name: str = "議事録.txt") -> Source:
    return Source(name, None, name, io.BytesIO(raw), len(raw))


def read(raw: bytes) -> list:
    return list(txt.FORMAT.read(source(raw), Limits()))


def rewritten(raw: bytes, change) -> bytes:
    out = io.BytesIO()
    editor = Editor(lambda *_: pytest.fail("no cells"), change, lambda *_: pytest.fail("no members"))
    txt.FORMAT.rewrite(source(raw), out, editor, Limits())
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16", "utf-16-le"])
def test_reads_and_writes_every_encoding(encoding):
    text = "担当は山田太郎です。\r\n電話は 090-0123-4567\r\n以上"
    raw = text.encode(encoding)
    assert "".join(item.text for item in read(raw)) == text
    assert rewritten(raw, lambda *_: None) == raw
    copy = rewritten(raw, lambda place, text, line: text.replace("山田太郎", "■■■■"))
    assert "".join(item.text for item in read(copy)) == text.replace("山田太郎", "■■■■")


@pytest.mark.parametrize(
    "raw, name, expected",
    [
        (b"", "a.txt", 5),
        (b"hello\n", "a.txt", 15),
        ("本日は".encode("cp932"), "a.dat", 10),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a.txt", 0),
        (b"PK\x03\x04" + bytes(30), "a", 0),
    ],
)
def test_sniff(raw, name, expected):
    assert txt.FORMAT.sniff(source(raw, name)) == expected


def test_windows_are_whole_lines_with_their_number(monkeypatch):
    monkeypatch.setattr(txt, "WINDOW", 100)
    raw = "".join(f"{n} 行目です\n" for n in range(1, 200)).encode()
    items = read(raw)
    assert len(items) > 10
    assert "".join(item.text for item in items) == raw.decode()
    assert all(item.text.split()[0] == str(item.first_line) for item in items)


def test_endless_lines_are_cut_between_words(monkeypatch):
    monkeypatch.setattr(txt, "WINDOW", 1000)
    monkeypatch.setattr(txt, "LONGEST_LINE", 3000)
    raw = ("090-0123-4567、山田太郎 " * 2000).encode()
    items = read(raw)
    assert len(items) > 5
    assert "".join(item.text for item in items) == raw.decode()
    assert sum(item.text.count("090-0123-4567") for item in items) == 2000
    assert rewritten(raw, lambda *_: None) == raw


def test_damage_is_reported_with_its_line_and_stays():
    raw = "一行目\n".encode() + b"\xff\xfe\xfd\xfc\n" + "山田\n".encode()
    assert read(raw)[-1] == Skipped("2", "undecodable_bytes")
    assert rewritten(raw, lambda place, text, line: text.replace("山田", "■■")) == raw.replace(
        "山田".encode(), "■■".encode()
    )


def test_empty_and_binary():
    assert read(b"") == []
    assert rewritten(b"", lambda *_: "x") == b""
    with pytest.raises(UnreadableError):
        read(bytes(range(256)))


LINES = st.text(st.sampled_from("a1 山田髙﨑①ﾔﾏﾀﾞ、。\r\n"), max_size=80)


@given(LINES, st.sampled_from(["utf-8", "cp932", "eucjp-ms", "cp50221", "utf-16-le"]), st.sampled_from([1, 10, 1000]))
@settings(max_examples=400, deadline=None)
def test_nothing_is_lost(text, name, window):
    raw = "日本語の文章です。\n".encode("utf-16" if name == "utf-16-le" else "utf-8") if name.startswith("utf") else b""
    raw = raw or encode("日本語の文章です。\n", Encoding(name))
    raw += encode(text, Encoding(name))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(txt, "WINDOW", window)
        patch.setattr(txt, "LONGEST_LINE", 20)
        items = [item for item in read(raw) if isinstance(item, Text)]
        assert "".join(item.text for item in items) == "日本語の文章です。\n" + text
        assert rewritten(raw, lambda *_: None) == raw
        asked = []
        rewritten(raw, lambda place, text, line: asked.append((place, text, line)))
        assert asked == [(item.place, item.text, item.first_line) for item in items]


@given(LINES, LINES)
@settings(max_examples=300, deadline=None)
def test_changes_lead_from_old_to_new(old, new):
    out, at = [], 0
    for start, end, text in txt.changes(old, new):
        out += [old[at:start], text]
        at = end
    assert "".join([*out, old[at:]]) == new


def test_untouched_lines_keep_bytes_that_another_encoder_would_change():
    raw = b"\xed\xf8\n" + "山田\n".encode("cp932") + b"\xfa\xb1\n" + "本文はここです。\n".encode("cp932")
    copy = rewritten(raw, lambda place, text, line: text.replace("山田", "■"))
    assert copy == raw.replace("山田".encode("cp932"), "■".encode("cp932"))
    assert decode(copy, Encoding("cp932"))[1] == 0
