"""電話番号 — telephone numbers of the Japanese numbering plan.

Forms: 090-0123-4567, 03(0000)1234, （03）0000-1234, ０３－…, TEL:…, …（代）, … 内線12, +81-90-…, two numbers in a cell, and
what spreadsheets make of them (9001234567, 300001234.0). Any of a dozen characters may stand for the hyphen.

Recognised by the plan of the Ministry of Internal Affairs and Communications: prefix, length, area code and grouping.
``subtype`` is mobile, fixed, ip, m2m or special (0120, 0800, 0570 …). Ten digits without their leading zero prove
little, which ``strength`` says: four out of five random nine-digit integers are "valid".

Source: soumu.go.jp, 電気通信番号制度; area codes derived from libphonenumber (Apache-2.0).
"""

from __future__ import annotations

from piiscan.detectors import _phones
from piiscan.detectors._phone_shapes import SEARCH, SHAPES
from piiscan.model import Detector

DETECTOR = Detector(
    id="phone",
    group="contact",
    label="電話番号",
    label_en="Telephone number",
    shapes=SHAPES,
    check=_phones.is_phone,
    subtype=_phones.kind,
    search=SEARCH,
    cues=("電話", "TEL", "tel", "Tel", "携帯", "連絡先", "℡", "☎", "内線", "phone", "mobile"),
    headers=("電話番号", "電話", "TEL", "携帯番号", "連絡先電話番号"),
    sample=_phones.sample,
    yes=(
        "090-0123-4567",
        "０９０－０１２３－４５６７",
        "08001234567",
        "9001234567",
        "300001234.0",
        "03(0000)1234",
        "（03）0000-1234",
        "03ー0000ー1234",
        "TEL:03-0000-1234",
        "℡ 03-0000-1234（代）",
        "03-0000-1234 内線123",
        "+81 (0)90-0123-4567",
        "03-0000-1234 / 090-0123-4567",
        "090-0123-4567（母）、080-0123-4567（父）",
        "携帯：090-0123-4567",
        '="09001234567"',
        "050-0123-4567",
        "04992-0-1234",
        "0422-00-\n1234",
        "03-0000-1234\n090-0123-4567",
    ),
    no=(
        "100-0001",
        "2026-04-01",
        "2026/04/01 10:00",
        "20260401",
        "1234-567890",
        "1234567890",
        "012-345-6789",
        "123456789018",
        "4901234567894",
        "4111111111111111",
        "119",
        "192.0.2.1",
        "03-0000",
        "090-0123-4567までお電話ください",
        "000-0000-0000",
        "山田太郎",
    ),
    strength=_phones.strength,
)
