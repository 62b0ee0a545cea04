"""Rule files: header words, mistakes with file and line, own detectors, profiles."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiscan import pipeline, policy, rule_folders
from piiscan.errors import UsageError
from piiscan.inspection.knowledge import knowledge
from piiscan.model import ScanOptions
from piiscan.policy import _files, patterns
from piiscan.policy.headers import ROLES

ROOT = Path(__file__).parents[1]
FACTS = ROOT.parent / "shared" / "facts" / "headers.json"
RULES = policy.load()
HEADERS = RULES.headers

#: Category of the collected vocabulary → meanings that count as right.
RIGHT = {
    "name_full": "person_name",
    "surname": "surname",
    "given_name": "given_name",
    "name_kana": "person_name_kana",
    "surname_kana": "surname_kana",
    "given_name_kana": "given_name_kana",
    "name_romaji": "person_name_romaji",
    "nickname_account_name": "person_name login_id",
    "postal_code": "postal_code",
    "prefecture": "address_part",
    "city": "address_part",
    "town_block": "address_part",
    "building": "address_part",
    "address_full": "address business_address",
    "phone": "phone",
    "mobile": "phone",
    "fax": "fax",
    "email": "email",
    "birth_date": "birth_date",
    "age": "age",
    "sex": "sex",
    "company": "company",
    "department_title": "other.department_title",
    "occupation_school": "other.occupation_school",
    "customer_id": "customer_id employee_id student_id login_id",
    "login_secret": "login_id password",
    "bank_account": "bank_account other.bank other.code",
    "credit_card": "credit_card other.card_expiry person_name",
    "my_number": "my_number",
    "corporate_number": "corporate_number",
    "license_passport_residence": "drivers_license passport residence_card other.residence_status",
    "resident_pension_insurance": (
        "resident_code pension_number health_insurance employment_insurance sensitive_disability"
    ),
    "emergency_contact": "person_name phone address other.relationship",
    "guardian": "person_name person_name_kana",
    "child_family": "person_name other.relationship",
    "nationality_race": "nationality sensitive_social",
    "religion_belief": "sensitive_belief",
    "medical": "sensitive_medical other.body person_name facility_name",
    "disability": "sensitive_disability",
    "criminal_social": "sensitive_criminal sensitive_social person_name",
    "income_finance": "income",
    "evaluation_hr": "evaluation",
    "location_online": "ip_address login_id other.location other.device other.history other.vehicle",
    "free_text": "other.free_text",
}
#: What a header that is known not to be about a person may still mean.
NOT_A_PERSON = {"product", "facility_name", "company", "address_part", "nationality", "ip_address", "postal_code"}


def meaning(header: str) -> str | None:
    found = HEADERS.match(header)
    return found[0].meaning if found else None


# ---------------------------------------------------------------- headers


@pytest.mark.skipif(not FACTS.exists(), reason="the collected vocabulary is not part of the project")
def test_knows_the_collected_vocabulary():
    categories = json.loads(FACTS.read_text(encoding="utf-8"))["categories"]
    assert set(categories) == set(RIGHT)
    headers = [(name, entry["header"]) for name, entries in categories.items() for entry in entries]
    wrong = [(name, header, meaning(header)) for name, header in headers if meaning(header) not in RIGHT[name].split()]
    assert len(wrong) / len(headers) < 0.01, wrong


@pytest.mark.skipif(not FACTS.exists(), reason="the collected vocabulary is not part of the project")
def test_takes_no_negative_header_for_a_person():
    negative = json.loads(FACTS.read_text(encoding="utf-8"))["negative_headers"]
    wrong = [(h, meaning(h)) for h in negative if not ((m := meaning(h)) and (m in NOT_A_PERSON or m[:6] == "other."))]
    assert wrong == []


@pytest.mark.parametrize(
    "header, expected",
    [
        ("氏　名", "person_name"),
        ("氏名（カナ）", "person_name_kana"),
        ("氏名【必須】", "person_name"),
        ("お名前(姓)", "surname"),
        ("配送先_お名前(セイ)", "surname_kana"),
        ("TEL/FAX", "phone"),
        ("電話番号1", "phone"),
        ("住所 番地", "address_part"),
        ("ご住所①", "address"),
        ("年収(円)", "income"),
        ("customer_name", "person_name"),
        ("CLIENT_NAME", "person_name"),
        ("lastNameKana", "surname_kana"),
        ("tel_no", "phone"),
        ("zip_cd", "postal_code"),
        ("birth_day", "birth_date"),
        ("mail_address", "email"),
        ("PROJECT_MANAGER", "person_name"),
        ("PROJECT_NAME", "product"),
        ("filename", "other.title"),
        ("氏名コード", "other.code"),
        ("住所区分", "other.category"),
        ("患者氏名", "person_name"),
        ("受取人名カナ", "person_name_kana"),
        ("顧客登録日時", "other.transaction_date"),
        ("会社名フリガナ", "company"),
        ("感染症病床数", "other.quantity"),
        ("面積(㎢)", "other.quantity"),
        ("基本情報 生年月日", "birth_date"),
        ("お名前（本名）", "person_name"),
        ("年齢（当事者A）", "age"),
        ("氏名・団体名", "person_name"),
        ("氏名（漢字・カタカナ）", "person_name"),
        ("あなたの学年とお名前を教えてください。", "person_name"),
        ("お住まいの都道府県はどちらですか？", "address_part"),
        ("Q3. 性別", "sex"),
        ("売上（円）", "other.quantity"),
    ],
)
def test_reads_compounds(header, expected):
    assert meaning(header) == expected


@pytest.mark.parametrize(
    "header, role",
    [
        ("保護者1　電話番号2", "guardian"),
        ("保護者 名前", "guardian"),
        ("お子様の生年月日", "child"),
        ("配偶者氏名", "spouse"),
        ("緊急連絡先電話番号", "emergency"),
        ("お届け先郵便番号", "recipient"),
        ("ご依頼主住所", "sender"),
        ("勤務先電話番号", "organisation"),
        ("電話番号(自宅)", "self"),
        ("本人携帯", "self"),
        ("氏名", None),
        ("母国", None),
    ],
)
def test_tells_whom_a_header_speaks_of(header, role):
    assert HEADERS.match(header)[0].role == role
    assert role is None or role in ROLES


def test_an_organisations_telephone_may_be_a_business_telephone():
    assert {m.meaning for m in HEADERS.match("勤務先電話番号")} == {"phone", "business_phone"}


@pytest.mark.parametrize("header", ["名称", "name", "担当", "連絡先", "名", "管理者", "カナ", "アドレス"])
def test_ambiguous_words_are_weak(header):
    assert HEADERS.match(header)[0].rule == "weak"
    assert HEADERS.match(header)[0].strength <= 0.5


def test_a_word_inside_a_latin_word_is_no_part():
    assert meaning("user_email") == "email"
    assert meaning("telescope") is None
    assert meaning("hotel") != "phone"
    assert meaning("package") is None


@given(st.text(max_size=80))
def test_match_is_total(text):
    found = HEADERS.match(text)
    assert [m.strength for m in found] == sorted((m.strength for m in found), reverse=True)
    assert all(0 < m.strength <= 1 and (m.role is None or m.role in ROLES) for m in found)


@given(
    st.lists(
        st.sampled_from(["氏名", "の", "カナ", "名", "前", "1", "保護者", "tel", "_", "お", "年", "コード"]),
        max_size=12,
    )
)
def test_match_is_total_for_compounds(parts):
    HEADERS.match("".join(parts))


def test_every_entity_has_header_words():
    data = tomllib.loads((ROOT / "rules" / "headers.toml").read_text(encoding="utf-8"))
    assert policy.ENTITIES.keys() <= data.keys()


def test_no_word_is_listed_twice_for_one_meaning():
    data = tomllib.loads((ROOT / "rules" / "headers.toml").read_text(encoding="utf-8"))
    for table in (*data.values(), *data["other"].values()):
        for kind in ("exact", "suffix", "weak", "weak_suffix"):
            words = table.get(kind, []) if isinstance(table, dict) else []
            assert len(words) == len(set(words)), [w for w in words if words.count(w) > 1]


# ---------------------------------------------------------------- rule folders


def folder(path: Path, **files: str) -> str:
    for name, text in files.items():
        (path / f"{name}.toml").write_text(text, encoding="utf-8")
    return str(path)


def test_a_users_word_leaves_the_table_it_stood_in(tmp_path):
    rules = policy.load([folder(tmp_path, headers='[product]\nexact = ["登録番号", "氏名"]\n')])
    assert [m.meaning for m in rules.headers.match("登録番号")] == ["product"]
    assert rules.headers.match("氏名")[0].meaning == "product"
    assert rules.headers.match("電話番号")[0].meaning == "phone"
    assert rules.digest != RULES.digest


def test_a_user_adds_parts_of_headers(tmp_path):
    text = """
    [whose]
    employee_id = ["検針員"]
    [abbreviations]
    "employee" = ["kinmusha"]
    [codes]
    words = ["符号"]
    """
    headers = policy.load([folder(tmp_path, headers=text)]).headers
    for header, meaning in (("検針員番号", "employee_id"), ("KINMUSHA_NO", "employee_id"), ("性別符号", "sex")):
        assert headers.match(header)[0].meaning == meaning
        assert not [m for m in HEADERS.match(header) if m.meaning == meaning and m.strength > 0.5]


def test_a_user_changes_one_threshold_and_nothing_else(tmp_path):
    rules = policy.load([folder(tmp_path, severity="[level.medium]\npeople = 3\n[damage]\nresponse = 2\n")])
    medium = next(r for r in rules.severity.levels if r.level == "medium")
    builtin = next(r for r in RULES.severity.levels if r.level == "medium")
    assert (medium.people, medium.list_of) == (3, builtin.list_of)
    assert (rules.severity.damage.response, rules.severity.damage.base_yen) == (2, 500)


def test_own_detectors_bring_headers_levels_and_labels(tmp_path):
    text = """
    [member_card]
    label = "会員証番号"
    group = "member_id"
    shapes = ["M-?[0-9]{8}"]
    search = "(?<![0-9])(?P<value>M-[0-9]{8})(?![0-9])"
    headers = ["会員証の番号札", "診察券コード", "会員番号"]
    weight = { mental = 1, economic = 2 }
    yes = ["M-01234567"]
    no = ["M-0123"]
    """
    rules = policy.load([folder(tmp_path, detectors=text)])
    assert list(rules.detectors) == ["member_card"]
    for header in ("会員証の番号札", "診察券コード", "会員番号"):
        assert [m.meaning for m in rules.headers.match(header)] == ["member_card"]
    assert rules.severity.damage.items["member_card"].economic == 2
    assert rules.actions.for_entity("member_card", "readable") == ("label", {"text": "会員証番号"})
    assert rules.actions.for_entity("member_card") == ("mask", {})


DETECTOR = '[card]\nlabel = "x"\n'
MISTAKES = [
    ("headers", "[person_name]\nexact = [\n  '氏名',\n", 3, "rule_toml"),
    ("headers", "[person_name]\nexact = ['氏名']\nexcat = ['x']\n", 3, "rule_unknown_key"),
    ("headers", "# a\n[person_nmae]\nexact = ['氏名']\n", 2, "rule_unknown_entity"),
    ("headers", "[email]\nexact = [\n 'a', # '\n\n  1,\n]\n", 5, "rule_type"),
    ("headers", "[email]\nexact = 'メール'\n", 2, "rule_type"),
    ("headers", "[email]\nexact = ['***']\n", 2, "rule_empty_word"),
    ("headers", "[qualifiers]\nself = ['x']\nboss = ['上司']\n", 3, "rule_unknown_role"),
    ("headers", "[whose]\nemployee_id = ['x']\nworker = ['作業者']\n", 3, "rule_unknown_entity"),
    ("headers", "[codes]\nwords = ['x']\nentities = [\n'sex',\n'sxe']\n", 5, "rule_unknown_entity"),
    ("headers", "[modifier.kana]\nwords = ['ｶﾅ']\nturns = { person_name = 'nmae' }\n", 3, "rule_unknown_entity"),
    ("headers", "email = 3\n", 1, "rule_type"),
    ("severity", "[level.medium]\n\npeople = '3'\n", 3, "rule_type"),
    ("severity", "[level.medium]\npeople = 1.5\n", 2, "rule_type"),
    ("severity", "[level.medium]\npeople = -1\n", 2, "rule_range"),
    ("severity", "[level.terrible]\npeople = 1\n", 1, "rule_unknown_level"),
    ("severity", "[duty.appi-7-4]\nentities = [\n'*',\n'nmae']\n", 4, "rule_unknown_entity"),
    ("severity", "[duty.appi-7-4]\nas_of = 'today'\n", 2, "rule_type"),
    ("severity", "[damage.item]\nemail = { mental = 1, economic = 4 }\n", 2, "rule_range"),
    ("severity", "[damage.item]\nemial = { mental = 1 }\n", 2, "rule_unknown_entity"),
    ("severity", "[damage]\nbase = 500\n", 2, "rule_unknown_key"),
    ("actions", "[profile.default.entity]\n\nphone = 'msak'\n", 3, "rule_unknown_action"),
    ("actions", "[profile.default.entity]\nphnoe = 'mask'\n", 2, "rule_unknown_entity"),
    ("actions", "[profile.mine]\nextends = 'yours'\n", 2, "rule_unknown_profile"),
    ("actions", "[profile.mine.entity]\nphone = { action = 'mask', kepp = 3 }\n", 2, "rule_bad_option"),
    ("actions", "[profile.mine.entity]\naddress = { action = 'generalise', place = 'town' }\n", 2, "rule_bad_option"),
    ("actions", "[profile.mine.entity]\nphone = { keep = 3 }\n", 2, "rule_missing_key"),
    ("detectors", "[phone]\nlabel = 'x'\nheaders = ['x']\n", 1, "rule_id_taken"),
    ("detectors", "[Karte-1]\nlabel = 'x'\nheaders = ['x']\n", 1, "rule_id"),
    ("detectors", "[card]\nshapes = ['[0-9]{4}']\n", 1, "rule_missing_key"),
    ("detectors", DETECTOR, 1, "rule_no_recogniser"),
    ("detectors", DETECTOR + "group = 'cards'\nheaders = ['カード']\n", 3, "rule_unknown_group"),
    ("detectors", DETECTOR + "shapes = [\n'[0-9]{4}',\n'[0-9']\n", 5, "rule_pattern"),
    ("detectors", DETECTOR + "shapes = ['[0-9]+']\n", 3, "rule_pattern_slow"),
    ("detectors", DETECTOR + "search = '(?P<value>x'\n", 3, "rule_pattern"),
    ("detectors", DETECTOR + "shapes = ['[0-9]{4}']\nyes = ['1234',\n'12']\n", 5, "rule_example"),
    ("detectors", DETECTOR + "shapes = ['[0-9]{4}']\nno = ['1234']\n", 4, "rule_example"),
]


@pytest.mark.parametrize("name, text, line, problem", MISTAKES)
def test_a_mistake_has_its_file_and_line(tmp_path, name, text, line, problem):
    where = folder(tmp_path, **{name: text})
    assert [(m.line, m.problem) for m in policy.check([where])] == [(line, problem)]
    with pytest.raises(UsageError) as caught:
        policy.load([where])
    assert caught.value.reason == problem
    assert caught.value.params["file"] == str(tmp_path / f"{name}.toml")
    assert caught.value.params["line"] == line


def test_all_mistakes_are_listed_at_once(tmp_path):
    where = folder(tmp_path, headers="[emial]\n[phnoe]\n", severity="[level.x]\n", other="")
    assert [m.problem for m in policy.check([where, str(tmp_path / "none")])] == [
        "rule_unknown_file",
        "rule_no_folder",
        "rule_unknown_entity",
        "rule_unknown_entity",
        "rule_unknown_level",
    ]


def test_a_file_that_is_not_utf8_or_not_readable(tmp_path):
    (tmp_path / "headers.toml").write_bytes("[email]\nexact = ['メール']".encode("cp932"))
    (tmp_path / "actions.toml").mkdir()
    assert {m.problem for m in policy.check([str(tmp_path)])} == {"rule_not_utf8", "rule_unreadable"}


def test_every_problem_has_a_message_and_an_example():
    unreached = {"rule_no_folder", "rule_unknown_file", "rule_unreadable", "rule_not_utf8"}  # tested above
    assert {m[3] for m in MISTAKES} | unreached == set(_files.PROBLEMS)


def test_the_built_in_rules_are_right():
    assert policy.check() == ()
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", RULES.digest)
    assert RULES.digest == policy.load().digest


def test_the_digest_needs_no_parsing(tmp_path):
    (tmp_path / "headers.toml").write_text("[email]\nexact = ['伝書鳩']", encoding="utf-8")
    (tmp_path / "notes.md").write_text("not a rule", encoding="utf-8")
    folders = [str(tmp_path)]
    assert rule_folders.digest() == RULES.digest
    assert rule_folders.digest(folders) == policy.load(folders).digest != RULES.digest


def test_broken_built_in_rules_end_the_run_instead_of_blaming_each_file(tmp_path, monkeypatch):
    (tmp_path / "severity.toml").write_text("[damage\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    monkeypatch.setattr(policy, "folders", lambda _: [tmp_path])
    knowledge.cache_clear()
    try:
        with pytest.raises(UsageError) as caught:
            list(pipeline.scan([str(tmp_path / "a.txt")], ScanOptions(isolate=False)))
        assert caught.value.reason == "rule_toml"
    finally:
        knowledge.cache_clear()


def leaves(path, value):
    """Every way through a parsed document, with the text that must stand on its line."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key), key
            yield from leaves((*path, key), inner)
    elif isinstance(value, list) and all(isinstance(v, str) for v in value):
        for index, inner in enumerate(value):
            yield (*path, index), inner


