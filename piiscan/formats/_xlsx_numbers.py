"""Numbers as a spreadsheet shows them: dates, and the zeros that a number format puts back.

Codes: ECMA-376 part 1, 18.8.30 (built-in formats, with those of the Japanese locale) and 18.8.31 (format codes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

Formatter = Callable[[str], str]

#: Built-in formats that show a date, and those that show only a time.
_DATES = frozenset({14, 15, 16, 17, 22, *range(27, 32), 34, 35, 36, *range(50, 59)})
_TIMES = frozenset({18, 19, 20, 21, 32, 33, 45, 46, 47})
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h++|m++|s++)\])[^\[\]]*+\]', re.IGNORECASE | re.DOTALL)
_GENERAL = re.compile(r"general|標準", re.IGNORECASE)
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[([^\[\]]*+)\]|(.)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\Z")
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "=": lambda a, b: a == b,
}
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\Z")
_LAST_DAY = 2_958_465  # 9999-12-31


def plain_number(raw: str) -> str:
    """A stored number as a plain decimal string: no exponent, no ``.0``; anything else comes back trimmed."""
    raw = raw.strip()
    if _PLAIN.match(raw):
        return raw
    try:
        value = float(raw)
    except ValueError:
        return raw
    if value != value or value in (float("inf"), float("-inf")):
        return raw
    if raw.isascii() and raw.isdigit():
        return raw
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def plain_numbers(values: list[str]) -> list[str]:
    """:func:`plain_number` of many."""
    return [value if _PLAIN.match(value) else plain_number(value) for value in values]


def formatter_for(format_id: int, code: str | None, *, date1904: bool) -> Formatter:
    """How numbers with this format read. ``code`` None: a built-in format."""
    if code is None:
        kind = "date" if format_id in _DATES else "time" if format_id in _TIMES else ""
    else:
        kind = date_kind(code)
    if kind:
        return _date_formatter(kind == "time", date1904)
    if code is not None and (sections := padded_sections(code)):
        return lambda raw: _apply(raw, sections)
    return plain_number


def date_kind(code: str) -> str:
    """``date``, ``time`` or "" for a format code."""
    bare = _LITERAL.sub("", _GENERAL.sub("", code)).split(";")[0].lower()
    if re.search(r"[0#?]", re.sub(r"s\.0+", "s", bare)) and not re.search(r"[yd]", bare):
        return ""
    if re.search(r"[ydge]", bare) and not re.search(r"[0#?]e[+-]?", bare):
        return "date"
    if re.search(r"[hs]", bare):
        return "time"
    return "date" if "m" in bare else ""


def _date_formatter(time_only: bool, date1904: bool) -> Formatter:
    @lru_cache(maxsize=100_000)
    def convert(raw: str) -> str:
        try:
            serial = float(raw)
        except ValueError:
            return raw.strip()
        return iso_date(serial, time_only=time_only, date1904=date1904) or plain_number(raw)

    return convert


def iso_date(serial: float, *, time_only: bool, date1904: bool) -> str | None:
    """A date serial as ISO text, or None when it is out of range. Serial 60 is 1900-02-29, as in Excel."""
    if not 0 <= serial <= _LAST_DAY + 1:  # not a number and infinity included
        return None
    days, seconds = divmod(round(serial * 86_400), 86_400)
    if days > _LAST_DAY:
        return None
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if time_only and days == 0:
        return clock
    if date1904:
        days += 1462
    if days == 60:
        day = "1900-02-29"
    elif days == 0:
        return clock if seconds else "1900-01-00"
    else:
        # 693594 is the ordinal of 1899-12-30; before the day that never was, serials run one behind.
        day = date.fromordinal(693_594 + days + (days < 60)).isoformat()
    return f"{day} {clock}" if seconds else day


# ---------------------------------------------------------------- zeros that a format puts back

Section = tuple[Callable[[float], bool] | None, tuple[tuple[str, str], ...]]


def padded_sections(code: str) -> tuple[Section, ...]:
    """The sections of a format such as ``000-0000`` or ``[<=99999999]####-####;\\(00\\)\\ ####-####``, else none.

    Only formats that restore leading zeros or cut a number into groups count; amounts stay plain numbers.
    """
    sections: list[Section] = []
    worth = False
    for raw in _split_sections(code)[:3]:
        condition: Callable[[float], bool] | None = None
        tokens: list[tuple[str, str]] = []
        for quoted, escaped, bracket, char in _TOKEN.findall(raw):
            if bracket:
                if match := _CONDITION.match(bracket):
                    condition = _condition(match.group(1), float(match.group(2)))
            elif char and char in "0#":
                tokens.append(("digit", char))
            elif char and char in ".,?%Ee/@":
                return ()
            elif quoted or escaped or char:
                tokens.append(("text", quoted or escaped or char))
        kinds = "".join(value if kind == "digit" else "-" for kind, value in tokens)
        worth = worth or "00" in kinds or bool(re.search(r"[0#]-+[0#]", kinds))
        sections.append((condition, tuple(tokens)))
    return tuple(sections) if worth else ()


def _condition(sign: str, bound: float) -> Callable[[float], bool]:
    return lambda value: _COMPARE[sign](value, bound)


def _split_sections(code: str) -> list[str]:
    sections = [""]
    for match in _TOKEN.finditer(code):
        if match.group(4) == ";":
            sections.append("")
        else:
            sections[-1] += match.group()
    return sections


def _apply(raw: str, sections: tuple[Section, ...]) -> str:
    try:
        value = float(raw)
    except ValueError:
        return raw.strip()
    if not value.is_integer() or abs(value) >= 1e15:
        return plain_number(raw)
    tokens, sign = _section(value, sections)
    if not any(kind == "digit" for kind, _ in tokens):
        return plain_number(raw)
    left = str(abs(int(value))) if value else ""
    out: list[str] = []
    slots = sum(kind == "digit" for kind, _ in tokens)
    for kind, char in reversed(tokens):
        if kind == "text":
            out.append(char)
            continue
        slots -= 1
        take = left if slots == 0 else left[-1:]
        left = left[: len(left) - len(take)]
        out.append(take or ("0" if char == "0" else ""))
    return sign + "".join(reversed(out)).strip()


def _section(value: float, sections: tuple[Section, ...]) -> tuple[tuple[tuple[str, str], ...], str]:
    sign = "-" if value < 0 else ""
    for condition, tokens in sections:
        if condition is not None and condition(value):
            return tokens, sign
    if any(condition is not None for condition, _ in sections):
        fallback = next((tokens for condition, tokens in sections if condition is None), sections[-1][1])
        return fallback, sign
    if value < 0 and len(sections) > 1:
        return sections[1][1], ""
    if value == 0 and len(sections) > 2:
        return sections[2][1], ""
    return sections[0][1], sign
