"""要配慮個人情報（人種・社会的身分）— race, ethnic origin, and status that cannot be left by one's own effort.

法2条3項. Plain nationality, 外国人, skin colour, education and profession are not covered (PPC guideline). Public assistance
(生活保護) is no statutory category; it is reported here because its disclosure harms in the same way.

Sources: the law as quoted at konishilaw.jp and businesslawyers.jp, the guideline as told at yutaro-blog.net and
privacy.beans-g.jp; the words are piiscan's own.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._sensitive import Words, checker, search, shapes, strength
from piiscan.model import Detector

WORDS = Words(
    strong=(
        "人種", "アイヌ民族", "アイヌ", "在日韓国人", "在日朝鮮人", "在日コリアン", "日系2世", "日系二世", "日系3世", "日系三世", "琉球民族", "被差別部落", "同和地区",
        "部落出身", "非嫡出子", "嫡出でない子", "婚外子", "生活保護受給", "生活保護世帯", "生活保護",
    ),
    weak=("民族", "部族", "ロマ", "世系", "ハーフ", "ルーツ", "出自", "祖籍", "先住民", "私生児", "里子", "養護施設出身", "生保", "保護受給"),
    vetoes=(
        "民族学", "民族音楽", "民族衣装", "アイヌ語", "アイヌ文化", "ハーフパンツ", "ハーフマラソン", "ハーフサイズ", "ロマン", "ロマネ", "クロマ", "人種のるつぼ", "生保レディ",
        "ハーフタイム", "アロマ", "生活保護法", "大手生保", "生保会社", "ルーツ音楽",
    ),
)  # fmt: skip


def sample(rng: Random) -> str:
    """An invented remark."""
    return rng.choice(("アイヌ民族", "日系2世", "婚外子", "生活保護受給中", "在日コリアン", "里子"))


DETECTOR = Detector(
    id="sensitive_social",
    group="sensitive",
    label="人種・社会的身分",
    label_en="Race or social status (special care)",
    shapes=shapes(WORDS),
    check=checker(WORDS),
    search=search(WORDS),
    needs_context=True,
    cues=("本人", "氏", "世帯", "出身"),
    headers=("人種", "民族", "社会的身分", "生活保護"),
    sample=sample,
    yes=("アイヌ民族", "日系２世", "婚外子", "生活保護受給中", "里子", "在日コリアン"),
    no=("ハーフマラソン", "ロマンス", "山田太郎", "民族衣装", "生活保護法の解説", "なし", "日系企業"),
    strength=strength(WORDS),
)