@pytest.mark.parametrize("name", ["headers", "severity", "actions"])
def test_finds_the_line_of_everything_in_the_built_in_files(name):
    text = (ROOT / "rules" / f"{name}.toml").read_text(encoding="utf-8")
    lines = text.splitlines()
    places = dict(reversed(list(_files._places(text))))
    for path, shown in leaves((), tomllib.loads(text)):
        if path in places:  # [a.b] alone brings no line of its own for a
            assert shown in lines[places[path] - 1], path
    wanted = [path for path, _ in leaves((), tomllib.loads(text)) if not any(p[: len(path)] == path for p in places)]
    assert wanted == []


def test_finds_lines_in_awkward_toml():
    text = (
        'a."b c" = 1 # [x]\n"""\n"""=2\n[t . u]\nk = """\n[no]\n"""\nm = [[1, 2],\n [3]]\nn = { p = "}", q = [\n"]", "z"] }\nlast = 1\n'
    ).replace('"""\n"""=2\n', "")
    places = dict(_files._places(text))
    assert places["a", "b c"] == 1
    assert places["t", "u", "k"] == 3
    assert places["t", "u", "m", 1, 0] == 7
    assert places["t", "u", "n", "q"] == 8
    assert places["t", "u", "n", "q", 1] == 9
    assert places["t", "u", "last"] == 10


