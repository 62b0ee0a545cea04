"""Takes off what people write around a name: honorifics, titles, notes in brackets, numbers in front."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from piiscan.shaped import later

HONORIFICS = ("様", "さま", "さん", "殿", "氏", "君", "くん", "ちゃん", "先生", "宛", "様方", "サマ", "サン")
TITLES = (
    "代表取締役社長", "代表取締役", "取締役", "社長", "副社長", "専務", "常務", "会長", "副会長", "部長", "次長", "課長",
    "係長", "主任", "主査", "主事", "室長", "所長", "支店長", "店長", "工場長", "院長", "園長", "校長", "教頭", "教授", "准教授",
    "講師", "助教", "教諭", "医師", "看護師", "薬剤師", "弁護士", "税理士", "選手", "監督", "委員長", "委員", "理事長", "理事",
    "監事", "議員", "議長", "知事", "市長", "町長", "村長", "マネージャー", "リーダー", "本人",
)  # fmt: skip

_NOTE = later(r"(?:(?<!\s)\s++)?[(\[<【〔《「](?P<note>[^()\[\]<>【】〔〕《》「」]{0,30})[)\]>】〕》」]\s*")
_LEAD = later(r"^(?:[\s・●○◎■□◆◇★☆※*]+|(?:氏名|お名前|名前|担当者?|代表者?|申込者?)\s*[::]\s*|[0-9]{1,3}[.)]\s*)+")
_TAIL = later(
    r"(?:(?<!\s)\s++)?(?:御夫妻|ご夫妻|ご家族|ご一同|奥様|"
    + "|".join(sorted(map(re.escape, HONORIFICS + TITLES), key=len, reverse=True))
    + r"|(?<=\S)[ /](?:編著|共著|著者?|編集?|翻?訳|監訳|監修|校注|写真)"
    + r"|(?<=\S)[ 、,]?(?:外|他|ほか)[ ]?[0-9一二三四五六七八九十]{1,3}(?:名|人))$"
)
_SPACES = later(r"\s+")
#: In front of a name, with a space behind: what somebody is, after what it is of; 3年2組; 3-2; No.5; 26T2001K.
_OFFICES = (
    *TITLES,
    *("代表理事", "代表社員", "代表", "代表者", "監査役", "顧問", "本部長", "事務局長", "局長", "組合長", "館長", "施設長", "学長", "区長", "班長", "団長"),
    *("住職", "宮司", "民生委員", "児童委員", "司法書士", "行政書士", "社会保険労務士", "弁理士", "公認会計士", "一級建築士", "獣医師", "保育士"),
    *("主将", "主幹", "参事", "事務長", "師長", "専務理事", "常務理事", "執行役員", "相談役", "担当者", "担当", "名誉教授", "助手"),
)  # fmt: skip
_FRONT = later(
    "^(?:[^ ]{2,25} ){0,2}?(?:[^ ]{0,10}(?:"
    + "|".join(sorted(map(re.escape, _OFFICES), key=len, reverse=True))
    + r")|[0-9]{1,2}年(?: ?[0-9A-Z一-十]{1,2}組)?(?: ?[0-9]{1,2}番)?|[0-9]{1,2}-[0-9]{1,2}|(?=[A-Z]*[0-9])[0-9A-Z]{4,12}|(?:No\.?|#)[0-9]{1,5}) +(?=[^ 0-9]{1,6}(?: ?[^ 0-9]{1,6}){1,2}$)"
)


@lru_cache(maxsize=4096)  # a column asks for the same value as five kinds of name
def trim_name(text: str) -> tuple[str, str, bool]:
    """``text`` without its trappings, the bracketed note (kana of the name, 退職, …) and whether an honorific stood there.

    NFKC has been applied and runs of spaces are one. Brackets and honorifics are taken off at most three deep.
    """
    name = unicodedata.normalize("NFKC", text[:120]).strip()
    note, polite = "", False
    if "(" in name or "[" in name or "【" in name or "<" in name or "〔" in name or "「" in name or "《" in name:
        found = _NOTE.search(name)
        if found and found.start() > 0:
            note = found["note"].strip()
            name = _NOTE.sub(" ", name).strip()
    if name and not (name[0].isalpha() and ":" not in name):
        name = _LEAD.sub("", name)
    if " " in name or "\u3000" in name:
        name = _SPACES.sub(" ", name)
        front = _FRONT.match(name)
        name = name[front.end() :] if front else name
    for _ in range(2):
        tail = _TAIL.search(name) if name and name[-1] in _TAIL_ENDS else None
        if tail is None or tail.start() == 0:
            break
        name, polite = name[: tail.start()], True
    if " " in name or "\u3000" in name or "\t" in name or "\n" in name:
        name = _SPACES.sub(" ", name).strip()
    return name, note, polite


_TAIL_ENDS = frozenset(word[-1] for word in (*HONORIFICS, *TITLES, *"妻族同著者編集訳修注真名人"))
