"""Reads Japanese telephone numbers by the numbering plan: all written forms, what kind, how believable.

Plan: ministry table of 0AB–J, 0A0 and 0AB0 numbers; area codes from :mod:`piiscan.lexicon.area_codes`. Numbers that
cannot be assigned (090-0…, a local office that begins with 0 or 1) are still numbers: people put them into test files
and forms. :func:`is_dummy` tells them apart.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from random import Random

from piiscan.detectors._phone_shapes import LABEL, SUFFIX
from piiscan.lexicon.area_codes import AREA_CODES
from piiscan.shaped import later
from piiscan.text import fold

MOBILE, FIXED, IP, M2M, SPECIAL, FREE = "mobile", "fixed", "ip", "m2m", "special", "free"


@dataclass(frozen=True, slots=True, repr=False)
class Phone:
    """One number: national digits with the leading zero, its kind, and how it was written.

    ``grouped``: the digits stood in plausible groups. ``restored``: a leading zero eaten by a spreadsheet was put back.
    ``dummy``: cannot be assigned to anybody. No ``repr``, because it would show the number.
    """

    digits: str
    kind: str
    grouped: bool = False
    restored: bool = False
    dummy: bool = False


_PLAIN = later(r"0[0-9]{9,10}\Z")
_GROUPED = later(r"(0[0-9]{1,4})-([0-9]{1,4})-([0-9]{4})\Z")
_WRAPPED = later(r"=?[\"'](.{1,60}?)[\"']?\Z", re.DOTALL)
_EATEN = later(r"([1-9][0-9]{8,9})(?:\.0)?\Z")
_COUNTRY = later(r"(?:\+|00[\- ]?|010[\- ]?)?81(?=[^0-9]|[0-9]{9,11}\Z)")
_LABEL = later(LABEL)
_SUFFIX = later(rf"{SUFFIX}\Z")
_BROKEN = later(r"-\s{0,3}\n\s{0,3}|\s{0,3}\n\s{0,3}-")
_LETTER_O = later(r"[Oo0-9][Oo0-9\-() ]{9,14}\Z")
_SPLIT = later(r"[/、,，;；\n\r]+|(?<=[0-9]) {1,2}(?=0[0-9]{1,4}-)|(?<=[)）])(?=[(（]?0)")
_DASHES = later(r"[‐‑‒–—―−ー─━~〜_]")
_BODY = later(r"[(\[]?[0-9](?:[\-.・ /()\[\]]{0,3}[0-9]){8,14}[)\]]?\Z")
_PLACEHOLDERS = frozenset({"09012345678", "08012345678", "07012345678", "0312345678", "0612345678", "0123456789"})


def _area(digits: str) -> str | None:
    """The area code (with zero) that a ten-digit fixed number begins with, the longest that fits."""
    for length in (5, 4, 3, 2):
        if digits[1:length] in AREA_CODES:
            return digits[:length]
    return None


def _dummy_fixed(digits: str, area: str) -> bool:
    return digits[len(area)] in "01"


def _service(digits: str, groups: tuple[str, ...]) -> tuple[str, bool] | None:
    """Kind and dummy of an 0A0 or 0AB0 number."""
    head3, head4, size = digits[:3], digits[:4], len(digits)
    if size == 14 and head4 == "0200":
        return M2M, False
    if size == 10 and head4 in ("0120", "0570", "0990", "0180", "0170"):
        return (FREE if head4 == "0120" else SPECIAL), digits[4:] == "000000"
    if size != 11:
        return None
    if head4 == "0800" and (not groups or groups[0] != "080"):
        return FREE, False
    if head4 in ("0600", "0204"):
        return SPECIAL, head4 == "0600"
    if head3 in ("060", "070", "080", "090"):
        return MOBILE, digits[3] == "0"
    if head3 == "050":
        return IP, digits[3] == "0"
    if head3 == "020" and digits[3] != "0":
        return M2M, False
    return None


def _grouping_fits(groups: tuple[str, ...], head: str) -> bool:
    """Whether written groups go with the plan's ``head`` (area code or prefix); one group always does."""
    if len(groups) <= 1:
        return True
    first = groups[0]
    return first.startswith(head) and len(first) <= 6 and len(groups) <= 4


def _number(digits: str, groups: tuple[str, ...], restored: bool = False) -> Phone | None:
    if not digits.startswith("0") or not 10 <= len(digits) <= 14 or len(set(digits)) == 1:
        return None
    service = _service(digits, groups)
    if service:
        head = digits[:3]
        if not _grouping_fits(groups, head):
            return None
        return Phone(digits, service[0], len(groups) > 1, restored, service[1] or len(set(digits[3:])) == 1)
    if len(digits) != 10:
        return None
    area = _area(digits)
    if area is None:
        return None
    # Old area codes were shorter or longer (0462 is 046-2 now), so the first group may be any known code or longer.
    heads = [area] if not groups or groups[0][1:] not in AREA_CODES else [groups[0]]
    if not _grouping_fits(groups, heads[0]):
        return None
    if len(groups) == 3 and len(groups[2]) != 4:
        return None
    return Phone(digits, FIXED, len(groups) > 1, restored, _dummy_fixed(digits, heads[0]))