@given(st.text(alphabet="[]{}=,.\"'#\n ab1\\", max_size=60))
def test_the_line_scanner_is_total(text):
    assert _files.line_of(text, ("a", "b")) >= 1


# ---------------------------------------------------------------- patterns


@pytest.mark.parametrize(
    "pattern",
    [
        "[0-9]{7}",
        "[A-Z]{2}-?[0-9]{4,8}",
        "(?:[0-9]{3,4}-){2}[0-9]{4}",
        "〒?[0-9０-９]{3}[-－][0-9]{4}",
        r"\(株\)[ァ-ヶ]{2,9}",
    ],
)
def test_accepts_shapes_of_the_common_dialect(pattern):
    assert patterns.problem(pattern) is None


@pytest.mark.parametrize(
    "pattern, problem",
    [
        (r"\d{4}", "rule_pattern"),
        (r"(?=a)a", "rule_pattern"),
        (r"(a)\1", "rule_pattern"),
        (r"(?i)a", "rule_pattern"),
        (r"^a$", "rule_pattern"),
        (r"a.c", "rule_pattern"),
        (r"[\w]", "rule_pattern"),
        (r"a++", "rule_pattern"),
        ("(", "rule_pattern"),
        ("a*", "rule_pattern_slow"),
        ("a{2,}", "rule_pattern_slow"),
        ("(?:a|a){1,40}", "rule_pattern_slow"),
        ("(?:a{1,9}){1,9}", "rule_pattern_slow"),
        ("(?:(?:a?)){30}", "rule_pattern_slow"),
        ("a{0,99}" * 5, "rule_pattern_slow"),
        ("a" * 2000, "rule_pattern_slow"),
    ],
)
def test_refuses_what_is_foreign_or_slow(pattern, problem):
    found = patterns.problem(pattern)
    assert found is not None
    assert found[0] == problem


