"""Numbers whose right answer is known: our own, and the project's shared vectors when they are there."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from piiscan import registry
from piiscan.detectors import _checkdigits, _dates, _phones
from piiscan.detectors.bank_account import yucho_to_bank
from piiscan.detectors.my_number import is_test_number

FACTS = Path(__file__).parents[3] / "shared" / "facts"
DETECTORS = registry.detectors()


def vectors(kind: str) -> list[dict[str, Any]]:
    """The shared vectors of a kind; none where the file is absent."""
    path = FACTS / "vectors.json"
    if not path.is_file():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))[kind]
    return [dict(v) for v in found]


def shared(kind: str) -> list[Any]:
    """Parameters of a kind, or one that is skipped."""
    cases = [pytest.param(v, id=str(i)) for i, v in enumerate(vectors(kind))]
    return cases or [pytest.param({}, marks=pytest.mark.skip(reason="shared vectors are absent"))]


def fits(entity: str, text: str) -> bool:
    shapes = DETECTORS[entity].shapes
    return any(re.fullmatch(s, text) for s in shapes) and (DETECTORS[entity].check is None or check(entity, text))


def check(entity: str, text: str) -> bool:
    function = DETECTORS[entity].check
    assert function is not None
    return function(text)


@pytest.mark.parametrize(
    "number, right",
    [
        ("123456789018", True), ("000000000140", True), ("444444444440", True), ("888888888889", True), ("777777777771", True),
        ("000000000141", False), ("888888888880", False), ("12345678901", False), ("１２３４５６７８９０１８", False),
    ],
)  # fmt: skip
def test_my_number_check_digit(number: str, right: bool) -> None:
    assert _checkdigits.my_number(number) is right


def test_degenerate_and_test_numbers() -> None:
    assert not check("my_number", "000000000000")
    assert is_test_number("1111-1111-1118")
    assert is_test_number("123456789018")
    assert not is_test_number("300000000071")
    assert check("my_number", "300000000071")
    assert check("drivers_license", "300000000071")


@pytest.mark.parametrize("number, right", [("7123456789012", True), ("1234567890123", False), ("712345678901", False)])
def test_corporate_check_digit(number: str, right: bool) -> None:
    assert _checkdigits.corporate_number(number) is right


def test_licence_remainders_zero_and_one() -> None:
    assert _checkdigits.drivers_license("300000000910")
    assert _checkdigits.drivers_license("300000000400")
    assert not _checkdigits.drivers_license("151234567820")


def test_insurer_and_municipality_differ() -> None:
    assert _checkdigits.insurer_number("141002")
    assert not _checkdigits.insurer_number("141003")
    assert _checkdigits.local_government_code("141003")
    assert not _checkdigits.insurer_number("480018")


@pytest.mark.parametrize("v", shared("my_number"))
def test_shared_my_number(v: dict[str, Any]) -> None:
    assert _checkdigits.my_number(_checkdigits.compact(v["value"])) is v["checkdigit_valid"]


@pytest.mark.parametrize("v", shared("corporate_number"))
def test_shared_corporate_number(v: dict[str, Any]) -> None:
    assert check("corporate_number", v["value"]) is v["checkdigit_valid"]


@pytest.mark.parametrize("v", shared("invoice_T_number"))
def test_shared_invoice_number(v: dict[str, Any]) -> None:
    assert check("corporate_number", v["value"]) is v["format_ok"]
    assert _checkdigits.corporate_number(v["value"][1:]) is v["checkdigit_valid"]


@pytest.mark.parametrize("v", shared("driver_license"))
def test_shared_driver_license(v: dict[str, Any]) -> None:
    assert check("drivers_license", v["value"]) is v["valid"]


@pytest.mark.parametrize("v", shared("insurer_number"))
def test_shared_insurer_number(v: dict[str, Any]) -> None:
    assert _checkdigits.insurer_number(v["value"]) is v["valid"]


@pytest.mark.parametrize("v", shared("local_government_code"))
def test_shared_local_government_code(v: dict[str, Any]) -> None:
    assert _checkdigits.local_government_code(v["value"]) is v["valid"]


@pytest.mark.parametrize("v", shared("credit_card_luhn"))
def test_shared_cards(v: dict[str, Any]) -> None:
    assert _checkdigits.luhn(v["value"]) is v["luhn"]
    assert check("credit_card", v["value"]) is v["luhn"]
    if v["luhn"]:
        subtype = DETECTORS["credit_card"].subtype
        assert subtype is not None
        assert subtype(v["value"]) == "test"


@pytest.mark.parametrize("v", shared("yucho"))
def test_shared_yucho(v: dict[str, Any]) -> None:
    assert yucho_to_bank(v["kigou"], v["bangou"]) == (v["branch_code"], v["account_type"], v["account"])


@pytest.mark.parametrize(
    "entity, kind",
    [("passport", "passport"), ("residence_card", "residence_card"), ("pension_number", "pension"), ("employment_insurance", "employment_insurance")],
)  # fmt: skip
def test_shared_formats(entity: str, kind: str) -> None:
    cases = vectors(kind)
    if not cases:
        pytest.skip("shared vectors are absent")
    assert [v["value"] for v in cases if fits(entity, v["value"]) is not v["format_ok"]] == []


@pytest.mark.parametrize("v", shared("dates"))
def test_shared_dates(v: dict[str, Any]) -> None:
    if "excel_serial_1904" in v:
        found = _dates.excel_date(v["excel_serial_1904"], date1904=True)
    elif "excel_serial_1900" in v:
        found = _dates.excel_date(v["excel_serial_1900"])
    else:
        found = _dates.parse_date(v["text"])
    want = None if v["iso"] is None or "does not exist" in v["iso"] else v["iso"][:10]
    assert (found.isoformat() if found else None) == want


def phone_vectors() -> list[Any]:
    path = FACTS / "phone_vectors.json"
    if not path.is_file():
        return [pytest.param({}, marks=pytest.mark.skip(reason="shared vectors are absent"))]
    return [pytest.param(v, id=v["input"]) for v in json.loads(path.read_text(encoding="utf-8"))]


KINDS = {
    "mobile": "mobile", "fixed": "fixed", "ip": "ip", "m2m": "m2m", "m2m14": "m2m", "pager": "special", "freecall": "free",
    "navi": "special", "premium": "special",
}  # fmt: skip
NOT_PHONES = {"short", "date", "postal", "pension", "my_number", "other", "local"}


@pytest.mark.parametrize("v", phone_vectors())
def test_shared_phones(v: dict[str, Any]) -> None:
    text, want = v["input"], v["want"]
    numbers = _phones.parse(text)
    if want in KINDS:
        assert [(n.kind, n.digits) for n in numbers] == [(KINDS[want], v["want_national_digits"])]
    elif want == "two":
        assert len(numbers) == 2
    elif want in ("dummy", "invalid", "unassigned"):
        assert _phones.is_dummy(text)
    elif want == "not_mobile":
        assert all(n.kind != "mobile" for n in numbers)
    else:
        assert want in NOT_PHONES | {"mobile?"}
        assert numbers == ()


@pytest.mark.parametrize(
    "text, digits",
    [
        ("090-0123-4567", "09001234567"), ("９００１２３４５６７", "09001234567"), ("(03)0000-1234（代）", "0300001234"),
        ("+81-3-0000-1234", "0300001234"), ("000-0000-0000", None), ("090-1234-5678", None), ("03-0000-0000", None),
        ("なし", None), ("O9O-O123-4567", "09001234567"),
    ],
)  # fmt: skip
def test_normalised_phone(text: str, digits: str | None) -> None:
    assert _phones.normalise(text) == digits


def test_phone_strength_falls_with_the_evidence() -> None:
    forms = ("090-0123-4567", "09001234567", "0352525252", "352525252", "なし")
    assert [_phones.strength(f) for f in forms] == [1.0, 0.9, 0.7, 0.2, 0.0]


def test_phones_accept_whatever_libphonenumber_does() -> None:
    """It knows the assigned blocks and is the narrower: what it calls a fixed or mobile number, so must we."""
    phonenumbers = pytest.importorskip("phonenumbers")
    kinds = {0: "fixed", 1: "mobile", 6: "ip", 3: "free"}
    rng = Random(11)
    compared, different = 0, []
    for _ in range(3000):
        digits = f"0{rng.randrange(1, 10)}" + "".join(rng.choice("0123456789") for _ in range(rng.choice((8, 9))))
        parsed = phonenumbers.parse("+81" + digits[1:], None)
        theirs = kinds.get(phonenumbers.number_type(parsed)) if phonenumbers.is_valid_number(parsed) else None
        if theirs:
            compared += 1
            ours = _phones.parse(digits)
            different += [digits] if not ours or ours[0].kind != theirs else []
    assert compared > 500
    assert different == []


@pytest.mark.parametrize(
    "text, lenient, iso",
    [
        ("平成32年1月1日", True, "2020-01-01"), ("平成32年1月1日", False, None), ("昭和五十年一月三十一日", False, "1975-01-31"),
        ("千九百七十五年一月三十一日", False, "1975-01-31"), ("一九七五年一月三一日", False, "1975-01-31"), ("H元.1.8", False, "1989-01-08"),
        ("7010401", False, "1989-04-01"), ("1975-01-31T08:00:00+09:00", False, "1975-01-31"), ("12/31/1975", False, "1975-12-31"),
        ("1975年2月29日", True, None), ("S50.13.1", True, None),
    ],
)  # fmt: skip
def test_dates(text: str, lenient: bool, iso: str | None) -> None:
    found = _dates.parse_date(text, lenient=lenient)
    assert (found.isoformat() if found else None) == iso


def days(first: date, span: int, count: int = 200) -> list[str]:
    rng = Random(3)
    return [(first + timedelta(rng.randrange(span))).isoformat() for _ in range(count)]


def test_birth_profile_tells_births_from_business() -> None:
    today = _dates.today()
    births = days(date(1940, 1, 1), 25000)
    recent = days(today - timedelta(1200), 1200)
    workdays = [d for d in days(date(1990, 1, 1), 12000, 400) if date.fromisoformat(d).weekday() < 5]
    april = [f"{1985 + i % 35}-04-01" for i in range(100)]
    assert _dates.birth_profile(births) > 0.9
    assert max(map(_dates.birth_profile, (recent, workdays, april, ["x"] * 50, []))) < 0.4


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tel=090-0123-4567", ["090-0123-4567"]),
        ("山田_090-0123-4567_控え.txt", ["090-0123-4567"]),
        ("id_090-0123-4567", []),
        ("090-0123-4567_v2", []),
        ("phone=03-0000-1234;x", ["03-0000-1234"]),
        ("https://example.jp/?id=0300001234", []),
        ("LibreOffice 7.4.7.2 (Linux)", []),
        ("Version: 10.0.4896.75", []),
        ("接続元 192.0.2.1", ["192.0.2.1"]),
    ],
)
def test_what_stands_before_a_number_in_a_setting_or_a_name_of_a_program(text: str, found: list[str]) -> None:
    from piiscan.prose.finding import find_in_place

    assert [text[s.start : s.end] for s in find_in_place(text, "text", DETECTORS)] == found
