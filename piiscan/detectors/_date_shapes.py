"""Shapes of dates in both widths: Western, by era, in digits, with weekday or time behind."""

from __future__ import annotations

from piiscan.detectors._kanji_numbers import KANJI_DIGITS
from piiscan.detectors._shapes import HYPHEN, SPACE, D, whole

_YEAR = "(?:[1１][89８９]|[2２][0０])" + f"{D}{{2}}"
_MONTH = "(?:[0０]?[1-9１-９]|[1１][0-2０-２])"
_DAY = "(?:[0０]?[1-9１-９]|[12１２][0-9０-９]|[3３][01０１])"
_MM = "(?:[0０][1-9１-９]|[1１][0-2０-２])"
_DD = "(?:[0０][1-9１-９]|[12１２][0-9０-９]|[3３][01０１])"
_SEP = f"(?:[/／.．]|{HYPHEN})"
_KANJI_N = f"[{KANJI_DIGITS}]{{1,4}}"
_OPTIONAL = f"{SPACE}?"
_WEEKDAY = "(?:[(（][月火水木金土日祝]{1,2}曜?日?[)）]|[月火水木金土日]曜日?)"
_TIME = (
    f"[0-2０-２]?{D}[:：時][0-5０-５]{D}分?(?:[:：]?[0-5０-５]{D}秒?(?:[.．]{D}{{1,6}})?)?"
    f"(?:[ZＺ]|[+\\-＋－]{D}{{2}}[:：]?{D}{{2}})?"
)
_AGED = f"(?:{_OPTIONAL}(?:[(（]満?{D}{{1,3}}[歳才][)）]|満{D}{{1,3}}[歳才]))"
_TAIL = f"(?:{_OPTIONAL}{_WEEKDAY})?(?:[ \u3000TＴ]{{1,2}}{_TIME})?(?:生まれ|生れ|生)?{_AGED}?"
_ERA = "(?:明治|大正|昭和|平成|令和|[明大昭平令㍾㍽㍼㍻㋿MTSHRmtshrＭＴＳＨＲｍｔｓｈｒ])"
_ERA_YEAR = f"(?:{D}{{1,2}}|{_KANJI_N})"
#: The same year, or the same day, in the other calendar: 1988年（昭和63年）3月30日.
_DAY_TOO = f"(?:年?|年{_MONTH}月{_DAY}日)"
_OTHER = f"(?:[(（](?:{_ERA}{_ERA_YEAR}|{_YEAR}){_DAY_TOO}[)）])"

WESTERN = f"{_YEAR}{_OPTIONAL}{_SEP}{_OPTIONAL}{_MONTH}{_OPTIONAL}{_SEP}{_OPTIONAL}{_DAY}"
WESTERN_KANJI = (
    f"(?:西暦)?(?:{_YEAR}|[〇零一二三四五六七八九千百十]{{4,8}}){_OPTIONAL}{_OTHER}?年{_OTHER}?{_OPTIONAL}(?:{_MONTH}|{_KANJI_N}){_OPTIONAL}月"
    f"{_OPTIONAL}(?:{_DAY}|{_KANJI_N}){_OPTIONAL}日{_OTHER}?"
)
DIGITS8 = f"{_YEAR}{_MM}{_DD}"
ERA = (
    f"{_ERA}[.． \u3000]{{0,2}}{_ERA_YEAR}{_OPTIONAL}{_OTHER}?(?:年|{_SEP}){_OTHER}?{_OPTIONAL}(?:{_MONTH}|{_KANJI_N}){_OPTIONAL}(?:月|{_SEP})"
    f"{_OPTIONAL}(?:{_DAY}|{_KANJI_N}){_OPTIONAL}(?:日{_OTHER}?)?"
)
_ERA7 = f"(?:[MTSHRmtshrＭＴＳＨＲｍｔｓｈｒ]|[1-579１-５７９]){D}{{2}}{_MM}{_DD}"
_TWO = f"['’＇]?{D}{{2}}{_SEP}{_MONTH}{_SEP}{_DAY}"
_MONTH_FIRST = f"{_MONTH}[/／]{_DAY}[/／]{_YEAR}"
_SERIAL = f"[1-9１-９]{D}{{3,4}}(?:[.．][0０])?"

#: Forms that can only be a date, then forms that may be anything: codes, two-digit years, serial numbers.
SHAPES = (
    whole(f"(?:{WESTERN}|{WESTERN_KANJI}|{ERA}){_TAIL}", DIGITS8),
    whole(_ERA7, f"{_TWO}{_TAIL}", f"{_MONTH_FIRST}{_TAIL}"),
    whole(_SERIAL),
)
_IN_TEXT = f"(?:{WESTERN}|{WESTERN_KANJI}|{DIGITS8}|{ERA})"
_BEFORE = (
    r"(?:生年月日|誕生日|出生日|生誕日|生まれた日|DOB|D\.O\.B\.|[Bb]irth[ _-]?(?:[Dd]ate|[Dd]ay)|[Dd]ate[ _-]?of[ _-]?[Bb]irth"
    r"|(?<![A-Za-z])(?:birth|dob)(?=[\"']?[:=]))"
)
#: For running text: a word for birth in front of the date, or 生まれ behind it.
SEARCH = (
    rf"{_BEFORE}[^0-9０-９\n]{{0,8}}?(?P<value>{_IN_TEXT})(?![0-9０-９])"
    rf"|(?<![0-9０-９A-Za-z])(?P<value>{_IN_TEXT}){SPACE}?(?=生(?:まれ|れ|$|[^一-龥]))"
)
