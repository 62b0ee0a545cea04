"""The rules in force: what a company may change without Python, read from TOML files and checked.

``load`` reads the built-in folder ``rules/`` and then the folders of the user, in order. The first part of a file's name
says what it holds: ``headers*.toml``, ``severity*.toml``, ``actions*.toml``, ``detectors*.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from piiscan import registry
from piiscan.model import Detector
from piiscan.policy import _files, _header_files, operators, own_detectors, weights
from piiscan.policy._files import Mistake, RuleFile
from piiscan.policy._header_parts import HeaderMatch
from piiscan.policy.headers import HeaderRules
from piiscan.policy.operators import ActionRules
from piiscan.policy.weights import SeverityRules
from piiscan.rule_folders import KINDS, digest_of, folders

__all__ = [
    "ENTITIES",
    "ActionRules",
    "HeaderMatch",
    "HeaderRules",
    "Mistake",
    "Policy",
    "SeverityRules",
    "check",
    "load",
]

#: Entities of the contract → group. A detector file may add its own.
ENTITIES: Mapping[str, str] = {
    **dict.fromkeys(("person_name", "surname", "given_name", "person_name_kana", "surname_kana"), "name"),
    **dict.fromkeys(("given_name_kana", "person_name_romaji"), "name"),
    **dict.fromkeys(("postal_code", "address", "address_part"), "place"),
    **dict.fromkeys(("phone", "fax", "email"), "contact"),
    "birth_date": "date",
    **dict.fromkeys(("age", "sex", "nationality", "income", "evaluation"), "attribute"),
    **dict.fromkeys(("my_number", "drivers_license", "passport", "residence_card", "pension_number"), "identifier"),
    **dict.fromkeys(("health_insurance", "employment_insurance", "resident_code"), "identifier"),
    **dict.fromkeys(("bank_account", "credit_card"), "identifier"),
    **dict.fromkeys(("customer_id", "employee_id", "student_id", "login_id", "ip_address"), "member_id"),
    "password": "secret",
    **dict.fromkeys(("sensitive_medical", "sensitive_disability", "sensitive_criminal"), "sensitive"),
    **dict.fromkeys(("sensitive_belief", "sensitive_social"), "sensitive"),
    **dict.fromkeys(("company", "facility_name", "corporate_number", "product"), "organisation"),
    **dict.fromkeys(("business_address", "business_phone"), "organisation"),
}


@dataclass(frozen=True, eq=False)
class Policy:
    """All rules in force. ``digest`` (``sha256:…``) is over every byte of every rule file, in order.

    ``detectors`` are those that rule files add to the built-in ones, by id.
    """

    headers: HeaderRules
    severity: SeverityRules
    actions: ActionRules
    detectors: Mapping[str, Detector]
    digest: str


def load(rule_dirs: Sequence[str] = ()) -> Policy:
    """The rules of the built-in folder and of ``rule_dirs``; raises ``UsageError`` for the first mistake."""
    policy, mistakes = _read(rule_dirs)
    if mistakes:
        raise mistakes[0].error()
    return policy


def check(rule_dirs: Sequence[str] = ()) -> tuple[Mistake, ...]:
    """Every mistake in the built-in rules and in ``rule_dirs``."""
    return _read(rule_dirs)[1]


def _files_of(rule_dirs: Sequence[str]) -> tuple[list[RuleFile], list[Mistake]]:
    files: list[RuleFile] = []
    mistakes: list[Mistake] = []
    for number, folder in enumerate(folders(rule_dirs)):
        if not folder.is_dir():
            mistakes.append(Mistake(str(folder), 0, "rule_no_folder"))
        for path in sorted(folder.glob("*.toml")):
            if path.name.startswith(KINDS):
                files.append(_files.read(path, number))
            else:
                mistakes.append(Mistake(str(path), 0, "rule_unknown_file", detail=", ".join(KINDS)))
    return files, mistakes


def _read(rule_dirs: Sequence[str]) -> tuple[Policy, tuple[Mistake, ...]]:
    files, mistakes = _files_of(rule_dirs)
    of = {kind: [f for f in files if f.path.name.startswith(kind)] for kind in KINDS}
    plugged = registry.detectors()
    own = own_detectors.read(of["detectors"], {*ENTITIES, *plugged})
    entities = frozenset({*ENTITIES, *plugged, *own.items})
    everyone = (*plugged.values(), *own.detectors)
    policy = Policy(
        headers=_header_files.read(
            of["headers"],
            entities,
            extra={d.id: d.headers for d in plugged.values()},
            own={d.id: d.headers for d in own.detectors},
        ),
        severity=weights.read(of["severity"], entities, own.items),
        actions=operators.read(of["actions"], entities, registry.actions(), {d.id: d.label for d in everyone}),
        detectors={d.id: d for d in own.detectors},
        digest=digest_of((file.path.name, file.raw) for file in files),
    )
    for file in files:
        mistakes += sorted(file.mistakes, key=lambda m: m.line)
    return policy, tuple(mistakes)
