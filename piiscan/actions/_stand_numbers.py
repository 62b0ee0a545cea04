"""Stand-ins for numbers, codes and addresses of the network: of the same form, and nobody's."""

from __future__ import annotations

import re
import unicodedata

from piiscan.lexicon.area_codes import AREA_CODES
from piiscan.model import Draw, Keyed

_NUMBER = re.compile(r"[+＋(（]?[0-9０-９](?:[ \u3000()（）.\-‐‑‒–—―−－ーｰ─]{0,2}[0-9０-９]){8,13}")
_MAIL = re.compile(
    r"(?<![A-Za-z0-9.!#$%&'*+/=?^_`{|}~-])(?:[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]++@){1,4}+[A-Za-z0-9.-]+"
    r"|(?<![Ａ-Ｚａ-ｚ０-９．＿－])(?:[Ａ-Ｚａ-ｚ０-９．＿－]++＠){1,4}+[Ａ-Ｚａ-ｚ０-９．－]+"
)
_LABELS = re.compile(r"(?i)tel|fax|ｔｅｌ|ｆａｘ|電話番?号?|携帯|自宅|勤務先|内線|mailto|e-?mail")
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_IPV4 = re.compile(r"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])")
_CHECKED = frozenset({"my_number", "resident_code", "credit_card"})
_MEMBERS = frozenset({"customer_id", "employee_id", "student_id"})
_ALPHABETS = (("0", 10), ("０", 10), ("a", 26), ("A", 26), ("ａ", 26), ("Ａ", 26))
_LONGEST = 40


def phone(text: str, keyed: Keyed) -> str:
    """Every number in the text as one that cannot be given out, of the same kind, in the same grouping and width."""
    found = [m.group() for m in _NUMBER.finditer(text)]
    if not found:
        return code("phone", text, keyed)
    if not _says_more(_NUMBER.sub("", text)):
        return _NUMBER.sub(lambda m: _one_phone(m.group(), keyed), text)
    if keyed.exact:
        bare = unicodedata.normalize("NFKC", "".join(c for c in found[0] if c.isdecimal()))
        return _onto(found[0], keyed.unique("phone", text, lambda draw: _nobodys(bare, draw)))
    return " / ".join(_one_phone(number, keyed) for number in found)


def _says_more(rest: str) -> bool:
    """Whether what stands around a number or an address could tell of a person."""
    return any(c.isalnum() for c in _LABELS.sub("", rest))


def _one_phone(text: str, keyed: Keyed) -> str:
    digits = unicodedata.normalize("NFKC", "".join(c for c in text if c.isdecimal()))
    abroad = text.startswith(("+", "＋")) or (digits.startswith("81") and len(digits) in (11, 12))
    head = "81" if abroad and digits.startswith("81") else ""
    if abroad and not head:
        return code("phone_abroad", text, keyed)
    national = digits[len(head) :]
    trunk = "" if national.startswith("0") else "0"
    new = keyed.unique("phone", trunk + national, lambda draw: _nobodys(trunk + national, draw))
    return _onto(text, head + new[len(trunk) :])


def _nobodys(number: str, draw: Draw) -> str:
    """A number of the same length and kind: behind the prefix or the area code stands a 0, which no number has."""
    if len(number) == 11 and number[:3] in ("060", "070", "080", "090"):
        prefix = ("070", "080", "090")[draw(3)]
    elif len(number) == 11:
        prefix = number[:3]
    elif number.startswith(("0120", "0800", "0570")):
        prefix = number[:4] + "00"
    else:
        prefix = next((number[:n] for n in (5, 4, 3, 2) if number[1:n] in AREA_CODES), number[:2])
    rest = len(number) - len(prefix) - 1
    return f"{prefix}0{draw(10**rest):0{rest}}" if rest > 0 else number


def email(text: str, keyed: Keyed) -> str:
    """Every address in the text as one at example.jp, which RFC 6761 and JPRS keep for examples."""

    def one(match: re.Match[str]) -> str:
        address = unicodedata.normalize("NFKC", match.group()).lower()
        new = f"{keyed.unique('email', address, _local)}@example.jp"
        if not keyed.exact or match.group() == address:
            return new
        # The same address, and yet it can be told how it was written.
        return keyed.unique("email as written", match.group(), lambda draw: _cased(new, draw))

    found = list(_MAIL.finditer(text))
    more = _says_more(_MAIL.sub("", text))
    if not found or (more and keyed.exact):
        return f"{keyed.unique('email', text, _local)}@example.jp"
    return "; ".join(map(one, found)) if more else _MAIL.sub(one, text)


