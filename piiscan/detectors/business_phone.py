"""会社・施設の電話番号 — a number that belongs to an organisation and not to a person.

No number says so by itself, except free-call and service numbers (0120, 0800, 0570). The judge decides by the table:
what its rows are about, and a header such as 代表電話. Recognised so that it is *not* counted as anybody's number.

Source: soumu.go.jp, 電気通信番号制度, for the free-call and service numbers; common usage.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors import _phones
from piiscan.detectors._phone_shapes import SHAPES
from piiscan.model import Detector


def strength(text: str) -> float:
    """Service and free-call numbers prove an organisation; any other number proves nothing about its owner."""
    numbers = _phones.parse(text)
    return 0.9 if numbers and all(n.kind in (_phones.FREE, _phones.SPECIAL) for n in numbers) else 0.1


def sample(rng: Random) -> str:
    """A service number of zeros, or a fixed-line number with an unassignable local office."""
    tail = f"{rng.randrange(10000):04d}"
    return rng.choice(("0120-000-000", "0570-000-000", f"03-0000-{tail}", f"03-0000-{tail}（代）"))


DETECTOR = Detector(
    id="business_phone",
    group="organisation",
    label="事業者の電話番号",
    label_en="Telephone number of an organisation",
    shapes=SHAPES,
    check=_phones.is_phone,
    subtype=_phones.kind,
    needs_context=True,
    cues=("代表電話", "代表番号", "お問い合わせ", "フリーダイヤル", "受付時間", "コールセンター"),
    headers=("代表電話", "会社電話番号", "代表番号", "店舗電話番号"),
    sample=sample,
    yes=("0120-000-000", "03-0000-1234（代）", "０５７０－０００－０００", "0300001234", "(06)0012-3456"),
    no=("100-0001", "2026-04-01", "なし", "1234-567890", "20260401", "119"),
    strength=strength,
)
