"""What a verdict leans on before any value is seen: how far values prove an entity alone, what a header may cover.

The numbers are judgements, not fits: each says how often a column whose values all fit would really be that entity
on a Japanese shared drive. They were checked for plausibility, and by the metamorphic tests, not tuned to a corpus.
"""

from __future__ import annotations

from piiscan.families import MEMBER_IDS, NAME_FAMILY

#: Entity → belief, 0 to 1, when every value fits and there is no header at all. Missing: 0.9, or 0 with needs_context.
ALONE = {
    "email": 0.99,
    "phone": 0.92,
    "postal_code": 0.85,
    "address": 0.95,
    "address_part": 0.75,
    "person_name": 0.95,
    "person_name_kana": 0.62,
    "person_name_romaji": 0.65,
    "surname": 0.35,
    "given_name": 0.35,
    "surname_kana": 0.15,
    "given_name_kana": 0.15,
    "sex": 0.85,
    "age": 0.55,
    "birth_date": 0.55,
    "my_number": 0.9,
    "credit_card": 0.95,
    "drivers_license": 0.6,
    "residence_card": 0.8,
    "passport": 0.5,
    "ip_address": 0.9,
    "corporate_number": 0.9,
    "company": 0.9,
    "facility_name": 0.8,
    "sensitive_medical": 0.55,
    "sensitive_disability": 0.55,
    "sensitive_criminal": 0.55,
    "sensitive_belief": 0.55,
    "sensitive_social": 0.55,
    "nationality": 0.3,
}

#: Columns of these are tried even when no header speaks for them.
TRY_WITHOUT_HEADER = tuple(e for e, belief in ALONE.items() if belief >= 0.3)

#: Kinds of cells (see cells.kind) that a header word may cover even when the exact shape does not fit:
#: local numbers without an area code under 電話番号, a town alone under 住所. Entities that are not listed take any.
LOOSE_KINDS = {
    **dict.fromkeys(("phone", "fax", "business_phone"), frozenset({"numbers", "integer", "mixed", "code"})),
    "postal_code": frozenset({"numbers", "integer", "mixed"}),
    "birth_date": frozenset({"date", "integer", "mixed", "numbers"}),
    "age": frozenset({"integer", "mixed"}),
    "email": frozenset({"email", "mixed", "long", "code"}),
    "ip_address": frozenset({"code", "mixed", "decimal", "numbers"}),
    **dict.fromkeys(
        ("address", "address_part", "business_address"),
        frozenset(
            {"kanji", "mixed", "long", "katakana", "hiragana", "numbers", "code", "latin", "date", "placeholder"}
        ),
    ),
    **dict.fromkeys(
        (*MEMBER_IDS, "bank_account", "health_insurance", "pension_number", "employment_insurance", "resident_code"),
        frozenset({"integer", "code", "numbers", "mixed", "latin", "email"}),
    ),
    **dict.fromkeys(
        ("my_number", "drivers_license", "passport", "residence_card", "credit_card", "corporate_number"),
        frozenset({"integer", "code", "numbers", "mixed"}),
    ),
    **dict.fromkeys(NAME_FAMILY, frozenset({"kanji", "hiragana", "katakana", "mixed", "latin", "placeholder"})),
    **dict.fromkeys(
        ("company", "facility_name"), frozenset({"kanji", "hiragana", "katakana", "mixed", "latin", "long", "code"})
    ),
    "sex": frozenset({"kanji", "latin", "integer", "mixed", "hiragana", "katakana", "code"}),
    "income": frozenset({"integer", "decimal", "mixed", "numbers"}),
}

#: How strongly a header of one entity speaks for a sibling whose values fit: 氏名 above surnames alone.
SIBLINGS = {
    **{("person_name", e): 0.8 for e in NAME_FAMILY if e != "person_name"},
    ("person_name_kana", "surname_kana"): 0.7,
    ("person_name_kana", "given_name_kana"): 0.7,
    ("address", "address_part"): 0.9,
    ("address_part", "address"): 0.9,
    ("address", "business_address"): 0.9,
    ("phone", "fax"): 0.3,
    ("customer_id", "employee_id"): 0.0,
    ("company", "person_name"): 0.35,
    ("facility_name", "company"): 0.6,
    ("company", "facility_name"): 0.6,
}

ACCEPT = 0.5
#: A header at least this strong says what its column holds.
SURE_HEADER = 0.8
#: A header that names people in a role (担当者) is at least this strong.
LIKELY_HEADER = 0.6
