"""Headers as people coin them, written down without sight of the vocabulary.

``header_words.tsv``: header (a line break written ``\\n``), what it means, and how sure the header alone is: sure, likely, open.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from piiscan.inspection.knowledge import knowledge

HEADERS = knowledge().policy.headers
#: Told apart by the values, or by what the table is about.
SAME = {
    **dict.fromkeys(("customer_id", "employee_id", "student_id", "login_id", "person_id"), "number of a person"),
    **dict.fromkeys(("address", "address_part", "business_address"), "address"),
    **dict.fromkeys(("phone", "fax", "business_phone"), "phone"),
}
NOBODYS = {"none", "company", "facility_name", "corporate_number", "product", "business_address", "business_phone"}
STRONG = 0.6
#: Headers of each kind, and how many of them the parts of headers say what they mean: a few say less than they seem to.
SURE, TOLD, THINGS, MISTAKEN = 411, 373, 516, 20


def words() -> Iterator[tuple[str, str, str]]:
    for line in Path(__file__).with_name("header_words.tsv").read_text("utf-8").splitlines():
        header, meaning, sure = line.split("\t")
        yield header.replace("\\n", "\n"), meaning, sure


def said(header: str) -> str | None:
    """What a header says strongly, None for nothing that is personal."""
    found = next((m.meaning for m in HEADERS.match(header) if m.strength >= STRONG), None)
    return None if found is None or found.startswith("other.") or found in NOBODYS else found


def test_headers_that_nobody_listed_are_read_by_their_parts() -> None:
    personal = [(h, m) for h, m, sure in words() if sure == "sure" and m not in NOBODYS]
    told = [h for h, m in personal if (found := said(h)) and SAME.get(found, found) == SAME.get(m, m)]
    assert len(personal) == SURE
    assert len(told) >= TOLD, sorted({h for h, _ in personal} - set(told))


def test_headers_of_things_are_not_taken_for_those_of_people() -> None:
    things = [h for h, m, _ in words() if m in NOBODYS]
    mistaken = [h for h in things if said(h)]
    assert len(things) == THINGS
    assert len(mistaken) <= MISTAKEN, mistaken


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("第三生徒コード", "student_id"),
        ("member_no", "customer_id"),
        ("上長ID", "employee_id"),
        ("gender_kbn", "sex"),
        ("アレルギーの有無", "sensitive_medical"),
        ("KOKYAKU_NO", "customer_id"),
        ("driver_lic_no", "drivers_license"),
        ("連絡用メールアドレス※携帯不可", "email"),
        ("生年月日\n例)1990/01/01", "birth_date"),
        ("会計監査人名", "person_name"),
        ("ご担当者様名", "person_name"),
        ("電話番号（日中連絡のつく番号）", "phone"),
        ("ﾃﾞﾝﾜﾊﾞﾝｺﾞｳ", "phone"),
    ],
)
def test_two_words_say_what_one_does_not(header: str, meaning: str) -> None:
    assert HEADERS.match(header)[0].meaning == meaning


@pytest.mark.parametrize("header", ["事業者番号", "工事番号", "障害発生日時", "アレルギー表示", "shop_cd", "package"])
def test_numbers_and_codes_of_things_are_not_those_of_people(header: str) -> None:
    assert said(header) is None


def test_english_words_for_who_does_something() -> None:
    """They only say that a name may stand there; the values decide."""
    weak = [HEADERS.match(h) for h in ("site_inspector", "teamBuilder", "presenter", "attendee")]
    assert {m[0].meaning for m in weak} == {"person_name"}
    assert max(m[0].strength for m in weak) <= 0.5
    assert not any(HEADERS.match(h) for h in ("folder", "color", "container", "entrance_fee", "error", "tower"))
    assert not any(HEADERS.match(h) for h in ("Chief Technology Officer", "Engineer"))  # said of somebody in a row
