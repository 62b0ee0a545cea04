"""What ids are called: msgids for levels, states, places, reasons of a verdict, duties and entities."""

from __future__ import annotations

#: Severity levels.
LEVELS = {"none": "none", "low": "low", "medium": "medium", "high": "high", "critical": "critical"}

#: What became of an input.
STATUSES = {
    "scanned": "read whole",
    "partial": "read in part",
    "encrypted": "protected by a password",
    "unreadable": "not readable",
    "skipped": "not read",
}

#: What rows are about.
RECORDS = {
    "persons": "persons",
    "organisations": "organisations",
    "places": "places",
    "mixed": "persons and organisations",
    "none": "no personal records",
}

#: Where a text lives.
WHERES = {
    "cell": "cell",
    "text": "text",
    "header": "column header",
    "comment": "comment",
    "furigana": "furigana",
    "header_footer": "page header or footer",
    "defined_name": "defined name",
    "property": "document property",
    "sheet_name": "sheet name",
    "validation": "drop-down list",
    "hyperlink": "link",
    "drawing": "text box or shape",
    "chart_cache": "chart data",
    "pivot_cache": "pivot table cache",
    "orphan_string": "deleted text left in the file",
    "external_link": "data copied from another workbook",
    "revision": "recorded change",
    "mail_header": "mail header",
    "attachment_name": "attachment name",
    "member_name": "file name in the archive",
    "other": "other part",
}

#: Why a column was judged as it was.
EVIDENCE = {
    "header": "header",
    "values": "form of the values",
    "shape": "form of the values",
    "check_digit": "check digit",
    "lexicon": "dictionary",
    "neighbours": "neighbouring columns",
    "context": "words nearby",
    "rule": "own rule",
}

#: What speaks against a verdict.
AGAINST = {
    "header_says_other": "the header means something else",
    "values_do_not_fit": "the values look different",
    "organisations": "many values name organisations",
    "few_values": "there are hardly any values",
}

#: What would change a verdict.
TURNS = {
    "without_header": "without its header it would not be recognised",
    "without_values": "with other values it would not be recognised",
    "with_header": "a header that names it would decide for it",
    "with_values": "values that fit would decide for it",
}

#: Finer kinds of an entity.
SUBTYPES = {
    "mobile": "mobile",
    "fixed": "fixed line",
    "ip": "IP phone",
    "m2m": "machine",
    "special": "service number",
}

#: What a rule file expects, as the rules say it.
EXPECTED = {
    "table": "table",
    "list of strings": "list of strings",
    "string": "string",
    "number": "number",
    "whole number": "whole number",
    "true or false": "true or false",
    "date": "date",
    "list of lists": "list of lists",
}

#: What became of a copy.
COPY_STATUSES = {
    "written": "written",
    "planned": "would be written",
    "refused": "refused",
    "failed": "failed",
    "skipped": "left alone",
}

#: Reporting duties by rule id of ``rules/severity.toml``.
TRIGGERS = {
    "appi-7-1": "special-care-required personal information (APPI enforcement rules, art. 7 (1))",
    "appi-7-2": "risk of property damage by misuse (APPI enforcement rules, art. 7 (2))",
    "appi-7-3": "suspicion of a wrongful purpose (APPI enforcement rules, art. 7 (3))",
    "appi-7-4": "more than {threshold} people (APPI enforcement rules, art. 7 (4))",
    "mynumber-2-4": "My Numbers of more than {threshold} people (My Number Act, art. 29-4)",
}

#: Entities and header classes, for those that have no detector of their own to name them.
ENTITIES = {
    "person_name": "name",
    "surname": "surname",
    "given_name": "given name",
    "person_name_kana": "name in kana",
    "surname_kana": "surname in kana",
    "given_name_kana": "given name in kana",
    "person_name_romaji": "name in Latin letters",
    "postal_code": "postal code",
    "address": "address",
    "address_part": "part of an address",
    "phone": "phone",
    "fax": "fax",
    "email": "e-mail",
    "birth_date": "date of birth",
    "age": "age",
    "sex": "sex",
    "my_number": "My Number",
    "drivers_license": "driver's licence number",
    "passport": "passport number",
    "residence_card": "residence card number",
    "pension_number": "pension number",
    "health_insurance": "health insurance number",
    "employment_insurance": "employment insurance number",
    "resident_code": "resident record code",
    "bank_account": "bank account",
    "credit_card": "card number",
    "customer_id": "customer number",
    "employee_id": "employee number",
    "student_id": "student number",
    "login_id": "login name",
    "password": "password",
    "ip_address": "IP address",
    "nationality": "nationality",
    "income": "income",
    "evaluation": "evaluation",
    "sensitive_medical": "medical history (special care)",
    "sensitive_disability": "disability (special care)",
    "sensitive_criminal": "criminal record (special care)",
    "sensitive_belief": "belief (special care)",
    "sensitive_social": "social origin (special care)",
    "company": "company name",
    "facility_name": "facility name",
    "corporate_number": "corporate number",
    "product": "product",
    "business_address": "address of an organisation",
    "business_phone": "phone of an organisation",
    "other.department_title": "department or title",
    "other.occupation_school": "occupation or school",
    "other.relationship": "family relation",
    "other.bank": "bank",
    "other.card_expiry": "expiry of a card",
    "other.residence_status": "residence status",
    "other.body": "body measurements",
    "other.location": "position",
    "other.device": "device number",
    "other.history": "personal history",
    "other.vehicle": "vehicle",
    "other.free_text": "free text",
}
