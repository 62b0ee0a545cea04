"""Which encoding some bytes are in: byte order marks and escapes first, then strict decoding, then plausibility."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from piiscan.encoding._codecs import euc_decode
from piiscan.shaped import later

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_ESCAPE = later(rb"\x1b(?:\$[@B]|\$\([@BD]|\([IJ])")
_SHIFTED_KANA = later(rb"\x0e[\x21-\x5f]+\x0f")
#: Characters that ordinary Japanese text is made of: ASCII, kana, JIS level 1 kanji, full-width forms.
_LEVEL_1 = frozenset(euc_decode(bytes(b for row in range(0xB0, 0xD0) for c in range(0xA1, 0xFF) for b in (row, c))))
_NAMES_OF_LEVEL_2 = frozenset("髙﨑邉邊濵濱齋齊廣國眞澤德嶋嶌槇凜彌萬壽龍靜惠榮圓淵櫻藪蒐隆曾琢瑠璃彅")
#: The kanji that names, addresses, headers and letters use most; a wrong reading meets one of them by accident only.
_FREQUENT = frozenset(
    "佐藤鈴木高橋田中伊渡辺山本村小林加吉口松井上清水長谷川池石原前岡後近坂遠青福西太三藤金野大和竹内島丸市東京都道府県区町千代"
    "北南海浜神奈横愛知名古屋阪兵庫広静崎宮城茨群玉新潟岩手秋形森栃木埼葉梨岐阜重滋賀良歌取根媛香徳分熊児沖縄戸目央港谷品世番号地丁"
    "一二三四五六七八九十百万円年月日時間子郎美恵幸和正明久雄男夫弘隆浩健誠直樹真由裕優翔蓮陽菜結衣花咲智香織恭典秀勝利康博史英治義信"
    "氏名住所電話生性別女会社株式有限員業務部課長担当者様御連絡先職役備考登録更新入退客顧受付注文商品数量金額計合請求支払学校年級組"
    "本人方今来行見出分国自事者上下学間前後何言体動同員場開私個情報内容確認送信件資料予定日程添付願問対応用使必要以外全各種他"
    "第回次表示設計画面作成変更理由説明項番期間曜土火水木休営業時点検索結果平成昭令元"
)
_PLAIN = later(
    "[\u0020-\u007e\t\r\n\f\u3000-\u3002\u300c-\u3011\u3005\u3041-\u3093\u30a1-\u30f6\u30fb\u30fc"
    "\uff01-\uff5e①-⑳㈱㈲№℡〒～－○×△□◎※→]"
)
_VOICED = later("[ｳｶ-ﾄﾊ-ﾎ]ﾞ|[ﾊ-ﾎ]ﾟ")
_EUC_KANA = later(rb"(?:\x8e[\xa1-\xdf]){3,}")
_HALF_RUN = later("[｡-ﾟ]+")


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by name, the length of its byte order mark, and whether every byte looked at fits it.

    ``name``: utf-8, cp932, eucjp-ms, cp50221, utf-16-le, utf-16-be, utf-32-le, utf-32-be.
    """

    name: str
    bom_length: int = 0
    confident: bool = True


