"""会社名 — companies and other bodies, recognised so that they are not taken for a person.

Forms: 株式会社見本, 見本㈱, （有）見本, ミホン(ｶ, ｶ)ﾐﾎﾝ, Mihon Inc., 医療法人…, 見本商店, 見本製作所, 試験銀行.

Recognised by legal forms, their abbreviations in writing and in bank transfers, and the usual ends of firms' names.

Sources: legal forms of the commercial register; bank kana of the 全銀 format; common usage.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._name_parts import any_surname
from piiscan.detectors._shapes import whole
from piiscan.lexicon.organisations import is_company
from piiscan.model import Detector

_ANY = "[^\t\r\n]"
_FORMS = (
    "株式会社|有限会社|合同会社|合資会社|合名会社|相互会社|法人|組合|財団|社団|金庫|㈱|㈲|㈳|㈶|㈻|㈾|㈴|"
    "[(（][株有合同資名社財学医宗福独大農税弁][)）]|[ァ-ヺｦ-ﾟ]{1,4}[)）]|[(（][ァ-ヺｦ-ﾟ]{1,4}[)）]?|"
    "[IiＩｉ][NnＮｎ][CcＣｃ]|[LlＬｌ][TtＴｔ][DdＤｄ]|[LlＬｌ][LlＬｌ][CcＣｃ]|[CcＣｃ][OoＯｏ]|[KkＫｋ][.．]?[KkＫｋ]|Group|Bank|University|Institute|Associates"
)


def check(text: str) -> bool:
    """Whether the text carries a legal form or ends like the name of a firm."""
    return is_company(text)


def sample(rng: Random) -> str:
    """An invented firm."""
    name = any_surname(rng).kanji + rng.choice(("商事", "工業", "製作所", "建設", "物産"))
    return rng.choice(("株式会社{}", "{}株式会社", "㈱{}", "（有）{}", "{}合同会社", "医療法人{}会")).format(name)


DETECTOR = Detector(
    id="company",
    group="organisation",
    label="会社名",
    label_en="Company",
    shapes=(
        whole(f"{_ANY}{{0,60}}(?:{_FORMS}){_ANY}{{0,60}}"),
        whole(
            f"{_ANY}{{1,40}}(?:商店|商会|商事|工務店|工業|産業|製作所|製薬|建設|電機|電気|金属|化学|食品|運輸|運送|物流|不動産|印刷|新聞社|銀行|証券|"
            "保険|信託|システムズ?|サービス|コーポレーション|カンパニー|グループ|設計|水産|酒造|薬局|自動車|販売|事務所|営業所|支店|本社|支社|協会|協議会|"
            "委員会|研究所|機構|公社|自治会|商工会)"
        ),
    ),
    check=check,
    headers=("会社名", "法人名", "企業名"),
    sample=sample,
    yes=(
        "株式会社見本",
        "㈱見本商事",
        "（有）鈴木",
        "ｶ)ﾔﾏﾀﾞ",
        "ﾔﾏﾀﾞ(ｶ",
        "Mihon Inc.",
        "山田商店",
        "医療法人見本会",
        "試験銀行",
    ),
    no=(
        "佐藤太郎",
        "山田",
        "営業部",
        "東京都",
        "100-0013",
        "商店",
        "高橋 花子",
        "りんご",
        "ＡＢＣ",
        "本日は工業についてお話しします",
    ),
)
