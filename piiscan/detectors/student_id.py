"""学籍番号・出席番号 — what a school calls its students by: 24A0123, s2110042, 1年2組15番.

Any code has such a shape; only a header such as 学籍番号 or 学生番号 names it, except the form with class and seat.

Source: common usage.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._codes import CODE, is_code
from piiscan.detectors._shapes import ALNUM, NUMBER_END, SPACE, D, whole
from piiscan.model import Detector

_SEAT = f"{D}{{1,2}}年{SPACE}?(?:{ALNUM}{{1,2}}|[一-龥ぁ-ん]{{1,4}})組{SPACE}?{D}{{1,2}}番"


def check(text: str) -> bool:
    """Whether ``text`` is a code, or year, class and seat."""
    return is_code(text) or ("組" in text and "番" in text)


def strength(text: str) -> float:
    """A code proves nothing by itself; class and seat do."""
    return 0.8 if "組" in text else 0.02


def sample(rng: Random) -> str:
    """A code with zeros in it."""
    n = rng.randrange(1000)
    return rng.choice((f"24A0{n:03d}", f"s210{n:03d}", f"1{n:06d}", f"{n % 6 + 1}年{n % 4 + 1}組{n % 40 + 1}番"))


DETECTOR = Detector(
    id="student_id",
    group="member_id",
    label="学籍番号",
    label_en="Student number",
    shapes=(whole(CODE, _SEAT),),
    check=check,
    search=(
        r"(?:学籍|学生|生徒|受験)(?:番号|コード|ID|ＩＤ|No\.?)[:：は ]{0,3}"
        rf"(?P<value>[0-9A-Za-z０-９][0-9A-Za-z０-９\-]{{2,19}}){NUMBER_END}"
    ),
    needs_context=True,
    cues=("学籍番号", "学生番号", "生徒番号", "受験番号"),
    headers=("学籍番号", "学生番号", "生徒番号", "出席番号", "受験番号"),
    sample=sample,
    yes=("24A0123", "s2110042", "1年2組15番", "２４Ａ０１２３", "10001", "2024-0012"),
    no=("山田太郎", "2026-04-01", "1,234", "03-0000-1234", "1年2組", "理学部", "taro@example.jp"),
    strength=strength,
)
