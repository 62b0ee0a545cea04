"""Encodings are found, read and written back without losing a character or a byte."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiscan.encoding import (
    Encoding,
    decode,
    decode_declared,
    decode_name,
    decode_stream,
    detect,
    encode,
    looks_like_text,
    splice,
)

NAMES = ("utf-8", "cp932", "eucjp-ms", "cp50221", "utf-16-le", "utf-16-be")
STATELESS = ("utf-8", "cp932", "eucjp-ms", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")

SURNAMES = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
    "井上",
    "木村",
    "林",
    "斎藤",
    "清水",
    "長谷川",
    "髙橋",
    "山﨑",
]
GIVEN = [
    "太郎",
    "花子",
    "一郎",
    "美咲",
    "翔太",
    "さくら",
    "健",
    "陽菜",
    "大輔",
    "裕子",
    "ひかり",
    "蓮",
    "結衣",
    "誠",
    "直樹",
    "彩",
    "拓也",
    "真由美",
    "颯太",
    "凛",
]
KANA = ["ヤマダ", "タロウ", "サトウ", "ハナコ", "ミズノ", "ケンジ", "タカハシ", "ユウコ", "ワタナベ", "ダイスケ"]
HALF = ["ﾔﾏﾀﾞ", "ﾀﾛｳ", "ｻﾄｳ", "ﾊﾅｺ", "ﾐｽﾞﾉ", "ｹﾝｼﾞ", "ﾀｶﾊｼ", "ﾕｳｺ", "ﾜﾀﾅﾍﾞ", "ﾀﾞｲｽｹ", "ｶﾌﾞｼｷｶﾞｲｼｬ", "ﾃﾞﾝﾜ", "ﾊﾞﾝｺﾞｳ", "ｼﾞｭｳｼｮ"]
PLACES = [
    "東京都千代田区丸の内",
    "大阪府大阪市北区梅田",
    "北海道札幌市中央区",
    "福岡県福岡市博多区",
    "神奈川県横浜市西区",
    "愛知県名古屋市中区",
]
PROSE = [
    "本日はお問い合わせいただき、ありがとうございます。",
    "会議の資料を添付いたします。",
    "ご確認のほど、よろしくお願いします。",
    "来週の予定はまだ決まっていません。",
]
VENDOR = ["①髙橋", "㈱山﨑商事", "№１２", "㈲日本工業", "Ⅲ型", "℡０３", "②宮﨑", "髙島屋"]


def record(rng: Random, kind: str) -> str:
    pick = rng.choice
    if kind == "names":
        return f"{pick(SURNAMES)} {pick(GIVEN)},{pick(KANA)} {pick(KANA)}"
    if kind == "addresses":
        return f"〒100-0000,{pick(PLACES)}{rng.randint(1, 9)}-{rng.randint(1, 30)},03-0000-{rng.randint(0, 9999):04}"
    if kind == "half":
        return f"{pick(HALF)} {pick(HALF)},{rng.randint(1, 999)}"
    if kind == "vendor":
        return f"{pick(VENDOR)},{pick(SURNAMES)}"
    if kind == "ascii":
        return f"id{rng.randint(1, 99999)},user@example.jp,{pick(SURNAMES) if rng.random() < 0.2 else 'none'}"
    return pick(PROSE)


def sample(rng: Random, kind: str, records: int) -> str:
    if records == 0:
        return record(rng, kind).split(",")[0]
    return "\r\n".join(record(rng, kind) for _ in range(records)) + "\r\n"


def family(text: str, name: str) -> str:
    return "any" if text.isascii() and not name.startswith("utf-16") else name


def accuracy(seed: int, count: int) -> tuple[Counter[tuple[str, int]], Counter[tuple[str, int]]]:
    rng = Random(seed)
    right: Counter[tuple[str, int]] = Counter()
    total: Counter[tuple[str, int]] = Counter()
    for _ in range(count):
        name, kind = rng.choice(NAMES), rng.choice(["names", "addresses", "half", "vendor", "ascii", "prose"])
        records = rng.choice([0, 1, 6, 120])
        text = sample(rng, kind, records)
        if text.isascii():
            continue
        total[name, records] += 1
        right[name, records] += detect(encode(text, Encoding(name)), complete=True).name == name
    return right, total


def test_finds_the_encoding_of_generated_text():
    right, total = accuracy(20260101, 1200)
    share = {key: right[key] / total[key] for key in total}
    for (name, records), value in share.items():
        least = 0.85 if records == 0 else 0.97 if records == 1 else 1.0
        assert value >= least, (name, records, value)


@pytest.mark.parametrize("name", NAMES)
def test_a_head_cut_inside_a_character_is_understood(name):
    raw = encode(sample(Random(3), "names", 20), Encoding(name))
    for cut in range(200, 212):
        found = detect(raw[:cut], complete=False)
        assert (found.name, found.confident) == (name, True), cut


@pytest.mark.parametrize("mark, name", [("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"), ("utf-32", "utf-32-le")])
def test_byte_order_marks(mark, name):
    raw = "氏名,住所".encode(mark)
    found = detect(raw, complete=True)
    assert found.name == name
    assert decode(raw[found.bom_length :], found) == ("氏名,住所", 0)


def test_plain_ascii_is_utf8_and_nothing_is_latin1():
    assert detect(b"name,phone\r\n", complete=True) == Encoding("utf-8")
    assert detect(b"", complete=True) == Encoding("utf-8")
    assert not detect(b"\xff\xff\xfa\xff caf\xe9\xff", complete=True).confident


def test_escapes_of_a_terminal_are_not_iso2022():
    assert detect(b"\x1b]0;title\x07\x1b[2J name\n", complete=True).name == "utf-8"


@pytest.mark.parametrize("text", ["①㈱髙﨑", "ⅰⅢ№℡", "ﾔﾏﾀﾞ ﾀﾛｳ", "～－∥￠￡￢", "山田\n髙橋\r\n"])
@pytest.mark.parametrize("name", NAMES)
def test_vendor_characters_survive_the_way_there_and_back(text, name):
    raw = encode(text, Encoding(name))
    assert decode(raw, Encoding(name)) == (text, 0)


@pytest.mark.parametrize(
    "raw, text",
    [
        (b"\xad\xa1\xfc\xe2\x8f\xf4\xab", "①髙㈱"),  # CP51932 and eucJP-ms forms side by side
        (b"\x8e\xd4\x8e\xcf", "ﾔﾏ"),
    ],
)
def test_euc_reads_both_microsoft_dialects(raw, text):
    assert decode(raw, Encoding("eucjp-ms")) == (text, 0)


@pytest.mark.parametrize(
    "raw, text",
    [
        (b"\x1b$B-!-j\x1b(B x", "①㈱ x"),
        (b"\x1b$@;3ED\x1b(J!", "山田!"),
        (b"\x1b(I%V\x1b(B", "･ﾖ"),
        (b"\x0e4^\x0f-", "ｴﾞ-"),
        (b"\xd4\xcf\xc0\xde", "ﾔﾏﾀﾞ"),
        (b"\x1b$B;3ED\r\nabc", "山田\r\nabc"),
        (b"\x1b$B;3\x80ED\x1b(B", "山\ufffd田"),
    ],
)
def test_iso2022_dialects(raw, text):
    assert decode(raw, Encoding("cp50221"))[0] == text


def test_characters_without_a_place_become_something_legal():
    for name in ("cp932", "eucjp-ms", "cp50221"):
        raw = encode("¥100 😀 𠮷", Encoding(name))
        assert decode(raw, Encoding(name)) == ("￥100 ■ ■", 0)
    assert encode("\ud800x", Encoding("utf-8")).decode() == "\ufffdx"


def test_one_damaged_byte_does_not_change_the_encoding():
    for name in ("utf-8", "cp932", "eucjp-ms"):
        raw = encode(sample(Random(9), "addresses", 30), Encoding(name))
        raw = raw[:300] + b"\xff" + raw[300:]
        found = detect(raw, complete=True)
        assert (found.name, found.confident) == (name, False)
        assert 1 <= decode(raw, found)[1] <= 3


def test_pasted_together_encodings_are_read_line_by_line():
    raw = "氏名,住所\n".encode("cp932") + "山田太郎,東京都\n".encode() + "鈴木,大阪\n".encode("euc_jp")
    assert decode(raw, detect(raw, complete=True)) == ("氏名,住所\n山田太郎,東京都\n鈴木,大阪\n", 0)


def test_new_text_takes_the_encoding_of_its_line():
    raw = "氏名,住所\n".encode("cp932") + "山田太郎,東京都\n".encode() + "鈴木,大阪\n".encode("euc_jp")
    copy = splice(raw, Encoding("cp932"), [(6, 10, "伏字"), (15, 17, "鈴木花子")])
    expected = raw.replace("山田太郎".encode(), "伏字".encode())
    assert copy == expected.replace("鈴木".encode("euc_jp"), "鈴木花子".encode("euc_jp"))


@pytest.mark.parametrize("name", [*STATELESS, "cp50221"])
@pytest.mark.parametrize("size", [7, 64, 1000])
def test_a_stream_gives_the_same_text_in_blocks(name, size):
    text = sample(Random(4), "vendor", 30) + "改行のない長い行" * 40
    raw = encode(text, Encoding(name))
    blocks = list(decode_stream(io.BytesIO(raw), Encoding(name), size))
    assert b"".join(b.raw for b in blocks) == raw
    assert sum(b.undecodable for b in blocks) == 0
    assert "".join(b.text for b in blocks) == text


@pytest.mark.parametrize(
    "declared, raw, expected",
    [
        ("Shift_JIS", "①髙橋".encode("cp932"), ("①髙橋", "cp932", 0)),
        ("x-sjis", "山﨑".encode("cp932"), ("山﨑", "cp932", 0)),
        ("ISO-2022-JP", b"\x1b$B-!\x1b(B", ("①", "cp50221", 0)),
        ("us-ascii", b"\x1b$B-!\x1b(B", ("①", "cp50221", 0)),
        ("EUC-JP", b"\xad\xa1", ("①", "eucjp-ms", 0)),
        ("utf-8", "山田太郎様の予定".encode("cp932"), ("山田太郎様の予定", "cp932", 0)),
        ("x-unknown", "山田太郎".encode(), ("山田太郎", "utf-8", 0)),
        (None, "山田太郎".encode(), ("山田太郎", "utf-8", 0)),
        ("base64", "山田太郎".encode(), ("山田太郎", "utf-8", 0)),
        ("iso-8859-1", b"caf\xe9", ("café", "iso8859-1", 0)),
    ],
)
def test_declared_encodings(declared, raw, expected):
    assert decode_declared(raw, declared) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp", "iso2022_jp"])
def test_names_as_bare_bytes(encoding):
    assert decode_name("顧客名簿.xlsx".encode(encoding)) == "顧客名簿.xlsx"


def test_binary_is_not_text():
    for raw in (b"PK\x03\x04\x14\x00\x00\x00", bytes(range(256)), b"\x7fELF\x02\x01\x01\x00" + bytes(50)):
        assert not looks_like_text(raw, detect(raw, complete=True))
    for raw in ("氏名,住所\n".encode("cp932"), "山田\0太郎\n".encode(), "氏名".encode("utf-16"), b""):
        assert looks_like_text(raw, detect(raw, complete=True))


ALPHABET = st.text(st.sampled_from("aZ0,\"'\r\n\t 　山田髙﨑①㈱ﾔﾏﾀﾞあいうアー～－｡№"), max_size=60)


@given(ALPHABET, st.sampled_from([*STATELESS, "cp50221"]))
@settings(max_examples=400, deadline=None)
def test_round_trip(text, name):
    raw = encode(text, Encoding(name))
    assert decode(raw, Encoding(name)) == (text, 0)


@given(st.text(max_size=40), st.sampled_from([*STATELESS, "cp50221"]))
@settings(max_examples=300, deadline=None)
def test_writing_never_fails_and_reads_back(text, name):
    decode(encode(text, Encoding(name)), Encoding(name))


@given(st.binary(max_size=80), st.booleans())
@settings(max_examples=500, deadline=None)
def test_nothing_crashes_on_any_bytes(raw, complete):
    found = detect(raw, complete=complete)
    text, bad = decode(raw[found.bom_length :], found)
    assert bad >= 0
    assert isinstance(text, str)
    decode_name(raw)


@given(st.binary(max_size=60), st.sampled_from([*STATELESS, "cp50221"]), st.data())
@settings(max_examples=500, deadline=None)
def test_splicing_touches_nothing_else(raw, name, data):
    encoding = Encoding(name)
    text, _ = decode(raw, encoding)
    assert splice(raw, encoding, []) == raw
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    out = splice(raw, encoding, [(start, end, "x")])
    if name == "cp50221":
        return
    head = next(
        n for n in range(len(raw) + 1) if out[:n] == raw[:n] and (n == len(raw) or out[: n + 1] != raw[: n + 1])
    )
    unit = encode("x", encoding)
    assert any(
        out == raw[:n] + unit + raw[m:] for n in range(head + 1) for m in [n + len(raw) - (len(out) - len(unit))]
    )


@given(ALPHABET, st.sampled_from([*STATELESS, "cp50221"]), st.data())
@settings(max_examples=400, deadline=None)
def test_splicing_replaces_what_was_asked(text, name, data):
    encoding = Encoding(name)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    last = data.draw(st.integers(end, len(text)))
    out = splice(encode(text, encoding), encoding, [(start, end, "伏字"), (last, len(text), "x")])
    assert decode(out, encoding) == (text[:start] + "伏字" + text[end:last] + "x", 0)


def test_long_corpora_of_one_encoding_when_present():
    folder = next((p for p in Path(__file__).resolve().parents if (p / "shared" / "corpus").is_dir()), None)
    files = sorted((folder / "shared" / "corpus" / "files").rglob("cjkencodings/*")) if folder else []
    wanted = {"cp932": "cp932", "shift_jis": "cp932", "euc_jp": "eucjp-ms", "iso2022_jp": "cp50221"}
    found = [f for f in files if f.stem in wanted and f.suffix == ".txt"]
    if not found:
        pytest.skip("no corpus beside the project")
    for file in found:
        assert detect(file.read_bytes(), complete=True).name == wanted[file.stem], file.name
