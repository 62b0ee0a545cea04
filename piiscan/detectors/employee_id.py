"""社員番号・職員番号 — what an employer calls its staff by: E00123, 2015-0042, 100234.

Any code has such a shape; only a header such as 社員番号, 職員コード or 従業員No names it.

Source: headers of exports (SmartHR) and common usage.
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
    return rng.choice((f"E{n:05d}", f"EMP-{n:04d}", f"00{n:04d}"))


DETECTOR = Detector(
    id="employee_id",
    group="member_id",
    label="社員番号",
    label_en="Employee number",
    shapes=(whole(CODE),),
    check=is_code,
    search=(
        r"(?:社員|職員|従業員|スタッフ)(?:番号|コード|ID|ＩＤ|No\.?)[:：は ]{0,3}"
        rf"(?P<value>[0-9A-Za-z０-９][0-9A-Za-z０-９\-]{{2,19}}){NUMBER_END}"
    ),
    needs_context=True,
    cues=("社員番号", "職員番号", "従業員番号", "社員コード"),
    headers=("社員番号", "職員番号", "従業員番号", "社員コード", "employee id"),
    sample=sample,
    yes=("E00123", "EMP-0042", "100234", "Ｅ００１２３", "2015-0042", "0001"),
    no=("山田太郎", "2026-04-01", "1,234", "03-0000-1234", "営業部", "taro@example.jp", "課長"),
    strength=strength,
)