def _cased(address: str, draw: Draw) -> str:
    """The address with some of its letters, one at least, as capitals."""
    letters = [n for n, c in enumerate(address) if c.isalpha()]
    chosen = 1 + draw(2 ** len(letters) - 1)
    capitals = {n for at, n in enumerate(letters) if chosen >> at & 1}
    return "".join(c.upper() if n in capitals else c for n, c in enumerate(address))


def _local(draw: Draw) -> str:
    return "".join(_LETTERS[draw(len(_LETTERS))] for _ in range(6)) + f"{draw(100_000):05}"


def ip_address(text: str, keyed: Keyed) -> str:
    """An IPv4 address as one of 10.0.0.0/8, which no network outside uses; IPv6 as one of the documentation's prefix."""

    def four(match: re.Match[str]) -> str:
        return keyed.unique("ipv4", match.group(), lambda draw: f"10.{draw(256)}.{draw(256)}.{draw(254) + 1}")

    new, count = _IPV4.subn(four, text)
    if count:
        return new
    return "2001:db8:" + keyed.unique(
        "ipv6", text if keyed.exact else text.strip().lower(), lambda d: ":".join(f"{d(65536):x}" for _ in "123456")
    )


# ---------------------------------------------------------------- codes


def code(entity: str, text: str, keyed: Keyed) -> str:
    """Another code of the same form: digits for digits, letters for letters of the same case; one to one."""
    kinds = [_kind(c) for c in text[:_LONGEST]]
    rest = text[_LONGEST:]
    if any(c.isalnum() and kind is None for c, kind in zip(text, kinds, strict=False)) or not any(kinds):
        return token(entity, text, keyed)
    positions = [n for n, kind in enumerate(kinds) if kind]
    if entity in _MEMBERS and (prefix := re.match(r"[A-Za-z]{1,4}-?(?=[0-9]{4})", text)):
        positions = [n for n in positions if n >= prefix.end()]  # what kind of number it is
    last = positions.pop() if entity in _CHECKED and len(positions) > 1 else None
    number, size = 0, 1
    for n in positions:
        base, count = kinds[n] or ("", 1)
        number = number * count + ord(text[n]) - ord(base)
        size *= count
    outline = "".join((kinds[n] or c)[0] if n in positions else c for n, c in enumerate(text[:_LONGEST]))
    number = keyed.permute(f"code {entity} {outline}", number, size)
    out = list(text[:_LONGEST])
    for n in reversed(positions):
        base, count = kinds[n] or ("", 1)
        number, digit = divmod(number, count)
        out[n] = chr(ord(base) + digit)
    if last is not None:
        out[last] = _wrong_check(entity, out, positions, last, keyed)
    tail = keyed.unique(f"tail {entity}", rest, lambda d: _token(d, len(rest))) if rest else ""
    return "".join(out) + tail


def _kind(c: str) -> tuple[str, int] | None:
    return next(((base, count) for base, count in _ALPHABETS if 0 <= ord(c) - ord(base) < count), None)


def _wrong_check(entity: str, signs: list[str], positions: list[int], last: int, keyed: Keyed) -> str:
    """A last digit with which the number is no valid one."""
    digits = [int(unicodedata.normalize("NFKC", signs[n])) for n in positions if signs[n].isdecimal()]
    right = _luhn(digits) if entity == "credit_card" else _modulo_11(digits)
    told = "".join(map(str, digits))
    old = signs[last]
    zero = "０" if "０" <= old <= "９" else "0"
    return chr(ord(zero) + (right + 1 + keyed.permute(f"check {told}", 0, 9)) % 10)


def _modulo_11(digits: list[int]) -> int:
    """The check digit of a My Number (article 5 of the order 26/85 of 2014) over the eleven digits before it."""
    total = sum(d * (n + 2 if n < 6 else n - 4) for n, d in enumerate(reversed(digits)))
    return 0 if total % 11 <= 1 else 11 - total % 11


def _luhn(digits: list[int]) -> int:
    total = sum(d if n % 2 else (2 * d - 9 if d > 4 else 2 * d) for n, d in enumerate(reversed(digits)))
    return -total % 10


def token(entity: str, text: str, keyed: Keyed) -> str:
    """``P-7F3K2M``: six signs of an alphabet without those that are mistaken for others, 30 bits."""
    value = text if keyed.exact else unicodedata.normalize("NFKC", text).strip()
    return "P-" + keyed.unique("token " + entity, value, lambda draw: _token(draw, 6))


def _token(draw: Draw, length: int) -> str:
    signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(signs[draw(32)] for _ in range(length))


def _onto(text: str, digits: str) -> str:
    """``text`` with its digits replaced in order, each in the width it had."""
    new = iter(digits)
    return "".join(_wide(next(new), c) if c.isdecimal() else c for c in text)


def _wide(digit: str, old: str) -> str:
    return chr(ord(digit) + 0xFEE0) if "０" <= old <= "９" else digit
