"""要配慮個人情報（障害）— physical, intellectual, mental and developmental disabilities, and the certificates for them.

施行令2条1号. Recognised by words in the value. 障害 alone is as often a failure of a system; such words are deleted first.

Sources: the order as quoted at konishilaw.jp and businesslawyers.jp; the words are piiscan's own.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._sensitive import Words, checker, search, shapes, strength
from piiscan.model import Detector

WORDS = Words(
    strong=(
        "身体障害", "身体障がい", "知的障害", "知的障がい", "精神障害", "精神障がい", "発達障害", "発達障がい", "障害者手帳", "障がい者手帳", "身体障害者手帳",
        "療育手帳", "愛の手帳", "みどりの手帳", "精神障害者保健福祉手帳", "障害等級", "障害支援区分", "障害年金", "障害基礎年金", "視覚障害", "聴覚障害",
        "肢体不自由", "内部障害", "言語障害", "高次脳機能障害", "障害福祉サービス受給者証", "手帳1級", "手帳2級", "手帳3級", "1種1級", "障害者雇用", "障害者控除",
        "下肢障害", "上肢障害", "学習障害", "聾唖", "失明", "難聴",
    ),
    weak=(
        "障害あり", "障がいあり", "障害有", "障害者", "障がい者", "障害", "障がい", "車椅子", "車いす", "補聴器", "人工肛門", "ストーマ", "介助", "合理的配慮",
        "特別支援学級", "特別支援学校", "手帳あり", "弱視",
    ),
    vetoes=(
        "システム障害", "通信障害", "障害対応", "障害報告", "障害復旧", "障害発生", "障害管理", "障害情報", "障害票", "ネットワーク障害", "サーバ障害", "サーバー障害",
        "電波障害", "機器障害", "障害物", "障害競走", "回線障害", "精神障害者福祉法", "障害一覧", "障害番号", "障害者支援施設",
    ),
)  # fmt: skip


def sample(rng: Random) -> str:
    """An invented remark."""
    return rng.choice(
        ("身体障害者手帳2級", "療育手帳 B1", "聴覚障害", "発達障害あり", "車椅子", "障害支援区分3", "視覚障害(全盲)")
    )


DETECTOR = Detector(
    id="sensitive_disability",
    group="sensitive",
    label="障害",
    label_en="Disability (special care)",
    shapes=shapes(WORDS),
    check=checker(WORDS),
    search=search(WORDS),
    needs_context=True,
    cues=("手帳", "等級", "本人", "児童", "利用者", "支援"),
    headers=("障害", "障害の有無", "障害者手帳", "障害等級", "手帳等級"),
    sample=sample,
    yes=("身体障害者手帳２級", "療育手帳B1", "聴覚障害", "障がいあり", "車椅子利用", "発達障害の診断"),
    no=("システム障害", "障害物競走", "通信障害の発生", "山田太郎", "なし", "障害対応報告", "100-0001"),
    strength=strength(WORDS),
)
