"""Duties to report, the damage model with its published examples, and levels."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiscan import policy, severity
from piiscan.model import Level, Severity
from piiscan.severity import FileFacts

RULES = policy.load().severity
CONTACT = ("person_name", "address", "phone", "email")


def people(count: int, *entities: str, **more: int) -> FileFacts:
    """So many people of whom all the entities are known, and ``more`` of which only so many."""
    return FileFacts(persons=count, concerned={**dict.fromkeys(entities, count), **more})


def weigh(facts: FileFacts) -> Severity:
    return severity.weigh(facts, RULES)


def rules_with(tmp_path, text: str):
    (tmp_path / "severity.toml").write_text(text, encoding="utf-8")
    return policy.load([str(tmp_path)]).severity


# ---------------------------------------------------------------- damage: worked examples of the model


def test_the_example_of_2940_people():
    found = weigh(people(2940, *CONTACT))
    assert (found.damage_yen_per_person, found.damage_yen) == (6_000, 17_640_000)
    assert found.level is Level.CRITICAL
    assert [(t.rule, t.persons, t.threshold) for t in found.triggers] == [("appi-7-4", 2940, 1000)]


def test_the_published_card_example():
    found = weigh(people(7316, "person_name", "address", "credit_card", "other.card_expiry"))
    assert (found.damage_yen_per_person, found.damage_yen) == (78_000, 570_648_000)


def test_name_and_phone_of_100_people():
    assert weigh(people(100, "person_name", "phone")).damage_yen == 300_000


def test_mail_addresses_only():
    assert weigh(FileFacts(concerned={"email": 40})).damage_yen == 40_000


@pytest.mark.parametrize("social, response, yen", [(2, 1, 35_280_000), (2, 2, 70_560_000)])
def test_responsibility_and_response_multiply(tmp_path, social, response, yen):
    rules = rules_with(tmp_path, f"[damage]\nsocial_responsibility = {social}\nresponse = {response}\n")
    assert severity.weigh(people(2940, *CONTACT), rules).damage_yen == yen


#: Yen a person for ease 6, 3 and 1, by (mental, economic): the table of the model.
TABLE = {
    (1, 1): (6_000, 3_000, 1_000),
    (1, 2): (18_000, 9_000, 3_000),
    (1, 3): (78_000, 39_000, 13_000),
    (2, 1): (33_000, 16_500, 5_500),
    (2, 2): (45_000, 22_500, 7_500),
    (2, 3): (105_000, 52_500, 17_500),
    (3, 1): (303_000, 151_500, 50_500),
    (3, 2): (315_000, 157_500, 52_500),
    (3, 3): (375_000, 187_500, 62_500),
}


@pytest.mark.parametrize("levels, yen", TABLE.items())
def test_the_table_of_the_model(tmp_path, levels, yen):
    rules = rules_with(tmp_path, "[damage.item]\nage = {{ mental = {}, economic = {} }}\n".format(*levels))
    for others, each in zip((("person_name", "address"), ("person_name",), ("sex",)), yen, strict=True):
        assert severity.weigh(people(5, "age", *others), rules).damage_yen_per_person == each


def test_an_address_with_a_telephone_identifies_at_some_cost():
    assert weigh(people(1, "address", "phone")).damage_yen == 3_000
    assert weigh(people(1, "address", "email")).damage_yen == 1_000


def test_the_range_of_the_model(tmp_path):
    rules = rules_with(tmp_path, "[damage]\nsocial_responsibility = 2\nresponse = 2\n")
    most = severity.weigh(people(1, "person_name", "address", "sensitive_criminal"), rules)
    assert most.damage_yen == 1_500_000


# ---------------------------------------------------------------- damage: who is weighed


def test_a_rare_item_is_weighed_for_those_who_have_it():
    found = weigh(people(3000, "person_name", "address", sensitive_medical=2))
    assert found.damage_yen == 2998 * 6_000 + 2 * 303_000
    assert found.damage_yen_per_person == 6_000


def test_empty_cells_do_not_make_an_item_rare():
    assert weigh(people(2940, "person_name", address=2900, phone=2500, email=1700)).damage_yen == 17_640_000


def test_nobody_is_weighed_twice_for_two_rare_items():
    found = weigh(people(1000, "person_name", sensitive_medical=5, income=8))
    assert found.damage_yen == 5 * 151_500 + 3 * 22_500 + 992 * 3_000


def test_cards_of_others_are_weighed_beside_the_sender_of_a_mail():
    assert weigh(people(1, "person_name", "email", credit_card=500)).damage_yen >= 500 * 3_000


def test_test_numbers_are_not_weighed():
    found = weigh(FileFacts(concerned={"credit_card": 3}, test_values={"credit_card": 3}))
    assert (found.level, found.damage_yen, found.triggers) == (Level.NONE, 0, ())
    assert any("test numbers" in msgid for msgid, _ in found.why)


# ---------------------------------------------------------------- duties


def triggers(facts: FileFacts) -> dict[str, int]:
    return {t.rule: t.persons for t in weigh(facts).triggers}


def test_a_thousand_people_are_not_more_than_a_thousand():
    assert triggers(people(1000, *CONTACT)) == {}
    assert triggers(people(1001, *CONTACT)) == {"appi-7-4": 1001}


def test_a_hundred_my_numbers_are_not_more_than_a_hundred():
    assert triggers(people(100, "person_name", "my_number")) == {}
    assert triggers(people(101, "person_name", "my_number")) == {"mynumber-2-4": 101}
    assert triggers(FileFacts(concerned={"my_number": 101})) == {"mynumber-2-4": 101}


def test_one_persons_illness_is_to_be_reported_and_a_list_of_illnesses_is_not():
    assert triggers(people(50, "person_name", sensitive_medical=1)) == {"appi-7-1": 1}
    assert triggers(FileFacts(concerned={"sensitive_medical": 300})) == {}


def test_one_card_number_alone_is_to_be_reported():
    assert triggers(FileFacts(concerned={"credit_card": 1})) == {"appi-7-2": 1}


@pytest.mark.parametrize("entity", ["address", "phone", "email", "login_id", "bank_account"])
def test_contact_data_and_accounts_alone_do_no_financial_harm(entity):
    assert triggers(people(10, entity)) == {}


def test_an_account_with_its_pin_does():
    assert triggers(people(10, "bank_account", password=4)) == {"appi-7-2": 4}


def test_a_wrongful_purpose_is_mentioned_but_never_seen():
    found = weigh(people(2000, *CONTACT))
    assert "appi-7-3" not in {t.rule for t in found.triggers}
    assert any(("rule", "appi-7-3") in params for _, params in found.why)
    assert not any("wrongful" in msgid for msgid, _ in weigh(people(20, *CONTACT)).why)


# ---------------------------------------------------------------- levels


@pytest.mark.parametrize(
    "facts, level",
    [
        (FileFacts(), "none"),
        (people(1, *CONTACT), "low"),
        (people(9, *CONTACT), "low"),
        (people(10, *CONTACT), "medium"),
        (people(99, *CONTACT), "medium"),
        (people(100, *CONTACT), "high"),
        (people(1000, *CONTACT), "high"),
        (people(1001, *CONTACT), "critical"),
        (FileFacts(concerned={"email": 1}), "low"),
        (FileFacts(concerned={"email": 10}), "medium"),
        (FileFacts(concerned={"my_number": 1}), "high"),
        (FileFacts(concerned={"password": 1}), "high"),
        (FileFacts(concerned={"bank_account": 1}), "medium"),
        (FileFacts(concerned={"sensitive_medical": 9}), "none"),
        (FileFacts(concerned={"sensitive_medical": 9, "customer_id": 9}, pseudonymous=9), "medium"),
        (FileFacts(concerned={"sex": 500, "age": 500}), "none"),
        (FileFacts(concerned={"customer_id": 20_000}, pseudonymous=20_000), "low"),
        (FileFacts(organisation_values=3_000), "low"),
        (people(1, "person_name", sensitive_medical=1), "critical"),
    ],
)
def test_levels(facts, level):
    assert weigh(facts).level == level


def test_pseudonymous_rows_and_organisations_cost_nothing():
    assert weigh(FileFacts(concerned={"customer_id": 20_000}, pseudonymous=20_000)).damage_yen == 0
    assert weigh(FileFacts(organisation_values=3_000)).damage_yen == 0


counts = st.dictionaries(
    st.sampled_from([*policy.ENTITIES, "other.card_expiry", "own_entity"]), st.integers(0, 10**6), max_size=12
)


@given(st.integers(0, 10**6), counts, counts, st.integers(0, 10**6), st.integers(0, 10**6))
def test_weigh_is_total_and_consistent(persons, entities, tests, organisations, pseudonymous):
    found = weigh(FileFacts(persons, concerned=entities, test_values=tests, organisation_values=organisations,
                            pseudonymous=pseudonymous))  # fmt: skip
    assert (found.level is Level.CRITICAL) == bool(found.triggers)
    assert found.damage_yen >= 0
    assert all(t.persons > t.threshold for t in found.triggers)
    for msgid, params in found.why:
        assert msgid in severity.MESSAGES
        assert set(re.findall(r"\{(\w+)\}", msgid)) == {name for name, _ in params}


@given(st.integers(1, 5000), st.sampled_from(list(policy.ENTITIES)))
def test_more_data_never_weighs_less(persons, entity):
    less, more = weigh(people(persons, "person_name")), weigh(people(persons, "person_name", entity))
    assert more.damage_yen >= less.damage_yen
    assert more.level.rank >= less.level.rank


# ---------------------------------------------------------------- the rules as data


def test_every_number_has_a_source_and_a_date():
    assert {d.id for d in RULES.duties} == {"appi-7-1", "appi-7-2", "appi-7-3", "appi-7-4", "mynumber-2-4"}
    for table in (*RULES.duties, RULES.damage):
        assert table.source
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", table.as_of)


def test_every_personal_entity_is_in_the_damage_model():
    personal = {entity for entity, group in policy.ENTITIES.items() if group != "organisation"}
    assert personal == set(RULES.damage.items)