def _single(text: str) -> Phone | None:
    """The one number that ``text`` (folded, without label and suffix) is."""
    eaten = _EATEN.match(text)
    if eaten:
        return _number("0" + eaten[1], (), restored=True)
    country = _COUNTRY.match(text)
    if country:
        body = text[country.end() :].lstrip("-. ・")
        body = re.sub(r"\A[(\[]0[)\]][\-. ]?", "", body).strip("()[] ")
        if not re.match(r"\A(?:0?[1-9])", body):
            return None
        text = body if body.startswith("0") else "0" + body
    if not _BODY.match(text):
        return None
    groups = tuple(re.findall(r"[0-9]+", text))
    return _number("".join(groups), groups if len(groups) > 1 else ())


def _undress(text: str) -> str:
    """``text`` without a label in front and an extension or a remark behind."""
    text = _LABEL.sub("", text, count=1).strip() if not text[:1].isdecimal() else text
    for _ in range(2):
        shorter = _SUFFIX.sub("", text).strip()
        if shorter == text or not shorter:
            break
        text = shorter
    return text


def _fold(text: str) -> str:
    plain = _DASHES.sub("-", fold(text)) if not text.isascii() else _DASHES.sub("-", text.strip())
    wrapped = _WRAPPED.match(plain) if plain[:1] in "='\"" else None
    plain = wrapped[1] if wrapped else plain
    plain = _BROKEN.sub("-", plain) if "\n" in plain else plain
    if ("O" in plain or "o" in plain) and _LETTER_O.match(plain):
        plain = plain.replace("O", "0").replace("o", "0")
    return plain


def parse(text: str) -> tuple[Phone, ...]:
    """The numbers that make up the whole of ``text``, in order; empty if anything in it is not a number.

    Labels (``TEL:``), extensions and remarks (``（代）``) do not count as something else.
    """
    if len(text) > 200:
        return ()
    if _PLAIN.match(text):
        bare = _number(text, ())
        return (bare,) if bare else ()
    common = _GROUPED.match(text)
    if common:
        one = _number("".join(common.groups()), common.groups())
        return (one,) if one else ()
    plain = _fold(text)
    one = _single(plain) or _single(_undress(plain))
    if one:
        return (one,)
    parts = [_undress(p.strip()) for p in _SPLIT.split(plain) if p.strip()]
    if not 2 <= len(parts) <= 5:
        return ()
    numbers = [_single(p) for p in parts]
    return tuple(n for n in numbers if n) if all(numbers) else ()


def is_phone(text: str) -> bool:
    """Whether the whole of ``text`` is one or more Japanese telephone numbers, assignable or not."""
    return bool(parse(text))


def kind(text: str) -> str | None:
    """Subtype of the first number: mobile, fixed, ip, m2m or special (free-call numbers are special)."""
    numbers = parse(text)
    if not numbers:
        return None
    return SPECIAL if numbers[0].kind == FREE else numbers[0].kind


def normalise(text: str) -> str | None:
    """National digits of the first number for telling people apart; None for no number or a placeholder."""
    for number in parse(text):
        if not _placeholder(number):
            return number.digits
    return None


def _placeholder(number: Phone) -> bool:
    """Whether people type this number to fill a field: 090-1234-5678, 03-0000-0000."""
    tail = number.digits[-8:] if len(number.digits) == 11 else number.digits[-6:]
    return number.digits in _PLACEHOLDERS or (number.kind in (MOBILE, FIXED, IP) and len(set(tail)) == 1)


def is_dummy(text: str) -> bool:
    """Whether ``text`` is written like a number but cannot belong to anybody: unassignable, repeated, 090-1234-5678."""
    numbers = parse(text)
    if not numbers:
        plain = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))
        return 9 <= len(plain) <= 11 and len(set(plain)) == 1
    return all(n.dummy or _placeholder(n) for n in numbers)


def strength(text: str) -> float:
    """How much a cell proves by itself: grouped 1.0, bare mobile 0.9, bare ten digits 0.7, eaten zero 0.2."""
    numbers = parse(text)
    if not numbers:
        return 0.0
    first = numbers[0]
    if first.restored:
        return 0.1 if first.dummy else 0.2
    plain = text.strip()
    if first.grouped or not plain[:1].isdecimal():
        return 1.0
    if plain[0] in "8８":
        return 0.3
    if len(first.digits) == 11:
        return 0.9
    return 0.4 if first.dummy else 0.7


def sample(rng: Random) -> str:
    """An invented number that nobody can have: 090-0…, or a local office that begins with 0."""
    tail = f"{rng.randrange(10000):04d}"
    if rng.random() < 0.5:
        head, mid = rng.choice(("090", "080", "070")), f"0{rng.randrange(1000):03d}"
    else:
        head, mid = rng.choice((("03", "0000"), ("06", "0012"), ("052", "001"), ("0422", "00"), ("04992", "0")))
    bare = head + mid + tail
    forms = [
        f"{head}-{mid}-{tail}", f"{head}-{mid}-{tail}", f"{head}({mid}){tail}", f"({head}){mid}-{tail}",
        f"{head} {mid} {tail}", f"TEL:{head}-{mid}-{tail}", f"+81-{head[1:]}-{mid}-{tail}", f"{head}-{mid}-{tail}(代)",
        f"{head}.{mid}.{tail}",
    ]  # fmt: skip
    if not bare.startswith("0800"):
        forms += [bare, bare]
    return rng.choice(forms)