def test_searches_may_look_around_but_not_run_away():
    assert patterns.problem(r"(?<!\d)(?P<value>\d{4})(?!\d)", free_text=True) is None
    assert patterns.problem(r"(?:\d+)+x", free_text=True) == ("rule_pattern_slow", "+")
    assert patterns.problem(r"(?P<value>", free_text=True) == ("rule_pattern", "syntax")


# ---------------------------------------------------------------- profiles


def test_the_default_profile_masks_people_and_keeps_firms():
    chosen = {entity: RULES.actions.for_entity(entity)[0] for entity in policy.ENTITIES}
    kept = {entity for entity, action in chosen.items() if action == "keep"}
    assert kept == {e for e, group in policy.ENTITIES.items() if group == "organisation"} | {"sex", "age"}
    assert chosen["person_name"] == chosen["email"] == "mask"


def test_an_override_comes_first():
    entity, choice = RULES.actions.override("address=generalise:place=city")
    assert RULES.actions.for_entity("address", overrides={entity: choice}) == ("generalise", {"place": "city"})
    assert RULES.actions.override("phone=mask:keep=3")[1].options == {"keep": 3}


@pytest.mark.parametrize(
    "text, reason",
    [
        ("phone", "action_without_entity"),
        ("=mask", "action_without_entity"),
        ("phnoe=mask", "unknown_entity"),
        ("phone=msak", "unknown_action"),
    ],
)
def test_a_wrong_override_is_refused(text, reason):
    with pytest.raises(UsageError) as caught:
        RULES.actions.override(text)
    assert caught.value.reason == reason


def test_an_unknown_profile_is_refused():
    with pytest.raises(UsageError) as caught:
        RULES.actions.for_entity("phone", "nobody")
    assert caught.value.reason == "unknown_profile"


def test_a_user_changes_one_entry_of_a_profile(tmp_path):
    rules = policy.load([folder(tmp_path, actions="[profile.default.entity]\nsex = 'drop'\n")])
    assert rules.actions.for_entity("sex") == ("drop", {})
    assert rules.actions.for_entity("company") == ("keep", {})