def detect(head: bytes, *, complete: bool) -> Encoding:
    """The encoding of a text that begins with ``head``; ``complete`` says that ``head`` is all of it.

    A head that ends inside a character is understood. When nothing fits, the encoding with the fewest errors is
    given with ``confident`` False.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name, len(mark))
    wide = _wide(head, complete)
    if wide is not None:
        return wide
    if (_ESCAPE.search(head) or _SHIFTED_KANA.search(head)) and _mostly_seven_bit(head):
        return Encoding("cp50221")
    if _strict(head, "utf-8", complete) is not None:
        return Encoding("utf-8")
    return _japanese(head, complete)


def _mostly_seven_bit(head: bytes) -> bool:
    high = sum(b >= 0x80 for b in head)
    return high == 0 or high * 20 < len(head)


# ---------------------------------------------------------------- UTF-16 and UTF-32


_FILLING = bytes(16)


def _wide(head: bytes, complete: bool) -> Encoding | None:
    """UTF-16 or UTF-32 without a mark: by where the NUL bytes stand, or by being plain Japanese when read so."""
    if len(head) < 4 or (complete and len(head) % 2):
        return None
    if head.count(0) == 0:
        return _wide_without_nul(head, complete)
    if head.endswith(_FILLING):  # what a file is filled up with says nothing about the text before it
        length = len(head.rstrip(b"\0"))
        head = head[: length + -length % 4]
    for name, columns in (("utf-32-le", (2, 3)), ("utf-32-be", (0, 1))):
        if len(head) >= 8 and all(head[c::4].count(0) >= 0.99 * len(head[c::4]) for c in columns):
            return Encoding(name)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for name, few, many in (("utf-16-le", even, odd), ("utf-16-be", odd, even)):
        if many > 4 * few and _share_plain(head, name) >= 0.7:
            return Encoding(name)
    return None


def _wide_without_nul(head: bytes, complete: bool) -> Encoding | None:
    """UTF-16 that holds no ASCII at all, such as one Japanese name. Everything must be plain, and nothing else fit."""
    if not complete or len(head) > 256 or _strict(head, "utf-8", complete) is not None:
        return None
    rivals = [text for name in ("cp932", "eucjp-ms") if (text := _strict(head, name, complete)) is not None]
    if any(_share(text) > 0.8 and not _CONTROL.search(text) for text in rivals):
        return None
    for name in ("utf-16-le", "utf-16-be"):
        if _share_plain(head, name) == 1.0:
            return Encoding(name)
    return None


_CONTROL = later("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\x80-\x9f]")


def _share_plain(head: bytes, name: str) -> float:
    text = head[: len(head) // 2 * 2].decode(name, "replace")
    return _share(_HALF_RUN.sub(lambda run: "ア" * len(run[0]), text))


def _share(text: str) -> float:
    """The share of characters that ordinary Japanese text is made of."""
    return sum(c in _LEVEL_1 or c in _NAMES_OF_LEVEL_2 or bool(_PLAIN.match(c)) for c in text) / max(1, len(text))


# ---------------------------------------------------------------- UTF-8, cp932, EUC-JP

_LONGEST = {"utf-8": 4, "cp932": 2, "eucjp-ms": 3}


def _decoder(name: str) -> Callable[[bytes], str]:
    if name == "eucjp-ms":
        return lambda data: euc_decode(data, strict=True)
    return lambda data: data.decode(name)


def _strict(head: bytes, name: str, complete: bool) -> str | None:
    """The text when every byte fits; an unfinished character at the end is let off unless ``complete``."""
    decode = _decoder(name)
    for cut in range(1 if complete else _LONGEST[name]):
        try:
            text = decode(head[: len(head) - cut])
        except UnicodeDecodeError as error:
            if error.start < len(head) - _LONGEST[name]:
                return None
            continue
        if name == "cp932" and re.search("[\x80\uf8f0-\uf8f3]", text):
            return None
        return text
    return None


def _japanese(head: bytes, complete: bool) -> Encoding:
    texts = {name: text for name in ("eucjp-ms", "cp932") if (text := _strict(head, name, complete)) is not None}
    if texts:
        return Encoding(max(texts, key=lambda name: _plausibility(texts[name]) + _shifted(head, name)))
    return Encoding(_fewest_errors(head), confident=False)


def _shifted(head: bytes, name: str) -> float:
    """In favour of EUC: half-width katakana there take two bytes, the first always 8E, so runs of them are telling."""
    return sum(1.5 * len(run) for run in _EUC_KANA.findall(head)) if name == "eucjp-ms" else 0.0


def _fewest_errors(data: bytes) -> str:
    """The name of the encoding that reads most of ``data``, for bytes that no encoding reads whole."""
    candidates = {
        "utf-8": data.decode("utf-8", "surrogateescape"),
        "cp932": data.decode("cp932", "surrogateescape"),
        "eucjp-ms": euc_decode(data),
    }
    return max(candidates, key=lambda name: _plausibility(candidates[name]))


def _plausibility(text: str) -> float:
    """How much like Japanese text this is, in points for each character; only comparable over the same bytes.

    Wrong readings betray themselves: EUC read as cp932 turns into half-width katakana broken by rare kanji, cp932
    kana read as EUC turn into kanji beyond level 1.
    """
    return sum(_points(c) for c in text if c > "\x7f") + sum(_plausible_kana(run) for run in _HALF_RUN.findall(text))


def _points(c: str) -> float:
    if c in _FREQUENT:
        return 4.0
    if "ぁ" <= c <= "ヶ" or c == "ー":
        return 3.0
    if _PLAIN.match(c) or c in _NAMES_OF_LEVEL_2:
        return 2.0
    if c in _LEVEL_1:
        return 1.0
    if "｡" <= c <= "ﾟ":
        return 0.0
    return -6.0 if "\ud800" <= c <= "\uf8ff" else -4.0


def _plausible_kana(run: str) -> float:
    """Half-width katakana as words: voicing marks stand behind the right letters, words begin with a full letter."""
    marks = run.count("ﾞ") + run.count("ﾟ")
    voiced = len(_VOICED.findall(run))
    signs = sum(c in "｡｢｣､･" for c in run)
    score = 1.4 * (len(run) - marks - signs) + 2.5 * voiced - 6.0 * (marks - voiced) - 2.0 * signs
    if run[0] in "ｰﾞﾟｧｨｩｪｫｬｭｮｯﾝ":
        score -= 3.0
    return score if len(run) > 1 else score - 3.0
