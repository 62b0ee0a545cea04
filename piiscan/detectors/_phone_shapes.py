"""Patterns of telephone numbers: for whole cells in both widths, and for running text.

The shapes are generous about grouping; :mod:`piiscan.detectors._phones` then reads the number by the plan.
"""

from __future__ import annotations

from piiscan.detectors._shapes import D19, HYPHEN, OPEN, SPACE, D, whole, words

#: Words before and behind a number. Japanese, English, and the squared signs (NFKC turns ℡ into TEL, ㈹ into (代)).
_LABELS = words(
    "TEL", "TELL", "PHONE", "MOBILE", "CELL", "FAX", "℡", "☎", "☏", "📞", "📱", "電話番号", "電話", "お電話", "携帯電話", "携帯番号",
    "携帯", "自宅", "ご自宅", "会社", "勤務先", "職場", "実家", "本人", "父", "母", "夫", "妻", "祖父", "祖母", "父携帯", "母携帯", "兄", "姉",
    "子", "長男", "長女", "保護者", "緊急", "緊急連絡先", "連絡先", "固定", "固定電話", "代表", "直通", "ファックス", "ファクス", "内線", "M", "T",
    "H", "F", "P",
)  # fmt: skip
_REMARKS = words(
    "本人", "父", "母", "夫", "妻", "祖父", "祖母", "兄", "姉", "子", "自宅", "携帯", "会社", "勤務先", "職場", "実家", "代", "代表", "直通", "直", "呼",
    "呼出", "長男", "長女", "保護者", "㈹", "様",
)  # fmt: skip
_OPEN, _CLOSE = "[(（\\[［【<＜]", "[)）\\]］】>＞]"
_MARK = "[:：.．・･=＝]"

LABEL = f"^(?:{_OPEN}{SPACE}?{_LABELS}{SPACE}?{_CLOSE}|{_LABELS}){SPACE}?(?:{words('番号')})?{_MARK}?{SPACE}{{0,2}}"
_EXTENSION = f"(?:{words('内線', '内', 'ext', 'extension', 'x')}{_MARK}?{SPACE}?{D}{{1,6}})"
SUFFIX = f"{SPACE}{{0,2}}(?:{_OPEN}(?:{_EXTENSION}|[^()（）\\[\\]0-9０-９]{{1,8}}){_CLOSE}|{_EXTENSION}|{_REMARKS})"

_ZERO = "[0０]"
_JOIN = HYPHEN[:-1] + ".．・･ \u3000\u00a0\n()（）\\[\\]［］/／]"
_HYPHENATED = f"{_ZERO}{D}{{1,4}}{HYPHEN}{D}{{1,4}}{HYPHEN}{D}{{4}}"
_BARE = f"{_ZERO}{D}{{9,10}}"
_LOOSE = f"{OPEN}?[0０Oo](?:{_JOIN}{{0,3}}[0-9０-９Oo]){{9,10}}{_CLOSE}?"
_M2M = f"{_ZERO}[2２]{_ZERO}{_ZERO}(?:{_JOIN}?{D}){{10}}"
_ABROAD = f"(?:[+＋]{_JOIN}?|[0０][0０]{_JOIN}?|[0０][1１][0０]{_JOIN}?)?[8８][1１](?:{_JOIN}{{0,3}}{D}){{9,11}}"
_ANY = f"(?:{_LOOSE}|{_ABROAD}|{_M2M})"
_DRESSED = f"(?:{LABEL[1:]})?{_ANY}(?:{SUFFIX}){{0,2}}"
_BETWEEN = f"{SPACE}?[/／、,，;；\n\r \u3000]{SPACE}?\n?"
_QUOTED = f"[=＝]?[\"'＂＇]{_ZERO}(?:{HYPHEN}?{D}){{9,10}}[\"'＂＇]?"

#: Plain and hyphenated, then every dressed form, then numbers whose leading zero a spreadsheet has eaten.
SHAPES = (
    whole(_HYPHENATED, _BARE),
    whole(f"{_DRESSED}(?:{_BETWEEN}{_DRESSED}){{0,3}}", _QUOTED),
    whole(f"{D19}{D}{{8,9}}(?:[.．][0０])?"),
)

_START = r"(?:(?<![0-9０-９A-Za-z=&%#@$.\-−－‐])(?<![A-Za-z0-9_]_)(?<![a-z]/)(?<![0-9]-)|(?<=(?:TEL|Tel|tel|FAX|Fax|fax)[=.．]?|(?:[Pp]hone|PHONE|[Mm]obile|MOBILE|電話(?:番号)?|携帯)=))"
_END = r"(?![0-9０-９A-Za-z@]|_[0-9A-Za-z_]|[\-−－‐][0-9０-９])"
_SEP = f"(?:{HYPHEN}|[.．・･ \u3000\u00a0])"
_CUE = r"(?<=(?:TEL|Tel|tel|FAX|Fax|fax|電話|携帯|連絡先|(?:発信|着信)(?:者|元|先)?番号|℡|☎)[^0-9０-９\n]{0,8})"
_IN_TEXT = "|".join(
    (
        f"{_ZERO}{D}{{1,4}}{_SEP}{D}{{1,4}}{_SEP}{D}{{3,4}}",
        f"{_ZERO}{D}{{1,4}}{SPACE}?[(（]{D}{{1,4}}[)）]{SPACE}?{HYPHEN}?{D}{{4}}",
        f"[(（]{_ZERO}{D}{{1,4}}[)）]{SPACE}?{D}{{1,4}}{_SEP}{D}{{4}}",
        f"[+＋][8８][1１]{_SEP}?(?:[(（]{_ZERO}[)）])?{SPACE}?{D}{{1,4}}{_SEP}?{D}{{1,4}}{_SEP}?{D}{{4}}",
        f"{_ZERO}[5-9５-９]{_ZERO}{HYPHEN}?{D}{{8}}",
        f"{_ZERO}(?:[1１][2２][0０]|[5５][7７][0０]){D}{{6}}",
        f"{_CUE}{_ZERO}{D}{{1,4}}{HYPHEN}?{D}{{6,8}}",
    )
)
#: For running text: not inside longer numbers, identifiers and addresses of the web.
SEARCH = f"(?=[0０]|[+＋][8８]|[(（][0０]){_START}(?P<value>{_IN_TEXT}){_END}"
FAX_SEARCH = rf"(?:FAX|Fax|fax|ＦＡＸ|ファックス|ファクス|ファクシミリ)(?:番号)?[^0-9０-９\n+＋(（]{{0,6}}(?P<value>{_IN_TEXT}){_END}"
