"""Entities that belong together, whoever judges them: names, numbers of people, what only makes sense about a person."""

from __future__ import annotations

NAME_FAMILY = (
    "person_name",
    "surname",
    "given_name",
    "person_name_kana",
    "surname_kana",
    "given_name_kana",
    "person_name_romaji",
)
KANA_NAMES = ("person_name_kana", "surname_kana", "given_name_kana")
FULL_NAMES = ("person_name", "person_name_kana", "person_name_romaji")

#: A direct identifier of a person: a table with one of them is about identifiable people.
NUMBERS_OF_PEOPLE = ("customer_id", "employee_id", "student_id")
MEMBER_IDS = (*NUMBERS_OF_PEOPLE, "login_id")
GOVERNMENT_IDS = (
    "my_number",
    "drivers_license",
    "passport",
    "residence_card",
    "pension_number",
    "health_insurance",
    "employment_insurance",
    "resident_code",
)
#: Entities that only make sense about a person: they tell that a table is about people.
PERSON_ATTRIBUTES = ("birth_date", "age", "sex", "income", "evaluation", "nationality")
SENSITIVE = (
    "sensitive_medical",
    "sensitive_disability",
    "sensitive_criminal",
    "sensitive_belief",
    "sensitive_social",
)
#: Recognised so that they are not taken for a person.
NOT_PERSONAL = ("company", "facility_name", "corporate_number", "product", "business_address", "business_phone")
