"""人事評価・成績 — grades, marks and verdicts on a person: A, S+, 4, 85点, 優, 合格, 良好.

Grades are the shortest of values; only a header such as 評価, 考課 or 成績 names them.

Source: common usage.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._shapes import D, whole, words
from piiscan.model import Detector

_WORDS = (
    "優", "良", "可", "不可", "秀", "優秀", "良好", "普通", "合格", "不合格", "合", "否", "要改善", "要努力", "標準", "期待以上", "期待通り", "期待以下", "大変良い",
    "良い", "やや良い", "悪い", "昇格", "降格", "据置", "達成", "未達", "◎", "○", "〇", "△", "×", "採用", "不採用", "内定", "保留", "補欠",
)  # fmt: skip


def strength(text: str) -> float:
    """A grade proves nothing by itself."""
    return 0.1 if "点" in text or "格" in text else 0.02


def sample(rng: Random) -> str:
    """A grade or a mark."""
    return rng.choice(
        ("A", "B+", "S", "4", f"{rng.randrange(101)}点", "優", "良好", "合格", f"{rng.randrange(1, 6)}.5")
    )


DETECTOR = Detector(
    id="evaluation",
    group="attribute",
    label="人事評価・成績",
    label_en="Evaluation or grade",
    shapes=(
        whole(
            "[A-FSa-fsＡ-ＦＳａ-ｆｓ]{1,2}[+\\-＋－]?(?:評価|判定|ランク)?",
            f"{D}{{1,3}}(?:[.．]{D}{{1,2}})?(?:点|級|/{D}{{1,3}})?",
            words(*_WORDS),
        ),
    ),
    needs_context=True,
    cues=("評価", "考課", "成績", "査定", "合否"),
    headers=("人事評価", "評価", "考課", "成績", "査定", "合否"),
    sample=sample,
    yes=("A", "S", "B+", "４", "85点", "優", "良好", "合格", "3.5", "A評価", "◎"),
    no=("山田太郎", "2026-04-01", "1234", "営業部", "090-0123-4567", "Tokyo", "20点満点中の話"),
    strength=strength,
)
