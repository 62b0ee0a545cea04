"""要配慮個人情報（犯罪の経歴・被害・刑事手続・少年の保護）— convictions, harm suffered by crime, arrest, juvenile cases.

法2条3項, 施行令2条4号・5号. Recognised by words in the value. To have been heard as a witness is not covered.

Sources: law and order as quoted at konishilaw.jp and businesslawyers.jp; the words are piiscan's own.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._sensitive import Words, checker, search, shapes, strength
from piiscan.model import Detector

WORDS = Words(
    strong=(
        "前科", "前歴あり", "犯罪歴", "犯歴", "有罪判決", "懲役", "禁錮", "禁固刑", "拘禁刑", "罰金刑", "執行猶予", "服役", "受刑", "実刑", "仮釈放", "犯罪被害",
        "性被害", "性犯罪", "暴行被害", "DV被害", "ストーカー被害", "虐待被害", "詐欺被害", "窃盗被害", "被害届", "逮捕", "勾留", "送検", "書類送検", "起訴", "不起訴",
        "起訴猶予", "被疑者", "被告人", "家宅捜索", "取調べ", "取り調べ", "保護処分", "保護観察", "少年院", "児童自立支援施設", "家庭裁判所送致", "家裁送致", "少年審判",
        "観護措置", "鑑別所", "DV避難", "支援措置対象",
    ),
    weak=("被害者", "出所", "示談", "告訴", "支援措置", "反社", "暴力団", "補導", "非行", "虐待", "DV", "ストーカー", "万引き", "前歴"),
    vetoes=("出所不明", "データの出所", "情報の出所", "公訴時効", "起訴状の書式", "反社チェック", "反社会的勢力排除"),
)  # fmt: skip


def sample(rng: Random) -> str:
    """An invented remark."""
    return rng.choice(("前科あり", "執行猶予中", "窃盗で逮捕", "DV被害の相談", "保護観察中", "不起訴", "少年院 退院"))


DETECTOR = Detector(
    id="sensitive_criminal",
    group="sensitive",
    label="犯罪の経歴・被害",
    label_en="Criminal record or harm by crime (special care)",
    shapes=shapes(WORDS),
    check=checker(WORDS),
    search=search(WORDS),
    needs_context=True,
    cues=("本人", "氏", "容疑", "事件", "相談"),
    headers=("犯罪歴", "前科", "逮捕歴", "賞罰", "犯罪被害"),
    sample=sample,
    yes=("前科あり", "執行猶予中", "平成30年 窃盗で逮捕", "ＤＶ被害", "保護観察中", "被害者"),
    no=("山田太郎", "なし", "反社チェック済", "データの出所", "DVD貸出", "防犯カメラ", "営業部"),
    strength=strength(WORDS),
)
