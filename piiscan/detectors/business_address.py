"""所在地 — addresses of organisations, recognised so that they are not taken for where a person lives.

Forms: an address with an organisation in it (東京都…1-2-3 見本ビル 株式会社…, …市役所内, …本社). By itself an office's address
looks like a home; the header (所在地, 勤務先住所) or a company column beside it decides.

Source: forms of ``address`` and the legal forms of ``company``.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._place_parts import PLACE_CHARS, POSTAL, any_block, any_town
from piiscan.detectors._shapes import SPACE, whole
from piiscan.lexicon.places import address_score
from piiscan.model import Detector

_OFFICE = (
    "(?:株式会社|有限会社|合同会社|[(（][株有][)）]|㈱|㈲|法人|組合|協会|役所|役場|本社|支社|支店|営業所|事業所|事務所|工場|店|"
    "センター|病院|医院|クリニック|学校|大学|庁舎|会館|ホテル)"
)
_ANY = "[^\t\r\n]"


def check(text: str) -> bool:
    """Whether the text is an address; the shape has seen the organisation."""
    cut = min((at for word in _WORDS if (at := text.find(word)) > 0), default=len(text))
    return address_score(text[:cut]) > 0.5 or address_score(text) > 0.5


_WORDS = ("株式会社", "有限会社", "合同会社", "（株）", "(株)", "㈱", "㈲")


def sample(rng: Random) -> str:
    """A real town, an invented number, an invented office."""
    town = any_town(rng)
    office = rng.choice(("株式会社見本商事", "例示工業 本社", "（株）試験物産 東支店", "見本市役所内"))
    return f"{town.prefecture}{town.city}{town.name}{any_block(rng)} {office}"


DETECTOR = Detector(
    id="business_address",
    group="organisation",
    label="所在地",
    label_en="Address of an organisation",
    shapes=(
        whole(
            f"(?:{POSTAL})?{PLACE_CHARS}{{1,5}}{SPACE}?{PLACE_CHARS}{{0,8}}[都道府県市区町村郡]{_ANY}{{1,80}}{_OFFICE}{_ANY}{{0,40}}"
        ),
    ),
    check=check,
    needs_context=True,
    headers=("所在地", "勤務先住所", "会社住所", "事業所所在地"),
    sample=sample,
    yes=(
        "東京都千代田区霞が関1-2-3 株式会社見本商事",
        "千代田区霞が関1-2-3 例示工業 本社",
        "〒100-0013 東京都千代田区霞が関1-2-3（株）見本",
        "横浜市中区日本大通1 見本法人 試験会",
    ),
    no=("東京都", "東京都千代田区霞が関1-2-3", "株式会社見本商事", "千葉市役所", "佐藤太郎", "100-0013", "横浜支店"),
)
