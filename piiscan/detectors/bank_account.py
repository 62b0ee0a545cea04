"""銀行口座 — account numbers, alone or with bank, branch and type; ゆうちょ symbols and numbers.

Forms: 1234567 (seven digits, context needed), 普通 1234567, 0001-001 普通 1234567, みずほ銀行 本店 普通 1234567,
ゆうちょ 10530-12345671 and 記号10530 番号12345671. No check digit exists in the interbank format, and the rule of the fourth
digit of ゆうちょ symbols could not be established; a symbol must begin with 1 or 0 and end in 0.

Source: descriptions of the 全銀 format; ゆうちょ conversion as banks publish it.
"""

from __future__ import annotations

import re
import unicodedata
from random import Random

from piiscan.detectors._shapes import COLON, HYPHEN, SEPARATOR, SPACE, D, whole, words
from piiscan.model import Detector

_KIND = words("普通", "普", "当座", "当", "貯蓄", "総合", "通常", "普通預金", "当座預金", "貯蓄預金", "(普)", "(当)")
_BANK = "[^0-9０-９\n,，、。:：]{1,20}(?:銀行|信用金庫|信金|信用組合|信組|農協|農業協同組合|漁協|労働金庫|労金|JAバンク|ゆうちょ|バンク)"
_BRANCH = "[^0-9０-９\n,，。]{0,20}(?:支店|本店|営業部|出張所|本所|支所|店)?"
_NUMBER = f"(?:(?:口座)?番号|口座|No[.．]?|№)?{COLON}?{SPACE}?{D}{{6,8}}"
_GAP = f"(?:{SEPARATOR}|[/／、,，]){{0,2}}"
_CODES = f"{D}{{4}}{_GAP}{D}{{3}}"
_BANK_CODE = f"(?:[(（]?{D}{{4}}[)）]?)?"
_BRANCH_CODE = f"(?:[(（]?{D}{{3}}[)）]?)?"
_FULL = f"{_BANK}{_BANK_CODE}{_GAP}{_BRANCH}{_BRANCH_CODE}{_GAP}{_KIND}?{_GAP}{_NUMBER}"
_TYPED = f"(?:{_CODES}{_GAP})?{_KIND}{_GAP}{_NUMBER}"
_YUCHO_PLAIN = f"[01０１]{D}{{3}}[0０](?:{HYPHEN}(?:{D}{HYPHEN})?|{SPACE}){D}{{2,8}}"
_YUCHO_WORDED = f"記号{COLON}?{SPACE}?[01０１]{D}{{3}}[0０]{_GAP}番号{COLON}?{SPACE}?{D}{{2,8}}"
_DATE = re.compile(r"(?:1[89]|20)[0-9]{6}\Z")


def yucho_to_bank(symbol: str, number: str) -> tuple[str, str, str] | None:
    """Branch code, kind and account number that other banks use for a ゆうちょ symbol and number; None if impossible."""
    if not re.fullmatch("[01][0-9]{3}0", symbol) or not re.fullmatch("[0-9]{1,8}", number):
        return None
    if symbol[0] == "1":
        return (symbol[1:3] + "8", "普通", number[:-1].zfill(7)) if number[-1] == "1" else None
    return symbol[1:3] + "9", "当座", number.zfill(7)


def check(text: str) -> bool:
    """Whether the digits could be an account; eight digits that read as a date are not."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return not _DATE.match(plain) and len(set(re.sub(r"[^0-9]", "", plain))) > 0


def strength(text: str) -> float:
    """Bank, type or 記号 beside the number are proof; a bare number is nothing."""
    plain = unicodedata.normalize("NFKC", text)
    if re.search("銀行|信用|信金|農協|普通|当座|貯蓄|記号|ゆうちょ", plain):
        return 0.95
    return 0.3 if re.search(r"[0-9][^0-9]+[0-9]", plain) else 0.03


def sample(rng: Random) -> str:
    """An account of repeated or counting digits."""
    number = rng.choice(("1234567", "0000000", "7654321", f"{rng.randrange(10) * 1111111:07d}"))
    return rng.choice(
        (number, f"普通 {number}", f"0001-001 普通 {number}", "10000-12345671", f"架空銀行 本店 普通 {number}")
    )


DETECTOR = Detector(
    id="bank_account",
    group="identifier",
    label="銀行口座番号",
    label_en="Bank account number",
    shapes=(whole(f"{D}{{4,8}}", _YUCHO_PLAIN, _YUCHO_WORDED, _TYPED), whole(_FULL)),
    check=check,
    search=(
        rf"(?P<value>(?:普通|当座|貯蓄)(?:預金)?{SPACE}?(?:口座)?(?:番号)?{COLON}?{SPACE}?{D}{{7}})(?![0-9０-９])"
        rf"|口座(?:番号)?{COLON}?{SPACE}?(?P<value>{D}{{7}})(?![0-9０-９\-])"
        rf"|(?P<value>記号{COLON}?{SPACE}?[01０１]{D}{{3}}[0０]{_GAP}番号{COLON}?{SPACE}?{D}{{2,8}})(?![0-9０-９])"
    ),
    needs_context=True,
    cues=("口座", "銀行", "支店", "振込", "普通", "当座", "ゆうちょ", "名義"),
    headers=("口座番号", "銀行口座", "振込先"),
    sample=sample,
    yes=(
        "1234567",
        "１２３４５６７",
        "普通 1234567",
        "0001-001 普通 1234567",
        "架空銀行 本店 普通 1234567",
        "10000-12345671",
        "記号10000 番号12345671",
        "架空信用金庫　中央支店　（普）1234567",
        "123456",
    ),
    no=("123", "20260401", "090-0123-4567", "普通", "100-0001", "架空銀行", "123456789018", "1,234,567"),
    strength=strength,
)
