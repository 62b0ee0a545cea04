"""顧客番号・会員番号 — what a company calls its customers by: C-000123, 10004521, ABC12-345.

Any code has such a shape, so only a header such as 顧客番号, 会員ID or 患者番号 names it; the judge also looks for one distinct
code a row. Dates, amounts with commas and telephone numbers are refused.

Source: headers of exports (EC-CUBE, invoices, lists of patients) and common usage.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._codes import CODE, is_code
from piiscan.detectors._shapes import NUMBER_END, whole
from piiscan.model import Detector


def strength(text: str) -> float:
    """A code proves nothing by itself."""
    return 0.02 if text.strip() else 0.0


def sample(rng: Random) -> str:
    """A code with zeros in it."""
    n = rng.randrange(10000)
    return rng.choice((f"C{n:06d}", f"CUST-{n:05d}", f"1000{n:04d}", f"A-{n:04d}-00"))


DETECTOR = Detector(
    id="customer_id",
    group="member_id",
    label="顧客番号・会員番号",
    label_en="Customer or member number",
    shapes=(whole(CODE),),
    check=is_code,
    search=(
        r"(?:顧客|会員|お客様|お客さま|患者|診察券|契約者|利用者)(?:番号|コード|ID|ＩＤ|No\.?)[:：は ]{0,3}"
        rf"(?P<value>[0-9A-Za-z０-９][0-9A-Za-z０-９\-]{{3,19}}){NUMBER_END}"
    ),
    needs_context=True,
    cues=("顧客番号", "会員番号", "お客様番号", "会員ID", "患者番号"),
    headers=("顧客番号", "会員番号", "顧客ID", "会員ID"),
    sample=sample,
    yes=("C000123", "10004521", "ABC12-345", "Ｃ０００１２３", "123", "M_00012", "2024-0001"),
    no=("山田太郎", "2026-04-01", "2026/04/01", "1,234", "090-0123-4567", "taro@example.jp", "12.5", "なし", "a"),
    strength=strength,
)
