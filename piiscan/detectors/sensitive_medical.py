"""要配慮個人情報（病歴・健診結果・診療）— illnesses, results of medical examinations, treatment and prescriptions.

病歴 (法2条3項), 健康診断等の結果 (施行令2条2号), 指導・診療・調剤 (3号). Recognised by words in the value; a price list of medicines
names nobody, so the table must be about persons. Height and weight that somebody measured at home are not covered by the
law and not by this detector. Having been to a check-up is no result.

Sources: law and order as quoted at konishilaw.jp and businesslawyers.jp; the words are piiscan's own.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._sensitive import Words, checker, search, shapes, strength
from piiscan.model import Detector

WORDS = Words(
    strong=(
        "病歴", "既往歴", "既往症", "現病歴", "持病", "罹患", "癌", "胃がん", "肺がん", "乳がん", "大腸がん", "子宮がん", "肝がん", "前立腺がん", "がん治療",
        "がん患者", "がん診断", "がんの手術", "がん手術", "がん検診結果", "悪性腫瘍", "白血病", "リンパ腫", "糖尿病", "高血圧症", "高脂血症", "脂質異常症",
        "心筋梗塞", "狭心症", "不整脈", "心不全", "脳梗塞", "脳出血", "脳卒中", "くも膜下出血", "統合失調症", "うつ病", "鬱病", "双極性障害", "適応障害",
        "パニック障害", "不安障害", "強迫性障害", "睡眠障害", "摂食障害", "PTSD", "アルコール依存症", "薬物依存", "認知症", "アルツハイマー", "パーキンソン病",
        "てんかん", "HIV", "エイズ", "梅毒", "クラミジア", "B型肝炎", "C型肝炎", "結核", "コロナ陽性", "COVID-19陽性", "インフルエンザ陽性", "肺炎", "喘息",
        "ぜんそく", "アトピー性皮膚炎", "膠原病", "リウマチ", "人工透析", "透析", "腎不全", "肝硬変", "潰瘍性大腸炎", "クローン病", "難病", "不妊症", "不妊治療",
        "流産", "死産", "人工妊娠中絶", "更年期障害", "ADHD", "自閉スペクトラム症", "自閉症", "緑内障", "白内障", "椎間板ヘルニア", "骨折", "胃潰瘍",
        "健康診断結果", "健診結果", "人間ドック結果", "ストレスチェック結果", "高ストレス者", "遺伝子検査", "遺伝子情報", "HbA1c", "γ-GTP", "血糖値", "尿蛋白",
        "要精密検査", "要再検査", "要治療", "要医療", "PCR検査結果", "PCR陽性", "特定保健指導", "産業医面談", "診療情報", "診療録", "電子カルテ", "病名",
        "傷病名", "診断名", "診断書", "と診断", "処方箋", "処方薬", "調剤", "薬歴", "投薬", "お薬手帳", "レセプト", "看護記録", "手術歴", "入院歴", "通院歴",
        "退院時要約", "傷病手当金", "自立支援医療", "要介護度", "要介護認定", "要介護", "要支援", "ケアプラン", "アナフィラキシー", "食物アレルギー",
    ),
    weak=(
        "がん", "通院", "入院", "手術", "療養", "休職", "病欠", "体調不良", "発熱", "陽性", "陰性", "服薬", "服用", "受診", "診断", "検査結果", "処方", "カルテ",
        "アレルギー", "花粉症", "高血圧", "貧血", "腰痛", "頭痛", "コレステロール", "体脂肪率", "BMI", "要経過観察", "経過観察", "D判定", "E判定", "中絶",
    ),
    vetoes=(
        "がんば", "がんも", "がんじ", "がんこ", "がんがん", "がんす", "ねがん", "さがん", "ながん", "かがん", "経営診断", "企業診断", "診断ツール", "診断士", "自己診断",
        "故障診断", "カルテット", "カルテル", "陽性者数", "要支援企業", "製品検査結果", "結核菌", "難病法", "調剤薬局", "レセプトコンピュータ",
    ),
)  # fmt: skip


def sample(rng: Random) -> str:
    """An invented remark."""
    return rng.choice(
        (
            "糖尿病",
            "胃がん手術",
            "高血圧症にて通院",
            "うつ病により休職",
            "要精密検査",
            "HbA1c 7.2",
            "既往歴:喘息",
            "入院",
        )
    )


DETECTOR = Detector(
    id="sensitive_medical",
    group="sensitive",
    label="病歴・診療・健診結果",
    label_en="Medical data (special care)",
    shapes=shapes(WORDS),
    check=checker(WORDS),
    search=search(WORDS),
    needs_context=True,
    cues=("患者", "既往", "病", "診断", "治療", "健診", "本人", "氏"),
    headers=("病名", "既往歴", "傷病名", "健診結果", "病歴", "診断名"),
    sample=sample,
    yes=(
        "糖尿病",
        "2019年 胃がん手術",
        "ＨＩＶ",
        "うつ病のため休職中",
        "要精密検査",
        "通院中",
        "既往歴：喘息",
        "がん",
        "アレルギー（卵）",
    ),
    no=(
        "がんばります",
        "企業診断",
        "山田太郎",
        "カルテット",
        "特になし",
        "03-0000-1234",
        "ARCHIVE",
        "健康食品",
        "願書",
    ),
    strength=strength(WORDS),
)
