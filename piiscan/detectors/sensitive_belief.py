"""要配慮個人情報（信条）— religion, creed, political conviction and party.

法2条3項. Recognised by words in the value; a list of books about religion is not covered (PPC guideline: what can only be
inferred). Union membership is special in the financial sector and counted as a weak sign here.

Sources: the law as quoted at konishilaw.jp and businesslawyers.jp; the words are piiscan's own.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._sensitive import Words, checker, search, shapes, strength
from piiscan.model import Detector

WORDS = Words(
    strong=(
        "信仰", "信者", "入信", "改宗", "洗礼", "檀家", "氏子", "門徒", "キリスト教", "キリスト教徒", "カトリック", "プロテスタント", "イスラム教", "イスラム教徒",
        "ムスリム", "仏教徒", "創価学会", "幸福の科学", "エホバの証人", "旧統一教会", "統一教会", "世界平和統一家庭連合", "天理教", "立正佼成会", "モルモン教", "ユダヤ教",
        "ヒンドゥー教", "無神論", "政治的信条", "支持政党", "党員", "党籍", "共産党員", "自民党員", "思想信条",
    ),
    weak=(
        "宗教", "仏教", "神道", "思想", "右翼", "左翼", "ハラール", "礼拝", "宗派", "菩提寺", "浄土真宗", "浄土宗", "曹洞宗", "日蓮宗", "真言宗", "臨済宗", "天台宗",
        "政党", "自民党", "立憲民主党", "公明党", "共産党", "日本維新の会", "国民民主党", "れいわ新選組", "社民党", "参政党", "後援会", "労働組合", "組合員", "組合費",
        "無宗教", "クリスチャン", "デモ参加",
    ),
    vetoes=("宗教法人", "宗教学", "思想史", "党員証の様式", "生活協同組合員", "協同組合員"),
)  # fmt: skip


def sample(rng: Random) -> str:
    """An invented remark."""
    return rng.choice(("カトリック", "イスラム教", "浄土真宗", "仏教徒", "支持政党あり", "信者", "ムスリム(ハラール)"))


DETECTOR = Detector(
    id="sensitive_belief",
    group="sensitive",
    label="信条",
    label_en="Belief (special care)",
    shapes=shapes(WORDS),
    check=checker(WORDS),
    search=search(WORDS),
    needs_context=True,
    cues=("本人", "氏", "信条", "宗教", "支持"),
    headers=("宗教", "信仰", "支持政党", "信条", "宗派"),
    sample=sample,
    yes=("カトリック", "イスラム教", "浄土真宗", "共産党員", "無宗教", "信者"),
    no=("宗教法人", "山田太郎", "なし", "思想史概論の講義について", "営業部", "東京都", "協同組合員"),
    strength=strength(WORDS),
)
